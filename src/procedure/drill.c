/* What data/procedures/drill-round cannot say: its requests are made by a job, jobs/drill_job.h. */
#include <inttypes.h>

#include "procedure/rules.h"

/* Behind the commit, in slices: a round is thousands of matters. */
static enum status make_drill(struct cx *cx, struct plan *plan)
{
    Str payload = str_printf(cx->arena, "{\"round\":%" PRId64 "}", plan->changes[0].after->id);
    script_add(plan->script,
               SQL("INSERT INTO job (id, kind, payload, due, attempts, lease, state, last_error) "
                   "VALUES (?1, 'drill', ?2, 0, 0, 0, 'waiting', '')"),
               ARGS(SQL_I(plan_id(plan)), SQL_S(payload)));
    return OK;
}

RULE_EFFECT_OF(rule_make_drill, "make-drill", make_drill);

const struct rule *const rules_drill[] = {&rule_make_drill, NULL};

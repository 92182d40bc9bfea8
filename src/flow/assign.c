/* Dividing work: what begins to wait for a court's reviewers goes to the one who has least, where
 * the court wants it so. An assignment is no part of the matter: it is a row and an audit row. */
#include <inttypes.h>

#include "base/json.h"
#include "flow/plan.h"
#include "record/audit.h"
#include "record/reviewing.h"

static bool waits_for_reviewer(const struct procedure *procedure, Str name)
{
    const struct state *state = procedure_state(procedure, name);
    for (uint32_t i = 0; state != NULL && i < state->wait_count; i++) {
        if (state->waits[i].kind == ACTOR_COURT && text_is(state->waits[i].name, "reviewer")) {
            return true;
        }
    }
    return false;
}

struct look {
    Str court;
    Id matter;
    Instant now;
    bool automatic;
    struct assignment assignment;
    struct reviewer *reviewers;
    uint32_t count;
};

static enum status look_read(struct cx *cx, struct sql *sql, void *arg)
{
    struct look *look = arg;
    TRY(review_automatic(cx, sql, look->court, &look->automatic));
    if (!look->automatic) {
        return OK;
    }
    TRY(assignment_find_all(cx, sql, &look->matter, 1, &look->assignment));
    return reviewer_list(cx, sql, look->court, look->now, &look->reviewers, &look->count);
}

enum status assign_reviewer(struct cx *cx, struct plan *plan, const struct change *change)
{
    const struct matter *m = change->after;
    struct look look = {.court = m->court, .matter = m->id, .now = plan->now};
    if (!waits_for_reviewer(change->procedure, m->state) ||
        (change->before != NULL && str_same(change->before->state, m->state))) {
        return OK;
    }
    TRY(store_read(cx, plan->house->store, look_read, &look));
    const struct reviewer *least = look.automatic && look.assignment.person == 0
                                       ? reviewer_least(look.reviewers, look.count)
                                       : NULL;
    if (least == NULL) {
        return OK;
    }
    struct value *detail = value_map(cx->arena);
    struct audit audit = {.at = plan->now,
                          .what = STR("assign-review"),
                          .subject = str_printf(cx->arena, "matter:%" PRId64, m->id)};
    value_set_str(cx->arena, detail, "to", str_printf(cx->arena, "%" PRId64, least->person));
    value_set_int(cx->arena, detail, "waiting", least->waiting); /* why he: he had least */
    audit.detail = json_write(cx->arena, detail);
    TRY(sequence_next(cx, plan->house->sequence, &audit.id));
    assignment_write_first(plan->script, m->id, least->person, plan->now);
    audit_write(plan->script, &audit);
    return OK;
}

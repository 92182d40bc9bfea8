/* procedure/rule_trial.h - one matter and a plan around it, to try a rule without a database. */
#ifndef PROCEDURE_RULE_TRIAL_H
#define PROCEDURE_RULE_TRIAL_H

#include "base/json.h"
#include "base/test.h"
#include "law/tables_sample.h"
#include "procedure/rules.h"

struct rule_trial {
    struct trial trial;
    struct procedure procedure;
    struct matter before, after;
    struct plan plan;
    struct ask ask;
};

static inline const struct rule *rule_named(const struct rule *const *rules, const char *name)
{
    while (*rules != NULL && !text_is((*rules)->name, name)) {
        rules++;
    }
    assert_non_null(*rules);
    return *rules;
}

/* values: JSON, in the clear; now: "2026-03-02T10:20" in Beijing. */
static inline void rule_trial_begin(struct rule_trial *t, const char *court, const char *values,
                                    const char *now)
{
    struct value *clear = NULL;
    Instant at = 0;
    *t = (struct rule_trial){.procedure = {.name = "trial", .title = "试", .kind = ""}};
    trial_begin(&t->trial);
    assert_int_equal(json_read(&t->trial.cx, str_of(values), &clear), OK);
    assert_true(instant_parse(str_printf(t->trial.arena, "%s:00+08:00", now), &at));
    t->after = (struct matter){.id = 7, .court = str_of(court), .created = at};
    t->plan = (struct plan){.tables = tables_real(), .now = at, .change_count = 1};
    t->plan.changes[0] = (struct change){
        .procedure = &t->procedure, .before = &t->before, .after = &t->after, .clear = clear};
    t->ask = (struct ask){.procedure = &t->procedure,
                          .tables = tables_real(),
                          .matter = &t->after,
                          .values = clear,
                          .now = at};
}

static inline void rule_trial_end(struct rule_trial *t)
{
    trial_end(&t->trial);
}

#endif

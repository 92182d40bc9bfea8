/* The ladder of evidence: which rungs a change reaches, said in its event and added to its row. */
#include "flow/plan.h"
#include "law/hours.h"

static struct value *rungs_of(struct arena *arena, const struct change *change, bool *responds)
{
    struct value *rungs = value_list(arena);
    uint64_t act = change->act_index == UINT32_MAX ? 0 : UINT64_C(1) << change->act_index;
    *responds = false;
    for (uint32_t i = 0; i < change->procedure->rung_count; i++) {
        const struct rung_rule *rule = &change->procedure->ladder[i];
        if ((rule->acts & act) != 0) {
            value_add_text(arena, rungs, handover_rung_name(rule->rung));
            *responds = *responds || rule->rung == RUNG_RESPONDED;
        }
    }
    return rungs;
}

void ladder_say(struct cx *cx, const struct plan *plan, struct change *change)
{
    bool responds = false;
    const struct matter *m = change->after;
    if (change->procedure->rung_count == 0) {
        return;
    }
    struct value *extra = value_merge(cx->arena, change->extra, NULL);
    value_set(cx->arena, extra, "rungs", rungs_of(cx->arena, change, &responds));
    if (responds) {
        /* Counted now, by the hours in force: a later table does not change what was measured. */
        value_set_int(cx->arena, extra, "response_ms",
                      hours_between(plan->tables, m->court, m->arrived, plan->now));
    }
    change->extra = extra;
}

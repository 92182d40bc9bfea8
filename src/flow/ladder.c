/* The ladder of evidence: which rungs a change reaches, said in its event and added to its row. */
#include "flow/plan.h"
#include "law/hours.h"

/* Whoever answers has had the matter before him: his answer is evidence, too, that it was relayed,
 * received and opened, at the latest then. So no rung below an answer stays empty when the court
 * was faster than the program's own acts. */
static bool is_below_answer(enum handover_rung rung)
{
    return rung == RUNG_RELAYED || rung == RUNG_RECEIVED || rung == RUNG_OPENED;
}

static struct value *rungs_of(struct arena *arena, const struct change *change, bool *responds)
{
    const struct procedure *p = change->procedure;
    struct value *rungs = value_list(arena);
    uint64_t act = change->act_index == UINT32_MAX ? 0 : UINT64_C(1) << change->act_index;
    *responds = false;
    for (uint32_t i = 0; i < p->rung_count; i++) {
        bool reached = (p->ladder[i].acts & act) != 0;
        *responds = *responds || (reached && p->ladder[i].rung == RUNG_RESPONDED);
    }
    for (uint32_t i = 0; i < p->rung_count; i++) {
        const struct rung_rule *rule = &p->ladder[i];
        if ((rule->acts & act) != 0 || (*responds && is_below_answer(rule->rung))) {
            value_add_text(arena, rungs, handover_rung_name(rule->rung));
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

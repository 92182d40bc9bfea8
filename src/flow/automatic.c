/* What the program does on its own: behind the commit that hands a matter over, and when staff of
 * its court first list it and first look at it. Each is an act of the system and is taken once. */
#include <inttypes.h>

#include "base/json.h"
#include "flow/act.h"

static const struct act *automatic_of(const struct procedure *p, enum automatic kind)
{
    for (uint32_t i = 0; i < p->act_count; i++) {
        if (p->acts[i].automatic == kind) {
            return &p->acts[i];
        }
    }
    return NULL;
}

bool automatic_is_done(const struct seen *seen, const struct act *act)
{
    for (uint32_t i = 0; seen->handover != NULL && i < seen->procedure->rung_count; i++) {
        const struct rung_rule *rule = &seen->procedure->ladder[i];
        if ((rule->acts & (UINT64_C(1) << act->index)) != 0 && rule->rung < RUNG_CORRECTION) {
            return seen->handover->reached[rule->rung] != 0;
        }
    }
    return false;
}

const struct act *automatic_waiting(const struct seen *seen, enum automatic kind)
{
    if (seen->handover == NULL) {
        return NULL;
    }
    const struct act *act = automatic_of(seen->procedure, kind);
    int state = procedure_state_index(seen->procedure, seen->matter->state);
    bool open = act != NULL && state >= 0 && (act->from & (UINT32_C(1) << state)) != 0;
    return open && !automatic_is_done(seen, act) ? act : NULL;
}

void automatic_leave(struct cx *cx, struct plan *plan, const struct change *change)
{
    const struct act *act = automatic_of(change->procedure, AUTOMATIC_SENT);
    if (act == NULL) {
        return;
    }
    struct value *payload = value_map(cx->arena);
    value_set_int(cx->arena, payload, "matter", change->after->id);
    value_set_text(cx->arena, payload, "act", act->name);
    script_add(plan->script,
               SQL("INSERT INTO job (id, kind, payload, due, attempts, lease, state, last_error) "
                   "VALUES (?1, 'automatic', ?2, 0, 0, 0, 'waiting', '')"),
               ARGS(SQL_I(plan_id(plan)), SQL_S(json_write(cx->arena, payload))));
}

enum status automatic_prepare(struct cx *cx, const struct house *house, Id matter, Str act,
                              const struct actor *seen_by, struct plan **out)
{
    static const struct actor system = {.system = true, .name = {"系统", 6}};
    int64_t replayed = 0;
    struct act_request request = {.actor = &system,
                                  .matter = matter,
                                  .act = act,
                                  .revision = -1,
                                  .key = STR("automatic"), /* once for a matter and act */
                                  .seen_by = seen_by};
    enum status status = act_prepare(cx, house, &request, out, &replayed);
    if (status == E_STATE) { /* reached or over meanwhile: there is nothing left to say */
        cx_forgive(cx);
        *out = NULL;
        return OK;
    }
    return status;
}

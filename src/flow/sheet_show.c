/* Sheets of a file that is shown and never handed out: who may show one, and that it was shown. */
#include <inttypes.h>

#include "base/clock.h"
#include "flow/act.h"
#include "flow/authority.h"

enum status sheet_show_check(struct cx *cx, const struct actor *actor, const struct seen *seen,
                             int64_t material, const struct material **out)
{
    const struct matter *m = seen->matter;
    int state = procedure_state_index(seen->procedure, m->state);
    *out = NULL;
    for (uint32_t i = 0; i < m->material_count; i++) {
        const struct material *one = &m->materials[i];
        if (one->n == material && one->removed == 0) {
            *out = one;
        }
    }
    int shown_in = *out == NULL ? -1 : material_shown_in(seen->procedure, (*out)->kind);
    if (shown_in < 0 || !authority_collaborates(actor, m)) {
        return FAIL(cx, E_NOT_FOUND, "not-found", "no sheets of material %" PRId64, material);
    }
    if (state != shown_in) {
        return FAIL(cx, E_STATE, "reading-closed", "matter %" PRId64 " is %.*s", m->id,
                    STR_ARG(m->state));
    }
    return OK;
}

enum status sheet_show_prepare(struct cx *cx, const struct house *house, const struct actor *actor,
                               const struct seen *seen, const struct material *material,
                               uint32_t sheet, struct plan **out)
{
    struct plan *plan = NULL;
    struct value *shown = value_map(cx->arena);
    TRY(plan_new(cx, house, actor, clock_now(), seen->matter, &plan));
    struct change *change = plan_change(cx, plan, seen->procedure, seen->matter);
    change->clear = seen->clear;
    change->act = "show-sheet";
    change->title = arena_printf(cx->arena, "出示第%" PRId64 "份材料第%" PRIu32 "页供查阅",
                                 material->n, sheet + 1);
    value_set_int(cx->arena, shown, "material", material->n);
    value_set_int(cx->arena, shown, "sheet", sheet + 1);
    change->extra = value_map(cx->arena);
    value_set(cx->arena, change->extra, "shown", shown);
    /* Each session starts a clock: their number tells sessions apart. */
    plan_once(plan, viewer_person(cx->arena, actor->person),
              str_printf(cx->arena, "%" PRId64 "/show-sheet", seen->matter->id),
              str_printf(cx->arena, "%" PRId64 "/%" PRIu32 "/%" PRIu32, material->n, sheet,
                         seen->matter->clock_count),
              hash_str(STR("show-sheet")));
    TRY(plan_seal(cx, plan));
    *out = plan;
    return OK;
}

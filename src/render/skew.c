/* render/skew.c - the parent's half: asks, and checks what is answered. */
#include "render/skew.h"

#include "base/json.h"
#include "render/helper_int.h"

static enum wire_result answer_take(struct cx *cx, const struct value *head, Str body, void *out)
{
    struct page_turn turn;
    (void)cx;
    (void)body;
    if (!page_turn_read(head, &turn)) {
        return WIRE_BROKEN;
    }
    *(int *)out = turn.tilt_cdeg;
    return WIRE_OK;
}

enum status skew_find(struct helper_pool *pool, struct cx *cx, struct page_bytes page,
                      int rotate_deg, int *tilt_cdeg)
{
    struct value *head = value_map(cx->arena);
    value_set_text(cx->arena, head, "kind", "skew");
    page_turn_write(cx->arena, head, (struct page_turn){rotate_deg, 0});
    value_set_int(cx->arena, head, "sheet", page.sheet);
    const struct helper_question question = {.name = "skew",
                                             .head = json_write(cx->arena, head),
                                             .parts = &page.bytes,
                                             .count = 1,
                                             .read = answer_take};
    return helper_ask(pool, cx, &question, tilt_cdeg);
}

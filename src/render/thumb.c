/* render/thumb.c - the parent's half: asks, and checks what is answered. */
#include "render/thumb.h"

#include "base/check.h"
#include "base/json.h"
#include "render/helper_int.h"

static enum wire_result answer_take(struct cx *cx, const struct value *head, Str body, void *out)
{
    (void)cx;
    (void)head;
    *(Str *)out = body;
    return str_starts(body, "\xff\xd8\xff") ? WIRE_OK : WIRE_BROKEN;
}

enum status thumb_draw(struct helper_pool *pool, struct cx *cx, struct page_bytes page,
                       struct page_turn turn, uint32_t side, Str *jpeg)
{
    struct value *head = value_map(cx->arena);
    check(side >= 1 && side <= THUMB_SIDE_MAX);
    value_set_text(cx->arena, head, "kind", "thumb");
    page_turn_write(cx->arena, head, turn);
    value_set_int(cx->arena, head, "sheet", page.sheet);
    value_set_int(cx->arena, head, "side", side);
    const struct helper_question question = {.name = "thumb",
                                             .head = json_write(cx->arena, head),
                                             .parts = &page.bytes,
                                             .count = 1,
                                             .read = answer_take};
    return helper_ask(pool, cx, &question, jpeg);
}

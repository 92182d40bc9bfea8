/* render/sheet.c - the parent's half: asks, and checks what is answered. */
#include "render/sheet.h"

#include "base/check.h"
#include "base/json.h"
#include "render/helper_int.h"

enum { SHEETS_MAX = 100000 };

struct answered {
    const char *magic; /* what the body begins with; "" for none */
    Str body;
    int64_t pages;
};

static enum wire_result answer_take(struct cx *cx, const struct value *head, Str body, void *out)
{
    struct answered *answered = out;
    (void)cx;
    answered->pages = value_get_int(head, "pages");
    answered->body = body;
    bool sound = answered->pages >= 1 && answered->pages <= SHEETS_MAX &&
                 str_starts(body, answered->magic) && (answered->magic[0] != '\0' || body.n == 0);
    return sound ? WIRE_OK : WIRE_BROKEN;
}

static enum status ask(struct helper_pool *pool, struct cx *cx, struct value *head, const Str *pdfs,
                       uint32_t count, struct answered *out)
{
    struct value *sizes = value_list(cx->arena);
    size_t size = 0;
    for (uint32_t i = 0; i < count; i++) {
        value_add(cx->arena, sizes, value_int(cx->arena, (int64_t)pdfs[i].n));
        size += pdfs[i].n;
    }
    if (size > SHEET_PDF_BYTES_MAX) {
        return FAIL(cx, E_TOO_LARGE, "pdf-too-large", "%zu bytes of PDF", size);
    }
    value_set_text(cx->arena, head, "kind", "sheet");
    value_set(cx->arena, head, "sizes", sizes);
    const struct helper_question question = {.name = "sheet",
                                             .head = json_write(cx->arena, head),
                                             .parts = pdfs,
                                             .count = count,
                                             .read = answer_take};
    return helper_ask(pool, cx, &question, out);
}

enum status sheet_count(struct helper_pool *pool, struct cx *cx, Str pdf, uint32_t *pages)
{
    struct value *head = value_map(cx->arena);
    struct answered answered = {.magic = ""};
    value_set_text(cx->arena, head, "do", "count");
    TRY(ask(pool, cx, head, &pdf, 1, &answered));
    *pages = (uint32_t)answered.pages;
    return OK;
}

enum status sheet_look(struct helper_pool *pool, struct cx *cx, Str pdf, uint32_t *pages,
                       Str *active)
{
    static const char prefix[] = "active:";
    struct value *head = value_map(cx->arena);
    struct answered answered = {.magic = prefix};
    value_set_text(cx->arena, head, "do", "look");
    TRY(ask(pool, cx, head, &pdf, 1, &answered));
    *pages = (uint32_t)answered.pages;
    *active = str_slice(cx->arena, answered.body, sizeof prefix - 1, answered.body.n);
    return OK;
}

enum status sheet_draw(struct helper_pool *pool, struct cx *cx, Str pdf, uint32_t page, Str mark,
                       struct sheet_picture *out)
{
    struct value *head = value_map(cx->arena);
    struct answered answered = {.magic = "\x89PNG"};
    value_set_text(cx->arena, head, "do", "draw");
    value_set_int(cx->arena, head, "page", page);
    value_set_str(cx->arena, head, "mark", mark);
    TRY(ask(pool, cx, head, &pdf, 1, &answered));
    *out = (struct sheet_picture){answered.body, (uint32_t)answered.pages};
    return OK;
}

enum status sheets_join(struct helper_pool *pool, struct cx *cx, const Str *pdfs, uint32_t count,
                        Str title, Instant at, Str *out)
{
    struct value *head = value_map(cx->arena);
    struct answered answered = {.magic = "%PDF-"};
    check(count >= 1 && count <= SHEETS_JOINED_MAX);
    value_set_text(cx->arena, head, "do", "join");
    value_set_str(cx->arena, head, "title", title);
    value_set_int(cx->arena, head, "at", at);
    TRY(ask(pool, cx, head, pdfs, count, &answered));
    *out = answered.body;
    return OK;
}

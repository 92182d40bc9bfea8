/* Any bytes as a form: refused, or a tree that keeps what base/value.h promises. */
#include <stdlib.h>

#include "base/check.h"
#include "web/http.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void text_check(Str text)
{
    check(utf8_is_valid(text.p, text.n) && text.p[text.n] == '\0');
}

/* depth is bounded by the promise under test. */
static void tree_check(const struct value *v, int depth) /* NOLINT(misc-no-recursion) */
{
    check(depth <= VALUE_DEPTH_MAX);
    check(value_is_text(v) || value_is_map(v) || value_is_list(v));
    if (value_is_text(v)) {
        text_check(v->as.text);
    }
    for (uint32_t i = 0; i < value_count(v); i++) {
        if (value_is_map(v)) {
            text_check(v->as.members[i].key);
            tree_check(v->as.members[i].value, depth + 1);
        } else {
            tree_check(value_item(v, i), depth + 1);
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_open((size_t)64 << 20);
    struct cx cx;
    struct value *form = NULL;
    cx_init(&cx, arena);
    Str body = str_copy(arena, (const char *)data, size);
    if (http_form_read(&cx, body, &form) == OK) {
        check(cx.failure.status == OK && value_is_map(form));
        tree_check(form, 0);
    } else {
        check(cx.failure.status == E_READ);
    }
    arena_close(arena);
    return 0;
}

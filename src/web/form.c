#include <string.h>

#include "web/http.h"

enum { FIELDS_MAX = 5000 };

/* Browsers send the line ends of a text area as CR LF, programs as LF: one text must compare and
 * count the same either way. */
static Str lines_normal(struct arena *arena, Str text)
{
    if (memchr(text.p, '\r', text.n) == NULL) {
        return text;
    }
    char *out = arena_alloc(arena, text.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < text.n; i++) {
        if (text.p[i] == '\r') {
            out[n++] = '\n';
            i += i + 1 < text.n && text.p[i + 1] == '\n';
        } else {
            out[n++] = text.p[i];
        }
    }
    return (Str){out, n};
}

static enum status field_put(struct cx *cx, struct value *form, Str name, Str text)
{
    Str path = name;
    if (str_ends(name, "[]")) {
        Str list = str_slice(cx->arena, name, 0, name.n - 2);
        path = str_printf(cx->arena, "%s.%u", list.p, value_count(value_at(form, list.p)));
    }
    if (!value_put_at(cx->arena, form, path, value_str(cx->arena, text))) {
        return FAIL(cx, E_READ, "form-unreadable", "a field name is no path in this form");
    }
    return OK;
}

static enum status pair_read(struct cx *cx, struct value *form, Str pair)
{
    const char *equals = memchr(pair.p, '=', pair.n);
    size_t at = equals == NULL ? pair.n : (size_t)(equals - pair.p);
    size_t behind = equals == NULL ? at : at + 1;
    Str name;
    Str text;
    if (!text_percent_decode(cx->arena, (Str){pair.p, at}, true, &name) ||
        !text_percent_decode(cx->arena, (Str){pair.p + behind, pair.n - behind}, true, &text)) {
        return FAIL(cx, E_READ, "form-unreadable", "broken escape, NUL or bytes not UTF-8");
    }
    return field_put(cx, form, name, lines_normal(cx->arena, text));
}

enum status http_form_read(struct cx *cx, Str body, struct value **out)
{
    struct value *form = value_map(cx->arena);
    size_t count = 0;
    size_t from = 0;
    while (from < body.n) {
        const char *mark = memchr(body.p + from, '&', body.n - from);
        size_t to = mark == NULL ? body.n : (size_t)(mark - body.p);
        if (to > from) {
            if (++count > FIELDS_MAX) {
                return FAIL(cx, E_READ, "form-unreadable", "more than %d fields", FIELDS_MAX);
            }
            TRY(pair_read(cx, form, (Str){body.p + from, to - from}));
        }
        from = to + 1;
    }
    *out = form;
    return OK;
}

/* Pages that say why something was not done. */
#include <inttypes.h>

#include "law/source.h"
#include "web/keep.h"
#include "web/page_parts.h"
#include "web/page_views.h"
#include "web/page_words.h"

struct value *page_not_found(struct call *call, const struct value *value)
{
    return page_begin(call, value, STR("没有找到"), true);
}

/* The matter that an address is about, for the way back. */
static Str matter_of_path(struct call *call)
{
    Str *parts = NULL;
    int64_t id = 0;
    size_t count = str_split(call->cx->arena, call->http->path, '/', &parts);
    return count >= 3 && str_is(parts[1], "matters") && str_int(parts[2], &id) ? parts[2] : STR("");
}

static struct value *errors_said(struct call *call, const struct value *errors)
{
    struct arena *arena = call->cx->arena;
    struct value *list = value_list(arena);
    for (uint32_t i = 0; i < value_count(errors); i++) {
        struct value *row = value_map(arena);
        const struct value *error = value_item(errors, i);
        value_set(arena, row, "title", value_get(error, "title"));
        value_set(arena, row, "href", NULL);
        value_set_str(arena, row, "law_title", source_title(arena, value_get_str(error, "law")));
        value_add(arena, list, row);
    }
    return list;
}

struct value *page_problem(struct call *call, const struct value *value)
{
    struct arena *arena = call->cx->arena;
    int64_t status = value_get_int(value, "status");
    struct value *view = value_map(arena);
    struct value *page = value_map(arena);
    struct value *problem = value_merge(arena, value, NULL);
    struct value *back = NULL;
    Str matter = matter_of_path(call);
    struct value *errors = errors_said(call, value_get(value, "errors"));
    if (matter.n > 0 && status != 404) {
        back = value_map(arena);
        value_set_text(arena, back, "title", "回到这件事项");
        value_set_str(arena, back, "href", str_printf(arena, "/matters/%s", matter.p));
    }
    if (status < 500) { /* a number to quote is for faults */
        value_set(arena, problem, "incident", NULL);
    }
    value_set(arena, page, "title", value_get(value, "title"));
    value_set_bool(arena, page, "form", true);
    value_set(arena, view, "page", page);
    value_set(arena, view, "problem", problem);
    value_set(arena, view, "errors", errors);
    value_set_bool(arena, view, "has_errors", errors->count > 0);
    value_set_bool(arena, view, "fault", status >= 500 && status != 503);
    value_set_bool(arena, view, "login", status == 401);
    value_set(arena, view, "back", back);
    keep_offer(call, view);
    if (status >= 500 && call->http->method == HTTP_GET) {
        value_set_str(arena, view, "retry_href", keep_path(call));
    }
    return view;
}

/* --- conflicts --- */

static const struct field *field_at(const struct procedure *p, Str *parts, size_t count)
{
    const struct field *field = field_find(p->elements, p->element_count, parts[0]);
    for (size_t i = 1; i < count && field != NULL; i++) {
        int64_t index = 0;
        if (!str_int(parts[i], &index)) {
            field = field_find(field->fields, field->field_count, parts[i]);
        }
    }
    return field;
}

static struct value *conflict_show(struct call *call, const struct seen *seen,
                                   const struct value *conflict)
{
    struct arena *arena = call->cx->arena;
    struct words words = {.arena = arena, .tables = page_tables(call)};
    struct value *row = value_map(arena);
    Str *parts = NULL;
    Str path = value_get_str(conflict, "field");
    size_t count = str_split(arena, path, '.', &parts);
    const struct field *field = field_at(seen->procedure, parts, count);
    static const char *const sides[][3] = {{"yours", "yours_title", "yours_choice"},
                                           {"theirs", "theirs_title", "theirs_choice"}};
    value_set_str(arena, row, "field", path);
    value_set_text(arena, row, "field_title", field == NULL ? path.p : field->title);
    for (size_t i = 0; i < 2; i++) {
        const struct value *v = value_get(conflict, sides[i][0]);
        Str text = field == NULL ? value_as_str(v) : words_of(&words, field, v);
        value_set_str(arena, row, sides[i][1], text.n == 0 ? STR("空着") : text);
        value_set_str(arena, row, sides[i][2],
                      text.n == 0 ? STR("空着") : str_printf(arena, "用“%s”", text.p));
    }
    value_set(arena, row, "by", value_get(conflict, "by"));
    value_set(arena, row, "at", value_get(conflict, "at"));
    return row;
}

struct value *page_conflict(struct call *call, const struct value *value)
{
    struct arena *arena = call->cx->arena;
    const struct seen *seen = NULL;
    struct value *view = page_begin(call, value, value_get_str(value, "title"), true);
    struct value *list = value_list(arena);
    const struct value *conflicts = value_get(value, "conflicts");
    if (page_seen(call, &seen) != OK) {
        page_lacks(call, "conflict");
        return view;
    }
    for (uint32_t i = 0; i < value_count(conflicts); i++) {
        value_add(arena, list, conflict_show(call, seen, value_item(conflicts, i)));
    }
    value_set_str(arena, view, "id", str_printf(arena, "%" PRId64, seen->matter->id));
    value_set_str(arena, view, "title", seen->matter->title);
    value_set(arena, view, "conflicts", list);
    value_set_int(arena, view, "revision", seen->matter->revision);
    value_set_str(arena, view, "post_to", call->http->path);
    value_set(arena, view, "kept", keep_fields(call, call->http->body, true));
    return view;
}

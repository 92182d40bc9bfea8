#include "web/renewal.h"

#include <inttypes.h>
#include <string.h>

#include "flow/renewal.h"
#include "flow/view.h"
#include "web/handlers.h"
#include "web/page_parts.h"

/* The page on which a question of a draft is asked; of a file, the page of files. */
static Str question_href(struct arena *arena, const struct matter *m, Str field)
{
    Str *parts = NULL;
    size_t count = str_split(arena, field, '.', &parts);
    if (count > 0 && str_is(parts[0], "materials")) {
        return str_printf(arena, "/matters/%" PRId64 "/materials", m->id);
    }
    return str_printf(arena, "/matters/%" PRId64 "/edit/%s#f-%s", m->id, parts[0].p, field.p);
}

static const char *how_title(Str how)
{
    static const struct {
        const char *how;
        const char *title;
    } titles[] = {{"title", "换了说法"},
                  {"options", "选项有变"},
                  {"required", "现在必填"},
                  {"limits", "填写要求有变"}};

    for (size_t i = 0; i < sizeof titles / sizeof titles[0]; i++) {
        if (str_is(how, titles[i].how)) {
            return titles[i].title;
        }
    }
    return "";
}

static Str how_titles(struct arena *arena, const struct value *how)
{
    Str text = STR("");
    for (uint32_t i = 0; i < value_count(how); i++) {
        text = str_printf(arena, "%s%s%s", text.p, i == 0 ? "" : "，",
                          how_title(value_as_str(value_item(how, i))));
    }
    return text;
}

static struct value *asked_show(struct arena *arena, const struct matter *m,
                                const struct value *list)
{
    struct value *rows = value_list(arena);
    for (uint32_t i = 0; i < value_count(list); i++) {
        struct value *row = value_merge(arena, value_item(list, i), NULL);
        value_set_str(arena, row, "href", question_href(arena, m, value_get_str(row, "field")));
        value_set_str(arena, row, "how_title", how_titles(arena, value_get(row, "how")));
        value_add(arena, rows, row);
    }
    return rows;
}

static Str became_title(struct arena *arena, const struct value *row)
{
    Str became = value_get_str(row, "became");
    Str to = value_get_str(row, "to_title");
    return str_is(became, "moved")         ? str_printf(arena, "已移到“%s”", to.p)
           : str_is(became, "merged")      ? str_printf(arena, "已并入“%s”", to.p)
           : str_is(became, "asked-again") ? STR("这个选项没有了，请重新选")
                                           : STR("不再填写");
}

static struct value *removed_show(struct arena *arena, const struct matter *m,
                                  const struct value *list)
{
    struct value *rows = value_list(arena);
    for (uint32_t i = 0; i < value_count(list); i++) {
        struct value *row = value_merge(arena, value_item(list, i), NULL);
        Str to = value_get_str(row, "to");
        bool again = str_is(value_get_str(row, "became"), "asked-again");
        Str place = again ? value_get_str(row, "field") : to;
        value_set_str(arena, row, "became_title", became_title(arena, row));
        value_set(arena, row, "href",
                  place.n == 0 ? NULL : value_str(arena, question_href(arena, m, place)));
        value_set(
            arena, row, "file_href",
            value_get(row, "material") == NULL
                ? NULL
                : value_str(arena, str_printf(arena, "/matters/%" PRId64 "/materials/%" PRId64,
                                              m->id, value_get_int(row, "material"))));
        value_add(arena, rows, row);
    }
    return rows;
}

struct value *renewal_show(struct call *call, const struct seen *seen)
{
    static const char *const lists[] = {"added", "changed", "removed"};
    struct arena *arena = call->cx->arena;
    if (seen->renewal == NULL) {
        return NULL;
    }
    struct value *view = value_map(arena);
    for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++) {
        const struct value *list = value_get(seen->renewal, lists[i]);
        struct value *rows = str_is(str_of(lists[i]), "removed")
                                 ? removed_show(arena, seen->matter, list)
                                 : asked_show(arena, seen->matter, list);
        value_set(arena, view, lists[i], rows);
        value_set_bool(arena, view, arena_printf(arena, "has_%s", lists[i]), rows->count > 0);
    }
    return view;
}

int64_t renewal_version_said(const struct call *call)
{
    int64_t version = 0;
    const struct value *said = value_get(call->body, call->body_is_form ? "_version" : "version");
    if (value_is_text(said)) {
        return str_int(said->as.text, &version) ? version : 0;
    }
    return value_as_int(said);
}

const struct field *renewal_field_said(struct call *call, const struct seen *seen, Str name)
{
    int64_t version = renewal_version_said(call);
    const struct procedure *p = seen->procedure;
    const struct procedure *old =
        seen->matter->events == 0 && version > 0 && version < p->version
            ? procedure_find(call->app->house.procedures, str_of(p->name), (int)version)
            : NULL;
    return old == NULL ? NULL : field_find(old->elements, old->element_count, name);
}

/* --- its owner has seen it --- */

static enum status seen_done(struct call *call)
{
    struct cx *cx = call->cx;
    const struct seen *seen = NULL;
    call->seen = NULL;
    TRY(page_seen(call, &seen));
    return call_done(call, str_printf(cx->arena, "/matters/%" PRId64, seen->matter->id),
                     matter_view(cx, &call->app->house, seen, &call->actor, true));
}

enum status renewal_take(struct call *call)
{
    struct cx *cx = call->cx;
    struct plan *plan = NULL;
    Id matter = 0;
    TRY(call_id(call, 0, &matter));
    TRY(renewal_seen(cx, &call->app->house, &call->actor, matter, &plan));
    return call_plan(call, plan, seen_done);
}

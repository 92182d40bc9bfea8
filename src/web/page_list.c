/* Lists of matters. */
#include <inttypes.h>

#include "web/contact.h"
#include "web/page_desk.h"
#include "web/page_parts.h"
#include "web/page_views.h"
#include "web/reviewing.h"

static struct value *procedures_show(struct call *call)
{
    struct arena *arena = call->cx->arena;
    const struct procedures *all = call->app->house.procedures;
    Str said = call_param(call, "procedure");
    struct value *list = value_list(arena);
    for (uint32_t i = 0; i < procedures_count(all); i++) {
        const struct procedure *p = procedures_at(all, i);
        if (p != procedure_find(all, str_of(p->name), 0)) {
            continue; /* an older version */
        }
        struct value *row = value_map(arena);
        value_set_text(arena, row, "name", p->name);
        value_set_text(arena, row, "title", p->title);
        value_set_bool(arena, row, "checked", str_is(said, p->name));
        value_add(arena, list, row);
    }
    return list;
}

static void set_counts(struct call *call, struct value *view)
{
    struct arena *arena = call->cx->arena;
    struct value *counts = value_map(arena);
    struct desk desk;
    if (desk_count(call, &desk) != OK) {
        page_lacks(call, "list");
        return;
    }
    value_set(arena, counts, "todo", desk_text(arena, desk.todo));
    value_set(arena, counts, "soon", desk_text(arena, desk.soon));
    value_set(arena, counts, "over", desk_text(arena, desk.over));
    value_set(arena, counts, "mine", desk_text(arena, desk.mine));
    value_set(arena, view, "counts", counts);
}

/* Which rows may be ticked: what the caller has looked at as it stands, and waits to be docketed.
 */
static void set_ticks(struct call *call, struct value *rows, struct value *view)
{
    struct arena *arena = call->cx->arena;
    uint32_t count = 0;
    for (uint32_t i = 0; i < rows->count; i++) {
        struct value *row = rows->as.items[i];
        int64_t revision = value_get_int(row, "looked");
        const struct procedure *p =
            procedure_find(call->app->house.procedures, value_get_str(row, "procedure"), 0);
        bool tick = revision > 0 && p != NULL && procedure_act(p, STR("docket")) != NULL &&
                    str_is(value_get_str(row, "state"), "under-review");
        value_set(arena, row, "tick",
                  tick ? value_str(arena, str_printf(arena, "%s:%" PRId64,
                                                     value_get_str(row, "id").p, revision))
                       : NULL);
        count += tick;
    }
    value_set_bool(arena, view, "may_docket", count > 0 && str_is(call->actor.post, "reviewer"));
}

static const char *tab_of(Str box, Str due, Str reviewer)
{
    if (!str_is(box, "todo")) {
        return str_is(box, "court") ? "court" : "mine";
    }
    if (str_is(reviewer, "me")) {
        return "own";
    }
    return str_is(due, "soon") ? "soon" : (str_is(due, "over") ? "over" : "todo");
}

struct value *page_list(struct call *call, const struct value *value)
{
    struct arena *arena = call->cx->arena;
    bool staff = call->actor.post.n > 0;
    Str box = call_param(call, "box");
    box = box.n > 0 ? box : (staff ? STR("todo") : STR("mine"));
    const char *tab = tab_of(box, call_param(call, "due"), call_param(call, "reviewer"));
    Str title = str_is(box, "todo")    ? STR("待办")
                : str_is(box, "court") ? STR("本院事项")
                                       : STR("我的案件");
    struct value *view = page_begin(call, value, title, false);
    struct value *at = value_map(arena);
    value_set_bool(arena, at, tab, true);
    value_set(arena, view, "at", at);
    value_set_text(arena, view, "box",
                   str_is(box, "todo")    ? "todo"
                   : str_is(box, "court") ? "court"
                                          : "mine");
    value_set_str(arena, view, "q", call_param(call, "q"));
    value_set_bool(arena, view, "staff", staff);
    value_set(arena, view, "procedures", procedures_show(call));
    struct value *rows = rows_show(call, value_get(value, "matters"));
    value_set(arena, view, "matters", rows);
    value_set_bool(arena, view, "may_docket", false);
    value_set_bool(arena, view, "divides", staff && reviewing_is_for(call));
    value_set_str(arena, view, "reviewer_said", call_param(call, "reviewer"));
    if (staff) {
        set_counts(call, view);
        set_ticks(call, rows, view);
        contact_task_set(call, view);
    }
    page_done_message(call, view);
    return view;
}

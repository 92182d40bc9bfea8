/* Lists of matters. */
#include "web/contact.h"
#include "web/page_desk.h"
#include "web/page_parts.h"
#include "web/page_views.h"

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
    value_set(arena, view, "counts", counts);
}

static const char *tab_of(Str box, Str due)
{
    if (!str_is(box, "todo")) {
        return str_is(box, "court") ? "court" : "mine";
    }
    return str_is(due, "soon") ? "soon" : (str_is(due, "over") ? "over" : "todo");
}

struct value *page_list(struct call *call, const struct value *value)
{
    struct arena *arena = call->cx->arena;
    bool staff = call->actor.post.n > 0;
    Str box = call_param(call, "box");
    box = box.n > 0 ? box : (staff ? STR("todo") : STR("mine"));
    const char *tab = tab_of(box, call_param(call, "due"));
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
    value_set(arena, view, "matters", rows_show(call, value_get(value, "matters")));
    if (staff) {
        set_counts(call, view);
        contact_task_set(call, view);
    }
    page_done_message(call, view);
    return view;
}

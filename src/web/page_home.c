/* The first page: doors for people, the desk for posts; what is going on below. */
#include "record/listing.h"
#include "web/contact.h"
#include "web/page_desk.h"
#include "web/page_handover.h"
#include "web/page_parts.h"
#include "web/page_views.h"
#include "web/sighting.h"
#include "web/visitor.h"

enum { HOME_ROWS = 5 };

static bool can_begin(const struct app *app, Str name)
{
    const struct procedure *p = procedure_find(app->house.procedures, name, 0);
    for (uint32_t i = 0; p != NULL && i < p->begin_count; i++) {
        if (p->begin_by[i].kind != ACTOR_EFFECT) {
            return true;
        }
    }
    return false;
}

static struct value *doors_show(struct call *call)
{
    struct arena *arena = call->cx->arena;
    const struct value *doors = guidance_doors(call->app->guidance);
    struct value *list = value_list(arena);
    for (uint32_t i = 0; i < value_count(doors); i++) {
        struct value *row = value_merge(arena, value_item(doors, i), NULL);
        Str procedure = value_get_str(row, "procedure");
        if (procedure.n > 0) {
            value_set(arena, row, "href",
                      can_begin(call->app, procedure)
                          ? value_str(arena, str_printf(arena, "/begin/%s",
                                                        text_percent_encode(arena, procedure).p))
                          : NULL);
        }
        value_set_bool(arena, row, "first", i == 0);
        value_add(arena, list, row);
    }
    return list;
}

struct home_look {
    struct listing_query query;
    struct listing *rows;
    uint32_t count;
};

static enum status home_read(struct cx *cx, struct sql *sql, void *arg)
{
    struct home_look *look = arg;
    return listing_list(cx, sql, &look->query, &look->rows, &look->count);
}

static enum status set_matters(struct call *call, struct value *view)
{
    struct cx *cx = call->cx;
    bool staff = call->actor.post.n > 0;
    struct home_look look = {
        .query = {.viewer = staff ? viewer_post(cx->arena, call->actor.post, call->actor.court)
                                  : viewer_person(cx->arena, call->actor.person),
                  .box = staff ? STR("todo") : STR("mine"),
                  .limit = HOME_ROWS + 1}};
    struct value *list = value_list(cx->arena);
    TRY(store_read(cx, call->app->house.store, home_read, &look));
    sighting_listed(call, look.rows, look.count < HOME_ROWS ? look.count : HOME_ROWS);
    for (uint32_t i = 0; i < look.count && i < HOME_ROWS; i++) {
        value_add(cx->arena, list, listing_view(cx, &call->app->house, &look.rows[i]));
    }
    value_set(cx->arena, view, "matters", rows_show(call, list));
    value_set_bool(cx->arena, view, "more", look.count > HOME_ROWS);
    return OK;
}

static enum status set_desk(struct call *call, struct value *view)
{
    struct cx *cx = call->cx;
    struct desk desk;
    struct value *row = value_map(cx->arena);
    TRY(desk_count(call, &desk));
    const char *const names[] = {"todo", "due_soon", "overdue"};
    const int64_t counts[] = {desk.todo, desk.soon, desk.over};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        struct value *text = desk_text(cx->arena, counts[i]);
        value_set(cx->arena, row, names[i], text == NULL ? value_str(cx->arena, STR("0")) : text);
    }
    value_set(cx->arena, view, "desk", row);
    return OK;
}

struct value *page_home(struct call *call, const struct value *value)
{
    struct arena *arena = call->cx->arena;
    bool works = call->actor.post.n > 0 && !str_is(call->actor.post, "admin");
    struct value *view = page_begin(call, value, STR("办事"), false);
    value_set(arena, view, "doors", doors_show(call));
    bool window = str_is(call->actor.post, "window");
    value_set_bool(arena, view, "window", window);
    value_set(arena, view, "visitor", window ? visitor_show(call) : NULL);
    if (window && handover_desk_set(call, view) != OK) {
        page_lacks(call, "home");
    }
    contact_task_set(call, view);
    if (call->session != NULL && (works || call->actor.post.n == 0)) {
        if ((works && set_desk(call, view) != OK) || set_matters(call, view) != OK) {
            page_lacks(call, "home");
        }
    }
    return view;
}

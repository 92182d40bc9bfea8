/* What every page has around it: who is here, where he is, what waits for him. */
#include <inttypes.h>

#include "base/random.h"
#include "record/listing.h"
#include "web/app.h"
#include "web/keep.h"
#include "web/pages.h"

static const struct {
    const char *post;
    const char *title;
} post_titles[] = {
    {"window", "诉讼服务窗口"}, {"reviewer", "立案审核"}, {"judge", "审判"},
    {"clerk", "书记员"},        {"enforcement", "执行"},  {"leader", "立案庭负责人"},
    {"supervisor", "监督"},     {"mediator", "调解"},     {"administrator", "破产管理人"},
    {"sealer", "用印"},         {"admin", "系统管理"},
};

const char *post_title(Str post)
{
    for (size_t i = 0; i < sizeof post_titles / sizeof post_titles[0]; i++) {
        if (str_is(post, post_titles[i].post)) {
            return post_titles[i].title;
        }
    }
    return post.p;
}

static Str path_with_query(struct call *call)
{
    const struct http_request *http = call->http;
    return http->query.n == 0 ? http->path
                              : str_printf(call->cx->arena, "%.*s?%.*s", STR_ARG(http->path),
                                           STR_ARG(http->query));
}

static const char *place_of(const struct call *call)
{
    Str path = call->http->path;
    if (str_starts(path, "/matters")) {
        return "matters";
    }
    if (str_starts(path, "/inbox") || str_starts(path, "/papers")) {
        return "papers";
    }
    return str_starts(path, "/me") || str_starts(path, "/login") || str_starts(path, "/session") ||
                   str_starts(path, "/register")
               ? "me"
               : "home";
}

struct unread_look {
    Str viewer;
    int64_t count;
};

static enum status unread_read(struct cx *cx, struct sql *sql, void *arg)
{
    struct unread_look *look = arg;
    return notice_unread(cx, sql, look->viewer, &look->count);
}

/* Posts that have an office of their own beside the matters. */
static void set_office(struct arena *arena, struct value *view, Str post)
{
    bool admin = str_is(post, "admin");
    bool window = str_is(post, "window");
    bool seals = str_is(post, "sealer");
    bool figures = str_is(post, "leader") || str_is(post, "supervisor");
    value_set_text(arena, view, "office_href",
                   admin     ? "/admin/people"
                   : window  ? "/window/people"
                   : seals   ? "/seals"
                   : figures ? "/circulars"
                             : NULL);
    value_set_text(arena, view, "office_title",
                   admin    ? "管理"
                   : window ? "窗口核验"
                   : seals  ? "待盖章"
                            : "通报统计");
    value_set_bool(arena, view, "no_matters", admin || seals);
}

static void set_person(struct call *call, struct value *view)
{
    struct arena *arena = call->cx->arena;
    if (call->session == NULL) {
        value_set(arena, view, "person", NULL);
        value_set(arena, view, "post", NULL);
        return;
    }
    struct value *person = value_map(arena);
    struct unread_look look = {viewer_person(arena, call->actor.person), 0};
    value_set_str(arena, person, "id", str_printf(arena, "%" PRId64, call->actor.person));
    value_set_str(arena, person, "name", call->actor.name);
    value_set_str(arena, person, "kind", call->actor.person_kind);
    value_set_bool(arena, person, "verified", call->actor.verified);
    value_set(arena, view, "person", person);
    value_set(arena, view, "post", NULL);
    if (call->actor.post.n > 0) {
        const struct court *court =
            court_by_code(call->app->house.tables(call->app->house.tables_arg), call->actor.court);
        struct value *post = value_map(arena);
        struct value *at = value_map(arena);
        value_set_str(arena, at, "code", call->actor.court);
        value_set_str(arena, at, "name", court == NULL ? STR("通诉") : court->name);
        value_set_str(arena, post, "post", call->actor.post);
        value_set_text(arena, post, "title", post_title(call->actor.post));
        value_set(arena, post, "court", at);
        set_office(arena, post, call->actor.post);
        value_set(arena, view, "post", post);
        look.viewer = viewer_post(arena, call->actor.post, call->actor.court);
    }
    if (store_read(call->cx, call->app->house.store, unread_read, &look) == OK && look.count > 0) {
        value_set_int(arena, view, "unread", look.count);
    }
}

/* Old text of static files must not outlive a new program. */
static Str build_stamp(const struct call *call)
{
    const struct share_file *css = share_find(call->app->share, STR("static/tongsu.css"));
    return css == NULL ? STR("") : str_of(css->etag);
}

struct value *frame_view(struct call *call, const struct value *value)
{
    struct arena *arena = call->cx->arena;
    struct value *view = value_map(arena);
    struct value *page = value_map(arena);
    struct value *at = value_map(arena);
    char key[25];
    const struct value *given = value_get(value, "page");
    set_person(call, view);
    random_code(key, sizeof key - 1);
    value_set_bool(arena, at, place_of(call), true);
    value_set_str(arena, page, "path", path_with_query(call));
    value_set(arena, page, "at", at);
    value_set_str(arena, page, "build", build_stamp(call));
    value_set(arena, page, "title", value_get(value, "title"));
    if (call->session != NULL) {
        value_set_str(arena, view, "csrf", call->session->csrf);
    }
    value_set_str(arena, view, "key", str_copy(arena, key, sizeof key - 1));
    value_set_bool(arena, view, "demo", call->app->demo);
    value_set_bool(arena, view, "large", str_is(http_cookie(call->http, "large"), "1"));
    keep_again(call, view);
    struct value *whole = value_merge(arena, view, value);
    value_set(arena, whole, "page", value_merge(arena, page, given));
    return whole;
}

page_fn *page_find(const char *page)
{
    static const struct page_extra *const lists[] = {PAGE_LISTS};
    for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++) {
        for (const struct page_extra *extra = lists[i]; extra->name != NULL; extra++) {
            if (text_is(extra->name, page)) {
                return extra->fn;
            }
        }
    }
    return NULL;
}

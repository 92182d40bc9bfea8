#include "web/admin_told.h"

#include <inttypes.h>

#include "record/listing.h"
#include "web/pages.h"

static enum status tell(struct call *call, struct script *script, struct notice *notice, Str viewer)
{
    struct cx *cx = call->cx;
    TRY(sequence_next(cx, call->app->house.sequence, &notice->id));
    notice->viewer = viewer;
    notice_write(script, notice);
    return OK;
}

enum status admin_tell(struct call *call, struct script *script, const char *what, Str name,
                       Str post, Str court)
{
    struct cx *cx = call->cx;
    const struct house *house = &call->app->house;
    const struct court *at = court_by_code(house->tables(house->tables_arg), court);
    bool given = text_is(what, "give-post");
    struct notice notice = {
        .kind = str_of(what),
        .title = given ? STR("管理员添加了岗位") : STR("管理员重置了登录密码"),
        .text = str_printf(cx->arena, "%.*s：%s%s，由%.*s办理。不应当有的，请马上联系系统管理。",
                           STR_ARG(name), at == NULL ? "" : at->name.p, post_title(post),
                           STR_ARG(call->actor.name)),
        .at = clock_now()};
    if (court.n > 0) {
        TRY(tell(call, script, &notice, viewer_post(cx->arena, STR("leader"), court)));
    }
    return tell(call, script, &notice, viewer_post(cx->arena, STR("admin"), STR("")));
}

struct posts_look {
    Id person;
    struct post *posts;
    uint32_t count;
};

static enum status posts_read(struct cx *cx, struct sql *sql, void *arg)
{
    struct posts_look *look = arg;
    return post_list(cx, sql, look->person, &look->posts, &look->count);
}

enum status admin_tell_all(struct call *call, struct script *script, const char *what, Id person,
                           Str name)
{
    struct cx *cx = call->cx;
    struct posts_look look = {.person = person};
    TRY(store_read(cx, call->app->house.store, posts_read, &look));
    for (uint32_t i = 0; i < look.count; i++) {
        TRY(admin_tell(call, script, what, name, look.posts[i].post, look.posts[i].court));
    }
    return OK;
}

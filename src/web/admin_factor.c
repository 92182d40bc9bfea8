/* The administrator: which posts want a second factor, and somebody who has lost his phone. */
#include <inttypes.h>

#include "record/demo.h"
#include "record/factor.h"
#include "web/account.h"
#include "web/admin_recent.h"
#include "web/again.h"
#include "web/handlers.h"

static const char *const whats[] = {"require-totp", "reset-totp", NULL};

/* --- which posts --- */

struct wanting {
    Str *posts;
    size_t count;
    bool own; /* the administrator himself has a second factor */
    Id person;
};

static enum status wanting_read(struct cx *cx, struct sql *sql, void *arg)
{
    struct wanting *w = arg;
    TRY(factor_holds(cx, sql, w->person, &w->own));
    return factor_posts(cx, sql, &w->posts, &w->count);
}

static struct value *wanting_view(struct arena *arena, const struct wanting *w)
{
    struct value *view = value_map(arena);
    struct value *list = value_list(arena);
    for (size_t i = 0; i < w->count; i++) {
        value_add(arena, list, value_str(arena, w->posts[i]));
    }
    value_set(arena, view, "posts", list);
    return view;
}

enum status admin_factor_posts(struct call *call)
{
    struct cx *cx = call->cx;
    struct wanting w = {.person = call->actor.person};
    TRY(store_read(cx, call->app->house.store, wanting_read, &w));
    struct value *view = wanting_view(cx->arena, &w);
    TRY(admin_recent(call, whats, view));
    return call_answer(call, view, "admin-totp");
}

static enum status posts_said(struct call *call, struct wanting *w)
{
    struct cx *cx = call->cx;
    const struct value *said = value_get(call->body, "posts");
    w->posts = arena_array(cx->arena, Str, value_count(said));
    w->count = 0;
    for (uint32_t i = 0; i < value_count(said); i++) {
        Str post = value_as_str(value_item(said, i));
        bool again = false;
        for (size_t k = 0; k < w->count; k++) {
            again = again || str_same(w->posts[k], post);
        }
        if (!str_is(post, "admin") && !demo_is_post(post)) {
            return account_refuse(cx, "posts", "post-unknown", "没有这个岗位");
        }
        if (str_is(post, "admin") && !w->own) {
            return account_refuse(cx, "posts", "own-totp",
                                  "请先为自己开启两步登录，再规定系统管理岗位必须用");
        }
        if (!again) {
            w->posts[w->count++] = post;
        }
    }
    return OK;
}

static enum status wanting_set(struct call *call)
{
    const struct wanting *w = call->kept;
    return call_done(call, STR("/admin/totp"), wanting_view(call->cx->arena, w));
}

enum status admin_factor_posts_set(struct call *call)
{
    struct cx *cx = call->cx;
    struct wanting *w = arena_new(cx->arena, struct wanting);
    struct script *script = script_new(cx->arena);
    struct buf names;
    w->person = call->actor.person;
    call->kept = w;
    TRY(store_read(cx, call->app->house.store, wanting_read, w));
    if (posts_said(call, w) != OK) {
        return call_again(call, cx->failure.status, "admin-totp", wanting_view(cx->arena, w));
    }
    buf_init(&names, cx->arena, 1000);
    for (size_t i = 0; i < w->count; i++) {
        buf_printf(&names, "%s%.*s", i == 0 ? "" : " ", STR_ARG(w->posts[i]));
    }
    factor_posts_set(cx->arena, script, w->posts, w->count, clock_machine());
    TRY(account_audit(call, script, "require-totp", 0,
                      str_printf(cx->arena, "{\"posts\":\"%s\"}", buf_done(&names).p)));
    return call_script(call, script, wanting_set);
}

/* --- a lost phone --- */

struct losing {
    Id id;
    struct person *person;
};

static enum status losing_read(struct cx *cx, struct sql *sql, void *arg)
{
    struct losing *losing = arg;
    return person_find(cx, sql, losing->id, &losing->person);
}

static enum status factor_ended(struct call *call)
{
    return call->json ? call_empty(call, 204) : call_done(call, STR("/admin/people"), NULL);
}

enum status admin_factor_end(struct call *call)
{
    struct cx *cx = call->cx;
    struct losing losing = {0};
    struct script *script = script_new(cx->arena);
    TRY(call_id(call, 0, &losing.id));
    TRY(store_read(cx, call->app->house.store, losing_read, &losing));
    if (losing.person == NULL) {
        return FAIL(cx, E_NOT_FOUND, "not-found", "no such person");
    }
    factor_end(script, losing.id);
    session_end_all(script, losing.id, clock_machine());
    TRY(account_audit(call, script, "reset-totp", losing.id, STR("{}")));
    return call_script(call, script, factor_ended);
}

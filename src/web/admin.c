/* The administrator: people and posts. He gives and takes access and never sees a matter; every
 * change is in the audit with his name. A first password is told once, to him. */
#include <inttypes.h>

#include "base/random.h"
#include "record/code.h"
#include "record/demo.h"
#include "record/person_entry.h"
#include "record/roster.h"
#include "seal/password.h"
#include "web/account.h"
#include "web/admin_recent.h"
#include "web/admin_told.h"
#include "web/again.h"
#include "web/handlers.h"
#include "web/pages.h"

enum { FIRST_PASSWORD_CHARS = 12 };

static const char *const people_whats[] = {"add-person",     "disable-person", "enable-person",
                                           "reset-password", "reset-totp",     NULL};
static const char *const posts_whats[] = {"give-post", "end-post", NULL};

enum status admin_home(struct call *call)
{
    struct value *view = value_map(call->cx->arena);
    static const char *const paths[] = {"people",  "posts",        "totp", "tables", "contacts",
                                        "options", "dead-letters", "jobs", "clocks", "audit"};
    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++) {
        value_set_str(call->cx->arena, view, paths[i],
                      str_printf(call->cx->arena, "/admin/%s", paths[i]));
    }
    return call->json ? call_answer(call, view, NULL) : call_done(call, STR("/admin/people"), view);
}

static enum status refuse_one(struct cx *cx, const char *field, const char *code, const char *title)
{
    (void)cx_error(cx, field, code, title);
    cx_arg(cx, "count", STR("1"));
    return FAIL(cx, E_INPUT, "fields", "%s: %s", field, code);
}

static struct value *said_view(struct call *call)
{
    struct value *view = value_map(call->cx->arena);
    value_set(call->cx->arena, view, "said", value_merge(call->cx->arena, call->body, NULL));
    return view;
}

static const struct law_tables *tables_of(const struct call *call)
{
    return call->app->house.tables(call->app->house.tables_arg);
}

/* --- lists --- */

struct people_look {
    struct roster_query query;
    struct person *people;
    uint32_t count;
    struct held_post **posts;
    uint32_t *post_counts;
};

static enum status people_read(struct cx *cx, struct sql *sql, void *arg)
{
    enum { POSTS_SHOWN = 20 };
    struct people_look *look = arg;
    TRY(roster_people(cx, sql, &look->query, &look->people, &look->count));
    look->posts = arena_array(cx->arena, struct held_post *, look->count);
    look->post_counts = arena_array(cx->arena, uint32_t, look->count);
    for (uint32_t i = 0; i < look->count; i++) {
        struct roster_query all = {.q = {"", 0}, .limit = POSTS_SHOWN};
        if (str_is(look->people[i].kind, "staff")) {
            TRY(roster_posts(cx, sql, &all, look->people[i].id, &look->posts[i],
                             &look->post_counts[i]));
        }
    }
    return OK;
}

static struct value *post_view(struct call *call, const struct held_post *held)
{
    struct arena *arena = call->cx->arena;
    const struct court *court = court_by_code(tables_of(call), held->court);
    struct value *view = value_map(arena);
    struct value *at = NULL;
    value_set_str(arena, view, "id",
                  str_printf(arena, "%" PRId64 "~%.*s~%.*s", held->person, STR_ARG(held->post),
                             STR_ARG(held->court)));
    value_set_str(arena, view, "person", str_printf(arena, "%" PRId64, held->person));
    value_set_str(arena, view, "person_name", held->name);
    value_set_str(arena, view, "login", held->login);
    value_set_str(arena, view, "post", held->post);
    value_set_text(arena, view, "title", post_title(held->post));
    if (held->court.n > 0) {
        at = value_map(arena);
        value_set_str(arena, at, "code", held->court);
        value_set_str(arena, at, "name", court == NULL ? held->court : court->name);
    }
    value_set(arena, view, "court", at);
    value_set_str(arena, view, "since", instant_format(arena, held->since));
    value_set(arena, view, "until", NULL);
    return view;
}

static const char *kind_title(Str kind)
{
    if (str_is(kind, "staff")) {
        return "工作人员";
    }
    return str_is(kind, "lawyer") ? "律师" : "个人";
}

static Str next_page(struct call *call, const char *path, Id last)
{
    return str_printf(call->cx->arena, "%s?q=%s&limit=%" PRIu32 "&after=%" PRId64, path,
                      text_percent_encode(call->cx->arena, call_param(call, "q")).p,
                      call_limit(call), last);
}

static struct roster_query query_of(struct call *call)
{
    struct roster_query query = {.q = str_trim(call->cx->arena, call_param(call, "q")),
                                 .limit = call_limit(call) + 1};
    if (!str_int(call_param(call, "after"), &query.after)) {
        query.after = 0;
    }
    return query;
}

static struct value *person_row(struct call *call, const struct people_look *look, uint32_t i)
{
    struct arena *arena = call->cx->arena;
    const struct person *p = &look->people[i];
    struct value *row = value_map(arena);
    struct value *posts = value_list(arena);
    value_set_str(arena, row, "id", str_printf(arena, "%" PRId64, p->id));
    value_set_str(arena, row, "name", p->name);
    value_set_str(arena, row, "login", p->login);
    value_set_str(arena, row, "kind", p->kind);
    value_set_text(arena, row, "kind_title", kind_title(p->kind));
    value_set_bool(arena, row, "is_staff", str_is(p->kind, "staff"));
    value_set_bool(arena, row, "verified", p->verified.n > 0);
    value_set_bool(arena, row, "locked", p->disabled);
    for (uint32_t k = 0; k < look->post_counts[i]; k++) {
        value_add(arena, posts, post_view(call, &look->posts[i][k]));
    }
    value_set(arena, row, "posts", posts);
    return row;
}

static enum status people_view(struct call *call, struct value *view)
{
    struct cx *cx = call->cx;
    struct people_look look = {.query = query_of(call)};
    struct value *list = value_list(cx->arena);
    TRY(store_read(cx, call->app->house.store, people_read, &look));
    bool more = look.count == look.query.limit;
    uint32_t count = look.count - (more ? 1 : 0);
    for (uint32_t i = 0; i < count; i++) {
        value_add(cx->arena, list, person_row(call, &look, i));
    }
    value_set(cx->arena, view, "people", list);
    value_set_str(cx->arena, view, "q", look.query.q);
    value_set(
        cx->arena, view, "next",
        more ? value_str(cx->arena, next_page(call, "/admin/people", look.people[count - 1].id))
             : NULL);
    return admin_recent(call, people_whats, view);
}

enum status admin_people(struct call *call)
{
    struct cx *cx = call->cx;
    struct value *view = value_map(cx->arena);
    TRY(people_view(call, view));
    return call_answer(call, view, "admin-people");
}

struct posts_look {
    struct roster_query query;
    struct held_post *posts;
    uint32_t count;
};

static enum status posts_read(struct cx *cx, struct sql *sql, void *arg)
{
    struct posts_look *look = arg;
    return roster_posts(cx, sql, &look->query, 0, &look->posts, &look->count);
}

static enum status posts_view(struct call *call, struct value *view)
{
    struct cx *cx = call->cx;
    struct posts_look look = {.query = query_of(call)};
    struct value *list = value_list(cx->arena);
    TRY(store_read(cx, call->app->house.store, posts_read, &look));
    bool more = look.count == look.query.limit;
    uint32_t count = look.count;
    if (more) { /* a page ends between two people, so that the next can begin behind one */
        while (count > 1 && look.posts[count - 1].person == look.posts[look.count - 1].person) {
            count--;
        }
    }
    for (uint32_t i = 0; i < count; i++) {
        value_add(cx->arena, list, post_view(call, &look.posts[i]));
    }
    value_set(cx->arena, view, "posts", list);
    value_set_str(cx->arena, view, "q", look.query.q);
    value_set(
        cx->arena, view, "next",
        more ? value_str(cx->arena, next_page(call, "/admin/posts", look.posts[count - 1].person))
             : NULL);
    return admin_recent(call, posts_whats, view);
}

enum status admin_posts(struct call *call)
{
    struct cx *cx = call->cx;
    struct value *view = value_map(cx->arena);
    TRY(posts_view(call, view));
    return call_answer(call, view, "admin-posts");
}

/* --- changing --- */

struct changing {
    struct person_entry entry;
    struct person person;
    struct person *taken;
    Str login, post, court;
    Str password; /* the first one, in the clear; "" when nobody needs to know */
    struct script *script;
    const char *page;
};

static enum status login_read(struct cx *cx, struct sql *sql, void *arg)
{
    struct changing *c = arg;
    return person_find_login(cx, sql, c->login, &c->taken);
}

static enum status id_read(struct cx *cx, struct sql *sql, void *arg)
{
    struct changing *c = arg;
    return person_find(cx, sql, c->person.id, &c->taken);
}

static enum status change_write(struct cx *cx, struct sql *sql, void *arg)
{
    const struct changing *c = arg;
    return script_run(cx, sql, c->script);
}

/* A post that exists, at a court that exists; admin is at none. */
static enum status post_check(struct call *call, const struct changing *c)
{
    struct cx *cx = call->cx;
    bool admin = str_is(c->post, "admin");
    if (!admin && !demo_is_post(c->post)) {
        return refuse_one(cx, "post", "post-unknown", "没有这个岗位");
    }
    if (admin ? c->court.n > 0 : court_by_code(tables_of(call), c->court) == NULL) {
        return refuse_one(cx, "court", "court-unknown",
                          admin ? "系统管理不属于哪个法院" : "没有找到这个法院");
    }
    return OK;
}

/* A court is said by code or by its full name. */
static Str court_said(const struct call *call)
{
    Str said = str_trim(call->cx->arena, value_get_str(call->body, "court"));
    const struct court *court = court_by_name(tables_of(call), said);
    return court == NULL ? said : court->code;
}

static enum status changed(struct call *call)
{
    struct cx *cx = call->cx;
    const struct changing *c = call->kept;
    bool people = text_is(c->page, "admin-people");
    if (cx->failure.status != OK) {
        enum status status = cx->failure.status;
        struct failure failure = cx->failure;
        struct value *view = said_view(call);
        cx_forgive(cx);
        TRY(people ? people_view(call, view) : posts_view(call, view));
        cx->failure = failure;
        return call_again(call, status, c->page, view);
    }
    struct value *view = value_map(cx->arena);
    value_set_str(cx->arena, view, "id", str_printf(cx->arena, "%" PRId64, c->person.id));
    value_set_str(cx->arena, view, "login", c->login);
    if (c->password.n > 0) {
        value_set_str(cx->arena, view, "first_password", c->password);
        if (!call->json) { /* shown once, here */
            TRY(people_view(call, view));
            return call_answer(call, view, c->page);
        }
    }
    if (call->json && c->password.n > 0) {
        return call_created(call, STR("/admin/people"), view);
    }
    return call_done(call, people ? STR("/admin/people") : STR("/admin/posts"), view);
}

static Str password_first(struct arena *arena)
{
    char text[FIRST_PASSWORD_CHARS + 1];
    random_code(text, FIRST_PASSWORD_CHARS);
    return str_copy(arena, text, FIRST_PASSWORD_CHARS);
}

static enum status add_try(struct call *call)
{
    struct cx *cx = call->cx;
    const struct house *house = &call->app->house;
    struct changing *c = call->kept;
    struct person *p = &c->person;
    TRY(store_read(cx, house->store, login_read, c));
    if (c->taken != NULL) {
        return refuse_one(cx, "login", "login-taken", "这个账号已经有人用了，请换一个");
    }
    *p = person_blank();
    TRY(sequence_next(cx, house->sequence, &p->id));
    TRY(person_key_make(cx, house->keys, p));
    TRY(person_entry_apply(cx, house->keys, &c->entry, p));
    p->login = c->login;
    p->created = clock_now();
    c->password = password_first(cx->arena);
    TRY(password_hash(cx, c->password, &p->password));
    c->script = script_new(cx->arena);
    person_write_new(c->script, cx->arena, p);
    if (c->post.n > 0) {
        post_write(c->script, p->id, c->post, c->court, clock_now());
        TRY(admin_tell(call, c->script, "give-post", p->name, c->post, c->court));
    }
    TRY(account_audit(call, c->script, "add-person", p->id,
                      str_printf(cx->arena,
                                 "{\"kind\":\"%.*s\",\"post\":\"%.*s\",\"court\":\"%.*s\"}",
                                 STR_ARG(p->kind), STR_ARG(c->post), STR_ARG(c->court))));
    return store_write(cx, house->store, WRITE_INTERACTIVE, change_write, c);
}

static enum status add_slow(struct call *call)
{
    (void)add_try(call); /* a refusal is answered by changed() */
    return OK;
}

enum status admin_person_add(struct call *call)
{
    struct cx *cx = call->cx;
    struct changing *c = arena_new(cx->arena, struct changing);
    struct value *said = value_merge(cx->arena, call->body, NULL);
    *c = (struct changing){.post = value_get_str(call->body, "post"),
                           .court = court_said(call),
                           .password = {"", 0},
                           .page = "admin-people"};
    call->kept = c;
    if (value_get_str(said, "kind").n == 0) {
        value_set_text(cx->arena, said, "kind", "staff");
    }
    uint32_t complaints =
        person_entry_read(cx, said, NEEDS_NAME | NEEDS_LOGIN, instant_date(clock_now()), &c->entry);
    c->login = c->entry.login;
    if (complaints > 0) {
        cx_arg(cx, "count", str_printf(cx->arena, "%" PRIu32, complaints));
        (void)FAIL(cx, E_INPUT, "fields", "%" PRIu32 " fields", complaints);
        return changed(call);
    }
    if (c->post.n > 0 && post_check(call, c) != OK) {
        return changed(call);
    }
    return call_slow(call, add_slow, changed);
}

/* Finds the person of the path for a change. */
static enum status change_begin(struct call *call, struct changing **out)
{
    struct cx *cx = call->cx;
    struct changing *c = arena_new(cx->arena, struct changing);
    *c = (struct changing){.password = {"", 0}, .page = "admin-people"};
    TRY(call_id(call, 0, &c->person.id));
    TRY(store_read(cx, call->app->house.store, id_read, c));
    if (c->taken == NULL) {
        return FAIL(cx, E_NOT_FOUND, "not-found", "no such person");
    }
    c->login = c->taken->login;
    c->script = script_new(cx->arena);
    call->kept = c;
    *out = c;
    return OK;
}

enum status admin_person_lock(struct call *call)
{
    struct cx *cx = call->cx;
    struct changing *c = NULL;
    Str said = value_get_str(call->body, "locked");
    bool lock = str_is(said, "yes") || value_get_bool(call->body, "locked");
    TRY(change_begin(call, &c));
    if (c->person.id == call->actor.person) {
        (void)refuse_one(cx, "locked", "own-account", "不能停用自己的账户");
        return changed(call);
    }
    person_disable(c->script, c->person.id, lock);
    if (lock) {
        session_end_all(c->script, c->person.id, clock_machine());
    }
    TRY(account_audit(call, c->script, lock ? "disable-person" : "enable-person", c->person.id,
                      STR("{}")));
    return call_script(call, c->script, changed);
}

/* In case it was not he who asked for it. */
static enum status owner_tell(struct call *call, const struct changing *c)
{
    struct cx *cx = call->cx;
    const struct house *house = &call->app->house;
    Id job = 0;
    if (c->taken->phone_sealed.n == 0) {
        return OK;
    }
    TRY(sequence_next(cx, house->sequence, &job));
    return message_write(cx, house->keys, c->script, job, c->taken,
                         STR("【通诉】您的登录密码已由管理员重置，原来的登录都已退出。不是您本人"
                             "要求的，请尽快拨打12368。"),
                         clock_machine());
}

static enum status password_try(struct call *call)
{
    struct cx *cx = call->cx;
    struct changing *c = call->kept;
    Str hash = {"", 0};
    c->password = password_first(cx->arena);
    TRY(password_hash(cx, c->password, &hash));
    person_password_set(c->script, c->person.id, hash);
    session_end_all(c->script, c->person.id, clock_machine());
    TRY(owner_tell(call, c));
    TRY(admin_tell_all(call, c->script, "reset-password", c->person.id, c->taken->name));
    TRY(account_audit(call, c->script, "reset-password", c->person.id, STR("{}")));
    TRY(store_write(cx, call->app->house.store, WRITE_INTERACTIVE, change_write, c));
    call->app->wake_jobs(call->app->wake_arg);
    return OK;
}

enum status admin_person_password(struct call *call)
{
    struct cx *cx = call->cx;
    struct changing *c = NULL;
    TRY(change_begin(call, &c));
    return call_slow(call, password_try, changed);
}

/* --- posts --- */

enum status admin_post_give(struct call *call)
{
    struct cx *cx = call->cx;
    struct changing *c = arena_new(cx->arena, struct changing);
    *c = (struct changing){.login = str_trim(cx->arena, value_get_str(call->body, "login")),
                           .post = value_get_str(call->body, "post"),
                           .court = court_said(call),
                           .password = {"", 0},
                           .page = "admin-posts"};
    call->kept = c;
    if (post_check(call, c) != OK) {
        return changed(call);
    }
    TRY(store_read(cx, call->app->house.store, login_read, c));
    if (c->taken == NULL || !str_is(c->taken->kind, "staff")) {
        (void)refuse_one(cx, "login", "not-staff", "没有这个工作人员账号");
        return changed(call);
    }
    c->person.id = c->taken->id;
    if (c->person.id == call->actor.person) {
        (void)refuse_one(cx, "login", "own-account", "不能给自己添加岗位，请由另一位管理员办理");
        return changed(call);
    }
    c->script = script_new(cx->arena);
    TRY(admin_tell(call, c->script, "give-post", c->taken->name, c->post, c->court));
    post_write(c->script, c->person.id, c->post, c->court, clock_now());
    TRY(account_audit(call, c->script, "give-post", c->person.id,
                      str_printf(cx->arena, "{\"post\":\"%.*s\",\"court\":\"%.*s\"}",
                                 STR_ARG(c->post), STR_ARG(c->court))));
    return call_script(call, c->script, changed);
}

enum status admin_post_end(struct call *call)
{
    struct cx *cx = call->cx;
    struct changing *c = arena_new(cx->arena, struct changing);
    Str *part = NULL;
    *c = (struct changing){.password = {"", 0}, .page = "admin-posts"};
    call->kept = c;
    if (str_split(cx->arena, call->args[0], '~', &part) != 3 || !str_int(part[0], &c->person.id)) {
        return FAIL(cx, E_NOT_FOUND, "not-found", "no such post");
    }
    if (c->person.id == call->actor.person && str_is(part[1], "admin")) {
        (void)refuse_one(cx, "post", "own-post", "不能结束自己的管理岗位");
        return changed(call);
    }
    c->login = (Str){"", 0};
    c->script = script_new(cx->arena);
    post_end(c->script, c->person.id, part[1], part[2], clock_now());
    TRY(account_audit(call, c->script, "end-post", c->person.id,
                      str_printf(cx->arena, "{\"post\":\"%.*s\",\"court\":\"%.*s\"}",
                                 STR_ARG(part[1]), STR_ARG(part[2]))));
    return call_script(call, c->script, changed);
}

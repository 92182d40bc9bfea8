/* One's own account: who I am here, where I am logged in, my password and phone, large type. */
#include "web/account.h"

#include <inttypes.h>

#include "law/identifier.h"
#include "record/audit.h"
#include "record/authorisation.h"
#include "record/email.h"
#include "record/factor.h"
#include "record/person_entry.h"
#include "record/recovery.h"
#include "seal/password.h"
#include "web/again.h"
#include "web/handlers.h"
#include "web/pages.h"
#include "web/session.h"

/* Wrong current passwords of one person. */
static const struct pace password_pace = {"own-password", 8, 1};
/* Each is a message to a phone that may be a stranger's. */
static const struct pace phone_pace = {"new-phone", 5, 1};

enum { LARGE_AGE_S = 365 * 24 * 3600 };

/* --- what is known --- */

struct me {
    Id id;
    struct person *person;
    struct post *posts;
    uint32_t post_count;
    struct session *sessions;
    uint32_t session_count;
    struct authorisation *authorisations;
    uint32_t authorisation_count;
    Str phone_waits; /* sealed: a new one that its code has not proved yet */
    struct email_state email;
    bool has_factor;
};

static enum status me_read(struct cx *cx, struct sql *sql, void *arg)
{
    struct me *me = arg;
    TRY(person_find(cx, sql, me->id, &me->person));
    TRY(post_list(cx, sql, me->id, &me->posts, &me->post_count));
    TRY(session_list(cx, sql, me->id, &me->sessions, &me->session_count));
    TRY(phone_change_find(cx, sql, me->id, clock_machine(), &me->phone_waits));
    TRY(factor_holds(cx, sql, me->id, &me->has_factor));
    TRY(email_find(cx, sql, me->person, clock_machine(), &me->email));
    return authorisation_list(cx, sql, me->id, &me->authorisations, &me->authorisation_count);
}

static const char *device_of(Str agent)
{
    if (str_has(agent, "MicroMessenger")) {
        return "微信";
    }
    if (str_has(agent, "Mobile") || str_has(agent, "Android")) {
        return "手机浏览器";
    }
    return str_has(agent, "Mozilla") ? "电脑浏览器" : "程序";
}

static struct value *sessions_view(struct call *call, const struct me *me)
{
    struct arena *arena = call->cx->arena;
    struct value *list = value_list(arena);
    for (uint32_t i = 0; i < me->session_count; i++) {
        const struct session *s = &me->sessions[i];
        struct value *row = value_map(arena);
        value_set_str(arena, row, "id", str_printf(arena, "%" PRId64, s->id));
        value_set_text(arena, row, "device", device_of(s->agent));
        value_set_str(arena, row, "client", s->client);
        value_set_str(arena, row, "at", instant_format(arena, s->created));
        value_set_str(arena, row, "seen", instant_format(arena, s->used));
        value_set_bool(arena, row, "here", s->id == call->session->id);
        value_add(arena, list, row);
    }
    return list;
}

static struct value *held_view(struct call *call, const struct me *me)
{
    struct arena *arena = call->cx->arena;
    struct value *list = value_list(arena);
    const struct value *posts =
        value_get(person_view(call, me->person, me->posts, me->post_count), "posts");
    for (uint32_t i = 0; i < me->post_count; i++) {
        const struct post *p = &me->posts[i];
        struct value *row = value_merge(arena, value_item(posts, i), NULL);
        value_set_text(arena, row, "title", post_title(p->post));
        value_set_str(arena, row, "value", viewer_post(arena, p->post, p->court));
        value_set_bool(arena, row, "now",
                       str_same(p->post, call->actor.post) &&
                           str_same(p->court, call->actor.court));
        value_add(arena, list, row);
    }
    return list;
}

static struct value *authorisations_view(struct arena *arena, const struct me *me)
{
    struct value *list = value_list(arena);
    for (uint32_t i = 0; i < me->authorisation_count; i++) {
        const struct authorisation *a = &me->authorisations[i];
        struct value *row = value_map(arena);
        value_set_str(arena, row, "code", a->code);
        value_set_str(arena, row, "name", a->name);
        value_set_str(arena, row, "capacity", a->capacity);
        value_set_bool(arena, row, "verified", a->verified.n > 0);
        value_add(arena, list, row);
    }
    return list;
}

static void set_text(struct arena *arena, struct value *map, const char *key, Str text)
{
    value_set(arena, map, key, text.n == 0 ? NULL : value_str(arena, text));
}

/* Many log in by their phone number. */
static Str login_masked(struct arena *arena, Str login)
{
    struct identifier read;
    return identifier_read(arena, IDENTIFIER_MOBILE, login, DATE_NONE, &read)
               ? identifier_mask(arena, IDENTIFIER_MOBILE, read.normal)
               : login;
}

enum status person_masked(struct call *call, const struct person *p, struct value **out)
{
    struct cx *cx = call->cx;
    enum identifier_kind kind = IDENTIFIER_RESIDENT_ID;
    Str identity = {"", 0};
    Str phone = {"", 0};
    struct value *view = value_map(cx->arena);
    TRY(person_identity_open(cx, call->app->house.keys, p, &identity));
    TRY(person_phone_open(cx, call->app->house.keys, p, &phone));
    (void)identifier_kind_parse(p->identity_type, &kind);
    value_set_str(cx->arena, view, "id", str_printf(cx->arena, "%" PRId64, p->id));
    value_set_str(cx->arena, view, "name", p->name);
    value_set_str(cx->arena, view, "kind", p->kind);
    value_set_str(cx->arena, view, "login", login_masked(cx->arena, p->login));
    set_text(cx->arena, view, "identity_type", p->identity_type);
    set_text(cx->arena, view, "identity",
             identity.n == 0 ? identity : identifier_mask(cx->arena, kind, identity));
    set_text(cx->arena, view, "phone",
             phone.n == 0 ? phone : identifier_mask(cx->arena, IDENTIFIER_MOBILE, phone));
    set_text(cx->arena, view, "email", p->email);
    set_text(cx->arena, view, "licence", p->licence);
    set_text(cx->arena, view, "firm", p->firm);
    value_set_bool(cx->arena, view, "verified", p->verified.n > 0);
    set_text(cx->arena, view, "verified_by", p->verified);
    set_text(cx->arena, view, "verified_at",
             p->verified_at == 0 ? (Str){"", 0} : instant_format(cx->arena, p->verified_at));
    *out = view;
    return OK;
}

/* The new phone, masked. */
static enum status phone_waiting_set(struct call *call, const struct me *me, struct value *person)
{
    struct cx *cx = call->cx;
    struct person there = *me->person;
    Str phone = {"", 0};
    there.phone_sealed = me->phone_waits;
    TRY(person_phone_open(cx, call->app->house.keys, &there, &phone));
    set_text(cx->arena, person, "phone_waiting",
             phone.n == 0 ? phone : identifier_mask(cx->arena, IDENTIFIER_MOBILE, phone));
    return OK;
}

enum status me_view(struct call *call, struct value **out)
{
    struct cx *cx = call->cx;
    struct me me = {.id = call->actor.person};
    struct value *view = value_map(cx->arena);
    struct value *person = NULL;
    TRY(store_read(cx, call->app->house.store, me_read, &me));
    TRY(person_masked(call, me.person, &person));
    value_set(cx->arena, person, "organisations", authorisations_view(cx->arena, &me));
    value_set_str(cx->arena, person, "login", me.person->login); /* his own */
    value_set_bool(cx->arena, person, "has_password", me.person->password.n > 0);
    value_set_bool(cx->arena, person, "totp", me.has_factor);
    value_set_bool(cx->arena, person, "email_confirmed", me.email.confirmed);
    value_set_bool(cx->arena, person, "email_waiting", me.email.waiting);
    value_set_bool(cx->arena, person, "email_can_confirm",
                   call->app->mails && me.person->email.n > 0 && !me.email.confirmed);
    TRY(phone_waiting_set(call, &me, person));
    value_set(cx->arena, view, "person", person);
    value_set(cx->arena, view, "posts", held_view(call, &me));
    value_set(cx->arena, view, "sessions", sessions_view(call, &me));
    *out = view;
    return OK;
}

enum status me_show(struct call *call)
{
    struct cx *cx = call->cx;
    struct value *view = NULL;
    TRY(me_view(call, &view));
    return call_answer(call, view, "me");
}

enum status account_changed(struct call *call)
{
    struct cx *cx = call->cx;
    struct value *view = NULL;
    if (cx->failure.status != OK) {
        enum status status = cx->failure.status;
        struct failure failure = cx->failure;
        cx_forgive(cx);
        TRY(me_view(call, &view));
        struct value *said = value_merge(cx->arena, call->body, NULL);
        if (value_get(said, "email") == NULL) { /* refused by a form that does not ask for it */
            value_set(cx->arena, said, "email", value_get(value_get(view, "person"), "email"));
        }
        value_set(cx->arena, view, "said", said);
        cx->failure = failure;
        return call_again(call, status, "me", view);
    }
    TRY(me_view(call, &view));
    return call_done(call, STR("/me"), view);
}

/* --- changing it --- */

struct changing {
    Str password, new_password, login;
    bool has_email;
    Str email, phone; /* normal form */
    struct person *person;
    struct script *script;
};

static enum status changing_read(struct cx *cx, struct sql *sql, void *arg)
{
    struct me *me = arg;
    TRY(person_find(cx, sql, me->id, &me->person));
    return email_find(cx, sql, me->person, clock_machine(), &me->email);
}

enum status account_refuse(struct cx *cx, const char *field, const char *code, const char *title)
{
    (void)cx_error(cx, field, code, title);
    cx_arg(cx, "count", STR("1"));
    return FAIL(cx, E_INPUT, "fields", "%s: %s", field, code);
}

static enum status contact_read(struct call *call, struct changing *c)
{
    struct cx *cx = call->cx;
    struct identifier read;
    Str phone = str_trim(cx->arena, value_get_str(call->body, "phone"));
    Str email = str_trim(cx->arena, value_get_str(call->body, "email"));
    c->has_email = value_get(call->body, "email") != NULL;
    if (phone.n > 0) {
        if (!identifier_read(cx->arena, IDENTIFIER_MOBILE, phone, DATE_NONE, &read)) {
            return account_refuse(cx, "phone", "identifier", read.why);
        }
        c->phone = read.normal;
    }
    if (email.n > 0) {
        if (!identifier_read(cx->arena, IDENTIFIER_EMAIL, email, DATE_NONE, &read)) {
            return account_refuse(cx, "email", "identifier", read.why);
        }
        c->email = read.normal;
    }
    return OK;
}

enum status account_password_check(struct call *call, const struct person *person, Str password)
{
    struct cx *cx = call->cx;
    Str who = viewer_person(cx->arena, person->id);
    if (person->password.n == 0) {
        return OK; /* came in by a code, sets the first one */
    }
    TRY(pace_check(call, &password_pace, who));
    if (!password_holds(password, person->password)) {
        return account_refuse(cx, "password", "password-wrong", "当前密码不正确");
    }
    pace_return(&password_pace, who);
    return OK;
}

enum status account_audit(struct call *call, struct script *script, const char *what, Id person,
                          Str detail)
{
    struct cx *cx = call->cx;
    struct audit audit = {.at = clock_now(),
                          .person = call->actor.person,
                          .what = str_of(what),
                          .subject = person == 0 ? (Str){"", 0} : audit_subject(cx->arena, person),
                          .detail = detail};
    TRY(sequence_next(cx, call->app->house.sequence, &audit.id));
    audit_write(script, &audit);
    return OK;
}

static enum status password_change(struct call *call, struct changing *c)
{
    struct cx *cx = call->cx;
    struct person_entry entry = {.login = c->person->login, .name = c->person->name};
    if (password_rules(cx, "new_password", c->new_password, &entry) > 0) {
        cx_arg(cx, "count", STR("1"));
        return FAIL(cx, E_INPUT, "fields", "new password");
    }
    TRY(password_hash(cx, c->new_password, &c->person->password));
    session_end_others(c->script, c->person->id, call->session->id, clock_machine());
    return account_audit(call, c->script, "change-password", c->person->id, STR("{}"));
}

static enum status login_change(struct call *call, struct changing *c)
{
    struct cx *cx = call->cx;
    if (!str_starts(c->person->login, "window-")) {
        return account_refuse(cx, "login", "login-kept", "账号设定后不能更改");
    }
    if (!login_is_free_form(c->login) || c->new_password.n == 0) {
        return account_refuse(cx, "login", "login-form",
                              "账号用2到60个字母、数字、汉字或者 . _ -，并同时设置密码");
    }
    person_login_set(c->script, c->person->id, c->login);
    c->person->login = c->login;
    return OK;
}

/* The new address is used once its code has come back; the one that was confirmed is told now, in
 * case it was not its owner who asked. */
static enum status email_change(struct call *call, struct changing *c, bool was_confirmed)
{
    struct cx *cx = call->cx;
    const struct house *house = &call->app->house;
    Id job = 0;
    if (was_confirmed) {
        TRY(sequence_next(cx, house->sequence, &job));
        TRY(mail_write(
            cx, house->keys, c->script, job, c->person, c->person->email,
            STR("通诉：电子邮箱已被更换"),
            STR("您账户的电子邮箱已被更换或者删去，新消息不再发到这里。不是您本人操作的，"
                "请尽快拨打12368。"),
            STR("/me"), clock_machine()));
    }
    c->person->email = c->email;
    TRY(account_audit(call, c->script, "change-email", c->person->id, STR("{}")));
    if (c->email.n == 0 || !call->app->mails) {
        return OK;
    }
    TRY(pace_check(call, &phone_pace, viewer_person(cx->arena, c->person->id)));
    return email_code_send(cx, house->store, house->keys, house->sequence, c->script, c->person,
                           clock_machine());
}

static enum status change_write(struct cx *cx, struct sql *sql, void *arg)
{
    const struct changing *c = arg;
    return script_run(cx, sql, c->script);
}

static enum status change_try(struct call *call)
{
    struct cx *cx = call->cx;
    struct changing *c = call->kept;
    struct me me = {.id = call->actor.person};
    TRY(store_read(cx, call->app->house.store, changing_read, &me));
    c->person = me.person;
    c->script = script_new(cx->arena);
    bool other_email = c->has_email && !str_same(c->email, c->person->email);
    if (c->phone.n > 0 || c->new_password.n > 0 || c->login.n > 0 ||
        (other_email && me.email.confirmed)) {
        TRY(account_password_check(call, c->person, c->password));
    }
    if (c->phone.n > 0) {
        TRY(pace_check(call, &phone_pace, viewer_person(cx->arena, c->person->id)));
    }
    if (c->login.n > 0) {
        TRY(login_change(call, c));
    }
    if (c->new_password.n > 0) {
        TRY(password_change(call, c));
    }
    if (c->phone.n > 0) {
        const struct house *house = &call->app->house;
        TRY(phone_change_begin(cx, house->store, house->keys, house->sequence, c->script, c->person,
                               c->phone, clock_machine()));
    }
    if (other_email) {
        TRY(email_change(call, c, me.email.confirmed));
    }
    person_write(c->script, cx->arena, c->person);
    if (store_write(cx, call->app->house.store, WRITE_INTERACTIVE, change_write, c) != OK &&
        text_is(cx->failure.code, "store-duplicate")) {
        cx_forgive(cx);
        return account_refuse(cx, "login", "login-taken", "这个账号已经有人用了，请换一个");
    }
    call->app->wake_jobs(call->app->wake_arg);
    return cx->failure.status;
}

static enum status change_slow(struct call *call)
{
    (void)change_try(call); /* a refusal is answered by account_changed() */
    return OK;
}

enum status me_change(struct call *call)
{
    struct cx *cx = call->cx;
    struct changing *c = arena_new(cx->arena, struct changing);
    *c = (struct changing){.password = value_get_str(call->body, "password"),
                           .new_password = value_get_str(call->body, "new_password"),
                           .login = str_trim(cx->arena, value_get_str(call->body, "login")),
                           .email = {"", 0},
                           .phone = {"", 0}};
    call->kept = c;
    if (contact_read(call, c) != OK) {
        return account_changed(call);
    }
    return call_slow(call, change_slow, account_changed);
}

/* --- sessions --- */

static enum status session_gone(struct call *call)
{
    return call->json ? call_empty(call, 204) : call_done(call, STR("/me"), NULL);
}

enum status me_session_end(struct call *call)
{
    struct cx *cx = call->cx;
    struct script *script = script_new(cx->arena);
    Id id = 0;
    TRY(call_id(call, 0, &id));
    session_end(script, id, call->actor.person, clock_machine());
    return call_script(call, script, session_gone);
}

enum status me_session_drop(struct call *call)
{
    return me_session_end(call);
}

enum status me_sessions_end(struct call *call)
{
    struct script *script = script_new(call->cx->arena);
    session_end_others(script, call->actor.person, call->session->id, clock_machine());
    return call_script(call, script, session_gone);
}

/* --- large type --- */

static void large_set(struct call *call, bool on)
{
    cookie_set(call, "large", on ? STR("1") : STR("0"), "/", LARGE_AGE_S);
}

enum status large_switch(struct call *call)
{
    large_set(call, str_is(call_param(call, "on"), "1"));
    return call_done(call, back_of(call), value_map(call->cx->arena));
}

static enum status large_kept(struct call *call)
{
    return call_done(call, back_of(call), value_map(call->cx->arena));
}

enum status large_choose(struct call *call)
{
    Str said = value_get_str(call->body, "on");
    bool on = str_is(said, "1") || value_get_bool(call->body, "on");
    large_set(call, on);
    if (call->session == NULL) {
        return large_kept(call);
    }
    struct script *script = script_new(call->cx->arena);
    person_large_set(script, call->actor.person, on);
    return call_script(call, script, large_kept);
}

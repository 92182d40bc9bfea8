/* A forgotten password: a code to the phone that is bound to the account sets a new one.
 *
 * HOW IT WORKS. Whoever asks gets a ticket for this browser, whoever he names. Nothing that others
 * do spoils the code of a ticket (record/recovery.h), and nothing in answers or their time tells
 * whether there is such an account. How often is asked is counted by login and address; a device
 * that logged in before has a count of its own, so that strangers cannot use up the owner's. The
 * paths lie below /session, where that device's mark is sent. */
#include "web/recover.h"

#include <inttypes.h>

#include "record/lockout.h"
#include "record/person_entry.h"
#include "record/recovery.h"
#include "seal/password.h"
#include "web/account.h"
#include "web/again.h"
#include "web/handlers.h"
#include "web/session.h"

enum { LOGIN_MAX = 200, PASSWORD_MAX = 1000, TICKET_MAX = 100 };

static const struct pace asking_address = {"recover-address", 20, 5};
static const struct pace asking_login = {"recover-login", 5, 1};
static const struct pace asking_device = {"recover-device", 3, 1};
static const struct pace trying_address = {"recover-try", 30, 10};

struct recovering {
    Str login, ticket, code, password, device;
    struct person *person;
    Id id;
    struct script *script;
    bool changed;
};

static enum status by_login(struct cx *cx, struct sql *sql, void *arg)
{
    struct recovering *r = arg;
    return person_find_login(cx, sql, r->login, &r->person);
}

static enum status by_id(struct cx *cx, struct sql *sql, void *arg)
{
    struct recovering *r = arg;
    return person_find(cx, sql, r->id, &r->person);
}

static enum status recovery_write(struct cx *cx, struct sql *sql, void *arg)
{
    const struct recovering *r = arg;
    return script_run(cx, sql, r->script);
}

/* --- asking --- */

enum status recover_pace(struct call *call, const struct person *person, Str login, Str device)
{
    struct cx *cx = call->cx;
    if (session_device_known(call, person, device)) {
        return pace_check(call, &asking_device, device);
    }
    TRY(pace_check(call, &asking_address, call->http->client));
    return pace_check(call, &asking_login, login);
}

static enum status asking_slow(struct call *call)
{
    struct cx *cx = call->cx;
    const struct house *house = &call->app->house;
    struct recovering *r = call->kept;
    TRY(store_read(cx, house->store, by_login, r));
    TRY(recover_pace(call, r->person, r->login, r->device));
    bool has = r->person != NULL && !r->person->disabled && r->person->phone_sealed.n > 0;
    r->ticket = token_new(cx->arena);
    r->script = script_new(cx->arena);
    TRY(recovery_begin(cx, house->store, house->keys, house->sequence, r->script,
                       has ? r->person : NULL, RECOVERY_PASSWORD, r->ticket, clock_machine()));
    TRY(store_write(cx, house->store, WRITE_INTERACTIVE, recovery_write, r));
    call->app->wake_jobs(call->app->wake_arg);
    return OK;
}

static struct value *recovery_view(struct call *call, const struct recovering *r)
{
    struct arena *arena = call->cx->arena;
    struct value *view = value_map(arena);
    value_set_bool(arena, view, "sent", r->ticket.n > 0);
    value_set_str(arena, view, "ticket", r->ticket);
    if (!call->json) {
        value_set_str(arena, view, "login", r->login);
        value_set_str(arena, view, "code", r->code);
    }
    return view;
}

static enum status asked(struct call *call)
{
    const struct recovering *r = call->kept;
    return call_answer(call, recovery_view(call, r), "recover");
}

static struct recovering *recovering_read(struct call *call)
{
    struct arena *arena = call->cx->arena;
    struct recovering *r = arena_new(arena, struct recovering);
    *r = (struct recovering){.login = str_trim(arena, value_get_str(call->body, "login")),
                             .ticket = value_get_str(call->body, "ticket"),
                             .code = str_trim(arena, value_get_str(call->body, "code")),
                             .password = value_get_str(call->body, "password"),
                             .device = http_cookie(call->http, "device")};
    call->kept = r;
    return r;
}

enum status recover_ask(struct call *call)
{
    struct cx *cx = call->cx;
    TRY(origin_check(call));
    struct recovering *r = recovering_read(call);
    r->ticket = (Str){"", 0};
    if (r->login.n == 0 || r->login.n > LOGIN_MAX) {
        r->login = utf8_head(cx->arena, r->login, 60);
        (void)account_refuse(cx, "login", "missing", "请填写账号");
        return call_again(call, cx->failure.status, "recover", recovery_view(call, r));
    }
    return call_slow(call, asking_slow, asked);
}

enum status recover_page(struct call *call)
{
    struct arena *arena = call->cx->arena;
    struct recovering r = {.login = utf8_head(arena, call_param(call, "login"), LOGIN_MAX),
                           .ticket = {"", 0}};
    return call_answer(call, recovery_view(call, &r), "recover");
}

/* --- a new password --- */

static enum status new_password(struct call *call, struct recovering *r)
{
    struct cx *cx = call->cx;
    const struct house *house = &call->app->house;
    struct person *p = r->person;
    struct person_entry entry = {.login = p->login, .name = p->name};
    Id job = 0;
    if (password_rules(cx, "password", r->password, &entry) > 0) {
        cx_arg(cx, "count", STR("1"));
        return FAIL(cx, E_INPUT, "fields", "new password");
    }
    r->script = script_new(cx->arena);
    TRY(password_hash(cx, r->password, &p->password));
    TRY(sequence_next(cx, house->sequence, &job));
    person_write(r->script, cx->arena, p);
    session_end_all(r->script, p->id, clock_machine());
    recovery_end(r->script, cx->arena, RECOVERY_PASSWORD, r->ticket);
    lockout_forget(r->script, cx->arena, lockout_key(house->keys, p->login));
    TRY(message_write(cx, house->keys, r->script, job, p,
                      STR("【通诉】您的登录密码已重设，原来的登录都已退出。不是您本人操作的，"
                          "请尽快拨打12368。"),
                      clock_machine()));
    call->actor.person = p->id; /* who has shown that he is the owner */
    TRY(account_audit(call, r->script, "recover-password", p->id, STR("{}")));
    return store_write(cx, house->store, WRITE_INTERACTIVE, recovery_write, r);
}

static enum status trying(struct call *call)
{
    struct cx *cx = call->cx;
    const struct house *house = &call->app->house;
    struct recovering *r = call->kept;
    Str known = call->app->demo ? STR(DEMO_CODE) : (Str){"", 0};
    TRY(recovery_try(cx, house->store, house->keys, RECOVERY_PASSWORD, r->ticket, r->code, known,
                     clock_machine(), &r->id));
    TRY(store_read(cx, house->store, by_id, r));
    if (r->person == NULL || r->person->disabled) {
        return account_refuse(cx, "code", "code-wrong",
                              "验证码不对，或者已经过期。请核对，或者重新获取");
    }
    TRY(new_password(call, r));
    call->app->wake_jobs(call->app->wake_arg);
    return OK;
}

static enum status trying_slow(struct call *call)
{
    (void)trying(call); /* a refusal is answered by tried() */
    return OK;
}

static enum status tried(struct call *call)
{
    struct arena *arena = call->cx->arena;
    const struct recovering *r = call->kept;
    if (call->cx->failure.status != OK) {
        return call_again(call, call->cx->failure.status, "recover", recovery_view(call, r));
    }
    struct value *view = value_map(arena);
    value_set_bool(arena, view, "changed", true);
    return call_done(
        call,
        str_printf(arena, "/login?recovered=1&login=%s", text_percent_encode(arena, r->login).p),
        view);
}

enum status recover_set(struct call *call)
{
    struct cx *cx = call->cx;
    TRY(origin_check(call));
    struct recovering *r = recovering_read(call);
    TRY(pace_check(call, &trying_address, call->http->client));
    if (r->ticket.n == 0 || r->ticket.n > TICKET_MAX) {
        r->ticket = (Str){"", 0};
        (void)account_refuse(cx, "ticket", "missing", "请先获取验证码");
    } else if (r->password.n < 8 || r->password.n > PASSWORD_MAX) {
        (void)account_refuse(cx, "password", "password-short", "新密码至少8个字符");
    } else if (r->code.n == 0) {
        (void)account_refuse(cx, "code", "missing", "请填写手机收到的验证码");
    }
    return cx->failure.status != OK ? tried(call) : call_slow(call, trying_slow, tried);
}

#include "web/code_login.h"

#include "record/recovery.h"
#include "seal/password.h"
#include "web/account.h"
#include "web/again.h"
#include "web/handlers.h"
#include "web/recover.h"

enum { LOGIN_MAX = 200, TICKET_S = 10 * 60 };

static const char cookie[] = "coded";

struct asking {
    Str login, device, back, ticket;
    struct person *person;
    struct script *script;
};

static enum status asking_read(struct cx *cx, struct sql *sql, void *arg)
{
    struct asking *a = arg;
    return person_find_login(cx, sql, a->login, &a->person);
}

static enum status asking_write(struct cx *cx, struct sql *sql, void *arg)
{
    const struct asking *a = arg;
    return script_run(cx, sql, a->script);
}

static enum status asking_slow(struct call *call)
{
    struct cx *cx = call->cx;
    const struct house *house = &call->app->house;
    struct asking *a = call->kept;
    TRY(store_read(cx, house->store, asking_read, a));
    TRY(recover_pace(call, a->person, a->login, a->device));
    bool has = a->person != NULL && !a->person->disabled && a->person->phone_sealed.n > 0;
    a->ticket = token_new(cx->arena);
    a->script = script_new(cx->arena);
    TRY(recovery_begin(cx, house->store, house->keys, house->sequence, a->script,
                       has ? a->person : NULL, RECOVERY_LOGIN, a->ticket, clock_machine()));
    TRY(store_write(cx, house->store, WRITE_INTERACTIVE, asking_write, a));
    call->app->wake_jobs(call->app->wake_arg);
    return OK;
}

static enum status asked(struct call *call)
{
    struct arena *arena = call->cx->arena;
    const struct asking *a = call->kept;
    struct value *view = value_map(arena);
    if (call->json) {
        value_set_bool(arena, view, "sent", true);
        value_set_str(arena, view, "code_ticket", a->ticket);
        return call_answer(call, view, NULL);
    }
    cookie_set(call, cookie, a->ticket, "/session", TICKET_S);
    value_set_str(arena, view, "login", a->login);
    value_set_str(arena, view, "back", a->back);
    value_set_bool(arena, view, "by_code", true);
    return call_answer(call, view, "login");
}

enum status code_login_ask(struct call *call)
{
    struct cx *cx = call->cx;
    struct asking *a = arena_new(cx->arena, struct asking);
    TRY(origin_check(call));
    *a = (struct asking){.login = str_trim(cx->arena, value_get_str(call->body, "login")),
                         .device = http_cookie(call->http, "device"),
                         .back = back_of(call)};
    call->kept = a;
    if (a->login.n == 0 || a->login.n > LOGIN_MAX) {
        struct value *view = value_map(cx->arena);
        value_set_str(cx->arena, view, "login", utf8_head(cx->arena, a->login, 60));
        value_set_str(cx->arena, view, "back", a->back);
        (void)account_refuse(cx, "login", "missing", "请填写账号");
        return call_again(call, cx->failure.status, "login", view);
    }
    return call_slow(call, asking_slow, asked);
}

Str code_login_ticket(struct call *call)
{
    Str said = value_get_str(call->body, "code_ticket");
    return said.n > 0 ? said : http_cookie(call->http, cookie);
}

enum status code_login_holds(struct call *call, Id person, Str ticket, Str code, bool *ok)
{
    struct cx *cx = call->cx;
    const struct house *house = &call->app->house;
    Id found = 0;
    Str known = call->app->demo ? STR(DEMO_CODE) : (Str){"", 0};
    TRY(recovery_try(cx, house->store, house->keys, RECOVERY_LOGIN, ticket, code, known,
                     clock_machine(), &found));
    *ok = found != 0 && found == person;
    return OK;
}

/* Logging in at a desk by a phone that already is: record/desk_login.h says what protects it.
 *
 * HOW IT WORKS. POST /login/scan gives the desk's browser a cookie and the page that shows QR code
 * and digits; its script asks every two seconds, without one a button does. GET /scan/CODE on the
 * phone says which desk asks; the answer is a form with the digits to be typed. Once confirmed, the
 * desk's cookie is good for one session. */
#include "record/desk_login.h"

#include <inttypes.h>

#include "base/random.h"
#include "seal/password.h"
#include "web/account.h"
#include "web/again.h"
#include "web/handlers.h"
#include "web/session.h"

enum { COOKIE_AGE_S = 240, TOKEN_MAX = 100 };

static const struct pace asking_pace = {"desk-login", 20, 10};
static const struct pace deciding_pace = {"desk-decide", 10, 5};

/* --- words for a device --- */

static const char *word_in(Str agent, const char *const *pairs)
{
    for (size_t i = 0; pairs[i] != NULL; i += 2) {
        if (str_has(agent, pairs[i])) {
            return pairs[i + 1];
        }
    }
    return "";
}

/* "Windows电脑，Edge浏览器"; what it says of itself may be a lie, which the page says. */
static Str device_words(struct arena *arena, Str agent)
{
    static const char *const systems[] = {
        "Android",     "安卓手机",  "iPhone",   "苹果手机", "iPad",      "平板电脑", "Windows",
        "Windows电脑", "Macintosh", "苹果电脑", "Linux",    "Linux电脑", NULL};
    static const char *const browsers[] = {
        "MicroMessenger", "微信",         "Edg/",    "Edge浏览器",   "Firefox/", "火狐浏览器",
        "Chrome/",        "Chrome浏览器", "Safari/", "Safari浏览器", NULL};
    const char *system = word_in(agent, systems);
    const char *browser = word_in(agent, browsers);
    if (system[0] == '\0' && browser[0] == '\0') {
        return STR("不认识的设备");
    }
    return str_printf(arena, "%s%s%s", system, system[0] != '\0' && browser[0] != '\0' ? "，" : "",
                      browser);
}

/* --- the desk --- */

struct asking {
    Str code, desk, back;
    struct desk_login login;
    struct fresh_session fresh;
};

static enum status asking_write(struct cx *cx, struct sql *sql, void *arg)
{
    struct asking *a = arg;
    struct script *script = script_new(cx->arena);
    desk_login_write_new(script, cx->arena, a->code, a->desk, &a->login);
    return script_run(cx, sql, script);
}

static struct value *asking_view(struct call *call, Str code, Str number, Str back)
{
    struct arena *arena = call->cx->arena;
    struct value *view = value_map(arena);
    value_set_text(arena, view, "state", "waiting");
    value_set_str(arena, view, "address",
                  str_printf(arena, "%.*s/scan/%s", STR_ARG(call->app->house.origin),
                             text_percent_encode(arena, code).p));
    value_set_str(arena, view, "number", number);
    if (!call->json) {
        value_set_str(arena, view, "code", code);
        value_set_str(arena, view, "back", back);
    }
    return view;
}

static enum status asking_shown(struct call *call)
{
    const struct asking *a = call->kept;
    struct value *view = asking_view(call, a->code, a->login.number, a->back);
    cookie_set(call, "scan", a->desk, "/login/scan", COOKIE_AGE_S);
    value_set_int(call->cx->arena, view, "seconds_left", DESK_LOGIN_WAIT_MS / 1000);
    return call_answer(call, view, "desk-login");
}

enum status desk_login_begin(struct call *call)
{
    struct cx *cx = call->cx;
    struct asking *a = arena_new(cx->arena, struct asking);
    TRY(origin_check(call));
    TRY(pace_check(call, &asking_pace, call->http->client));
    session_device(call, &a->fresh);
    a->code = token_new(cx->arena);
    a->desk = token_new(cx->arena);
    a->back = back_of(call);
    a->login = (struct desk_login){
        .number = str_printf(cx->arena, "%02u", (unsigned)(random_number() % 100)),
        .agent = a->fresh.agent,
        .client = a->fresh.client,
        .made = clock_machine()};
    call->kept = a;
    return call_write(call, asking_write, a, asking_shown);
}

struct looking {
    Str token;
    struct desk_login *login;
};

static enum status desk_read(struct cx *cx, struct sql *sql, void *arg)
{
    struct looking *l = arg;
    return desk_login_of_desk(cx, sql, l->token, clock_machine(), &l->login);
}

/* What the desk's script asks; without a desk that waits, a page to begin with. */
enum status desk_login_show(struct call *call)
{
    struct cx *cx = call->cx;
    struct looking l = {.token = http_cookie(call->http, "scan")};
    struct value *view = value_map(cx->arena);
    if (l.token.n > 0 && l.token.n <= TOKEN_MAX) {
        TRY(store_read(cx, call->app->house.store, desk_read, &l));
    }
    Str state = l.login == NULL ? STR("none") : l.login->state;
    value_set_str(cx->arena, view, "state", state);
    if (str_is(state, "waiting")) {
        int64_t left_ms = l.login->made + DESK_LOGIN_WAIT_MS - clock_machine();
        value_set_int(cx->arena, view, "seconds_left", (left_ms + 999) / 1000);
    }
    if (!call->json) {
        value_set_str(cx->arena, view, "back", back_of(call));
    }
    return call_answer(call, view, "desk-login");
}

/* --- the desk comes in --- */

struct entering {
    Str desk, back;
    Str code, number; /* of a page without a script, to be shown again while it waits */
    struct desk_login login;
    bool taken;
    struct person *person;
    struct post *posts;
    uint32_t post_count;
    struct fresh_session fresh;
    struct script *script;
};

static enum status entering_take(struct cx *cx, struct sql *sql, void *arg)
{
    struct entering *e = arg;
    return desk_login_take(cx, sql, e->desk, clock_machine(), &e->login, &e->taken);
}

static enum status entering_read(struct cx *cx, struct sql *sql, void *arg)
{
    struct entering *e = arg;
    TRY(person_find(cx, sql, e->login.person, &e->person));
    return post_list(cx, sql, e->login.person, &e->posts, &e->post_count);
}

static enum status entering_write(struct cx *cx, struct sql *sql, void *arg)
{
    const struct entering *e = arg;
    bool stands = false;
    bool may = false;
    TRY(desk_login_stands(cx, sql, e->desk, &stands));
    TRY(session_may_begin(cx, sql, e->person, &may));
    return stands && may ? script_run(cx, sql, e->script)
                         : FAIL(cx, E_STATE, "scan-over", "his sessions were ended meanwhile");
}

/* Under the post that the phone was under, if he still holds it. */
static const struct post *post_of(const struct entering *e)
{
    for (uint32_t i = 0; i < e->post_count; i++) {
        if (str_same(e->posts[i].post, e->login.post) &&
            str_same(e->posts[i].court, e->login.court)) {
            return &e->posts[i];
        }
    }
    return NULL;
}

static enum status entering_try(struct call *call)
{
    struct cx *cx = call->cx;
    struct entering *e = call->kept;
    struct store *store = call->app->house.store;
    TRY(store_write(cx, store, WRITE_INTERACTIVE, entering_take, e));
    if (!e->taken) {
        return FAIL(cx, E_STATE, "scan-waits", "not confirmed, or taken already");
    }
    TRY(store_read(cx, store, entering_read, e));
    if (e->person == NULL || e->person->disabled) {
        return FAIL(cx, E_STATE, "scan-over", "the person may not log in");
    }
    e->script = script_new(cx->arena);
    TRY(session_prepare(call, e->person->id, post_of(e), &e->fresh));
    session_write_new(e->script, cx->arena, &e->fresh.session);
    call->actor.person = e->person->id;
    TRY(account_audit(call, e->script, "scan-log-in", e->person->id, STR("{}")));
    return store_write(cx, store, WRITE_INTERACTIVE, entering_write, e);
}

static enum status entering_slow(struct call *call)
{
    (void)entering_try(call); /* a refusal is answered by entered() */
    return OK;
}

static enum status entered(struct call *call)
{
    struct arena *arena = call->cx->arena;
    const struct entering *e = call->kept;
    struct value *view = value_map(arena);
    if (call->cx->failure.status != OK) {
        bool waits = text_is(call->cx->failure.code, "scan-waits") && e->code.n > 0 &&
                     e->code.n <= TOKEN_MAX && e->number.n == 2;
        if (waits) {
            view = asking_view(call, e->code, e->number, e->back);
        } else {
            value_set_text(arena, view, "state", "expired");
            value_set_str(arena, view, "back", e->back);
        }
        return call_again(call, call->cx->failure.status, "desk-login", view);
    }
    cookie_set(call, "scan", (Str){"", 0}, "/login/scan", 0);
    session_hand_over(call, &e->fresh, false);
    value_set_str(arena, view, "token", e->fresh.token);
    value_set(arena, view, "person", person_view(call, e->person, e->posts, e->post_count));
    return call_done(call, e->back, view);
}

enum status desk_login_enter(struct call *call)
{
    struct cx *cx = call->cx;
    struct entering *e = arena_new(cx->arena, struct entering);
    TRY(origin_check(call));
    e->desk = http_cookie(call->http, "scan");
    e->back = back_of(call);
    e->code = value_get_str(call->body, "code");
    e->number = value_get_str(call->body, "number");
    session_device(call, &e->fresh);
    call->kept = e;
    if (e->desk.n == 0 || e->desk.n > TOKEN_MAX) {
        (void)FAIL(cx, E_STATE, "scan-over", "no cookie of a desk");
        return entered(call);
    }
    return call_slow(call, entering_slow, entered);
}

/* --- the phone --- */

struct deciding {
    Str code, number;
    struct desk_login *login;
    const struct session *by;
    struct script *audit;
    enum desk_answer answer;
};

static enum status code_read(struct cx *cx, struct sql *sql, void *arg)
{
    struct deciding *d = arg;
    return desk_login_find(cx, sql, d->code, clock_machine(), &d->login);
}

static struct value *deciding_view(struct call *call, const struct deciding *d)
{
    struct arena *arena = call->cx->arena;
    struct value *view = value_map(arena);
    value_set_str(arena, view, "state", d->login->state);
    value_set_str(arena, view, "device", device_words(arena, d->login->agent));
    value_set_str(arena, view, "client", d->login->client);
    value_set_bool(arena, view, "same_network", str_same(d->login->client, call->http->client));
    value_set_str(arena, view, "at", instant_format(arena, d->login->made));
    if (!call->json) {
        value_set_str(arena, view, "code", d->code);
    }
    return view;
}

static enum status deciding_find(struct call *call, struct deciding *d)
{
    struct cx *cx = call->cx;
    d->code = call->args[0];
    d->by = call->session;
    call->kept = d;
    if (d->code.n <= TOKEN_MAX) {
        TRY(store_read(cx, call->app->house.store, code_read, d));
    }
    return d->login != NULL ? OK : FAIL(cx, E_NOT_FOUND, "not-found", "no such code");
}

enum status desk_login_ask(struct call *call)
{
    struct cx *cx = call->cx;
    struct deciding *d = arena_new(cx->arena, struct deciding);
    TRY(deciding_find(call, d));
    return call_answer(call, deciding_view(call, d), "desk-confirm");
}

static enum status deciding_write(struct cx *cx, struct sql *sql, void *arg)
{
    struct deciding *d = arg;
    TRY(desk_login_confirm(cx, sql, d->code, d->number, d->by, clock_machine(), &d->answer));
    return d->answer == DESK_DONE ? script_run(cx, sql, d->audit) : OK;
}

static enum status decided(struct call *call)
{
    struct cx *cx = call->cx;
    struct deciding *d = call->kept;
    if (d->answer == DESK_NUMBER_WRONG) {
        (void)account_refuse(cx, "number", "number-wrong", "和电脑上显示的数字不一样，请核对");
        return call_again(call, cx->failure.status, "desk-confirm", deciding_view(call, d));
    }
    TRY(store_read(cx, call->app->house.store, code_read, d));
    if (d->answer == DESK_OVER) {
        (void)FAIL(cx, E_STATE, "scan-over", "expired, decided, or too many wrong numbers");
        return call_again(call, cx->failure.status, "desk-confirm", deciding_view(call, d));
    }
    return call_answer(call, deciding_view(call, d), "desk-confirm");
}

enum status desk_login_decide(struct call *call)
{
    struct cx *cx = call->cx;
    struct deciding *d = arena_new(cx->arena, struct deciding);
    Str decision = value_get_str(call->body, "decision");
    TRY(pace_check(call, &deciding_pace, viewer_person(cx->arena, call->actor.person)));
    TRY(deciding_find(call, d));
    d->number = str_trim(cx->arena, value_get_str(call->body, "number"));
    d->audit = script_new(cx->arena);
    if (str_is(decision, "refuse")) {
        desk_login_refuse(d->audit, cx->arena, d->code, clock_machine());
        TRY(account_audit(call, d->audit, "scan-refuse", call->actor.person, STR("{}")));
        return call_script(call, d->audit, decided);
    }
    if (!str_is(decision, "confirm")) {
        (void)account_refuse(cx, "decision", "missing", "请选择确认或者不是我");
        return call_again(call, cx->failure.status, "desk-confirm", deciding_view(call, d));
    }
    TRY(account_audit(call, d->audit, "scan-confirm", call->actor.person, STR("{}")));
    return call_write(call, deciding_write, d, decided);
}

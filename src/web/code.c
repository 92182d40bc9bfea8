/* Codes to a phone, and asking the register again. */
#include "record/code.h"

#include <inttypes.h>

#include "law/identifier.h"
#include "web/account.h"
#include "web/again.h"
#include "web/handlers.h"
#include "web/identity_check.h"

static const struct pace code_pace = {"code", 3, 1};
static const struct pace code_address_pace = {"code-address", 20, 5};
static const struct pace verify_pace = {"verify", 5, 1};

/* --- codes --- */

struct sending {
    Str purpose, login;
    Id id;
    struct person *person;
    struct script *script;
    Str back;
};

static enum status sending_read(struct cx *cx, struct sql *sql, void *arg)
{
    struct sending *sending = arg;
    return sending->id > 0 ? person_find(cx, sql, sending->id, &sending->person)
                           : person_find_login(cx, sql, sending->login, &sending->person);
}

static enum status sending_write(struct cx *cx, struct sql *sql, void *arg)
{
    const struct sending *sending = arg;
    return script_run(cx, sql, sending->script);
}

/* For a log-in nothing tells whether there is such an account, or a phone. */
static enum status sending_slow(struct call *call)
{
    struct cx *cx = call->cx;
    const struct house *house = &call->app->house;
    struct sending *sending = call->kept;
    bool open = sending->id > 0;
    TRY(store_read(cx, house->store, sending_read, sending));
    if (sending->person == NULL ||
        (!open && (sending->person->disabled || sending->person->phone_sealed.n == 0))) {
        return OK;
    }
    sending->script = script_new(cx->arena);
    TRY(code_send(cx, house->store, house->keys, house->sequence, sending->script, sending->person,
                  sending->purpose, clock_machine()));
    TRY(store_write(cx, house->store, WRITE_INTERACTIVE, sending_write, sending));
    call->app->wake_jobs(call->app->wake_arg);
    return OK;
}

static enum status sending_done(struct call *call)
{
    struct cx *cx = call->cx;
    const struct sending *sending = call->kept;
    struct value *view = value_map(cx->arena);
    value_set_bool(cx->arena, view, "sent", true);
    if (sending->id > 0 && sending->person != NULL) {
        Str phone = {"", 0};
        TRY(person_phone_open(cx, call->app->house.keys, sending->person, &phone));
        value_set_str(cx->arena, view, "to", identifier_mask(cx->arena, IDENTIFIER_MOBILE, phone));
    }
    if (!call->json && value_get_str(call->body, "_typed").n > 0) { /* goes on being carried */
        value_set_str(cx->arena, view, "login", sending->login);
        value_set_text(cx->arena, view, "back", "/");
        value_set_bool(cx->arena, view, "by_code", true);
        return call_answer(call, view, "login");
    }
    return call_done(call, sending->back, view);
}

enum status code_request(struct call *call)
{
    struct cx *cx = call->cx;
    struct sending *sending = arena_new(cx->arena, struct sending);
    Str purpose = value_get_str(call->body, "purpose");
    TRY(origin_check(call));
    *sending = (struct sending){.purpose = purpose.n == 0 ? STR("sign") : purpose,
                                .login = str_trim(cx->arena, value_get_str(call->body, "login")),
                                .back = back_of(call)};
    call->kept = sending;
    if (!code_purpose_is(sending->purpose)) {
        (void)cx_error(cx, "purpose", "ill-typed", "用途是 login、sign 或者 phone");
        return FAIL(cx, E_INPUT, "fields", "no such purpose");
    }
    bool to_log_in = str_is(sending->purpose, "login");
    if (to_log_in && str_is(sending->back, "/")) {
        sending->back = str_printf(cx->arena, "/login?by=code&login=%s",
                                   text_percent_encode(cx->arena, sending->login).p);
    }
    if (!to_log_in && call->session == NULL) {
        return FAIL(cx, E_LOGIN, "login-needed", "a code for somebody");
    }
    sending->id = to_log_in ? 0 : call->actor.person;
    TRY(pace_check(call, &code_address_pace, call->http->client));
    TRY(pace_check(call, &code_pace,
                   to_log_in ? sending->login : viewer_person(cx->arena, sending->id)));
    return call_slow(call, sending_slow, sending_done);
}

/* --- verification --- */

struct verifying {
    struct person_entry entry;
    bool said; /* other name or number than recorded */
    struct person *person;
    enum verification verification;
    struct script *script;
};

static enum status verifying_read(struct cx *cx, struct sql *sql, void *arg)
{
    struct verifying *v = arg;
    return person_find(cx, sql, v->person->id, &v->person);
}

static enum status verifying_write(struct cx *cx, struct sql *sql, void *arg)
{
    const struct verifying *v = arg;
    return script_run(cx, sql, v->script);
}

static enum status verify_try(struct call *call)
{
    struct cx *cx = call->cx;
    const struct house *house = &call->app->house;
    struct verifying *v = call->kept;
    struct person *p = NULL;
    const char *source = "";
    Str number = v->entry.identity_number;
    TRY(store_read(cx, house->store, verifying_read, v));
    p = v->person;
    if (p->verified.n > 0) {
        v->verification = VERIFY_MATCH;
        return OK;
    }
    p->name = v->entry.name.n > 0 ? v->entry.name : p->name;
    if (number.n > 0) {
        TRY(person_identity_set(cx, house->keys, p, v->entry.identity_type, number));
    } else {
        TRY(person_identity_open(cx, house->keys, p, &number));
    }
    TRY(identity_ask(call, p->name, p->identity_type, number, &v->verification, &source));
    if (v->verification == VERIFY_MISMATCH) {
        return identity_refuse(cx);
    }
    if (v->verification == VERIFY_MATCH) {
        person_set_verified(p, source, clock_now(), 0);
    }
    v->script = script_new(cx->arena);
    person_write(v->script, cx->arena, p);
    TRY(account_audit(call, v->script, "verify-identity", p->id,
                      str_printf(cx->arena, "{\"verification\":\"%s\",\"source\":\"%s\"}",
                                 verification_name(v->verification), source)));
    return store_write(cx, house->store, WRITE_INTERACTIVE, verifying_write, v);
}

static enum status verify_slow(struct call *call)
{
    (void)verify_try(call); /* a refusal is answered by verify_done() */
    return OK;
}

static struct value *verify_view(struct call *call)
{
    struct value *view = value_map(call->cx->arena);
    value_set(call->cx->arena, view, "said", value_merge(call->cx->arena, call->body, NULL));
    return view;
}

static enum status verify_done(struct call *call)
{
    struct cx *cx = call->cx;
    const struct verifying *v = call->kept;
    if (cx->failure.status != OK) {
        return call_again(call, cx->failure.status, "verify-identity", verify_view(call));
    }
    struct value *view = verify_view(call);
    value_remove(view, "said");
    value_set_bool(cx->arena, view, "verified", v->person->verified.n > 0);
    value_set_text(cx->arena, view, "verification", verification_name(v->verification));
    if (!call->json && v->person->verified.n == 0) {
        value_set(cx->arena, view, "said", value_map(cx->arena));
        return call_answer(call, view, "verify-identity");
    }
    return call_done(call, STR("/me"), view);
}

enum status account_verify(struct call *call)
{
    struct cx *cx = call->cx;
    struct verifying *v = arena_new(cx->arena, struct verifying);
    v->person = arena_new(cx->arena, struct person);
    v->person->id = call->actor.person;
    call->kept = v;
    uint32_t complaints =
        person_entry_read(cx, call->body, 0, instant_date(clock_now()), &v->entry);
    if (complaints > 0) {
        cx_arg(cx, "count", str_printf(cx->arena, "%" PRIu32, complaints));
        (void)FAIL(cx, E_INPUT, "fields", "%" PRIu32 " fields", complaints);
        return verify_done(call);
    }
    TRY(pace_check(call, &verify_pace, viewer_person(cx->arena, call->actor.person)));
    return call_slow(call, verify_slow, verify_done);
}

enum status verify_identity_page(struct call *call)
{
    struct value *view = value_map(call->cx->arena);
    value_set_bool(call->cx->arena, view, "verified", call->actor.verified);
    value_set(call->cx->arena, view, "said", value_map(call->cx->arena));
    return call_answer(call, view, "verify-identity");
}

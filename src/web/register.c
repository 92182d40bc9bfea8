/* Registration with a real name. What can be checked without waiting is checked first; then the
 * slow queue asks the register, hashes the password and writes person and session together. A match
 * of name and number says that the two belong together, not who typed them: it gives no access to
 * what is known of that number. Whoever was entered at a window logs in by a code to the phone that
 * the window saw (web/window.c). */
#include <inttypes.h>

#include "record/audit.h"
#include "record/authorisation.h"
#include "seal/password.h"
#include "web/again.h"
#include "web/handlers.h"
#include "web/identity_check.h"
#include "web/session.h"

static const struct pace register_pace = {"register", 20, 5};

struct registration {
    struct person_entry entry;
    Str password, back;
    enum verification verification;
    struct person *taken; /* who has this login */
    struct person person;
    struct fresh_session fresh;
    struct script *script;
};

static struct value *typed_view(struct call *call)
{
    struct arena *arena = call->cx->arena;
    struct value *view = value_map(arena);
    struct value *said = value_merge(arena, call->body, NULL);
    value_remove(said, "password");
    value_set(arena, view, "said", said);
    return view;
}

static enum status entry_check(struct call *call, struct registration *r)
{
    struct cx *cx = call->cx;
    unsigned needs = NEEDS_NAME | NEEDS_IDENTITY | NEEDS_PHONE | NEEDS_PROFESSION;
    uint32_t complaints =
        person_entry_read(cx, call->body, needs, instant_date(clock_now()), &r->entry);
    if (str_is(r->entry.kind, "staff")) {
        (void)cx_error(cx, "kind", "ill-typed", "法院工作人员由管理员添加");
        complaints += 1;
    }
    r->entry.login = r->entry.login.n == 0 ? r->entry.phone : r->entry.login;
    complaints += password_rules(cx, "password", r->password, &r->entry);
    if (complaints == 0) {
        return OK;
    }
    cx_arg(cx, "count", str_printf(cx->arena, "%" PRIu32, complaints));
    return FAIL(cx, E_INPUT, "fields", "%" PRIu32 " fields of a registration", complaints);
}

static enum status registration_read(struct cx *cx, struct sql *sql, void *arg)
{
    struct registration *r = arg;
    return person_find_login(cx, sql, r->entry.login, &r->taken);
}

static enum status login_taken(struct cx *cx, const struct registration *r)
{
    bool by_phone = str_same(r->entry.login, r->entry.phone);
    cx_forgive(cx);
    (void)cx_error(cx, by_phone ? "phone" : "login", "login-taken",
                   by_phone ? "这个手机号已经注册，请直接登录，或者另填一个账号"
                            : "这个账号已经有人用了，请换一个");
    cx_arg(cx, "count", STR("1"));
    return FAIL(cx, E_INPUT, "rules", "login is taken");
}

static enum status rows_write(struct call *call, struct registration *r)
{
    struct cx *cx = call->cx;
    struct person *p = &r->person;
    struct audit audit = {.at = clock_now(), .what = STR("register"), .detail = {"", 0}};
    r->script = script_new(cx->arena);
    person_write_new(r->script, cx->arena, p);
    if (r->entry.organisation_code.n > 0) {
        struct authorisation authorisation = {p->id,
                                              r->entry.organisation_code,
                                              r->entry.organisation,
                                              r->entry.capacity,
                                              {"", 0},
                                              0,
                                              clock_now()};
        authorisation_write(r->script, &authorisation);
    }
    TRY(session_prepare(call, p->id, NULL, &r->fresh));
    session_write_new(r->script, cx->arena, &r->fresh.session);
    TRY(sequence_next(cx, call->app->house.sequence, &audit.id));
    audit.person = p->id;
    audit.subject = audit_subject(cx->arena, p->id);
    audit.detail =
        str_printf(cx->arena, "{\"verification\":\"%s\"}", verification_name(r->verification));
    audit_write(r->script, &audit);
    return OK;
}

static enum status registration_write(struct cx *cx, struct sql *sql, void *arg)
{
    const struct registration *r = arg;
    return script_run(cx, sql, r->script);
}

static enum status person_make(struct call *call, struct registration *r)
{
    struct cx *cx = call->cx;
    const struct house *house = &call->app->house;
    const char *source = "";
    r->person = person_blank();
    TRY(store_read(cx, house->store, registration_read, r));
    if (r->taken != NULL) {
        return login_taken(cx, r);
    }
    TRY(identity_ask(call, r->entry.name, r->entry.identity_type, r->entry.identity_number,
                     &r->verification, &source));
    if (r->verification == VERIFY_MISMATCH) {
        return identity_refuse(cx);
    }
    if (r->verification == VERIFY_MATCH) {
        person_set_verified(&r->person, source, clock_now(), 0);
    }
    TRY(sequence_next(cx, house->sequence, &r->person.id));
    TRY(person_key_make(cx, house->keys, &r->person));
    r->person.created = clock_now();
    r->person.login = r->entry.login;
    TRY(password_hash(cx, r->password, &r->person.password));
    return person_entry_apply(cx, house->keys, &r->entry, &r->person);
}

static enum status registration_try(struct call *call)
{
    struct cx *cx = call->cx;
    struct registration *r = call->kept;
    TRY(person_make(call, r));
    TRY(rows_write(call, r));
    if (store_write(cx, call->app->house.store, WRITE_INTERACTIVE, registration_write, r) != OK) {
        return text_is(cx->failure.code, "store-duplicate") ? login_taken(cx, r)
                                                            : cx->failure.status;
    }
    return OK;
}

static enum status registration_slow(struct call *call)
{
    (void)registration_try(call); /* a refusal is answered by registered() */
    return OK;
}

static enum status registered(struct call *call)
{
    struct arena *arena = call->cx->arena;
    const struct registration *r = call->kept;
    if (call->cx->failure.status != OK) {
        return call_again(call, call->cx->failure.status, "register", typed_view(call));
    }
    struct value *view = value_map(arena);
    struct value *person = person_view(call, &r->person, NULL, 0);
    value_set_bool(arena, person, "verified", r->person.verified.n > 0);
    value_set_str(arena, view, "token", r->fresh.token);
    value_set(arena, view, "person", person);
    value_set_text(arena, view, "verification", verification_name(r->verification));
    session_hand_over(call, &r->fresh, false);
    if (call->json) {
        return call_created(call, STR("/me"), view);
    }
    return call_done(call, str_is(r->back, "/") ? STR("/me") : r->back, view);
}

enum status register_person(struct call *call)
{
    struct cx *cx = call->cx;
    struct registration *r = arena_new(cx->arena, struct registration);
    TRY(origin_check(call));
    r->password = value_get_str(call->body, "password");
    r->back = back_of(call);
    call->kept = r;
    session_device(call, &r->fresh);
    enum status status = entry_check(call, r);
    if (status == OK) {
        status = pace_check(call, &register_pace, call->http->client);
    }
    if (status != OK) {
        return call_again(call, status, "register", typed_view(call));
    }
    return call_slow(call, registration_slow, registered);
}

enum status register_page(struct call *call)
{
    struct value *view = value_map(call->cx->arena);
    if (call->session != NULL && !call->json) {
        return call_done(call, STR("/account/verify"), view);
    }
    value_set(call->cx->arena, view, "said", value_map(call->cx->arena));
    return call_answer(call, view, "register");
}

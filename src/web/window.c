/* The window: people who cannot come in by themselves are found by the exact number of their
 * papers, entered, and verified by papers that were seen. Every look-up and every verification is
 * in the audit, with who did it. Whoever is entered here gets a login of the form window-ID and
 * comes in by a code to the phone that was noted. */
#include <inttypes.h>

#include "record/audit.h"
#include "record/authorisation.h"
#include "record/person_entry.h"
#include "web/account.h"
#include "web/again.h"
#include "web/handlers.h"
#include "web/identity_check.h"
#include "web/visitor.h"

static enum status window_only(struct call *call)
{
    return str_is(call->actor.post, "window")
               ? OK
               : FAIL(call->cx, E_DENIED, "denied", "people are entered at windows");
}

static enum status refuse(struct cx *cx, uint32_t complaints)
{
    cx_arg(cx, "count", str_printf(cx->arena, "%" PRIu32, complaints));
    return FAIL(cx, E_INPUT, "fields", "%" PRIu32 " fields", complaints);
}

static enum status refuse_one(struct cx *cx, const char *field, const char *code, const char *title)
{
    (void)cx_error(cx, field, code, title);
    return refuse(cx, 1);
}

/* --- finding --- */

static enum status finding_view(struct call *call, const struct visitor_look *f, struct value **out)
{
    struct cx *cx = call->cx;
    struct value *list = value_list(cx->arena);
    for (uint32_t i = 0; i < f->count; i++) {
        struct value *row = NULL;
        TRY(person_masked(call, &f->people[i], &row));
        value_add(cx->arena, list, row);
    }
    *out = value_map(cx->arena);
    value_set(cx->arena, *out, "people", list);
    value_set_bool(cx->arena, *out, "looked", true);
    return OK;
}

static enum status found(struct call *call)
{
    struct cx *cx = call->cx;
    const struct visitor_look *f = call->kept;
    struct value *view = NULL;
    struct value *said = value_map(cx->arena);
    struct value *identity = value_map(cx->arena);
    TRY(finding_view(call, f, &view));
    if (f->one != NULL) {
        visitor_keep(call, f->one->id);
        if (!call->json && value_get_str(call->body, "back").n > 0) { /* asked for on its way */
            return call_done(call, back_of(call), NULL);
        }
    }
    if (!call->json) { /* what was typed fills the form for entering him */
        value_set_str(cx->arena, identity, "type", f->type);
        value_set_str(cx->arena, identity, "number", f->number);
        value_set(cx->arena, said, "find", identity);
        value_set(cx->arena, said, "identity", identity);
        value_set(cx->arena, view, "said", said);
    }
    return call_answer(call, view, "window-people");
}

static enum status find_by(struct call *call, const struct value *identity)
{
    struct cx *cx = call->cx;
    struct visitor_look *f = arena_new(cx->arena, struct visitor_look);
    struct script *script = script_new(cx->arena);
    enum status status = visitor_look_up(call, identity, f);
    if (status == E_INPUT) {
        struct value *view = value_map(cx->arena);
        struct value *said = value_map(cx->arena);
        value_set(cx->arena, said, "find", identity);
        value_set(cx->arena, view, "said", said);
        return call_again(call, status, "window-people", view);
    }
    TRY(status);
    TRY(visitor_look_audit(call, f, script));
    call->kept = f;
    return call_script(call, script, found);
}

enum status window_people(struct call *call)
{
    struct cx *cx = call->cx;
    struct value *view = value_map(cx->arena);
    Str number = call_param(call, "number");
    TRY(window_only(call));
    if (number.n > 0) {
        struct value *identity = value_map(cx->arena);
        value_set_str(cx->arena, identity, "type", call_param(call, "type"));
        value_set_str(cx->arena, identity, "number", number);
        return find_by(call, identity);
    }
    value_set(cx->arena, view, "people", value_list(cx->arena));
    return call_answer(call, view, "window-people");
}

/* The number stays out of the address, and so out of the browser's history. */
enum status window_find(struct call *call)
{
    struct cx *cx = call->cx;
    TRY(window_only(call));
    const struct value *identity = value_get(call->body, "find"); /* as the page names it */
    return find_by(call, identity != NULL ? identity : value_get(call->body, "identity"));
}

/* --- entering --- */

struct entering {
    struct person_entry entry;
    Hash blind;
    struct person *known; /* under this number already */
    uint32_t known_count;
    struct person person;
    bool entered; /* not one who was here before */
    struct script *script;
};

static enum status known_read(struct cx *cx, struct sql *sql, void *arg)
{
    struct entering *e = arg;
    return person_list_identity(cx, sql, e->blind, &e->known, &e->known_count);
}

static enum status entered(struct call *call)
{
    struct cx *cx = call->cx;
    struct entering *e = call->kept;
    struct value *view = value_map(cx->arena);
    struct value *person = NULL;
    TRY(person_masked(call, &e->person, &person));
    visitor_keep(call, e->person.id);
    if (call->json) {
        value_set(cx->arena, view, "person", person);
        if (!e->entered) {
            return call_answer(call, view, NULL);
        }
        return call_created(call, STR("/window/people"), view);
    }
    struct value *list = value_list(cx->arena);
    value_add(cx->arena, list, person);
    value_set(cx->arena, view, "people", list);
    value_set_bool(cx->arena, view, "entered", true);
    return call_answer(call, view, "window-people");
}

static enum status enter_again(struct call *call, enum status status)
{
    struct arena *arena = call->cx->arena;
    struct value *view = value_map(arena);
    value_set(arena, view, "said", value_merge(arena, call->body, NULL));
    return call_again(call, status, "window-people", view);
}

static enum status person_enter(struct call *call, struct entering *e)
{
    struct cx *cx = call->cx;
    const struct house *house = &call->app->house;
    struct person *p = &e->person;
    *p = person_blank();
    TRY(sequence_next(cx, house->sequence, &p->id));
    TRY(person_key_make(cx, house->keys, p));
    TRY(person_entry_apply(cx, house->keys, &e->entry, p));
    p->login = str_printf(cx->arena, "window-%" PRId64, p->id);
    p->created = clock_now();
    person_set_verified(p, "window", clock_now(), call->actor.person);
    e->script = script_new(cx->arena);
    person_write_new(e->script, cx->arena, p);
    if (e->entry.organisation_code.n > 0) {
        struct authorisation a = {p->id,
                                  e->entry.organisation_code,
                                  e->entry.organisation,
                                  e->entry.capacity,
                                  STR("window"),
                                  call->actor.person,
                                  clock_now()};
        authorisation_write(e->script, &a);
    }
    return account_audit(call, e->script, "enter-person", p->id,
                         str_printf(cx->arena, "{\"court\":\"%.*s\",\"papers\":\"%.*s\"}",
                                    STR_ARG(call->actor.court), STR_ARG(e->entry.identity_type)));
}

enum status window_enter(struct call *call)
{
    struct cx *cx = call->cx;
    struct entering *e = arena_new(cx->arena, struct entering);
    unsigned needs = NEEDS_NAME | NEEDS_IDENTITY | NEEDS_PROFESSION;
    TRY(window_only(call));
    call->kept = e;
    uint32_t complaints =
        person_entry_read(cx, call->body, needs, instant_date(clock_now()), &e->entry);
    if (str_is(e->entry.kind, "staff")) {
        (void)cx_error(cx, "kind", "ill-typed", "法院工作人员由管理员添加");
        complaints += 1;
    }
    if (complaints > 0) {
        return enter_again(call, refuse(cx, complaints));
    }
    e->blind = keys_blind(call->app->house.keys, "identity", e->entry.identity_number);
    TRY(store_read(cx, call->app->house.store, known_read, e));
    if (e->known_count > 0) {
        return enter_again(call, refuse_one(cx, "identity", "identity-known",
                                            "这个证件已有账户，请查找出来核验，不用重新录入"));
    }
    e->entered = true;
    TRY(person_enter(call, e));
    return call_script(call, e->script, entered);
}

/* --- verifying somebody who is known --- */

struct seeing {
    Id id;
    struct person *person;
};

static enum status seeing_read(struct cx *cx, struct sql *sql, void *arg)
{
    struct seeing *s = arg;
    return person_find(cx, sql, s->id, &s->person);
}

static enum status person_of_path(struct call *call, struct person **out)
{
    struct cx *cx = call->cx;
    struct seeing s = {0};
    TRY(window_only(call));
    TRY(call_id(call, 0, &s.id));
    TRY(store_read(cx, call->app->house.store, seeing_read, &s));
    *out = s.person;
    return s.person != NULL ? OK : FAIL(cx, E_NOT_FOUND, "not-found", "no such person");
}

/* Whoever verifies types the number from the papers: it must be the one on record. */
static enum status papers_check(struct call *call, const struct person *p, Str *type)
{
    struct cx *cx = call->cx;
    Str number = {"", 0};
    if (person_identity_read(cx, value_get(call->body, "identity"), true, instant_date(clock_now()),
                             type, &number) > 0) {
        return refuse(cx, 1);
    }
    Hash blind = keys_blind(call->app->house.keys, "identity", number);
    return hash_same(blind, p->identity_blind)
               ? OK
               : refuse_one(cx, "identity", "identity-mismatch",
                            "和账户登记的证件号码不一致，请照着证件核对");
}

enum status window_verify(struct call *call)
{
    struct cx *cx = call->cx;
    struct entering *e = arena_new(cx->arena, struct entering);
    struct person *p = NULL;
    Str type = {"", 0};
    TRY(person_of_path(call, &p));
    enum status status = papers_check(call, p, &type);
    uint32_t complaints =
        person_entry_read(cx, call->body, 0, instant_date(clock_now()), &e->entry);
    if (status != OK || complaints > 0) {
        return enter_again(call, status != OK ? status : refuse(cx, complaints));
    }
    p->name = e->entry.name.n > 0 ? e->entry.name : p->name;
    if (e->entry.phone.n > 0) { /* who has lost the old one */
        TRY(person_phone_set(cx, call->app->house.keys, p, e->entry.phone));
    }
    person_set_verified(p, "window", clock_now(), call->actor.person);
    e->person = *p;
    e->script = script_new(cx->arena);
    call->kept = e;
    person_write(e->script, cx->arena, p);
    TRY(account_audit(call, e->script, "verify-identity", p->id,
                      str_printf(cx->arena, "{\"source\":\"window\",\"court\":\"%.*s\"}",
                                 STR_ARG(call->actor.court))));
    return call_script(call, e->script, entered);
}

/* The papers of an organisation were seen: this person acts for it. */
enum status window_authorise(struct call *call)
{
    struct cx *cx = call->cx;
    struct entering *e = arena_new(cx->arena, struct entering);
    struct value *said = value_map(cx->arena);
    struct person *p = NULL;
    TRY(person_of_path(call, &p));
    value_set_text(cx->arena, said, "kind", "organisation");
    value_set(cx->arena, said, "organisation", value_get(call->body, "organisation"));
    uint32_t complaints =
        person_entry_read(cx, said, NEEDS_PROFESSION, instant_date(clock_now()), &e->entry);
    if (complaints > 0) {
        return enter_again(call, refuse(cx, complaints));
    }
    struct authorisation a = {p->id,
                              e->entry.organisation_code,
                              e->entry.organisation,
                              e->entry.capacity,
                              STR("window"),
                              call->actor.person,
                              clock_now()};
    e->person = *p;
    e->script = script_new(cx->arena);
    call->kept = e;
    authorisation_write(e->script, &a);
    TRY(account_audit(call, e->script, "verify-authority", p->id,
                      str_printf(cx->arena, "{\"organisation\":\"%.*s\"}", STR_ARG(a.code))));
    return call_script(call, e->script, entered);
}

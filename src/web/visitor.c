#include "web/visitor.h"

#include <inttypes.h>

#include "base/clock.h"
#include "record/person_entry.h"
#include "web/account.h"
#include "web/again.h"
#include "web/page_account.h"

enum { VISIT_S = 2 * 60 * 60 };

static const struct pace find_pace = {"window-find", 60, 30};

static const char cookie[] = "visitor";

static Str mark_of(struct call *call, Str person, Str until)
{
    struct arena *arena = call->cx->arena;
    Str text = str_printf(arena, "%" PRId64 " %s %s %s", call->actor.person, call->actor.court.p,
                          person.p, until.p);
    return hash_hex(arena, keys_blind(call->app->house.keys, "visitor", text));
}

void visitor_keep(struct call *call, Id person)
{
    struct arena *arena = call->cx->arena;
    Str who = str_printf(arena, "%" PRId64, person);
    Str until = str_printf(arena, "%" PRId64, clock_now() / 1000 + VISIT_S);
    cookie_set(call, cookie,
               str_printf(arena, "%s.%s.%s", who.p, until.p, mark_of(call, who, until).p), "/",
               VISIT_S);
}

struct standing {
    Id id;
    struct person *person;
};

static enum status standing_read(struct cx *cx, struct sql *sql, void *arg)
{
    struct standing *s = arg;
    return person_find(cx, sql, s->id, &s->person);
}

/* NULL where nobody stands. */
static struct person *visitor_find(struct call *call)
{
    struct cx *cx = call->cx;
    struct standing s = {0};
    Str *parts = NULL;
    int64_t until_s = 0;
    if (!str_is(call->actor.post, "window") ||
        str_split(cx->arena, http_cookie(call->http, cookie), '.', &parts) != 3 ||
        !str_int(parts[0], &s.id) || !str_int(parts[1], &until_s) || clock_now() / 1000 > until_s ||
        !str_same(parts[2], mark_of(call, parts[0], parts[1]))) {
        return NULL;
    }
    if (store_read(cx, call->app->house.store, standing_read, &s) != OK) {
        cx_forgive(cx); /* then he is entered by hand */
        return NULL;
    }
    return s.person;
}

struct value *visitor_show(struct call *call)
{
    struct cx *cx = call->cx;
    const struct person *p = visitor_find(call);
    struct value *masked = NULL;
    if (p == NULL) {
        return NULL;
    }
    if (person_masked(call, p, &masked) != OK) {
        cx_forgive(cx);
        return NULL;
    }
    struct value *view = value_map(cx->arena);
    value_set(cx->arena, view, "id", value_get(masked, "id"));
    value_set(cx->arena, view, "name", value_get(masked, "name"));
    value_set(cx->arena, view, "identity", value_get(masked, "identity"));
    value_set_text(cx->arena, view, "papers", "证件");
    for (const struct entry_option *o = entry_papers; o->value != NULL; o++) {
        if (str_is(p->identity_type, o->value)) {
            value_set_text(cx->arena, view, "papers", o->title);
        }
    }
    return view;
}

/* As the element `visitor` names the kinds of papers; NULL where one kind here is several there. */
static const char *document_of(Str type)
{
    return str_is(type, "resident-id")        ? "resident-id-card"
           : str_is(type, "passport")         ? "passport"
           : str_is(type, "hk-macao-permit")  ? "travel-permit"
           : str_is(type, "taiwan-permit")    ? "travel-permit"
           : str_is(type, "foreign-resident") ? "residence-permit"
           : str_is(type, "officer")          ? "officer-card"
                                              : NULL;
}

enum status visitor_fill(struct call *call, const struct person *p, const struct value *said,
                         struct value **out)
{
    struct cx *cx = call->cx;
    struct keys *keys = call->app->house.keys;
    struct value *known = value_map(cx->arena);
    struct value *identity = value_map(cx->arena);
    Str number = {"", 0};
    Str phone = {"", 0};
    TRY(person_identity_open(cx, keys, p, &number));
    TRY(person_phone_open(cx, keys, p, &phone));
    value_set_str(cx->arena, known, "name", p->name);
    value_set_text(cx->arena, known, "document", document_of(p->identity_type));
    value_set_str(cx->arena, identity, "type", p->identity_type);
    value_set_str(cx->arena, identity, "number", number);
    if (number.n > 0) {
        value_set(cx->arena, known, "identity", identity);
    }
    if (phone.n > 0) {
        value_set_str(cx->arena, known, "phone", phone);
    }
    *out = value_is_map(said) ? value_merge(cx->arena, said, known) : known;
    return OK;
}

struct value *visitor_values(struct call *call)
{
    struct cx *cx = call->cx;
    const struct person *p = visitor_find(call);
    struct value *visitor = NULL;
    int64_t shown = 0;
    if (p == NULL || !str_int(value_get_str(call->body, "_visitor"), &shown) || shown != p->id) {
        return NULL;
    }
    if (visitor_fill(call, p, NULL, &visitor) != OK) {
        cx_forgive(cx);
        return NULL;
    }
    return visitor;
}

/* --- finding him --- */

static enum status look_read(struct cx *cx, struct sql *sql, void *arg)
{
    struct visitor_look *look = arg;
    return person_list_identity(cx, sql, look->blind, &look->people, &look->count);
}

/* A number may have two accounts: one that was entered at a window, one that he made himself. */
static const struct person *one_of(const struct visitor_look *look)
{
    const struct person *one = NULL;
    uint32_t verified = 0;
    for (uint32_t i = 0; i < look->count; i++) {
        if (look->count == 1 || look->people[i].verified.n > 0) {
            one = &look->people[i];
            verified += 1;
        }
    }
    return verified == 1 ? one : NULL;
}

enum status visitor_look_up(struct call *call, const struct value *identity,
                            struct visitor_look *out)
{
    struct cx *cx = call->cx;
    const struct house *house = &call->app->house;
    if (person_identity_read(cx, identity, true, instant_date(clock_now()), &out->type,
                             &out->number) > 0) {
        cx_arg(cx, "count", STR("1"));
        return FAIL(cx, E_INPUT, "fields", "no number of papers");
    }
    TRY(pace_check(call, &find_pace, viewer_person(cx->arena, call->actor.person)));
    out->blind = keys_blind(house->keys, "identity", out->number);
    TRY(store_read(cx, house->store, look_read, out));
    out->one = one_of(out);
    return OK;
}

enum status visitor_look_audit(struct call *call, const struct visitor_look *look,
                               struct script *script)
{
    return account_audit(call, script, "look-up-identity", look->count > 0 ? look->people[0].id : 0,
                         str_printf(call->cx->arena, "{\"found\":%" PRIu32 "}", look->count));
}

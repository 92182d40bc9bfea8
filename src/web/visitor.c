#include "web/visitor.h"

#include <inttypes.h>

#include "base/clock.h"
#include "record/person_secret.h"
#include "web/account.h"
#include "web/again.h"
#include "web/page_account.h"

enum { VISIT_S = 2 * 60 * 60 };

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

struct value *visitor_values(struct call *call)
{
    struct cx *cx = call->cx;
    const struct person *p = visitor_find(call);
    Str number = {"", 0};
    Str phone = {"", 0};
    int64_t shown = 0;
    if (p == NULL || !str_int(value_get_str(call->body, "_visitor"), &shown) || shown != p->id) {
        return NULL;
    }
    if (person_identity_open(cx, call->app->house.keys, p, &number) != OK ||
        person_phone_open(cx, call->app->house.keys, p, &phone) != OK) {
        cx_forgive(cx);
        return NULL;
    }
    struct value *visitor = value_map(cx->arena);
    struct value *identity = value_map(cx->arena);
    value_set_str(cx->arena, visitor, "name", p->name);
    value_set_text(cx->arena, visitor, "document", document_of(p->identity_type));
    value_set_str(cx->arena, identity, "type", p->identity_type);
    value_set_str(cx->arena, identity, "number", number);
    if (number.n > 0) {
        value_set(cx->arena, visitor, "identity", identity);
    }
    if (phone.n > 0) {
        value_set_str(cx->arena, visitor, "phone", phone);
    }
    return visitor;
}

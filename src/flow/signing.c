#include "flow/signing.h"

#include <inttypes.h>

#include "base/clock.h"
#include "base/json.h"
#include "law/identifier.h"

static const char *const names[] = {
    [SIGNING_WAITS] = "waiting",   [SIGNING_HOLDS] = "signed",    [SIGNING_FELL] = "fallen",
    [SIGNING_REFUSED] = "refused", [SIGNING_EXPIRED] = "expired", [SIGNING_LOCKED] = "locked",
};

const char *signing_standing_name(enum signing_standing standing)
{
    return names[standing];
}

enum signing_standing signing_standing_of(const struct signing *s, Str digest, Instant now)
{
    if (str_is(s->state, "signed")) {
        return str_same(s->digest, digest) ? SIGNING_HOLDS : SIGNING_FELL;
    }
    if (str_is(s->state, "refused")) {
        return SIGNING_REFUSED;
    }
    if (now >= s->expires) {
        return SIGNING_EXPIRED;
    }
    return s->tries >= SIGNING_TRIES_MAX ? SIGNING_LOCKED : SIGNING_WAITS;
}

bool signing_is_of(const struct act *act)
{
    for (uint32_t i = 0; i < act->form_count; i++) {
        if (act->form[i]->type == FIELD_SIGNATURE && text_is(act->form[i]->name, "signature")) {
            return true;
        }
    }
    return false;
}

/* --- what is signed --- */

/* In its normal form whatever was typed: an empty box and none are the same. */
static struct value *values_signed(struct cx *cx, const struct ask *ask)
{
    struct field_world world = {.tables = ask->tables, .today = instant_date(ask->now)};
    struct failure before = cx->failure;
    struct value *values = value_map(cx->arena);
    cx_forgive(cx);
    for (uint32_t i = 0; i < ask->act->form_count; i++) {
        const struct field *field = ask->act->form[i];
        const struct value *v = value_get(ask->values, field->name);
        if (field_is_last(field) || value_is_empty(v)) {
            continue;
        }
        struct value *one = value_map(cx->arena);
        value_set(cx->arena, one, field->name, v);
        one = fields_check(cx, field, 1, &world, one, STR(""));
        if (!value_is_empty(value_get(one, field->name))) {
            value_set(cx->arena, values, field->name, value_get(one, field->name));
        }
    }
    cx->failure = before; /* whether it is right is for others to say */
    return values;
}

static struct value *files_signed(struct cx *cx, const struct matter *m)
{
    struct value *list = value_list(cx->arena);
    for (uint32_t i = 0; i < m->material_count; i++) {
        const struct material *file = &m->materials[i];
        if (file->removed == 0) {
            struct value *row = value_map(cx->arena);
            value_set_str(cx->arena, row, "kind", file->kind);
            value_set_str(cx->arena, row, "name", file->name);
            /* Of joined pages the list: their PDF is only made of it. */
            value_set_str(
                cx->arena, row, "sm3",
                hash_hex(cx->arena, material_is_joined(file) ? file->pages_sm3 : file->sm3));
            value_add(cx->arena, list, row);
        }
    }
    return list;
}

Str signing_digest(struct cx *cx, const struct ask *ask)
{
    struct arena *arena = cx->arena;
    struct value *whole = value_map(arena);
    value_set_text(arena, whole, "procedure", ask->procedure->name);
    value_set_text(arena, whole, "act", ask->act->name);
    value_set_str(arena, whole, "court", ask->matter->court);
    value_set(arena, whole, "values", values_signed(cx, ask));
    value_set(arena, whole, "materials", files_signed(cx, ask->matter));
    return values_digest(arena, whole);
}

/* --- who could sign --- */

static Str number_of(const struct value *identity)
{
    return value_is_map(identity) ? value_get_str(identity, "number") : value_as_str(identity);
}

static Str mobile_of(struct cx *cx, const struct value *who)
{
    struct identifier read;
    Str phone = value_get_str(who, "phone");
    return identifier_read(cx->arena, IDENTIFIER_MOBILE, phone, DATE_NONE, &read) ? read.normal
                                                                                  : STR("");
}

/* The one by whose hand a party signs: itself, its guardian, its officer, its operator. */
static struct signatory hand_of(struct cx *cx, const struct value *party, const char *role)
{
    static const struct {
        const char *field;
        const char *title;
    } hands[] = {
        {"guardian", "法定代理人"}, {"officer", "法定代表人或者负责人"}, {"operator", "经营者"}};

    Str name = value_get_str(party, "name");
    struct signatory s = {.name = name,
                          .capacity = str_of(role),
                          .phone = mobile_of(cx, party),
                          .identity = number_of(value_get(party, "identity"))};
    for (size_t i = 0; i < sizeof hands / sizeof hands[0]; i++) {
        Str hand = value_get_str(party, hands[i].field);
        if (hand.n > 0) {
            s.name = hand;
            s.identity = STR(""); /* that is the party's */
            s.capacity = str_printf(cx->arena, "%s%.*s的%s", role, STR_ARG(name), hands[i].title);
        }
    }
    return s;
}

static bool takes_act(const struct act *act, Str role)
{
    for (uint32_t i = 0; i < act->by_count; i++) {
        if (act->by[i].kind == ACTOR_PARTY && str_is(role, act->by[i].name)) {
            return true;
        }
    }
    return false;
}

static void candidate_add(struct cx *cx, struct signatory *all, uint32_t *count, struct signatory s,
                          Str place)
{
    s.name = str_trim(cx->arena, s.name);
    s.place = place;
    if (s.name.n > 0) {
        all[(*count)++] = s;
    }
}

uint32_t signing_candidates(struct cx *cx, const struct ask *ask, struct signatory **out)
{
    enum { AGENTS_MAX = 2 };

    const struct value *parties = value_get(ask->values, "parties");
    uint32_t room = value_count(parties) * (1 + AGENTS_MAX);
    struct signatory *all = arena_array(cx->arena, struct signatory, room);
    uint32_t count = 0;
    for (uint32_t i = 0; value_is_list(parties) && i < parties->count; i++) {
        const struct value *party = value_item(parties, i);
        const struct value *agents = value_get(party, "agents");
        Str role = value_get_str(party, "role");
        const char *title = procedure_role_title(ask->procedure, role, ask->values);
        if (!takes_act(ask->act, role)) {
            continue;
        }
        candidate_add(cx, all, &count, hand_of(cx, party, title),
                      str_printf(cx->arena, "parties.%" PRIu32, i));
        for (uint32_t k = 0; value_is_list(agents) && k < agents->count && k < AGENTS_MAX; k++) {
            const struct value *agent = value_item(agents, k);
            struct signatory s = {.name = value_get_str(agent, "name"),
                                  .capacity = str_printf(cx->arena, "%s%s的委托诉讼代理人", title,
                                                         value_get_str(party, "name").p),
                                  .phone = mobile_of(cx, agent),
                                  .identity = STR("")};
            candidate_add(cx, all, &count, s,
                          str_printf(cx->arena, "parties.%" PRIu32 ".agents.%" PRIu32, i, k));
        }
    }
    *out = all;
    return count;
}

/* --- those asked --- */

struct asked_look {
    Id matter;
    struct signing *list;
    uint32_t count;
};

static enum status asked_read(struct cx *cx, struct sql *sql, void *arg)
{
    struct asked_look *look = arg;
    return signing_list(cx, sql, look->matter, &look->list, &look->count);
}

enum status signing_asked(struct cx *cx, const struct house *house, Id matter, const char *act,
                          struct signing **out, uint32_t *count)
{
    struct asked_look look = {.matter = matter};
    TRY(store_read(cx, house->store, asked_read, &look));
    *out = look.list;
    *count = 0;
    for (uint32_t i = 0; i < look.count; i++) {
        if (str_is(look.list[i].act, act)) {
            look.list[(*count)++] = look.list[i];
        }
    }
    return OK;
}

enum status signing_kept(struct cx *cx, const struct house *house, const struct matter *m,
                         const char *act, struct value **out)
{
    struct signing *list = NULL;
    uint32_t count = 0;
    *out = value_list(cx->arena);
    TRY(signing_asked(cx, house, m->id, act, &list, &count));
    for (uint32_t i = 0; i < count; i++) {
        struct value *said = NULL;
        struct value *kept = value_map(cx->arena);
        TRY(signing_said_open(cx, house->keys, m->wrapped_key, list[i].said, &said));
        value_set_str(cx->arena, kept, "name", list[i].name);
        value_set_str(cx->arena, kept, "capacity", list[i].capacity);
        value_set(cx->arena, kept, "method", value_get(said, "method"));
        if (value_get(said, "png") != NULL) {
            value_set(cx->arena, kept, "png", value_get(said, "png"));
        }
        value_set_str(cx->arena, kept, "confirmed", list[i].confirmed);
        value_set_str(cx->arena, kept, "signed", list[i].digest);
        value_set_str(cx->arena, kept, "at", instant_format(cx->arena, list[i].done));
        value_add(cx->arena, *out, kept);
    }
    return OK;
}

/* --- with a certificate of one's own --- */

struct certificate_look {
    Str serial;
    struct certificate *found;
};

static enum status certificate_look(struct cx *cx, struct sql *sql, void *arg)
{
    struct certificate_look *look = arg;
    return certificate_get(cx, sql, look->serial, &look->found);
}

enum status signing_certificate(struct cx *cx, const struct house *house, Id person, Str serial,
                                struct certificate **out)
{
    struct certificate_look look = {.serial = serial};
    Str holder = certificate_holder_person(cx->arena, person);
    TRY(store_read(cx, house->store, certificate_look, &look));
    bool own = look.found != NULL && look.found->scheme == CERT_SM2 &&
               str_same(look.found->holder, holder);
    *out = own ? look.found : NULL;
    return OK;
}

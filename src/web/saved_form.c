/* What is kept of a form, and what fills one: the two ways between a draft and the list. */
#include <inttypes.h>
#include <string.h>

#include "flow/values.h"
#include "law/identifier.h"
#include "web/saved.h"

static const struct saved_kind kinds[] = {
    {"party", "当事人", "parties"},
    {"agent", "代理人", "parties"},
    {"address", "送达地址", "service-address"},
    {"account", "收款账户", ""},
};

enum { KINDS = sizeof kinds / sizeof kinds[0] };

const struct saved_kind *saved_kind_find(Str name)
{
    for (size_t i = 0; i < KINDS; i++) {
        if (str_is(name, kinds[i].name)) {
            return &kinds[i];
        }
    }
    return NULL;
}

static const struct field *account_of(const struct field *group)
{
    for (uint32_t i = 0; group->type == FIELD_GROUP && i < group->field_count; i++) {
        if (group->fields[i].type == FIELD_BANK_ACCOUNT) {
            return &group->fields[i];
        }
    }
    return NULL;
}

/* The group or item whose fields are kept. */
static const struct field *holder_of(const struct procedure *p, const struct saved_kind *kind)
{
    for (uint32_t i = 0; i < p->element_count; i++) {
        const struct field *f = &p->elements[i];
        if (kind->element[0] == '\0' ? account_of(f) != NULL : text_is(f->name, kind->element)) {
            return text_is(kind->name, "agent")
                       ? field_find(f->fields, f->field_count, STR("agents"))
                       : f;
        }
    }
    return NULL;
}

/* Which side one is on, and who acts for him, belongs to the matter. */
static bool is_kept(const struct saved_kind *kind, const struct field *field)
{
    return text_is(kind->name, "account")
               ? field->type == FIELD_BANK_ACCOUNT
               : !text_is(field->name, "role") && field->type != FIELD_LIST;
}

uint32_t saved_fields(struct call *call, const struct procedure *procedure,
                      const struct saved_kind *kind, struct field **out)
{
    const struct procedures *all = call->app->house.procedures;
    const struct procedure *p =
        procedure != NULL ? procedure : procedure_find(all, STR("civil-first-instance-filing"), 0);
    const struct field *holder = p == NULL ? NULL : holder_of(p, kind);
    uint32_t count = 0;
    *out = arena_array(call->cx->arena, struct field, holder == NULL ? 0 : holder->field_count);
    for (uint32_t i = 0; holder != NULL && i < holder->field_count; i++) {
        if (is_kept(kind, &holder->fields[i])) {
            (*out)[count++] = holder->fields[i];
        }
    }
    return count;
}

/* --- keeping --- */

static struct value *picked(struct arena *arena, const struct field *fields, uint32_t count,
                            const struct value *from)
{
    struct value *value = value_map(arena);
    for (uint32_t i = 0; i < count; i++) {
        const struct value *v = value_get(from, fields[i].name);
        if (!value_is_empty(v)) {
            value_set(arena, value, fields[i].name, v);
        }
    }
    return value;
}

struct keeping {
    struct call *call;
    const struct procedure *procedure;
    struct person *person;
    struct script *script;
    uint32_t count;
};

static enum status keeping_read(struct cx *cx, struct sql *sql, void *arg)
{
    struct keeping *k = arg;
    return person_find(cx, sql, k->call->actor.person, &k->person);
}

static bool has_name(const struct value *v)
{
    return value_get_str(v, "name").n > 0 || value_get_str(v, "recipient").n > 0;
}

static enum status keep_one(struct keeping *k, const char *kind_name, const struct value *from)
{
    struct call *call = k->call;
    struct cx *cx = call->cx;
    const struct saved_kind *kind = saved_kind_find(str_of(kind_name));
    struct field *fields = NULL;
    uint32_t count = saved_fields(call, k->procedure, kind, &fields);
    struct value *value = picked(cx->arena, fields, count, from);
    struct saved s = {
        .person = call->actor.person, .kind = str_of(kind->name), .used = clock_now()};
    if (value->count == 0 || (!text_is(kind->name, "account") && !has_name(value))) {
        return OK;
    }
    s.mark = saved_mark(cx, call->app->house.keys, s.kind, value);
    TRY(sequence_next(cx, call->app->house.sequence, &s.id));
    TRY(saved_seal(cx, call->app->house.keys, k->person->wrapped_key, value, &s.sealed));
    saved_write(k->script, cx->arena, &s);
    k->count++;
    return OK;
}

static enum status keep_parties(struct keeping *k, const struct value *parties)
{
    struct cx *cx = k->call->cx;
    for (uint32_t i = 0; value_is_list(parties) && i < parties->count; i++) {
        const struct value *agents = value_get(value_item(parties, i), "agents");
        TRY(keep_one(k, "party", value_item(parties, i)));
        for (uint32_t n = 0; value_is_list(agents) && n < agents->count; n++) {
            TRY(keep_one(k, "agent", value_item(agents, n)));
        }
    }
    return OK;
}

enum status saved_collect(struct call *call, const struct procedure *procedure,
                          const struct field *group, const struct value *values,
                          struct script *script, uint32_t *count)
{
    struct cx *cx = call->cx;
    struct keeping k = {.call = call, .procedure = procedure, .script = script};
    const struct value *v = value_get(values, group->name);
    TRY(store_read(cx, call->app->house.store, keeping_read, &k));
    if (k.person != NULL && text_is(group->name, "parties")) {
        TRY(keep_parties(&k, v));
    } else if (k.person != NULL && text_is(group->name, "service-address")) {
        TRY(keep_one(&k, "address", v));
    } else if (k.person != NULL && account_of(group) != NULL) {
        TRY(keep_one(&k, "account", v));
    }
    *count = k.count;
    return OK;
}

/* --- what can be chosen --- */

struct choosing {
    struct call *call;
    struct person *person;
    struct saved *list;
    uint32_t count;
    struct saved *one;
    Id id;
};

static enum status choosing_read(struct cx *cx, struct sql *sql, void *arg)
{
    struct choosing *c = arg;
    Id person = c->call->actor.person;
    TRY(person_find(cx, sql, person, &c->person));
    return c->id != 0 ? saved_find(cx, sql, person, c->id, &c->one)
                      : saved_list(cx, sql, person, STR(""), &c->list, &c->count);
}

/* 林晓舟（110105********002X）: enough to tell two of one name apart. */
static Str label_of(struct arena *arena, const struct saved_kind *kind, const struct value *v)
{
    const struct value *identity = value_get(v, "identity");
    Str name = value_get_str(v, "name");
    Str number =
        value_is_map(identity) ? value_get_str(identity, "number") : value_as_str(identity);
    Str more = value_get_str(v, "code");
    if (text_is(kind->name, "account")) {
        Str account = {"", 0};
        for (uint32_t i = 0; i < value_count(v); i++) {
            account = value_as_str(v->as.members[i].value);
        }
        return identifier_mask(arena, IDENTIFIER_BANK_CARD, account);
    }
    if (text_is(kind->name, "address")) {
        name = value_get_str(v, "recipient");
        const struct value *address = value_get(v, "address");
        more = value_is_map(address) ? value_get_str(address, "detail") : value_as_str(address);
    } else if (text_is(kind->name, "agent")) {
        more = value_get_str(v, "firm");
    } else if (number.n > 0) {
        more = identifier_mask(arena, IDENTIFIER_RESIDENT_ID, number);
    }
    return more.n == 0 ? name : str_printf(arena, "%s（%s）", name.p, more.p);
}

Str saved_label(struct arena *arena, const struct saved_kind *kind, const struct value *v)
{
    return label_of(arena, kind, v);
}

static bool offers(const struct saved_kind *kind, const struct field *group)
{
    return kind->element[0] == '\0' ? account_of(group) != NULL
                                    : text_is(group->name, kind->element);
}

static struct value *roles_of(struct arena *arena, const struct field *group)
{
    struct value *list = value_list(arena);
    const struct field *role = field_find(group->fields, group->field_count, STR("role"));
    for (uint32_t i = 0; role != NULL && i < role->option_count; i++) {
        struct value *row = value_map(arena);
        value_set_text(arena, row, "value", role->options[i].value);
        value_set_text(arena, row, "title", role->options[i].title);
        value_add(arena, list, row);
    }
    return list;
}

struct value *saved_choices(struct call *call, const struct act_form *form,
                            const struct field *group)
{
    struct cx *cx = call->cx;
    struct choosing c = {.call = call};
    struct value *options = value_list(cx->arena);
    bool wanted = false;
    (void)form;
    for (size_t i = 0; i < KINDS; i++) {
        wanted = wanted || offers(&kinds[i], group);
    }
    if (!wanted || call->actor.post.n > 0) {
        return NULL;
    }
    if (store_read(cx, call->app->house.store, choosing_read, &c) != OK || c.person == NULL) {
        cx_forgive(cx);
        return NULL;
    }
    for (uint32_t i = 0; i < c.count; i++) {
        const struct saved_kind *kind = saved_kind_find(c.list[i].kind);
        struct value *v = NULL;
        if (kind == NULL || !offers(kind, group)) {
            continue;
        }
        if (saved_open(cx, call->app->house.keys, c.person->wrapped_key, c.list[i].sealed, &v) !=
            OK) {
            cx_forgive(cx); /* one that cannot be read is not offered */
            continue;
        }
        struct value *row = value_map(cx->arena);
        value_set_str(cx->arena, row, "id", str_printf(cx->arena, "%" PRId64, c.list[i].id));
        value_set_str(cx->arena, row, "label",
                      str_printf(cx->arena, "%s：%s", kind->title, label_of(cx->arena, kind, v).p));
        value_add(cx->arena, options, row);
    }
    struct value *view = value_map(cx->arena);
    struct value *roles = roles_of(cx->arena, group);
    value_set(cx->arena, view, "options", options);
    value_set_bool(cx->arena, view, "has_options", options->count > 0);
    value_set(cx->arena, view, "roles", roles);
    value_set_bool(cx->arena, view, "has_roles", roles->count > 0);
    return view;
}

/* --- filling --- */

/* Where an item goes: in place of the same one, of the first that has no name yet, else behind. */
static uint32_t place_of(const struct value *list, Str name)
{
    uint32_t empty = value_count(list);
    for (uint32_t i = 0; i < value_count(list); i++) {
        Str there = value_get_str(value_item(list, i), "name");
        if (there.n > 0 && str_same(there, name)) {
            return i;
        }
        empty = there.n == 0 && i < empty ? i : empty;
    }
    return empty;
}

static struct value *put_item(struct arena *arena, const struct value *list, uint32_t at,
                              const struct value *item)
{
    struct value *filled = value_list(arena);
    for (uint32_t i = 0; i < value_count(list); i++) {
        value_add(arena, filled, i == at ? item : value_item(list, i));
    }
    if (at >= value_count(list)) {
        value_add(arena, filled, item);
    }
    return filled;
}

static struct value *party_filled(struct arena *arena, const struct field *group,
                                  const struct value *parties, const struct value *v, Str role)
{
    const struct field *roles = field_find(group->fields, group->field_count, STR("role"));
    uint32_t at = place_of(parties, value_get_str(v, "name"));
    struct value *item = value_merge(arena, value_item(parties, at), v);
    bool known = false;
    for (uint32_t i = 0; roles != NULL && i < roles->option_count; i++) {
        known = known || str_is(role, roles->options[i].value);
    }
    if (known) {
        value_set_str(arena, item, "role", role);
    } else if (value_get_str(item, "role").n == 0 && roles != NULL && roles->option_count > 0) {
        value_set_text(arena, item, "role", roles->options[0].value);
    }
    return put_item(arena, parties, at, item);
}

/* Of the first party of that role that has room for one; role "" takes the first there is. */
static struct value *agent_filled(struct arena *arena, const struct value *parties,
                                  const struct value *v, Str role)
{
    enum { AGENTS_MAX = 2 };

    for (uint32_t i = 0; i < value_count(parties); i++) {
        const struct value *party = value_item(parties, i);
        const struct value *agents = value_get(party, "agents");
        uint32_t at = place_of(agents, value_get_str(v, "name"));
        bool his = role.n == 0 || str_same(value_get_str(party, "role"), role);
        if (his && at < AGENTS_MAX) {
            struct value *item = value_merge(arena, party, NULL);
            value_set(arena, item, "agents",
                      put_item(arena, agents, at, value_merge(arena, value_item(agents, at), v)));
            return put_item(arena, parties, i, item);
        }
    }
    return NULL;
}

static const struct field *group_for(const struct act_form *form, const struct saved_kind *kind)
{
    for (uint32_t i = 0; i < form->form.field_count; i++) {
        if (offers(kind, &form->form.fields[i])) {
            return &form->form.fields[i];
        }
    }
    return NULL;
}

static struct value *filled(struct arena *arena, const struct saved_kind *kind,
                            const struct field *group, const struct value *there,
                            const struct value *v, Str role)
{
    if (text_is(kind->name, "party")) {
        return party_filled(arena, group, there, v, role);
    }
    if (text_is(kind->name, "agent")) {
        return agent_filled(arena, there, v, role);
    }
    const struct field *account = account_of(group);
    if (account != NULL) { /* the box may have another name in this form */
        struct value *one = value_map(arena);
        value_set(arena, one, account->name, v->as.members[0].value);
        v = one;
    }
    return value_merge(arena, there, v);
}

enum status saved_fill(struct call *call, const struct act_form *form, Id id, Str role,
                       const struct value *said, struct value **out)
{
    struct cx *cx = call->cx;
    struct choosing c = {.call = call, .id = id};
    struct value *v = NULL;
    TRY(store_read(cx, call->app->house.store, choosing_read, &c));
    const struct saved_kind *kind = c.one == NULL ? NULL : saved_kind_find(c.one->kind);
    if (kind == NULL || c.person == NULL) {
        return FAIL(cx, E_NOT_FOUND, "not-found", "nothing saved under %" PRId64, id);
    }
    const struct field *group = group_for(form, kind);
    TRY(saved_open(cx, call->app->house.keys, c.person->wrapped_key, c.one->sealed, &v));
    struct value *all = value_merge(cx->arena, said, NULL);
    if (group != NULL && value_count(v) > 0) {
        const struct value *there = value_get(all, group->name);
        there = there == NULL ? value_get(form->values, group->name) : there;
        struct value *now = filled(cx->arena, kind, group, there, v, role);
        if (now != NULL) {
            value_set(cx->arena, all, group->name, now);
            *out = all;
            return OK;
        }
    }
    (void)cx_error(cx, "_pick", "saved-no-room", "这里放不下：请先填写当事人，或者删去一名代理人");
    cx_arg(cx, "count", STR("1"));
    return FAIL(cx, E_INPUT, "fields", "%s does not fit this form", kind->name);
}

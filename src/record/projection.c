/* The projection of a matter: what its events add up to.
 *
 * Instants are numbers, hashes hex. Left out, because they change without an act or belong to
 * somebody's desk: revision, groups, head, events, updated, a material's scan status, a paper's
 * PDF, a clock's next wake. */
#include <inttypes.h>

#include "base/json.h"
#include "record/matter.h"

static void put_row(struct arena *arena, struct value *section, int64_t n, const struct value *row)
{
    value_set_key(arena, section, str_printf(arena, "%" PRId64, n), row);
}

static void put_hash(struct arena *arena, struct value *row, const char *name, Hash hash)
{
    if (!hash_is_zero(hash)) {
        value_set_str(arena, row, name, hash_hex(arena, hash));
    }
}

static void put_instant(struct arena *arena, struct value *row, const char *name, Instant at)
{
    if (at != 0) {
        value_set_int(arena, row, name, at);
    }
}

static struct value *people_of(struct arena *arena, const struct matter *m)
{
    struct value *section = value_map(arena);
    for (uint32_t i = 0; i < m->attachment_count; i++) {
        const struct attachment *a = &m->attachments[i];
        struct value *row = value_map(arena);
        value_set_str(arena, row, "role", a->role);
        value_set_int(arena, row, "party", a->party);
        value_set_str(arena, row, "how", a->how);
        value_set_str(arena, row, "authority", a->authority);
        value_set_int(arena, row, "since", a->since);
        put_instant(arena, row, "until", a->until);
        value_set_key(
            arena, section,
            str_printf(arena, "%" PRId64 "/%.*s/%" PRId64, a->person, STR_ARG(a->role), a->party),
            row);
    }
    return section;
}

static struct value *parties_of(struct arena *arena, const struct matter *m)
{
    struct value *section = value_map(arena);
    for (uint32_t i = 0; i < m->party_count; i++) {
        const struct party *p = &m->parties[i];
        struct value *row = value_map(arena);
        value_set_str(arena, row, "role", p->role);
        value_set_str(arena, row, "kind", p->kind);
        value_set_str(arena, row, "name", p->name);
        put_hash(arena, row, "identity", p->identity_blind);
        put_row(arena, section, p->n, row);
    }
    return section;
}

static struct value *materials_of(struct arena *arena, const struct matter *m)
{
    struct value *section = value_map(arena);
    for (uint32_t i = 0; i < m->material_count; i++) {
        const struct material *f = &m->materials[i];
        struct value *row = value_map(arena);
        value_set_str(arena, row, "kind", f->kind);
        value_set_str(arena, row, "name", f->name);
        value_set_str(arena, row, "type", f->type);
        value_set_int(arena, row, "size", f->size);
        put_hash(arena, row, "sm3", f->sm3);
        value_set_int(arena, row, "person", f->person);
        value_set_int(arena, row, "at", f->at);
        put_instant(arena, row, "removed", f->removed);
        if (f->active.n > 0) {
            value_set_str(arena, row, "active", f->active);
        }
        if (f->began != 0) { /* rows of before it was recorded hash as they did */
            value_set_int(arena, row, "began", f->began);
        }
        if (f->pages > 0) {
            value_set_int(arena, row, "pages", f->pages);
        }
        if (material_is_joined(f)) {
            put_hash(arena, row, "pages_sm3", f->pages_sm3);
        }
        put_row(arena, section, f->n, row);
    }
    return section;
}

static struct value *papers_of(struct arena *arena, const struct matter *m)
{
    struct value *section = value_map(arena);
    for (uint32_t i = 0; i < m->paper_count; i++) {
        const struct paper *p = &m->papers[i];
        struct value *row = value_map(arena);
        value_set_str(arena, row, "kind", p->kind);
        value_set_str(arena, row, "title", p->title);
        value_set_str(arena, row, "number", p->number);
        value_set_int(arena, row, "event", p->event);
        value_set_str(arena, row, "inputs", hash_hex(arena, hash_str(p->inputs)));
        put_hash(arena, row, "template", p->template_sm3);
        value_set_int(arena, row, "at", p->at);
        if (p->seal.n > 0) { /* rows of before there were seals hash as they did */
            value_set_str(arena, row, "seal", p->seal);
            put_instant(arena, row, "sealed", p->sealed);
            value_set_str(arena, row, "sealed_by", p->sealed_by);
        }
        if (p->signer.n > 0) {
            value_set_str(arena, row, "signer", p->signer);
        }
        put_row(arena, section, p->n, row);
    }
    return section;
}

static struct value *clocks_of(struct arena *arena, const struct matter *m)
{
    struct value *section = value_map(arena);
    for (uint32_t i = 0; i < m->clock_count; i++) {
        const struct clock_row *c = &m->clocks[i];
        struct value *row = value_map(arena);
        value_set_str(arena, row, "name", c->name);
        value_set_str(arena, row, "law", c->law);
        value_set_str(arena, row, "unit", c->unit);
        value_set_int(arena, row, "length", c->length);
        value_set_int(arena, row, "started", c->started);
        value_set_int(arena, row, "due", c->due);
        value_set_str(arena, row, "tables", c->tables);
        put_instant(arena, row, "stopped", c->stopped);
        put_instant(arena, row, "breached", c->breached);
        put_row(arena, section, c->n, row);
    }
    return section;
}

static struct value *links_of(struct arena *arena, const struct matter *m)
{
    struct value *section = value_map(arena);
    for (uint32_t i = 0; i < m->link_count; i++) {
        struct value *row = value_map(arena);
        value_set_str(arena, row, "rel", m->links[i].rel);
        value_set_key(
            arena, section,
            str_printf(arena, "%" PRId64 "/%.*s", m->links[i].other, STR_ARG(m->links[i].rel)),
            row);
    }
    return section;
}

static struct value *ledger_of(struct arena *arena, const struct matter *m)
{
    struct value *section = value_map(arena);
    for (uint32_t i = 0; i < m->ledger_count; i++) {
        const struct ledger_row *l = &m->ledger[i];
        struct value *row = value_map(arena);
        value_set_str(arena, row, "kind", l->kind);
        value_set_int(arena, row, "amount", l->amount);
        value_set_int(arena, row, "at", l->at);
        put_row(arena, section, l->n, row);
    }
    return section;
}

struct value *matter_projection(struct arena *arena, const struct matter *m)
{
    struct value *head = value_map(arena);
    value_set_str(arena, head, "procedure", m->procedure);
    value_set_int(arena, head, "version", m->version);
    value_set_str(arena, head, "state", m->state);
    value_set_str(arena, head, "court", m->court);
    value_set_str(arena, head, "title", m->title);
    value_set_str(arena, head, "case_number", m->case_number);
    value_set_int(arena, head, "owner", m->owner);
    value_set_int(arena, head, "created", m->created);
    put_instant(arena, head, "arrived", m->arrived);
    struct value *projection = value_map(arena);
    value_set(arena, projection, "matter", head);
    value_set(arena, projection, "values", m->values);
    value_set(arena, projection, "parties", parties_of(arena, m));
    value_set(arena, projection, "people", people_of(arena, m));
    value_set(arena, projection, "materials", materials_of(arena, m));
    value_set(arena, projection, "papers", papers_of(arena, m));
    value_set(arena, projection, "clocks", clocks_of(arena, m));
    value_set(arena, projection, "links", links_of(arena, m));
    value_set(arena, projection, "ledger", ledger_of(arena, m));
    return projection;
}

Hash projection_hash(struct arena *arena, const struct value *projection)
{
    return hash_str(json_canonical(arena, projection));
}

/* Members of `after` that differ, and null for those that are gone, one level down. */
static struct value *section_change(struct arena *arena, const struct value *before,
                                    const struct value *after)
{
    struct value *change = value_map(arena);
    for (uint32_t i = 0; i < value_count(after); i++) {
        Str key = after->as.members[i].key;
        if (!value_same(value_get_key(before, key), after->as.members[i].value)) {
            value_set_key(arena, change, key, after->as.members[i].value);
        }
    }
    for (uint32_t i = 0; i < value_count(before); i++) {
        Str key = before->as.members[i].key;
        if (value_get_key(after, key) == NULL) {
            value_set_key(arena, change, key, value_null(arena));
        }
    }
    return change;
}

struct value *projection_change(struct arena *arena, const struct value *before,
                                const struct value *after)
{
    struct value *change = value_map(arena);
    for (uint32_t i = 0; i < value_count(after); i++) {
        Str key = after->as.members[i].key;
        struct value *part =
            section_change(arena, value_get_key(before, key), after->as.members[i].value);
        if (value_count(part) > 0) {
            value_set_key(arena, change, key, part);
        }
    }
    return change;
}

struct value *projection_apply(struct arena *arena, const struct value *before,
                               const struct value *change)
{
    struct value *after = value_map(arena);
    for (uint32_t i = 0; i < value_count(before); i++) {
        value_set_key(arena, after, before->as.members[i].key, before->as.members[i].value);
    }
    for (uint32_t i = 0; i < value_count(change); i++) {
        Str key = change->as.members[i].key;
        const struct value *part = change->as.members[i].value;
        struct value *section = value_map(arena);
        const struct value *old = value_get_key(before, key);
        for (uint32_t k = 0; k < value_count(old); k++) {
            value_set_key(arena, section, old->as.members[k].key, old->as.members[k].value);
        }
        for (uint32_t k = 0; k < value_count(part); k++) {
            if (value_is_null(part->as.members[k].value)) {
                value_remove(section, part->as.members[k].key.p);
            } else {
                value_set_key(arena, section, part->as.members[k].key, part->as.members[k].value);
            }
        }
        value_set_key(arena, after, key, section);
    }
    return after;
}

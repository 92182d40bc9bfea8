/* Loading and writing. The projection is in projection.c. */
#include "record/matter.h"

#include <string.h>

#include "base/check.h"
#include "base/json.h"

static Hash hash_cell(const struct rows *rows, uint32_t row, uint32_t column)
{
    Hash hash = {{0}};
    Str bytes = row_str(rows, row, column);
    if (bytes.n == HASH_BYTES) {
        memcpy(hash.b, bytes.p, HASH_BYTES);
    }
    return hash;
}

static struct sql_value hash_arg(struct arena *arena, Hash hash)
{
    return hash_is_zero(hash) ? SQL_N : SQL_B(arena_copy(arena, hash.b, HASH_BYTES), HASH_BYTES);
}

static struct sql_value instant_arg(Instant at)
{
    return at == 0 ? SQL_N : SQL_I(at);
}

/* --- growing arrays: room is always the least power of two from 8 up that holds the count --- */

static uint32_t room_for(uint32_t count)
{
    uint32_t room = 8;
    while (room < count) {
        room *= 2;
    }
    return room;
}

static void *array_room(struct arena *arena, uint32_t count, size_t size)
{
    return arena_room(arena, size * room_for(count)); /* a row is cleared as it is added */
}

static void *array_add(struct arena *arena, void *items, uint32_t *count, size_t size)
{
    void *base = items;
    if (base == NULL || *count == room_for(*count)) {
        base = array_room(arena, *count + 1, size);
        if (items != NULL) {
            memcpy(base, items, size * *count);
        }
    }
    *count += 1;
    return base;
}

#define ADD(type, matter, plural, singular)                                            \
    (matter)->plural =                                                                 \
        array_add(arena, (matter)->plural, &(matter)->singular##_count, sizeof(type)); \
    type *row = &(matter)->plural[(matter)->singular##_count - 1];                     \
    memset(row, 0, sizeof *row)

struct party *matter_add_party(struct arena *arena, struct matter *matter)
{
    ADD(struct party, matter, parties, party);
    row->n = matter->party_count;
    return row;
}

struct attachment *matter_add_attachment(struct arena *arena, struct matter *matter)
{
    ADD(struct attachment, matter, attachments, attachment);
    return row;
}

struct material *matter_add_material(struct arena *arena, struct matter *matter)
{
    ADD(struct material, matter, materials, material);
    row->n = matter->material_count == 1 ? 1 : row[-1].n + 1;
    return row;
}

struct paper *matter_add_paper(struct arena *arena, struct matter *matter)
{
    ADD(struct paper, matter, papers, paper);
    row->n = matter->paper_count;
    return row;
}

struct clock_row *matter_add_clock(struct arena *arena, struct matter *matter)
{
    ADD(struct clock_row, matter, clocks, clock);
    row->n = matter->clock_count;
    return row;
}

struct link_row *matter_add_link(struct arena *arena, struct matter *matter)
{
    ADD(struct link_row, matter, links, link);
    return row;
}

struct ledger_row *matter_add_ledger(struct arena *arena, struct matter *matter)
{
    ADD(struct ledger_row, matter, ledger, ledger);
    row->n = matter->ledger_count;
    return row;
}

static void *array_copy(struct arena *arena, const void *items, uint32_t count, size_t size)
{
    void *copy = array_room(arena, count, size);
    if (count > 0) {
        memcpy(copy, items, size * count);
    }
    return copy;
}

#define COPY(type, plural, singular) \
    copy->plural = array_copy(arena, matter->plural, matter->singular##_count, sizeof(type))

bool material_is_unjoined(const struct material *material)
{
    return material->pages > 0 && hash_same(material->sm3, material->pages_sm3);
}

bool material_is_joined(const struct material *material)
{
    return material->pages > 0 && !hash_is_zero(material->pages_sm3);
}

struct matter *matter_copy(struct arena *arena, const struct matter *matter)
{
    struct matter *copy = arena_new(arena, struct matter);
    *copy = *matter;
    COPY(struct party, parties, party);
    COPY(struct attachment, attachments, attachment);
    COPY(struct material, materials, material);
    COPY(struct paper, papers, paper);
    COPY(struct clock_row, clocks, clock);
    COPY(struct link_row, links, link);
    COPY(struct ledger_row, ledger, ledger);
    return copy;
}

/* --- reading --- */

struct parts {
    struct rows parties, attachments, materials, papers, clocks, links, linked, ledger;
};

static void fill_people(struct arena *arena, struct matter *m, const struct parts *parts)
{
    m->party_count = parts->parties.count;
    m->parties = array_room(arena, m->party_count, sizeof(struct party));
    for (uint32_t i = 0; i < m->party_count; i++) {
        const struct rows *r = &parts->parties;
        m->parties[i] = (struct party){row_int(r, i, 0), row_str(r, i, 1), row_str(r, i, 2),
                                       row_str(r, i, 3), hash_cell(r, i, 4)};
    }
    m->attachment_count = parts->attachments.count;
    m->attachments = array_room(arena, m->attachment_count, sizeof(struct attachment));
    for (uint32_t i = 0; i < m->attachment_count; i++) {
        const struct rows *r = &parts->attachments;
        m->attachments[i] = (struct attachment){
            row_int(r, i, 0), row_str(r, i, 1), row_int(r, i, 2), row_str(r, i, 3),
            row_str(r, i, 4), row_int(r, i, 5), row_int(r, i, 6)};
    }
}

static void fill_materials(struct arena *arena, struct matter *m, const struct parts *parts)
{
    m->material_count = parts->materials.count;
    m->materials = array_room(arena, m->material_count, sizeof(struct material));
    for (uint32_t i = 0; i < m->material_count; i++) {
        const struct rows *r = &parts->materials;
        m->materials[i] = (struct material){
            row_int(r, i, 0),    row_str(r, i, 1),   row_str(r, i, 2),  row_str(r, i, 3),
            row_int(r, i, 4),    hash_cell(r, i, 5), row_str(r, i, 6),  row_int(r, i, 7),
            row_str(r, i, 8),    row_int(r, i, 9),   row_int(r, i, 10), row_int(r, i, 11),
            hash_cell(r, i, 12), row_str(r, i, 13),  row_int(r, i, 14), row_str(r, i, 15)};
    }
}

static void fill_papers(struct arena *arena, struct matter *m, const struct parts *parts)
{
    m->paper_count = parts->papers.count;
    m->papers = array_room(arena, m->paper_count, sizeof(struct paper));
    for (uint32_t i = 0; i < m->paper_count; i++) {
        const struct rows *r = &parts->papers;
        m->papers[i] = (struct paper){
            row_int(r, i, 0),   row_str(r, i, 1),  row_str(r, i, 2),    row_str(r, i, 3),
            row_int(r, i, 4),   row_str(r, i, 5),  hash_cell(r, i, 6),  row_int(r, i, 7),
            hash_cell(r, i, 8), row_int(r, i, 9),  row_str(r, i, 10),   row_str(r, i, 11),
            row_int(r, i, 12),  row_str(r, i, 13), hash_cell(r, i, 14), row_str(r, i, 15)};
    }
}

static void fill_time_and_money(struct arena *arena, struct matter *m, const struct parts *parts)
{
    m->clock_count = parts->clocks.count;
    m->clocks = array_room(arena, m->clock_count, sizeof(struct clock_row));
    for (uint32_t i = 0; i < m->clock_count; i++) {
        const struct rows *r = &parts->clocks;
        m->clocks[i] = (struct clock_row){row_int(r, i, 0),  row_str(r, i, 1),
                                          row_str(r, i, 2),  row_str(r, i, 3),
                                          row_str(r, i, 4),  row_int(r, i, 5),
                                          row_int(r, i, 6),  row_int(r, i, 7),
                                          row_str(r, i, 8),  row_str(r, i, 9),
                                          row_int(r, i, 10), row_int(r, i, 11),
                                          row_int(r, i, 12), NULL};
    }
    m->ledger_count = parts->ledger.count;
    m->ledger = array_room(arena, m->ledger_count, sizeof(struct ledger_row));
    for (uint32_t i = 0; i < m->ledger_count; i++) {
        const struct rows *r = &parts->ledger;
        m->ledger[i] = (struct ledger_row){row_int(r, i, 0), row_str(r, i, 1), row_int(r, i, 2),
                                           row_str(r, i, 3), row_int(r, i, 4)};
    }
}

/* Rows of who is attached to what is linked: in the order of the links, so that each has a run of
 * them; one that is linked twice has the same. */
static void fill_linked(struct arena *arena, struct matter *m, const struct rows *rows)
{
    struct attachment *people = array_room(arena, rows->count, sizeof(struct attachment));
    uint32_t from = 0;
    for (uint32_t i = 0; i < rows->count; i++) {
        people[i] = (struct attachment){.person = row_int(rows, i, 1), .role = row_str(rows, i, 2)};
    }
    for (uint32_t i = 0; i < m->link_count; i++) {
        struct link_row *link = &m->links[i];
        if (i > 0 && link[-1].other == link->other) {
            link->people = link[-1].people;
            link->person_count = link[-1].person_count;
            continue;
        }
        link->people = people + from;
        while (from < rows->count && row_int(rows, from, 0) == link->other) {
            link->person_count++;
            from++;
        }
    }
}

static void fill_links(struct arena *arena, struct matter *m, const struct parts *parts)
{
    m->link_count = parts->links.count;
    m->links = array_room(arena, m->link_count, sizeof(struct link_row));
    for (uint32_t i = 0; i < m->link_count; i++) {
        const struct rows *r = &parts->links;
        m->links[i] = (struct link_row){row_int(r, i, 0),
                                        row_str(r, i, 1),
                                        row_str(r, i, 2),
                                        row_str(r, i, 3),
                                        row_str(r, i, 4),
                                        row_str(r, i, 5),
                                        row_str(r, i, 6),
                                        row_int(r, i, 7),
                                        row_int(r, i, 8),
                                        row_int(r, i, 9),
                                        row_str(r, i, 10),
                                        NULL,
                                        0};
    }
    fill_linked(arena, m, &parts->linked);
}

static enum status materials_ask(struct cx *cx, struct sql *sql, Id id, struct parts *parts)
{
    return sql_later(
        cx, sql,
        SQL("SELECT n, kind, name, type, size, sm3, status, person, person_name, at, "
            "removed, pages, pages_sm3, fault, began, active FROM material WHERE matter = ?1 "
            "ORDER BY n"),
        ARGS(SQL_I(id)), &parts->materials);
}

static enum status papers_ask(struct cx *cx, struct sql *sql, Id id, struct parts *parts)
{
    return sql_later(cx, sql,
                     SQL("SELECT n, kind, title, number, event, inputs, template_sm3, at, sm3, "
                         "size, code, seal, sealed, sealed_by, plain_sm3, signer FROM paper "
                         "WHERE matter = ?1 ORDER BY n"),
                     ARGS(SQL_I(id)), &parts->papers);
}

static enum status links_ask(struct cx *cx, struct sql *sql, Id id, struct parts *parts)
{
    TRY(sql_later(cx, sql,
                  SQL("SELECT l.other, l.rel, m.procedure, m.title, m.case_number, m.state, "
                      "m.court, m.version, m.owner, m.events, "
                      "CASE WHEN m.field_values LIKE '%\"collaborator\":%' THEN m.field_values "
                      "ELSE '' END FROM link l JOIN matter m ON m.id = l.other "
                      "WHERE l.matter = ?1 ORDER BY l.other, l.rel"),
                  ARGS(SQL_I(id)), &parts->links));
    return sql_later(cx, sql,
                     SQL("SELECT DISTINCT a.matter, a.person, a.role FROM link l "
                         "JOIN attachment a ON a.matter = l.other "
                         "WHERE l.matter = ?1 AND a.until IS NULL ORDER BY a.matter, a.person, "
                         "a.role"),
                     ARGS(SQL_I(id)), &parts->linked);
}

static enum status parts_load(struct cx *cx, struct sql *sql, Id id, struct parts *parts)
{
    TRY(sql_later(cx, sql,
                  SQL("SELECT n, role, kind, name, identity_blind FROM party "
                      "WHERE matter = ?1 ORDER BY n"),
                  ARGS(SQL_I(id)), &parts->parties));
    TRY(sql_later(cx, sql,
                  SQL("SELECT person, role, party, how, authority, since, until "
                      "FROM attachment WHERE matter = ?1 ORDER BY person, role, party"),
                  ARGS(SQL_I(id)), &parts->attachments));
    TRY(materials_ask(cx, sql, id, parts));
    TRY(papers_ask(cx, sql, id, parts));
    TRY(sql_later(cx, sql,
                  SQL("SELECT n, name, title, law, unit, started, due, length, tables, working, "
                      "stopped, breached, wake FROM clock WHERE matter = ?1 ORDER BY n"),
                  ARGS(SQL_I(id)), &parts->clocks));
    TRY(links_ask(cx, sql, id, parts));
    TRY(sql_later(cx, sql,
                  SQL("SELECT n, kind, amount, working, at FROM ledger "
                      "WHERE matter = ?1 ORDER BY n"),
                  ARGS(SQL_I(id)), &parts->ledger));
    return sql_flush(cx, sql);
}

static enum status fill_row(struct cx *cx, struct matter *m, const struct rows *r)
{
    m->procedure = row_str(r, 0, 0);
    m->version = row_int(r, 0, 1);
    m->state = row_str(r, 0, 2);
    m->court = row_str(r, 0, 3);
    m->title = row_str(r, 0, 4);
    m->case_number = row_str(r, 0, 5);
    m->owner = row_int(r, 0, 6);
    m->revision = row_int(r, 0, 7);
    m->events = row_int(r, 0, 8);
    m->head = hash_cell(r, 0, 9);
    m->wrapped_key = row_str(r, 0, 12);
    m->follow_code = row_str(r, 0, 13);
    m->created = row_int(r, 0, 14);
    m->updated = row_int(r, 0, 15);
    m->arrived = row_int(r, 0, 16);
    TRY(json_row_read(cx, row_str(r, 0, 10), &m->values));
    TRY(json_row_read(cx, row_str(r, 0, 11), &m->groups));
    return OK;
}

enum status matter_find(struct cx *cx, struct sql *sql, Id id, struct matter **out)
{
    struct rows row = {0};
    struct parts parts = {0};
    TRY(sql_later(cx, sql,
                  SQL("SELECT procedure, version, state, court, title, case_number, owner, "
                      "revision, events, head, field_values, groups, wrapped_key, follow_code, "
                      "created, updated, arrived FROM matter WHERE id = ?1"),
                  ARGS(SQL_I(id)), &row));
    TRY(parts_load(cx, sql, id, &parts));
    if (row.count == 0) {
        *out = NULL;
        return OK;
    }
    struct matter *m = arena_new(cx->arena, struct matter);
    m->id = id;
    TRY(fill_row(cx, m, &row));
    fill_people(cx->arena, m, &parts);
    fill_materials(cx->arena, m, &parts);
    fill_papers(cx->arena, m, &parts);
    fill_time_and_money(cx->arena, m, &parts);
    fill_links(cx->arena, m, &parts);
    *out = m;
    return OK;
}

const struct value *clock_counted(struct cx *cx, const struct clock_row *clock)
{
    struct value *working = NULL;
    if (clock->counted != NULL) {
        return clock->counted;
    }
    if (json_row_read(cx, clock->working, &working) != OK) {
        cx_forgive(cx); /* what it says is shown without */
        return NULL;
    }
    return working;
}

/* --- reading what was read before --- */

enum status matter_stamp_ask(struct cx *cx, struct sql *sql, Id id, struct rows *stamp)
{
    return sql_later(cx, sql,
                     SQL("SELECT revision, events, head, updated, wrapped_key, follow_code "
                         "FROM matter WHERE id = ?1"),
                     ARGS(SQL_I(id)), stamp);
}

bool matter_stamp_is_of(const struct rows *stamp, const struct matter *m)
{
    return stamp->count == 1 && row_int(stamp, 0, 0) == m->revision &&
           row_int(stamp, 0, 1) == m->events && hash_same(hash_cell(stamp, 0, 2), m->head) &&
           row_int(stamp, 0, 3) == m->updated && str_same(row_str(stamp, 0, 4), m->wrapped_key);
}

bool matter_stamp_is_acted(const struct rows *stamp)
{
    return stamp->count == 1 && row_int(stamp, 0, 1) > 0;
}

static bool has_unchecked(const struct matter *m)
{
    for (uint32_t i = 0; i < m->material_count; i++) {
        if (str_is(m->materials[i].status, "checking")) {
            return true;
        }
    }
    return false;
}

static int64_t undrawn_count(const struct matter *m)
{
    int64_t count = 0;
    for (uint32_t i = 0; i < m->paper_count; i++) {
        count += hash_is_zero(m->papers[i].sm3);
    }
    return count;
}

/* A paper may wait for long to be drawn, until somebody wants it: rows are read when one was. */
static enum status papers_have_come(struct cx *cx, struct sql *sql, const struct matter *m,
                                    bool *out)
{
    struct rows rows = {0};
    int64_t undrawn = undrawn_count(m);
    *out = false;
    if (undrawn > 0) {
        TRY(sql_query(cx, sql, SQL("SELECT count(*) FROM paper WHERE matter = ?1 AND sm3 IS NULL"),
                      ARGS(SQL_I(m->id)), &rows));
        *out = row_int(&rows, 0, 0) != undrawn;
    }
    return OK;
}

/* A file is judged once, a paper is drawn once, and links come and go with the revision: where
 * nothing is open, nothing is read. */
enum status matter_refresh(struct cx *cx, struct sql *sql, const struct rows *stamp,
                           struct matter *m)
{
    struct parts parts = {0};
    bool materials = has_unchecked(m);
    bool papers = false;
    bool links = m->link_count > 0;
    m->follow_code = row_str(stamp, 0, 5);
    TRY(papers_have_come(cx, sql, m, &papers));
    if (materials) {
        TRY(materials_ask(cx, sql, m->id, &parts));
    }
    if (papers) {
        TRY(papers_ask(cx, sql, m->id, &parts));
    }
    if (links) {
        TRY(links_ask(cx, sql, m->id, &parts));
    }
    TRY(sql_flush(cx, sql));
    if (materials) {
        fill_materials(cx->arena, m, &parts);
    }
    if (papers) {
        fill_papers(cx->arena, m, &parts);
    }
    if (links) {
        fill_links(cx->arena, m, &parts);
    }
    return OK;
}

/* --- writing --- */

void matter_write_new(struct script *script, struct arena *arena, const struct matter *m)
{
    check(m->id > 0 && m->revision > 0);
    script_add(
        script,
        SQL("INSERT INTO matter (id, procedure, version, state, court, title, case_number, owner, "
            "revision, events, head, field_values, groups, wrapped_key, follow_code, created, "
            "updated, arrived) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, "
            "?14, ?15, ?16, ?17, ?18)"),
        ARGS(SQL_I(m->id), SQL_S(m->procedure), SQL_I(m->version), SQL_S(m->state), SQL_S(m->court),
             SQL_S(m->title), m->case_number.n == 0 ? SQL_N : SQL_S(m->case_number),
             SQL_I(m->owner), SQL_I(m->revision), SQL_I(m->events),
             SQL_B(arena_copy(arena, m->head.b, HASH_BYTES), HASH_BYTES),
             SQL_S(json_write(arena, m->values)), SQL_S(json_write(arena, m->groups)),
             SQL_S(m->wrapped_key), SQL_S(m->follow_code), SQL_I(m->created), SQL_I(m->updated),
             instant_arg(m->arrived)));
}

void matter_write(struct script *script, struct arena *arena, const struct matter *m,
                  int64_t stands)
{
    script_add(
        script,
        SQL("UPDATE matter SET version = ?2, state = ?3, court = ?4, title = ?5, case_number = ?6, "
            "events = ?7, head = ?8, field_values = ?9, groups = ?10, updated = ?11, "
            "arrived = ?12, revision = ?13 WHERE id = ?1 AND revision = ?14"),
        ARGS(SQL_I(m->id), SQL_I(m->version), SQL_S(m->state), SQL_S(m->court), SQL_S(m->title),
             m->case_number.n == 0 ? SQL_N : SQL_S(m->case_number), SQL_I(m->events),
             SQL_B(arena_copy(arena, m->head.b, HASH_BYTES), HASH_BYTES),
             SQL_S(json_write(arena, m->values)), SQL_S(json_write(arena, m->groups)),
             SQL_I(m->updated), instant_arg(m->arrived), SQL_I(m->revision), SQL_I(stands)));
}

#define PARTY_INSERT "INSERT INTO party (matter, n, role, kind, name, identity_blind) VALUES "
#define PARTY_1      "(?1, ?2, ?3, ?4, ?5, ?6)"
#define PARTY_2      PARTY_1 ", (?1, ?7, ?8, ?9, ?10, ?11)"
#define PARTY_3      PARTY_2 ", (?1, ?12, ?13, ?14, ?15, ?16)"
#define PARTY_4      PARTY_3 ", (?1, ?17, ?18, ?19, ?20, ?21)"
#define PARTY_END                                                                         \
    " ON CONFLICT (matter, n) DO UPDATE SET role = excluded.role, kind = excluded.kind, " \
    "name = excluded.name, identity_blind = excluded.identity_blind"

enum { PARTIES_MOST = 4, PARTY_ROW = 5 };

/* Statements for one row, two, three, four at once. */
static const char *const PARTY_INSERTS[PARTIES_MOST] = {
    SQL(PARTY_INSERT PARTY_1 PARTY_END), SQL(PARTY_INSERT PARTY_2 PARTY_END),
    SQL(PARTY_INSERT PARTY_3 PARTY_END), SQL(PARTY_INSERT PARTY_4 PARTY_END)};

static void write_parties(struct script *script, struct arena *arena, Id id,
                          const struct party *const *parties, uint32_t count)
{
    struct sql_value args[1 + PARTIES_MOST * PARTY_ROW] = {SQL_I(id)};
    for (uint32_t from = 0, now = 0; from < count; from += now) {
        size_t used = 1;
        now = count - from < PARTIES_MOST ? count - from : PARTIES_MOST;
        for (uint32_t i = from; i < from + now; i++) {
            const struct party *p = parties[i];
            args[used++] = SQL_I(p->n);
            args[used++] = SQL_S(p->role);
            args[used++] = SQL_S(p->kind);
            args[used++] = SQL_S(p->name);
            args[used++] = hash_arg(arena, p->identity_blind);
        }
        script_add(script, PARTY_INSERTS[now - 1], args, used);
    }
}

static void write_attachment(struct script *script, Id id, const struct attachment *a)
{
    script_add(
        script,
        SQL("INSERT INTO attachment (matter, person, role, party, how, authority, since, until) "
            "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) "
            "ON CONFLICT (matter, person, role, party) DO UPDATE SET how = excluded.how, "
            "authority = excluded.authority, since = excluded.since, until = excluded.until"),
        ARGS(SQL_I(id), SQL_I(a->person), SQL_S(a->role), SQL_I(a->party), SQL_S(a->how),
             SQL_S(a->authority), SQL_I(a->since), instant_arg(a->until)));
}

static void write_material(struct script *script, struct arena *arena, Id id,
                           const struct material *m)
{
    script_add(
        script,
        SQL("INSERT INTO material (matter, n, kind, name, type, size, sm3, status, person, "
            "person_name, at, removed, pages, pages_sm3, fault, began, active) "
            "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17) "
            "ON CONFLICT (matter, n) DO UPDATE SET kind = excluded.kind, size = excluded.size, "
            "sm3 = excluded.sm3, removed = excluded.removed, status = excluded.status"),
        ARGS(SQL_I(id), SQL_I(m->n), SQL_S(m->kind), SQL_S(m->name), SQL_S(m->type), SQL_I(m->size),
             hash_arg(arena, m->sm3), SQL_S(m->status), SQL_I(m->person), SQL_S(m->person_name),
             SQL_I(m->at), instant_arg(m->removed), SQL_I(m->pages), hash_arg(arena, m->pages_sm3),
             SQL_S(m->fault), instant_arg(m->began), SQL_S(m->active)));
}

static void write_paper(struct script *script, struct arena *arena, Id id, const struct paper *p)
{
    script_add(
        script,
        SQL("INSERT INTO paper (matter, n, kind, title, number, event, inputs, template_sm3, at, "
            "sm3, size, code, seal, signer) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, NULL, 0, "
            "?10, ?11, ?12)"),
        ARGS(SQL_I(id), SQL_I(p->n), SQL_S(p->kind), SQL_S(p->title),
             p->number.n == 0 ? SQL_N : SQL_S(p->number), SQL_I(p->event), SQL_S(p->inputs),
             SQL_B(arena_copy(arena, p->template_sm3.b, HASH_BYTES), HASH_BYTES), SQL_I(p->at),
             SQL_S(p->code), SQL_S(p->seal), SQL_S(p->signer)));
}

/* Printed anew: what was printed before is remembered by its hash, also when that was done after
 * the plan was made. */
static void write_sealed(struct script *script, Id id, const struct paper *p)
{
    script_add(script,
               SQL("UPDATE paper SET sealed = ?3, sealed_by = ?4, plain_sm3 = sm3, sm3 = NULL, "
                   "size = 0 WHERE matter = ?1 AND n = ?2"),
               ARGS(SQL_I(id), SQL_I(p->n), SQL_I(p->sealed), SQL_S(p->sealed_by)));
}

static void write_clock(struct script *script, Id id, const struct clock_row *c)
{
    script_add(
        script,
        SQL("INSERT INTO clock (matter, n, name, title, law, unit, started, due, length, tables, "
            "working, stopped, breached, wake, attempts) "
            "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, 0) "
            "ON CONFLICT (matter, n) DO UPDATE SET due = excluded.due, length = excluded.length, "
            "law = excluded.law, unit = excluded.unit, tables = excluded.tables, "
            "working = excluded.working, stopped = excluded.stopped, breached = excluded.breached, "
            "wake = excluded.wake, attempts = 0"),
        ARGS(SQL_I(id), SQL_I(c->n), SQL_S(c->name), SQL_S(c->title), SQL_S(c->law), SQL_S(c->unit),
             SQL_I(c->started), SQL_I(c->due), SQL_I(c->length), SQL_S(c->tables),
             SQL_S(c->working), instant_arg(c->stopped), instant_arg(c->breached),
             instant_arg(c->wake)));
}

static bool same_clock(const struct clock_row *a, const struct clock_row *b)
{
    return a->due == b->due && a->stopped == b->stopped && a->breached == b->breached &&
           a->wake == b->wake && a->length == b->length && str_same(a->law, b->law) &&
           str_same(a->unit, b->unit);
}

static bool same_party(const struct party *a, const struct party *b)
{
    return str_same(a->role, b->role) && str_same(a->kind, b->kind) && str_same(a->name, b->name) &&
           hash_same(a->identity_blind, b->identity_blind);
}

static bool same_attachment(const struct attachment *a, const struct attachment *b)
{
    return a->person == b->person && str_same(a->role, b->role) && a->party == b->party &&
           a->until == b->until && str_same(a->authority, b->authority);
}

static bool same_material(const struct material *a, const struct material *b)
{
    return a->n == b->n && a->removed == b->removed && str_same(a->kind, b->kind) &&
           hash_same(a->sm3, b->sm3);
}

static void write_people(struct script *script, struct arena *arena, const struct matter *before,
                         const struct matter *after)
{
    uint32_t old_parties = before == NULL ? 0 : before->party_count;
    uint32_t old_attached = before == NULL ? 0 : before->attachment_count;
    const struct party **fresh = arena_array(arena, const struct party *, after->party_count);
    uint32_t count = 0;
    for (uint32_t i = 0; i < after->party_count; i++) {
        if (i >= old_parties || !same_party(&before->parties[i], &after->parties[i])) {
            fresh[count++] = &after->parties[i];
        }
    }
    write_parties(script, arena, after->id, fresh, count);
    for (uint32_t i = after->party_count; i < old_parties; i++) {
        script_add(script, SQL("DELETE FROM party WHERE matter = ?1 AND n = ?2"),
                   ARGS(SQL_I(after->id), SQL_I(before->parties[i].n)));
    }
    for (uint32_t i = 0; i < after->attachment_count; i++) {
        if (i >= old_attached ||
            !same_attachment(&before->attachments[i], &after->attachments[i])) {
            write_attachment(script, after->id, &after->attachments[i]);
        }
    }
}

void matter_write_rows(struct script *script, struct arena *arena, const struct matter *before,
                       const struct matter *after)
{
    write_people(script, arena, before, after);
    for (uint32_t i = 0; i < after->material_count; i++) {
        if (before == NULL || i >= before->material_count ||
            !same_material(&before->materials[i], &after->materials[i])) {
            write_material(script, arena, after->id, &after->materials[i]);
        }
    }
    for (uint32_t i = 0; i < after->paper_count; i++) {
        if (before == NULL || i >= before->paper_count) {
            write_paper(script, arena, after->id, &after->papers[i]);
        } else if (before->papers[i].sealed != after->papers[i].sealed) {
            write_sealed(script, after->id, &after->papers[i]);
        }
    }
    for (uint32_t i = 0; i < after->clock_count; i++) {
        if (before == NULL || i >= before->clock_count ||
            !same_clock(&before->clocks[i], &after->clocks[i])) {
            write_clock(script, after->id, &after->clocks[i]);
        }
    }
    for (uint32_t i = before == NULL ? 0 : before->link_count; i < after->link_count; i++) {
        script_add(
            script, SQL("INSERT INTO link (matter, other, rel) VALUES (?1, ?2, ?3)"),
            ARGS(SQL_I(after->id), SQL_I(after->links[i].other), SQL_S(after->links[i].rel)));
    }
    for (uint32_t i = before == NULL ? 0 : before->ledger_count; i < after->ledger_count; i++) {
        const struct ledger_row *l = &after->ledger[i];
        script_add(script,
                   SQL("INSERT INTO ledger (matter, n, kind, amount, working, at) "
                       "VALUES (?1, ?2, ?3, ?4, ?5, ?6)"),
                   ARGS(SQL_I(after->id), SQL_I(l->n), SQL_S(l->kind), SQL_I(l->amount),
                        SQL_S(l->working), SQL_I(l->at)));
    }
}

#include "record/related.h"

#include <stdlib.h>
#include <string.h>

#include "base/json.h"

/* Which of our parties stands where in another matter. */
enum {
    OURS_SUES = 1,         /* our plaintiff is plaintiff there */
    OURS_IS_SUED = 2,      /* our defendant is defendant there */
    OTHER_SUES = 4,        /* our defendant is plaintiff there */
    PLAINTIFF_IS_SUED = 8, /* our plaintiff is defendant there */
    SUED_BY_NAME = 16,     /* our defendant is defendant there, by name */
};

enum { TOUCHES_FIRST = 64 };

struct touch {
    Id matter;
    unsigned how;
};

struct search {
    struct arena *arena;
    const struct matter *m;
    struct touch *all;
    uint32_t count;
    uint32_t room;
};

static bool is_role(const struct party *p, const char *role)
{
    return str_is(p->role, role);
}

/* The matter itself, and what it was opened by or has opened. */
static bool is_own(const struct matter *m, Id id)
{
    bool own = id == m->id;
    for (uint32_t i = 0; i < m->link_count; i++) {
        own = own || m->links[i].other == id;
    }
    return own;
}

static unsigned how_of(const struct party *ours, Str there)
{
    bool plaintiff = is_role(ours, "plaintiff");
    bool defendant = is_role(ours, "defendant");
    bool sues = str_is(there, "plaintiff");
    bool sued = str_is(there, "defendant");
    return (plaintiff && sues   ? OURS_SUES
            : plaintiff && sued ? PLAINTIFF_IS_SUED
            : defendant && sued ? OURS_IS_SUED
            : defendant && sues ? OTHER_SUES
                                : 0U);
}

static void touch_add(struct search *s, Id matter, unsigned how)
{
    if (is_own(s->m, matter)) {
        return;
    }
    if (s->count == s->room) {
        uint32_t room = s->room == 0 ? TOUCHES_FIRST : s->room * 2;
        struct touch *grown = arena_array(s->arena, struct touch, room);
        if (s->count > 0) {
            memcpy(grown, s->all, s->count * sizeof *grown);
        }
        s->all = grown;
        s->room = room;
    }
    s->all[s->count++] = (struct touch){matter, how};
}

/* --- by identity --- */

/* (1): what was opened by a filing is told with it. */
#define OF_PARTY                                                                           \
    SQL("SELECT p.matter, p.role FROM party p WHERE p.identity_blind = ?1 AND NOT EXISTS " \
        "(SELECT 1 FROM link l WHERE l.matter = p.matter AND l.rel = 'opened-by') "        \
        "ORDER BY p.matter DESC LIMIT ?2")

static enum status identities_read(struct cx *cx, struct sql *sql, struct search *s,
                                   struct kinship *out)
{
    const struct matter *m = s->m;
    struct rows rows[RELATED_PARTIES];
    const struct party *asked[RELATED_PARTIES];
    uint32_t count = 0;
    for (uint32_t i = 0; i < m->party_count && count < RELATED_PARTIES; i++) {
        const struct party *p = &m->parties[i];
        if (!hash_is_zero(p->identity_blind)) {
            rows[count] = (struct rows){0};
            asked[count] = p;
            TRY(sql_later(cx, sql, OF_PARTY,
                          ARGS(SQL_B(p->identity_blind.b, HASH_BYTES), SQL_I(RELATED_OF_PARTY + 2)),
                          &rows[count]));
            count++;
        }
    }
    TRY(sql_flush(cx, sql));
    out->claimants = arena_array(cx->arena, struct claimant, count);
    for (uint32_t i = 0; i < count; i++) {
        int64_t filings = 0;
        for (uint32_t k = 0; k < rows[i].count; k++) {
            Str role = row_str(&rows[i], k, 1);
            Id id = row_int(&rows[i], k, 0);
            touch_add(s, id, how_of(asked[i], role));
            filings += str_is(role, "plaintiff") && !is_own(m, id);
        }
        if (is_role(asked[i], "plaintiff")) {
            out->claimants[out->claimant_count++] =
                (struct claimant){asked[i]->n, asked[i]->name, filings};
        }
    }
    return OK;
}

/* --- by name, among the matters of the same plaintiff --- */

enum { PAIRS_MAX = 16 };

static enum status names_read(struct cx *cx, struct sql *sql, struct search *s)
{
    const struct matter *m = s->m;
    struct rows rows[PAIRS_MAX];
    uint32_t count = 0;
    for (uint32_t i = 0; i < m->party_count; i++) {
        const struct party *plaintiff = &m->parties[i];
        for (uint32_t k = 0; k < m->party_count && count < PAIRS_MAX; k++) {
            const struct party *named = &m->parties[k];
            if (!is_role(plaintiff, "plaintiff") || hash_is_zero(plaintiff->identity_blind) ||
                !is_role(named, "defendant") || !hash_is_zero(named->identity_blind)) {
                continue;
            }
            rows[count] = (struct rows){0};
            TRY(sql_later(
                cx, sql,
                SQL("SELECT d.matter FROM (SELECT matter FROM party WHERE identity_blind = ?1 AND "
                    "role = 'plaintiff' ORDER BY matter DESC LIMIT ?3) AS p JOIN party d ON "
                    "d.matter = p.matter AND d.role = 'defendant' AND d.name = ?2 WHERE NOT EXISTS "
                    "(SELECT 1 FROM link l WHERE l.matter = d.matter AND l.rel = 'opened-by')"),
                ARGS(SQL_B(plaintiff->identity_blind.b, HASH_BYTES), SQL_S(named->name),
                     SQL_I(RELATED_OF_PARTY)),
                &rows[count]));
            count++;
        }
    }
    TRY(sql_flush(cx, sql));
    for (uint32_t i = 0; i < count; i++) {
        for (uint32_t k = 0; k < rows[i].count; k++) {
            touch_add(s, row_int(&rows[i], k, 0), SUED_BY_NAME);
        }
    }
    return OK;
}

/* --- joining --- */

static int by_matter(const void *a, const void *b)
{
    const struct touch *x = a;
    const struct touch *y = b;
    return (x->matter < y->matter) - (x->matter > y->matter);
}

static enum related_kind kind_of(unsigned how)
{
    if ((how & OURS_SUES) != 0 && (how & (OURS_IS_SUED | SUED_BY_NAME)) != 0) {
        return RELATED_SAME;
    }
    return (how & OTHER_SUES) != 0 && (how & PLAINTIFF_IS_SUED) != 0 ? RELATED_CROSSED
                                                                     : RELATED_PARTY;
}

/* One for each matter, the latest first. */
static void touches_join(struct search *s)
{
    uint32_t kept = 0;
    if (s->count > 0) {
        qsort(s->all, s->count, sizeof *s->all, by_matter);
    }
    for (uint32_t i = 0; i < s->count; i++) {
        if (kept > 0 && s->all[kept - 1].matter == s->all[i].matter) {
            s->all[kept - 1].how |= s->all[i].how;
        } else {
            s->all[kept++] = s->all[i];
        }
    }
    s->count = kept;
}

static void closest_take(struct cx *cx, const struct search *s, struct kinship *out)
{
    out->related = arena_array(cx->arena, struct related, RELATED_MAX);
    for (int kind = RELATED_SAME; kind <= RELATED_PARTY; kind++) {
        for (uint32_t i = 0; i < s->count && out->count < RELATED_MAX; i++) {
            const struct touch *t = &s->all[i];
            if ((int)kind_of(t->how) == kind) {
                struct related *r = &out->related[out->count++];
                *r = (struct related){.id = t->matter, .kind = kind_of(t->how)};
                r->by_name = (t->how & OURS_IS_SUED) == 0 && (t->how & SUED_BY_NAME) != 0;
            }
        }
    }
    out->more = s->count > out->count;
}

/* --- what is told of each --- */

#define TOLD                                                                                    \
    SQL("SELECT m.procedure, m.version, m.court, m.title, m.case_number, m.state, m.arrived, "  \
        "m.field_values, c.id, c.procedure, c.version, c.state FROM matter m LEFT JOIN link l " \
        "ON l.matter = m.id AND l.rel = 'opened' LEFT JOIN matter c ON c.id = l.other "         \
        "WHERE m.id = ?1")

static enum status related_fill(struct cx *cx, const struct rows *r, struct related *out)
{
    struct value *values = NULL;
    out->procedure = row_str(r, 0, 0);
    out->version = row_int(r, 0, 1);
    out->court = row_str(r, 0, 2);
    out->title = row_str(r, 0, 3);
    out->case_number = row_str(r, 0, 4);
    out->state = row_str(r, 0, 5);
    out->arrived = row_int(r, 0, 6);
    TRY(json_row_read(cx, row_str(r, 0, 7), &values));
    out->cause = value_get_str(values, "cause");
    out->amount = value_as_int(value_at(values, "claim.amount"));
    out->opened = row_int(r, 0, 8);
    out->opened_procedure = row_str(r, 0, 9);
    out->opened_version = row_int(r, 0, 10);
    out->opened_state = row_str(r, 0, 11);
    return OK;
}

enum status related_find(struct cx *cx, struct sql *sql, const struct matter *matter,
                         struct kinship *out)
{
    struct rows rows[RELATED_MAX] = {{0}};
    struct search s = {.arena = cx->arena, .m = matter};
    *out = (struct kinship){.count = 0};
    TRY(identities_read(cx, sql, &s, out));
    TRY(names_read(cx, sql, &s));
    touches_join(&s);
    closest_take(cx, &s, out);
    for (uint32_t i = 0; i < out->count; i++) {
        TRY(sql_later(cx, sql, TOLD, ARGS(SQL_I(out->related[i].id)), &rows[i]));
    }
    TRY(sql_flush(cx, sql));
    for (uint32_t i = 0; i < out->count; i++) {
        if (rows[i].count > 0) {
            TRY(related_fill(cx, &rows[i], &out->related[i]));
        }
    }
    return OK;
}

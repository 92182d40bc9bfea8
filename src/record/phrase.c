#include "record/phrase.h"

#define COLUMNS "SELECT id, court, person, act, item, text, used, updated FROM phrase "

static struct phrase phrase_of_row(const struct rows *r, uint32_t i)
{
    return (struct phrase){row_int(r, i, 0), row_str(r, i, 1), row_int(r, i, 2), row_str(r, i, 3),
                           row_str(r, i, 4), row_str(r, i, 5), row_int(r, i, 6), row_int(r, i, 7)};
}

enum status phrase_list(struct cx *cx, struct sql *sql, Str court, Id person, Str act,
                        struct phrase **out, uint32_t *count)
{
    struct rows r = {0};
    TRY(sql_query(cx, sql,
                  SQL(COLUMNS "WHERE court = ?1 AND person IN (0, ?2) AND (?3 = '' OR act = ?3) "
                              "ORDER BY used DESC, id LIMIT ?4"),
                  ARGS(SQL_S(court), SQL_I(person), SQL_S(act), SQL_I(PHRASES_MAX)), &r));
    struct phrase *list = arena_array(cx->arena, struct phrase, r.count);
    for (uint32_t i = 0; i < r.count; i++) {
        list[i] = phrase_of_row(&r, i);
    }
    *out = list;
    *count = r.count;
    return OK;
}

enum status phrase_find(struct cx *cx, struct sql *sql, Id id, struct phrase **out)
{
    struct rows r = {0};
    *out = NULL;
    TRY(sql_query(cx, sql, SQL(COLUMNS "WHERE id = ?1"), ARGS(SQL_I(id)), &r));
    if (r.count == 1) {
        *out = arena_new(cx->arena, struct phrase);
        **out = phrase_of_row(&r, 0);
    }
    return OK;
}

void phrase_write(struct script *script, const struct phrase *p)
{
    script_add(script,
               SQL("INSERT INTO phrase (id, court, person, act, item, text, used, updated) "
                   "VALUES (?1, ?2, ?3, ?4, ?5, ?6, 0, ?7) ON CONFLICT DO NOTHING"),
               ARGS(SQL_I(p->id), SQL_S(p->court), SQL_I(p->person), SQL_S(p->act), SQL_S(p->item),
                    SQL_S(p->text), SQL_I(p->updated)));
}

void phrase_drop(struct script *script, Id id)
{
    script_add(script, SQL("DELETE FROM phrase WHERE id = ?1"), ARGS(SQL_I(id)));
}

void phrase_count(struct script *script, Id id)
{
    script_add(script, SQL("UPDATE phrase SET used = used + 1 WHERE id = ?1"), ARGS(SQL_I(id)));
}

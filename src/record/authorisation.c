#include "record/authorisation.h"

#include "base/check.h"

void authorisation_write(struct script *script, const struct authorisation *a)
{
    check(a->person > 0 && a->code.n > 0);
    script_add(script,
               SQL("INSERT INTO authorisation (person, code, name, capacity, verified, "
                   "verified_by, since, until) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, NULL) "
                   "ON CONFLICT (person, code) DO UPDATE SET name = excluded.name, "
                   "capacity = excluded.capacity, verified = excluded.verified, "
                   "verified_by = excluded.verified_by, since = excluded.since, until = NULL"),
               ARGS(SQL_I(a->person), SQL_S(a->code), SQL_S(a->name), SQL_S(a->capacity),
                    SQL_S(a->verified), a->verified_by == 0 ? SQL_N : SQL_I(a->verified_by),
                    SQL_I(a->since)));
}

void authorisation_end(struct script *script, Id person, Str code, Instant until)
{
    script_add(script,
               SQL("UPDATE authorisation SET until = ?3 WHERE person = ?1 AND code = ?2 "
                   "AND until IS NULL"),
               ARGS(SQL_I(person), SQL_S(code), SQL_I(until)));
}

enum status authorisation_list(struct cx *cx, struct sql *sql, Id person,
                               struct authorisation **out, uint32_t *count)
{
    struct rows r = {0};
    TRY(sql_query(cx, sql,
                  SQL("SELECT code, name, capacity, verified, verified_by, since "
                      "FROM authorisation WHERE person = ?1 AND until IS NULL ORDER BY code"),
                  ARGS(SQL_I(person)), &r));
    struct authorisation *list = arena_array(cx->arena, struct authorisation, r.count);
    for (uint32_t i = 0; i < r.count; i++) {
        list[i] = (struct authorisation){person,
                                         row_str(&r, i, 0),
                                         row_str(&r, i, 1),
                                         row_str(&r, i, 2),
                                         row_str(&r, i, 3),
                                         row_int(&r, i, 4),
                                         row_int(&r, i, 5)};
    }
    *out = list;
    *count = r.count;
    return OK;
}

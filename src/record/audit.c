#include "record/audit.h"

#include <inttypes.h>

#include "base/check.h"

void audit_write(struct script *script, const struct audit *audit)
{
    check(audit->id > 0 && audit->what.n > 0);
    script_add(script,
               SQL("INSERT INTO audit (id, at, person, what, subject, detail) "
                   "VALUES (?1, ?2, ?3, ?4, ?5, ?6)"),
               ARGS(SQL_I(audit->id), SQL_I(audit->at), SQL_I(audit->person), SQL_S(audit->what),
                    SQL_S(audit->subject), SQL_S(audit->detail)));
}

Str audit_subject(struct arena *arena, Id person)
{
    return str_printf(arena, "person:%" PRId64, person);
}

enum status audit_list(struct cx *cx, struct sql *sql, Id before, uint32_t limit,
                       struct audit **out, uint32_t *count)
{
    struct rows rows = {0};
    TRY(sql_query(cx, sql,
                  SQL("SELECT id, at, person, what, subject, detail FROM audit "
                      "WHERE (?1 = 0 OR id < ?1) ORDER BY id DESC LIMIT ?2"),
                  ARGS(SQL_I(before), SQL_I(limit)), &rows));
    struct audit *list = arena_array(cx->arena, struct audit, rows.count);
    for (uint32_t i = 0; i < rows.count; i++) {
        list[i] = (struct audit){row_int(&rows, i, 0), row_int(&rows, i, 1), row_int(&rows, i, 2),
                                 row_str(&rows, i, 3), row_str(&rows, i, 4), row_str(&rows, i, 5)};
    }
    *out = list;
    *count = rows.count;
    return OK;
}

static bool is_one_of(Str what, const char *const *whats)
{
    bool found = false;
    for (size_t i = 0; whats[i] != NULL; i++) {
        found = found || str_is(what, whats[i]);
    }
    return found;
}

enum status audit_recent(struct cx *cx, struct sql *sql, const char *const *whats, uint32_t limit,
                         struct audit **out, uint32_t *count)
{
    enum { LOOKED_AT = 1000 };

    struct audit *all = NULL;
    uint32_t all_count = 0;
    TRY(audit_list(cx, sql, 0, LOOKED_AT, &all, &all_count));
    *out = arena_array(cx->arena, struct audit, limit);
    *count = 0;
    for (uint32_t i = 0; i < all_count && *count < limit; i++) {
        if (is_one_of(all[i].what, whats)) {
            (*out)[(*count)++] = all[i];
        }
    }
    return OK;
}

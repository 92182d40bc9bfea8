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

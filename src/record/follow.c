#include "record/follow.h"

#include "base/random.h"

enum { CODE_CHARS = 12 };

enum status follow_find(struct cx *cx, struct sql *sql, Str code, struct matter **out)
{
    struct rows rows = {0};
    *out = NULL;
    if (code.n != CODE_CHARS) {
        return OK;
    }
    TRY(sql_query(cx, sql, SQL("SELECT id FROM matter WHERE follow_code = ?1 AND events > 0"),
                  ARGS(SQL_S(code)), &rows));
    return rows.count == 1 ? matter_find(cx, sql, row_int(&rows, 0, 0), out) : OK;
}

Str follow_renew(struct arena *arena, struct script *script, Id matter)
{
    char code[CODE_CHARS + 1];
    random_code(code, CODE_CHARS);
    Str text = str_copy(arena, code, CODE_CHARS);
    script_add(script, SQL("UPDATE matter SET follow_code = ?2 WHERE id = ?1"),
               ARGS(SQL_I(matter), SQL_S(text)));
    return text;
}

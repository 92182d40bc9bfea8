#include "record/running.h"

#include "record/person.h"

enum status running_list(struct cx *cx, struct sql *sql, Str court, struct running_clock **out,
                         uint32_t *count)
{
    struct rows r = {0};
    TRY(sql_query(cx, sql,
                  SQL("SELECT c.matter, c.started, c.due, c.length FROM listing l "
                      "JOIN clock c ON c.matter = l.matter WHERE l.viewer = ?1 AND "
                      "l.box = 'court' AND c.stopped IS NULL AND c.unit LIKE 'working-minute%'"),
                  ARGS(SQL_S(viewer_post(cx->arena, STR("court"), court))), &r));
    struct running_clock *list = arena_array(cx->arena, struct running_clock, r.count);
    for (uint32_t i = 0; i < r.count; i++) {
        list[i] = (struct running_clock){row_int(&r, i, 0), row_int(&r, i, 1), row_int(&r, i, 2),
                                         row_int(&r, i, 3)};
    }
    *out = list;
    *count = r.count;
    return OK;
}

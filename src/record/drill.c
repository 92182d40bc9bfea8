#include "record/drill.h"

#include <inttypes.h>

void drill_write(struct script *script, const struct drill *drill)
{
    script_add(script,
               SQL("INSERT INTO drill (matter, court, province, total, made) "
                   "VALUES (?1, ?2, ?3, ?4, 0)"),
               ARGS(SQL_I(drill->matter), SQL_S(drill->court), SQL_S(drill->province),
                    SQL_I(drill->total)));
}

static void drills_of(struct cx *cx, const struct rows *rows, struct drill **out, uint32_t *count)
{
    *out = arena_array(cx->arena, struct drill, rows->count);
    *count = rows->count;
    for (uint32_t i = 0; i < rows->count; i++) {
        (*out)[i] = (struct drill){.matter = row_int(rows, i, 0),
                                   .court = row_str(rows, i, 1),
                                   .province = row_str(rows, i, 2),
                                   .total = row_int(rows, i, 3),
                                   .made = row_int(rows, i, 4),
                                   .title = row_str(rows, i, 5),
                                   .state = row_str(rows, i, 6),
                                   .arranged = row_int(rows, i, 7),
                                   .starts = row_int(rows, i, 8)};
    }
}

#define DRILL_COLUMNS                                                                      \
    "SELECT d.matter, d.court, d.province, d.total, d.made, m.title, m.state, m.arrived, " \
    "(SELECT MAX(c.due) FROM clock AS c WHERE c.matter = d.matter AND c.name = 'start') "  \
    "FROM drill AS d JOIN matter AS m ON m.id = d.matter "

enum status drill_find(struct cx *cx, struct sql *sql, Id matter, struct drill **out)
{
    struct rows rows = {0};
    uint32_t count = 0;
    TRY(sql_query(cx, sql, SQL(DRILL_COLUMNS "WHERE d.matter = ?1"), ARGS(SQL_I(matter)), &rows));
    drills_of(cx, &rows, out, &count);
    *out = count == 0 ? NULL : *out;
    return OK;
}

enum status drill_list(struct cx *cx, struct sql *sql, Str court, uint32_t limit,
                       struct drill **out, uint32_t *count)
{
    struct rows rows = {0};
    TRY(sql_query(cx, sql,
                  SQL(DRILL_COLUMNS "WHERE (?1 = '' OR d.court = ?1) "
                                    "ORDER BY d.matter DESC LIMIT ?2"),
                  ARGS(SQL_S(court), SQL_I(limit)), &rows));
    drills_of(cx, &rows, out, count);
    return OK;
}

enum status drill_move(struct cx *cx, struct sql *sql, Id matter, int64_t from, int64_t to)
{
    int64_t changed = 0;
    TRY(sql_exec(cx, sql, SQL("UPDATE drill SET made = ?3 WHERE matter = ?1 AND made = ?2"),
                 ARGS(SQL_I(matter), SQL_I(from), SQL_I(to))));
    TRY(sql_changed(cx, sql, &changed));
    return changed == 1
               ? OK
               : FAIL(cx, E_AGAIN, "stale", "drill %" PRId64 " is not at %" PRId64, matter, from);
}

enum status drill_tallies(struct cx *cx, struct sql *sql, Id matter, Str province,
                          struct drill_tally **out, uint32_t *count)
{
    struct rows rows = {0};
    TRY(sql_query(
        cx, sql,
        SQL("SELECT court, MAX(province), SUM(handed), SUM(delivered), SUM(received), "
            "SUM(answered), SUM(passed) FROM ("
            "SELECT court, province, 0 AS handed, 0 AS delivered, 1 AS received, "
            "CASE WHEN responded IS NULL THEN 0 ELSE 1 END AS answered, "
            "CASE WHEN response_ms <= 1800000 AND delivered IS NOT NULL THEN 1 ELSE 0 END "
            "AS passed FROM handover WHERE drill = ?1 UNION ALL "
            "SELECT collaborator, collaborator_province, 1, "
            "CASE WHEN delivered IS NULL THEN 0 ELSE 1 END, 0, 0, "
            "CASE WHEN response_ms <= 1800000 AND delivered IS NOT NULL THEN 1 ELSE 0 END "
            "FROM handover WHERE drill = ?1) AS sides "
            "WHERE ?2 = '' OR province = ?2 GROUP BY court ORDER BY court"),
        ARGS(SQL_I(matter), SQL_S(province)), &rows));
    *out = arena_array(cx->arena, struct drill_tally, rows.count);
    *count = rows.count;
    for (uint32_t i = 0; i < rows.count; i++) {
        (*out)[i] = (struct drill_tally){.court = row_str(&rows, i, 0),
                                         .province = row_str(&rows, i, 1),
                                         .handed = row_int(&rows, i, 2),
                                         .delivered = row_int(&rows, i, 3),
                                         .received = row_int(&rows, i, 4),
                                         .answered = row_int(&rows, i, 5),
                                         .passed = row_int(&rows, i, 6)};
    }
    return OK;
}

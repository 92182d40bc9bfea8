#include "record/complaint.h"

/* ?1 to ?4: period, province, court. */
#define PICKED                                                                  \
    "procedure = 'filing-complaint' AND arrived >= ?1 AND arrived < ?2 "        \
    "AND (?3 = '' OR (court <> '最高法' AND SUBSTR(court, 1, 1) = ?3)) "     \
    "AND (?4 = '' OR court = ?4 OR ?4 LIKE '%,' || court || ',%') "             \
    "AND EXISTS (SELECT 1 FROM link l JOIN matter about ON about.id = l.other " \
    "WHERE l.matter = matter.id AND l.rel = 'about' AND about.procedure LIKE 'cross-domain-%') "

#define FILTER(f) SQL_I((f)->since), SQL_I((f)->until), SQL_S((f)->province), SQL_S((f)->court)

static bool picks_any(const struct statistics_filter *f)
{
    return f->collaborator.n == 0 && f->collaborator_province.n == 0 && f->procedure.n == 0 &&
           f->kind.n == 0 && f->measure.n == 0;
}

enum status complaint_places(struct cx *cx, struct sql *sql, const struct statistics_filter *f,
                             Str by, struct complaint_place **out, uint32_t *count)
{
    struct rows rows = {0};
    bool by_day = str_is(by, "day") || str_is(by, "week") || str_is(by, "month");
    *out = NULL;
    *count = 0;
    if (!picks_any(f)) {
        return OK;
    }
    TRY(sql_query(cx, sql,
                  SQL("SELECT CASE ?5 WHEN 'court' THEN court "
                      "WHEN 'province' THEN CASE court WHEN '最高法' THEN '' "
                      "ELSE SUBSTR(court, 1, 1) END WHEN '' THEN '' WHEN 'day' THEN '' "
                      "ELSE '-' END AS place, "
                      "CASE ?5 WHEN 'day' THEN (arrived + 28800000) / 86400000 ELSE 0 END AS day, "
                      "COUNT(*) FROM matter WHERE " PICKED "GROUP BY 1, 2"),
                  ARGS(FILTER(f), SQL_S(by_day ? STR("day") : by)), &rows));
    *out = arena_array(cx->arena, struct complaint_place, rows.count);
    *count = rows.count;
    for (uint32_t i = 0; i < rows.count; i++) {
        (*out)[i] = (struct complaint_place){
            .place = row_str(&rows, i, 0),
            .day = by_day ? (Date)row_int(&rows, i, 1) : DATE_NONE,
            .count = row_int(&rows, i, 2),
        };
    }
    return OK;
}

enum status complaint_list(struct cx *cx, struct sql *sql, const struct statistics_filter *f,
                           Instant before, Id before_matter, uint32_t limit, struct complaint **out,
                           uint32_t *count, int64_t *total)
{
    struct rows all = {0};
    struct rows rows = {0};
    *out = NULL;
    *count = 0;
    *total = 0;
    if (!picks_any(f)) {
        return OK;
    }
    TRY(sql_query(cx, sql, SQL("SELECT COUNT(*) FROM matter WHERE " PICKED), ARGS(FILTER(f)),
                  &all));
    TRY(sql_query(cx, sql,
                  SQL("SELECT id, title, court, state, version, arrived, updated FROM matter "
                      "WHERE " PICKED "AND (arrived < ?5 OR (arrived = ?5 AND id < ?6)) "
                      "ORDER BY arrived DESC, id DESC LIMIT ?7"),
                  ARGS(FILTER(f), SQL_I(before == 0 ? INT64_MAX : before), SQL_I(before_matter),
                       SQL_I(limit)),
                  &rows));
    *total = row_int(&all, 0, 0);
    *count = rows.count;
    *out = arena_array(cx->arena, struct complaint, rows.count);
    for (uint32_t i = 0; i < rows.count; i++) {
        (*out)[i] = (struct complaint){
            .matter = row_int(&rows, i, 0),
            .title = row_str(&rows, i, 1),
            .court = row_str(&rows, i, 2),
            .state = row_str(&rows, i, 3),
            .version = row_int(&rows, i, 4),
            .arrived = row_int(&rows, i, 5),
            .updated = row_int(&rows, i, 6),
        };
    }
    return OK;
}

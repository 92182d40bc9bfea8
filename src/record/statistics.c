#include "record/statistics.h"

#include <stdlib.h>

enum { MARCH_SHIFT = 3, MONTHS = 12, WEEK_DAYS = 7, WEEK_SHIFT = 3 };

/* ?1 to ?9: the filter. One text for all statements, so that a number and its list cannot differ.
 */
#define PICKED                                                                                   \
    "drill = 0 AND submitted >= ?1 AND submitted < ?2 "                                          \
    "AND (?3 = '' OR province = ?3) AND (?4 = '' OR court = ?4) "                                \
    "AND (?5 = '' OR collaborator_province = ?5) AND (?6 = '' OR collaborator = ?6) "            \
    "AND (?7 = '' OR procedure = ?7) AND (?8 = '' OR kind = ?8 OR (?8 = 'none' AND kind = '')) " \
    "AND (?9 = '' OR (?9 = 'answered' AND responded IS NOT NULL) "                               \
    "OR (?9 = 'on-time' AND response_ms <= 1800000) "                                            \
    "OR (?9 = 'within-5' AND response_ms <= 300000) "                                            \
    "OR (?9 = 'late' AND late_response IS NOT NULL) "                                            \
    "OR (?9 = 'over-24h' AND late_feedback IS NOT NULL) "                                        \
    "OR (?9 = 'over-7-days' AND late_decision IS NOT NULL) "                                     \
    "OR (?9 = 'corrected' AND corrections > 0) OR (?9 = 'rated' AND rating IS NOT NULL) "        \
    "OR (?9 = 'undecided' AND outcome = '') OR (outcome <> '' AND outcome = ?9)) "

#define FILTER(f)                                                                           \
    SQL_I((f)->since), SQL_I((f)->until), SQL_S((f)->province), SQL_S((f)->court),          \
        SQL_S((f)->collaborator_province), SQL_S((f)->collaborator), SQL_S((f)->procedure), \
        SQL_S((f)->kind), SQL_S((f)->measure)

/* ?10: by what. Days are counted from 1970 in Beijing; a month by the calendar's own arithmetic
 * from 1 March of the year 0 (z days, of which doe in the era of 400 years, yoe years), because the
 * two engines share no function for it. */
#define GROUPED                                                                                  \
    "(SELECT CASE ?10 WHEN 'day' THEN CAST(z - 719468 AS TEXT) "                                 \
    "WHEN 'week' THEN CAST((z - 719468 + 3) / 7 AS TEXT) "                                       \
    "WHEN 'month' THEN CAST((z / 146097 * 400 + yoe) * 12 + "                                    \
    "(5 * (doe - (365 * yoe + yoe / 4 - yoe / 100)) + 2) / 153 AS TEXT) "                        \
    "WHEN 'court' THEN court WHEN 'collaborator' THEN collaborator "                             \
    "WHEN 'pair' THEN collaborator || '>' || court WHEN 'province' THEN province "               \
    "WHEN 'collaborator-province' THEN collaborator_province "                                   \
    "WHEN 'matrix' THEN collaborator_province || '>' || province "                               \
    "WHEN 'service' THEN procedure WHEN 'kind' THEN kind ELSE '' END AS place, "                 \
    "responded, response_ms, late_response, late_feedback, late_decision, corrections, rating, " \
    "outcome FROM (SELECT yearless.*, (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365 "    \
    "AS yoe FROM (SELECT dated.*, z % 146097 AS doe FROM (SELECT handover.*, "                   \
    "(submitted + 28800000) / 86400000 + 719468 AS z FROM handover WHERE " PICKED                \
    ") AS dated) AS yearless) AS placed) AS grouped "

bool statistics_groups(Str by)
{
    static const char *const known[] = {
        "",     "day",      "week",    "month", "court",  "collaborator",
        "pair", "province", "service", "kind",  "matrix", "collaborator-province"};
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        if (str_is(by, known[i])) {
            return true;
        }
    }
    return false;
}

/* A key as people read it: numbers of days, weeks and months become their first day. */
static Str key_shown(struct arena *arena, Str by, Str key)
{
    int64_t n = 0;
    if (!str_int(key, &n)) {
        return key;
    }
    if (str_is(by, "day")) {
        return date_format(arena, (Date)n);
    }
    if (str_is(by, "week")) {
        return date_format(arena, (Date)(n * WEEK_DAYS - WEEK_SHIFT));
    }
    if (str_is(by, "month")) {
        int64_t month = n % MONTHS + MARCH_SHIFT;
        int64_t year = n / MONTHS + (month > MONTHS ? 1 : 0);
        month -= month > MONTHS ? MONTHS : 0;
        return date_format(arena, date_of((int)year, (int)month, 1));
    }
    return key;
}

static struct statistics_row *row_find(struct statistics_row *rows, uint32_t count, Str key)
{
    uint32_t from = 0;
    uint32_t to = count;
    while (from < to) { /* rows come by key */
        uint32_t at = (from + to) / 2;
        int order = str_compare(rows[at].key, key);
        if (order == 0) {
            return &rows[at];
        }
        from = order < 0 ? at + 1 : from;
        to = order < 0 ? to : at;
    }
    return NULL;
}

static int by_key(const void *left, const void *right)
{
    const struct statistics_row *a = left;
    const struct statistics_row *b = right;
    return str_compare(a->key, b->key);
}

static enum status counts_read(struct cx *cx, struct sql *sql, const struct statistics_filter *f,
                               Str by, struct statistics_row **out, uint32_t *count)
{
    struct rows rows = {0};
    TRY(sql_query(cx, sql,
                  SQL("SELECT place, COUNT(*), COUNT(responded), "
                      "SUM(CASE WHEN response_ms <= 1800000 THEN 1 ELSE 0 END), "
                      "SUM(CASE WHEN response_ms <= 300000 THEN 1 ELSE 0 END), "
                      "COUNT(late_response), COUNT(late_feedback), COUNT(late_decision), "
                      "SUM(CASE WHEN corrections > 0 THEN 1 ELSE 0 END), SUM(corrections), "
                      "COUNT(rating), SUM(COALESCE(rating, 0)) FROM " GROUPED "GROUP BY place"),
                  ARGS(FILTER(f), SQL_S(by)), &rows));
    *out = arena_array(cx->arena, struct statistics_row, rows.count);
    *count = rows.count;
    for (uint32_t i = 0; i < rows.count; i++) {
        (*out)[i] = (struct statistics_row){
            .key = row_str(&rows, i, 0),
            .count = row_int(&rows, i, 1),
            .answered = row_int(&rows, i, 2),
            .on_time = row_int(&rows, i, 3),
            .within_5 = row_int(&rows, i, 4),
            .late = row_int(&rows, i, 5),
            .over_24h = row_int(&rows, i, 6),
            .over_7_days = row_int(&rows, i, 7),
            .corrected = row_int(&rows, i, 8),
            .corrections = row_int(&rows, i, 9),
            .rated = row_int(&rows, i, 10),
            .ratings = row_int(&rows, i, 11),
            .median_ms = -1,
            .p90_ms = -1,
        };
    }
    qsort(*out, *count, sizeof **out, by_key); /* engines order texts by rules of their own */
    return OK;
}

static enum status quantiles_read(struct cx *cx, struct sql *sql, const struct statistics_filter *f,
                                  Str by, struct statistics_row *out, uint32_t count)
{
    struct rows rows = {0};
    TRY(sql_query(cx, sql,
                  SQL("SELECT place, MAX(CASE WHEN n = (many + 1) / 2 THEN response_ms END), "
                      "MAX(CASE WHEN n = (many + 2) / 2 THEN response_ms END), "
                      "MAX(CASE WHEN n = (many * 9 + 9) / 10 THEN response_ms END) FROM ("
                      "SELECT place, response_ms, ROW_NUMBER() OVER (PARTITION BY place "
                      "ORDER BY response_ms) AS n, COUNT(*) OVER (PARTITION BY place) AS many "
                      "FROM " GROUPED "WHERE response_ms IS NOT NULL) AS ordered GROUP BY place"),
                  ARGS(FILTER(f), SQL_S(by)), &rows));
    for (uint32_t i = 0; i < rows.count; i++) {
        struct statistics_row *row = row_find(out, count, row_str(&rows, i, 0));
        if (row != NULL) {
            row->median_ms = (row_int(&rows, i, 1) + row_int(&rows, i, 2)) / 2;
            row->p90_ms = row_int(&rows, i, 3);
        }
    }
    return OK;
}

static enum status outcomes_read(struct cx *cx, struct sql *sql, const struct statistics_filter *f,
                                 Str by, struct statistics_row *out, uint32_t count)
{
    struct rows rows = {0};
    TRY(sql_query(cx, sql,
                  SQL("SELECT place, outcome, COUNT(*) FROM " GROUPED
                      "GROUP BY place, outcome ORDER BY COUNT(*) DESC, outcome"),
                  ARGS(FILTER(f), SQL_S(by)), &rows));
    for (uint32_t i = 0; i < rows.count; i++) {
        struct statistics_row *row = row_find(out, count, row_str(&rows, i, 0));
        if (row != NULL && row->outcome_count < OUTCOMES_MAX) {
            row->outcomes[row->outcome_count].state = row_str(&rows, i, 1);
            row->outcomes[row->outcome_count].count = row_int(&rows, i, 2);
            row->outcome_count += 1;
        }
    }
    return OK;
}

/* Complaints are about a court, on a day; they have no collaborator, service or kind. */
static enum status complaints_read(struct cx *cx, struct sql *sql,
                                   const struct statistics_filter *f, Str by,
                                   struct statistics_row *out, uint32_t count)
{
    struct rows rows = {0};
    if (f->collaborator.n > 0 || f->collaborator_province.n > 0 || f->procedure.n > 0 ||
        f->kind.n > 0 || f->measure.n > 0) {
        return OK;
    }
    TRY(sql_query(
        cx, sql,
        SQL("SELECT CASE ?5 WHEN 'court' THEN court "
            "WHEN 'province' THEN CASE court WHEN '最高法' THEN '' "
            "ELSE SUBSTR(court, 1, 1) END WHEN '' THEN '' "
            "WHEN 'day' THEN CAST((arrived + 28800000) / 86400000 AS TEXT) "
            "ELSE '-' END AS place, COUNT(*) FROM matter "
            "WHERE procedure = 'filing-complaint' AND arrived >= ?1 AND arrived < ?2 "
            "AND (?3 = '' OR (court <> '最高法' AND SUBSTR(court, 1, 1) = ?3)) "
            "AND (?4 = '' OR court = ?4) GROUP BY 1"),
        ARGS(SQL_I(f->since), SQL_I(f->until), SQL_S(f->province), SQL_S(f->court), SQL_S(by)),
        &rows));
    for (uint32_t i = 0; i < rows.count; i++) {
        struct statistics_row *row = row_find(out, count, row_str(&rows, i, 0));
        if (row != NULL) {
            row->complaints = row_int(&rows, i, 1);
        }
    }
    return OK;
}

enum status statistics_read(struct cx *cx, struct sql *sql, const struct statistics_filter *filter,
                            Str by, struct statistics_row **out, uint32_t *count)
{
    TRY(counts_read(cx, sql, filter, by, out, count));
    TRY(quantiles_read(cx, sql, filter, by, *out, *count));
    TRY(outcomes_read(cx, sql, filter, by, *out, *count));
    TRY(complaints_read(cx, sql, filter, by, *out, *count));
    for (uint32_t i = 0; i < *count; i++) {
        (*out)[i].key = key_shown(cx->arena, by, (*out)[i].key);
    }
    return OK;
}

/* --- the requests behind a number --- */

enum status statistics_requests(struct cx *cx, struct sql *sql, const struct statistics_filter *f,
                                Instant before, Id before_matter, uint32_t limit,
                                struct statistics_request **out, uint32_t *count, int64_t *total)
{
    struct rows all = {0};
    struct rows rows = {0};
    TRY(sql_query(cx, sql, SQL("SELECT COUNT(*) FROM handover WHERE " PICKED), ARGS(FILTER(f)),
                  &all));
    TRY(sql_query(cx, sql,
                  SQL("SELECT matter, procedure, kind, collaborator, court, outcome, submitted, "
                      "responded, response_ms FROM handover WHERE " PICKED
                      "AND (submitted < ?10 OR (submitted = ?10 AND matter < ?11)) "
                      "ORDER BY submitted DESC, matter DESC LIMIT ?12"),
                  ARGS(FILTER(f), SQL_I(before == 0 ? INT64_MAX : before), SQL_I(before_matter),
                       SQL_I(limit)),
                  &rows));
    *total = row_int(&all, 0, 0);
    *count = rows.count;
    *out = arena_array(cx->arena, struct statistics_request, rows.count);
    for (uint32_t i = 0; i < rows.count; i++) {
        (*out)[i] = (struct statistics_request){
            .matter = row_int(&rows, i, 0),
            .procedure = row_str(&rows, i, 1),
            .kind = row_str(&rows, i, 2),
            .collaborator = row_str(&rows, i, 3),
            .court = row_str(&rows, i, 4),
            .outcome = row_str(&rows, i, 5),
            .submitted = row_int(&rows, i, 6),
            .responded = row_int(&rows, i, 7),
            .response_ms = row_is_null(&rows, i, 8) ? -1 : row_int(&rows, i, 8),
        };
    }
    return OK;
}

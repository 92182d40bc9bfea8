#include "record/circular.h"

#include <stdlib.h>

/* --- figures --- */

struct sheet { /* the courts of one circular while it is filled */
    struct arena *arena;
    struct tally *tallies;
    uint32_t count, room;
};

static struct tally *sheet_add(struct sheet *sheet, Str court, Str province)
{
    if (sheet->count == sheet->room) {
        uint32_t room = sheet->room == 0 ? 256 : sheet->room * 2;
        struct tally *grown = arena_array(sheet->arena, struct tally, room);
        for (uint32_t i = 0; i < sheet->count; i++) {
            grown[i] = sheet->tallies[i];
        }
        sheet->tallies = grown;
        sheet->room = room;
    }
    struct tally *tally = &sheet->tallies[sheet->count++];
    *tally = (struct tally){.court = court, .province = province, .median_ms = -1};
    return tally;
}

static void tally_sum(struct tally *sum, const struct tally *part)
{
    sum->received += part->received;
    sum->on_time += part->on_time;
    sum->pending += part->pending;
    sum->over_24h += part->over_24h;
    sum->over_7_days += part->over_7_days;
    sum->cleared += part->cleared;
}

static int by_place(const void *left, const void *right)
{
    const struct tally *a = left;
    const struct tally *b = right;
    int order = str_compare(a->province, b->province);
    return order != 0 ? order : str_compare(a->court, b->court);
}

/* Rows of one court lie together once sorted: they become one. */
static void sheet_fold(struct sheet *sheet)
{
    uint32_t kept = 0;
    if (sheet->count == 0) {
        return;
    }
    qsort(sheet->tallies, sheet->count, sizeof *sheet->tallies, by_place);
    for (uint32_t i = 1; i < sheet->count; i++) {
        if (str_same(sheet->tallies[i].court, sheet->tallies[kept].court)) {
            tally_sum(&sheet->tallies[kept], &sheet->tallies[i]);
        } else {
            sheet->tallies[++kept] = sheet->tallies[i];
        }
    }
    sheet->count = kept + 1;
}

/* By "place", not by court: else SQLite goes court by court through another index, to have them in
 * order, and fetches each request from its own page. */
static enum status received_read(struct cx *cx, struct sql *sql, const struct circular_period *p,
                                 struct sheet *sheet)
{
    struct rows rows = {0};
    TRY(sql_query(
        cx, sql,
        SQL("SELECT court || '' AS place, MAX(province), COUNT(*), "
            "SUM(CASE WHEN responded <= ?3 AND response_ms <= ?4 THEN 1 ELSE 0 END), "
            "SUM(CASE WHEN (responded IS NULL OR responded > ?3) "
            "AND (late_response IS NULL OR late_response > ?3) THEN 1 ELSE 0 END) "
            "FROM handover WHERE drill = 0 AND submitted >= ?1 AND submitted < ?2 GROUP BY place"),
        ARGS(SQL_I(p->since), SQL_I(p->until), SQL_I(p->as_of), SQL_I(RESPONSE_GOOD_MS)), &rows));
    for (uint32_t i = 0; i < rows.count; i++) {
        struct tally *tally = sheet_add(sheet, row_str(&rows, i, 0), row_str(&rows, i, 1));
        tally->received = row_int(&rows, i, 2);
        tally->on_time = row_int(&rows, i, 3);
        tally->pending = row_int(&rows, i, 4);
    }
    return OK;
}

/* The statements differ in the column alone, and SQL is literals. "drill + 0": breaches are few and
 * have an index, but that of the figures, which begins with the drill, would be gone through whole.
 */
#define COUNT_OF(column, more)                                                                \
    SQL("SELECT court, MAX(province), COUNT(*) FROM handover WHERE drill + 0 = 0 AND " column \
        " >= ?1 AND " column " < ?2" more " GROUP BY court")

static void counted(const struct rows *rows, struct sheet *sheet, size_t at)
{
    for (uint32_t i = 0; i < rows->count; i++) {
        struct tally *tally = sheet_add(sheet, row_str(rows, i, 0), row_str(rows, i, 1));
        *(int64_t *)(void *)((char *)tally + at) = row_int(rows, i, 2);
    }
}

static enum status breaches_read(struct cx *cx, struct sql *sql, const struct circular_period *p,
                                 struct sheet *sheet)
{
    struct rows feedback = {0};
    struct rows decision = {0};
    struct rows cleared = {0};
    TRY(sql_later(cx, sql, COUNT_OF("late_feedback", ""), ARGS(SQL_I(p->since), SQL_I(p->until)),
                  &feedback));
    TRY(sql_later(cx, sql, COUNT_OF("late_decision", ""), ARGS(SQL_I(p->since), SQL_I(p->until)),
                  &decision));
    TRY(sql_later(cx, sql,
                  p->weekly ? SQL("SELECT court, MAX(province), COUNT(*) FROM handover "
                                  "WHERE drill + 0 = 0 AND late_decision IS NOT NULL "
                                  "AND late_decision + 0 < ?3 AND decided > ?1 "
                                  "AND decided <= ?2 GROUP BY court")
                            : SQL("SELECT court, MAX(province), COUNT(*) FROM handover "
                                  "WHERE drill + 0 = 0 AND late_feedback IS NOT NULL "
                                  "AND late_feedback + 0 < ?3 AND responded > ?1 "
                                  "AND responded <= ?2 GROUP BY court"),
                  ARGS(SQL_I(p->last_of), SQL_I(p->as_of), SQL_I(p->since)), &cleared));
    TRY(sql_flush(cx, sql));
    counted(&feedback, sheet, offsetof(struct tally, over_24h));
    counted(&decision, sheet, offsetof(struct tally, over_7_days));
    counted(&cleared, sheet, offsetof(struct tally, cleared));
    return OK;
}

/* by: 0 court, 1 province, 2 all. The tallies are in the order of by_place(). */
static enum status medians_read(struct cx *cx, struct sql *sql, const struct circular_period *p,
                                int by, struct tally *tallies, uint32_t count)
{
    struct rows rows = {0};
    TRY(sql_query(
        cx, sql,
        SQL("SELECT place, MAX(province), (MIN(response_ms) + MAX(response_ms)) / 2 FROM ("
            "SELECT place, province, response_ms, ROW_NUMBER() OVER (PARTITION BY place "
            "ORDER BY response_ms) AS n, COUNT(*) OVER (PARTITION BY place) AS many FROM ("
            "SELECT CASE WHEN ?4 = 0 THEN court WHEN ?4 = 1 THEN province ELSE '' END AS place, "
            "province, response_ms FROM handover WHERE drill = 0 AND submitted >= ?1 "
            "AND submitted < ?2 AND responded <= ?3) AS answered) AS ordered "
            "WHERE n = (many + 1) / 2 OR n = (many + 2) / 2 GROUP BY place"),
        ARGS(SQL_I(p->since), SQL_I(p->until), SQL_I(p->as_of), SQL_I(by)), &rows));
    for (uint32_t i = 0; i < rows.count; i++) {
        struct tally key = {.court = by == 0 ? row_str(&rows, i, 0) : STR(""),
                            .province = by == 2 ? STR("") : row_str(&rows, i, 1)};
        struct tally *tally = bsearch(&key, tallies, count, sizeof *tallies, by_place);
        if (tally != NULL) {
            tally->median_ms = row_int(&rows, i, 2);
        }
    }
    return OK;
}

static void provinces_sum(struct cx *cx, struct circular_figures *figures)
{
    struct sheet sheet = {.arena = cx->arena};
    for (uint32_t i = 0; i < figures->court_count; i++) {
        const struct tally *court = &figures->courts[i];
        if (sheet.count == 0 ||
            !str_same(sheet.tallies[sheet.count - 1].province, court->province)) {
            (void)sheet_add(&sheet, STR(""), court->province);
        }
        tally_sum(&sheet.tallies[sheet.count - 1], court);
        tally_sum(&figures->nation, court);
    }
    figures->provinces = sheet.tallies;
    figures->province_count = sheet.count;
}

static enum status entries_read(struct cx *cx, struct sql *sql, const struct circular_period *p,
                                struct circular_figures *out)
{
    struct rows rows = {0};
    TRY(sql_query(
        cx, sql,
        p->weekly ? SQL("SELECT matter, court, province, collaborator, procedure, kind, "
                        "submitted, late_decision, CASE WHEN decided <= ?3 THEN decided END "
                        "FROM handover WHERE drill + 0 = 0 AND late_decision >= ?1 "
                        "AND late_decision < ?2 ORDER BY province, court, late_decision, matter")
                  : SQL("SELECT matter, court, province, collaborator, procedure, kind, "
                        "submitted, late_feedback, "
                        "CASE WHEN responded <= ?3 THEN responded END "
                        "FROM handover WHERE drill + 0 = 0 AND late_feedback >= ?1 "
                        "AND late_feedback < ?2 "
                        "ORDER BY province, court, late_feedback, matter"),
        ARGS(SQL_I(p->since), SQL_I(p->until), SQL_I(p->as_of)), &rows));
    out->entries = arena_array(cx->arena, struct tally_entry, rows.count);
    out->entry_count = rows.count;
    for (uint32_t i = 0; i < rows.count; i++) {
        out->entries[i] = (struct tally_entry){
            .matter = row_int(&rows, i, 0),
            .court = row_str(&rows, i, 1),
            .province = row_str(&rows, i, 2),
            .collaborator = row_str(&rows, i, 3),
            .procedure = row_str(&rows, i, 4),
            .kind = row_str(&rows, i, 5),
            .submitted = row_int(&rows, i, 6),
            .breached = row_int(&rows, i, 7),
            .settled = row_int(&rows, i, 8),
        };
    }
    return OK;
}

enum status circular_figures(struct cx *cx, struct sql *sql, const struct circular_period *period,
                             struct circular_figures *out)
{
    struct sheet sheet = {.arena = cx->arena};
    *out = (struct circular_figures){.nation = {.median_ms = -1}};
    TRY(received_read(cx, sql, period, &sheet));
    TRY(breaches_read(cx, sql, period, &sheet));
    sheet_fold(&sheet);
    out->courts = sheet.tallies;
    out->court_count = sheet.count;
    provinces_sum(cx, out);
    TRY(medians_read(cx, sql, period, 0, out->courts, out->court_count));
    TRY(medians_read(cx, sql, period, 1, out->provinces, out->province_count));
    TRY(medians_read(cx, sql, period, 2, &out->nation, 1));
    return entries_read(cx, sql, period, out);
}

/* --- which there are --- */

void circular_write(struct script *script, const struct circular *c)
{
    script_add(script,
               SQL("INSERT INTO circular (kind, scope, day, matter, court, province, since, until, "
                   "issued, entries) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)"),
               ARGS(SQL_S(c->kind), SQL_S(c->scope), SQL_S(c->day), SQL_I(c->matter),
                    SQL_S(c->court), SQL_S(c->province), SQL_I(c->since), SQL_I(c->until),
                    SQL_I(c->issued), SQL_I(c->entries)));
}

#define CIRCULAR_COLUMNS                                                                         \
    "SELECT c.kind, c.scope, c.day, c.matter, c.court, c.province, c.since, c.until, c.issued, " \
    "c.entries, m.state FROM circular AS c JOIN matter AS m ON m.id = c.matter "

static void circulars_of(struct cx *cx, const struct rows *rows, struct circular **out,
                         uint32_t *count)
{
    *out = arena_array(cx->arena, struct circular, rows->count);
    *count = rows->count;
    for (uint32_t i = 0; i < rows->count; i++) {
        (*out)[i] = (struct circular){
            .kind = row_str(rows, i, 0),
            .scope = row_str(rows, i, 1),
            .day = row_str(rows, i, 2),
            .matter = row_int(rows, i, 3),
            .court = row_str(rows, i, 4),
            .province = row_str(rows, i, 5),
            .since = row_int(rows, i, 6),
            .until = row_int(rows, i, 7),
            .issued = row_int(rows, i, 8),
            .entries = row_int(rows, i, 9),
            .state = row_str(rows, i, 10),
        };
    }
}

enum status circular_issue(struct cx *cx, struct sql *sql, Str kind, Str day, struct circular **out,
                           uint32_t *count)
{
    struct rows rows = {0};
    TRY(sql_query(cx, sql,
                  SQL(CIRCULAR_COLUMNS "WHERE c.kind = ?1 AND c.day = ?2 ORDER BY c.scope"),
                  ARGS(SQL_S(kind), SQL_S(day)), &rows));
    circulars_of(cx, &rows, out, count);
    return OK;
}

enum status circular_find(struct cx *cx, struct sql *sql, Id matter, struct circular **out)
{
    struct rows rows = {0};
    uint32_t count = 0;
    TRY(sql_query(cx, sql, SQL(CIRCULAR_COLUMNS "WHERE c.matter = ?1"), ARGS(SQL_I(matter)),
                  &rows));
    circulars_of(cx, &rows, out, &count);
    *out = count == 0 ? NULL : *out;
    return OK;
}

enum status circular_since(struct cx *cx, struct sql *sql, Str kind, Instant at, Instant *since,
                           Instant *last_of)
{
    struct rows last = {0};
    struct rows first = {0};
    TRY(sql_later(cx, sql,
                  SQL("SELECT MAX(until), MAX(issued) FROM circular "
                      "WHERE kind = ?1 AND scope = 'nation' AND issued < ?2"),
                  ARGS(SQL_S(kind), SQL_I(at)), &last));
    TRY(sql_later(cx, sql, SQL("SELECT MIN(submitted) FROM handover WHERE drill = 0"), NO_ARGS,
                  &first));
    TRY(sql_flush(cx, sql));
    *since = row_int(&last, 0, 0);
    *last_of = row_int(&last, 0, 1);
    if (*since == 0 && !row_is_null(&first, 0, 0)) {
        *since = date_start(instant_date(row_int(&first, 0, 0)));
    }
    return OK;
}

enum status circular_list(struct cx *cx, struct sql *sql, const struct circular_query *q,
                          struct circular **out, uint32_t *count)
{
    struct rows rows = {0};
    Instant before = q->before == 0 ? INT64_MAX : q->before;
    TRY(sql_query(cx, sql,
                  SQL(CIRCULAR_COLUMNS
                      "WHERE (?1 = '' OR c.kind = ?1) AND (?2 = '' OR c.province = ?2) "
                      "AND (?3 = '' OR c.court = ?3 OR ?3 LIKE '%,' || c.court || ',%') "
                      "AND (?4 = '' OR (?4 = 'nation' AND c.scope = 'nation') "
                      "OR (?4 = 'province' AND c.scope LIKE 'province:%') "
                      "OR (?4 = 'court' AND c.scope LIKE 'court:%')) "
                      "AND (c.issued < ?5 OR (c.issued = ?5 AND c.matter < ?6)) "
                      "ORDER BY c.issued DESC, c.matter DESC LIMIT ?7"),
                  ARGS(SQL_S(q->kind), SQL_S(q->province), SQL_S(q->court), SQL_S(q->scope),
                       SQL_I(before), SQL_I(q->before_matter), SQL_I(q->limit)),
                  &rows));
    circulars_of(cx, &rows, out, count);
    return OK;
}

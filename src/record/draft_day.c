#include "record/draft_day.h"

Date draft_day_of(const struct draft_day *day)
{
    return day->given != DATE_NONE ? day->given : day->derived;
}

static struct sql_value date_arg(Date day)
{
    return day == DATE_NONE ? SQL_N : SQL_I(day);
}

static Date date_cell(const struct rows *r, uint32_t row, uint32_t column)
{
    return row_is_null(r, row, column) ? DATE_NONE : (Date)row_int(r, row, column);
}

void draft_day_derive(struct script *script, Id matter, Id owner, Date day, Str title, Str law)
{
    if (day == DATE_NONE) {
        script_add(script,
                   SQL("UPDATE draft_day SET derived = NULL, title = '', law = '' "
                       "WHERE matter = ?1 AND derived IS NOT NULL"),
                   ARGS(SQL_I(matter)));
        return;
    }
    script_add(script,
               SQL("INSERT INTO draft_day (matter, owner, given, derived, title, law, told) "
                   "VALUES (?1, ?2, NULL, ?3, ?4, ?5, 99) ON CONFLICT (matter) DO UPDATE SET "
                   "told = CASE WHEN draft_day.given IS NULL AND (draft_day.derived IS NULL OR "
                   "draft_day.derived <> excluded.derived) THEN 99 ELSE draft_day.told END, "
                   "derived = excluded.derived, title = excluded.title, law = excluded.law"),
               ARGS(SQL_I(matter), SQL_I(owner), SQL_I(day), SQL_S(title), SQL_S(law)));
}

void draft_day_give(struct script *script, Id matter, Id owner, Date day)
{
    script_add(script,
               SQL("INSERT INTO draft_day (matter, owner, given, derived, title, law, told) "
                   "VALUES (?1, ?2, ?3, NULL, '', '', 99) ON CONFLICT (matter) DO UPDATE SET "
                   "given = excluded.given, told = 99"),
               ARGS(SQL_I(matter), SQL_I(owner), date_arg(day)));
}

static void days_of(struct arena *arena, const struct rows *r, struct draft_day **out)
{
    *out = arena_array(arena, struct draft_day, r->count);
    for (uint32_t i = 0; i < r->count; i++) {
        (*out)[i] = (struct draft_day){row_int(r, i, 0),   row_int(r, i, 1), date_cell(r, i, 2),
                                       date_cell(r, i, 3), row_str(r, i, 4), row_str(r, i, 5),
                                       row_int(r, i, 6),   row_str(r, i, 7)};
    }
}

enum status draft_day_find(struct cx *cx, struct sql *sql, Id matter, struct draft_day **out)
{
    struct rows r = {0};
    TRY(sql_query(cx, sql,
                  SQL("SELECT d.matter, d.owner, d.given, d.derived, d.title, d.law, d.told, "
                      "m.title FROM draft_day d JOIN matter m ON m.id = d.matter "
                      "WHERE d.matter = ?1"),
                  ARGS(SQL_I(matter)), &r));
    days_of(cx->arena, &r, out);
    *out = r.count == 0 ? NULL : *out;
    return OK;
}

enum status draft_day_due(struct cx *cx, struct sql *sql, Date today, uint32_t limit,
                          struct draft_day **out, uint32_t *count)
{
    struct rows r = {0};
    TRY(sql_query(cx, sql,
                  SQL("SELECT d.matter, d.owner, d.given, d.derived, d.title, d.law, d.told, "
                      "m.title FROM draft_day d JOIN matter m ON m.id = d.matter "
                      "WHERE m.events = 0 AND COALESCE(d.given, d.derived) BETWEEN ?1 AND ?3 "
                      "AND d.told > CASE WHEN COALESCE(d.given, d.derived) <= ?2 THEN 1 ELSE 3 END "
                      "ORDER BY COALESCE(d.given, d.derived), d.told, d.matter LIMIT ?4"),
                  ARGS(SQL_I(today), SQL_I(today + DRAFT_DAY_LAST), SQL_I(today + DRAFT_DAY_FIRST),
                       SQL_I(limit)),
                  &r));
    days_of(cx->arena, &r, out);
    *count = r.count;
    return OK;
}

enum status draft_day_tell(struct cx *cx, struct sql *sql, const struct draft_day *day,
                           int64_t step, bool *claimed)
{
    int64_t changed = 0;
    TRY(sql_exec(
        cx, sql,
        SQL("UPDATE draft_day SET told = ?3 WHERE matter = ?1 AND told = ?2 AND "
            "COALESCE(given, derived) = ?4"),
        ARGS(SQL_I(day->matter), SQL_I(day->told), SQL_I(step), SQL_I(draft_day_of(day)))));
    TRY(sql_changed(cx, sql, &changed));
    *claimed = changed == 1;
    return OK;
}

#include "record/answer_day.h"

int64_t answer_day_step(const struct answer_day *day, Date today)
{
    return day->due < today                      ? ANSWER_DAY_OVER
           : day->due - today <= ANSWER_DAY_LAST ? ANSWER_DAY_LAST
                                                 : ANSWER_DAY_FIRST;
}

void answer_day_write(struct script *script, Id matter, int64_t party, Date due)
{
    script_add(script,
               SQL("INSERT INTO answer_day (matter, party, due, told) VALUES (?1, ?2, ?3, 99) "
                   "ON CONFLICT (matter, party) DO UPDATE SET due = excluded.due, told = 99"),
               ARGS(SQL_I(matter), SQL_I(party), SQL_I(due)));
}

void answer_day_end(struct script *script, Id matter, int64_t party)
{
    script_add(script, SQL("DELETE FROM answer_day WHERE matter = ?1 AND party = ?2"),
               ARGS(SQL_I(matter), SQL_I(party)));
}

void answer_day_close(struct script *script, Id matter)
{
    script_add(script, SQL("DELETE FROM answer_day WHERE matter = ?1"), ARGS(SQL_I(matter)));
}

static struct answer_day *days_of(struct arena *arena, const struct rows *r)
{
    struct answer_day *days = arena_array(arena, struct answer_day, r->count + 1);
    for (uint32_t i = 0; i < r->count; i++) {
        days[i] = (struct answer_day){row_int(r, i, 0), row_int(r, i, 1), (Date)row_int(r, i, 2),
                                      row_int(r, i, 3)};
    }
    return days;
}

enum status answer_day_of(struct cx *cx, struct sql *sql, Id matter, struct answer_day **out,
                          uint32_t *count)
{
    struct rows r = {0};
    TRY(sql_query(cx, sql,
                  SQL("SELECT matter, party, due, told FROM answer_day WHERE matter = ?1 "
                      "ORDER BY party"),
                  ARGS(SQL_I(matter)), &r));
    *out = days_of(cx->arena, &r);
    *count = r.count;
    return OK;
}

enum status answer_day_due(struct cx *cx, struct sql *sql, Date today, uint32_t limit,
                           struct answer_day **out, uint32_t *count)
{
    struct rows r = {0};
    TRY(sql_query(cx, sql,
                  SQL("SELECT matter, party, due, told FROM answer_day WHERE due <= ?3 "
                      "AND told > CASE WHEN due < ?1 THEN -1 WHEN due <= ?2 THEN 1 ELSE 3 END "
                      "ORDER BY due, matter, party LIMIT ?4"),
                  ARGS(SQL_I(today), SQL_I(today + ANSWER_DAY_LAST),
                       SQL_I(today + ANSWER_DAY_FIRST), SQL_I(limit)),
                  &r));
    *out = days_of(cx->arena, &r);
    *count = r.count;
    return OK;
}

enum status answer_day_tell(struct cx *cx, struct sql *sql, const struct answer_day *day,
                            int64_t step, bool *claimed)
{
    int64_t changed = 0;
    if (step == ANSWER_DAY_OVER) {
        TRY(sql_exec(
            cx, sql,
            SQL("DELETE FROM answer_day WHERE matter = ?1 AND party = ?2 AND told = ?3 "
                "AND due = ?4"),
            ARGS(SQL_I(day->matter), SQL_I(day->party), SQL_I(day->told), SQL_I(day->due))));
    } else {
        TRY(sql_exec(cx, sql,
                     SQL("UPDATE answer_day SET told = ?5 WHERE matter = ?1 AND party = ?2 AND "
                         "told = ?3 AND due = ?4"),
                     ARGS(SQL_I(day->matter), SQL_I(day->party), SQL_I(day->told), SQL_I(day->due),
                          SQL_I(step))));
    }
    TRY(sql_changed(cx, sql, &changed));
    *claimed = changed == 1;
    return OK;
}

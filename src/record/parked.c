#include "record/parked.h"

enum status parked_jobs(struct cx *cx, struct sql *sql, bool messages, Id after, uint32_t limit,
                        struct parked_job **out, uint32_t *count)
{
    struct rows r = {0};
    TRY(sql_query(cx, sql,
                  SQL("SELECT id, kind, payload, attempts, due, last_error FROM job "
                      "WHERE state = 'parked' AND id > ?1 AND (?2 = 0 OR kind = 'message') "
                      "ORDER BY id LIMIT ?3"),
                  ARGS(SQL_I(after), SQL_I(messages), SQL_I(limit)), &r));
    struct parked_job *list = arena_array(cx->arena, struct parked_job, r.count);
    for (uint32_t i = 0; i < r.count; i++) {
        list[i] = (struct parked_job){row_int(&r, i, 0), row_str(&r, i, 1), row_str(&r, i, 2),
                                      row_int(&r, i, 3), row_int(&r, i, 4), row_str(&r, i, 5)};
    }
    *out = list;
    *count = r.count;
    return OK;
}

void parked_job_retry(struct script *script, Id id, Instant machine_now)
{
    script_add(script,
               SQL("UPDATE job SET state = 'waiting', attempts = 0, lease = 0, due = ?2 "
                   "WHERE id = ?1 AND state = 'parked'"),
               ARGS(SQL_I(id), SQL_I(machine_now)));
}

enum status parked_message_drop(struct cx *cx, struct sql *sql, Id id, bool *dropped)
{
    int64_t changed = 0;
    TRY(sql_exec(cx, sql,
                 SQL("DELETE FROM job WHERE id = ?1 AND state = 'parked' AND kind = 'message'"),
                 ARGS(SQL_I(id))));
    TRY(sql_changed(cx, sql, &changed));
    *dropped = changed == 1;
    return OK;
}

enum status parked_clocks(struct cx *cx, struct sql *sql, Id after, int64_t after_n, uint32_t limit,
                          struct parked_clock **out, uint32_t *count)
{
    struct rows r = {0};
    TRY(sql_query(
        cx, sql,
        SQL("SELECT c.matter, c.n, c.title, m.court, c.due, c.parked, c.attempts, c.fault "
            "FROM clock c JOIN matter m ON m.id = c.matter "
            "WHERE c.wake IS NULL AND c.attempts > 0 AND c.parked IS NOT NULL "
            "AND c.stopped IS NULL AND (c.matter, c.n) > (?1, ?2) "
            "ORDER BY c.matter, c.n LIMIT ?3"),
        ARGS(SQL_I(after), SQL_I(after_n), SQL_I(limit)), &r));
    struct parked_clock *list = arena_array(cx->arena, struct parked_clock, r.count);
    for (uint32_t i = 0; i < r.count; i++) {
        list[i] = (struct parked_clock){row_int(&r, i, 0), row_int(&r, i, 1), row_str(&r, i, 2),
                                        row_str(&r, i, 3), row_int(&r, i, 4), row_int(&r, i, 5),
                                        row_int(&r, i, 6), row_str(&r, i, 7)};
    }
    *out = list;
    *count = r.count;
    return OK;
}

enum status parked_clock_retry(struct cx *cx, struct sql *sql, Id matter, int64_t n, bool *found)
{
    int64_t changed = 0;
    TRY(sql_exec(cx, sql,
                 SQL("UPDATE clock SET wake = parked, parked = NULL, attempts = 0, fault = '' "
                     "WHERE matter = ?1 AND n = ?2 AND wake IS NULL AND parked IS NOT NULL "
                     "AND stopped IS NULL"),
                 ARGS(SQL_I(matter), SQL_I(n))));
    TRY(sql_changed(cx, sql, &changed));
    *found = changed == 1;
    return OK;
}

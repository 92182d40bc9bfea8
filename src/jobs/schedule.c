#include "jobs/schedule.h"

#include "base/clock.h"

/* --- rows --- */

struct beginning {
    const struct schedule_rule *rules;
    uint32_t count;
    Instant now;
};

static enum status begin_apply(struct cx *cx, struct sql *sql, void *arg)
{
    const struct beginning *b = arg;
    for (uint32_t i = 0; i < b->count; i++) {
        TRY(sql_exec(cx, sql,
                     SQL("INSERT INTO schedule (name, next, attempts, held) "
                         "VALUES (?1, ?2, 0, 0) ON CONFLICT DO NOTHING"),
                     ARGS(SQL_C(b->rules[i].name), SQL_I(b->rules[i].after(b->now)))));
    }
    return OK;
}

enum status schedule_begin(struct cx *cx, struct store *store, const struct schedule_rule *rules,
                           uint32_t count, Instant now)
{
    struct beginning b = {rules, count, now};
    return count == 0 ? OK : store_write(cx, store, WRITE_BULK, begin_apply, &b);
}

enum status schedule_find(struct cx *cx, struct sql *sql, const struct schedule_rule *rules,
                          uint32_t count, Instant until, struct schedule_due *out)
{
    struct rows rows = {0};
    *out = (struct schedule_due){0};
    if (count == 0) {
        return OK;
    }
    TRY(sql_query(cx, sql,
                  SQL("SELECT name, next, attempts FROM schedule WHERE next <= ?1 AND held <= ?2 "
                      "ORDER BY next, name"),
                  ARGS(SQL_I(until), SQL_I(clock_machine())), &rows));
    for (uint32_t i = 0; i < rows.count && !out->found; i++) {
        for (uint32_t k = 0; k < count; k++) {
            if (str_is(row_str(&rows, i, 0), rules[k].name)) { /* else of another program */
                *out = (struct schedule_due){true, &rules[k], row_int(&rows, i, 1),
                                             row_int(&rows, i, 2)};
            }
        }
    }
    return OK;
}

/* --- one run --- */

struct move {
    const struct schedule_due *due;
    Instant next;
    int64_t attempts;
    int64_t held;
};

/* Only as long as the row is at the instant that was read: another program may be further. */
static enum status move_apply(struct cx *cx, struct sql *sql, void *arg)
{
    const struct move *m = arg;
    return sql_exec(cx, sql,
                    SQL("UPDATE schedule SET next = ?3, attempts = ?4, held = ?5 "
                        "WHERE name = ?1 AND next = ?2"),
                    ARGS(SQL_C(m->due->rule->name), SQL_I(m->due->at), SQL_I(m->next),
                         SQL_I(m->attempts), SQL_I(m->held)));
}

enum status schedule_do(struct cx *cx, const struct house *house, const struct schedule_due *due,
                        Instant until, bool (*passes)(enum status status))
{
    const struct schedule_rule *rule = due->rule;
    struct move claim = {due, due->at, due->attempts + 1, 0};
    struct move done = {due, rule->after(due->at), 0, 0};
    if (claim.attempts >= SCHEDULE_TRIES) {
        claim.held = clock_machine() + SCHEDULE_HOLD_MS; /* (2): if this run dies too */
    }
    TRY(store_write(cx, house->store, WRITE_BULK, move_apply, &claim));
    clock_pin(due->at); /* (3) */
    enum status status = rule->run(cx, house, due->at, until, &done.next);
    clock_pin(0);
    if (status == OK) {
        return store_write(cx, house->store, WRITE_BULK, move_apply, &done);
    }
    if (passes(status)) {
        struct cx own;
        struct move back = {due, due->at, due->attempts, 0};
        cx_init(&own, cx->arena);
        (void)store_write(&own, house->store, WRITE_BULK, move_apply, &back);
    }
    return status;
}

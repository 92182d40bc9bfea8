#include "jobs/timer.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdatomic.h>

#include "base/check.h"
#include "base/clock.h"
#include "base/log.h"
#include "jobs/bell.h"
#include "jobs/lapse.h"
#include "jobs/recount.h"

enum {
    POLL_MS = 500,
    POLL_SLOW_MS = 5000,
    REFRESH_MS = 60000,
    ATTEMPTS_MAX = 3,
    PATIENCE_MS = 30000, /* of an advance with a store that is busy */
    FIRE_BYTES_MAX = 64 << 20,
    SETTLE_MS = 2000, /* acts of an instant are committed by then */
    OWN_BYTES = 1 << 16
};

#define ADVANCE_MS_MAX (INT64_C(50) * 366 * DAY_MS)

struct timer {
    struct arena *arena; /* where this stands */
    struct timer_options options;
    struct bell bell;
    pthread_mutex_t turn; /* firing is one at a time; an advance holds it throughout */
    pthread_t thread;
    bool started;
    int64_t refreshed_us;
    atomic_uint_fast64_t fired;
};

/* --- one clock --- */

struct due {
    const struct timer_options *options;
    bool found;
    Id matter;
    int64_t n;
    Instant wake;
    int64_t attempts;
    Instant until;   /* asked: the latest wake wanted */
    Instant settled; /* asked: work by the calendar that is due later waits, and all behind it */
    struct schedule_due work; /* found instead of a clock */
};

/* What of both comes first; at one instant the clocks. */
static enum status due_read(struct cx *cx, struct sql *sql, void *arg)
{
    struct due *due = arg;
    const struct timer_options *options = due->options;
    struct rows rows = {0};
    TRY(sql_query(cx, sql,
                  SQL("SELECT matter, n, wake, attempts FROM clock WHERE wake <= ?1 "
                      "ORDER BY wake, matter, n LIMIT 1"),
                  ARGS(SQL_I(due->until)), &rows));
    due->found = rows.count == 1;
    if (due->found) {
        due->matter = row_int(&rows, 0, 0);
        due->n = row_int(&rows, 0, 1);
        due->wake = row_int(&rows, 0, 2);
        due->attempts = row_int(&rows, 0, 3);
    }
    TRY(schedule_find(cx, sql, options->schedules, options->schedule_count, due->until,
                      &due->work));
    if (due->work.found && due->found && due->wake <= due->work.at) {
        due->work.found = false;
    }
    due->found = due->found && !due->work.found;
    due->work.found = due->work.found && due->work.at <= due->settled;
    return OK;
}

static enum status attempt_apply(struct cx *cx, struct sql *sql, void *arg)
{
    const struct due *due = arg;
    return sql_exec(cx, sql,
                    SQL("UPDATE clock SET attempts = attempts + 1 "
                        "WHERE matter = ?1 AND n = ?2 AND wake = ?3"),
                    ARGS(SQL_I(due->matter), SQL_I(due->n), SQL_I(due->wake)));
}

static enum status attempt_forget(struct cx *cx, struct sql *sql, void *arg)
{
    const struct due *due = arg;
    return sql_exec(
        cx, sql, SQL("UPDATE clock SET attempts = ?4 WHERE matter = ?1 AND n = ?2 AND wake = ?3"),
        ARGS(SQL_I(due->matter), SQL_I(due->n), SQL_I(due->wake), SQL_I(due->attempts)));
}

struct faulting {
    const struct due *due;
    Str fault;
};

static enum status fault_keep(struct cx *cx, struct sql *sql, void *arg)
{
    const struct faulting *f = arg;
    return sql_exec(
        cx, sql, SQL("UPDATE clock SET fault = ?4 WHERE matter = ?1 AND n = ?2 AND wake = ?3"),
        ARGS(SQL_I(f->due->matter), SQL_I(f->due->n), SQL_I(f->due->wake), SQL_S(f->fault)));
}

struct parking {
    const struct due *due;
    Id audit;
    Str subject;
};

static enum status park_apply(struct cx *cx, struct sql *sql, void *arg)
{
    const struct parking *parking = arg;
    const struct due *due = parking->due;
    int64_t changed = 0;
    TRY(sql_exec(cx, sql,
                 SQL("UPDATE clock SET parked = wake, wake = NULL "
                     "WHERE matter = ?1 AND n = ?2 AND wake = ?3"),
                 ARGS(SQL_I(due->matter), SQL_I(due->n), SQL_I(due->wake))));
    TRY(sql_changed(cx, sql, &changed));
    if (changed == 0) {
        return OK; /* stopped, or another program was quicker */
    }
    return sql_exec(cx, sql,
                    SQL("INSERT INTO audit (id, at, person, what, subject, detail) "
                        "VALUES (?1, ?2, 0, 'clock-parked', ?3, ?4)"),
                    ARGS(SQL_I(parking->audit), SQL_I(clock_machine()), SQL_S(parking->subject),
                         SQL_S(str_printf(cx->arena, "due %" PRId64, due->wake))));
}

/* (2) */
static enum status park(struct cx *cx, struct timer *timer, const struct due *due)
{
    const struct house *house = timer->options.house;
    struct parking parking = {.due = due};
    parking.subject = str_printf(cx->arena, "%" PRId64 "/%" PRId64, due->matter, due->n);
    TRY(sequence_next(cx, house->sequence, &parking.audit));
    TRY(store_write(cx, house->store, WRITE_BULK, park_apply, &parking));
    log_text(LOG_ERROR, "clock-parked", "clock %s after %d attempts", parking.subject.p,
             ATTEMPTS_MAX);
    return OK;
}

/* Prepares and applies once; E_AGAIN when the matter moved meanwhile. */
static enum status fire_once(struct cx *cx, struct timer *timer, const struct due *due)
{
    const struct house *house = timer->options.house;
    struct plan *plan = NULL;
    TRY(alarm_prepare(cx, house, due->matter, due->n, due->wake, &plan));
    return plan == NULL ? OK : store_write(cx, house->store, WRITE_BULK, plan_apply, plan);
}

static enum status fire(struct cx *cx, struct timer *timer, const struct due *due)
{
    enum status status = E_AGAIN;
    clock_pin(due->wake); /* (1) */
    for (int i = 0; i < ACT_RETRIES_MAX && status == E_AGAIN; i++) {
        cx_forgive(cx);
        status = fire_once(cx, timer, due);
    }
    clock_pin(0);
    return status;
}

/* The store's trouble, or that of too many at once: not the clock's. */
static bool is_passing(enum status status)
{
    return status == E_BUSY || status == E_STORE || status == E_AGAIN || status == E_TOO_LARGE;
}

static enum status due_do(struct cx *cx, struct timer *timer, const struct due *due)
{
    struct store *store = timer->options.house->store;
    if (due->attempts >= ATTEMPTS_MAX) {
        return park(cx, timer, due);
    }
    struct due claimed = *due;
    TRY(store_write(cx, store, WRITE_BULK, attempt_apply, &claimed));
    enum status status = fire(cx, timer, due);
    if (status == OK) {
        atomic_fetch_add(&timer->fired, 1);
        if (timer->options.acted != NULL) {
            timer->options.acted(timer->options.acted_arg);
        }
        return OK;
    }
    log_failure(cx, "timer");
    struct cx own;
    cx_init(&own, cx->arena);
    if (!is_passing(status)) { /* counted; the next round tries again or parks it */
        struct faulting faulting = {
            due, str_printf(cx->arena, "%s %s", cx->failure.code, cx->failure.incident)};
        cx_forgive(cx);
        return store_write(cx, store, WRITE_BULK, fault_keep, &faulting);
    }
    (void)store_write(&own, store, WRITE_BULK, attempt_forget, &claimed);
    return status;
}

/* Work by the calendar. What fails is logged and comes again; that it does not hold up the clocks
 * for ever is jobs/schedule.h (2). */
static enum status work_do(struct cx *cx, struct timer *timer, const struct due *due)
{
    enum status status = schedule_do(cx, timer->options.house, &due->work, due->until, is_passing);
    if (status == OK) {
        if (timer->options.acted != NULL) {
            timer->options.acted(timer->options.acted_arg);
        }
        return OK;
    }
    log_failure(cx, "schedule");
    if (is_passing(status)) {
        return status;
    }
    cx_forgive(cx);
    return OK;
}

/* Everything due up to `until`, in order. In a demo the clock is taken along (3). The caller has
 * the turn. */
static enum status all_do(struct cx *cx, struct timer *timer, Instant until, bool stepping)
{
    struct arena *arena = arena_open(FIRE_BYTES_MAX);
    struct cx own;
    enum status status = OK;
    cx_init(&own, arena);
    for (bool more = true; more && status == OK && !bell_is_stopped(&timer->bell);) {
        struct due due = {.options = &timer->options,
                          .until = until,
                          .settled = stepping ? until : clock_now() - SETTLE_MS};
        status = store_read(&own, timer->options.house->store, due_read, &due);
        more = status == OK && (due.found || due.work.found);
        if (more && stepping) {
            Instant at = due.work.found ? due.work.at : due.wake;
            (void)clock_offset_raise(at - clock_machine());
        }
        if (more) {
            status = due.work.found ? work_do(&own, timer, &due) : due_do(&own, timer, &due);
        }
        if (status == OK) {
            cx_forgive(&own);
            arena_reset(arena);
        }
    }
    if (status == OK && stepping && bell_is_stopped(&timer->bell)) {
        status = FAIL(&own, E_BUSY, "busy", "stopped on the way; it goes on at the next start");
    }
    if (status != OK) {
        const struct failure *f = &own.failure;
        status = cx_fail(cx, f->status, f->code, f->file, f->line, "%.*s", STR_ARG(f->detail));
    }
    arena_close(arena);
    return status;
}

static enum status due_run(struct cx *cx, struct timer *timer, Instant until)
{
    check(pthread_mutex_lock(&timer->turn) == 0);
    enum status status = all_do(cx, timer, until, false);
    check(pthread_mutex_unlock(&timer->turn) == 0);
    return status;
}

enum status timer_run(struct cx *cx, struct timer *timer, uint64_t *fired)
{
    uint64_t before = atomic_load(&timer->fired);
    enum status status = due_run(cx, timer, clock_now());
    *fired = atomic_load(&timer->fired) - before;
    return status;
}

/* --- the demo's clock --- */

static enum status offset_apply(struct cx *cx, struct sql *sql, void *arg)
{
    const int64_t *offset_ms = arg;
    return sql_exec(cx, sql,
                    SQL("INSERT INTO setting (name, value) VALUES ('clock-offset', ?1) "
                        "ON CONFLICT (name) DO UPDATE SET value = excluded.value"),
                    ARGS(SQL_S(str_printf(cx->arena, "%" PRId64, *offset_ms))));
}

static enum status offset_read(struct cx *cx, struct sql *sql, void *arg)
{
    int64_t *offset_ms = arg;
    struct rows rows = {0};
    TRY(sql_query(cx, sql, SQL("SELECT value FROM setting WHERE name = 'clock-offset'"), NO_ARGS,
                  &rows));
    if (rows.count == 1 && !str_int(row_str(&rows, 0, 0), offset_ms)) {
        return FAIL(cx, E_STORE, "store-failed", "setting clock-offset is no number");
    }
    return OK;
}

/* The caller has the turn: in the middle of an advance the stored offset is that of its target, and
 * nobody but its steps may move the clock there (3). */
static enum status restore(struct cx *cx, struct timer *timer)
{
    int64_t offset_ms = 0;
    if (!timer->options.house->demo) {
        return OK;
    }
    TRY(store_read(cx, timer->options.house->store, offset_read, &offset_ms));
    (void)clock_offset_raise(offset_ms);
    return OK;
}

enum status timer_restore(struct cx *cx, struct timer *timer)
{
    check(pthread_mutex_lock(&timer->turn) == 0);
    enum status status = restore(cx, timer);
    check(pthread_mutex_unlock(&timer->turn) == 0);
    return status;
}

/* A day may have begun: drafts lapse, tables come into force. */
static enum status day_turn(struct cx *cx, struct timer *timer)
{
    bool changed = false;
    uint32_t lapsed = 0;
    uint32_t moved = 0;
    if (timer->options.tables != NULL) {
        TRY(tables_refresh(cx, timer->options.tables, clock_now(), &changed));
    }
    TRY(clocks_recount(cx, timer->options.house, &moved));
    return drafts_lapse(cx, timer->options.house->store, clock_now(), &lapsed);
}

/* Waits out a store that is busy and people who act at every try; the steps done stay done. */
static enum status steps_do(struct cx *cx, struct timer *timer, Instant target)
{
    int64_t from_us = clock_monotonic_us();
    enum status status = all_do(cx, timer, target, true);
    while ((status == E_BUSY || status == E_AGAIN) &&
           clock_monotonic_us() - from_us < (int64_t)PATIENCE_MS * 1000 &&
           bell_wait(&timer->bell, 100)) {
        cx_forgive(cx);
        status = all_do(cx, timer, target, true);
    }
    return status;
}

static enum status advance(struct cx *cx, struct timer *timer, int64_t by_ms)
{
    TRY(restore(cx, timer)); /* another program may have moved it */
    int64_t offset_ms = clock_offset_ms() + by_ms;
    Instant target = clock_machine() + offset_ms;
    TRY(store_write(cx, timer->options.house->store, WRITE_INTERACTIVE, offset_apply, &offset_ms));
    TRY(steps_do(cx, timer, target));
    (void)clock_offset_raise(offset_ms);
    TRY(steps_do(cx, timer, clock_now())); /* the machine's clock went on meanwhile */
    return day_turn(cx, timer);
}

enum status timer_advance(struct cx *cx, struct timer *timer, int64_t by_ms)
{
    if (by_ms < 1 || by_ms > ADVANCE_MS_MAX || clock_offset_ms() > ADVANCE_MS_MAX) {
        (void)cx_error(cx, "advance", "ill-typed", NULL);
        return FAIL(cx, E_INPUT, "fields", "advance by %" PRId64 " ms", by_ms);
    }
    check(timer->options.house->demo);
    check(pthread_mutex_lock(&timer->turn) == 0);
    enum status status = advance(cx, timer, by_ms);
    check(pthread_mutex_unlock(&timer->turn) == 0);
    return status;
}

/* --- the thread --- */

static enum status round_do(struct cx *cx, struct timer *timer)
{
    TRY(timer_restore(cx, timer));
    TRY(due_run(cx, timer, clock_now() - SETTLE_MS)); /* (5) */
    if (timer->refreshed_us == 0 ||
        clock_monotonic_us() - timer->refreshed_us >= (int64_t)REFRESH_MS * 1000) {
        TRY(day_turn(cx, timer));
        timer->refreshed_us = clock_monotonic_us();
    }
    return OK;
}

static void *timer_work(void *arg)
{
    struct timer *timer = arg;
    struct cx cx;
    unsigned wait_ms = 0;
    cx_init(&cx, arena_open(FIRE_BYTES_MAX));
    while (bell_wait(&timer->bell, wait_ms)) {
        wait_ms = POLL_MS;
        if (round_do(&cx, timer) != OK) {
            log_failure(&cx, "timer");
            wait_ms = POLL_SLOW_MS;
        }
        cx_forgive(&cx);
        arena_reset(cx.arena);
    }
    arena_close(cx.arena);
    return NULL;
}

enum status timer_open(struct cx *cx, const struct timer_options *options, struct timer **out)
{
    struct arena *arena = arena_open(OWN_BYTES);
    struct timer *timer = arena_new(arena, struct timer);
    timer->arena = arena;
    timer->options = *options;
    bell_open(&timer->bell);
    check(pthread_mutex_init(&timer->turn, NULL) == 0);
    enum status status = timer_restore(cx, timer);
    if (status == OK) {
        status = schedule_begin(cx, options->house->store, options->schedules,
                                options->schedule_count, clock_now());
    }
    if (status != OK) {
        timer_close(timer);
        return status;
    }
    *out = timer;
    return OK;
}

enum status timer_start(struct cx *cx, struct timer *timer)
{
    if (pthread_create(&timer->thread, NULL, timer_work, timer) != 0) {
        return FAIL(cx, E_BUG, "bug", "no thread for the clocks");
    }
    timer->started = true;
    return OK;
}

void timer_wake(struct timer *timer)
{
    bell_ring(&timer->bell);
}

void timer_close(struct timer *timer)
{
    if (timer == NULL) {
        return;
    }
    bell_stop(&timer->bell);
    if (timer->started) {
        check(pthread_join(timer->thread, NULL) == 0);
    }
    (void)pthread_mutex_destroy(&timer->turn);
    bell_close(&timer->bell);
    arena_close(timer->arena);
}

struct timer_count {
    Instant now;
    struct timer_figures *figures;
};

static enum status figures_read(struct cx *cx, struct sql *sql, void *arg)
{
    const struct timer_count *count = arg;
    struct rows due = {0};
    struct rows parked = {0};
    TRY(sql_later(cx, sql, SQL("SELECT count(*) FROM clock WHERE wake <= ?1"),
                  ARGS(SQL_I(count->now)), &due));
    TRY(sql_later(cx, sql, SQL("SELECT count(*) FROM clock WHERE wake IS NULL AND attempts > 0"),
                  NO_ARGS, &parked));
    TRY(sql_flush(cx, sql));
    count->figures->due = row_int(&due, 0, 0);
    count->figures->parked = row_int(&parked, 0, 0);
    return OK;
}

enum status timer_figures(struct cx *cx, struct timer *timer, struct timer_figures *out)
{
    struct timer_count count = {clock_now(), out};
    *out = (struct timer_figures){.fired = atomic_load(&timer->fired)};
    return store_read(cx, timer->options.house->store, figures_read, &count);
}

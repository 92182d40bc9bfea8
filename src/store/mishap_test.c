/* What only one engine can suffer: a full disk, a transaction rolled back under a batch, the hook
 * and the backup on SQLite; a lost connection, a restart and a deadlock on PostgreSQL. */
#include <semaphore.h>
#include <stdatomic.h>
#include <sys/stat.h>

#include "store/test_store.h"

/* --- SQLite: a batch of closures, some of them fatal to it --- */

struct part {
    struct write write;
    struct trial trial;
    int64_t id;
    size_t bytes;  /* to store beside the id */
    bool destroys; /* rolls back the whole transaction, as an I/O error does */
    unsigned runs;
    sem_t *answered;
};

static enum status part_apply(struct cx *cx, struct sql *sql, void *arg)
{
    struct part *part = arg;
    part->runs++;
    TRY(sql_exec(
        cx, sql, SQL("INSERT INTO thing (id, bytes) VALUES (?1, ?2)"),
        ARGS(SQL_I(part->id), SQL_B(arena_alloc(cx->arena, part->bytes + 1), part->bytes))));
    return part->destroys ? sql_script(cx, sql, STR("ROLLBACK")) : OK;
}

static void part_done(struct write *write)
{
    check(sem_post(((struct part *)write)->answered) == 0);
}

static enum status hold(struct cx *cx, struct sql *sql, void *arg)
{
    (void)cx;
    (void)sql;
    check(sem_wait(arg) == 0);
    check(sem_post(arg) == 0); /* open for the repetition too */
    return OK;
}

/* Runs all parts in one batch: a first closure holds the writer until they are queued. */
static void parts_run(struct place *place, struct part *parts, unsigned count)
{
    sem_t open;
    sem_t answered;
    struct part first = {.answered = &answered};
    assert_int_equal(sem_init(&open, 0, 0) + sem_init(&answered, 0, 0), 0);
    trial_begin(&first.trial);
    first.write =
        (struct write){.apply = hold, .done = part_done, .arg = &open, .cx = &first.trial.cx};
    assert_true(store_submit(place->store, &first.write));
    for (unsigned i = 0; i < count; i++) {
        trial_begin(&parts[i].trial);
        parts[i].answered = &answered;
        parts[i].write = (struct write){
            .apply = part_apply, .done = part_done, .arg = &parts[i], .cx = &parts[i].trial.cx};
        assert_true(store_submit(place->store, &parts[i].write));
    }
    (void)usleep(
        10000); /* the first one's batch is over when it ends: these get one of their own */
    assert_int_equal(sem_post(&open), 0);
    for (unsigned i = 0; i <= count; i++) {
        assert_int_equal(sem_wait(&answered), 0);
    }
    trial_end(&first.trial);
    (void)sem_destroy(&open);
    (void)sem_destroy(&answered);
}

static void parts_end(struct part *parts, unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        trial_end(&parts[i].trial);
    }
}

static int64_t count_of(struct place *place, int64_t id)
{
    struct rows rows =
        place_ask(place, SQL("SELECT count(*) FROM thing WHERE id = ?1"), ARGS(SQL_I(id)));
    return row_int(&rows, 0, 0);
}

static void test_batch_is_repeated_when_its_transaction_is_gone(void **state)
{
    struct place *place = *state;
    struct part parts[10] = {0};
    for (int i = 0; i < 10; i++) {
        parts[i].id = i;
        parts[i].destroys = i == 6;
    }
    parts_run(place, parts, 10);
    for (int i = 0; i < 10; i++) {
        assert_int_equal(parts[i].write.status, i == 6 ? E_STORE : OK);
        assert_int_equal(count_of(place, i), i == 6 ? 0 : 1);
    }
    assert_int_equal(parts[6].runs, 2);
    parts_end(parts, 10);
    assert_int_equal(place_insert(place, 99, "the writer lives"), OK);
}

static enum status pages_most(struct cx *cx, struct sql *sql, void *arg)
{
    struct rows rows;
    TRY(sql_query(cx, sql, SQL("PRAGMA page_count"), NO_ARGS, &rows));
    int64_t pages = row_int(&rows, 0, 0) + *(const int64_t *)arg;
    return sql_query(cx, sql,
                     arena_printf(cx->arena, "PRAGMA max_page_count = %lld", (long long)pages),
                     NO_ARGS, &rows);
}

static void disk_grow(struct place *place, int64_t pages)
{
    assert_int_equal(
        store_write(&place->trial.cx, place->store, WRITE_INTERACTIVE, pages_most, &pages), OK);
}

static void test_full_disk_fails_only_what_does_not_fit(void **state)
{
    struct place *place = *state;
    struct part parts[10] = {0};
    disk_grow(place, 20);
    for (int i = 0; i < 10; i++) {
        parts[i].id = i;
        parts[i].bytes = i == 4 || i == 8 ? 400000 : 100;
    }
    parts_run(place, parts, 10);
    for (int i = 0; i < 10; i++) {
        bool fits = parts[i].bytes < 400000;
        assert_int_equal(parts[i].write.status, fits ? OK : E_STORE);
        assert_int_equal(count_of(place, i), fits ? 1 : 0);
        if (!fits) {
            assert_string_equal(parts[i].trial.cx.failure.code, "disk-full");
        }
    }
    parts_end(parts, 10);
    disk_grow(place, 100000);
    struct part again = {.id = 4, .bytes = 400000};
    parts_run(place, &again, 1);
    assert_int_equal(again.write.status, OK);
    parts_end(&again, 1);
}

/* --- SQLite: the hook --- */

struct hook {
    unsigned runs;
    bool fails;
    bool destroys;
};

static enum status hook_run(struct cx *cx, struct sql *sql, void *arg)
{
    struct hook *hook = arg;
    hook->runs++;
    TRY(sql_exec(cx, sql,
                 SQL("INSERT INTO counter (name, value) SELECT 'hook-' || (count(*) + 1), count(*)"
                     " FROM counter"),
                 NO_ARGS));
    if (hook->destroys) {
        return sql_script(cx, sql, STR("ROLLBACK"));
    }
    return hook->fails ? FAIL(cx, E_BUG, "bug", "on purpose") : OK;
}

static int64_t hooks_kept(struct place *place)
{
    struct rows rows = place_ask(place, SQL("SELECT count(*) FROM counter"), NO_ARGS);
    return row_int(&rows, 0, 0);
}

static void test_hook_runs_inside_each_transaction(void **state)
{
    struct place *place = *state;
    struct hook hook = {0};
    struct store_figures figures;
    place_close(place);
    place->options.before_commit = hook_run;
    place->options.before_commit_arg = &hook;
    place_open(place);
    assert_int_equal(hook.runs, 0); /* not while migrating */
    assert_int_equal(place_insert(place, 1, "a"), OK);
    assert_int_equal(hook.runs, 1);
    assert_int_equal(hooks_kept(place), 1);
    assert_int_equal(place_insert(place, 1, "duplicate: nothing to commit"), E_STATE);
    assert_int_equal(hook.runs, 1);
    hook.fails = true;
    assert_int_equal(place_insert(place, 2, "stands without the hook's work"), OK);
    assert_int_equal(hook.runs, 2);
    assert_int_equal(hooks_kept(place), 1);
    store_figures(place->store, &figures);
    assert_int_equal(figures.failures, 2);
    hook.fails = false;
    hook.destroys = true;
    assert_int_equal(place_insert(place, 3, "lost with its transaction"), E_STORE);
    hook.destroys = false;
    assert_int_equal(place_insert(place, 3, "and again"), OK);
    assert_int_equal(place_count(place), 3);
    assert_int_equal(hooks_kept(place), 2);
    assert_true(figures.writer_alive);
}

/* --- SQLite: backup --- */

struct endless {
    struct place *place;
    atomic_bool stop;
    int64_t written;
};

static void *write_endlessly(void *arg)
{
    struct endless *endless = arg;
    struct arena *arena = arena_open(1 << 20);
    for (int64_t id = 1000; !atomic_load(&endless->stop); id++) {
        struct cx cx;
        struct thing thing = {id, "while it is copied"};
        arena_reset(arena);
        cx_init(&cx, arena);
        check(store_write(&cx, endless->place->store, WRITE_INTERACTIVE, thing_insert, &thing) ==
              OK);
        endless->written++;
    }
    arena_close(arena);
    return NULL;
}

static void test_backup_while_writing_is_whole(void **state)
{
    struct place *place = *state;
    struct endless endless = {.place = place};
    struct cx *cx = &place->trial.cx;
    pthread_t thread;
    for (int i = 0; i < 100; i++) {
        assert_int_equal(place_insert(place, i, "before"), OK);
    }
    assert_int_equal(pthread_create(&thread, NULL, write_endlessly, &endless), 0);
    const char *file = arena_printf(place->trial.arena, "%s/copy.db", place->directory);
    assert_int_equal(store_backup(cx, place->store, file), OK);
    assert_int_equal(store_backup(cx, place->store, file), E_STATE);
    assert_string_equal(cx->failure.code, "store-exists");
    cx_forgive(cx);
    assert_int_equal(store_backup(cx, place->store, "/nowhere/at/all.db"), E_STORE);
    atomic_store(&endless.stop, true);
    assert_int_equal(pthread_join(thread, NULL), 0);
    struct place copy = *place;
    (void)snprintf(copy.url, sizeof copy.url, "sqlite:%s", file);
    copy.options = (struct store_options){.url = copy.url};
    place_open(&copy);
    struct rows rows = place_ask(&copy, SQL("PRAGMA integrity_check"), NO_ARGS);
    assert_string_equal(row_str(&rows, 0, 0).p, "ok");
    rows = place_ask(&copy, SQL("SELECT count(*) FROM thing WHERE label = 'before'"), NO_ARGS);
    assert_int_equal(row_int(&rows, 0, 0), 100);
    place_close(&copy);
}

/* The write-ahead log does not grow without end, though readers come and go all the time. */
static void test_log_is_checkpointed(void **state)
{
    struct place *place = *state;
    struct stat about;
    for (int round = 0; round < 40; round++) {
        struct part parts[30] = {0};
        for (int i = 0; i < 30; i++) {
            parts[i].id = round * 30 + i;
            parts[i].bytes = 20000;
        }
        parts_run(place, parts, 30);
        assert_int_equal(place_count(place), (round + 1) * 30);
        parts_end(parts, 30);
    }
    assert_int_equal(
        stat(arena_printf(place->trial.arena, "%s/test.db-wal", place->directory), &about), 0);
    assert_true(about.st_size < 16 << 20); /* 24 MB were written */
}

/* --- SQLite: patience --- */

static enum status read_inside_read(struct cx *cx, struct sql *sql, void *arg)
{
    struct place *place = arg;
    struct place_query ask = {SQL("SELECT 1"), NO_ARGS, {0}};
    (void)sql;
    return store_read(cx, place->store, ask_run, &ask);
}

static void test_reader_is_not_waited_for_for_ever(void **state)
{
    struct place *place = *state;
    place_close(place);
    place->options.readers = 1;
    place_open(place);
    assert_int_equal(store_read(&place->trial.cx, place->store, read_inside_read, place), E_BUSY);
    assert_string_equal(place->trial.cx.failure.code, "busy");
    assert_int_equal(place_count(place), 0); /* and the pool is whole again */
}

static void test_listener_on_sqlite_just_sleeps(void **state)
{
    struct place *place = *state;
    struct listener *listener = listener_open(place->store, "outbox");
    assert_false(listener_wait(listener, 5));
    listener_close(listener);
    listener_close(NULL);
}

/* --- PostgreSQL --- */

struct stubborn {
    struct place *place;
    int64_t id;
    unsigned runs;
    unsigned losses; /* runs whose own connection is shot down */
};

static enum status shot_down(struct cx *cx, struct sql *sql, void *arg)
{
    struct stubborn *stubborn = arg;
    struct rows rows;
    stubborn->runs++;
    TRY(sql_query(cx, sql, SQL("INSERT INTO thing (id) VALUES (?1) RETURNING id"),
                  ARGS(SQL_I(stubborn->id)), &rows));
    if (stubborn->runs <= stubborn->losses) {
        (void)sql_query(cx, sql, SQL("SELECT pg_terminate_backend(pg_backend_pid())"), NO_ARGS,
                        &rows);
        /* returns as if nothing had happened: the store knows better */
    }
    return OK;
}

static void test_lost_connection_repeats_the_closure(void **state)
{
    struct place *place = *state;
    struct stubborn stubborn = {.place = place, .id = 1, .losses = 2};
    assert_int_equal(
        store_write(&place->trial.cx, place->store, WRITE_INTERACTIVE, shot_down, &stubborn), OK);
    assert_int_equal(stubborn.runs, 3);
    assert_int_equal(count_of(place, 1), 1);
}

static void test_connection_lost_for_good_is_busy(void **state)
{
    struct place *place = *state;
    struct stubborn stubborn = {.place = place, .id = 1, .losses = 99};
    assert_int_equal(
        store_write(&place->trial.cx, place->store, WRITE_INTERACTIVE, shot_down, &stubborn),
        E_BUSY);
    assert_string_equal(place->trial.cx.failure.code, "store-unreachable");
    assert_int_equal(stubborn.runs, 5);
    assert_int_equal(count_of(place, 1), 0);
    assert_int_equal(place_insert(place, 2, "goes on"), OK);
}

static void test_restarted_server_is_found_again(void **state)
{
    struct place *place = *state;
    assert_int_equal(place_insert(place, 1, "before"), OK);
    assert_int_equal(place_count(place), 1); /* a reader is idle now */
    test_server_end(SIGQUIT);                /* as a crash: no farewell */
    assert_true(test_server_run());
    assert_int_equal(place_count(place), 1);
    assert_int_equal(place_insert(place, 2, "after"), OK);
    assert_int_equal(place_count(place), 2);
}

static void test_absent_server_is_busy_not_a_hang(void **state)
{
    struct place *place = *state;
    struct place_query ask = {SQL("SELECT 1"), NO_ARGS, {0}};
    struct cx *cx = &place->trial.cx;
    assert_int_equal(place_insert(place, 1, "before"), OK);
    test_server_end(SIGINT);
    assert_int_equal(place_insert(place, 2, "nobody there"), E_BUSY);
    assert_string_equal(cx->failure.code, "store-unreachable");
    cx_forgive(cx);
    assert_int_equal(store_read(cx, place->store, ask_run, &ask), E_BUSY);
    assert_true(test_server_run());
    assert_int_equal(place_insert(place, 2, "back"), OK);
}

/* Two closures lock two rows in opposite order. */
struct crossing {
    struct place *place;
    const char *first;
    const char *second;
    pthread_barrier_t *both_hold_one;
    unsigned runs;
    enum status status;
};

static enum status cross(struct cx *cx, struct sql *sql, void *arg)
{
    struct crossing *crossing = arg;
    const char *statement = SQL("UPDATE counter SET value = value + 1 WHERE name = ?1");
    TRY(sql_exec(cx, sql, statement, ARGS(SQL_C(crossing->first))));
    TRY(sql_flush(cx, sql));
    if (crossing->runs++ == 0) {
        (void)pthread_barrier_wait(crossing->both_hold_one);
    }
    return sql_exec(cx, sql, statement, ARGS(SQL_C(crossing->second)));
}

static void *cross_thread(void *arg)
{
    struct crossing *crossing = arg;
    struct trial own;
    trial_begin(&own);
    crossing->status =
        store_write(&own.cx, crossing->place->store, WRITE_INTERACTIVE, cross, crossing);
    trial_end(&own);
    return NULL;
}

static void test_deadlock_is_repeated(void **state)
{
    struct place *place = *state;
    pthread_barrier_t barrier;
    pthread_t threads[2];
    struct place_query make = {
        SQL("INSERT INTO counter (name, value) VALUES ('a', 0), ('b', 0)"), NO_ARGS, {0}};
    assert_int_equal(store_write(&place->trial.cx, place->store, WRITE_INTERACTIVE, ask_run, &make),
                     OK);
    assert_int_equal(pthread_barrier_init(&barrier, NULL, 2), 0);
    struct crossing crossings[2] = {{place, "a", "b", &barrier, 0, OK},
                                    {place, "b", "a", &barrier, 0, OK}};
    for (int i = 0; i < 2; i++) {
        assert_int_equal(pthread_create(&threads[i], NULL, cross_thread, &crossings[i]), 0);
    }
    for (int i = 0; i < 2; i++) {
        assert_int_equal(pthread_join(threads[i], NULL), 0);
        assert_int_equal(crossings[i].status, OK);
    }
    assert_true(crossings[0].runs + crossings[1].runs >= 3);
    struct rows rows = place_ask(place, SQL("SELECT value FROM counter"), NO_ARGS);
    assert_int_equal(row_int(&rows, 0, 0) + row_int(&rows, 1, 0), 4);
    (void)pthread_barrier_destroy(&barrier);
}

static enum status notify_now(struct cx *cx, struct sql *sql, void *arg)
{
    return sql_notify(cx, sql, arg);
}

static void test_notify_wakes_a_listener(void **state)
{
    struct place *place = *state;
    char channel[] = "out-box";
    char other[] = "other";
    struct cx *cx = &place->trial.cx;
    struct listener *listener = listener_open(place->store, channel);
    assert_true(listener_wait(listener, 10)); /* it may have missed some */
    assert_false(listener_wait(listener, 10));
    assert_int_equal(store_write(cx, place->store, WRITE_INTERACTIVE, notify_now, other), OK);
    assert_false(listener_wait(listener, 50));
    assert_int_equal(store_write(cx, place->store, WRITE_INTERACTIVE, notify_now, channel), OK);
    assert_int_equal(store_write(cx, place->store, WRITE_INTERACTIVE, notify_now, channel), OK);
    assert_true(listener_wait(listener, 5000));
    (void)listener_wait(listener, 50);
    assert_false(listener_wait(listener, 10));
    test_server_end(SIGQUIT);
    assert_false(listener_wait(listener, 10));
    assert_true(test_server_run());
    assert_true(listener_wait(listener, 10));
    listener_close(listener);
}

static void test_backup_is_the_servers_own(void **state)
{
    struct place *place = *state;
    assert_int_equal(store_backup(&place->trial.cx, place->store, "/tmp/none"), E_STATE);
}

int main(void)
{
    const struct CMUnitTest sqlite[] = {
        test_case(test_batch_is_repeated_when_its_transaction_is_gone),
        test_case(test_full_disk_fails_only_what_does_not_fit),
        test_case(test_hook_runs_inside_each_transaction),
        test_case(test_backup_while_writing_is_whole),
        test_case(test_log_is_checkpointed),
        test_case(test_reader_is_not_waited_for_for_ever),
        test_case(test_listener_on_sqlite_just_sleeps),
    };
    const struct CMUnitTest postgres[] = {
        test_case(test_lost_connection_repeats_the_closure),
        test_case(test_connection_lost_for_good_is_busy),
        test_case(test_restarted_server_is_found_again),
        test_case(test_absent_server_is_busy_not_a_hang),
        test_case(test_deadlock_is_repeated),
        test_case(test_notify_wakes_a_listener),
        test_case(test_backup_is_the_servers_own),
    };
    int failed = cmocka_run_group_tests(sqlite, NULL, NULL);
    if (!test_server_start()) {
        (void)fprintf(stderr, "[  FAILED  ] PostgreSQL could not be started\n");
        return failed + 1;
    }
    failed += cmocka_run_group_tests(postgres, NULL, NULL);
    test_server_stop();
    return failed;
}

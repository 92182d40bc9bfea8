/* Closures under load and under misfortune: what was acknowledged is there, what failed is not. */
#include <semaphore.h>
#include <stdatomic.h>

#include "store/test_store.h"

/* --- many closures at once --- */

struct crowd;

struct guest {
    struct write write; /* first: done() finds the guest by it */
    struct crowd *crowd;
    struct trial trial;
    struct thing thing;
    bool fails;
    bool was_visible;
};

struct crowd {
    struct place *place;
    sem_t answered;
    struct guest *guests;
    unsigned count;
};

static enum status guest_apply(struct cx *cx, struct sql *sql, void *arg)
{
    const struct guest *guest = arg;
    struct thing thing = guest->thing;
    TRY(thing_insert(cx, sql, &thing));
    if (guest->fails) {
        TRY(sql_flush(cx, sql)); /* its row is really there by now */
        return FAIL(cx, E_INPUT, "refused", "on purpose");
    }
    return OK;
}

/* Asks, on a connection of its own, whether the row of the closure just answered is there. */
static void guest_done(struct write *write)
{
    struct guest *guest = (struct guest *)write;
    struct trial own;
    trial_begin(&own);
    struct place_query ask = {
        SQL("SELECT count(*) FROM thing WHERE id = ?1"), ARGS(SQL_I(guest->thing.id)), {0}};
    guest->was_visible = store_read(&own.cx, guest->crowd->place->store, ask_run, &ask) == OK &&
                         row_int(&ask.rows, 0, 0) == 1;
    trial_end(&own);
    check(sem_post(&guest->crowd->answered) == 0);
}

static void crowd_make(struct crowd *crowd, struct place *place, unsigned count)
{
    *crowd = (struct crowd){.place = place, .count = count};
    crowd->guests = calloc(count, sizeof *crowd->guests);
    assert_non_null(crowd->guests);
    assert_int_equal(sem_init(&crowd->answered, 0, 0), 0);
    for (unsigned i = 0; i < count; i++) {
        struct guest *guest = &crowd->guests[i];
        trial_begin(&guest->trial);
        guest->crowd = crowd;
        guest->thing = (struct thing){i + 1, "guest"};
        guest->write = (struct write){
            .apply = guest_apply, .done = guest_done, .arg = guest, .cx = &guest->trial.cx};
    }
}

static void crowd_submit(struct crowd *crowd)
{
    for (unsigned i = 0; i < crowd->count; i++) {
        assert_true(store_submit(crowd->place->store, &crowd->guests[i].write));
    }
}

static void crowd_wait(struct crowd *crowd)
{
    for (unsigned i = 0; i < crowd->count; i++) {
        assert_int_equal(sem_wait(&crowd->answered), 0);
    }
}

static void crowd_end(struct crowd *crowd)
{
    for (unsigned i = 0; i < crowd->count; i++) {
        trial_end(&crowd->guests[i].trial);
    }
    (void)sem_destroy(&crowd->answered);
    free(crowd->guests);
}

/* Holds one writer inside a closure until told, so that others gather in the queue. */
struct gate {
    struct write write;
    struct trial trial;
    sem_t entered;
    sem_t open;
    sem_t answered;
};

static enum status gate_apply(struct cx *cx, struct sql *sql, void *arg)
{
    struct gate *gate = arg;
    (void)cx;
    (void)sql;
    check(sem_post(&gate->entered) == 0);
    check(sem_wait(&gate->open) == 0);
    return OK;
}

static void gate_done(struct write *write)
{
    struct gate *gate = (struct gate *)write;
    check(sem_post(&gate->answered) == 0);
}

static void gate_enter(struct gate *gate, struct store *store)
{
    memset(gate, 0, sizeof *gate);
    trial_begin(&gate->trial);
    gate->write =
        (struct write){.apply = gate_apply, .done = gate_done, .arg = gate, .cx = &gate->trial.cx};
    assert_int_equal(sem_init(&gate->entered, 0, 0) + sem_init(&gate->open, 0, 0) +
                         sem_init(&gate->answered, 0, 0),
                     0);
    assert_true(store_submit(store, &gate->write));
    assert_int_equal(sem_wait(&gate->entered), 0);
}

static void gate_leave(struct gate *gate)
{
    assert_int_equal(sem_post(&gate->open), 0);
    assert_int_equal(sem_wait(&gate->answered), 0);
    trial_end(&gate->trial);
}

/* As place_setup(), with one writer on both engines. */
static void reopen_with(struct place *place, unsigned writers, unsigned queue_max)
{
    place_close(place);
    place->options.writers = writers;
    place->options.queue_max = queue_max;
    place_open(place);
}

static void test_one_failure_among_64_leaves_the_others(void **state)
{
    struct place *place = *state;
    struct crowd crowd;
    struct gate gate;
    struct store_figures before;
    struct store_figures after;
    reopen_with(place, 1, 0);
    crowd_make(&crowd, place, 64);
    crowd.guests[20].fails = true;
    crowd.guests[40].thing.id = 1; /* a duplicate */
    gate_enter(&gate, place->store);
    crowd_submit(&crowd);
    store_figures(place->store, &before);
    assert_int_equal(before.queued, 64);
    gate_leave(&gate);
    crowd_wait(&crowd);
    store_figures(place->store, &after);
    for (unsigned i = 0; i < 64; i++) {
        struct guest *guest = &crowd.guests[i];
        enum status expected = i == 20 ? E_INPUT : i == 40 ? E_STATE : OK;
        assert_int_equal(guest->write.status, expected);
        /* (2) of the header: what done() saw on another connection */
        assert_int_equal(guest->was_visible, i != 20);
    }
    assert_int_equal(place_count(place), 62);
    assert_int_equal(after.failures - before.failures, 2);
    assert_int_equal(after.queued, 0);
    if (place_is_sqlite(place)) {
        assert_true(after.batches - before.batches <= 3); /* a group commit, not 65 commits */
    }
    crowd_end(&crowd);
}

static void test_full_queue_refuses(void **state)
{
    struct place *place = *state;
    struct crowd crowd;
    struct gate gate;
    reopen_with(place, 1, 4);
    crowd_make(&crowd, place, 4);
    gate_enter(&gate, place->store);
    crowd_submit(&crowd);
    assert_int_equal(place_insert(place, 99, "too many"), E_BUSY);
    assert_string_equal(place->trial.cx.failure.code, "busy");
    struct write refused = {.apply = thing_insert, .done = gate_done, .cx = &place->trial.cx};
    assert_false(store_submit(place->store, &refused));
    gate_leave(&gate);
    crowd_wait(&crowd);
    assert_int_equal(place_insert(place, 100, "room again"), OK);
    assert_int_equal(place_count(place), 5);
    crowd_end(&crowd);
}

static void test_close_runs_what_is_queued(void **state)
{
    struct place *place = *state;
    struct crowd crowd;
    crowd_make(&crowd, place, 200);
    crowd_submit(&crowd);
    place_close(place);
    for (unsigned i = 0; i < crowd.count; i++) {
        assert_int_equal(crowd.guests[i].write.status, OK);
    }
    crowd_end(&crowd);
    place_open(place);
    assert_int_equal(place_count(place), 200);
}

struct order {
    struct write write;
    struct trial trial;
    atomic_int *next;
    int turn;
    sem_t *answered;
};

static enum status order_apply(struct cx *cx, struct sql *sql, void *arg)
{
    struct order *order = arg;
    (void)cx;
    (void)sql;
    order->turn = atomic_fetch_add(order->next, 1);
    return OK;
}

static void order_done(struct write *write)
{
    check(sem_post(((struct order *)write)->answered) == 0);
}

static void test_interactive_goes_before_bulk(void **state)
{
    struct place *place = *state;
    struct order orders[20];
    struct gate gate;
    atomic_int next = 0;
    sem_t answered;
    reopen_with(place, 1, 0);
    assert_int_equal(sem_init(&answered, 0, 0), 0);
    gate_enter(&gate, place->store);
    for (int i = 0; i < 20; i++) {
        orders[i] = (struct order){.next = &next, .answered = &answered};
        trial_begin(&orders[i].trial);
        orders[i].write = (struct write){.class = i < 10 ? WRITE_BULK : WRITE_INTERACTIVE,
                                         .apply = order_apply,
                                         .done = order_done,
                                         .arg = &orders[i],
                                         .cx = &orders[i].trial.cx};
        assert_true(store_submit(place->store, &orders[i].write));
    }
    gate_leave(&gate);
    for (int i = 0; i < 20; i++) {
        assert_int_equal(sem_wait(&answered), 0);
    }
    for (int i = 0; i < 20; i++) {
        assert_int_equal(orders[i].turn, i < 10 ? i + 10 : i - 10);
        trial_end(&orders[i].trial);
    }
    (void)sem_destroy(&answered);
}

/* --- counters --- */

struct producer {
    struct place *place;
    int number;
    int failures;
};

static enum status count_up(struct cx *cx, struct sql *sql, void *arg)
{
    const struct producer *producer = arg;
    struct rows rows;
    const char *name = arena_printf(cx->arena, "own-%d", producer->number);
    TRY(sql_query(cx, sql,
                  SQL("INSERT INTO counter (name, value) VALUES (?1, 1) ON CONFLICT (name)"
                      " DO UPDATE SET value = counter.value + 1 RETURNING value"),
                  ARGS(SQL_C(name)), &rows));
    return sql_exec(cx, sql, SQL("UPDATE counter SET value = value + 1 WHERE name = ?1"),
                    ARGS(SQL_C("all")));
}

static void *produce(void *arg)
{
    struct producer *producer = arg;
    struct arena *arena = arena_open(1 << 20);
    struct cx cx;
    for (int i = 0; i < 50; i++) {
        arena_reset(arena);
        cx_init(&cx, arena);
        if (store_write(&cx, producer->place->store, i % 5 == 0 ? WRITE_BULK : WRITE_INTERACTIVE,
                        count_up, producer) != OK) {
            producer->failures++;
        }
    }
    arena_close(arena);
    return NULL;
}

static enum status counter_make(struct cx *cx, struct sql *sql, void *arg)
{
    (void)arg;
    return sql_exec(cx, sql, SQL("INSERT INTO counter (name, value) VALUES ('all', 0)"), NO_ARGS);
}

static void test_sixteen_producers_lose_nothing(void **state)
{
    struct place *place = *state;
    struct producer producers[16];
    pthread_t threads[16];
    assert_int_equal(
        store_write(&place->trial.cx, place->store, WRITE_INTERACTIVE, counter_make, NULL), OK);
    for (int i = 0; i < 16; i++) {
        producers[i] = (struct producer){.place = place, .number = i};
        assert_int_equal(pthread_create(&threads[i], NULL, produce, &producers[i]), 0);
    }
    for (int i = 0; i < 16; i++) {
        assert_int_equal(pthread_join(threads[i], NULL), 0);
        assert_int_equal(producers[i].failures, 0);
    }
    struct rows rows = place_ask(
        place,
        SQL("SELECT sum(value), min(value), count(*),"
            " (SELECT value FROM counter WHERE name = 'all') FROM counter WHERE name <> 'all'"),
        NO_ARGS);
    assert_int_equal(row_int(&rows, 0, 0), 800);
    assert_int_equal(row_int(&rows, 0, 1), 50);
    assert_int_equal(row_int(&rows, 0, 2), 16);
    assert_int_equal(row_int(&rows, 0, 3), 800);
}

/* --- fairness --- */

struct flood {
    struct place *place;
    atomic_bool stop;
};

static void *flood_run(void *arg)
{
    struct flood *flood = arg;
    struct producer producer = {.place = flood->place};
    struct arena *arena = arena_open(1 << 20);
    while (!atomic_load(&flood->stop)) {
        struct cx cx;
        arena_reset(arena);
        cx_init(&cx, arena);
        check(store_write(&cx, flood->place->store, WRITE_INTERACTIVE, count_up, &producer) == OK);
    }
    arena_close(arena);
    return NULL;
}

static void test_bulk_is_not_starved(void **state)
{
    struct place *place = *state;
    struct flood flood = {.place = place};
    pthread_t threads[6];
    reopen_with(place, 1, 0);
    for (int i = 0; i < 6; i++) {
        assert_int_equal(pthread_create(&threads[i], NULL, flood_run, &flood), 0);
    }
    for (int64_t i = 1; i <= 5; i++) {
        struct thing thing = {i, "bulk"};
        assert_int_equal(
            store_write(&place->trial.cx, place->store, WRITE_BULK, thing_insert, &thing), OK);
    }
    atomic_store(&flood.stop, true);
    for (int i = 0; i < 6; i++) {
        assert_int_equal(pthread_join(threads[i], NULL), 0);
    }
    assert_int_equal(place_count(place), 5);
}

/* --- kill -9 --- */

struct teller {
    struct place *place;
    int pipe;
    int64_t first;
};

static void *tell(void *arg)
{
    const struct teller *teller = arg;
    struct arena *arena = arena_open(1 << 20);
    for (int64_t id = teller->first;; id++) {
        struct cx cx;
        struct thing thing = {id, "told"};
        arena_reset(arena);
        cx_init(&cx, arena);
        if (store_write(&cx, teller->place->store, WRITE_INTERACTIVE, thing_insert, &thing) != OK ||
            write(teller->pipe, &id, sizeof id) != sizeof id) {
            arena_close(arena);
            return NULL;
        }
    }
}

static _Noreturn void child_write(struct place *place, int pipe, int round)
{
    struct teller tellers[4];
    pthread_t threads[4];
    place_open(place);
    for (int i = 0; i < 4; i++) {
        tellers[i] = (struct teller){place, pipe, (int64_t)(round * 4 + i) * 1000000 + 1};
        check(pthread_create(&threads[i], NULL, tell, &tellers[i]) == 0);
    }
    for (int i = 0; i < 4; i++) {
        (void)pthread_join(threads[i], NULL);
    }
    _exit(3);
}

static void test_kill_loses_nothing_acknowledged(void **state)
{
    struct place *place = *state;
    place_close(place);
    for (int round = 0; round < 3; round++) {
        int ends[2];
        assert_int_equal(pipe(ends), 0);
        pid_t child = fork();
        assert_true(child >= 0);
        if (child == 0) {
            (void)close(ends[0]);
            child_write(place, ends[1], round);
        }
        (void)close(ends[1]);
        int64_t ids[20000];
        size_t count = 0;
        while (count < 40 && read(ends[0], &ids[count], sizeof ids[0]) == sizeof ids[0]) {
            count++;
        }
        assert_int_equal(kill(child, SIGKILL), 0);
        while (count < 20000 && read(ends[0], &ids[count], sizeof ids[0]) == sizeof ids[0]) {
            count++;
        }
        (void)close(ends[0]);
        assert_int_equal(waitpid(child, NULL, 0), child);
        assert_true(count >= 40);
        place_open(place);
        for (size_t i = 0; i < count; i++) {
            struct rows rows = place_ask(place, SQL("SELECT count(*) FROM thing WHERE id = ?1"),
                                         ARGS(SQL_I(ids[i])));
            assert_int_equal(row_int(&rows, 0, 0), 1);
        }
        assert_int_equal(place_insert(place, -1 - round, "goes on"), OK);
        place_close(place);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        test_case(test_one_failure_among_64_leaves_the_others),
        test_case(test_full_queue_refuses),
        test_case(test_close_runs_what_is_queued),
        test_case(test_interactive_goes_before_bulk),
        test_case(test_sixteen_producers_lose_nothing),
        test_case(test_bulk_is_not_starved),
        test_case(test_kill_loses_nothing_acknowledged),
    };
    return test_on_both_engines(tests);
}

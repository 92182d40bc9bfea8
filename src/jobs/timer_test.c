/* Claims about clocks: own instants, in order, one step or many, three deaths, a demo's offset. */
#include <pthread.h>
#include <sys/wait.h>

#include "jobs/lapse.h"
#include "jobs/test_house.h"
#include "jobs/timer.h"

static struct home h;
static struct timer *timer;
static unsigned acted_count;

static void acted(void *arg)
{
    (void)arg;
    acted_count += 1;
}

static void timer_make(void)
{
    struct timer_options options = {.house = &h.house, .acted = acted};
    acted_count = 0;
    home_must(&h, timer_open(&h.trial.cx, &options, &timer));
}

static int set_up(void **state)
{
    (void)state;
    home_open(&h);
    timer_make();
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    timer_close(timer);
    home_close(&h);
    return 0;
}

static void advance(int64_t by_ms)
{
    home_must(&h, timer_advance(&h.trial.cx, timer, by_ms));
}

/* "act@milliseconds-since-start " for each event, and the reminders. */
static Str story(Id id, Instant start)
{
    struct buf out;
    buf_init(&out, h.trial.arena, 1 << 20);
    struct rows events = home_rows(
        &h, SQL("SELECT act, at FROM event WHERE matter = ?1 ORDER BY n"), ARGS(SQL_I(id)));
    struct rows reminders = home_rows(
        &h, SQL("SELECT at FROM notice WHERE matter = ?1 AND kind = 'remind' ORDER BY id"),
        ARGS(SQL_I(id)));
    for (uint32_t i = 0; i < events.count; i++) {
        buf_printf(&out, "%s@%" PRId64 " ", row_str(&events, i, 0).p,
                   row_int(&events, i, 1) - start);
    }
    for (uint32_t i = 0; i < reminders.count; i++) {
        buf_printf(&out, "remind@%" PRId64 " ", row_int(&reminders, i, 0) - start);
    }
    return buf_done(&out);
}

/* Files two letters at fixed instants and moves the clock 60 days in so many steps; in a process of
 * its own, because the clock only grows. The story comes through the pipe. */
static void story_child(Instant start, int steps, int out)
{
    home_open(&h);
    timer_make();
    (void)clock_offset_raise(start - clock_machine());
    clock_pin(start);
    Id one = home_filed(&h);
    clock_pin(start + 3 * DAY_MS);
    Id two = home_filed(&h);
    clock_pin(0);
    for (int i = 0; i < steps; i++) {
        advance(60 * DAY_MS / steps);
    }
    Str first = story(one, start);
    Str second = story(two, start);
    assert_true(write(out, first.p, first.n) == (ssize_t)first.n);
    assert_true(write(out, second.p, second.n) == (ssize_t)second.n);
    timer_close(timer);
    home_close(&h);
}

static Str story_of(struct arena *arena, Instant start, int steps)
{
    int ends[2];
    int status = 0;
    char *text = arena_alloc(arena, 1 << 16);
    size_t size = 0;
    assert_int_equal(pipe(ends), 0);
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        (void)close(ends[0]);
        story_child(start, steps, ends[1]);
        _exit(0);
    }
    (void)close(ends[1]);
    for (ssize_t n = 1; n > 0 && size<(1 << 16) - 1; size += n> 0 ? (size_t)n : 0) {
        n = read(ends[0], text + size, (1 << 16) - 1 - size);
    }
    (void)close(ends[0]);
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_int_equal(status, 0);
    return (Str){text, size};
}

static void one_step_or_many_give_the_same_events_at_the_same_instants(void **state)
{
    (void)state;
    struct trial trial;
    trial_begin(&trial);
    (void)tables_real(); /* once, not in each child */
    Instant start = clock_machine() / 1000 * 1000 + 1000 * DAY_MS;
    Str once = story_of(trial.arena, start, 1);
    Str slowly = story_of(trial.arena, start, 7);
    Str daily = story_of(trial.arena, start, 60);
    assert_true(str_starts(once, "submit@0 review-overdue@"));
    assert_true(str_has(once, "reply-lapsed@") && str_has(once, "remind@"));
    assert_string_equal(once.p, slowly.p);
    assert_string_equal(once.p, daily.p);
    trial_end(&trial);
}

static void each_act_of_a_clock_carries_the_instant_it_was_due(void **state)
{
    (void)state;
    Id id = home_filed(&h);
    const struct matter *before = home_matter(&h, id);
    Instant due = before->clocks[0].due;
    advance(30 * DAY_MS);
    struct rows events = home_rows(
        &h, SQL("SELECT at, act FROM event WHERE matter = ?1 ORDER BY n"), ARGS(SQL_I(id)));
    assert_true(events.count > 3);
    assert_int_equal(row_int(&events, 1, 0), due);
    assert_string_equal(row_str(&events, 1, 1).p, "review-overdue");
    for (uint32_t i = 1; i < events.count; i++) {
        assert_true(row_int(&events, i - 1, 0) <= row_int(&events, i, 0));
    }
    assert_int_equal(home_count(&h, SQL("SELECT count(*) FROM clock WHERE wake <= 0")), 0);
    assert_true(acted_count >= events.count - 1);
}

static void clocks_of_many_matters_fire_in_the_order_of_their_instants(void **state)
{
    (void)state;
    Id late[4];
    for (int i = 0; i < 4; i++) {
        late[i] = home_filed(&h);
        advance(DAY_MS);
    }
    home_act(&h, &HOME_REVIEWER, late[0], "ask"); /* its next due moves behind */
    advance(40 * DAY_MS);
    home_must(&h, sequencer_round(&h.trial.cx, h.sequencer, &h.house));
    struct rows events =
        home_rows(&h,
                  SQL("SELECT e.at FROM event e JOIN leaf l ON l.matter = e.matter AND "
                      "l.n = e.n ORDER BY l.idx"),
                  NO_ARGS);
    for (uint32_t i = 1; i < events.count; i++) {
        assert_true(row_int(&events, i - 1, 0) <= row_int(&events, i, 0));
    }
}

static void a_stopped_clock_does_nothing(void **state)
{
    (void)state;
    Id id = home_filed(&h);
    home_act(&h, &HOME_REVIEWER, id, "ask");
    home_act(&h, &HOME_CITIZEN, id, "submit");
    assert_int_equal(home_count(&h, SQL("SELECT count(*) FROM clock WHERE stopped IS NULL")), 1);
    advance(6 * DAY_MS);
    assert_int_equal(home_matter(&h, id)->events, 3);
}

static void the_offset_is_stored_and_taken_up_again(void **state)
{
    (void)state;
    int64_t before = clock_offset_ms();
    advance(3 * DAY_MS);
    assert_int_equal(clock_offset_ms(), before + 3 * DAY_MS);
    home_do(&h, SQL("UPDATE setting SET value = ?1 WHERE name = 'clock-offset'"),
            ARGS(SQL_S(str_printf(h.trial.arena, "%" PRId64, before + 5 * DAY_MS))));
    home_must(&h, timer_restore(&h.trial.cx, timer));
    assert_int_equal(clock_offset_ms(), before + 5 * DAY_MS);
    home_do(&h, SQL("UPDATE setting SET value = '0' WHERE name = 'clock-offset'"), NO_ARGS);
    home_must(&h, timer_restore(&h.trial.cx, timer)); /* it only grows */
    assert_int_equal(clock_offset_ms(), before + 5 * DAY_MS);
}

static void a_step_back_or_out_of_bounds_is_refused(void **state)
{
    (void)state;
    const int64_t bad[] = {0, -1, INT64_MIN, INT64_MAX, INT64_C(60) * 366 * DAY_MS};
    int64_t before = clock_offset_ms();
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_int_equal(timer_advance(&h.trial.cx, timer, bad[i]), E_INPUT);
        cx_forgive(&h.trial.cx);
    }
    assert_int_equal(clock_offset_ms(), before);
}

static void a_clock_that_fails_three_times_is_parked_and_the_others_go_on(void **state)
{
    (void)state;
    Id bad = home_filed(&h);
    Id good = home_filed(&h);
    home_do(&h, SQL("UPDATE clock SET name = 'unknown' WHERE matter = ?1"), ARGS(SQL_I(bad)));
    advance(8 * DAY_MS);
    struct timer_figures figures;
    home_must(&h, timer_figures(&h.trial.cx, timer, &figures));
    assert_int_equal(figures.parked, 1);
    assert_int_equal(figures.due, 0);
    assert_int_equal(home_count(&h, SQL("SELECT max(attempts) FROM clock")), 3);
    assert_int_equal(home_count(&h, SQL("SELECT count(*) FROM audit WHERE what = 'clock-parked'")),
                     1);
    assert_int_equal(home_matter(&h, bad)->events, 1);
    assert_int_equal(home_matter(&h, good)->events, 2);
}

static void three_deaths_park_a_clock_before_it_runs_again(void **state)
{
    (void)state;
    Id id = home_filed(&h);
    home_do(&h, SQL("UPDATE clock SET attempts = 3"),
            NO_ARGS); /* as a program that died leaves it */
    advance(8 * DAY_MS);
    assert_int_equal(home_matter(&h, id)->events, 1);
    assert_int_equal(home_count(&h, SQL("SELECT count(*) FROM audit")), 1);
}

static void a_success_forgets_earlier_attempts(void **state)
{
    (void)state;
    Id id = home_filed(&h);
    home_do(&h, SQL("UPDATE clock SET attempts = 2"), NO_ARGS);
    advance(6 * DAY_MS); /* the reminder */
    assert_int_equal(home_count(&h, SQL("SELECT max(attempts) FROM clock")), 0);
    advance(2 * DAY_MS);
    assert_int_equal(home_matter(&h, id)->events, 2);
}

static void drafts_lapse_after_180_days_and_not_before(void **state)
{
    (void)state;
    Id draft = home_draft(&h);
    (void)home_attach(&h, draft, "附件");
    Id filed = home_filed(&h);
    home_do(&h,
            SQL("INSERT INTO typed (matter, act, person, field_values, updated) "
                "VALUES (?1, 'submit', 11, '{}', ?2)"),
            ARGS(SQL_I(filed), SQL_I(clock_now())));
    advance(179 * DAY_MS);
    assert_non_null(home_matter(&h, draft));
    assert_int_equal(home_count(&h, SQL("SELECT count(*) FROM typed")), 1);
    advance(2 * DAY_MS);
    assert_null(home_matter(&h, draft));
    assert_non_null(home_matter(&h, filed));
    assert_int_equal(home_count(&h, SQL("SELECT count(*) FROM typed")), 0);
    assert_int_equal(home_count(&h, SQL("SELECT count(*) FROM material")), 1);
}

static void *advance_thread(void *arg)
{
    enum status *status = arg;
    struct trial trial;
    trial_begin(&trial);
    *status = timer_advance(&trial.cx, timer, 10 * DAY_MS);
    trial_end(&trial);
    return NULL;
}

static void two_steps_at_once_add_up_while_the_thread_runs_too(void **state)
{
    (void)state;
    Id id = home_filed(&h);
    int64_t before = clock_offset_ms();
    pthread_t threads[2];

    enum status status[2] = {E_BUG, E_BUG};

    home_must(&h, timer_start(&h.trial.cx, timer));
    for (int i = 0; i < 2; i++) {
        assert_int_equal(pthread_create(&threads[i], NULL, advance_thread, &status[i]), 0);
    }
    for (int i = 0; i < 2; i++) {
        assert_int_equal(pthread_join(threads[i], NULL), 0);
        assert_int_equal(status[i], OK);
    }
    assert_int_equal(clock_offset_ms(), before + 20 * DAY_MS);
    assert_int_equal(home_matter(&h, id)->events, 4); /* days 7, 12, 19 */
}

/* Where the clock stands at the first step of an advance, the thread having had time to spoil it.
 */
static void first_step_note(void *arg)
{
    Instant *first = arg;
    if (*first == 0) {
        timer_wake(timer);
        (void)usleep(100000);
        *first = clock_now();
    }
}

static void the_thread_moves_no_clock_in_the_middle_of_an_advance(void **state)
{
    (void)state;
    Instant first = 0;
    struct timer_options options = {
        .house = &h.house, .acted = first_step_note, .acted_arg = &first};
    timer_close(timer);
    home_must(&h, timer_open(&h.trial.cx, &options, &timer));
    (void)home_filed(&h); /* reminded after 5 days, late after 7 */
    Instant begun = clock_now();
    home_must(&h, timer_start(&h.trial.cx, timer));
    advance(30 * DAY_MS);
    assert_in_range(first - begun, 1, 20 * DAY_MS);
    assert_true(clock_now() - begun >= 30 * DAY_MS);
}

static void the_thread_fires_what_is_due_without_being_asked(void **state)
{
    (void)state;
    clock_pin(clock_now() - 8 * DAY_MS);
    Id id = home_filed(&h);
    clock_pin(0);
    home_must(&h, timer_start(&h.trial.cx, timer));
    int64_t from = clock_monotonic_us();
    while (home_matter(&h, id)->events < 2) {
        assert_true(clock_monotonic_us() - from < 5000000);
        (void)usleep(20000);
    }
}

static void lapsing_takes_old_keys_sessions_uploads_and_orphans_only(void **state)
{
    (void)state;
    struct cx *cx = &h.trial.cx;
    Instant now = clock_now();
    Instant machine = clock_machine();
    struct lapse_options options = {.store = h.store, .blobs = h.blobs};
    struct lapse_counts counts;
    unsigned char kept[32];
    unsigned char orphan[32];
    (void)home_filed(&h); /* its file is named */
    home_must(&h, blob_put(cx, h.blobs, "上传", 6, kept));
    home_must(&h, blob_put(cx, h.blobs, "孤儿", 6, orphan));
    home_do(&h,
            SQL("INSERT INTO upload (id, person, name, length, received, sm3, updated) "
                "VALUES ('new', 1, 'a', 6, 6, ?1, ?2), ('old', 1, 'b', 6, 6, NULL, ?3)"),
            ARGS(SQL_B(kept, 32), SQL_I(machine), SQL_I(machine - 8 * DAY_MS)));
    for (int i = 0; i < 130; i++) { /* more than a slice */
        home_do(&h,
                SQL("INSERT INTO once (actor, route, key, request, status, at) "
                    "VALUES ('p:1', 'r', ?1, ?2, 200, ?3)"),
                ARGS(SQL_S(str_printf(cx->arena, "%d", i)), SQL_B(kept, 32),
                     SQL_I(now - (i < 120 ? 31 : 29) * DAY_MS)));
    }
    home_must(&h, lapse_all(cx, &options, now, machine, &counts));
    assert_int_equal(counts.once, 120);
    assert_int_equal(counts.uploads, 1);
    assert_int_equal(counts.blobs, 0); /* younger than a day */
    home_must(&h, lapse_all(cx, &options, now, machine + 2 * DAY_MS, &counts));
    assert_int_equal(counts.once, 0);
    assert_int_equal(counts.blobs, 1);
    int64_t size = 0;
    home_must(&h, blob_size(cx, h.blobs, kept, &size));
    assert_int_equal(blob_size(cx, h.blobs, orphan, &size), E_NOT_FOUND);
}

#define claim(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_step_or_many_give_the_same_events_at_the_same_instants),
        claim(each_act_of_a_clock_carries_the_instant_it_was_due),
        claim(clocks_of_many_matters_fire_in_the_order_of_their_instants),
        claim(a_stopped_clock_does_nothing),
        claim(the_offset_is_stored_and_taken_up_again),
        claim(a_step_back_or_out_of_bounds_is_refused),
        claim(a_clock_that_fails_three_times_is_parked_and_the_others_go_on),
        claim(three_deaths_park_a_clock_before_it_runs_again),
        claim(a_success_forgets_earlier_attempts),
        claim(drafts_lapse_after_180_days_and_not_before),
        claim(two_steps_at_once_add_up_while_the_thread_runs_too),
        claim(the_thread_moves_no_clock_in_the_middle_of_an_advance),
        claim(the_thread_fires_what_is_due_without_being_asked),
        claim(lapsing_takes_old_keys_sessions_uploads_and_orphans_only),
    };
    return home_tests_run(tests);
}

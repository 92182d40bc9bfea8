/* Claims about work by the calendar: in its place between clocks, each instant once, never given
 * up. */
#include "jobs/schedule.h"
#include "jobs/test_house.h"
#include "jobs/timer.h"

enum { RUNS_MAX = 64 };

static struct home h;
static struct timer *timer;
static Instant runs[RUNS_MAX];
static unsigned run_count;
static enum status run_answer;

static Instant noon_after(Instant at)
{
    Instant noon = date_start(instant_date(at)) + 12 * HOUR_MS;
    return noon > at ? noon : noon + DAY_MS;
}

static enum status noon_run(struct cx *cx, const struct house *house, Instant at, Instant until,
                            Instant *next)
{
    (void)house;
    assert_true(at <= until);
    assert_int_equal(clock_now(), at); /* carries its instant */
    assert_int_equal(*next, noon_after(at));
    assert_true(run_count < RUNS_MAX);
    runs[run_count++] = at;
    return run_answer == OK ? OK : FAIL(cx, run_answer, "bug", "as the test wants");
}

static const struct schedule_rule RULES[] = {{"noon", noon_after, noon_run}};

static void timer_make(void)
{
    struct timer_options options = {.house = &h.house, .schedules = RULES, .schedule_count = 1};
    home_must(&h, timer_open(&h.trial.cx, &options, &timer));
}

static int set_up(void **state)
{
    (void)state;
    run_count = 0;
    run_answer = OK;
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

static void each_instant_is_done_once_and_in_order_however_far_the_clock_jumps(void **state)
{
    (void)state;
    Instant from = clock_now();
    advance(7 * DAY_MS);
    assert_int_equal(run_count, 7);
    for (unsigned i = 0; i < run_count; i++) {
        assert_int_equal(runs[i], i == 0 ? noon_after(from) : runs[i - 1] + DAY_MS);
    }
    timer_close(timer);
    timer_make(); /* another life goes on where this one was */
    advance(DAY_MS);
    assert_int_equal(run_count, 8);
    assert_int_equal(runs[7], runs[6] + DAY_MS);
}

static void clocks_before_it_have_fired_and_those_behind_have_not(void **state)
{
    (void)state;
    (void)home_filed(&h);
    Instant noon = noon_after(clock_now());
    struct clock_row const *clock = &home_matter(&h, home_filed(&h))->clocks[0];
    advance(clock->due - clock_now() + DAY_MS);
    struct rows events = home_rows(&h, SQL("SELECT MIN(at) FROM event WHERE act = ?1"),
                                   ARGS(SQL_C("review-overdue")));
    Instant fired = row_int(&events, 0, 0);
    bool found = false;
    for (unsigned i = 0; i + 1 < run_count; i++) {
        assert_int_equal(runs[i], noon + (int64_t)i * DAY_MS);
        found = found || (runs[i] <= fired && fired < runs[i + 1]);
    }
    assert_true(found || fired >= runs[run_count - 1]);
}

static void what_fails_is_held_but_not_given_up_and_clocks_go_on(void **state)
{
    (void)state;
    (void)home_filed(&h);
    run_answer = E_BUG;
    advance(8 * DAY_MS);
    assert_int_equal(run_count, SCHEDULE_TRIES);
    assert_true(home_count(&h, SQL("SELECT count(*) FROM event WHERE act = 'review-overdue'")) > 0);
    assert_int_equal(home_count(&h, SQL("SELECT count(*) FROM schedule WHERE held > 0")), 1);
    assert_int_equal(
        home_count(&h, SQL("SELECT count(*) FROM schedule WHERE next < 0 OR attempts <> 3")), 0);
    Instant first = runs[0];
    run_answer = OK;
    run_count = 0;
    home_do(&h, SQL("UPDATE schedule SET held = 0"), NO_ARGS);
    advance(1000);
    assert_int_equal(run_count, 8);
    assert_int_equal(runs[0], first);
}

static void work_of_another_program_is_left_alone(void **state)
{
    (void)state;
    home_do(&h,
            SQL("INSERT INTO schedule (name, next, attempts, held) VALUES ('midnight', 1, 0, 0)"),
            NO_ARGS);
    advance(2 * DAY_MS);
    assert_int_equal(run_count, 2);
    assert_int_equal(home_count(&h, SQL("SELECT count(*) FROM schedule WHERE next = 1")), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            each_instant_is_done_once_and_in_order_however_far_the_clock_jumps, set_up, tear_down),
        cmocka_unit_test_setup_teardown(clocks_before_it_have_fired_and_those_behind_have_not,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_fails_is_held_but_not_given_up_and_clocks_go_on,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(work_of_another_program_is_left_alone, set_up, tear_down),
    };
    return home_tests_run(tests);
}

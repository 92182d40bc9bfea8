#include "jobs/pulse.h"
#include "jobs/recount.h"
#include "jobs/test_house.h"
#include "jobs/timer.h"

static uint32_t now_failing;

static uint32_t failing(void *arg)
{
    (void)arg;
    return now_failing;
}

static struct pulse *pulse_of(struct home *home)
{
    struct pulse *pulse = NULL;
    struct pulse_options options = {.house = &home->house, .failing = failing};
    now_failing = 0;
    home_must(home, pulse_open(&home->trial.cx, &options, &pulse));
    return pulse;
}

static void beat(struct home *home, struct pulse *pulse, Instant machine)
{
    home_must(home, pulse_beat(&home->trial.cx, pulse, machine));
}

static void a_silence_is_down_time_and_a_short_one_is_none(void **state)
{
    (void)state;
    struct home home;
    home_open(&home);
    struct pulse *pulse = pulse_of(&home);
    Instant at = clock_machine();
    beat(&home, pulse, at + 5000);
    beat(&home, pulse, at + 5000 + PULSE_GAP_MS);
    assert_int_equal(home_count(&home, SQL("SELECT count(*) FROM outage")), 0);
    beat(&home, pulse, at + 5000 + 2 * PULSE_GAP_MS + 1);
    struct rows r =
        home_rows(&home, SQL("SELECT function, kind, since, until FROM outage"), NO_ARGS);
    assert_int_equal(r.count, 1);
    assert_true(str_is(row_str(&r, 0, 0), "all"));
    assert_true(str_is(row_str(&r, 0, 1), "gap"));
    assert_int_equal(row_int(&r, 0, 2), at + 5000 + PULSE_GAP_MS + clock_offset_ms());
    assert_int_equal(row_int(&r, 0, 3), at + 5000 + 2 * PULSE_GAP_MS + 1 + clock_offset_ms());
    pulse_close(pulse);
    home_close(&home);
}

/* Of two programs that wake behind the same gap one records it. */
static void a_gap_is_recorded_once(void **state)
{
    (void)state;
    struct home home;
    home_open(&home);
    struct pulse *first = pulse_of(&home);
    struct pulse *second = pulse_of(&home);
    Instant at = clock_machine() + 100000;
    beat(&home, first, at);
    beat(&home, second, at + 1);
    assert_int_equal(home_count(&home, SQL("SELECT count(*) FROM outage")), 1);
    pulse_close(first);
    pulse_close(second);
    home_close(&home);
}

static void what_fails_is_open_until_it_works(void **state)
{
    (void)state;
    struct home home;
    home_open(&home);
    struct pulse *pulse = pulse_of(&home);
    Instant at = clock_machine();
    now_failing = UINT32_C(1) << OUTAGE_UPLOADS;
    beat(&home, pulse, at + 2000);
    beat(&home, pulse, at + 4000);
    assert_int_equal(home_count(&home, SQL("SELECT count(*) FROM outage WHERE until IS NULL AND "
                                           "function = 'uploads' AND kind = 'fault'")),
                     1);
    pulse_close(pulse); /* the program dies; the next one finds it working */
    pulse = pulse_of(&home);
    struct rows r = home_rows(&home, SQL("SELECT since, until FROM outage"), NO_ARGS);
    assert_int_equal(r.count, 1);
    assert_int_equal(row_int(&r, 0, 0), at + 2000 + clock_offset_ms());
    assert_true(row_int(&r, 0, 1) >= row_int(&r, 0, 0));
    pulse_close(pulse);
    home_close(&home);
}

static void beats_that_were_refused_are_an_outage_of_filing(void **state)
{
    (void)state;
    struct home home;
    home_open(&home);
    struct outage_beat refused = {.machine = clock_machine(),
                                  .gap_ms = PULSE_GAP_MS,
                                  .refused = clock_machine() - 9000,
                                  .ids = 1};
    home_must(&home, store_write(&home.trial.cx, home.store, WRITE_BULK, outage_beat, &refused));
    assert_true(refused.recovered);
    struct rows r = home_rows(&home, SQL("SELECT function, since, until FROM outage"), NO_ARGS);
    assert_int_equal(r.count, 1);
    assert_true(str_is(row_str(&r, 0, 0), "filing"));
    assert_int_equal(row_int(&r, 0, 1), refused.refused);
    assert_int_equal(row_int(&r, 0, 2), refused.machine);
    home_close(&home);
}

static void three_failures_in_a_row_are_seen_and_one_success_ends_them(void **state)
{
    (void)state;
    outage_note(OUTAGE_PAPERS, false);
    outage_note(OUTAGE_PAPERS, false);
    assert_int_equal(outage_noted(), 0);
    outage_note(OUTAGE_PAPERS, false);
    assert_int_equal(outage_noted(), UINT32_C(1) << OUTAGE_PAPERS);
    outage_note(OUTAGE_PAPERS, true);
    assert_int_equal(outage_noted(), 0);
}

/* --- periods --- */

static void outage_at(struct home *home, Instant since, Instant until)
{
    home_do(home,
            SQL("INSERT INTO outage (id, function, kind, since, until, text, person, at) "
                "VALUES (?1, 'filing', 'fault', ?2, ?3, '', 0, ?2)"),
            ARGS(SQL_I(since), SQL_I(since), SQL_I(until)));
}

static const struct clock_row *running(struct home *home, Id id)
{
    const struct matter *m = home_matter(home, id);
    return &m->clocks[m->clock_count - 1];
}

static void a_party_does_not_lapse_on_a_day_of_an_outage(void **state)
{
    (void)state;
    struct home home;
    struct plan *plan = NULL;
    home_open(&home);
    Id id = home_filed(&home);
    home_act(&home, &HOME_REVIEWER, id, "ask");
    Instant due = running(&home, id)->due;
    outage_at(&home, due - HOUR_MS, due - HOUR_MS / 2);
    clock_pin(due);
    home_must(&home, alarm_prepare(&home.trial.cx, &home.house, id, 2, due, &plan));
    assert_non_null(plan);
    assert_true(text_is(plan->changes[0].act, "prolong-periods"));
    home_must(&home, home_write(&home, plan));
    Instant later = running(&home, id)->due;
    assert_true(later > due);
    assert_true(str_is(home_matter(&home, id)->state, "asked"));
    clock_pin(later);
    home_must(&home, alarm_prepare(&home.trial.cx, &home.house, id, 2, later, &plan));
    assert_true(text_is(plan->changes[0].act, "reply-lapsed"));
    clock_pin(0);
    home_close(&home);
}

static void the_court_is_late_whatever_failed(void **state)
{
    (void)state;
    struct home home;
    struct plan *plan = NULL;
    home_open(&home);
    Id id = home_filed(&home);
    Instant due = running(&home, id)->due;
    outage_at(&home, due - HOUR_MS, due - HOUR_MS / 2);
    clock_pin(due);
    home_must(&home, alarm_prepare(&home.trial.cx, &home.house, id, 1, due, &plan));
    clock_pin(0);
    assert_true(text_is(plan->changes[0].act, "review-overdue"));
    home_close(&home);
}

static void a_recovery_prolongs_what_ends_that_day(void **state)
{
    (void)state;
    struct home home;
    uint32_t moved = 0;
    home_open(&home);
    Id id = home_filed(&home);
    home_act(&home, &HOME_REVIEWER, id, "ask");
    Instant due = running(&home, id)->due;
    outage_at(&home, due - HOUR_MS, due - HOUR_MS / 2);
    home_must(&home, periods_prolong(&home.trial.cx, &home.house, due, due + 1, &moved));
    assert_int_equal(moved, 1);
    assert_true(running(&home, id)->due > due);
    home_must(&home, periods_prolong(&home.trial.cx, &home.house, due, due + 9 * DAY_MS, &moved));
    assert_int_equal(moved, 0);
    home_close(&home);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_silence_is_down_time_and_a_short_one_is_none),
        cmocka_unit_test(a_gap_is_recorded_once),
        cmocka_unit_test(what_fails_is_open_until_it_works),
        cmocka_unit_test(beats_that_were_refused_are_an_outage_of_filing),
        cmocka_unit_test(three_failures_in_a_row_are_seen_and_one_success_ends_them),
        cmocka_unit_test(a_party_does_not_lapse_on_a_day_of_an_outage),
        cmocka_unit_test(the_court_is_late_whatever_failed),
        cmocka_unit_test(a_recovery_prolongs_what_ends_that_day),
    };
    return home_tests_run(tests);
}

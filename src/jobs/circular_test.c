/* Claims about when circulars are issued: at 08:30 in Beijing, each day and each Monday, and where
 * there is nothing to issue at no instant of the past. What stands in them is tested beside
 * record/circular.h, what becomes of them in test/scenario/circulars.test.mjs. */
#include "jobs/circular.h"
#include "jobs/test_house.h"

enum { DAILY, WEEKLY };

static Instant at(int year, int month, int day, int hour, int minute)
{
    return date_start(date_of(year, month, day)) + hour * HOUR_MS + minute * MINUTE_MS;
}

static void test_the_daily_comes_at_half_past_eight(void **state)
{
    (void)state;
    const struct schedule_rule *daily = &circular_rules[DAILY];
    assert_string_equal(daily->name, "circular-daily");
    Instant issue = at(2026, 12, 1, 8, 30);
    assert_int_equal(daily->after(at(2026, 12, 1, 0, 0)), issue); /* still the 30th in UTC */
    assert_int_equal(daily->after(issue - 1), issue);
    assert_int_equal(daily->after(issue), at(2026, 12, 2, 8, 30));
    assert_int_equal(daily->after(at(2026, 12, 31, 23, 59)), at(2027, 1, 1, 8, 30));
}

static void test_the_weekly_comes_on_monday(void **state)
{
    (void)state;
    const struct schedule_rule *weekly = &circular_rules[WEEKLY];
    assert_string_equal(weekly->name, "circular-weekly");
    Instant monday = at(2026, 12, 7, 8, 30);
    assert_int_equal(date_weekday(instant_date(monday)), 1);
    for (Instant now = at(2026, 11, 30, 8, 30); now < monday; now += HOUR_MS) {
        assert_int_equal(weekly->after(now), monday);
    }
    assert_int_equal(weekly->after(monday), at(2026, 12, 14, 8, 30));
}

static void test_no_instant_comes_twice_or_is_left_out(void **state)
{
    (void)state;
    for (int i = 0; i < CIRCULAR_RULES; i++) {
        int64_t step = i == WEEKLY ? 7 * DAY_MS : DAY_MS;
        Instant next = circular_rules[i].after(at(2026, 1, 1, 12, 0));
        for (int n = 0; n < 800; n++) {
            assert_int_equal(circular_rules[i].after(next - 1), next);
            assert_int_equal(circular_rules[i].after(next), next + step);
            next += step;
        }
    }
}

static void test_where_nothing_was_asked_time_goes_by_at_once(void **state)
{
    (void)state;
    struct home home;
    home_open(&home);
    Instant first = at(2026, 12, 7, 8, 30);
    Instant until = at(2027, 12, 7, 12, 0);
    for (int i = 0; i < CIRCULAR_RULES; i++) {
        const struct schedule_rule *rule = &circular_rules[i];
        Instant next = rule->after(first);
        home_must(&home, rule->run(&home.trial.cx, &home.house, first, until, &next));
        assert_int_equal(next, rule->after(until)); /* not a year of days, one by one */
    }
    assert_int_equal(home_count(&home, SQL("SELECT count(*) FROM circular")), 0);
    assert_int_equal(home_count(&home, SQL("SELECT count(*) FROM matter")), 0);
    home_close(&home);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_daily_comes_at_half_past_eight),
        cmocka_unit_test(test_the_weekly_comes_on_monday),
        cmocka_unit_test(test_no_instant_comes_twice_or_is_left_out),
        cmocka_unit_test(test_where_nothing_was_asked_time_goes_by_at_once),
    };
    return home_test_on_engines(tests, sizeof tests / sizeof tests[0]);
}

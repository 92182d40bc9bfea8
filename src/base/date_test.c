#include "base/date.h"
#include "base/test.h"

static void test_leap_years(void **state)
{
    (void)state;
    assert_int_not_equal(date_of(2024, 2, 29), DATE_NONE);
    assert_int_not_equal(date_of(2000, 2, 29), DATE_NONE);
    assert_int_equal(date_of(2026, 2, 29), DATE_NONE);
    assert_int_equal(date_of(1900, 2, 29), DATE_NONE);
    assert_int_equal(date_of(2100, 2, 29), DATE_NONE);
}

static void test_there_is_no_such_day(void **state)
{
    (void)state;

    static const struct day rows[] = {
        {2026, 0, 1},  {2026, 13, 1},  {2026, 1, 0},   {2026, 1, 32}, {2026, 4, 31},
        {2026, 6, 31}, {2026, -1, 1},  {2026, 11, 31}, {0, 1, 1},     {10000, 1, 1},
        {-1, 1, 1},    {2026, 12, 32}, {2026, 9, 31},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_int_equal(date_of(rows[i].year, rows[i].month, rows[i].day), DATE_NONE);
    }
}

static void test_known_days(void **state)
{
    (void)state;
    assert_int_equal(date_of(1970, 1, 1), 0);
    assert_int_equal(date_of(1969, 12, 31), -1);
    assert_int_equal(date_of(2000, 3, 1), 11017);
    assert_int_equal(date_of(1949, 10, 1), -7397);
    assert_int_equal(date_weekday(date_of(1949, 10, 1)), 6);
    assert_int_equal(date_weekday(date_of(1970, 1, 1)), 4);
    assert_int_equal(date_weekday(date_of(2026, 11, 22)), 7);
    assert_int_equal(date_weekday(date_of(2026, 11, 23)), 1);
}

static void test_every_day_follows_the_one_before(void **state)
{
    (void)state;
    Date expected = date_of(1, 1, 1);
    int weekday = date_weekday(expected);
    assert_int_equal(weekday, 1); /* of the proleptic calendar */
    for (int year = 1; year <= 9999; year++) {
        for (int month = 1; month <= 12; month++) {
            for (int day = 1; day <= 31; day++) {
                Date date = date_of(year, month, day);
                if (date == DATE_NONE) {
                    continue;
                }
                struct day back = date_split(date);
                if (date != expected || back.year != year || back.month != month ||
                    back.day != day || date_weekday(date) != weekday) {
                    fail_msg("%04d-%02d-%02d", year, month, day);
                }
                expected += 1;
                weekday = weekday % 7 + 1;
            }
        }
    }
    assert_int_equal(expected - date_of(1, 1, 1), 3652059);
}

static void months(const char *from, int count, const char *to)
{
    struct trial t;
    trial_begin(&t);
    Date date = 0;
    assert_true(date_parse(str_of(from), &date));
    assert_string_equal(date_format(t.arena, date_add_months(date, count)).p, to);
    trial_end(&t);
}

static void test_months_end_on_the_same_day_or_the_last(void **state)
{
    (void)state;
    months("2026-01-31", 1, "2026-02-28");
    months("2024-01-31", 1, "2024-02-29");
    months("2026-01-31", 3, "2026-04-30");
    months("2026-02-28", 1, "2026-03-28"); /* the day, not the end of the month */
    months("2026-11-22", 2, "2027-01-22");
    months("2024-02-29", 12, "2025-02-28");
    months("2024-02-29", 48, "2028-02-29");
    months("2026-03-31", -1, "2026-02-28");
    months("2026-01-15", -1, "2025-12-15");
    months("2026-12-31", 0, "2026-12-31");
    months("0001-02-28", -1, "0001-01-28");
}

static void test_months_outside_the_years_give_none(void **state)
{
    (void)state;
    assert_int_equal(date_add_months(date_of(9999, 12, 1), 1), DATE_NONE);
    assert_int_equal(date_add_months(date_of(1, 1, 1), -1), DATE_NONE);
    assert_int_equal(date_add_months(date_of(1, 1, 1), -14), DATE_NONE);
    assert_int_equal(date_add_months(date_of(2026, 1, 1), INT32_MAX), DATE_NONE);
    assert_int_equal(date_add_months(date_of(2026, 1, 1), INT32_MIN), DATE_NONE);
}

static void test_dates_parse_in_one_form_only(void **state)
{
    (void)state;
    Date date = 7;
    assert_true(date_parse(STR("2026-03-02"), &date));
    assert_int_equal(date, date_of(2026, 3, 2));
    static const char *const rows[] = {
        "",
        "2026-3-2",
        "2026-03-2",
        "2026/03/02",
        "20260302",
        "2026-03-02 ",
        " 2026-03-02",
        "2026-02-30",
        "2026-13-01",
        "2026-00-10",
        "0000-01-01",
        "-026-03-02",
        "2026-03-0x",
        "２０２６-03-02",
        "2026-03-02T00:00:00Z",
        "+026-03-02",
        "2026年3月2日",
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        date = 7;
        if (date_parse(str_of(rows[i]), &date) || date != 7) {
            fail_msg("read: %s", rows[i]);
        }
    }
}

static void test_dates_are_shown(void **state)
{
    (void)state;
    struct trial t;
    trial_begin(&t);
    assert_string_equal(date_format(t.arena, date_of(2026, 3, 2)).p, "2026-03-02");
    assert_string_equal(date_format(t.arena, date_of(1, 1, 1)).p, "0001-01-01");
    assert_string_equal(date_chinese(t.arena, date_of(2026, 3, 2)).p, "2026年3月2日");
    trial_end(&t);
}

static void instant(const char *text, const char *shown)
{
    struct trial t;
    trial_begin(&t);
    Instant at = 0;
    if (!instant_parse(str_of(text), &at)) {
        fail_msg("refused: %s", text);
    }
    assert_string_equal(instant_format(t.arena, at).p, shown);
    Instant again = 0;
    assert_true(instant_parse(instant_format(t.arena, at), &again));
    assert_true(at - again >= 0 && at - again < 1000);
    trial_end(&t);
}

static void test_instants_show_beijing(void **state)
{
    (void)state;
    instant("2026-11-22T02:00:00Z", "2026-11-22T10:00:00+08:00");
    instant("2026-11-22T10:00:00+08:00", "2026-11-22T10:00:00+08:00");
    instant("2026-11-22t10:00:59.999z", "2026-11-22T18:00:59+08:00");
    instant("2026-11-22T10:00+08:00", "2026-11-22T10:00:00+08:00");
    instant("2026-12-31T20:00:00-05:30", "2027-01-01T09:30:00+08:00");
    instant("1969-12-31T23:59:59.5Z", "1970-01-01T07:59:59+08:00");
    instant("1960-01-01T00:00:00+08:00", "1960-01-01T00:00:00+08:00");
    instant("2026-11-22 10:00:00+08:00", "2026-11-22T10:00:00+08:00");
    instant("2026-11-22T10:00:00.123456789Z", "2026-11-22T18:00:00+08:00");
}

static void test_instants_without_sense_are_refused(void **state)
{
    (void)state;
    static const char *const rows[] = {
        "",
        "2026-11-22",
        "2026-11-22T10:00:00",
        "2026-11-22T24:00:00Z",
        "2026-11-22T10:60:00Z",
        "2026-11-22T10:00:60Z",
        "2026-02-29T10:00:00Z",
        "2026-11-22T10:00:00+8:00",
        "2026-11-22T10:00:00+0800",
        "2026-11-22T10:00:00+15:00",
        "2026-11-22T10:00:00+08:60",
        "2026-11-22T10:00:00ZZ",
        "2026-11-22T10:00:00Z ",
        "2026-11-22T10:00:00.Z",
        "2026-11-22T10:00.5Z",
        "2026-11-22T10:00:5Z",
        "2026-11-22T1:00:00Z",
        "2026-11-22x10:00:00Z",
        "2026-11-22T10:00:00.",
        "2026-11-22T10:00:",
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        Instant at = 7;
        if (instant_parse(str_of(rows[i]), &at) || at != 7) {
            fail_msg("read: %s", rows[i]);
        }
    }
}

static void test_the_day_turns_at_midnight_in_beijing(void **state)
{
    (void)state;
    struct trial t;
    trial_begin(&t);
    Date date = date_of(2026, 3, 2);
    Instant start = date_start(date);
    assert_string_equal(instant_format(t.arena, start).p, "2026-03-02T00:00:00+08:00");
    assert_string_equal(instant_format(t.arena, date_end(date)).p, "2026-03-02T23:59:59+08:00");
    assert_int_equal(instant_date(start), date);
    assert_int_equal(instant_date(start - 1), date - 1);
    assert_int_equal(instant_date(date_end(date) + 999), date);
    assert_int_equal(instant_minute_of_day(start), 0);
    assert_int_equal(instant_minute_of_day(start - 1), 1439);
    assert_int_equal(instant_minute_of_day(start + 10 * HOUR_MS + 20 * MINUTE_MS + 59999), 620);
    assert_string_equal(instant_chinese(t.arena, start + 10 * HOUR_MS + 5 * MINUTE_MS).p,
                        "2026年3月2日10:05");
    trial_end(&t);
}

static void test_a_moment_is_said_with_as_much_as_is_needed(void **state)
{
    (void)state;
    struct trial t;
    trial_begin(&t);
    Instant now = date_start(date_of(2026, 12, 1)) + 30 * MINUTE_MS;
    Instant nine = date_start(date_of(2026, 12, 1)) + 9 * HOUR_MS;
    assert_string_equal(instant_spoken(t.arena, nine, now).p, "09:00");
    assert_string_equal(instant_spoken(t.arena, nine, now - HOUR_MS).p, "12月1日09:00");
    assert_string_equal(instant_spoken(t.arena, nine + 31 * DAY_MS, now).p, "2027年1月1日09:00");
    trial_end(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_leap_years),
        cmocka_unit_test(test_there_is_no_such_day),
        cmocka_unit_test(test_known_days),
        cmocka_unit_test(test_every_day_follows_the_one_before),
        cmocka_unit_test(test_months_end_on_the_same_day_or_the_last),
        cmocka_unit_test(test_months_outside_the_years_give_none),
        cmocka_unit_test(test_dates_parse_in_one_form_only),
        cmocka_unit_test(test_dates_are_shown),
        cmocka_unit_test(test_instants_show_beijing),
        cmocka_unit_test(test_instants_without_sense_are_refused),
        cmocka_unit_test(test_the_day_turns_at_midnight_in_beijing),
        cmocka_unit_test(test_a_moment_is_said_with_as_much_as_is_needed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

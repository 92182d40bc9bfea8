#include "law/period.h"
#include "law/sample.h"

struct vector {
    const char *id;
    const char *period;
    const char *start;
    const char *due;
};

/* domain/deadlines.md section 2 */
static const struct vector DAYS[] = {
    {"T1", "7 days", "2026-03-02", "2026-03-09"},
    {"T2", "7 days", "2026-02-10", "2026-02-24"},
    {"T3", "7 days", "2025-09-26", "2025-10-09"},
    {"T4", "15 days", "2026-04-20", "2026-05-06"},
    {"T5", "15 days", "2026-01-20", "2026-02-04"},
    {"T6", "15 days", "2025-09-23", "2025-10-09"},
    {"T7", "10 days", "2026-04-25", "2026-05-06"},
    {"T8", "30 days", "2026-01-05", "2026-02-04"},
    {"T9", "30 days", "2026-01-20", "2026-02-24"},
    {"T10", "7 days", "2026-02-13", "2026-02-24"},
    {"T11", "5 days", "2026-09-21", "2026-09-28"},
    {"T12", "10 days", "2026-04-21", "2026-05-06"},
    {"T13", "3 days", "2026-05-06", "2026-05-09"},
    {"T14", "6 months", "2025-08-31", "2026-02-28"},
    {"T15", "3 months", "2025-11-30", "2026-02-28"},
    {"T16", "6 months", "2025-04-04", "2025-10-09"},
    {"T17", "2 years", "2024-02-29", "2026-02-28"},
    {"T18", "7 working-days", "2026-02-12", "2026-02-28"},
    {"T19", "7 working-days", "2026-04-30", "2026-05-13"},
    {"T20", "3 working-days", "2025-09-30", "2025-10-11"},
    {"T21", "3 working-days", "2026-02-13", "2026-02-25"},
    {"T22", "2 working-days", "2026-05-08", "2026-05-11"},
};

static void days_months_and_years_end_as_the_law_says(void **state)
{
    (void)state;
    struct trial t;
    trial_begin(&t);
    struct law_tables tables = sample_tables(t.arena);
    for (size_t i = 0; i < sizeof DAYS / sizeof DAYS[0]; i++) {
        struct period_rule rule = {.count = PERIOD_LAW};
        struct period_answer answer;
        assert_true(period_parse(str_of(DAYS[i].period), &rule));
        assert_int_equal(
            period_due_from(&t.cx, &tables, &rule, sample_date(DAYS[i].start), &answer), OK);
        if (answer.day != sample_date(DAYS[i].due) || answer.uncertain) {
            fail_msg("%s: %s", DAYS[i].id, date_format(t.arena, answer.day).p);
        }
        assert_int_equal(answer.due, date_end(answer.day));
        assert_true(value_count(answer.working) >= 3);
    }
    trial_end(&t);
}

static const struct vector INSTANTS[] = {
    {"T23", "48 hours", "2026-02-14T10:20", "2026-02-16T11:00"},
    {"hour on the stroke", "1 hour", "2026-02-14T10:00", "2026-02-14T11:00"},
    {"R30 over noon", "30 working-minutes", "2026-03-02T11:50", "2026-03-02T13:50"},
    {"R30 Friday", "30 working-minutes", "2026-05-08T17:20", "2026-05-09T09:20"},
    {"R30 evening", "30 working-minutes", "2026-02-10T18:00", "2026-02-11T09:30"},
    {"R30 noon", "30 working-minutes", "2026-03-02T12:30", "2026-03-02T14:00"},
    {"R30 to the bell", "30 working-minutes", "2026-03-02T11:30", "2026-03-02T12:00"},
    {"R30 over the festival", "30 working-minutes", "2026-02-14T17:20", "2026-02-24T09:20"},
    {"a full day and one", "421 working-minutes", "2026-03-02T09:00", "2026-03-03T09:01"},
    {"none", "0 working-minutes", "2026-03-02T12:30", "2026-03-02T12:30"},
    {"W7", "7 working-days", "2026-02-12T16:00", "2026-02-28T23:59"},
    {"on the spot", "0 working-days", "2026-03-02T16:00", "2026-03-02T23:59"},
    {"on the spot, closed already", "0 working-days", "2026-03-02T17:30", "2026-03-03T23:59"},
    {"on the spot, before it opens", "0 working-days", "2026-03-02T07:00", "2026-03-02T23:59"},
    {"on the spot, at a festival", "0 working-days", "2026-02-14T18:00", "2026-02-24T23:59"},
    {"statute before W7", "7 days", "2026-02-12T16:00", "2026-02-24T23:59"},
};

static void hours_and_working_minutes_end_as_computed(void **state)
{
    (void)state;
    struct trial t;
    trial_begin(&t);
    struct law_tables tables = sample_tables(t.arena);
    for (size_t i = 0; i < sizeof INSTANTS / sizeof INSTANTS[0]; i++) {
        struct period_rule rule = {.count = PERIOD_LAW};
        struct period_answer answer;
        assert_true(period_parse(str_of(INSTANTS[i].period), &rule));
        assert_int_equal(
            period_due(&t.cx, &tables, &rule, sample_instant(INSTANTS[i].start), &answer), OK);
        if (answer.due / MINUTE_MS != sample_instant(INSTANTS[i].due) / MINUTE_MS) {
            fail_msg("%s: %s", INSTANTS[i].id, instant_format(t.arena, answer.due).p);
        }
    }
    trial_end(&t);
}

static void plain_counting_neither_rolls_nor_rounds(void **state)
{
    (void)state;
    struct trial t;
    trial_begin(&t);
    struct law_tables tables = sample_tables(t.arena);
    struct period_rule n24 = {.unit = PERIOD_HOURS, .length = 24, .count = PERIOD_PLAIN};
    struct period_rule week = {.unit = PERIOD_DAYS, .length = 7, .count = PERIOD_PLAIN};
    struct period_answer answer;
    assert_int_equal(period_due(&t.cx, &tables, &n24, sample_instant("2026-02-14T10:20"), &answer),
                     OK);
    assert_int_equal(answer.due, sample_instant("2026-02-15T10:20"));
    assert_int_equal(period_due_from(&t.cx, &tables, &week, sample_date("2026-02-10"), &answer),
                     OK);
    assert_int_equal(answer.day, sample_date("2026-02-17"));
    trial_end(&t);
}

static void a_year_without_calendar_makes_the_end_uncertain(void **state)
{
    (void)state;
    struct trial t;
    trial_begin(&t);
    struct law_tables tables = sample_tables(t.arena);
    struct period_rule rule = {.unit = PERIOD_DAYS, .length = 7, .count = PERIOD_LAW};
    struct period_answer answer;
    assert_int_equal(period_due_from(&t.cx, &tables, &rule, sample_date("2026-12-27"), &answer),
                     OK);
    assert_int_equal(answer.day, sample_date("2027-01-04")); /* Sunday 3rd rolls to Monday */
    assert_true(answer.uncertain);
    struct value *v = period_value(t.arena, &answer);
    assert_string_equal(value_get_str(v, "due").p, "2027-01-04");
    assert_true(value_get_bool(v, "uncertain"));
    trial_end(&t);
}

static void a_rolled_end_says_why(void **state)
{
    (void)state;
    struct trial t;
    trial_begin(&t);
    struct law_tables tables = sample_tables(t.arena);
    struct period_rule rule = {.unit = PERIOD_DAYS,
                               .length = 7,
                               .count = PERIOD_LAW,
                               .law = "civil-procedure-law@2023 126"};
    struct period_answer answer;
    assert_int_equal(period_due_from(&t.cx, &tables, &rule, sample_date("2026-02-10"), &answer),
                     OK);
    assert_string_equal(value_get_str(value_item(answer.working, 0), "date").p, "2026-02-11");
    assert_string_equal(value_get_str(value_item(answer.working, 1), "law").p,
                        "civil-procedure-law@2023 126");
    assert_string_equal(value_get_str(value_item(answer.working, 1), "date").p, "2026-02-17");
    assert_string_equal(value_get_str(value_item(answer.working, 2), "rule").p,
                        "最后一日是休息日（春节），顺延至其后第一个工作日");
    assert_string_equal(value_get_str(value_item(answer.working, 2), "law").p,
                        "civil-procedure-law@2023 85");
    trial_end(&t);
}

static void seizures_and_days_before_do_not_roll(void **state)
{
    (void)state;
    assert_int_equal(period_seizure_end(sample_date("2025-03-10"), 1), sample_date("2026-03-09"));
    assert_int_equal(period_seizure_end(sample_date("2025-03-10"), 2), sample_date("2027-03-09"));
    assert_int_equal(period_seizure_end(sample_date("2025-01-31"), 3), sample_date("2028-01-30"));
    assert_int_equal(period_before(sample_date("2026-03-12"), 3), sample_date("2026-03-09"));
}

static void assert_refused(struct trial *t, struct period_rule rule, Instant start,
                           const char *code)
{
    struct law_tables tables = sample_tables(t->arena);
    struct period_answer answer;
    assert_int_not_equal(period_due(&t->cx, &tables, &rule, start, &answer), OK);
    assert_string_equal(t->cx.failure.code, code);
    cx_forgive(&t->cx);
}

static void what_cannot_be_counted_is_refused(void **state)
{
    (void)state;
    struct trial t;
    trial_begin(&t);
    Instant now = sample_instant("2026-03-02T10:00");
    assert_refused(&t, (struct period_rule){.unit = PERIOD_DAYS, .length = -1}, now,
                   "period-length");
    assert_refused(&t, (struct period_rule){.unit = PERIOD_MONTHS, .length = 1201}, now,
                   "period-length");
    assert_refused(&t, (struct period_rule){.unit = PERIOD_WORKING_MINUTES, .length = INT64_MAX},
                   now, "period-length");
    assert_refused(&t, (struct period_rule){.unit = PERIOD_DAYS, .length = 1}, INT64_MAX,
                   "date-out-of-range");
    assert_refused(&t, (struct period_rule){.unit = PERIOD_HOURS, .length = 1}, INT64_MIN,
                   "date-out-of-range");
    static const struct court_hours NEVER[] = {{{"", 0}, DATE_NONE, 0, 0, 0, 0, 0}};
    struct law_tables tables = sample_tables(t.arena);
    tables.hours = NEVER;
    tables.hours_count = 1;
    struct period_rule rule = {.unit = PERIOD_WORKING_MINUTES, .length = 30};
    struct period_answer answer;
    assert_int_equal(period_due(&t.cx, &tables, &rule, now, &answer), E_READ);
    trial_end(&t);
}

static void units_are_read_as_they_are_written(void **state)
{
    (void)state;
    struct period_rule rule = {.count = PERIOD_LAW};
    assert_true(period_parse(STR("1 month"), &rule));
    assert_int_equal(rule.unit, PERIOD_MONTHS);
    assert_int_equal(rule.length, 1);
    assert_true(period_parse(STR("30 working-minutes"), &rule));
    assert_string_equal(period_unit_name(rule.unit), "working-minutes");
    static const char *const BAD[] = {"",         "7",       "days",
                                      "7 weeks",  "7  days", "-1 days",
                                      "x days",   "7 days ", "99999999999999999999 days",
                                      "101 years"};
    for (size_t i = 0; i < sizeof BAD / sizeof BAD[0]; i++) {
        assert_false(period_parse(str_of(BAD[i]), &rule));
    }
}

/* --- the slow reference: minute by minute, day by day --- */

static bool slow_rest(const struct law_tables *tables, Date day)
{
    for (int i = 0; i < tables->calendar_count; i++) {
        if (tables->calendar[i].date == day) {
            return tables->calendar[i].kind == CALENDAR_REST;
        }
    }
    return date_weekday(day) >= 6;
}

static Instant slow_working_minutes(const struct law_tables *tables, Instant start, int length,
                                    const struct court_hours *h)
{
    Instant minute = start;
    for (int left = length; left > 0; minute += MINUTE_MS) {
        int of_day = instant_minute_of_day(minute);
        bool open = !slow_rest(tables, instant_date(minute)) &&
                    ((of_day >= h->am_start && of_day < h->am_end) ||
                     (of_day >= h->pm_start && of_day < h->pm_end));
        left -= open;
    }
    return minute;
}

static uint32_t next_random(uint64_t *seed)
{
    *seed = *seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(*seed >> 33);
}

static void working_minutes_agree_with_counting_every_minute(void **state)
{
    (void)state;
    static const struct court_hours ROWS[] = {{{"", 0}, DATE_NONE, 540, 720, 810, 1050, 0},
                                              {{"新", 3}, DATE_NONE, 600, 840, 960, 1200, 0},
                                              {{"藏", 3}, DATE_NONE, 570, 570, 930, 1110, 0}};
    static const char *const COURTS[] = {"京0105", "新0102", "藏01"};
    struct trial t;
    trial_begin(&t);
    struct law_tables tables = sample_tables(t.arena);
    tables.hours = ROWS;
    tables.hours_count = 3;
    uint64_t seed = 30;
    for (int i = 0; i < 1500; i++) {
        struct arena_mark mark = arena_mark(t.arena);
        int which = (int)(next_random(&seed) % 3);
        Instant start =
            sample_instant("2026-01-01T00:00") + (Instant)(next_random(&seed) % 500000) * MINUTE_MS;
        struct period_rule rule = {.unit = PERIOD_WORKING_MINUTES,
                                   .length = 1 + next_random(&seed) % 900,
                                   .court = str_of(COURTS[which])};
        struct period_answer answer;
        assert_int_equal(period_due(&t.cx, &tables, &rule, start, &answer), OK);
        assert_int_equal(answer.due,
                         slow_working_minutes(&tables, start, (int)rule.length, &ROWS[which]));
        arena_rewind(t.arena, mark);
    }
    trial_end(&t);
}

static Date slow_end(const struct law_tables *tables, const struct period_rule *rule, Date start)
{
    Date day = start;
    if (rule->unit == PERIOD_WORKING_DAYS) {
        for (int64_t left = rule->length; left > 0;) {
            day++;
            left -= !slow_rest(tables, day);
        }
        return day;
    }
    for (int64_t left = rule->length; left > 0; left--) {
        day++;
    }
    while (slow_rest(tables, day)) {
        day++;
    }
    return day;
}

static void days_agree_with_counting_every_day(void **state)
{
    (void)state;
    struct trial t;
    trial_begin(&t);
    struct law_tables tables = sample_tables(t.arena);
    uint64_t seed = 7;
    for (int i = 0; i < 3000; i++) {
        struct arena_mark mark = arena_mark(t.arena);
        struct period_rule rule = {.unit = i % 2 == 0 ? PERIOD_DAYS : PERIOD_WORKING_DAYS,
                                   .length = 1 + next_random(&seed) % 60};
        Date start = date_of(2024, 1, 1) + (Date)(next_random(&seed) % 1000);
        struct period_answer answer;
        assert_int_equal(period_due_from(&t.cx, &tables, &rule, start, &answer), OK);
        assert_int_equal(answer.day, slow_end(&tables, &rule, start));
        arena_rewind(t.arena, mark);
    }
    trial_end(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(days_months_and_years_end_as_the_law_says),
        cmocka_unit_test(hours_and_working_minutes_end_as_computed),
        cmocka_unit_test(plain_counting_neither_rolls_nor_rounds),
        cmocka_unit_test(a_year_without_calendar_makes_the_end_uncertain),
        cmocka_unit_test(a_rolled_end_says_why),
        cmocka_unit_test(seizures_and_days_before_do_not_roll),
        cmocka_unit_test(what_cannot_be_counted_is_refused),
        cmocka_unit_test(units_are_read_as_they_are_written),
        cmocka_unit_test(working_minutes_agree_with_counting_every_minute),
        cmocka_unit_test(days_agree_with_counting_every_day),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

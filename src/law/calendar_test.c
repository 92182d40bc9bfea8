#include "law/calendar.h"
#include "law/sample.h"

static int working_days_of(const struct law_tables *tables, int year)
{
    int count = 0;
    for (Date day = date_of(year, 1, 1); day <= date_of(year, 12, 31); day++) {
        count += !calendar_is_rest(tables, day);
    }
    return count;
}

static void each_year_has_its_working_days(void **state)
{
    (void)state;
    struct trial t;
    trial_begin(&t);
    struct law_tables tables = sample_tables(t.arena);
    assert_int_equal(working_days_of(&tables, 2024), 251);
    assert_int_equal(working_days_of(&tables, 2025), 248);
    assert_int_equal(working_days_of(&tables, 2026), 248);
    trial_end(&t);
}

static void days_are_named_for_people(void **state)
{
    (void)state;
    struct trial t;
    trial_begin(&t);
    struct law_tables tables = sample_tables(t.arena);
    assert_string_equal(calendar_day_name(&tables, sample_date("2026-02-17")).p, "春节");
    assert_string_equal(calendar_day_name(&tables, sample_date("2026-02-14")).p, "调休上班");
    assert_string_equal(calendar_day_name(&tables, sample_date("2026-03-07")).p, "星期六");
    assert_string_equal(calendar_day_name(&tables, sample_date("2026-03-08")).p, "星期日");
    assert_string_equal(calendar_day_name(&tables, sample_date("2026-03-09")).p, "");
    trial_end(&t);
}

static void a_year_without_arrangement_is_uncertain(void **state)
{
    (void)state;
    struct trial t;
    trial_begin(&t);
    struct law_tables tables = sample_tables(t.arena);
    struct law_tables empty = {.version = STR("empty")};
    bool uncertain = false;
    assert_int_equal(calendar_work_day(&tables, sample_date("2026-02-15"), &uncertain),
                     sample_date("2026-02-24"));
    assert_false(uncertain);
    assert_int_equal(calendar_work_day(&tables, sample_date("2027-01-02"), &uncertain),
                     sample_date("2027-01-04"));
    assert_true(uncertain);
    assert_true(calendar_is_uncertain(&tables, sample_date("2023-12-31")));
    assert_false(calendar_is_uncertain(&tables, sample_date("2024-01-01")));
    assert_true(calendar_is_uncertain(&empty, sample_date("2026-01-01")));
    trial_end(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_year_has_its_working_days),
        cmocka_unit_test(days_are_named_for_people),
        cmocka_unit_test(a_year_without_arrangement_is_uncertain),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "law/regional.h"
#include "law/sample.h"
#include "law/severance.h"

static const struct division PLACES[] = {
    {.code = {"320000", 6}, .parent = -1, .level = 1},
    {.code = {"320600", 6}, .parent = 0, .level = 2},
    {.code = {"320623", 6}, .parent = 1, .level = 3},
};
/* Invented round figures. */
static const struct regional FIGURES[] = {
    {.place = {"320000", 6}, .year = 2024, .wage = 900000, .income = 6000000, .spending = -1},
    {.place = {"320600", 6}, .year = 2024, .wage = 800000, .income = -1, .spending = -1},
    {.place = {"320000", 6}, .year = 2023, .wage = 700000, .income = -1, .spending = -1},
};

static struct law_tables tables_with_wages(void)
{
    return (struct law_tables){.version = STR("sample"),
                               .divisions = PLACES,
                               .division_count = 3,
                               .regional = FIGURES,
                               .regional_count = 3};
}

static struct severance_ask ask_of(enum severance_kind kind, Money wage, const char *first,
                                   const char *last)
{
    return (struct severance_ask){.kind = kind,
                                  .wage = wage,
                                  .first = sample_date(first),
                                  .last = sample_date(last),
                                  .written = DATE_NONE,
                                  .place = STR("320623"),
                                  .local_wage = -1};
}

static struct bill computed(struct trial *t, const struct severance_ask *ask)
{
    struct law_tables tables = tables_with_wages();
    struct bill bill;
    assert_int_equal(severance_compute(&t->cx, &tables, ask, &bill), OK);
    return bill;
}

static Money total(struct trial *t, enum severance_kind kind, Money wage, const char *first,
                   const char *last)
{
    struct severance_ask ask = ask_of(kind, wage, first, last);
    return computed(t, &ask).total;
}

/* 10,000 a month, below three times 8,000. */
static void a_year_is_a_month_and_its_rest_is_half_or_whole(void **state)
{
    (void)state;
    struct trial t;
    trial_begin(&t);
    const enum severance_kind n = SEVERANCE_COMPENSATION;
    assert_int_equal(total(&t, n, 1000000, "2022-03-01", "2025-02-28"), 3000000); /* 3 years */
    assert_int_equal(total(&t, n, 1000000, "2022-03-01", "2025-03-01"), 3500000); /* and a day */
    assert_int_equal(total(&t, n, 1000000, "2022-03-01", "2025-08-30"), 3500000); /* 5 m 30 d */
    assert_int_equal(total(&t, n, 1000000, "2022-03-01", "2025-08-31"), 4000000); /* 6 months */
    assert_int_equal(total(&t, n, 1000000, "2025-03-01", "2025-03-01"), 500000);
    assert_int_equal(total(&t, n, 333333, "2025-03-01", "2025-04-01"), 166667); /* half, rounded */
    trial_end(&t);
}

/* 15 years at 30,000, the city's average 8,000: 24,000 x 12 = 288,000. At exactly 24,000 nothing
 * is capped, neither wage nor years: 24,000 x 15 = 360,000. */
static void the_cap_takes_wage_and_years_together(void **state)
{
    (void)state;
    struct trial t;
    trial_begin(&t);
    const enum severance_kind n = SEVERANCE_COMPENSATION;
    assert_int_equal(total(&t, n, 3000000, "2010-07-01", "2025-06-30"), 28800000);
    assert_int_equal(total(&t, n, 2400000, "2010-07-01", "2025-06-30"), 36000000);
    assert_int_equal(total(&t, n, 2400001, "2010-07-01", "2025-06-30"), 28800000);
    assert_int_equal(total(&t, SEVERANCE_DAMAGES, 3000000, "2010-07-01", "2025-06-30"), 57600000);
    struct severance_ask ask = ask_of(n, 3000000, "2010-07-01", "2025-06-30");
    ask.local_wage = 900000; /* stated: 27,000 x 12 */
    assert_int_equal(computed(&t, &ask).total, 32400000);
    trial_end(&t);
}

/* The year 2023 has a figure of the province only, which is not the city's. */
static void without_a_figure_the_cap_is_not_judged(void **state)
{
    (void)state;
    struct trial t;
    trial_begin(&t);
    struct severance_ask ask = ask_of(SEVERANCE_COMPENSATION, 3000000, "2022-07-01", "2024-06-30");
    struct bill bill = computed(&t, &ask);
    assert_int_equal(bill.total, 6000000);
    assert_int_equal(value_count(bill.notices), 1);
    ask.last = sample_date("2025-06-30");
    bill = computed(&t, &ask);
    assert_int_equal(value_count(bill.notices), 0);
    ask.place = STR("");
    assert_int_equal(value_count(computed(&t, &ask).notices), 1);
    trial_end(&t);
}

static void service_before_2008_is_left_out_of_compensation(void **state)
{
    (void)state;
    struct trial t;
    trial_begin(&t);
    struct severance_ask ask =
        ask_of(SEVERANCE_COMPENSATION, 500000, "2005-01-01", "2025-12-31"); /* 18 years since */
    struct bill bill = computed(&t, &ask);
    assert_int_equal(bill.total, 500000 * 18);
    assert_int_equal(value_count(bill.notices), 1);
    ask.kind = SEVERANCE_DAMAGES; /* 21 years, twice */
    assert_int_equal(computed(&t, &ask).total, 500000 * 42);
    trial_end(&t);
}

static void a_month_stands_for_the_notice(void **state)
{
    (void)state;
    struct trial t;
    trial_begin(&t);
    struct severance_ask ask = ask_of(SEVERANCE_NOTICE, 1000000, "2022-03-01", "2025-02-28");
    ask.last_wage = 1200000;
    struct bill bill = computed(&t, &ask);
    assert_int_equal(bill_amount(&bill, "notice"), 1200000);
    assert_int_equal(bill.total, 4200000);
    trial_end(&t);
}

/* At most the eleven months 2024-02-01 to 2024-12-31. With a contract of 2024-04-16: February,
 * March and 15 of the 30 days of April. */
static void the_second_wage_runs_from_the_second_month(void **state)
{
    (void)state;
    struct trial t;
    trial_begin(&t);
    const enum severance_kind twice = SEVERANCE_DOUBLE;
    assert_int_equal(total(&t, twice, 600000, "2024-01-01", "2025-06-30"), 6600000);
    assert_int_equal(total(&t, twice, 600000, "2024-01-01", "2024-01-31"), 0);
    struct severance_ask ask = ask_of(twice, 600000, "2024-01-01", "2025-06-30");
    ask.written = sample_date("2024-04-16");
    assert_int_equal(computed(&t, &ask).total, 1500000);
    ask.written = sample_date("2024-01-20");
    assert_int_equal(computed(&t, &ask).total, 0);
    trial_end(&t);
}

static void a_figure_is_of_the_city_or_of_the_nearest_place(void **state)
{
    (void)state;
    struct law_tables tables = tables_with_wages();
    assert_int_equal(regional_city(&tables, STR("320623"), 2024, REGIONAL_WAGE), 800000);
    assert_int_equal(regional_city(&tables, STR("320000"), 2024, REGIONAL_WAGE), -1);
    assert_int_equal(regional_nearest(&tables, STR("320623"), 2024, REGIONAL_INCOME), 6000000);
    assert_int_equal(regional_nearest(&tables, STR("320623"), 2024, REGIONAL_SPENDING), -1);
    assert_int_equal(regional_nearest(&tables, STR("320623"), 2025, REGIONAL_WAGE), -1);
    assert_int_equal(regional_nearest(&tables, STR("999999"), 2024, REGIONAL_WAGE), -1);
}

static void what_makes_no_sense_is_refused(void **state)
{
    (void)state;
    struct trial t;
    trial_begin(&t);
    struct law_tables tables = tables_with_wages();
    struct bill bill;
    struct severance_ask ask = ask_of(SEVERANCE_COMPENSATION, -1, "2024-01-01", "2024-02-01");
    assert_int_equal(severance_compute(&t.cx, &tables, &ask, &bill), E_INPUT);
    assert_string_equal(t.cx.failure.code, "claim-amount");
    cx_forgive(&t.cx);
    ask = ask_of(SEVERANCE_COMPENSATION, 1, "2024-02-02", "2024-02-01");
    assert_int_equal(severance_compute(&t.cx, &tables, &ask, &bill), E_INPUT);
    assert_string_equal(t.cx.failure.code, "claim-dates");
    cx_forgive(&t.cx);
    ask = ask_of(SEVERANCE_COMPENSATION, 1, "2004-02-02", "2007-12-31"); /* before the law */
    assert_int_equal(severance_compute(&t.cx, &tables, &ask, &bill), E_INPUT);
    assert_string_equal(t.cx.failure.code, "claim-dates");
    trial_end(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_year_is_a_month_and_its_rest_is_half_or_whole),
        cmocka_unit_test(the_cap_takes_wage_and_years_together),
        cmocka_unit_test(without_a_figure_the_cap_is_not_judged),
        cmocka_unit_test(service_before_2008_is_left_out_of_compensation),
        cmocka_unit_test(a_month_stands_for_the_notice),
        cmocka_unit_test(the_second_wage_runs_from_the_second_month),
        cmocka_unit_test(a_figure_is_of_the_city_or_of_the_nearest_place),
        cmocka_unit_test(what_makes_no_sense_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

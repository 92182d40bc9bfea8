#include "law/sample.h"
#include "law/wages.h"

static struct law_tables tables_of_none(void)
{
    return (struct law_tables){.version = STR("sample")};
}

static struct bill computed(struct trial *t, const struct wages_ask *ask)
{
    struct law_tables tables = tables_of_none();
    struct bill bill;
    assert_int_equal(wages_compute(&t->cx, &tables, ask, &bill), OK);
    return bill;
}

static int month_of(const char *text)
{
    int month = 0;
    assert_true(wages_month_parse(str_of(text), &month));
    return month;
}

/* 8,000 + 8,000 - 3,000 + 8,000 = 21,000, each month a line. */
static void each_month_owes_what_was_not_paid(void **state)
{
    (void)state;
    struct trial t;
    trial_begin(&t);
    const struct wages_month months[] = {{month_of("2025-10"), 800000, 0},
                                         {month_of("2025-11"), 800000, 300000},
                                         {month_of("2026-01"), 800000, 0}};
    struct wages_ask ask = {.months = months, .month_count = 3};
    struct bill bill = computed(&t, &ask);
    assert_int_equal(bill_amount(&bill, "arrears"), 2100000);
    assert_int_equal(bill.total, 2100000);
    assert_int_equal(bill_amount(&bill, "overtime"), -1);
    assert_int_equal(bill_amount(&bill, "leave"), -1);
    const struct value *second = value_item(bill.working.lines, 1);
    assert_string_equal(value_get_str(second, "rule").p,
                        "2025年11月：应发8,000.00元，已发3,000.00元");
    assert_int_equal(value_get_int(second, "amount"), 500000);
    trial_end(&t);
}

/* 8,700 a month is 400 a day and 50 an hour: 10 h x 50 x 150 % = 750; 8 h x 50 x 200 % = 800;
 * 2.5 h x 50 x 300 % = 375. */
static void an_hour_is_a_month_by_174(void **state)
{
    (void)state;
    struct trial t;
    trial_begin(&t);
    struct wages_ask ask = {.overtime_wage = 870000, .hours = {100000, 80000, 25000}};
    struct bill bill = computed(&t, &ask);
    assert_int_equal(bill_amount(&bill, "overtime"), 192500);
    ask.overtime_paid = 92500;
    bill = computed(&t, &ask);
    assert_int_equal(bill_amount(&bill, "overtime"), 100000);
    ask.overtime_paid = 192501;
    bill = computed(&t, &ask);
    assert_int_equal(bill_amount(&bill, "overtime"), 0);
    assert_int_equal(value_count(bill.notices), 1);
    trial_end(&t);
}

/* 8,000 / 174 x 1.5 = 68.9655…; three kinds of an hour: 8,000 x 6.5 / 174 = 298.85057…: rounded
 * once, not as 68.97 + 91.95 + 137.93 = 298.85 by luck; at 1,000.01 the lines are 8.62 + 11.49 +
 * 17.24 = 37.35 and the sum is 37.35669…, so 37.36. */
static void overtime_is_rounded_once(void **state)
{
    (void)state;
    struct trial t;
    trial_begin(&t);
    struct wages_ask ask = {.overtime_wage = 800000, .hours = {10000, 10000, 10000}};
    assert_int_equal(computed(&t, &ask).total, 29885);
    ask.overtime_wage = 100001;
    assert_int_equal(computed(&t, &ask).total, 3736);
    trial_end(&t);
}

/* 8,700 / 21.75 = 400; five days at 200 % are 4,000, not 6,000. 8,000: 367.816… x 10 = 3,678.16 */
static void of_leave_the_ordinary_wage_was_paid(void **state)
{
    (void)state;
    struct trial t;
    trial_begin(&t);
    struct wages_ask ask = {.leave_wage = 870000, .leave_days = 5};
    assert_int_equal(computed(&t, &ask).total, 400000);
    ask.leave_wage = 800000;
    assert_int_equal(computed(&t, &ask).total, 367816);
    trial_end(&t);
}

static void refused(struct trial *t, const struct wages_ask *ask, const char *code)
{
    struct law_tables tables = tables_of_none();
    struct bill bill;
    assert_int_equal(wages_compute(&t->cx, &tables, ask, &bill), E_INPUT);
    assert_string_equal(t->cx.failure.code, code);
    cx_forgive(&t->cx);
}

static void what_makes_no_sense_is_refused(void **state)
{
    (void)state;
    struct trial t;
    trial_begin(&t);
    struct wages_month months[] = {{month_of("2025-10"), 100, 0}, {month_of("2025-10"), 100, 0}};
    struct wages_ask ask = {.months = months, .month_count = 2};
    refused(&t, &ask, "claim-dates");
    months[1].month++;
    months[1].paid = 101;
    refused(&t, &ask, "claim-amount");
    months[1].paid = -1;
    refused(&t, &ask, "claim-amount");
    months[0].due = MONEY_MAX_FEN;
    months[1] = (struct wages_month){months[0].month + 1, MONEY_MAX_FEN, 0};
    refused(&t, &ask, "claim-amount"); /* together beyond the range */
    ask = (struct wages_ask){.month_count = WAGES_MONTHS_MAX + 1};
    refused(&t, &ask, "claim-days");
    ask = (struct wages_ask){.overtime_wage = 1, .hours = {-1}};
    refused(&t, &ask, "claim-days");
    ask = (struct wages_ask){.leave_wage = 1, .leave_days = 3661};
    refused(&t, &ask, "claim-days");
    ask = (struct wages_ask){.leave_wage = -1, .leave_days = 1};
    refused(&t, &ask, "claim-amount");
    ask = (struct wages_ask){0};
    assert_int_equal(computed(&t, &ask).total, 0);
    ask = (struct wages_ask){.overtime_wage = MONEY_MAX_FEN, .hours = {WAGES_HOUR, 0, 0}};
    assert_true(computed(&t, &ask).total > 0);
    trial_end(&t);
}

/* Each amount is money, what comes of them is not: refused, and nothing runs over. */
static void what_comes_to_more_than_money_is_refused(void **state)
{
    (void)state;
    struct trial t;
    trial_begin(&t);
    struct wages_month months[WAGES_MONTHS_MAX];
    for (int i = 0; i < WAGES_MONTHS_MAX; i++) {
        months[i] = (struct wages_month){month_of("2001-01") + i, MONEY_MAX_FEN, 0};
    }
    struct wages_ask ask = {.months = months, .month_count = WAGES_MONTHS_MAX};
    refused(&t, &ask, "claim-amount");
    for (int i = 0; i < OVERTIME_KINDS; i++) {
        ask = (struct wages_ask){.overtime_wage = MONEY_MAX_FEN};
        ask.hours[i] = (int64_t)100000 * WAGES_HOUR;
        refused(&t, &ask, "claim-amount");
    }
    ask = (struct wages_ask){.leave_wage = MONEY_MAX_FEN, .leave_days = 3660};
    refused(&t, &ask, "claim-amount");
    trial_end(&t);
}

static void a_month_is_written_with_its_year(void **state)
{
    (void)state;
    int month = 0;
    for (const char *const *text =
             (const char *const[]){"2025-13", "2025-00", "2025-1", "2025-10-01", "1949-12",
                                   "2200-01", "202510", "", "2025/10", NULL};
         *text != NULL; text++) {
        assert_false(wages_month_parse(str_of(*text), &month));
    }
    assert_int_equal(month_of("2025-12") + 1, month_of("2026-01"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_month_owes_what_was_not_paid),
        cmocka_unit_test(an_hour_is_a_month_by_174),
        cmocka_unit_test(overtime_is_rounded_once),
        cmocka_unit_test(of_leave_the_ordinary_wage_was_paid),
        cmocka_unit_test(what_makes_no_sense_is_refused),
        cmocka_unit_test(what_comes_to_more_than_money_is_refused),
        cmocka_unit_test(a_month_is_written_with_its_year),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

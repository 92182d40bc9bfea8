#include "law/bill.h"
#include "law/sample.h"

static int months(const char *first, const char *last)
{
    return bill_months(sample_date(first), sample_date(last));
}

static void whole_months_are_counted_with_both_days(void **state)
{
    (void)state;
    assert_int_equal(months("2025-01-01", "2025-01-31"), 1);
    assert_int_equal(months("2025-01-01", "2025-01-30"), 0);
    assert_int_equal(months("2024-02-29", "2025-02-27"), 12); /* the 28th is the month's last */
    assert_int_equal(months("2020-03-15", "2025-03-14"), 60);
    assert_int_equal(months("2020-03-15", "2025-03-13"), 59);
    assert_int_equal(months("2025-08-31", "2026-02-27"), 6);
    assert_int_equal(months("2025-01-05", "2025-01-04"), 0);
}

static void a_part_is_rounded_once_and_the_total_stays_in_range(void **state)
{
    (void)state;
    struct trial t;
    trial_begin(&t);
    struct bill bill;
    bill_begin(&bill, &t.cx);
    assert_int_equal(bill_part(&bill, "a", "甲", "规则", "", ratio_times(ratio_of(1), 1, 2)), OK);
    assert_int_equal(bill_amount(&bill, "a"), 1);
    assert_int_equal(bill_sum(&bill, "b", "乙", MONEY_MAX_FEN), E_INPUT);
    assert_string_equal(t.cx.failure.code, "claim-amount");
    cx_forgive(&t.cx);
    assert_int_equal(bill_sum(&bill, "c", "丙", -1), E_INPUT);
    cx_forgive(&t.cx);
    assert_int_equal(bill_amount(&bill, "c"), -1);
    assert_int_equal(bill.total, 1);
    trial_end(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whole_months_are_counted_with_both_days),
        cmocka_unit_test(a_part_is_rounded_once_and_the_total_stays_in_range),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

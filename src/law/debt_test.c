#include "law/debt.h"
#include "law/sample.h"

static const struct law_tables NONE = {.version = {"sample", 6}};

static struct debt_ask debt(Money amount, const char *due, const char *end)
{
    return (struct debt_ask){
        .delay = {.debt = amount, .due = sample_date(due), .end = sample_date(end)},
        .year_days = 365};
}

static struct bill computed(struct trial *t, const struct debt_ask *ask)
{
    struct bill bill;
    assert_int_equal(debt_compute(&t->cx, &NONE, ask, &bill), OK);
    return bill;
}

/* I6 of the worked examples: 200,000 at 3 % from 2025-01-01, due 2025-06-30, paid 2025-12-31:
 * 184 days doubled, 364 days general. */
static void both_interests_stand_beside_each_other(void **state)
{
    (void)state;
    struct trial t;
    trial_begin(&t);
    struct debt_ask ask = debt(20000000, "2025-06-30", "2025-12-31");
    ask.general = DEBT_AGREED;
    ask.ppm = 30000;
    ask.from = sample_date("2025-01-01");
    struct bill bill = computed(&t, &ask);
    assert_int_equal(bill_amount(&bill, "principal"), 20000000);
    assert_int_equal(bill_amount(&bill, "general"), 598356);
    assert_int_equal(bill_amount(&bill, "doubled"), 644000);
    assert_int_equal(bill.total, 21242356);
    assert_int_equal(value_count(bill.sheet), 2);
    assert_string_equal(value_get_str(value_item(bill.sheet, 0), "part").p, "general");
    assert_string_equal(value_get_str(value_item(bill.sheet, 1), "part").p, "doubled");
    ask.year_days = 360;
    bill = computed(&t, &ask);
    assert_int_equal(bill_amount(&bill, "general"), 606667);
    trial_end(&t);
}

static void without_an_award_there_is_no_general_interest(void **state)
{
    (void)state;
    struct trial t;
    trial_begin(&t);
    struct debt_ask ask = debt(10000000, "2025-03-01", "2025-12-31"); /* I1 */
    struct bill bill = computed(&t, &ask);
    assert_int_equal(bill_amount(&bill, "general"), -1);
    assert_int_equal(bill.total, 10000000 + 533750);
    trial_end(&t);
}

/* 1,000,000 due 2025-01-31, 400,000 paid on 2025-04-10, the rest on 2025-09-18 (I4: 28,980.00
 * doubled). General 3.65 % a year is 0.01 % a day: from 2025-01-01 99 days of 100 yuan, then 161
 * of 60: 9,900 + 9,660. */
static void payments_lower_both(void **state)
{
    (void)state;
    struct trial t;
    trial_begin(&t);
    struct interest_payment paid = {sample_date("2025-04-10"), 40000000};
    struct debt_ask ask = debt(100000000, "2025-01-31", "2025-09-18");
    ask.delay.payments = &paid;
    ask.delay.payment_count = 1;
    ask.general = DEBT_AGREED;
    ask.ppm = 36500;
    ask.from = sample_date("2025-01-01");
    struct bill bill = computed(&t, &ask);
    assert_int_equal(bill_amount(&bill, "doubled"), 2898000);
    assert_int_equal(bill_amount(&bill, "general"), 990000 + 966000);
    assert_int_equal(bill_amount(&bill, "principal"), 60000000);
    trial_end(&t);
}

/* Article 3 leaves suspended days out of the doubled part only. 36,500,000 fen at 3.65 %: 36.50
 * yuan a day; 365,000 yuan x 0.000175: 63.875 a day. */
static void a_suspension_stops_only_what_is_doubled(void **state)
{
    (void)state;
    struct trial t;
    trial_begin(&t);
    struct interest_pause pause = {sample_date("2025-03-11"), sample_date("2025-03-20")};
    struct debt_ask ask = debt(36500000, "2025-03-01", "2025-03-31");
    ask.delay.pauses = &pause;
    ask.delay.pause_count = 1;
    ask.general = DEBT_AGREED;
    ask.ppm = 36500;
    ask.from = sample_date("2025-03-01");
    struct bill bill = computed(&t, &ask);
    assert_int_equal(bill_amount(&bill, "general"), 30 * 3650);
    assert_int_equal(bill_amount(&bill, "doubled"), 127750); /* 20 days */
    trial_end(&t);
}

static void what_the_tables_do_not_hold_is_refused(void **state)
{
    (void)state;
    struct trial t;
    trial_begin(&t);
    struct bill bill;
    struct debt_ask ask = debt(100, "2025-03-01", "2025-03-31");
    ask.general = DEBT_LPR;
    ask.ppm = 1000000;
    ask.from = sample_date("2025-03-01");
    assert_int_equal(debt_compute(&t.cx, &NONE, &ask, &bill), E_INPUT);
    assert_string_equal(t.cx.failure.code, "rate-unknown");
    cx_forgive(&t.cx);
    ask = debt(100, "2025-03-01", "2025-03-31");
    ask.general = DEBT_AGREED;
    ask.from = sample_date("2025-04-01");
    assert_int_equal(debt_compute(&t.cx, &NONE, &ask, &bill), E_INPUT);
    assert_string_equal(t.cx.failure.code, "interest-dates");
    trial_end(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_interests_stand_beside_each_other),
        cmocka_unit_test(without_an_award_there_is_no_general_interest),
        cmocka_unit_test(payments_lower_both),
        cmocka_unit_test(a_suspension_stops_only_what_is_doubled),
        cmocka_unit_test(what_the_tables_do_not_hold_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "law/sample.h"
#include "law/support.h"

static const struct law_tables NONE = {.version = {"sample", 6}};

static struct support_ask ask_of(Money income, int children, int percent)
{
    return (struct support_ask){.income = income,
                                .children = children,
                                .percent = percent,
                                .born = DATE_NONE,
                                .from = DATE_NONE};
}

static struct bill computed(struct trial *t, struct support_ask ask)
{
    struct bill bill;
    assert_int_equal(support_compute(&t->cx, &NONE, &ask, &bill), OK);
    return bill;
}

/* 8,000 a month: 25 % is 2,000, between 1,600 and 2,400. */
static void one_child_has_20_to_30_per_cent(void **state)
{
    (void)state;
    struct trial t;
    trial_begin(&t);
    struct bill bill = computed(&t, ask_of(800000, 1, 25));
    assert_int_equal(bill.total, 200000);
    assert_int_equal(value_get_int(value_item(bill.working.lines, 1), "amount"), 160000);
    assert_int_equal(value_get_int(value_item(bill.working.lines, 2), "amount"), 240000);
    assert_int_equal(value_count(bill.notices), 0);
    assert_int_equal(value_count(computed(&t, ask_of(800000, 1, 20)).notices), 0);
    assert_int_equal(value_count(computed(&t, ask_of(800000, 1, 30)).notices), 0);
    assert_int_equal(value_count(computed(&t, ask_of(800000, 1, 31)).notices), 1);
    assert_int_equal(value_count(computed(&t, ask_of(800000, 1, 19)).notices), 1);
    trial_end(&t);
}

static void several_have_up_to_half(void **state)
{
    (void)state;
    struct trial t;
    trial_begin(&t);
    struct bill bill = computed(&t, ask_of(800000, 2, 50));
    assert_int_equal(bill.total, 400000);
    assert_int_equal(value_count(bill.notices), 0);
    assert_int_equal(value_count(computed(&t, ask_of(800000, 2, 51)).notices), 1);
    trial_end(&t);
}

/* Born 2015-06-10: up to 2033-06-09. From 2025-06-10 96 months; from 2025-06-01 96 and nine days
 * more: 97 payments of 2,000. */
static void it_ends_with_the_eighteenth_birthday(void **state)
{
    (void)state;
    struct trial t;
    trial_begin(&t);
    struct support_ask ask = ask_of(800000, 1, 25);
    ask.born = sample_date("2015-06-10");
    ask.from = sample_date("2025-06-10");
    struct bill bill = computed(&t, ask);
    assert_int_equal(value_get_int(value_item(bill.working.lines, 3), "amount"), 96 * 200000);
    ask.from = sample_date("2025-06-01");
    bill = computed(&t, ask);
    assert_int_equal(value_get_int(value_item(bill.working.lines, 3), "amount"), 97 * 200000);
    assert_int_equal(bill.total, 200000);
    trial_end(&t);
}

static void assert_refused(struct trial *t, struct support_ask ask, const char *code)
{
    struct bill bill;
    assert_int_equal(support_compute(&t->cx, &NONE, &ask, &bill), E_INPUT);
    assert_string_equal(t->cx.failure.code, code);
    cx_forgive(&t->cx);
}

static void what_makes_no_sense_is_refused(void **state)
{
    (void)state;
    struct trial t;
    trial_begin(&t);
    assert_refused(&t, ask_of(-1, 1, 25), "claim-amount");
    assert_refused(&t, ask_of(1, 0, 25), "claim-count");
    assert_refused(&t, ask_of(1, 1, 0), "claim-rate");
    assert_refused(&t, ask_of(1, 1, 101), "claim-rate");
    struct support_ask ask = ask_of(1, 1, 25);
    ask.born = sample_date("2000-01-01");
    ask.from = sample_date("2018-01-01"); /* grown that day */
    assert_refused(&t, ask, "claim-dates");
    ask = ask_of(MONEY_MAX_FEN, 1, 100); /* a month is money, two hundred of them are not */
    ask.born = sample_date("2025-01-01");
    ask.from = sample_date("2025-01-01");
    assert_refused(&t, ask, "claim-amount");
    trial_end(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_child_has_20_to_30_per_cent),
        cmocka_unit_test(several_have_up_to_half),
        cmocka_unit_test(it_ends_with_the_eighteenth_birthday),
        cmocka_unit_test(what_makes_no_sense_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

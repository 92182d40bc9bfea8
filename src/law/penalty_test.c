#include "law/penalty.h"
#include "law/sample.h"

static const struct law_tables NONE = {.version = {"sample", 6}};

static struct bill computed(struct trial *t, struct penalty_ask ask)
{
    struct bill bill;
    assert_int_equal(penalty_compute(&t->cx, &NONE, &ask, &bill), OK);
    return bill;
}

/* 100,000 at 0.05 % a day is 50 yuan a day; January and February of 2025 have 59 days: 2,950. */
static void a_daily_rate_counts_both_days(void **state)
{
    (void)state;
    struct trial t;
    trial_begin(&t);
    struct penalty_ask ask = {.way = PENALTY_DAILY,
                              .base = 10000000,
                              .ppm = 500,
                              .from = sample_date("2025-01-01"),
                              .to = sample_date("2025-02-28"),
                              .loss = -1};
    struct bill bill = computed(&t, ask);
    assert_int_equal(bill.total, 295000);
    assert_int_equal(value_count(bill.notices), 1); /* no loss stated: not judged */
    ask.to = ask.from;
    assert_int_equal(computed(&t, ask).total, 5000);
    trial_end(&t);
}

/* 20 % of 50,000 is 10,000. A loss of 7,692.31 has its 130 % at 10,000.003: not above. One of
 * 7,692.30 at 9,999.99: above. One of 10,000.01 is more than the penalty. */
static void it_is_too_high_above_thirteen_tenths_of_the_loss(void **state)
{
    (void)state;
    struct trial t;
    trial_begin(&t);
    struct penalty_ask ask = {.way = PENALTY_SHARE, .base = 5000000, .ppm = 200000, .loss = 769231};
    struct bill bill = computed(&t, ask);
    assert_int_equal(bill.total, 1000000);
    assert_int_equal(value_count(bill.notices), 0);
    ask.loss = 769230;
    bill = computed(&t, ask);
    assert_int_equal(bill.total, 1000000); /* never lowered here */
    assert_non_null(strstr(value_as_str(value_item(bill.notices, 0)).p, "过分高于"));
    ask.loss = 1000001;
    bill = computed(&t, ask);
    assert_non_null(strstr(value_as_str(value_item(bill.notices, 0)).p, "可以请求增加"));
    ask.loss = 1000000;
    assert_int_equal(value_count(computed(&t, ask).notices), 0);
    trial_end(&t);
}

static void a_fixed_amount_stands_as_agreed(void **state)
{
    (void)state;
    struct trial t;
    trial_begin(&t);
    struct penalty_ask ask = {.way = PENALTY_FIXED, .base = 123456, .loss = 123456};
    assert_int_equal(computed(&t, ask).total, 123456);
    trial_end(&t);
}

static void assert_refused(struct trial *t, struct penalty_ask ask, const char *code)
{
    struct bill bill;
    assert_int_equal(penalty_compute(&t->cx, &NONE, &ask, &bill), E_INPUT);
    assert_string_equal(t->cx.failure.code, code);
    cx_forgive(&t->cx);
}

static void what_makes_no_sense_is_refused(void **state)
{
    (void)state;
    struct trial t;
    trial_begin(&t);
    assert_refused(&t, (struct penalty_ask){.way = PENALTY_FIXED, .base = -1, .loss = -1},
                   "claim-amount");
    assert_refused(&t, (struct penalty_ask){.way = PENALTY_FIXED, .loss = -2}, "claim-amount");
    assert_refused(&t, (struct penalty_ask){.way = PENALTY_SHARE, .ppm = 1000001, .loss = -1},
                   "claim-rate");
    assert_refused(&t,
                   (struct penalty_ask){.way = PENALTY_DAILY,
                                        .from = sample_date("2025-02-01"),
                                        .to = sample_date("2025-01-01"),
                                        .loss = -1},
                   "claim-dates");
    trial_end(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_daily_rate_counts_both_days),
        cmocka_unit_test(it_is_too_high_above_thirteen_tenths_of_the_loss),
        cmocka_unit_test(a_fixed_amount_stands_as_agreed),
        cmocka_unit_test(what_makes_no_sense_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "law/interest.h"
#include "law/sample.h"

static const struct rate LPR[] = {
    {18128 /* 2019-08-20 */, 42500},
    {18372 /* 2020-04-20 */, 38500},
    {18981 /* 2021-12-20 */, 38000},
    {20228 /* 2025-05-20 */, 30000},
};

static struct law_tables tables_with_lpr(void)
{
    assert_int_equal(LPR[0].from, sample_date("2019-08-20"));
    assert_int_equal(LPR[1].from, sample_date("2020-04-20"));
    assert_int_equal(LPR[2].from, sample_date("2021-12-20"));
    assert_int_equal(LPR[3].from, sample_date("2025-05-20"));
    return (struct law_tables){.version = STR("sample"), .lpr_1y = LPR, .lpr_count = 4};
}

static struct interest_delay delay(Money debt, const char *due, const char *end)
{
    return (struct interest_delay){.debt = debt, .due = sample_date(due), .end = sample_date(end)};
}

static void assert_delay(struct trial *t, struct interest_delay ask, int64_t days, Money interest)
{
    struct law_tables tables = tables_with_lpr();
    struct interest_answer answer;
    assert_int_equal(interest_delayed(&t->cx, &tables, &ask, &answer), OK);
    assert_int_equal(answer.days, days);
    assert_int_equal(answer.interest, interest);
}

static void delayed_performance_costs_the_worked_amounts(void **state)
{
    (void)state;
    struct trial t;
    trial_begin(&t);
    assert_delay(&t, delay(10000000, "2025-03-01", "2025-12-31"), 305, 533750);   /* I1 */
    assert_delay(&t, delay(123456789, "2024-01-16", "2025-01-15"), 365, 7885802); /* I2 */
    assert_delay(&t, delay(50000, "2025-03-01", "2025-03-02"), 1, 9);             /* I3 */
    assert_delay(&t, delay(20000000, "2025-06-30", "2025-12-31"), 184, 644000);   /* I6 */
    assert_delay(&t, delay(20000000, "2025-06-30", "2025-06-30"), 0, 0);
    trial_end(&t);
}

static void payments_lower_what_is_doubled(void **state)
{
    (void)state;
    struct trial t;
    trial_begin(&t);
    struct interest_payment first = {sample_date("2025-04-10"), 40000000};
    struct interest_delay ask = delay(100000000, "2025-01-31", "2025-09-18"); /* I4 */
    ask.payments = &first;
    ask.payment_count = 1;
    assert_delay(&t, ask, 69 + 161, 2898000);
    first = (struct interest_payment){sample_date("2025-06-30"), 10000000};
    ask = delay(30000000, "2025-03-31", "2025-12-31"); /* I5 */
    ask.payments = &first;
    ask.payment_count = 1;
    assert_delay(&t, ask, 91 + 184, 1121750);
    trial_end(&t);
}

static void suspended_days_are_left_out(void **state)
{
    (void)state;
    struct trial t;
    trial_begin(&t);
    struct interest_pause pause = {sample_date("2025-03-11"), sample_date("2025-03-20")};
    struct interest_delay ask = delay(10000000, "2025-03-01", "2025-03-31");
    ask.pauses = &pause;
    ask.pause_count = 1;
    assert_delay(&t, ask, 20, 35000);
    pause.from = sample_date("2025-02-01"); /* began before the period: only its part counts */
    assert_delay(&t, ask, 11, 19250);
    trial_end(&t);
}

static struct interest_ask ask_of(Money principal, int64_t ppm, const char *from, const char *to,
                                  int year_days)
{
    return (struct interest_ask){principal, ppm, sample_date(from), sample_date(to), year_days};
}

static void agreed_interest_depends_on_the_base_of_the_year(void **state)
{
    (void)state;
    struct trial t;
    trial_begin(&t);
    struct law_tables tables = tables_with_lpr();
    struct interest_answer a;
    struct interest_ask ask = ask_of(20000000, 30000, "2025-01-01", "2025-12-31", 365); /* I6 */
    assert_int_equal(interest_agreed(&t.cx, &tables, &ask, &a), OK);
    assert_int_equal(a.days, 364);
    assert_int_equal(a.interest, 598356);
    ask.year_days = 360;
    assert_int_equal(interest_agreed(&t.cx, &tables, &ask, &a), OK);
    assert_int_equal(a.interest, 606667);
    assert_string_equal(value_get_str(value_item(a.working, 0), "rule").p,
                        "2025-01-01起至2025-12-31前：200,000.00元 × 年利率3.00% × 364日 ÷ 360");
    trial_end(&t);
}

static void floating_interest_follows_each_quote(void **state)
{
    (void)state;
    struct trial t;
    trial_begin(&t);
    struct law_tables tables = tables_with_lpr();
    struct interest_answer a;
    struct interest_ask ask = ask_of(36500000, 1000000, "2020-04-10", "2020-04-30", 365);
    assert_int_equal(interest_lpr(&t.cx, &tables, &ask, &a), OK);
    assert_int_equal(a.days, 20);
    assert_int_equal(a.interest, 42500 + 38500); /* ten days at each */
    assert_false(a.uncertain);
    ask.ppm = 1500000; /* one and a half times */
    assert_int_equal(interest_lpr(&t.cx, &tables, &ask, &a), OK);
    assert_int_equal(a.interest, 121500);
    ask = ask_of(36500000, 1000000, "2026-10-01", "2026-10-11", 365);
    assert_int_equal(interest_lpr(&t.cx, &tables, &ask, &a), OK);
    assert_true(a.uncertain);
    trial_end(&t);
}

static Money lending(struct trial *t, struct interest_ask ask, const char *contract,
                     const char *sued)
{
    struct law_tables tables = tables_with_lpr();
    struct interest_answer a;
    assert_int_equal(
        interest_lending(&t->cx, &tables, &ask, sample_date(contract), sample_date(sued), &a), OK);
    assert_int_equal(a.days, ask.to - ask.from);
    return a.interest;
}

static void private_lending_is_capped_by_its_time(void **state)
{
    (void)state;
    struct trial t;
    trial_begin(&t);
    struct interest_ask ask = ask_of(36500000, 300000, "2020-08-10", "2020-08-30", 365);
    /* before and after the turn: ten days at 24 %, ten at four times 3.80 % of the suing day */
    assert_int_equal(lending(&t, ask, "2019-01-01", "2022-01-05"), 240000 + 152000);
    /* sued before the turn: 24 % throughout */
    assert_int_equal(lending(&t, ask, "2019-01-01", "2020-08-19"), 480000);
    /* contract since the turn: four times 3.85 % of its own day */
    ask = ask_of(36500000, 300000, "2021-01-01", "2021-01-11", 365);
    assert_int_equal(lending(&t, ask, "2021-01-01", "2025-06-01"), 154000);
    /* a modest rate stays as agreed */
    ask.ppm = 60000;
    assert_int_equal(lending(&t, ask, "2021-01-01", "2025-06-01"), 60000);
    trial_end(&t);
}

static void assert_refused(struct trial *t, enum status status, const char *code)
{
    assert_int_equal(status, E_INPUT);
    assert_string_equal(t->cx.failure.code, code);
    cx_forgive(&t->cx);
}

static void an_unknown_rate_is_refused(void **state)
{
    (void)state;
    struct trial t;
    trial_begin(&t);
    struct law_tables tables = tables_with_lpr();
    struct law_tables empty = {.version = STR("empty")};
    struct interest_answer a;
    struct interest_ask ask = ask_of(100, 1000000, "2019-08-19", "2020-01-01", 365);
    assert_refused(&t, interest_lpr(&t.cx, &tables, &ask, &a), "rate-unknown");
    ask = ask_of(100, 100000, "2021-01-01", "2021-02-01", 365);
    assert_refused(&t,
                   interest_lending(&t.cx, &empty, &ask, sample_date("2021-01-01"),
                                    sample_date("2021-03-01"), &a),
                   "rate-unknown");
    trial_end(&t);
}

static void what_makes_no_sense_is_refused(void **state)
{
    (void)state;
    struct trial t;
    trial_begin(&t);
    struct law_tables tables = tables_with_lpr();
    struct interest_answer a;
    struct interest_ask ask = ask_of(100, 30000, "2025-01-02", "2025-01-01", 365);
    assert_refused(&t, interest_agreed(&t.cx, &tables, &ask, &a), "interest-dates");
    ask = ask_of(-1, 30000, "2025-01-01", "2025-01-02", 365);
    assert_refused(&t, interest_agreed(&t.cx, &tables, &ask, &a), "interest-amount");
    ask = ask_of(100, -1, "2025-01-01", "2025-01-02", 365);
    assert_refused(&t, interest_agreed(&t.cx, &tables, &ask, &a), "interest-rate");
    ask = ask_of(100, 30000, "2025-01-01", "2025-01-02", 366);
    assert_refused(&t, interest_agreed(&t.cx, &tables, &ask, &a), "interest-year");
    ask = ask_of(MONEY_MAX_FEN, 10000000, "1990-01-01", "2199-01-01", 360);
    assert_refused(&t, interest_agreed(&t.cx, &tables, &ask, &a), "interest-amount");
    struct interest_payment payment = {sample_date("2025-04-10"), 101};
    struct interest_delay late = delay(100, "2025-03-01", "2025-05-01");
    late.payments = &payment;
    late.payment_count = 1;
    assert_refused(&t, interest_delayed(&t.cx, &tables, &late, &a), "interest-payments");
    late = delay(100, "2014-07-30", "2025-05-01");
    assert_refused(&t, interest_delayed(&t.cx, &tables, &late, &a), "interest-before-2014");
    trial_end(&t);
}

static void assert_row(const struct interest_answer *answer, uint32_t n, const char *from,
                       const char *to, const char *rate, int64_t days, Money amount, Money sum)
{
    const struct value *row = value_item(answer->sheet, n);
    assert_string_equal(value_get_str(row, "from").p, from);
    assert_string_equal(value_get_str(row, "to").p, to);
    assert_string_equal(value_get_str(row, "rate").p, rate);
    assert_int_equal(value_get_int(row, "days"), days);
    assert_int_equal(value_get_int(row, "amount"), amount);
    assert_int_equal(value_get_int(row, "sum"), sum);
}

/* 100,000 x 24 % x 232/365 = 15,254.7945; x 15.4 % (4 x 3.85) x 134/365 = 5,653.6986. */
static void the_sheet_shows_each_stretch_and_its_cap(void **state)
{
    (void)state;
    struct trial t;
    trial_begin(&t);
    struct law_tables tables = tables_with_lpr();
    struct interest_answer a;
    struct interest_ask ask = ask_of(10000000, 300000, "2020-01-01", "2021-01-01", 365);
    assert_int_equal(interest_lending(&t.cx, &tables, &ask, sample_date("2020-01-01"),
                                      sample_date("2021-03-01"), &a),
                     OK);
    assert_int_equal(value_count(a.sheet), 2);
    assert_row(&a, 0, "2020-01-01", "2020-08-19", "24.00", 232, 1525479, 1525479);
    assert_row(&a, 1, "2020-08-20", "2020-12-31", "15.40", 134, 565370, 2090849);
    assert_string_equal(value_get_str(value_item(a.sheet, 0), "law").p,
                        "private-lending-rules@2015 26");
    assert_int_equal(a.interest, 2090849);
    struct interest_delay late = delay(10000000, "2025-03-01", "2025-12-31");
    assert_int_equal(interest_delayed(&t.cx, &tables, &late, &a), OK);
    assert_row(&a, 0, "2025-03-02", "2025-12-31", "6.3875", 305, 533750, 533750);
    trial_end(&t);
}

/* 1 yuan at 3 % for 61 days is 0.50137 fen, twice that 1.0027: rounded once, the lines add up. */
static void several_stretches_are_rounded_once(void **state)
{
    (void)state;
    struct trial t;
    trial_begin(&t);
    struct law_tables tables = tables_with_lpr();
    struct interest_answer a;
    struct interest_ask asks[] = {ask_of(100, 30000, "2025-01-01", "2025-03-03", 365),
                                  ask_of(100, 30000, "2025-03-03", "2025-05-03", 365)};
    assert_int_equal(interest_stretches(&t.cx, &tables, INTEREST_BY_AGREEMENT, asks, 2, 0, 0, &a),
                     OK);
    assert_row(&a, 0, "2025-01-01", "2025-03-02", "3.00", 61, 1, 1);
    assert_row(&a, 1, "2025-03-03", "2025-05-02", "3.00", 61, 0, 1);
    assert_int_equal(a.interest, 1);
    assert_int_equal(a.days, 122);
    asks[1].from = sample_date("2025-03-02");
    assert_refused(&t, interest_stretches(&t.cx, &tables, INTEREST_BY_AGREEMENT, asks, 2, 0, 0, &a),
                   "interest-dates");
    /* By the LPR each quote makes a line: 31 days at 3.8 % x 1.5, then 30 at 3 % x 1.5. */
    asks[0] = ask_of(10000000, 1500000, "2025-04-19", "2025-06-19", 365);
    assert_int_equal(interest_stretches(&t.cx, &tables, INTEREST_BY_LPR, asks, 1, 0, 0, &a), OK);
    assert_row(&a, 0, "2025-04-19", "2025-05-19", "5.70", 31, 48411, 48411);
    assert_row(&a, 1, "2025-05-20", "2025-06-18", "4.50", 30, 36986, 85397);
    trial_end(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(delayed_performance_costs_the_worked_amounts),
        cmocka_unit_test(payments_lower_what_is_doubled),
        cmocka_unit_test(suspended_days_are_left_out),
        cmocka_unit_test(agreed_interest_depends_on_the_base_of_the_year),
        cmocka_unit_test(floating_interest_follows_each_quote),
        cmocka_unit_test(private_lending_is_capped_by_its_time),
        cmocka_unit_test(an_unknown_rate_is_refused),
        cmocka_unit_test(the_sheet_shows_each_stretch_and_its_cap),
        cmocka_unit_test(several_stretches_are_rounded_once),
        cmocka_unit_test(what_makes_no_sense_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

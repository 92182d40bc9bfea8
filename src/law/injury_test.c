#include "law/compulsory.h"
#include "law/injury.h"
#include "law/sample.h"

static const struct division PLACES[] = {
    {.code = {"110000", 6}, .name = {"甲市", 6}, .parent = -1, .level = 1},
    {.code = {"110105", 6}, .name = {"乙区", 6}, .parent = 0, .level = 3},
    {.code = {"320000", 6}, .name = {"丙省", 6}, .parent = -1, .level = 1},
    {.code = {"320623", 6}, .name = {"丁县", 6}, .parent = 2, .level = 3},
};
/* Invented round figures: 60,000 and 36,000 a year, 9,000 a month; in the other place 90,000. */
static const struct regional FIGURES[] = {
    {.place = {"320000", 6}, .year = 2025, .wage = 900000, .income = 6000000, .spending = 3600000},
    {.place = {"110000", 6}, .year = 2025, .wage = 1200000, .income = 9000000, .spending = 4800000},
};
static const struct compulsory LIMITS[] = {
    {13910, {11000000, 1000000, 200000}, {1100000, 100000, 10000}}, /* 2008-02-01 */
    {18524, {18000000, 1800000, 200000}, {1800000, 180000, 10000}}, /* 2020-09-19 */
};

static struct law_tables tables_with_figures(void)
{
    return (struct law_tables){.version = STR("sample"),
                               .divisions = PLACES,
                               .division_count = 4,
                               .regional = FIGURES,
                               .regional_count = 2,
                               .compulsory = LIMITS,
                               .compulsory_count = 2};
}

/* Nobody is hurt for more than a day, nothing is paid yet. */
static struct injury_ask ask_of(const char *harmed)
{
    return (struct injury_ask){.harmed = sample_date(harmed),
                               .year = 2025,
                               .court = STR("320623"),
                               .home = STR(""),
                               .income = -1,
                               .spending = -1,
                               .wage = -1,
                               .lost_from = DATE_NONE,
                               .lost_to = DATE_NONE,
                               .born = DATE_NONE,
                               .fixed = DATE_NONE,
                               .fault = 100};
}

static struct injury_ask disabled(int grade, const char *born, const char *fixed)
{
    struct injury_ask ask = ask_of("2025-12-01");
    ask.outcome = INJURY_DISABLED;
    ask.grade = grade;
    ask.born = sample_date(born);
    ask.fixed = sample_date(fixed);
    return ask;
}

static struct injury_answer computed(struct trial *t, const struct injury_ask *ask)
{
    struct law_tables tables = tables_with_figures();
    struct injury_answer answer;
    assert_int_equal(injury_compute(&t->cx, &tables, ask, &answer), OK);
    return answer;
}

static Money part(struct trial *t, const struct injury_ask *ask, const char *name)
{
    struct injury_answer answer = computed(t, ask);
    return bill_amount(&answer.bill, name);
}

static Money borne(const struct injury_answer *answer, const char *name)
{
    for (uint32_t i = 0; i < value_count(answer->borne); i++) {
        const struct value *row = value_item(answer->borne, i);
        if (str_is(value_get_str(row, "name"), name)) {
            return value_get_int(row, "amount");
        }
    }
    return -1;
}

/* --- what is counted by days --- */

/* 19 x 100 x 2 people; 19 x 50; 30 x 20. */
static void days_are_multiplied(void **state)
{
    (void)state;
    struct trial t;
    trial_begin(&t);
    struct injury_ask ask = ask_of("2025-12-01");
    ask.daily[INJURY_NURSING] = (struct injury_daily_ask){19, 2, 10000};
    ask.daily[INJURY_MEALS] = (struct injury_daily_ask){19, 0, 5000};
    ask.daily[INJURY_NUTRITION] = (struct injury_daily_ask){30, 1, 2000};
    ask.given[INJURY_MEDICAL] = 3256800;
    struct injury_answer answer = computed(&t, &ask);
    assert_int_equal(bill_amount(&answer.bill, "nursing"), 380000);
    assert_int_equal(bill_amount(&answer.bill, "meals"), 95000);
    assert_int_equal(bill_amount(&answer.bill, "nutrition"), 60000);
    assert_int_equal(bill_amount(&answer.bill, "medical"), 3256800);
    assert_int_equal(answer.bill.total, 380000 + 95000 + 60000 + 3256800);
    assert_int_equal(value_count(answer.bill.notices), 1); /* two people need an opinion */
    assert_int_equal(answer.due, answer.bill.total);
    trial_end(&t);
}

/* 2026-01-01 to 2026-03-14 are 73 days, a fifth of 365: of 300,000 in three years 20,000; of 80,000
 * in the trade 16,000. */
static void lost_income_goes_by_what_is_known_of_it(void **state)
{
    (void)state;
    struct trial t;
    trial_begin(&t);
    struct injury_ask ask = ask_of("2025-12-01");
    ask.lost = INJURY_LOST_AVERAGE;
    ask.lost_income = 30000000;
    ask.lost_from = sample_date("2026-01-01");
    ask.lost_to = sample_date("2026-03-14");
    assert_int_equal(part(&t, &ask, "lost-work"), 2000000);
    ask.lost = INJURY_LOST_TRADE;
    ask.lost_income = 8000000;
    assert_int_equal(part(&t, &ask, "lost-work"), 1600000);
    ask.lost = INJURY_LOST_FIXED;
    ask.lost_income = 1234567;
    assert_int_equal(part(&t, &ask, "lost-work"), 1234567);
    trial_end(&t);
}

/* Fixed on 2026-03-15, the 73 days end the day before; without it they would be 90. */
static void lost_income_ends_the_day_before_the_disability_is_fixed(void **state)
{
    (void)state;
    struct trial t;
    trial_begin(&t);
    struct injury_ask ask = disabled(10, "1986-01-01", "2026-03-15");
    ask.lost = INJURY_LOST_AVERAGE;
    ask.lost_income = 30000000;
    ask.lost_from = sample_date("2026-01-01");
    ask.lost_to = sample_date("2026-03-31");
    struct injury_answer answer = computed(&t, &ask);
    assert_int_equal(bill_amount(&answer.bill, "lost-work"), 2000000);
    assert_int_equal(value_count(answer.bill.notices), 1);
    ask.lost_from = sample_date("2026-03-20"); /* all of it later */
    assert_int_equal(part(&t, &ask, "lost-work"), -1);
    trial_end(&t);
}

/* 40,000 a year, half dependent: twenty years 400,000, and twenty-five are twenty. */
static void care_lasts_twenty_years_at_most(void **state)
{
    (void)state;
    struct trial t;
    trial_begin(&t);
    struct injury_ask ask = disabled(1, "1986-01-01", "2026-03-15");
    ask.care_year = 4000000;
    ask.care_percent = 50;
    ask.care_years = 20;
    assert_int_equal(part(&t, &ask, "care"), 40000000);
    ask.care_years = 25;
    assert_int_equal(part(&t, &ask, "care"), 40000000);
    ask.care_years = 5;
    assert_int_equal(part(&t, &ask, "care"), 10000000);
    trial_end(&t);
}

/* --- disability --- */

/* 60,000 x years x share. On the sixtieth birthday still twenty years, on the day before too. */
static void disability_counts_years_by_age(void **state)
{
    (void)state;

    static const struct {
        const char *born;
        int years;
    } rows[] = {
        {"1986-06-10", 20}, {"1966-06-10", 20}, {"1966-06-11", 20}, {"1965-06-11", 20},
        {"1965-06-10", 19}, {"1956-06-10", 10}, {"1952-06-10", 6},  {"1951-06-11", 6},
        {"1951-06-10", 5},  {"1930-06-10", 5},
    };
    struct trial t;
    trial_begin(&t);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct injury_ask ask = disabled(1, rows[i].born, "2026-06-10");
        assert_int_equal(part(&t, &ask, "disability"), 6000000 * rows[i].years);
    }
    trial_end(&t);
}

static void disability_goes_by_its_grade(void **state)
{
    (void)state;
    struct trial t;
    trial_begin(&t);
    for (int grade = 1; grade <= 10; grade++) {
        struct injury_ask ask = disabled(grade, "1986-06-10", "2026-06-10");
        assert_int_equal(part(&t, &ask, "disability"), 12000000 * (11 - grade));
    }
    struct injury_ask several = disabled(9, "1986-06-10", "2026-06-10");
    several.added = 2;
    assert_int_equal(part(&t, &several, "disability"), 26400000); /* 22 per cent */
    several.grade = 1;
    assert_int_equal(part(&t, &several, "disability"), 120000000); /* never more than all */
    trial_end(&t);
}

/* --- death --- */

/* Seventy years old: 60,000 x 10. Six months of 9,000. */
static void death_and_funeral(void **state)
{
    (void)state;
    struct trial t;
    trial_begin(&t);
    struct injury_ask ask = disabled(0, "1956-01-01", "2026-02-01");
    ask.outcome = INJURY_DEAD;
    struct injury_answer answer = computed(&t, &ask);
    assert_int_equal(bill_amount(&answer.bill, "death"), 60000000);
    assert_int_equal(bill_amount(&answer.bill, "funeral"), 5400000);
    assert_int_equal(answer.bill.total, 65400000);
    assert_int_equal(value_count(answer.missing), 0);
    trial_end(&t);
}

/* --- dependants --- */

static struct dependant dependant(const char *born, int supporters)
{
    return (struct dependant){sample_date(born), supporters};
}

/* Ten years old on that day: eight years, half of 3,600 a year. */
static void a_child_is_supported_to_eighteen(void **state)
{
    (void)state;
    struct trial t;
    trial_begin(&t);
    struct dependant child = dependant("2016-06-10", 2);
    struct injury_ask ask = disabled(10, "1986-06-10", "2026-06-10");
    ask.dependants = &child;
    ask.dependant_count = 1;
    assert_int_equal(part(&t, &ask, "dependants"), 1440000);
    ask.fixed = sample_date("2026-01-20"); /* 100 months and 21 days: 15,000 + 1,800 x 21 / 365 */
    assert_int_equal(part(&t, &ask, "dependants"), 1510356);
    child.born = sample_date("2008-06-10"); /* eighteen that day: no minor any more */
    ask.fixed = sample_date("2026-06-10");
    assert_int_equal(part(&t, &ask, "dependants"), 3600000); /* twenty years x 1,800 */
    trial_end(&t);
}

/* A (8 years, of two), B (4, of two), mother of seventy (10, of two). Death: the shares of the
 * first four years are one and a half, so 36,000 a year; then one; then a half.
 * 144,000 + 144,000 + 36,000. */
static void all_together_never_get_more_than_a_year_costs(void **state)
{
    (void)state;
    struct trial t;
    trial_begin(&t);
    struct dependant list[] = {dependant("2016-06-10", 2), dependant("2012-06-10", 2),
                               dependant("1956-06-10", 2)};
    struct injury_ask ask = disabled(0, "1986-06-10", "2026-06-10");
    ask.outcome = INJURY_DEAD;
    ask.dependants = list;
    ask.dependant_count = 3;
    assert_int_equal(part(&t, &ask, "dependants"), 32400000);
    list[2].supporters = 1; /* capped all through: 36,000 x 10 */
    assert_int_equal(part(&t, &ask, "dependants"), 36000000);
    list[2].supporters = 2;
    ask.outcome = INJURY_DISABLED;
    ask.grade = 9; /* a fifth of it, below the cap: 10,800 x 4 + 7,200 x 4 + 3,600 x 2 */
    assert_int_equal(part(&t, &ask, "dependants"), 7920000);
    trial_end(&t);
}

/* --- figures --- */

/* 90,000 at home against 60,000 at the court's place: both figures are those of home. */
static void the_higher_figure_of_the_home_may_be_used(void **state)
{
    (void)state;
    struct trial t;
    trial_begin(&t);
    struct dependant child = dependant("2016-06-10", 2);
    struct injury_ask ask = disabled(10, "1986-06-10", "2026-06-10");
    ask.dependants = &child;
    ask.dependant_count = 1;
    ask.home = STR("110105");
    assert_int_equal(part(&t, &ask, "disability"), 18000000);
    assert_int_equal(part(&t, &ask, "dependants"), 1920000);
    ask.home = STR("320623");
    ask.court = STR("110105"); /* lower at home: the court's */
    assert_int_equal(part(&t, &ask, "disability"), 18000000);
    trial_end(&t);
}

static void without_a_table_there_is_no_number(void **state)
{
    (void)state;
    struct trial t;
    trial_begin(&t);
    struct dependant child = dependant("2016-06-10", 2);
    struct injury_ask ask = disabled(10, "1986-06-10", "2026-06-10");
    ask.dependants = &child;
    ask.dependant_count = 1;
    ask.year = 2024;
    ask.given[INJURY_MEDICAL] = 100;
    struct injury_answer answer = computed(&t, &ask);
    assert_int_equal(bill_amount(&answer.bill, "disability"), -1);
    assert_int_equal(bill_amount(&answer.bill, "dependants"), -1);
    assert_int_equal(answer.bill.total, 100);
    assert_int_equal(value_count(answer.missing), 2);
    assert_int_equal(value_count(answer.bill.notices), 2);
    assert_true(str_is(value_get_str(value_item(answer.missing, 1), "figure"), "spending_year"));
    ask.income = 5000000; /* stated */
    assert_int_equal(part(&t, &ask, "disability"), 10000000);
    ask.outcome = INJURY_DEAD;
    answer = computed(&t, &ask);
    assert_int_equal(value_count(answer.missing), 2); /* spending, wage */
    trial_end(&t);
}

static void before_2022_town_and_country_differed(void **state)
{
    (void)state;
    struct trial t;
    trial_begin(&t);
    struct injury_ask ask = disabled(10, "1986-06-10", "2026-06-10");
    ask.harmed = sample_date("2022-05-01");
    assert_int_equal(part(&t, &ask, "disability"), 12000000);
    ask.harmed = sample_date("2022-04-30");
    struct injury_answer answer = computed(&t, &ask);
    assert_int_equal(bill_amount(&answer.bill, "disability"), -1);
    assert_int_equal(value_count(answer.bill.notices), 1);
    trial_end(&t);
}

/* --- who bears it --- */

/* 30,000 of treatment, 250,000 of injury (lost income), 20,000 of distress, 5,000 of property. */
static struct injury_ask accident(const char *harmed)
{
    struct injury_ask ask = ask_of(harmed);
    ask.given[INJURY_MEDICAL] = 2800000;
    ask.daily[INJURY_MEALS] = (struct injury_daily_ask){20, 1, 10000};
    ask.given[INJURY_TRANSPORT] = 25000000;
    ask.given[INJURY_MENTAL] = 2000000;
    ask.given[INJURY_PROPERTY] = 500000;
    ask.cover = INJURY_COVER_LIABLE;
    ask.fault = 70;
    ask.mental_first = true;
    return ask;
}

/* 18,000 + 180,000 + 2,000 by the insurance. Left: 12,000, 250,000 - 160,000, 3,000: of these
 * 105,000 seventy per cent are 73,500. */
static void the_insurance_comes_first_and_fault_divides_the_rest(void **state)
{
    (void)state;
    struct trial t;
    trial_begin(&t);
    struct injury_ask ask = accident("2025-12-01");
    struct injury_answer answer = computed(&t, &ask);
    assert_int_equal(answer.bill.total, 30500000);
    assert_int_equal(borne(&answer, "compulsory-medical"), 1800000);
    assert_int_equal(borne(&answer, "compulsory-injury"), 18000000);
    assert_int_equal(borne(&answer, "compulsory-property"), 200000);
    assert_int_equal(borne(&answer, "liable"), 7350000);
    assert_int_equal(borne(&answer, "own"), 3150000);
    assert_int_equal(answer.due, 27350000);
    ask.commercial = 5000000;
    ask.paid = 1000000;
    answer = computed(&t, &ask);
    assert_int_equal(borne(&answer, "commercial"), 5000000);
    assert_int_equal(borne(&answer, "liable"), 2350000);
    assert_int_equal(answer.due, 26350000);
    trial_end(&t);
}

/* Treatment 30,000 beside 30,000
 * halves 18,000; injury and distress 270,000 beside 90,000 have three quarters of 180,000; property
 * alone has all of 2,000. */
static void victims_of_one_accident_share_the_limits(void **state)
{
    static const struct {
        Money own, others, pays;
    } treated[] = {
        {3000000, 0, 1800000},     {3000000, 3000000, 900000}, {800000, 1000000, 800000},
        {800000, 1000001, 799999}, {800000, 1100000, 757894}, /* 757,894.7 fen */
        {0, 5000000, 0},           {1, 9999999999, 0},         {9999999999, 1, 1799999},
    };

    (void)state;
    struct trial t;
    trial_begin(&t);
    struct injury_ask ask = accident("2025-12-01");
    ask.others[INJURY_LIMIT_MEDICAL] = 3000000;
    ask.others[INJURY_LIMIT_BODY] = 9000000;
    struct injury_answer answer = computed(&t, &ask);
    assert_int_equal(borne(&answer, "compulsory-medical"), 900000);
    assert_int_equal(borne(&answer, "compulsory-injury"), 13500000);
    assert_int_equal(borne(&answer, "compulsory-property"), 200000);
    /* 21,000 + (250,000 - 115,000) + 3,000 at seventy per cent */
    assert_int_equal(borne(&answer, "liable"), 11130000);
    for (size_t i = 0; i < sizeof treated / sizeof treated[0]; i++) {
        ask = accident("2025-12-01");
        ask.daily[INJURY_MEALS].days = 0;
        ask.given[INJURY_MEDICAL] = treated[i].own;
        ask.others[INJURY_LIMIT_MEDICAL] = treated[i].others;
        answer = computed(&t, &ask);
        assert_int_equal(borne(&answer, "compulsory-medical"), treated[i].pays);
    }
    ask.others[INJURY_LIMIT_PROPERTY] = -1;
    struct law_tables tables = tables_with_figures();
    assert_int_equal(injury_compute(&t.cx, &tables, &ask, &answer), E_INPUT);
    trial_end(&t);
}

/* Distress last: it is not in the 180,000, and not divided: 12,000 + 70,000 + 3,000 at seventy per
 * cent, 59,500, and 20,000. */
static void distress_is_not_divided_again(void **state)
{
    (void)state;
    struct trial t;
    trial_begin(&t);
    struct injury_ask ask = accident("2025-12-01");
    ask.mental_first = false;
    struct injury_answer answer = computed(&t, &ask);
    assert_int_equal(borne(&answer, "compulsory-injury"), 18000000);
    assert_int_equal(borne(&answer, "liable"), 7950000);
    assert_int_equal(borne(&answer, "own"), 2550000);
    trial_end(&t);
}

static void the_day_of_the_accident_decides_the_limits(void **state)
{
    (void)state;
    struct trial t;
    trial_begin(&t);
    assert_int_equal(LIMITS[0].from, sample_date("2008-02-01"));
    assert_int_equal(LIMITS[1].from, sample_date("2020-09-19"));
    struct injury_ask ask = accident("2020-09-18");
    struct injury_answer answer = computed(&t, &ask);
    assert_int_equal(borne(&answer, "compulsory-injury"), 11000000);
    assert_int_equal(borne(&answer, "compulsory-medical"), 1000000);
    ask.harmed = sample_date("2020-09-19");
    ask.cover = INJURY_COVER_BLAMELESS;
    ask.fault = 0;
    answer = computed(&t, &ask);
    assert_int_equal(borne(&answer, "compulsory-injury"), 1800000);
    assert_int_equal(borne(&answer, "compulsory-medical"), 180000);
    assert_int_equal(borne(&answer, "compulsory-property"), 10000);
    assert_int_equal(answer.due, 1990000 + 200000); /* distress: 20,000, of which 18,000 insured */
    ask.harmed = sample_date("2008-01-31");
    answer = computed(&t, &ask);
    assert_int_equal(borne(&answer, "compulsory-injury"), -1);
    assert_int_equal(value_count(answer.bill.notices), 1);
    trial_end(&t);
}

/* --- refusals --- */

static const char *refused(struct trial *t, const struct injury_ask *ask)
{
    struct law_tables tables = tables_with_figures();
    struct injury_answer answer;
    cx_forgive(&t->cx);
    assert_int_equal(injury_compute(&t->cx, &tables, ask, &answer), E_INPUT);
    return t->cx.failure.code;
}

static void what_makes_no_sense_is_refused(void **state)
{
    (void)state;
    struct trial t;
    trial_begin(&t);
    struct injury_ask ask = disabled(0, "1986-06-10", "2026-06-10");
    assert_string_equal(refused(&t, &ask), "injury-grade");
    ask.grade = 11;
    assert_string_equal(refused(&t, &ask), "injury-grade");
    ask = disabled(10, "2026-06-10", "2026-06-10"); /* born after the harm */
    assert_string_equal(refused(&t, &ask), "claim-dates");
    ask = disabled(10, "1986-06-10", "2025-11-30"); /* fixed before it */
    assert_string_equal(refused(&t, &ask), "claim-dates");
    ask = disabled(10, "1986-06-10", "2026-06-10");
    ask.fault = 101;
    assert_string_equal(refused(&t, &ask), "claim-rate");
    ask.fault = 100;
    ask.given[INJURY_MENTAL] = -1;
    assert_string_equal(refused(&t, &ask), "claim-amount");
    ask.given[INJURY_MENTAL] = 0;
    ask.income = INT64_MAX;
    assert_string_equal(refused(&t, &ask), "claim-amount");
    ask.income = -1;
    ask.daily[INJURY_MEALS] = (struct injury_daily_ask){40000, 1, 1};
    assert_string_equal(refused(&t, &ask), "claim-count");
    ask.daily[INJURY_MEALS] = (struct injury_daily_ask){36500, 1, MONEY_MAX_FEN};
    assert_string_equal(refused(&t, &ask), "claim-amount");
    ask.daily[INJURY_MEALS] = (struct injury_daily_ask){0};
    struct dependant child = dependant("2026-06-11", 2);
    ask.dependants = &child;
    ask.dependant_count = 1;
    assert_string_equal(refused(&t, &ask), "claim-dates");
    child = dependant("2016-06-11", 0);
    assert_string_equal(refused(&t, &ask), "claim-count");
    ask.year = 1999; /* no figure, and refused all the same */
    assert_string_equal(refused(&t, &ask), "claim-count");
    trial_end(&t);
}

/* The largest figures with all dependants that there may be stay within exact arithmetic. */
static void the_largest_case_is_computed(void **state)
{
    (void)state;
    struct trial t;
    trial_begin(&t);
    struct dependant list[DEPENDANTS_MAX];
    for (int i = 0; i < DEPENDANTS_MAX; i++) {
        list[i] = (struct dependant){sample_date("2026-06-09") - 331 * i, i % SUPPORTERS_MAX + 1};
    }
    struct injury_ask ask = disabled(9, "1986-06-10", "2026-06-10");
    ask.added = 7;
    ask.spending = DEPENDANT_FIGURE_MAX;
    ask.income = DEPENDANT_FIGURE_MAX;
    ask.dependants = list;
    ask.dependant_count = DEPENDANTS_MAX;
    assert_true(part(&t, &ask, "dependants") > DEPENDANT_FIGURE_MAX * 10);
    trial_end(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(days_are_multiplied),
        cmocka_unit_test(lost_income_goes_by_what_is_known_of_it),
        cmocka_unit_test(lost_income_ends_the_day_before_the_disability_is_fixed),
        cmocka_unit_test(care_lasts_twenty_years_at_most),
        cmocka_unit_test(disability_counts_years_by_age),
        cmocka_unit_test(disability_goes_by_its_grade),
        cmocka_unit_test(death_and_funeral),
        cmocka_unit_test(a_child_is_supported_to_eighteen),
        cmocka_unit_test(all_together_never_get_more_than_a_year_costs),
        cmocka_unit_test(the_higher_figure_of_the_home_may_be_used),
        cmocka_unit_test(without_a_table_there_is_no_number),
        cmocka_unit_test(before_2022_town_and_country_differed),
        cmocka_unit_test(the_insurance_comes_first_and_fault_divides_the_rest),
        cmocka_unit_test(victims_of_one_accident_share_the_limits),
        cmocka_unit_test(distress_is_not_divided_again),
        cmocka_unit_test(the_day_of_the_accident_decides_the_limits),
        cmocka_unit_test(what_makes_no_sense_is_refused),
        cmocka_unit_test(the_largest_case_is_computed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

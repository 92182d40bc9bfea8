#include "base/test.h"
#include "law/ratio.h"

static void halves_round_away_from_zero(void **state)
{
    (void)state;
    assert_int_equal(ratio_round(ratio_times(ratio_of(1), 1, 2)), 1);
    assert_int_equal(ratio_round(ratio_times(ratio_of(-1), 1, 2)), -1);
    assert_int_equal(ratio_round(ratio_times(ratio_of(1), 49, 100)), 0);
    assert_int_equal(ratio_round(ratio_times(ratio_of(-3), 1, 2)), -2);
    assert_int_equal(ratio_round(ratio_of(MONEY_MAX_FEN)), MONEY_MAX_FEN);
}

static void thirds_add_up_exactly(void **state)
{
    (void)state;
    struct ratio third = ratio_times(ratio_of(100), 1, 3);
    struct ratio sum = ratio_add(ratio_add(third, third), third);
    assert_int_equal(ratio_compare(sum, ratio_of(100)), 0);
    assert_true(ratio_compare(third, ratio_of(33)) > 0);
    assert_int_equal(ratio_round(ratio_less(ratio_of(100), third)), 67);
}

static void the_largest_claims_fit(void **state)
{
    (void)state;
    struct ratio r = ratio_times(ratio_of(MONEY_MAX_FEN), 1000000, 1000000);
    r = ratio_times(r, 100000, 365);
    r = ratio_times(r, 175, 1000000);
    assert_true(ratio_round(r) > 0);
}

static void exact_yuan_are_shown(void **state)
{
    (void)state;
    struct trial t;
    trial_begin(&t);
    assert_string_equal(ratio_yuan(t.arena, ratio_times(ratio_of(2345678), 2, 100)).p, "469.1356");
    assert_string_equal(ratio_yuan(t.arena, ratio_of(5000)).p, "50.00");
    assert_string_equal(ratio_yuan(t.arena, ratio_of(-5)).p, "-0.05");
    assert_string_equal(ratio_yuan(t.arena, ratio_times(ratio_of(5000), 1, 3)).p, "16.66666666…");
    trial_end(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(halves_round_away_from_zero),
        cmocka_unit_test(thirds_add_up_exactly),
        cmocka_unit_test(the_largest_claims_fit),
        cmocka_unit_test(exact_yuan_are_shown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

#include <stdio.h>

#include "base/test.h"
#include "web/pace.h"

#define SECOND_US INT64_C(1000000)

static void test_a_burst_is_free_then_comes_the_pace(void **state)
{
    static const struct pace pace = {"burst", 3, 6}; /* one in ten seconds */
    int64_t wait_s = 0;
    int64_t now = SECOND_US;
    (void)state;
    for (int i = 0; i < 3; i++) {
        assert_true(pace_take_at(&pace, STR("a"), now, &wait_s));
        assert_int_equal(wait_s, 0);
    }
    assert_false(pace_take_at(&pace, STR("a"), now, &wait_s));
    assert_int_equal(wait_s, 10);
    assert_false(pace_take_at(&pace, STR("a"), now + 9 * SECOND_US, &wait_s));
    assert_int_equal(wait_s, 1);
    assert_true(pace_take_at(&pace, STR("a"), now + 10 * SECOND_US, &wait_s));
    assert_false(pace_take_at(&pace, STR("a"), now + 10 * SECOND_US, &wait_s));
}

static void test_a_bucket_holds_no_more_than_its_burst(void **state)
{
    static const struct pace pace = {"rest", 2, 60};
    int64_t wait_s = 0;
    (void)state;
    assert_true(pace_take_at(&pace, STR("a"), SECOND_US, &wait_s));
    for (int i = 0; i < 2; i++) {
        assert_true(pace_take_at(&pace, STR("a"), 3600 * SECOND_US, &wait_s));
    }
    assert_false(pace_take_at(&pace, STR("a"), 3600 * SECOND_US, &wait_s));
}

static void test_one_does_not_pay_for_another_nor_one_purpose_for_another(void **state)
{
    static const struct pace one = {"one", 1, 1};
    static const struct pace two = {"two", 1, 1};
    int64_t wait_s = 0;
    (void)state;
    assert_true(pace_take_at(&one, STR("a"), SECOND_US, &wait_s));
    assert_false(pace_take_at(&one, STR("a"), SECOND_US, &wait_s));
    assert_true(pace_take_at(&one, STR("b"), SECOND_US, &wait_s));
    assert_true(pace_take_at(&two, STR("a"), SECOND_US, &wait_s));
}

static void test_what_is_given_back_can_be_taken_again(void **state)
{
    static const struct pace pace = {"back", 1, 1};
    int64_t wait_s = 0;
    (void)state;
    for (int i = 0; i < 10; i++) {
        assert_true(pace_take(&pace, STR("a"), &wait_s));
        pace_return(&pace, STR("a"));
    }
    assert_true(pace_take(&pace, STR("a"), &wait_s));
    assert_false(pace_take(&pace, STR("a"), &wait_s));
}

static void test_a_crowd_does_not_break_the_table(void **state)
{
    static const struct pace pace = {"crowd", 1, 1};
    int64_t wait_s = 0;
    (void)state;
    for (int i = 0; i < 100000; i++) {
        char who[16];
        int n = snprintf(who, sizeof who, "%d", i);
        (void)pace_take_at(&pace, (Str){who, (size_t)n}, SECOND_US + i, &wait_s);
    }
    assert_true(pace_take_at(&pace, STR("one more"), 2 * SECOND_US, &wait_s));
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_burst_is_free_then_comes_the_pace),
        cmocka_unit_test(test_a_bucket_holds_no_more_than_its_burst),
        cmocka_unit_test(test_one_does_not_pay_for_another_nor_one_purpose_for_another),
        cmocka_unit_test(test_what_is_given_back_can_be_taken_again),
        cmocka_unit_test(test_a_crowd_does_not_break_the_table),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

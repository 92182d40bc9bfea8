#include "record/lockout.h"
#include "record/test_people.h"

#define NOW (INT64_C(1800000000000))

static int64_t wait_after(int64_t failures, int64_t ago_ms)
{
    struct lockout lockout = {failures, NOW - ago_ms};
    return lockout_wait_ms(&lockout, NOW);
}

static void test_four_failures_are_free(void **state)
{
    (void)state;
    for (int64_t n = 0; n < 5; n++) {
        assert_int_equal(wait_after(n, 0), 0);
    }
}

static void test_the_delay_doubles_up_to_a_quarter_of_an_hour(void **state)
{
    static const int minutes[] = {1, 2, 4, 8, 15, 15, 15};
    (void)state;
    for (int64_t i = 0; i < 7; i++) {
        assert_int_equal(wait_after(5 + i, 0), minutes[i] * MINUTE_MS);
    }
    assert_int_equal(wait_after(INT64_MAX, 0), 15 * MINUTE_MS);
}

static void test_a_lock_ends_by_itself(void **state)
{
    (void)state;
    assert_int_equal(wait_after(5, MINUTE_MS - 1), 1);
    assert_int_equal(wait_after(5, MINUTE_MS), 0);
    assert_int_equal(wait_after(1000, 15 * MINUTE_MS), 0);
    assert_int_equal(wait_after(1000, DAY_MS + 1), 0);
}

static void test_a_clock_set_back_locks_no_longer_than_the_rule(void **state)
{
    (void)state;
    assert_int_equal(wait_after(5, -3600 * 1000), MINUTE_MS);
}

/* --- rows, on both engines --- */

struct count {
    Hash key;
    struct lockout found;
    Instant now;
};

static enum status count_add(struct cx *cx, struct sql *sql, void *arg)
{
    struct count *count = arg;
    return lockout_add(cx, sql, count->key, count->now);
}

static enum status count_clear(struct cx *cx, struct sql *sql, void *arg)
{
    struct count *count = arg;
    return lockout_clear(cx, sql, count->key);
}

static enum status count_find(struct cx *cx, struct sql *sql, void *arg)
{
    struct count *count = arg;
    return lockout_find(cx, sql, count->key, &count->found);
}

static void test_failures_are_counted_cleared_and_swept(void **state)
{
    struct town *town = *state;
    struct store *store = town->place.store;
    struct count one = {.key = lockout_key(town->keys, STR("a")), .now = NOW};
    struct count two = {.key = lockout_key(town->keys, STR("b")), .now = NOW};
    struct cx *cx = town_cx(town);
    assert_int_equal(store_read(cx, store, count_find, &one), OK);
    assert_int_equal(one.found.failures, 0);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(store_write(cx, store, WRITE_INTERACTIVE, count_add, &one), OK);
    }
    assert_int_equal(store_write(cx, store, WRITE_INTERACTIVE, count_add, &two), OK);
    assert_int_equal(store_read(cx, store, count_find, &one), OK);
    assert_int_equal(one.found.failures, 3);
    assert_int_equal(one.found.last, NOW);
    assert_int_equal(store_write(cx, store, WRITE_INTERACTIVE, count_clear, &one), OK);
    assert_int_equal(store_read(cx, store, count_find, &one), OK);
    assert_int_equal(one.found.failures, 0);
    one.now = NOW + DAY_MS + 1; /* sweeps what is older than a day */
    assert_int_equal(store_write(cx, store, WRITE_INTERACTIVE, count_add, &one), OK);
    assert_int_equal(store_read(cx, store, count_find, &two), OK);
    assert_int_equal(two.found.failures, 0);
}

int main(void)
{
    static const struct CMUnitTest pure[] = {
        cmocka_unit_test(test_four_failures_are_free),
        cmocka_unit_test(test_the_delay_doubles_up_to_a_quarter_of_an_hour),
        cmocka_unit_test(test_a_lock_ends_by_itself),
        cmocka_unit_test(test_a_clock_set_back_locks_no_longer_than_the_rule),
    };
    static const struct CMUnitTest rows[] = {
        cmocka_unit_test_setup_teardown(test_failures_are_counted_cleared_and_swept, town_setup,
                                        town_teardown),
    };
    return cmocka_run_group_tests(pure, NULL, NULL) + test_on_both_engines(rows);
}

#include "base/test.h"
#include "web/page_parts.h"

static Instant at(const char *text)
{
    Instant instant = 0;
    assert_true(instant_parse(str_of(text), &instant));
    return instant;
}

static void left(const char *due, const char *now, const char *expected)
{
    struct trial trial;
    trial_begin(&trial);
    assert_string_equal(left_words(trial.arena, at(due), at(now)).p, expected);
    trial_end(&trial);
}

static void test_days_are_counted_by_the_calendar(void **state)
{
    (void)state;
    left("2026-03-09T23:59:59+08:00", "2026-03-02T10:20:00+08:00", "还有7日");
    left("2026-03-09T23:59:59+08:00", "2026-03-08T23:59:00+08:00", "还有1日");
    left("2026-03-09T23:59:59+08:00", "2026-03-09T08:00:00+08:00", "今天到期");
    left("2026-03-09T23:59:59+08:00", "2026-03-10T00:00:30+08:00", "已超期1日");
    left("2026-03-09T23:59:59+08:00", "2026-03-12T09:00:00+08:00", "已超期3日");
}

static void test_short_periods_are_counted_by_the_minute(void **state)
{
    (void)state;
    left("2026-03-02T10:50:00+08:00", "2026-03-02T10:25:00+08:00", "还有25分钟");
    left("2026-03-02T10:50:00+08:00", "2026-03-02T10:49:30+08:00", "还有1分钟");
    left("2026-03-02T16:00:00+08:00", "2026-03-02T10:00:00+08:00", "还有6小时");
    left("2026-03-02T10:50:00+08:00", "2026-03-02T11:20:00+08:00", "已超期30分钟");
    left("2026-03-02T10:50:00+08:00", "2026-03-04T11:20:00+08:00", "已超期2日");
}

static void test_no_due_says_nothing(void **state)
{
    struct trial trial;
    (void)state;
    trial_begin(&trial);
    assert_string_equal(left_words(trial.arena, 0, at("2026-03-02T10:20:00+08:00")).p, "");
    trial_end(&trial);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_days_are_counted_by_the_calendar),
        cmocka_unit_test(test_short_periods_are_counted_by_the_minute),
        cmocka_unit_test(test_no_due_says_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* First claims about base/; each noun has its own test file beside it. */

#include "base/date.h"
#include "base/json.h"
#include "base/test.h"

static void test_json_canonical_is_sorted(void **state)
{
    (void)state;
    struct arena *arena = arena_open(1 << 20);
    struct cx cx;
    cx_init(&cx, arena);
    struct value *v = NULL;
    assert_int_equal(json_read(&cx, STR("{\"b\":[1,{\"z\":true,\"a\":null}],\"a\":\"诉\"}"), &v),
                     OK);
    assert_string_equal(json_canonical(arena, v).p,
                        "{\"a\":\"诉\",\"b\":[1,{\"a\":null,\"z\":true}]}");
    arena_close(arena);
}

static void test_instant_shows_beijing(void **state)
{
    (void)state;
    struct arena *arena = arena_open(1 << 20);
    Instant at = 0;
    assert_true(instant_parse(STR("2026-11-22T02:00:00Z"), &at));
    assert_string_equal(instant_format(arena, at).p, "2026-11-22T10:00:00+08:00");
    assert_int_equal(date_weekday(instant_date(at)), 7);
    arena_close(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_json_canonical_is_sorted),
        cmocka_unit_test(test_instant_shows_beijing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

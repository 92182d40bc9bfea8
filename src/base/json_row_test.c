#include "base/json.h"
#include "base/test.h"

static struct value *back(struct trial *trial, const char *text)
{
    struct value *v = NULL;
    return json_row_read(&trial->cx, str_of(text), &v) == OK ? v : NULL;
}

static void test_what_was_written_is_read_back(void **state)
{
    (void)state;
    struct trial trial;
    trial_begin(&trial);
    struct value *first = NULL;
    const char *text =
        "{\"a\":[1,-2,true,false,null,\"\\u003cb\\u003e\\n\\t\\\"\\\\𠮷\",\"\"],\"b\":{},\"c\":[],"
        "\"d\":9223372036854775807,\"e\":1.5}";
    assert_int_equal(json_read(&trial.cx, str_of(text), &first), OK);
    Str written = json_write(trial.arena, first);
    struct value *again = back(&trial, written.p);
    assert_non_null(again);
    assert_true(value_same(first, again));
    assert_string_equal(json_write(trial.arena, again).p, written.p);
    trial_end(&trial);
}

static void test_damage_is_refused(void **state)
{
    (void)state;
    static const char *const damaged[] = {
        "",      "{",    "{\"a\"}", "{\"a\":}",  "[1,]",       "[1 2]", "\"a",         "nul",
        "{a:1}", "[1]x", "\"\\x\"", "\"\\u12\"", "{\"a\":1,}", " 1",    "\"\\u0000\"",
    };
    for (size_t i = 0; i < sizeof damaged / sizeof damaged[0]; i++) {
        struct trial trial;
        trial_begin(&trial);
        assert_null(back(&trial, damaged[i]));
        assert_int_equal(trial.cx.failure.status, E_STORE);
        trial_end(&trial);
    }
}

static void test_depth_is_bounded(void **state)
{
    (void)state;
    struct trial trial;
    trial_begin(&trial);
    char deep[200];
    for (size_t i = 0; i < sizeof deep - 1; i++) {
        deep[i] = '[';
    }
    deep[sizeof deep - 1] = '\0';
    assert_null(back(&trial, deep));
    trial_end(&trial);
}

static void test_an_outline_passes_over_what_lies_deep(void **state)
{
    (void)state;
    struct trial trial;
    trial_begin(&trial);
    struct value *v = NULL;
    Str text = STR("{\"a\":{\"b\":[1,\"]}\\\"{\"],\"c\":7},\"d\":[\"x\",{\"e\":{}}],\"f\":\"y\"}");
    assert_int_equal(json_row_outline(&trial.cx, text, 1, &v), OK);
    assert_string_equal(json_write(trial.arena, v).p,
                        "{\"a\":{\"b\":null,\"c\":7},\"d\":[\"x\",null],\"f\":\"y\"}");
    assert_int_equal(json_row_outline(&trial.cx, STR("[[[1,\"a\"]"), 0, &v), E_STORE);
    cx_forgive(&trial.cx);
    assert_int_equal(json_row_outline(&trial.cx, STR("[[\"a\\"), 0, &v), E_STORE);
    trial_end(&trial);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_was_written_is_read_back),
        cmocka_unit_test(test_damage_is_refused),
        cmocka_unit_test(test_depth_is_bounded),
        cmocka_unit_test(test_an_outline_passes_over_what_lies_deep),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

#include <stdio.h>

#include "base/json.h"
#include "base/test.h"
#include "web/http.h"

/* The form as canonical JSON, "" when it is refused. */
static Str form_text(struct trial *trial, const char *body)
{
    struct value *form = NULL;
    cx_forgive(&trial->cx);
    if (http_form_read(&trial->cx, str_of(body), &form) != OK) {
        assert_int_equal(trial->cx.failure.status, E_READ);
        assert_string_equal(trial->cx.failure.code, "form-unreadable");
        return STR("");
    }
    return json_canonical(trial->arena, form);
}

static void claim(const char *body, const char *expected)
{
    struct trial trial;
    trial_begin(&trial);
    assert_string_equal(form_text(&trial, body).p, expected);
    trial_end(&trial);
}

static void test_names_are_paths(void **state)
{
    (void)state;
    claim("cause=9001&parties.0.name=%E6%9D%8E%E9%9B%B7&parties.1.name=a+b",
          "{\"cause\":\"9001\",\"parties\":[{\"name\":\"李雷\"},{\"name\":\"a b\"}]}");
}

static void test_empty_body_and_empty_pairs_are_no_fields(void **state)
{
    (void)state;
    claim("", "{}");
    claim("&&a=1&&", "{\"a\":\"1\"}");
    claim("a", "{\"a\":\"\"}");
    claim("a=", "{\"a\":\"\"}");
    claim("a=b=c", "{\"a\":\"b=c\"}");
}

static void test_the_last_of_doubled_names_wins(void **state)
{
    (void)state;
    claim("agree=no&agree=yes", "{\"agree\":\"yes\"}");
}

static void test_brackets_collect_a_list(void **state)
{
    (void)state;
    claim("wish%5B%5D=a&x=1&wish[]=b", "{\"wish\":[\"a\",\"b\"],\"x\":\"1\"}");
    claim("p.0.kinds[]=a&p.0.kinds[]=b", "{\"p\":[{\"kinds\":[\"a\",\"b\"]}]}");
    claim("a=1&a[]=2", "");
    claim("[]=2", "");
}

static void test_line_ends_become_lf(void **state)
{
    (void)state;
    claim("a=x%0D%0Ay%0Dz%0A", "{\"a\":\"x\\ny\\nz\\n\"}");
}

static void test_rare_characters_survive(void **state)
{
    (void)state;
    claim("name=%F0%A0%AE%B7", "{\"name\":\"𠮷\"}");
}

static void test_unreadable_bytes_are_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {"a=%",   "a=%4",     "a=%zz",       "%00=1",      "a=%00",
                                      "a=%FF", "a=%C0%80", "a=%ED%A0%80", "a=\xB1\xB1", "%B1=1"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        claim(bad[i], "");
    }
}

static void test_names_that_are_no_path_are_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {"=1",         "a..b=1",      ".a=1",
                                      "a.=1",       "a=1&a.b=2",   "a.b=1&a.b.c=2",
                                      "l.1=x",      "l.0=x&l.2=y", "l.0=x&l.10001=y",
                                      "l.0=x&l.b=y"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        claim(bad[i], "");
    }
}

static void test_paths_end_at_the_depth_of_values(void **state)
{
    (void)state;
    struct trial trial;
    trial_begin(&trial);
    struct buf body;
    buf_init(&body, trial.arena, 4096);
    for (int i = 0; i < VALUE_DEPTH_MAX + 1; i++) {
        buf_text(&body, i == 0 ? "a" : ".a");
    }
    buf_text(&body, "=1");
    assert_string_equal(form_text(&trial, buf_done(&body).p).p, "");
    trial_end(&trial);
}

static Str fields(struct trial *trial, int count)
{
    struct buf body;
    buf_init(&body, trial->arena, (size_t)1 << 20);
    for (int i = 0; i < count; i++) {
        buf_printf(&body, "&field-%d=%d", i, i);
    }
    return buf_done(&body);
}

static void test_five_thousand_fields_and_no_more(void **state)
{
    (void)state;
    struct trial trial;
    trial_begin(&trial);
    struct value *form = NULL;
    assert_int_equal(http_form_read(&trial.cx, fields(&trial, 5000), &form), OK);
    assert_int_equal(value_count(form), 5000);
    assert_string_equal(value_get_str(form, "field-4999").p, "4999");
    assert_string_equal(form_text(&trial, fields(&trial, 5001).p).p, "");
    trial_end(&trial);
}

static void test_a_body_past_the_arena_is_a_failure_not_an_abort(void **state)
{
    (void)state;
    struct arena *big = arena_open((size_t)64 << 20);
    struct arena *small = arena_open(64 << 10);
    struct cx cx;
    struct value *form = NULL;
    cx_init(&cx, small);
    struct buf body;
    buf_init(&body, big, (size_t)1 << 20);
    for (int i = 0; i < 4000; i++) {
        buf_printf(&body, "&l.%d.some-longer-name=%d", i, i);
    }
    assert_int_equal(http_form_read(&cx, buf_done(&body), &form), E_TOO_LARGE);
    arena_close(small);
    arena_close(big);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_names_are_paths),
        cmocka_unit_test(test_empty_body_and_empty_pairs_are_no_fields),
        cmocka_unit_test(test_the_last_of_doubled_names_wins),
        cmocka_unit_test(test_brackets_collect_a_list),
        cmocka_unit_test(test_line_ends_become_lf),
        cmocka_unit_test(test_rare_characters_survive),
        cmocka_unit_test(test_unreadable_bytes_are_refused),
        cmocka_unit_test(test_names_that_are_no_path_are_refused),
        cmocka_unit_test(test_paths_end_at_the_depth_of_values),
        cmocka_unit_test(test_five_thousand_fields_and_no_more),
        cmocka_unit_test(test_a_body_past_the_arena_is_a_failure_not_an_abort),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

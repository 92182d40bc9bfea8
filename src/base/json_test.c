#include <string.h>

#include "base/json.h"
#include "base/test.h"

static void reads(const char *text, const char *to)
{
    struct trial t;
    trial_begin(&t);
    struct value *v = NULL;
    if (json_read(&t.cx, str_of(text), &v) != OK) {
        fail_msg("%s: %s", text, t.cx.failure.detail.p);
    }
    assert_string_equal(json_write(t.arena, v).p, to);
    trial_end(&t);
}

static void refused_as(Str text, const char *code)
{
    struct trial t;
    trial_begin(&t);
    struct value *v = NULL;
    if (json_read(&t.cx, text, &v) != E_READ) {
        fail_msg("read: %.*s", STR_ARG(text));
    }
    assert_string_equal(t.cx.failure.code, code);
    assert_true(t.cx.failure.detail.n > 0);
    assert_null(v);
    trial_end(&t);
}

static void refused(Str text)
{
    refused_as(text, "json-unreadable");
}

static void test_documents_come_back_as_they_were(void **state)
{
    (void)state;
    static const char *const rows[] = {
        "null",
        "true",
        "\"\"",
        "[]",
        "{}",
        "{\"b\":1,\"a\":[{},[],null,false,\"诉𠮷\"]}",
        "[9007199254740993]",
        "[9223372036854775807,-9223372036854775808]",
        "[\"\\\"\\\\\\n\\r\\t\\u0001\\u001f\"]",
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        reads(rows[i], rows[i]);
    }
    reads(" [ 1 ,\n\t2 ] ", "[1,2]");
    reads("\"\\u8bc9\\ud842\\udfb7\\/\\b\\f\"", "\"诉𠮷/\\u0008\\u000c\"");
}

static void test_duplicate_keys_are_refused(void **state)
{
    (void)state;
    refused(STR("{\"a\":1,\"a\":1}"));
    refused(STR("{\"a\":1,\"\\u0061\":2}"));
    refused(STR("[{\"x\":{\"a\":1,\"b\":2,\"a\":3}}]"));
}

static void test_text_that_is_not_utf8_is_refused(void **state)
{
    (void)state;
    refused(STR("[\"\xC0\xAF\"]"));
    refused(STR("[\"\xED\xA0\x80\"]"));
    refused(STR("[\"\xF4\x90\x80\x80\"]"));
    refused(STR("[\"\xE8\xAF\"]"));
    refused(STR("{\"\xFF\":1}"));
    refused(STR("\xEF\xBB\xBF[]")); /* a byte order mark is not JSON */
}

static void test_lone_surrogates_and_nul_are_refused(void **state)
{
    (void)state;
    refused(STR("[\"\\ud842\"]"));
    refused(STR("[\"\\udfb7\"]"));
    refused(STR("[\"\\udfb7\\ud842\"]"));
    refused(STR("[\"\\ud842x\"]"));
    refused(STR("[\"\\u0000\"]"));
    refused(STR("[\"a\\u0000b\"]"));
    refused(STR("{\"a\\u0000b\":1}"));
    refused(STR("[\"a\0b\"]"));
    refused(STR("[1]\0"));
}

static void test_what_is_no_json_is_refused(void **state)
{
    (void)state;
    static const char *const rows[] = {
        "",
        " ",
        "{'a':1}",
        "{a:1}",
        "[NaN]",
        "[Infinity]",
        "[-]",
        "[01]",
        "[+1]",
        "[1.]",
        "[.5]",
        "[1,]",
        "{\"a\":1,}",
        "[1 2]",
        "[\"a\nb\"]",
        "[\"\t\"]",
        "[1] x",
        "[1][2]",
        "{\"a\"}",
        "{1:2}",
        "[\"\\x41\"]",
        "[tru]",
        "[True]",
        "[0x10]",
        "// a\n[]",
        "[/* */1]",
        "{\"a\":}",
        "[\"\\u12\"]",
        "[1e400]",
        "[9223372036854775808]",
        "[-9223372036854775809]",
        "[",
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        refused(str_of(rows[i]));
    }
}

static void test_fractions_are_kept_as_text_for_refusing(void **state)
{
    (void)state;
    struct trial t;
    trial_begin(&t);
    struct value *v = NULL;
    assert_int_equal(json_read(&t.cx, STR("[0.1, 1e3, 5000000.5]"), &v), OK);
    assert_int_equal(value_item(v, 0)->kind, VALUE_REAL);
    assert_int_equal(value_item(v, 1)->kind, VALUE_REAL);
    assert_string_equal(value_item(v, 0)->as.text.p, "0.1");
    assert_string_equal(value_item(v, 2)->as.text.p, "5000000.5");
    assert_int_equal(value_as_int(value_item(v, 1)), 0); /* not an int */
    trial_end(&t);
}

static Str nested(struct arena *arena, char open, char close, int depth)
{
    char *text = arena_alloc(arena, (size_t)depth * 2 + 1);
    memset(text, open, (size_t)depth);
    memset(text + depth, close, (size_t)depth);
    return (Str){text, (size_t)depth * 2};
}

static void test_depth_is_bounded(void **state)
{
    (void)state;
    struct trial t;
    trial_begin(&t);
    struct value *v = NULL;
    /* The innermost list is at depth VALUE_DEPTH_MAX. */
    assert_int_equal(json_read(&t.cx, nested(t.arena, '[', ']', VALUE_DEPTH_MAX + 1), &v), OK);
    refused_as(nested(t.arena, '[', ']', VALUE_DEPTH_MAX + 2), "json-too-deep");
    refused_as(nested(t.arena, '[', ']', 10000), "json-too-deep");
    refused_as(nested(t.arena, '[', ' ', 100000), "json-too-deep");
    trial_end(&t);
}

static Str wide_map(struct arena *arena, int members)
{
    struct buf text;
    buf_init(&text, arena, 1 << 20);
    for (int i = 0; i < members; i++) {
        buf_printf(&text, "%c\"k%d\":0", i == 0 ? '{' : ',', i);
    }
    buf_char(&text, '}');
    return buf_done(&text);
}

static void test_members_of_a_map_are_bounded(void **state)
{
    (void)state;
    struct trial t;
    trial_begin(&t);
    struct value *v = NULL;
    assert_int_equal(json_read(&t.cx, wide_map(t.arena, VALUE_MEMBERS_MAX), &v), OK);
    assert_int_equal(value_count(v), VALUE_MEMBERS_MAX);
    refused(wide_map(t.arena, VALUE_MEMBERS_MAX + 1));
    refused(str_printf(t.arena, "[1,{\"a\":%s}]", wide_map(t.arena, 50000).p));
    trial_end(&t);
}

static void test_the_canonical_form_sorts_by_bytes(void **state)
{
    (void)state;
    struct trial t;
    trial_begin(&t);
    struct value *v = NULL;
    Str text = STR("{\"诉\":1,\"b\":[1,{\"z\":true,\"a\":null}],\"a\":\"诉\",\"B\":0,\"ab\":2}");
    assert_int_equal(json_read(&t.cx, text, &v), OK);
    assert_string_equal(
        json_canonical(t.arena, v).p,
        "{\"B\":0,\"a\":\"诉\",\"ab\":2,\"b\":[1,{\"a\":null,\"z\":true}],\"诉\":1}");
    assert_string_equal(json_write(t.arena, v).p, text.p); /* the map itself keeps its order */
    trial_end(&t);
}

static void test_equal_values_are_equal_bytes(void **state)
{
    (void)state;
    struct trial t;
    trial_begin(&t);
    struct value *a = NULL;
    struct value *b = NULL;
    assert_int_equal(json_read(&t.cx, STR("{\"x\":{\"p\":1,\"q\":2},\"y\":\"\\u8bc9\"}"), &a), OK);
    assert_int_equal(json_read(&t.cx, STR("{\"y\":\"诉\", \"x\":{\"q\":2,\"p\":1}}"), &b), OK);
    assert_true(value_same(a, b));
    assert_true(str_same(json_canonical(t.arena, a), json_canonical(t.arena, b)));
    trial_end(&t);
}

static void test_quoted_text_is_safe_inside_a_page(void **state)
{
    (void)state;
    struct trial t;
    trial_begin(&t);
    struct buf out;
    buf_init(&out, t.arena, 1000);
    json_quote_to(&out, STR("</script>&'\"\xE2\x80\xA8\xE2\x80\xA9\xE2\x80\xAA\xE2"));
    assert_string_equal(buf_done(&out).p, "\"\\u003c/script\\u003e\\u0026'\\\"\\u2028\\u2029"
                                          "\xE2\x80\xAA\xE2\"");
    trial_end(&t);
}

/* A Str that was never set has no bytes to be copied from. */
static void test_a_text_that_was_never_set_is_quoted_as_none(void **state)
{
    (void)state;
    struct trial t;
    trial_begin(&t);
    struct buf out;
    buf_init(&out, t.arena, 1000);
    json_quote_to(&out, (Str){NULL, 0});
    assert_string_equal(buf_done(&out).p, "\"\"");
    trial_end(&t);
}

static void test_any_text_comes_back(void **state)
{
    (void)state;
    struct trial t;
    trial_begin(&t);
    struct buf all;
    buf_init(&all, t.arena, 1 << 20);
    for (uint32_t code = 1; code < 0x30000; code += code < 0x3000 ? 1 : 97) {
        char bytes[4];
        if (code < 0xD800 || code >= 0xE000) {
            buf_add(&all, bytes, utf8_put(code, bytes));
        }
    }
    Str text = buf_done(&all);
    struct value *back = NULL;
    assert_int_equal(json_read(&t.cx, json_write(t.arena, value_str(t.arena, text)), &back), OK);
    assert_true(str_same(value_as_str(back), text));
    trial_end(&t);
}

static void test_writing_stops_at_the_ceiling_of_its_buffer(void **state)
{
    (void)state;
    struct trial t;
    trial_begin(&t);
    struct value *list = value_list(t.arena);
    for (int i = 0; i < 100; i++) {
        value_add_text(t.arena, list, "诉讼");
    }
    struct buf out;
    buf_init(&out, t.arena, 50);
    json_write_to(&out, list);
    assert_true(buf_is_over(&out));
    assert_true(out.n <= 50);
    trial_end(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_documents_come_back_as_they_were),
        cmocka_unit_test(test_duplicate_keys_are_refused),
        cmocka_unit_test(test_text_that_is_not_utf8_is_refused),
        cmocka_unit_test(test_lone_surrogates_and_nul_are_refused),
        cmocka_unit_test(test_what_is_no_json_is_refused),
        cmocka_unit_test(test_fractions_are_kept_as_text_for_refusing),
        cmocka_unit_test(test_depth_is_bounded),
        cmocka_unit_test(test_members_of_a_map_are_bounded),
        cmocka_unit_test(test_the_canonical_form_sorts_by_bytes),
        cmocka_unit_test(test_equal_values_are_equal_bytes),
        cmocka_unit_test(test_quoted_text_is_safe_inside_a_page),
        cmocka_unit_test(test_a_text_that_was_never_set_is_quoted_as_none),
        cmocka_unit_test(test_any_text_comes_back),
        cmocka_unit_test(test_writing_stops_at_the_ceiling_of_its_buffer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

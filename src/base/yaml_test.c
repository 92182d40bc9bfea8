#include <string.h>

#include "base/json.h"
#include "base/test.h"
#include "base/yaml.h"

static const struct value *read_ok(struct trial *t, const char *text)
{
    struct value *v = NULL;
    if (yaml_read(&t->cx, "t.yaml", str_of(text), &v) != OK) {
        fail_msg("refused: %s", t->cx.failure.detail.p);
    }
    return v;
}

static void reads_as(const char *text, const char *json)
{
    struct trial t;
    trial_begin(&t);
    assert_string_equal(json_write(t.arena, read_ok(&t, text)).p, json);
    trial_end(&t);
}

/* Refused with a detail that begins with where. */
static void refused_str(Str text, const char *where)
{
    struct trial t;
    trial_begin(&t);
    struct value *v = NULL;
    assert_int_equal(yaml_read(&t.cx, "t.yaml", text, &v), E_READ);
    assert_string_equal(t.cx.failure.code, "data-unreadable");
    if (!str_starts(t.cx.failure.detail, where)) {
        fail_msg("refused as %s, not at %s", t.cx.failure.detail.p, where);
    }
    assert_null(v);
    trial_end(&t);
}

static void refused(const char *text, const char *where)
{
    refused_str(str_of(text), where);
}

static void test_plain_scalars_get_their_kind(void **state)
{
    (void)state;
    reads_as("[true, false, null, 7, -12, 0]", "[true,false,null,7,-12,0]");
    reads_as("[yes, True, ~, 1.5, +7, 1e3, 0x1F]",
             "[\"yes\",\"True\",\"~\",\"1.5\",\"+7\",\"1e3\",\"0x1F\"]");
}

static void test_codes_keep_their_zeros(void **state)
{
    (void)state;
    reads_as("[0105, 007, -0, 00]", "[\"0105\",\"007\",\"-0\",\"00\"]");
}

static void test_numbers_end_where_int64_ends(void **state)
{
    (void)state;
    reads_as("[9223372036854775807, -9223372036854775808, 9223372036854775808]",
             "[9223372036854775807,-9223372036854775808,\"9223372036854775808\"]");
}

static void test_quoted_scalars_are_text(void **state)
{
    (void)state;
    reads_as("a: \"true\"\nb: '7'\nc: |\n  null\nd: \"\"\n",
             "{\"a\":\"true\",\"b\":\"7\",\"c\":\"null\\n\",\"d\":\"\"}");
}

static void test_a_key_without_value_is_empty_text(void **state)
{
    (void)state;
    reads_as("a:\nb: 1\n", "{\"a\":\"\",\"b\":1}");
}

static void test_a_procedure_reads_in_order(void **state)
{
    (void)state;
    reads_as("procedure: civil-first-instance-filing   # comment\n"
             "states:\n"
             "  draft:  {title: 草稿，尚未提交}\n"
             "  docketed: {title: 已立案, end: true}\n"
             "limit: 7 days\n"
             "tells: [court.reviewer, party.plaintiff]\n",
             "{\"procedure\":\"civil-first-instance-filing\",\"states\":{\"draft\":{\"title\":"
             "\"草稿，尚未提交\"},\"docketed\":{\"title\":\"已立案\",\"end\":true}},\"limit\":\"7 "
             "days\",\"tells\":[\"court.reviewer\",\"party.plaintiff\"]}");
}

static void test_values_know_their_lines(void **state)
{
    (void)state;
    struct trial t;
    trial_begin(&t);
    const struct value *v = read_ok(&t, "# head\na: 1\nb:\n  - x\n  - c: {d: 𠮷}\n");
    assert_int_equal(v->line, 2);
    assert_int_equal(value_at(v, "a")->line, 2);
    assert_int_equal(value_at(v, "b")->line, 4);
    assert_int_equal(value_at(v, "b.1")->line, 5);
    assert_int_equal(value_at(v, "b.1.c.d")->line, 5);
    assert_string_equal(value_as_str(value_at(v, "b.1.c.d")).p, "𠮷");
    trial_end(&t);
}

static void test_a_byte_order_mark_is_skipped(void **state)
{
    (void)state;
    reads_as("\xEF\xBB\xBF"
             "a: 1\n",
             "{\"a\":1}");
}

static void test_the_text_may_lack_a_last_line_end(void **state)
{
    (void)state;
    reads_as("a: 1\r\nb: 2", "{\"a\":1,\"b\":2}");
}

static void test_a_key_given_twice_is_refused_with_its_line(void **state)
{
    (void)state;
    refused("a: 1\nb: 2\na: 3\n", "t.yaml:3: key \"a\"");
    refused("x:\n  {a: 1, a: 2}\n", "t.yaml:2: key \"a\"");
}

static void test_anchors_aliases_and_tags_are_refused(void **state)
{
    (void)state;
    refused("a: &x 1\n", "t.yaml:1: anchors");
    refused("a: &x [1]\n", "t.yaml:1: anchors");
    refused("a: &x {b: 1}\n", "t.yaml:1: anchors");
    refused("b: 1\na: *x\n", "t.yaml:2: aliases");
    refused("a: !!str 1\n", "t.yaml:1: anchors and tags");
    refused("a: !mine {}\n", "t.yaml:1: anchors and tags");
    refused("a: ! []\n", "t.yaml:1: anchors and tags");
    refused("&k a: 1\n", "t.yaml:1: anchors");
}

static void test_keys_must_be_text(void **state)
{
    (void)state;
    refused("? [a, b]\n: 1\n", "t.yaml:1: a key must be text");
    refused("{a: 1}: 2\n", "t.yaml:1: a key must be text");
    refused("\"\": 2\n", "t.yaml:1: a key is empty");
}

static void test_one_document_only(void **state)
{
    (void)state;
    refused("a: 1\n---\nb: 2\n", "t.yaml:2: a second document");
    refused("", "t.yaml:1: there is nothing");
    refused("# only a remark\n", "t.yaml:1: there is nothing");
    reads_as("---\na: 1\n...\n", "{\"a\":1}");
}

static void test_broken_yaml_is_refused_with_its_line(void **state)
{
    (void)state;
    refused("a: 1\nb: [1, 2\nc: 3\n", "t.yaml:3: ");
    refused("a: 1\n b: 2\n", "t.yaml:2: ");
    refused("a: \"open\n", "t.yaml:2: ");
    refused("a: 1\nb: @x\n", "t.yaml:2: ");
    refused("a:\n\t- 1\n", "t.yaml:2: ");
    refused("a: 1\nb: 2\nc: \x01\n", "t.yaml:3: control");
}

static void test_text_that_is_not_utf8_is_refused(void **state)
{
    (void)state;
    refused("a: 1\nb: \xC0\xAF\n", "t.yaml:2: bytes that are not UTF-8");
    refused("b: \xED\xA0\x80\n", "t.yaml:1: bytes that are not UTF-8");
    refused("b: \xE8\xAF", "t.yaml:1: bytes that are not UTF-8");
    refused("\xFF\xFEx\n", "t.yaml:1: bytes that are not UTF-8");
    refused_str(STR("a: 1\nb: x\0y\n"), "t.yaml:2: bytes that are not UTF-8");
}

static void test_escapes_cannot_smuggle_nul_or_surrogates(void **state)
{
    (void)state;
    refused("a: \"x\\0y\"\n", "t.yaml:1: an escape");
    refused("a: \"\\uD83D\"\n", "t.yaml:1: ");
    reads_as("a: \"\\U00020BB7\"\n", "{\"a\":\"𠮷\"}");
}

static void nested(char *text, int depth)
{
    memset(text, '[', (size_t)depth);
    memset(text + depth, ']', (size_t)depth);
    text[2 * depth] = '\0';
}

static void test_depth_is_bounded(void **state)
{
    (void)state;
    static char text[20001];
    nested(text, VALUE_DEPTH_MAX + 1); /* the innermost list is at depth VALUE_DEPTH_MAX */
    struct trial t;
    trial_begin(&t);
    (void)read_ok(&t, text);
    trial_end(&t);
    nested(text, VALUE_DEPTH_MAX + 2);
    refused(text, "t.yaml:1: nested too deep");
    nested(text, 10000);
    refused(text, "t.yaml:1: nested too deep");
}

/* Every prefix of a good file is read or refused, never worse. */
static void test_every_prefix_is_answered(void **state)
{
    (void)state;
    const char *text = "a: [1, {b: \"诉\\t\"}]\nc: |\n  long\n  text\nd: >-\n  folded\n'e': {}\n";
    for (size_t n = 0; n <= strlen(text); n++) {
        struct trial t;
        trial_begin(&t);
        Str head = str_copy(t.arena, text, n);
        struct value *v = NULL;
        enum status status = yaml_read(&t.cx, "t.yaml", head, &v);
        assert_true(status == OK ? v != NULL : status == E_READ && v == NULL);
        trial_end(&t);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_plain_scalars_get_their_kind),
        cmocka_unit_test(test_codes_keep_their_zeros),
        cmocka_unit_test(test_numbers_end_where_int64_ends),
        cmocka_unit_test(test_quoted_scalars_are_text),
        cmocka_unit_test(test_a_key_without_value_is_empty_text),
        cmocka_unit_test(test_a_procedure_reads_in_order),
        cmocka_unit_test(test_values_know_their_lines),
        cmocka_unit_test(test_a_byte_order_mark_is_skipped),
        cmocka_unit_test(test_the_text_may_lack_a_last_line_end),
        cmocka_unit_test(test_a_key_given_twice_is_refused_with_its_line),
        cmocka_unit_test(test_anchors_aliases_and_tags_are_refused),
        cmocka_unit_test(test_keys_must_be_text),
        cmocka_unit_test(test_one_document_only),
        cmocka_unit_test(test_broken_yaml_is_refused_with_its_line),
        cmocka_unit_test(test_text_that_is_not_utf8_is_refused),
        cmocka_unit_test(test_escapes_cannot_smuggle_nul_or_surrogates),
        cmocka_unit_test(test_depth_is_bounded),
        cmocka_unit_test(test_every_prefix_is_answered),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

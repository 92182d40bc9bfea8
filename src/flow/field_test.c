#include <string.h>

#include "base/json.h"
#include "base/test.h"
#include "base/yaml.h"
#include "flow/field.h"
#include "law/tables_sample.h"

struct form_under_test {
    struct trial trial;
    struct field *fields;
    uint32_t count;
};

static int setup(void **state)
{
    static struct form_under_test f;
    trial_begin(&f.trial);
    *state = &f;
    return 0;
}

static int teardown(void **state)
{
    struct form_under_test *f = *state;
    trial_end(&f->trial);
    return 0;
}

/* A form out of a YAML list of fields. */
static void form_read(struct form_under_test *f, const char *yaml)
{
    struct cx *cx = &f->trial.cx;
    struct value *list = NULL;
    cx_forgive(cx);
    if (yaml_read(cx, "form", str_of(yaml), &list) != OK) {
        fail_msg("%s", cx->failure.detail.p);
    }
    f->count = value_count(list);
    f->fields = arena_array(f->trial.arena, struct field, f->count);
    for (uint32_t i = 0; i < f->count; i++) {
        if (field_read(cx, "form", value_item(list, i), &f->fields[i]) != OK) {
            fail_msg("%s", cx->failure.detail.p);
        }
    }
}

static void one_field(struct form_under_test *f, const char *rest)
{
    form_read(f, arena_printf(f->trial.arena, "- {name: x, title: 某项, %s}\n", rest));
}

static const struct value *json(struct form_under_test *f, const char *text)
{
    struct value *v = NULL;
    cx_forgive(&f->trial.cx);
    if (json_read(&f->trial.cx, str_of(text), &v) != OK) {
        fail_msg("%s: %s", text, f->trial.cx.failure.detail.p);
    }
    return v;
}

/* "path:code path:code", in the order of complaining; "" when nothing is wrong. */
static const char *faults(struct form_under_test *f, const struct value *values,
                          const struct value **normal)
{
    struct cx *cx = &f->trial.cx;
    struct field_world world = {.tables = tables_real(), .today = date_of(2026, 3, 2)};
    struct buf text;
    cx_forgive(cx);
    cx->failure.errors = NULL;
    const struct value *kept = fields_check(cx, f->fields, f->count, &world, values, STR(""));
    buf_init(&text, f->trial.arena, 100000);
    for (uint32_t i = 0; i < value_count(cx->failure.errors); i++) {
        const struct value *error = value_item(cx->failure.errors, i);
        buf_printf(&text, "%s%s:%s", i == 0 ? "" : " ", value_get_str(error, "field").p,
                   value_get_str(error, "code").p);
        assert_true(value_get_str(error, "title").n > 0); /* people are told in words */
    }
    cx->failure.errors = NULL;
    if (normal != NULL) {
        *normal = kept;
    }
    return buf_done(&text).p;
}

static const char *faults_of(struct form_under_test *f, const char *text)
{
    return faults(f, json(f, text), NULL);
}

/* What is kept of values that pass, as JSON. */
static const char *kept(struct form_under_test *f, const char *text)
{
    const struct value *normal = NULL;
    assert_string_equal(faults(f, json(f, text), &normal), "");
    return json_write(f->trial.arena, normal).p;
}

#define fine(f, text)         assert_string_equal(faults_of(f, text), "")
#define wrong(f, text, fault) assert_string_equal(faults_of(f, text), fault)

static const char *repeated(struct arena *arena, const char *part, size_t count)
{
    struct buf text;
    buf_init(&text, arena, (size_t)8 << 20);
    for (size_t i = 0; i < count; i++) {
        buf_text(&text, part);
    }
    return buf_done(&text).p;
}

static const char *x_of(struct form_under_test *f, const char *text)
{
    return arena_printf(f->trial.arena, "{\"x\":\"%s\"}", text);
}

/* --- texts --- */

static void test_a_text_is_trimmed_and_counted_in_characters(void **state)
{
    struct form_under_test *f = *state;
    one_field(f, "type: text, max_length: 3, example: 甲");
    assert_string_equal(kept(f, "{\"x\":\" 　甲乙丙 \\n\"}"), "{\"x\":\"甲乙丙\"}");
    wrong(f, "{\"x\":\"甲乙丙丁\"}", "x:too-long");
    wrong(f, "{\"x\":7}", "x:type");
    wrong(f, "{\"x\":[\"甲\"]}", "x:type");
    one_field(f, "type: text, example: 甲");
    fine(f, x_of(f, repeated(f->trial.arena, "汉", 200)));
    wrong(f, x_of(f, repeated(f->trial.arena, "汉", 201)), "x:too-long");
    one_field(f, "type: long-text, example: 甲");
    fine(f, x_of(f, repeated(f->trial.arena, "汉", 20000)));
    wrong(f, x_of(f, repeated(f->trial.arena, "汉", 20001)), "x:too-long");
}

static void test_rare_characters_of_names_stay_as_they_are(void **state)
{
    struct form_under_test *f = *state;
    one_field(f, "type: text, max_length: 5, required: true, example: 甲");
    assert_string_equal(kept(f, "{\"x\":\"王𠮷㼆𬭩\"}"), "{\"x\":\"王𠮷㼆𬭩\"}");
    assert_string_equal(kept(f, "{\"x\":\"\\ud842\\udfb7\"}"), "{\"x\":\"𠮷\"}");
    assert_string_equal(kept(f, "{\"x\":\"阿·买\"}"), "{\"x\":\"阿·买\"}");
}

static void test_what_cannot_be_shown_is_refused(void **state)
{
    struct form_under_test *f = *state;
    one_field(f, "type: text, example: 甲");
    wrong(f, "{\"x\":\"甲\\u0007乙\"}", "x:characters");
    wrong(f, "{\"x\":\"甲\\u007f乙\"}", "x:characters");
    wrong(f, "{\"x\":\"甲\\u0085乙\"}", "x:characters");
    wrong(f, "{\"x\":\"甲\\u202e乙\"}", "x:characters"); /* turns the direction of reading */
    wrong(f, "{\"x\":\"甲\\u2028乙\"}", "x:characters");
    wrong(f, "{\"x\":\"甲\\ufeff乙\"}", "x:characters");
    wrong(f, "{\"x\":\"甲\\n乙\"}", "x:characters"); /* one line */
    wrong(f, "{\"x\":\"甲\\t乙\"}", "x:characters");
    one_field(f, "type: long-text, example: 甲");
    fine(f, "{\"x\":\"甲\\n乙\\t丙\"}");
}

/* --- missing and unknown --- */

static void test_what_is_required_is_missed_and_blank_is_missing(void **state)
{
    struct form_under_test *f = *state;
    one_field(f, "type: text, required: true, example: 甲");
    wrong(f, "{}", "x:missing");
    wrong(f, "{\"x\":null}", "x:missing");
    wrong(f, "{\"x\":\"\"}", "x:missing");
    wrong(f, "{\"x\":\" 　 \"}", "x:missing");
    one_field(f, "type: money, required: true, example: 1");
    fine(f, "{\"x\":0}"); /* nothing is an amount */
    one_field(f, "type: yes-no, required: true, example: true");
    fine(f, "{\"x\":false}"); /* no is an answer */
    one_field(f, "type: text, example: 甲");
    assert_string_equal(kept(f, "{\"x\":\" \"}"), "{}");
}

static void test_the_parts_of_a_missing_group_are_each_named(void **state)
{
    struct form_under_test *f = *state;
    form_read(f, "- {name: g, title: 组, type: group, required: true, fields: [\n"
                 "   {name: a, title: 甲, type: text, required: true, example: 甲},\n"
                 "   {name: b, title: 乙, type: text, example: 乙},\n"
                 "   {name: c, title: 丙, type: choice, required: true, options: [一, 二], "
                 "example: 一}]}\n");
    wrong(f, "{}", "g.a:missing g.c:missing");
    wrong(f, "{\"g\":{\"b\":\"乙\"}}", "g.a:missing g.c:missing");
    wrong(f, "{\"g\":\"甲\"}", "g:type");
    wrong(f, "{\"g\":[\"甲\"]}", "g:type");
    fine(f, "{\"g\":{\"a\":\"甲\",\"c\":\"二\"}}");
}

static void test_values_that_are_no_map_are_refused_as_a_whole(void **state)
{
    struct form_under_test *f = *state;
    one_field(f, "type: text, required: true, example: 甲");
    wrong(f, "[1,2]", ":type x:missing");
    wrong(f, "\"x\"", ":type x:missing");
}

static void test_unknown_fields_are_named_at_every_depth(void **state)
{
    struct form_under_test *f = *state;
    form_read(f, "- {name: g, title: 组, type: group, fields: [\n"
                 "   {name: a, title: 甲, type: text, example: 甲}]}\n"
                 "- {name: l, title: 列, type: list, fields: [\n"
                 "   {name: b, title: 乙, type: text, example: 乙}]}\n");
    wrong(f, "{\"z\":1,\"g\":{\"y\":2},\"l\":[{\"b\":\"乙\"},{\"x\":3}]}",
          "z:unknown g.y:unknown l.1.x:unknown");
    assert_string_equal(kept(f, "{\"l\":[{\"b\":\" 乙 \"}]}"), "{\"l\":[{\"b\":\"乙\"}]}");
}

/* --- numbers, money, rates --- */

static void test_numbers_keep_their_limits(void **state)
{
    struct form_under_test *f = *state;
    one_field(f, "type: number, min: 1, max: 30, example: 15");
    fine(f, "{\"x\":1}");
    fine(f, "{\"x\":30}");
    wrong(f, "{\"x\":0}", "x:too-small");
    wrong(f, "{\"x\":31}", "x:too-large");
    wrong(f, "{\"x\":-9223372036854775807}", "x:too-small");
    wrong(f, "{\"x\":\"15\"}", "x:type");
    wrong(f, "{\"x\":1.5}", "x:type");
    wrong(f, "{\"x\":true}", "x:type");
}

static void test_money_is_whole_fen_within_its_limits(void **state)
{
    struct form_under_test *f = *state;
    one_field(f, "type: money, example: 100");
    fine(f, "{\"x\":5000000}");
    wrong(f, "{\"x\":-1}", "x:too-small");
    wrong(f, "{\"x\":9223372036854775807}", "x:too-large");
    wrong(f, "{\"x\":100.5}", "x:type");
    wrong(f, "{\"x\":\"100\"}", "x:type");
    wrong(f, "{\"x\":\"10000000000000000\"}", "x:too-large"); /* 10^16 yuan, as a form left it */
    wrong(f, "{\"x\":\"10,000,000,000,000,000.00\"}", "x:too-large");
    wrong(f, "{\"x\":\"0000000000000000000100\"}", "x:type");
    wrong(f, "{\"x\":\"1000000000000000000a\"}", "x:type");
    one_field(f, "type: money, min: 100, max: 200, example: 100");
    wrong(f, "{\"x\":99}", "x:too-small");
    wrong(f, "{\"x\":201}", "x:too-large");
}

static void test_a_rate_is_decimal_text(void **state)
{
    static const char *const good[] = {"12", "3.85", "0", "0.05", "24.1234", "9999"};
    static const char *const bad[] = {"12%", "1e3",   ".",       "1.2.3", "-1",
                                      "1,5", "12345", "1.12345", "一"};
    struct form_under_test *f = *state;
    one_field(f, "type: rate, example: \"3.85\"");
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        fine(f, x_of(f, good[i]));
    }
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        wrong(f, x_of(f, bad[i]), "x:rate");
    }
    wrong(f, "{\"x\":3}", "x:type");
    one_field(f, "type: rate, unit: 小时, example: \"2.5\"");
    fine(f, "{\"x\":\"0.5\"}");
    wrong(f, "{\"x\":\"两小时\"}", "x:rate");
}

/* --- dates --- */

static void test_dates_must_exist(void **state)
{
    struct form_under_test *f = *state;
    one_field(f, "type: date, example: \"2026-03-02\"");
    fine(f, "{\"x\":\"2024-02-29\"}");
    wrong(f, "{\"x\":\"2025-02-29\"}", "x:date");
    wrong(f, "{\"x\":\"2026-3-2\"}", "x:date");
    wrong(f, "{\"x\":\"1899-12-31\"}", "x:date");
    wrong(f, "{\"x\":\"2201-01-01\"}", "x:date");
    wrong(f, "{\"x\":20260302}", "x:type");
    form_read(f, "- {name: birth, title: 出生日期, type: date, example: \"1949-12-31\"}\n");
    fine(f, "{\"birth\":\"2026-03-02\"}");
    wrong(f, "{\"birth\":\"2026-03-03\"}", "birth:future");
    one_field(f, "type: datetime, example: \"2026-03-02T10:20:00+08:00\"");
    fine(f, "{\"x\":\"2026-03-02T10:20:00+08:00\"}");
    assert_string_equal(kept(f, "{\"x\":\"2026-03-02T02:20:00Z\"}"),
                        "{\"x\":\"2026-03-02T10:20:00+08:00\"}");
    wrong(f, "{\"x\":\"2026-03-02\"}", "x:date");
    wrong(f, "{\"x\":\"2026-03-02T25:20:00+08:00\"}", "x:date");
}

/* --- choices --- */

static void test_only_what_is_offered_can_be_chosen(void **state)
{
    struct form_under_test *f = *state;
    one_field(f, "type: choice, options: {a: 甲, b: 乙}, example: a");
    fine(f, "{\"x\":\"b\"}");
    wrong(f, "{\"x\":\"c\"}", "x:choice");
    wrong(f, "{\"x\":\"甲\"}", "x:choice");
    wrong(f, "{\"x\":[\"a\"]}", "x:type");
    one_field(f, "type: choices, required: true, options: [a, b], example: [a]");
    fine(f, "{\"x\":[\"a\",\"b\"]}");
    wrong(f, "{\"x\":[]}", "x:missing");
    wrong(f, "{\"x\":[\"a\",\"c\"]}", "x:choice");
    wrong(f, "{\"x\":[\"a\",\"a\"]}", "x:choice");
    wrong(f, "{\"x\":[\"a\",7]}", "x:choice");
    wrong(f, "{\"x\":\"a\"}", "x:type");
    one_field(f, "type: yes-no, example: true");
    wrong(f, "{\"x\":\"yes\"}", "x:type");
    wrong(f, "{\"x\":1}", "x:type");
}

/* --- identifiers --- */

static void test_identity_numbers_are_checked_by_their_kind(void **state)
{
    struct form_under_test *f = *state;
    one_field(f, "type: identity, required: true, example: 11010519491231002X");
    assert_string_equal(kept(f, "{\"x\":\"11010519491231002x\"}"),
                        "{\"x\":{\"type\":\"resident-id\",\"number\":\"11010519491231002X\"}}");
    fine(f, "{\"x\":{\"type\":\"resident-id\",\"number\":\"440524188001010014\"}}");
    wrong(f, "{\"x\":\"110105194912310021\"}", "x:identity"); /* check digit */
    wrong(f, "{\"x\":\"11010519900230001X\"}", "x:identity"); /* 30 February */
    wrong(f, "{\"x\":{\"type\":\"resident-id\"}}", "x:missing");
    wrong(f, "{\"x\":{\"type\":\"licence\",\"number\":\"1\"}}", "x:choice");
    wrong(f, "{\"x\":{\"number\":\"11010519491231002X\"}}", "x:choice");
    wrong(f, "{\"x\":11010519491231002}", "x:type");
    wrong(f, "{}", "x:missing");
}

static void test_phones_accounts_and_mail_are_checked(void **state)
{
    struct form_under_test *f = *state;
    one_field(f, "type: phone, example: \"13800138000\"");
    assert_string_equal(kept(f, "{\"x\":\"+86 138 0013 8000\"}"), "{\"x\":\"13800138000\"}");
    wrong(f, "{\"x\":\"1380013800\"}", "x:phone");
    wrong(f, "{\"x\":13800138000}", "x:type");
    one_field(f, "type: bank-account, example: \"6222021100012345671\"");
    fine(f, "{\"x\":\"6222021100012345671\"}");
    wrong(f, "{\"x\":\"甲\"}", "x:bank-account");
    one_field(f, "type: email, example: lin@example.com");
    fine(f, "{\"x\":\"lin@example.com\"}");
    wrong(f, "{\"x\":\"lin@\"}", "x:email");
}

static void test_courts_causes_and_case_numbers_become_codes(void **state)
{
    struct form_under_test *f = *state;
    one_field(f, "type: court, example: 京0105");
    assert_string_equal(kept(f, "{\"x\":\"北京市朝阳区人民法院\"}"), "{\"x\":\"京0105\"}");
    wrong(f, "{\"x\":\"朝阳\"}", "x:unknown");
    wrong(f, "{\"x\":105}", "x:type");
    one_field(f, "type: cause, example: 民间借贷纠纷");
    assert_string_equal(kept(f, "{\"x\":\" 民间借贷纠纷 \"}"), "{\"x\":\"C04-10-108-03\"}");
    wrong(f, "{\"x\":\"吵架纠纷\"}", "x:unknown");
    wrong(f, "{\"x\":[]}", "x:type");
    wrong(f, "{\"x\":{\"code\":\"C\"}}", "x:type");
    one_field(f, "type: case-number, example: （2025）京0105民初12345号");
    assert_string_equal(kept(f, "{\"x\":\"(2025)京0105民初12345号\"}"),
                        "{\"x\":\"（2025）京0105民初12345号\"}");
    wrong(f, "{\"x\":\"2025年第5号\"}", "x:case-number");
    wrong(f, "{\"x\":5}", "x:type");
}

static void test_addresses_and_signatures_keep_only_their_own_parts(void **state)
{
    struct form_under_test *f = *state;
    one_field(f, "type: address, example: 建国路1号");
    fine(f, "{\"x\":\"北京市朝阳区建国路1号\"}");
    assert_string_equal(
        kept(f, "{\"x\":{\"division\":\"110105\",\"detail\":\"建国路1号\",\"more\":{\"a\":[1]}}}"),
        "{\"x\":{\"division\":\"110105\",\"detail\":\"建国路1号\"}}");
    wrong(f, "{\"x\":{\"division\":\"999999\",\"detail\":\"建国路1号\"}}", "x:division");
    wrong(f, "{\"x\":{\"detail\":\"建国路\\u0007\"}}", "x:characters");
    wrong(f, "{\"x\":[\"建国路1号\"]}", "x:type");
    wrong(f, x_of(f, repeated(f->trial.arena, "路", 301)), "x:too-long");
    one_field(f,
              "type: signature, required: true, example: {method: typed, name: 林, code: \"1\"}");
    assert_string_equal(
        kept(f, "{\"x\":{\"method\":\"typed\",\"name\":\"林\",\"code\":\"000000\",\"by\":\"我\"}}"),
        "{\"x\":{\"method\":\"typed\",\"name\":\"林\",\"code\":\"000000\"}}");
    wrong(f, "{\"x\":{\"method\":\"typed\",\"name\":\"林\"}}", "x:missing");
    wrong(f, "{\"x\":{\"method\":\"typed\",\"name\":\"林\\u202e\",\"code\":\"1\"}}",
          "x:characters");
    wrong(f, "{\"x\":{\"method\":\"typed\",\"name\":\"林\",\"code\":\"1234567890123\"}}",
          "x:too-long");
    wrong(f, "{\"x\":{\"method\":\"drawn\"}}", "x:missing");
    wrong(f, "{\"x\":{\"method\":\"drawn\",\"png\":\"bm90IGEgcG5n\"}}", "x:signature");
    wrong(f, "{\"x\":{\"method\":\"drawn\",\"png\":\"iVBORw0KGgo=\"}}", "x:signature");
    fine(f, "{\"x\":{\"method\":\"drawn\",\"png\":\"iVBORw0KGgoAAAANSUhEUgAAAAIAAAABCAYAAAD0In+"
            "KAAAAC0lEQVR4nGNggAIAAAkAAftSuKkAAAAASUVORK5CYII=\"}}");
    wrong(f, /* all its sums hold, but half a row is missing */
          "{\"x\":{\"method\":\"drawn\",\"png\":\"iVBORw0KGgoAAAANSUhEUgAAAAIAAAABCAYAAAD0In+"
          "KAAAAC0lEQVR4nGNgAAIAAAUAAXpeqz8AAAAASUVORK5CYII=\"}}",
          "x:signature");
    wrong(f, "{\"x\":{\"method\":\"stamped\"}}", "x:choice");
    wrong(f, "{\"x\":\"林\"}", "x:type");
    wrong(f,
          arena_printf(f->trial.arena, "{\"x\":{\"method\":\"drawn\",\"png\":\"iVBORw0KGgo%s\"}}",
                       repeated(f->trial.arena, "AAAAAAAAAAAAAAAA", 12801)),
          "x:too-long");
    wrong(f, "{\"x\":{\"method\":\"photo\",\"material\":1}}", "x:choice");
    one_field(f, "type: signature, required: true, drawn: true, example: {method: photo, material: "
                 "1}");
    assert_string_equal(kept(f, "{\"x\":{\"method\":\"photo\",\"material\":1,\"png\":\"iVBO\"}}"),
                        "{\"x\":{\"method\":\"photo\",\"material\":1}}");
    wrong(f, "{\"x\":{\"method\":\"photo\"}}", "x:missing");
    wrong(f, "{\"x\":{\"method\":\"photo\",\"material\":0}}", "x:missing");
    wrong(f, "{\"x\":{\"method\":\"photo\",\"material\":\"1\"}}", "x:missing");
}

/* --- conditions --- */

static void test_a_condition_decides_whether_a_field_is_there(void **state)
{
    struct form_under_test *f = *state;
    form_read(f,
              "- {name: g, title: 组, type: group, fields: [\n"
              "   {name: kind, title: 种类, type: choice, options: [call, mail], example: call},\n"
              "   {name: phone, title: 电话, type: phone, required: true,\n"
              "    when: {field: kind, in: [call]}, example: \"13800138000\"},\n"
              "   {name: rush, title: 加急, type: yes-no, example: true},\n"
              "   {name: why, title: 原因, type: text, required: true,\n"
              "    when: {field: rush, in: [true]}, example: 急}]}\n");
    wrong(f, "{\"g\":{\"kind\":\"call\"}}", "g.phone:missing");
    fine(f, "{\"g\":{\"kind\":\"mail\"}}");
    /* What does not apply is neither checked nor kept. */
    assert_string_equal(kept(f, "{\"g\":{\"kind\":\"mail\",\"phone\":\"1\"}}"),
                        "{\"g\":{\"kind\":\"mail\"}}");
    wrong(f, "{\"g\":{\"kind\":\"call\",\"phone\":\"1\"}}", "g.phone:phone");
    wrong(f, "{\"g\":{\"rush\":true}}", "g.why:missing");
    fine(f, "{\"g\":{\"rush\":false}}");
    fine(f, "{\"g\":{\"phone\":\"1\"}}"); /* nothing chosen: no condition holds */
}

static void test_of_several_choices_one_holds_a_condition(void **state)
{
    struct form_under_test *f = *state;
    static const char *const in[] = {"profit", "true"};
    struct value *list = value_list(f->trial.arena);
    assert_false(field_value_in(list, in, 2));
    value_add(f->trial.arena, list, value_text(f->trial.arena, "loss"));
    assert_false(field_value_in(list, in, 2));
    value_add(f->trial.arena, list, value_text(f->trial.arena, "profit"));
    assert_true(field_value_in(list, in, 2));
    assert_true(field_value_in(value_text(f->trial.arena, "profit"), in, 2));
    assert_true(field_value_in(value_bool(f->trial.arena, true), in, 2));
    assert_false(field_value_in(NULL, in, 2));
}

/* --- lists --- */

static const char LIST[] = "- {name: l, title: 列, type: list, required: true, min: 1, "
                           "example: [{n: 甲}],\n"
                           "   fields: [{name: n, title: 名, type: text, required: true, "
                           "example: 甲}]}\n";

static const char *list_of(struct form_under_test *f, size_t count)
{
    const char *rest = count == 0 ? "" : repeated(f->trial.arena, "{\"n\":\"甲\"},", count - 1);
    return arena_printf(f->trial.arena, "{\"l\":[%s%s]}", rest, count == 0 ? "" : "{\"n\":\"甲\"}");
}

static void test_lists_of_none_two_hundred_and_a_hundred_thousand(void **state)
{
    struct form_under_test *f = *state;
    form_read(f, LIST);
    wrong(f, list_of(f, 0), "l:too-few");
    fine(f, list_of(f, 1));
    fine(f, list_of(f, 200));
    wrong(f, list_of(f, 201), "l:too-many");
    struct value *huge = value_list(f->trial.arena);
    struct value *row = value_map(f->trial.arena);
    struct value *values = value_map(f->trial.arena);
    for (int i = 0; i < 100000; i++) {
        value_add(f->trial.arena, huge, row);
    }
    value_set(f->trial.arena, values, "l", huge);
    assert_string_equal(faults(f, values, NULL), "l:too-many"); /* once, not 100,000 times */
}

static void test_rows_of_a_list_are_checked_each_at_its_place(void **state)
{
    struct form_under_test *f = *state;
    form_read(f, LIST);
    wrong(f, "{\"l\":[{\"n\":\"甲\"},{},{\"n\":7},\"甲\",null,[]]}",
          "l.1.n:missing l.2.n:type l.3:type l.4:type l.5:type");
    wrong(f, "{\"l\":{\"0\":{\"n\":\"甲\"}}}", "l:type");
    wrong(f, "{\"l\":\"甲\"}", "l:type");
    wrong(f, "{}", "l:missing");
}

/* --- examples, views, forms of pages --- */

static void test_examples_pass_their_own_checks(void **state)
{
    struct form_under_test *f = *state;
    form_read(f, "- {name: g, title: 组, type: group, fields: [\n"
                 "   {name: kind, title: 种类, type: choice, options: [a, b], example: b},\n"
                 "   {name: one, title: 一, type: text, required: true,\n"
                 "    when: {field: kind, in: [a]}, example: 一},\n"
                 "   {name: two, title: 二, type: text, required: true,\n"
                 "    when: {field: kind, in: [b]}, example: 二}]}\n"
                 "- {name: l, title: 列, type: list, required: true, example: [{n: 甲}],\n"
                 "   fields: [{name: n, title: 名, type: text, example: 甲}]}\n");
    struct value *example = fields_example(f->trial.arena, f->fields, f->count);
    assert_string_equal(json_write(f->trial.arena, example).p,
                        "{\"g\":{\"kind\":\"b\",\"two\":\"二\"},\"l\":[{\"n\":\"甲\"}]}");
    assert_string_equal(faults(f, example, NULL), "");
}

static void test_a_view_says_all_a_program_must_know(void **state)
{
    struct form_under_test *f = *state;
    form_read(f, "- {name: g, title: 组, type: group, help: 怎么填, law: x@2023 1, fields: [\n"
                 "   {name: k, title: 种类, type: choice, options: {a: 甲}, example: a},\n"
                 "   {name: n, title: 数, type: number, min: 1, max: 9, example: 1,\n"
                 "    when: {field: k, in: [a]}},\n"
                 "   {name: t, title: 文, type: text, max_length: 5, example: 文}]}\n");
    struct value *view = field_view(f->trial.arena, &f->fields[0]);
    assert_string_equal(value_get_str(view, "type").p, "group");
    assert_string_equal(value_get_str(view, "help").p, "怎么填");
    assert_string_equal(value_as_str(value_at(view, "fields.0.options.0.title")).p, "甲");
    assert_int_equal(value_as_int(value_at(view, "fields.1.max")), 9);
    assert_string_equal(value_as_str(value_at(view, "fields.1.when.in.0")).p, "a");
    assert_int_equal(value_as_int(value_at(view, "fields.2.max_length")), 5);
    assert_string_equal(value_as_str(value_at(view, "fields.2.example")).p, "文");
}

static const char *from_form(struct form_under_test *f, const char *text)
{
    struct value *values = fields_from_form(f->trial.arena, f->fields, f->count, json(f, text));
    return json_write(f->trial.arena, values).p;
}

static void test_texts_of_a_page_become_what_the_fields_want(void **state)
{
    struct form_under_test *f = *state;
    form_read(f, "- {name: m, title: 钱, type: money, example: 1}\n"
                 "- {name: n, title: 数, type: number, example: 1}\n"
                 "- {name: y, title: 是, type: yes-no, example: true}\n"
                 "- {name: c, title: 选, type: choices, options: [a, b], example: [a]}\n"
                 "- {name: t, title: 文, type: text, example: 文}\n"
                 "- {name: l, title: 列, type: list, fields: [\n"
                 "   {name: k, title: 数, type: number, example: 1}]}\n");
    assert_string_equal(from_form(f, "{\"m\":\"50,000.00\",\"n\":\" 15 \",\"y\":\"no\",\"c\":\"a\","
                                     "\"t\":\"12\",\"l\":[{\"k\":\"7\"},{\"k\":\"\"}]}"),
                        "{\"m\":5000000,\"n\":15,\"y\":false,\"c\":[\"a\"],\"t\":\"12\","
                        "\"l\":[{\"k\":7}]}");
    /* What does not fit stays as it was typed, is complained of and shown again. */
    assert_string_equal(from_form(f, "{\"m\":\"五万\",\"n\":\"1.5\",\"y\":\"maybe\"}"),
                        "{\"m\":\"五万\",\"n\":\"1.5\",\"y\":\"maybe\"}");
    assert_string_equal(from_form(f, "{\"z\":\"1\"}"), "{\"z\":\"1\"}");
}

static void test_a_page_sending_the_wrong_shapes_is_complained_of(void **state)
{
    struct form_under_test *f = *state;
    form_read(f, "- {name: g, title: 组, type: group, fields: [\n"
                 "   {name: k, title: 数, type: number, example: 1}]}\n"
                 "- {name: l, title: 列, type: list, fields: [\n"
                 "   {name: k, title: 数, type: number, example: 1}]}\n");
    const char *text = "{\"g\":[\"1\"],\"l\":[[\"1\",\"2\"],\"3\",{\"k\":[\"4\"]}]}";
    struct value *values = fields_from_form(f->trial.arena, f->fields, f->count, json(f, text));
    assert_string_equal(faults(f, values, NULL), "g:type l.0:type l.1:type l.2.k:type");
    (void)from_form(f, "{\"g\":\"1\",\"l\":\"2\"}");
    assert_string_equal(from_form(f, "[\"1\"]"), "{}");
}

static struct value *stars(struct cx *cx, void *arg, const struct field *field,
                           const struct field_place *place, const struct value *leaf)
{
    (void)field;
    (void)leaf;
    *(uint32_t *)arg += 1;
    return value_str(cx->arena,
                     str_printf(cx->arena, "*%s*", field_place_path(cx->arena, place).p));
}

static void test_sensitive_leaves_are_found_wherever_they_are(void **state)
{
    struct form_under_test *f = *state;
    uint32_t calls = 0;
    form_read(f,
              "- {name: p, title: 电, type: phone, example: \"13800138000\"}\n"
              "- {name: t, title: 文, type: text, example: 文}\n"
              "- {name: l, title: 列, type: list, fields: [\n"
              "   {name: i, title: 证, type: identity, example: 11010519491231002X},\n"
              "   {name: g, title: 组, type: group, fields: [\n"
              "     {name: b, title: 账, type: bank-account, example: \"6222021100012345671\"}]}\n"
              "   ]}\n");
    struct value *mapped = fields_map_sensitive(
        &f->trial.cx, f->fields, f->count,
        json(f,
             "{\"p\":\"1\",\"t\":\"文\",\"u\":\"x\",\"l\":[{\"i\":{\"number\":\"2\"},\"g\":{\"b\":"
             "\"3\"}},\"odd\",{\"i\":null}]}"),
        stars, &calls);
    assert_string_equal(
        json_write(f->trial.arena, mapped).p,
        "{\"p\":\"*p*\",\"t\":\"文\",\"u\":\"x\",\"l\":[{\"i\":\"*l.0.i*\",\"g\":{\"b\":"
        "\"*l.0.g.b*\"}},\"odd\",{\"i\":null}]}");
    assert_int_equal(calls, 3);
}

#define test(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        test(test_a_text_is_trimmed_and_counted_in_characters),
        test(test_rare_characters_of_names_stay_as_they_are),
        test(test_what_cannot_be_shown_is_refused),
        test(test_what_is_required_is_missed_and_blank_is_missing),
        test(test_the_parts_of_a_missing_group_are_each_named),
        test(test_values_that_are_no_map_are_refused_as_a_whole),
        test(test_unknown_fields_are_named_at_every_depth),
        test(test_numbers_keep_their_limits),
        test(test_money_is_whole_fen_within_its_limits),
        test(test_a_rate_is_decimal_text),
        test(test_dates_must_exist),
        test(test_only_what_is_offered_can_be_chosen),
        test(test_identity_numbers_are_checked_by_their_kind),
        test(test_phones_accounts_and_mail_are_checked),
        test(test_courts_causes_and_case_numbers_become_codes),
        test(test_addresses_and_signatures_keep_only_their_own_parts),
        test(test_a_condition_decides_whether_a_field_is_there),
        test(test_of_several_choices_one_holds_a_condition),
        test(test_lists_of_none_two_hundred_and_a_hundred_thousand),
        test(test_rows_of_a_list_are_checked_each_at_its_place),
        test(test_examples_pass_their_own_checks),
        test(test_a_view_says_all_a_program_must_know),
        test(test_texts_of_a_page_become_what_the_fields_want),
        test(test_a_page_sending_the_wrong_shapes_is_complained_of),
        test(test_sensitive_leaves_are_found_wherever_they_are),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

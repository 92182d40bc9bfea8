#include "web/page_trial.h"
#include "web/page_words.h"

static const char *said(struct page_trial *t, const char *field, const char *value)
{
    struct words words = {.arena = t->trial.arena, .tables = tables_real()};
    trial_form(t, arena_printf(t->trial.arena, "- {name: x, title: 某项, %s}\n", field));
    return words_of(&words, &t->fields[0], trial_json(t, value)).p;
}

static void test_values_are_said_as_people_say_them(void **state)
{
    struct page_trial *t = *state;
    assert_string_equal(said(t, "type: money, example: 1", "5000000"), "50,000.00 元");
    assert_string_equal(said(t, "type: date, example: \"2026-03-02\"", "\"2026-03-02\""),
                        "2026年3月2日");
    assert_string_equal(said(t, "type: rate, example: \"12\"", "\"12\""), "年利率 12%");
    assert_string_equal(said(t, "type: rate, unit: 小时, example: \"12\"", "\"2.5\""), "2.5 小时");
    assert_string_equal(said(t, "type: yes-no, example: true", "false"), "否");
    assert_string_equal(said(t, "type: court, example: 京0105", "\"京0105\""),
                        "北京市朝阳区人民法院");
    assert_string_equal(said(t,
                             "type: choices, options: [{value: a, title: 甲}, {value: b, title: "
                             "乙}], example: [a]",
                             "[\"a\",\"b\"]"),
                        "甲、乙");
    assert_string_equal(said(t, "type: address, example: 某处",
                             "{\"division\":\"110105\",\"detail\":\"建国路1号\"}"),
                        "北京市朝阳区建国路1号");
    assert_string_equal(said(t, "type: identity, example: 11010519491231002X",
                             "{\"type\":\"resident-id\",\"number\":\"11010519491231002X\"}"),
                        "居民身份证 11010519491231002X");
}

static void test_what_was_not_said_is_nothing(void **state)
{
    struct page_trial *t = *state;
    assert_string_equal(said(t, "type: money, example: 1", "null"), "");
    assert_string_equal(said(t, "type: address, example: 某处", "{\"detail\":\"\"}"), "");
    assert_string_equal(said(t, "type: choices, options: [a], example: [a]", "[]"), "");
    /* and what is wrong is said as it was typed */
    assert_string_equal(said(t, "type: money, example: 1", "\"五万\""), "五万");
    assert_string_equal(said(t, "type: date, example: \"2026-03-02\"", "\"去年\""), "去年");
}

static const char claim[] =
    "- {name: cause, title: 案由, type: cause, example: 民间借贷纠纷}\n"
    "- name: claim\n  title: 请求\n  type: group\n  fields:\n"
    "    - {name: requests, title: 诉讼请求, type: list, required: true, example: [{text: 甲}], "
    "fields: [{name: text, title: 内容, type: text, required: true, example: 甲}]}\n"
    "    - {name: amount, title: 标的额, type: money, required: true, example: 1}\n"
    "    - {name: place, title: 履行地, type: text, example: 某处}\n"
    "- name: parties\n  title: 当事人\n  type: list\n  fields:\n"
    "    - {name: role, title: 地位, type: choice, options: [{value: p, title: 原告}], example: p}\n"
    "    - {name: name, title: 姓名, type: text, example: 甲}\n"
    "- {name: sign, title: 签名, type: signature, example: {method: typed, name: 甲, code: \"1\"}}\n";

static struct value *summary(struct page_trial *t, const struct words *words, const char *values)
{
    const struct field **fields = arena_array(t->trial.arena, const struct field *, t->count);
    for (uint32_t i = 0; i < t->count; i++) {
        fields[i] = &t->fields[i];
    }
    return words_summary(words, fields, t->count, trial_json(t, values));
}

static void test_a_summary_says_everything_in_sections(void **state)
{
    struct page_trial *t = *state;
    struct words words = {.arena = t->trial.arena, .tables = tables_real()};
    trial_form(t, claim);
    const struct value *v =
        summary(t, &words,
                "{\"cause\":\"C04-10-108-03\",\"claim\":{\"requests\":[{\"text\":"
                "\"还钱\"},{\"text\":\"付息\"}],\"amount\":100},"
                "\"parties\":[{\"role\":\"p\",\"name\":\"林晓舟\"}]}");
    assert_int_equal(value_count(v), 3);
    assert_string_equal(trial_at(t, v, "0.rows.0.text"), "民间借贷纠纷");
    assert_string_equal(trial_at(t, v, "1.rows.0.text"), "一、还钱\n二、付息");
    assert_string_equal(trial_at(t, v, "1.rows.1.text"), "1.00 元");
    assert_int_equal(value_count(value_at(v, "1.rows")), 2); /* the place was not said */
    assert_string_equal(trial_at(t, v, "2.items.0.title"), "原告");
    assert_string_equal(trial_at(t, v, "2.items.0.rows.1.text"), "林晓舟");
}

static void test_before_signing_what_is_missing_is_said_and_can_be_mended(void **state)
{
    struct page_trial *t = *state;
    struct words words = {.arena = t->trial.arena,
                          .tables = tables_real(),
                          .edit = "/matters/1/edit/",
                          .blanks = true};
    trial_form(t, claim);
    const struct value *v = summary(t, &words, "{}");
    assert_string_equal(trial_at(t, v, "0.rows.0.text"), "未填（选填）");
    assert_string_equal(trial_at(t, v, "0.rows.0.source_href"), "/matters/1/edit/cause");
    assert_string_equal(trial_at(t, v, "1.rows.1.text"), "未填");
    assert_int_equal(value_count(value_at(v, "1.rows")), 2); /* only what is required */
    assert_string_equal(trial_at(t, v, "1.edit_href"), "/matters/1/edit/claim");
    assert_string_equal(trial_at(t, v, "2.rows.0.text"), "未填");
}

static void test_a_finding_stands_at_what_it_is_about(void **state)
{
    struct page_trial *t = *state;
    struct words words = {.arena = t->trial.arena, .tables = tables_real()};
    trial_form(t, claim);
    words.marks = trial_json(t, "[{\"field\":\"claim.amount\",\"title\":\"太多\"},"
                                "{\"field\":\"parties.0\",\"title\":\"没有住址\"}]");
    const struct value *v =
        summary(t, &words, "{\"claim\":{\"amount\":1},\"parties\":[{\"name\":\"王某\"}]}");
    assert_string_equal(trial_at(t, v, "0.rows.0.mark"), "太多");
    assert_string_equal(trial_at(t, v, "1.items.0.title"), "当事人1");
    assert_string_equal(trial_at(t, v, "1.items.0.rows.1.text"), "没有住址");
}

static void test_a_note_says_a_group_in_one_line(void **state)
{
    struct page_trial *t = *state;
    struct words words = {.arena = t->trial.arena, .tables = tables_real()};
    trial_form(t, claim);
    assert_string_equal(words_note(&words, &t->fields[2],
                                   trial_json(t, "[{\"name\":\"甲\"},{\"name\":\"乙\"},{\"name\":"
                                                 "\"丙\"},{\"name\":\"丁\"}]"))
                            .p,
                        "甲、乙、丙等4项");
    assert_string_equal(words_note(&words, &t->fields[1], trial_json(t, "{\"amount\":100}")).p,
                        "1.00 元");
    assert_string_equal(words_note(&words, &t->fields[1], NULL).p, "");
}

int main(void)
{
#define CLAIM(fn) cmocka_unit_test_setup_teardown(fn, page_trial_setup, page_trial_teardown)
    const struct CMUnitTest tests[] = {
        CLAIM(test_values_are_said_as_people_say_them),
        CLAIM(test_what_was_not_said_is_nothing),
        CLAIM(test_a_summary_says_everything_in_sections),
        CLAIM(test_before_signing_what_is_missing_is_said_and_can_be_mended),
        CLAIM(test_a_finding_stands_at_what_it_is_about),
        CLAIM(test_a_note_says_a_group_in_one_line),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

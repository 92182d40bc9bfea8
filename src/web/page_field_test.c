#include "web/page_field.h"
#include "web/page_trial.h"

static const char parties[] =
    "- name: parties\n"
    "  title: 当事人\n"
    "  type: list\n"
    "  required: true\n"
    "  min: 2\n"
    "  max: 4\n"
    "  example: [{kind: man, name: 甲}, {kind: man, name: 乙}]\n"
    "  fields:\n"
    "    - {name: kind, title: 类型, type: choice, required: true, options: [{value: man, title: 人}, "
    "{value: firm, title: 单位}], example: man}\n"
    "    - {name: name, title: 姓名, type: text, required: true, max_length: 100, example: 林晓舟}\n"
    "    - {name: card, title: 证件, type: identity, when: {field: kind, in: [man]}, example: "
    "11010519491231002X}\n"
    "    - {name: home, title: 住所, type: address, example: {division: \"110105\", detail: 路1号}}\n";

static struct value *shown(struct page_trial *t, const char *values, const char *errors,
                           const char *grow)
{
    struct field_show show = {.arena = t->trial.arena,
                              .tables = tables_real(),
                              .errors = errors == NULL ? NULL : trial_json(t, errors),
                              .grow = grow == NULL ? NULL : trial_json(t, grow)};
    return fields_show(&show, t->fields, t->count, trial_json(t, values), STR(""));
}

static void test_a_list_shows_as_many_items_as_it_must_have(void **state)
{
    struct page_trial *t = *state;
    trial_form(t, parties);
    const struct value *v = shown(t, "{}", NULL, NULL);
    assert_string_equal(trial_at(t, v, "0.is_list"), "true");
    assert_int_equal(value_count(value_at(v, "0.items")), 2);
    assert_string_equal(trial_at(t, v, "0.items.1.title"), "当事人2");
    assert_string_equal(trial_at(t, v, "0.items.1.path"), "parties.1");
    assert_string_equal(trial_at(t, v, "0.items.1.can_remove"), "false");
    assert_string_equal(trial_at(t, v, "0.items.1.fields.1.path"), "parties.1.name");
    assert_string_equal(trial_at(t, v, "0.add_title"), "再添加当事人");
}

static void test_a_list_grows_by_what_was_asked_up_to_its_end(void **state)
{
    struct page_trial *t = *state;
    trial_form(t, parties);
    const struct value *v = shown(t, "{}", NULL, "{\"parties\":3}");
    assert_int_equal(value_count(value_at(v, "0.items")), 3);
    assert_string_equal(trial_at(t, v, "0.items.0.can_remove"), "true");
    v = shown(t, "{}", NULL, "{\"parties\":99}");
    assert_int_equal(value_count(value_at(v, "0.items")), 4);
    assert_string_equal(trial_at(t, v, "0.add_title"), "");
}

static void test_values_stand_where_they_were_typed(void **state)
{
    struct page_trial *t = *state;
    trial_form(t, parties);
    const struct value *v =
        shown(t,
              "{\"parties\":[{\"kind\":\"man\",\"name\":\"林晓舟\",\"card\":{\"type\":\"passport\","
              "\"number\":\"E1\"},\"home\":{\"division\":\"110105\",\"detail\":\"路1号\"}}]}",
              NULL, NULL);
    assert_string_equal(trial_at(t, v, "0.items.0.fields.0.options.0.checked"), "true");
    assert_string_equal(trial_at(t, v, "0.items.0.fields.0.options.1.checked"), "false");
    assert_string_equal(trial_at(t, v, "0.items.0.fields.0.options.1.id"), "parties.0.kind-firm");
    assert_string_equal(trial_at(t, v, "0.items.0.fields.1.value"), "林晓舟");
    assert_string_equal(trial_at(t, v, "0.items.0.fields.2.number"), "E1");
    assert_string_equal(trial_at(t, v, "0.items.0.fields.2.options.1.checked"), "true");
    assert_string_equal(trial_at(t, v, "0.items.0.fields.3.division"), "北京市朝阳区");
    assert_string_equal(trial_at(t, v, "0.items.1.fields.1.value"), "");
}

static void test_a_mark_of_five_is_chosen_and_other_numbers_are_typed(void **state)
{
    struct page_trial *t = *state;
    trial_form(t, "- {name: score, title: 几分, type: number, required: true, min: 1, max: 5, "
                  "example: 5}\n"
                  "- {name: pages, title: 几页, type: number, required: true, min: 1, max: 9, "
                  "example: 5}\n");
    const struct value *v = shown(t, "{\"score\":4,\"pages\":4}", NULL, NULL);
    assert_string_equal(trial_at(t, v, "0.is_choice"), "true");
    assert_int_equal(value_count(value_at(v, "0.options")), 5);
    assert_string_equal(trial_at(t, v, "0.options.0.title"), "5分，非常满意");
    assert_string_equal(trial_at(t, v, "0.options.1.checked"), "true");
    assert_string_equal(trial_at(t, v, "0.options.4.id"), "score-1");
    assert_string_equal(trial_at(t, v, "0.options.4.checked"), "false");
    assert_string_equal(trial_at(t, v, "1.is_number"), "true");
    assert_string_equal(trial_at(t, v, "1.value"), "4");
}

static void test_a_condition_hides_only_when_answered_otherwise(void **state)
{
    struct page_trial *t = *state;
    trial_form(t, parties);
    const struct value *v =
        shown(t, "{\"parties\":[{\"kind\":\"firm\"},{\"name\":\"乙\"}]}", NULL, NULL);
    assert_string_equal(trial_at(t, v, "0.items.0.fields.2.off"), "true");
    assert_string_equal(trial_at(t, v, "0.items.1.fields.2.off"), "false");
    assert_string_equal(trial_at(t, v, "0.items.0.fields.2.when.path"), "parties.0.kind");
    assert_string_equal(trial_at(t, v, "0.items.0.fields.2.when.in_text"), "man");
}

static void test_errors_stand_at_their_own_field(void **state)
{
    struct page_trial *t = *state;
    trial_form(t, parties);
    const struct value *v =
        shown(t, "{}",
              "[{\"field\":\"parties.1.name\",\"code\":\"missing\",\"title\":\"请填写姓名\"},"
              "{\"field\":\"parties.0.card.number\",\"code\":\"identity\",\"title\":\"不对\"},"
              "{\"field\":\"parties.1\",\"code\":\"x\",\"title\":\"这一名\"}]",
              NULL);
    assert_string_equal(trial_at(t, v, "0.items.1.fields.1.error"), "请填写姓名");
    assert_string_equal(trial_at(t, v, "0.items.0.fields.1.error"), "");
    assert_string_equal(trial_at(t, v, "0.items.0.fields.2.error"), "不对");
    assert_string_equal(trial_at(t, v, "0.error"), "这一名");
}

static void test_money_is_grouped_and_in_capitals_and_nonsense_stays(void **state)
{
    struct page_trial *t = *state;
    trial_form(t, "- {name: m, title: 钱, type: money, example: 5000000}\n");
    const struct value *v = shown(t, "{\"m\":5000000}", NULL, NULL);
    assert_string_equal(trial_at(t, v, "0.value"), "50,000.00");
    assert_string_equal(trial_at(t, v, "0.capitals"), "伍万元整");
    assert_string_equal(trial_at(t, v, "0.hint"), "50,000.00");
    v = shown(t, "{\"m\":\"五万\"}", NULL, NULL);
    assert_string_equal(trial_at(t, v, "0.value"), "五万");
    assert_string_equal(trial_at(t, v, "0.capitals"), "");
}

static void test_an_example_that_says_nothing_is_not_shown(void **state)
{
    struct page_trial *t = *state;
    trial_form(t, "- {name: m, title: 钱, type: money, example: 0}\n"
                  "- {name: w, title: 明细, type: long-text, max_length: 20, example: 无}\n"
                  "- {name: n, title: 份数, type: number, example: 0}\n"
                  "- {name: x, title: 理由, type: long-text, max_length: 20, example: 无力支付}\n");
    const struct value *v = shown(t, "{}", NULL, NULL);
    assert_string_equal(trial_at(t, v, "0.hint"), "");
    assert_string_equal(trial_at(t, v, "1.hint"), "");
    assert_string_equal(trial_at(t, v, "2.hint"), "");
    assert_string_equal(trial_at(t, v, "3.hint"), "无力支付");
}

static void test_codes_are_shown_by_name_and_moments_as_the_control_wants(void **state)
{
    struct page_trial *t = *state;
    trial_form(t, "- {name: c, title: 法院, type: court, example: 京0105}\n"
                  "- {name: a, title: 案由, type: cause, example: 民间借贷纠纷}\n"
                  "- {name: d, title: 时间, type: datetime, example: 2026-03-02T10:20:00+08:00}\n");
    const struct value *v = shown(
        t, "{\"c\":\"京0105\",\"a\":\"C04-10-108-03\",\"d\":\"2026-03-02T02:20:00Z\"}", NULL, NULL);
    assert_string_equal(trial_at(t, v, "0.value"), "北京市朝阳区人民法院");
    assert_string_equal(trial_at(t, v, "1.value"), "民间借贷纠纷");
    assert_string_equal(trial_at(t, v, "2.value"), "2026-03-02T10:20");
    v = shown(t, "{\"c\":\"朝阳\",\"a\":\"借钱\"}", NULL, NULL);
    assert_string_equal(trial_at(t, v, "0.value"), "朝阳");
    assert_string_equal(trial_at(t, v, "1.value"), "借钱");
}

static void test_many_options_are_a_list_to_choose_from(void **state)
{
    struct page_trial *t = *state;
    trial_form(t,
               "- {name: a, title: 选, type: choice, options: [a, b, c, d, e, f, g, h], example: "
               "a}\n"
               "- {name: b, title: 多选, type: choices, options: [a, b], example: [a]}\n");
    const struct value *v = shown(t, "{\"a\":\"h\",\"b\":[\"b\"]}", NULL, NULL);
    assert_string_equal(trial_at(t, v, "0.is_select"), "true");
    assert_string_equal(trial_at(t, v, "0.is_set"), "false");
    assert_string_equal(trial_at(t, v, "0.options.7.checked"), "true");
    assert_string_equal(trial_at(t, v, "1.is_choices"), "true");
    assert_string_equal(trial_at(t, v, "1.options.0.name"), "b[]");
    assert_string_equal(trial_at(t, v, "1.options.1.checked"), "true");
}

static void test_a_group_of_required_yes_nos_is_a_promise(void **state)
{
    struct page_trial *t = *state;
    trial_form(t,
               "- name: p\n  title: 承诺\n  type: group\n  required: true\n  fields:\n"
               "    - {name: a, title: 我承诺甲, type: yes-no, required: true, example: true}\n"
               "- name: q\n  title: 问\n  type: group\n  fields:\n"
               "    - {name: a, title: 是否, type: yes-no, required: true, example: true}\n"
               "    - {name: b, title: 文, type: text, example: 文}\n"
               "- {name: s, title: 签名, type: signature, example: {method: typed, name: 甲, "
               "code: \"1\"}}\n"
               "- name: r\n  title: 问\n  type: group\n  fields:\n"
               "    - {name: a, title: 已被羁押, type: yes-no, required: true, example: false}\n");
    assert_false(field_is_promise(&t->fields[3]));
    assert_true(field_is_promise(&t->fields[0]));
    assert_true(field_is_last(&t->fields[0]));
    assert_false(field_is_promise(&t->fields[1]));
    assert_false(field_is_last(&t->fields[1]));
    assert_true(field_is_last(&t->fields[2]));
    const struct value *v =
        shown(t, "{\"p\":{\"a\":true},\"q\":{\"a\":false}}",
              "[{\"field\":\"p.a\",\"code\":\"missing\",\"title\":\"请填写我承诺甲\"}]", NULL);
    assert_string_equal(trial_at(t, v, "0.fields.0.is_promise"), "true");
    assert_string_equal(trial_at(t, v, "0.fields.0.yes"), "true");
    assert_string_equal(trial_at(t, v, "0.fields.0.error"), "请读完上面这句话，打勾承诺");
    assert_string_equal(trial_at(t, v, "1.fields.0.is_yes_no"), "true");
    assert_string_equal(trial_at(t, v, "1.fields.0.no"), "true");
}

int main(void)
{
#define CLAIM(fn) cmocka_unit_test_setup_teardown(fn, page_trial_setup, page_trial_teardown)
    const struct CMUnitTest tests[] = {
        CLAIM(test_a_list_shows_as_many_items_as_it_must_have),
        CLAIM(test_a_list_grows_by_what_was_asked_up_to_its_end),
        CLAIM(test_values_stand_where_they_were_typed),
        CLAIM(test_a_mark_of_five_is_chosen_and_other_numbers_are_typed),
        CLAIM(test_a_condition_hides_only_when_answered_otherwise),
        CLAIM(test_errors_stand_at_their_own_field),
        CLAIM(test_money_is_grouped_and_in_capitals_and_nonsense_stays),
        CLAIM(test_an_example_that_says_nothing_is_not_shown),
        CLAIM(test_codes_are_shown_by_name_and_moments_as_the_control_wants),
        CLAIM(test_many_options_are_a_list_to_choose_from),
        CLAIM(test_a_group_of_required_yes_nos_is_a_promise),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

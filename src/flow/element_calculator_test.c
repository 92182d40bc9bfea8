#include "base/test.h"
#include "flow/element_calculator.h"
#include "flow/rule.h"

static const char LETTER[] =
    "procedure: letter\n"
    "title: 来信\n"
    "begin: {by: [person]}\n"
    "parties: {applicant: 申请人}\n"
    "states: {draft: {title: 草稿}, done: {title: 办结, end: true}}\n"
    "acts:\n"
    "  submit: {title: 提交, by: [party.applicant], from: [draft], to: done, "
    "form: [{forms: all}]}\n";

/* A form that has a penalty. */
static const char HEAD[] = "form: sale\n"
                           "number: \"06\"\n"
                           "title: 买卖\n"
                           "about: 买卖\n"
                           "total: total\n"
                           "sum: [late]\n";
static const char BODY[] =
    "sections:\n"
    "  - section: sale-claim\n"
    "    title: 请求\n"
    "    rows:\n"
    "      - row: 违约金\n"
    "        print: \"{late}元{total}元\"\n"
    "        requests: [{text: \"支付违约金{late}元\"}]\n"
    "        fields:\n"
    "          - {name: late, title: 违约金, type: money, required: true, max: 100000, "
    "help: 多少, example: 1}\n"
    "          - {name: total, title: 总额, type: money, required: false, help: 多少, "
    "example: 1}\n"
    "          - {name: words, title: 说明, ours: true, type: text, required: false, help: 说明, "
    "example: 无}\n"
    "          - {name: penalty-counted, title: 怎么算, ours: true, type: choice, "
    "required: false, options: {fixed: 数额, own: 自己}, help: 选, example: own}\n"
    "          - {name: penalty-base, title: 基数, ours: true, type: money, required: false, "
    "help: 多少, example: 1}\n"
    "  - section: sale-facts\n"
    "    title: 事实\n"
    "    rows:\n"
    "      - row: 事实\n"
    "        print: \"{story}\"\n"
    "        fields:\n"
    "          - {name: story, title: 事实, type: text, required: false, help: 事实, "
    "example: 无}\n";

/* The form with this line in its head. */
static enum status load(struct trial *t, const char *counted, struct procedures **out)
{
    const char *form = arena_printf(t->cx.arena, "%s%s%s", HEAD, counted, BODY);
    static const struct rule *const none[] = {NULL};
    const struct procedure_source sources[] = {{"forms/06.yaml", str_of(form)},
                                               {"procedures/letter/1.yaml", str_of(LETTER)}};
    const struct load_world world = {.rules = none};
    return procedures_load(&t->cx, sources, 2, &world, out);
}

static struct value *answers(struct trial *t, const char *way, Money base, Money late)
{
    struct arena *arena = t->cx.arena;
    struct value *values = value_map(arena);
    struct value *claim = value_map(arena);
    value_set_text(arena, claim, "penalty-counted", way);
    value_set_int(arena, claim, "penalty-base", base);
    if (late >= 0) {
        value_set_int(arena, claim, "late", late);
    }
    value_set(arena, values, "sale-claim", claim);
    return values;
}

static struct value *claimed(struct trial *t, const char *way, Money base, Money late)
{
    static const struct law_tables tables = {.version = {"sample", 6}};
    struct procedures *set = NULL;
    if (load(t, "counted: {penalty: late}\n", &set) != OK) {
        fail_msg("%s", t->cx.failure.detail.p);
    }
    const struct element_forms *forms = procedures_forms(set);
    const struct element_form *form = element_form_find(forms, STR("06"));
    struct value *values = answers(t, way, base, late);
    return element_form_claim(&t->cx, forms, form, &tables, values, date_of(2026, 3, 2));
}

static void what_is_blank_is_filled_under_the_name_of_the_form(void **state)
{
    (void)state;
    struct trial t;
    trial_begin(&t);
    const struct value *claim = claimed(&t, "fixed", 5000, -1);
    const struct value *sheet = value_get(claim, "penalty");
    assert_int_equal(value_get_int(value_get(sheet, "filled"), "late"), 5000);
    assert_int_equal(value_get_int(claim, "amount"), 5000);
    assert_string_equal(value_as_str(value_at(claim, "requests.0.text")).p, "支付违约金50.00元");
    assert_string_equal(value_get_str(sheet, "again").p, "/tools/penalty?way=fixed&base=5000");
    assert_int_equal(value_count(element_form_sheets(t.cx.arena, claim)), 1);
    trial_end(&t);
}

static void what_is_typed_stands_and_more_is_said(void **state)
{
    (void)state;
    struct trial t;
    trial_begin(&t);
    const struct value *claim = claimed(&t, "fixed", 5000, 5001);
    assert_int_equal(value_count(value_at(claim, "penalty.filled")), 0);
    assert_string_equal(value_as_str(value_at(claim, "penalty.more.0.field")).p, "late");
    assert_int_equal(value_as_int(value_at(claim, "penalty.more.0.counted")), 5000);
    assert_int_equal(value_get_int(claim, "amount"), 5001);
    assert_null(value_at(claimed(&t, "fixed", 5000, 4999), "penalty.more"));
    trial_end(&t);
}

static void what_cannot_be_computed_is_told_and_what_is_not_asked_is_not(void **state)
{
    (void)state;
    struct trial t;
    trial_begin(&t);
    const struct value *claim = claimed(&t, "fixed", 0, -1);
    assert_null(value_at(claim, "penalty.total"));
    assert_null(value_at(claim, "penalty.again"));
    assert_int_equal(value_count(value_at(claim, "penalty.notices")), 1);
    assert_null(value_get(claimed(&t, "own", 5000, -1), "penalty"));
    assert_null(t.cx.failure.code); /* a failure of the calculator is none of the request */
    claim = claimed(&t, "fixed", 100001, -1); /* more than the field holds */
    assert_int_equal(value_count(value_at(claim, "penalty.filled")), 0);
    assert_int_equal(value_get_int(claim, "amount"), 0);
    trial_end(&t);
}

static void what_was_computed_is_not_missing(void **state)
{
    (void)state;
    struct trial t;
    trial_begin(&t);
    struct procedures *set = NULL;
    const struct value *claim = claimed(&t, "fixed", 5000, -1);
    assert_int_equal(load(&t, "counted: {penalty: late}\n", &set), OK);
    const struct element_form *form = element_form_find(procedures_forms(set), STR("06"));
    (void)cx_error(&t.cx, "sale-claim.late", "missing", "请填写违约金");
    (void)cx_error(&t.cx, "sale-claim.words", "missing", "请填写说明");
    (void)cx_error(&t.cx, "sale-claim.late", "type", "违约金");
    element_form_excuse(&t.cx, form, claim);
    assert_int_equal(value_count(t.cx.failure.errors), 2);
    element_form_excuse(&t.cx, form, NULL);
    assert_int_equal(value_count(t.cx.failure.errors), 2);
    trial_end(&t);
}

static void refused(const char *counted, const char *detail)
{
    struct trial t;
    struct procedures *set = NULL;
    trial_begin(&t);
    assert_int_equal(load(&t, counted, &set), E_READ);
    assert_string_equal(t.cx.failure.detail.p, detail);
    trial_end(&t);
}

static void a_calculator_needs_what_it_fills(void **state)
{
    (void)state;
    refused("", "forms/06.yaml:1: a calculator needs of the first section: penalty");
    refused("counted: {penalty: words}\n",
            "forms/06.yaml:1: a calculator needs of the first section: words");
    refused("counted: {penalty: nothing}\n",
            "forms/06.yaml:7: counted into what nobody asks: nothing");
}

static void a_decimal_has_four_places_at_most(void **state)
{
    (void)state;
    static const char *const wrong[] = {"",    ".5",    "5.", "1.23456",           "-1",
                                        "1e3", "1.2.3", " 1", "00000000000000001", "9999999999999",
                                        NULL};
    int64_t number = 0;
    assert_true(counting_decimal(STR("12"), &number));
    assert_int_equal(number, 120000);
    assert_true(counting_decimal(STR("0.0005"), &number));
    assert_int_equal(number, 5);
    assert_true(counting_decimal(STR("3.85"), &number));
    assert_int_equal(number, 38500);
    for (const char *const *text = wrong; *text != NULL; text++) {
        if (counting_decimal(str_of(*text), &number)) {
            fail_msg("%s is none", *text);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_blank_is_filled_under_the_name_of_the_form),
        cmocka_unit_test(what_is_typed_stands_and_more_is_said),
        cmocka_unit_test(what_cannot_be_computed_is_told_and_what_is_not_asked_is_not),
        cmocka_unit_test(what_was_computed_is_not_missing),
        cmocka_unit_test(a_calculator_needs_what_it_fills),
        cmocka_unit_test(a_decimal_has_four_places_at_most),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

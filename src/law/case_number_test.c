#include <string.h>

#include "law/case_number.h"
#include "law/sample.h"

static const char *const ACCEPTED[] = {
    "（2025）京0105民初12345号", "（2024）浙02民诉前调595号",
    "（2023）最高法民再12号",    "（2024）最高法知民终1号",
    "（2025）沪74民初9号",       "（2026）苏0623破申3号",
    "（2026）苏0623破3号之二",   "（2025）兵0103民初5号",
    "（2025）渝87民初3号",       "（2021）川0104民诉前调801号",
    "（2025）京民终1号",         "（2025）京0105执恢7号",
    "（2025）京03民辖终8号",     "（2025）最高法刑核12345678号",
    "（2025）军民初1号",         "（2026）苏0623破3号之十二",
};

static void numbers_by_the_rule_are_accepted(void **state)
{
    (void)state;
    struct trial t;
    trial_begin(&t);
    for (size_t i = 0; i < sizeof ACCEPTED / sizeof ACCEPTED[0]; i++) {
        struct case_number n;
        if (!case_number_parse(t.arena, str_of(ACCEPTED[i]), &n)) {
            fail_msg("%s: %s", ACCEPTED[i], n.why);
        }
        assert_string_equal(n.normal.p, ACCEPTED[i]);
    }
    trial_end(&t);
}

struct rejected {
    const char *text;
    const char *why;
};

static const struct rejected REJECTED[] = {
    {"（25）京0105民初1号", "年份应为四位数字"},
    {"（2025）京105民初1号", "法院代字中的数字应为两位或者四位"},
    {"（2025）京0105民初01号", "序号不以0开头"},
    {"（2025）京0105民初0号", "序号从1开始"},
    {"（2025）华0105民初1号", "法院代字应以“最高法”或者省级简称开头"},
    {"（2025）京0105民初12345", "案号以“号”字结尾"},
    {"（2025）京0105民初字第5号", "这是2016年以前的案号样式，只能在填写原案号时使用"},
    {"（2025）京0105民诉1号", "没有这种类型代字"},
    {"（2025）京0105民初第12345号", "新案号的类型代字与序号之间没有“第”字"},
    {"", "请填写案号"},
    {"2025京0105民初1号", "案号以括号中的年份开头，如（2025）"},
    {"（2025京0105民初1号", "年份后缺少右括号"},
    {"（2025）京0105民初号", "缺少序号"},
    {"（2025）京0105知民初1号", "没有这种类型代字"},
    {"（2025）京0105民初1号之", "“之”字之后应为中文数字"},
    {"（2025）京0105民初1号之2", "“之”字之后应为中文数字"},
    {"（2025）京0105民初1号，", "“号”字之后只能是“之一”“之二”等"},
    {"（2025）京0105民初12345678901号", "序号过长"},
    {"（2025）京X012民初1号", "没有这种类型代字"},
    {"（2025）", "法院代字应以“最高法”或者省级简称开头"},
    {"（2025）京0105", "没有这种类型代字"},
};

static void others_are_rejected_with_the_reason(void **state)
{
    (void)state;
    struct trial t;
    trial_begin(&t);
    for (size_t i = 0; i < sizeof REJECTED / sizeof REJECTED[0]; i++) {
        struct case_number n;
        assert_false(case_number_parse(t.arena, str_of(REJECTED[i].text), &n));
        if (!text_is(n.why, REJECTED[i].why)) {
            fail_msg("%s: %s", REJECTED[i].text, n.why);
        }
    }
    trial_end(&t);
}

static void typed_numbers_are_normalised(void **state)
{
    (void)state;
    struct trial t;
    trial_begin(&t);
    struct case_number n;
    assert_true(case_number_parse(t.arena, STR(" (2025) 京０１０５民初 12345 号"), &n));
    assert_string_equal(n.normal.p, "（2025）京0105民初12345号");
    assert_int_equal(n.year, 2025);
    assert_string_equal(n.court.p, "京0105");
    assert_string_equal(n.type->code, "民初");
    assert_int_equal(n.serial, 12345);
    assert_true(case_number_parse(t.arena, STR("〔2024〕最高法知民终1号"), &n));
    assert_true(n.special);
    assert_string_equal(n.court.p, "最高法");
    trial_end(&t);
}

static void the_longest_type_wins(void **state)
{
    (void)state;
    struct trial t;
    trial_begin(&t);
    struct case_number n;
    assert_true(case_number_parse(t.arena, STR("（2025）京03民辖终8号"), &n));
    assert_string_equal(n.type->code, "民辖终");
    assert_true(case_number_parse(t.arena, STR("（2025）京0105执恢7号"), &n));
    assert_string_equal(n.type->code, "执恢");
    assert_true(case_number_parse(t.arena, STR("（2025）京0105执7号"), &n));
    assert_string_equal(n.type->code, "执");
    trial_end(&t);
}

static void every_type_survives_writing_and_reading(void **state)
{
    (void)state;
    struct trial t;
    trial_begin(&t);
    int count = 0;
    const struct case_type *types = case_types(&count);
    assert_true(count >= 120);
    for (int i = 0; i < count; i++) {
        Str text = case_number_format(t.arena, 2026, STR("苏0623"), false, types[i].code, i + 1);
        struct case_number n;
        if (!case_number_parse(t.arena, text, &n) || n.type != &types[i] || n.serial != i + 1) {
            fail_msg("%s: %s", text.p, n.why);
        }
        assert_ptr_equal(case_type_find(str_of(types[i].code)), &types[i]);
        assert_true(types[i].levels != 0);
    }
    assert_null(case_type_find(STR("民诉")));
    trial_end(&t);
}

static void an_old_number_is_known_as_old(void **state)
{
    (void)state;
    struct trial t;
    trial_begin(&t);
    assert_true(case_number_is_old(t.arena, STR("（2015）海行民初字第5号")));
    assert_true(case_number_is_old(t.arena, STR("(2015) 朝民初字第 12 号")));
    assert_false(case_number_is_old(t.arena, STR("（2025）京0105民初5号")));
    assert_false(case_number_is_old(t.arena, STR("海行民初字")));
    trial_end(&t);
}

static void levels_follow_the_table(void **state)
{
    (void)state;

    static const struct {
        const char *code;
        const char *yes; /* of S H I B T */
    } ROWS[] = {{"民诉前调", "SHIBT"}, {"民初", "SHIBT"}, {"行初", "SHIB"}, {"刑初", "IB"},
                {"民终", "SHI"},       {"行终", "SHI"},   {"刑终", "SHI"},  {"民申", "SHIB"},
                {"民特", "IB"},        {"民督", "B"},     {"民催", "B"},    {"财保", "SHIB"},
                {"证保", "SHIB"},      {"执", "SHIB"},    {"执恢", "SHIB"}, {"执保", "SHIB"},
                {"执异", "SHIB"},      {"执复", "SHI"},   {"破申", "HIB"},  {"破", "HIB"},
                {"法赔", "SHIB"},      {"委赔", "SHI"}};

    for (size_t i = 0; i < sizeof ROWS / sizeof ROWS[0]; i++) {
        const struct case_type *type = case_type_find(str_of(ROWS[i].code));
        assert_non_null(type);
        for (int level = 0; level < 5; level++) {
            bool yes = strchr(ROWS[i].yes, "SHIBT"[level]) != NULL;
            if (case_type_allowed(type, (enum court_level)level) != yes) {
                fail_msg("%s at %d", ROWS[i].code, level);
            }
        }
    }
}

static const struct court COURTS[] = {
    {.code = {"京03", 5},
     .name = {"北京市第三中级人民法院", 33},
     .level = COURT_INTERMEDIATE,
     .parent = -1,
     .valid_from = DATE_NONE,
     .valid_to = DATE_NONE},
    {.code = {"京0105", 7},
     .name = {"北京市朝阳区人民法院", 30},
     .level = COURT_BASIC,
     .parent = 0,
     .valid_from = DATE_NONE,
     .valid_to = DATE_NONE},
    {.code = {"渝0112", 7},
     .name = {"重庆市渝北区人民法院", 30},
     .level = COURT_BASIC,
     .parent = -1,
     .valid_from = DATE_NONE,
     .valid_to = 20399 /* 2025-11-07 */},
};

static const struct value *value_of(struct trial *t, const char *text)
{
    struct law_tables tables = {.version = STR("sample"), .courts = COURTS, .court_count = 3};
    return case_number_value(t->arena, &tables, sample_date("2026-11-22"), str_of(text));
}

static void an_answer_names_court_and_type(void **state)
{
    (void)state;
    struct trial t;
    trial_begin(&t);
    const struct value *v = value_of(&t, "（2025）京0105民初12345号");
    assert_true(value_get_bool(v, "ok"));
    assert_string_equal(value_get_str(v, "why").p, "");
    assert_string_equal(value_get_str(v, "court_name").p, "北京市朝阳区人民法院");
    assert_string_equal(value_get_str(v, "type_title").p, "民事一审案件");
    assert_int_equal(value_get_int(v, "serial"), 12345);
    assert_int_equal(value_count(value_get(v, "warnings")), 0);
    v = value_of(&t, "乱写");
    assert_false(value_get_bool(v, "ok"));
    assert_true(value_is_null(value_get(v, "court")));
    trial_end(&t);
}

static void what_tables_and_day_know_is_checked(void **state)
{
    (void)state;
    struct trial t;
    trial_begin(&t);
    assert_false(value_get_bool(value_of(&t, "（2027）京0105民初1号"), "ok"));
    assert_false(value_get_bool(value_of(&t, "（2015）京0105民初1号"), "ok"));
    assert_true(value_get_bool(value_of(&t, "（2026）京0105民初1号"), "ok"));
    const struct value *unknown = value_of(&t, "（2026）京0199民初1号");
    assert_true(value_get_bool(unknown, "ok"));
    assert_int_equal(value_count(value_get(unknown, "warnings")), 1);
    const struct value *level = value_of(&t, "（2026）京0105民终1号");
    assert_string_equal(value_as_str(value_item(value_get(level, "warnings"), 0)).p,
                        "基层法院通常没有“民终”类案件，请核对");
    assert_int_equal(value_count(value_get(value_of(&t, "（2026）渝0112民初1号"), "warnings")), 1);
    assert_int_equal(value_count(value_get(value_of(&t, "（2025）渝0112民初1号"), "warnings")), 0);
    trial_end(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_by_the_rule_are_accepted),
        cmocka_unit_test(others_are_rejected_with_the_reason),
        cmocka_unit_test(typed_numbers_are_normalised),
        cmocka_unit_test(the_longest_type_wins),
        cmocka_unit_test(every_type_survives_writing_and_reading),
        cmocka_unit_test(an_old_number_is_known_as_old),
        cmocka_unit_test(levels_follow_the_table),
        cmocka_unit_test(an_answer_names_court_and_type),
        cmocka_unit_test(what_tables_and_day_know_is_checked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "base/test.h"
#include "web/tool.h"

static int64_t rate(const char *text)
{
    int64_t ppm = -1;
    return tool_rate_parse(str_of(text), &ppm) ? ppm : -1;
}

static void a_rate_is_read_to_four_decimals(void **state)
{
    (void)state;
    assert_int_equal(rate("3.45"), 34500);
    assert_int_equal(rate("24"), 240000);
    assert_int_equal(rate("0.0175"), 175);
    assert_int_equal(rate("0"), 0);
    assert_int_equal(rate("3.4500"), 34500);
}

static void what_is_no_rate_is_refused(void **state)
{
    static const char *const bad[] = {"",      ".",   ".5",      "3.",         "-1",
                                      "3.45%", "1e3", "３",      "3,45",       "3.4.5",
                                      " 3.4",  "3 ",  "3.12345", "12345678901"};
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_int_equal(rate(bad[i]), -1);
    }
}

static void a_tool_is_found_by_its_name_only(void **state)
{
    (void)state;
    assert_non_null(tool_find(STR("fee")));
    assert_null(tool_find(STR("")));
    assert_null(tool_find(STR("Fee")));
    assert_null(tool_find(STR("fee/")));
}

static void every_choice_has_options_and_only_choices_have(void **state)
{
    (void)state;
    for (size_t i = 0; i < tools_count; i++) {
        for (size_t k = 0; k < tools[i].field_count; k++) {
            const struct tool_field *field = &tools[i].fields[k];
            struct tool_option option;
            assert_int_equal(field->type == TOOL_CHOICE, field->option != NULL);
            if (field->option != NULL) {
                assert_true(field->option(0, &option));
                assert_false(field->option(1000, &option));
            }
            for (size_t n = 0; n < k; n++) {
                assert_string_not_equal(field->name, tools[i].fields[n].name);
            }
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_rate_is_read_to_four_decimals),
        cmocka_unit_test(what_is_no_rate_is_refused),
        cmocka_unit_test(a_tool_is_found_by_its_name_only),
        cmocka_unit_test(every_choice_has_options_and_only_choices_have),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

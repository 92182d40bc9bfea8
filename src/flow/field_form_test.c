#include "base/json.h"
#include "base/test.h"
#include "base/yaml.h"
#include "flow/field.h"

static struct trial trial;

static int setup(void **state)
{
    (void)state;
    trial_begin(&trial);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    trial_end(&trial);
    return 0;
}

/* A form of one field "f" of this type. */
static struct field *field_of(const char *type, const char *more)
{
    struct field *field = arena_new(trial.arena, struct field);
    struct value *yaml = NULL;
    Str text = str_printf(trial.arena, "name: f\ntitle: 栏\ntype: %s\n%s\n", type, more);
    assert_int_equal(yaml_read(&trial.cx, "f.yaml", text, &yaml), OK);
    assert_int_equal(field_read(&trial.cx, "f.yaml", yaml, field), OK);
    return field;
}

static void claim(const char *type, const char *more, const char *sent, const char *expected)
{
    struct value *form = NULL;
    struct value *wanted = NULL;
    assert_int_equal(json_read(&trial.cx, str_printf(trial.arena, "{\"f\":%s}", sent), &form), OK);
    assert_int_equal(json_read(&trial.cx, str_printf(trial.arena, "{\"f\":%s}", expected), &wanted),
                     OK);
    struct value *values = fields_from_form(trial.arena, field_of(type, more), 1, form);
    assert_string_equal(json_canonical(trial.arena, values).p,
                        json_canonical(trial.arena, wanted).p);
}

static void test_dates_are_read_as_people_type_them(void **state)
{
    static const char example[] = "example: \"2026-03-02\"";
    (void)state;
    claim("date", example, "\"2026-03-02\"", "\"2026-03-02\"");
    claim("date", example, "\"2026年3月2日\"", "\"2026-03-02\"");
    claim("date", example, "\" 2026/3/2 \"", "\"2026-03-02\"");
    claim("date", example, "\"2026.03.02\"", "\"2026-03-02\"");
    claim("date", example, "\"20260302\"", "\"2026-03-02\"");
    claim("date", example, "\"２０２６－０３－０２\"", "\"2026-03-02\"");
}

static void test_what_is_no_date_stays_as_it_was_typed(void **state)
{
    static const char example[] = "example: \"2026-03-02\"";
    (void)state;
    claim("date", example, "\"2026-02-30\"", "\"2026-02-30\"");
    claim("date", example, "\"26-3-2\"", "\"26-3-2\"");
    claim("date", example, "\"去年三月\"", "\"去年三月\"");
    claim("date", example, "\"2026-3-2-1\"", "\"2026-3-2-1\"");
    claim("date", example, "\"\"", "\"\"");
}

static void test_a_moment_is_one_of_beijing(void **state)
{
    static const char example[] = "example: \"2026-03-02T10:20:00+08:00\"";
    (void)state;
    claim("datetime", example, "\"2026-03-02T10:20\"", "\"2026-03-02T10:20:00+08:00\"");
    claim("datetime", example, "\"2026-03-02T10:20:05\"", "\"2026-03-02T10:20:05+08:00\"");
    claim("datetime", example, "\"2026-03-02T10:20:00Z\"", "\"2026-03-02T10:20:00Z\"");
    claim("datetime", example, "\"2026-03-02T25:20\"", "\"2026-03-02T25:20\"");
}

static void test_numbers_of_a_chinese_keyboard_are_numbers(void **state)
{
    (void)state;
    claim("number", "example: 1", "\"１５\"", "15");
    claim("rate", "example: \"12\"", "\" 12％ \"", "\"12\"");
    claim("rate", "example: \"12\"", "\"3.85\"", "\"3.85\"");
}

static void test_boxes_not_ticked_are_an_empty_list(void **state)
{
    static const char more[] = "options: [a, b]\nexample: [a]";
    (void)state;
    claim("choices", more, "[\"a\",\"b\"]", "[\"a\",\"b\"]");
    claim("choices", more, "[\"\"]", "[]");
    claim("choices", more, "\"\"", "[]");
    claim("choices", more, "\"b\"", "[\"b\"]");
}

static void test_a_document_without_number_is_none(void **state)
{
    static const char more[] = "example: 11010519491231002X";
    (void)state;
    claim("identity", more, "{\"type\":\"passport\",\"number\":\" \"}", "\"\"");
    claim("identity", more, "{\"type\":\"passport\",\"number\":\"E12\"}",
          "{\"type\":\"passport\",\"number\":\"E12\"}");
}

static void test_a_drawn_signature_is_its_picture_alone(void **state)
{
    static const char more[] = "example: {method: typed, name: 林晓舟, code: \"000000\"}";
    (void)state;
    claim("signature", more,
          "{\"method\":\"drawn\",\"name\":\"林\",\"code\":\"\","
          "\"png\":\"data:image/png;base64,iVBO\"}",
          "{\"method\":\"drawn\",\"png\":\"iVBO\"}");
    claim("signature", more,
          "{\"method\":\"typed\",\"name\":\" 林晓舟 \",\"code\":\"000000\",\"png\":\"\"}",
          "{\"method\":\"typed\",\"name\":\"林晓舟\",\"code\":\"000000\"}");
}

static void test_a_photographed_signature_is_the_number_of_its_material(void **state)
{
    static const char more[] = "drawn: true\nexample: {method: photo, material: 1}";
    (void)state;
    claim("signature", more, "{\"method\":\"drawn\",\"material\":\"7\"}",
          "{\"method\":\"photo\",\"material\":7}");
    claim("signature", more, "{\"method\":\"drawn\",\"material\":\"7\",\"png\":\"iVBO\"}",
          "{\"method\":\"drawn\",\"png\":\"iVBO\"}");
    claim("signature", more, "{\"method\":\"drawn\",\"material\":\"x\"}", "{\"method\":\"drawn\"}");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_dates_are_read_as_people_type_them, setup, teardown),
        cmocka_unit_test_setup_teardown(test_what_is_no_date_stays_as_it_was_typed, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(test_a_moment_is_one_of_beijing, setup, teardown),
        cmocka_unit_test_setup_teardown(test_numbers_of_a_chinese_keyboard_are_numbers, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(test_boxes_not_ticked_are_an_empty_list, setup, teardown),
        cmocka_unit_test_setup_teardown(test_a_document_without_number_is_none, setup, teardown),
        cmocka_unit_test_setup_teardown(test_a_photographed_signature_is_the_number_of_its_material,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(test_a_drawn_signature_is_its_picture_alone, setup,
                                        teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "base/json.h"
#include "base/test.h"
#include "record/person_entry.h"

static struct trial trial;

static struct value *said_of(const char *json)
{
    struct value *said = NULL;
    cx_forgive(&trial.cx);
    if (json_read(&trial.cx, str_of(json), &said) != OK) {
        fail_msg("%s", trial.cx.failure.detail.p);
    }
    return said;
}

static struct person_entry entry;

static uint32_t complaints_of(const char *json, unsigned needs)
{
    return person_entry_read(&trial.cx, said_of(json), needs, date_of(2026, 11, 22), &entry);
}

/* Is there a complaint at this field, and no other? */
static bool only_at(const char *json, unsigned needs, const char *field)
{
    uint32_t count = complaints_of(json, needs);
    const struct value *first = value_item(trial.cx.failure.errors, 0);
    return count == 1 && value_count(trial.cx.failure.errors) == 1 &&
           str_is(value_get_str(first, "field"), field) && value_get_str(first, "title").n > 0;
}

enum { ALL = NEEDS_NAME | NEEDS_LOGIN | NEEDS_IDENTITY | NEEDS_PHONE | NEEDS_PROFESSION };

#define WHOLE                                                               \
    "\"name\":\"林晓舟\",\"login\":\"lin\",\"phone\":\"138 0013 8000\"," \
    "\"identity\":\"11010519491231002x\""

static void test_a_whole_entry_is_read_in_normal_form(void **state)
{
    (void)state;
    assert_int_equal(complaints_of("{" WHOLE ",\"email\":\"A@B.cn\"}", ALL), 0);
    assert_true(str_is(entry.kind, "person"));
    assert_true(str_is(entry.phone, "13800138000"));
    assert_true(str_is(entry.identity_type, "resident-id"));
    assert_true(str_is(entry.identity_number, "11010519491231002X"));
}

static void test_what_is_needed_and_missing_is_said_field_by_field(void **state)
{
    (void)state;
    assert_int_equal(complaints_of("{}", ALL), 4);
    assert_int_equal(value_count(trial.cx.failure.errors), 4);
    assert_int_equal(complaints_of("{}", 0), 0);
}

static void test_papers_of_other_kinds_are_taken_and_unknown_kinds_are_not(void **state)
{
    (void)state;
    assert_int_equal(
        complaints_of("{\"identity\":{\"type\":\"passport\",\"number\":\"e12345678\"}}", 0), 0);
    assert_true(str_is(entry.identity_type, "passport"));
    assert_true(only_at("{\"identity\":{\"type\":\"uscc\",\"number\":\"91350100M000100Y43\"}}", 0,
                        "identity"));
    assert_true(only_at("{\"identity\":{\"type\":\"bank-card\",\"number\":\"4111111111111111\"}}",
                        0, "identity"));
    assert_true(only_at("{\"identity\":\"110105194912310021\"}", 0, "identity"));
}

static void test_a_lawyer_says_certificate_and_firm(void **state)
{
    (void)state;
    assert_int_equal(complaints_of("{" WHOLE ",\"kind\":\"lawyer\"}", ALL), 2);
    assert_true(only_at("{" WHOLE ",\"kind\":\"lawyer\",\"firm\":\"某所\",\"licence\":\"1110\"}",
                        ALL, "licence"));
    assert_int_equal(complaints_of("{" WHOLE ",\"kind\":\"lawyer\",\"firm\":\"某所\","
                                   "\"licence\":\"11101201010123456\"}",
                                   ALL),
                     0);
}

static void test_who_acts_for_an_organisation_says_how(void **state)
{
    (void)state;
    assert_int_equal(complaints_of("{" WHOLE ",\"kind\":\"organisation\"}", ALL), 3);
    assert_true(only_at("{" WHOLE
                        ",\"kind\":\"organisation\",\"organisation\":{\"name\":\"某公司\","
                        "\"code\":\"91350100M000100Y43\",\"capacity\":\"owner\"}}",
                        ALL, "organisation.capacity"));
    assert_true(only_at("{" WHOLE
                        ",\"kind\":\"organisation\",\"organisation\":{\"name\":\"某公司\","
                        "\"code\":\"91350100M000100Y34\",\"capacity\":\"authorised\"}}",
                        ALL, "organisation.code"));
}

static void test_unknown_kinds_and_names_with_line_ends_are_refused(void **state)
{
    (void)state;
    assert_true(only_at("{\"kind\":\"emperor\"}", 0, "kind"));
    assert_true(only_at("{\"name\":\"a\\nb\"}", 0, "name"));
    assert_true(only_at("{\"email\":\"nobody\"}", 0, "email"));
    assert_true(only_at("{\"phone\":\"12345\"}", 0, "phone"));
    assert_int_equal(complaints_of("{\"name\":7,\"phone\":[],\"identity\":[1]}", 0), 0);
}

static void test_rare_characters_of_names_survive(void **state)
{
    (void)state;
    assert_int_equal(complaints_of("{\"name\":\"𠮷𪚥\"}", 0), 0);
    assert_true(str_is(entry.name, "𠮷𪚥"));
}

static void test_logins_that_are_given_away_are_not_free(void **state)
{
    static const char *const bad[] = {"admin", "citizen-1", "lawyer-2", "judge@京0105", "a b",
                                      "x",     "",          "window-3", "a/b",          "a\"b"};
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        if (login_is_free_form(str_of(bad[i]))) {
            fail_msg("%s is free", bad[i]);
        }
    }
    assert_true(login_is_free_form(STR("13800138000")));
    assert_true(login_is_free_form(STR("张明")));
    assert_true(login_is_free_form(STR("zhang.ming_2-x")));
}

static uint32_t password_complaints(const char *password)
{
    struct person_entry who = {.login = STR("zhangming1"),
                               .phone = STR("13800138000"),
                               .name = STR("张明张明张明张明"),
                               .identity_number = STR("11010519491231002X")};
    cx_forgive(&trial.cx);
    return password_rules(&trial.cx, "password", str_of(password), &who);
}

static void test_passwords_that_say_who_one_is_are_refused(void **state)
{
    (void)state;
    assert_int_equal(password_complaints(""), 1);
    assert_int_equal(password_complaints("seven77"), 1);
    assert_int_equal(password_complaints("aaaaaaaaaa"), 1);
    assert_int_equal(password_complaints("zhangming1"), 1);
    assert_int_equal(password_complaints("13800138000"), 1);
    assert_int_equal(password_complaints("11010519491231002X"), 1);
    assert_int_equal(password_complaints("张明张明张明张明"), 1);
    assert_int_equal(password_complaints("correct-horse"), 0);
    assert_int_equal(password_complaints("八个汉字也算可以"), 0);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_whole_entry_is_read_in_normal_form),
        cmocka_unit_test(test_what_is_needed_and_missing_is_said_field_by_field),
        cmocka_unit_test(test_papers_of_other_kinds_are_taken_and_unknown_kinds_are_not),
        cmocka_unit_test(test_a_lawyer_says_certificate_and_firm),
        cmocka_unit_test(test_who_acts_for_an_organisation_says_how),
        cmocka_unit_test(test_unknown_kinds_and_names_with_line_ends_are_refused),
        cmocka_unit_test(test_rare_characters_of_names_survive),
        cmocka_unit_test(test_logins_that_are_given_away_are_not_free),
        cmocka_unit_test(test_passwords_that_say_who_one_is_are_refused),
    };
    trial_begin(&trial);
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    trial_end(&trial);
    return failed;
}

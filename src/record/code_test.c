#include "record/code.h"
#include "record/test_people.h"

#define NOW (INT64_C(1800000000000))

static Str code_for(struct town *town, Id person, const char *purpose, Instant now)
{
    struct cx *cx = town_cx(town);
    struct script *script = script_new(cx->arena);
    Str code = code_make(cx, town->keys, script, person, str_of(purpose), CODE_DIGITS, now);
    town_run(town, script);
    return code;
}

static bool holds(struct town *town, Id person, const char *purpose, Str code, Instant now)
{
    bool ok = true;
    struct cx *cx = town_cx(town);
    if (code_holds(cx, town->place.store, town->keys, person, str_of(purpose), code, now, &ok) !=
        OK) {
        fail_msg("%s", cx->failure.detail.p);
    }
    return ok;
}

/* A code that it is not. */
static Str other(struct town *town, Str code)
{
    char *text = arena_copy(town->place.trial.arena, code.p, code.n);
    text[0] = text[0] == '9' ? '0' : (char)(text[0] + 1);
    return (Str){text, code.n};
}

static void test_a_code_to_log_in_works_once(void **state)
{
    struct town *town = *state;
    Id id = town_person(town, "a").id;
    Str code = code_for(town, id, "login", NOW);
    assert_int_equal(code.n, 6);
    assert_true(holds(town, id, "login", code, NOW + 1));
    assert_false(holds(town, id, "login", code, NOW + 1));
}

static void test_a_code_to_sign_holds_for_its_ten_minutes(void **state)
{
    struct town *town = *state;
    Id id = town_person(town, "a").id;
    Str code = code_for(town, id, "sign", NOW);
    for (int i = 0; i < 20; i++) {
        assert_true(holds(town, id, "sign", code, NOW + 10 * MINUTE_MS - 1));
    }
    assert_false(holds(town, id, "sign", code, NOW + 10 * MINUTE_MS));
}

static void test_five_wrong_tries_end_a_code(void **state)
{
    struct town *town = *state;
    Id id = town_person(town, "a").id;
    Str code = code_for(town, id, "sign", NOW);
    for (int i = 0; i < 5; i++) {
        assert_false(holds(town, id, "sign", other(town, code), NOW));
    }
    assert_false(holds(town, id, "sign", code, NOW));
}

static void test_a_new_code_replaces_the_old(void **state)
{
    struct town *town = *state;
    Id id = town_person(town, "a").id;
    Str old = code_for(town, id, "sign", NOW);
    Str code = code_for(town, id, "sign", NOW);
    assert_true(holds(town, id, "sign", code, NOW));
    if (!str_same(old, code)) {
        assert_false(holds(town, id, "sign", old, NOW));
    }
}

static void test_a_code_is_good_for_its_purpose_and_person_alone(void **state)
{
    struct town *town = *state;
    Id id = town_person(town, "a").id;
    Id stranger = town_person(town, "b").id;
    Str code = code_for(town, id, "login", NOW);
    assert_false(holds(town, id, "sign", code, NOW));
    assert_false(holds(town, stranger, "login", code, NOW));
    assert_true(holds(town, id, "login", code, NOW));
}

static void test_texts_that_are_no_codes_are_refused_without_a_try(void **state)
{
    struct town *town = *state;
    Id id = town_person(town, "a").id;
    Str code = code_for(town, id, "login", NOW);
    for (int i = 0; i < 10; i++) {
        assert_false(holds(town, id, "login", STR(""), NOW));
        assert_false(holds(town, id, "login", STR("1234567"), NOW));
    }
    assert_true(holds(town, id, "login", code, NOW));
}

static int digits(struct town *town, Id person, Instant now)
{
    int out = 0;
    assert_int_equal(code_digits(town_cx(town), town->place.store, town->keys, person, now, &out),
                     OK);
    return out;
}

static void test_codes_grow_when_many_were_wrong(void **state)
{
    struct town *town = *state;
    Id id = town_person(town, "a").id;
    Id beside = town_person(town, "b").id;
    for (int wrong = 0; wrong < CODE_WRONG_MAX; wrong++) {
        assert_int_equal(digits(town, id, NOW), CODE_DIGITS);
        Str code = code_for(town, id, wrong % 2 == 0 ? "login" : "phone", NOW);
        assert_false(holds(town, id, wrong % 2 == 0 ? "login" : "phone", other(town, code), NOW));
    }
    assert_int_equal(digits(town, id, NOW), CODE_DIGITS_LONG);
    assert_int_equal(digits(town, beside, NOW), CODE_DIGITS);
    assert_int_equal(digits(town, id, NOW + DAY_MS), CODE_DIGITS);
    struct script *script = script_new(town_cx(town)->arena);
    Str code =
        code_make(town_cx(town), town->keys, script, id, STR("login"), CODE_DIGITS_LONG, NOW);
    town_run(town, script);
    assert_int_equal(code.n, CODE_DIGITS_LONG);
    assert_true(holds(town, id, "login", code, NOW));
    assert_int_equal(digits(town, id, NOW), CODE_DIGITS);
}

/* --- messages --- */

struct opening {
    struct town *town;
    Str payload, to, text;
};

static enum status opening_read(struct cx *cx, struct sql *sql, void *arg)
{
    struct opening *o = arg;
    struct rows rows = {0};
    TRY(sql_query(cx, sql, SQL("SELECT payload FROM job WHERE kind = 'message'"), NO_ARGS, &rows));
    assert_int_equal(rows.count, 1);
    o->payload = row_str(&rows, 0, 0);
    return message_open(cx, o->town->keys, sql, o->payload, &o->to, &o->text);
}

static void test_a_message_lies_sealed_and_keeps_the_phone_of_its_writing(void **state)
{
    struct town *town = *state;
    struct person p = town_person(town, "a");
    struct cx *cx = town_cx(town);
    struct script *script = script_new(cx->arena);
    assert_int_equal(
        code_send(cx, town->place.store, town->keys, town->sequence, script, &p, STR("sign"), NOW),
        OK);
    assert_int_equal(person_phone_set(cx, town->keys, &p, STR("19912345678")), OK);
    person_write(script, cx->arena, &p);
    town_run(town, script);
    struct opening o = {.town = town};
    assert_int_equal(store_read(cx, town->place.store, opening_read, &o), OK);
    assert_true(str_is(o.to, "13800138000"));
    assert_true(str_has(o.text, "验证码"));
    assert_false(str_has(o.payload, "13800138000"));
    assert_false(str_has(o.payload, "验证码"));
}

static void test_without_a_phone_nothing_is_sent(void **state)
{
    struct town *town = *state;
    struct person p = town_person(town, "a");
    struct cx *cx = town_cx(town);
    struct script *script = script_new(cx->arena);
    assert_int_equal(person_phone_set(cx, town->keys, &p, STR("")), OK);
    assert_int_equal(
        code_send(cx, town->place.store, town->keys, town->sequence, script, &p, STR("sign"), NOW),
        E_STATE);
    assert_string_equal(cx->failure.code, "phone-missing");
}

#define T(test) cmocka_unit_test_setup_teardown(test, town_setup, town_teardown)

int main(void)
{
    static const struct CMUnitTest tests[] = {
        T(test_a_code_to_log_in_works_once),
        T(test_a_code_to_sign_holds_for_its_ten_minutes),
        T(test_five_wrong_tries_end_a_code),
        T(test_a_new_code_replaces_the_old),
        T(test_a_code_is_good_for_its_purpose_and_person_alone),
        T(test_texts_that_are_no_codes_are_refused_without_a_try),
        T(test_codes_grow_when_many_were_wrong),
        T(test_a_message_lies_sealed_and_keeps_the_phone_of_its_writing),
        T(test_without_a_phone_nothing_is_sent),
    };
    return test_on_both_engines(tests);
}

#include <string.h>

#include "base/fail.h"
#include "base/test.h"

static void test_a_failure_has_two_voices_and_a_number(void **state)
{
    (void)state;
    struct trial t;
    trial_begin(&t);
    assert_int_equal(FAIL(&t.cx, E_STATE, "files-being-checked", "file %d of %s", 3, "m7"),
                     E_STATE);
    const struct failure *f = &t.cx.failure;
    assert_int_equal(f->status, E_STATE);
    assert_string_equal(f->code, "files-being-checked");
    assert_string_equal(f->detail.p, "file 3 of m7");
    assert_true(str_ends(str_of(f->file), "fail_test.c"));
    assert_true(f->line > 0);
    assert_int_equal(strlen(f->incident), 8);
    assert_int_equal(strspn(f->incident, "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"), 8);
    trial_end(&t);
}

static void test_the_first_failure_stays(void **state)
{
    (void)state;
    struct trial t;
    trial_begin(&t);
    assert_int_equal(FAIL(&t.cx, E_INPUT, "fields", "first"), E_INPUT);
    char incident[9];
    memcpy(incident, t.cx.failure.incident, sizeof incident);
    assert_int_equal(FAIL(&t.cx, E_BUG, "bug", "second"), E_INPUT);
    assert_string_equal(t.cx.failure.detail.p, "first");
    assert_string_equal(t.cx.failure.incident, incident);
    trial_end(&t);
}

static void test_forgiving_forgets_all_of_it(void **state)
{
    (void)state;
    struct trial t;
    trial_begin(&t);
    (void)FAIL(&t.cx, E_INPUT, "fields", "first");
    (void)cx_error(&t.cx, "a", "missing", NULL);
    (void)cx_warning(&t.cx, "b", "venue-plausible", NULL);
    cx_arg(&t.cx, "count", STR("2"));
    cx_forgive(&t.cx);
    assert_int_equal(t.cx.failure.status, OK);
    assert_null(t.cx.failure.errors);
    assert_null(t.cx.failure.warnings);
    assert_null(t.cx.failure.args);
    assert_int_equal(FAIL(&t.cx, E_BUG, "bug", "second"), E_BUG);
    assert_string_equal(t.cx.failure.detail.p, "second");
    trial_end(&t);
}

static void test_long_details_are_cut(void **state)
{
    (void)state;
    struct trial t;
    trial_begin(&t);
    char text[2000];
    memset(text, 'x', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    (void)FAIL(&t.cx, E_BUG, "bug", "%s", text);
    assert_true(t.cx.failure.detail.n > 400 && t.cx.failure.detail.n < sizeof text - 1);
    trial_end(&t);
}

static void test_entries_name_field_code_and_title(void **state)
{
    (void)state;
    struct trial t;
    trial_begin(&t);
    struct value *one = cx_error(&t.cx, "parties.1.name", "missing", "请填写被告姓名或名称");
    value_set_text(t.arena, one, "law", "civil-procedure-law@2023 122");
    (void)cx_error(&t.cx, NULL, "one-request", NULL);
    const struct value *errors = t.cx.failure.errors;
    assert_int_equal(value_count(errors), 2);
    assert_string_equal(value_as_str(value_at(errors, "0.field")).p, "parties.1.name");
    assert_string_equal(value_as_str(value_at(errors, "0.title")).p, "请填写被告姓名或名称");
    assert_string_equal(value_as_str(value_at(errors, "0.law")).p, "civil-procedure-law@2023 122");
    assert_true(value_is_null(value_at(errors, "1.field")));
    assert_null(value_at(errors, "1.title"));
    assert_null(t.cx.failure.warnings);
    trial_end(&t);
}

static int reached;

static enum status step(struct cx *cx, enum status status)
{
    return status == OK ? OK : FAIL(cx, status, "fields", "step");
}

static enum status three_steps(struct cx *cx, enum status second)
{
    reached = 0;
    TRY(step(cx, OK));
    reached = 1;
    TRY(step(cx, second));
    reached = 2;
    return OK;
}

static void test_try_hands_the_first_failure_up(void **state)
{
    (void)state;
    struct trial t;
    trial_begin(&t);
    assert_int_equal(three_steps(&t.cx, OK), OK);
    assert_int_equal(reached, 2);
    assert_int_equal(three_steps(&t.cx, E_DENIED), E_DENIED);
    assert_int_equal(reached, 1);
    trial_end(&t);
}

static void test_try_notices_an_arena_past_its_ceiling(void **state)
{
    (void)state;
    struct arena *arena = arena_open(2000);
    struct cx cx;
    cx_init(&cx, arena);
    (void)arena_alloc(arena, 2500);
    assert_int_equal(three_steps(&cx, OK), E_TOO_LARGE);
    assert_int_equal(reached, 0);
    assert_string_equal(cx.failure.code, "too-large");
    arena_close(arena);
}

static void test_statuses_have_their_http_status(void **state)
{
    (void)state;

    static const struct {
        enum status status;
        int http;
    } rows[] = {
        {OK, 200},          {E_READ, 400},   {E_LOGIN, 401},     {E_DENIED, 403},
        {E_NOT_FOUND, 404}, {E_METHOD, 405}, {E_STATE, 409},     {E_TYPE, 415},
        {E_INPUT, 422},     {E_WARN, 428},   {E_TOO_LARGE, 413}, {E_RATE, 429},
        {E_BUG, 500},       {E_STORE, 500},  {E_BUSY, 503},      {E_AGAIN, 503},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_int_equal(status_http(rows[i].status), rows[i].http);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_failure_has_two_voices_and_a_number),
        cmocka_unit_test(test_the_first_failure_stays),
        cmocka_unit_test(test_forgiving_forgets_all_of_it),
        cmocka_unit_test(test_long_details_are_cut),
        cmocka_unit_test(test_entries_name_field_code_and_title),
        cmocka_unit_test(test_try_hands_the_first_failure_up),
        cmocka_unit_test(test_try_notices_an_arena_past_its_ceiling),
        cmocka_unit_test(test_statuses_have_their_http_status),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

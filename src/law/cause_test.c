#include "law/tables_sample.h"

static void test_the_regulation_is_complete(void **state)
{
    (void)state;
    const struct law_tables *t = tables_real();
    int levels[5] = {0};
    for (int i = 0; i < t->cause_count; i++) {
        const struct cause *c = &t->causes[i];
        levels[c->level] += 1;
        assert_true((c->level == 1) == (c->parent < 0));
        assert_true(c->parent < 0 || t->causes[c->parent].level == c->level - 1);
        assert_true((c->level >= 3) == (c->number.n > 0));
    }
    assert_int_equal(t->cause_count, 1055);
    assert_int_equal(levels[1], 12);
    assert_int_equal(levels[2], 59);
    assert_int_equal(levels[3], 514);
    assert_int_equal(levels[4], 470);
}

static void assert_finds(const char *text, const char *code)
{
    const struct cause *c = cause_find(tables_real(), str_of(text));
    assert_non_null(c);
    assert_string_equal(c->code.p, code);
}

static void test_a_cause_by_code_number_or_name(void **state)
{
    (void)state;
    assert_finds("民间借贷纠纷", "C04-10-108-03");
    assert_finds("C04-10-108-03", "C04-10-108-03");
    assert_finds("126", "C04-10-126");
    assert_finds("不当得利纠纷", "C04-11-148"); /* the deepest of the branch */
    assert_finds("人格权纠纷", "C01-01");
    assert_null(cause_find(tables_real(), STR("")));
    assert_null(cause_find(tables_real(), STR("民间借贷")));
    assert_null(cause_find(tables_real(), STR("9999")));
    assert_null(cause_by_code(tables_real(), STR("126")));
}

static void test_forms_reach_down_to_causes_without_their_own(void **state)
{
    (void)state;
    const struct law_tables *t = tables_real();
    assert_string_equal(cause_by_code(t, STR("C04-10-108-03"))->form_no.p, "09");
    assert_string_equal(cause_by_code(t, STR("C05-15"))->form_no.p, "29");
    assert_string_equal(cause_by_code(t, STR("C05-15-189"))->form_no.p, "27");
    int below = 0;
    for (int i = 0; i < t->cause_count; i++) {
        const struct cause *c = &t->causes[i];
        if (c->level == 3 && str_is(t->causes[c->parent].code, "C07-19")) {
            assert_string_equal(c->form_no.p, "15");
            below += 1;
        }
    }
    assert_true(below > 0);
    assert_string_equal(cause_by_code(t, STR("C01"))->form_no.p, "");
}

static void test_search(void **state)
{
    (void)state;
    const struct law_tables *t = tables_real();
    int out[60];
    assert_int_equal(cause_search(t, STR(""), STR(""), 0, out, 60), 12);
    assert_int_equal(cause_search(t, STR(""), STR("C01"), 0, out, 60), 1);
    assert_string_equal(t->causes[out[0]].code.p, "C01-01");
    assert_true(cause_search(t, STR("民间借贷"), STR(""), 0, out, 60) >= 1);
    assert_string_equal(t->causes[out[0]].name.p, "民间借贷纠纷");
    assert_true(cause_search(t, STR("mjjd"), STR(""), 0, out, 60) >= 1);
    assert_string_equal(t->causes[out[0]].name.p, "民间借贷纠纷");
    assert_true(cause_search(t, STR("借贷"), STR(""), 0, out, 60) >= 1);
    assert_true(cause_search(t, STR("411.1"), STR(""), 0, out, 60) >= 1);
    assert_string_equal(t->causes[out[0]].number.p, "411.1");
    assert_int_equal(cause_search(t, STR("民间借贷"), STR("C01"), 0, out, 60), 0);
    assert_int_equal(cause_search(t, STR("鑫鑫"), STR(""), 0, out, 60), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_regulation_is_complete),
        cmocka_unit_test(test_a_cause_by_code_number_or_name),
        cmocka_unit_test(test_forms_reach_down_to_causes_without_their_own),
        cmocka_unit_test(test_search),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

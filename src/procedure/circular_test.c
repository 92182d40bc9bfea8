#include "procedure/rule_trial.h"

static const char THREE[] = "{\"circular\":{\"entries\":[{},{},{}]},\"explanations\":[%s]}";

static void assert_explained(const char *explanations, uint32_t complaints, const char *field)
{
    struct rule_trial t;
    struct arena *arena = arena_open((size_t)1 << 20);
    Str values = str_of(THREE);
    Str *parts = NULL;
    assert_int_equal(str_split(arena, values, '%', &parts), 2);
    rule_trial_begin(&t, "京0105",
                     str_printf(arena, "%s%s%s", parts[0].p, explanations, parts[1].p + 1).p,
                     "2026-03-02T10:20");
    const struct rule *rule = rule_named(rules_circular, "each-entry-explained");
    assert_int_equal(rule->guard(&t.trial.cx, &t.ask, rule), OK);
    assert_int_equal(t.ask.complaints, complaints);
    if (complaints > 0) {
        const struct value *first = value_item(t.trial.cx.failure.errors, 0);
        assert_string_equal(value_get_str(first, "field").p, field);
    }
    rule_trial_end(&t);
    arena_close(arena);
}

static void each_entry_is_explained_once(void **state)
{
    (void)state;
    assert_explained("{\"entry\":1},{\"entry\":2},{\"entry\":3}", 0, NULL);
    assert_explained("{\"entry\":3},{\"entry\":1},{\"entry\":2}", 0, NULL);
}

static void what_is_left_out_is_counted(void **state)
{
    (void)state;
    assert_explained("", 1, "explanations");
    assert_explained("{\"entry\":2}", 1, "explanations");
}

static void a_number_twice_or_not_there_is_told_at_its_place(void **state)
{
    (void)state;
    assert_explained("{\"entry\":1},{\"entry\":1},{\"entry\":2},{\"entry\":3}", 1,
                     "explanations.1.entry");
    assert_explained("{\"entry\":1},{\"entry\":2},{\"entry\":3},{\"entry\":4}", 1,
                     "explanations.3.entry");
    assert_explained("{\"entry\":0},{\"entry\":1},{\"entry\":2},{\"entry\":3}", 1,
                     "explanations.0.entry");
    assert_explained("{\"entry\":-9223372036854775807},{\"entry\":1},{\"entry\":2},{\"entry\":3}",
                     1, "explanations.0.entry");
}

static void a_circular_without_entries_needs_nothing(void **state)
{
    (void)state;
    struct rule_trial t;
    rule_trial_begin(&t, "京0105", "{\"circular\":{}}", "2026-03-02T10:20");
    const struct rule *rule = rule_named(rules_circular, "each-entry-explained");
    assert_int_equal(rule->guard(&t.trial.cx, &t.ask, rule), OK);
    assert_int_equal(t.ask.complaints, 0);
    rule_trial_end(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_entry_is_explained_once),
        cmocka_unit_test(what_is_left_out_is_counted),
        cmocka_unit_test(a_number_twice_or_not_there_is_told_at_its_place),
        cmocka_unit_test(a_circular_without_entries_needs_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

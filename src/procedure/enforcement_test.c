#include "procedure/rule_trial.h"

static void assert_enforced(const char *enforced, bool performed, Money fee)
{
    struct rule_trial t;
    struct arena *arena = arena_open((size_t)1 << 20);
    rule_trial_begin(&t, "京0105",
                     arena_printf(arena,
                                  "{\"enforcement-closing\":{\"enforced\":%s,\"performed\":%s}}",
                                  enforced, performed ? "true" : "false"),
                     "2026-03-02T10:20");
    const struct rule *rule = rule_named(rules_enforcement, "enforcement-fee");
    assert_int_equal(rule->effect(&t.trial.cx, &t.plan), OK);
    assert_int_equal(t.after.ledger_count, fee < 0 ? 0 : 1);
    if (fee >= 0) {
        assert_string_equal(t.after.ledger[0].kind.p, "enforcement-fee-due");
        assert_int_equal(t.after.ledger[0].amount, fee);
    }
    rule_trial_end(&t);
    arena_close(arena);
}

/* domain/fees.md E1 to E5: on the sum that was enforced, not on what was asked for. */
static void the_fee_is_taken_from_what_was_enforced(void **state)
{
    (void)state;
    assert_enforced("800000", false, 5000);
    assert_enforced("30000000", false, 440000);
    assert_enforced("123456789", false, 1474568);
    assert_enforced("500000000", false, 5240000);
    assert_enforced("2500000000", false, 9240000);
    assert_enforced("0", true, 5000); /* the lower end, where the province has said nothing */
    assert_enforced("0", false, -1);
}

static void assert_set_aside(const char *way, const char *now, uint32_t complaints)
{
    struct rule_trial t;
    struct arena *arena = arena_open((size_t)1 << 20);
    rule_trial_begin(&t, "京0105",
                     arena_printf(arena, "{\"enforcement-closing\":{\"way\":\"%s\"}}", way), now);
    assert_true(instant_parse(STR("2025-11-30T16:00:00+08:00"), &t.after.created));
    const struct rule *rule = rule_named(rules_enforcement, "set-aside-in-time");
    assert_int_equal(rule->guard(&t.trial.cx, &t.ask, rule), OK);
    assert_int_equal(t.ask.complaints, complaints);
    rule_trial_end(&t);
    arena_close(arena);
}

static void a_case_is_not_set_aside_before_three_months(void **state)
{
    (void)state;
    assert_set_aside("set-aside", "2025-12-01T09:00", 1);
    assert_set_aside("set-aside", "2026-02-28T09:00", 1); /* the corresponding day: not yet over */
    assert_set_aside("set-aside", "2026-03-01T00:00", 0);
    assert_set_aside("completed", "2025-12-01T09:00", 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_fee_is_taken_from_what_was_enforced),
        cmocka_unit_test(a_case_is_not_set_aside_before_three_months),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "procedure/rule_trial.h"

static const char NOW[] = "2026-03-02T10:20";

static enum status effect(struct rule_trial *t, const char *name)
{
    return rule_named(rules_docketing, name)->effect(&t->trial.cx, &t->plan);
}

/* --- numbers --- */

static void assert_type(const char *court, const char *values, const char *counter,
                        const char *type)
{
    struct rule_trial t;
    rule_trial_begin(&t, court, values, NOW);
    assert_int_equal(effect(&t, "assign-case-number"), OK);
    assert_string_equal(t.plan.number_court.p, counter);
    assert_string_equal(t.plan.number_type.p, type);
    assert_int_equal(t.plan.number_year, 2026);
    t.plan.number_got(&t.trial.cx, &t.plan, 12);
    assert_string_equal(t.after.case_number.p,
                        arena_printf(t.trial.arena, "（2026）%s%s12号", counter, type));
    rule_trial_end(&t);
}

static void each_kind_has_its_type_of_number(void **state)
{
    (void)state;
    assert_type("京0105", "{}", "京0105", "民初");
    assert_type("京0105", "{\"filing-kind\":\"civil\"}", "京0105", "民初");
    assert_type("京0105-01", "{\"filing-kind\":\"civil\"}", "京0105", "民初");
    assert_type("京0105", "{\"filing-kind\":\"administrative\"}", "京0105", "行初");
    assert_type("京0105", "{\"filing-kind\":\"private-prosecution\"}", "京0105", "刑初");
    assert_type("京0105", "{\"filing-kind\":\"enforcement\"}", "京0105", "执");
    assert_type("京", "{\"filing-kind\":\"civil-retrial\"}", "京", "民申");
    assert_type("京0105", "{\"filing-kind\":\"state-compensation\"}", "京0105", "法赔");
    assert_type("京03",
                "{\"filing-kind\":\"state-compensation\","
                "\"docketing-compensation\":{\"body\":\"committee\"}}",
                "京03", "委赔");
}

static void a_court_of_another_level_opens_none(void **state)
{
    static const char *const none[][2] = {
        {"京", "{\"filing-kind\":\"private-prosecution\"}"},
        {"京0105", "{\"filing-kind\":\"state-compensation\","
                   "\"docketing-compensation\":{\"body\":\"committee\"}}"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof none / sizeof none[0]; i++) {
        struct rule_trial t;
        rule_trial_begin(&t, none[i][0], none[i][1], NOW);
        const struct rule *guard = rule_named(rules_docketing, "court-opens-kind");
        assert_int_equal(guard->guard(&t.trial.cx, &t.ask, guard), OK);
        assert_int_equal(t.ask.complaints, 1);
        cx_forgive(&t.trial.cx);
        assert_int_equal(effect(&t, "assign-case-number"), E_STATE);
        assert_string_equal(t.trial.cx.failure.code, "case-level");
        rule_trial_end(&t);
    }
}

/* --- fees --- */

static void assert_fee(const char *values, const char *kind, Money fee, bool half)
{
    struct rule_trial t;
    rule_trial_begin(&t, "京0105", values, NOW);
    assert_int_equal(effect(&t, "fee-due"), OK);
    const struct value *inputs = t.plan.changes[0].inputs;
    assert_int_equal(t.after.ledger_count, 1);
    assert_string_equal(t.after.ledger[0].kind.p, kind);
    assert_int_equal(t.after.ledger[0].amount, fee);
    assert_true(t.after.ledger[0].working.n > 10);
    assert_int_equal(value_get_int(inputs, "fee"), fee);
    assert_int_equal(value_get_bool(inputs, "half"), half);
    assert_true(value_count(value_get(inputs, "working")) > 0);
    if (str_is(t.after.ledger[0].kind, "no-fee")) {
        assert_true(value_get_str(inputs, "fee-note").n > 0);
        assert_null(value_get(inputs, "fee-due"));
    } else {
        assert_string_equal(value_get_str(inputs, "fee-due").p, "2026-03-09");
    }
    rule_trial_end(&t);
}

static void a_fee_goes_by_kind(void **state)
{
    (void)state;
    assert_fee("{\"cause\":\"C04-10-108-03\",\"claim\":{\"amount\":5000000},"
               "\"docketing\":{\"trial-procedure\":\"ordinary\"}}",
               "acceptance-fee-due", 105000, false);
    assert_fee("{\"cause\":\"C04-10-108-03\",\"claim\":{\"amount\":5000000},"
               "\"docketing\":{\"trial-procedure\":\"summary\"}}",
               "acceptance-fee-due", 52500, true);
    assert_fee("{\"filing-kind\":\"administrative\","
               "\"docketing-administrative\":{\"trial-procedure\":\"ordinary\",\"ip\":false}}",
               "acceptance-fee-due", 5000, false);
    assert_fee("{\"filing-kind\":\"administrative\","
               "\"docketing-administrative\":{\"trial-procedure\":\"ordinary\",\"ip\":true}}",
               "acceptance-fee-due", 10000, false);
    assert_fee("{\"filing-kind\":\"administrative\","
               "\"docketing-administrative\":{\"trial-procedure\":\"summary\",\"ip\":false}}",
               "acceptance-fee-due", 2500, true);
    assert_fee("{\"filing-kind\":\"private-prosecution\"}", "no-fee", 0, false);
    assert_fee("{\"filing-kind\":\"state-compensation\"}", "no-fee", 0, false);
    assert_fee("{\"filing-kind\":\"enforcement\",\"claim-enforcement\":{\"principal\":5000000}}",
               "no-fee", 0, false);
    assert_fee("{\"filing-kind\":\"civil-retrial\"}", "no-fee", 0, false);
}

/* --- the code --- */

static void a_court_without_a_code_cannot_number(void **state)
{
    (void)state;
    const struct law_tables *tables = tables_real();
    Str without = STR("");
    for (int i = 0; i < tables->court_count && without.n == 0; i++) {
        if (!tables->courts[i].published && tables->courts[i].level == COURT_BASIC) {
            without = tables->courts[i].code;
        }
    }
    assert_true(without.n > 0);
    const char *const courts[] = {"京0105", "京0105-01", without.p};
    for (size_t i = 0; i < 3; i++) {
        struct rule_trial t;
        rule_trial_begin(&t, courts[i], "{}", NOW);
        const struct rule *guard = rule_named(rules_docketing, "court-has-code");
        assert_int_equal(guard->guard(&t.trial.cx, &t.ask, guard), OK);
        assert_int_equal(t.ask.complaints, i == 2);
        rule_trial_end(&t);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_kind_has_its_type_of_number),
        cmocka_unit_test(a_court_of_another_level_opens_none),
        cmocka_unit_test(a_fee_goes_by_kind),
        cmocka_unit_test(a_court_without_a_code_cannot_number),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

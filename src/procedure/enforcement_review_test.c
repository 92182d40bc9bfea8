#include "procedure/enforcement_review.h"
#include "procedure/rule_trial.h"

static const char *values_of(struct arena *arena, const char *term, const char *result)
{
    return arena_printf(
        arena, "{\"review-limit\":{\"term\":\"%s\"},\"review-ruling\":{\"result\":\"%s\"}}", term,
        result);
}

/* What the ruling on `term` tells people that they can do. */
static void assert_remedy(const char *term, const char *result, const char *says)
{
    struct rule_trial t;
    struct arena *arena = arena_open((size_t)1 << 20);
    rule_trial_begin(&t, "京0105", values_of(arena, term, result), "2026-03-02T10:20");
    const struct rule *rule = rule_named(rules_enforcement_review, "review-remedy");
    assert_int_equal(rule->effect(&t.trial.cx, &t.plan), OK);
    const char *remedy = value_get_str(t.plan.changes[0].inputs, "remedy").p;
    if (strstr(remedy, says) == NULL) {
        fail_msg("%s %s: %s", term, result, remedy);
    }
    rule_trial_end(&t);
    arena_close(arena);
}

static void each_ruling_tells_its_own_remedy(void **state)
{
    static const char above[] = "十日内，向北京市第三中级人民法院申请复议";
    static const char final[] = "本裁定送达后即发生法律效力";
    (void)state;
    assert_remedy("conduct", "rejected", above);
    assert_remedy("conduct", "upheld", above);
    assert_remedy("claim", "rejected", "十五日内向本院提起诉讼");
    assert_remedy("claim", "upheld", "依照审判监督程序办理");
    assert_remedy("reconsideration", "rejected", final);
    assert_remedy("reconsideration-longer", "remanded", final);
    assert_remedy("supervision", "partly", final);
    assert_remedy("award", "upheld", "重新申请仲裁，也可以向人民法院起诉");
    assert_remedy("award", "rejected", final);
    assert_remedy("award-outsider-longer", "upheld", above);
    assert_remedy("notarised", "upheld", "民事权利义务争议向人民法院提起诉讼");
    assert_remedy("notarised-longer", "rejected", above);
    assert_remedy("conduct", "ended", final);
}

static void assert_type(const char *filing, const char *type)
{
    struct rule_trial t;
    rule_trial_begin(&t, "京0105", filing, "2026-03-02T10:20");
    assert_string_equal(enforcement_review_type(t.ask.values), type);
    rule_trial_end(&t);
}

static void the_kind_of_review_decides_the_type_of_its_number(void **state)
{
    (void)state;
    assert_type("{\"form-enforcement-review\":\"65\",\"objection-kind\":\"claim\"}", "执异");
    assert_type("{\"form-enforcement-review\":\"66\"}", "执复");
    assert_type("{\"form-enforcement-review\":\"67\"}", "执监");
    assert_type("{\"form-enforcement-review\":\"68\",\"non-enforcement-kind\":\"notarised\"}",
                "执异");
    assert_type("{\"form-enforcement-review\":\"free\",\"review-kind\":\"reconsideration\"}",
                "执复");
}

static uint32_t extended(const char *before, const char *now)
{
    struct rule_trial t;
    struct arena *arena = arena_open((size_t)1 << 20);
    struct value *stands = NULL;
    rule_trial_begin(&t, "京0105", values_of(arena, now, "rejected"), "2026-03-02T10:20");
    assert_int_equal(json_read(&t.trial.cx, str_of(values_of(arena, before, "rejected")), &stands),
                     OK);
    t.ask.stands = stands;
    const struct rule *rule = rule_named(rules_enforcement_review, "review-extended");
    assert_int_equal(rule->guard(&t.trial.cx, &t.ask, rule), OK);
    uint32_t complaints = t.ask.complaints;
    rule_trial_end(&t);
    arena_close(arena);
    return complaints;
}

static void a_review_is_extended_once_within_its_kind(void **state)
{
    (void)state;
    assert_int_equal(extended("reconsideration", "reconsideration-longer"), 0);
    assert_int_equal(extended("award", "award-longer"), 0);
    assert_int_equal(extended("award-outsider", "award-outsider-longer"), 0);
    assert_int_equal(extended("notarised", "notarised-longer"), 0);
    assert_int_equal(extended("award", "award-outsider-longer"), 1);
    assert_int_equal(extended("conduct", "reconsideration-longer"), 1);
    assert_int_equal(extended("reconsideration-longer", "reconsideration-longer"), 1);
    assert_int_equal(extended("reconsideration", "reconsideration"), 1);
}

static uint32_t asked_at(const char *court, const char *values)
{
    struct rule_trial t;
    rule_trial_begin(&t, court, values, "2026-03-02T10:20");
    const struct rule *rule = rule_named(rules_enforcement_review, "asked-at-right-court");
    assert_int_equal(rule->guard(&t.trial.cx, &t.ask, rule), OK);
    uint32_t complaints = t.ask.complaints;
    rule_trial_end(&t);
    return complaints;
}

static void an_objection_goes_to_the_enforcing_court_a_reconsideration_above_it(void **state)
{
    static const char objection[] =
        "{\"parties-objection\":{\"case-number\":\"(2026)京0105执1号\"}}";
    static const char again[] = "{\"parties-review\":{\"original\":\"（2026）京0105执异1号\"}}";
    (void)state;
    assert_int_equal(asked_at("京0105", objection), 0);
    assert_int_equal(asked_at("京0108", objection), 1);
    assert_int_equal(asked_at("京03", again), 0);
    assert_int_equal(asked_at("京0105", again), 1);
    assert_int_equal(asked_at("京0105", "{\"parties-review\":{\"original\":\"通知\"}}"), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_ruling_tells_its_own_remedy),
        cmocka_unit_test(the_kind_of_review_decides_the_type_of_its_number),
        cmocka_unit_test(a_review_is_extended_once_within_its_kind),
        cmocka_unit_test(an_objection_goes_to_the_enforcing_court_a_reconsideration_above_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "base/test.h"
#include "law/source.h"

static void references_are_shown_with_their_titles(void **state)
{
    (void)state;
    struct trial t;
    trial_begin(&t);
    assert_string_equal(source_title(t.arena, STR("civil-procedure-law@2023 126")).p,
                        "《中华人民共和国民事诉讼法》第126条");
    assert_string_equal(source_title(t.arena, STR("litigation-fee-measures@2007 13(1)")).p,
                        "《诉讼费用交纳办法》第13条第(1)项");
    assert_string_equal(source_title(t.arena, STR("platform@2026 review")).p, "本平台规则");
    trial_end(&t);
}

static void an_unknown_reference_is_shown_as_it_is(void **state)
{
    (void)state;
    struct trial t;
    trial_begin(&t);
    assert_string_equal(source_title(t.arena, STR("civil-procedure-law@2021 126")).p,
                        "civil-procedure-law@2021 126");
    assert_string_equal(source_title(t.arena, STR("civil-code@20201 3")).p, "civil-code@20201 3");
    assert_string_equal(source_title(t.arena, STR("")).p, "");
    assert_true(source_is_ours(STR("platform@2026 review")));
    assert_false(source_is_ours(STR("civil-code@2020 201")));
    trial_end(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(references_are_shown_with_their_titles),
        cmocka_unit_test(an_unknown_reference_is_shown_as_it_is),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

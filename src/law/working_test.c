#include "base/test.h"
#include "law/working.h"

static void steps_keep_their_order_and_carry_rule_and_law(void **state)
{
    (void)state;
    struct trial t;
    trial_begin(&t);
    struct law_tables tables = {.version = STR("2026-1")};
    struct working w;
    working_begin(&w, t.arena);
    working_amount(&w, "不超过1万元的部分", "litigation-fee-measures@2007 13(1)", 5000);
    working_date(&w, "最后一日", "civil-procedure-law@2023 85", date_of(2026, 3, 9));
    working_tables(&w, &tables);
    assert_int_equal(value_count(w.lines), 3);
    assert_string_equal(value_get_str(value_item(w.lines, 0), "rule").p, "不超过1万元的部分");
    assert_int_equal(value_get_int(value_item(w.lines, 0), "amount"), 5000);
    assert_string_equal(value_get_str(value_item(w.lines, 1), "law").p,
                        "civil-procedure-law@2023 85");
    assert_string_equal(value_get_str(value_item(w.lines, 1), "date").p, "2026-03-09");
    assert_string_equal(value_get_str(value_item(w.lines, 2), "text").p, "2026-1");
    trial_end(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(steps_keep_their_order_and_carry_rule_and_law),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

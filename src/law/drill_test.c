/* Claims about the pairs of a drill, over all units there are. */
#include "base/test.h"
#include "law/drill.h"
#include "law/tables_sample.h"

static const enum reach_kind KINDS[] = {REACH_CIVIL, REACH_ENFORCEMENT, REACH_READING};

static int place_of(const struct law_tables *t, Str code)
{
    return (int)(court_by_code(t, code) - t->courts);
}

static void every_unit_takes_part_in_each_kind_as_far_as_it_can(void **state)
{
    struct trial trial;
    (void)state;
    trial_begin(&trial);
    const struct law_tables *t = tables_real();
    struct drill_pair *pairs = NULL;
    uint32_t count = 0;
    for (size_t k = 0; k < sizeof KINDS / sizeof KINDS[0]; k++) {
        struct drill_choice choice = {.above = {"", 0}, .kinds = &KINDS[k], .kind_count = 1};
        bool *gave = arena_array(trial.arena, bool, (size_t)t->court_count);
        bool *took = arena_array(trial.arena, bool, (size_t)t->court_count);
        drill_pairs(trial.arena, t, &choice, &pairs, &count);
        assert_in_range(count, 1, 2 * t->court_count);
        for (uint32_t i = 0; i < count; i++) {
            assert_true(reach_check(t, pairs[i].from, pairs[i].to, pairs[i].kind, NULL));
            gave[place_of(t, pairs[i].from)] = true;
            took[place_of(t, pairs[i].to)] = true;
        }
        for (int i = 0; i < t->court_count; i++) {
            const struct court *court = &t->courts[i];
            bool opens =
                KINDS[k] >= REACH_READING || reach_case_type(KINDS[k], court->level, false) != NULL;
            assert_int_equal(gave[i], reach_collaborates(court));
            if (opens) {
                assert_int_equal(took[i], reach_receives(court));
            }
        }
    }
    trial_end(&trial);
}

static void a_round_is_the_same_list_each_time_and_stays_below_its_court(void **state)
{
    struct trial trial;
    (void)state;
    trial_begin(&trial);
    const struct law_tables *t = tables_real();
    struct drill_choice choice = {.above = STR("藏"), .kinds = KINDS, .kind_count = 3};
    struct drill_pair *first = NULL;
    struct drill_pair *again = NULL;
    uint32_t count = 0;
    uint32_t count_again = 0;
    drill_pairs(trial.arena, t, &choice, &first, &count);
    drill_pairs(trial.arena, t, &choice, &again, &count_again);
    assert_int_equal(count, count_again);
    assert_true(count > 100);
    for (uint32_t i = 0; i < count; i++) {
        assert_true(str_same(first[i].from, again[i].from) && str_same(first[i].to, again[i].to));
        assert_true(str_starts(first[i].from, "藏") && str_starts(first[i].to, "藏"));
    }
    trial_end(&trial);
}

static void a_round_of_one_court_has_nobody_but_tribunals_and_none_of_its_own(void **state)
{
    struct trial trial;
    (void)state;
    trial_begin(&trial);
    const Str one[] = {STR("京0105")};
    struct drill_choice choice = {
        .above = {"", 0}, .courts = one, .court_count = 1, .kinds = KINDS, .kind_count = 1};
    struct drill_pair *pairs = NULL;
    uint32_t count = 99;
    drill_pairs(trial.arena, tables_real(), &choice, &pairs, &count);
    assert_int_equal(count, 0);
    trial_end(&trial);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_unit_takes_part_in_each_kind_as_far_as_it_can),
        cmocka_unit_test(a_round_is_the_same_list_each_time_and_stays_below_its_court),
        cmocka_unit_test(a_round_of_one_court_has_nobody_but_tribunals_and_none_of_its_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

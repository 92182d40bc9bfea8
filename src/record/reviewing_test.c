/* Claims about divided work: who stands in for whom, and who gets the next one. */
#include "base/test.h"
#include "record/reviewing.h"

enum { A = 11, B = 12, C = 13, D = 14 };

enum { TODAY = 1000, TOMORROW = 2000, LATER = 3000 };

static struct absence away(Id person, Id substitute, Instant starts, Instant ends)
{
    return (struct absence){
        .person = person, .substitute = substitute, .starts = starts, .ends = ends};
}

static bool stands(const struct absence *all, uint32_t count, Id person, Id whose, Instant now)
{
    Id ids[REVIEWERS_MAX];
    uint32_t found = reviewer_stands_for(all, count, person, now, ids);
    for (uint32_t i = 0; i < found; i++) {
        if (ids[i] == whose) {
            return true;
        }
    }
    return false;
}

static void his_own_is_always_his(void **state)
{
    const struct absence all[] = {away(A, B, TODAY, TOMORROW)};
    (void)state;
    assert_true(stands(all, 1, A, A, TODAY));
    assert_true(stands(NULL, 0, A, A, TODAY));
    assert_false(stands(NULL, 0, A, B, TODAY));
}

static void a_substitute_has_it_from_the_first_to_the_last_instant(void **state)
{
    const struct absence all[] = {away(A, B, TODAY, TOMORROW)};
    (void)state;
    assert_false(stands(all, 1, B, A, TODAY - 1));
    assert_true(stands(all, 1, B, A, TODAY));
    assert_true(stands(all, 1, B, A, TOMORROW));
    assert_false(stands(all, 1, B, A, TOMORROW + 1));
    assert_false(stands(all, 1, C, A, TODAY));
}

static void a_substitute_who_is_away_passes_it_on(void **state)
{
    const struct absence all[] = {away(A, B, TODAY, LATER), away(B, C, TOMORROW, LATER)};
    (void)state;
    assert_true(stands(all, 2, B, A, TODAY));
    assert_false(stands(all, 2, C, A, TODAY));
    assert_true(stands(all, 2, C, A, TOMORROW));
    assert_true(stands(all, 2, C, B, TOMORROW));
    assert_false(stands(all, 2, D, A, TOMORROW));
}

static void a_circle_ends(void **state)
{
    const struct absence all[] = {away(A, B, TODAY, LATER), away(B, A, TODAY, LATER)};
    (void)state;
    assert_false(stands(all, 2, C, A, TODAY));
    assert_true(stands(all, 2, A, B, TODAY));
}

static void the_next_goes_to_whoever_has_least_and_is_there(void **state)
{
    const struct reviewer all[] = {
        {.person = A, .waiting = 3, .given = 5},
        {.person = B, .waiting = 1, .given = 9, .substitute = A},
        {.person = C, .waiting = 2, .given = 8},
        {.person = D, .waiting = 2, .given = 7},
        {.person = 0, .waiting = 0},
    };
    (void)state;
    assert_int_equal(reviewer_least(all, 5)->person, D);
    assert_int_equal(reviewer_least(all, 3)->person, C);
    assert_null(reviewer_least(&all[1], 1));
    assert_null(reviewer_least(&all[4], 1));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(his_own_is_always_his),
        cmocka_unit_test(a_substitute_has_it_from_the_first_to_the_last_instant),
        cmocka_unit_test(a_substitute_who_is_away_passes_it_on),
        cmocka_unit_test(a_circle_ends),
        cmocka_unit_test(the_next_goes_to_whoever_has_least_and_is_there),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

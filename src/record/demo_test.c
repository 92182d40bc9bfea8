#include "law/identifier.h"
#include "law/tables_sample.h"
#include "record/demo.h"
#include "record/test_people.h"

#define NOW (INT64_C(1800000000000))

static bool reads(const char *login, struct demo_login *out)
{
    static struct arena *arena;
    arena = arena == NULL ? arena_open(1 << 20) : arena;
    return demo_login_read(arena, tables_real(), str_of(login), out);
}

static void test_logins_of_the_demo_are_read(void **state)
{
    struct demo_login said;
    (void)state;
    assert_true(reads("citizen-1", &said));
    assert_true(str_is(said.kind, "person"));
    assert_true(reads("lawyer-1000000", &said));
    assert_true(str_is(said.kind, "lawyer"));
    assert_int_equal(said.number, 1000000);
    assert_true(reads("reviewer@京0105", &said));
    assert_true(str_is(said.post, "reviewer") && str_is(said.court, "京0105"));
    assert_true(reads("admin", &said) && said.court.n == 0);
    assert_true(reads("admin@京0105", &said) && said.court.n == 0);
}

static void test_logins_that_are_none_are_not(void **state)
{
    static const char *const none[] = {"citizen-0",
                                       "citizen-01",
                                       "citizen-1000001",
                                       "citizen--1",
                                       "citizen-",
                                       "citizen-1x",
                                       "reviewer@京9999",
                                       "emperor@京0105",
                                       "reviewer@",
                                       "@京0105",
                                       "reviewer@京0105@京0106",
                                       "",
                                       "reviewer",
                                       "administrators",
                                       "admin-1"};
    struct demo_login said;
    (void)state;
    for (size_t i = 0; i < sizeof none / sizeof none[0]; i++) {
        if (reads(none[i], &said)) {
            fail_msg("%s is read", none[i]);
        }
    }
}

static struct person made(struct town *town, const char *login)
{
    struct demo_login said;
    struct person p;
    Str number = {"", 0};
    assert_true(reads(login, &said));
    assert_int_equal(demo_person(town_cx(town), town->keys, &said, str_of(login), NOW, &p), OK);
    assert_int_equal(person_identity_open(town_cx(town), town->keys, &p, &number), OK);
    p.identity_sealed = number; /* for the tests to look at */
    return p;
}

static void test_the_first_citizen_is_the_one_of_the_examples(void **state)
{
    struct person p = made(*state, "citizen-1");
    assert_true(str_is(p.name, "林晓舟"));
    assert_true(str_is(p.identity_sealed, "11010519491231002X"));
    assert_true(str_is(p.verified, "registry"));
}

static void test_people_of_the_demo_have_numbers_that_can_exist_and_are_their_own(void **state)
{
    struct town *town = *state;
    static const int64_t numbers[] = {1, 2, 3, 14610, 14611, 29221, 999999, 1000000};

    enum { COUNT = sizeof numbers / sizeof numbers[0] };

    Str seen[2 * COUNT];
    for (size_t i = 0; i < 2 * COUNT; i++) {
        struct identifier id;
        struct arena *arena = town->place.trial.arena;
        Str login = str_printf(arena, "%s-%lld", i < COUNT ? "citizen" : "lawyer",
                               (long long)numbers[i % COUNT]);
        struct person p = made(town, login.p);
        seen[i] = p.identity_sealed;
        if (!identifier_read(arena, IDENTIFIER_RESIDENT_ID, seen[i], DATE_NONE, &id)) {
            fail_msg("%s: %s %s", login.p, seen[i].p, id.why);
        }
        for (size_t k = 0; k < i; k++) {
            assert_false(str_same(seen[i], seen[k]));
        }
        if (i >= COUNT) {
            assert_true(identifier_read(arena, IDENTIFIER_LAWYER, p.licence, DATE_NONE, &id));
        }
    }
}

static void test_a_demo_login_always_is_the_same_person(void **state)
{
    struct town *town = *state;
    struct demo_login said;
    struct person *first = NULL;
    struct person *again = NULL;
    Str login = STR("judge@京0105");
    assert_true(reads(login.p, &said));
    for (int i = 0; i < 2; i++) {
        assert_int_equal(demo_person_ensure(town_cx(town), town->place.store, town->keys,
                                            town->sequence, &said, login, STR("h"), NOW,
                                            i == 0 ? &first : &again),
                         OK);
    }
    assert_int_equal(first->id, again->id);
    assert_true(str_same(first->name, again->name) && first->name.n > 0);
    struct rows rows = place_ask(&town->place, "SELECT post, court FROM post", NO_ARGS);
    assert_int_equal(rows.count, 1);
    assert_true(str_is(row_str(&rows, 0, 0), "judge") && str_is(row_str(&rows, 0, 1), "京0105"));
}

#define T(test) cmocka_unit_test_setup_teardown(test, town_setup, town_teardown)

int main(void)
{
    static const struct CMUnitTest pure[] = {
        cmocka_unit_test(test_logins_of_the_demo_are_read),
        cmocka_unit_test(test_logins_that_are_none_are_not),
    };
    static const struct CMUnitTest rows[] = {
        T(test_the_first_citizen_is_the_one_of_the_examples),
        T(test_people_of_the_demo_have_numbers_that_can_exist_and_are_their_own),
        T(test_a_demo_login_always_is_the_same_person),
    };
    return cmocka_run_group_tests(pure, NULL, NULL) + test_on_both_engines(rows);
}

#include "record/factor.h"
#include "record/test_people.h"
#include "seal/totp.h"

#define NOW (INT64_C(1800000015000))

/* A person with a second factor in force since the step before NOW. */
static struct person guarded(struct town *town, const char *login, Str *secret,
                             Str codes[FACTOR_CODES])
{
    struct person p = town_person(town, login);
    struct cx *cx = town_cx(town);
    struct script *script = script_new(cx->arena);
    *secret = totp_secret_new(cx->arena);
    assert_int_equal(factor_begin(cx, town->keys, script, &p, *secret, NOW), OK);
    factor_confirm(script, p.id, totp_step(NOW) - 1, NOW);
    factor_codes_make(cx, town->keys, script, p.id, codes);
    town_run(town, script);
    return p;
}

static struct factor_trial tried(struct town *town, const struct person *p, Str code, Instant now)
{
    struct cx *cx = town_cx(town);
    struct factor_trial trial = {.person = p, .code = code, .machine_now = now};
    if (factor_try(cx, town->place.store, town->keys, &trial) != OK) {
        fail_msg("%s", cx->failure.detail.p);
    }
    return trial;
}

static enum factor_answer answer(struct town *town, const struct person *p, Str code, Instant now)
{
    return tried(town, p, code, now).answer;
}

static Str at(struct town *town, Str secret, int64_t drift)
{
    return totp_code(town->place.trial.arena, secret, totp_step(NOW) + drift);
}

static void test_a_code_is_taken_once_and_none_before_it(void **state)
{
    struct town *town = *state;
    Str codes[FACTOR_CODES];
    Str secret;
    struct person p = guarded(town, "a", &secret, codes);
    assert_int_equal(answer(town, &p, at(town, secret, -1), NOW), FACTOR_WRONG); /* confirmed it */
    assert_int_equal(answer(town, &p, at(town, secret, 0), NOW), FACTOR_TAKEN);
    assert_int_equal(answer(town, &p, at(town, secret, 0), NOW), FACTOR_WRONG);
    assert_int_equal(answer(town, &p, at(town, secret, 1), NOW), FACTOR_TAKEN);
    assert_int_equal(answer(town, &p, at(town, secret, 0), NOW), FACTOR_WRONG);
    assert_int_equal(answer(town, &p, at(town, secret, 2), NOW), FACTOR_WRONG); /* too early */
}

static void test_a_secret_is_not_in_force_before_its_first_code(void **state)
{
    struct town *town = *state;
    struct person p = town_person(town, "a");
    struct cx *cx = town_cx(town);
    struct script *script = script_new(cx->arena);
    Str secret = totp_secret_new(cx->arena);
    assert_int_equal(factor_begin(cx, town->keys, script, &p, secret, NOW), OK);
    town_run(town, script);
    assert_int_equal(answer(town, &p, at(town, secret, 0), NOW), FACTOR_WRONG);
}

static void test_a_code_on_paper_works_once_however_it_is_written(void **state)
{
    struct town *town = *state;
    Str codes[FACTOR_CODES];
    Str secret;
    struct person p = guarded(town, "a", &secret, codes);
    struct arena *arena = town->place.trial.arena;
    Str bare = str_printf(arena, "%.5s%.5s", codes[1].p, codes[1].p + 6);
    char *low = arena_copy(arena, codes[2].p, codes[2].n + 1);
    for (char *c = low; *c != '\0'; c++) {
        *c = (char)(*c >= 'A' && *c <= 'Z' ? *c + 32 : *c);
    }
    assert_true(tried(town, &p, codes[0], NOW).on_paper);
    assert_int_equal(answer(town, &p, codes[0], NOW), FACTOR_WRONG);
    assert_int_equal(answer(town, &p, bare, NOW), FACTOR_TAKEN);
    assert_int_equal(answer(town, &p, str_of(low), NOW), FACTOR_TAKEN);
    Str other_codes[FACTOR_CODES];
    Str other_secret;
    struct person other = guarded(town, "b", &other_secret, other_codes);
    assert_int_equal(answer(town, &other, codes[3], NOW), FACTOR_WRONG);
}

static void test_wrong_codes_lock_but_never_paper(void **state)
{
    struct town *town = *state;
    Str codes[FACTOR_CODES];
    Str secret;
    struct person p = guarded(town, "a", &secret, codes);
    for (int i = 0; i < 5; i++) {
        assert_int_equal(answer(town, &p, STR("no-code"), NOW), FACTOR_WRONG);
    }
    struct factor_trial locked = tried(town, &p, at(town, secret, 0), NOW + 1);
    assert_int_equal(locked.answer, FACTOR_LOCKED);
    assert_in_range(locked.wait_ms, 1, MINUTE_MS);
    assert_int_equal(answer(town, &p, codes[0], NOW + 2), FACTOR_TAKEN);
    assert_int_equal(answer(town, &p, at(town, secret, 0), NOW + 3), FACTOR_TAKEN);
}

static void test_an_ended_factor_takes_nothing(void **state)
{
    struct town *town = *state;
    Str codes[FACTOR_CODES];
    Str secret;
    struct person p = guarded(town, "a", &secret, codes);
    struct cx *cx = town_cx(town);
    struct script *script = script_new(cx->arena);
    factor_end(script, p.id);
    town_run(town, script);
    assert_int_equal(answer(town, &p, at(town, secret, 1), NOW), FACTOR_WRONG);
    assert_int_equal(answer(town, &p, codes[0], NOW), FACTOR_WRONG);
}

#define T(test) cmocka_unit_test_setup_teardown(test, town_setup, town_teardown)

int main(void)
{
    static const struct CMUnitTest tests[] = {
        T(test_a_code_is_taken_once_and_none_before_it),
        T(test_a_secret_is_not_in_force_before_its_first_code),
        T(test_a_code_on_paper_works_once_however_it_is_written),
        T(test_wrong_codes_lock_but_never_paper),
        T(test_an_ended_factor_takes_nothing),
    };
    return test_on_both_engines(tests);
}

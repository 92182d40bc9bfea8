#include "base/test.h"
#include "seal/totp.h"

static struct trial one;

static int trial_setup(void **state)
{
    trial_begin(&one);
    *state = &one;
    return 0;
}

static int trial_teardown(void **state)
{
    trial_end(*state);
    return 0;
}

/* The secret of the RFCs' examples. */
static const char key[] = "12345678901234567890";

static void test_the_examples_of_rfc_6238(void **state)
{
    static const struct {
        int64_t at_s;
        uint32_t number;
    } examples[] = {{59, 94287082},         {1111111109, 7081804},  {1111111111, 14050471},
                    {1234567890, 89005924}, {2000000000, 69279037}, {20000000000, 65353130}};

    (void)state;
    for (size_t i = 0; i < sizeof examples / sizeof examples[0]; i++) {
        int64_t step = totp_step(examples[i].at_s * 1000);
        assert_int_equal(totp_number(key, sizeof key - 1, step, 8), examples[i].number);
    }
}

static void test_the_examples_of_rfc_4226(void **state)
{
    static const uint32_t numbers[] = {755224, 287082, 359152, 969429, 338314,
                                       254676, 287922, 162583, 399871, 520489};
    (void)state;
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        assert_int_equal(totp_number(key, sizeof key - 1, (int64_t)i, 6), numbers[i]);
    }
}

static void test_the_examples_of_rfc_4648(void **state)
{
    static const struct {
        const char *plain;
        const char *text;
    } examples[] = {{"", ""},
                    {"f", "MY"},
                    {"fo", "MZXQ"},
                    {"foo", "MZXW6"},
                    {"foob", "MZXW6YQ"},
                    {"fooba", "MZXW6YTB"},
                    {"foobar", "MZXW6YTBOI"}};
    struct trial *trial = *state;
    for (size_t i = 0; i < sizeof examples / sizeof examples[0]; i++) {
        Str plain = str_of(examples[i].plain);
        unsigned char back[8] = {0};
        assert_string_equal(base32_encode(trial->arena, plain.p, plain.n).p, examples[i].text);
        assert_true(base32_decode(str_of(examples[i].text), back, plain.n));
        assert_memory_equal(back, plain.p, plain.n);
    }
}

static void test_what_is_no_base32_is_refused(void **state)
{
    static const char *const bad[] = {"MZXW6YT1", "MZXW6YT0", "MZXW6YT-", "MZXW6YTBMZXW6YTB",
                                      "MZXW",     "",         "案案案案"};
    unsigned char out[5];
    (void)state;
    assert_true(base32_decode(STR("mzxw 6ytb=="), out, sizeof out));
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_false(base32_decode(str_of(bad[i]), out, sizeof out));
    }
}

static void test_a_code_holds_one_step_around_its_own(void **state)
{
    struct trial *trial = *state;
    struct arena *arena = trial->arena;
    const Instant now = INT64_C(1800000015000);
    Str secret = totp_secret_new(arena);
    int64_t own = totp_step(now);
    assert_int_equal(secret.n, 32);
    for (int64_t drift = -3; drift <= 3; drift++) {
        int64_t step = 0;
        bool near = drift >= -1 && drift <= 1;
        Str code = totp_code(arena, secret, own + drift);
        assert_int_equal(totp_holds(arena, secret, code, now, 0, &step), near);
        assert_int_equal(step, near ? own + drift : 0);
    }
}

static void test_a_step_that_was_taken_is_not_taken_again(void **state)
{
    struct trial *trial = *state;
    struct arena *arena = trial->arena;
    const Instant now = INT64_C(1800000015000);
    Str secret = totp_secret_new(arena);
    int64_t step = 0;
    Str code = totp_code(arena, secret, totp_step(now));
    assert_true(totp_holds(arena, secret, code, now, 0, &step));
    assert_false(totp_holds(arena, secret, code, now, step, &step));
    /* nor one before it */
    assert_false(totp_holds(arena, secret, totp_code(arena, secret, step - 1), now, step, &step));
    assert_true(totp_holds(arena, secret, totp_code(arena, secret, step + 1), now, step, &step));
}

static void test_other_texts_are_no_codes(void **state)
{
    static const char *const bad[] = {"", "12345", "1234567", "abcdef", "１２３４５６", "-00001"};
    struct trial *trial = *state;
    Str secret = totp_secret_new(trial->arena);
    int64_t step = 0;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_false(
            totp_holds(trial->arena, secret, str_of(bad[i]), INT64_C(1800000000000), 0, &step));
    }
    assert_false(
        totp_holds(trial->arena, STR("no secret"), STR(""), INT64_C(1800000000000), 0, &step));
}

static void test_the_address_is_escaped(void **state)
{
    struct trial *trial = *state;
    Str address = totp_address(trial->arena, STR("MZXW6YTB"), STR("通诉"), STR("judge@京0105"));
    assert_string_equal(address.p, "otpauth://totp/%E9%80%9A%E8%AF%89:judge%40%E4%BA%AC0105"
                                   "?secret=MZXW6YTB&issuer=%E9%80%9A%E8%AF%89&algorithm=SHA1"
                                   "&digits=6&period=30");
}

#define TRIAL(name) cmocka_unit_test_setup_teardown(name, trial_setup, trial_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TRIAL(test_the_examples_of_rfc_6238),
        TRIAL(test_the_examples_of_rfc_4226),
        TRIAL(test_the_examples_of_rfc_4648),
        TRIAL(test_what_is_no_base32_is_refused),
        TRIAL(test_a_code_holds_one_step_around_its_own),
        TRIAL(test_a_step_that_was_taken_is_not_taken_again),
        TRIAL(test_other_texts_are_no_codes),
        TRIAL(test_the_address_is_escaped),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

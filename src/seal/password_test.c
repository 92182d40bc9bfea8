#include <string.h>

#include "base/test.h"
#include "seal/password.h"

static void test_a_password_holds_and_others_do_not(void **state)
{
    (void)state;
    struct trial t;
    trial_begin(&t);
    Str hash = {"", 0};
    assert_int_equal(password_hash(&t.cx, STR("tongsu-demo"), &hash), OK);
    assert_true(str_starts(hash, "$argon2id$v=19$m=19456,t=2,p=1$"));
    assert_true(password_holds(STR("tongsu-demo"), hash));
    assert_false(password_holds(STR("tongsu-demo "), hash));
    assert_false(password_holds(STR("tongsu-dem"), hash));
    assert_false(password_holds(STR(""), hash));
    trial_end(&t);
}

static void test_equal_passwords_hash_differently(void **state)
{
    (void)state;
    struct trial t;
    trial_begin(&t);
    Str one = {"", 0};
    Str two = {"", 0};
    assert_int_equal(password_hash(&t.cx, STR("密码𠮷"), &one), OK);
    assert_int_equal(password_hash(&t.cx, STR("密码𠮷"), &two), OK);
    assert_false(str_same(one, two));
    assert_true(password_holds(STR("密码𠮷"), one) && password_holds(STR("密码𠮷"), two));
    trial_end(&t);
}

static void test_what_is_no_hash_holds_nothing(void **state)
{
    (void)state;
    assert_false(password_holds(STR("x"), STR("")));
    assert_false(password_holds(STR("x"), STR("x")));
    assert_false(password_holds(STR(""), STR("$argon2id$")));
    assert_false(password_holds(STR("x"), STR("$argon2id$v=19$m=19456,t=2,p=1$AAAA$AAAA")));
    char long_text[400];
    memset(long_text, '$', sizeof long_text);
    memcpy(long_text, "$argon2id$", 10);
    assert_false(password_holds(STR("x"), (Str){long_text, sizeof long_text}));
}

static void test_tokens_are_43_url_safe_characters(void **state)
{
    (void)state;
    struct trial t;
    trial_begin(&t);
    Str before = {"", 0};
    for (int i = 0; i < 200; i++) {
        Str token = token_new(t.arena);
        assert_int_equal(token.n, 43);
        assert_int_equal(strspn(token.p, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                                         "0123456789-_"),
                         43);
        assert_false(str_same(token, before));
        assert_false(hash_same(token_hash(token), token_hash(before)));
        before = token;
    }
    trial_end(&t);
}

static void test_codes_have_their_digits_and_are_spread(void **state)
{
    (void)state;
    struct trial t;
    trial_begin(&t);
    for (int digits = 6; digits <= 10; digits += 4) {
        bool seen[10] = {false};
        for (int i = 0; i < 500; i++) {
            Str code = code_new(t.arena, digits);
            assert_int_equal(code.n, digits);
            assert_int_equal(strspn(code.p, "0123456789"), digits);
            seen[code.p[0] - '0'] = true;
        }
        for (int i = 0; i < 10; i++) {
            assert_true(seen[i]);
        }
    }
    trial_end(&t);
}

static void test_base64_of_rfc_4648(void **state)
{
    (void)state;
    struct trial t;
    trial_begin(&t);

    static const char *const rows[][2] = {{"", ""},
                                          {"f", "Zg=="},
                                          {"fo", "Zm8="},
                                          {"foo", "Zm9v"},
                                          {"foob", "Zm9vYg=="},
                                          {"fooba", "Zm9vYmE="},
                                          {"foobar", "Zm9vYmFy"}};

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        Str out = {"", 0};
        assert_string_equal(base64_encode(t.arena, rows[i][0], strlen(rows[i][0])).p, rows[i][1]);
        Str behind = base64_encode_public(t.arena, STR("s1:"), (const unsigned char *)rows[i][0],
                                          strlen(rows[i][0]));
        assert_string_equal(behind.p, arena_printf(t.arena, "s1:%s", rows[i][1]));
        assert_int_equal(behind.n, strlen(behind.p));
        assert_true(base64_decode(t.arena, str_of(rows[i][1]), &out));
        assert_true(str_is(out, rows[i][0]));
    }
    trial_end(&t);
}

static void test_base64_reads_both_alphabets_padded_or_not(void **state)
{
    (void)state;
    struct trial t;
    trial_begin(&t);
    for (size_t size = 0; size < 70; size++) {
        unsigned char bytes[70];
        for (size_t i = 0; i < size; i++) {
            bytes[i] = (unsigned char)(0xFB - i * 7);
        }
        Str forms[4];
        forms[0] = base64_encode(t.arena, bytes, size);
        assert_string_equal(base64_encode_public(t.arena, STR(""), bytes, size).p, forms[0].p);
        forms[1] = base64url_encode(t.arena, bytes, size);
        size_t bare = strcspn(forms[0].p, "=");
        forms[2] = str_copy(t.arena, forms[0].p, bare);
        forms[3] = str_printf(t.arena, "%s%s", forms[1].p, forms[0].p + bare);
        for (int i = 0; i < 4; i++) {
            Str out = {"", 0};
            assert_true(base64_decode(t.arena, forms[i], &out));
            assert_int_equal(out.n, size);
            assert_memory_equal(out.p, bytes, size);
        }
    }
    trial_end(&t);
}

static void test_base64_refuses_every_byte_outside_its_alphabet(void **state)
{
    (void)state;
    struct trial t;
    trial_begin(&t);
    unsigned char bytes[8];
    size_t size = 0;
    for (int c = 1; c < 256; c++) {
        char text[] = {'Z', 'm', '9', (char)c, '\0'};
        bool known =
            strchr("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/", c) != NULL;
        assert_int_equal(base64_decode_strict(str_of(text), bytes, sizeof bytes, &size), known);
    }
    assert_false(base64_decode_strict(STR("Zm9v"), bytes, 2, &size));
    assert_false(base64_decode_strict(STR("Zg"), bytes, sizeof bytes, &size));
    assert_false(base64_decode_strict(STR("-_-_"), bytes, sizeof bytes, &size));
    trial_end(&t);
}

static void test_base64_refuses_what_it_would_not_write(void **state)
{
    (void)state;
    struct trial t;
    trial_begin(&t);
    static const char *const rows[] = {"Z",    "Zg=",   "Zg===", "Zh==",  "Zm9", "Zm9v Zm9v",
                                       "+-AA", "Zm9v=", "=",     "Zm9\n", "诉",  "Zg==Zg=="};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        Str out = {"", 0};
        if (base64_decode(t.arena, str_of(rows[i]), &out)) {
            assert_string_equal(rows[i], "refused");
        }
    }
    trial_end(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_password_holds_and_others_do_not),
        cmocka_unit_test(test_equal_passwords_hash_differently),
        cmocka_unit_test(test_what_is_no_hash_holds_nothing),
        cmocka_unit_test(test_tokens_are_43_url_safe_characters),
        cmocka_unit_test(test_codes_have_their_digits_and_are_spread),
        cmocka_unit_test(test_base64_of_rfc_4648),
        cmocka_unit_test(test_base64_reads_both_alphabets_padded_or_not),
        cmocka_unit_test(test_base64_refuses_every_byte_outside_its_alphabet),
        cmocka_unit_test(test_base64_refuses_what_it_would_not_write),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

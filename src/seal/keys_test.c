#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/json.h"
#include "base/test.h"
#include "seal/keys.h"
#include "seal/password.h"
#include "seal/sm2.h"

struct bench {
    struct trial t;
    char root[128];
    char dir[160];
    struct keys *keys;
};

static void bench_begin(struct bench *b)
{
    trial_begin(&b->t);
    trial_directory(b->root, sizeof b->root, "keys");
    (void)snprintf(b->dir, sizeof b->dir, "%s/keys", b->root);
    assert_int_equal(keys_open(&b->t.cx, b->dir, true, &b->keys), OK);
}

static void bench_end(struct bench *b)
{
    keys_close(b->keys);
    DIR *dir = opendir(b->dir);
    for (const struct dirent *e = NULL; dir != NULL && (e = readdir(dir)) != NULL;) {
        (void)unlinkat(dirfd(dir), e->d_name, 0);
    }
    if (dir != NULL) {
        (void)closedir(dir);
    }
    (void)rmdir(b->dir);
    (void)rmdir(b->root);
    trial_end(&b->t);
}

static void reopen(struct bench *b)
{
    keys_close(b->keys);
    b->keys = NULL;
    assert_int_equal(keys_open(&b->t.cx, b->dir, false, &b->keys), OK);
}

static char *path_in(struct bench *b, const char *name)
{
    return arena_printf(b->t.arena, "%s/%s", b->dir, name);
}

/* The path of the first file with this ending. */
static char *file_with(struct bench *b, const char *ending, size_t size_least)
{
    char *path = NULL;
    DIR *dir = opendir(b->dir);
    assert_non_null(dir);
    for (const struct dirent *e = NULL; (e = readdir(dir)) != NULL;) {
        struct stat facts;
        char *at = path_in(b, e->d_name);
        if (str_ends(str_of(e->d_name), ending) && stat(at, &facts) == 0 &&
            (size_t)facts.st_size >= size_least) {
            path = at;
        }
    }
    (void)closedir(dir);
    assert_non_null(path);
    return path;
}

static void file_put(const char *path, const char *text)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

static void opening_fails(struct bench *b, bool create, const char *code)
{
    struct keys *keys = NULL;
    assert_int_equal(keys_open(&b->t.cx, b->dir, create, &keys), E_STORE);
    assert_string_equal(b->t.cx.failure.code, code);
    assert_null(keys);
    cx_forgive(&b->t.cx);
}

/* --- files --- */

static void test_secrets_are_for_the_owner_only(void **state)
{
    (void)state;
    struct bench b;
    bench_begin(&b);
    struct stat facts;
    assert_int_equal(stat(b.dir, &facts), 0);
    assert_int_equal(facts.st_mode & 0777, 0700);
    int files = 0;
    DIR *dir = opendir(b.dir);
    for (const struct dirent *e = NULL; (e = readdir(dir)) != NULL;) {
        assert_int_equal(stat(path_in(&b, e->d_name), &facts), 0);
        if (S_ISREG(facts.st_mode)) {
            assert_int_equal(facts.st_mode & 0777, 0600);
            files += 1;
        }
    }
    (void)closedir(dir);
    assert_int_equal(files, 4); /* the list and three keys */
    bench_end(&b);
}

static void test_missing_keys_are_made_only_when_asked(void **state)
{
    (void)state;
    struct bench b;
    bench_begin(&b);
    struct keys *keys = NULL;
    assert_int_equal(keys_open(&b.t.cx, "/nonexistent/keys", false, &keys), E_STORE);
    assert_string_equal(b.t.cx.failure.code, "keys-missing");
    cx_forgive(&b.t.cx);
    assert_int_equal(keys_open(&b.t.cx, "/nonexistent/keys", true, &keys), E_STORE);
    cx_forgive(&b.t.cx);
    bench_end(&b);
}

static void test_a_lost_list_is_not_answered_with_new_keys(void **state)
{
    (void)state;
    struct bench b;
    bench_begin(&b);
    assert_int_equal(unlink(path_in(&b, "keys.json")), 0);
    opening_fails(&b, true, "keys-missing");
    opening_fails(&b, false, "keys-missing");
    bench_end(&b);
}

static void test_a_damaged_list_or_key_is_noticed(void **state)
{
    (void)state;
    struct bench b;
    bench_begin(&b);
    char *key = file_with(&b, ".key", 60); /* the sealing key: 48 bytes */
    file_put(key, "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");
    opening_fails(&b, false, "keys-broken");
    file_put(key, "no key");
    opening_fails(&b, false, "keys-broken");
    assert_int_equal(unlink(key), 0);
    opening_fails(&b, false, "keys-broken");
    file_put(path_in(&b, "keys.json"), "{\"keys\":[]}");
    opening_fails(&b, true, "keys-broken");
    file_put(path_in(&b, "keys.json"), "{\"keys\":[{\"id\":\"../../etc/passwd\"}]}");
    opening_fails(&b, true, "keys-broken");
    file_put(path_in(&b, "keys.json"), "not JSON");
    opening_fails(&b, true, "keys-broken");
    bench_end(&b);
}

static void test_a_damaged_signing_key_is_noticed(void **state)
{
    (void)state;
    struct bench b;
    bench_begin(&b);
    char *pem = file_with(&b, ".pem", 1);
    file_put(pem, "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n");
    opening_fails(&b, false, "keys-broken");
    bench_end(&b);
}

/* --- signing --- */

static Str public_pem(struct bench *b, uint32_t n)
{
    return value_get_str(value_item(keys_public(&b->t.cx, b->keys), n), "pem");
}

static void test_a_signature_holds_for_its_message_only(void **state)
{
    (void)state;
    struct bench b;
    bench_begin(&b);
    struct signature s;
    Str message = STR("origin\n57\nroot\n2026-11-22T10:06:00+08:00\n");
    assert_int_equal(keys_sign(&b.t.cx, b.keys, message, &s), OK);
    assert_int_equal(strlen(s.key_id), 16);
    assert_true(keys_verify(b.keys, message, s.key_id, s.bytes_base64));
    assert_true(signature_holds(message, public_pem(&b, 0), s.bytes_base64));
    assert_false(keys_verify(b.keys, STR("another"), s.key_id, s.bytes_base64));
    assert_false(keys_verify(b.keys, message, "0123456789abcdef", s.bytes_base64));
    assert_false(keys_verify(b.keys, message, s.key_id, STR("")));
    for (size_t i = 0; i < message.n; i++) {
        char *changed = arena_copy(b.t.arena, message.p, message.n);
        changed[i] ^= 1;
        assert_false(keys_verify(b.keys, (Str){changed, message.n}, s.key_id, s.bytes_base64));
    }
    reopen(&b);
    assert_true(keys_verify(b.keys, message, s.key_id, s.bytes_base64));
    bench_end(&b);
}

static void test_any_changed_character_breaks_a_signature(void **state)
{
    (void)state;
    struct bench b;
    bench_begin(&b);
    struct signature s;
    assert_int_equal(keys_sign(&b.t.cx, b.keys, STR("m"), &s), OK);
    for (size_t i = 0; i < s.bytes_base64.n; i++) {
        char *changed = arena_copy(b.t.arena, s.bytes_base64.p, s.bytes_base64.n);
        changed[i] = changed[i] == 'A' ? 'B' : 'A';
        assert_false(keys_verify(b.keys, STR("m"), s.key_id, (Str){changed, s.bytes_base64.n}));
        assert_false(keys_verify(b.keys, STR("m"), s.key_id, (Str){s.bytes_base64.p, i}));
    }
    Str doubled = str_printf(b.t.arena, "%s%s", s.bytes_base64.p, s.bytes_base64.p);
    assert_false(keys_verify(b.keys, STR("m"), s.key_id, doubled));
    bench_end(&b);
}

static Str p256_pem(struct arena *arena)
{
    EVP_PKEY *key = EVP_PKEY_Q_keygen(NULL, NULL, "EC", "P-256");
    assert_non_null(key);
    Str pem = sm2_public_pem(arena, key);
    EVP_PKEY_free(key);
    return pem;
}

static void test_only_sm2_public_keys_are_taken(void **state)
{
    (void)state;
    struct bench b;
    bench_begin(&b);
    struct signature s;
    char id[17] = "";
    assert_int_equal(keys_sign(&b.t.cx, b.keys, STR("m"), &s), OK);
    assert_true(signature_key_id(public_pem(&b, 0), id));
    assert_string_equal(id, s.key_id);
    Str p256 = p256_pem(b.t.arena);
    assert_true(str_starts(p256, "-----BEGIN PUBLIC KEY-----"));
    assert_false(signature_key_id(p256, id));
    assert_false(signature_holds(STR("m"), p256, s.bytes_base64));
    assert_false(signature_holds(STR("m"), STR(""), s.bytes_base64));
    assert_false(signature_holds(STR("m"), STR("-----BEGIN PUBLIC KEY-----"), s.bytes_base64));
    static char large[10000];
    memset(large, 'A', sizeof large - 1);
    assert_false(signature_holds(STR("m"), str_of(large), s.bytes_base64));
    bench_end(&b);
}

static void test_rotation_keeps_what_was_made(void **state)
{
    (void)state;
    struct bench b;
    bench_begin(&b);
    struct signature before;
    struct signature after;
    SealKey made;
    SealKey opened;
    Str wrapped = {"", 0};
    Hash blind = keys_blind(b.keys, "identity", STR("11010519491231002X"));
    assert_int_equal(keys_sign(&b.t.cx, b.keys, STR("m"), &before), OK);
    assert_int_equal(seal_key_new(&b.t.cx, b.keys, &made, &wrapped), OK);
    assert_int_equal(keys_rotate(&b.t.cx, b.keys), OK);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(keys_sign(&b.t.cx, b.keys, STR("m"), &after), OK);
        assert_string_not_equal(before.key_id, after.key_id);
        assert_true(keys_verify(b.keys, STR("m"), before.key_id, before.bytes_base64));
        assert_true(keys_verify(b.keys, STR("m"), after.key_id, after.bytes_base64));
        assert_false(keys_verify(b.keys, STR("m"), after.key_id, before.bytes_base64));
        assert_int_equal(seal_key_open(&b.t.cx, b.keys, wrapped, &opened), OK);
        assert_memory_equal(made.b, opened.b, sizeof made.b);
        assert_true(hash_same(blind, keys_blind(b.keys, "identity", STR("11010519491231002X"))));
        reopen(&b);
    }
    bench_end(&b);
}

static void test_public_keys_say_from_when_to_when(void **state)
{
    (void)state;
    struct bench b;
    bench_begin(&b);
    assert_int_equal(keys_rotate(&b.t.cx, b.keys), OK);
    const struct value *list = keys_public(&b.t.cx, b.keys);
    assert_int_equal(value_count(list), 2);
    assert_true(value_is_null(value_at(list, "0.to")));
    assert_string_equal(value_as_str(value_at(list, "1.to")).p,
                        value_as_str(value_at(list, "0.from")).p);
    for (uint32_t i = 0; i < 2; i++) {
        char id[17] = "";
        assert_true(signature_key_id(value_get_str(value_item(list, i), "pem"), id));
        assert_string_equal(value_get_str(value_item(list, i), "id").p, id);
    }
    assert_false(str_has(json_write(b.t.arena, list), "PRIVATE"));
    bench_end(&b);
}

/* --- sealing --- */

static void test_sealed_text_opens_in_its_place_only(void **state)
{
    (void)state;
    struct bench b;
    bench_begin(&b);
    SealKey key;
    SealKey other;
    Str wrapped = {"", 0};
    assert_int_equal(seal_key_new(&b.t.cx, b.keys, &key, &wrapped), OK);
    assert_int_equal(seal_key_new(&b.t.cx, b.keys, &other, &wrapped), OK);
    static const char *const texts[] = {"", "1", "11010519491231002X", "𠮷林晓舟，住北京市朝阳区"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        Str out = {"", 0};
        Str place = STR("parties.0.identity.number");
        Str sealed = seal_text(b.t.arena, &key, place, str_of(texts[i]));
        assert_true(seal_is_sealed(sealed));
        assert_int_equal(seal_open_text(&b.t.cx, &key, place, sealed, &out), OK);
        assert_string_equal(out.p, texts[i]);
        assert_int_equal(
            seal_open_text(&b.t.cx, &key, STR("parties.1.identity.number"), sealed, &out), E_STORE);
        assert_string_equal(b.t.cx.failure.code, "seal-broken");
        cx_forgive(&b.t.cx);
        assert_int_equal(seal_open_text(&b.t.cx, &other, place, sealed, &out), E_STORE);
        cx_forgive(&b.t.cx);
    }
    bench_end(&b);
}

static void test_sealing_twice_gives_different_texts(void **state)
{
    (void)state;
    struct bench b;
    bench_begin(&b);
    SealKey key;
    Str wrapped = {"", 0};
    assert_int_equal(seal_key_new(&b.t.cx, b.keys, &key, &wrapped), OK);
    assert_false(str_same(seal_text(b.t.arena, &key, STR("a"), STR("13800000000")),
                          seal_text(b.t.arena, &key, STR("a"), STR("13800000000"))));
    bench_end(&b);
}

/* The context ends with a NUL before the nonce: bytes cannot move from one to the other. */
static void test_context_and_text_do_not_run_together(void **state)
{
    (void)state;
    struct bench b;
    bench_begin(&b);
    SealKey key;
    Str wrapped = {"", 0};
    Str out = {"", 0};
    assert_int_equal(seal_key_new(&b.t.cx, b.keys, &key, &wrapped), OK);
    Str sealed = seal_text(b.t.arena, &key, STR("ab"), STR("text"));
    Str raw = {"", 0};
    assert_true(base64_decode(b.t.arena, str_of(sealed.p + 3), &raw));
    char *moved = arena_alloc(b.t.arena, raw.n + 2);
    moved[0] = 'b';
    moved[1] = '\0';
    memcpy(moved + 2, raw.p, raw.n);
    Str forged = str_printf(b.t.arena, "s1:%s", base64_encode(b.t.arena, moved, raw.n + 2).p);
    assert_int_equal(seal_open_text(&b.t.cx, &key, STR("a"), forged, &out), E_STORE);
    bench_end(&b);
}

static void test_every_changed_byte_of_sealed_text_is_noticed(void **state)
{
    (void)state;
    struct bench b;
    bench_begin(&b);
    SealKey key;
    Str wrapped = {"", 0};
    Str out = {"", 0};
    assert_int_equal(seal_key_new(&b.t.cx, b.keys, &key, &wrapped), OK);
    Str sealed = seal_text(b.t.arena, &key, STR("phone"), STR("13800000000"));
    for (size_t i = 0; i < sealed.n; i++) {
        for (int bit = 0; bit < 8; bit++) {
            char *changed = arena_copy(b.t.arena, sealed.p, sealed.n);
            changed[i] = (char)(changed[i] ^ (1 << bit));
            assert_int_equal(
                seal_open_text(&b.t.cx, &key, STR("phone"), (Str){changed, sealed.n}, &out),
                E_STORE);
            cx_forgive(&b.t.cx);
        }
        Str head = str_copy(b.t.arena, sealed.p, i);
        assert_int_equal(seal_open_text(&b.t.cx, &key, STR("phone"), head, &out), E_STORE);
        cx_forgive(&b.t.cx);
    }
    bench_end(&b);
}

static void test_every_changed_byte_of_a_wrapped_key_is_noticed(void **state)
{
    (void)state;
    struct bench b;
    bench_begin(&b);
    SealKey key;
    Str wrapped = {"", 0};
    assert_int_equal(seal_key_new(&b.t.cx, b.keys, &key, &wrapped), OK);
    for (size_t i = 0; i < wrapped.n; i++) {
        for (int bit = 0; bit < 8; bit++) {
            char *changed = arena_copy(b.t.arena, wrapped.p, wrapped.n);
            changed[i] = (char)(changed[i] ^ (1 << bit));
            assert_int_equal(seal_key_open(&b.t.cx, b.keys, (Str){changed, wrapped.n}, &key),
                             E_STORE);
            cx_forgive(&b.t.cx);
        }
    }
    bench_end(&b);
}

static void test_a_key_of_another_database_does_not_open(void **state)
{
    (void)state;
    struct bench b;
    struct bench other;
    bench_begin(&b);
    bench_begin(&other);
    SealKey key;
    Str wrapped = {"", 0};
    assert_int_equal(seal_key_new(&b.t.cx, b.keys, &key, &wrapped), OK);
    assert_int_equal(seal_key_open(&other.t.cx, other.keys, wrapped, &key), E_STORE);
    assert_string_equal(other.t.cx.failure.code, "seal-broken");
    bench_end(&other);
    bench_end(&b);
}

static void test_ordinary_text_does_not_look_sealed(void **state)
{
    (void)state;
    assert_false(seal_is_sealed(STR("")));
    assert_false(seal_is_sealed(STR("s1:")));
    assert_false(seal_is_sealed(STR("s1:11010519491231002X")));
    assert_false(seal_is_sealed(STR("11010519491231002X")));
}

static void test_blind_indexes_separate_purposes_and_databases(void **state)
{
    (void)state;
    struct bench b;
    struct bench other;
    bench_begin(&b);
    bench_begin(&other);
    Hash a = keys_blind(b.keys, "phone", STR("13800000000"));
    assert_true(hash_same(a, keys_blind(b.keys, "phone", STR("13800000000"))));
    assert_false(hash_same(a, keys_blind(b.keys, "phone", STR("13800000001"))));
    assert_false(hash_same(a, keys_blind(b.keys, "identity", STR("13800000000"))));
    assert_false(hash_same(a, keys_blind(other.keys, "phone", STR("13800000000"))));
    assert_false(hash_same(keys_blind(b.keys, "ab", STR("c")), keys_blind(b.keys, "a", STR("bc"))));
    bench_end(&other);
    bench_end(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_secrets_are_for_the_owner_only),
        cmocka_unit_test(test_missing_keys_are_made_only_when_asked),
        cmocka_unit_test(test_a_lost_list_is_not_answered_with_new_keys),
        cmocka_unit_test(test_a_damaged_list_or_key_is_noticed),
        cmocka_unit_test(test_a_damaged_signing_key_is_noticed),
        cmocka_unit_test(test_a_signature_holds_for_its_message_only),
        cmocka_unit_test(test_any_changed_character_breaks_a_signature),
        cmocka_unit_test(test_only_sm2_public_keys_are_taken),
        cmocka_unit_test(test_rotation_keeps_what_was_made),
        cmocka_unit_test(test_public_keys_say_from_when_to_when),
        cmocka_unit_test(test_sealed_text_opens_in_its_place_only),
        cmocka_unit_test(test_sealing_twice_gives_different_texts),
        cmocka_unit_test(test_context_and_text_do_not_run_together),
        cmocka_unit_test(test_every_changed_byte_of_sealed_text_is_noticed),
        cmocka_unit_test(test_every_changed_byte_of_a_wrapped_key_is_noticed),
        cmocka_unit_test(test_a_key_of_another_database_does_not_open),
        cmocka_unit_test(test_ordinary_text_does_not_look_sealed),
        cmocka_unit_test(test_blind_indexes_separate_purposes_and_databases),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

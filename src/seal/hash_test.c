/* Vectors: GB/T 32905-2016 appendix A (abc, abcd x 16); the others were made by independent
 * programs that agree. */
#include <pthread.h>
#include <string.h>

#include "base/test.h"
#include "seal/hash.h"

static void is_hex(Hash h, const char *hex)
{
    struct arena *arena = arena_open(1 << 16);
    assert_string_equal(hash_hex(arena, h).p, hex);
    arena_close(arena);
}

static void test_sm3_of_the_standard(void **state)
{
    (void)state;
    is_hex(hash_str(STR("abc")),
           "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0");
    is_hex(hash_str(STR("abcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcd")),
           "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732");
    is_hex(hash_str(STR("")), "1ab21d8355cfa17f8e61194831e81a8f22bec8c728fefb747ed035eb5082aa2b");
}

static void test_sm3_of_chinese_text(void **state)
{
    (void)state;
    is_hex(hash_str(STR("人民法院在线服务")),
           "0647f3549557adb8c5fab0ce1ffa972d77654540e23b77688c61d4e0c753d743");
    is_hex(hash_str(STR("（2025）京0105民初12345号")),
           "adb8f2efc0c6bc9917b5149f0ff4805e03952c2ffc4999250beebb939eadd620");
}

static void test_sm3_around_block_edges(void **state)
{
    (void)state;

    static const struct {
        size_t size;
        const char *hex;
    } rows[] = {
        {1, "623476ac18f65a2909e43c7fec61b49c7e764a91a18ccb82f1917a29c86c5e88"},
        {55, "288337eef51eec62e7544d7270424c8dbe656254c99852870a73b2453a6a7fb1"},
        {56, "ba00ebedaab54065a5fd4f9f56326016203166bcee3eed44ea868d59d67aa3c8"},
        {63, "587308543551881ebd70d27ad358ff5dcdf24ac54822e2f7b7c3edce0985d21b"},
        {64, "616ec433c359e7c2b19f360e2b8f2a1b6e9ed76b8dc1a7d207b31a5341c611e9"},
        {65, "3d1d94afa238ec3e2bbc20ad504702b24c16f2889c94973f2f8da3526c44e4bc"},
        {119, "53282a90724e9eb79b18d06b5b8f7f02d046e18b29247dcdb064a136d5c4459a"},
        {120, "4c9f0fe9f36ffe0191af73560c4afb1b671be02ba2d0e0c161b1e03488c2a45c"},
        {128, "5fd947effbe82a5925faaee9123d43cea200cc257b28ed797505694b4bb020f6"},
        {1000000, "c8aaf89429554029e231941a2acc0ad61ff2a5acd8fadd25847a3a732b3b02c3"},
    };

    static char text[1000000];
    memset(text, 'a', sizeof text);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        is_hex(hash_of(text, rows[i].size), rows[i].hex);
    }
}

static void test_pieces_hash_like_the_whole(void **state)
{
    (void)state;
    char text[300];
    for (size_t i = 0; i < sizeof text; i++) {
        text[i] = (char)('a' + i % 26);
    }
    for (size_t cut = 0; cut <= sizeof text; cut++) {
        struct hasher *hasher = hasher_open();
        hasher_add(hasher, text, cut);
        (void)hash_str(STR("another hash in between"));
        hasher_add(hasher, text + cut, sizeof text - cut);
        assert_true(hash_same(hasher_close(hasher), hash_of(text, sizeof text)));
    }
}

static void test_hmac(void **state)
{
    (void)state;
    const char *text = "The quick brown fox jumps over the lazy dog";
    is_hex(hash_hmac("key", 3, text, strlen(text)),
           "bd4a34077888162b210645b8ebf74b9af357303789357a27c7fc457244ebd398");
    char key[65];
    memset(key, 'k', sizeof key);
    Hash longest = hash_hmac(key, sizeof key, text, strlen(text));
    Hash folded = hash_of(key, sizeof key); /* a key longer than a block counts as its hash */
    assert_true(hash_same(longest, hash_hmac(folded.b, HASH_BYTES, text, strlen(text))));
    is_hex(hash_hmac("key", 3, text, strlen(text)), /* the context remembers no earlier key */
           "bd4a34077888162b210645b8ebf74b9af357303789357a27c7fc457244ebd398");
}

static void test_an_event_chain_links(void **state)
{
    (void)state;
    Hash genesis = {{0}};
    assert_true(hash_is_zero(genesis));
    Hash first = hash_link(genesis, STR("event-1"));
    is_hex(first, "b687f1ab04a326d76f3d92b737e9b8ed9f70b58a238a7b60a9f941aa71aa1894");
    is_hex(hash_link(first, STR("event-2")),
           "a731052329ff9dfec0ca46daf4ef5a3678a3b41f80bf1db840b86ad4f44af180");
    assert_false(hash_is_zero(first));
}

static void test_same_notices_every_byte(void **state)
{
    (void)state;
    Hash a = hash_str(STR("abc"));
    for (int i = 0; i < HASH_BYTES; i++) {
        Hash b = a;
        b.b[i] ^= 1;
        assert_false(hash_same(a, b));
    }
    assert_true(hash_same(a, hash_str(STR("abc"))));
}

static void test_unhex_takes_64_digits_only(void **state)
{
    (void)state;
    Hash out;
    const char *hex = "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0";
    assert_true(hash_unhex(str_of(hex), &out));
    assert_true(hash_same(out, hash_str(STR("abc"))));
    assert_false(hash_unhex((Str){hex, 62}, &out));
    assert_false(hash_unhex(STR(""), &out));
    assert_false(
        hash_unhex(STR("g6c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"), &out));
}

static void *hash_much(void *arg)
{
    Hash *out = arg;
    Hash h = {{0}};
    for (int i = 0; i < 2000; i++) {
        h = hash_link(h, STR("诉"));
        h = hash_hmac(h.b, HASH_BYTES, "x", 1);
    }
    *out = h;
    return NULL;
}

static void test_threads_do_not_disturb_each_other(void **state)
{
    (void)state;

    enum { THREADS = 4 };

    pthread_t thread[THREADS];
    Hash out[THREADS];
    Hash alone;
    for (int i = 0; i < THREADS; i++) {
        assert_int_equal(pthread_create(&thread[i], NULL, hash_much, &out[i]), 0);
    }
    (void)hash_much(&alone);
    for (int i = 0; i < THREADS; i++) {
        assert_int_equal(pthread_join(thread[i], NULL), 0);
        assert_true(hash_same(out[i], alone));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sm3_of_the_standard),
        cmocka_unit_test(test_sm3_of_chinese_text),
        cmocka_unit_test(test_sm3_around_block_edges),
        cmocka_unit_test(test_pieces_hash_like_the_whole),
        cmocka_unit_test(test_hmac),
        cmocka_unit_test(test_an_event_chain_links),
        cmocka_unit_test(test_same_notices_every_byte),
        cmocka_unit_test(test_unhex_takes_64_digits_only),
        cmocka_unit_test(test_threads_do_not_disturb_each_other),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

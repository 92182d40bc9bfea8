#include <pthread.h>
#include <string.h>

#include "base/check.h"
#include "base/test.h"
#include "seal/key_cache.h"

static SealKey key_of(unsigned char byte)
{
    SealKey key;
    memset(&key, byte, sizeof key);
    return key;
}

static Str text_of(struct arena *arena, unsigned number)
{
    return str_printf(arena, "%0100u%08u", number, number);
}

static void test_a_key_is_found_by_the_whole_text_only(void **state)
{
    (void)state;
    struct trial trial;
    trial_begin(&trial);
    struct key_cache *cache = key_cache_open();
    SealKey key = key_of(7);
    SealKey found = key_of(0);
    assert_false(key_cache_find(cache, text_of(trial.arena, 1), &found));
    key_cache_put(cache, text_of(trial.arena, 1), &key);
    assert_true(key_cache_find(cache, text_of(trial.arena, 1), &found));
    assert_memory_equal(&found, &key, sizeof key);
    char other[109];
    memcpy(other, text_of(trial.arena, 1).p, sizeof other);
    other[3] = 'x'; /* the same slot, another text */
    assert_false(key_cache_find(cache, str_of(other), &found));
    key_cache_close(cache);
    trial_end(&trial);
}

static void test_texts_of_other_lengths_are_never_kept(void **state)
{
    (void)state;
    struct key_cache *cache = key_cache_open();
    char longer[KEY_CACHE_TEXT_MAX + 2];
    memset(longer, 'a', sizeof longer - 1);
    longer[sizeof longer - 1] = '\0';
    const Str texts[] = {STR(""), STR("short"), str_of(longer)};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        SealKey key = key_of(7);
        key_cache_put(cache, texts[i], &key);
        assert_false(key_cache_find(cache, texts[i], &key));
    }
    key_cache_close(cache);
}

struct user {
    struct key_cache *cache;
};

static void *use(void *arg)
{
    const struct user *user = arg;
    struct arena *arena = arena_open((size_t)1 << 20);
    for (unsigned i = 0; i < 3 * KEY_CACHE_SLOTS; i++) {
        SealKey key = key_of((unsigned char)(i % 200));
        SealKey found = key;
        Str text = text_of(arena, i);
        key_cache_put(user->cache, text, &key);
        (void)key_cache_find(user->cache, text, &found);
        check(memcmp(&found, &key, sizeof key) == 0); /* of this text, whoever put it in */
        arena_reset(arena);
    }
    arena_close(arena);
    return NULL;
}

static void test_threads_never_get_the_key_of_another_text(void **state)
{
    (void)state;
    struct user user = {.cache = key_cache_open()};
    pthread_t threads[4];
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(pthread_create(&threads[i], NULL, use, &user), 0);
    }
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(pthread_join(threads[i], NULL), 0);
    }
    key_cache_close(user.cache);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_key_is_found_by_the_whole_text_only),
        cmocka_unit_test(test_texts_of_other_lengths_are_never_kept),
        cmocka_unit_test(test_threads_never_get_the_key_of_another_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* One slot for each wrapped text, chosen by its last characters: those spell a part of its tag and
 * are as good as random. */
#include "seal/key_cache.h"

#include <openssl/crypto.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/check.h"

enum { CHOOSING_BYTES = 8 };

struct slot {
    char wrapped[KEY_CACHE_TEXT_MAX];
    size_t size; /* 0: free */
    SealKey key;
};

struct key_cache {
    pthread_mutex_t lock;
    struct slot slots[KEY_CACHE_SLOTS];
};

struct key_cache *key_cache_open(void)
{
    struct key_cache *cache = calloc(1, sizeof *cache);
    check(cache != NULL && pthread_mutex_init(&cache->lock, NULL) == 0);
    return cache;
}

void key_cache_close(struct key_cache *cache)
{
    if (cache == NULL) {
        return;
    }
    (void)pthread_mutex_destroy(&cache->lock);
    OPENSSL_cleanse(cache, sizeof *cache);
    free(cache);
}

/* NULL for what is no wrapped key by its length. */
static struct slot *slot_of(struct key_cache *cache, Str wrapped)
{
    uint64_t end = 0;
    if (wrapped.n < CHOOSING_BYTES || wrapped.n > KEY_CACHE_TEXT_MAX) {
        return NULL;
    }
    memcpy(&end, wrapped.p + wrapped.n - CHOOSING_BYTES, sizeof end);
    return &cache->slots[(end * UINT64_C(0x9E3779B97F4A7C15)) >> 54];
}

_Static_assert(KEY_CACHE_SLOTS == 1 << 10, "the upper 10 bits choose a slot");

bool key_cache_find(struct key_cache *cache, Str wrapped, SealKey *out)
{
    const struct slot *slot = slot_of(cache, wrapped);
    if (slot == NULL) {
        return false;
    }
    (void)pthread_mutex_lock(&cache->lock);
    bool found = slot->size == wrapped.n && memcmp(slot->wrapped, wrapped.p, wrapped.n) == 0;
    if (found) {
        *out = slot->key;
    }
    (void)pthread_mutex_unlock(&cache->lock);
    return found;
}

void key_cache_put(struct key_cache *cache, Str wrapped, const SealKey *key)
{
    struct slot *slot = slot_of(cache, wrapped);
    if (slot == NULL) {
        return;
    }
    (void)pthread_mutex_lock(&cache->lock);
    slot->size = wrapped.n;
    slot->key = *key;
    memcpy(slot->wrapped, wrapped.p, wrapped.n);
    (void)pthread_mutex_unlock(&cache->lock);
}

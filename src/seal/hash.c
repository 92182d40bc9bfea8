/* The algorithms are fetched once per process: OpenSSL 3 looks a name up under a lock at every use
 * of EVP_sm3(), which costs more than hashing a short text. Each thread keeps one digest context
 * and two MAC contexts, which its end frees. A MAC context remembers its key: setting one costs
 * more than the MAC of a short text, and a read takes several under the key of one matter. */
#include "seal/hash.h"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/check.h"

enum { MAC_SLOTS = 2, MAC_KEY_BYTES_MAX = 64 }; /* the master key and that of a matter */

struct mac_slot {
    EVP_MAC_CTX *mac;
    size_t key_size; /* 0: none set yet */
    unsigned char key[MAC_KEY_BYTES_MAX];
};

struct tools {
    EVP_MD_CTX *digest;
    struct mac_slot slots[MAC_SLOTS];
    unsigned last_slot;
};

struct hasher {
    EVP_MD_CTX *digest;
};

static pthread_once_t fetched = PTHREAD_ONCE_INIT;
static pthread_key_t tools_key; /* only for its destructor */
static EVP_MD *sm3;
static EVP_MAC *hmac;
static _Thread_local struct tools *tools_own;

static void tools_free(void *arg)
{
    struct tools *tools = arg;
    EVP_MD_CTX_free(tools->digest);
    for (unsigned i = 0; i < MAC_SLOTS; i++) {
        EVP_MAC_CTX_free(tools->slots[i].mac);
    }
    OPENSSL_cleanse(tools, sizeof *tools);
    free(tools);
}

static void fetch(void)
{
    sm3 = EVP_MD_fetch(NULL, "SM3", NULL);
    hmac = EVP_MAC_fetch(NULL, "HMAC", NULL);
    check(sm3 != NULL && hmac != NULL);
    check(EVP_MD_get_size(sm3) == HASH_BYTES);
    check(pthread_key_create(&tools_key, tools_free) == 0);
}

static struct tools *tools_make(void)
{
    check(pthread_once(&fetched, fetch) == 0);
    struct tools *tools = calloc(1, sizeof *tools);
    check(tools != NULL);
    tools->digest = EVP_MD_CTX_new();
    check(tools->digest != NULL);
    char name[] = "SM3";
    OSSL_PARAM params[2] = {OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, name, 0),
                            OSSL_PARAM_construct_end()};
    for (unsigned i = 0; i < MAC_SLOTS; i++) {
        tools->slots[i].mac = EVP_MAC_CTX_new(hmac);
        check(tools->slots[i].mac != NULL);
        check(EVP_MAC_CTX_set_params(tools->slots[i].mac, params) == 1);
    }
    check(pthread_setspecific(tools_key, tools) == 0);
    tools_own = tools;
    return tools;
}

static struct tools *tools_get(void)
{
    return tools_own != NULL ? tools_own : tools_make();
}

static void digest_add(EVP_MD_CTX *digest, const void *bytes, size_t size)
{
    check(EVP_DigestUpdate(digest, bytes, size) == 1);
}

static Hash digest_end(EVP_MD_CTX *digest)
{
    Hash hash;
    unsigned int size = 0;
    check(EVP_DigestFinal_ex(digest, hash.b, &size) == 1 && size == HASH_BYTES);
    return hash;
}

Hash hash_pair(const void *a, size_t a_size, const void *b, size_t b_size)
{
    EVP_MD_CTX *digest = tools_get()->digest;
    check(EVP_DigestInit_ex2(digest, sm3, NULL) == 1);
    digest_add(digest, a, a_size);
    digest_add(digest, b, b_size);
    return digest_end(digest);
}

Hash hash_of(const void *bytes, size_t size)
{
    return hash_pair(bytes, size, "", 0);
}

Hash hash_str(Str s)
{
    return hash_of(s.p, s.n);
}

struct hasher *hasher_open(void)
{
    (void)tools_get(); /* for the fetched algorithms */
    struct hasher *hasher = calloc(1, sizeof *hasher);
    check(hasher != NULL);
    hasher->digest = EVP_MD_CTX_new();
    check(hasher->digest != NULL && EVP_DigestInit_ex2(hasher->digest, sm3, NULL) == 1);
    return hasher;
}

void hasher_add(struct hasher *hasher, const void *bytes, size_t size)
{
    digest_add(hasher->digest, bytes, size);
}

Hash hasher_close(struct hasher *hasher)
{
    Hash hash = digest_end(hasher->digest);
    EVP_MD_CTX_free(hasher->digest);
    free(hasher);
    return hash;
}

/* A context that has this key set and nothing added. */
static EVP_MAC_CTX *mac_begin(struct tools *tools, const void *key, size_t key_size)
{
    for (unsigned i = 0; i < MAC_SLOTS; i++) {
        const struct mac_slot *slot = &tools->slots[i];
        if (slot->key_size == key_size && CRYPTO_memcmp(slot->key, key, key_size) == 0) {
            tools->last_slot = i;
            check(EVP_MAC_init(slot->mac, NULL, 0, NULL) == 1);
            return slot->mac;
        }
    }
    tools->last_slot = (tools->last_slot + 1) % MAC_SLOTS;
    struct mac_slot *slot = &tools->slots[tools->last_slot];
    slot->key_size = key_size <= MAC_KEY_BYTES_MAX ? key_size : 0;
    memcpy(slot->key, key, slot->key_size);
    check(EVP_MAC_init(slot->mac, key, key_size, NULL) == 1);
    return slot->mac;
}

Hash hash_hmac_parts(const void *key, size_t key_size, const Str *parts, size_t count)
{
    check(key != NULL && key_size > 0);
    EVP_MAC_CTX *mac = mac_begin(tools_get(), key, key_size);
    Hash hash;
    size_t made = 0;
    for (size_t i = 0; i < count; i++) {
        check(EVP_MAC_update(mac, (const unsigned char *)parts[i].p, parts[i].n) == 1);
    }
    check(EVP_MAC_final(mac, hash.b, &made, sizeof hash.b) == 1 && made == HASH_BYTES);
    return hash;
}

Hash hash_hmac(const void *key, size_t key_size, const void *bytes, size_t size)
{
    Str part = {bytes, size};
    return hash_hmac_parts(key, key_size, &part, 1);
}

Hash hash_link(Hash before, Str bytes)
{
    return hash_pair(before.b, HASH_BYTES, bytes.p, bytes.n);
}

bool hash_same(Hash a, Hash b)
{
    return CRYPTO_memcmp(a.b, b.b, HASH_BYTES) == 0;
}

bool hash_is_zero(Hash h)
{
    static const Hash zero;
    return hash_same(h, zero);
}

Str hash_hex(struct arena *arena, Hash h)
{
    return text_hex(arena, h.b, HASH_BYTES);
}

bool hash_unhex(Str text, Hash *out)
{
    return text_unhex(text, out->b, HASH_BYTES);
}

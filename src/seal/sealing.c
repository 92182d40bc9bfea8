#include "seal/sealing.h"

#include <limits.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <pthread.h>
#include <string.h>

#include "base/check.h"
#include "base/random.h"
#include "seal/password.h"

enum { SM4_KEY_BYTES = 16, MAC_KEY_BYTES = 32, SEALED_HEAD_BYTES = 3 };

#define SEALED_HEAD "s1:"

_Static_assert(sizeof(SealKey) == SM4_KEY_BYTES + MAC_KEY_BYTES, "a seal key is both keys");

static pthread_once_t fetched = PTHREAD_ONCE_INIT;
static pthread_key_t cipher_key; /* only for its destructor */
static EVP_CIPHER *sm4_ctr;
static _Thread_local EVP_CIPHER_CTX *cipher_own;

static void cipher_free(void *arg)
{
    EVP_CIPHER_CTX_free(arg);
}

static void fetch(void)
{
    sm4_ctr = EVP_CIPHER_fetch(NULL, "SM4-CTR", NULL);
    check(sm4_ctr != NULL);
    check(EVP_CIPHER_get_key_length(sm4_ctr) == SM4_KEY_BYTES);
    check(EVP_CIPHER_get_iv_length(sm4_ctr) == SEALING_NONCE_BYTES);
    check(pthread_key_create(&cipher_key, cipher_free) == 0);
}

/* One for each thread, freed at its end. */
static EVP_CIPHER_CTX *cipher_get(void)
{
    if (cipher_own == NULL) {
        check(pthread_once(&fetched, fetch) == 0);
        cipher_own = EVP_CIPHER_CTX_new();
        check(cipher_own != NULL && pthread_setspecific(cipher_key, cipher_own) == 0);
        check(EVP_EncryptInit_ex2(cipher_own, sm4_ctr, NULL, NULL, NULL) == 1);
    }
    return cipher_own;
}

/* In counter mode encryption and decryption are the same. */
static void counter_mode(const SealKey *key, const unsigned char *nonce, const void *in,
                         size_t size, unsigned char *out)
{
    check(size < INT_MAX);
    EVP_CIPHER_CTX *cipher = cipher_get();
    int made = 0;
    check(EVP_EncryptInit_ex2(cipher, NULL, key->b, nonce, NULL) == 1);
    check(EVP_EncryptUpdate(cipher, out, &made, in, (int)size) == 1 && made == (int)size);
}

static Hash tag_of(const SealKey *key, Str context, Str nonce_and_ciphertext)
{
    check(memchr(context.p, '\0', context.n) == NULL); /* (3) */
    Str parts[] = {context, {"\0", 1}, nonce_and_ciphertext};
    return hash_hmac_parts(key->b + SM4_KEY_BYTES, MAC_KEY_BYTES, parts,
                           sizeof parts / sizeof parts[0]);
}

void sealing_make(const SealKey *key, Str context, const void *plain, size_t size,
                  unsigned char *out)
{
    random_bytes(out, SEALING_NONCE_BYTES); /* (1) */
    counter_mode(key, out, plain, size, out + SEALING_NONCE_BYTES);
    Hash tag = tag_of(key, context, (Str){(const char *)out, SEALING_NONCE_BYTES + size});
    memcpy(out + SEALING_NONCE_BYTES + size, tag.b, SEALING_TAG_BYTES);
}

bool sealing_open(const SealKey *key, Str context, Str sealed, unsigned char *out)
{
    if (sealed.n < SEALING_EXTRA_BYTES || sealed.n >= INT_MAX) {
        return false;
    }
    size_t size = sealed.n - SEALING_EXTRA_BYTES;
    Hash tag = tag_of(key, context, (Str){sealed.p, sealed.n - SEALING_TAG_BYTES});
    if (CRYPTO_memcmp(tag.b, sealed.p + sealed.n - SEALING_TAG_BYTES, SEALING_TAG_BYTES) != 0) {
        return false; /* (2) */
    }
    counter_mode(key, (const unsigned char *)sealed.p, sealed.p + SEALING_NONCE_BYTES, size, out);
    return true;
}

Str seal_text(struct arena *arena, const SealKey *key, Str context, Str plain)
{
    size_t size = plain.n + SEALING_EXTRA_BYTES;
    unsigned char *bytes = arena_room(arena, size);
    sealing_make(key, context, plain.p, plain.n, bytes);
    return base64_encode_public(arena, STR(SEALED_HEAD), bytes, size);
}

enum status seal_open_text(struct cx *cx, const SealKey *key, Str context, Str sealed, Str *out)
{
    if (!str_starts(sealed, SEALED_HEAD)) {
        return FAIL(cx, E_STORE, "seal-broken", "%.*s: no sealed text", STR_ARG(context));
    }
    Str text = {sealed.p + SEALED_HEAD_BYTES, sealed.n - SEALED_HEAD_BYTES};
    size_t room = text.n / 4 * 3 + 1;
    unsigned char *bytes = arena_alloc(cx->arena, room);
    size_t size = 0;
    if (!base64_decode_strict(text, bytes, room, &size) || size < SEALING_EXTRA_BYTES) {
        return FAIL(cx, E_STORE, "seal-broken", "%.*s: no sealed text", STR_ARG(context));
    }
    unsigned char *plain = arena_alloc(cx->arena, size - SEALING_EXTRA_BYTES + 1);
    if (!sealing_open(key, context, (Str){(const char *)bytes, size}, plain)) {
        return FAIL(cx, E_STORE, "seal-broken", "%.*s: another key or place, or tampered with",
                    STR_ARG(context));
    }
    *out = (Str){(const char *)plain, size - SEALING_EXTRA_BYTES};
    return OK;
}

bool seal_is_sealed(Str text)
{
    /* The shortest: of the empty text. */
    return text.n >= SEALED_HEAD_BYTES + SEALING_EXTRA_BYTES / 3 * 4 &&
           str_starts(text, SEALED_HEAD) && text.n % 4 == SEALED_HEAD_BYTES;
}

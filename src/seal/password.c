#include "seal/password.h"

#include <inttypes.h>
#include <pthread.h>
#include <sodium.h>
#include <string.h>

#include "base/check.h"
#include "base/random.h"

/* Two passes over 19 MiB is the least that current guidance asks of argon2id. */
enum { ARGON_PASSES = 2, ARGON_BYTES = 19 * 1024 * 1024, TOKEN_BYTES = 32 };

static pthread_once_t started = PTHREAD_ONCE_INIT;

static void start(void)
{
    check(sodium_init() >= 0);
}

enum status password_hash(struct cx *cx, Str password, Str *out)
{
    char text[crypto_pwhash_STRBYTES] = {0};
    check(pthread_once(&started, start) == 0);
    if (crypto_pwhash_str(text, password.p, password.n, ARGON_PASSES, ARGON_BYTES) != 0) {
        return FAIL(cx, E_BUSY, "busy", "no %d bytes of memory for argon2id", ARGON_BYTES);
    }
    *out = str_copy(cx->arena, text, strlen(text));
    return OK;
}

bool password_holds(Str password, Str hash)
{
    char text[crypto_pwhash_STRBYTES] = {0};
    check(pthread_once(&started, start) == 0);
    if (hash.n >= sizeof text || !str_starts(hash, crypto_pwhash_STRPREFIX)) {
        return false;
    }
    memcpy(text, hash.p, hash.n);
    return crypto_pwhash_str_verify(text, password.p, password.n) == 0;
}

Str token_new(struct arena *arena)
{
    unsigned char bytes[TOKEN_BYTES];
    random_bytes(bytes, sizeof bytes);
    return base64url_encode(arena, bytes, sizeof bytes);
}

Hash token_hash(Str token)
{
    return hash_str(token);
}

Str code_new(struct arena *arena, int digits)
{
    uint64_t count = 1;
    for (int i = 0; i < digits; i++) {
        count *= 10;
    }
    /* 2^64 numbers onto 10^6 codes: a code is likelier than another by less than 10^-13; onto 10^10
     * by less than 10^-9. */
    return str_printf(arena, "%0*" PRIu64, digits, random_number() % count);
}

static Str encode(struct arena *arena, const void *bytes, size_t size, int variant)
{
    size_t room = sodium_base64_encoded_len(size, variant);
    char *text = arena_room(arena, room);
    (void)sodium_bin2base64(text, room, bytes, size, variant);
    return (Str){text, strlen(text)};
}

Str base64_encode(struct arena *arena, const void *bytes, size_t size)
{
    return encode(arena, bytes, size, sodium_base64_VARIANT_ORIGINAL);
}

/* By table, which libsodium avoids for the sake of secrets: three times as fast. */
Str base64_encode_public(struct arena *arena, Str head, const unsigned char *bytes, size_t size)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    size_t length = head.n + (size + 2) / 3 * 4;
    char *text = arena_room(arena, length + 1);
    char *to = text + head.n;
    memcpy(text, head.p, head.n);
    for (size_t i = 0; i < size; i += 3) {
        size_t left = size - i;
        uint32_t three = (uint32_t)bytes[i] << 16;
        three |= left > 1 ? (uint32_t)bytes[i + 1] << 8 : 0;
        three |= left > 2 ? (uint32_t)bytes[i + 2] : 0;
        *to++ = digits[three >> 18];
        *to++ = digits[three >> 12 & 63];
        *to++ = left > 1 ? digits[three >> 6 & 63] : '=';
        *to++ = left > 2 ? digits[three & 63] : '=';
    }
    *to = '\0';
    return (Str){text, length};
}

Str base64url_encode(struct arena *arena, const void *bytes, size_t size)
{
    return encode(arena, bytes, size, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

/* libsodium 1.0.18 reads some bytes above 0x7F as if they were of the alphabet. */
static bool decode(Str text, unsigned char *out, size_t room, size_t *size, int variant)
{
    for (size_t i = 0; i < text.n; i++) {
        if ((unsigned char)text.p[i] > 0x7F) {
            return false;
        }
    }
    return sodium_base642bin(out, room, text.p, text.n, NULL, size, NULL, variant) == 0;
}

static int variant_of(Str text)
{
    bool url = str_has(text, "-") || str_has(text, "_");
    bool padded = str_ends(text, "=");
    if (url) {
        return padded ? sodium_base64_VARIANT_URLSAFE : sodium_base64_VARIANT_URLSAFE_NO_PADDING;
    }
    return padded || text.n % 4 == 0 ? sodium_base64_VARIANT_ORIGINAL
                                     : sodium_base64_VARIANT_ORIGINAL_NO_PADDING;
}

bool base64_decode(struct arena *arena, Str text, Str *out)
{
    size_t room = text.n / 4 * 3 + 3;
    size_t size = 0;
    unsigned char *bytes = arena_alloc(arena, room + 1);
    if (!decode(text, bytes, room, &size, variant_of(text))) {
        return false;
    }
    bytes[size] = '\0';
    *out = (Str){(char *)bytes, size};
    return true;
}

/* Of one character; 64 for what is none. */
static unsigned base64_value(char c)
{
    return c >= 'A' && c <= 'Z'   ? (unsigned)(c - 'A')
           : c >= 'a' && c <= 'z' ? (unsigned)(c - 'a') + 26
           : c >= '0' && c <= '9' ? (unsigned)(c - '0') + 52
           : c == '+'             ? 62
           : c == '/'             ? 63
                                  : 64;
}

/* Not by libsodium, which takes as long for each byte as it does for a secret: what is read here is
 * ciphertext, several times in each read of a matter. */
bool base64_decode_strict(Str text, unsigned char *out, size_t room, size_t *size)
{
    size_t padding = str_ends(text, "==") ? 2 : str_ends(text, "=") ? 1 : 0;
    size_t whole = text.n / 4 * 3 - padding;
    if (text.n % 4 != 0 || whole > room) {
        return false;
    }
    uint32_t bits = 0;
    size_t at = 0;
    for (size_t i = 0; i < text.n - padding; i++) {
        unsigned value = base64_value(text.p[i]);
        if (value == 64) {
            return false;
        }
        bits = bits << 6 | value;
        if (i % 4 != 0) {
            out[at++] = (unsigned char)(bits >> (6 - 2 * (i % 4)));
        }
    }
    *size = at;
    return (bits & (padding == 2 ? 15U : padding == 1 ? 3U : 0U)) == 0; /* no bits behind the end */
}

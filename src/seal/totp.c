#include "seal/totp.h"

#include <inttypes.h>
#include <openssl/evp.h>
#include <string.h>

#include "base/check.h"
#include "base/random.h"

enum { SHA1_BYTES = 20, DRIFT_STEPS = 1 };

static const char base32_alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

Str base32_encode(struct arena *arena, const void *bytes, size_t size)
{
    const unsigned char *in = bytes;
    struct buf out;
    uint32_t bits = 0;
    unsigned held = 0;
    buf_init(&out, arena, size * 2 + 1);
    for (size_t i = 0; i < size; i++) {
        bits = (bits << 8 | in[i]) & 0xFFFFU;
        for (held += 8; held >= 5; held -= 5) {
            buf_char(&out, base32_alphabet[bits >> (held - 5) & 31U]);
        }
    }
    if (held > 0) {
        buf_char(&out, base32_alphabet[bits << (5 - held) & 31U]);
    }
    return buf_done(&out);
}

bool base32_decode(Str text, unsigned char *out, size_t size)
{
    uint32_t bits = 0;
    unsigned held = 0;
    size_t at = 0;
    for (size_t i = 0; i < text.n; i++) {
        char c = text.p[i] >= 'a' && text.p[i] <= 'z' ? (char)(text.p[i] - 32) : text.p[i];
        const char *found = c == '\0' ? NULL : strchr(base32_alphabet, c);
        if (c == ' ' || c == '=') {
            continue;
        }
        if (found == NULL || at > size) {
            return false;
        }
        bits = (bits << 5 | (uint32_t)(found - base32_alphabet)) & 0xFFFFU;
        held += 5;
        if (held >= 8) {
            held -= 8;
            if (at < size) {
                out[at] = (unsigned char)(bits >> held);
            }
            at++;
        }
    }
    return at == size;
}

Str totp_secret_new(struct arena *arena)
{
    unsigned char bytes[TOTP_SECRET_BYTES];
    random_bytes(bytes, sizeof bytes);
    return base32_encode(arena, bytes, sizeof bytes);
}

int64_t totp_step(Instant at)
{
    return at / TOTP_STEP_MS;
}

uint32_t totp_number(const void *key, size_t key_size, int64_t step, unsigned digits)
{
    static const uint32_t tens[] = {1000000, 10000000, 100000000};
    unsigned char counter[8];
    unsigned char mac[SHA1_BYTES];
    size_t size = 0;
    check(step >= 0 && digits >= 6 && digits <= 8);
    for (int i = 0; i < 8; i++) {
        counter[i] = (unsigned char)((uint64_t)step >> (8 * (7 - i)));
    }
    check(EVP_Q_mac(NULL, "HMAC", NULL, "SHA1", NULL, key, key_size, counter, sizeof counter, mac,
                    sizeof mac, &size) != NULL &&
          size == sizeof mac);
    const unsigned char *four = mac + (mac[SHA1_BYTES - 1] & 15U);
    uint32_t number = (uint32_t)(four[0] & 0x7FU) << 24 | (uint32_t)four[1] << 16 |
                      (uint32_t)four[2] << 8 | (uint32_t)four[3];
    return number % tens[digits - 6];
}

Str totp_code(struct arena *arena, Str secret, int64_t step)
{
    unsigned char key[TOTP_SECRET_BYTES];
    return step >= 0 && base32_decode(secret, key, sizeof key)
               ? str_printf(arena, "%06" PRIu32, totp_number(key, sizeof key, step, TOTP_DIGITS))
               : (Str){"", 0};
}

bool totp_holds(struct arena *arena, Str secret, Str code, Instant now, int64_t after,
                int64_t *step)
{
    bool found = false;
    for (int64_t at = totp_step(now) - DRIFT_STEPS; at <= totp_step(now) + DRIFT_STEPS; at++) {
        Str own = totp_code(arena, secret, at);
        if (at > after && own.n > 0 && str_same(own, code)) {
            *step = at;
            found = true;
        }
    }
    return found;
}

Str totp_address(struct arena *arena, Str secret, Str issuer, Str account)
{
    Str by = text_percent_encode(arena, issuer);
    return str_printf(
        arena, "otpauth://totp/%s:%s?secret=%s&issuer=%s&algorithm=SHA1&digits=%d&period=%d", by.p,
        text_percent_encode(arena, account).p, secret.p, by.p, TOTP_DIGITS, TOTP_STEP_MS / 1000);
}

/* seal/totp.h - codes by the clock: six digits that change every 30 seconds, from a secret that a
 * phone's program and we share.
 *
 * LAW: RFC 6238 (HMAC-SHA1, steps of 30 s from 1970), RFC 4226 (truncation), RFC 4648 (base32).
 * SHA-1 is what programs for phones agree on; as a key of HMAC it is not broken.
 * (1) A code is good for its step and one step before and behind it, for clocks that drift. (2)
 * Whoever checks a code keeps the step that it was of: the same step is never taken again.
 */
#ifndef SEAL_TOTP_H
#define SEAL_TOTP_H

#include "base/date.h"
#include "base/text.h"

enum { TOTP_SECRET_BYTES = 20, TOTP_DIGITS = 6, TOTP_STEP_MS = 30000 };

/* Upper case, without padding. */
Str base32_encode(struct arena *arena, const void *bytes, size_t size);
/* Padding and spaces between are ignored, lower case is fine. false on anything else, or when it
 * is not exactly `size` bytes. */
bool base32_decode(Str text, unsigned char *out, size_t size);

/* TOTP_SECRET_BYTES random bytes in base32: 32 characters. */
Str totp_secret_new(struct arena *arena);
/* The step of an instant. */
int64_t totp_step(Instant at);
/* The number that a key gives for a step: digits is 6 to 8; shown with leading zeros. */
uint32_t totp_number(const void *key, size_t key_size, int64_t step, unsigned digits);
/* The code of a secret for a step; "" when the secret is none. */
Str totp_code(struct arena *arena, Str secret, int64_t step);
/* Is it a code of a step behind `after`, at most one from that of now? *step is that one. */
bool totp_holds(struct arena *arena, Str secret, Str code, Instant now, int64_t after,
                int64_t *step);
/* What a phone's program reads from a QR code: otpauth://totp/ISSUER:ACCOUNT?secret=… */
Str totp_address(struct arena *arena, Str secret, Str issuer, Str account);

#endif

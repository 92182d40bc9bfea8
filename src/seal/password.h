/* seal/password.h - argon2id passwords (libsodium; t=2, 19 MiB), tokens, codes. */
#ifndef SEAL_PASSWORD_H
#define SEAL_PASSWORD_H

#include "base/fail.h"
#include "seal/hash.h"

/* About 21 ms: never on a thread that answers connections. */
enum status password_hash(struct cx *cx, Str password, Str *out);
bool password_holds(Str password, Str hash);
/* 32 random bytes as URL-safe base64 without padding (43 characters). What is stored is its hash.
 */
Str token_new(struct arena *arena);
Hash token_hash(Str token);
/* So many digits, at most 18. */
Str code_new(struct arena *arena, int digits);

Str base64_encode(struct arena *arena, const void *bytes, size_t size);
/* The same behind `head`, of what is no secret: ciphertext. */
Str base64_encode_public(struct arena *arena, Str head, const unsigned char *bytes, size_t size);
Str base64url_encode(struct arena *arena, const void *bytes, size_t size);
bool base64_decode(struct arena *arena, Str text,
                   Str *out); /* standard or URL alphabet, padded or not */
/* The standard alphabet, padded: bytes have one spelling, so that a changed signature or sealed
 * text is another one. false also when `room` is too little. */
bool base64_decode_strict(Str text, unsigned char *out, size_t room, size_t *size);

#endif

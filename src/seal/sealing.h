/* seal/sealing.h - bytes encrypted, then authenticated: SM4-CTR, then HMAC-SM3. For keys.c.
 *
 * sealed = nonce (16) || ciphertext || tag (32); the tag is over context || 0x00 || nonce ||
 * ciphertext. LAW: GB/T 32907 (SM4), GB/T 17964 (CTR). (OpenSSL 3.0 has no SM4-GCM.)
 * (1) The nonce is fresh and random; it is the first counter block.
 * (2) Nothing is decrypted before its tag was found right, in constant time.
 * (3) context holds no NUL.
 */
#ifndef SEAL_SEALING_H
#define SEAL_SEALING_H

#include "seal/keys.h"

enum { SEALING_NONCE_BYTES = 16, SEALING_TAG_BYTES = 32, SEALING_EXTRA_BYTES = 48 };

/* out has size + SEALING_EXTRA_BYTES bytes. */
void sealing_make(const SealKey *key, Str context, const void *plain, size_t size,
                  unsigned char *out);
/* out has sealed.n - SEALING_EXTRA_BYTES bytes. false, and nothing written, when it was tampered
 * with or made with another key or context. */
bool sealing_open(const SealKey *key, Str context, Str sealed, unsigned char *out);

#endif

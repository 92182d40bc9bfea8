/* seal/sm2.h - SM2 key pairs and signatures with SM3, as EVP knows them. For keys.c.
 *
 * LAW: GB/T 32918.2-2016 (SM2 signatures). The signer's ID is the customary 1234567812345678.
 */
#ifndef SEAL_SM2_H
#define SEAL_SM2_H

#include <openssl/evp.h>

#include "base/text.h"

enum { SM2_SIGNATURE_MAX = 80 }; /* bytes of DER */

EVP_PKEY *sm2_generate(void);
/* NULL unless an SM2 key; the caller frees with EVP_PKEY_free(). */
EVP_PKEY *sm2_from_private_pem(Str pem);
EVP_PKEY *sm2_from_public_pem(Str pem);
Str sm2_public_pem(struct arena *arena, EVP_PKEY *key);
/* Unencrypted PKCS #8, as it lies in the key directory. */
Str sm2_private_pem(struct arena *arena, EVP_PKEY *key);
/* 16 hex digits and NUL: the head of the SM3 of the public key's SubjectPublicKeyInfo. */
void sm2_id(EVP_PKEY *key, char id[17]);

/* Bytes of DER written. */
size_t sm2_sign(EVP_PKEY *key, Str message, unsigned char der[SM2_SIGNATURE_MAX]);
bool sm2_holds(EVP_PKEY *key, Str message, const unsigned char *der, size_t size);

#endif

/* The order in which EVP 3.0 takes a signer's ID: make the key's context, set the ID, hand the
 * context to the digest's, and only then begin. */
#include "seal/sm2.h"

#include <openssl/bio.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <string.h>

#include "base/check.h"
#include "seal/hash.h"

enum { PEM_BYTES_MAX = 4096 };

static const char SIGNER_ID[] = "1234567812345678";

EVP_PKEY *sm2_generate(void)
{
    EVP_PKEY *key = EVP_PKEY_Q_keygen(NULL, NULL, "SM2");
    check(key != NULL);
    return key;
}

static EVP_PKEY *only_sm2(EVP_PKEY *key)
{
    if (key != NULL && EVP_PKEY_is_a(key, "SM2") != 1) {
        EVP_PKEY_free(key);
        key = NULL;
    }
    ERR_clear_error();
    return key;
}

static BIO *bio_over(Str pem)
{
    BIO *bio = pem.n <= PEM_BYTES_MAX ? BIO_new_mem_buf(pem.p, (int)pem.n) : NULL;
    check(bio != NULL || pem.n > PEM_BYTES_MAX);
    return bio;
}

EVP_PKEY *sm2_from_private_pem(Str pem)
{
    char no_password[] = "";
    BIO *bio = bio_over(pem);
    EVP_PKEY *key = bio == NULL ? NULL : PEM_read_bio_PrivateKey(bio, NULL, NULL, no_password);
    BIO_free(bio);
    return only_sm2(key);
}

EVP_PKEY *sm2_from_public_pem(Str pem)
{
    char no_password[] = "";
    BIO *bio = bio_over(pem);
    EVP_PKEY *key = bio == NULL ? NULL : PEM_read_bio_PUBKEY(bio, NULL, NULL, no_password);
    BIO_free(bio);
    return only_sm2(key);
}

static Str bio_text(struct arena *arena, BIO *bio)
{
    char *bytes = NULL;
    long size = BIO_get_mem_data(bio, &bytes);
    check(size > 0);
    Str text = str_copy(arena, bytes, (size_t)size);
    BIO_free(bio);
    return text;
}

Str sm2_public_pem(struct arena *arena, EVP_PKEY *key)
{
    BIO *bio = BIO_new(BIO_s_mem());
    check(bio != NULL && PEM_write_bio_PUBKEY(bio, key) == 1);
    return bio_text(arena, bio);
}

Str sm2_private_pem(struct arena *arena, EVP_PKEY *key)
{
    BIO *bio = BIO_new(BIO_s_secmem());
    check(bio != NULL && PEM_write_bio_PrivateKey(bio, key, NULL, NULL, 0, NULL, NULL) == 1);
    return bio_text(arena, bio);
}

void sm2_id(EVP_PKEY *key, char id[17])
{
    unsigned char *der = NULL;
    int size = i2d_PUBKEY(key, &der);
    check(size > 0);
    Hash hash = hash_of(der, (size_t)size);
    OPENSSL_free(der);
    for (size_t i = 0; i < 8; i++) {
        static const char digits[] = "0123456789abcdef";
        id[2 * i] = digits[hash.b[i] >> 4];
        id[2 * i + 1] = digits[hash.b[i] & 15];
    }
    id[16] = '\0';
}

struct operation {
    EVP_PKEY_CTX *key;
    EVP_MD_CTX *digest;
};

static struct operation operation_new(EVP_PKEY *key)
{
    struct operation op = {EVP_PKEY_CTX_new(key, NULL), EVP_MD_CTX_new()};
    check(op.key != NULL && op.digest != NULL);
    check(EVP_PKEY_CTX_set1_id(op.key, SIGNER_ID, (int)strlen(SIGNER_ID)) == 1);
    EVP_MD_CTX_set_pkey_ctx(op.digest, op.key);
    return op;
}

static void operation_free(struct operation op)
{
    EVP_MD_CTX_free(op.digest);
    EVP_PKEY_CTX_free(op.key);
    ERR_clear_error();
}

size_t sm2_sign(EVP_PKEY *key, Str message, unsigned char der[SM2_SIGNATURE_MAX])
{
    struct operation op = operation_new(key);
    size_t size = SM2_SIGNATURE_MAX;
    check(EVP_DigestSignInit_ex(op.digest, NULL, "SM3", NULL, NULL, key, NULL) == 1);
    check(EVP_DigestSign(op.digest, der, &size, (const unsigned char *)message.p, message.n) == 1);
    operation_free(op);
    return size;
}

bool sm2_holds(EVP_PKEY *key, Str message, const unsigned char *der, size_t size)
{
    struct operation op = operation_new(key);
    bool holds =
        EVP_DigestVerifyInit_ex(op.digest, NULL, "SM3", NULL, NULL, key, NULL) == 1 &&
        EVP_DigestVerify(op.digest, der, size, (const unsigned char *)message.p, message.n) == 1;
    operation_free(op);
    return holds;
}

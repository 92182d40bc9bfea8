#include "seal/cert.h"

#include <errno.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <pthread.h>
#include <string.h>
#include <sys/stat.h>

#include "base/check.h"
#include "base/clock.h"
#include "base/random.h"
#include "seal/hash.h"
#include "seal/key_file.h"
#include "seal/sm2.h"

enum { SERIAL_BYTES = 16, ROOT_YEARS = 40, YEAR_DAYS = 366 };

static const char signer_id[] = "1234567812345678";

/* --- keys of both schemes --- */

static EVP_PKEY *pair_new(enum cert_scheme scheme)
{
    EVP_PKEY *key = scheme == CERT_SM2 ? sm2_generate() : EVP_EC_gen("P-256");
    check(key != NULL);
    return key;
}

static bool is_p256(EVP_PKEY *key)
{
    char group[32] = "";
    size_t size = 0;
    return EVP_PKEY_is_a(key, "EC") == 1 &&
           EVP_PKEY_get_group_name(key, group, sizeof group, &size) == 1 &&
           strcmp(group, "prime256v1") == 0;
}

static bool scheme_of(EVP_PKEY *key, enum cert_scheme *out)
{
    *out = key != NULL && EVP_PKEY_is_a(key, "SM2") == 1 ? CERT_SM2 : CERT_P256;
    return key != NULL && (*out == CERT_SM2 || is_p256(key));
}

static EVP_PKEY *pair_read(Str pem)
{
    char no_password[] = "";
    BIO *bio = BIO_new_mem_buf(pem.p, (int)pem.n);
    check(bio != NULL);
    EVP_PKEY *key = PEM_read_bio_PrivateKey(bio, NULL, NULL, no_password);
    BIO_free(bio);
    ERR_clear_error();
    return key;
}

/* How a key of the scheme signs: digest and, for SM2, the signer's ID. */
struct signing {
    EVP_PKEY_CTX *key;
    EVP_MD_CTX *digest;
};

static struct signing signing_new(enum cert_scheme scheme, EVP_PKEY *key)
{
    struct signing s = {NULL, EVP_MD_CTX_new()};
    check(s.digest != NULL);
    if (scheme == CERT_SM2) {
        s.key = EVP_PKEY_CTX_new(key, NULL);
        check(s.key != NULL && EVP_PKEY_CTX_set1_id(s.key, signer_id, (int)strlen(signer_id)) == 1);
        EVP_MD_CTX_set_pkey_ctx(s.digest, s.key);
    }
    return s;
}

static void signing_free(struct signing s)
{
    EVP_MD_CTX_free(s.digest);
    EVP_PKEY_CTX_free(s.key);
    ERR_clear_error();
}

static const char *digest_name(enum cert_scheme scheme)
{
    return scheme == CERT_SM2 ? "SM3" : "SHA256";
}

void cert_digest(enum cert_scheme scheme, const Str *parts, size_t count, unsigned char out[32])
{
    unsigned size = 0;
    EVP_MD_CTX *digest = EVP_MD_CTX_new();
    const EVP_MD *kind = scheme == CERT_SM2 ? EVP_sm3() : EVP_sha256();
    check(digest != NULL && EVP_DigestInit_ex(digest, kind, NULL) == 1);
    for (size_t i = 0; i < count; i++) {
        check(EVP_DigestUpdate(digest, parts[i].p, parts[i].n) == 1);
    }
    check(EVP_DigestFinal_ex(digest, out, &size) == 1 && size == 32);
    EVP_MD_CTX_free(digest);
}

/* Keys that were read last: reading one takes longer than signing. A key is known by the hash of
 * its PEM, so that nothing of it lies here but what the library keeps. */
enum { PAIRS_KEPT = 16 };

static struct {
    pthread_mutex_t lock;

    struct kept_pair {
        Hash pem;
        EVP_PKEY *pair;
    } all[PAIRS_KEPT];

    unsigned next;
} pairs = {.lock = PTHREAD_MUTEX_INITIALIZER};

static EVP_PKEY *pair_kept(Hash pem)
{
    EVP_PKEY *found = NULL;
    check(pthread_mutex_lock(&pairs.lock) == 0);
    for (int i = 0; i < PAIRS_KEPT && found == NULL; i++) {
        if (pairs.all[i].pair != NULL && hash_same(pairs.all[i].pem, pem)) {
            found = pairs.all[i].pair;
            check(EVP_PKEY_up_ref(found) == 1);
        }
    }
    check(pthread_mutex_unlock(&pairs.lock) == 0);
    return found;
}

static void pair_keep(Hash pem, EVP_PKEY *pair)
{
    check(pthread_mutex_lock(&pairs.lock) == 0);
    struct kept_pair *place = &pairs.all[pairs.next++ % PAIRS_KEPT];
    EVP_PKEY_free(place->pair);
    check(EVP_PKEY_up_ref(pair) == 1);
    *place = (struct kept_pair){pem, pair};
    check(pthread_mutex_unlock(&pairs.lock) == 0);
}

/* The caller frees it. */
static EVP_PKEY *pair_open(Str pem)
{
    Hash name = hash_str(pem);
    EVP_PKEY *pair = pair_kept(name);
    if (pair == NULL) {
        pair = pair_read(pem);
        if (pair != NULL) {
            pair_keep(name, pair);
        }
    }
    return pair;
}

enum status cert_sign(struct cx *cx, const struct cert_key *key, Str message, Str *der)
{
    EVP_PKEY *pair = pair_open(key->key_pem);
    unsigned char out[SM2_SIGNATURE_MAX];
    size_t size = sizeof out;
    if (pair == NULL) {
        return FAIL(cx, E_STORE, "keys-broken", "the key of a certificate cannot be read");
    }
    struct signing s = signing_new(key->scheme, pair);
    bool ok =
        EVP_DigestSignInit_ex(s.digest, NULL, digest_name(key->scheme), NULL, NULL, pair, NULL) ==
            1 &&
        EVP_DigestSign(s.digest, out, &size, (const unsigned char *)message.p, message.n) == 1;
    signing_free(s);
    EVP_PKEY_free(pair);
    if (!ok) {
        return FAIL(cx, E_STORE, "keys-broken", "the key of a certificate does not sign");
    }
    *der = str_copy(cx->arena, (const char *)out, size);
    return OK;
}

/* --- reading --- */

static X509 *read_der(Str der)
{
    const unsigned char *at = (const unsigned char *)der.p;
    X509 *cert = der.n > CERT_BYTES_MAX ? NULL : d2i_X509(NULL, &at, (long)der.n);
    unsigned char *again = NULL;
    int size = cert == NULL ? -1 : i2d_X509(cert, &again);
    if (size < 0 || (size_t)size != der.n || memcmp(again, der.p, der.n) != 0) {
        X509_free(cert);
        cert = NULL;
    }
    OPENSSL_free(again);
    ERR_clear_error();
    return cert;
}

static Str name_part(struct arena *arena, const X509_NAME *name, int nid)
{
    int at = X509_NAME_get_index_by_NID(name, nid, -1);
    unsigned char *utf8 = NULL;
    if (at < 0) {
        return STR("");
    }
    int size = ASN1_STRING_to_UTF8(&utf8, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, at)));
    Str out = size > 0 && utf8_is_valid((const char *)utf8, (size_t)size)
                  ? str_copy(arena, (const char *)utf8, (size_t)size)
                  : STR("");
    OPENSSL_free(utf8);
    return out;
}

static Instant time_of(const ASN1_TIME *time)
{
    int days = 0;
    int seconds = 0;
    ASN1_TIME *epoch = ASN1_TIME_set(NULL, 0);
    check(epoch != NULL);
    Instant at = ASN1_TIME_diff(&days, &seconds, epoch, time) == 1
                     ? ((Instant)days * 86400 + seconds) * 1000
                     : 0;
    ASN1_TIME_free(epoch);
    return at;
}

static Str serial_of(struct arena *arena, const X509 *cert)
{
    const ASN1_INTEGER *serial = X509_get0_serialNumber(cert);
    return text_hex(arena, ASN1_STRING_get0_data(serial), (size_t)ASN1_STRING_length(serial));
}

bool cert_read(struct arena *arena, Str der, struct cert_facts *out)
{
    X509 *cert = read_der(der);
    *out = (struct cert_facts){.scheme = CERT_SM2};
    bool ok = cert != NULL && scheme_of(X509_get0_pubkey(cert), &out->scheme);
    if (ok) {
        out->name = name_part(arena, X509_get_subject_name(cert), NID_commonName);
        out->holder = name_part(arena, X509_get_subject_name(cert), NID_organizationalUnitName);
        out->issuer = name_part(arena, X509_get_issuer_name(cert), NID_commonName);
        out->serial = serial_of(arena, cert);
        out->from = time_of(X509_get0_notBefore(cert));
        out->until = time_of(X509_get0_notAfter(cert));
    }
    X509_free(cert);
    ERR_clear_error();
    return ok;
}

static bool is_signed_by(X509 *cert, enum cert_scheme scheme, X509 *root)
{
    if (X509_NAME_cmp(X509_get_issuer_name(cert), X509_get_subject_name(root)) != 0) {
        return false;
    }
    if (scheme == CERT_SM2) {
        ASN1_OCTET_STRING *id = ASN1_OCTET_STRING_new();
        check(id != NULL && ASN1_OCTET_STRING_set(id, (const unsigned char *)signer_id,
                                                  (int)strlen(signer_id)) == 1);
        X509_set0_distinguishing_id(cert, id);
    }
    return X509_verify(cert, X509_get0_pubkey(root)) == 1;
}

static enum cert_fault check_against(X509 *cert, const struct cert_facts *facts, Str root_der,
                                     Instant at)
{
    X509 *root = root_der.n == 0 ? NULL : read_der(root_der);
    bool ok = root != NULL && is_signed_by(cert, facts->scheme, root);
    X509_free(root);
    ERR_clear_error();
    if (!ok) {
        return CERT_STRANGER;
    }
    bool is_ca = (X509_get_extension_flags(cert) & EXFLAG_CA) != 0;
    if (is_ca || (X509_get_key_usage(cert) & KU_DIGITAL_SIGNATURE) == 0) {
        return CERT_NOT_TO_SIGN;
    }
    return at < facts->from ? CERT_NOT_YET : at > facts->until ? CERT_EXPIRED : CERT_GOOD;
}

enum cert_fault cert_check(struct arena *arena, Str der, const Str roots[CERT_SCHEMES], Instant at)
{
    struct cert_facts facts;
    if (!cert_read(arena, der, &facts)) {
        return CERT_UNREADABLE;
    }
    X509 *cert = read_der(der);
    enum cert_fault fault = check_against(cert, &facts, roots[facts.scheme], at);
    X509_free(cert);
    return fault;
}

bool cert_holds(Str cert_der, Str message, Str signature)
{
    X509 *cert = read_der(cert_der);
    enum cert_scheme scheme = CERT_SM2;
    EVP_PKEY *key = cert == NULL ? NULL : X509_get0_pubkey(cert);
    bool holds = false;
    if (scheme_of(key, &scheme)) {
        struct signing s = signing_new(scheme, key);
        holds = EVP_DigestVerifyInit_ex(s.digest, NULL, digest_name(scheme), NULL, NULL, key,
                                        NULL) == 1 &&
                EVP_DigestVerify(s.digest, (const unsigned char *)signature.p, signature.n,
                                 (const unsigned char *)message.p, message.n) == 1;
        signing_free(s);
    }
    X509_free(cert);
    ERR_clear_error();
    return holds;
}

static Str bio_taken(struct arena *arena, BIO *bio)
{
    char *bytes = NULL;
    long size = BIO_get_mem_data(bio, &bytes);
    check(size > 0);
    Str text = str_copy(arena, bytes, (size_t)size);
    BIO_free(bio);
    return text;
}

Str cert_pem(struct arena *arena, Str der)
{
    X509 *cert = read_der(der);
    BIO *bio = BIO_new(BIO_s_mem());
    check(cert != NULL && bio != NULL && PEM_write_bio_X509(bio, cert) == 1);
    X509_free(cert);
    return bio_taken(arena, bio);
}

static Str cert_der(struct arena *arena, X509 *cert)
{
    unsigned char *der = NULL;
    int size = i2d_X509(cert, &der);
    check(size > 0);
    Str out = str_copy(arena, (const char *)der, (size_t)size);
    OPENSSL_free(der);
    return out;
}

/* --- making --- */

static void name_add(X509_NAME *name, const char *part, Str text)
{
    check(X509_NAME_add_entry_by_txt(name, part, MBSTRING_UTF8, (const unsigned char *)text.p,
                                     (int)text.n, -1, 0) == 1);
}

static void extension_add(X509 *cert, X509 *issuer, int nid, const char *text)
{
    X509V3_CTX ctx;
    X509V3_set_ctx(&ctx, issuer, cert, NULL, NULL, 0);
    X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, &ctx, nid, text);
    check(extension != NULL && X509_add_ext(cert, extension, -1) == 1);
    X509_EXTENSION_free(extension);
}

static X509 *cert_frame(EVP_PKEY *public, Instant from, Instant until)
{
    unsigned char random[SERIAL_BYTES];
    X509 *cert = X509_new();
    BIGNUM *serial = BN_new();
    random_bytes(random, sizeof random);
    random[0] = (random[0] & 0x3f) | 0x40; /* positive, of full length */
    check(cert != NULL && serial != NULL && X509_set_version(cert, X509_VERSION_3) == 1 &&
          BN_bin2bn(random, sizeof random, serial) != NULL &&
          BN_to_ASN1_INTEGER(serial, X509_get_serialNumber(cert)) != NULL &&
          ASN1_TIME_set(X509_getm_notBefore(cert), (time_t)(from / 1000)) != NULL &&
          ASN1_TIME_set(X509_getm_notAfter(cert), (time_t)(until / 1000)) != NULL &&
          X509_set_pubkey(cert, public) == 1);
    BN_free(serial);
    return cert;
}

static void cert_finish(X509 *cert, enum cert_scheme scheme, EVP_PKEY *by)
{
    struct signing s = signing_new(scheme, by);
    check(EVP_DigestSignInit_ex(s.digest, NULL, digest_name(scheme), NULL, NULL, by, NULL) == 1 &&
          X509_sign_ctx(cert, s.digest) > 0);
    signing_free(s);
}

/* PKCS #10: only its key and its proof of possession matter, names are the authority's affair. */
static Str request_new(struct arena *arena, enum cert_scheme scheme, EVP_PKEY *pair, Str name)
{
    X509_REQ *request = X509_REQ_new();
    unsigned char *der = NULL;
    check(request != NULL && X509_REQ_set_version(request, X509_REQ_VERSION_1) == 1 &&
          X509_REQ_set_pubkey(request, pair) == 1);
    name_add(X509_REQ_get_subject_name(request), "CN", name);
    struct signing s = signing_new(scheme, pair);
    check(EVP_DigestSignInit_ex(s.digest, NULL, digest_name(scheme), NULL, NULL, pair, NULL) == 1 &&
          X509_REQ_sign_ctx(request, s.digest) > 0);
    signing_free(s);
    int size = i2d_X509_REQ(request, &der);
    check(size > 0);
    Str out = str_copy(arena, (const char *)der, (size_t)size);
    OPENSSL_free(der);
    X509_REQ_free(request);
    return out;
}

enum status cert_key_new(struct cx *cx, const struct ca *ca, const struct cert_wish *wish,
                         struct cert_key *out)
{
    EVP_PKEY *pair = pair_new(wish->scheme);
    BIO *bio = BIO_new(BIO_s_secmem());
    check(bio != NULL && PEM_write_bio_PrivateKey(bio, pair, NULL, NULL, 0, NULL, NULL) == 1);
    out->scheme = wish->scheme;
    out->key_pem = bio_taken(cx->arena, bio);
    Str request = request_new(cx->arena, wish->scheme, pair, wish->name);
    EVP_PKEY_free(pair);
    return ca->certify(cx, ca, wish, request, &out->der);
}

/* --- the built-in authority --- */

struct demo {
    struct arena *arena;
    EVP_PKEY *keys[CERT_SCHEMES];
    X509 *roots[CERT_SCHEMES];
};

static const char *const file_names[CERT_SCHEMES] = {"sm2", "p256"};
static const char *const root_names[CERT_SCHEMES] = {"通诉演示根证书（SM2）",
                                                     "通诉演示根证书（P-256）"};

static X509_REQ *request_read(Str der, enum cert_scheme scheme)
{
    const unsigned char *at = (const unsigned char *)der.p;
    X509_REQ *request = der.n > CERT_BYTES_MAX ? NULL : d2i_X509_REQ(NULL, &at, (long)der.n);
    EVP_PKEY *key = request == NULL ? NULL : X509_REQ_get0_pubkey(request);
    enum cert_scheme its = scheme;
    if (request != NULL && scheme == CERT_SM2) {
        ASN1_OCTET_STRING *id = ASN1_OCTET_STRING_new();
        check(id != NULL && ASN1_OCTET_STRING_set(id, (const unsigned char *)signer_id,
                                                  (int)strlen(signer_id)) == 1);
        X509_REQ_set0_distinguishing_id(request, id);
    }
    if (!scheme_of(key, &its) || its != scheme || X509_REQ_verify(request, key) != 1) {
        X509_REQ_free(request);
        request = NULL;
    }
    ERR_clear_error();
    return request;
}

static enum status demo_certify(struct cx *cx, const struct ca *ca, const struct cert_wish *wish,
                                Str request_der, Str *der)
{
    struct demo *demo = ca->state;
    X509 *root = demo->roots[wish->scheme];
    X509_REQ *request = request_read(request_der, wish->scheme);
    if (request == NULL) {
        return FAIL(cx, E_INPUT, "certificate-request", "not signed by its own key");
    }
    X509 *cert = cert_frame(X509_REQ_get0_pubkey(request), wish->from, wish->until);
    X509_REQ_free(request);
    name_add(X509_get_subject_name(cert), "C", STR("CN"));
    name_add(X509_get_subject_name(cert), "O", STR("通诉演示"));
    name_add(X509_get_subject_name(cert), "OU", wish->holder);
    name_add(X509_get_subject_name(cert), "CN", wish->name);
    check(X509_set_issuer_name(cert, X509_get_subject_name(root)) == 1);
    extension_add(cert, root, NID_basic_constraints, "critical,CA:FALSE");
    extension_add(cert, root, NID_key_usage, "critical,digitalSignature,nonRepudiation");
    extension_add(cert, root, NID_subject_key_identifier, "hash");
    extension_add(cert, root, NID_authority_key_identifier, "keyid:always");
    cert_finish(cert, wish->scheme, demo->keys[wish->scheme]);
    *der = cert_der(cx->arena, cert);
    X509_free(cert);
    return OK;
}

static const char *file_of(struct cx *cx, const char *dir, int scheme, const char *ending)
{
    return arena_printf(cx->arena, "%s/%s%s", dir, file_names[scheme], ending);
}

static enum status root_make(struct cx *cx, const char *dir, int at)
{
    enum cert_scheme scheme = (enum cert_scheme)at;
    EVP_PKEY *pair = pair_new(scheme);
    Instant from = date_start(date_of(2020, 1, 1));
    Instant until = clock_machine() + (Instant)ROOT_YEARS * YEAR_DAYS * DAY_MS;
    X509 *root = cert_frame(pair, from, until);
    name_add(X509_get_subject_name(root), "C", STR("CN"));
    name_add(X509_get_subject_name(root), "O", STR("通诉演示"));
    name_add(X509_get_subject_name(root), "CN", str_of(root_names[at]));
    check(X509_set_issuer_name(root, X509_get_subject_name(root)) == 1);
    extension_add(root, root, NID_basic_constraints, "critical,CA:TRUE,pathlen:0");
    extension_add(root, root, NID_key_usage, "critical,keyCertSign,cRLSign");
    extension_add(root, root, NID_subject_key_identifier, "hash");
    cert_finish(root, scheme, pair);
    BIO *bio = BIO_new(BIO_s_secmem());
    check(bio != NULL && PEM_write_bio_PrivateKey(bio, pair, NULL, NULL, 0, NULL, NULL) == 1);
    Str secret = bio_taken(cx->arena, bio);
    Str pem = cert_pem(cx->arena, cert_der(cx->arena, root));
    X509_free(root);
    EVP_PKEY_free(pair);
    TRY(key_file_write(cx, file_of(cx, dir, at, ".pem"), secret, true));
    return key_file_write(cx, file_of(cx, dir, at, ".crt"), pem, true);
}

static X509 *pem_read(Str pem)
{
    BIO *bio = BIO_new_mem_buf(pem.p, (int)pem.n);
    check(bio != NULL);
    X509 *cert = PEM_read_bio_X509(bio, NULL, NULL, NULL);
    BIO_free(bio);
    ERR_clear_error();
    return cert;
}

enum status ca_roots_read(struct cx *cx, const char *dir, Str roots[CERT_SCHEMES], bool *found)
{
    *found = false;
    for (int i = 0; i < CERT_SCHEMES; i++) {
        Str pem = {"", 0};
        bool is_there = false;
        TRY(key_file_read(cx, file_of(cx, dir, i, ".crt"), &pem, &is_there));
        X509 *root = is_there ? pem_read(pem) : NULL;
        if (is_there && root == NULL) {
            return FAIL(cx, E_STORE, "keys-broken", "%s/%s.crt is no certificate", dir,
                        file_names[i]);
        }
        roots[i] = is_there ? cert_der(cx->arena, root) : STR("");
        *found = *found || is_there;
        X509_free(root);
    }
    return OK;
}

static enum status demo_load(struct cx *cx, const char *dir, struct ca *ca)
{
    struct demo *demo = ca->state;
    bool found = false;
    Str roots[CERT_SCHEMES];
    TRY(ca_roots_read(cx, dir, roots, &found));
    for (int i = 0; i < CERT_SCHEMES; i++) {
        Str pem = {"", 0};
        TRY(key_file_read(cx, file_of(cx, dir, i, ".pem"), &pem, &found));
        demo->keys[i] = found ? pair_read(pem) : NULL;
        demo->roots[i] = roots[i].n > 0 ? read_der(roots[i]) : NULL;
        ca->roots[i] = (Str){arena_copy(demo->arena, roots[i].p, roots[i].n), roots[i].n};
        if (demo->keys[i] == NULL || demo->roots[i] == NULL ||
            X509_check_private_key(demo->roots[i], demo->keys[i]) != 1) {
            ERR_clear_error();
            return FAIL(cx, E_STORE, found || roots[i].n > 0 ? "keys-broken" : "keys-missing",
                        "%s/%s: key and root are not there together", dir, file_names[i]);
        }
    }
    return OK;
}

static enum status demo_fill(struct cx *cx, const char *dir, bool create, struct ca *ca)
{
    if (create && mkdir(dir, 0700) == 0) {
        for (int i = 0; i < CERT_SCHEMES; i++) {
            TRY(root_make(cx, dir, i));
        }
        TRY(key_dir_sync(cx, dir));
    } else if (create && errno != EEXIST) {
        return key_file_fail(cx, "cannot make", dir);
    }
    return demo_load(cx, dir, ca);
}

enum status ca_demo_open(struct cx *cx, const char *dir, bool create, struct ca **out)
{
    struct arena *arena = arena_open((size_t)1 << 20);
    struct demo *demo = arena_new(arena, struct demo);
    struct ca *ca = arena_new(arena, struct ca);
    demo->arena = arena;
    ca->certify = demo_certify;
    ca->state = demo;
    enum status status = demo_fill(cx, dir, create, ca);
    if (status != OK) {
        ca_demo_close(ca);
        return status;
    }
    *out = ca;
    return OK;
}

void ca_demo_close(struct ca *ca)
{
    struct demo *demo = ca == NULL ? NULL : ca->state;
    if (demo != NULL) {
        for (int i = 0; i < CERT_SCHEMES; i++) {
            EVP_PKEY_free(demo->keys[i]);
            X509_free(demo->roots[i]);
        }
        arena_close(demo->arena);
    }
}

/* seal/cert.h - certificates (X.509) and who issues them.
 *
 * Every holder - a court, a person - has two: SM2 with SM3, which the law of the land looks to, and
 * ECDSA on P-256 with SHA-256, which the readers of the world know. struct ca is the authority
 * behind them; the one built in (ca_demo_open) vouches for what this program says and for nothing
 * else. A real one takes its place by filling the same struct.
 *
 * LAW: electronic-signature-law 13, 16 (a reliable signature; certificates by a licensed
 * authority): the built-in authority has no licence, and its certificates say 演示. (1) A
 * certificate of a holder is signed by a root directly: there are no authorities between. (2) What
 * comes from a stranger is only ever read, within CERT_BYTES_MAX. (3) SM2 signatures carry the
 * customary signer's ID 1234567812345678 (GB/T 35276).
 */
#ifndef SEAL_CERT_H
#define SEAL_CERT_H

#include "base/date.h"
#include "base/fail.h"

enum { CERT_BYTES_MAX = 8192 };

enum cert_scheme { CERT_SM2, CERT_P256 };

enum { CERT_SCHEMES = 2 };

/* A holder's certificate (DER) with its private key (unencrypted PKCS #8, PEM). */
struct cert_key {
    enum cert_scheme scheme;
    Str der;
    Str key_pem;
};

struct cert_wish {
    enum cert_scheme scheme;
    Str name;   /* common name: 北京市朝阳区人民法院 */
    Str holder; /* whose, for programs: "court:京0105", "person:12" */
    Instant from, until;
};

/* Who issues certificates. */
struct ca {
    /* A certificate (DER) for the holder of a request (PKCS #10, DER), whom the caller has
     * identified. E_INPUT "certificate-request" when the request is not signed by its own key. */
    enum status (*certify)(struct cx *cx, const struct ca *ca, const struct cert_wish *wish,
                           Str request, Str *der);
    Str roots[CERT_SCHEMES]; /* DER; whom the checks trust */
    void *state;
};

/* The built-in authority, its keys and roots in dir ("sm2.pem", "sm2.crt", "p256.pem", "p256.crt").
 * create: makes them when there are none (the parent must exist). E_STORE "keys-missing",
 * "keys-broken". */
enum status ca_demo_open(struct cx *cx, const char *dir, bool create, struct ca **out);
void ca_demo_close(struct ca *ca);
/* Only the roots of that directory, for who checks and does not issue; *found is false when there
 * are none. */
enum status ca_roots_read(struct cx *cx, const char *dir, Str roots[CERT_SCHEMES], bool *found);

/* A fresh key pair, and its certificate from the authority. */
enum status cert_key_new(struct cx *cx, const struct ca *ca, const struct cert_wish *wish,
                         struct cert_key *out);

/* What a certificate says. */
struct cert_facts {
    enum cert_scheme scheme;
    Str name, holder, issuer;
    Str serial; /* hex, lower case */
    Instant from, until;
};

/* false unless a certificate of one of the two schemes, in its one encoding. */
bool cert_read(struct arena *arena, Str der, struct cert_facts *out);

enum cert_fault {
    CERT_GOOD,
    CERT_UNREADABLE,
    CERT_STRANGER,    /* by none of the roots */
    CERT_NOT_YET,     /* at that time */
    CERT_EXPIRED,     /* at that time */
    CERT_NOT_TO_SIGN, /* an authority's, or without the usage */
};

enum cert_fault cert_check(struct arena *arena, Str der, const Str roots[CERT_SCHEMES], Instant at);
Str cert_pem(struct arena *arena, Str der);

/* A signature by the certificate's key, as CMS wants it: DER (r, s). */
enum status cert_sign(struct cx *cx, const struct cert_key *key, Str message, Str *der);
bool cert_holds(Str cert_der, Str message, Str signature);
/* SM3 or SHA-256, 32 bytes, of parts one behind the other. */
void cert_digest(enum cert_scheme scheme, const Str *parts, size_t count, unsigned char out[32]);

#endif

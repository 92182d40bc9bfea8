/* The frame is written by hand: what is checked is cut out of a frame, put together anew, and must
 * give the same bytes. */
#include "seal/cms.h"

#include <string.h>

#include "base/check.h"

enum {
    SEQUENCE = 0x30,
    SET = 0x31,
    INTEGER = 0x02,
    OCTETS = 0x04,
    OBJECT = 0x06,
    CONTEXT_0 = 0xa0,
    DIGEST_BYTES = 32,
};

#define OID_DATA         STR("\x2a\x86\x48\x86\xf7\x0d\x01\x07\x01")
#define OID_SIGNED_DATA  STR("\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02")
#define OID_CONTENT_TYPE STR("\x2a\x86\x48\x86\xf7\x0d\x01\x09\x03")
#define OID_DIGEST       STR("\x2a\x86\x48\x86\xf7\x0d\x01\x09\x04")
#define OID_CERT_V2      STR("\x2a\x86\x48\x86\xf7\x0d\x01\x09\x10\x02\x2f")
#define OID_SHA256       STR("\x60\x86\x48\x01\x65\x03\x04\x02\x01")
#define OID_ECDSA_SHA256 STR("\x2a\x86\x48\xce\x3d\x04\x03\x02")
#define OID_SM3          STR("\x2a\x81\x1c\xcf\x55\x01\x83\x11")
#define OID_SM2_SM3      STR("\x2a\x81\x1c\xcf\x55\x01\x83\x75")

/* --- writing --- */

static Str tlv(struct arena *arena, int tag, Str inside)
{
    struct buf out;
    buf_init(&out, arena, inside.n + 8);
    buf_char(&out, (char)tag);
    if (inside.n < 0x80) {
        buf_char(&out, (char)inside.n);
    } else if (inside.n < 0x100) {
        buf_char(&out, (char)0x81);
        buf_char(&out, (char)inside.n);
    } else {
        check(inside.n < 0x10000);
        buf_char(&out, (char)0x82);
        buf_char(&out, (char)(inside.n >> 8));
        buf_char(&out, (char)inside.n);
    }
    buf_str(&out, inside);
    return buf_done(&out);
}

static Str join(struct arena *arena, const Str *parts, size_t count)
{
    struct buf out;
    size_t size = 0;
    for (size_t i = 0; i < count; i++) {
        size += parts[i].n;
    }
    buf_init(&out, arena, size + 1);
    for (size_t i = 0; i < count; i++) {
        buf_str(&out, parts[i]);
    }
    return buf_done(&out);
}

#define JOIN(arena, ...) \
    join((arena), (const Str[]){__VA_ARGS__}, sizeof((const Str[]){__VA_ARGS__}) / sizeof(Str))

static Str sequence2(struct arena *arena, Str a, Str b)
{
    return tlv(arena, SEQUENCE, JOIN(arena, a, b));
}

static Str object(struct arena *arena, Str oid)
{
    return tlv(arena, OBJECT, oid);
}

/* AlgorithmIdentifier without parameters. */
static Str algorithm(struct arena *arena, Str oid)
{
    return tlv(arena, SEQUENCE, object(arena, oid));
}

static Str digest_algorithm(struct arena *arena, enum cert_scheme scheme)
{
    return algorithm(arena, scheme == CERT_SM2 ? OID_SM3 : OID_SHA256);
}

static Str attribute(struct arena *arena, Str oid, Str value)
{
    return sequence2(arena, object(arena, oid), tlv(arena, SET, value));
}

/* The three attributes in the order of DER: by their bytes, that is here by their lengths. */
static Str attributes(struct arena *arena, enum cert_scheme scheme, Str cert, Str digest)
{
    char of_cert[DIGEST_BYTES];
    cert_digest(scheme, &cert, 1, (unsigned char *)of_cert);
    Str hash = tlv(arena, OCTETS, (Str){of_cert, sizeof of_cert});
    Str id = scheme == CERT_SM2 ? sequence2(arena, digest_algorithm(arena, scheme), hash)
                                : tlv(arena, SEQUENCE, hash); /* SHA-256 is what goes unsaid */
    Str ids = tlv(arena, SEQUENCE, tlv(arena, SEQUENCE, id));
    return JOIN(arena, attribute(arena, OID_CONTENT_TYPE, object(arena, OID_DATA)),
                attribute(arena, OID_DIGEST, tlv(arena, OCTETS, digest)),
                attribute(arena, OID_CERT_V2, ids));
}

/* --- reading --- */

/* One element at *at: its tag, what is inside. false past the end or in another encoding. */
static bool take(Str s, size_t *at, int tag, Str *inside)
{
    const unsigned char *p = (const unsigned char *)s.p;
    if (*at > s.n || s.n - *at < 2 || p[*at] != tag) {
        return false;
    }
    size_t head = 2;
    size_t n = p[*at + 1];
    if (n > 0x82 || n == 0x80) {
        return false;
    }
    if (n > 0x80) {
        head += n - 0x80;
        if (s.n - *at < head) {
            return false;
        }
        n = n == 0x81 ? p[*at + 2] : (size_t)p[*at + 2] << 8 | p[*at + 3];
    }
    if (s.n - *at - head < n) {
        return false;
    }
    *inside = (Str){s.p + *at + head, n};
    *at += head + n;
    return true;
}

static bool skip(Str s, size_t *at)
{
    Str inside;
    return *at < s.n && take(s, at, (unsigned char)s.p[*at], &inside);
}

static bool skip_many(Str s, size_t *at, int count)
{
    bool there = true;
    for (int i = 0; i < count && there; i++) {
        there = skip(s, at);
    }
    return there;
}

/* Whole elements: with tag and length. */
static bool take_whole(Str s, size_t *at, int tag, Str *whole)
{
    size_t from = *at;
    Str inside;
    if (!take(s, at, tag, &inside)) {
        return false;
    }
    *whole = (Str){s.p + from, *at - from};
    return true;
}

/* Issuer and serial number, as the certificate has them. */
static bool issuer_and_serial(struct arena *arena, Str cert, Str *out)
{
    Str outer;
    Str body;
    Str serial;
    Str issuer;
    size_t at = 0;
    if (!take(cert, &at, SEQUENCE, &outer)) {
        return false;
    }
    at = 0;
    if (!take(outer, &at, SEQUENCE, &body)) {
        return false;
    }
    at = 0;
    if (!skip(body, &at) || !take_whole(body, &at, INTEGER, &serial) || !skip(body, &at) ||
        !take_whole(body, &at, SEQUENCE, &issuer)) {
        return false;
    }
    *out = sequence2(arena, issuer, serial);
    return true;
}

/* --- the frame --- */

static bool frame(struct arena *arena, enum cert_scheme scheme, Str cert, Str attributes_said,
                  Str signature, Str *out)
{
    Str who;
    Str one = STR("\x02\x01\x01");
    Str digest = digest_algorithm(arena, scheme);
    if (!issuer_and_serial(arena, cert, &who)) {
        return false;
    }
    Str signer = tlv(arena, SEQUENCE,
                     JOIN(arena, one, who, digest, tlv(arena, CONTEXT_0, attributes_said),
                          algorithm(arena, scheme == CERT_SM2 ? OID_SM2_SM3 : OID_ECDSA_SHA256),
                          tlv(arena, OCTETS, signature)));
    Str data =
        tlv(arena, SEQUENCE,
            JOIN(arena, one, tlv(arena, SET, digest), tlv(arena, SEQUENCE, object(arena, OID_DATA)),
                 tlv(arena, CONTEXT_0, cert), tlv(arena, SET, signer)));
    *out = sequence2(arena, object(arena, OID_SIGNED_DATA), tlv(arena, CONTEXT_0, data));
    return true;
}

enum status cms_sign(struct cx *cx, const struct cert_key *key, const Str *parts, size_t count,
                     Str *der)
{
    char digest[DIGEST_BYTES];
    Str signature;
    cert_digest(key->scheme, parts, count, (unsigned char *)digest);
    Str said = attributes(cx->arena, key->scheme, key->der, (Str){digest, sizeof digest});
    TRY(cert_sign(cx, key, tlv(cx->arena, SET, said), &signature));
    check(frame(cx->arena, key->scheme, key->der, said, signature, der));
    check(der->n <= CMS_BYTES_MAX);
    return OK;
}

struct cut {
    Str cert, attributes, signature;
};

static bool cut_apart(Str der, struct cut *out)
{
    Str outer;
    Str wrapped;
    Str data;
    Str signers;
    Str signer;
    Str certs;
    size_t at = 0;
    if (!take(der, &at, SEQUENCE, &outer)) {
        return false;
    }
    at = 0;
    if (!skip(outer, &at) || !take(outer, &at, CONTEXT_0, &wrapped)) {
        return false;
    }
    at = 0;
    if (!take(wrapped, &at, SEQUENCE, &data)) {
        return false;
    }
    at = 0;
    if (!skip_many(data, &at, 3) || !take(data, &at, CONTEXT_0, &certs) ||
        !take(data, &at, SET, &signers)) {
        return false;
    }
    at = 0;
    if (!take(signers, &at, SEQUENCE, &signer)) {
        return false;
    }
    at = 0;
    out->cert = certs;
    return skip_many(signer, &at, 3) && take(signer, &at, CONTEXT_0, &out->attributes) &&
           skip(signer, &at) && take(signer, &at, OCTETS, &out->signature);
}

enum cms_fault cms_check(struct arena *arena, Str der, const Str *parts, size_t count,
                         Str *cert_der)
{
    struct cut cut;
    struct cert_facts facts;
    Str again;
    char digest[DIGEST_BYTES];
    *cert_der = STR("");
    if (der.n > CMS_BYTES_MAX || !cut_apart(der, &cut) || !cert_read(arena, cut.cert, &facts) ||
        !frame(arena, facts.scheme, cut.cert, cut.attributes, cut.signature, &again) ||
        !str_same(again, der)) {
        return CMS_BROKEN;
    }
    *cert_der = cut.cert;
    cert_digest(facts.scheme, parts, count, (unsigned char *)digest);
    Str said = attributes(arena, facts.scheme, cut.cert, (Str){digest, sizeof digest});
    if (!str_same(said, cut.attributes)) {
        return CMS_OTHER;
    }
    return cert_holds(cut.cert, tlv(arena, SET, said), cut.signature) ? CMS_GOOD : CMS_FORGED;
}

/* record/certificate.h - certificates that were issued, with their keys, and which are revoked.
 *
 * A holder is named as in its certificates: "court:京0105", "person:12". A court gets a certificate
 * of each scheme when it first seals, a person one of each when he asks for them: his two are one
 * certificate to him, issued, renewed and revoked together.
 *
 * (1) A private key is sealed before it becomes a row, and opened only to sign.
 * (2) Rows are never deleted: a signature of years ago is judged by the certificate of that time.
 * (3) A holder may have several certificates of a scheme; the one that ends last is used.
 * (4) What signs "at" an instant was valid then and not revoked by then. That nobody signs today as
 *     of yesterday is for who takes the act: its instant is that of its event in the log.
 */
#ifndef RECORD_CERTIFICATE_H
#define RECORD_CERTIFICATE_H

#include "record/script.h"
#include "seal/cert.h"
#include "seal/keys.h"

/* Who signs a paper, and with what he chose: "person:12/SERIAL". A row from before certificates
 * were named there has the holder alone, and so have courts: the one that ends last signs. */
Str certificate_signer(struct arena *arena, Str holder, Str serial);
Str certificate_signer_holder(Str signer, Str *serial); /* "" for none */

/* The certificate of a signer that is good at that time, with its key; *found is false when there
 * is none. What was chosen names both schemes: they were issued together. */
enum status certificate_find(struct cx *cx, struct sql *sql, struct keys *keys, Str signer,
                             enum cert_scheme scheme, Instant at, struct cert_key *out,
                             bool *found);
/* Keeps one that was just issued, unless the holder has another that is good at `at`. */
enum status certificate_keep(struct cx *cx, struct sql *sql, struct keys *keys,
                             const struct cert_key *key, Instant at);
/* The same beside others: a person renews before his ends. */
enum status certificate_write(struct cx *cx, struct keys *keys, struct script *script,
                              const struct cert_key *key);

/* What is known of one, without its key. */
struct certificate {
    Str serial; /* hex, lower case */
    enum cert_scheme scheme;
    Str holder, name;
    Instant since, until;
    Instant revoked; /* 0: it is not */
    Str reason;      /* why */
};

enum certificate_standing {
    CERTIFICATE_GOOD,
    CERTIFICATE_EARLY, /* not valid yet */
    CERTIFICATE_EXPIRED,
    CERTIFICATE_REVOKED,
};

enum certificate_standing certificate_standing(const struct certificate *certificate, Instant at);
/* good, early, expired, revoked */
const char *certificate_standing_name(enum certificate_standing standing);

/* *out NULL when there is none of this serial number. */
enum status certificate_get(struct cx *cx, struct sql *sql, Str serial, struct certificate **out);

struct certificate_query {
    Str holder; /* "" for all */
    Str after;  /* serial: those behind it in the list; "" from the first */
    uint32_t limit;
};

/* The newest first. */
enum status certificate_list(struct cx *cx, struct sql *sql, const struct certificate_query *query,
                             struct certificate **out, uint32_t *count);

/* "person:12" */
Str certificate_holder_person(struct arena *arena, Id person);

/* Revokes the certificate of that serial number; of a person all that have not ended, for they
 * hang on the same account. *changed: how many were not revoked before. */
enum status certificate_revoke(struct cx *cx, struct sql *sql,
                               const struct certificate *certificate, Str reason, Instant at,
                               int64_t *changed);

#endif

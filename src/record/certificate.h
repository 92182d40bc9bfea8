/* record/certificate.h - certificates that were issued, with their keys, and which are revoked.
 *
 * (1) A private key is sealed before it becomes a row, and opened only to sign.
 * (2) Rows are never deleted: a signature of years ago is judged by the certificate of that time.
 * (3) A holder may have several certificates of a scheme; the one that ends last is used.
 */
#ifndef RECORD_CERTIFICATE_H
#define RECORD_CERTIFICATE_H

#include "seal/cert.h"
#include "seal/keys.h"
#include "store/store.h"

/* The certificate of a holder that is valid at that time and not revoked, with its key; *found is
 * false when there is none. */
enum status certificate_find(struct cx *cx, struct sql *sql, struct keys *keys, Str holder,
                             enum cert_scheme scheme, Instant at, struct cert_key *out,
                             bool *found);
/* Keeps one that was just issued, unless the holder has another that is valid at `at`. */
enum status certificate_keep(struct cx *cx, struct sql *sql, struct keys *keys,
                             const struct cert_key *key, Instant at);

struct certificate_state {
    bool known;      /* it is one of ours */
    Instant revoked; /* 0: it is not */
    Str reason;
};

enum status certificate_state(struct cx *cx, struct sql *sql, Str serial,
                              struct certificate_state *out);
/* *changed is false when there is no such certificate, or it was revoked before. */
enum status certificate_revoke(struct cx *cx, struct sql *sql, Str serial, Str reason, Instant at,
                               bool *changed);
/* All of them, the newest first: serial, scheme, holder, name, since, until, revoked, reason. */
enum status certificate_list(struct cx *cx, struct sql *sql, struct rows *out);

#endif

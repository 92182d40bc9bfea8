/* render/pdf_verdict.h - what is right with a signed paper and what is not, signature by signature.
 *
 * (1) Pure: no clock, no rows. Whether a certificate was revoked, and whether the log proves the
 * time, is filled in by who can look it up. (2) The time that a signature says is the signer's own
 * word: whoever stole a key can write any. So a certificate that is revoked or has ended by now is
 * believed only where the log proves that the file is older: what it proves only of a time
 * after the end, or after the revocation, helps nobody. (3) "sealed" only if every signature
 * holds, each certificate is by a root that is trusted, was valid when it signed and by (2) is
 * believed, and the last signature covers the file to its end. (4) Whoever signs here signs twice,
 * by SM2 and by P-256 (render/pdf_sign.h): one without the other means that the file was cut back
 * to an earlier update, and is "changed". Of a stranger's signatures nobody knows how many there
 * were.
 */
#ifndef RENDER_PDF_VERDICT_H
#define RENDER_PDF_VERDICT_H

#include "render/pdf_sign.h"

struct pdf_judged {
    struct pdf_signature signature;
    struct cert_facts facts; /* empty when the signature is broken */
    enum cert_fault trust;
    bool looked_up;  /* in the rows of certificates */
    Instant revoked; /* 0: not */
};

/* What proves since when the file has been there. */
struct pdf_evidence {
    Instant now;    /* of the check */
    Instant proved; /* by the log: signed at that time or before; 0: nothing proves it */
    Str source;     /* what proves it, for people: 存证日志第41条 */
};

/* E_INPUT as pdf_open() and pdf_signatures(). */
enum status pdf_judge(struct cx *cx, Str bytes, const Str roots[CERT_SCHEMES],
                      struct pdf_judged out[PDF_SIGNATURES_MAX], uint32_t *count);
/* {"verdict","title","sm3","signatures":[{"who","holder","scheme","at","issuer","serial","from",
 * "until","ok","findings"}],"findings":[{"what","ok","title"}]}. A finding "unknown", never ok,
 * stands for "revoked" where nobody could look it up.
 * verdict: sealed, changed (bytes, or a signature gone), untrusted (certificates), unproved (all
 * agrees, but neither is the time proved nor could revocation be looked up), unsigned. */
struct value *pdf_verdict(struct arena *arena, Str bytes, const struct pdf_judged *judged,
                          uint32_t count, const struct pdf_evidence *evidence);

#endif

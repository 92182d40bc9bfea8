/* render/pdf_verdict.h - what is right with a signed paper and what is not, signature by signature.
 *
 * (1) Pure: no clock, no rows. Whether a certificate was revoked is filled in by who can look it
 * up; where nobody could, the verdict says so. (2) "sealed" only if every signature holds, each
 * certificate is by a root that is trusted and was valid when it signed, and the last signature
 * covers the file to its end.
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

/* E_INPUT as pdf_open() and pdf_signatures(). */
enum status pdf_judge(struct cx *cx, Str bytes, const Str roots[CERT_SCHEMES],
                      struct pdf_judged out[PDF_SIGNATURES_MAX], uint32_t *count);
/* {"verdict","title","sm3","signatures":[{"who","holder","scheme","at","issuer","serial","from",
 * "until","ok","findings"}],"findings":[{"what","ok","title"}]}.
 * verdict: sealed, changed (bytes), untrusted (certificates), unsigned. */
struct value *pdf_verdict(struct arena *arena, Str bytes, const struct pdf_judged *judged,
                          uint32_t count);

#endif

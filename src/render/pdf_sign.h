/* render/pdf_sign.h - signatures in a PDF: put on by an incremental update, found and checked.
 *
 * A signature covers every byte before and behind its own place, up to the end of its update (ISO
 * 32000-1, 12.8). One with P-256 is what readers of the world check (ETSI.CAdES.detached); one with
 * SM2 stands in the same frame under a handler of our own, which only this program checks. On a
 * paper the SM2 one comes first and the P-256 one covers it. (1) The bytes before the update stay
 * as they are: what was printed can be compared with what is printed again. (2) Each byte counts:
 * of the file by the digest, in the hole by having one spelling.
 */
#ifndef RENDER_PDF_SIGN_H
#define RENDER_PDF_SIGN_H

#include "render/pdf_file.h"
#include "seal/cms.h"

enum { PDF_SIGNATURES_MAX = 8 };

/* What is seen of a signature. */
struct pdf_stamp {
    Str drawing;          /* operators, in a box of width by height; "" for none */
    uint32_t page;        /* from 0 */
    double width, height; /* points */
    double x, y;          /* of its lower left corner, from that of the page */
};

struct pdf_signing {
    const struct cert_key *key;
    Instant at;
    Str name;                      /* whose */
    Str reason;                    /* 盖章 */
    const struct pdf_stamp *stamp; /* NULL: unseen */
};

/* Only for papers that this program printed. E_BUG "pdf-unexpected". */
enum status pdf_sign(struct cx *cx, Str pdf, const struct pdf_signing *signing, Str *out);

enum pdf_sign_fault {
    PDF_SIGN_GOOD,
    PDF_SIGN_PLACE, /* its range leaves out other bytes than its own place, or is out of the file */
    PDF_SIGN_BROKEN, /* it cannot be read */
    PDF_SIGN_OTHER,  /* the bytes are not those that were signed */
    PDF_SIGN_FORGED, /* not by the certificate's key */
};

struct pdf_signature {
    enum pdf_sign_fault fault;
    Str cert;   /* DER; "" when broken */
    Str name;   /* as the signature says; believe the certificate instead */
    Instant at; /* as it says; 0 for none */
    size_t end; /* it covers the file up to here */
};

/* In the order of their ends. *count 0: none. E_INPUT "pdf-broken" when the form they stand in
 * cannot be read, "pdf-signatures-many". */
enum status pdf_signatures(struct cx *cx, const struct pdf_file *file,
                           struct pdf_signature out[PDF_SIGNATURES_MAX], uint32_t *count);

#endif

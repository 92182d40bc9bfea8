/* seal/cms.h - detached signatures over bytes (CMS, RFC 5652; CAdES baseline B), in one encoding.
 *
 * One signer, one certificate, three signed attributes: content type, digest, and the certificate's
 * own digest (signing-certificate-v2, RFC 5035), so that no other can be put in its place. P-256
 * signatures are those that `openssl cms`, NSS and their readers check. SM2 ones have the same
 * frame with the algorithms of GB/T 32918 and 32905 (1.2.156.10197.1.501, .401); GB/T 35275 numbers
 * the frame otherwise, and no common reader takes either. (1) The same parts always give the same
 * frame, and only that frame is taken: each byte of a signature counts.
 */
#ifndef SEAL_CMS_H
#define SEAL_CMS_H

#include "seal/cert.h"

enum { CMS_BYTES_MAX = 4096 };

/* Signs parts one behind the other. */
enum status cms_sign(struct cx *cx, const struct cert_key *key, const Str *parts, size_t count,
                     Str *der);

enum cms_fault {
    CMS_GOOD,
    CMS_BROKEN, /* not such a frame */
    CMS_OTHER,  /* the bytes are not those that were signed */
    CMS_FORGED, /* the signature is not by the certificate's key */
};

/* *cert_der is the signer's certificate, "" when broken; whose it is, is for cert_check(). */
enum cms_fault cms_check(struct arena *arena, Str der, const Str *parts, size_t count,
                         Str *cert_der);

#endif

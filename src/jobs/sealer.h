/* jobs/sealer.h - signatures on printed papers: one with SM2, and a second with P-256 over all.
 *
 * The seal of a court is drawn where the court signs. It gets its certificates from the authority
 * (struct house, ca) the first time it seals, and new ones when they have ended. A party's paper is
 * signed by the certificate that he asked for before (/me/certificate): the place of the signature
 * is where his hand or name stands.
 */
#ifndef JOBS_SEALER_H
#define JOBS_SEALER_H

#include "flow/plan.h"
#include "render/helper.h"

/* pdf: printed to be sealed (struct helper_paper, seal). at: when the post sealed it. E_STATE
 * "seals-missing" where no authority is there. */
enum status sealer_seal(struct cx *cx, const struct house *house, Str court, Instant at,
                        const struct paper_pdf *pdf, Str *out);
/* signer: who, and with which of his certificates (record/certificate.h). at: when he took the act
 * that the paper is of; that his certificate was good then was proved by the act. Where it was
 * revoked in the same moment, *out is what was printed, unsigned. */
enum status sealer_sign(struct cx *cx, const struct house *house, Str signer, Instant at,
                        const struct paper_pdf *pdf, Str *out);
/* How the court is called on its seal. */
Str sealer_name(const struct house *house, Str court);

#endif

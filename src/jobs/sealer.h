/* jobs/sealer.h - puts the seal of a court on a printed paper: the drawing where the court signs,
 * under a signature with SM2, and a second one with P-256 over all.
 *
 * A court gets its certificates from the authority (struct house, ca) the first time it seals, and
 * new ones when they have ended.
 */
#ifndef JOBS_SEALER_H
#define JOBS_SEALER_H

#include "flow/plan.h"
#include "render/helper.h"

/* pdf: printed to be sealed (struct helper_paper, seal). at: when the post sealed it. E_STATE
 * "seals-missing" where no authority is there. */
enum status sealer_seal(struct cx *cx, const struct house *house, Str court, Instant at,
                        const struct paper_pdf *pdf, Str *out);
/* How the court is called on its seal. */
Str sealer_name(const struct house *house, Str court);

#endif

/* flow/seal.h - the post that keeps a court's seal puts it on papers of a matter: an event that
 * names them, and news for everybody attached to it. They are printed anew behind the commit,
 * sealed (jobs/sealer.h).
 *
 * LAW: courts' seals are used by whom the court entrusted with them; here the post `sealer`.
 */
#ifndef FLOW_SEAL_H
#define FLOW_SEAL_H

#include "flow/plan.h"

#define SEALER_POST "sealer"

enum { SEAL_PAPERS_MAX = 16 }; /* of one matter at once */

/* E_DENIED "seal-denied" unless the actor keeps the seal of the papers' court; E_NOT_FOUND
 * "not-found" for no such matter or paper; E_STATE "seal-not-wanted", "sealed-already". */
enum status seal_prepare(struct cx *cx, const struct house *house, const struct actor *actor,
                         Id matter, const int64_t *papers, uint32_t count, struct plan **out);

#endif

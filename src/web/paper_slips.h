/* web/paper_slips.h - what an office types into a paper is checked before the paper is printed.
 */
#ifndef WEB_PAPER_SLIPS_H
#define WEB_PAPER_SLIPS_H

#include "flow/act.h"
#include "web/app.h"

/* E_WARN "warnings" with "paper-slips" when something that staff typed for an act with papers looks
 * wrong, and that was not accepted: the act goes on as soon as it is. The warning carries
 * "findings", as findings_value() has them, each with "field". Nothing for parties. */
enum status paper_slips_check(struct call *call, const struct act_request *request,
                              const struct plan *plan);

#endif

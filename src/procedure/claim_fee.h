/* procedure/claim_fee.h - the acceptance fee of a case whose claim was changed: counted anew, both
 * amounts and the working told. LAW: litigation-fee-measures@2007 21, 35
 */
#ifndef PROCEDURE_CLAIM_FEE_H
#define PROCEDURE_CLAIM_FEE_H

#include "flow/plan.h"

/* "fee" {"amount-was","amount","was","becomes","difference","working"} in the event (difference
 * below 0: given back; 0: the fee stays). Where the fee of the claim as it now stands is another
 * than that of the claim before, also a row of the ledger, "acceptance-fee-more-due" or
 * "acceptance-fee-back", always above 0. */
enum status claim_fee_change(struct cx *cx, const struct plan *plan, struct change *change);

#endif

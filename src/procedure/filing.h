/* procedure/filing.h - what the guards and effects of a filing ask of each other. */
#ifndef PROCEDURE_FILING_H
#define PROCEDURE_FILING_H

#include "flow/rule.h"
#include "law/fee.h"

/* Is a party of that role named? */
bool filing_has_role(const struct value *values, const char *role);
/* Complains when the court may have no jurisdiction over ask->values. */
enum status filing_venue(struct cx *cx, struct ask *ask, const struct rule *rule);
/* What docketing these values at the court will cost. */
enum status docketing_fee(struct cx *cx, const struct law_tables *tables,
                          const struct procedure *procedure, Str court, const struct value *clear,
                          struct fee_answer *out);

#endif

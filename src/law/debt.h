/* law/debt.h - what a debtor owes on the day of payment: the debt of the judgment, the general
 * interest that it awards, and the doubled interest of late performance beside it.
 *
 * The two interests are counted apart: doubled interest is never taken of general interest, and
 * general interest runs on in the time of delay only when the judgment awards it.
 * LAW: delayed-performance-interest@2014 1, 2, 3, 4
 */
#ifndef LAW_DEBT_H
#define LAW_DEBT_H

#include "law/bill.h"
#include "law/interest.h"

enum debt_general { DEBT_NO_GENERAL, DEBT_AGREED, DEBT_LPR };

struct debt_ask {
    struct interest_delay delay; /* payments are towards the debt itself, as article 4 has it */
    enum debt_general general;
    int64_t ppm;   /* as interest_ask has it */
    int year_days; /* 360 or 365 */
    Date from;     /* first day of general interest; the last one is the day before delay.end */
};

/* Parts "principal" (still unpaid), "general", "doubled". Suspended days are left out of doubled
 * interest alone (article 3). The sheet has the lines of both, with "part". Failures of
 * interest_stretches() and interest_delayed(). */
enum status debt_compute(struct cx *cx, const struct law_tables *tables, const struct debt_ask *ask,
                         struct bill *out);

#endif

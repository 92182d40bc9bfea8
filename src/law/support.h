/* law/support.h - support of a child by the parent it does not live with, a month.
 *
 * LAW: civil-code@2020 1085; family-interpretation@2020 49, 53
 */
#ifndef LAW_SUPPORT_H
#define LAW_SUPPORT_H

#include "law/bill.h"

struct support_ask {
    Money income; /* of the parent, a month, in total; without a fixed one: of the year by twelve */
    int children; /* whom this parent supports */
    int percent;  /* of the income, asked for all of them together */
    Date born;    /* of the child; DATE_NONE for not stated */
    Date from;    /* first day of support; DATE_NONE with born */
};

/* Part "month": for all children together. For one child 20 to 30 per cent, for several up to 50;
 * outside is computed as asked and a notice says so. With born the months up to the eighteenth
 * birthday and what they come to stand in the working. E_INPUT "claim-amount", "claim-dates" (also
 * for a grown child), "claim-rate" for a share outside 1 to 100, "claim-count" for fewer than one
 * child or more than 20. */
enum status support_compute(struct cx *cx, const struct law_tables *tables,
                            const struct support_ask *ask, struct bill *out);

#endif

/* law/penalty.h - an agreed penalty, and whether a court would generally call it too high.
 *
 * LAW: civil-code@2020 585; contract-interpretation@2023 65
 */
#ifndef LAW_PENALTY_H
#define LAW_PENALTY_H

#include "law/bill.h"

enum penalty_way {
    PENALTY_DAILY, /* a share of the base for each day */
    PENALTY_SHARE, /* a share of the base, once */
    PENALTY_FIXED, /* an amount, once */
};

struct penalty_ask {
    enum penalty_way way;
    Money base;  /* the amount not paid, or the price; for FIXED the penalty itself */
    int64_t ppm; /* of the base: 0.05 % a day is 500 */
    Date from;   /* DAILY: first and last day of delay, both counted */
    Date to;
    Money loss; /* proved or estimated, lost gains included; -1 for not stated */
};

/* Part "penalty". Against the loss: more than 130 % of it is generally too high, less than it may
 * be raised on request; without a loss nothing is judged and a notice says so. The amount itself is
 * never lowered: that is asked of the court, which weighs everything. E_INPUT "claim-amount",
 * "claim-dates", "claim-rate" for a rate below 0 or above 100 %. */
enum status penalty_compute(struct cx *cx, const struct law_tables *tables,
                            const struct penalty_ask *ask, struct bill *out);

#endif

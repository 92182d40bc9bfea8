/* law/severance.h - what an employer owes when employment ends or was never put in writing.
 *
 * LAW: labour-contract-law@2012 40, 47, 82, 87, 97
 * LAW: labour-contract-regulation@2008 6, 7, 20, 25, 27
 */
#ifndef LAW_SEVERANCE_H
#define LAW_SEVERANCE_H

#include "law/bill.h"

enum severance_kind {
    SEVERANCE_COMPENSATION, /* N: a month's wage for each year of service */
    SEVERANCE_NOTICE,       /* N and a month's wage in place of the notice of thirty days */
    SEVERANCE_DAMAGES,      /* 2N, for an unlawful ending */
    SEVERANCE_DOUBLE,       /* the second wage of months without a written contract */
};

struct severance_ask {
    enum severance_kind kind;
    Money wage;      /* average of the twelve months before the end; for DOUBLE the month's wage */
    Money last_wage; /* of the month before, for NOTICE */
    Date first;      /* first and last day of employment, both counted */
    Date last;
    Date written;     /* day of the written contract; DATE_NONE for never; for DOUBLE */
    Str place;        /* division of the employer; "" for unknown */
    Money local_wage; /* monthly average wage there the year before, as the user states it; or -1 */
};

/* Parts "compensation", "damages", "notice", "double". Years: six months and more are a year, less
 * is half a month. Above three times the local average the wage is that, for at most twelve years;
 * without a local figure the cap is not judged and a notice says so. Service before 2008-01-01 is
 * left out of N, and said. E_INPUT "claim-amount",
 * "claim-dates" (also for an end before the law of 2008). */
enum status severance_compute(struct cx *cx, const struct law_tables *tables,
                              const struct severance_ask *ask, struct bill *out);

#endif

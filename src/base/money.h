/* base/money.h - amounts of renminbi as whole fen. No floating point touches money. */
#ifndef BASE_MONEY_H
#define BASE_MONEY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"

typedef int64_t Money; /* fen */

/* 10^15 yuan: more than any claim, far from overflow when multiplied by a rate in ppm. */
#define MONEY_MAX_FEN INT64_C(100000000000000000)

/* "50,000.00" with grouping; "-" in front of a negative amount. */
Str money_format(struct arena *arena, Money amount);
/* "50000", "50,000.5", "５００００元"; blanks and full-width digits welcome. false unless an amount
 * of at most two decimals within +-MONEY_MAX_FEN. */
bool money_parse(struct arena *arena, Str text, Money *out);
/* In capitals, 伍万元整. LAW: 支付结算办法附一 (银发〔1997〕393号). Amounts of 0 to below 10^16
 * yuan. */
Str money_capitals(struct arena *arena, Money amount);

#endif

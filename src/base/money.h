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
/* "50000", "50,000.5", "５００００元", "¥5万"; blanks and full-width digits welcome. Commas, when
 * there are any, must stand every three digits. false unless a whole number of fen within
 * +-MONEY_MAX_FEN. */
bool money_parse(struct arena *arena, Str text, Money *out);
/* In capitals, 伍万元整. LAW: 支付结算办法附一 (银发〔1997〕393号). Amounts of 0 to below 10^16
 * yuan. */
Str money_capitals(struct arena *arena, Money amount);

enum capitals {
    CAPITALS_GOOD,       /* by the rule; 零 where the rule leaves it open may stand or not */
    CAPITALS_LOOSE,      /* readable, but not by the rule: 壹万壹元整, 伍万元 without 整 */
    CAPITALS_ORDINARY,   /* readable, but with 一二三, 两, 廿: not capital digits */
    CAPITALS_UNREADABLE, /* no amount */
};

/* Reads capitals back, to compare them with a number. Blanks, 人民币 in front, 圆 for 元, 正 for 整
 * and the traditional 貳 參 陸 億 萬 are welcome. *out is set unless CAPITALS_UNREADABLE. */
enum capitals money_read_capitals(struct arena *arena, Str text, Money *out);

#endif

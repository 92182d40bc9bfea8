/* law/ratio.h - exact fractions of fen, rounded once, at the end, half up.
 *
 * (1) den > 0 and the fraction is in lowest terms. (2) Numerators are 128 bits wide: an amount up
 * to MONEY_MAX_FEN times a rate in ppm times 100,000 days fits; check() guards the rest.
 */
#ifndef LAW_RATIO_H
#define LAW_RATIO_H

#include "base/money.h"

__extension__ typedef __int128 Wide;

struct ratio {
    Wide num;
    Wide den;
};

struct ratio ratio_of(Money fen);
struct ratio ratio_times(struct ratio a, int64_t num, int64_t den); /* den > 0 */
struct ratio ratio_add(struct ratio a, struct ratio b);
struct ratio ratio_less(struct ratio a, struct ratio b); /* a - b */
int ratio_compare(struct ratio a, struct ratio b);       /* <0 0 >0 */
/* Half up, away from zero for negative amounts. */
Money ratio_round(struct ratio a);
/* In yuan with all its decimals, at most 8: "469.1356"; "16.66666666…" when it does not end. */
Str ratio_yuan(struct arena *arena, struct ratio a);

#endif

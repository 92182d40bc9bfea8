/* law/interest.h - interest: agreed, by the loan prime rate, capped for private lending, and
 * doubled for delayed performance.
 *
 * (1) Days run from a date to a date: the first counts, the last does not (end - start).
 * (2) Sums are exact and rounded once, half up, at the end of a claim; a line shows its exact yuan
 *     and its rounded amount.
 * (3) A rate that the tables do not hold is refused, never guessed; one that may have been
 *     superseded is used and said to be the last known.
 */
#ifndef LAW_INTEREST_H
#define LAW_INTEREST_H

#include "base/value.h"
#include "law/tables.h"

struct interest_answer {
    Money interest;
    int64_t days;
    bool uncertain; /* a rate was the last known one, a year or more old */
    struct value *working;
    /* The claim line by line, for both sides to run again: {"from","to": first and last day that
     * counts,"principal": fen,"rate": per cent a year,"days","year_days","amount","sum","law"}. The
     * sum is the exact sum so far, rounded; the amount what it grew by, so that lines add up. */
    struct value *sheet;
};

struct interest_ask {
    Money principal;
    int64_t ppm; /* a year: 3.00 % is 30000. For interest_lpr: of the rate, 1.5 times is 1500000 */
    Date from;
    Date to;
    int year_days; /* 360 or 365: from the contract or the judgment */
};

/* principal x rate x days / year_days. All fail with E_INPUT: "interest-dates" when to is before
 * from or either is outside 1990 to 2200, "interest-amount" for an amount below 0 or a result
 * beyond MONEY_MAX_FEN, "interest-rate" for a rate below 0 or above 1000 %, "interest-year" for
 * another base. */
enum status interest_agreed(struct cx *cx, const struct law_tables *tables,
                            const struct interest_ask *ask, struct interest_answer *out);

/* By the one-year LPR, floating: each quote from its own day on. E_INPUT "rate-unknown" for a day
 * before the first quote in the tables, and when there are none. */
enum status interest_lpr(struct cx *cx, const struct law_tables *tables,
                         const struct interest_ask *ask, struct interest_answer *out);

/* Private lending: the agreed rate as far as a court supports it. Contract before 2020-08-20: 24 %
 * to 2020-08-19, then, when sued later, four times the LPR at the time of suing. Contract since:
 * four times the LPR of the contract's day. Not for licensed lenders.
 * LAW: private-lending-rules@2020 1, 25, 31 */
enum status interest_lending(struct cx *cx, const struct law_tables *tables,
                             const struct interest_ask *ask, Date contract, Date sued,
                             struct interest_answer *out);

enum interest_way { INTEREST_BY_AGREEMENT, INTEREST_BY_LPR, INTEREST_BY_LENDING };

/* Several stretches as one claim, rounded once at its end: what interest_agreed(), interest_lpr()
 * and interest_lending() say of each, one after the other. contract and sued are for lending alone.
 * Their failures; "interest-dates" also when a stretch begins before the last one ended. */
enum status interest_stretches(struct cx *cx, const struct law_tables *tables,
                               enum interest_way way, const struct interest_ask *asks, int count,
                               Date contract, Date sued, struct interest_answer *out);

struct interest_payment {
    Date date;
    Money amount; /* towards the debt itself */
};

struct interest_pause {
    Date from; /* first and last day on which nothing is counted */
    Date to;
};

struct interest_delay {
    Money debt; /* fixed by the instrument, general interest left out */
    Date due;   /* last day of the performance period; the day of effect when none is stated */
    Date end;   /* full payment, deduction or transfer; counted */
    const struct interest_payment *payments; /* by date, before end */
    int payment_count;
    const struct interest_pause *pauses; /* suspended or deferred not at the debtor's wish */
    int pause_count;
};

/* unpaid debt x 0.000175 x days. Further failures: "interest-before-2014" for a period before the
 * rule; "interest-payments" when payments are out of order or exceed the debt.
 * LAW: delayed-performance-interest@2014 1-4 */
enum status interest_delayed(struct cx *cx, const struct law_tables *tables,
                             const struct interest_delay *ask, struct interest_answer *out);

/* The one-year LPR in force on a day; NULL when the tables hold none. */
const struct rate *interest_lpr_on(const struct law_tables *tables, Date date);

/* {"interest":FEN,"days":N,"uncertain":false,"working":[],"sheet":[]} */
struct value *interest_value(struct arena *arena, const struct interest_answer *answer);

#endif

/* law/bill.h - a claim that is a sum of parts, each rounded once, with its working.
 *
 * What the calculators of claims answer with, so that one page and one JSON shape show them all.
 * (1) A part is a whole number of fen; its exact value stands in the working. (2) What could not be
 * judged is a notice, in words: a bill never fills a gap with a number of its own.
 */
#ifndef LAW_BILL_H
#define LAW_BILL_H

#include "law/ratio.h"
#include "law/working.h"

struct bill {
    struct cx *cx;
    struct working working;
    struct value *parts;
    struct value *notices;
    struct value *sheet; /* line by line, where interest is in it */
    Money total;
};

void bill_begin(struct bill *bill, struct cx *cx);
/* Adds a part and a line of working whose text is the exact amount. E_INPUT "claim-amount" when it
 * is below 0 or the total leaves the range of money. title, rule and law live as long as the cx. */
enum status bill_part(struct bill *bill, const char *name, const char *title, const char *rule,
                      const char *law, struct ratio amount);
/* A part whose working was already given. Same failures. */
enum status bill_sum(struct bill *bill, const char *name, const char *title, Money amount);
void bill_notice(struct bill *bill, const char *text);
/* Takes over the working of another answer, without the version of the tables at its end. */
void bill_working(struct bill *bill, const struct value *lines, const struct law_tables *tables);
/* The amount of a part; -1 when the bill has no such part. */
Money bill_amount(const struct bill *bill, const char *name);
/* {"total":FEN,"parts":[{"name","title","amount"}],"notices":[…],"working":[…],"sheet":[…]} */
struct value *bill_value(const struct bill *bill);

/* E_INPUT "claim-amount" for an amount below 0 or beyond MONEY_MAX_FEN. */
enum status bill_check_amount(struct cx *cx, const char *what, Money amount);
/* The same of what was computed: asked before it is rounded, which takes only what fits. */
enum status bill_check_ratio(struct cx *cx, const char *what, struct ratio amount);
/* E_INPUT "claim-dates" when to is before from, or either is outside 1950 to 2200. */
enum status bill_check_dates(struct cx *cx, Date from, Date to);
/* Whole months from the first to the last day, both counted: 2025-01-01 to 2025-01-31 is one. */
int bill_months(Date first, Date last);

#endif

/* law/fee.h - litigation fees, with every bracket shown.
 *
 * Computed as exact fractions in the order base, one halving, aid, rounding: once, at the end, half
 * up, to the fen (or to the yuan, where a court does so: the Measures say nothing of rounding).
 * (1) Halving happens at most once, however many grounds there are.
 * (2) Where a province may choose within a range and the tables hold no choice of it, the lower end
 *     is taken and the working says that it is an estimate.
 * (3) The bill shown to a party and the tests come from these same functions.
 * LAW: litigation-fee-measures@2007; civil-procedure-interpretation@2022 194-207
 */
#ifndef LAW_FEE_H
#define LAW_FEE_H

#include "base/value.h"
#include "law/ratio.h"
#include "law/tables.h"

enum fee_kind {
    FEE_PROPERTY,
    FEE_DIVORCE,
    FEE_PERSONALITY,
    FEE_OTHER,
    FEE_IP,
    FEE_LABOUR,
    FEE_ADMINISTRATIVE,
    FEE_ADMINISTRATIVE_IP, /* trademark, patent and maritime administrative cases */
    FEE_ADMINISTRATIVE_COMPENSATION,
    FEE_JURISDICTION_OBJECTION,
    FEE_ENFORCEMENT,
    FEE_PRESERVATION,
    FEE_PAYMENT_ORDER,
    FEE_PUBLIC_SUMMONS,
    FEE_ARBITRATION, /* setting aside an award, validity of the agreement */
    FEE_BANKRUPTCY,
    FEE_SPECIAL, /* special procedures, judicial confirmation: free */
    FEE_LIMITATION_FUND,
    FEE_MARITIME_INJUNCTION,
    FEE_SHIP_PRIORITY,
    FEE_MARITIME_CLAIMS,
    FEE_GENERAL_AVERAGE,
};

enum fee_early { FEE_EARLY_NONE, FEE_EARLY_PERFORMED, FEE_EARLY_CONFIRMED, FEE_EARLY_DOCUMENT };

enum fee_aid { FEE_AID_NONE, FEE_AID_EXEMPT, FEE_AID_REDUCE, FEE_AID_DEFER };

struct fee_ask {
    enum fee_kind kind;
    bool has_amount;
    Money amount;  /* the sum of all property claims; damages; the estate; what is preserved */
    Str province;  /* one character; "" when not known */
    bool has_base; /* base is given: within the legal range */
    Money base;
    /* grounds of halving */
    bool summary;
    bool mediated;
    bool withdrawn;
    bool counterclaim;
    bool independent_third;
    enum fee_early early; /* result of mediation before filing */
    bool objection_free;  /* the objection to jurisdiction was upheld, withdrawn, or on appeal */
    enum fee_aid aid;
    int aid_percent;   /* of a reduction, 30 to 99 */
    bool organisation; /* the payer is no natural person: no exemption */
    bool to_the_yuan;
};

struct fee_answer {
    Money fee;          /* payable now */
    struct ratio exact; /* before rounding */
    struct value *working;
};

bool fee_kind_parse(Str text, enum fee_kind *out); /* "jurisdiction-objection" */
const char *fee_kind_name(enum fee_kind kind);
const char *fee_kind_title(enum fee_kind kind); /* 财产案件受理费 */
/* The kind of a civil case of first instance, by its cause (our code): a dispute over property
 * without an amount pays as other cases do. */
enum fee_kind fee_kind_of_cause(Str cause, bool has_amount);

/* E_INPUT: "fee-amount" below 0 or beyond MONEY_MAX_FEN, "fee-amount-missing" where the kind needs
 * one, "fee-base-range", "fee-aid-percent", "fee-aid-natural-person". */
enum status fee_compute(struct cx *cx, const struct law_tables *tables, const struct fee_ask *ask,
                        struct fee_answer *out);

/* The claim changes from one amount to ask->amount: positive to be supplemented, negative to be
 * refunded. LAW: litigation-fee-measures@2007 21 */
enum status fee_change(struct cx *cx, const struct law_tables *tables, const struct fee_ask *ask,
                       Money from, struct fee_answer *out);
/* Summary becomes ordinary procedure: full less half. LAW: civil-procedure-interpretation@2022 199
 */
enum status fee_conversion(struct cx *cx, const struct law_tables *tables,
                           const struct fee_ask *ask, struct fee_answer *out);
/* A payment order lapses and the claim goes on as a suit: the full fee less what the order cost.
 * LAW: civil-procedure-interpretation@2022 195 */
enum status fee_after_payment_order(struct cx *cx, const struct law_tables *tables,
                                    const struct fee_ask *ask, struct fee_answer *out);

/* Splits a fee by how much of the claim was won (ppm): the plaintiff bears the lost part. The parts
 * add up to the fee. LAW: litigation-fee-measures@2007 29 */
void fee_split(Money fee, int64_t won_ppm, Money *plaintiff, Money *defendant);

/* {"fee":FEN,"working":[…]} */
struct value *fee_value(struct arena *arena, const struct fee_answer *answer);

#endif

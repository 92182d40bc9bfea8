/* law/jurisdiction.h - which courts may hear a civil case, and why.
 *
 * An adviser: the program warns, the judge of the filing division decides.
 * (1) An exclusive rule stands alone: no other place and no agreement matters.
 * (2) Each candidate names the rule and place that produced it; a court stands there once.
 * (3) A place that a rule asks for and nobody has given is told in the working, not guessed.
 * LAW: civil-procedure-law@2023 18-40; civil-procedure-interpretation@2022 3-42
 */
#ifndef LAW_JURISDICTION_H
#define LAW_JURISDICTION_H

#include "base/value.h"
#include "law/tables.h"

/* Places besides the parties' own, as division codes. */
enum jurisdiction_place {
    PLACE_IMMOVABLE,   /* where the land or building is */
    PLACE_ESTATE,      /* the deceased's domicile at death, or the main estate */
    PLACE_PERFORMANCE, /* of the contract, as agreed or done */
    PLACE_USE,         /* of a leased thing */
    PLACE_RECEIPT,     /* of goods bought online */
    PLACE_TORT,        /* act or result */
    PLACE_ACCIDENT,
    PLACE_INSURED, /* of the insured object */
    PLACE_PAYMENT, /* of a bill */
    PLACE_COMPANY, /* the company's domicile */
    PLACE_ORIGIN,
    PLACE_DESTINATION,
    PLACE_COUNT,
};

struct jurisdiction_ask {
    Str cause;             /* code, number or full name; "" when not known */
    const Str *plaintiffs; /* division codes; "" entries are passed over */
    int plaintiff_count;
    const Str *defendants;
    int defendant_count;
    bool has_amount;
    Money amount;
    bool foreign;         /* foreign, Hong Kong, Macao or Taiwan element */
    bool money_claim;     /* of a contract: the receiving side is the place of performance */
    bool plaintiff_place; /* a ground of CPL 23 or of the interpretation's 9 or 12 */
    Str agreed;           /* code of the court agreed in writing, "" for none */
    Str places[PLACE_COUNT];
};

struct jurisdiction_candidate {
    const struct court *court;
    const char *rule; /* id: general contract tort exclusive-immovable agreed … */
    const char *law;
    const char *reason; /* plain Chinese */
    Str division;
};

enum { JURISDICTION_CANDIDATES_MAX = 32 };

struct jurisdiction_answer {
    struct jurisdiction_candidate candidates[JURISDICTION_CANDIDATES_MAX];
    int count;
    bool exclusive;
    struct value *working;
};

/* The level that hears the case at first instance. crossing: exactly one side lives outside the
 * court's province. province: first two digits of the division code. No amount: basic.
 * LAW: jurisdiction-level-notice@2021 1-2; jurisdiction-level-notice@2019; foreign-jurisdiction-
 * rules@2022 2-3 */
enum court_level jurisdiction_level(Money amount, bool crossing, bool foreign, Str province);

void jurisdiction_find(struct arena *arena, const struct law_tables *tables,
                       const struct jurisdiction_ask *ask, struct jurisdiction_answer *out);

enum jurisdiction_fit { FIT_YES, FIT_NO, FIT_UNKNOWN };

/* Whether a court is among the candidates; a tribunal counts as its parent. FIT_UNKNOWN when there
 * are no candidates, the court is not in the tables, or it is a special court. */
enum jurisdiction_fit jurisdiction_fits(const struct law_tables *tables,
                                        const struct jurisdiction_answer *answer, Str court);

/* {"courts":[{"code","name","level","rule","law","reason"}],"exclusive","working":[]} */
struct value *jurisdiction_value(struct arena *arena, const struct jurisdiction_answer *answer);

#endif

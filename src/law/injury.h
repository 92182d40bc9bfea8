/* law/injury.h - what is owed for an injury or a death (人身损害赔偿), head by head, and who bears
 * it after an accident on the road.
 *
 * (1) Money paid is taken as it is given; what the law counts - days, years, shares - is counted
 * here, exactly. (2) Income, spending and wages are those of the court's province, special zone or
 * city planned apart for the year before the end of the oral argument; where the table has none the
 * head is left out and told in notices and `missing`: no figure is made up. (3) The heads that go
 * by the income of townspeople are computed for harm from 2022-05-01 on, when town and country
 * became one. LAW: personal-injury-interpretation@2022 6 to 18, 22 to 24; civil-code@2020 1179,
 * 1183, 1213
 */
#ifndef LAW_INJURY_H
#define LAW_INJURY_H

#include "law/bill.h"
#include "law/dependant.h"

/* Taken as given, each with its article. */
enum injury_given {
    INJURY_MEDICAL,
    INJURY_FOLLOW_UP, /* treatment still to come that is certain by a medical opinion */
    INJURY_TRANSPORT,
    INJURY_LODGING, /* away from home, when no bed was to be had */
    INJURY_AIDS,
    INJURY_MENTAL,
    INJURY_PROPERTY,
    INJURY_GIVEN,
};

/* So much a day. */
enum injury_daily { INJURY_NURSING, INJURY_MEALS, INJURY_NUTRITION, INJURY_DAILY };

enum injury_lost {
    INJURY_LOST_NONE,
    INJURY_LOST_FIXED,   /* lost_income: what the fixed income fell short by, in all */
    INJURY_LOST_AVERAGE, /* lost_income: of the last three years together */
    INJURY_LOST_TRADE,   /* lost_income: yearly average wage of the trade */
};

enum injury_outcome { INJURY_HEALED, INJURY_DISABLED, INJURY_DEAD };

enum injury_cover {
    INJURY_NO_COVER,        /* no compulsory insurance in it */
    INJURY_COVER_LIABLE,    /* the insured bears some responsibility */
    INJURY_COVER_BLAMELESS, /* or none */
};

/* The compulsory insurance has a limit for each. */
enum injury_limit { INJURY_LIMIT_MEDICAL, INJURY_LIMIT_BODY, INJURY_LIMIT_PROPERTY, INJURY_LIMITS };

struct injury_daily_ask {
    int days;
    int people; /* of nursing; else 1 */
    Money a_day;
};

struct injury_ask {
    Date harmed;
    int year;                     /* of the figures: the one before the end of the oral argument */
    Str court;                    /* division of the court; "" for unknown */
    Str home;                     /* where the claimant lives; "" when it is not to be compared */
    Money income, spending, wage; /* as the user states them, of that year; -1: by the table */
    Money given[INJURY_GIVEN];
    struct injury_daily_ask daily[INJURY_DAILY];
    int care_years; /* of nursing after the disability was fixed; 0: none */
    Money care_year;
    int care_percent;
    enum injury_lost lost;
    Money lost_income;
    Date lost_from, lost_to; /* both counted; DATE_NONE when nothing is lost */
    enum injury_outcome outcome;
    Date born;
    Date fixed; /* the day when the disability was fixed, or of death */
    int grade;  /* 1 to 10, the gravest of several */
    int added;  /* per cent more for the others, as the place has it */
    const struct dependant *dependants;
    int dependant_count;
    enum injury_cover cover;
    int fault;         /* per cent that the other side bears */
    bool mental_first; /* of the insurance; LAW: traffic-accident-interpretation@2020 13 */
    Money others[INJURY_LIMITS]; /* lost by the other victims of the same accident, all together */
    Money commercial;            /* limit of the commercial insurance; 0: none */
    Money paid;                  /* in advance, by the other side */
};

struct injury_answer {
    struct bill bill;      /* a part for each head; total: the loss as a whole */
    struct value *missing; /* [{"table","figure","place","year"}] */
    struct value *borne;   /* [{"name","title","amount"}]: insurance, liable, own */
    Money due;             /* from the other side and its insurers, what was paid taken off */
};

/* E_INPUT "claim-amount", "claim-dates", "claim-rate" for a percentage outside 0 to 100,
 * "claim-count" for days, people or years that cannot be, "injury-grade" for a grade outside 1 to
 * 10. */
enum status injury_compute(struct cx *cx, const struct law_tables *tables,
                           const struct injury_ask *ask, struct injury_answer *out);
/* bill_value() with "year", "missing", "borne" and "due". */
struct value *injury_value(const struct injury_ask *ask, const struct injury_answer *answer);

#endif

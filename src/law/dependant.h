/* law/dependant.h - living costs of those whom the injured or dead person had to support
 * (被扶养人生活费).
 *
 * Each has a term and a share; what all of them get for a year together never exceeds the yearly
 * spending of townspeople, so the time is cut wherever a term ends. LAW:
 * personal-injury-interpretation@2022 16, 17
 */
#ifndef LAW_DEPENDANT_H
#define LAW_DEPENDANT_H

#include "law/bill.h"

/* No place's yearly figure comes near it; what is exact stays within its bounds. */
#define DEPENDANT_FIGURE_MAX INT64_C(1000000000000)

enum { DEPENDANTS_MAX = 20, SUPPORTERS_MAX = 10 };

struct dependant {
    Date born;
    int supporters; /* all who owe support, the injured or dead person among them */
};

struct dependants_ask {
    const struct dependant *list; /* a minor by his age on `from`; else without work or means */
    int count;
    Date from;      /* the day when the disability was fixed, or of death */
    int percent;    /* of the ability to work that is lost; 100 on death */
    Money spending; /* a year */
};

/* Twenty years; from sixty on one less for each year of age; from seventy-five on five. */
int injury_years(int age);

/* Part "dependants". A minor's term runs to his eighteenth birthday: full months, of twelve to the
 * year, and what is left in days, of 365. E_INPUT "claim-dates" for one born after `from` (a child
 * not yet born has no claim of its own yet), "claim-count" for supporters outside 1 to 10 or more
 * than 20 dependants; "claim-amount". */
enum status dependants_add(struct bill *bill, const struct dependants_ask *ask);

#endif

/* law/outage.h - a period of a party whose last day fell on an outage of the platform.
 *
 * The law knows no extension by itself: whoever was kept from acting asks for it within ten days
 * after the obstacle has ended, and the court decides. What the program does on its own is less: it
 * lets no period of a party lapse on a day on which he could not use what he needed. The last day
 * becomes the first working day after the one on which it worked again; as often as that happens.
 * (1) An outage touches a last day when it lasted for any moment of it, up to the period's end. One
 * that ended before the day began, or began behind its end, does not. (2) Periods in hours and
 * minutes are left alone. (3) One that lasts still counts as over today: the end is judged anew
 * when that has come. (4) Planned and unplanned count alike. LAW:
 * civil-procedure-law@2023 86; platform@2026 outage
 */
#ifndef LAW_OUTAGE_H
#define LAW_OUTAGE_H

#include "law/period.h"

struct outage_span {
    Instant since;
    Instant until; /* not included; 0: lasts still */
    Str title;     /* what did not work: "提交和办理" */
};

/* Moves answer->due and day, and adds the steps to its working; nothing changes when no span
 * touches the last day. *moved tells. The spans may come in any order and overlap. */
enum status outage_prolong(struct cx *cx, const struct law_tables *tables,
                           const struct outage_span *spans, uint32_t count, enum period_unit unit,
                           Date today, struct period_answer *answer, bool *moved);
/* The last day on which an extension can be asked for after an obstacle that ended on `ended`.
 * LAW: civil-procedure-law@2023 85, 86 */
enum status outage_ask_until(struct cx *cx, const struct law_tables *tables, Date ended, Date *out);

#endif

/* law/period.h - when a period ends.
 *
 * The hour or day of the event is not counted; months and years end on the corresponding day, or on
 * the month's last; rest days inside are counted; a last day that is a rest day as arranged rolls
 * to the first working day. A last day counts to 23:59:59 Beijing time.
 * (1) PERIOD_LAW counts so; PERIOD_PLAIN does not roll, and counts hours and minutes from the very
 *     instant (service clocks, seizure terms).
 * (2) Working minutes are those of the named court's own hours; working days need no court, but for
 *     a length of 0: on the spot, the working day on which the court is, or is next, open.
 * (3) uncertain: a day was judged in a year whose arrangement is not in the tables; Monday to
 *     Friday was counted.
 * LAW: civil-procedure-law@2023 85; civil-procedure-interpretation@2022 125; civil-code@2020
 * 200-204
 */
#ifndef LAW_PERIOD_H
#define LAW_PERIOD_H

#include "base/value.h"
#include "law/tables.h"

enum period_unit {
    PERIOD_MINUTES,
    PERIOD_WORKING_MINUTES,
    PERIOD_HOURS,
    PERIOD_DAYS,
    PERIOD_WORKING_DAYS,
    PERIOD_MONTHS,
    PERIOD_YEARS,
};

enum period_count { PERIOD_LAW, PERIOD_PLAIN };

struct period_rule {
    enum period_unit unit;
    int64_t length;
    enum period_count count;
    Str court;       /* code whose hours count; "" for the national default */
    const char *law; /* source of the length, or NULL: shown in the working */
};

struct period_answer {
    Instant due;
    Date day; /* the day due falls on */
    bool uncertain;
    struct value *working;
};

/* "30 working-minutes", "7 days", "1 month": fills unit and length only. */
bool period_parse(Str text, struct period_rule *rule);
bool period_unit_parse(Str text, enum period_unit *out); /* singular or plural */
const char *period_unit_name(enum period_unit unit);     /* "working-days", as in definitions */
const char *period_unit_title(enum period_unit unit);    /* "个工作日" */

/* When a period that starts with an event at `start` ends. E_INPUT "period-length" for a length
 * below 0 or beyond a century, "date-out-of-range" for a start outside 1900 to 2200; E_READ
 * "hours-empty" when the court's hours hold no open minute. */
enum status period_due(struct cx *cx, const struct law_tables *tables,
                       const struct period_rule *rule, Instant start, struct period_answer *out);
/* The same from a day, for units of days and longer. */
enum status period_due_from(struct cx *cx, const struct law_tables *tables,
                            const struct period_rule *rule, Date start, struct period_answer *out);

/* {"due":"2026-03-09","uncertain":false,"working":[]} */
struct value *period_value(struct arena *arena, const struct period_answer *answer);

/* The last day of a seizure of n years from a day: the day before the anniversary, never rolled.
 * The printed date governs; this is the safe side when none is printed. LAW: platform@2026 */
Date period_seizure_end(Date from, int years);
/* The latest day for what must be done `days` before a day ("三日前"): no rolling. */
Date period_before(Date day, int days);

#endif

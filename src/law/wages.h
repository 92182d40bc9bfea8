/* law/wages.h - what an employer still owes for work done: months not paid in full, overtime,
 * annual leave that was due and not taken.
 *
 * A day's wage is a month's by 21.75, an hour's by 21.75 x 8. Overtime that rest was given for, and
 * leave that the worker gave up in writing, are left to the court.
 * LAW: labour-law@2018 44, 50; annual-leave-measures@2008 10, 11; wage-conversion-notice@2025 2
 */
#ifndef LAW_WAGES_H
#define LAW_WAGES_H

#include "law/bill.h"

enum { WAGES_MONTHS_MAX = 240, WAGES_HOUR = 10000 };

struct wages_month {
    int month; /* year x 12 + month - 1 */
    Money due;
    Money paid;
};

enum wages_overtime { OVERTIME_WORKDAY, OVERTIME_REST_DAY, OVERTIME_HOLIDAY, OVERTIME_KINDS };

struct wages_ask {
    const struct wages_month *months; /* one after the other in time, none twice */
    int month_count;
    Money overtime_wage;           /* of a month: what overtime is counted on */
    int64_t hours[OVERTIME_KINDS]; /* in 1 / WAGES_HOUR of an hour: 1.5 hours are 15000 */
    Money overtime_paid;
    Money leave_wage; /* of a month: average of the twelve before, without overtime */
    int leave_days;   /* due and not taken */
};

/* "2025-10"; false when it is no month of 1950 to 2200. */
bool wages_month_parse(Str text, int *out);
/* "2025年10月" */
const char *wages_month_text(struct arena *arena, int month);

/* Parts "arrears", "overtime", "leave": those that something is said of. Overtime 150, 200 and
 * 300 per cent; of the 300 per cent for leave the wage of ordinary work, 100, was paid and is left
 * out. E_INPUT "claim-amount" (also for a month paid beyond what was due), "claim-dates" for months
 * out of order, "claim-days" for hours or days that cannot be. */
enum status wages_compute(struct cx *cx, const struct law_tables *tables,
                          const struct wages_ask *ask, struct bill *out);

#endif

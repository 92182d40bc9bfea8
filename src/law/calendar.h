/* law/calendar.h - which days are rest days, as arranged.
 *
 * Saturday and Sunday rest unless arranged as working days; arranged days off rest. Outside the
 * years that tables cover, Monday to Friday is counted and the answer is uncertain.
 */
#ifndef LAW_CALENDAR_H
#define LAW_CALENDAR_H

#include "law/tables.h"

/* LAW: holiday-measures@2024; the yearly notices of the State Council on arranged days. */
bool calendar_is_rest(const struct law_tables *tables, Date date);
/* The tables have no arrangement for the year of this day. */
bool calendar_is_uncertain(const struct law_tables *tables, Date date);
/* "春节", "星期六", "调休上班"; "" for an ordinary working day. */
Str calendar_day_name(const struct law_tables *tables, Date date);
/* The first working day on or after date. *uncertain is set, never cleared. */
Date calendar_work_day(const struct law_tables *tables, Date date, bool *uncertain);

#endif

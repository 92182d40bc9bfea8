/* law/hours.h - when a court is open.
 *
 * Hours are those of the court, else of its province, else the national default of the table, else
 * Monday to Friday 09:00-12:00 13:30-17:30. They apply on working days as arranged.
 * (1) am_start <= am_end <= pm_start <= pm_end; an empty half has start == end.
 * (2) A row for one day alone comes before all others, the nearest first, whatever the calendar
 * says: a local holiday is such a row of a province with empty hours. (3) Else of one court (or
 * province, or the nation) the latest valid_from that has come holds, of one day the row of the
 * weekday before that of every day. (4) A row for Saturdays or Sundays opens those that the
 * calendar does not name a holiday.
 */
#ifndef LAW_HOURS_H
#define LAW_HOURS_H

#include "base/value.h"
#include "law/tables.h"

/* The hours of a court on a day, be it one of rest or not. A tribunal ("京0105-01") falls back on
 * its parent's row. */
struct court_hours hours_of(const struct law_tables *tables, Str court, Date date);
/* Whether it opens at all on that day, as arranged; *out are the hours. */
bool hours_opens_on(const struct law_tables *tables, Str court, Date date, struct court_hours *out);
/* "周一至周四 09:00–12:00 13:30–17:30，周五 09:00–12:00；12月24日休息": an ordinary week as it is
 * from `date` on, and the days of the next fortnight that have hours of their own. */
Str hours_week_text(struct arena *arena, const struct law_tables *tables, Str court, Date date);
/* The same tables with this row, in the place of one for the same court, day and weekday: to see
 * what it would change. Shares everything else. */
struct law_tables hours_tables_with(struct arena *arena, const struct law_tables *tables,
                                    const struct court_hours *row);
/* The text of a table with this row of a court in it, in the place of one for the same court, day
 * and weekday; source says who entered it. Columns that the text has keep their places. E_READ
 * "data-unreadable" when the text is no table. */
enum status hours_table_with(struct cx *cx, Str csv, const struct court_hours *row, Str source,
                             Str *out);

/* "09:00–12:00 13:30–17:30" */
Str hours_text(struct arena *arena, const struct court_hours *hours);
bool hours_is_open(const struct law_tables *tables, Str court, Instant at);
/* The rest of the open half-day that `at` lies in, or the next one: from >= at, to > from.
 * *uncertain is set when a day was judged without a calendar. false when no day within four months
 * is open: the table's hours are empty. */
bool hours_next_span(const struct law_tables *tables, Str court, Instant at, Instant *from,
                     Instant *to, bool *uncertain);
/* Milliseconds between two instants in which the court is open; 0 unless to > from. What a response
 * took is measured so, as its limit is counted. */
int64_t hours_between(const struct law_tables *tables, Str court, Instant from, Instant to);
/* {"open":true,"text":"周一至周五 09:00–12:00 13:30–17:30","opens_at":null}: opens_at is the next
 * opening when closed. */
struct value *hours_value(struct arena *arena, const struct law_tables *tables, Str court,
                          Instant now);

#endif

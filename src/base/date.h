/* base/date.h - days and instants in Beijing time (UTC+8, no summer time).
 *
 * Date is days since 1970-01-01 of the calendar in Beijing; Instant is UTC milliseconds since then.
 * Pure arithmetic: nothing here reads a clock.
 */
#ifndef BASE_DATE_H
#define BASE_DATE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"

typedef int32_t Date;    /* days since 1970-01-01 */
typedef int64_t Instant; /* milliseconds since 1970-01-01T00:00Z */

#define DATE_NONE INT32_MIN
#define DAY_MS    INT64_C(86400000)
#define HOUR_MS   INT64_C(3600000)
#define MINUTE_MS INT64_C(60000)

struct day {
    int year;
    int month; /* 1 to 12 */
    int day;   /* 1 to 31 */
};

Date date_of(int year, int month, int day); /* DATE_NONE when there is no such day in 1..9999 */
struct day date_split(Date date);
int date_weekday(Date date); /* 1 Monday to 7 Sunday */
/* The same day, or the month's last; DATE_NONE outside the years 1..9999. LAW: civil-code 202. */
Date date_add_months(Date date, int months);
bool date_parse(Str text, Date *out);             /* YYYY-MM-DD, nothing else */
Str date_format(struct arena *arena, Date date);  /* YYYY-MM-DD */
Str date_chinese(struct arena *arena, Date date); /* 2026年3月2日 */

Date instant_date(Instant at);         /* the day in Beijing */
int instant_minute_of_day(Instant at); /* 0 to 1439, in Beijing */
Instant date_start(Date date);         /* its 00:00 in Beijing */
Instant date_end(Date date);           /* its 23:59:59 in Beijing, to the second as shown */

enum { INSTANT_BYTES = 25 };

void instant_write(char out[INSTANT_BYTES + 1], Instant at); /* 2026-11-22T10:00:00+08:00, NUL */
Str instant_format(struct arena *arena, Instant at);         /* the same in the arena */
Str instant_chinese(struct arena *arena, Instant at);        /* 2026年3月2日10:20 */
/* As one says it at `now`: 10:20 of the same day in Beijing, 3月3日09:00 of the same year, else
 * with the year. */
Str instant_spoken(struct arena *arena, Instant at, Instant now);
/* RFC 3339 with any offset, seconds and fraction optional. */
bool instant_parse(Str text, Instant *out);

#endif

/* The day count follows the usual era arithmetic of the proleptic Gregorian calendar: years begin
 * in March, so that the leap day is the last of its year. */
#include "base/date.h"

#include "base/check.h"

#define BEIJING_MS (8 * HOUR_MS)

enum { MONTHS_MAX = 9999 * 12 };

static Date days_of(int year, int month, int day)
{
    int y = month <= 2 ? year - 1 : year;
    int era = (y >= 0 ? y : y - 399) / 400;
    int year_of_era = y - era * 400;
    int day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    int day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * 146097 + day_of_era - 719468;
}

static int month_days(int year, int month)
{
    static const int days[13] = {0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return month == 2 && leap ? 29 : days[month];
}

Date date_of(int year, int month, int day)
{
    if (year < 1 || year > 9999 || month < 1 || month > 12 || day < 1 ||
        day > month_days(year, month)) {
        return DATE_NONE;
    }
    return days_of(year, month, day);
}

struct day date_split(Date date)
{
    check(date != DATE_NONE);
    int z = date + 719468;
    int era = (z >= 0 ? z : z - 146096) / 146097;
    int day_of_era = z - era * 146097;
    int year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int shifted = (5 * day_of_year + 2) / 153;
    int month = shifted + (shifted < 10 ? 3 : -9);
    int year = year_of_era + era * 400 + (month <= 2 ? 1 : 0);
    return (struct day){year, month, day_of_year - (153 * shifted + 2) / 5 + 1};
}

int date_weekday(Date date)
{
    int from_thursday = (int)(((int64_t)date % 7 + 7) % 7); /* 1970-01-01 was a Thursday */
    return (from_thursday + 3) % 7 + 1;
}

Date date_add_months(Date date, int months)
{
    struct day d = date_split(date);
    if (months < -MONTHS_MAX || months > MONTHS_MAX) {
        return DATE_NONE;
    }
    int total = d.year * 12 + d.month - 1 + months;
    if (total < 12) {
        return DATE_NONE; /* before the year 1 */
    }
    int year = total / 12;
    int month = total % 12 + 1;
    int last = month_days(year, month);
    return date_of(year, month, d.day < last ? d.day : last);
}

static bool digits(Str s, size_t from, size_t count, int *out)
{
    int number = 0;
    if (from + count > s.n) {
        return false;
    }
    for (size_t i = from; i < from + count; i++) {
        if (s.p[i] < '0' || s.p[i] > '9') {
            return false;
        }
        number = number * 10 + (s.p[i] - '0');
    }
    *out = number;
    return true;
}

static bool date_head(Str text, Date *out)
{
    int year = 0;
    int month = 0;
    int day = 0;
    if (!digits(text, 0, 4, &year) || !digits(text, 5, 2, &month) || !digits(text, 8, 2, &day) ||
        text.p[4] != '-' || text.p[7] != '-') {
        return false;
    }
    *out = date_of(year, month, day);
    return *out != DATE_NONE;
}

bool date_parse(Str text, Date *out)
{
    Date date = DATE_NONE;
    if (text.n != 10 || !date_head(text, &date)) {
        return false;
    }
    *out = date;
    return true;
}

Str date_format(struct arena *arena, Date date)
{
    struct day d = date_split(date);
    return str_printf(arena, "%04d-%02d-%02d", d.year, d.month, d.day);
}

Str date_chinese(struct arena *arena, Date date)
{
    struct day d = date_split(date);
    return str_printf(arena, "%d年%d月%d日", d.year, d.month, d.day);
}

static int64_t floor_div(int64_t a, int64_t b)
{
    return a / b - (a % b < 0 ? 1 : 0);
}

Date instant_date(Instant at)
{
    return (Date)floor_div(at + BEIJING_MS, DAY_MS);
}

int instant_minute_of_day(Instant at)
{
    int64_t local = at + BEIJING_MS;
    return (int)((local - floor_div(local, DAY_MS) * DAY_MS) / MINUTE_MS);
}

Instant date_start(Date date)
{
    check(date != DATE_NONE);
    return (int64_t)date * DAY_MS - BEIJING_MS;
}

Instant date_end(Date date)
{
    return date_start(date) + DAY_MS - 1000;
}

/* Digits by hand: an answer shows dozens of instants, and printf was a tenth of its cost. */
static void put_digits(char *at, int number, int count)
{
    for (int i = count - 1; i >= 0; i--) {
        at[i] = (char)('0' + number % 10);
        number /= 10;
    }
}

void instant_write(char out[INSTANT_BYTES + 1], Instant at)
{
    struct day d = date_split(instant_date(at));
    int minute = instant_minute_of_day(at);
    int second = (int)((at - floor_div(at, MINUTE_MS) * MINUTE_MS) / 1000);
    memcpy(out, "0000-00-00T00:00:00+08:00", INSTANT_BYTES + 1);
    put_digits(out, d.year, 4);
    put_digits(out + 5, d.month, 2);
    put_digits(out + 8, d.day, 2);
    put_digits(out + 11, minute / 60, 2);
    put_digits(out + 14, minute % 60, 2);
    put_digits(out + 17, second, 2);
}

Str instant_format(struct arena *arena, Instant at)
{
    char *text = arena_room(arena, INSTANT_BYTES + 1);
    instant_write(text, at);
    return (Str){text, INSTANT_BYTES};
}

Str instant_chinese(struct arena *arena, Instant at)
{
    struct day d = date_split(instant_date(at));
    int minute = instant_minute_of_day(at);
    return str_printf(arena, "%d年%d月%d日%02d:%02d", d.year, d.month, d.day, minute / 60,
                      minute % 60);
}

Str instant_spoken(struct arena *arena, Instant at, Instant now)
{
    Date today = instant_date(now);
    struct day day = date_split(instant_date(at));
    int minute = instant_minute_of_day(at);
    if (instant_date(at) == today) {
        return str_printf(arena, "%02d:%02d", minute / 60, minute % 60);
    }
    return day.year != date_split(today).year ? instant_chinese(arena, at)
                                              : str_printf(arena, "%d月%d日%02d:%02d", day.month,
                                                           day.day, minute / 60, minute % 60);
}

/* The offset behind the time, in minutes. */
static bool offset_parse(Str s, size_t at, int *out)
{
    int hours = 0;
    int minutes = 0;
    if (at + 1 == s.n && (s.p[at] == 'Z' || s.p[at] == 'z')) {
        *out = 0;
        return true;
    }
    if (at + 6 != s.n || (s.p[at] != '+' && s.p[at] != '-') || !digits(s, at + 1, 2, &hours) ||
        s.p[at + 3] != ':' || !digits(s, at + 4, 2, &minutes) || hours > 14 || minutes > 59) {
        return false;
    }
    *out = (s.p[at] == '-' ? -1 : 1) * (hours * 60 + minutes);
    return true;
}

bool instant_parse(Str text, Instant *out)
{
    Date date = DATE_NONE;
    int hour = 0;
    int minute = 0;
    int second = 0;
    int milli = 0;
    int offset = 0;
    size_t at = 16;
    bool fraction = false;
    if (text.n < 17 || !date_head(text, &date) ||
        (text.p[10] != 'T' && text.p[10] != 't' && text.p[10] != ' ') ||
        !digits(text, 11, 2, &hour) || text.p[13] != ':' || !digits(text, 14, 2, &minute)) {
        return false;
    }
    if (text.p[at] == ':') {
        if (!digits(text, at + 1, 2, &second)) {
            return false;
        }
        at += 3;
        fraction =
            at + 1 < text.n && text.p[at] == '.' && text.p[at + 1] >= '0' && text.p[at + 1] <= '9';
    }
    if (fraction) {
        int weight = 100;
        for (at++; at < text.n && text.p[at] >= '0' && text.p[at] <= '9'; at++) {
            milli += (text.p[at] - '0') * weight;
            weight /= 10;
        }
    }
    if (hour > 23 || minute > 59 || second > 59 || at >= text.n ||
        !offset_parse(text, at, &offset)) {
        return false;
    }
    *out = (int64_t)date * DAY_MS + hour * HOUR_MS + minute * MINUTE_MS + second * INT64_C(1000) +
           milli - offset * MINUTE_MS;
    return true;
}

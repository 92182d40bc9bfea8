#include "law/hours.h"

#include <string.h>

#include "law/calendar.h"

static const struct court_hours NATIONAL = {{"", 0},      DATE_NONE,    9 * 60,       12 * 60,
                                            13 * 60 + 30, 17 * 60 + 30, HOURS_ANY_DAY};

enum { SEARCH_MAX_DAYS = 120, TOLD_AHEAD_DAYS = 14, WEEK = 7 };

/* The first row that is not before this court. */
static int lower_bound(const struct law_tables *tables, Str court)
{
    int from = 0;
    int to = tables->hours_count;
    while (from < to) {
        int middle = from + (to - from) / 2;
        if (str_compare(tables->hours[middle].court, court) < 0) {
            from = middle + 1;
        } else {
            to = middle;
        }
    }
    return from;
}

static bool row_holds(const struct court_hours *row, Date date, bool that_day)
{
    if (that_day) {
        return row->weekday == HOURS_THAT_DAY && row->valid_from == date;
    }
    return (row->weekday == HOURS_ANY_DAY || row->weekday == date_weekday(date)) &&
           (row->valid_from == DATE_NONE || row->valid_from <= date);
}

/* Of rows that hold the last in order: the latest, of one day the weekday's own. */
static const struct court_hours *row_of(const struct law_tables *tables, Str court, Date date,
                                        bool that_day)
{
    const struct court_hours *found = NULL;
    for (int i = lower_bound(tables, court);
         i < tables->hours_count && str_same(tables->hours[i].court, court); i++) {
        found = row_holds(&tables->hours[i], date, that_day) ? &tables->hours[i] : found;
    }
    return found;
}

/* The first n bytes of a code: text is only compared, so that no NUL is needed behind it. */
static Str head(Str code, size_t n)
{
    return (Str){code.p, n < code.n ? n : code.n};
}

/* The court's own row, its parent's, the province's, the nation's; NULL when there is none. */
static const struct court_hours *row_near(const struct law_tables *tables, Str court, Date date,
                                          bool that_day)
{
    const char *dash = court.n == 0 ? NULL : memchr(court.p, '-', court.n);
    Str tries[4] = {court, dash == NULL ? court : head(court, (size_t)(dash - court.p)),
                    head(court, 3), STR("")};
    const struct court_hours *row = NULL;
    for (int i = 0; i < 4 && row == NULL; i++) {
        row = row_of(tables, tries[i], date, that_day);
    }
    return row;
}

struct court_hours hours_of(const struct law_tables *tables, Str court, Date date)
{
    const struct court_hours *row = row_near(tables, court, date, true);
    row = row == NULL ? row_near(tables, court, date, false) : row;
    return row == NULL ? NATIONAL : *row;
}

bool hours_opens_on(const struct law_tables *tables, Str court, Date date, struct court_hours *out)
{
    *out = hours_of(tables, court, date);
    bool empty = out->am_start >= out->am_end && out->pm_start >= out->pm_end;
    if (empty || out->weekday == HOURS_THAT_DAY) {
        return !empty;
    }
    if (!calendar_is_rest(tables, date)) {
        return true;
    }
    return out->weekday != HOURS_ANY_DAY && date_weekday(date) > 5 &&
           str_starts(calendar_day_name(tables, date), "星期");
}

static void add_half(struct buf *buf, int from, int to)
{
    if (from < to) {
        buf_printf(buf, "%s%02d:%02d–%02d:%02d", buf->n > 0 ? " " : "", from / 60, from % 60,
                   to / 60, to % 60);
    }
}

Str hours_text(struct arena *arena, const struct court_hours *hours)
{
    struct buf buf;
    buf_init(&buf, arena, 64);
    add_half(&buf, hours->am_start, hours->am_end);
    add_half(&buf, hours->pm_start, hours->pm_end);
    return buf_done(&buf);
}

/* What is left of the open halves of a day, at or after `at`. */
static bool span_on(const struct law_tables *tables, Str court, Date date, Instant at,
                    Instant *from, Instant *to)
{
    struct court_hours hours;
    if (!hours_opens_on(tables, court, date, &hours)) {
        return false;
    }
    int halves[2][2] = {{hours.am_start, hours.am_end}, {hours.pm_start, hours.pm_end}};
    for (int i = 0; i < 2; i++) {
        Instant opens = date_start(date) + halves[i][0] * MINUTE_MS;
        Instant closes = date_start(date) + halves[i][1] * MINUTE_MS;
        if (opens < closes && at < closes) {
            *from = at > opens ? at : opens;
            *to = closes;
            return true;
        }
    }
    return false;
}

bool hours_is_open(const struct law_tables *tables, Str court, Instant at)
{
    Instant from = 0;
    Instant to = 0;
    return span_on(tables, court, instant_date(at), at, &from, &to) && from == at;
}

bool hours_next_span(const struct law_tables *tables, Str court, Instant at, Instant *from,
                     Instant *to, bool *uncertain)
{
    Date date = instant_date(at);
    for (int i = 0; i < SEARCH_MAX_DAYS; i++) {
        if (calendar_is_uncertain(tables, date + i)) {
            *uncertain = true;
        }
        if (span_on(tables, court, date + i, at, from, to)) {
            return true;
        }
    }
    return false;
}

int64_t hours_between(const struct law_tables *tables, Str court, Instant from, Instant to)
{
    int64_t open_ms = 0;
    Instant opens = 0;
    Instant closes = 0;
    bool uncertain = false;
    for (Instant at = from; at < to; at = closes) {
        if (!hours_next_span(tables, court, at, &opens, &closes, &uncertain) || opens >= to) {
            break;
        }
        open_ms += (closes < to ? closes : to) - opens;
    }
    return open_ms;
}

/* --- in words --- */

static const char *const WEEKDAYS[WEEK + 1] = {"", "一", "二", "三", "四", "五", "六", "日"};

/* Hours of an ordinary day of the week; false when closed on it. */
static bool weekday_hours(const struct law_tables *tables, Str court, Date from, int weekday,
                          struct court_hours *out)
{
    Date date = from + (weekday - date_weekday(from) + WEEK) % WEEK;
    const struct court_hours *row = row_near(tables, court, date, false);
    *out = row == NULL ? NATIONAL : *row;
    bool empty = out->am_start >= out->am_end && out->pm_start >= out->pm_end;
    return !empty && (weekday <= 5 || out->weekday == weekday);
}

static bool same_hours(const struct court_hours *a, const struct court_hours *b)
{
    return a->am_start == b->am_start && a->am_end == b->am_end && a->pm_start == b->pm_start &&
           a->pm_end == b->pm_end;
}

static void add_days(struct buf *buf, int first, int last, const struct court_hours *hours)
{
    buf_printf(buf, "%s周%s", buf->n > 0 ? "，" : "", WEEKDAYS[first]);
    if (last > first) {
        buf_printf(buf, "%s周%s", last > first + 1 ? "至" : "、", WEEKDAYS[last]);
    }
    buf_printf(buf, " %s", hours_text(buf->arena, hours).p);
}

static void add_special(struct buf *buf, const struct law_tables *tables, Str court, Date from)
{
    for (Date date = from; date < from + TOLD_AHEAD_DAYS; date++) {
        const struct court_hours *row = row_near(tables, court, date, true);
        if (row != NULL) {
            struct day day = date_split(date);
            Str hours = hours_text(buf->arena, row);
            buf_printf(buf, "；%d月%d日%s", day.month, day.day, hours.n == 0 ? "休息" : " ");
            buf_str(buf, hours);
        }
    }
}

Str hours_week_text(struct arena *arena, const struct law_tables *tables, Str court, Date date)
{
    struct buf buf;
    struct court_hours hours[WEEK + 1];
    buf_init(&buf, arena, 1024);
    for (int first = 1; first <= WEEK;) {
        int last = first;
        bool opens = weekday_hours(tables, court, date, first, &hours[first]);
        while (opens && last < WEEK &&
               weekday_hours(tables, court, date, last + 1, &hours[last + 1]) &&
               same_hours(&hours[first], &hours[last + 1])) {
            last++;
        }
        if (opens) {
            add_days(&buf, first, last, &hours[first]);
        }
        first = last + 1;
    }
    add_special(&buf, tables, court, date);
    return buf_done(&buf);
}

struct value *hours_value(struct arena *arena, const struct law_tables *tables, Str court,
                          Instant now)
{
    struct value *value = value_map(arena);
    Instant opens = 0;
    Instant closes = 0;
    bool uncertain = false;
    bool found = hours_next_span(tables, court, now, &opens, &closes, &uncertain);
    value_set_bool(arena, value, "open", found && opens == now);
    value_set_str(arena, value, "text", hours_week_text(arena, tables, court, instant_date(now)));
    if (found && opens != now) {
        value_set_str(arena, value, "opens_at", instant_format(arena, opens));
    } else {
        value_set(arena, value, "opens_at", NULL);
    }
    return value;
}

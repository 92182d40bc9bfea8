#include "law/hours.h"

#include <string.h>

#include "law/calendar.h"

static const struct court_hours NATIONAL = {{"", 0}, DATE_NONE,    9 * 60,
                                            12 * 60, 13 * 60 + 30, 17 * 60 + 30};

enum { SEARCH_MAX_DAYS = 120 };

static const struct court_hours *row_of(const struct law_tables *tables, Str court, Date date)
{
    const struct court_hours *found = NULL;
    for (int i = 0; i < tables->hours_count; i++) {
        const struct court_hours *row = &tables->hours[i];
        if (str_same(row->court, court) &&
            (row->valid_from == DATE_NONE || row->valid_from <= date) &&
            (found == NULL || row->valid_from >= found->valid_from)) {
            found = row;
        }
    }
    return found;
}

/* The first n bytes of a code: text is only compared, so that no NUL is needed behind it. */
static Str head(Str code, size_t n)
{
    return (Str){code.p, n < code.n ? n : code.n};
}

struct court_hours hours_of(const struct law_tables *tables, Str court, Date date)
{
    const char *dash = court.n == 0 ? NULL : memchr(court.p, '-', court.n);
    Str tries[4] = {court, dash == NULL ? court : head(court, (size_t)(dash - court.p)),
                    head(court, 3), STR("")};
    for (int i = 0; i < 4; i++) {
        const struct court_hours *row = row_of(tables, tries[i], date);
        if (row != NULL) {
            return *row;
        }
    }
    return NATIONAL;
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
    if (calendar_is_rest(tables, date)) {
        return false;
    }
    struct court_hours hours = hours_of(tables, court, date);
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

struct value *hours_value(struct arena *arena, const struct law_tables *tables, Str court,
                          Instant now)
{
    struct value *value = value_map(arena);
    struct court_hours hours = hours_of(tables, court, instant_date(now));
    Instant opens = 0;
    Instant closes = 0;
    bool uncertain = false;
    bool found = hours_next_span(tables, court, now, &opens, &closes, &uncertain);
    value_set_bool(arena, value, "open", found && opens == now);
    value_set_str(arena, value, "text",
                  str_printf(arena, "周一至周五 %s", hours_text(arena, &hours).p));
    if (found && opens != now) {
        value_set_str(arena, value, "opens_at", instant_format(arena, opens));
    } else {
        value_set(arena, value, "opens_at", NULL);
    }
    return value;
}

#include "law/calendar.h"

#include "base/check.h"

/* Longer than any run of rest days that could be arranged: past it the table is broken, and the
 * day found is used rather than searching for ever. */
enum { REST_RUN_MAX_DAYS = 60 };

static const struct calendar_day *exception(const struct law_tables *tables, Date date)
{
    int from = 0;
    int to = tables->calendar_count;
    while (from < to) {
        int middle = from + (to - from) / 2;
        if (tables->calendar[middle].date == date) {
            return &tables->calendar[middle];
        }
        if (tables->calendar[middle].date < date) {
            from = middle + 1;
        } else {
            to = middle;
        }
    }
    return NULL;
}

bool calendar_is_rest(const struct law_tables *tables, Date date)
{
    const struct calendar_day *day = exception(tables, date);
    return day != NULL ? day->kind == CALENDAR_REST : date_weekday(date) > 5;
}

bool calendar_is_uncertain(const struct law_tables *tables, Date date)
{
    int year = date_split(date).year;
    return tables->calendar_count == 0 || year < tables->calendar_from_year ||
           year > tables->calendar_to_year;
}

Str calendar_day_name(const struct law_tables *tables, Date date)
{
    const struct calendar_day *day = exception(tables, date);
    if (day != NULL) {
        return day->kind == CALENDAR_WORK ? STR("调休上班") : day->name;
    }
    switch (date_weekday(date)) {
    case 6: return STR("星期六");
    case 7: return STR("星期日");
    default: return STR("");
    }
}

Date calendar_work_day(const struct law_tables *tables, Date date, bool *uncertain)
{
    check(date != DATE_NONE);
    for (int i = 0; i < REST_RUN_MAX_DAYS; i++) {
        if (calendar_is_uncertain(tables, date)) {
            *uncertain = true;
        }
        if (!calendar_is_rest(tables, date)) {
            return date;
        }
        date++;
    }
    *uncertain = true;
    return date;
}

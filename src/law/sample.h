/* law/sample.h - small tables for the tests of law/: the arranged days of 2024 to 2026 and nothing
 * else; a test adds the rows that it is about. */
#ifndef LAW_SAMPLE_H
#define LAW_SAMPLE_H

#include <stdio.h>

#include "base/test.h"
#include "law/tables.h"

struct sample_span {
    int year, month, day, last_month, last_day;
    enum calendar_kind kind;
    const char *name;
};

/* LAW: notices of the State Council's General Office of 2023-10, 2024-11 and 2025-11. */
static const struct sample_span SAMPLE_SPANS[] = {
    {2024, 1, 1, 1, 1, CALENDAR_REST, "元旦"},
    {2024, 2, 4, 2, 4, CALENDAR_WORK, "春节"},
    {2024, 2, 10, 2, 17, CALENDAR_REST, "春节"},
    {2024, 2, 18, 2, 18, CALENDAR_WORK, "春节"},
    {2024, 4, 4, 4, 6, CALENDAR_REST, "清明节"},
    {2024, 4, 7, 4, 7, CALENDAR_WORK, "清明节"},
    {2024, 4, 28, 4, 28, CALENDAR_WORK, "劳动节"},
    {2024, 5, 1, 5, 5, CALENDAR_REST, "劳动节"},
    {2024, 5, 11, 5, 11, CALENDAR_WORK, "劳动节"},
    {2024, 6, 10, 6, 10, CALENDAR_REST, "端午节"},
    {2024, 9, 14, 9, 14, CALENDAR_WORK, "中秋节"},
    {2024, 9, 15, 9, 17, CALENDAR_REST, "中秋节"},
    {2024, 9, 29, 9, 29, CALENDAR_WORK, "国庆节"},
    {2024, 10, 1, 10, 7, CALENDAR_REST, "国庆节"},
    {2024, 10, 12, 10, 12, CALENDAR_WORK, "国庆节"},
    {2025, 1, 1, 1, 1, CALENDAR_REST, "元旦"},
    {2025, 1, 26, 1, 26, CALENDAR_WORK, "春节"},
    {2025, 1, 28, 2, 4, CALENDAR_REST, "春节"},
    {2025, 2, 8, 2, 8, CALENDAR_WORK, "春节"},
    {2025, 4, 4, 4, 6, CALENDAR_REST, "清明节"},
    {2025, 4, 27, 4, 27, CALENDAR_WORK, "劳动节"},
    {2025, 5, 1, 5, 5, CALENDAR_REST, "劳动节"},
    {2025, 5, 31, 6, 2, CALENDAR_REST, "端午节"},
    {2025, 9, 28, 9, 28, CALENDAR_WORK, "国庆节"},
    {2025, 10, 1, 10, 8, CALENDAR_REST, "国庆节"},
    {2025, 10, 11, 10, 11, CALENDAR_WORK, "国庆节"},
    {2026, 1, 1, 1, 3, CALENDAR_REST, "元旦"},
    {2026, 1, 4, 1, 4, CALENDAR_WORK, "元旦"},
    {2026, 2, 14, 2, 14, CALENDAR_WORK, "春节"},
    {2026, 2, 15, 2, 23, CALENDAR_REST, "春节"},
    {2026, 2, 28, 2, 28, CALENDAR_WORK, "春节"},
    {2026, 4, 4, 4, 6, CALENDAR_REST, "清明节"},
    {2026, 5, 1, 5, 5, CALENDAR_REST, "劳动节"},
    {2026, 5, 9, 5, 9, CALENDAR_WORK, "劳动节"},
    {2026, 6, 19, 6, 21, CALENDAR_REST, "端午节"},
    {2026, 9, 20, 9, 20, CALENDAR_WORK, "国庆节"},
    {2026, 9, 25, 9, 27, CALENDAR_REST, "中秋节"},
    {2026, 10, 1, 10, 7, CALENDAR_REST, "国庆节"},
    {2026, 10, 10, 10, 10, CALENDAR_WORK, "国庆节"},
};

static inline struct law_tables sample_tables(struct arena *arena)
{
    enum { SPANS = sizeof SAMPLE_SPANS / sizeof SAMPLE_SPANS[0], ROOM = 200 };

    struct calendar_day *days = arena_array(arena, struct calendar_day, ROOM);
    int count = 0;
    for (int i = 0; i < SPANS; i++) {
        const struct sample_span *s = &SAMPLE_SPANS[i];
        Date last = date_of(s->year, s->last_month, s->last_day);
        for (Date day = date_of(s->year, s->month, s->day); day <= last; day++) {
            assert_true(count < ROOM);
            days[count++] = (struct calendar_day){day, s->kind, str_of(s->name)};
        }
    }
    return (struct law_tables){.version = STR("sample"),
                               .calendar = days,
                               .calendar_count = count,
                               .calendar_from_year = 2024,
                               .calendar_to_year = 2026};
}

static inline Date sample_date(const char *text)
{
    Date date = DATE_NONE;
    assert_true(date_parse(str_of(text), &date));
    return date;
}

/* "2026-02-14T10:20" in Beijing. */
static inline Instant sample_instant(const char *text)
{
    char full[32];
    Instant at = 0;
    (void)snprintf(full, sizeof full, "%s:00+08:00", text);
    assert_true(instant_parse(str_of(full), &at));
    return at;
}

#endif

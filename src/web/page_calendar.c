/* The page of the calendar: a month as a grid that leads to its days, and the days themselves. */
#include "law/calendar.h"
#include "law/source.h"
#include "web/calendar.h"
#include "web/page_account.h"
#include "web/page_parts.h"

enum { WEEK_DAYS = 7 };

static const char *const WEEKDAYS[] = {"",       "星期一", "星期二", "星期三",
                                       "星期四", "星期五", "星期六", "星期日"};

static Str month_text(struct arena *arena, Date first)
{
    struct day d = date_split(first);
    return str_printf(arena, "%04d-%02d", d.year, d.month);
}

static uint32_t entries_on(const struct value *entries, Date day)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < value_count(entries); i++) {
        Date of = DATE_NONE;
        count += date_parse(value_get_str(value_item(entries, i), "day"), &of) && of == day;
    }
    return count;
}

/* Weeks from Monday; cells outside the month are empty. */
static struct value *weeks_view(struct call *call, Date first, const struct value *entries)
{
    struct arena *arena = call->cx->arena;
    struct value *weeks = value_list(arena);
    Date next = date_add_months(first, 1);
    Date today = instant_date(clock_now());
    Date monday = first - (date_weekday(first) - 1);
    for (; monday < next; monday += WEEK_DAYS) {
        struct value *week = value_map(arena);
        struct value *days = value_list(arena);
        for (Date day = monday; day < monday + WEEK_DAYS; day++) {
            struct value *cell = value_map(arena);
            bool inside = day >= first && day < next;
            uint32_t count = inside ? entries_on(entries, day) : 0;
            value_set(arena, cell, "n", inside ? value_int(arena, date_split(day).day) : NULL);
            value_set_str(arena, cell, "day", date_format(arena, day));
            value_set(arena, cell, "count", count > 0 ? value_int(arena, count) : NULL);
            value_set_bool(arena, cell, "today", inside && day == today);
            value_set_bool(arena, cell, "rest", inside && calendar_is_rest(page_tables(call), day));
            value_add(arena, days, cell);
        }
        value_set(arena, week, "days", days);
        value_add(arena, weeks, week);
    }
    return weeks;
}

static struct value *entry_show(struct call *call, const struct value *entry)
{
    struct arena *arena = call->cx->arena;
    struct value *row = value_merge(arena, entry, NULL);
    Instant at = 0;
    bool timed = instant_parse(value_get_str(entry, "at"), &at);
    int minute = timed ? instant_minute_of_day(at) : 0;
    value_set(arena, row, "time",
              timed ? value_str(arena, str_printf(arena, "%02d:%02d", minute / 60, minute % 60))
                    : NULL);
    value_set_bool(arena, row, "is_clock", str_is(value_get_str(entry, "kind"), "clock"));
    value_set_str(arena, row, "law_title", source_title(arena, value_get_str(entry, "law")));
    return row;
}

/* Entries come in order: each day once. */
static struct value *days_view(struct call *call, const struct value *entries)
{
    struct arena *arena = call->cx->arena;
    struct value *days = value_list(arena);
    struct value *list = NULL;
    Str last = {"", 0};
    for (uint32_t i = 0; i < value_count(entries); i++) {
        const struct value *entry = value_item(entries, i);
        Str said = value_get_str(entry, "day");
        Date day = DATE_NONE;
        if (!date_parse(said, &day)) {
            continue;
        }
        if (list == NULL || !str_same(said, last)) {
            struct value *row = value_map(arena);
            list = value_list(arena);
            last = said;
            value_set_str(arena, row, "day", said);
            value_set_str(arena, row, "title",
                          str_printf(arena, "%s %s", date_chinese(arena, day).p,
                                     WEEKDAYS[date_weekday(day)]));
            value_set_bool(arena, row, "today", day == instant_date(clock_now()));
            value_set(arena, row, "entries", list);
            value_add(arena, days, row);
        }
        value_add(arena, list, entry_show(call, entry));
    }
    return days;
}

static struct value *page_calendar(struct call *call, const struct value *value)
{
    struct arena *arena = call->cx->arena;
    struct value *view = page_titled(call, value, "日程", false);
    const struct value *entries = value_get(value, "entries");
    Date first = calendar_month(call);
    struct day d = date_split(first);
    bool list = str_is(call_param(call, "view"), "list");
    value_set_bool(arena, view, "list", list);
    value_set_str(arena, view, "month_title", str_printf(arena, "%d年%d月", d.year, d.month));
    value_set_str(arena, view, "before", month_text(arena, date_add_months(first, -1)));
    value_set_str(arena, view, "after", month_text(arena, date_add_months(first, 1)));
    value_set(arena, view, "weeks", list ? NULL : weeks_view(call, first, entries));
    value_set(arena, view, "days", days_view(call, entries));
    /* A feed not yet made is a map of nulls, which a copy leaves empty. */
    value_set_bool(arena, view, "has_feed", !value_is_null(value_get(value, "feed")));
    value_set_bool(arena, view, "has_clashes", value_get_int(value, "clashes") > 0);
    return view;
}

/* --- the agents of a matter --- */

static struct value *page_agents(struct call *call, const struct value *value)
{
    static const struct entry_option authorities[] = {
        {"general", "一般授权"},
        {"special", "特别授权（可以代为承认、放弃、变更诉讼请求，进行和解，提起反诉或者上诉）"},
        {NULL, NULL}};
    static const struct entry_field fields[] = {
        {"login", "代理人的账号", "is_text", true, "代理人在本平台实名注册的账号，请向代理人要。",
         NULL, NULL, NULL},
        {"name", "代理人的姓名", "is_text", true, NULL, NULL, NULL, NULL},
        {"authority", "授权范围", "is_choice", true, NULL, NULL, NULL, authorities},
    };
    struct value *view = page_titled(call, value, "委托诉讼代理人", true);
    value_set(call->cx->arena, view, "fields",
              entry_fields(call->cx->arena, fields, sizeof fields / sizeof fields[0],
                           value_get(value, "said"), value_get(value, "errors")));
    return view;
}

const struct page_extra pages_calendar[] = {
    {"agents", page_agents},
    {"calendar", page_calendar},
    {NULL, NULL},
};

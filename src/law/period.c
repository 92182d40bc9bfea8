#include "law/period.h"

#include "base/check.h"
#include "law/calendar.h"
#include "law/hours.h"
#include "law/source.h"
#include "law/working.h"

static const struct {
    const char *singular;
    const char *plural;
    const char *title;
    int64_t length_max; /* a century, or what can be counted in an instant */
} UNITS[] = {
    [PERIOD_MINUTES] = {"minute", "minutes", "分钟", 52560000},
    [PERIOD_WORKING_MINUTES] = {"working-minute", "working-minutes", "分钟（法院工作时间）",
                                200000},
    [PERIOD_HOURS] = {"hour", "hours", "小时", 876000},
    [PERIOD_DAYS] = {"day", "days", "日", 36525},
    [PERIOD_WORKING_DAYS] = {"working-day", "working-days", "个工作日", 25000},
    [PERIOD_MONTHS] = {"month", "months", "个月", 1200},
    [PERIOD_YEARS] = {"year", "years", "年", 100},
};

enum { UNIT_COUNT = sizeof UNITS / sizeof UNITS[0] };

bool period_unit_parse(Str text, enum period_unit *out)
{
    for (int i = 0; i < UNIT_COUNT; i++) {
        if (str_is(text, UNITS[i].singular) || str_is(text, UNITS[i].plural)) {
            *out = (enum period_unit)i;
            return true;
        }
    }
    return false;
}

const char *period_unit_name(enum period_unit unit)
{
    return UNITS[unit].plural;
}

const char *period_unit_title(enum period_unit unit)
{
    return UNITS[unit].title;
}

bool period_parse(Str text, struct period_rule *rule)
{
    size_t blank = 0;
    while (blank < text.n && text.p[blank] != ' ') {
        blank++;
    }
    enum period_unit unit = PERIOD_DAYS;
    int64_t length = 0;
    if (blank == text.n || !str_int((Str){text.p, blank}, &length) ||
        !period_unit_parse((Str){text.p + blank + 1, text.n - blank - 1}, &unit) || length < 0 ||
        length > UNITS[unit].length_max) {
        return false;
    }
    rule->unit = unit;
    rule->length = length;
    return true;
}

/* One counting in progress. */
struct count {
    struct cx *cx;
    const struct law_tables *tables;
    const struct period_rule *rule;
    struct working working;
    bool uncertain;
};

static const char *law_of(const struct period_rule *rule, const char *otherwise)
{
    return rule->law == NULL ? otherwise : rule->law;
}

/* "满15日" with the unit as people say it. */
static const char *length_text(const struct count *c, const char *before)
{
    return arena_printf(c->cx->arena, "%s%lld%s", before, (long long)c->rule->length,
                        UNITS[c->rule->unit].title);
}

static Date rolled(struct count *c, Date raw)
{
    Date day = calendar_work_day(c->tables, raw, &c->uncertain);
    if (day == raw) {
        working_date(&c->working, "最后一日是工作日，到当日24时止", SOURCE(LAW_CIVIL_CODE, "203"),
                     day);
        return day;
    }
    const char *why = arena_printf(c->cx->arena, "最后一日是休息日（%s），顺延至其后第一个工作日",
                                   calendar_day_name(c->tables, raw).p);
    working_date(&c->working, why, SOURCE(LAW_CIVIL_PROCEDURE, "85"), day);
    return day;
}

static Date count_calendar(struct count *c, Date start)
{
    int length = (int)c->rule->length;
    bool days = c->rule->unit == PERIOD_DAYS;
    Date raw = days ? start + length
                    : date_add_months(start, c->rule->unit == PERIOD_YEARS ? 12 * length : length);
    working_date(&c->working, "开始的当日不计算在内，从次日起算", SOURCE(LAW_CIVIL_PROCEDURE, "85"),
                 start + 1);
    const char *step = length_text(c, days ? "期间内的休息日也计算在内，满"
                                           : "到期月的对应日为最后一日，没有对应日的为月末，满");
    working_date(
        &c->working, step,
        law_of(c->rule, days ? SOURCE(LAW_CIVIL_PROCEDURE, "85") : SOURCE(LAW_CIVIL_CODE, "202")),
        raw);
    if (c->rule->count == PERIOD_PLAIN) {
        working_date(&c->working, "最后一日不因休息日顺延", "", raw);
        return raw;
    }
    return rolled(c, raw);
}

/* On the spot: the working day itself, or the first after a rest day. */
static Date count_same_day(struct count *c, Date start)
{
    Date day = calendar_work_day(c->tables, start, &c->uncertain);
    working_date(&c->working, day == start ? "当日办理" : "当日是休息日，到其后第一个工作日为止",
                 law_of(c->rule, ""), day);
    return day;
}

static Date count_working_days(struct count *c, Date start)
{
    if (c->rule->length == 0) {
        return count_same_day(c, start);
    }
    Date day = start;
    int64_t rests = 0;
    for (int64_t left = c->rule->length; left > 0; left--) {
        Date next = calendar_work_day(c->tables, day + 1, &c->uncertain);
        rests += next - day - 1;
        day = next;
    }
    working_date(&c->working, "开始的当日不计算在内，从次日起算", SOURCE(LAW_CIVIL_PROCEDURE, "85"),
                 start + 1);
    const char *step = arena_printf(c->cx->arena, "%s，其中跳过休息日%lld天",
                                    length_text(c, "只计算工作日，满"), (long long)rests);
    working_date(&c->working, step, law_of(c->rule, ""), day);
    return day;
}

static Instant count_hours(struct count *c, Instant start)
{
    Instant from = start;
    if (c->rule->count == PERIOD_LAW) {
        Instant over = ((start % HOUR_MS) + HOUR_MS) % HOUR_MS;
        from = over == 0 ? start : start - over + HOUR_MS;
        working_text(&c->working, "开始的小时不计算在内，从下一小时起算",
                     SOURCE(LAW_CIVIL_INTERPRETATION, "125"), instant_format(c->cx->arena, from));
    }
    Instant due = from + c->rule->length * HOUR_MS;
    working_text(&c->working, length_text(c, "连续计算，不因夜间和休息日中断或顺延，满"),
                 law_of(c->rule, SOURCE(LAW_CIVIL_PROCEDURE, "85")),
                 instant_format(c->cx->arena, due));
    return due;
}

static Instant count_minutes(struct count *c, Instant start)
{
    Instant due = start + c->rule->length * MINUTE_MS;
    working_text(&c->working, length_text(c, "连续计算，满"), law_of(c->rule, ""),
                 instant_format(c->cx->arena, due));
    return due;
}

static void tell_span(struct count *c, Instant from, Instant to)
{
    Str text = str_printf(c->cx->arena, "%s 至 %s", instant_chinese(c->cx->arena, from).p,
                          instant_chinese(c->cx->arena, to).p);
    working_text(&c->working, "计入法院工作时间", SOURCE(LAW_PLATFORM, "court-hours"), text);
}

static enum status count_working_minutes(struct count *c, Instant start, Instant *due)
{
    enum { SPANS_TOLD_MAX = 6 };

    struct cx *cx = c->cx;
    struct court_hours hours = hours_of(c->tables, c->rule->court, instant_date(start));
    working_text(&c->working, "只计算管辖法院自己的工作时间",
                 law_of(c->rule, SOURCE(LAW_PLATFORM, "court-hours")),
                 hours_text(cx->arena, &hours));
    int64_t left = c->rule->length * MINUTE_MS;
    Instant at = start;
    for (int told = 0; left > 0; told++) {
        Instant from = 0;
        Instant to = 0;
        if (!hours_next_span(c->tables, c->rule->court, at, &from, &to, &c->uncertain)) {
            return FAIL(cx, E_READ, "hours-empty", "court %.*s has no open minute",
                        STR_ARG(c->rule->court));
        }
        Instant used = left < to - from ? left : to - from;
        if (told < SPANS_TOLD_MAX) {
            tell_span(c, from, from + used);
        }
        left -= used;
        at = from + used;
    }
    *due = at;
    working_text(&c->working, length_text(c, "满"), law_of(c->rule, ""),
                 instant_format(cx->arena, at));
    return OK;
}

static enum status check_ask(struct cx *cx, const struct period_rule *rule, Date start)
{
    if (rule->length < 0 || rule->length > UNITS[rule->unit].length_max) {
        return FAIL(cx, E_INPUT, "period-length", "%lld %s", (long long)rule->length,
                    UNITS[rule->unit].plural);
    }
    if (start < date_of(1900, 1, 1) || start > date_of(2200, 1, 1)) {
        return FAIL(cx, E_INPUT, "date-out-of-range", "day %d", (int)start);
    }
    return OK;
}

static void finish(struct count *c, struct period_answer *out)
{
    if (c->uncertain) {
        working_add(&c->working, "该年的放假安排尚未公布或录入，按周一至周五推算，结果不确定", "");
    }
    working_tables(&c->working, c->tables);
    out->uncertain = c->uncertain;
    out->working = c->working.lines;
}

enum status period_due_from(struct cx *cx, const struct law_tables *tables,
                            const struct period_rule *rule, Date start, struct period_answer *out)
{
    check(rule->unit >= PERIOD_DAYS);
    TRY(check_ask(cx, rule, start));
    struct count c = {.cx = cx, .tables = tables, .rule = rule};
    working_begin(&c.working, cx->arena);
    out->day = rule->unit == PERIOD_WORKING_DAYS ? count_working_days(&c, start)
                                                 : count_calendar(&c, start);
    out->due = date_end(out->day);
    finish(&c, out);
    return OK;
}

/* What comes after the court has closed cannot be done that day. */
static Date first_day(const struct law_tables *tables, const struct period_rule *rule,
                      Instant start)
{
    Instant opens = 0;
    Instant closes = 0;
    bool uncertain = false;
    bool on_the_spot = rule->unit == PERIOD_WORKING_DAYS && rule->length == 0;
    return on_the_spot && hours_next_span(tables, rule->court, start, &opens, &closes, &uncertain)
               ? instant_date(opens)
               : instant_date(start);
}

enum status period_due(struct cx *cx, const struct law_tables *tables,
                       const struct period_rule *rule, Instant start, struct period_answer *out)
{
    if (start < date_start(date_of(1900, 1, 1)) || start > date_start(date_of(2200, 1, 1))) {
        return FAIL(cx, E_INPUT, "date-out-of-range", "instant %lld", (long long)start);
    }
    if (rule->unit >= PERIOD_DAYS) {
        return period_due_from(cx, tables, rule, first_day(tables, rule, start), out);
    }
    TRY(check_ask(cx, rule, instant_date(start)));
    struct count c = {.cx = cx, .tables = tables, .rule = rule};
    working_begin(&c.working, cx->arena);
    if (rule->unit == PERIOD_WORKING_MINUTES) {
        TRY(count_working_minutes(&c, start, &out->due));
    } else {
        out->due = rule->unit == PERIOD_HOURS ? count_hours(&c, start) : count_minutes(&c, start);
    }
    out->day = instant_date(out->due);
    finish(&c, out);
    return OK;
}

struct value *period_value(struct arena *arena, const struct period_answer *answer)
{
    struct value *value = value_map(arena);
    value_set_str(arena, value, "due", date_format(arena, answer->day));
    value_set_bool(arena, value, "uncertain", answer->uncertain);
    value_set(arena, value, "working", answer->working);
    return value;
}

Date period_seizure_end(Date from, int years)
{
    return date_add_months(from, 12 * years) - 1;
}

Date period_before(Date day, int days)
{
    return day - days;
}

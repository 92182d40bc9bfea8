#include "jobs/circular.h"

#include <inttypes.h>

#include "base/check.h"
#include "base/clock.h"
#include "base/log.h"
#include "law/calendar.h"
#include "record/circular.h"

enum { ISSUE_MINUTE = 8 * 60 + 30, MONDAY = 1, WEEK_DAYS = 7, SLICE = 8, PERCENT = 100 };

/* --- instants --- */

static Instant issue_of(Date day)
{
    return date_start(day) + ISSUE_MINUTE * MINUTE_MS;
}

static Instant daily_after(Instant at)
{
    Date day = instant_date(at);
    return issue_of(day) > at ? issue_of(day) : issue_of(day + 1);
}

static Instant weekly_after(Instant at)
{
    Instant next = daily_after(at);
    while (date_weekday(instant_date(next)) != MONDAY) {
        next += DAY_MS;
    }
    return next;
}

/* --- one issue --- */

struct issue {
    const struct house *house;
    const struct law_tables *tables;
    const struct procedure *procedure;
    Str kind, day, period_text;
    struct circular_period period;
    bool begun; /* there has been a request */
    bool skips_rest_days;
    struct circular_figures figures;
    struct circular *issued; /* of this issue, by a run before */
    uint32_t issued_count;
    struct plan *slice[SLICE];
    uint32_t slice_count;
    uint32_t made;
};

static enum status issue_read(struct cx *cx, struct sql *sql, void *arg)
{
    struct issue *issue = arg;
    struct circular_period *p = &issue->period;
    struct rows rows = {0};
    TRY(sql_query(cx, sql, SQL("SELECT value FROM setting WHERE name = 'circular-skip-rest-days'"),
                  NO_ARGS, &rows));
    issue->skips_rest_days = rows.count == 1 && str_is(row_str(&rows, 0, 0), "yes");
    TRY(circular_since(cx, sql, issue->kind, p->as_of, &p->since, &p->last_of));
    issue->begun = p->since != 0;
    if (p->weekly && issue->begun) {
        Date day = instant_date(p->since);
        p->since = date_start(day - (date_weekday(day) - MONDAY));
    }
    if (!issue->begun || p->since >= p->until) {
        return OK;
    }
    TRY(circular_issue(cx, sql, issue->kind, issue->day, &issue->issued, &issue->issued_count));
    return circular_figures(cx, sql, p, &issue->figures);
}

static bool is_issued(const struct issue *issue, Str scope)
{
    for (uint32_t i = 0; i < issue->issued_count; i++) {
        if (str_same(issue->issued[i].scope, scope)) {
            return true;
        }
    }
    return false;
}

/* --- values --- */

static Str court_name(const struct issue *issue, Str code)
{
    const struct court *court = court_by_code(issue->tables, code);
    return court == NULL ? code : court->name;
}

/* One decimal, half up: of ten times the number. */
static Str tenths(struct arena *arena, int64_t times_ten)
{
    return str_printf(arena, "%" PRId64 ".%" PRId64, times_ten / 10, times_ten % 10);
}

/* Without those that still have time: nobody is late before he is. */
static void set_tally(struct arena *arena, struct value *map, const struct tally *t)
{
    int64_t base = t->received - t->pending;
    value_set_int(arena, map, "received", t->received);
    value_set_int(arena, map, "on-time", t->on_time);
    if (base > 0) {
        value_set_str(arena, map, "share",
                      tenths(arena, (t->on_time * PERCENT * 10 * 2 + base) / (2 * base)));
    }
    if (t->pending > 0) {
        value_set_int(arena, map, "pending", t->pending);
    }
    if (t->median_ms >= 0) {
        value_set_int(arena, map, "median-ms", t->median_ms);
        value_set_str(arena, map, "median",
                      tenths(arena, (t->median_ms * 10 + MINUTE_MS / 2) / MINUTE_MS));
    }
    value_set_int(arena, map, "over-24h", t->over_24h);
    value_set_int(arena, map, "over-7-days", t->over_7_days);
    value_set_int(arena, map, "cleared", t->cleared);
}

static struct value *row_of(struct arena *arena, const struct tally *tally, Str code, Str name)
{
    struct value *row = value_map(arena);
    value_set_str(arena, row, "code", code);
    value_set_str(arena, row, "name", name);
    set_tally(arena, row, tally);
    return row;
}

static const char *service_title(const struct issue *issue, Str procedure)
{
    const struct procedure *p = procedure_find(issue->house->procedures, procedure, 0);
    return p == NULL ? procedure.p : p->title;
}

static struct value *entry_of(struct arena *arena, const struct issue *issue,
                              const struct tally_entry *e)
{
    struct value *entry = value_map(arena);
    value_set_str(arena, entry, "request", str_printf(arena, "%" PRId64, e->matter));
    value_set_str(arena, entry, "court", e->court);
    value_set_str(arena, entry, "court-name", court_name(issue, e->court));
    value_set_str(arena, entry, "collaborator", e->collaborator);
    value_set_str(arena, entry, "collaborator-name", court_name(issue, e->collaborator));
    value_set_text(arena, entry, "service", service_title(issue, e->procedure));
    value_set_str(arena, entry, "submitted", instant_format(arena, e->submitted));
    value_set_str(arena, entry, "breached", instant_format(arena, e->breached));
    value_set_text(arena, entry, "state",
                   e->settled == 0 ? (issue->period.weekly ? "仍未决定" : "仍未反馈")
                                   : (issue->period.weekly ? "已经决定" : "已经反馈"));
    return entry;
}

/* What a circular is about: the whole country, a province, a court. */
struct scope {
    Str name; /* nation, province:京, court:京0105 */
    Str title;
    Str court; /* that issues it */
    Str province;
    const struct tally *sum;
    bool is_court;
};

static bool is_within(const struct scope *scope, Str province, Str court)
{
    if (scope->is_court) {
        return str_same(scope->court, court);
    }
    return str_is(scope->name, "nation") || str_same(scope->province, province);
}

static struct value *rows_within(struct arena *arena, const struct issue *issue,
                                 const struct scope *scope)
{
    const struct circular_figures *f = &issue->figures;
    struct value *rows = value_list(arena);
    if (str_is(scope->name, "nation")) {
        for (uint32_t i = 0; i < f->province_count; i++) {
            Str code = f->provinces[i].province;
            value_add(
                arena, rows,
                row_of(arena, &f->provinces[i], code, court_province_name(issue->tables, code)));
        }
        return rows;
    }
    for (uint32_t i = 0; i < f->court_count; i++) {
        const struct tally *t = &f->courts[i];
        if (is_within(scope, t->province, t->court)) {
            value_add(arena, rows, row_of(arena, t, t->court, court_name(issue, t->court)));
        }
    }
    return rows;
}

static struct value *entries_within(struct arena *arena, const struct issue *issue,
                                    const struct scope *scope, int64_t *left_out)
{
    const struct circular_figures *f = &issue->figures;
    struct value *entries = value_list(arena);
    *left_out = 0;
    for (uint32_t i = 0; i < f->entry_count; i++) {
        const struct tally_entry *e = &f->entries[i];
        if (!is_within(scope, e->province, e->court)) {
            continue;
        }
        if (entries->count == CIRCULAR_ENTRIES_MAX) {
            *left_out += 1;
        } else {
            value_add(arena, entries, entry_of(arena, issue, e));
        }
    }
    return entries;
}

static struct value *values_of(struct arena *arena, const struct issue *issue,
                               const struct scope *scope)
{
    struct value *values = value_map(arena);
    struct value *c = value_map(arena);
    int64_t left_out = 0;
    struct value *entries = entries_within(arena, issue, scope, &left_out);
    value_set_str(arena, c, "kind", issue->kind);
    value_set_str(arena, c, "scope", scope->name);
    value_set_str(arena, c, "heading",
                  str_printf(arena, "%.*s跨域服务%s", STR_ARG(scope->title),
                             issue->period.weekly ? "周通报" : "日通报"));
    value_set_str(arena, c, "period", issue->period_text);
    value_set_str(arena, c, "since", date_format(arena, instant_date(issue->period.since)));
    value_set_str(arena, c, "until", date_format(arena, instant_date(issue->period.until) - 1));
    value_set_str(arena, c, "issued", instant_format(arena, issue->period.as_of));
    set_tally(arena, c, scope->sum);
    value_set(arena, c, "rows", rows_within(arena, issue, scope));
    if (entries->count > 0) {
        value_set(arena, c, "entries", entries);
    }
    if (left_out > 0) {
        value_set_int(arena, c, "left-out", left_out);
    }
    value_set(arena, values, "circular", c);
    return values;
}

/* --- issuing --- */

static enum status slice_apply(struct cx *cx, struct sql *sql, void *arg)
{
    const struct issue *issue = arg;
    for (uint32_t i = 0; i < issue->slice_count; i++) {
        TRY(plan_apply(cx, sql, issue->slice[i]));
    }
    return OK;
}

static enum status slice_write(struct cx *cx, struct issue *issue)
{
    enum status status = issue->slice_count == 0
                             ? OK
                             : store_write(cx, issue->house->store, WRITE_BULK, slice_apply, issue);
    issue->made += status == OK ? issue->slice_count : 0;
    issue->slice_count = 0;
    return status;
}

static void tell(struct change *change, bool waits)
{
    static const struct actor_rule told[] = {{ACTOR_COURT, "leader"}, {ACTOR_COURT, "supervisor"}};
    static const char *const papers[] = {"circular"};
    change->act = "issue";
    change->title = "印发通报";
    change->report = "";
    change->papers = papers;
    change->paper_count = 1;
    change->tells = told;
    change->tell_count = sizeof told / sizeof told[0];
    change->after->state = waits ? STR("waiting") : STR("settled");
}

static enum status scope_plan(struct cx *cx, const struct issue *issue, const struct scope *scope,
                              struct plan **out)
{
    static const struct actor system = {.system = true, .name = {"系统", 6}};
    struct plan *plan = NULL;
    struct change *change = NULL;
    TRY(plan_new(cx, issue->house, &system, issue->period.as_of, NULL, &plan));
    TRY(plan_open(cx, plan, issue->procedure, scope->court, 0, &change));
    struct value *values = values_of(cx->arena, issue, scope);
    int64_t entries = value_count(value_at(values, "circular.entries"));
    TRY(change_values(cx, plan, change, values));
    tell(change, scope->is_court && entries > 0);
    change->after->title = str_printf(cx->arena, "%.*s（%.*s）",
                                      STR_ARG(value_as_str(value_at(values, "circular.heading"))),
                                      STR_ARG(issue->period_text));
    struct circular row = {
        .kind = issue->kind,
        .scope = scope->name,
        .day = issue->day,
        .matter = change->after->id,
        .court = scope->court,
        .province = scope->province,
        .since = issue->period.since,
        .until = issue->period.until,
        .issued = issue->period.as_of,
        .entries = scope->is_court ? entries : 0,
    };
    circular_write(plan->script, &row);
    plan_once(plan, STR("system"), STR("circular"),
              str_printf(cx->arena, "%.*s %.*s %.*s", STR_ARG(issue->kind), STR_ARG(scope->name),
                         STR_ARG(issue->day)),
              hash_str(scope->name));
    TRY(plan_seal(cx, plan));
    *out = plan;
    return OK;
}

static enum status scope_issue(struct cx *cx, struct issue *issue, const struct scope *scope)
{
    if (is_issued(issue, scope->name)) {
        return OK;
    }
    TRY(scope_plan(cx, issue, scope, &issue->slice[issue->slice_count]));
    issue->slice_count += 1;
    return issue->slice_count == SLICE ? slice_write(cx, issue) : OK;
}

static enum status courts_issue(struct cx *cx, struct issue *issue)
{
    struct arena_mark mark = arena_mark(cx->arena);
    for (uint32_t i = 0; i < issue->figures.court_count; i++) {
        const struct tally *t = &issue->figures.courts[i];
        struct scope scope = {
            .name = str_printf(cx->arena, "court:%.*s", STR_ARG(t->court)),
            .title = court_name(issue, t->court),
            .court = t->court,
            .province = t->province,
            .sum = t,
            .is_court = true,
        };
        TRY(scope_issue(cx, issue, &scope));
        if (issue->slice_count == 0) {
            arena_rewind(cx->arena, mark);
        }
    }
    TRY(slice_write(cx, issue));
    arena_rewind(cx->arena, mark);
    return OK;
}

static enum status provinces_issue(struct cx *cx, struct issue *issue)
{
    for (uint32_t i = 0; i < issue->figures.province_count; i++) {
        const struct tally *t = &issue->figures.provinces[i];
        if (t->province.n == 0) {
            continue; /* the Supreme Court is in none: it has one of its own */
        }
        struct scope scope = {
            .name = str_printf(cx->arena, "province:%.*s", STR_ARG(t->province)),
            .title = court_province_name(issue->tables, t->province),
            .court = t->province, /* a high court's code is its province's character */
            .province = t->province,
            .sum = t,
        };
        TRY(scope_issue(cx, issue, &scope));
    }
    struct scope nation = {
        .name = STR("nation"),
        .title = STR("全国"),
        .court = STR("最高法"),
        .province = STR(""),
        .sum = &issue->figures.nation,
    };
    TRY(scope_issue(cx, issue, &nation));
    return slice_write(cx, issue);
}

static enum status circulars_run(struct cx *cx, const struct house *house, bool weekly, Instant at,
                                 bool *begun)
{
    Date day = instant_date(at);
    struct issue issue = {
        .house = house,
        .tables = house->tables(house->tables_arg),
        .procedure = procedure_find(house->procedures, STR("circular"), 0),
        .kind = weekly ? STR("weekly") : STR("daily"),
        .day = date_format(cx->arena, day),
        .period = {.weekly = weekly, .until = date_start(day), .as_of = at},
    };
    if (issue.procedure == NULL) { /* definitions without it: there is nothing to issue */
        *begun = false;
        return OK;
    }
    int64_t from_us = clock_monotonic_us();
    TRY(store_read(cx, house->store, issue_read, &issue));
    const struct circular_period *p = &issue.period;
    *begun = issue.begun;
    if (!issue.begun || p->since >= p->until ||
        (!weekly && issue.skips_rest_days && calendar_is_rest(issue.tables, day))) {
        return OK;
    }
    Date first = instant_date(p->since);
    issue.period_text = first == day - 1
                            ? date_chinese(cx->arena, first)
                            : str_printf(cx->arena, "%s至%s", date_chinese(cx->arena, first).p,
                                         date_chinese(cx->arena, day - 1).p);
    int64_t counted_us = clock_monotonic_us();
    TRY(courts_issue(cx, &issue));
    TRY(provinces_issue(cx, &issue));
    log_text(LOG_INFO, "circular",
             "%s of %s: counted in %" PRId64 " ms, %" PRIu32 " issued in %" PRId64 " ms",
             issue.kind.p, issue.day.p, (counted_us - from_us) / 1000, issue.made,
             (clock_monotonic_us() - counted_us) / 1000);
    return OK;
}

static enum status daily_run(struct cx *cx, const struct house *house, Instant at, Instant until,
                             Instant *next)
{
    bool begun = false;
    TRY(circulars_run(cx, house, false, at, &begun));
    *next = begun ? *next : daily_after(until);
    return OK;
}

static enum status weekly_run(struct cx *cx, const struct house *house, Instant at, Instant until,
                              Instant *next)
{
    bool begun = false;
    TRY(circulars_run(cx, house, true, at, &begun));
    *next = begun ? *next : weekly_after(until);
    return OK;
}

const struct schedule_rule circular_rules[CIRCULAR_RULES] = {
    {"circular-daily", daily_after, daily_run},
    {"circular-weekly", weekly_after, weekly_run},
};

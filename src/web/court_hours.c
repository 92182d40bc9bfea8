/* When a court is open: shown to everybody, changed by its leader from a day on. What a change
 * would move is counted and shown before it is made. */
#include <inttypes.h>

#include "base/json.h"
#include "flow/view.h"
#include "law/hours.h"
#include "law/period.h"
#include "record/audit.h"
#include "record/running.h"
#include "web/again.h"
#include "web/contact.h"
#include "web/handlers.h"

enum { FIELDS_OF_TIME = 4, AHEAD_MAX_DAYS = 400 };

static const char *const time_fields[FIELDS_OF_TIME] = {"am_start", "am_end", "pm_start", "pm_end"};

struct changing {
    const struct court *court;
    struct court_hours row;
    bool preview; /* only say what it would do */
    uint32_t running;
    uint32_t moved;
    struct running_clock *clocks;
    int64_t version;
    struct script *script;
};

static const struct law_tables *tables_of(const struct call *call)
{
    return tables_current(call->app->tables);
}

/* --- showing --- */

static Str time_text(struct arena *arena, bool empty, int minutes)
{
    return empty ? (Str){"", 0} : str_printf(arena, "%02d:%02d", minutes / 60, minutes % 60);
}

static struct value *row_value(struct arena *arena, const struct court_hours *row)
{
    struct value *view = value_map(arena);
    bool no_am = row->am_start >= row->am_end;
    bool no_pm = row->pm_start >= row->pm_end;
    const int minutes[FIELDS_OF_TIME] = {row->am_start, row->am_end, row->pm_start, row->pm_end};
    value_set(arena, view, "valid_from",
              row->valid_from == DATE_NONE ? NULL
                                           : value_str(arena, date_format(arena, row->valid_from)));
    value_set_str(arena, view, "weekday",
                  row->weekday == HOURS_ANY_DAY    ? STR("all")
                  : row->weekday == HOURS_THAT_DAY ? STR("day")
                                                   : str_printf(arena, "%d", row->weekday));
    for (int i = 0; i < FIELDS_OF_TIME; i++) {
        value_set_str(arena, view, time_fields[i],
                      time_text(arena, i < 2 ? no_am : no_pm, minutes[i]));
    }
    value_set_str(arena, view, "text", hours_text(arena, row));
    return view;
}

static struct value *hours_view(struct call *call, const struct court *court)
{
    struct arena *arena = call->cx->arena;
    const struct law_tables *tables = tables_of(call);
    struct value *view = value_map(arena);
    struct value *list = value_list(arena);
    struct value *may = value_map(arena);
    value_set(arena, view, "court", court_ref(arena, tables, court->code));
    value_set(arena, view, "hours", hours_value(arena, tables, court->code, clock_now()));
    for (int i = tables->hours_count; i > 0; i--) { /* the newest first */
        if (str_same(tables->hours[i - 1].court, court->code)) {
            value_add(arena, list, row_value(arena, &tables->hours[i - 1]));
        }
    }
    value_set(arena, view, "rows", list);
    value_set_bool(arena, may, "edit", contact_is_kept_by(call, court));
    value_set(arena, view, "may", may);
    return view;
}

static enum status court_of(struct call *call, const struct court **out)
{
    struct cx *cx = call->cx;
    *out = court_by_code(tables_of(call), call->args[0]);
    return *out != NULL ? OK : FAIL(cx, E_NOT_FOUND, "not-found", "no court of that code");
}

enum status hours_show(struct call *call)
{
    struct cx *cx = call->cx;
    const struct court *court = NULL;
    TRY(court_of(call, &court));
    return call_answer(call, hours_view(call, court), "hours");
}

/* --- what is said --- */

/* "9:00" and "09:00"; "" is -1. */
static bool minutes_read(Str text, int *out)
{
    int hour = 0;
    int minute = 0;
    size_t i = 0;
    *out = -1;
    if (text.n == 0) {
        return true;
    }
    for (; i < text.n && text.p[i] >= '0' && text.p[i] <= '9' && i < 2; i++) {
        hour = hour * 10 + (text.p[i] - '0');
    }
    if (i == 0 || text.n != i + 3 || text.p[i] != ':') {
        return false;
    }
    for (i++; i < text.n; i++) {
        if (text.p[i] < '0' || text.p[i] > '9') {
            return false;
        }
        minute = minute * 10 + (text.p[i] - '0');
    }
    *out = hour * 60 + minute;
    return hour <= 24 && minute <= 59 && *out <= 24 * 60;
}

static void times_read(struct call *call, struct court_hours *row)
{
    struct cx *cx = call->cx;
    int said[FIELDS_OF_TIME];
    bool ok = true;
    for (int i = 0; i < FIELDS_OF_TIME; i++) {
        Str text = str_trim(cx->arena, value_get_str(call->body, time_fields[i]));
        if (!minutes_read(text, &said[i])) {
            (void)cx_error(cx, time_fields[i], "ill-typed", "时间写成 09:00 这样");
            ok = false;
        }
    }
    for (int i = 0; ok && i < FIELDS_OF_TIME; i += 2) {
        if ((said[i] < 0) != (said[i + 1] < 0) || (said[i] >= 0 && said[i] >= said[i + 1])) {
            (void)cx_error(cx, time_fields[i + 1], "order", "请填写开始和结束，结束要晚于开始");
            ok = false;
        }
    }
    if (!ok) {
        return;
    }
    bool no_am = said[0] < 0;
    bool no_pm = said[2] < 0;
    if (!no_am && !no_pm && said[1] > said[2]) {
        (void)cx_error(cx, "pm_start", "order", "下午要在上午结束之后开始");
    }
    if (no_am && no_pm && row->weekday == HOURS_ANY_DAY) {
        (void)cx_error(cx, "am_start", "missing", "请至少填写上午或者下午的时间");
    }
    row->am_start = no_am ? 0 : said[0];
    row->am_end = no_am ? 0 : said[1];
    row->pm_start = no_pm ? 0 : said[2];
    row->pm_end = no_pm ? 0 : said[3];
}

static enum status row_read(struct call *call, struct changing *c)
{
    struct cx *cx = call->cx;
    Date today = instant_date(clock_now());
    Str from = str_trim(cx->arena, value_get_str(call->body, "valid_from"));
    Str weekday = str_trim(cx->arena, value_get_str(call->body, "weekday"));
    c->row = (struct court_hours){.court = c->court->code, .valid_from = today};
    if (from.n > 0 && !date_parse(from, &c->row.valid_from)) {
        (void)cx_error(cx, "valid_from", "ill-typed", "日期写成 2026-01-01 这样");
    } else if (c->row.valid_from < today || c->row.valid_from > today + AHEAD_MAX_DAYS) {
        (void)cx_error(cx, "valid_from", "out-of-range", "请填写今天或者以后一年内的日期");
    }
    if (str_is(weekday, "day")) {
        c->row.weekday = HOURS_THAT_DAY;
    } else if (weekday.n == 1 && weekday.p[0] >= '1' && weekday.p[0] <= '7') {
        c->row.weekday = weekday.p[0] - '0';
    } else if (weekday.n > 0 && !str_is(weekday, "all")) {
        (void)cx_error(cx, "weekday", "ill-typed", "请选择一项");
    }
    times_read(call, &c->row);
    return value_count(cx->failure.errors) == 0
               ? OK
               : FAIL(cx, E_INPUT, "fields", "hours of %.*s", STR_ARG(c->court->code));
}

/* --- what it would do --- */

static enum status running_read(struct cx *cx, struct sql *sql, void *arg)
{
    struct changing *c = arg;
    return running_list(cx, sql, c->court->code, &c->clocks, &c->running);
}

static enum status moved_count(struct call *call, struct changing *c)
{
    struct cx *cx = call->cx;
    struct law_tables with = hours_tables_with(cx->arena, tables_of(call), &c->row);
    TRY(store_read(cx, call->app->house.store, running_read, c));
    for (uint32_t i = 0; i < c->running; i++) {
        struct period_rule rule = {
            .unit = PERIOD_WORKING_MINUTES, .length = c->clocks[i].length, .court = c->court->code};
        struct period_answer answer = {0};
        TRY(period_due(cx, &with, &rule, c->clocks[i].started, &answer));
        c->moved += answer.due != c->clocks[i].due;
    }
    return OK;
}

/* --- doing it --- */

static enum status text_edit(struct cx *cx, Str text, void *arg, Str *out)
{
    const struct changing *c = arg;
    return hours_table_with(cx, text, &c->row, STR("entered by the court"), out);
}

static enum status audit_write_all(struct cx *cx, struct sql *sql, void *arg)
{
    const struct changing *c = arg;
    return script_run(cx, sql, c->script);
}

static enum status change_try(struct call *call)
{
    struct cx *cx = call->cx;
    struct changing *c = call->kept;
    struct audit audit = {.at = clock_now(),
                          .person = call->actor.person,
                          .what = STR("change-hours"),
                          .subject = str_printf(cx->arena, "court:%s", c->court->code.p)};
    TRY(moved_count(call, c));
    if (c->preview) {
        return OK;
    }
    TRY(tables_edit(cx, call->app->tables, TABLE_HOURS, text_edit, c, call->actor.person,
                    clock_now(), &c->version));
    c->script = script_new(cx->arena);
    struct value *detail = row_value(cx->arena, &c->row);
    value_set_int(cx->arena, detail, "version", c->version);
    audit.detail = json_write(cx->arena, detail);
    TRY(sequence_next(cx, call->app->house.sequence, &audit.id));
    audit_write(c->script, &audit);
    TRY(store_write(cx, call->app->house.store, WRITE_INTERACTIVE, audit_write_all, c));
    call->app->wake_jobs(call->app->wake_arg); /* running clocks are counted again */
    return OK;
}

static enum status change_slow(struct call *call)
{
    (void)change_try(call); /* a refusal is answered by changed() */
    return OK;
}

static enum status changed(struct call *call)
{
    struct cx *cx = call->cx;
    const struct changing *c = call->kept;
    struct failure failure = cx->failure;
    cx_forgive(cx);
    struct value *view = hours_view(call, c->court);
    if (failure.status != OK || c->preview) {
        value_set(cx->arena, view, "said", value_merge(cx->arena, call->body, NULL));
    }
    if (failure.status != OK) {
        cx->failure = failure;
        return call_again(call, failure.status, "hours", view);
    }
    struct value *effect = value_map(cx->arena);
    value_set(cx->arena, effect, "row", row_value(cx->arena, &c->row));
    value_set_int(cx->arena, effect, "running", c->running);
    value_set_int(cx->arena, effect, "moved", c->moved);
    value_set(cx->arena, view, c->preview ? "preview" : "done", effect);
    if (c->preview) {
        return call_answer(call, view, "hours");
    }
    return call_done(
        call,
        str_printf(cx->arena, "/courts/%s/hours", text_percent_encode(cx->arena, c->court->code).p),
        view);
}

enum status hours_change(struct call *call)
{
    struct cx *cx = call->cx;
    struct changing *c = arena_new(cx->arena, struct changing);
    call->kept = c;
    TRY(court_of(call, &c->court));
    if (!contact_is_kept_by(call, c->court)) {
        return FAIL(cx, E_DENIED, "denied", "not the leader of this court");
    }
    c->preview = call->body_is_form ? !str_is(value_get_str(call->body, "_do"), "yes")
                                    : value_get_bool(call->body, "preview");
    return row_read(call, c) != OK ? changed(call) : call_slow(call, change_slow, changed);
}

/* When the platform did not work: notices for everybody, announcements by an administrator. */
#include "web/outage.h"

#include <inttypes.h>

#include "base/json.h"
#include "record/audit.h"
#include "web/again.h"
#include "web/handlers.h"

enum { AHEAD_MAX_DAYS = 400, LASTS_MAX_DAYS = 14, TEXT_CHARS_MAX = 200, FUNCTION_BOXES_MAX = 8 };

/* --- one row --- */

const char *outage_kind_title(Str kind)
{
    return str_is(kind, "planned") ? "事先公告的停用"
           : str_is(kind, "gap")   ? "平台停止运行（自动记录）"
                                   : "功能故障（自动记录）";
}

Str outage_lasted(struct arena *arena, Instant since, Instant until)
{
    int64_t minutes = (until - since) / MINUTE_MS;
    int64_t hours = minutes / 60;
    if (minutes == 0) {
        return STR("不到1分钟");
    }
    if (hours == 0) {
        return str_printf(arena, "%" PRId64 "分钟", minutes);
    }
    return minutes % 60 == 0
               ? str_printf(arena, "%" PRId64 "小时", hours)
               : str_printf(arena, "%" PRId64 "小时%" PRId64 "分", hours, minutes % 60);
}

static void set_instant(struct arena *arena, struct value *view, const char *name, Instant at)
{
    value_set(arena, view, name, at == 0 ? NULL : value_str(arena, instant_format(arena, at)));
}

struct value *outage_view(struct arena *arena, const struct outage *o, Instant now)
{
    struct value *view = value_map(arena);
    bool planned = str_is(o->kind, "planned");
    value_set_str(arena, view, "id", str_printf(arena, "%" PRId64, o->id));
    value_set_text(arena, view, "function", outage_function_name(o->function));
    value_set_text(arena, view, "function_title", outage_function_title(o->function));
    value_set_str(arena, view, "kind", o->kind);
    value_set_text(arena, view, "kind_title", outage_kind_title(o->kind));
    set_instant(arena, view, "since", o->since);
    set_instant(arena, view, "until", o->until);
    value_set_bool(arena, view, "lasts",
                   o->cancelled == 0 && o->since <= now && (o->until == 0 || o->until > now));
    value_set_bool(arena, view, "ahead", o->cancelled == 0 && o->since > now);
    value_set_str(arena, view, "text", o->text);
    set_instant(arena, view, "announced_at", planned ? o->at : 0);
    set_instant(arena, view, "cancelled", o->cancelled);
    return view;
}

/* --- the notices --- */

struct notices_look {
    enum outage_function function;
    Instant before, now;
    Id before_id;
    uint32_t limit;
    struct outage *list;
    uint32_t count;
    struct outage *open; /* that last now, of any function */
    uint32_t open_count;
};

static enum status notices_read(struct cx *cx, struct sql *sql, void *arg)
{
    struct notices_look *look = arg;
    TRY(outage_lasting(cx, sql, look->now, &look->open, &look->open_count));
    return outage_list(cx, sql, look->function, look->before, look->before_id, look->limit,
                       &look->list, &look->count);
}

/* Each function, and since when it does not work, if so. */
static struct value *functions_view(struct arena *arena, const struct notices_look *look)
{
    struct value *list = value_list(arena);
    for (int f = OUTAGE_FILING; f < OUTAGE_FUNCTIONS; f++) {
        struct value *row = value_map(arena);
        Instant since = 0;
        for (uint32_t i = 0; i < look->open_count; i++) {
            const struct outage *o = &look->open[i];
            if ((int)o->function == f || o->function == OUTAGE_ALL) {
                since = since == 0 || o->since < since ? o->since : since;
            }
        }
        value_set_text(arena, row, "function", outage_function_name((enum outage_function)f));
        value_set_text(arena, row, "title", outage_function_title((enum outage_function)f));
        value_set_bool(arena, row, "works", since == 0);
        set_instant(arena, row, "since", since);
        value_add(arena, list, row);
    }
    return list;
}

static Str next_of(struct arena *arena, const struct notices_look *look)
{
    const struct outage *last = &look->list[look->count - 1];
    return str_printf(arena, "/outages?function=%s&before=%" PRId64 ",%" PRId64 "&limit=%u",
                      look->function == OUTAGE_FUNCTIONS ? ""
                                                         : outage_function_name(look->function),
                      last->since, last->id, look->limit - 1);
}

static enum status notices_look(struct call *call, struct notices_look *look)
{
    struct cx *cx = call->cx;
    Str *before = NULL;
    Str function = call_param(call, "function");
    *look = (struct notices_look){
        .function = OUTAGE_FUNCTIONS, .now = clock_now(), .limit = call_limit(call) + 1};
    if (function.n > 0 && !outage_function_parse(function, &look->function)) {
        (void)cx_error(cx, "function", "unknown", "没有这项功能");
        return FAIL(cx, E_INPUT, "fields", "function %.40s", function.p);
    }
    if (str_split(cx->arena, call_param(call, "before"), ',', &before) == 2) {
        (void)str_int(before[0], &look->before);
        (void)str_int(before[1], &look->before_id);
    }
    return store_read(cx, call->app->house.store, notices_read, look);
}

static struct value *notices_view(struct call *call, struct notices_look *look)
{
    struct arena *arena = call->cx->arena;
    struct value *view = value_map(arena);
    struct value *list = value_list(arena);
    bool more = look->count == look->limit;
    look->count -= more ? 1 : 0;
    for (uint32_t i = 0; i < look->count; i++) {
        value_add(arena, list, outage_view(arena, &look->list[i], look->now));
    }
    value_set_str(arena, view, "now", instant_format(arena, look->now));
    value_set(arena, view, "functions", functions_view(arena, look));
    value_set(arena, view, "outages", list);
    value_set(arena, view, "next", more ? value_str(arena, next_of(arena, look)) : NULL);
    return view;
}

enum status outages_show(struct call *call)
{
    struct cx *cx = call->cx;
    struct notices_look look;
    TRY(notices_look(call, &look));
    return call_answer(call, notices_view(call, &look), "outages");
}

/* --- announcing --- */

enum status admin_outages(struct call *call)
{
    struct cx *cx = call->cx;
    struct notices_look look;
    TRY(notices_look(call, &look));
    return call_answer(call, notices_view(call, &look), "admin-outages");
}

struct announcing {
    enum outage_function functions[OUTAGE_FUNCTIONS];
    uint32_t count;
    Instant since, until;
    Str text;
};

/* "2026-03-02T10:20" in Beijing of a page, RFC 3339 of a program. */
static bool instant_said(struct arena *arena, Str text, Instant *out)
{
    return instant_parse(text, out) || instant_parse(str_printf(arena, "%s:00+08:00", text.p), out);
}

static void function_say(struct cx *cx, struct announcing *a, Str name)
{
    enum outage_function function = OUTAGE_ALL;
    if (!outage_function_parse(name, &function)) {
        (void)cx_error(cx, "function", "unknown", "请选择一项功能");
        return;
    }
    for (uint32_t i = 0; i < a->count; i++) {
        if (a->functions[i] == function) {
            return;
        }
    }
    a->functions[a->count++] = function;
}

static void times_read(struct call *call, struct announcing *a)
{
    struct cx *cx = call->cx;
    Instant now = clock_now();
    Str since = str_trim(cx->arena, value_get_str(call->body, "since"));
    Str until = str_trim(cx->arena, value_get_str(call->body, "until"));
    if (!instant_said(cx->arena, since, &a->since)) {
        (void)cx_error(cx, "since", since.n == 0 ? "missing" : "ill-typed", "请填写开始的时间");
    } else if (a->since <= now || a->since > now + AHEAD_MAX_DAYS * DAY_MS) {
        (void)cx_error(cx, "since", "out-of-range", "要在停用之前公告：请填写以后一年内的时间");
    }
    if (!instant_said(cx->arena, until, &a->until)) {
        (void)cx_error(cx, "until", until.n == 0 ? "missing" : "ill-typed", "请填写恢复的时间");
    } else if (a->until <= a->since || a->until > a->since + LASTS_MAX_DAYS * DAY_MS) {
        (void)cx_error(cx, "until", "order", "恢复要晚于开始，一次不超过14日");
    }
}

static enum status announcing_read(struct call *call, struct announcing *a)
{
    struct cx *cx = call->cx;
    const struct value *functions = value_get(call->body, "functions");
    Str one = value_get_str(call->body, "function");
    for (uint32_t i = 0; i < value_count(functions) && i < FUNCTION_BOXES_MAX; i++) {
        function_say(cx, a, value_as_str(value_item(functions, i)));
    }
    if (one.n > 0 || a->count == 0) {
        function_say(cx, a, one);
    }
    times_read(call, a);
    a->text = str_trim(cx->arena, value_get_str(call->body, "text"));
    if (a->text.n == 0 || utf8_count(a->text) > TEXT_CHARS_MAX || !text_is_fit(a->text, true)) {
        (void)cx_error(cx, "text", a->text.n == 0 ? "missing" : "too-long",
                       "请用不超过200个字写明原因和影响");
    }
    return value_count(cx->failure.errors) == 0 ? OK : FAIL(cx, E_INPUT, "fields", "announcing");
}

static enum status audit_add(struct call *call, struct script *script, const char *what, Id outage,
                             struct value *detail)
{
    struct cx *cx = call->cx;
    struct audit audit = {.at = clock_now(),
                          .person = call->actor.person,
                          .what = str_of(what),
                          .subject = str_printf(cx->arena, "outage:%" PRId64, outage),
                          .detail = json_write(cx->arena, detail)};
    TRY(sequence_next(cx, call->app->house.sequence, &audit.id));
    audit_write(script, &audit);
    return OK;
}

static enum status announcing_add(struct call *call, struct script *script,
                                  const struct announcing *a, enum outage_function function)
{
    struct cx *cx = call->cx;
    struct outage outage = {.function = function,
                            .kind = STR("planned"),
                            .since = a->since,
                            .until = a->until,
                            .text = a->text,
                            .person = call->actor.person,
                            .at = clock_now()};
    struct value *detail = value_map(cx->arena);
    TRY(sequence_next(cx, call->app->house.sequence, &outage.id));
    outage_write(script, &outage);
    value_set_text(cx->arena, detail, "function", outage_function_name(function));
    set_instant(cx->arena, detail, "since", a->since);
    set_instant(cx->arena, detail, "until", a->until);
    return audit_add(call, script, "announce-outage", outage.id, detail);
}

static enum status changed(struct call *call)
{
    struct cx *cx = call->cx;
    struct notices_look look;
    TRY(notices_look(call, &look));
    return call_done(call, STR("/admin/outages"), notices_view(call, &look));
}

enum status outage_announce(struct call *call)
{
    struct cx *cx = call->cx;
    struct announcing a = {.count = 0};
    struct script *script = script_new(cx->arena);
    enum status status = announcing_read(call, &a);
    if (status != OK) {
        cx_arg(cx, "count", str_printf(cx->arena, "%" PRIu32, value_count(cx->failure.errors)));
        struct failure failure = cx->failure;
        struct notices_look look;
        cx_forgive(cx);
        TRY(notices_look(call, &look));
        struct value *view = notices_view(call, &look);
        value_set(cx->arena, view, "said", value_merge(cx->arena, call->body, NULL));
        cx->failure = failure;
        return call_again(call, status, "admin-outages", view);
    }
    for (uint32_t i = 0; i < a.count; i++) {
        TRY(announcing_add(call, script, &a, a.functions[i]));
    }
    return call_script(call, script, changed);
}

/* --- taking it back --- */

struct one_look {
    Id id;
    struct outage *outage;
};

static enum status one_read(struct cx *cx, struct sql *sql, void *arg)
{
    struct one_look *look = arg;
    return outage_find(cx, sql, look->id, &look->outage);
}

enum status outage_take_back(struct call *call)
{
    struct cx *cx = call->cx;
    struct one_look look = {.outage = NULL};
    struct script *script = script_new(cx->arena);
    TRY(call_id(call, 0, &look.id));
    TRY(store_read(cx, call->app->house.store, one_read, &look));
    if (look.outage == NULL) {
        return FAIL(cx, E_NOT_FOUND, "not-found", "no outage %" PRId64, look.id);
    }
    if (!str_is(look.outage->kind, "planned") || look.outage->since <= clock_now() ||
        look.outage->cancelled != 0) {
        cx_arg(cx, "now", STR("已经开始、已经取消，或者不是公告的停用，不能取消。"));
        return FAIL(cx, E_STATE, "state", "outage %" PRId64 " cannot be cancelled", look.id);
    }
    outage_cancel(script, look.id, clock_now());
    TRY(audit_add(call, script, "cancel-outage", look.id, value_map(cx->arena)));
    return call_script(call, script, changed);
}

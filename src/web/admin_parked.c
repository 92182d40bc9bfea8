/* The administrator: what was given up. He sees why, sets it going again, or drops a message with
 * a reason; each of these is in the audit, whose newest rows stand on the page. */
#include <inttypes.h>

#include "base/json.h"
#include "law/identifier.h"
#include "record/code.h"
#include "record/parked.h"
#include "web/account.h"
#include "web/admin_recent.h"
#include "web/again.h"
#include "web/handlers.h"

enum { REASON_MAX = 200 };

static const char *const letters_whats[] = {"retry-message", "drop-message", NULL};
static const char *const jobs_whats[] = {"retry-job", NULL};
static const char *const clocks_whats[] = {"retry-clock", "clock-parked", NULL};

/* --- jobs and messages --- */

struct jobs_look {
    struct keys *keys;
    bool messages;
    Id after;
    uint32_t limit;
    struct parked_job *jobs;
    uint32_t count;
    Str *to; /* of messages: phone or address, "" when nobody is there any more */
};

static enum status jobs_read(struct cx *cx, struct sql *sql, void *arg)
{
    struct jobs_look *look = arg;
    TRY(parked_jobs(cx, sql, look->messages, look->after, look->limit, &look->jobs, &look->count));
    look->to = arena_array(cx->arena, Str, look->count);
    for (uint32_t i = 0; i < look->count && look->messages; i++) {
        Str text = {"", 0};
        if (message_open(cx, look->keys, sql, look->jobs[i].payload, &look->to[i], &text) != OK) {
            cx_forgive(cx); /* it cannot be read: perhaps that is why it is here */
            look->to[i] = (Str){"", 0};
        }
    }
    return OK;
}

static const char *job_title(Str kind)
{
    static const char *const titles[][2] = {
        {"paper", "生成文书"}, {"message", "发送短信、邮件"}, {"scan", "检查文件"},
        {"pages", "合成照片"}, {"automatic", "自动办理"},     {"drill", "组织演练"},
        {"batch", "批量立案"}};
    for (size_t i = 0; i < sizeof titles / sizeof titles[0]; i++) {
        if (str_is(kind, titles[i][0])) {
            return titles[i][1];
        }
    }
    return kind.p;
}

static struct value *job_view(struct arena *arena, const struct jobs_look *look, uint32_t i)
{
    const struct parked_job *j = &look->jobs[i];
    struct value *row = value_map(arena);
    value_set_str(arena, row, "id", str_printf(arena, "%" PRId64, j->id));
    value_set_str(arena, row, "kind", j->kind);
    value_set_text(arena, row, "title", job_title(j->kind));
    value_set_int(arena, row, "attempts", j->attempts);
    value_set_str(arena, row, "due", instant_format(arena, j->due));
    value_set_str(arena, row, "last_error", j->last_error);
    if (look->messages) {
        value_set(arena, row, "to",
                  look->to[i].n == 0 ? NULL
                                     : value_str(arena, identifier_mask(arena,
                                                                        str_has(look->to[i], "@")
                                                                            ? IDENTIFIER_EMAIL
                                                                            : IDENTIFIER_MOBILE,
                                                                        look->to[i])));
    }
    return row;
}

static enum status jobs_view(struct call *call, bool messages, struct value *view)
{
    struct cx *cx = call->cx;
    const char *path = messages ? "/admin/dead-letters" : "/admin/jobs";
    struct jobs_look look = {
        .keys = call->app->house.keys, .messages = messages, .limit = call_limit(call) + 1};
    struct value *list = value_list(cx->arena);
    if (!str_int(call_param(call, "after"), &look.after)) {
        look.after = 0;
    }
    TRY(store_read(cx, call->app->house.store, jobs_read, &look));
    bool more = look.count == look.limit;
    uint32_t count = look.count - (more ? 1 : 0);
    for (uint32_t i = 0; i < count; i++) {
        value_add(cx->arena, list, job_view(cx->arena, &look, i));
    }
    value_set(cx->arena, view, messages ? "messages" : "jobs", list);
    value_set(
        cx->arena, view, "next",
        more ? value_str(cx->arena, str_printf(cx->arena, "%s?limit=%" PRIu32 "&after=%" PRId64,
                                               path, call_limit(call), look.jobs[count - 1].id))
             : NULL);
    return admin_recent(call, messages ? letters_whats : jobs_whats, view);
}

enum status admin_jobs(struct call *call)
{
    struct cx *cx = call->cx;
    struct value *view = value_map(cx->arena);
    TRY(jobs_view(call, false, view));
    return call_answer(call, view, "admin-jobs");
}

enum status admin_letters(struct call *call)
{
    struct cx *cx = call->cx;
    struct value *view = value_map(cx->arena);
    TRY(jobs_view(call, true, view));
    return call_answer(call, view, "admin-letters");
}

static enum status retried(struct call *call)
{
    call->app->wake_jobs(call->app->wake_arg);
    Str back = back_of(call);
    return call->json ? call_empty(call, 204)
                      : call_done(call, str_is(back, "/") ? STR("/admin/jobs") : back, NULL);
}

enum status admin_job_retry(struct call *call)
{
    struct cx *cx = call->cx;
    struct script *script = script_new(cx->arena);
    bool letter = str_is(value_get_str(call->body, "back"), "/admin/dead-letters");
    Id id = 0;
    TRY(call_id(call, 0, &id));
    parked_job_retry(script, id, clock_machine());
    TRY(account_audit(call, script, letter ? "retry-message" : "retry-job", 0,
                      str_printf(cx->arena, "{\"job\":\"%" PRId64 "\"}", id)));
    return call_script(call, script, retried);
}

/* --- dropping a message --- */

struct dropping {
    Id id;
    struct script *audit;
};

static enum status dropping_write(struct cx *cx, struct sql *sql, void *arg)
{
    const struct dropping *d = arg;
    bool dropped = false;
    TRY(parked_message_drop(cx, sql, d->id, &dropped));
    return dropped ? script_run(cx, sql, d->audit)
                   : FAIL(cx, E_STATE, "not-parked", "no such message, or it goes on");
}

static enum status letter_dropped(struct call *call)
{
    return call->json ? call_empty(call, 204) : call_done(call, STR("/admin/dead-letters"), NULL);
}

static enum status drop_refused(struct call *call)
{
    struct cx *cx = call->cx;
    struct failure failure = cx->failure;
    struct value *view = value_map(cx->arena);
    cx_forgive(cx);
    TRY(jobs_view(call, true, view));
    value_set(cx->arena, view, "said", value_merge(cx->arena, call->body, NULL));
    value_set_str(cx->arena, view, "said_id", call->args[0]);
    cx->failure = failure;
    return call_again(call, failure.status, "admin-letters", view);
}

enum status admin_letter_drop(struct call *call)
{
    struct cx *cx = call->cx;
    struct dropping *d = arena_new(cx->arena, struct dropping);
    struct value *detail = value_map(cx->arena);
    Str reason = str_trim(cx->arena, value_get_str(call->body, "reason"));
    TRY(call_id(call, 0, &d->id));
    if (reason.n == 0 || utf8_count(reason) > REASON_MAX) {
        (void)account_refuse(cx, "reason", reason.n == 0 ? "missing" : "too-long",
                             reason.n == 0 ? "请写明为什么不再发" : "理由请写在200字以内");
        return drop_refused(call);
    }
    value_set_str(cx->arena, detail, "job", str_printf(cx->arena, "%" PRId64, d->id));
    value_set_str(cx->arena, detail, "reason", reason);
    d->audit = script_new(cx->arena);
    TRY(account_audit(call, d->audit, "drop-message", 0, json_write(cx->arena, detail)));
    return call_write(call, dropping_write, d, letter_dropped);
}

/* --- clocks --- */

struct clocks_look {
    Id after;
    int64_t after_n;
    uint32_t limit;
    struct parked_clock *clocks;
    uint32_t count;
};

static enum status clocks_read(struct cx *cx, struct sql *sql, void *arg)
{
    struct clocks_look *look = arg;
    return parked_clocks(cx, sql, look->after, look->after_n, look->limit, &look->clocks,
                         &look->count);
}

/* MATTER~N */
static bool clock_id_read(struct arena *arena, Str text, Id *matter, int64_t *n)
{
    Str *part = NULL;
    return str_split(arena, text, '~', &part) == 2 && str_int(part[0], matter) &&
           str_int(part[1], n) && *matter > 0;
}

static struct value *clock_view(struct call *call, const struct parked_clock *c)
{
    struct arena *arena = call->cx->arena;
    const struct house *house = &call->app->house;
    const struct court *court = court_by_code(house->tables(house->tables_arg), c->court);
    struct value *row = value_map(arena);
    struct value *at = value_map(arena);
    value_set_str(arena, at, "code", c->court);
    value_set_str(arena, at, "name", court == NULL ? c->court : court->name);
    value_set_str(arena, row, "id", str_printf(arena, "%" PRId64 "~%" PRId64, c->matter, c->n));
    value_set_str(arena, row, "title", c->title);
    value_set(arena, row, "court", at);
    value_set_str(arena, row, "due", instant_format(arena, c->due));
    value_set_str(arena, row, "woke", instant_format(arena, c->woke));
    value_set_int(arena, row, "attempts", c->attempts);
    value_set_str(arena, row, "fault", c->fault);
    return row;
}

enum status admin_clocks(struct call *call)
{
    struct cx *cx = call->cx;
    struct clocks_look look = {.limit = call_limit(call) + 1};
    struct value *view = value_map(cx->arena);
    struct value *list = value_list(cx->arena);
    if (!clock_id_read(cx->arena, call_param(call, "after"), &look.after, &look.after_n)) {
        look.after = 0;
        look.after_n = 0;
    }
    TRY(store_read(cx, call->app->house.store, clocks_read, &look));
    bool more = look.count == look.limit;
    uint32_t count = look.count - (more ? 1 : 0);
    for (uint32_t i = 0; i < count; i++) {
        value_add(cx->arena, list, clock_view(call, &look.clocks[i]));
    }
    value_set(cx->arena, view, "clocks", list);
    value_set(cx->arena, view, "next",
              more
                  ? value_str(cx->arena, str_printf(cx->arena,
                                                    "/admin/clocks?limit=%" PRIu32 "&after=%" PRId64
                                                    "~%" PRId64,
                                                    call_limit(call), look.clocks[count - 1].matter,
                                                    look.clocks[count - 1].n))
                  : NULL);
    TRY(admin_recent(call, clocks_whats, view));
    return call_answer(call, view, "admin-clocks");
}

struct waking {
    Id matter;
    int64_t n;
    struct script *audit;
};

static enum status waking_write(struct cx *cx, struct sql *sql, void *arg)
{
    const struct waking *w = arg;
    bool found = false;
    TRY(parked_clock_retry(cx, sql, w->matter, w->n, &found));
    return found ? script_run(cx, sql, w->audit)
                 : FAIL(cx, E_STATE, "not-parked", "no such clock, or it goes on");
}

static enum status clock_retried(struct call *call)
{
    call->app->wake_jobs(call->app->wake_arg);
    return call->json ? call_empty(call, 204) : call_done(call, STR("/admin/clocks"), NULL);
}

enum status admin_clock_retry(struct call *call)
{
    struct cx *cx = call->cx;
    struct waking *w = arena_new(cx->arena, struct waking);
    if (!clock_id_read(cx->arena, call->args[0], &w->matter, &w->n)) {
        return FAIL(cx, E_NOT_FOUND, "not-found", "no such clock");
    }
    w->audit = script_new(cx->arena);
    TRY(account_audit(call, w->audit, "retry-clock", 0,
                      str_printf(cx->arena, "{\"matter\":\"%" PRId64 "\",\"clock\":%" PRId64 "}",
                                 w->matter, w->n)));
    return call_write(call, waking_write, w, clock_retried);
}

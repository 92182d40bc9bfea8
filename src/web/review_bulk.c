/* Docketing in one go what the reviewer has looked at and what raises no doubt. Each is an act of
 * its own, with its own key, event and number; what cannot be docketed is named with its reason and
 * holds up nothing else. */
#include <inttypes.h>

#include "record/message.h"
#include "web/again.h"
#include "web/edit.h"
#include "web/handlers.h"
#include "web/keep.h"
#include "web/page_views.h"
#include "web/reviewing.h"
#include "web/stream.h"

enum { BULK_MAX = 50 };

struct entry {
    Id id;
    int64_t revision;
    struct plan *plan;          /* NULL: refused, or done before */
    const struct value *reason; /* {"code","title"} when refused */
    struct rows row;            /* title, number as they are now */
};

struct bulk {
    struct entry all[BULK_MAX];
    uint32_t count;
};

/* --- what is asked --- */

static bool entry_add(struct bulk *bulk, Id id, int64_t revision)
{
    for (uint32_t i = 0; i < bulk->count; i++) {
        if (bulk->all[i].id == id) {
            return true; /* twice is once */
        }
    }
    if (bulk->count == BULK_MAX) {
        return false;
    }
    bulk->all[bulk->count++] = (struct entry){.id = id, .revision = revision};
    return true;
}

/* {"id","revision"} in JSON, "ID:REVISION" in a form. */
static bool entry_read(struct arena *arena, const struct value *said, Id *id, int64_t *revision)
{
    Str *parts = NULL;
    if (value_is_map(said)) {
        *revision = value_get_int(said, "revision");
        return str_int(value_get_str(said, "id"), id) && *revision > 0;
    }
    return str_split(arena, value_as_str(said), ':', &parts) == 2 && str_int(parts[0], id) &&
           str_int(parts[1], revision);
}

static enum status bulk_read(struct call *call, struct bulk *bulk)
{
    struct cx *cx = call->cx;
    const struct value *said =
        call->body_is_form ? keep_all(call, "matters") : value_get(call->body, "matters");
    for (uint32_t i = 0; i < value_count(said); i++) {
        Id id = 0;
        int64_t revision = 0;
        if (!value_is_list(said) || !entry_read(cx->arena, value_item(said, i), &id, &revision)) {
            (void)cx_error(cx, "matters", "ill-typed", "请选择要立案的申请");
            return FAIL(cx, E_INPUT, "fields", "no list of matters");
        }
        if (!entry_add(bulk, id, revision)) {
            (void)cx_error(cx, "matters", "too-many", "一次最多50件");
            return FAIL(cx, E_INPUT, "fields", "too many matters");
        }
    }
    if (bulk->count == 0) {
        (void)cx_error(cx, "matters", "missing", "请选择要立案的申请");
        return FAIL(cx, E_INPUT, "fields", "nothing chosen");
    }
    return OK;
}

/* --- one of them --- */

struct one_look {
    struct call *call;
    Id id;
    struct seen seen;
    int64_t looked;
};

static enum status one_read(struct cx *cx, struct sql *sql, void *arg)
{
    struct one_look *look = arg;
    TRY(looked_find(cx, sql, look->id, look->call->actor.person, &look->looked));
    return matter_see(cx, &look->call->app->house, sql, &look->call->actor, look->id, &look->seen);
}

static enum status one_prepare(struct call *call, struct entry *entry, Str key)
{
    struct cx *cx = call->cx;
    struct one_look look = {.call = call, .id = entry->id};
    int64_t replayed = 0;
    struct act_request request = {
        .actor = &call->actor,
        .matter = entry->id,
        .act = STR("docket"),
        .values = matter_values_said(call),
        .from_form = call->body_is_form,
        .revision = entry->revision,
        .key = str_printf(cx->arena, "%.*s:%" PRId64, STR_ARG(key), entry->id),
        .request = call_request_hash(call)};
    if (call->body_is_form) {
        struct value *values = value_merge(cx->arena, request.values, NULL);
        value_remove(values, "matters");
        request.values = values;
    }
    TRY(store_read(cx, call->app->house.store, one_read, &look));
    if (procedure_act(look.seen.procedure, request.act) == NULL) {
        return FAIL(cx, E_NOT_FOUND, "not-found", "no docketing here");
    }
    bool open = look.seen.matter->revision == entry->revision;
    if (open && look.looked != entry->revision) {
        return FAIL(cx, E_STATE, "not-looked-at", "matter %" PRId64, entry->id);
    }
    if (open && value_count(page_findings_of(call, &look.seen)) > 0) {
        return FAIL(cx, E_STATE, "not-clean", "matter %" PRId64, entry->id);
    }
    TRY(act_prepare(cx, &call->app->house, &request, &entry->plan, &replayed));
    return entry->plan == NULL ? OK : reviewing_check(call, entry->id, false, NULL);
}

/* A refusal of one is part of the answer; a fault of ours ends all. */
static enum status one_try(struct call *call, struct entry *entry, Str key)
{
    struct cx *cx = call->cx;
    enum status status = one_prepare(call, entry, key);
    if (status == OK || status == E_BUG || status == E_STORE || status == E_AGAIN) {
        return status;
    }
    struct value *reason = value_map(cx->arena);
    const struct value *first =
        value_item(cx->failure.errors != NULL ? cx->failure.errors : cx->failure.warnings, 0);
    message_fill(call->app->messages, cx->arena, cx->failure.errors);
    message_fill(call->app->messages, cx->arena, cx->failure.warnings);
    value_set_text(cx->arena, reason, "code", cx->failure.code);
    value_set_str(cx->arena, reason, "title",
                  first != NULL ? value_get_str(first, "title")
                                : message_title(call->app->messages, cx->arena, cx->failure.code,
                                                cx->failure.args));
    entry->reason = reason;
    entry->plan = NULL;
    cx_forgive(cx);
    return OK;
}

/* --- all of them --- */

static enum status bulk_apply(struct cx *cx, struct sql *sql, void *arg)
{
    struct bulk *bulk = arg;
    for (uint32_t i = 0; i < bulk->count; i++) {
        if (bulk->all[i].plan != NULL) {
            TRY(plan_apply(cx, sql, bulk->all[i].plan));
        }
    }
    return OK;
}

static enum status rows_read(struct cx *cx, struct sql *sql, void *arg)
{
    struct bulk *bulk = arg;
    for (uint32_t i = 0; i < bulk->count; i++) {
        TRY(sql_later(cx, sql, SQL("SELECT title, case_number FROM matter WHERE id = ?1"),
                      ARGS(SQL_I(bulk->all[i].id)), &bulk->all[i].row));
    }
    return sql_flush(cx, sql);
}

static enum status bulk_answer(struct call *call)
{
    struct cx *cx = call->cx;
    struct bulk *bulk = call->kept;
    struct value *list = value_list(cx->arena);
    struct value *view = value_map(cx->arena);
    uint32_t docketed = 0;
    TRY(store_read(cx, call->app->house.store, rows_read, bulk));
    for (uint32_t i = 0; i < bulk->count; i++) {
        const struct entry *e = &bulk->all[i];
        struct value *row = value_map(cx->arena);
        bool seen = e->reason == NULL ||
                    !str_is(value_get_str(e->reason, "code"), "not-found"); /* 404 tells nothing */
        if (e->plan != NULL) {
            streams_tell_plan(call->app->streams, e->plan);
        }
        docketed += e->reason == NULL;
        value_set_str(cx->arena, row, "id", str_printf(cx->arena, "%" PRId64, e->id));
        value_set(cx->arena, row, "title",
                  seen && e->row.count == 1 ? value_str(cx->arena, row_str(&e->row, 0, 0)) : NULL);
        value_set(cx->arena, row, "case_number",
                  e->reason == NULL && e->row.count == 1
                      ? value_str(cx->arena, row_str(&e->row, 0, 1))
                      : NULL);
        value_set(cx->arena, row, "refused", e->reason);
        value_add(cx->arena, list, row);
    }
    call->app->wake_jobs(call->app->wake_arg);
    value_set(cx->arena, view, "results", list);
    value_set_int(cx->arena, view, "docketed", docketed);
    value_set_int(cx->arena, view, "refused", bulk->count - docketed);
    return call_answer(call, view, "review-docketed");
}

enum status review_docket(struct call *call)
{
    struct cx *cx = call->cx;
    struct bulk *bulk = arena_new(cx->arena, struct bulk);
    Str key = {"", 0};
    bool any = false;
    if (!str_is(call->actor.post, "reviewer")) {
        return FAIL(cx, E_DENIED, "denied", "not a reviewer");
    }
    TRY(bulk_read(call, bulk));
    TRY(call_key(call, &key));
    for (uint32_t i = 0; i < bulk->count; i++) {
        TRY(one_try(call, &bulk->all[i], key));
        any = any || bulk->all[i].plan != NULL;
    }
    call->kept = bulk;
    return any ? call_write(call, bulk_apply, bulk, bulk_answer) : bulk_answer(call);
}

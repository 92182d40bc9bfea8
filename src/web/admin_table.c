/* The administrator: tables of law and courts, and the audit. */
#include <inttypes.h>

#include "record/audit.h"
#include "web/account.h"
#include "web/admin_recent.h"
#include "web/again.h"
#include "web/handlers.h"

/* --- tables --- */

static const char *const tables_whats[] = {"load-table", "change-hours", NULL};

struct tables_look {
    struct table_row *rows;
    uint32_t count;
    enum table_kind kind;
    int64_t version;
    Str text;
};

static enum status tables_read(struct cx *cx, struct sql *sql, void *arg)
{
    struct tables_look *look = arg;
    return table_rows_list(cx, sql, &look->rows, &look->count);
}

static enum status tables_view(struct call *call, struct value *view)
{
    struct cx *cx = call->cx;
    struct tables_look look = {0};
    struct value *list = value_list(cx->arena);
    TRY(store_read(cx, call->app->house.store, tables_read, &look));
    for (uint32_t i = look.count; i > 0; i--) { /* the newest of a kind first */
        const struct table_row *t = &look.rows[i - 1];
        struct value *row = value_map(cx->arena);
        value_set_text(cx->arena, row, "kind", table_kind_name(t->kind));
        value_set_int(cx->arena, row, "version", t->version);
        value_set(cx->arena, row, "valid_from",
                  t->valid_from == DATE_NONE
                      ? NULL
                      : value_str(cx->arena, date_format(cx->arena, t->valid_from)));
        value_set_str(cx->arena, row, "sm3", hash_hex(cx->arena, t->sm3));
        value_set(cx->arena, row, "loaded_by",
                  t->loaded_by == 0
                      ? NULL
                      : value_str(cx->arena, str_printf(cx->arena, "%" PRId64, t->loaded_by)));
        value_set_str(cx->arena, row, "at", instant_format(cx->arena, t->at));
        value_add(cx->arena, list, row);
    }
    value_set(cx->arena, view, "tables", list);
    value_set_str(cx->arena, view, "version", tables_current(call->app->tables)->version);
    return admin_recent(call, tables_whats, view);
}

enum status admin_tables(struct call *call)
{
    struct cx *cx = call->cx;
    struct value *view = value_map(cx->arena);
    TRY(tables_view(call, view));
    return call_answer(call, view, "admin-tables");
}

struct loading {
    enum table_kind kind;
    Str text;
    Date valid_from;
    int64_t version;
    struct script *script;
};

static enum status loading_write(struct cx *cx, struct sql *sql, void *arg)
{
    const struct loading *l = arg;
    return script_run(cx, sql, l->script);
}

static enum status loading_try(struct call *call)
{
    struct cx *cx = call->cx;
    struct loading *l = call->kept;
    TRY(tables_replace(cx, call->app->tables, l->kind, l->text, l->valid_from, call->actor.person,
                       clock_now(), &l->version));
    l->script = script_new(cx->arena);
    TRY(account_audit(call, l->script, "load-table", 0,
                      str_printf(cx->arena, "{\"kind\":\"%s\",\"version\":%" PRId64 "}",
                                 table_kind_name(l->kind), l->version)));
    TRY(store_write(cx, call->app->house.store, WRITE_INTERACTIVE, loading_write, l));
    call->app->wake_jobs(call->app->wake_arg);
    return OK;
}

static enum status loading_slow(struct call *call)
{
    (void)loading_try(call); /* a refusal is answered by loaded() */
    return OK;
}

static enum status loaded(struct call *call)
{
    struct cx *cx = call->cx;
    const struct loading *l = call->kept;
    struct value *view = value_map(cx->arena);
    if (cx->failure.status != OK) {
        enum status status = cx->failure.status;
        struct failure failure = cx->failure;
        cx_forgive(cx);
        TRY(tables_view(call, view));
        value_set(cx->arena, view, "said", value_merge(cx->arena, call->body, NULL));
        cx->failure = failure;
        return call_again(call, status, "admin-tables", view);
    }
    value_set_text(cx->arena, view, "kind", table_kind_name(l->kind));
    value_set_int(cx->arena, view, "version", l->version);
    return call_done(call, STR("/admin/tables"), view);
}

enum status admin_table_load(struct call *call)
{
    struct cx *cx = call->cx;
    struct loading *l = arena_new(cx->arena, struct loading);
    Str from = str_trim(cx->arena, value_get_str(call->body, "valid_from"));
    call->kept = l;
    l->text = value_get_str(call->body, "text");
    l->valid_from = DATE_NONE;
    if (!table_kind_parse(value_get_str(call->body, "kind"), &l->kind)) {
        (void)cx_error(cx, "kind", "missing", "请选择哪一张表");
    }
    if (l->text.n == 0) {
        (void)cx_error(cx, "text", "missing", "请粘贴表格的全文");
    }
    if (from.n > 0 && !date_parse(from, &l->valid_from)) {
        (void)cx_error(cx, "valid_from", "ill-typed", "日期写成 2026-01-01 这样");
    }
    if (value_count(cx->failure.errors) > 0) {
        cx_arg(cx, "count", str_printf(cx->arena, "%" PRIu32, value_count(cx->failure.errors)));
        (void)FAIL(cx, E_INPUT, "fields", "a table to load");
        return loaded(call);
    }
    return call_slow(call, loading_slow, loaded);
}

static enum status text_read(struct cx *cx, struct sql *sql, void *arg)
{
    struct tables_look *look = arg;
    TRY(table_rows_list(cx, sql, &look->rows, &look->count));
    for (uint32_t i = 0; i < look->count && look->version == 0; i++) {
        const struct table_row *t = &look->rows[look->count - 1 - i];
        look->version = t->kind == look->kind ? t->version : 0;
    }
    return table_row_text(cx, sql, look->kind, look->version, &look->text);
}

enum status admin_table_text(struct call *call)
{
    struct cx *cx = call->cx;
    struct tables_look look = {0};
    if (!table_kind_parse(call->args[0], &look.kind)) {
        return FAIL(cx, E_NOT_FOUND, "not-found", "no such table");
    }
    if (!str_int(call_param(call, "version"), &look.version) || look.version < 1) {
        look.version = 0; /* the newest */
    }
    TRY(store_read(cx, call->app->house.store, text_read, &look));
    struct http_answer answer = {
        .status = 200, .content_type = "text/csv; charset=utf-8", .body = look.text};
    http_answer(call->http, &answer);
    call->answered = true;
    return OK;
}

/* --- audit --- */

struct audit_look {
    Id before;
    uint32_t limit;
    struct audit *rows;
    uint32_t count;
};

static enum status audit_read(struct cx *cx, struct sql *sql, void *arg)
{
    struct audit_look *look = arg;
    return audit_list(cx, sql, look->before, look->limit, &look->rows, &look->count);
}

enum status admin_audit(struct call *call)
{
    struct cx *cx = call->cx;
    struct audit_look look = {.limit = call_limit(call) + 1};
    struct value *view = value_map(cx->arena);
    struct value *list = value_list(cx->arena);
    if (!str_int(call_param(call, "before"), &look.before)) {
        look.before = 0;
    }
    TRY(store_read(cx, call->app->house.store, audit_read, &look));
    bool more = look.count == look.limit;
    uint32_t count = look.count - (more ? 1 : 0);
    for (uint32_t i = 0; i < count; i++) {
        const struct audit *a = &look.rows[i];
        struct value *row = value_map(cx->arena);
        value_set_str(cx->arena, row, "id", str_printf(cx->arena, "%" PRId64, a->id));
        value_set_str(cx->arena, row, "at", instant_format(cx->arena, a->at));
        value_set_str(cx->arena, row, "person", str_printf(cx->arena, "%" PRId64, a->person));
        value_set_str(cx->arena, row, "what", a->what);
        value_set_str(cx->arena, row, "subject", a->subject);
        value_set_str(cx->arena, row, "detail", a->detail);
        value_add(cx->arena, list, row);
    }
    value_set(cx->arena, view, "audit", list);
    value_set(
        cx->arena, view, "next",
        more ? value_str(cx->arena,
                         str_printf(cx->arena, "/admin/audit?limit=%" PRIu32 "&before=%" PRId64,
                                    call_limit(call), look.rows[count - 1].id))
             : NULL);
    return call_answer(call, view, "admin-audit");
}

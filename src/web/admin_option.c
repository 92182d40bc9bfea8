/* The administrator's options: what a whole installation may do one way or the other. Each is a row
 * of `setting`; each change is in the audit. */
#include "base/json.h"
#include "web/account.h"
#include "web/handlers.h"

struct admin_option {
    const char *name;
    const char *title;
    const char *about;
};

static const struct admin_option OPTIONS[] = {
    {"circular-skip-rest-days", "休息日不印发日通报",
     "打开后，周六、周日和法定节假日不印发跨域服务日通报，由其后第一个工作日的日通报一并统计，"
     "不漏不重。"},
};

enum { OPTION_COUNT = sizeof OPTIONS / sizeof OPTIONS[0] };

/* --- showing --- */

static enum status options_read(struct cx *cx, struct sql *sql, void *arg)
{
    bool *on = arg;
    for (int i = 0; i < OPTION_COUNT; i++) {
        struct rows rows = {0};
        TRY(sql_query(cx, sql, SQL("SELECT value FROM setting WHERE name = ?1"),
                      ARGS(SQL_C(OPTIONS[i].name)), &rows));
        on[i] = rows.count == 1 && str_is(row_str(&rows, 0, 0), "yes");
    }
    return OK;
}

static enum status options_view(struct call *call, struct value **out)
{
    struct cx *cx = call->cx;
    bool on[OPTION_COUNT] = {false};
    struct value *list = value_list(cx->arena);
    TRY(store_read(cx, call->app->house.store, options_read, on));
    for (int i = 0; i < OPTION_COUNT; i++) {
        struct value *row = value_map(cx->arena);
        value_set_text(cx->arena, row, "name", OPTIONS[i].name);
        value_set_text(cx->arena, row, "title", OPTIONS[i].title);
        value_set_text(cx->arena, row, "about", OPTIONS[i].about);
        value_set_bool(cx->arena, row, "on", on[i]);
        value_add(cx->arena, list, row);
    }
    *out = value_map(cx->arena);
    value_set(cx->arena, *out, "options", list);
    return OK;
}

enum status admin_options(struct call *call)
{
    struct cx *cx = call->cx;
    struct value *view = NULL;
    TRY(options_view(call, &view));
    return call_answer(call, view, "admin-options");
}

/* --- changing --- */

static enum status option_changed(struct call *call)
{
    struct cx *cx = call->cx;
    struct value *view = NULL;
    TRY(options_view(call, &view));
    return call_done(call, STR("/admin/options"), view);
}

static enum status option_refuse(struct cx *cx, const char *field, const char *title)
{
    (void)cx_error(cx, field, "unknown", title);
    cx_arg(cx, "count", STR("1"));
    return FAIL(cx, E_INPUT, "fields", "option: %s", field);
}

/* true or false; of a form "yes" or "no". */
static enum status on_read(struct call *call, bool *on)
{
    const struct value *said = value_get(call->body, "on");
    Str text = value_as_str(said);
    bool is_bool = said != NULL && said->kind == VALUE_BOOL;
    if (!is_bool && !str_is(text, "yes") && !str_is(text, "no")) {
        return option_refuse(call->cx, "on", "请选择打开还是关闭");
    }
    *on = is_bool ? value_get_bool(call->body, "on") : str_is(text, "yes");
    return OK;
}

enum status admin_option_set(struct call *call)
{
    struct cx *cx = call->cx;
    Str name = value_get_str(call->body, "name");
    struct script *script = script_new(cx->arena);
    struct value *detail = value_map(cx->arena);
    bool known = false;
    bool on = false;
    for (int i = 0; i < OPTION_COUNT; i++) {
        known = known || str_is(name, OPTIONS[i].name);
    }
    if (!known) {
        return option_refuse(cx, "name", "没有这个选项");
    }
    TRY(on_read(call, &on));
    script_add(script,
               SQL("INSERT INTO setting (name, value) VALUES (?1, ?2) "
                   "ON CONFLICT (name) DO UPDATE SET value = excluded.value"),
               ARGS(SQL_S(name), SQL_C(on ? "yes" : "no")));
    value_set_str(cx->arena, detail, "option", name);
    value_set_bool(cx->arena, detail, "on", on);
    TRY(account_audit(call, script, "set-option", 0, json_write(cx->arena, detail)));
    return call_script(call, script, option_changed);
}

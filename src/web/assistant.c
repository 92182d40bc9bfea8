/* Firm accounts: whom one lets prepare drafts, and for whom one prepares. */
#include "record/assistant.h"

#include <inttypes.h>

#include "web/account.h"
#include "web/again.h"
#include "web/assistant.h"
#include "web/handlers.h"
#include "web/page_parts.h"
#include "web/pages.h"

/* A login is tried here, too. */
static const struct pace name_pace = {"assistant", 10, 5};

struct desk {
    struct call *call;
    struct assistant *mine;
    uint32_t mine_count;
    struct assistant *lawyers;
    uint32_t lawyer_count;
    Str login;
    struct person *named;
};

static enum status desk_read(struct cx *cx, struct sql *sql, void *arg)
{
    struct desk *d = arg;
    Id person = d->call->actor.person;
    TRY(assistant_list(cx, sql, person, &d->mine, &d->mine_count));
    TRY(assistant_of(cx, sql, person, &d->lawyers, &d->lawyer_count));
    return d->login.n == 0 ? OK : person_find_login(cx, sql, d->login, &d->named);
}

static void row_add(struct arena *arena, struct value *list, Id id, Str name, Instant since)
{
    struct value *row = value_map(arena);
    value_set_str(arena, row, "id", str_printf(arena, "%" PRId64, id));
    value_set_str(arena, row, "name", name);
    value_set_str(arena, row, "since", instant_format(arena, since));
    value_add(arena, list, row);
}

static struct value *desk_view(struct call *call, const struct desk *d)
{
    struct arena *arena = call->cx->arena;
    struct value *view = value_map(arena);
    struct value *mine = value_list(arena);
    struct value *lawyers = value_list(arena);
    for (uint32_t i = 0; i < d->mine_count; i++) {
        row_add(arena, mine, d->mine[i].person, d->mine[i].person_name, d->mine[i].since);
    }
    for (uint32_t i = 0; i < d->lawyer_count; i++) {
        row_add(arena, lawyers, d->lawyers[i].lawyer, d->lawyers[i].lawyer_name,
                d->lawyers[i].since);
    }
    value_set(arena, view, "assistants", mine);
    value_set(arena, view, "prepares_for", lawyers);
    return view;
}

struct value *assistant_choices(struct call *call)
{
    struct desk d = {.call = call};
    if (call->session == NULL || call->actor.post.n > 0) {
        return NULL;
    }
    if (store_read(call->cx, call->app->house.store, desk_read, &d) != OK) {
        cx_forgive(call->cx);
        return NULL;
    }
    return d.lawyer_count == 0 ? NULL : desk_view(call, &d);
}

enum status assistants_show(struct call *call)
{
    struct cx *cx = call->cx;
    struct desk d = {.call = call};
    TRY(store_read(cx, call->app->house.store, desk_read, &d));
    return call_answer(call, desk_view(call, &d), "assistants");
}

static enum status changed(struct call *call)
{
    struct cx *cx = call->cx;
    struct desk d = {.call = call};
    TRY(store_read(cx, call->app->house.store, desk_read, &d));
    return call_done(call, STR("/me/assistants"), desk_view(call, &d));
}

static enum status add_refused(struct call *call, const struct desk *d, enum status status)
{
    struct value *view = desk_view(call, d);
    value_set_str(call->cx->arena, view, "login", d->login);
    return call_again(call, status, "assistants", view);
}

enum status assistant_name(struct call *call)
{
    struct cx *cx = call->cx;
    struct desk d = {.call = call,
                     .login = str_trim(cx->arena, value_get_str(call->body, "login"))};
    struct script *script = script_new(cx->arena);
    if (call->actor.post.n > 0) {
        return FAIL(cx, E_DENIED, "denied", "staff have no assistants");
    }
    TRY(pace_check(call, &name_pace, viewer_person(cx->arena, call->actor.person)));
    TRY(store_read(cx, call->app->house.store, desk_read, &d));
    const struct person *p = d.named;
    if (p == NULL || p->disabled || str_is(p->kind, "staff") || p->id == call->actor.person ||
        d.mine_count >= ASSISTANTS_MAX) {
        (void)cx_error(cx, "login", d.login.n == 0 ? "missing" : "unknown",
                       d.login.n == 0 ? "请填写助理的账号" : "没有可以添加的这个账号，请核对");
        cx_arg(cx, "count", STR("1"));
        return add_refused(call, &d, FAIL(cx, E_INPUT, "fields", "nobody to be an assistant"));
    }
    assistant_add(script, call->actor.person, p->id, clock_now());
    TRY(account_audit(call, script, "name-assistant", p->id, STR("{}")));
    return call_script(call, script, changed);
}

enum status assistant_part(struct call *call)
{
    struct cx *cx = call->cx;
    struct script *script = script_new(cx->arena);
    Id person = 0;
    TRY(call_id(call, 0, &person));
    assistant_end(script, cx->arena, call->actor.person, person, clock_now());
    TRY(account_audit(call, script, "end-assistant", person, STR("{}")));
    return call_script(call, script, changed);
}

static struct value *page_assistants(struct call *call, const struct value *value)
{
    struct arena *arena = call->cx->arena;
    struct value *view = page_begin(call, value, STR("助理"), true);
    value_set_bool(arena, view, "has_assistants", value_count(value_get(value, "assistants")) > 0);
    value_set_bool(arena, view, "has_lawyers", value_count(value_get(value, "prepares_for")) > 0);
    value_set_bool(arena, view, "wrong", value_count(value_get(value, "errors")) > 0);
    return view;
}

const struct page_extra pages_assistant[] = {
    {"assistants", page_assistants},
    {NULL, NULL},
};

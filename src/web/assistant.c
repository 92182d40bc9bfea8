/* Firm accounts: whom one lets prepare drafts, and for whom one prepares. */
#include "record/assistant.h"

#include <inttypes.h>

#include "flow/field.h"
#include "web/account.h"
#include "web/again.h"
#include "web/assistant.h"
#include "web/handlers.h"
#include "web/page_parts.h"
#include "web/pages.h"

/* A login is tried here, too. */
static const struct pace name_pace = {"assistant", 10, 5};

enum { LOGIN_MAX = 60 };

struct desk {
    struct call *call;
    struct assistant *mine;
    uint32_t mine_count;
    struct assistant *lawyers;
    uint32_t lawyer_count;
    struct assistant_asked *asked; /* by him */
    uint32_t asked_count;
    struct assistant_asked *asked_of; /* of him */
    uint32_t asked_of_count;
    Str login;
    struct person *named;
};

static enum status desk_read(struct cx *cx, struct sql *sql, void *arg)
{
    struct desk *d = arg;
    Id person = d->call->actor.person;
    TRY(assistant_list(cx, sql, person, &d->mine, &d->mine_count));
    TRY(assistant_of(cx, sql, person, &d->lawyers, &d->lawyer_count));
    TRY(assistant_asked_by(cx, sql, person, clock_now(), &d->asked, &d->asked_count));
    TRY(assistant_asked_of(cx, sql, person, clock_now(), &d->asked_of, &d->asked_of_count));
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

static struct value *asked_view(struct arena *arena, const struct assistant_asked *rows,
                                uint32_t count, bool own)
{
    struct value *list = value_list(arena);
    for (uint32_t i = 0; i < count; i++) {
        struct value *row = value_map(arena);
        value_set_str(arena, row, "id", str_printf(arena, "%" PRId64, rows[i].id));
        value_set_str(arena, row, own ? "login" : "name",
                      own ? rows[i].login : rows[i].lawyer_name);
        value_set_str(arena, row, "at", instant_format(arena, rows[i].at));
        value_add(arena, list, row);
    }
    return list;
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
    value_set(arena, view, "asked", asked_view(arena, d->asked, d->asked_count, true));
    value_set(arena, view, "asked_of_me", asked_view(arena, d->asked_of, d->asked_of_count, false));
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

static enum status login_check(struct call *call, const struct desk *d)
{
    struct cx *cx = call->cx;
    const char *why = NULL;
    if (d->login.n == 0) {
        why = "请填写助理的账号";
    } else if (utf8_count(d->login) > LOGIN_MAX || !field_text_is_fit(d->login, false)) {
        why = "没有这样的账号，请核对";
    } else if (d->named != NULL && d->named->id == call->actor.person) {
        why = "这是您自己的账号";
    } else if (d->mine_count + d->asked_count >= ASSISTANTS_MAX) {
        why = "助理太多了，请先停止或者撤回一些";
    } else {
        return OK;
    }
    (void)cx_error(cx, "login", d->login.n == 0 ? "missing" : "unknown", why);
    cx_arg(cx, "count", STR("1"));
    return FAIL(cx, E_INPUT, "fields", "nobody to be an assistant");
}

/* Nothing in the answer tells whether there is such an account: he learns a name when it agrees. */
enum status assistant_name(struct call *call)
{
    struct cx *cx = call->cx;
    struct desk d = {.call = call,
                     .login = str_trim(cx->arena, value_get_str(call->body, "login"))};
    struct script *script = script_new(cx->arena);
    Id id = 0;
    if (call->actor.post.n > 0) {
        return FAIL(cx, E_DENIED, "denied", "staff have no assistants");
    }
    TRY(pace_check(call, &name_pace, viewer_person(cx->arena, call->actor.person)));
    TRY(store_read(cx, call->app->house.store, desk_read, &d));
    enum status status = login_check(call, &d);
    if (status != OK) {
        return add_refused(call, &d, status);
    }
    const struct person *p = d.named;
    bool can = p != NULL && !p->disabled && !str_is(p->kind, "staff");
    TRY(sequence_next(cx, call->app->house.sequence, &id));
    assistant_ask(script, id, call->actor.person, d.login, can ? p->id : 0, clock_now());
    TRY(account_audit(call, script, "name-assistant", can ? p->id : 0, STR("{}")));
    return call_script(call, script, changed);
}

struct agreeing {
    Id id, person, lawyer;
    struct script *audit;
};

static enum status agree_write(struct cx *cx, struct sql *sql, void *arg)
{
    struct agreeing *a = arg;
    TRY(assistant_agree(cx, sql, a->id, a->person, clock_now(), &a->lawyer));
    return a->lawyer == 0 ? FAIL(cx, E_NOT_FOUND, "not-found", "nothing was asked of him")
                          : script_run(cx, sql, a->audit);
}

enum status assistant_consent(struct call *call)
{
    struct cx *cx = call->cx;
    struct agreeing *a = arena_new(cx->arena, struct agreeing);
    if (call->actor.post.n > 0) {
        return FAIL(cx, E_DENIED, "denied", "staff prepare for nobody");
    }
    a->person = call->actor.person;
    a->audit = script_new(cx->arena);
    TRY(call_id(call, 0, &a->id));
    TRY(account_audit(call, a->audit, "agree-assistant", a->person, STR("{}")));
    return call_write(call, agree_write, a, changed);
}

enum status assistant_decline(struct call *call)
{
    struct cx *cx = call->cx;
    struct script *script = script_new(cx->arena);
    Id id = 0;
    TRY(call_id(call, 0, &id));
    assistant_ask_end(script, id, call->actor.person);
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
    value_set_bool(arena, view, "has_asked", value_count(value_get(value, "asked")) > 0);
    value_set_bool(arena, view, "is_asked", value_count(value_get(value, "asked_of_me")) > 0);
    value_set_bool(arena, view, "wrong", value_count(value_get(value, "errors")) > 0);
    return view;
}

const struct page_extra pages_assistant[] = {
    {"assistants", page_assistants},
    {NULL, NULL},
};

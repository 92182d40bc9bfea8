/* What one is told, and by which way: record/choice.h. */
#include "record/choice.h"

#include "web/account.h"
#include "web/handlers.h"

struct choosing {
    Id person;
    struct choice choice;
};

static enum status choosing_read(struct cx *cx, struct sql *sql, void *arg)
{
    struct choosing *c = arg;
    return choice_find(cx, sql, c->person, &c->choice);
}

static void row_add(struct arena *arena, struct value *list, const char *kind, const char *title,
                    bool sms, bool may_change)
{
    struct value *row = value_map(arena);
    value_set_text(arena, row, "kind", kind);
    value_set_text(arena, row, "title", title);
    value_set_bool(arena, row, "page", true);
    value_set_bool(arena, row, "sms", sms);
    value_set_bool(arena, row, "may_change", may_change);
    value_add(arena, list, row);
}

static struct value *choice_view(struct call *call, const struct choice *choice)
{
    struct arena *arena = call->cx->arena;
    struct value *view = value_map(arena);
    struct value *list = value_list(arena);
    row_add(arena, list, "account", "验证码、账户安全", true, false);
    row_add(arena, list, "remind", "期限快到了", choice->remind, true);
    row_add(arena, list, "progress", "事项有进展、收到文书", choice->progress, true);
    value_set(arena, view, "choices", list);
    return view;
}

enum status choice_show(struct call *call)
{
    struct cx *cx = call->cx;
    struct choosing c = {.person = call->actor.person};
    TRY(store_read(cx, call->app->house.store, choosing_read, &c));
    return call_answer(call, choice_view(call, &c.choice), "me-notices");
}

static bool is_said(const struct call *call, const char *kind)
{
    const struct value *v = value_get(value_get(call->body, "sms"), kind);
    return value_as_bool(v) || str_is(value_as_str(v), "yes");
}

static enum status choice_kept(struct call *call)
{
    const struct choosing *c = call->kept;
    return call_done(call, STR("/me/notices"), choice_view(call, &c->choice));
}

enum status choice_change(struct call *call)
{
    struct cx *cx = call->cx;
    struct choosing *c = arena_new(cx->arena, struct choosing);
    struct script *script = script_new(cx->arena);
    c->choice = (struct choice){is_said(call, "remind"), is_said(call, "progress")};
    call->kept = c;
    choice_write(script, cx->arena, call->actor.person, &c->choice);
    TRY(account_audit(call, script, "change-notices", call->actor.person, STR("{}")));
    return call_script(call, script, choice_kept);
}

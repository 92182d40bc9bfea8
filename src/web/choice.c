/* What one is told, and by which way: record/choice.h. */
#include "record/choice.h"

#include "base/clock.h"
#include "record/email.h"
#include "web/account.h"
#include "web/again.h"
#include "web/handlers.h"

struct choosing {
    Id person;
    struct choice choice;
    struct email_state email;
    struct choice said;
};

static enum status choosing_read(struct cx *cx, struct sql *sql, void *arg)
{
    struct choosing *c = arg;
    struct person *person = NULL;
    TRY(person_find(cx, sql, c->person, &person));
    TRY(email_find(cx, sql, person, clock_machine(), &c->email));
    return choice_find(cx, sql, c->person, &c->choice);
}

static void row_add(struct arena *arena, struct value *list, const char *kind, const char *title,
                    struct ways ways, bool may_change)
{
    struct value *row = value_map(arena);
    value_set_text(arena, row, "kind", kind);
    value_set_text(arena, row, "title", title);
    value_set_bool(arena, row, "page", true);
    value_set_bool(arena, row, "sms", ways.sms);
    value_set_bool(arena, row, "mail", ways.mail);
    value_set_bool(arena, row, "may_change", may_change);
    value_add(arena, list, row);
}

static struct value *choice_view(struct call *call, const struct choosing *c,
                                 const struct choice *choice)
{
    struct arena *arena = call->cx->arena;
    struct value *view = value_map(arena);
    struct value *list = value_list(arena);
    row_add(arena, list, "account", "验证码、账户安全", (struct ways){.sms = true}, false);
    row_add(arena, list, "remind", "期限快到了", choice->remind, true);
    row_add(arena, list, "progress", "事项有进展、收到文书", choice->progress, true);
    value_set(arena, view, "choices", list);
    value_set_bool(arena, view, "mails", call->app->mails);
    value_set_bool(arena, view, "email_confirmed", c->email.confirmed);
    return view;
}

enum status choice_show(struct call *call)
{
    struct cx *cx = call->cx;
    struct choosing c = {.person = call->actor.person};
    TRY(store_read(cx, call->app->house.store, choosing_read, &c));
    return call_answer(call, choice_view(call, &c, &c.choice), "me-notices");
}

static bool is_said(const struct call *call, const char *way, const char *kind)
{
    const struct value *v = value_get(value_get(call->body, way), kind);
    return value_as_bool(v) || str_is(value_as_str(v), "yes");
}

static struct ways ways_said(const struct call *call, const char *kind)
{
    return (struct ways){is_said(call, "sms", kind), is_said(call, "mail", kind)};
}

static enum status choice_kept(struct call *call)
{
    const struct choosing *c = call->kept;
    return call_done(call, STR("/me/notices"), choice_view(call, c, &c->said));
}

enum status choice_change(struct call *call)
{
    struct cx *cx = call->cx;
    struct choosing *c = arena_new(cx->arena, struct choosing);
    c->person = call->actor.person;
    c->said = (struct choice){ways_said(call, "remind"), ways_said(call, "progress")};
    call->kept = c;
    TRY(store_read(cx, call->app->house.store, choosing_read, c));
    if ((c->said.remind.mail || c->said.progress.mail) && !c->email.confirmed) {
        (void)account_refuse(cx, "mail", "email-unconfirmed",
                             "电子邮箱还没有核对，暂时不能发邮件。请先到“我”里填写、核对邮箱");
        return call_again(call, cx->failure.status, "me-notices", choice_view(call, c, &c->said));
    }
    if (!c->email.confirmed) { /* the page did not ask: what was chosen holds once it is again */
        c->said.remind.mail = c->choice.remind.mail;
        c->said.progress.mail = c->choice.progress.mail;
    }
    struct script *script = script_new(cx->arena);
    choice_write(script, cx->arena, c->person, &c->said);
    TRY(account_audit(call, script, "change-notices", c->person, STR("{}")));
    return call_script(call, script, choice_kept);
}

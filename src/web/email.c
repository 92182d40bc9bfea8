/* The e-mail of one's account: it is used once a code that was sent to it has come back. A changed
 * one: web/account.c. */
#include "record/email.h"

#include "web/account.h"
#include "web/again.h"
#include "web/handlers.h"

static const struct pace prove_pace = {"own-email", 10, 2};
/* Each is a mail to an address that may be a stranger's. */
static const struct pace code_pace = {"email-code", 3, 1};

struct proving {
    Str code;
    Id id;
    struct person *person;
    struct email_state state;
    struct script *script;
};

static enum status proving_read(struct cx *cx, struct sql *sql, void *arg)
{
    struct proving *p = arg;
    TRY(person_find(cx, sql, p->id, &p->person));
    return email_find(cx, sql, p->person, clock_machine(), &p->state);
}

static enum status proving_write(struct cx *cx, struct sql *sql, void *arg)
{
    const struct proving *p = arg;
    return script_run(cx, sql, p->script);
}

static enum status email_prove(struct call *call)
{
    struct cx *cx = call->cx;
    const struct house *house = &call->app->house;
    struct proving *p = call->kept;
    Str known = call->app->demo ? STR(DEMO_CODE) : (Str){"", 0};
    bool ok = false;
    TRY(store_read(cx, house->store, proving_read, p));
    TRY(email_try(cx, house->store, house->keys, p->person, p->code, known, clock_machine(), &ok));
    if (!ok) {
        return account_refuse(cx, "email_code", "code-wrong",
                              "验证码不对，或者已经过期。请核对，或者再发一次");
    }
    p->script = script_new(cx->arena);
    TRY(account_audit(call, p->script, "confirm-email", p->id, STR("{}")));
    return store_write(cx, house->store, WRITE_INTERACTIVE, proving_write, p);
}

static enum status prove_slow(struct call *call)
{
    (void)email_prove(call); /* a refusal is answered by account_changed() */
    return OK;
}

static struct proving *proving_of(struct call *call)
{
    struct cx *cx = call->cx;
    struct proving *p = arena_new(cx->arena, struct proving);
    p->id = call->actor.person;
    p->code = str_trim(cx->arena, value_get_str(call->body, "email_code"));
    call->kept = p;
    return p;
}

enum status me_email(struct call *call)
{
    struct cx *cx = call->cx;
    const struct proving *p = proving_of(call);
    TRY(pace_check(call, &prove_pace, viewer_person(cx->arena, p->id)));
    return call_slow(call, prove_slow, account_changed);
}

static enum status code_try(struct call *call)
{
    struct cx *cx = call->cx;
    const struct house *house = &call->app->house;
    struct proving *p = call->kept;
    TRY(store_read(cx, house->store, proving_read, p));
    if (p->person->email.n == 0) {
        return account_refuse(cx, "email", "missing", "请先填写电子邮箱");
    }
    if (!call->app->mails) {
        return account_refuse(cx, "email", "no-mail", "这里不发邮件，不用核对邮箱");
    }
    if (p->state.confirmed) {
        return OK; /* nothing is left to prove */
    }
    p->script = script_new(cx->arena);
    TRY(email_code_send(cx, house->store, house->keys, house->sequence, p->script, p->person,
                        clock_machine()));
    TRY(store_write(cx, house->store, WRITE_INTERACTIVE, proving_write, p));
    call->app->wake_jobs(call->app->wake_arg);
    return OK;
}

static enum status code_slow(struct call *call)
{
    (void)code_try(call);
    return OK;
}

enum status me_email_code(struct call *call)
{
    struct cx *cx = call->cx;
    const struct proving *p = proving_of(call);
    TRY(pace_check(call, &code_pace, viewer_person(cx->arena, p->id)));
    return call_slow(call, code_slow, account_changed);
}

/* Another phone for one's account: it counts once a code that was sent to it has come back, and the
 * old one is told, in case it was not its owner who asked. */
#include "record/recovery.h"
#include "web/account.h"
#include "web/again.h"
#include "web/handlers.h"

static const struct pace phone_pace = {"own-phone", 10, 2};

struct proving {
    Str code;
    struct person *person;
    struct script *script;
};

static enum status proving_read(struct cx *cx, struct sql *sql, void *arg)
{
    struct proving *p = arg;
    return person_find(cx, sql, p->person->id, &p->person);
}

static enum status proving_write(struct cx *cx, struct sql *sql, void *arg)
{
    const struct proving *p = arg;
    return script_run(cx, sql, p->script);
}

static enum status old_phone_tell(struct call *call, const struct proving *p)
{
    struct cx *cx = call->cx;
    const struct house *house = &call->app->house;
    Id job = 0;
    if (p->person->phone_sealed.n == 0) {
        return OK;
    }
    TRY(sequence_next(cx, house->sequence, &job));
    return message_write(cx, house->keys, p->script, job, p->person,
                         STR("【通诉】您账户的手机号已被更换。不是您本人操作的，请尽快拨打12368。"),
                         clock_machine());
}

static enum status phone_prove(struct call *call)
{
    struct cx *cx = call->cx;
    const struct house *house = &call->app->house;
    struct proving *p = call->kept;
    Str phone = {"", 0};
    Str known = call->app->demo ? STR(DEMO_CODE) : (Str){"", 0};
    TRY(store_read(cx, house->store, proving_read, p));
    TRY(phone_change_try(cx, house->store, house->keys, p->person, p->code, known, clock_machine(),
                         &phone));
    if (phone.n == 0) {
        return account_refuse(cx, "code", "code-wrong",
                              "验证码不对，或者已经过期。请核对，或者重新填写新手机号");
    }
    p->script = script_new(cx->arena);
    TRY(old_phone_tell(call, p));
    TRY(person_phone_set(cx, house->keys, p->person, phone));
    person_write(p->script, cx->arena, p->person);
    phone_change_end(p->script, p->person->id);
    TRY(account_audit(call, p->script, "change-phone", p->person->id, STR("{}")));
    TRY(store_write(cx, house->store, WRITE_INTERACTIVE, proving_write, p));
    call->app->wake_jobs(call->app->wake_arg);
    return OK;
}

static enum status phone_slow(struct call *call)
{
    (void)phone_prove(call); /* a refusal is answered by account_changed() */
    return OK;
}

enum status me_phone(struct call *call)
{
    struct cx *cx = call->cx;
    struct proving *p = arena_new(cx->arena, struct proving);
    p->code = str_trim(cx->arena, value_get_str(call->body, "code"));
    p->person = arena_new(cx->arena, struct person);
    p->person->id = call->actor.person;
    call->kept = p;
    TRY(pace_check(call, &phone_pace, viewer_person(cx->arena, call->actor.person)));
    return call_slow(call, phone_slow, account_changed);
}

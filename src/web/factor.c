/* One's own second factor: set up by a QR code and a first right code, kept safe by ten codes on
 * paper, ended by password and code. Secret and codes on paper are shown once. */
#include "record/factor.h"

#include <inttypes.h>

#include "seal/totp.h"
#include "web/account.h"
#include "web/again.h"
#include "web/handlers.h"

#define ISSUER STR("通诉")

struct own_factor {
    Str password, code;
    struct person *person;
    struct factor factor;
    struct post *posts;
    uint32_t post_count;
    Str *wanting; /* names of posts */
    size_t wanting_count;
    struct script *script;
    bool fresh;              /* the secret may be shown */
    Str codes[FACTOR_CODES]; /* made just now; codes[0] "" when none were */
};

static enum status own_read(struct cx *cx, struct sql *sql, void *arg)
{
    struct call *call = arg;
    struct own_factor *own = call->kept;
    Id id = call->actor.person;
    TRY(person_find(cx, sql, id, &own->person));
    TRY(post_list(cx, sql, id, &own->posts, &own->post_count));
    TRY(factor_posts(cx, sql, &own->wanting, &own->wanting_count));
    return factor_find(cx, call->app->house.keys, sql, own->person, &own->factor);
}

static bool is_wanted(const struct own_factor *own)
{
    bool wanted = false;
    for (uint32_t i = 0; i < own->post_count; i++) {
        for (size_t k = 0; k < own->wanting_count; k++) {
            wanted = wanted || str_same(own->posts[i].post, own->wanting[k]);
        }
    }
    return wanted;
}

static enum status own_load(struct call *call)
{
    struct cx *cx = call->cx;
    return store_read(cx, call->app->house.store, own_read, call);
}

static struct own_factor *own_new(struct call *call)
{
    struct arena *arena = call->cx->arena;
    struct own_factor *own = arena_new(arena, struct own_factor);
    *own = (struct own_factor){.password = value_get_str(call->body, "password"),
                               .code = str_trim(arena, value_get_str(call->body, "code"))};
    call->kept = own;
    return own;
}

static struct value *own_view(struct call *call, const struct own_factor *own)
{
    struct arena *arena = call->cx->arena;
    const struct factor *f = &own->factor;
    struct value *view = value_map(arena);
    value_set_bool(arena, view, "enabled", f->confirmed > 0);
    value_set(arena, view, "since",
              f->confirmed == 0 ? NULL : value_str(arena, instant_format(arena, f->confirmed)));
    value_set_int(arena, view, "codes_left", f->confirmed > 0 ? f->codes_left : 0);
    value_set_bool(arena, view, "required", is_wanted(own));
    if (own->fresh && f->confirmed == 0 && f->secret.n > 0) {
        value_set_str(arena, view, "secret", f->secret);
        value_set_str(arena, view, "address",
                      totp_address(arena, f->secret, ISSUER, own->person->login));
    }
    if (own->codes[0].n > 0) {
        struct value *list = value_list(arena);
        for (int i = 0; i < FACTOR_CODES; i++) {
            value_add(arena, list, value_str(arena, own->codes[i]));
        }
        value_set(arena, view, "recovery_codes", list);
    }
    if (!call->json) {
        value_set_bool(arena, view, "has_password", own->person->password.n > 0);
    }
    return view;
}

enum status factor_show(struct call *call)
{
    struct cx *cx = call->cx;
    const struct own_factor *own = own_new(call);
    TRY(own_load(call));
    struct value *view = own_view(call, own);
    if (!call->json) {
        value_set_bool(cx->arena, view, "needed", str_is(call_param(call, "needed"), "1"));
    }
    return call_answer(call, view, "totp");
}

/* --- changing it --- */

static enum status own_write(struct cx *cx, struct sql *sql, void *arg)
{
    const struct own_factor *own = arg;
    return script_run(cx, sql, own->script);
}

static enum status own_save(struct call *call, const char *what)
{
    struct cx *cx = call->cx;
    struct own_factor *own = call->kept;
    if (what != NULL) {
        TRY(account_audit(call, own->script, what, own->person->id, STR("{}")));
    }
    TRY(store_write(cx, call->app->house.store, WRITE_INTERACTIVE, own_write, own));
    return own_load(call);
}

/* Answered as a page of its own: what is shown once is in no address. */
static enum status own_done(struct call *call)
{
    const struct own_factor *own = call->kept;
    enum status status = call->cx->failure.status;
    if (status == OK) {
        return call_answer(call, own_view(call, own), "totp");
    }
    return own->person == NULL ? status : call_again(call, status, "totp", own_view(call, own));
}

static enum status code_check(struct call *call, const struct own_factor *own)
{
    struct cx *cx = call->cx;
    const struct house *house = &call->app->house;
    struct factor_trial trial = {
        .person = own->person, .code = own->code, .machine_now = clock_machine()};
    TRY(factor_try(cx, house->store, house->keys, &trial));
    return trial.answer == FACTOR_TAKEN
               ? OK
               : account_refuse(cx, "code", "totp-wrong",
                                trial.answer == FACTOR_LOCKED
                                    ? "错得太多了，请过几分钟再试，或者用一个备用码"
                                    : "动态码不对，或者已经用过。请等下一个动态码");
}

static enum status begin_try(struct call *call)
{
    struct cx *cx = call->cx;
    struct own_factor *own = call->kept;
    TRY(own_load(call));
    if (own->factor.confirmed > 0) {
        return FAIL(cx, E_STATE, "totp-on", "in force already");
    }
    TRY(account_password_check(call, own->person, own->password));
    own->script = script_new(cx->arena);
    own->fresh = true;
    TRY(factor_begin(cx, call->app->house.keys, own->script, own->person,
                     totp_secret_new(cx->arena), clock_machine()));
    return own_save(call, NULL);
}

static enum status confirm_try(struct call *call)
{
    struct cx *cx = call->cx;
    struct own_factor *own = call->kept;
    int64_t step = 0;
    TRY(own_load(call));
    own->fresh = true;
    if (own->factor.secret.n == 0 || own->factor.confirmed > 0) {
        return FAIL(cx, E_STATE, own->factor.confirmed > 0 ? "totp-on" : "totp-off",
                    "nothing to confirm");
    }
    if (!totp_holds(cx->arena, own->factor.secret, own->code, clock_machine(), 0, &step)) {
        return account_refuse(cx, "code", "totp-wrong",
                              "动态码不对。请核对手机的时间，填手机上现在显示的6位数字");
    }
    own->script = script_new(cx->arena);
    factor_confirm(own->script, own->person->id, step, clock_machine());
    factor_codes_make(cx, call->app->house.keys, own->script, own->person->id, own->codes);
    /* Who came in by one step is asked for both. */
    session_end_others(own->script, own->person->id, call->session->id, clock_machine());
    return own_save(call, "enable-totp");
}

static enum status codes_try(struct call *call)
{
    struct cx *cx = call->cx;
    struct own_factor *own = call->kept;
    TRY(own_load(call));
    if (own->factor.confirmed == 0) {
        return FAIL(cx, E_STATE, "totp-off", "not in force");
    }
    TRY(code_check(call, own));
    own->script = script_new(cx->arena);
    factor_codes_make(cx, call->app->house.keys, own->script, own->person->id, own->codes);
    return own_save(call, "renew-totp-codes");
}

static enum status end_try(struct call *call)
{
    struct cx *cx = call->cx;
    struct own_factor *own = call->kept;
    TRY(own_load(call));
    if (own->factor.confirmed == 0) {
        return FAIL(cx, E_STATE, "totp-off", "not in force");
    }
    if (is_wanted(own)) {
        return FAIL(cx, E_STATE, "totp-kept", "a post of his wants it");
    }
    TRY(account_password_check(call, own->person, own->password));
    TRY(code_check(call, own));
    own->script = script_new(cx->arena);
    factor_end(own->script, own->person->id);
    return own_save(call, "end-totp");
}

/* A refusal is answered by own_done(). */
static enum status begin_slow(struct call *call)
{
    (void)begin_try(call);
    return OK;
}

static enum status confirm_slow(struct call *call)
{
    (void)confirm_try(call);
    return OK;
}

static enum status codes_slow(struct call *call)
{
    (void)codes_try(call);
    return OK;
}

static enum status end_slow(struct call *call)
{
    (void)end_try(call);
    return OK;
}

enum status own_factor_begin(struct call *call)
{
    (void)own_new(call);
    return call_slow(call, begin_slow, own_done);
}

enum status own_factor_confirm(struct call *call)
{
    (void)own_new(call);
    return call_slow(call, confirm_slow, own_done);
}

enum status own_factor_codes(struct call *call)
{
    (void)own_new(call);
    return call_slow(call, codes_slow, own_done);
}

enum status own_factor_end(struct call *call)
{
    (void)own_new(call);
    return call_slow(call, end_slow, own_done);
}

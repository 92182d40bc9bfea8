/* Signing by a link, without an account: who he is, what he signs, yes or no. */
#include <inttypes.h>
#include <string.h>

#include "record/audit.h"
#include "record/code.h"
#include "seal/password.h"
#include "web/file_send.h"
#include "web/handlers.h"
#include "web/signer.h"
#include "web/stream.h"

enum { LARGE_S = 365 * 24 * 60 * 60, PNG_BYTES_MAX = 60 * 1024, REASON_MAX = 500 };

static const struct pace try_pace = {"sign-try", 10, 5};
static const struct pace code_pace = {"sign-code", 3, 1};

enum status sign_show(struct call *call)
{
    struct cx *cx = call->cx;
    struct signer *s = arena_new(cx->arena, struct signer);
    Str large = call_param(call, "large");
    TRY(signer_begin(call, s));
    if (large.n > 0) { /* here, so that the link stands in no other address */
        cookie_set(call, "large", str_is(large, "1") ? STR("1") : STR("0"), "/", LARGE_S);
        return call_done(call, str_printf(cx->arena, "/sign/%s", s->code.p), signer_view(s));
    }
    call->kept = s;
    return call_answer(call, signer_view(s), "sign");
}

/* Back to the page of the link, which then shows where things stand. */
static enum status sign_done(struct call *call)
{
    struct cx *cx = call->cx;
    struct signer *s = arena_new(cx->arena, struct signer);
    TRY(signer_look(call, s));
    struct value *view = signer_view(s);
    call->app->wake_jobs(call->app->wake_arg);
    return call_done(call, str_printf(cx->arena, "/sign/%s", s->code.p), view);
}

/* --- who he is --- */

static enum status proof_apply(struct cx *cx, struct sql *sql, void *arg)
{
    struct signer *s = arg;
    bool right = s->matches;
    s->ok = false;
    TRY(signing_try(cx, sql, s->row->id, &s->left));
    if (!s->left) {
        return OK;
    }
    if (s->typed_code.n > 0 && right) {
        right = false;
        TRY(signing_code_holds(cx, sql, s->call->app->house.keys, s->row->id, s->typed_code,
                               clock_machine(), &right));
        right = right || (s->call->app->demo && str_is(s->typed_code, DEMO_CODE));
    }
    s->ok = right;
    return right ? signing_confirm(cx, sql, s->row->id, s->how) : OK;
}

static enum status proof_done(struct call *call)
{
    struct cx *cx = call->cx;
    struct signer *s = call->kept;
    if (!s->ok) {
        if (!s->left || s->row->tries + 1 >= SIGNING_TRIES_MAX) {
            s->standing = SIGNING_LOCKED;
            return signer_again(call, s, FAIL(cx, E_STATE, "signing-locked", "no try left"));
        }
        return signer_again(call, s, FAIL(cx, E_INPUT, "signing-other", "not who was asked"));
    }
    s->known = true;
    Str pass = signer_pass(s);
    cookie_set(call, SIGNER_PASS_COOKIE, pass, "/sign", SIGNER_PASS_S);
    struct value *view = signer_view(s);
    if (call->json) {
        value_set_str(cx->arena, view, "pass", pass);
    }
    return call_done(call, str_printf(cx->arena, "/sign/%s", s->code.p), view);
}

static bool tail_same(struct arena *arena, Str number, Str said)
{
    if (number.n < SIGNER_TAIL_DIGITS || said.n != SIGNER_TAIL_DIGITS) {
        return false;
    }
    Str tail = str_slice(arena, number, number.n - SIGNER_TAIL_DIGITS, number.n);
    char last = said.p[SIGNER_TAIL_DIGITS - 1] == 'x' ? 'X' : said.p[SIGNER_TAIL_DIGITS - 1];
    return memcmp(tail.p, said.p, SIGNER_TAIL_DIGITS - 1) == 0 &&
           tail.p[SIGNER_TAIL_DIGITS - 1] == last;
}

/* What is missing is said before it costs a try. */
static enum status proof_read(struct call *call, struct signer *s)
{
    struct cx *cx = call->cx;
    Str name = text_composed(cx->arena, str_trim(cx->arena, value_get_str(call->body, "name")));
    Str tail = str_trim(cx->arena, value_get_str(call->body, "tail"));
    s->typed_code = str_trim(cx->arena, value_get_str(call->body, "code"));
    s->how = s->typed_code.n > 0 ? "phone" : "identity";
    s->matches = str_same(name, text_composed(cx->arena, s->row->name)) &&
                 (s->typed_code.n > 0 || tail_same(cx->arena, s->secret.identity, tail));
    if (name.n == 0) {
        (void)cx_error(cx, "name", "missing", "请填写您的姓名");
    }
    if (s->typed_code.n == 0 && tail.n == 0) {
        (void)cx_error(cx, s->secret.identity.n > 0 ? "tail" : "code", "missing",
                       s->secret.identity.n > 0 ? "请填写证件号码后4位，或者短信验证码"
                                                : "请填写短信验证码");
    }
    return value_count(cx->failure.errors) == 0
               ? OK
               : FAIL(cx, E_INPUT, "fields", "nothing to prove by");
}

/* Sends a code and says that it is on its way. */
static enum status code_sent(struct call *call)
{
    struct cx *cx = call->cx;
    struct signer *s = call->kept;
    call->app->wake_jobs(call->app->wake_arg);
    struct value *view = signer_view(s);
    return call_done(call, str_printf(cx->arena, "/sign/%s?sent=1", s->code.p), view);
}

static enum status code_give(struct call *call, struct signer *s)
{
    struct cx *cx = call->cx;
    call->kept = s;
    if (s->secret.phone.n == 0) {
        return signer_again(call, s, FAIL(cx, E_STATE, "signing-no-phone", "no mobile"));
    }
    enum status status = pace_check(call, &code_pace, s->code);
    if (status != OK) {
        return signer_again(call, s, status);
    }
    s->script = script_new(cx->arena);
    TRY(signing_code_send(call, s->script, s->row, s->seen.matter->wrapped_key));
    return call_script(call, s->script, code_sent);
}

/* What every step by a link begins with: it waits, and this browser's own page sent it. */
static enum status step_begin(struct call *call, struct signer **out)
{
    struct cx *cx = call->cx;
    struct signer *s = arena_new(cx->arena, struct signer);
    TRY(origin_check(call));
    TRY(signer_begin(call, s));
    *out = s;
    return OK;
}

static enum status over(struct call *call, struct signer *s)
{
    struct cx *cx = call->cx;
    cx_arg(cx, "by", s->row->person_name);
    return signer_again(call, s,
                        FAIL(cx, E_STATE,
                             str_is(s->row->state, "waiting") ? "signing-closed" : "signing-over",
                             "the link stands at %s", signer_state(s)));
}

enum status sign_identify(struct call *call)
{
    struct cx *cx = call->cx;
    struct signer *s = NULL;
    TRY(step_begin(call, &s));
    if (!signer_waits(s)) {
        return over(call, s);
    }
    if (value_get(call->body, "_code") != NULL) {
        return code_give(call, s);
    }
    enum status status = pace_check(call, &try_pace, s->code);
    status = status == OK ? proof_read(call, s) : status;
    if (status != OK) {
        return signer_again(call, s, status);
    }
    call->kept = s;
    return call_write(call, proof_apply, s, proof_done);
}

enum status sign_code(struct call *call)
{
    struct cx *cx = call->cx;
    struct signer *s = NULL;
    TRY(step_begin(call, &s));
    return signer_waits(s) ? code_give(call, s) : over(call, s);
}

/* --- yes --- */

static enum status settle_apply(struct cx *cx, struct sql *sql, void *arg)
{
    struct signer *s = arg;
    s->left = true;
    if (s->typed_code.n > 0 && !(s->call->app->demo && str_is(s->typed_code, DEMO_CODE))) {
        TRY(signing_code_holds(cx, sql, s->call->app->house.keys, s->row->id, s->typed_code,
                               clock_machine(), &s->left));
        if (!s->left) {
            return OK;
        }
    }
    TRY(signing_settle(cx, sql, &s->settled, s->seen.matter->revision, &s->ok));
    return s->ok ? script_run(cx, sql, s->script) : OK;
}

static enum status settled(struct call *call)
{
    struct cx *cx = call->cx;
    struct signer *s = call->kept;
    if (!s->left) {
        (void)cx_error(cx, "signature.code", "code", "验证码不对或者已经过期，请重新获取");
        cx_arg(cx, "count", STR("1"));
        return signer_again(call, s, FAIL(cx, E_INPUT, "fields", "wrong code"));
    }
    if (!s->ok) { /* somebody was quicker: the page says what stands now */
        struct signer *now = arena_new(cx->arena, struct signer);
        TRY(signer_look(call, now));
        return signer_waits(now)
                   ? signer_again(call, now, FAIL(cx, E_STATE, "signing-changed", "moved"))
                   : over(call, now);
    }
    streams_tell(call->app->streams, viewer_person(cx->arena, s->row->person));
    return sign_done(call);
}

/* {"method","name"} or {"method","png"}; the code is not kept. */
static enum status signature_read(struct call *call, struct signer *s, struct value **out)
{
    struct cx *cx = call->cx;
    struct field field = {0};
    struct field_world world = {.tables = page_tables(call), .today = instant_date(clock_now())};
    struct value *said = value_map(cx->arena);
    for (uint32_t i = 0; i < s->act->form_count; i++) {
        if (s->act->form[i]->type == FIELD_SIGNATURE) {
            field = *s->act->form[i];
        }
    }
    value_set(cx->arena, said, field.name, value_get(call->body, "signature"));
    if (call->body_is_form) {
        said = fields_from_form(cx->arena, &field, 1, said);
    }
    said = fields_check(cx, &field, 1, &world, said, STR(""));
    const struct value *signature = value_get(said, field.name);
    struct value *kept = value_map(cx->arena);
    value_set(cx->arena, kept, "method", value_get(signature, "method"));
    if (str_is(value_get_str(signature, "method"), "typed")) {
        Str name = str_trim(cx->arena, value_get_str(signature, "name"));
        if (!str_same(text_composed(cx->arena, name), text_composed(cx->arena, s->row->name))) {
            (void)cx_error(cx, "signature.name", "signing-name",
                           arena_printf(cx->arena, "请输入您本人的姓名：%s", s->row->name.p));
        }
        s->typed_code = value_get_str(signature, "code");
        value_set_str(cx->arena, kept, "name", s->row->name);
    } else {
        value_set(cx->arena, kept, "png", value_get(signature, "png"));
        if (value_get_str(signature, "png").n > PNG_BYTES_MAX) {
            (void)cx_error(cx, "signature.png", "too-long", "签名图片太大，请重新签");
        }
    }
    *out = kept;
    if (value_count(cx->failure.errors) > 0) {
        cx_arg(cx, "count", str_printf(cx->arena, "%u", value_count(cx->failure.errors)));
        return FAIL(cx, E_INPUT, "fields", "no signature");
    }
    return OK;
}

/* What the closure writes besides: the notice to who asked, and who did what. */
static enum status settle(struct call *call, struct signer *s, const char *state,
                          const struct value *said, Str title, Str text)
{
    struct cx *cx = call->cx;
    const struct house *house = &call->app->house;
    struct audit audit = {.at = clock_now(),
                          .what = str_printf(cx->arena, "signing-%s", state),
                          .subject = str_printf(cx->arena, "matter:%" PRId64, s->row->matter),
                          .detail =
                              str_printf(cx->arena, "{\"signing\":\"%" PRId64 "\"}", s->row->id)};
    s->settled = *s->row;
    s->settled.state = str_of(state);
    s->settled.done = clock_now();
    s->settled.digest = s->digest;
    s->script = script_new(cx->arena);
    call->kept = s;
    TRY(signing_said_seal(cx, house->keys, s->seen.matter->wrapped_key, said, &s->settled.said));
    TRY(signing_tell(call, s->script, s->row, title, text));
    TRY(sequence_next(cx, house->sequence, &audit.id));
    audit_write(s->script, &audit);
    return call_write(call, settle_apply, s, settled);
}

static enum status step_known(struct call *call, struct signer **out)
{
    struct cx *cx = call->cx;
    TRY(step_begin(call, out));
    if (!signer_waits(*out)) {
        return over(call, *out);
    }
    return (*out)->known
               ? OK
               : signer_again(call, *out, FAIL(cx, E_DENIED, "signing-unproved", "not known yet"));
}

/* A refusal that was answered by the page again: nothing more is to be done. */
static bool answered(const struct call *call)
{
    return call->page != NULL;
}

enum status sign_take(struct call *call)
{
    struct cx *cx = call->cx;
    struct signer *s = NULL;
    struct value *said = NULL;
    TRY(step_known(call, &s));
    if (answered(call)) {
        return OK;
    }
    if (value_get(call->body, "_code") != NULL) {
        return code_give(call, s);
    }
    if (!str_same(value_get_str(call->body, "digest"), s->digest)) {
        return signer_again(call, s, FAIL(cx, E_STATE, "signing-changed", "another text was read"));
    }
    enum status status = signature_read(call, s, &said);
    return status != OK
               ? signer_again(call, s, status)
               : settle(call, s, "signed", said, str_printf(cx->arena, "%s已签名", s->row->name.p),
                        str_printf(cx->arena, "%s签了“%s”。", s->row->name.p,
                                   s->seen.procedure->title));
}

/* --- no --- */

enum status sign_refuse(struct call *call)
{
    struct cx *cx = call->cx;
    struct signer *s = NULL;
    TRY(step_known(call, &s));
    if (answered(call)) {
        return OK;
    }
    Str reason = str_trim(cx->arena, value_get_str(call->body, "reason"));
    struct value *said = value_map(cx->arena);
    if (reason.n == 0) {
        (void)cx_error(cx, "reason", "missing", "请写明为什么不签，对方好改");
    } else if (utf8_count(reason) > REASON_MAX) {
        (void)cx_error(cx, "reason", "too-long", "最多500个字");
    } else if (!field_text_is_fit(reason, true)) {
        (void)cx_error(cx, "reason", "characters", "含有不能显示的字符，请重新输入");
    }
    if (value_count(cx->failure.errors) > 0) {
        cx_arg(cx, "count", STR("1"));
        return signer_again(call, s, FAIL(cx, E_INPUT, "fields", "no reason"));
    }
    value_set_str(cx->arena, said, "reason", reason);
    return settle(call, s, "refused", said, str_printf(cx->arena, "%s不同意签名", s->row->name.p),
                  STR("他写明的原因，请到这件事项的“签名”页看。"));
}

/* --- a file that would be filed --- */

enum status sign_material(struct call *call)
{
    struct cx *cx = call->cx;
    struct signer *s = arena_new(cx->arena, struct signer);
    int64_t n = 0;
    TRY(signer_begin(call, s));
    TRY(call_id(call, 1, &n));
    for (uint32_t i = 0; s->known && signer_waits(s) && i < s->seen.matter->material_count; i++) {
        const struct material *m = &s->seen.matter->materials[i];
        if (m->n == n && m->removed == 0) {
            return material_send(call, m);
        }
    }
    return FAIL(cx, E_NOT_FOUND, "not-found", "no material %" PRId64 " behind this link", n);
}

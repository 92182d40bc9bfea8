/* Asking for signatures from afar: who signs, who is missing, reminding, withdrawing. */
#include "web/signing.h"

#include <inttypes.h>

#include "base/random.h"
#include "flow/values.h"
#include "law/identifier.h"
#include "record/audit.h"
#include "record/listing.h"
#include "seal/password.h"
#include "web/again.h"
#include "web/handlers.h"

enum { LINK_CHARS = 26, SIGNATORIES_MAX = 30 }; /* 130 bits; PAPER_IMAGES_MAX */

#define REMIND_MS HOUR_MS

static const struct pace ask_pace = {"signing-ask", 60, 6};
/* By phone, whoever asks: who is asked anew and anew is not called anew and anew. */
static const struct pace phone_pace = {"signing-phone", 30, 1};

/* --- shared with the other side --- */

void signing_form(struct call *call, const struct seen *seen, const struct act *act,
                  const struct actor *asker, struct act_form *out)
{
    struct arena *arena = call->cx->arena;
    *out = (struct act_form){.seen = seen, .act = act};
    out->values = values_merge(arena, seen->clear, value_get(seen->typed, act->name));
    out->ask = (struct ask){.house = &call->app->house,
                            .tables = page_tables(call),
                            .procedure = seen->procedure,
                            .act = act,
                            .matter = seen->matter,
                            .actor = asker,
                            .values = out->values,
                            .now = clock_now()};
    form_offered(call->cx, &out->ask, &out->form);
}

static const struct {
    const char *title;
    const char *tone;
} words[] = {
    [SIGNING_WAITS] = {"还没签名", "ask"},     [SIGNING_HOLDS] = {"已签名", "good"},
    [SIGNING_FELL] = {"签名已失效", "bad"},    [SIGNING_REFUSED] = {"不同意签名", "bad"},
    [SIGNING_EXPIRED] = {"链接已过期", "bad"}, [SIGNING_LOCKED] = {"链接已停用", "bad"},
};

const char *signing_title(enum signing_standing standing)
{
    return words[standing].title;
}

const char *signing_tone(enum signing_standing standing)
{
    return words[standing].tone;
}

enum status signing_tell(struct call *call, struct script *script, const struct signing *s,
                         Str title, Str text)
{
    struct cx *cx = call->cx;
    struct notice notice = {.viewer = viewer_person(cx->arena, s->person),
                            .matter = s->matter,
                            .kind = STR("signature"),
                            .title = title,
                            .text = text,
                            .at = clock_now()};
    TRY(sequence_next(cx, call->app->house.sequence, &notice.id));
    notice_write(script, &notice);
    return OK;
}

enum status signing_code_send(struct call *call, struct script *script, const struct signing *s,
                              Str wrapped_key)
{
    struct cx *cx = call->cx;
    const struct house *house = &call->app->house;
    Id job = 0;
    TRY(sequence_next(cx, house->sequence, &job));
    Str code = signing_code_make(cx, house->keys, script, s->id, clock_machine());
    Str text = str_printf(
        cx->arena, "【通诉】验证码%.*s，10分钟内有效，用于签名确认。工作人员不会向您索要验证码。",
        STR_ARG(code));
    return signing_message_write(cx, house->keys, script, job, s, wrapped_key, text,
                                 clock_machine());
}

/* --- what is asked, and of whom --- */

struct asking {
    const struct seen *seen;
    struct act_form form;
    Str digest;
    struct signing *asked;
    uint32_t asked_count;
    struct signatory *candidates;
    uint32_t candidate_count;
    struct script *script;
};

static enum status asking_look(struct call *call, struct asking *a)
{
    struct cx *cx = call->cx;
    bool found = false;
    *a = (struct asking){0};
    TRY(page_seen(call, &a->seen));
    for (uint32_t i = 0; i < a->seen->procedure->act_count && !found; i++) {
        const struct act *act = &a->seen->procedure->acts[i];
        found = signing_is_of(act) && act_form_open(call, a->seen, str_of(act->name), &a->form);
    }
    if (!found) {
        return FAIL(cx, E_STATE, "signing-closed", "no act of this actor wants signatures now");
    }
    a->digest = signing_digest(cx, &a->form.ask);
    a->candidate_count = signing_candidates(cx, &a->form.ask, &a->candidates);
    return signing_asked(cx, &call->app->house, a->seen->matter->id, a->form.act->name, &a->asked,
                         &a->asked_count);
}

/* What is missing but promises and signatures, which are asked for last. */
static uint32_t missing_of(struct call *call, const struct asking *a)
{
    uint32_t count = 0;
    const struct value *errors = act_form_errors(call, &a->form);
    for (uint32_t i = 0; i < value_count(errors); i++) {
        bool last = false;
        Str *parts = NULL;
        (void)str_split(call->cx->arena, value_get_str(value_item(errors, i), "field"), '.',
                        &parts);
        for (uint32_t k = 0; k < a->form.form.field_count; k++) {
            const struct field *f = &a->form.form.fields[k];
            last = last || (field_is_last(f) && str_is(parts[0], f->name));
        }
        count += !last;
    }
    return count;
}

/* --- showing --- */

static const char *message_title_of(const struct signing *s)
{
    return s->job == 0                    ? "none"
           : str_is(s->message, "")       ? "sent"
           : str_is(s->message, "parked") ? "failed"
                                          : "waiting";
}

static void set_instant(struct arena *arena, struct value *view, const char *key, Instant at)
{
    value_set(arena, view, key, at == 0 ? NULL : value_str(arena, instant_format(arena, at)));
}

static enum status asked_view(struct call *call, const struct asking *a, const struct signing *s,
                              struct value **out)
{
    struct cx *cx = call->cx;
    struct arena *arena = cx->arena;
    const struct house *house = &call->app->house;
    struct signing_secret secret;
    struct value *said = NULL;
    struct value *view = value_map(arena);
    Str key = a->seen->matter->wrapped_key;
    enum signing_standing standing = signing_standing_of(s, a->digest, clock_now());
    bool waits = standing == SIGNING_WAITS;
    TRY(signing_secret_open(cx, house->keys, key, s->sealed, &secret));
    TRY(signing_said_open(cx, house->keys, key, s->said, &said));
    value_set_str(arena, view, "id", str_printf(arena, "%" PRId64, s->id));
    value_set_str(arena, view, "place", s->place);
    value_set_str(arena, view, "name", s->name);
    value_set_str(arena, view, "capacity", s->capacity);
    value_set_text(arena, view, "state", signing_standing_name(standing));
    value_set_text(arena, view, "state_title", signing_title(standing));
    value_set_str(arena, view, "asked", instant_format(arena, s->asked));
    value_set_str(arena, view, "expires", instant_format(arena, s->expires));
    set_instant(arena, view, "at", s->done);
    value_set(arena, view, "reason", value_get(said, "reason"));
    value_set(arena, view, "signed", s->digest.n == 0 ? NULL : value_str(arena, s->digest));
    value_set_text(arena, view, "message", message_title_of(s));
    value_set(arena, view, "phone",
              secret.phone.n == 0
                  ? NULL
                  : value_str(arena, identifier_mask(arena, IDENTIFIER_MOBILE, secret.phone)));
    value_set(arena, view, "link",
              !waits ? NULL
                     : value_str(arena, str_printf(arena, "%.*s/sign/%.*s", STR_ARG(house->origin),
                                                   STR_ARG(secret.code))));
    set_instant(arena, view, "reminded", s->reminded);
    *out = view;
    return OK;
}

static const struct signing *asked_at(const struct asking *a, Str place)
{
    for (uint32_t i = 0; i < a->asked_count; i++) {
        if (str_same(a->asked[i].place, place)) {
            return &a->asked[i];
        }
    }
    return NULL;
}

static bool can_prove(const struct signatory *s)
{
    return s->phone.n > 0 || s->identity.n >= 4;
}

static struct value *candidates_view(struct call *call, const struct asking *a)
{
    struct arena *arena = call->cx->arena;
    struct value *list = value_list(arena);
    for (uint32_t i = 0; i < a->candidate_count; i++) {
        const struct signatory *s = &a->candidates[i];
        struct value *row = value_map(arena);
        value_set_str(arena, row, "place", s->place);
        value_set_str(arena, row, "name", s->name);
        value_set_str(arena, row, "capacity", s->capacity);
        value_set(arena, row, "phone",
                  s->phone.n == 0
                      ? NULL
                      : value_str(arena, identifier_mask(arena, IDENTIFIER_MOBILE, s->phone)));
        value_set_bool(arena, row, "possible", can_prove(s));
        value_set_bool(arena, row, "asked", asked_at(a, s->place) != NULL);
        value_add(arena, list, row);
    }
    return list;
}

static enum status signatures_view(struct call *call, const struct asking *a, struct value **out)
{
    struct cx *cx = call->cx;
    struct value *view = value_map(cx->arena);
    struct value *list = value_list(cx->arena);
    for (uint32_t i = 0; i < a->asked_count; i++) {
        struct value *row = NULL;
        TRY(asked_view(call, a, &a->asked[i], &row));
        value_add(cx->arena, list, row);
    }
    value_set_str(cx->arena, view, "matter",
                  str_printf(cx->arena, "%" PRId64, a->seen->matter->id));
    value_set_str(cx->arena, view, "title", a->seen->matter->title);
    value_set_text(cx->arena, view, "act", a->form.act->name);
    value_set_str(cx->arena, view, "digest", a->digest);
    value_set_int(cx->arena, view, "missing", missing_of(call, a));
    value_set(cx->arena, view, "signatures", list);
    value_set(cx->arena, view, "candidates", candidates_view(call, a));
    *out = view;
    return OK;
}

enum status signatures_show(struct call *call)
{
    struct cx *cx = call->cx;
    struct asking a;
    struct value *view = NULL;
    TRY(asking_look(call, &a));
    TRY(signatures_view(call, &a, &view));
    return call_answer(call, view, "signatures");
}

/* --- asking --- */

static enum status audit_of(struct call *call, struct script *script, const char *what, Id signing,
                            Id matter)
{
    struct cx *cx = call->cx;
    struct audit audit = {.at = clock_now(),
                          .person = call->actor.person,
                          .what = str_of(what),
                          .subject = str_printf(cx->arena, "matter:%" PRId64, matter),
                          .detail =
                              str_printf(cx->arena, "{\"signing\":\"%" PRId64 "\"}", signing)};
    TRY(sequence_next(cx, call->app->house.sequence, &audit.id));
    audit_write(script, &audit);
    return OK;
}

static enum status link_send(struct call *call, struct script *script, const struct asking *a,
                             const struct signing *s, const struct signing_secret *secret, Id job,
                             bool fell)
{
    struct cx *cx = call->cx;
    const struct house *house = &call->app->house;
    const char *why = fell ? "您签名后内容有改动，原来的签名已失效。" : "";
    Str text =
        str_printf(cx->arena,
                   "【通诉】%s%.*s请您在“%s”的材料上签名。请本人打开 %.*s/sign/%.*s ，"
                   "%s前有效。不认识对方的，不要打开；不要把链接转给别人。",
                   why, STR_ARG(s->person_name), a->seen->procedure->title, STR_ARG(house->origin),
                   STR_ARG(secret->code), date_chinese(cx->arena, instant_date(s->expires)).p);
    return signing_message_write(cx, house->keys, script, job, s, a->seen->matter->wrapped_key,
                                 text, clock_machine());
}

static enum status ask_one(struct call *call, struct asking *a, const struct signatory *who)
{
    struct cx *cx = call->cx;
    const struct house *house = &call->app->house;
    char code[LINK_CHARS + 1];
    Instant now = clock_now();
    random_code(code, LINK_CHARS);
    struct signing_secret secret = {str_copy(cx->arena, code, LINK_CHARS), who->phone,
                                    who->identity};
    struct signing s = {.matter = a->seen->matter->id,
                        .act = str_of(a->form.act->name),
                        .place = who->place,
                        .name = who->name,
                        .capacity = who->capacity,
                        .person = call->actor.person,
                        .person_name = call->actor.name,
                        .asked = now,
                        .expires = date_end(instant_date(now) + SIGNING_DAYS),
                        .token = token_hash(secret.code),
                        .reminded = who->phone.n > 0 ? now : 0};
    const struct signing *before = asked_at(a, who->place);
    bool fell = before != NULL && signing_standing_of(before, a->digest, now) == SIGNING_FELL;
    TRY(sequence_next(cx, house->sequence, &s.id));
    TRY(signing_secret_seal(cx, house->keys, a->seen->matter->wrapped_key, &secret, &s.sealed));
    if (who->phone.n > 0) {
        TRY(pace_check(call, &phone_pace, who->phone));
        TRY(sequence_next(cx, house->sequence, &s.job));
        TRY(link_send(call, a->script, a, &s, &secret, s.job, fell));
    }
    if (before != NULL) {
        signing_withdraw(a->script, before->id, now);
    }
    signing_write_new(a->script, cx->arena, &s);
    return audit_of(call, a->script, "signing-ask", s.id, s.matter);
}

static enum status asked(struct call *call)
{
    struct cx *cx = call->cx;
    struct asking *a = arena_new(cx->arena, struct asking);
    struct value *view = NULL;
    call->app->wake_jobs(call->app->wake_arg);
    call->seen = NULL;
    TRY(asking_look(call, a));
    TRY(signatures_view(call, a, &view));
    return call_done(
        call, str_printf(cx->arena, "/matters/%" PRId64 "/signatures", a->seen->matter->id), view);
}

static bool is_chosen(const struct value *who, Str place)
{
    for (uint32_t i = 0; i < value_count(who); i++) {
        if (str_same(value_as_str(value_item(who, i)), place)) {
            return true;
        }
    }
    return false;
}

/* Those asked before who are not asked anew: papers print a picture of each. */
static uint32_t asked_besides(const struct asking *a, const struct value *who)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < a->asked_count; i++) {
        count += !is_chosen(who, a->asked[i].place);
    }
    return count;
}

/* One complaint for each that cannot be asked; how many can. */
static enum status ask_all(struct call *call, struct asking *a, uint32_t *count)
{
    struct cx *cx = call->cx;
    const struct value *who = value_get(call->body, "who");
    for (uint32_t i = 0; i < a->candidate_count; i++) {
        const struct signatory *s = &a->candidates[i];
        const struct signing *before = asked_at(a, s->place);
        if (!is_chosen(who, s->place)) {
            continue;
        }
        if (!can_prove(s)) {
            (void)cx_error(cx, "who", "signatory-unknown",
                           arena_printf(cx->arena, "请先填写%s的手机号或者证件号码，好让他核对身份",
                                        s->name.p));
            continue;
        }
        *count += 1;
        if (before != NULL &&
            signing_standing_of(before, a->digest, clock_now()) == SIGNING_HOLDS) {
            continue; /* his signature stands: he is not troubled again */
        }
        TRY(ask_one(call, a, s));
    }
    return OK;
}

static enum status ask_refused(struct call *call, const struct asking *a, enum status status)
{
    struct cx *cx = call->cx;
    struct failure failure = cx->failure;
    struct value *view = NULL;
    cx_forgive(cx);
    TRY(signatures_view(call, a, &view));
    cx->failure = failure;
    return call_again(call, status, "signatures", view);
}

enum status signatures_ask(struct call *call)
{
    struct cx *cx = call->cx;
    struct asking *a = arena_new(cx->arena, struct asking);
    uint32_t count = 0;
    TRY(asking_look(call, a));
    TRY(pace_check(call, &ask_pace, viewer_person(cx->arena, call->actor.person)));
    if (missing_of(call, a) > 0) {
        return ask_refused(call, a, FAIL(cx, E_STATE, "signing-early", "the text is not complete"));
    }
    a->script = script_new(cx->arena);
    TRY(ask_all(call, a, &count));
    if (count == 0 && value_count(cx->failure.errors) == 0) {
        (void)cx_error(cx, "who", "missing", "请选择请谁签名");
    }
    if (count + asked_besides(a, value_get(call->body, "who")) > SIGNATORIES_MAX) {
        (void)cx_error(cx, "who", "too-many", "一个事项最多请30人在手机上签名");
    }
    if (value_count(cx->failure.errors) > 0) {
        cx_arg(cx, "count", STR("1"));
        return ask_refused(call, a, FAIL(cx, E_INPUT, "fields", "%" PRIu32 " to be asked", count));
    }
    return call_script(call, a->script, asked);
}

/* --- one of them --- */

static enum status one_of(struct call *call, struct asking *a, const struct signing **out)
{
    struct cx *cx = call->cx;
    Id id = 0;
    TRY(asking_look(call, a));
    TRY(call_id(call, 1, &id));
    for (uint32_t i = 0; i < a->asked_count; i++) {
        if (a->asked[i].id == id) {
            *out = &a->asked[i];
            return OK;
        }
    }
    return FAIL(cx, E_NOT_FOUND, "not-found", "no such request for a signature");
}

enum status signature_remind(struct call *call)
{
    struct cx *cx = call->cx;
    const struct house *house = &call->app->house;
    struct asking *a = arena_new(cx->arena, struct asking);
    const struct signing *s = NULL;
    struct signing_secret secret;
    Instant now = clock_now();
    Id job = 0;
    TRY(one_of(call, a, &s));
    if (signing_standing_of(s, a->digest, now) != SIGNING_WAITS) {
        return ask_refused(call, a, FAIL(cx, E_STATE, "signing-over", "nothing waits"));
    }
    TRY(signing_secret_open(cx, house->keys, a->seen->matter->wrapped_key, s->sealed, &secret));
    if (secret.phone.n == 0) {
        return ask_refused(call, a, FAIL(cx, E_STATE, "signing-no-phone", "no mobile"));
    }
    if (s->reminders >= SIGNING_REMINDERS_MAX || now - s->reminded < REMIND_MS) {
        retry_after(call, (s->reminded + REMIND_MS - now) / 1000);
        return ask_refused(call, a,
                           FAIL(cx, E_RATE, "remind-early", "%" PRId64 " reminders", s->reminders));
    }
    a->script = script_new(cx->arena);
    TRY(sequence_next(cx, house->sequence, &job));
    TRY(link_send(call, a->script, a, s, &secret, job, false));
    signing_remind(a->script, s->id, job, now);
    TRY(audit_of(call, a->script, "signing-remind", s->id, s->matter));
    return call_script(call, a->script, asked);
}

enum status signature_withdraw(struct call *call)
{
    struct cx *cx = call->cx;
    struct asking *a = arena_new(cx->arena, struct asking);
    const struct signing *s = NULL;
    TRY(one_of(call, a, &s));
    a->script = script_new(cx->arena);
    signing_withdraw(a->script, s->id, clock_now());
    TRY(audit_of(call, a->script, "signing-withdraw", s->id, s->matter));
    return call_script(call, a->script, asked);
}

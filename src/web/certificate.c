/* One's own certificate: asked for by who is verified, with his password; renewed in its last 30
 * days; given up at once when the phone or the password is lost. He has one of each scheme, and
 * sees the SM2 one: both are issued and revoked together. */
#include "web/certificate.h"

#include <inttypes.h>

#include "base/clock.h"
#include "base/json.h"
#include "web/account.h"
#include "web/admin_recent.h"
#include "web/again.h"
#include "web/handlers.h"

enum { VALID_DAYS = 2 * 365, SHOWN_MAX = 20, NAME_MAX_CHARS = 60, REASON_MAX = 100 };

struct own_certificates {
    Id id;
    struct person *person;
    struct certificate *all; /* both schemes, the newest first */
    uint32_t count;
};

static enum status own_read(struct cx *cx, struct sql *sql, void *arg)
{
    struct own_certificates *own = arg;
    struct certificate_query query = {.holder = certificate_holder_person(cx->arena, own->id),
                                      .after = STR(""),
                                      .limit = CERT_SCHEMES * SHOWN_MAX};
    TRY(person_find(cx, sql, own->id, &own->person));
    return certificate_list(cx, sql, &query, &own->all, &own->count);
}

static enum status own_load(struct call *call, struct own_certificates *own)
{
    *own = (struct own_certificates){.id = call->actor.person};
    return store_read(call->cx, call->app->house.store, own_read, own);
}

static struct certificate *own_current(const struct own_certificates *own, Instant now)
{
    struct certificate *best = NULL;
    for (uint32_t i = 0; i < own->count; i++) {
        struct certificate *c = &own->all[i];
        bool good = c->scheme == CERT_SM2 && certificate_standing(c, now) == CERTIFICATE_GOOD;
        if (good && (best == NULL || c->until > best->until)) {
            best = c;
        }
    }
    return best;
}

enum status certificate_of_caller(struct call *call, struct certificate **out)
{
    struct cx *cx = call->cx;
    struct own_certificates own;
    *out = NULL;
    if (call->actor.person != 0 && call->actor.post.n == 0) {
        TRY(own_load(call, &own));
        *out = own_current(&own, clock_now());
    }
    return OK;
}

/* --- showing --- */

struct value *certificate_view(struct arena *arena, const struct certificate *c, Instant now)
{
    struct value *view = value_map(arena);
    value_set_str(arena, view, "serial", c->serial);
    value_set_str(arena, view, "holder", c->holder);
    value_set_str(arena, view, "name", c->name);
    value_set_text(arena, view, "scheme", c->scheme == CERT_SM2 ? "SM2" : "P-256");
    value_set_str(arena, view, "since", instant_format(arena, c->since));
    value_set_str(arena, view, "until", instant_format(arena, c->until));
    value_set_text(arena, view, "standing",
                   certificate_standing_name(certificate_standing(c, now)));
    value_set(arena, view, "revoked",
              c->revoked == 0 ? NULL : value_str(arena, instant_format(arena, c->revoked)));
    value_set(arena, view, "reason", c->revoked == 0 ? NULL : value_str(arena, c->reason));
    return view;
}

static bool may_renew(const struct certificate *current, Instant now)
{
    return current == NULL || current->until - now < CERTIFICATE_RENEW_DAYS * DAY_MS;
}

static enum status own_view(struct call *call, struct value **out)
{
    struct cx *cx = call->cx;
    struct arena *arena = cx->arena;
    struct own_certificates own;
    Instant now = clock_now();
    struct value *view = value_map(arena);
    struct value *list = value_list(arena);
    TRY(own_load(call, &own));
    const struct certificate *current = own_current(&own, now);
    for (uint32_t i = 0; i < own.count; i++) {
        if (own.all[i].scheme == CERT_SM2) {
            value_add(arena, list, certificate_view(arena, &own.all[i], now));
        }
    }
    value_set(arena, view, "certificates", list);
    value_set(arena, view, "current",
              current == NULL ? NULL : certificate_view(arena, current, now));
    value_set_bool(arena, view, "may_ask",
                   own.person->verified.n > 0 && may_renew(current, now) &&
                       call->app->house.ca != NULL);
    if (!call->json) {
        value_set_bool(arena, view, "verified", own.person->verified.n > 0);
        value_set_bool(arena, view, "has_password", own.person->password.n > 0);
    }
    *out = view;
    return OK;
}

enum status own_certificate_show(struct call *call)
{
    struct cx *cx = call->cx;
    struct value *view = NULL;
    TRY(own_view(call, &view));
    return call_answer(call, view, "me-certificate");
}

/* After a change, or a refusal that stands in cx. */
static enum status own_done(struct call *call)
{
    struct cx *cx = call->cx;
    struct failure failure = cx->failure;
    struct value *view = NULL;
    cx_forgive(cx);
    TRY(own_view(call, &view));
    if (failure.status == OK) {
        return call_done(call, STR("/me/certificate"), view);
    }
    cx->failure = failure;
    return call_again(call, failure.status, "me-certificate", view);
}

/* --- asking for one --- */

struct asking {
    const struct person *person; /* as his password was looked at */
    Instant now;
    struct script *script;
};

/* He asks on two devices at once: who holds his row now sees what the other was given. */
static enum status asking_write(struct cx *cx, struct sql *sql, void *arg)
{
    const struct asking *a = arg;
    struct own_certificates own = {.id = a->person->id};
    bool same = false;
    TRY(session_may_begin(cx, sql, a->person, &same));
    if (!same) {
        return FAIL(cx, E_STATE, "conflict", "his password changed meanwhile");
    }
    TRY(own_read(cx, sql, &own));
    return may_renew(own_current(&own, a->now), a->now)
               ? script_run(cx, sql, a->script)
               : FAIL(cx, E_STATE, "certificate-held", "issued meanwhile");
}

/* Made with the authority's help: slow, where that is another machine. */
static enum status keys_ask(struct call *call, const struct person *person, Instant now,
                            struct script *script, Str *serial)
{
    struct cx *cx = call->cx;
    const struct house *house = &call->app->house;
    Instant from = now / 1000 * 1000; /* certificates know seconds */
    for (int i = 0; i < CERT_SCHEMES; i++) {
        struct cert_wish wish = {.scheme = (enum cert_scheme)i,
                                 .name = utf8_head(cx->arena, person->name, NAME_MAX_CHARS),
                                 .holder = certificate_holder_person(cx->arena, person->id),
                                 .from = from,
                                 .until = from + VALID_DAYS * DAY_MS};
        struct cert_key key;
        struct cert_facts facts;
        TRY(cert_key_new(cx, house->ca, &wish, &key));
        TRY(certificate_write(cx, house->keys, script, &key));
        if (cert_read(cx->arena, key.der, &facts) && key.scheme == CERT_SM2) {
            *serial = facts.serial;
        }
    }
    return OK;
}

static Str serial_detail(struct arena *arena, Str serial)
{
    return str_printf(arena, "{\"certificate\":\"%.*s\"}", STR_ARG(serial));
}

/* LAW: electronic-signature-law@2019 20: whoever asks for a certificate gives true particulars, and
 * the authority looks into them: here, who was verified. */
static enum status ask_try(struct call *call)
{
    struct cx *cx = call->cx;
    const struct house *house = &call->app->house;
    struct own_certificates own;
    struct script *script = script_new(cx->arena);
    Instant now = clock_now();
    Str serial = {"", 0};
    TRY(own_load(call, &own));
    const struct certificate *current = own_current(&own, now);
    if (own.person->verified.n == 0) {
        return FAIL(cx, E_STATE, "certificate-unverified", "not verified");
    }
    if (house->ca == NULL) {
        return FAIL(cx, E_STATE, "certificates-missing", "no authority for certificates");
    }
    if (!may_renew(current, now)) {
        return FAIL(cx, E_STATE, "certificate-held", "good until %" PRId64, current->until);
    }
    TRY(account_password_check(call, own.person, value_get_str(call->body, "password")));
    TRY(keys_ask(call, own.person, now, script, &serial));
    TRY(account_audit(call, script, "issue-certificate", own.id, serial_detail(cx->arena, serial)));
    struct asking asking = {own.person, now, script};
    return store_write(cx, house->store, WRITE_INTERACTIVE, asking_write, &asking);
}

/* A refusal is answered by own_done(). */
static enum status ask_slow(struct call *call)
{
    (void)ask_try(call);
    return OK;
}

enum status own_certificate_ask(struct call *call)
{
    return call_slow(call, ask_slow, own_done);
}

/* --- giving it up --- */

struct revoking {
    struct certificate *certificate;
    Str reason;
    Instant at;
    struct script *audit;
};

static enum status revoking_write(struct cx *cx, struct sql *sql, void *arg)
{
    const struct revoking *r = arg;
    int64_t changed = 0;
    TRY(certificate_revoke(cx, sql, r->certificate, r->reason, r->at, &changed));
    return changed > 0 ? script_run(cx, sql, r->audit)
                       : FAIL(cx, E_STATE, "certificate-revoked", "revoked before");
}

/* LAW: electronic-signature-law@2019 15, 27: who knows that his key is out of his hand says so at
 * once and stops using it. No password: whoever lost his phone must not be held up. */
enum status own_certificate_revoke(struct call *call)
{
    struct cx *cx = call->cx;
    struct own_certificates own;
    struct revoking *r = arena_new(cx->arena, struct revoking);
    TRY(own_load(call, &own));
    r->at = clock_now();
    r->certificate = own_current(&own, r->at);
    r->reason = str_trim(cx->arena, value_get_str(call->body, "reason"));
    r->reason = r->reason.n == 0 ? STR("本人吊销") : r->reason;
    if (r->certificate == NULL) {
        (void)FAIL(cx, E_STATE, "certificate-none", "nothing to revoke");
        return own_done(call);
    }
    if (utf8_count(r->reason) > REASON_MAX) {
        (void)account_refuse(cx, "reason", "too-long", "原因请写在100字以内");
        return own_done(call);
    }
    r->audit = script_new(cx->arena);
    TRY(account_audit(call, r->audit, "revoke-certificate", own.id,
                      serial_detail(cx->arena, r->certificate->serial)));
    return call_write(call, revoking_write, r, own_done);
}

/* --- the administrator --- */

static const char *const whats[] = {"issue-certificate", "revoke-certificate", NULL};

struct listing {
    struct certificate_query query;
    struct certificate *all;
    uint32_t count;
};

static enum status listing_read(struct cx *cx, struct sql *sql, void *arg)
{
    struct listing *l = arg;
    return certificate_list(cx, sql, &l->query, &l->all, &l->count);
}

static enum status all_view(struct call *call, struct value *view)
{
    struct cx *cx = call->cx;
    uint32_t limit = call_limit(call);
    struct listing l = {.query = {.holder = call_param(call, "holder"),
                                  .after = call_param(call, "after"),
                                  .limit = limit + 1}};
    struct value *list = value_list(cx->arena);
    TRY(store_read(cx, call->app->house.store, listing_read, &l));
    uint32_t count = l.count > limit ? limit : l.count;
    for (uint32_t i = 0; i < count; i++) {
        value_add(cx->arena, list, certificate_view(cx->arena, &l.all[i], clock_now()));
    }
    value_set(cx->arena, view, "certificates", list);
    value_set(cx->arena, view, "next",
              l.count > limit
                  ? value_str(cx->arena,
                              str_printf(cx->arena,
                                         "/admin/certificates?limit=%" PRIu32 "&holder=%s&after=%s",
                                         limit, text_percent_encode(cx->arena, l.query.holder).p,
                                         l.all[count - 1].serial.p))
                  : NULL);
    if (!call->json) {
        value_set_str(cx->arena, view, "holder", l.query.holder);
    }
    return admin_recent(call, whats, view);
}

enum status admin_certificates(struct call *call)
{
    struct cx *cx = call->cx;
    struct value *view = value_map(cx->arena);
    TRY(all_view(call, view));
    return call_answer(call, view, "admin-certificates");
}

struct finding {
    Str serial;
    struct certificate *found;
};

static enum status finding_read(struct cx *cx, struct sql *sql, void *arg)
{
    struct finding *f = arg;
    return certificate_get(cx, sql, f->serial, &f->found);
}

static enum status revoked(struct call *call)
{
    return call->json ? call_empty(call, 204) : call_done(call, STR("/admin/certificates"), NULL);
}

static enum status revoke_refused(struct call *call)
{
    struct cx *cx = call->cx;
    struct failure failure = cx->failure;
    struct value *view = value_map(cx->arena);
    cx_forgive(cx);
    TRY(all_view(call, view));
    value_set(cx->arena, view, "said", value_merge(cx->arena, call->body, NULL));
    value_set_str(cx->arena, view, "said_id", call->args[0]);
    cx->failure = failure;
    return call_again(call, failure.status, "admin-certificates", view);
}

enum status admin_certificate_revoke(struct call *call)
{
    struct cx *cx = call->cx;
    struct finding look = {.serial = call->args[0]};
    struct revoking *r = arena_new(cx->arena, struct revoking);
    struct value *detail = value_map(cx->arena);
    r->reason = str_trim(cx->arena, value_get_str(call->body, "reason"));
    r->at = clock_now();
    TRY(store_read(cx, call->app->house.store, finding_read, &look));
    r->certificate = look.found;
    if (look.found == NULL) {
        return FAIL(cx, E_NOT_FOUND, "not-found", "no such certificate");
    }
    if (r->reason.n == 0 || utf8_count(r->reason) > REASON_MAX) {
        (void)account_refuse(cx, "reason", r->reason.n == 0 ? "missing" : "too-long",
                             r->reason.n == 0 ? "请写明为什么吊销" : "原因请写在100字以内");
        return revoke_refused(call);
    }
    value_set_str(cx->arena, detail, "certificate", look.found->serial);
    value_set_str(cx->arena, detail, "reason", r->reason);
    r->audit = script_new(cx->arena);
    TRY(account_audit(call, r->audit, "revoke-certificate", 0, json_write(cx->arena, detail)));
    return call_write(call, revoking_write, r, revoked);
}

/* Behind a link to sign by: the request, the draft as it would be filed, and what may be shown. */
#include "web/signer.h"

#include <inttypes.h>

#include "flow/values.h"
#include "law/identifier.h"

/* By address: a firm or a court hall stands behind one. */
static const struct pace open_pace = {"sign", 300, 120};
/* Links that do not exist, by address: after so many it is answered for a while without a look, so
 * that a right one among many guesses is not told from a wrong one either. */
static const struct pace guess_pace = {"sign-guess", 30, 6};

/* --- looking --- */

static enum status signer_read(struct cx *cx, struct sql *sql, void *arg)
{
    struct signer *s = arg;
    struct person *asker = NULL;
    TRY(signing_find(cx, sql, s->code, &s->row));
    if (s->row == NULL) {
        return FAIL(cx, E_NOT_FOUND, "signing-unknown", "no such link");
    }
    TRY(person_find(cx, sql, s->row->person, &asker));
    /* What he types towards the act is part of what is signed; what the link shows is for us. */
    s->asker = (struct actor){.system = true,
                              .person = s->row->person,
                              .person_kind = asker == NULL ? STR("") : asker->kind,
                              .name = s->row->person_name,
                              .verified = asker != NULL && asker->verified.n > 0,
                              .post = STR(""),
                              .court = STR("")};
    return matter_see(cx, &s->call->app->house, sql, &s->asker, s->row->matter, &s->seen);
}

/* Only this server makes it, for this link and for half an hour. */
static Str pass_mark(const struct signer *s, Str until)
{
    struct arena *arena = s->call->cx->arena;
    Str text = str_printf(arena, "%" PRId64 " %s %s", s->row->id, hash_hex(arena, s->row->token).p,
                          until.p);
    return hash_hex(arena, keys_blind(s->call->app->house.keys, "sign-pass", text));
}

Str signer_pass(const struct signer *s)
{
    struct arena *arena = s->call->cx->arena;
    Str until = str_printf(arena, "%" PRId64, clock_machine() / 1000 + SIGNER_PASS_S);
    return str_printf(arena, "%s.%s", until.p, pass_mark(s, until).p);
}

static bool pass_holds(const struct signer *s)
{
    struct call *call = s->call;
    Str *parts = NULL;
    int64_t until_s = 0;
    Str pass = http_header(call->http, "X-Sign-Pass");
    pass = pass.n > 0 ? pass : http_cookie(call->http, SIGNER_PASS_COOKIE);
    return str_split(call->cx->arena, pass, '.', &parts) == 2 && str_int(parts[0], &until_s) &&
           clock_machine() / 1000 < until_s && str_same(parts[1], pass_mark(s, parts[0]));
}

static bool signer_is_open(const struct signer *s)
{
    int state = procedure_state_index(s->seen.procedure, s->seen.matter->state);
    return s->act != NULL && state >= 0 && (s->act->from & (UINT32_C(1) << state)) != 0;
}

enum status signer_look(struct call *call, struct signer *s)
{
    struct cx *cx = call->cx;
    *s = (struct signer){.call = call, .code = call->args[0]};
    TRY(store_read(cx, call->app->house.store, signer_read, s));
    TRY(signing_secret_open(cx, call->app->house.keys, s->seen.matter->wrapped_key, s->row->sealed,
                            &s->secret));
    s->act = procedure_act(s->seen.procedure, s->row->act);
    s->known = pass_holds(s);
    if (signer_is_open(s)) {
        signing_form(call, &s->seen, s->act, &s->asker, &s->form);
        s->digest = signing_digest(cx, &s->form.ask);
    }
    s->standing = signing_standing_of(s->row, s->digest, clock_now());
    return OK;
}

/* The first look of a request; what is written afterwards is not refused any more. */
enum status signer_begin(struct call *call, struct signer *s)
{
    struct cx *cx = call->cx;
    /* Else the pages' own requests would carry the code into a proxy's log. */
    call_header(call, "Referrer-Policy", STR("origin"));
    TRY(pace_check(call, &open_pace, call->http->client));
    TRY(pace_check(call, &guess_pace, call->http->client));
    TRY(signer_look(call, s));
    pace_return(&guess_pace, call->http->client);
    return OK;
}

/* What the link is good for now, in a word. */
const char *signer_state(const struct signer *s)
{
    if (str_is(s->row->state, "withdrawn")) {
        return "withdrawn";
    }
    return str_is(s->row->state, "filed") || !signer_is_open(s)
               ? "filed"
               : signing_standing_name(s->standing);
}

bool signer_waits(const struct signer *s)
{
    return signer_is_open(s) && s->standing == SIGNING_WAITS && str_is(s->row->state, "waiting");
}

/* --- showing --- */

static struct value *files_view(struct signer *s)
{
    struct arena *arena = s->call->cx->arena;
    struct value *list = value_list(arena);
    const struct matter *m = s->seen.matter;
    for (uint32_t i = 0; i < m->material_count; i++) {
        if (m->materials[i].removed == 0) {
            struct value *row =
                material_view(s->call->cx, s->seen.procedure, &m->materials[i], false, 0);
            value_set_str(
                arena, row, "url",
                str_printf(arena, "/sign/%s/materials/%" PRId64, s->code.p, m->materials[i].n));
            value_add(arena, list, row);
        }
    }
    return list;
}

/* Everything that would be filed, with other people's numbers masked as everywhere. */
static void set_content(struct signer *s, struct value *view)
{
    struct call *call = s->call;
    struct arena *arena = call->cx->arena;
    struct value *values = value_map(arena);
    const struct value *masked = values_mask(call->cx, s->seen.procedure, s->form.values);
    for (uint32_t i = 0; i < s->act->form_count; i++) {
        const struct field *f = s->act->form[i];
        if (!field_is_last(f) && value_get(masked, f->name) != NULL) {
            value_set(arena, values, f->name, value_get(masked, f->name));
        }
    }
    value_set_str(arena, view, "title", s->seen.matter->title);
    value_set_text(arena, view, "act", s->act->name);
    value_set_text(arena, view, "act_title", s->act->title);
    value_set(arena, view, "court", court_ref(arena, page_tables(call), s->seen.matter->court));
    value_set(arena, view, "values", values);
    value_set(arena, view, "materials", files_view(s));
    value_set_str(arena, view, "digest", s->digest);
}

struct value *signer_view(struct signer *s)
{
    struct call *call = s->call;
    struct arena *arena = call->cx->arena;
    struct value *view = value_map(arena);
    struct value *ways = value_list(arena);
    const struct signing *row = s->row;
    call->seen = s->known && signer_waits(s) ? &s->seen : NULL; /* for its page */
    if (s->secret.identity.n >= SIGNER_TAIL_DIGITS) {
        value_add_text(arena, ways, "identity");
    }
    if (s->secret.phone.n > 0) {
        value_add_text(arena, ways, "phone");
    }
    value_set_text(arena, view, "state", signer_state(s));
    value_set_bool(arena, view, "known", s->known);
    value_set_str(arena, view, "asked_by", row->person_name);
    value_set_text(arena, view, "procedure_title", s->seen.procedure->title);
    value_set_bool(arena, view, "renewed", s->seen.renewal != NULL);
    value_set_str(arena, view, "expires", instant_format(arena, row->expires));
    value_set(arena, view, "ways", ways);
    value_set(arena, view, "phone",
              s->secret.phone.n == 0
                  ? NULL
                  : value_str(arena, identifier_mask(arena, IDENTIFIER_MOBILE, s->secret.phone)));
    if (s->known) {
        value_set_str(arena, view, "name", row->name);
        value_set_str(arena, view, "capacity", row->capacity);
        value_set(arena, view, "at",
                  row->done == 0 ? NULL : value_str(arena, instant_format(arena, row->done)));
        value_set(arena, view, "signed", row->digest.n == 0 ? NULL : value_str(arena, row->digest));
        if (signer_waits(s)) {
            set_content(s, view);
        }
    }
    if (!call->json) {
        value_set_str(arena, view, "code", s->code);
    }
    return view;
}

enum status signer_again(struct call *call, struct signer *s, enum status status)
{
    struct failure failure = call->cx->failure;
    struct value *view = NULL;
    cx_forgive(call->cx);
    view = signer_view(s);
    value_set(call->cx->arena, view, "marks", failure.errors);
    call->cx->failure = failure;
    call->kept = s;
    return call_again(call, status, "sign", view);
}

#include "web/complaint.h"

#include <inttypes.h>

#include "flow/field.h"
#include "flow/view.h"
#include "law/identifier.h"
#include "web/again.h"
#include "web/handlers.h"
#include "web/page_parts.h"

struct complaining {
    const struct actor *actor;
    struct actor follower;
    Str court;
    const struct value *values;
    Str key;
    Hash request;
    Str code; /* of the request followed; "" with an account */
    const struct seen *about;
    Id made;
    struct matter *matter;
};

struct actor complaint_follower(Id matter)
{
    const Str none = {"", 0};
    return (struct actor){.person_kind = none,
                          .name = STR("持查询码的人"),
                          .post = none,
                          .court = none,
                          .follows = matter};
}

bool complaint_is_possible(const struct procedure *procedure)
{
    return procedure->begin_count > 0 && procedure->begin_by[0].kind != ACTOR_EFFECT &&
           !text_is(procedure->name, "filing-complaint");
}

/* --- the form --- */

static struct value *complaint_view(struct call *call, const struct seen *seen, Str code)
{
    struct arena *arena = call->cx->arena;
    const struct law_tables *tables = page_tables(call);
    struct value *view = value_map(arena);
    Str collaborator = value_get_str(seen->matter->values, "collaborator");
    value_set_str(arena, view, "post_href",
                  code.n > 0
                      ? str_printf(arena, "/follow/%s/complaint", code.p)
                      : str_printf(arena, "/matters/%" PRId64 "/complaint", seen->matter->id));
    value_set_str(arena, view, "back_href",
                  code.n > 0 ? str_printf(arena, "/follow/%s", code.p)
                             : str_printf(arena, "/matters/%" PRId64, seen->matter->id));
    value_set(arena, view, "court", court_ref(arena, tables, seen->matter->court));
    value_set(arena, view, "collaborator",
              collaborator.n == 0 ? NULL : court_ref(arena, tables, collaborator));
    value_set_text(arena, view, "procedure_title", seen->procedure->title);
    value_set(arena, view, "said", value_merge(arena, call->body, NULL));
    return view;
}

enum status complaint_page(struct call *call, const struct seen *seen, Str code)
{
    struct cx *cx = call->cx;
    if (!complaint_is_possible(seen->procedure)) {
        return FAIL(cx, E_NOT_FOUND, "not-found", "no complaints about %s", seen->procedure->name);
    }
    return call_answer(call, complaint_view(call, seen, code), "complaint");
}

/* --- making it --- */

static enum status made_read(struct cx *cx, struct sql *sql, void *arg)
{
    struct complaining *c = arg;
    return matter_find(cx, sql, c->made, &c->matter);
}

/* A plan that lost its race is for the caller to make again; nobody else knows this matter yet. */
static enum status plan_write(struct call *call, struct plan *plan)
{
    return store_write(call->cx, call->app->house.store, WRITE_INTERACTIVE, plan_apply, plan);
}

static enum status complain_try(struct call *call)
{
    struct cx *cx = call->cx;
    const struct house *house = &call->app->house;
    struct complaining *c = call->kept;
    struct plan *plan = NULL;
    int64_t replayed = 0;
    TRY(draft_begin(cx, house, c->actor, STR("filing-complaint"), c->court, c->values, false,
                    c->key, c->request, &plan));
    TRY(plan_write(call, plan));
    c->made = plan->replayed ? plan->replayed_matter : plan->changes[0].after->id;
    if (plan->replayed) {
        TRY(store_read(cx, house->store, made_read, c));
        if (c->matter == NULL) {
            return FAIL(cx, E_NOT_FOUND, "not-found", "the draft of a complaint is gone");
        }
    }
    /* A draft still: refused the first time, or the program died before it was sent. */
    if (!plan->replayed || c->matter->events == 0) {
        c->follower = complaint_follower(c->made);
        struct act_request request = {.actor = c->actor->follows != 0 ? &c->follower : c->actor,
                                      .matter = c->made,
                                      .act = STR("submit"),
                                      .values = c->values,
                                      .revision = -1,
                                      .key = {"", 0},
                                      .about = c->about->matter->id};
        TRY(act_prepare(cx, house, &request, &plan, &replayed));
        TRY(plan_write(call, plan));
        call->app->wake_jobs(call->app->wake_arg);
    }
    return store_read(cx, house->store, made_read, c);
}

static enum status complain_slow(struct call *call)
{
    (void)complain_try(call); /* a refusal is answered by complained() */
    return OK;
}

static enum status complained(struct call *call)
{
    struct cx *cx = call->cx;
    const struct complaining *c = call->kept;
    if (cx->failure.status != OK) {
        return call_again(call, cx->failure.status, "complaint",
                          complaint_view(call, c->about, c->code));
    }
    const struct matter *m = c->matter;
    struct value *view = value_map(cx->arena);
    Str where = c->code.n > 0 ? str_printf(cx->arena, "/follow/%s", m->follow_code.p)
                              : str_printf(cx->arena, "/matters/%" PRId64, m->id);
    if (c->code.n == 0) {
        value_set_str(cx->arena, view, "id", str_printf(cx->arena, "%" PRId64, m->id));
    }
    value_set_str(cx->arena, view, "follow_code", m->follow_code);
    value_set(cx->arena, view, "court", court_ref(cx->arena, page_tables(call), m->court));
    value_set(cx->arena, view, "due",
              m->clock_count == 0
                  ? NULL
                  : value_str(cx->arena, instant_format(cx->arena, m->clocks[0].due)));
    return call->json ? call_created(call, where, view) : call_done(call, where, view);
}

/* What is said, as the form of the procedure asks for it. */
static const struct value *values_said(struct call *call, const struct seen *seen)
{
    static const char *const fields[] = {"about", "text", "phone"};
    struct arena *arena = call->cx->arena;
    struct value *values = value_map(arena);
    struct value *complaint = value_map(arena);
    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++) {
        Str text = str_trim(arena, value_get_str(call->body, fields[i]));
        if (text.n > 0) {
            value_set_str(arena, complaint, fields[i], text);
        }
    }
    value_set_str(arena, complaint, "request",
                  utf8_head(arena,
                            seen->matter->case_number.n > 0
                                ? str_printf(arena, "%s %s", seen->matter->case_number.p,
                                             seen->matter->title.p)
                                : seen->matter->title,
                            200));
    value_set(arena, values, "complaint", complaint);
    return values;
}

/* Before anything is made: what the form will refuse, so that no draft is left behind. */
static enum status said_check(struct call *call)
{
    static const char *const abouts[] = {"not-received", "late",   "corrections",
                                         "unreachable",  "manner", "other"};
    struct cx *cx = call->cx;
    Str about = str_trim(cx->arena, value_get_str(call->body, "about"));
    Str text = str_trim(cx->arena, value_get_str(call->body, "text"));
    Str phone = str_trim(cx->arena, value_get_str(call->body, "phone"));
    struct identifier read;
    bool known = false;
    for (size_t i = 0; i < sizeof abouts / sizeof abouts[0]; i++) {
        known = known || str_is(about, abouts[i]);
    }
    if (!known) {
        (void)cx_error(cx, "about", "missing", "请选择投诉什么");
    }
    if (text.n == 0) {
        (void)cx_error(cx, "text", "missing", "请写明具体情况");
    } else if (!field_text_is_fit(text, true)) {
        (void)cx_error(cx, "text", "characters", "含有不能显示的字符，请重新输入");
    } else if (utf8_count(text) > 2000) {
        (void)cx_error(cx, "text", "too-long", "最多2000个字");
    }
    if (phone.n > 0 && !identifier_read(cx->arena, IDENTIFIER_PHONE, phone, DATE_NONE, &read)) {
        (void)cx_error(cx, "phone", "identifier", read.why);
    }
    return value_count(cx->failure.errors) == 0 ? OK : FAIL(cx, E_INPUT, "fields", "a complaint");
}

enum status complaint_take(struct call *call, const struct seen *seen, Str code)
{
    struct cx *cx = call->cx;
    struct complaining *c = arena_new(cx->arena, struct complaining);
    Str collaborator = value_get_str(seen->matter->values, "collaborator");
    bool about_near =
        collaborator.n > 0 && str_is(value_get_str(call->body, "court"), "collaborator");
    *c = (struct complaining){.actor = &call->actor,
                              .follower = complaint_follower(seen->matter->id),
                              .court = about_near ? collaborator : seen->matter->court,
                              .code = code,
                              .about = seen,
                              .key = http_header(call->http, "Idempotency-Key"),
                              .request = call_request_hash(call)};
    call->kept = c;
    if (!complaint_is_possible(seen->procedure)) {
        return FAIL(cx, E_NOT_FOUND, "not-found", "no complaints about %s", seen->procedure->name);
    }
    if (code.n > 0) {
        c->actor = &c->follower;
    }
    if (c->key.n == 0) {
        c->key = value_get_str(call->body, "_key");
    }
    if (said_check(call) != OK) {
        return complained(call);
    }
    c->values = values_said(call, seen);
    return call_slow(call, complain_slow, complained);
}

/* --- with an account, from the matter's page --- */

enum status matter_complain_page(struct call *call)
{
    struct cx *cx = call->cx;
    const struct seen *seen = NULL;
    TRY(page_seen(call, &seen));
    return complaint_page(call, seen, STR(""));
}

enum status matter_complain(struct call *call)
{
    struct cx *cx = call->cx;
    const struct seen *seen = NULL;
    TRY(page_seen(call, &seen));
    if (call->actor.post.n > 0 || seen->matter->events == 0) {
        return FAIL(cx, E_DENIED, "denied", "complaints are the parties'");
    }
    return complaint_take(call, seen, STR(""));
}

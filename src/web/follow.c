/* Following a matter by the code on its receipt, without an account: how far it is, whom to call;
 * rating what was delivered, complaining. Nothing personal is shown. */
#include "record/follow.h"

#include <inttypes.h>

#include "flow/act.h"
#include "flow/authority.h"
#include "flow/view.h"
#include "law/hours.h"
#include "web/again.h"
#include "web/complaint.h"
#include "web/contact.h"
#include "web/handlers.h"

static const struct pace follow_pace = {"follow", 60, 30};
/* By code: many people stand behind one address, in a hall of a court. */
static const struct pace say_pace = {"follow-say", 10, 5};

struct follow_look {
    struct call *call;
    Str code;
    struct actor follower;
    struct seen seen;
    struct matter *found;
};

static enum status follow_read(struct cx *cx, struct sql *sql, void *arg)
{
    struct follow_look *look = arg;
    TRY(follow_find(cx, sql, look->code, &look->found));
    if (look->found == NULL) {
        return FAIL(cx, E_NOT_FOUND, "not-found", "no such follow code");
    }
    look->follower = complaint_follower(look->found->id);
    return matter_see(cx, &look->call->app->house, sql, &look->follower, look->found->id,
                      &look->seen);
}

static enum status follow_look_unpaced(struct call *call, Str code, struct follow_look *look)
{
    *look = (struct follow_look){.call = call, .code = code};
    return store_read(call->cx, call->app->house.store, follow_read, look);
}

static enum status follow_look(struct call *call, Str code, struct follow_look *look)
{
    struct cx *cx = call->cx;
    TRY(pace_check(call, &follow_pace, call->http->client));
    return follow_look_unpaced(call, code, look);
}

/* --- showing --- */

/* Whose turn it is, without names. */
static const char *turn_of(const struct procedure *p, const struct state *state)
{
    if (state == NULL || state->end) {
        return p->collaborated ? "已经办结。" : "已经办结。结果和文书请登录查看。";
    }
    for (uint32_t i = 0; i < state->wait_count; i++) {
        if (state->waits[i].kind == ACTOR_COLLABORATOR) {
            return "请到您提交材料的那家法院的窗口办理，带上身份证件。";
        }
        if (state->waits[i].kind == ACTOR_PARTY && p->collaborated) {
            return "已经交付，请您评价。";
        }
        if (state->waits[i].kind == ACTOR_PARTY) {
            return "等待当事人办理。请登录查看需要办什么。";
        }
    }
    return "法院正在办理，暂时不需要您做什么。";
}

static struct value *follow_clocks(struct arena *arena, const struct matter *m)
{
    struct value *list = value_list(arena);
    for (uint32_t i = 0; i < m->clock_count; i++) {
        const struct clock_row *clock = &m->clocks[i];
        struct value *row = value_map(arena);
        bool running = clock->stopped == 0;
        value_set_str(arena, row, "title", clock->title);
        value_set_str(arena, row, "law", clock->law);
        value_set_str(arena, row, "due", instant_format(arena, clock->due));
        value_set_bool(arena, row, "running", running);
        value_set_bool(arena, row, "overdue", running && clock->breached != 0);
        value_set(arena, row, "note", NULL);
        value_set(arena, row, "left_title", NULL);
        value_set(arena, row, "has_working", NULL);
        value_add(arena, list, row);
    }
    return list;
}

/* A court with its hours and the phone that it shows to everybody. */
static struct value *call_view(struct call *call, Str code, const char *role)
{
    struct arena *arena = call->cx->arena;
    const struct law_tables *tables = tables_current(call->app->tables);
    struct value *view = value_map(arena);
    struct value *contact = NULL;
    value_set_text(arena, view, "role", role);
    value_set(arena, view, "court", court_ref(arena, tables, code));
    value_set(arena, view, "hours", hours_value(arena, tables, code, clock_now()));
    value_set(arena, view, "phone", NULL);
    if (contact_view_of(call, code, &contact) == OK &&
        (call->actor.post.n == 0 || value_get_bool(contact, "phone_public"))) {
        value_set(arena, view, "phone", value_get(contact, "office_phone"));
    }
    return view;
}

static bool may_take(const struct call *call, const struct follow_look *look, const char *name)
{
    const struct act *act = procedure_act(look->seen.procedure, str_of(name));
    int state = procedure_state_index(look->seen.procedure, look->seen.matter->state);
    return act != NULL && state >= 0 && (act->from & (UINT32_C(1) << state)) != 0 &&
           authority_may(&look->follower, look->seen.matter, act,
                         tables_current(call->app->tables));
}

static void set_instant(struct arena *arena, struct value *view, const char *key, Instant at)
{
    value_set(arena, view, key, at == 0 ? NULL : value_str(arena, instant_format(arena, at)));
}

/* Where it stands: both dates and the rungs of the ladder. */
static void set_handover(struct call *call, const struct follow_look *look, struct value *view)
{
    struct arena *arena = call->cx->arena;
    const struct matter *m = look->seen.matter;
    const struct law_tables *tables = tables_current(call->app->tables);
    Str collaborator = value_get_str(m->values, "collaborator");
    struct value *calls = value_list(arena);
    Instant handed_in = 0;
    (void)instant_parse(value_get_str(look->seen.clear, "handed-in"), &handed_in);
    if (collaborator.n > 0) {
        value_set(arena, view, "collaborator", court_ref(arena, tables, collaborator));
        set_instant(arena, view, "handed_in", handed_in);
        set_instant(arena, view, "arrived", m->arrived);
        value_set(arena, view, "ladder",
                  look->seen.handover == NULL ? NULL : ladder_view(arena, &look->seen));
        value_add(arena, calls, call_view(call, collaborator, "提交材料的法院"));
    }
    value_add(arena, calls, call_view(call, m->court, collaborator.n > 0 ? "审查的法院" : "法院"));
    value_set(arena, view, "calls", calls);
}

static enum status follow_view(struct call *call, const struct follow_look *look,
                               struct value **out)
{
    struct arena *arena = call->cx->arena;
    const struct matter *m = look->seen.matter;
    const struct procedure *p = look->seen.procedure;
    const struct state *state = procedure_state(p, m->state);
    struct value *view = value_map(arena);
    struct value *may = value_map(arena);
    Str answer = value_as_str(value_at(look->seen.clear, "complaint-answer.text"));
    value_set_text(arena, view, "title", p->title);
    value_set_str(arena, view, "state", m->state);
    value_set_text(arena, view, "state_title", state == NULL ? "" : state->title);
    value_set(arena, view, "court", court_ref(arena, tables_current(call->app->tables), m->court));
    value_set(arena, view, "clocks", follow_clocks(arena, m));
    value_set_text(arena, view, "text", answer.n > 0 ? "" : turn_of(p, state));
    value_set_str(arena, view, "at", instant_format(arena, m->updated));
    if (text_is(p->name, "filing-complaint")) {
        value_set(arena, view, "answer", answer.n == 0 ? NULL : value_str(arena, answer));
    }
    set_handover(call, look, view);
    value_set_bool(arena, may, "rate", may_take(call, look, "rate"));
    value_set_bool(arena, may, "complain", complaint_is_possible(p));
    value_set(arena, view, "may", may);
    if (!call->json) {
        value_set_str(arena, view, "code", look->code);
    }
    *out = view;
    return OK;
}

static enum status follow_answer(struct call *call, Str code)
{
    struct cx *cx = call->cx;
    struct follow_look look;
    struct value *view = NULL;
    TRY(follow_look(call, code, &look));
    TRY(follow_view(call, &look, &view));
    return call_answer(call, view, "follow");
}

enum status follow_show(struct call *call)
{
    return follow_answer(call, call->args[0]);
}

enum status follow_search(struct call *call)
{
    return follow_answer(call, str_trim(call->cx->arena, call_param(call, "code")));
}

/* --- rating --- */

static enum status rated(struct call *call)
{
    struct cx *cx = call->cx;
    struct value *view = NULL;
    struct follow_look look;
    call->app->wake_jobs(call->app->wake_arg);
    /* What is written is not refused any more. */
    TRY(follow_look_unpaced(call, call->args[0], &look));
    TRY(follow_view(call, &look, &view));
    return call_done(call, str_printf(cx->arena, "/follow/%s", look.code.p), view);
}

/* {"score":5,"comment":"…"} as the act's form asks for it. */
static const struct value *rating_said(struct call *call)
{
    struct arena *arena = call->cx->arena;
    struct value *values = value_map(arena);
    struct value *rating = value_map(arena);
    const struct value *score = value_get(call->body, "score");
    Str comment = str_trim(arena, value_get_str(call->body, "comment"));
    int64_t number = 0;
    if (value_is_text(score) && str_int(score->as.text, &number)) {
        score = value_int(arena, number);
    }
    value_set(arena, rating, "score", score);
    if (comment.n > 0) {
        value_set_str(arena, rating, "comment", comment);
    }
    value_set(arena, values, "rating", rating);
    return values;
}

enum status follow_rate(struct call *call)
{
    struct cx *cx = call->cx;
    struct plan *plan = NULL;
    int64_t replayed = 0;
    struct follow_look *look = arena_new(cx->arena, struct follow_look);
    TRY(origin_check(call));
    TRY(pace_check(call, &say_pace, call->args[0]));
    TRY(follow_look(call, call->args[0], look));
    struct act_request request = {.actor = &look->follower,
                                  .matter = look->seen.matter->id,
                                  .act = STR("rate"),
                                  .values = rating_said(call),
                                  .revision = -1,
                                  .key = {"", 0}};
    enum status status = act_prepare(cx, &call->app->house, &request, &plan, &replayed);
    if (status != OK) {
        struct failure failure = cx->failure;
        struct value *view = NULL;
        cx_forgive(cx);
        TRY(follow_view(call, look, &view));
        cx->failure = failure;
        return call_again(call, status, "follow", view);
    }
    return call_plan(call, plan, rated);
}

/* --- complaining --- */

enum status follow_complain_page(struct call *call)
{
    struct cx *cx = call->cx;
    struct follow_look look;
    TRY(follow_look(call, call->args[0], &look));
    return complaint_page(call, &look.seen, look.code);
}

enum status follow_complain(struct call *call)
{
    struct cx *cx = call->cx;
    struct follow_look *look = arena_new(cx->arena, struct follow_look); /* outlives this */
    TRY(origin_check(call));
    TRY(pace_check(call, &say_pace, call->args[0]));
    TRY(follow_look(call, call->args[0], look));
    return complaint_take(call, &look->seen, look->code);
}

/* --- another code --- */

struct renewing {
    struct call *call;
    Id matter;
    struct seen seen;
    Str code;
};

static enum status renewing_read(struct cx *cx, struct sql *sql, void *arg)
{
    struct renewing *r = arg;
    return matter_see(cx, &r->call->app->house, sql, &r->call->actor, r->matter, &r->seen);
}

static enum status follow_renewed(struct call *call)
{
    struct arena *arena = call->cx->arena;
    const struct renewing *r = call->kept;
    struct value *view = value_map(arena);
    value_set_str(arena, view, "follow_code", r->code);
    return call_done(call, str_printf(arena, "/matters/%" PRId64, r->matter), view);
}

enum status follow_new(struct call *call)
{
    struct cx *cx = call->cx;
    struct renewing *r = arena_new(cx->arena, struct renewing);
    struct script *script = script_new(cx->arena);
    r->call = call;
    call->kept = r;
    TRY(call_id(call, 0, &r->matter));
    TRY(store_read(cx, call->app->house.store, renewing_read, r));
    if (!authority_sees_whole(&call->actor, r->seen.matter)) {
        return FAIL(cx, E_DENIED, "denied", "the follow code is its owner's");
    }
    r->code = follow_renew(cx->arena, script, r->matter);
    return call_script(call, script, follow_renewed);
}

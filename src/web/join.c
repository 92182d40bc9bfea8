/* Becoming part of a matter by a paper's code. */
#include "flow/join.h"

#include <inttypes.h>

#include "flow/act.h"
#include "flow/authority.h"
#include "flow/view.h"
#include "web/again.h"
#include "web/handlers.h"

static const struct pace join_pace = {"join", 10, 3};

static Str matter_path(struct arena *arena, Id id)
{
    return str_printf(arena, "/matters/%" PRId64, id);
}

/* --- joining --- */

static enum status joined(struct call *call)
{
    struct arena *arena = call->cx->arena;
    const struct join *join = call->kept;
    struct value *view = value_map(arena);
    call->app->wake_jobs(call->app->wake_arg);
    pace_return(&join_pace, viewer_person(arena, call->actor.person));
    value_set_text(arena, view, "state", join->waits ? "waiting" : "joined");
    if (join->waits) { /* he is a stranger still: no number of the matter */
        value_set(arena, view, "matter", NULL);
        return call_answer(call, view, "join");
    }
    value_set_str(arena, view, "matter", str_printf(arena, "%" PRId64, join->matter));
    return call_done(call, matter_path(arena, join->matter), view);
}

enum status join_take(struct call *call)
{
    struct cx *cx = call->cx;
    struct join *join = arena_new(cx->arena, struct join);
    struct join_request request = {.actor = &call->actor,
                                   .code = value_get_str(call->body, "code"),
                                   .role = value_get_str(call->body, "role")};
    enum status status = pace_check(call, &join_pace, viewer_person(cx->arena, call->actor.person));
    if (status == OK) {
        status = join_prepare(cx, &call->app->house, &request, join);
    }
    call->kept = join;
    if (status != OK) {
        struct value *view = value_map(cx->arena);
        value_set_str(cx->arena, view, "code", request.code);
        return call_again(call, status, "join", view);
    }
    if (join->already) {
        return joined(call);
    }
    return join->plan != NULL ? call_plan(call, join->plan, joined)
                              : call_script(call, join->script, joined);
}

enum status join_page(struct call *call)
{
    struct value *view = value_map(call->cx->arena);
    value_set_str(call->cx->arena, view, "code", call_param(call, "code"));
    return call_answer(call, view, "join");
}

/* --- the court looks at requests --- */

struct requests_look {
    struct call *call;
    Id matter;
    struct seen seen;
    struct joining *list;
    uint32_t count;
};

static enum status requests_read(struct cx *cx, struct sql *sql, void *arg)
{
    struct requests_look *look = arg;
    struct call *call = look->call;
    TRY(matter_see(cx, &call->app->house, sql, &call->actor, look->matter, &look->seen));
    return joining_list(cx, sql, look->matter, &look->list, &look->count);
}

static struct value *parties_named(struct arena *arena, const struct seen *seen)
{
    struct value *list = value_list(arena);
    for (uint32_t i = 0; i < seen->matter->party_count; i++) {
        const struct party *party = &seen->matter->parties[i];
        struct value *row = value_map(arena);
        value_set_int(arena, row, "n", party->n);
        value_set_str(arena, row, "name", party->name);
        value_set_text(arena, row, "role_title",
                       procedure_role_title(seen->procedure, party->role, seen->clear));
        value_add(arena, list, row);
    }
    return list;
}

static enum status requests_view(struct call *call, Id matter, struct value **out)
{
    struct cx *cx = call->cx;
    const struct house *house = &call->app->house;
    struct requests_look look = {.call = call, .matter = matter};
    struct value *list = value_list(cx->arena);
    TRY(store_read(cx, house->store, requests_read, &look));
    if (!authority_is_staff(&call->actor, look.seen.matter, house->tables(house->tables_arg))) {
        return FAIL(cx, E_DENIED, "denied", "requests are shown to staff");
    }
    for (uint32_t i = 0; i < look.count; i++) {
        const struct joining *j = &look.list[i];
        struct value *row = value_map(cx->arena);
        value_set_int(cx->arena, row, "paper", j->paper);
        value_set_str(cx->arena, row, "name", j->name);
        value_set_str(cx->arena, row, "role", j->role);
        value_set_int(cx->arena, row, "party", j->party);
        value_set_str(cx->arena, row, "state", j->state);
        value_set_str(cx->arena, row, "at", instant_format(cx->arena, j->at));
        value_add(cx->arena, list, row);
    }
    *out = value_map(cx->arena);
    value_set(cx->arena, *out, "joinings", list);
    value_set(cx->arena, *out, "parties", parties_named(cx->arena, &look.seen));
    if (!call->json) {
        value_set_str(cx->arena, *out, "id", str_printf(cx->arena, "%" PRId64, matter));
        value_set_str(cx->arena, *out, "title", look.seen.matter->title);
    }
    return OK;
}

enum status joinings_show(struct call *call)
{
    struct cx *cx = call->cx;
    struct value *view = NULL;
    Id matter = 0;
    TRY(call_id(call, 0, &matter));
    TRY(requests_view(call, matter, &view));
    return call_answer(call, view, "joinings");
}

static enum status joining_decided(struct call *call)
{
    struct cx *cx = call->cx;
    struct value *view = NULL;
    const Id *matter = call->kept;
    call->app->wake_jobs(call->app->wake_arg);
    TRY(requests_view(call, *matter, &view));
    return call_done(call, str_printf(cx->arena, "/matters/%" PRId64 "/joinings", *matter), view);
}

enum status joining_decide(struct call *call)
{
    struct cx *cx = call->cx;
    struct plan *plan = NULL;
    struct script *script = NULL;
    Id *matter = arena_new(cx->arena, Id);
    Str decision = value_get_str(call->body, "decision");
    struct join_decision said = {.actor = &call->actor,
                                 .accept = str_is(decision, "confirm"),
                                 .authority = value_get_str(call->body, "authority"),
                                 .party = value_get_int(call->body, "party")};
    TRY(call_id(call, 0, &said.matter));
    TRY(call_id(call, 1, &said.paper));
    if (said.party == 0) {
        (void)str_int(value_get_str(call->body, "party"), &said.party);
    }
    if (!said.accept && !str_is(decision, "refuse")) {
        (void)cx_error(cx, "decision", "missing", "请选择 confirm 或者 refuse");
        cx_arg(cx, "count", STR("1"));
        return FAIL(cx, E_INPUT, "fields", "no decision");
    }
    *matter = said.matter;
    call->kept = matter;
    enum status status = join_decide(cx, &call->app->house, &said, &plan, &script);
    if (status == E_INPUT && !call->json) {
        struct value *view = NULL;
        struct failure failure = cx->failure;
        cx_forgive(cx);
        TRY(requests_view(call, said.matter, &view));
        cx->failure = failure;
        return call_again(call, status, "joinings", view);
    }
    TRY(status);
    return plan != NULL ? call_plan(call, plan, joining_decided)
                        : call_script(call, script, joining_decided);
}

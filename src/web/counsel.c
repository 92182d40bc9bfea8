/* Whom a party has act for him: seen, appointed, ended. */
#include "flow/counsel.h"

#include <inttypes.h>

#include "web/again.h"
#include "web/handlers.h"
#include "web/page_parts.h"

/* A login is tried here, too. */
static const struct pace name_pace = {"agent", 60, 5};

struct agents_look {
    Id matter;
    struct counsel *list;
    uint32_t count;
};

static enum status agents_read(struct cx *cx, struct sql *sql, void *arg)
{
    struct agents_look *look = arg;
    return counsel_list(cx, sql, look->matter, &look->list, &look->count);
}

static Str party_name(const struct matter *m, int64_t n)
{
    for (uint32_t i = 0; i < m->party_count; i++) {
        if (m->parties[i].n == n) {
            return m->parties[i].name;
        }
    }
    return STR("");
}

static struct value *agent_view(struct call *call, const struct seen *seen, const struct counsel *c)
{
    struct arena *arena = call->cx->arena;
    struct value *row = value_map(arena);
    int64_t own = counsel_party_of(seen->matter, call->actor.person);
    bool acts = c->until == 0;
    value_set_str(arena, row, "person", str_printf(arena, "%" PRId64, c->person));
    value_set_str(arena, row, "name", c->name);
    value_set_str(arena, row, "firm", c->firm);
    value_set_int(arena, row, "party", c->party);
    value_set_str(arena, row, "party_name", party_name(seen->matter, c->party));
    value_set_str(arena, row, "authority", c->authority);
    value_set_text(arena, row, "authority_title",
                   str_is(c->authority, "special")   ? "特别授权"
                   : str_is(c->authority, "general") ? "一般授权"
                                                     : "授权范围未登记");
    value_set_str(arena, row, "since", instant_format(arena, c->since));
    value_set(arena, row, "until", acts ? NULL : value_str(arena, instant_format(arena, c->until)));
    value_set_bool(arena, row, "may_end",
                   acts && ((own != 0 && own == c->party) || c->person == call->actor.person));
    value_set_bool(arena, row, "self", c->person == call->actor.person);
    return row;
}

static enum status agents_view(struct call *call, struct value **out)
{
    struct cx *cx = call->cx;
    const struct seen *seen = NULL;
    TRY(page_seen(call, &seen));
    struct agents_look look = {.matter = seen->matter->id};
    struct value *list = value_list(cx->arena);
    struct value *view = value_map(cx->arena);
    int64_t own = counsel_party_of(seen->matter, call->actor.person);
    uint32_t acting = 0;
    TRY(store_read(cx, call->app->house.store, agents_read, &look));
    for (uint32_t i = 0; i < look.count; i++) {
        acting += look.list[i].until == 0 && look.list[i].party == own;
        value_add(cx->arena, list, agent_view(call, seen, &look.list[i]));
    }
    value_set_str(cx->arena, view, "id", str_printf(cx->arena, "%" PRId64, seen->matter->id));
    value_set_str(cx->arena, view, "title", seen->matter->title);
    value_set(cx->arena, view, "agents", list);
    value_set_bool(cx->arena, view, "may_appoint",
                   own != 0 && acting < COUNSEL_MOST && counsel_is_possible(seen));
    *out = view;
    return OK;
}

enum status counsel_show(struct call *call)
{
    struct cx *cx = call->cx;
    struct value *view = NULL;
    TRY(agents_view(call, &view));
    return call_answer(call, view, "agents");
}

static enum status counsel_changed(struct call *call)
{
    struct cx *cx = call->cx;
    struct value *view = NULL;
    Str where = str_printf(cx->arena, "/matters/%s/agents", call->args[0].p);
    call->app->wake_jobs(call->app->wake_arg);
    call->seen = NULL;
    if (agents_view(call, &view) != OK) { /* who laid his authority down sees it no longer */
        cx_forgive(cx);
        return call->json ? call_empty(call, 204) : call_done(call, STR("/matters?box=mine"), NULL);
    }
    return call_done(call, where, view);
}

enum status counsel_take(struct call *call)
{
    struct cx *cx = call->cx;
    struct plan *plan = NULL;
    Id matter = 0;
    TRY(call_id(call, 0, &matter));
    if (call->tries == 0) {
        TRY(pace_check(call, &name_pace, viewer_person(cx->arena, call->actor.person)));
    }
    enum status status =
        counsel_appoint(cx, &call->app->house, &call->actor, matter,
                        str_trim(cx->arena, value_get_str(call->body, "login")),
                        str_trim(cx->arena, value_get_str(call->body, "name")),
                        str_trim(cx->arena, value_get_str(call->body, "authority")), &plan);
    if (status == E_INPUT || (status == E_STATE && !call->json)) {
        struct value *view = NULL;
        struct failure failure = cx->failure;
        cx_forgive(cx);
        TRY(agents_view(call, &view));
        value_set(cx->arena, view, "said", value_merge(cx->arena, call->body, NULL));
        cx->failure = failure;
        return call_again(call, status, "agents", view);
    }
    return status != OK ? status : call_plan(call, plan, counsel_changed);
}

enum status counsel_drop(struct call *call)
{
    struct cx *cx = call->cx;
    struct plan *plan = NULL;
    Id matter = 0;
    Id person = 0;
    TRY(call_id(call, 0, &matter));
    TRY(call_id(call, 1, &person));
    TRY(counsel_end(cx, &call->app->house, &call->actor, matter, person, &plan));
    return call_plan(call, plan, counsel_changed);
}

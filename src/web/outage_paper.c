/* One outage, and the certificate of it: a paper of the matter that it is wanted for, else of a
 * matter of its own that its holder keeps. */
#include <inttypes.h>

#include "flow/view.h"
#include "law/outage.h"
#include "record/listing.h"
#include "web/again.h"
#include "web/handlers.h"
#include "web/outage.h"

enum { MATTERS_OFFERED = 50 };

struct certifying {
    struct outage *outage;
    Id id;
    Id matter; /* 0: none */
    struct seen seen;
    int64_t paper;
    Id made; /* the matter that has the paper */
};

static enum status outage_read(struct cx *cx, struct sql *sql, void *arg)
{
    struct certifying *c = arg;
    return outage_find(cx, sql, c->id, &c->outage);
}

static enum status outage_look(struct call *call, struct certifying *c)
{
    struct cx *cx = call->cx;
    TRY(call_id(call, 0, &c->id));
    TRY(store_read(cx, call->app->house.store, outage_read, c));
    return c->outage != NULL ? OK : FAIL(cx, E_NOT_FOUND, "not-found", "no outage %" PRId64, c->id);
}

/* --- showing --- */

struct mine_look {
    struct listing_query query;
    struct listing *rows;
    uint32_t count;
};

static enum status mine_read(struct cx *cx, struct sql *sql, void *arg)
{
    struct mine_look *look = arg;
    return listing_list(cx, sql, &look->query, &look->rows, &look->count);
}

/* The caller's own matters that the court has: for the choice on the page. */
static struct value *matters_offered(struct call *call)
{
    struct cx *cx = call->cx;
    struct value *list = value_list(cx->arena);
    struct mine_look look = {.query = {.viewer = viewer_person(cx->arena, call->actor.person),
                                       .box = STR("mine"),
                                       .state = STR(""),
                                       .procedure = STR(""),
                                       .q = STR(""),
                                       .own_court = STR(""),
                                       .limit = MATTERS_OFFERED}};
    if (call->session == NULL || store_read(cx, call->app->house.store, mine_read, &look) != OK) {
        return list;
    }
    for (uint32_t i = 0; i < look.count; i++) {
        struct value *row = value_map(cx->arena);
        if (str_is(look.rows[i].state, "draft") ||
            str_is(look.rows[i].procedure, "outage-certificate")) {
            continue;
        }
        value_set_str(cx->arena, row, "id", str_printf(cx->arena, "%" PRId64, look.rows[i].matter));
        value_set_str(
            cx->arena, row, "title",
            look.rows[i].case_number.n > 0
                ? str_printf(cx->arena, "%s %s", look.rows[i].case_number.p, look.rows[i].title.p)
                : look.rows[i].title);
        value_set_bool(cx->arena, row, "checked",
                       str_same(value_get_str(row, "id"), call_param(call, "matter")));
        value_add(cx->arena, list, row);
    }
    return list;
}

static struct value *one_view(struct call *call, const struct outage *outage)
{
    struct cx *cx = call->cx;
    Instant now = clock_now();
    struct value *view = outage_view(cx->arena, outage, now);
    Date ask = 0;
    bool over = outage->until != 0 && outage->until <= now;
    if (over) {
        value_set_str(cx->arena, view, "lasted",
                      outage_lasted(cx->arena, outage->since, outage->until));
    }
    if (over && outage_ask_until(cx, tables_current(call->app->tables), instant_date(outage->until),
                                 &ask) == OK) {
        value_set_str(cx->arena, view, "ask_until", date_format(cx->arena, ask));
    }
    value_set_bool(cx->arena, view, "certifiable", outage->cancelled == 0 && outage->since <= now);
    return view;
}

enum status outage_show(struct call *call)
{
    struct cx *cx = call->cx;
    struct certifying c = {.outage = NULL};
    TRY(outage_look(call, &c));
    struct value *view = one_view(call, c.outage);
    if (!call->json) {
        value_set(cx->arena, view, "matters", matters_offered(call));
    }
    return call_answer(call, view, "outage");
}

/* --- certifying --- */

static void set_instant(struct arena *arena, struct value *map, const char *name, Instant at)
{
    if (at != 0) {
        value_set_str(arena, map, name, instant_format(arena, at));
    }
}

static enum status inputs_set(struct call *call, struct change *change, const struct certifying *c)
{
    struct cx *cx = call->cx;
    struct arena *arena = cx->arena;
    const struct outage *o = c->outage;
    struct value *inputs = change_inputs(cx, change);
    struct value *outage = value_map(arena);
    Instant until = o->until != 0 && o->until <= clock_now() ? o->until : 0;
    Date ask = 0;
    value_set_str(arena, outage, "number", str_printf(arena, "%" PRId64, o->id));
    value_set_text(arena, outage, "function", outage_function_title(o->function));
    value_set_text(arena, outage, "kind", outage_kind_title(o->kind));
    set_instant(arena, outage, "since", o->since);
    set_instant(arena, outage, "until", until);
    if (until != 0) {
        value_set_str(arena, outage, "lasted", outage_lasted(arena, o->since, until));
        TRY(outage_ask_until(cx, tables_current(call->app->tables), instant_date(until), &ask));
        value_set_str(arena, inputs, "ask-until", date_format(arena, ask));
    }
    if (o->text.n > 0) {
        value_set_str(arena, outage, "text", o->text);
    }
    value_set_str(arena, inputs, "holder", call->actor.name);
    if (c->matter != 0) {
        const struct matter *m = c->seen.matter;
        value_set_str(arena, inputs, "about", m->title);
        value_set_str(arena, inputs, "about-number",
                      m->case_number.n > 0 ? m->case_number : str_printf(arena, "%" PRId64, m->id));
    }
    value_set(arena, inputs, "outage", outage);
    return OK;
}

/* The change that has the paper: of the matter, or of one that is opened for it. */
static enum status change_for(struct call *call, struct plan *plan, const struct certifying *c,
                              struct change **out)
{
    struct cx *cx = call->cx;
    const struct house *house = &call->app->house;
    if (c->matter != 0) {
        *out = plan_change(cx, plan, c->seen.procedure, c->seen.matter);
        (*out)->clear = c->seen.clear;
        return OK;
    }
    const struct procedure *procedure =
        procedure_find(house->procedures, STR("outage-certificate"), 0);
    if (procedure == NULL) {
        return FAIL(cx, E_BUG, "bug", "no procedure outage-certificate");
    }
    TRY(plan_open(cx, plan, procedure, STR("最高法"), call->actor.person, out));
    struct attachment *a = matter_add_attachment(cx->arena, (*out)->after);
    *a = (struct attachment){.person = call->actor.person,
                             .role = STR("holder"),
                             .how = STR("began"),
                             .authority = STR(""),
                             .since = plan->now};
    (*out)->after->title =
        str_printf(cx->arena, "平台故障证明：%s，%s", outage_function_title(c->outage->function),
                   instant_chinese(cx->arena, c->outage->since).p);
    return OK;
}

static enum status certified(struct call *call)
{
    struct cx *cx = call->cx;
    const struct certifying *c = call->kept;
    const struct plan *plan = call->plan;
    Id matter = plan->replayed ? plan->replayed_matter : plan->changes[0].after->id;
    struct value *view = value_map(cx->arena);
    call->app->wake_jobs(call->app->wake_arg);
    value_set_str(cx->arena, view, "matter", str_printf(cx->arena, "%" PRId64, matter));
    value_set_int(cx->arena, view, "event", plan->event);
    value_set_str(cx->arena, view, "outage", str_printf(cx->arena, "%" PRId64, c->id));
    Str where = str_printf(cx->arena, "/matters/%" PRId64 "/papers", matter);
    value_set_str(cx->arena, view, "papers", where);
    return call->json ? call_created(call, where, view) : call_done(call, where, view);
}

static enum status matter_read(struct cx *cx, struct sql *sql, void *arg)
{
    struct call *call = arg;
    struct certifying *c = call->kept;
    return matter_see(cx, &call->app->house, sql, &call->actor, c->matter, &c->seen);
}

/* The matter it is for: one that the caller sees, and that a court has. */
static enum status matter_said(struct call *call, struct certifying *c)
{
    struct cx *cx = call->cx;
    const struct value *said = value_get(call->body, "matter");
    Str text = value_as_str(said);
    if (value_is_null(said) || (value_is_text(said) && text.n == 0)) {
        return OK;
    }
    if (!str_int(text, &c->matter) || c->matter <= 0) {
        (void)cx_error(cx, "matter", "ill-typed", "请选择一件事项");
        return FAIL(cx, E_INPUT, "fields", "matter %.40s", text.p);
    }
    TRY(store_read(cx, call->app->house.store, matter_read, call));
    if (c->seen.matter->events == 0) {
        (void)cx_error(cx, "matter", "draft", "草稿还没有提交，不能关联");
        return FAIL(cx, E_INPUT, "fields", "a draft");
    }
    return OK;
}

enum status outage_certify(struct call *call)
{
    struct cx *cx = call->cx;
    struct certifying *c = arena_new(cx->arena, struct certifying);
    static const char *const papers[] = {"outage-certificate"};
    struct plan *plan = NULL;
    struct change *change = NULL;
    Str key = {"", 0};
    call->kept = c;
    TRY(outage_look(call, c));
    TRY(call_key(call, &key));
    if (c->outage->cancelled != 0 || c->outage->since > clock_now()) {
        cx_arg(cx, "now", STR("这次停用还没有开始，或者已经取消。"));
        return FAIL(cx, E_STATE, "state", "outage %" PRId64 " has not been", c->id);
    }
    TRY(matter_said(call, c));
    TRY(plan_new(cx, &call->app->house, &call->actor, clock_now(), c->seen.matter, &plan));
    TRY(change_for(call, plan, c, &change));
    change->act = "certify-outage";
    change->title = "出具平台故障证明";
    change->report = "";
    change->papers = papers;
    change->paper_count = 1;
    TRY(inputs_set(call, change, c));
    plan_once(plan, viewer_person(cx->arena, call->actor.person),
              str_printf(cx->arena, "outage/%" PRId64, c->id), key, call_request_hash(call));
    TRY(plan_seal(cx, plan));
    return call_plan(call, plan, certified);
}

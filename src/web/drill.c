/* Rounds of drills: a supervisor of the Supreme Court or of a high court begins one; what came of
 * it by province and by court. */
#include "record/drill.h"

#include <inttypes.h>

#include "flow/view.h"
#include "law/drill.h"
#include "web/again.h"
#include "web/area.h"
#include "web/handlers.h"

enum {
    HOURS_MAX = 720,
    PLANNED_DAYS_MAX = 30,
    COURTS_MAX = 500,
    PERCENT = 100,
    LIST_MAX = 100,
    TITLE_MAX = 60
};

static const struct law_tables *tables_of(const struct call *call)
{
    return call->app->house.tables(call->app->house.tables_arg);
}

/* --- beginning --- */

struct begun {
    Str title;
    int64_t hours;
    struct value *courts, *kinds; /* texts */
    struct area area;
    int64_t wait_minutes; /* until it starts; 0: at once */
    Id id;
};

static enum status refuse(struct call *call, const char *field, const char *code, const char *title)
{
    (void)cx_error(call->cx, field, code, title);
    cx_arg(call->cx, "count", STR("1"));
    return FAIL(call->cx, E_INPUT, "fields", "%s: %s", field, code);
}

/* A list of texts, or one text with commas between. */
static enum status courts_read(struct call *call, struct begun *b)
{
    struct arena *arena = call->cx->arena;
    const struct value *said = value_get(call->body, "courts");
    struct value *codes = value_list(arena);
    Str *parts = NULL;
    size_t count = value_is_text(said) ? str_split(arena, value_as_str(said), ',', &parts) : 0;
    for (size_t i = 0; i < count; i++) {
        value_add(arena, codes, value_str(arena, str_trim(arena, parts[i])));
    }
    for (uint32_t i = 0; value_is_list(said) && i < said->count; i++) {
        value_add(arena, codes, said->as.items[i]);
    }
    if (codes->count == 0 || codes->count > COURTS_MAX) {
        return refuse(call, "courts", "missing", "请填写参加演练的法院代码");
    }
    for (uint32_t i = 0; i < codes->count; i++) {
        const struct court *court =
            court_by_code(tables_of(call), value_as_str(codes->as.items[i]));
        if (court == NULL || !area_has(&b->area, court_province(arena, court), court->code)) {
            return refuse(call, "courts", "unknown", "有的法院代码不对，或者不在本辖区");
        }
    }
    b->courts = codes;
    return OK;
}

/* Checked boxes of a form come as a map, a program sends a list; none: all. */
static enum status kinds_read(struct call *call, struct begun *b)
{
    struct arena *arena = call->cx->arena;
    const struct value *said = value_get(call->body, "kinds");
    b->kinds = value_list(arena);
    for (uint32_t i = 0; i < value_count(said); i++) {
        const struct value *one =
            value_is_map(said) ? said->as.members[i].value : value_item(said, i);
        enum reach_kind kind = REACH_ANY;
        if (!reach_kind_parse(value_as_str(one), &kind) || kind == REACH_ANY) {
            return refuse(call, "kinds", "unknown", "没有这种事项");
        }
        value_add(arena, b->kinds, one);
    }
    for (int kind = REACH_CIVIL; said == NULL && kind <= REACH_ADJOURNMENT; kind++) {
        value_add_text(arena, b->kinds, reach_kind_name((enum reach_kind)kind));
    }
    return b->kinds->count > 0 ? OK : refuse(call, "kinds", "missing", "请选择演练哪些事项");
}

/* "2026-03-02T09:00" in Beijing, as forms send it, or an instant. Empty: at once. */
static enum status start_read(struct call *call, struct begun *b)
{
    struct arena *arena = call->cx->arena;
    Str said = str_trim(arena, value_get_str(call->body, "starts"));
    Instant now = clock_now();
    Instant at = 0;
    if (said.n == 0) {
        return OK;
    }
    if (!instant_parse(said, &at) &&
        !instant_parse(str_printf(arena, "%.*s:00+08:00", STR_ARG(said)), &at)) {
        return refuse(call, "starts", "ill-typed", "时间请写成 2026-03-02T09:00");
    }
    if (at <= now || at > now + PLANNED_DAYS_MAX * DAY_MS) {
        return refuse(call, "starts", "out-of-range",
                      "请填写今后30天内的时间；现在就开始的，不用填");
    }
    b->wait_minutes = (at - now + MINUTE_MS - 1) / MINUTE_MS;
    return OK;
}

static enum status begun_read(struct call *call, struct begun *b)
{
    struct cx *cx = call->cx;
    const struct value *hours = value_get(call->body, "hours");
    *b = (struct begun){.title = str_trim(cx->arena, value_get_str(call->body, "title"))};
    TRY(area_of(call, &b->area));
    if (!str_is(call->actor.post, "supervisor") || b->area.court.n > 0) {
        return FAIL(cx, E_DENIED, "denied", "no supervisor of a province or of the country");
    }
    b->hours = value_as_int(hours);
    if (value_is_text(hours) && !str_int(value_as_str(hours), &b->hours)) {
        b->hours = 0;
    }
    if (b->title.n == 0 || utf8_count(b->title) > TITLE_MAX) {
        return refuse(call, "title", "missing", "请填写演练的名称，最多60个字");
    }
    if (b->hours < 1 || b->hours > HOURS_MAX) {
        return refuse(call, "hours", "ill-typed", "请填写1到720之间的小时数");
    }
    TRY(start_read(call, b));
    TRY(kinds_read(call, b));
    return str_is(value_get_str(call->body, "scope"), "courts") ? courts_read(call, b) : OK;
}

static struct value *values_of(struct call *call, const struct begun *b)
{
    struct arena *arena = call->cx->arena;
    struct value *values = value_map(arena);
    struct value *drill = value_map(arena);
    struct value *time = value_map(arena);
    value_set_str(arena, drill, "title", b->title);
    value_set_str(arena, drill, "above", b->area.whole ? STR("") : call->actor.court);
    if (b->courts != NULL) {
        value_set(arena, drill, "courts", b->courts);
    }
    value_set(arena, drill, "kinds", b->kinds);
    value_set_int(arena, time, "hours", b->hours);
    value_set(arena, values, "drill", drill);
    value_set(arena, values, "drill-time", time);
    if (b->wait_minutes > 0) {
        struct value *start = value_map(arena);
        value_set_int(arena, start, "minutes", b->wait_minutes);
        value_set(arena, values, "drill-start", start);
    }
    return values;
}

static enum status begin_done(struct call *call)
{
    const struct begun *b = call->kept;
    struct value *view = value_map(call->cx->arena);
    Id id = call->plan->replayed ? call->plan->replayed_matter : b->id;
    Str where = str_printf(call->cx->arena, "/drills/%" PRId64, id);
    call->app->wake_jobs(call->app->wake_arg);
    value_set_str(call->cx->arena, view, "id", str_printf(call->cx->arena, "%" PRId64, id));
    return call->json ? call_created(call, where, view) : call_done(call, where, view);
}

static enum status begin_plan(struct call *call, struct begun *b, struct plan **out)
{
    struct cx *cx = call->cx;
    const struct house *house = &call->app->house;
    struct drill_choice choice;
    struct drill_pair *pairs = NULL;
    uint32_t count = 0;
    struct plan *plan = NULL;
    struct change *change = NULL;
    Str key = {"", 0};
    TRY(call_key(call, &key));
    TRY(plan_new(cx, house, &call->actor, clock_now(), NULL, &plan));
    TRY(plan_open(cx, plan, procedure_find(house->procedures, STR("drill-round"), 0),
                  call->actor.court, call->actor.person, &change));
    struct value *values = values_of(call, b);
    TRY(change_values(cx, plan, change, values));
    drill_choice_read(cx->arena, value_get(values, "drill"), &choice);
    drill_pairs(cx->arena, tables_of(call), &choice, &pairs, &count);
    if (count == 0) {
        return refuse(call, "courts", "alone", "选中的法院之间没有可以演练的，请多选几家");
    }
    bool now = b->wait_minutes == 0;
    change->act = now ? "begin-round" : "arrange-round";
    change->title = now ? "开始演练" : "安排演练";
    change->after->state = now ? STR("running") : STR("planned");
    change->report = "";
    change->after->title = b->title;
    b->id = change->after->id;
    struct drill row = {
        .matter = b->id, .court = call->actor.court, .province = b->area.province, .total = count};
    drill_write(plan->script, &row);
    if (now) { /* else the clock's act leaves it: the effect make-drill */
        script_add(
            plan->script,
            SQL("INSERT INTO job (id, kind, payload, due, attempts, lease, state, last_error) "
                "VALUES (?1, 'drill', ?2, 0, 0, 0, 'waiting', '')"),
            ARGS(SQL_I(plan_id(plan)),
                 SQL_S(str_printf(cx->arena, "{\"round\":%" PRId64 "}", b->id))));
    }
    plan_once(plan, viewer_person(cx->arena, call->actor.person), STR("drill"), key,
              call_request_hash(call));
    TRY(plan_seal(cx, plan));
    *out = plan;
    return OK;
}

static struct value *list_view(struct call *call);

enum status drill_begin(struct call *call)
{
    struct cx *cx = call->cx;
    struct begun *b = arena_new(cx->arena, struct begun);
    struct plan *plan = NULL;
    call->kept = b;
    enum status status = begun_read(call, b);
    if (status == OK) {
        status = begin_plan(call, b, &plan);
    }
    if (status == E_INPUT && !call->json) {
        struct value *view = list_view(call);
        value_set(cx->arena, view, "said", value_merge(cx->arena, call->body, NULL));
        return call_again(call, status, "drills", view);
    }
    return status != OK ? status : call_plan(call, plan, begin_done);
}

/* --- the list --- */

struct list_look {
    Str court;
    struct drill *drills;
    uint32_t count;
};

static enum status list_read(struct cx *cx, struct sql *sql, void *arg)
{
    struct list_look *look = arg;
    return drill_list(cx, sql, look->court, LIST_MAX, &look->drills, &look->count);
}

static struct value *drill_view(struct call *call, const struct drill *d)
{
    struct arena *arena = call->cx->arena;
    struct value *view = value_map(arena);
    value_set_str(arena, view, "id", str_printf(arena, "%" PRId64, d->matter));
    value_set_str(arena, view, "title", d->title);
    value_set(arena, view, "court", court_ref(arena, tables_of(call), d->court));
    value_set_str(arena, view, "state", d->state);
    const struct procedure *p = procedure_find(call->app->house.procedures, STR("drill-round"), 0);
    const struct state *state = p == NULL ? NULL : procedure_state(p, d->state);
    value_set_text(arena, view, "state_title", state == NULL ? "" : state->title);
    value_set_str(arena, view, "started",
                  instant_format(arena, d->starts == 0 ? d->arranged : d->starts));
    value_set_int(arena, view, "total", d->total);
    value_set_int(arena, view, "made", d->made);
    return view;
}

static struct value *kinds_view(struct arena *arena)
{
    struct value *kinds = value_list(arena);
    for (int kind = REACH_CIVIL; kind <= REACH_ADJOURNMENT; kind++) {
        struct value *one = value_map(arena);
        value_set_int(arena, one, "n", kind - REACH_CIVIL);
        value_set_text(arena, one, "value", reach_kind_name((enum reach_kind)kind));
        value_set_text(arena, one, "title", reach_kind_title((enum reach_kind)kind));
        value_add(arena, kinds, one);
    }
    return kinds;
}

/* All rounds: whoever takes part in one of another court may see that there is one. */
static struct value *list_view(struct call *call)
{
    struct arena *arena = call->cx->arena;
    struct value *view = value_map(arena);
    struct value *list = value_list(arena);
    struct area area;
    struct list_look look = {.court = {"", 0}};
    bool known = area_of(call, &area) == OK;
    if (known && store_read(call->cx, call->app->house.store, list_read, &look) == OK) {
        for (uint32_t i = 0; i < look.count; i++) {
            value_add(arena, list, drill_view(call, &look.drills[i]));
        }
    }
    value_set(arena, view, "drills", list);
    value_set(arena, view, "kinds", kinds_view(arena));
    value_set_bool(arena, view, "can_begin",
                   known && area.court.n == 0 && str_is(call->actor.post, "supervisor"));
    return view;
}

enum status drill_list_show(struct call *call)
{
    struct cx *cx = call->cx;
    struct area area;
    TRY(area_of(call, &area));
    return call_answer(call, list_view(call), "drills");
}

/* --- one --- */

struct one_look {
    Id id;
    Str province;
    struct drill *drill;
    struct drill_tally *tallies;
    uint32_t count;
};

static enum status one_read(struct cx *cx, struct sql *sql, void *arg)
{
    struct one_look *look = arg;
    TRY(drill_find(cx, sql, look->id, &look->drill));
    return drill_tallies(cx, sql, look->id, look->province, &look->tallies, &look->count);
}

struct sum {
    int64_t units, participating, requests, passed;
};

static void sum_add(struct sum *sum, const struct drill_tally *t)
{
    sum->units += 1;
    sum->participating += t->delivered > 0 || t->answered > 0 ? 1 : 0;
    sum->requests += t->handed + t->received;
    sum->passed += t->passed;
}

static void set_rate(struct arena *arena, struct value *view, const char *name, int64_t n,
                     int64_t of)
{
    if (of > 0) {
        int64_t tenths = (n * PERCENT * 10 * 2 + of) / (2 * of);
        value_set_str(arena, view, name,
                      str_printf(arena, "%" PRId64 ".%" PRId64, tenths / 10, tenths % 10));
    }
}

static void set_sum(struct arena *arena, struct value *view, const struct sum *sum)
{
    value_set_int(arena, view, "units", sum->units);
    value_set_int(arena, view, "participating", sum->participating);
    set_rate(arena, view, "participation", sum->participating, sum->units);
    value_set_int(arena, view, "requests", sum->requests);
    value_set_int(arena, view, "passed", sum->passed);
    set_rate(arena, view, "pass_rate", sum->passed, sum->requests);
}

static struct value *province_row(struct call *call, Id id, Str province, const struct sum *sum)
{
    struct arena *arena = call->cx->arena;
    struct value *row = value_map(arena);
    value_set_str(arena, row, "key", province);
    value_set_str(arena, row, "title", area_province_name(call, province));
    if (province.n > 0) {
        value_set_str(arena, row, "href",
                      str_printf(arena, "/drills/%" PRId64 "?province=%s", id,
                                 text_percent_encode(arena, province).p));
    }
    set_sum(arena, row, sum);
    return row;
}

/* Tallies come by court: those of a province are not always neighbours. */
static void provinces_view(struct call *call, const struct one_look *look, struct value *rows)
{
    for (uint32_t i = 0; i < look->count; i++) {
        Str province = look->tallies[i].province;
        struct sum sum = {0};
        bool again = false;
        for (uint32_t k = 0; k < look->count; k++) {
            bool same = str_same(look->tallies[k].province, province);
            again = again || (same && k < i);
            if (same && !again) {
                sum_add(&sum, &look->tallies[k]);
            }
            if (again) {
                break;
            }
        }
        if (!again) {
            value_add(call->cx->arena, rows, province_row(call, look->id, province, &sum));
        }
    }
}

static void courts_view(struct call *call, const struct one_look *look, struct value *rows,
                        struct value *view)
{
    struct arena *arena = call->cx->arena;
    int64_t from = 0;
    (void)str_int(call_param(call, "after"), &from);
    uint32_t limit = call_limit(call);
    uint32_t at = from < 0 || from > look->count ? look->count : (uint32_t)from;
    uint32_t end = look->count - at > limit ? at + limit : look->count;
    for (uint32_t i = at; i < end; i++) {
        struct value *row = value_map(arena);
        struct sum sum = {0};
        sum_add(&sum, &look->tallies[i]);
        value_set_str(arena, row, "key", look->tallies[i].court);
        value_set_str(arena, row, "title", area_court_name(call, look->tallies[i].court));
        set_sum(arena, row, &sum);
        value_add(arena, rows, row);
    }
    value_set(arena, view, "next",
              end < look->count
                  ? value_str(arena, str_printf(arena, "/drills/%" PRId64 "?province=%s&after=%u",
                                                look->id,
                                                text_percent_encode(arena, look->province).p, end))
                  : NULL);
}

enum status drill_show(struct call *call)
{
    struct cx *cx = call->cx;
    struct area area;
    struct one_look look = {.province = call_param(call, "province")};
    struct sum sum = {0};
    TRY(area_of(call, &area));
    TRY(call_id(call, 0, &look.id));
    look.province = area.province.n > 0 ? area.province : look.province;
    TRY(store_read(cx, call->app->house.store, one_read, &look));
    if (look.drill == NULL) {
        return FAIL(cx, E_NOT_FOUND, "not-found", "no drill %" PRId64, look.id);
    }
    uint32_t kept = 0;
    for (uint32_t i = 0; i < look.count;
         i++) { /* who is over one court sees it and what is below */
        if (area.court.n == 0 || area_has(&area, STR(""), look.tallies[i].court)) {
            look.tallies[kept++] = look.tallies[i];
            sum_add(&sum, &look.tallies[kept - 1]);
        }
    }
    look.count = kept;
    struct value *view = drill_view(call, look.drill);
    struct value *rows = value_list(cx->arena);
    bool by_province = look.province.n == 0 && area.court.n == 0;
    set_sum(cx->arena, view, &sum);
    value_set_bool(cx->arena, view, "by_province", by_province);
    if (by_province) {
        provinces_view(call, &look, rows);
    } else {
        courts_view(call, &look, rows, view);
    }
    value_set(cx->arena, view, "rows", rows);
    value_set_bool(cx->arena, view, "can",
                   !str_is(look.drill->state, "finished") &&
                       str_is(call->actor.post, "supervisor") &&
                       str_same(call->actor.court, look.drill->court));
    return call_answer(call, view, "drill");
}

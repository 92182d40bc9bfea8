/* The circulars on cross-domain service: the list, one of them, its table as CSV. What they say was
 * fixed when they were issued; explanations and corrections stand beside it. */
#include "record/circular.h"

#include <inttypes.h>

#include "flow/view.h"
#include "render/csv.h"
#include "web/area.h"
#include "web/handlers.h"

static const char *kind_title(Str kind)
{
    return str_is(kind, "weekly") ? "周通报" : "日通报";
}

static Str scope_title(const struct call *call, const struct circular *c)
{
    if (str_is(c->scope, "nation")) {
        return STR("全国");
    }
    return str_starts(c->scope, "province:") ? area_province_name(call, c->province)
                                             : area_court_name(call, c->court);
}

static const char *state_title(const struct circular *c)
{
    if (str_is(c->state, "waiting")) {
        return "待说明";
    }
    return c->entries > 0 ? "已说明" : "已印发";
}

/* --- the list --- */

struct list_look {
    struct circular_query query;
    struct circular *circulars;
    uint32_t count;
};

static enum status list_read(struct cx *cx, struct sql *sql, void *arg)
{
    struct list_look *look = arg;
    return circular_list(cx, sql, &look->query, &look->circulars, &look->count);
}

static struct value *row_view(struct call *call, const struct circular *c)
{
    struct arena *arena = call->cx->arena;
    struct value *row = value_map(arena);
    value_set_str(arena, row, "id", str_printf(arena, "%" PRId64, c->matter));
    value_set_str(arena, row, "kind", c->kind);
    value_set_text(arena, row, "kind_title", kind_title(c->kind));
    value_set_str(arena, row, "scope", c->scope);
    value_set_str(arena, row, "scope_title", scope_title(call, c));
    value_set_str(arena, row, "day", c->day);
    value_set_str(arena, row, "since", date_format(arena, instant_date(c->since)));
    value_set_str(arena, row, "until", date_format(arena, instant_date(c->until) - 1));
    value_set_str(arena, row, "issued", instant_format(arena, c->issued));
    value_set_int(arena, row, "entries", c->entries);
    value_set_str(arena, row, "state", c->state);
    value_set_text(arena, row, "state_title", state_title(c));
    return row;
}

static bool cursor_read(struct call *call, struct circular_query *query)
{
    Str after = call_param(call, "after");
    Str *part = NULL;
    return after.n == 0 || (str_split(call->cx->arena, after, '-', &part) == 2 &&
                            str_int(part[0], &query->before) &&
                            str_int(part[1], &query->before_matter) && query->before > 0);
}

enum status circular_list_show(struct call *call)
{
    struct cx *cx = call->cx;
    struct area area;
    TRY(area_of(call, &area));
    struct list_look look = {.query = {.kind = call_param(call, "kind"),
                                       .scope = call_param(call, "scope"),
                                       .province = area.province,
                                       .court = area_courts(&area),
                                       .limit = call_limit(call) + 1}};
    if (!cursor_read(call, &look.query)) {
        (void)cx_error(cx, "after", "ill-typed", "请从列表的第一页开始");
        return FAIL(cx, E_INPUT, "fields", "no cursor of this list");
    }
    TRY(store_read(cx, call->app->house.store, list_read, &look));
    bool more = look.count == look.query.limit;
    look.count -= more ? 1 : 0;
    struct value *view = value_map(cx->arena);
    struct value *list = value_list(cx->arena);
    for (uint32_t i = 0; i < look.count; i++) {
        value_add(cx->arena, list, row_view(call, &look.circulars[i]));
    }
    value_set(cx->arena, view, "circulars", list);
    Str next = {"", 0};
    if (more) {
        const struct circular *last = &look.circulars[look.count - 1];
        next = str_printf(cx->arena,
                          "/circulars?kind=%.*s&scope=%.*s&limit=%u&after=%" PRId64 "-%" PRId64,
                          STR_ARG(text_percent_encode(cx->arena, look.query.kind)),
                          STR_ARG(text_percent_encode(cx->arena, look.query.scope)),
                          look.query.limit - 1, last->issued, last->matter);
    }
    value_set(cx->arena, view, "next", more ? value_str(cx->arena, next) : NULL);
    return call_answer(call, view, "circulars");
}

/* --- one --- */

struct one_look {
    struct call *call;
    Id id;
    struct circular *circular;
    struct seen seen;
};

static enum status one_read(struct cx *cx, struct sql *sql, void *arg)
{
    static const struct actor reader = {.system = true}; /* area_has() below is what decides */
    struct one_look *look = arg;
    TRY(circular_find(cx, sql, look->id, &look->circular));
    if (look->circular == NULL) {
        return FAIL(cx, E_NOT_FOUND, "not-found", "no circular %" PRId64, look->id);
    }
    return matter_see(cx, &look->call->app->house, sql, &reader, look->id, &look->seen);
}

static enum status one_find(struct call *call, struct one_look *look)
{
    struct cx *cx = call->cx;
    struct area area;
    look->call = call;
    TRY(area_of(call, &area));
    TRY(call_id(call, 0, &look->id));
    TRY(store_read(cx, call->app->house.store, one_read, look));
    if (!area_has(&area, look->circular->province, look->circular->court)) {
        return FAIL(cx, E_NOT_FOUND, "not-found", "a circular of another area");
    }
    return OK;
}

static struct value *papers_view(struct arena *arena, const struct matter *m)
{
    struct value *list = value_list(arena);
    for (uint32_t i = 0; i < m->paper_count; i++) {
        struct value *paper = value_map(arena);
        value_set_int(arena, paper, "n", m->papers[i].n);
        value_set_str(arena, paper, "kind", m->papers[i].kind);
        value_set_str(arena, paper, "title", m->papers[i].title);
        value_set_str(arena, paper, "at", instant_format(arena, m->papers[i].at));
        value_set_str(
            arena, paper, "url",
            str_printf(arena, "/matters/%" PRId64 "/papers/%" PRId64, m->id, m->papers[i].n));
        value_add(arena, list, paper);
    }
    return list;
}

static void set_clock(struct arena *arena, struct value *view, const struct matter *m)
{
    for (uint32_t i = 0; i < m->clock_count; i++) {
        value_set_str(arena, view, "due", instant_format(arena, m->clocks[i].due));
        value_set_bool(arena, view, "late", m->clocks[i].breached != 0);
    }
}

/* What this caller may do here now: the acts themselves are those of the matter. */
static struct value *acts_view(struct call *call, const struct one_look *look)
{
    struct arena *arena = call->cx->arena;
    const struct actor *actor = &call->actor;
    struct value *acts = value_list(arena);
    bool own = str_same(actor->court, look->circular->court);
    if (own && str_is(actor->post, "leader") && str_is(look->circular->state, "waiting")) {
        value_add_text(arena, acts, "explain");
    }
    if (own) {
        value_add_text(arena, acts, "correct");
    }
    return acts;
}

enum status circular_show(struct call *call)
{
    struct cx *cx = call->cx;
    struct one_look look = {.id = 0};
    TRY(one_find(call, &look));
    struct value *view = row_view(call, look.circular);
    const struct matter *m = look.seen.matter;
    const struct value *explanations = value_get(look.seen.clear, "explanations");
    const struct value *corrections = value_get(look.seen.clear, "corrections");
    value_set(cx->arena, view, "court",
              court_ref(cx->arena, call->app->house.tables(call->app->house.tables_arg), m->court));
    value_set_int(cx->arena, view, "revision", m->revision);
    value_set(cx->arena, view, "circular", value_get(look.seen.clear, "circular"));
    value_set(cx->arena, view, "explanations",
              explanations == NULL ? value_list(cx->arena) : explanations);
    value_set(cx->arena, view, "explained", value_get(look.seen.clear, "explained"));
    value_set(cx->arena, view, "corrections",
              corrections == NULL ? value_list(cx->arena) : corrections);
    value_set(cx->arena, view, "papers", papers_view(cx->arena, m));
    value_set_str(cx->arena, view, "csv",
                  str_printf(cx->arena, "/circulars/%" PRId64 "/table.csv", m->id));
    set_clock(cx->arena, view, m);
    value_set(cx->arena, view, "acts", acts_view(call, &look));
    return call_answer(call, view, "circular");
}

/* --- CSV --- */

static Str cell_of(struct arena *arena, const struct value *row, const char *name)
{
    const struct value *v = value_get(row, name);
    if (value_is_text(v)) {
        return value_as_str(v);
    }
    return v == NULL ? STR("") : str_printf(arena, "%" PRId64, value_as_int(v));
}

static void csv_line(struct arena *arena, struct buf *out, const struct value *row, Str name)
{
    const Str cells[] = {name,
                         cell_of(arena, row, "received"),
                         cell_of(arena, row, "on-time"),
                         cell_of(arena, row, "share"),
                         cell_of(arena, row, "median"),
                         cell_of(arena, row, "over-24h"),
                         cell_of(arena, row, "over-7-days"),
                         cell_of(arena, row, "cleared")};
    csv_row(out, cells, sizeof cells / sizeof cells[0]);
}

static void csv_entries(struct buf *out, const struct value *entries)
{
    static const Str heads[] = {{"管辖法院", 12}, {"协作法院", 12}, {"请求编号", 12}, {"事项", 6},
                                {"提交时间", 12}, {"超期时间", 12}, {"现在", 6}};
    if (value_count(entries) == 0) {
        return;
    }
    csv_row(out, heads, sizeof heads / sizeof heads[0]);
    for (uint32_t i = 0; i < value_count(entries); i++) {
        const struct value *e = value_item(entries, i);
        const Str cells[] = {value_get_str(e, "court-name"), value_get_str(e, "collaborator-name"),
                             value_get_str(e, "request"),    value_get_str(e, "service"),
                             value_get_str(e, "submitted"),  value_get_str(e, "breached"),
                             value_get_str(e, "state")};
        csv_row(out, cells, sizeof cells / sizeof cells[0]);
    }
}

enum status circular_csv(struct call *call)
{
    static const Str heads[] = {{"地区或者法院", 18},  {"收到", 6},        {"30分钟内响应", 17},
                                {"响应率%", 10},       {"中位数分钟", 15}, {"超24小时", 11},
                                {"过第7个工作日", 19}, {"已经办理", 12}};
    struct cx *cx = call->cx;
    struct one_look look = {.id = 0};
    struct buf out;
    TRY(one_find(call, &look));
    const struct value *c = value_get(look.seen.clear, "circular");
    const struct value *rows = value_get(c, "rows");
    buf_init(&out, cx->arena, CSV_BYTES_MAX);
    csv_begin(&out);
    csv_row(&out, heads, sizeof heads / sizeof heads[0]);
    for (uint32_t i = 0; i < value_count(rows); i++) {
        const struct value *row = value_item(rows, i);
        csv_line(cx->arena, &out, row, value_get_str(row, "name"));
    }
    csv_line(cx->arena, &out, c, STR("合计"));
    csv_entries(&out, value_get(c, "entries"));
    call_header(call, "Content-Disposition",
                str_printf(cx->arena, "attachment; filename=\"circular-%s-%s.csv\"",
                           look.circular->day.p, look.circular->kind.p));
    struct http_answer answer = {.status = 200,
                                 .content_type = "text/csv; charset=utf-8",
                                 .body = buf_done(&out),
                                 .headers = call->headers};
    http_answer(call->http, &answer);
    call->answered = true;
    return OK;
}

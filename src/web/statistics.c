/* The figures of cross-domain service and the requests behind them. Every number is a link to a
 * list that is counted by the same statement. */
#include "web/statistics.h"

#include <inttypes.h>
#include <stdlib.h>

#include "flow/view.h"
#include "record/complaint.h"
#include "web/handlers.h"

enum { PERCENT = 100 };

/* --- the figures --- */

struct figures_look {
    struct statistics_asked asked;
    struct statistics statistics;
};

static enum status figures_read(struct cx *cx, struct sql *sql, void *arg)
{
    struct figures_look *look = arg;
    return statistics_read(cx, sql, &look->asked.filter, look->asked.by, &look->statistics);
}

/* One decimal of n in a hundred, half up. */
static void set_share(struct arena *arena, struct value *view, const char *name, int64_t n,
                      int64_t of)
{
    if (of > 0) {
        int64_t tenths = (n * PERCENT * 10 * 2 + of) / (2 * of);
        value_set_str(arena, view, name,
                      str_printf(arena, "%" PRId64 ".%" PRId64, tenths / 10, tenths % 10));
    }
}

static void set_minutes(struct arena *arena, struct value *view, const char *ms_name,
                        const char *name, int64_t ms)
{
    if (ms >= 0) {
        int64_t tenths = (ms * 10 + MINUTE_MS / 2) / MINUTE_MS;
        value_set_int(arena, view, ms_name, ms);
        value_set_str(arena, view, name,
                      str_printf(arena, "%" PRId64 ".%" PRId64, tenths / 10, tenths % 10));
    }
}

static void set_ratio(struct arena *arena, struct value *view, const char *name, int64_t sum,
                      int64_t of)
{
    if (of > 0) {
        int64_t hundredths = (sum * PERCENT * 2 + of) / (2 * of);
        value_set_str(arena, view, name,
                      str_printf(arena, "%" PRId64 ".%02" PRId64, hundredths / PERCENT,
                                 hundredths % PERCENT));
    }
}

static struct value *outcomes_view(struct call *call, const struct statistics_asked *asked,
                                   const struct statistics_row *row)
{
    struct arena *arena = call->cx->arena;
    struct value *list = value_list(arena);
    for (uint32_t i = 0; i < row->outcome_count; i++) {
        bool open = row->outcomes[i].state.n == 0;
        Str measure = open ? STR("undecided") : row->outcomes[i].state;
        struct value *one = value_map(arena);
        value_set_str(arena, one, "outcome", measure);
        value_set_text(arena, one, "title", statistics_measure_title(measure));
        value_set_int(arena, one, "count", row->outcomes[i].count);
        value_set_str(arena, one, "href", statistics_href(call, asked, row->key, measure.p));
        value_add(arena, list, one);
    }
    return list;
}

static struct value *figures_view(struct call *call, const struct statistics_asked *asked,
                                  const struct statistics_row *row)
{
    const struct {
        const char *name;
        int64_t count;
        const char *measure;
    } counts[] = {{"count", row->count, ""},
                  {"answered", row->answered, "answered"},
                  {"on_time", row->on_time, "on-time"},
                  {"within_5", row->within_5, "within-5"},
                  {"late", row->late, "late"},
                  {"over_24h", row->over_24h, "over-24h"},
                  {"over_7_days", row->over_7_days, "over-7-days"},
                  {"corrected", row->corrected, "corrected"},
                  {"rated", row->rated, "rated"}};

    struct arena *arena = call->cx->arena;
    struct value *view = value_map(arena);
    struct value *links = value_map(arena);
    value_set_str(arena, view, "key", row->key);
    value_set_str(arena, view, "title", statistics_title(call, asked->by, row->key));
    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++) {
        value_set_int(arena, view, counts[i].name, counts[i].count);
        value_set_str(arena, links, counts[i].name,
                      statistics_href(call, asked, row->key, counts[i].measure));
    }
    set_share(arena, view, "share_30", row->on_time, row->count);
    set_share(arena, view, "share_5", row->within_5, row->count);
    set_minutes(arena, view, "median_ms", "median", row->median_ms);
    set_minutes(arena, view, "p90_ms", "p90", row->p90_ms);
    value_set_int(arena, view, "corrections", row->corrections);
    set_ratio(arena, view, "corrections_each", row->corrections, row->count);
    set_ratio(arena, view, "satisfaction", row->ratings, row->rated);
    value_set_int(arena, view, "complaints", row->complaints);
    value_set_str(
        arena, links, "complaints",
        statistics_href_at(call, "/statistics/cross-domain/complaints", asked, row->key, ""));
    value_set(arena, view, "outcomes", outcomes_view(call, asked, row));
    value_set(arena, view, "links", links);
    return view;
}

static int by_count(const void *left, const void *right)
{
    const struct statistics_row *a = left;
    const struct statistics_row *b = right;
    return a->count == b->count ? str_compare(a->key, b->key) : (a->count < b->count ? 1 : -1);
}

static bool is_time(Str by)
{
    return str_is(by, "day") || str_is(by, "week") || str_is(by, "month");
}

static Str query_but_after(struct call *call)
{
    Str query = call->http->query;
    const char *at = str_starts(query, "after=") ? query.p : NULL;
    for (const char *p = query.p; at == NULL && p < query.p + query.n; p++) {
        at = str_starts((Str){p, query.n - (size_t)(p - query.p)}, "&after=") ? p : NULL;
    }
    return at == NULL ? query : str_slice(call->cx->arena, query, 0, (size_t)(at - query.p));
}

static struct value *next_of(struct call *call, const char *path, Str after)
{
    Str query = query_but_after(call);
    return value_str(call->cx->arena,
                     str_printf(call->cx->arena, "%s?%.*s%safter=%.*s", path, STR_ARG(query),
                                query.n > 0 ? "&" : "", STR_ARG(after)));
}

/* A list of courts is the caller's own area, not what he asked for. */
static Str one_court(Str court)
{
    return str_starts(court, ",") ? (Str){"", 0} : court;
}

static struct value *filter_view(struct arena *arena, const struct statistics_asked *asked)
{
    const struct statistics_filter *f = &asked->filter;
    struct value *view = value_map(arena);
    value_set_str(arena, view, "from", date_format(arena, instant_date(f->since)));
    value_set_str(arena, view, "to", date_format(arena, instant_date(f->until) - 1));
    value_set_str(arena, view, "province", f->province);
    value_set_str(arena, view, "court", one_court(f->court));
    value_set_str(arena, view, "collaborator_province", f->collaborator_province);
    value_set_str(arena, view, "collaborator", one_court(f->collaborator));
    value_set_str(arena, view, "service", f->procedure);
    value_set_str(arena, view, "kind", f->kind);
    value_set_str(arena, view, "measure", f->measure);
    value_set_text(arena, view, "side", asked->by_collaborator ? "collaborator" : "court");
    return view;
}

enum status statistics_show(struct call *call)
{
    struct cx *cx = call->cx;
    struct figures_look look = {.statistics = {.rows = NULL}};
    int64_t from = 0;
    TRY(statistics_ask(call, &look.asked));
    look.asked.filter.measure = STR("");
    TRY(store_read(cx, call->app->house.store, figures_read, &look));
    struct statistics_row *found = look.statistics.rows;
    uint32_t count = look.asked.by.n == 0 ? 0 : look.statistics.count; /* the sum stands alone */
    if (count > 0 && !is_time(look.asked.by)) {
        qsort(found, count, sizeof *found, by_count);
    }
    (void)str_int(call_param(call, "after"), &from);
    bool matrix = str_is(look.asked.by, "matrix"); /* is drawn whole */
    uint32_t limit = matrix ? UINT32_MAX : call_limit(call);
    uint32_t at = from < 0 || from > count ? count : (uint32_t)from;
    uint32_t end = count - at > limit ? at + limit : count;
    struct value *view = value_map(cx->arena);
    struct value *rows = value_list(cx->arena);
    struct statistics_asked whole = look.asked;
    whole.by = STR("");
    value_set_str(cx->arena, view, "by", look.asked.by);
    value_set(cx->arena, view, "filter", filter_view(cx->arena, &look.asked));
    value_set(cx->arena, view, "total", figures_view(call, &whole, &look.statistics.sum));
    for (uint32_t i = at; i < end; i++) {
        value_add(cx->arena, rows, figures_view(call, &look.asked, &found[i]));
    }
    value_set(cx->arena, view, "rows", rows);
    value_set(cx->arena, view, "next",
              end < count
                  ? next_of(call, "/statistics/cross-domain", str_printf(cx->arena, "%u", end))
                  : NULL);
    return call_answer(call, view, "statistics");
}

/* --- the requests --- */

struct requests_look {
    struct statistics_asked asked;
    Instant before;
    Id before_matter;
    uint32_t limit;
    struct statistics_request *requests;
    uint32_t count;
    int64_t total;
};

static enum status requests_read(struct cx *cx, struct sql *sql, void *arg)
{
    struct requests_look *look = arg;
    return statistics_requests(cx, sql, &look->asked.filter, look->before, look->before_matter,
                               look->limit, &look->requests, &look->count, &look->total);
}

static struct value *request_view(struct call *call, const struct statistics_request *r)
{
    struct arena *arena = call->cx->arena;
    const struct law_tables *tables = call->app->house.tables(call->app->house.tables_arg);
    struct value *view = value_map(arena);
    Str outcome = r->outcome.n == 0 ? STR("undecided") : r->outcome;
    value_set_str(arena, view, "id", str_printf(arena, "%" PRId64, r->matter));
    value_set_str(arena, view, "procedure", r->procedure);
    value_set_str(arena, view, "kind", r->kind);
    value_set_str(arena, view, "title",
                  r->kind.n > 0 ? statistics_title(call, STR("kind"), r->kind)
                                : statistics_title(call, STR("service"), r->procedure));
    value_set(arena, view, "collaborator", court_ref(arena, tables, r->collaborator));
    value_set(arena, view, "court", court_ref(arena, tables, r->court));
    value_set_str(arena, view, "submitted", instant_format(arena, r->submitted));
    value_set(arena, view, "responded",
              r->responded == 0 ? NULL : value_str(arena, instant_format(arena, r->responded)));
    set_minutes(arena, view, "response_ms", "response", r->response_ms);
    value_set_str(arena, view, "outcome", outcome);
    value_set_text(arena, view, "outcome_title", statistics_measure_title(outcome));
    return view;
}

/* Behind which row the next page begins: "INSTANT-ID". */
static enum status cursor_read(struct call *call, Instant *before, Id *before_matter)
{
    struct cx *cx = call->cx;
    Str after = call_param(call, "after");
    Str *part = NULL;
    if (after.n > 0 && (str_split(cx->arena, after, '-', &part) != 2 || !str_int(part[0], before) ||
                        !str_int(part[1], before_matter))) {
        (void)cx_error(cx, "after", "ill-typed", "请从列表的第一页开始");
        return FAIL(cx, E_INPUT, "fields", "no cursor of this list");
    }
    return OK;
}

enum status statistics_requests_show(struct call *call)
{
    struct cx *cx = call->cx;
    struct requests_look look = {.limit = call_limit(call) + 1};
    TRY(statistics_ask(call, &look.asked));
    TRY(cursor_read(call, &look.before, &look.before_matter));
    TRY(store_read(cx, call->app->house.store, requests_read, &look));
    bool more = look.count == look.limit;
    look.count -= more ? 1 : 0;
    struct value *view = value_map(cx->arena);
    struct value *list = value_list(cx->arena);
    for (uint32_t i = 0; i < look.count; i++) {
        value_add(cx->arena, list, request_view(call, &look.requests[i]));
    }
    value_set(cx->arena, view, "filter", filter_view(cx->arena, &look.asked));
    value_set_text(cx->arena, view, "measure_title",
                   statistics_measure_title(look.asked.filter.measure));
    value_set_int(cx->arena, view, "count", look.total);
    value_set(cx->arena, view, "requests", list);
    value_set(cx->arena, view, "next",
              more ? next_of(call, "/statistics/cross-domain/requests",
                             str_printf(cx->arena, "%" PRId64 "-%" PRId64,
                                        look.requests[look.count - 1].submitted,
                                        look.requests[look.count - 1].matter))
                   : NULL);
    return call_answer(call, view, "statistics-requests");
}

/* --- the complaints --- */

struct complaints_look {
    struct statistics_asked asked;
    Instant before;
    Id before_matter;
    uint32_t limit;
    struct complaint *complaints;
    uint32_t count;
    int64_t total;
};

static enum status complaints_read(struct cx *cx, struct sql *sql, void *arg)
{
    struct complaints_look *look = arg;
    return complaint_list(cx, sql, &look->asked.filter, look->before, look->before_matter,
                          look->limit, &look->complaints, &look->count, &look->total);
}

/* Its title holds what the person wrote: for the court it is about and the one above. */
static bool may_read(const struct call *call, const struct law_tables *tables, Str court)
{
    const struct court *about = court_by_code(tables, court);
    const struct court *above = about == NULL ? NULL : court_parent(tables, about);
    return str_same(call->actor.court, court) ||
           (above != NULL && str_same(call->actor.court, above->code));
}

static struct value *complaint_row(struct call *call, const struct complaint *c)
{
    struct arena *arena = call->cx->arena;
    const struct house *house = &call->app->house;
    const struct procedure *p =
        procedure_find(house->procedures, STR("filing-complaint"), (int)c->version);
    const struct state *state = p == NULL ? NULL : procedure_state(p, c->state);
    struct value *view = value_map(arena);
    value_set_str(arena, view, "id", str_printf(arena, "%" PRId64, c->matter));
    bool open = may_read(call, house->tables(house->tables_arg), c->court);
    value_set_str(arena, view, "title", open ? c->title : STR("立案投诉"));
    value_set(arena, view, "court", court_ref(arena, house->tables(house->tables_arg), c->court));
    value_set_str(arena, view, "state", c->state);
    value_set_text(arena, view, "state_title", state == NULL ? "" : state->title);
    value_set_str(arena, view, "arrived", instant_format(arena, c->arrived));
    return view;
}

enum status statistics_complaints_show(struct call *call)
{
    struct cx *cx = call->cx;
    struct complaints_look look = {.limit = call_limit(call) + 1};
    TRY(statistics_ask(call, &look.asked));
    TRY(cursor_read(call, &look.before, &look.before_matter));
    TRY(store_read(cx, call->app->house.store, complaints_read, &look));
    bool more = look.count == look.limit;
    look.count -= more ? 1 : 0;
    struct value *view = value_map(cx->arena);
    struct value *list = value_list(cx->arena);
    for (uint32_t i = 0; i < look.count; i++) {
        value_add(cx->arena, list, complaint_row(call, &look.complaints[i]));
    }
    value_set(cx->arena, view, "filter", filter_view(cx->arena, &look.asked));
    value_set_int(cx->arena, view, "count", look.total);
    value_set(cx->arena, view, "complaints", list);
    value_set(cx->arena, view, "next",
              more ? next_of(call, "/statistics/cross-domain/complaints",
                             str_printf(cx->arena, "%" PRId64 "-%" PRId64,
                                        look.complaints[look.count - 1].arrived,
                                        look.complaints[look.count - 1].matter))
                   : NULL);
    return call_answer(call, view, "statistics-complaints");
}

/* What the pages of circulars and statistics need beyond the API's answers. */
#include "render/svg.h"
#include "web/area.h"
#include "web/page_account.h"
#include "web/statistics.h"

struct choice {
    const char *value;
    const char *title;
};

static struct value *choices_view(struct call *call, const struct choice *choices, size_t count,
                                  const char *param)
{
    struct arena *arena = call->cx->arena;
    struct value *list = value_list(arena);
    for (size_t i = 0; i < count; i++) {
        struct value *row = value_map(arena);
        value_set_text(arena, row, "value", choices[i].value);
        value_set_text(arena, row, "title", choices[i].title);
        value_set_bool(arena, row, "checked", str_is(call_param(call, param), choices[i].value));
        value_add(arena, list, row);
    }
    return list;
}

static void set_tab(struct arena *arena, struct value *view, const char *tab)
{
    struct value *at = value_map(arena);
    value_set_bool(arena, at, tab, true);
    value_set(arena, view, "at", at);
}

/* --- circulars --- */

static struct value *page_circulars(struct call *call, const struct value *value)
{
    static const struct choice kinds[] = {{"daily", "日通报"}, {"weekly", "周通报"}};
    static const struct choice scopes[] = {
        {"nation", "全国"}, {"province", "各省"}, {"court", "各法院"}};
    struct arena *arena = call->cx->arena;
    struct value *view = page_titled(call, value, "跨域服务通报", false);
    struct value *list = value_list(arena);
    const struct value *rows = value_get(value, "circulars");
    for (uint32_t i = 0; i < value_count(rows); i++) {
        struct value *row = value_merge(arena, value_item(rows, i), NULL);
        bool waits = str_is(value_get_str(row, "state"), "waiting");
        value_set_text(arena, row, "tone", waits ? "ask" : "plain");
        value_set_bool(arena, row, "longer",
                       !str_same(value_get_str(row, "since"), value_get_str(row, "until")));
        value_set_str(arena, row, "href",
                      str_printf(arena, "/circulars/%.*s", STR_ARG(value_get_str(row, "id"))));
        value_add(arena, list, row);
    }
    value_set(arena, view, "circulars", list);
    value_set(arena, view, "kinds", choices_view(call, kinds, 2, "kind"));
    value_set(arena, view, "scopes", choices_view(call, scopes, 3, "scope"));
    set_tab(arena, view, "circulars");
    return view;
}

static const char *cause_title(Str cause)
{
    static const struct choice causes[] = {{"absent", "联系人不在岗"},
                                           {"overload", "人手不够"},
                                           {"materials", "材料有疑问，没有及时答复"},
                                           {"system", "系统或者网络故障"},
                                           {"disputed", "通报与实际不符，另行更正"},
                                           {"other", "其他"}};
    for (size_t i = 0; i < sizeof causes / sizeof causes[0]; i++) {
        if (str_is(cause, causes[i].value)) {
            return causes[i].title;
        }
    }
    return cause.p;
}

static struct value *explained_rows(struct arena *arena, const struct value *said)
{
    struct value *list = value_list(arena);
    for (uint32_t i = 0; i < value_count(said); i++) {
        struct value *row = value_merge(arena, value_item(said, i), NULL);
        value_set_text(arena, row, "cause_title", cause_title(value_get_str(row, "cause")));
        value_add(arena, list, row);
    }
    return list;
}

static struct value *numbered(struct arena *arena, const struct value *entries)
{
    struct value *list = value_list(arena);
    for (uint32_t i = 0; i < value_count(entries); i++) {
        struct value *row = value_merge(arena, value_item(entries, i), NULL);
        value_set_int(arena, row, "n", (int64_t)i + 1);
        value_add(arena, list, row);
    }
    return list;
}

static bool holds(const struct value *list, const char *word)
{
    for (uint32_t i = 0; i < value_count(list); i++) {
        if (str_is(value_as_str(value_item(list, i)), word)) {
            return true;
        }
    }
    return false;
}

static struct value *page_circular(struct call *call, const struct value *value)
{
    struct arena *arena = call->cx->arena;
    const struct value *circular = value_get(value, "circular");
    const struct value *acts = value_get(value, "acts");
    struct value *view = page_titled(call, value, value_get_str(circular, "heading").p, false);
    struct value *can = value_map(arena);
    value_set_bool(arena, can, "explain", holds(acts, "explain"));
    value_set_bool(arena, can, "correct", holds(acts, "correct"));
    value_set(arena, view, "can", can);
    value_set(arena, view, "matter", value_get(value, "id"));
    value_set_bool(arena, view, "waits", str_is(value_get_str(value, "state"), "waiting"));
    value_set_text(arena, view, "row_title",
                   str_is(value_get_str(value, "scope"), "nation") ? "地区" : "法院");
    value_set(arena, view, "rows", value_get(circular, "rows"));
    value_set_bool(arena, view, "has_rows",
                   value_count(value_get(circular, "rows")) > 0 &&
                       !str_starts(value_get_str(value, "scope"), "court:"));
    value_set(arena, view, "listed", numbered(arena, value_get(circular, "entries")));
    value_set_bool(arena, view, "has_entries", value_count(value_get(circular, "entries")) > 0);
    value_set(arena, view, "explanations", explained_rows(arena, value_get(value, "explanations")));
    value_set_bool(arena, view, "has_explanations",
                   value_count(value_get(value, "explanations")) > 0);
    value_set_bool(arena, view, "has_corrections",
                   value_count(value_get(value, "corrections")) > 0);
    return view;
}

/* --- statistics --- */

static const struct choice groupings[] = {{"day", "日"},
                                          {"week", "周"},
                                          {"month", "月"},
                                          {"court", "管辖法院"},
                                          {"collaborator", "协作法院"},
                                          {"pair", "协作和管辖法院"},
                                          {"province", "管辖地"},
                                          {"matrix", "哪里收、哪里管"},
                                          {"service", "事项"},
                                          {"kind", "案件类型"}};
static const struct choice services[] = {
    {"cross-domain-filing", "跨域立案"},       {"cross-domain-reading", "跨域阅卷"},
    {"cross-domain-relay", "材料收转"},        {"cross-domain-pickup", "文书领取"},
    {"cross-domain-evidence", "调查取证申请"}, {"cross-domain-adjournment", "延期开庭申请"}};
static const struct choice sides[] = {{"", "管辖法院"}, {"collaborator", "协作法院"}};

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

static const char *grouping_title(Str by)
{
    for (size_t i = 0; i < COUNT(groupings); i++) {
        if (str_is(by, groupings[i].value)) {
            return groupings[i].title;
        }
    }
    return "合计";
}

struct axis {
    Str keys[40];
    uint32_t count;
};

static uint32_t axis_place(struct axis *axis, Str key)
{
    uint32_t at = 0;
    while (at < axis->count && !str_same(axis->keys[at], key)) {
        at++;
    }
    if (at == axis->count && at < COUNT(axis->keys)) {
        axis->keys[axis->count++] = key;
    }
    return at;
}

/* Places in the order of how many requests they have: rows come so. */
static void matrix_axes(struct arena *arena, const struct value *rows, struct axis *from,
                        struct axis *to)
{
    for (uint32_t i = 0; i < value_count(rows); i++) {
        Str *parts = NULL;
        if (str_split(arena, value_get_str(value_item(rows, i), "key"), '>', &parts) == 2) {
            (void)axis_place(from, parts[0]);
            (void)axis_place(to, parts[1]);
        }
    }
}

static struct value *matrix_cell(struct arena *arena, const struct value *rows, Str key)
{
    for (uint32_t i = 0; i < value_count(rows); i++) {
        const struct value *row = value_item(rows, i);
        if (str_same(value_get_str(row, "key"), key)) {
            struct value *cell = value_map(arena);
            value_set_int(arena, cell, "value", value_get_int(row, "count"));
            value_set_str(arena, cell, "href", value_get_str(value_get(row, "links"), "count"));
            return cell;
        }
    }
    return value_null(arena);
}

/* {"title","columns","rows"}: what the picture is drawn from, and the table beside it. */
static struct value *matrix_of(struct call *call, const struct value *rows)
{
    struct arena *arena = call->cx->arena;
    struct axis from = {.count = 0};
    struct axis to = {.count = 0};
    struct value *chart = value_map(arena);
    struct value *columns = value_list(arena);
    struct value *lines = value_list(arena);
    matrix_axes(arena, rows, &from, &to);
    for (uint32_t k = 0; k < to.count; k++) {
        value_add(arena, columns, value_str(arena, to.keys[k].n == 0 ? STR("最高") : to.keys[k]));
    }
    for (uint32_t i = 0; i < from.count; i++) {
        struct value *line = value_map(arena);
        struct value *cells = value_list(arena);
        for (uint32_t k = 0; k < to.count; k++) {
            Str key = str_printf(arena, "%.*s>%.*s", STR_ARG(from.keys[i]), STR_ARG(to.keys[k]));
            value_add(arena, cells, matrix_cell(arena, rows, key));
        }
        value_set_str(arena, line, "label", area_province_name(call, from.keys[i]));
        value_set(arena, line, "cells", cells);
        value_add(arena, lines, line);
    }
    value_set_text(arena, chart, "title", "跨域请求：行是协作法院所在地，列是管辖法院所在地");
    value_set(arena, chart, "columns", columns);
    value_set(arena, chart, "rows", lines);
    return chart;
}

static struct value *page_statistics(struct call *call, const struct value *value)
{
    struct arena *arena = call->cx->arena;
    struct value *view = page_titled(call, value, "跨域服务统计", false);
    Str by = value_get_str(value, "by");
    const struct value *rows = value_get(value, "rows");
    value_set(arena, view, "groupings", choices_view(call, groupings, COUNT(groupings), "by"));
    value_set(arena, view, "services", choices_view(call, services, COUNT(services), "service"));
    value_set(arena, view, "sides", choices_view(call, sides, COUNT(sides), "side"));
    value_set_bool(arena, view, "has_sides", true);
    value_set_text(arena, view, "by_title", grouping_title(by));
    value_set_bool(arena, view, "by_place_or_day",
                   str_is(by, "court") || str_is(by, "province") || str_is(by, "day") ||
                       str_is(by, "week") || str_is(by, "month"));
    value_set_bool(arena, view, "has_rows", value_count(rows) > 0 && !str_is(by, "matrix"));
    if (str_is(by, "matrix") && value_count(rows) > 0) {
        Str svg = {"", 0};
        struct value *chart = matrix_of(call, rows);
        bool drawn = svg_matrix(call->cx, chart, &svg) == OK;
        value_set_bool(arena, view, "has_matrix", drawn);
        value_set(arena, view, "matrix", html_mark(arena, svg));
        value_set(arena, view, "chart", chart);
    }
    set_tab(arena, view, "statistics");
    return view;
}

/* The filter of the list; what it does not offer is kept as it was asked. */
static struct value *page_requests(struct call *call, const struct value *value)
{
    static const char *const measures[] = {"",          "unanswered",  "late",      "over-24h",
                                           "undecided", "over-7-days", "corrected", "answered",
                                           "on-time",   "docketed",    "refused",   "redirected",
                                           "granted",   "denied",      "rated"};
    static const char *const kept[] = {"province", "collaborator_province", "collaborator", "kind",
                                       "side"};
    struct arena *arena = call->cx->arena;
    struct value *view = page_titled(call, value, "跨域请求", false);
    struct choice choices[COUNT(measures)];
    struct value *hidden = value_list(arena);
    for (size_t i = 0; i < COUNT(measures); i++) {
        choices[i] = (struct choice){measures[i], statistics_measure_title(str_of(measures[i]))};
    }
    for (size_t i = 0; i < COUNT(kept); i++) {
        Str said = call_param(call, kept[i]);
        struct value *row = value_map(arena);
        value_set_text(arena, row, "name", kept[i]);
        value_set_str(arena, row, "value", said);
        if (said.n > 0) {
            value_add(arena, hidden, row);
        }
    }
    value_set(arena, view, "measures", choices_view(call, choices, COUNT(measures), "measure"));
    value_set(arena, view, "services", choices_view(call, services, COUNT(services), "service"));
    value_set(arena, view, "kept", hidden);
    return view;
}

static struct value *page_complaints(struct call *call, const struct value *value)
{
    return page_titled(call, value, "投诉", false);
}

/* --- drills --- */

static struct value *page_drills(struct call *call, const struct value *value)
{
    static const struct entry_option scopes[] = {
        {"all", "本辖区全部法院和人民法庭"}, {"courts", "指定的法院"}, {NULL, NULL}};
    static const struct entry_field fields[] = {
        {"title", "名称", "is_text", true, "例如：第一轮演练。", NULL, NULL, NULL},
        {"scope", "范围", "is_choice", true, NULL, NULL, NULL, scopes},
        {"courts", "法院", "is_text", true, "法院代码，用逗号分开；人民法庭随其法院。", NULL,
         "courts", NULL},
        {"starts", "什么时候开始", "is_datetime", false, "不填就是现在；最多安排在30天后。", NULL,
         NULL, NULL},
        {"hours", "时间（小时）", "is_number", true, "从开始起，最多720小时。", NULL, NULL, NULL},
    };
    struct arena *arena = call->cx->arena;
    struct value *view = page_titled(call, value, "跨域演练", true);
    value_set(arena, view, "fields",
              entry_fields(arena, fields, COUNT(fields), value_get(view, "said"),
                           value_get(view, "errors")));
    set_tab(arena, view, "drills");
    return view;
}

static struct value *page_drill(struct call *call, const struct value *value)
{
    return page_titled(call, value, value_get_str(value, "title").p, false);
}

const struct page_extra pages_figures[] = {
    {"drills", page_drills},
    {"drill", page_drill},
    {"statistics", page_statistics},
    {"statistics-requests", page_requests},
    {"statistics-complaints", page_complaints},
    {"circulars", page_circulars},
    {"circular", page_circular},
    {NULL, NULL},
};

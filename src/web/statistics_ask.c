/* What is asked of the figures, within the area of whoever asks; and addresses that ask again. */
#include "web/statistics.h"

/* --- reading --- */

static enum status day_read(struct call *call, const char *name, Date otherwise, Date *out)
{
    Str said = call_param(call, name);
    *out = otherwise;
    if (said.n > 0 && !date_parse(said, out)) {
        (void)cx_error(call->cx, name, "ill-typed", "日期请写成 2026-03-02");
        return FAIL(call->cx, E_INPUT, "fields", "no date in %s", name);
    }
    return OK;
}

static enum status period_read(struct call *call, struct statistics_filter *f)
{
    struct cx *cx = call->cx;
    Date today = instant_date(clock_now());
    Date from = DATE_NONE;
    Date to = DATE_NONE;
    TRY(day_read(call, "to", today, &to));
    TRY(day_read(call, "from", to - (STATISTICS_DAYS - 1), &from));
    if (from > to || to - from > STATISTICS_DAYS_MAX) {
        (void)cx_error(cx, "from", "ill-typed", "开始的日期应当早于结束的日期，最多十年");
        return FAIL(cx, E_INPUT, "fields", "a period that ends before it begins");
    }
    f->since = date_start(from);
    f->until = date_start(to + 1);
    return OK;
}

/* Lays the caller's area on what he asks: he may ask for less, not for something else. */
static bool narrow(Str *asked, Str own)
{
    if (str_starts(own, ",") && asked->n > 0) {
        return area_list_has(own, *asked);
    }
    if (own.n > 0 && asked->n > 0 && !str_same(*asked, own)) {
        return false;
    }
    *asked = own.n > 0 ? own : *asked;
    return true;
}

/* By code, or by its full name as people type it. */
static Str court_said(struct call *call, const char *name)
{
    Str said = str_trim(call->cx->arena, call_param(call, name));
    const struct court *court =
        said.n == 0 ? NULL
                    : court_by_name(call->app->house.tables(call->app->house.tables_arg), said);
    return court == NULL ? said : court->code;
}

enum status statistics_ask(struct call *call, struct statistics_asked *out)
{
    struct cx *cx = call->cx;
    struct area area;
    struct statistics_filter *f = &out->filter;
    TRY(area_of(call, &area));
    *out = (struct statistics_asked){.by = call_param(call, "by")};
    *f = (struct statistics_filter){.province = call_param(call, "province"),
                                    .court = court_said(call, "court"),
                                    .collaborator_province =
                                        call_param(call, "collaborator_province"),
                                    .collaborator = court_said(call, "collaborator"),
                                    .procedure = call_param(call, "service"),
                                    .kind = call_param(call, "kind"),
                                    .measure = call_param(call, "measure")};
    out->by_collaborator = str_is(call_param(call, "side"), "collaborator");
    TRY(period_read(call, f));
    bool inside = out->by_collaborator ? narrow(&f->collaborator_province, area.province) &&
                                             narrow(&f->collaborator, area_courts(&area))
                                       : narrow(&f->province, area.province) &&
                                             narrow(&f->court, area_courts(&area));
    if (!inside) {
        return FAIL(cx, E_DENIED, "denied", "figures of another area");
    }
    if (!statistics_groups(out->by)) {
        (void)cx_error(cx, "by", "unknown", "没有这种分组");
        return FAIL(cx, E_INPUT, "fields", "unknown grouping");
    }
    return OK;
}

/* --- asking again --- */

/* The first and last day of what a key of time stands for. */
static void key_days(Str by, Str key, Date *first, Date *last)
{
    enum { WEEK_DAYS = 7 };

    Date day = DATE_NONE;
    if (!date_parse(key, &day)) {
        return;
    }
    Date end = str_is(by, "week")    ? day + WEEK_DAYS - 1
               : str_is(by, "month") ? date_add_months(day, 1) - 1
                                     : day;
    *first = day > *first ? day : *first;
    *last = end < *last ? end : *last;
}

static void filter_narrow(struct arena *arena, struct statistics_filter *f, Str by, Str key)
{
    Str *parts = NULL;
    if (str_is(by, "court")) {
        f->court = key;
    } else if (str_is(by, "collaborator")) {
        f->collaborator = key;
    } else if (str_is(by, "service")) {
        f->procedure = key;
    } else if (str_is(by, "kind")) {
        f->kind = key.n == 0 ? STR("none") : key;
    } else if (str_is(by, "collaborator-province")) {
        f->collaborator_province = key;
    } else if (str_is(by, "province") && key.n > 0) {
        f->province = key;
    } else if (str_is(by, "province")) {
        f->court = STR("最高法"); /* the only one without a province */
    } else if (str_is(by, "pair") && str_split(arena, key, '>', &parts) == 2) {
        f->collaborator = parts[0];
        f->court = parts[1];
    } else if (str_is(by, "matrix") && str_split(arena, key, '>', &parts) == 2) {
        f->collaborator_province = parts[0];
        f->province = parts[1];
        f->court = parts[1].n == 0 ? STR("最高法") : f->court;
    }
}

/* A list is the caller's own area, which is laid on whatever he asks. */
static void put(struct arena *arena, struct buf *out, const char *name, Str text)
{
    if (text.n > 0 && !str_starts(text, ",")) {
        buf_printf(out, "&%s=%s", name, text_percent_encode(arena, text).p);
    }
}

Str statistics_href(struct call *call, const struct statistics_asked *asked, Str key,
                    const char *measure)
{
    return statistics_href_at(call, "/statistics/cross-domain/requests", asked, key, measure);
}

Str statistics_href_at(struct call *call, const char *path, const struct statistics_asked *asked,
                       Str key, const char *measure)
{
    enum { HREF_BYTES = 4096 };
    struct arena *arena = call->cx->arena;
    struct statistics_filter f = asked->filter;
    struct buf out;
    Date first = instant_date(f.since);
    Date last = instant_date(f.until) - 1;
    filter_narrow(arena, &f, asked->by, key);
    key_days(asked->by, key, &first, &last);
    buf_init(&out, arena, HREF_BYTES);
    buf_printf(&out, "%s?from=%s&to=%s", path, date_format(arena, first).p,
               date_format(arena, last).p);
    put(arena, &out, "province", f.province);
    put(arena, &out, "court", f.court);
    put(arena, &out, "collaborator_province", f.collaborator_province);
    put(arena, &out, "collaborator", f.collaborator);
    put(arena, &out, "service", f.procedure);
    put(arena, &out, "kind", f.kind);
    put(arena, &out, "measure", str_of(measure));
    put(arena, &out, "side", asked->by_collaborator ? STR("collaborator") : STR(""));
    return buf_done(&out);
}

/* --- words --- */

static Str pair_title(struct call *call, Str key, Str (*name)(const struct call *call, Str code))
{
    struct arena *arena = call->cx->arena;
    Str *parts = NULL;
    if (str_split(arena, key, '>', &parts) != 2) {
        return key;
    }
    Str from = name(call, parts[0]);
    Str to = name(call, parts[1]);
    return str_printf(arena, "%.*s → %.*s", STR_ARG(from), STR_ARG(to));
}

static const char *kind_title(Str kind)
{
    static const struct {
        const char *kind;
        const char *title;
    } known[] = {{"civil", "民事一审"},
                 {"administrative", "行政一审"},
                 {"private-prosecution", "刑事自诉"},
                 {"state-compensation", "国家赔偿"},
                 {"enforcement", "申请执行"},
                 {"civil-retrial", "民事申请再审"},
                 {"", "其他跨域服务"}};

    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        if (str_is(kind, known[i].kind)) {
            return known[i].title;
        }
    }
    return kind.p;
}

static Str service_title(const struct call *call, Str procedure)
{
    const struct procedure *p = procedure_find(call->app->house.procedures, procedure, 0);
    return p == NULL ? procedure : str_of(p->title);
}

Str statistics_title(struct call *call, Str by, Str key)
{
    struct arena *arena = call->cx->arena;
    Date day = DATE_NONE;
    bool is_day = date_parse(key, &day);
    if (is_day && str_is(by, "month")) {
        return str_printf(arena, "%d年%d月", date_split(day).year, date_split(day).month);
    }
    if (is_day && str_is(by, "week")) {
        return str_printf(arena, "%s起一周", date_chinese(arena, day).p);
    }
    if (is_day) {
        return date_chinese(arena, day);
    }
    if (str_is(by, "court") || str_is(by, "collaborator")) {
        return area_court_name(call, key);
    }
    if (str_is(by, "province") || str_is(by, "collaborator-province")) {
        return area_province_name(call, key);
    }
    if (str_is(by, "pair")) {
        return pair_title(call, key, area_court_name);
    }
    if (str_is(by, "matrix")) {
        return pair_title(call, key, area_province_name);
    }
    if (str_is(by, "service")) {
        return service_title(call, key);
    }
    return str_is(by, "kind") ? str_of(kind_title(key)) : STR("合计");
}

const char *statistics_measure_title(Str measure)
{
    static const struct {
        const char *measure;
        const char *title;
    } known[] = {{"", "全部请求"},
                 {"answered", "已经响应"},
                 {"unanswered", "没有响应"},
                 {"on-time", "30个工作分钟内响应"},
                 {"within-5", "5个工作分钟内响应"},
                 {"late", "超过30个工作分钟"},
                 {"over-24h", "超过24小时没有反馈"},
                 {"over-7-days", "过了第7个工作日没有审核"},
                 {"corrected", "要求过补正"},
                 {"rated", "已经评价"},
                 {"undecided", "还没有决定"},
                 {"docketed", "已立案"},
                 {"refused", "不予受理"},
                 {"redirected", "告知另向有管辖权的法院"},
                 {"correction", "待补正"},
                 {"granted", "同意"},
                 {"denied", "不同意"}};

    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        if (str_is(measure, known[i].measure)) {
            return known[i].title;
        }
    }
    return measure.p;
}

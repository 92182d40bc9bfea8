/* Views of papers, receipts, the inbox, and the page that checks receipts. */
#include <inttypes.h>

#include "flow/authority.h"
#include "flow/view.h"
#include "seal/receipt.h"
#include "web/page_handover.h"
#include "web/pages.h"

/* --- what they look up --- */

struct look {
    struct call *call;
    Id matter;
    struct seen seen;
    int64_t event;
    struct rows rows;
};

static enum status look_read(struct cx *cx, struct sql *sql, void *arg)
{
    struct look *look = arg;
    TRY(matter_see(cx, &look->call->app->house, sql, &look->call->actor, look->matter,
                   &look->seen));
    return sql_query(cx, sql, SQL("SELECT at, act FROM event WHERE matter = ?1 AND n = ?2"),
                     ARGS(SQL_I(look->matter), SQL_I(look->event)), &look->rows);
}

static void row_add(struct arena *arena, struct value *rows, const char *title, Str text)
{
    if (text.n > 0) {
        struct value *row = value_map(arena);
        value_set_text(arena, row, "title", title);
        value_set_str(arena, row, "text", text);
        value_add(arena, rows, row);
    }
}

static void set_page(struct arena *arena, struct value *view, const char *title, bool form)
{
    struct value *page = value_map(arena);
    value_set_text(arena, page, "title", title);
    value_set_bool(arena, page, "form", form);
    value_set(arena, view, "page", page);
}

/* --- a case file, sheet by sheet --- */

static struct value *reading_view(struct call *call, const struct value *value)
{
    struct arena *arena = call->cx->arena;
    struct value *view = value_merge(arena, value, NULL);
    set_page(arena, view, "阅卷", false);
    value_set_bool(arena, view, "has_files", value_count(value_get(value, "files")) > 0);
    value_set_bool(arena, view, "several", value_count(value_get(value, "files")) > 1);
    return view;
}

/* --- papers --- */

static struct value *papers_view(struct call *call, const struct value *value)
{
    struct arena *arena = call->cx->arena;
    struct value *view = value_merge(arena, value, NULL);
    struct value *papers = value_list(arena);
    const struct value *list = value_get(value, "papers");
    for (uint32_t i = value_count(list); i > 0; i--) { /* the newest first */
        struct value *row = value_merge(arena, value_item(list, i - 1), NULL);
        bool sealed = !value_is_null(value_get(row, "sealed"));
        value_set_bool(arena, row, "is_sealed", sealed);
        value_set_bool(arena, row, "unsealed", !sealed && value_get_str(row, "seal").n > 0);
        value_set(arena, row, "unread", NULL);
        value_set(arena, row, "served_at", NULL);
        value_set(arena, row, "docx",
                  str_is(value_get_str(row, "kind"), "complaint")
                      ? value_str(arena, str_printf(arena, "%s/docx", value_get_str(row, "url").p))
                      : NULL);
        value_add(arena, papers, row);
    }
    value_set(arena, view, "papers", papers);
    set_page(arena, view, "文书和材料", false);
    return view;
}

/* --- papers that wait for a seal --- */

static struct value *seals_view(struct call *call, const struct value *value)
{
    struct arena *arena = call->cx->arena;
    struct value *view = value_merge(arena, value, NULL);
    struct value *rows = value_list(arena);
    struct value *refusals = value_list(arena);
    const struct value *list = value_get(value, "waiting");
    const struct value *results = value_get(value, "results");
    for (uint32_t i = 0; i < value_count(list); i++) {
        struct value *row = value_merge(arena, value_item(list, i), NULL);
        value_set_str(arena, row, "tick",
                      str_printf(arena, "%s:%" PRId64, value_get_str(row, "matter").p,
                                 value_get_int(row, "n")));
        value_add(arena, rows, row);
    }
    for (uint32_t i = 0; i < value_count(results); i++) {
        const struct value *reason = value_get(value_item(results, i), "refused");
        if (!value_is_null(reason)) {
            value_add(arena, refusals, reason);
        }
    }
    value_set(arena, view, "waiting", rows);
    value_set(arena, view, "refusals", refusals);
    value_set_bool(arena, view, "done", results != NULL);
    value_set_bool(arena, view, "more", value_get_int(value, "count") > (int64_t)rows->count);
    set_page(arena, view, "待盖章的文书", true);
    return view;
}

/* --- a receipt --- */

/* The paper made by the event, if it is a receipt. */
static Str receipt_paper(struct arena *arena, const struct matter *m, int64_t event)
{
    for (uint32_t i = 0; i < m->paper_count; i++) {
        const struct paper *paper = &m->papers[i];
        if (paper->event == event && str_has(paper->kind, "receipt")) {
            return str_printf(arena, "/matters/%" PRId64 "/papers/%" PRId64, m->id, paper->n);
        }
    }
    return STR("");
}

static Str limit_title(struct arena *arena, const struct matter *m, Instant event_at)
{
    for (uint32_t i = 0; i < m->clock_count; i++) {
        const struct clock_row *clock = &m->clocks[i];
        if (clock->started == event_at && clock->stopped == 0) {
            return str_printf(arena, "%.*s到%s。", STR_ARG(clock->title),
                              date_chinese(arena, instant_date(clock->due)).p);
        }
    }
    return STR("");
}

static void set_receipt(struct call *call, const struct look *look, struct value *view)
{
    struct arena *arena = call->cx->arena;
    const struct matter *m = look->seen.matter;
    Instant at = row_int(&look->rows, 0, 0);
    Str act = row_str(&look->rows, 0, 1);
    Str title = act;
    for (uint32_t i = 0; i < look->seen.procedure->act_count; i++) {
        if (str_is(act, look->seen.procedure->acts[i].name)) {
            title = str_of(look->seen.procedure->acts[i].title);
        }
    }
    Str paper = receipt_paper(arena, m, look->event);
    value_set_str(arena, view, "matter_title", m->title);
    value_set_str(arena, view, "event_title", title);
    value_set_str(arena, view, "at", instant_format(arena, at));
    value_set(arena, view, "court", court_ref(arena, tables_current(call->app->tables), m->court));
    value_set(arena, view, "paper_href", paper.n == 0 ? NULL : value_str(arena, paper));
    value_set_str(arena, view, "download_href",
                  str_printf(arena, "/matters/%" PRId64 "/receipt?event=%" PRId64 "&format=json",
                             m->id, look->event));
    value_set_str(arena, view, "limit_title", limit_title(arena, m, at));
    handover_receipt_set(call, &look->seen, at, view);
}

/* To the second: at midnight they count. */
static void set_seconds(struct arena *arena, struct value *view, const char *name,
                        const struct value *said)
{
    Instant at = 0;
    if (instant_parse(value_as_str(said), &at)) {
        value_set_str(
            arena, view, name,
            str_printf(arena, "%s:%02d", instant_chinese(arena, at).p, (int)(at / 1000 % 60)));
    }
}

static void set_arrival(struct arena *arena, struct value *view, const struct value *arrival)
{
    if (arrival != NULL) {
        struct value *titles = value_map(arena);
        set_seconds(arena, titles, "began", value_get(arrival, "began"));
        set_seconds(arena, titles, "complete", value_get(arrival, "complete"));
        value_set(arena, view, "arrival", titles);
    }
}

static struct value *receipt_view(struct call *call, const struct value *value)
{
    struct arena *arena = call->cx->arena;
    struct value *view = value_merge(arena, value, NULL);
    struct look look = {.call = call, .event = value_get_int(value, "event")};
    set_page(arena, view, "收到凭证", true);
    set_arrival(arena, view, value_get(value, "arrival"));
    if (str_int(value_get_str(value, "matter"), &look.matter) &&
        store_read(call->cx, call->app->house.store, look_read, &look) == OK &&
        look.rows.count > 0) {
        set_receipt(call, &look, view);
    }
    return view;
}

/* --- checking --- */

/* What is not proved is not wrong yet. */
static const char *finding_label(const struct value *finding)
{
    Str what = value_get_str(finding, "what");
    if (value_get_bool(finding, "ok")) {
        return "相符";
    }
    return str_is(what, "time") || str_is(what, "kept") || str_is(what, "unknown") ? "没有凭据"
                                                                                   : "不符";
}

static void set_findings(struct arena *arena, struct value *rows, const struct value *findings)
{
    for (uint32_t i = 0; i < value_count(findings); i++) {
        const struct value *finding = value_item(findings, i);
        row_add(arena, rows, finding_label(finding), value_get_str(finding, "title"));
    }
}

static void set_paper(struct arena *arena, struct value *rows, const struct value *paper)
{
    Instant at = 0;
    row_add(arena, rows, "文书", value_get_str(paper, "title"));
    row_add(arena, rows, "案号", value_get_str(paper, "number"));
    row_add(arena, rows, "法院", value_get_str(value_get(paper, "court"), "name"));
    if (instant_parse(value_get_str(paper, "at"), &at)) {
        row_add(arena, rows, "签发时间", instant_chinese(arena, at));
    }
    row_add(arena, rows, "文件的SM3校验值", value_get_str(paper, "sm3"));
}

static void set_promise(struct arena *arena, struct value *rows, const struct value *receipt)
{
    Instant at = 0;
    if (instant_parse(value_get_str(value_get(receipt, "promise"), "at"), &at)) {
        row_add(arena, rows, "收到时间", instant_chinese(arena, at));
    }
    if (!value_is_null(value_get(receipt, "index"))) {
        row_add(arena, rows, "登记号",
                str_printf(arena, "第%" PRId64 "号（从0号起），共%" PRId64 "条",
                           value_get_int(receipt, "index"), value_get_int(receipt, "tree_size")));
    }
}

/* Anybody can write a court's name into a certificate of his own making. */
static Str signer_name(struct arena *arena, const struct value *one)
{
    const struct value *findings = value_get(one, "findings");
    Str who = value_get_str(one, "who");
    bool trusted = false;
    for (uint32_t i = 0; i < value_count(findings); i++) {
        const struct value *finding = value_item(findings, i);
        trusted = trusted || (str_is(value_get_str(finding, "what"), "certificate") &&
                              value_get_bool(finding, "ok"));
    }
    if (who.n == 0) {
        return STR("看不出是谁");
    }
    return trusted ? who : str_printf(arena, "自称“%.*s”（没有得到证明）", STR_ARG(who));
}

static void set_signatures(struct arena *arena, struct value *rows, const struct value *list)
{
    for (uint32_t i = 0; i < value_count(list); i++) {
        const struct value *one = value_item(list, i);
        Instant at = 0;
        Str when = instant_parse(value_get_str(one, "at"), &at) ? instant_chinese(arena, at)
                                                                : STR("没有写时间");
        row_add(arena, rows, arena_printf(arena, "第%u个签名", i + 1),
                str_printf(arena, "%.*s，%.*s，%.*s", STR_ARG(signer_name(arena, one)),
                           STR_ARG(when), STR_ARG(value_get_str(one, "scheme"))));
        set_findings(arena, rows, value_get(one, "findings"));
    }
}

static struct value *verify_view(struct call *call, const struct value *value)
{
    struct arena *arena = call->cx->arena;
    struct value *view = value_merge(arena, value, NULL);
    const struct value *said = value_get(value, "result");
    set_page(arena, view, "验证凭证和文书", true);
    value_set(arena, view, "receipt", NULL);
    value_set(arena, view, "result", NULL);
    if (value_is_null(said)) {
        return view;
    }
    struct value *result = value_map(arena);
    struct value *rows = value_list(arena);
    Str verdict = value_get_str(said, "verdict");
    bool ok = str_is(verdict, "proved") || str_is(verdict, "promised") ||
              str_is(verdict, "issued") || str_is(verdict, "filed") || str_is(verdict, "sealed");
    value_set_bool(arena, result, "ok", ok);
    value_set(arena, result, "title", value_get(said, "title"));
    value_set(arena, result, "text", NULL);
    if (value_get(said, "paper") != NULL) {
        value_set_text(arena, result, "text", "请核对手里的文书与下面写的是不是一致。");
        set_paper(arena, rows, value_get(said, "paper"));
    } else {
        set_promise(arena, rows, ok ? value_get(value, "receipt") : NULL);
        set_signatures(arena, rows, value_get(said, "signatures"));
        set_findings(arena, rows, value_get(said, "findings"));
    }
    value_set(arena, result, "rows", rows);
    value_set(arena, view, "result", result);
    return view;
}

/* --- the inbox --- */

static struct value *inbox_view(struct call *call, const struct value *value)
{
    struct arena *arena = call->cx->arena;
    struct value *view = value_merge(arena, value, NULL);
    struct value *rows = value_list(arena);
    const struct value *list = value_get(value, "notices");
    for (uint32_t i = 0; i < value_count(list); i++) {
        struct value *row = value_merge(arena, value_item(list, i), NULL);
        value_set_str(arena, row, "href",
                      str_printf(arena, "/inbox/%s", value_get_str(row, "id").p));
        value_set_bool(arena, row, "unread", !value_get_bool(row, "read"));
        value_set(arena, row, "matter_title", value_get(row, "text")); /* a notice's text is that */
        value_set(arena, row, "text", NULL);
        value_add(arena, rows, row);
    }
    value_set(arena, view, "notices", rows);
    struct value *page = value_map(arena);
    value_set_text(arena, page, "title", "收到的文书和消息");
    value_set_text(arena, page, "live", "/notices/stream");
    value_set(arena, view, "page", page);
    return view;
}

const struct page_extra pages_proof[] = {
    {"papers", papers_view},
    {"reading", reading_view},
    {"receipt", receipt_view},
    {"verify", verify_view},
    {"seals", seals_view},
    {"inbox", inbox_view},
    {NULL, NULL},
};

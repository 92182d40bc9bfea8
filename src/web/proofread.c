/* The document checker as a page and as an API: what is sent is read, answered and forgotten. */
#include "web/proofread.h"

#include <string.h>

#include "base/json.h"
#include "proof/proof.h"
#include "web/again.h"
#include "web/handlers.h"
#include "web/pages.h"
#include "web/upload.h"

enum {
    PROOFREAD_TEXT_BYTES = 1 << 20,
    PROOFREAD_MEND_BYTES = 256 << 10, /* what a page sends back to have it mended */
    PROOFREAD_ARENA_BYTES = 192 << 20,
};

static const struct pace proofread_pace = {"proofread", 60, 1};
static const struct pace document_pace = {"proofread-document", 20, 6};

/* Line ends of forms are CRLF; the checker counts lines by LF. */
static Str text_said(struct call *call)
{
    Str said = value_get_str(call->body, "text");
    struct buf text;
    buf_init(&text, call->cx->arena, said.n + 1);
    for (size_t i = 0; i < said.n; i++) {
        if (said.p[i] != '\r' || i + 1 == said.n || said.p[i + 1] != '\n') {
            buf_char(&text, said.p[i]);
        }
    }
    return buf_done(&text);
}

/* The proposals that were chosen, by the numbers of the findings, put into the text; how many. */
static uint32_t text_mend(struct call *call, const struct findings *findings, Str *text)
{
    const struct value *mend = value_get(call->body, "mend");
    bool *chosen = arena_array(call->cx->arena, bool, (size_t)findings->count + 1);
    uint32_t mended = 0;
    for (uint32_t i = 0; i < value_count(mend); i++) {
        const struct value *item = value_item(mend, i);
        int64_t number = value_as_int(item);
        if ((number > 0 || str_int(value_as_str(item), &number)) && number > 0 &&
            number <= findings->count) {
            chosen[number - 1] = true;
        }
    }
    *text = findings_mend(call->cx->arena, findings, *text, chosen, &mended);
    return mended;
}

static enum status proofread_slow(struct call *call)
{
    struct cx *cx = call->cx;
    struct findings findings;
    uint32_t mended = 0;
    struct proof_world world = *call->app->proof;
    Str text = text_said(call);
    world.tables = call->app->house.tables(call->app->house.tables_arg);
    const struct value *facts = value_get(call->body, "facts");
    Date today = instant_date(clock_now());
    proof_check(cx->arena, &world, text, facts, today, &findings);
    if (value_count(value_get(call->body, "mend")) > 0) {
        mended = text_mend(call, &findings, &text);
        proof_check(cx->arena, &world, text, facts, today, &findings);
    }
    struct value *view = findings_value(cx->arena, &findings, text);
    value_set_str(cx->arena, view, "text", text);
    if (value_get(call->body, "mend") != NULL) {
        value_set_int(cx->arena, view, "mended", mended);
    }
    call->kept_value = view;
    return OK;
}

/* --- a file --- */

static void arena_end(void *arg)
{
    arena_close(arg);
}

/* What was read and found lives in an arena of its own: a document may be longer than requests. */
static enum status document_slow(struct call *call)
{
    struct cx *cx = call->cx;
    struct sent *sent = call->http->stream;
    struct arena *arena = arena_open(PROOFREAD_ARENA_BYTES);
    struct proof_world world = *call->app->proof;
    struct document document;
    struct findings findings;
    struct cx own;
    arena_defer(cx->arena, arena_end, arena);
    cx_init(&own, arena);
    world.tables = call->app->house.tables(call->app->house.tables_arg);
    if (document_read(call->app->sheets, &own, buf_done(sent->kept), &document) != OK) {
        const struct failure *f = &own.failure;
        return cx_fail(cx, f->status, f->code, f->file, f->line, "%.*s", STR_ARG(f->detail));
    }
    proof_check(arena, &world, document.text, NULL, instant_date(clock_now()), &findings);
    struct value *view = findings_value(arena, &findings, document.text);
    proofread_places(arena, view, &findings, &document);
    value_set_str(arena, view, "text", document.text);
    value_set_str(arena, view, "name", sent->files[0].name);
    call->kept_value = view;
    return OK;
}

void proofread_places(struct arena *arena, struct value *view, const struct findings *findings,
                      const struct document *document)
{
    static const char *const formats[] = {"text", "pdf", "docx", "other"};
    const struct value *list = value_get(view, "findings");
    value_set_text(arena, view, "format", formats[document->format]);
    for (uint32_t i = 0; i < value_count(list); i++) {
        struct value *row = list->as.items[i];
        const struct document_mark *mark = document_mark_of(document, findings->items[i].at.from);
        if (mark == NULL) {
            continue;
        }
        if (mark->page > 0) {
            value_set_int(arena, row, "page", mark->page);
            value_set_int(arena, row, "line", mark->line);
        }
        value_set_str(arena, row, "place",
                      mark->page > 0 ? str_printf(arena, "第%u页第%u行", mark->page, mark->line)
                                     : str_printf(arena, "第%u%s", mark->line,
                                                  document->format == DOCUMENT_DOCX ? "段" : "行"));
    }
}

static enum status proofread_done(struct call *call)
{
    return call_answer(call, call->kept_value, "proofread");
}

enum status proofread_show(struct call *call)
{
    struct value *view = value_map(call->cx->arena);
    value_set(call->cx->arena, view, "checks", proof_checks(call->cx->arena));
    return call_answer(call, view, "proofread");
}

/* A refusal of the file is shown above the form, with the form. */
static enum status document_done(struct call *call)
{
    return call_answer(call, call->kept_value, "proofread");
}

static enum status document_check(struct call *call)
{
    struct cx *cx = call->cx;
    struct sent *sent = call->http->stream;
    TRY(upload_whole(cx, sent));
    if (sent->file_count == 0 || sent->kept == NULL) {
        (void)cx_error(cx, "file", "missing", "请选择要检查的文件");
        enum status status = FAIL(cx, E_INPUT, "fields", "no file");
        return call->json ? status : call_again(call, status, "proofread", value_map(cx->arena));
    }
    TRY(pace_check(call, &document_pace, viewer_person(cx->arena, call->actor.person)));
    return call_slow(call, document_slow, document_done);
}

enum status proofread_check(struct call *call)
{
    struct cx *cx = call->cx;
    if (call->http->stream != NULL) {
        return document_check(call);
    }
    const struct value *text = value_get(call->body, "text");
    const struct value *facts = value_get(call->body, "facts");
    if (!value_is_text(text) || value_as_str(text).n == 0) {
        (void)cx_error(cx, "text", "missing", "请粘贴要检查的文书");
    } else if (value_as_str(text).n > PROOFREAD_TEXT_BYTES) {
        (void)cx_error(cx, "text", "too-long", "一次最多检查1 MB的文字，请分开检查");
    }
    if (!value_is_null(facts) && !value_is_map(facts)) {
        (void)cx_error(cx, "facts", "type", "facts 应当是一个对象");
    }
    const struct value *mend = value_get(call->body, "mend");
    if (!value_is_null(mend) && !value_is_list(mend)) {
        (void)cx_error(cx, "mend", "type", "mend 应当是一列序号");
    }
    if (cx->failure.errors != NULL) {
        enum status status = FAIL(cx, E_INPUT, "fields", "nothing to check");
        return call->json ? status : call_again(call, status, "proofread", value_map(cx->arena));
    }
    TRY(pace_check(call, &proofread_pace, call->http->client));
    return call_slow(call, proofread_slow, proofread_done);
}

/* --- the page: the text cut at its findings --- */

static const char *severity_title(Str severity)
{
    return str_is(severity, "error") ? "应当改正" : str_is(severity, "warning") ? "请核对" : "格式";
}

/* The byte at which a character of a paragraph stands, going on from where the last one was. */
static size_t byte_of(Str text, size_t *line_at, int64_t *line, int64_t paragraph,
                      int64_t character)
{
    while (*line < paragraph) {
        const char *end = memchr(text.p + *line_at, '\n', text.n - *line_at);
        if (end == NULL) {
            break;
        }
        *line_at = (size_t)(end - text.p) + 1;
        *line += 1;
    }
    size_t at = *line_at;
    uint32_t code = 0;
    for (int64_t i = 0; i < character && utf8_next(text, &at, &code); i++) {
    }
    return at;
}

static struct value *piece(struct arena *arena, Str text, size_t from, size_t to, int64_t number,
                           Str severity)
{
    struct value *view = value_map(arena);
    value_set_str(arena, view, "text", str_slice(arena, text, from, to));
    if (number > 0) {
        value_set_int(arena, view, "number", number);
        value_set_text(arena, view, "tone", str_is(severity, "error") ? "bad" : "ask");
    }
    return view;
}

/* Overlapping findings mark one place; each keeps its line in the list. */
static struct value *pieces_of(struct arena *arena, Str text, struct value *rows)
{
    struct value *pieces = value_list(arena);
    size_t line_at = 0;
    size_t done = 0;
    int64_t line = 1;
    int64_t mark = 0;
    for (uint32_t i = 0; i < rows->count; i++) {
        struct value *row = rows->as.items[i];
        size_t from = byte_of(text, &line_at, &line, value_get_int(row, "paragraph"),
                              value_get_int(row, "from"));
        size_t to = from + value_get_str(row, "found").n;
        value_set_int(arena, row, "number", i + 1);
        value_set_text(arena, row, "severity_title",
                       severity_title(value_get_str(row, "severity")));
        value_set_text(arena, row, "tone",
                       str_is(value_get_str(row, "severity"), "error") ? "bad" : "ask");
        if (from < done || to > text.n) {
            value_set_int(arena, row, "mark", mark);
            continue;
        }
        mark = i + 1;
        value_set_int(arena, row, "mark", mark);
        if (from > done) {
            value_add(arena, pieces, piece(arena, text, done, from, 0, STR("")));
        }
        value_add(arena, pieces,
                  piece(arena, text, from, to, i + 1, value_get_str(row, "severity")));
        done = to;
    }
    if (done < text.n) {
        value_add(arena, pieces, piece(arena, text, done, text.n, 0, STR("")));
    }
    return pieces;
}

static bool may_mend(const struct value *rows, Str text)
{
    bool any = false;
    for (uint32_t i = 0; i < value_count(rows); i++) {
        any = any || value_get_bool(value_item(rows, i), "mendable");
    }
    return any && text.n <= PROOFREAD_MEND_BYTES;
}

static struct value *proofread_view(struct call *call, const struct value *value)
{
    struct arena *arena = call->cx->arena;
    struct value *view = value_merge(arena, value, NULL);
    const struct value *findings = value_get(value, "findings");
    value_set_text(arena, view, "title", "文书纠错");
    if (findings == NULL) {
        return view;
    }
    struct value *rows = value_copy(arena, findings);
    value_set_bool(arena, view, "checked", true);
    value_set_bool(arena, view, "none", value_count(rows) == 0);
    value_set_bool(arena, view, "mends", may_mend(rows, value_get_str(value, "text")));
    value_set_bool(arena, view, "is_mended", value_get_int(value, "mended") > 0);
    value_set_int(arena, view, "count", value_count(rows));
    value_set(arena, view, "pieces", pieces_of(arena, value_get_str(value, "text"), rows));
    value_set(arena, view, "rows", rows);
    return view;
}

const struct page_extra pages_proofread[] = {
    {"proofread", proofread_view},
    {NULL, NULL},
};

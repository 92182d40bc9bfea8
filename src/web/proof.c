/* What proves what was done: receipts, the log's checkpoints and proofs, and the public page that
 * checks a receipt or a printed code. */
#include <inttypes.h>
#include <string.h>

#include "base/json.h"
#include "flow/view.h"
#include "seal/receipt.h"
#include "web/again.h"
#include "web/handlers.h"

enum { CODE_CHARACTERS = 12 };

static const struct pace code_pace = {"paper-code", 60, 30};

/* --- the log --- */

enum status checkpoint_show(struct call *call)
{
    struct cx *cx = call->cx;
    struct value *view = NULL;
    TRY(call->app->log_checkpoint(cx, call->app->log_arg, &view));
    return call_answer(call, view, "checkpoint");
}

enum status proof_show(struct call *call)
{
    struct cx *cx = call->cx;
    struct value *view = NULL;
    Str leaf = call_param(call, "leaf");
    if (leaf.n > 1 && leaf.n != 2 * HASH_BYTES && leaf.p[0] == '0') { /* one number, one spelling */
        (void)cx_error(cx, "leaf", "ill-typed", "请填写存证的校验值（64位）或者登记号");
        return FAIL(cx, E_INPUT, "fields", "a number with leading zeros");
    }
    TRY(call->app->log_proof(cx, call->app->log_arg, leaf, &view));
    return call_answer(call, view, NULL);
}

/* --- a receipt --- */

struct look {
    struct call *call;
    Id matter;
    struct seen seen;
    Str said; /* which event */
    int64_t event;
    struct rows body;
};

static enum status look_read(struct cx *cx, struct sql *sql, void *arg)
{
    struct look *look = arg;
    TRY(matter_see(cx, &look->call->app->house, sql, &look->call->actor, look->matter,
                   &look->seen));
    if (look->said.n == 0) {
        look->event = look->seen.matter->events; /* the latest */
    } else if (!str_int(look->said, &look->event)) {
        look->event = 0;
    }
    return sql_query(cx, sql, SQL("SELECT body FROM event WHERE matter = ?1 AND n = ?2"),
                     ARGS(SQL_I(look->matter), SQL_I(look->event)), &look->body);
}

/* When it came, beside when it counts as received: both stand in the event that the leaf proves. */
static enum status arrival_set(struct cx *cx, const struct look *look, struct value *receipt)
{
    struct value *body = NULL;
    if (look->body.count == 0) {
        return OK;
    }
    TRY(json_row_outline(cx, row_str(&look->body, 0, 0), EVENT_DEPTH, &body));
    if (value_get(body, "arrival") != NULL) {
        value_set(cx->arena, receipt, "arrival",
                  arrival_view(cx->arena, value_get(body, "arrival")));
    }
    return OK;
}

enum status receipt_show(struct call *call)
{
    struct cx *cx = call->cx;
    struct look look = {.call = call, .said = call_param(call, "event")};
    struct value *receipt = NULL;
    TRY(call_id(call, 0, &look.matter));
    TRY(store_read(cx, call->app->house.store, look_read, &look));
    int64_t event = look.event;
    if (event < 1 || event > look.seen.matter->events) {
        return FAIL(cx, E_NOT_FOUND, "not-found", "no event %" PRId64, event);
    }
    TRY(call->app->receipt(cx, call->app->log_arg, look.matter, event, &receipt));
    TRY(arrival_set(cx, &look, receipt));
    if (str_is(call_param(call, "format"), "json")) {
        call->json = true;
        call_header(call, "Content-Disposition",
                    str_printf(cx->arena,
                               "attachment; filename=\"receipt-%" PRId64 "-%" PRId64 ".json\"",
                               look.matter, event));
    }
    return call_answer(call, receipt, "receipt");
}

/* --- checking a printed code --- */

struct code_look {
    Str code;
    struct rows rows;
};

static enum status code_read(struct cx *cx, struct sql *sql, void *arg)
{
    struct code_look *look = arg;
    return sql_query(cx, sql,
                     SQL("SELECT p.title, p.number, p.at, p.sm3, m.court, p.seal, p.sealed, p.kind "
                         "FROM paper p "
                         "JOIN matter m ON m.id = p.matter WHERE p.code = ?1 AND p.code <> ''"),
                     ARGS(SQL_S(look->code)), &look->rows);
}

enum { ROW_TITLE, ROW_NUMBER, ROW_AT, ROW_SM3, ROW_COURT, ROW_SEAL, ROW_SEALED, ROW_KIND };

/* A paper that waits for its seal is not issued yet; what a party wrote, no court issues. */
static void code_verdict(struct call *call, const struct rows *rows, struct value *view)
{
    struct arena *arena = call->cx->arena;
    const char *verdict = "unknown";
    const char *title = "没有查到这个编号的文书";
    const struct value *known =
        rows->count == 0 ? NULL : value_get(call->app->house.papers, row_str(rows, 0, ROW_KIND).p);
    if (known != NULL && value_get_bool(known, "by_party")) {
        verdict = "filed";
        title = "这份文书由当事人提交给下面的法院，不是法院签发的";
    } else if (rows->count > 0 && row_str(rows, 0, ROW_SEAL).n > 0 &&
               row_is_null(rows, 0, ROW_SEALED)) {
        verdict = "unsealed";
        title = "有这份文书，但还没有加盖法院电子印章";
    } else if (rows->count > 0) {
        verdict = "issued";
        title = "这份文书由下面的法院签发";
    }
    value_set_text(arena, view, "verdict", verdict);
    value_set_text(arena, view, "title", title);
}

/* What the public may know of a paper whose code it holds: that it was issued, by whom and when. */
static enum status code_check(struct call *call, Str code, struct value **out)
{
    struct cx *cx = call->cx;
    struct arena *arena = cx->arena;
    struct code_look look = {.code = code};
    struct value *view = value_map(arena);
    *out = view;
    TRY(store_read(cx, call->app->house.store, code_read, &look));
    code_verdict(call, &look.rows, view);
    if (look.rows.count == 0) {
        return OK;
    }
    struct value *paper = value_map(arena);
    Str sm3 = row_str(&look.rows, 0, ROW_SM3);
    value_set_str(arena, paper, "title", row_str(&look.rows, 0, ROW_TITLE));
    value_set(arena, paper, "number",
              row_is_null(&look.rows, 0, ROW_NUMBER)
                  ? NULL
                  : value_str(arena, row_str(&look.rows, 0, ROW_NUMBER)));
    value_set_str(arena, paper, "at", instant_format(arena, row_int(&look.rows, 0, ROW_AT)));
    value_set(
        arena, paper, "court",
        court_ref(arena, tables_current(call->app->tables), row_str(&look.rows, 0, ROW_COURT)));
    value_set(arena, paper, "sm3",
              sm3.n == HASH_BYTES
                  ? value_str(arena, text_hex(arena, (const unsigned char *)sm3.p, sm3.n))
                  : NULL);
    value_set(arena, view, "paper", paper);
    return OK;
}

/* Codes are typed from paper: blanks, dashes and small letters do not matter. */
static Str code_read_typed(struct arena *arena, Str typed)
{
    struct buf buf;
    buf_init(&buf, arena, CODE_CHARACTERS + 1);
    for (size_t i = 0; i < typed.n && buf.n < CODE_CHARACTERS; i++) {
        char c = typed.p[i];
        if (c != ' ' && c != '-') {
            buf_char(&buf, c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c);
        }
    }
    return buf_done(&buf);
}

enum status verify_show(struct call *call)
{
    struct cx *cx = call->cx;
    struct value *result = NULL;
    struct value *view = value_map(cx->arena);
    Str code = call_param(call, "code");
    if (code.n > 0) {
        TRY(pace_check(call, &code_pace, call->http->client));
        TRY(code_check(call, code_read_typed(cx->arena, code), &result));
        value_set_str(cx->arena, view, "code_text", code);
    }
    value_set(cx->arena, view, "result", result);
    return call_answer(call, view, "verify");
}

/* --- checking a receipt --- */

static enum status not_a_receipt(struct cx *cx)
{
    (void)cx_error(cx, "receipt", "ill-typed", "这不是电子凭证的内容，请完整粘贴或者重新选择文件");
    return FAIL(cx, E_INPUT, "fields", "no receipt");
}

/* A map under "receipt", its text there or in "file", or the body itself. */
static enum status receipt_said(struct call *call, const struct value **out, Str *text)
{
    struct cx *cx = call->cx;
    const struct value *said = value_get(call->body, "receipt");
    *text = value_as_str(said);
    if (str_trim(cx->arena, *text).n == 0) {
        *text = value_get_str(call->body, "file");
    }
    *out = value_is_map(said) ? said : (value_get(call->body, "leaf") != NULL ? call->body : NULL);
    if (*out != NULL) {
        return OK;
    }
    struct value *read = NULL;
    if (json_read(cx, *text, &read) != OK || !value_is_map(read)) {
        cx_forgive(cx);
        return not_a_receipt(cx);
    }
    *out = read;
    return OK;
}

enum status verify_check(struct call *call)
{
    struct cx *cx = call->cx;
    const struct value *receipt = NULL;
    struct value *view = value_map(cx->arena);
    Str text = {"", 0};
    enum status status = receipt_said(call, &receipt, &text);
    if (status != OK && (call->json || status != E_INPUT)) {
        return status;
    }
    value_set_str(cx->arena, view, "receipt_text", text);
    if (status != OK) { /* the page is shown again, what was pasted kept */
        struct value *problem = value_map(cx->arena);
        value_set_text(cx->arena, problem, "title", "这不是电子凭证的内容");
        value_set_text(cx->arena, problem, "detail", "请完整粘贴，或者重新选择凭证文件。");
        value_set(cx->arena, view, "problem", problem);
        cx_forgive(cx);
        call->status = status_http(status);
        return call_answer(call, view, "verify");
    }
    struct value *result =
        receipt_verify(cx->arena, receipt, keys_public(cx, call->app->house.keys));
    if (call->json) {
        return call_answer(call, result, NULL);
    }
    value_set(cx->arena, view, "receipt", receipt);
    value_set(cx->arena, view, "result", result);
    return call_answer(call, view, "verify");
}

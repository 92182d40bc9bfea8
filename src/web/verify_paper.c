/* The public page looks at a paper that is sent to it: each signature, and whether it is the file
 * that this platform keeps. What is sent is looked at and forgotten. */
#include <inttypes.h>

#include "base/clock.h"
#include "record/certificate.h"
#include "render/pdf_verdict.h"
#include "seal/receipt.h"
#include "web/again.h"
#include "web/handlers.h"
#include "web/upload.h"

static const struct pace paper_pace = {"verify-paper", 30, 10};

enum { ROW_TITLE, ROW_NUMBER, ROW_COURT, ROW_NEWEST, ROW_SEAL, ROW_SIGNER };

enum { LEAF_INDEX, LEAF_SINCE };

struct look {
    Hash sm3;
    struct pdf_judged judged[PDF_SIGNATURES_MAX];
    uint32_t count;
    struct rows rows; /* of the paper, when it is kept here */
    struct rows leaf; /* of its bytes in the log */
    Hash signed_sm3;  /* of what the signatures cover; zero when that is all, or nothing */
    struct rows base; /* the paper that this is, when it is kept here */
};

/* With the leaf of its bytes: its number in the log, and when a checkpoint first had it. What the
 * act says of its time is no proof of when the file was signed. */
static enum status paper_read(struct cx *cx, struct sql *sql, struct look *look)
{
    Str sm3 = {(const char *)look->sm3.b, HASH_BYTES};
    Hash leaf = receipt_paper_leaf(look->sm3);
    TRY(sql_query(cx, sql,
                  SQL("SELECT p.title, p.number, m.court, 1, p.seal, p.signer FROM paper p "
                      "JOIN matter m ON m.id = p.matter WHERE p.sm3 = ?1 UNION ALL "
                      "SELECT p.title, p.number, m.court, 0, p.seal, p.signer FROM paper p "
                      "JOIN matter m ON m.id = p.matter WHERE p.plain_sm3 = ?1"),
                  ARGS(SQL_B(sm3.p, sm3.n)), &look->rows));
    return sql_query(cx, sql,
                     SQL("SELECT l.idx, (SELECT c.at FROM log_checkpoint c WHERE c.size > l.idx "
                         "ORDER BY c.size LIMIT 1) FROM leaf l WHERE l.hash = ?1 AND l.matter = 0 "
                         "ORDER BY l.seq LIMIT 1"),
                     ARGS(SQL_B(arena_copy(cx->arena, leaf.b, HASH_BYTES), HASH_BYTES)),
                     &look->leaf);
}

static enum status look_read(struct cx *cx, struct sql *sql, void *arg)
{
    struct look *look = arg;
    for (uint32_t i = 0; i < look->count; i++) {
        struct certificate *c = NULL;
        TRY(certificate_get(cx, sql, look->judged[i].facts.serial, &c));
        look->judged[i].looked_up = c != NULL;
        look->judged[i].revoked = c == NULL ? 0 : c->revoked;
    }
    if (!hash_is_zero(look->signed_sm3)) {
        TRY(sql_query(cx, sql, SQL("SELECT 1 FROM paper WHERE sm3 = ?1"),
                      ARGS(SQL_B((const char *)look->signed_sm3.b, HASH_BYTES)), &look->base));
    }
    return paper_read(cx, sql, look);
}

static bool is_newest(const struct look *look)
{
    return look->rows.count > 0 && row_int(&look->rows, 0, ROW_NEWEST) == 1;
}

/* The bytes of what is kept here are a leaf of the log. */
static struct pdf_evidence evidence_of(struct arena *arena, const struct look *look)
{
    struct pdf_evidence evidence = {.now = clock_now()};
    if (is_newest(look) && look->leaf.count > 0 && !row_is_null(&look->leaf, 0, LEAF_SINCE)) {
        evidence.proved = row_int(&look->leaf, 0, LEAF_SINCE);
        evidence.source = str_printf(arena, "本平台的存证日志（第%" PRId64 "条）",
                                     row_int(&look->leaf, 0, LEAF_INDEX));
    }
    return evidence;
}

/* A court's seal on another court's paper is no seal of it; nor is anybody's signature that of the
 * party. */
static bool is_by_holder(const struct look *look, Str holder)
{
    bool all = true;
    for (uint32_t i = 0; i < look->count; i++) {
        all = all && str_same(look->judged[i].facts.holder, holder);
    }
    return all;
}

static void finding_add(struct arena *arena, struct value *verdict, const char *what, bool ok,
                        const char *title)
{
    struct value *finding = value_map(arena);
    value_set_text(arena, finding, "what", what);
    value_set_bool(arena, finding, "ok", ok);
    value_set_text(arena, finding, "title", title);
    value_add(arena, verdict->as.members[verdict->count - 1].value, finding);
}

static void signer_say(struct arena *arena, const struct look *look, struct value *verdict)
{
    Str serial;
    Str signer = certificate_signer_holder(row_str(&look->rows, 0, ROW_SIGNER), &serial);
    bool by_party = signer.n > 0;
    bool own =
        is_by_holder(look, by_party ? signer
                                    : str_printf(arena, "court:%.*s",
                                                 STR_ARG(row_str(&look->rows, 0, ROW_COURT))));
    if (by_party) {
        finding_add(arena, verdict, "signer", own,
                    own ? "签名是提交文书的人的" : "签名不是提交文书的人的");
    } else {
        finding_add(arena, verdict, "court", own,
                    own ? "印章是作出文书的法院的" : "印章不是作出文书的法院的");
    }
    if (!own && str_is(value_get_str(verdict, "verdict"), "sealed")) {
        value_set_text(arena, verdict, "verdict", "untrusted");
        value_set_text(arena, verdict, "title",
                       by_party ? "签名不是提交文书的人的，不要相信"
                                : "印章不是作出文书的法院的，不要相信");
    }
}

static const char *kept_title(const struct look *look)
{
    if (is_newest(look)) {
        return "与本平台保存的文书一字不差";
    }
    if (look->rows.count > 0) {
        return "这是盖章以前的文书，盖章后的请重新下载";
    }
    return look->base.count > 0 ? "本平台保存的文书里没有后来添加的内容，请重新下载"
                                : "本平台没有保存这样的文书";
}

static void store_say(struct call *call, const struct look *look, struct value *verdict)
{
    struct arena *arena = call->cx->arena;
    bool newest = is_newest(look);
    struct value *all = value_list(arena);
    const struct value *before = value_get(verdict, "findings");
    for (uint32_t i = 0; i < value_count(before); i++) {
        value_add(arena, all, value_item(before, i));
    }
    if (look->leaf.count > 0) {
        value_set_str(arena, verdict, "leaf", hash_hex(arena, receipt_paper_leaf(look->sm3)));
    }
    value_remove(verdict, "findings");
    value_set(arena, verdict, "findings", all);
    finding_add(arena, verdict, "kept", newest, kept_title(look));
    if (newest && look->count > 0) {
        signer_say(arena, look, verdict);
    }
}

/* Of the bytes before what was added behind the last signature. */
static Hash signed_hash(const struct look *look, Str bytes)
{
    size_t end = 0;
    for (uint32_t i = 0; i < look->count; i++) {
        end = look->judged[i].signature.end > end ? look->judged[i].signature.end : end;
    }
    return end > 0 && end < bytes.n ? hash_of(bytes.p, end) : (Hash){{0}};
}

static enum status judge_try(struct call *call)
{
    struct cx *cx = call->cx;
    static const Str none[CERT_SCHEMES] = {{"", 0}, {"", 0}};
    struct sent *sent = call->http->stream;
    const struct ca *ca = call->app->house.ca;
    struct look *look = arena_new(cx->arena, struct look);
    Str bytes = buf_done(sent->kept);
    look->sm3 = hash_str(bytes);
    if (bytes.n == 0) {
        return FAIL(cx, E_INPUT, "pdf-empty", "no bytes");
    }
    TRY(pdf_judge(cx, bytes, ca == NULL ? none : ca->roots, look->judged, &look->count));
    look->signed_sm3 = signed_hash(look, bytes);
    TRY(store_read(cx, call->app->house.store, look_read, look));
    struct pdf_evidence evidence = evidence_of(cx->arena, look);
    struct value *verdict = pdf_verdict(cx->arena, bytes, look->judged, look->count, &evidence);
    store_say(call, look, verdict);
    call->kept_value = verdict;
    return OK;
}

/* A refusal is answered by judge_done(). */
static enum status judge_slow(struct call *call)
{
    (void)judge_try(call);
    return OK;
}

static enum status judge_done(struct call *call)
{
    struct value *view = value_map(call->cx->arena);
    enum status status = call->cx->failure.status;
    if (status != OK) {
        return status == E_INPUT ? call_again(call, status, "verify", view) : status;
    }
    if (call->json) {
        return call_answer(call, call->kept_value, NULL);
    }
    value_set(call->cx->arena, view, "result", call->kept_value);
    return call_answer(call, view, "verify");
}

enum status verify_paper(struct call *call)
{
    struct cx *cx = call->cx;
    struct sent *sent = call->http->stream;
    if (sent != NULL) {
        TRY(upload_whole(cx, sent));
    }
    if (sent == NULL || sent->file_count == 0 || sent->kept == NULL) {
        (void)cx_error(cx, "file", "missing", "请选择要核对的文书（PDF）");
        enum status status = FAIL(cx, E_INPUT, "fields", "no file");
        return call->json ? status : call_again(call, status, "verify", value_map(cx->arena));
    }
    TRY(pace_check(call, &paper_pace, call->http->client));
    return call_slow(call, judge_slow, judge_done);
}

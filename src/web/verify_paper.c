/* The public page looks at a paper that is sent to it: each signature, and whether it is the file
 * that this platform keeps. What is sent is looked at and forgotten. */
#include <inttypes.h>

#include "record/certificate.h"
#include "render/pdf_verdict.h"
#include "web/again.h"
#include "web/handlers.h"
#include "web/upload.h"

static const struct pace paper_pace = {"verify-paper", 30, 10};

struct look {
    Hash sm3;
    struct pdf_judged judged[PDF_SIGNATURES_MAX];
    uint32_t count;
    struct rows rows;
};

static enum status look_read(struct cx *cx, struct sql *sql, void *arg)
{
    struct look *look = arg;
    for (uint32_t i = 0; i < look->count; i++) {
        struct certificate_state state;
        TRY(certificate_state(cx, sql, look->judged[i].facts.serial, &state));
        look->judged[i].looked_up = state.known;
        look->judged[i].revoked = state.revoked;
    }
    Str sm3 = {(const char *)look->sm3.b, HASH_BYTES};
    return sql_query(cx, sql,
                     SQL("SELECT p.title, p.number, m.court, 1 FROM paper p JOIN matter m ON "
                         "m.id = p.matter WHERE p.sm3 = ?1 UNION ALL "
                         "SELECT p.title, p.number, m.court, 0 FROM paper p JOIN matter m ON "
                         "m.id = p.matter WHERE p.plain_sm3 = ?1"),
                     ARGS(SQL_B(sm3.p, sm3.n)), &look->rows);
}

/* A court's seal on another court's paper is no seal of it. */
static bool is_of_court(const struct look *look, Str court)
{
    const char *holder = NULL;
    bool all = true;
    for (uint32_t i = 0; i < look->count; i++) {
        holder = look->judged[i].facts.holder.p;
        all =
            all && str_starts(look->judged[i].facts.holder, "court:") && str_is(court, holder + 6);
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

static void store_say(struct call *call, const struct look *look, struct value *verdict)
{
    struct arena *arena = call->cx->arena;
    bool found = look->rows.count > 0;
    bool newest = found && row_int(&look->rows, 0, 3) == 1;
    struct value *all = value_list(arena);
    const struct value *before = value_get(verdict, "findings");
    for (uint32_t i = 0; i < value_count(before); i++) {
        value_add(arena, all, value_item(before, i));
    }
    value_remove(verdict, "findings");
    value_set(arena, verdict, "findings", all);
    finding_add(arena, verdict, "kept", newest,
                newest  ? "与本平台保存的文书一字不差"
                : found ? "这是盖章以前的文书，盖章后的请重新下载"
                        : "本平台没有保存这样的文书");
    if (newest && look->count > 0) {
        bool own = is_of_court(look, row_str(&look->rows, 0, 2));
        finding_add(arena, verdict, "court", own,
                    own ? "印章是作出文书的法院的" : "印章不是作出文书的法院的");
        if (!own && str_is(value_get_str(verdict, "verdict"), "sealed")) {
            value_set_text(arena, verdict, "verdict", "untrusted");
            value_set_text(arena, verdict, "title", "印章不是作出文书的法院的，不要相信");
        }
    }
}

static enum status judge_slow(struct call *call)
{
    struct cx *cx = call->cx;
    static const Str none[CERT_SCHEMES] = {{"", 0}, {"", 0}};
    struct sent *sent = call->http->stream;
    const struct ca *ca = call->app->house.ca;
    struct look *look = arena_new(cx->arena, struct look);
    Str bytes = buf_done(sent->kept);
    look->sm3 = hash_str(bytes);
    TRY(pdf_judge(cx, bytes, ca == NULL ? none : ca->roots, look->judged, &look->count));
    TRY(store_read(cx, call->app->house.store, look_read, look));
    struct value *verdict = pdf_verdict(cx->arena, bytes, look->judged, look->count);
    store_say(call, look, verdict);
    call->kept_value = verdict;
    return OK;
}

static enum status judge_done(struct call *call)
{
    struct value *view = value_map(call->cx->arena);
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

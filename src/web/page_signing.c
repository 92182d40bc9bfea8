/* Pages of signing from afar: who is missing, for the one who asked; what is signed, for the other.
 */
#include <inttypes.h>

#include "render/qr.h"
#include "web/page_field.h"
#include "web/page_views.h"
#include "web/page_words.h"
#include "web/signing.h"

static enum signing_standing standing_named(Str name)
{
    enum signing_standing s = SIGNING_WAITS;
    while (s < SIGNING_LOCKED && !str_is(name, signing_standing_name(s))) {
        s++;
    }
    return s;
}

/* --- for the one who asked --- */

static struct value *qr_of(struct call *call, Str link, Str name)
{
    struct cx *cx = call->cx;
    struct qr qr;
    if (qr_make(cx, link, &qr) != OK) {
        cx_forgive(cx);
        return NULL;
    }
    return html_mark(cx->arena,
                     qr_svg(cx->arena, &qr, str_printf(cx->arena, "给%s的签名二维码", name.p)));
}

static const char *detail_of(enum signing_standing standing, bool renewed)
{
    switch (standing) {
    case SIGNING_FELL:
        return renewed
                   ? "他签名后表格更新，所签的内容有改动，这个签名已经失效。请把现在的内容再请他签一次。"
                   : "他签名后内容有改动，这个签名已经失效。请把改好的内容再请他签一次。";
    case SIGNING_EXPIRED: return "链接过期了还没签。请再请他签一次。";
    case SIGNING_LOCKED:
        return "有人几次没有核对上身份，链接已停用。请核对姓名、证件和手机号，再请他签一次。";
    case SIGNING_WAITS:
    case SIGNING_HOLDS:
    case SIGNING_REFUSED: break;
    }
    return NULL;
}

static struct value *asked_show(struct call *call, const struct value *asked, bool renewed)
{
    struct arena *arena = call->cx->arena;
    struct value *row = value_merge(arena, asked, NULL);
    enum signing_standing standing = standing_named(value_get_str(asked, "state"));
    Str message = value_get_str(asked, "message");
    bool waits = standing == SIGNING_WAITS;
    value_set_text(arena, row, "tone", signing_tone(standing));
    value_set_text(arena, row, "detail", detail_of(standing, renewed));
    value_set_bool(arena, row, "waits", waits);
    value_set_bool(arena, row, "holds", standing == SIGNING_HOLDS);
    value_set_bool(arena, row, "again", !waits && standing != SIGNING_HOLDS);
    value_set_bool(arena, row, "was_sent", waits && str_is(message, "sent"));
    value_set_bool(arena, row, "is_sending", waits && str_is(message, "waiting"));
    value_set_bool(arena, row, "not_sent", waits && str_is(message, "failed"));
    value_set_bool(arena, row, "no_phone", waits && str_is(message, "none"));
    value_set(arena, row, "qr",
              waits ? qr_of(call, value_get_str(asked, "link"), value_get_str(asked, "name"))
                    : NULL);
    return row;
}

static struct value *page_signatures(struct call *call, const struct value *value)
{
    struct arena *arena = call->cx->arena;
    struct value *view = page_begin(call, value, STR("请当事人签名"), true);
    struct value *list = value_list(arena);
    struct value *open = value_list(arena);
    const struct value *asked = value_get(value, "signatures");
    const struct value *candidates = value_get(value, "candidates");
    const struct seen *seen = NULL;
    bool renewed = page_seen(call, &seen) == OK && seen->renewal != NULL;
    uint32_t lacking = 0;
    for (uint32_t i = 0; i < value_count(asked); i++) {
        struct value *row = asked_show(call, value_item(asked, i), renewed);
        lacking += !value_get_bool(row, "holds");
        value_add(arena, list, row);
    }
    for (uint32_t i = 0; i < value_count(candidates); i++) {
        struct value *row = value_merge(arena, value_item(candidates, i), NULL);
        bool self = str_same(value_get_str(row, "name"), call->actor.name);
        value_set_bool(arena, row, "chosen", value_get_bool(row, "possible") && !self);
        if (!value_get_bool(row, "asked")) {
            value_add(arena, open, row);
        }
    }
    value_set(arena, view, "signatures", list);
    value_set_bool(arena, view, "has_signatures", list->count > 0);
    value_set_int(arena, view, "lacking", lacking);
    value_set_bool(arena, view, "complete", list->count > 0 && lacking == 0);
    value_set(arena, view, "candidates", open);
    value_set_bool(arena, view, "has_candidates", open->count > 0);
    value_set_bool(arena, view, "has_errors", value_count(value_get(value, "errors")) > 0);
    return view;
}

uint32_t signing_count(struct call *call, const struct act_form *form)
{
    struct cx *cx = call->cx;
    struct signing *asked = NULL;
    uint32_t count = 0;
    uint32_t signed_by = 0;
    if (signing_is_of(form->act) && signing_asked(cx, &call->app->house, form->seen->matter->id,
                                                  form->act->name, &asked, &count) != OK) {
        cx_forgive(cx);
        return 0;
    }
    Str digest = count == 0 ? STR("") : signing_digest(cx, &form->ask);
    for (uint32_t i = 0; i < count; i++) {
        signed_by += signing_standing_of(&asked[i], digest, clock_now()) == SIGNING_HOLDS;
    }
    return signed_by;
}

struct value *signing_task(struct call *call, const struct act_form *form)
{
    struct cx *cx = call->cx;
    struct signing *asked = NULL;
    uint32_t count = 0;
    uint32_t lacking = 0;
    if (!signing_is_of(form->act)) {
        return NULL;
    }
    if (signing_asked(cx, &call->app->house, form->seen->matter->id, form->act->name, &asked,
                      &count) != OK) {
        cx_forgive(cx);
        return NULL;
    }
    Str digest = count == 0 ? STR("") : signing_digest(cx, &form->ask);
    for (uint32_t i = 0; i < count; i++) {
        lacking += signing_standing_of(&asked[i], digest, clock_now()) != SIGNING_HOLDS;
    }
    struct value *row = value_map(cx->arena);
    value_set_text(cx->arena, row, "title", "请当事人在手机上签名");
    value_set_str(cx->arena, row, "href",
                  str_printf(cx->arena, "/matters/%" PRId64 "/signatures", form->seen->matter->id));
    value_set_text(cx->arena, row, "note", "替人办理的，可以请委托人本人签名");
    value_set_bool(cx->arena, row, "done", count > 0 && lacking == 0);
    value_set_bool(cx->arena, row, "empty", count == 0);
    value_set_str(cx->arena, row, "state_title",
                  count == 0     ? STR("选办")
                  : lacking == 0 ? STR("都签好了")
                                 : str_printf(cx->arena, "还差%u人签名", lacking));
    return row;
}

/* --- for the one who signs --- */

static void set_summary(struct call *call, const struct act *act, const struct value *value,
                        struct value *view)
{
    struct arena *arena = call->cx->arena;
    struct words words = {.arena = arena, .tables = page_tables(call)};
    const struct field **fields = arena_array(arena, const struct field *, act->form_count);
    uint32_t count = 0;
    for (uint32_t i = 0; i < act->form_count; i++) {
        fields[count++] = act->form[i];
    }
    value_set(arena, view, "summary",
              words_summary(&words, fields, count, value_get(value, "values")));
}

static void set_fields(struct call *call, const struct act *act, const struct value *value,
                       struct value *view)
{
    struct arena *arena = call->cx->arena;
    struct value *values = value_map(arena);
    struct value *signature = value_map(arena);
    struct field_show show = {
        .arena = arena, .tables = page_tables(call), .errors = value_get(value, "marks")};
    value_set_str(arena, signature, "name", value_get_str(value, "name"));
    for (uint32_t i = 0; i < act->form_count; i++) {
        if (act->form[i]->type == FIELD_SIGNATURE) {
            value_set(arena, values, act->form[i]->name, signature);
            value_set(arena, view, "fields", fields_show(&show, act->form[i], 1, values, STR("")));
        }
    }
}

static void set_sent(struct call *call, const struct value *value, struct value *view)
{
    struct arena *arena = call->cx->arena;
    if (call_param(call, "sent").n > 0) {
        struct value *message = value_map(arena);
        value_set_str(arena, message, "title",
                      str_printf(arena, "验证码已发到%s", value_get_str(value, "phone").p));
        value_set_text(arena, message, "detail", "10分钟内有效。没有收到的，过一分钟再发一次。");
        value_set_text(arena, message, "tone", "good");
        value_set(arena, view, "message", message);
    }
}

static Str mark_at(const struct value *marks, const char *field)
{
    for (uint32_t i = 0; i < value_count(marks); i++) {
        if (str_is(value_get_str(value_item(marks, i), "field"), field)) {
            return value_get_str(value_item(marks, i), "title");
        }
    }
    return STR("");
}

static void set_entry(struct call *call, const struct value *value, struct value *view)
{
    static const char *const boxes[] = {"name", "tail", "code", "reason"};
    struct arena *arena = call->cx->arena;
    struct value *said = value_map(arena);
    struct value *wrong = value_map(arena);
    const struct value *ways = value_get(value, "ways");
    for (size_t i = 0; i < sizeof boxes / sizeof boxes[0]; i++) {
        Str mark = mark_at(value_get(value, "marks"), boxes[i]);
        value_set_str(arena, said, boxes[i], value_get_str(call->body, boxes[i]));
        value_set(arena, wrong, boxes[i], mark.n == 0 ? NULL : value_str(arena, mark));
    }
    value_set(arena, view, "said", said);
    value_set(arena, view, "wrong", wrong);
    for (uint32_t i = 0; i < value_count(ways); i++) {
        value_set_bool(
            arena, view,
            str_is(value_as_str(value_item(ways, i)), "phone") ? "by_phone" : "by_identity", true);
    }
}

static struct value *page_sign(struct call *call, const struct value *value)
{
    struct arena *arena = call->cx->arena;
    struct value *view = page_begin(call, value, STR("签名"), true);
    struct value *page = value_merge(arena, value_get(view, "page"), NULL);
    struct value *is = value_map(arena);
    bool large = str_is(http_cookie(call->http, "large"), "1");
    bool waits = str_is(value_get_str(value, "state"), "waiting");
    const struct act *act = call->seen == NULL
                                ? NULL
                                : procedure_act(call->seen->procedure, value_get_str(value, "act"));
    value_set_text(arena, page, "path", "/"); /* the code of the link goes into no other address */
    value_set_str(arena, page, "large_href",
                  str_printf(arena, "/sign/%s?large=%d", value_get_str(value, "code").p, !large));
    value_set(arena, view, "page", page);
    value_set_bool(arena, is, value_get_str(value, "state").p, true);
    value_set(arena, view, "is", is);
    value_set_bool(arena, view, "asks_who", waits && !value_get_bool(value, "known"));
    value_set_bool(arena, view, "signs", waits && act != NULL);
    set_entry(call, value, view);
    set_sent(call, value, view);
    if (act != NULL) {
        set_summary(call, act, value, view);
        set_fields(call, act, value, view);
    }
    return view;
}

const struct page_extra pages_signing[] = {
    {"signatures", page_signatures},
    {"sign", page_sign},
    {NULL, NULL},
};

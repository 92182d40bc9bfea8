/* render/pages.c - the parent's half: hands a helper page by page, takes the PDF piece by piece. */
#include "render/pages.h"

#include "base/check.h"
#include "base/clock.h"
#include "base/json.h"
#include "render/helper_int.h"

enum { CARRY_BYTES = 96 << 20 }; /* of a page on its way, and a piece coming back */

/* One conversation. Its arena is emptied after each page. */
struct talk {
    struct cx *cx; /* of the caller: his failures */
    struct cx own;
    struct helper_line line;
    const struct page_source *source;
    const struct page_sink *sink; /* NULL: only checking */
};

static int64_t deadline_of(const struct talk *t)
{
    return clock_monotonic_us() + (int64_t)t->line.timeout_ms * 1000;
}

static enum wire_result say(struct talk *t, const struct value *head, const Str *bytes)
{
    return wire_send(t->line.fd, json_write(t->own.arena, head), bytes, bytes == NULL ? 0 : 1,
                     deadline_of(t));
}

static bool read_fault(const struct value *head, enum page_fault *out)
{
    static const char *const names[] = {
        [PAGE_UNKNOWN] = "unknown",
        [PAGE_CUT_OFF] = "cut-off",
        [PAGE_BROKEN] = "broken",
        [PAGE_TOO_LARGE] = "too-large",
        [PAGES_TOO_LARGE] = "all-too-large",
        [PAGE_HEIC] = "heic",
    };
    Str said = value_get_str(head, "fault");
    if (value_get_bool(head, "ok")) {
        *out = PAGE_GOOD;
        return true;
    }
    for (int i = PAGE_UNKNOWN; i <= PAGE_HEIC; i++) {
        if (str_is(said, names[i])) {
            *out = (enum page_fault)i;
            return true;
        }
    }
    return false;
}

/* Pieces until the word about the page. A failure of the sink stands in t->cx and is WIRE_BROKEN:
 * the helper is left in the middle of what it says. */
static enum wire_result hear(struct talk *t, enum page_fault *fault)
{
    for (;;) {
        struct value *head = NULL;
        Str piece = {0};
        struct arena_mark mark = arena_mark(t->own.arena);
        enum wire_result wire = wire_receive(&t->own, t->line.fd, HELPER_ANSWER_BYTES_MAX,
                                             deadline_of(t), &head, &piece);
        if (wire != WIRE_OK) {
            return wire;
        }
        if (!value_get_bool(head, "more")) {
            return read_fault(head, fault) ? WIRE_OK : WIRE_BROKEN;
        }
        if (t->sink == NULL || t->sink->write(t->cx, t->sink->arg, piece.p, piece.n) != OK) {
            return WIRE_BROKEN;
        }
        arena_rewind(t->own.arena, mark);
    }
}

static enum wire_result begin(struct talk *t)
{
    struct value *head = value_map(t->own.arena);
    value_set_text(t->own.arena, head, "kind", "pages");
    value_set_bool(t->own.arena, head, "draw", t->sink != NULL);
    if (t->sink != NULL) {
        value_set_str(t->own.arena, head, "title", t->sink->title);
        value_set_int(t->own.arena, head, "at", t->sink->at);
    }
    return say(t, head, NULL);
}

/* Bytes of a page are read into the talk's own arena; what fails there is the caller's to know. */
static enum status page_read(struct talk *t, uint32_t i, struct page_given *out)
{
    enum status status = t->source->read(&t->own, t->source->arg, i, out);
    if (status != OK) {
        const struct failure *f = &t->own.failure;
        return cx_fail(t->cx, f->status, f->code, f->file, f->line, "%.*s", STR_ARG(f->detail));
    }
    check(out->bytes.n <= (out->sheet > 0 ? SHEET_PDF_BYTES_MAX : PAGE_BYTES_MAX) &&
          page_turn_holds(out->turn));
    return OK;
}

static enum wire_result page_give(struct talk *t, uint32_t i, const struct page_given *page,
                                  enum page_fault *fault)
{
    struct value *head = value_map(t->own.arena);
    struct page_stamp stamp;
    page_turn_write(t->own.arena, head, page->turn);
    value_set_int(t->own.arena, head, "sheet", page->sheet);
    value_set_bool(t->own.arena, head, "same", page->same);
    if (t->source->stamp != NULL && t->source->stamp(&t->own, t->source->arg, i, &stamp)) {
        value_set_str(t->own.arena, head, "left", stamp.left);
        value_set_str(t->own.arena, head, "right", stamp.right);
    }
    enum wire_result wire = say(t, head, &page->bytes);
    return wire == WIRE_OK ? hear(t, fault) : wire;
}

static enum status talk_open(struct helper_pool *pool, struct talk *t)
{
    enum status status = helper_line_take(pool, t->cx, &t->line);
    if (status == OK) {
        cx_init(&t->own, arena_open(CARRY_BYTES));
    }
    return status;
}

static void talk_close(struct helper_pool *pool, const struct talk *t, bool is_fault)
{
    arena_close(t->own.arena);
    helper_line_give_back(pool, &t->line, is_fault);
}

static enum wire_result end(struct talk *t, enum page_fault *fault)
{
    struct value *head = value_map(t->own.arena);
    value_set_bool(t->own.arena, head, "end", true);
    enum wire_result wire = say(t, head, NULL);
    return wire == WIRE_OK ? hear(t, fault) : wire;
}

/* --- joining --- */

static enum status pages_give(struct talk *t, uint32_t *broken, enum page_fault *fault,
                              bool *is_fault)
{
    struct cx *cx = t->cx;
    enum wire_result wire = begin(t);
    *is_fault = true; /* until it has said its last word */
    for (uint32_t i = 0; wire == WIRE_OK && i < t->source->count; i++) {
        struct page_given page = {0};
        TRY(page_read(t, i, &page));
        *broken = i;
        wire = page_give(t, i, &page, fault);
        arena_reset(t->own.arena);
        if (wire == WIRE_OK && *fault != PAGE_GOOD) {
            *is_fault = false;
            return OK;
        }
    }
    if (wire == WIRE_OK) {
        wire = end(t, fault);
    }
    *is_fault = wire != WIRE_OK;
    if (wire != WIRE_OK && cx->failure.status == OK) {
        *fault = PAGE_BROKEN;
    }
    return cx->failure.status;
}

enum status pages_join(struct helper_pool *pool, struct cx *cx, const struct page_source *source,
                       const struct page_sink *sink, uint32_t *broken, enum page_fault *fault)
{
    struct talk t = {.cx = cx, .source = source, .sink = sink};
    bool is_fault = false;
    check(source->count > 0 && source->count <= PAGES_MAX);
    *fault = PAGE_GOOD;
    *broken = 0;
    enum status opened = talk_open(pool, &t); /* not by TRY: it must be given back */
    if (opened != OK) {
        return opened;
    }
    enum status status = pages_give(&t, broken, fault, &is_fault);
    talk_close(pool, &t, is_fault);
    return status;
}

/* --- checking --- */

/* From *at on, until the helper dies. */
static enum status pages_ask(struct talk *t, uint32_t *at, enum page_fault *faults, bool *is_fault)
{
    struct cx *cx = t->cx;
    enum page_fault ended = PAGE_GOOD;
    enum wire_result wire = begin(t);
    *is_fault = true;
    for (; wire == WIRE_OK && *at < t->source->count; *at += wire == WIRE_OK) {
        struct page_given page = {0};
        TRY(page_read(t, *at, &page));
        wire = page_give(t, *at, &page, &faults[*at]);
        arena_reset(t->own.arena);
    }
    if (wire == WIRE_OK) {
        wire = end(t, &ended);
    }
    *is_fault = wire != WIRE_OK;
    return OK;
}

enum status pages_check(struct helper_pool *pool, struct cx *cx, const struct page_source *source,
                        enum page_fault *faults)
{
    uint32_t deaths = 0;
    uint32_t at = 0;
    check(source->count > 0 && source->count <= PAGES_MAX);
    while (at < source->count) {
        struct talk t = {.cx = cx, .source = source};
        uint32_t before = at;
        bool is_fault = false;
        enum status opened = talk_open(pool, &t);
        if (opened != OK) {
            return opened;
        }
        enum status status = pages_ask(&t, &at, faults, &is_fault);
        talk_close(pool, &t, is_fault);
        if (status != OK) {
            return status;
        }
        deaths = !is_fault ? 0 : at == before ? deaths + 1 : 1;
        if (deaths == 2) { /* twice on the same page */
            faults[at++] = PAGE_BROKEN;
            deaths = 0;
        }
    }
    return OK;
}

/* --- words --- */

Str page_fault_text(struct arena *arena, enum page_fault fault, uint32_t n)
{
    const char *text = "";
    switch (fault) {
    case PAGE_UNKNOWN: text = "不是可以识别的图片，请用JPG或PNG图片"; break;
    case PAGE_CUT_OFF: text = "的图片不完整，请重新拍照或扫描"; break;
    case PAGE_BROKEN: text = "不是可以识别的图片，文件已损坏，请重新拍照或扫描"; break;
    case PAGE_HEIC:
        text =
            "是苹果手机的HEIC图片，法院打不开。请在手机“设置—相机—格式”里选“兼容性最佳”后重拍，或者"
            "在相册里导出为JPG再传";
        break;
    case PAGE_TOO_LARGE: text = "的图片尺寸太大，请缩小后再传"; break;
    case PAGES_TOO_LARGE: text = "起，各页加起来太大，请分成几份"; break;
    case PAGE_GOOD: break;
    }
    return str_printf(arena, "第%u页%s", n, text);
}

const char *page_fault_code(enum page_fault fault)
{
    switch (fault) {
    case PAGE_CUT_OFF: return "page-cut-off";
    case PAGE_TOO_LARGE: return "page-too-large";
    case PAGES_TOO_LARGE: return "pages-too-large";
    case PAGE_HEIC: return "page-heic";
    case PAGE_GOOD:
    case PAGE_UNKNOWN:
    case PAGE_BROKEN: break;
    }
    return "page-unreadable";
}

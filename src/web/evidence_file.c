/* A page of a material as a picture, and all evidence bound into one PDF with its page numbers.
 * Both are made of the pictures as they were sent in, whenever somebody asks. */
#include <inttypes.h>

#include "base/json.h"
#include "render/thumb.h"
#include "web/again.h"
#include "web/evidence.h"
#include "web/file_name.h"
#include "web/file_send.h"
#include "web/handlers.h"
#include "web/upload.h"

enum {
    SMALL_SIDE = 360,
    LARGE_SIDE = 1600,
    LIST_BYTES_MAX = 1 << 20,
    NAME_SHOWN = 18,
};

/* Each order that is bound is drawn anew and lies on disk for a day. */
static const struct pace bind_pace = {"evidence-bind", 30, 10};

/* --- one page --- */

struct picture_look {
    const struct material *file;
    uint32_t page;         /* from 1 */
    struct page_turn turn; /* on top of the file's own */
    uint32_t side;         /* 0: the picture as it was sent in */
    struct evidence_source source;
    bool is_png;
    Str bytes;
};

static enum status source_read(struct call *call, struct picture_look *look)
{
    struct cx *cx = call->cx;
    const struct material *m = look->file;
    struct value *list = NULL;
    int64_t size = 0;
    Str text = {0};
    look->source =
        (struct evidence_source){.name = m->name, .sm3 = m->sm3, .size = m->size, .rotate_deg = 0};
    if (!material_is_joined(m)) {
        look->source.sheet = m->pages > 0 ? look->page : 0;
        return OK;
    }
    TRY(blob_size(cx, call->app->blobs, m->pages_sm3.b, &size));
    if (size < 0 || size > LIST_BYTES_MAX) {
        return FAIL(cx, E_BUG, "bug", "a list of pages of %" PRId64 " bytes", size);
    }
    TRY(blob_whole(cx, call->app->blobs, m->pages_sm3.b, size, &text));
    TRY(json_read(cx, text, &list));
    const struct value *page = value_item(value_get(list, "pages"), look->page - 1);
    look->source.name = value_get_str(page, "name");
    look->source.size = value_get_int(page, "size");
    look->source.rotate_deg = (int)value_get_int(page, "rotate");
    return hash_unhex(value_get_str(page, "sm3"), &look->source.sm3)
               ? OK
               : FAIL(cx, E_BUG, "bug", "page %u of a list cannot be read", look->page);
}

static struct page_turn turn_whole(const struct picture_look *look)
{
    return (struct page_turn){(look->source.rotate_deg + look->turn.rotate_deg) % 360,
                              look->turn.tilt_cdeg};
}

static enum status small_draw(struct cx *cx, struct call *call, Str bytes, void *arg)
{
    struct picture_look *look = arg;
    Str jpeg = {0};
    struct page_bytes page = {bytes, look->source.sheet};
    TRY(thumb_draw(call->app->sheets, cx, page, turn_whole(look), look->side, &jpeg));
    look->bytes = str_copy(call->cx->arena, jpeg.p, jpeg.n);
    return OK;
}

/* By what it is, whatever it is called. */
static enum status kind_look(struct call *call, struct picture_look *look)
{
    struct cx *cx = call->cx;
    char first = '\0';
    size_t got = 0;
    TRY(blob_read(cx, call->app->blobs, look->source.sm3.b, 0, &first, 1, &got));
    look->is_png = got == 1 && first == '\x89';
    return OK;
}

static enum status picture_slow(struct call *call)
{
    struct picture_look *look = call->kept;
    struct cx *cx = call->cx;
    TRY(source_read(call, look));
    return look->side == 0 ? kind_look(call, look)
                           : blob_look(call, look->source.sm3, look->source.size, small_draw, look);
}

static enum status picture_answer(struct call *call)
{
    struct picture_look *look = call->kept;
    if (look->side == 0) {
        return blob_send(call, look->source.sm3, look->source.size, look->source.name,
                         look->source.sheet > 0 ? "application/pdf"
                         : look->is_png         ? "image/png"
                                                : "image/jpeg");
    }
    call_header(call, "ETag",
                str_printf(call->cx->arena, "\"%s-%u-%u-%d-%d\"",
                           hash_hex(call->cx->arena, look->source.sm3).p, look->source.sheet,
                           look->side, turn_whole(look).rotate_deg, look->turn.tilt_cdeg));
    call_header(call, "Content-Security-Policy", STR("default-src 'none'; sandbox"));
    struct http_answer answer = {.status = 200,
                                 .content_type = "image/jpeg",
                                 .body = look->bytes,
                                 .headers = call->headers,
                                 .cacheable = true};
    http_answer(call->http, &answer);
    call->answered = true;
    return OK;
}

/* What is no turn turns nothing. */
static struct page_turn turn_asked(const struct call *call)
{
    int64_t turn = 0;
    int64_t tilt = 0;
    (void)str_int(call_param(call, "turn"), &turn);
    (void)str_int(call_param(call, "tilt"), &tilt);
    bool turns = turn > 0 && turn < 360 && turn % 90 == 0;
    bool tilts = tilt >= -TILT_MAX_CDEG && tilt <= TILT_MAX_CDEG;
    return (struct page_turn){turns ? (int)turn : 0, tilts ? (int)tilt : 0};
}

enum status material_picture(struct call *call)
{
    struct cx *cx = call->cx;
    struct picture_look *look = arena_new(cx->arena, struct picture_look);
    int64_t page = 0;
    Str size = call_param(call, "size");
    TRY(call_id(call, 2, &page));
    TRY(material_asked(call, &look->file));
    if (page < 1 || page > (int64_t)evidence_sheets(look->file)) {
        return FAIL(cx, E_NOT_FOUND, "not-found", "no page %" PRId64, page);
    }
    look->page = (uint32_t)page;
    look->turn = turn_asked(call);
    look->side = str_is(size, "small") ? SMALL_SIDE : str_is(size, "large") ? LARGE_SIDE : 0;
    call->kept = look;
    return call_slow(call, picture_slow, picture_answer);
}

/* --- bound --- */

struct binding {
    struct evidence_look look;
    int64_t item; /* from 1; 0: all */
    Str title;
    Instant at; /* of the last file, so that the same order gives the same bytes */
    struct value *list;
    struct pages_file file;
};

static struct value *page_bound(struct arena *arena, const struct binding *b, uint32_t i)
{
    const struct evidence *e = &b->look.evidence;
    const struct evidence_page *page = &e->pages[i];
    const struct evidence_source *source = &b->look.sources[i];
    const struct evidence_item *item = &e->items[page->item];
    struct value *one = value_map(arena);
    value_set_str(arena, one, "name", source->name);
    page_turn_write(arena, one,
                    (struct page_turn){(source->rotate_deg + page->turn) % 360, page->tilt_cdeg});
    value_set_int(arena, one, "size", source->size);
    if (source->sheet > 0) {
        value_set_int(arena, one, "sheet", source->sheet);
    }
    value_set_str(arena, one, "sm3", hash_hex(arena, source->sm3));
    value_set_str(arena, one, "left",
                  str_printf(arena, "证据%u第%u页　%s", page->item + 1,
                             page->number - item->from + 1,
                             utf8_head(arena, item->name, NAME_SHOWN).p));
    value_set_str(arena, one, "right", str_printf(arena, "第%u页　共%u页", page->number, e->total));
    return one;
}

/* Read from the PDF that the page before was read from. */
static bool is_sheet_of(const struct evidence_source *source, const struct evidence_source *before)
{
    return before != NULL && source->sheet > 0 && before->sheet > 0 &&
           hash_same(source->sm3, before->sm3);
}

static bool is_bound(const struct binding *b, const struct evidence_page *page)
{
    return page->number > 0 && (b->item == 0 || page->item + 1 == b->item);
}

/* Bound, a file is open to no more people than by itself. */
static enum status files_may_open(struct call *call, const struct binding *b)
{
    struct cx *cx = call->cx;
    const struct matter *m = b->look.seen->matter;
    const struct evidence *e = &b->look.evidence;
    for (uint32_t i = 0; i < m->material_count; i++) {
        bool bound = false;
        for (uint32_t k = 0; k < e->page_count && !bound; k++) {
            bound = e->pages[k].material == m->materials[i].n && is_bound(b, &e->pages[k]);
        }
        if (bound) {
            TRY(material_may_open(call, &m->materials[i]));
        }
    }
    return OK;
}

static enum status pages_choose(struct call *call, struct binding *b)
{
    struct cx *cx = call->cx;
    const struct evidence *e = &b->look.evidence;
    struct value *pages = value_list(cx->arena);
    const struct evidence_source *before = NULL;
    int64_t total = 0;
    for (uint32_t i = 0; i < e->page_count - e->apart; i++) {
        if (is_bound(b, &e->pages[i])) {
            value_add(cx->arena, pages, page_bound(cx->arena, b, i));
            total += is_sheet_of(&b->look.sources[i], before) ? 0 : b->look.sources[i].size;
            before = &b->look.sources[i];
        }
    }
    b->list = value_map(cx->arena);
    value_set(cx->arena, b->list, "pages", pages);
    if (pages->count == 0) {
        return FAIL(cx, E_NOT_FOUND, "not-found", "no pages to be bound");
    }
    return pages->count <= PAGES_MAX && total <= UPLOAD_FILE_MAX_BYTES
               ? OK
               : FAIL(cx, E_TOO_LARGE, "evidence-too-large", "%u pages, %" PRId64 " bytes",
                      pages->count, total);
}

static enum status bind_slow(struct call *call)
{
    struct cx *cx = call->cx;
    struct binding *b = call->kept;
    TRY(evidence_sources(call, &b->look));
    TRY(pages_choose(call, b));
    TRY(call->app->pages_bind(cx, call->app->pages_arg, b->list, b->title, b->at, &b->file));
    return b->file.fault == PAGE_GOOD
               ? OK
               : FAIL(cx, E_INPUT, "picture-unreadable", "page %u", b->file.broken + 1);
}

static enum status bound_answer(struct call *call)
{
    const struct binding *b = call->kept;
    return blob_send(call, b->file.sm3, b->file.size,
                     str_printf(call->cx->arena, "%s.pdf", b->title.p), "application/pdf");
}

enum status evidence_pdf(struct call *call)
{
    struct cx *cx = call->cx;
    struct binding *b = arena_new(cx->arena, struct binding);
    Str item = call_param(call, "item");
    TRY(evidence_look(call, &b->look));
    const struct matter *m = b->look.seen->matter;
    if (item.n > 0 && (!str_int(item, &b->item) || b->item < 1 ||
                       b->item > (int64_t)b->look.evidence.item_count)) {
        return FAIL(cx, E_NOT_FOUND, "not-found", "no item %.*s", STR_ARG(item));
    }
    for (uint32_t i = 0; i < m->material_count; i++) {
        b->at = m->materials[i].at > b->at ? m->materials[i].at : b->at;
    }
    TRY(files_may_open(call, b));
    b->title = b->item == 0 ? STR("证据材料")
                            : str_printf(cx->arena, "证据%" PRId64 "%s", b->item,
                                         b->look.evidence.items[b->item - 1].name.p);
    b->title = file_name_clean(cx->arena, b->title);
    TRY(pace_check(call, &bind_pace, viewer_person(cx->arena, call->actor.person)));
    call->kept = b;
    return call_slow(call, bind_slow, bound_answer);
}

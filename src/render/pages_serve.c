/* HOW IT WORKS. The first head said what is wanted. Then each message brings a page, the last one
 * the end; each is answered by pieces of the PDF, as many as there are, and a word about the page.
 * A broken page ends a join; a check goes on to name all that are. */
#include <string.h>

#include "base/json.h"
#include "render/binder.h"
#include "render/helper_int.h"
#include "render/pages.h"

enum { PIECE_BYTES = 256 * 1024, PAGE_ARENA_BYTES = 64 << 20 };

struct session {
    int fd;
    struct arena *arena;   /* of this page */
    struct binder *binder; /* NULL: only checking */
    struct sheet_reader reader;
    void *document; /* whose sheets come one after the other; NULL: none */
    char *pdf;      /* its bytes: an arena is emptied after each page */
    int64_t pixels; /* unpacked so far */
    enum wire_result wire;
    bool is_over; /* nothing is passed on any more */
    size_t held;  /* bytes in piece */
    char piece[PIECE_BYTES];
};

static const char *const fault_names[] = {
    [PAGE_GOOD] = "",         [PAGE_UNKNOWN] = "unknown",     [PAGE_CUT_OFF] = "cut-off",
    [PAGE_BROKEN] = "broken", [PAGE_TOO_LARGE] = "too-large", [PAGES_TOO_LARGE] = "all-too-large",
    [PAGE_HEIC] = "heic",
};

static bool piece_send(struct session *s)
{
    struct value *head = value_map(s->arena);
    Str piece = {s->piece, s->held};
    value_set_bool(s->arena, head, "more", true);
    s->wire = wire_send(s->fd, json_write(s->arena, head), &piece, 1, 0);
    s->held = 0;
    return s->wire == WIRE_OK;
}

static bool piece_add(void *arg, const void *bytes, size_t size)
{
    struct session *s = arg;
    const char *at = bytes;
    while (size > 0 && !s->is_over) {
        size_t part = size < PIECE_BYTES - s->held ? size : PIECE_BYTES - s->held;
        memcpy(s->piece + s->held, at, part);
        s->held += part;
        at += part;
        size -= part;
        if (s->held == PIECE_BYTES && !piece_send(s)) {
            return false;
        }
    }
    return !s->is_over;
}

static enum page_fault fault_of(enum picture_fault fault)
{
    switch (fault) {
    case PICTURE_GOOD: return PAGE_GOOD;
    case PICTURE_UNKNOWN: return PAGE_UNKNOWN;
    case PICTURE_CUT_OFF: return PAGE_CUT_OFF;
    case PICTURE_TOO_LARGE: return PAGE_TOO_LARGE;
    case PICTURE_HEIC: return PAGE_HEIC;
    case PICTURE_BROKEN: break;
    }
    return PAGE_BROKEN;
}

/* --- sheets of a PDF --- */

static void document_drop(struct session *s)
{
    if (s->document != NULL) {
        g_object_unref(s->document);
    }
    g_free(s->pdf);
    s->document = NULL;
    s->pdf = NULL;
}

static bool document_take(struct session *s, Str bytes)
{
    struct cx cx;
    cx_init(&cx, s->arena);
    document_drop(s);
    s->pdf = g_memdup2(bytes.p, bytes.n);
    return s->pdf != NULL && sheet_reader_open(&cx, &s->reader) == OK &&
           sheet_document_open(&cx, &s->reader, (Str){s->pdf, bytes.n}, &s->document) == OK;
}

static enum page_fault sheet_take(struct session *s, const struct value *head, Str bytes,
                                  const struct binder_page *page)
{
    int64_t n = value_get_int(head, "sheet");
    bool has = value_get_bool(head, "same") ? s->document != NULL : document_take(s, bytes);
    if (!has || n > s->reader.pages(s->document)) {
        return PAGE_BROKEN;
    }
    void *sheet = s->reader.page(s->document, (int)n - 1);
    bool drawn = sheet != NULL && binder_add_sheet(s->binder, &s->reader, sheet, page);
    if (sheet != NULL) {
        g_object_unref(sheet);
    }
    return drawn ? PAGE_GOOD : PAGE_BROKEN;
}

static enum page_fault page_take(struct session *s, const struct value *head, Str bytes)
{
    struct picture picture;
    struct page_turn turn;
    bool fits = page_turn_read(head, &turn);
    struct binder_page page = {
        .turn = turn, .left = value_get_str(head, "left"), .right = value_get_str(head, "right")};
    if (value_get_int(head, "sheet") > 0) {
        return s->binder != NULL && fits ? sheet_take(s, head, bytes, &page) : PAGE_BROKEN;
    }
    enum picture_fault fault = picture_read(bytes, &picture);
    if (fault != PICTURE_GOOD) {
        return fault_of(fault);
    }
    if (picture.kind == PICTURE_PNG) {
        s->pixels += (int64_t)picture.width * picture.height;
        if (s->pixels > PAGES_PIXELS_MAX) {
            return PAGES_TOO_LARGE;
        }
    }
    if (s->binder == NULL || !fits) {
        return s->binder == NULL ? PAGE_GOOD : PAGE_BROKEN;
    }
    return fault_of(binder_add(s->binder, &picture, bytes, &page));
}

static void answer(struct session *s, enum page_fault fault)
{
    struct value *head = value_map(s->arena);
    value_set_bool(s->arena, head, "more", false);
    value_set_bool(s->arena, head, "ok", fault == PAGE_GOOD);
    value_set_text(s->arena, head, "fault", fault_names[fault]);
    s->wire = wire_send(s->fd, json_write(s->arena, head), NULL, 0, 0);
}

/* false when the conversation is over. */
static bool message_serve(struct session *s, bool *is_closed)
{
    struct cx cx;
    struct value *head = NULL;
    Str bytes = {0};
    cx_init(&cx, s->arena);
    s->wire = wire_receive(&cx, s->fd, SHEET_PDF_BYTES_MAX, 0, &head, &bytes);
    if (s->wire != WIRE_OK) {
        return false;
    }
    enum page_fault fault = PAGE_GOOD;
    bool is_end = value_get_bool(head, "end");
    if (!is_end) {
        fault = page_take(s, head, bytes);
    } else if (s->binder != NULL) {
        *is_closed = true;
        fault =
            binder_close(s->binder) && (s->held == 0 || piece_send(s)) ? PAGE_GOOD : PAGE_BROKEN;
    }
    if (s->wire == WIRE_OK) {
        answer(s, fault);
    }
    return s->wire == WIRE_OK && !is_end && (fault == PAGE_GOOD || s->binder == NULL);
}

enum wire_result pages_serve(struct cx *cx, int fd, const struct value *head,
                             void (*allow_time)(void))
{
    struct session *s = arena_new(cx->arena, struct session);
    bool is_closed = false;
    bool goes_on = true;
    *s = (struct session){.fd = fd, .arena = arena_open(PAGE_ARENA_BYTES)};
    if (value_get_bool(head, "draw")) {
        struct binder_options options = {.title = value_get_str(head, "title"),
                                         .at = value_get_int(head, "at"),
                                         .write = piece_add,
                                         .arg = s};
        s->binder = binder_open(cx->arena, &options);
    }
    while (goes_on) {
        allow_time();
        goes_on = message_serve(s, &is_closed);
        arena_reset(s->arena);
    }
    if (s->binder != NULL && !is_closed) {
        s->is_over = true;
        (void)binder_close(s->binder);
    }
    document_drop(s);
    arena_close(s->arena);
    return s->wire;
}

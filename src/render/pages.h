/* render/pages.h - photographed and scanned pages: checked, and joined into one PDF, in a helper
 * process (render/helper.h).
 *
 * The pages come one after the other from a function of the caller, the PDF leaves in pieces
 * through another: neither is ever whole in memory, here or in the helper. (1) A page that is no
 * picture, is cut off, is too large, or on which a helper dies twice, is named by its number;
 * nothing else fails for it. (2) Nothing is tried a second time here but a page on which a helper
 * died while checking: a join writes into something of the caller's, who begins anew. (3) A helper
 * that is busy with pages serves nobody else: give pages a pool of their own.
 */
#ifndef RENDER_PAGES_H
#define RENDER_PAGES_H

#include "base/date.h"
#include "render/helper.h"
#include "render/sheet.h"
#include "render/turn.h"
#include "seal/hash.h"

enum { PAGES_MAX = 500, PAGE_BYTES_MAX = 20 * 1024 * 1024 };

/* All PNG pages of one join, unpacked: 300 sheets of A4 at 300 dots an inch are 2.6 thousand
 * millions. */
#define PAGES_PIXELS_MAX INT64_C(3000000000)

enum page_fault {
    PAGE_GOOD,
    PAGE_UNKNOWN, /* no JPEG or PNG */
    PAGE_CUT_OFF,
    PAGE_BROKEN,
    PAGE_TOO_LARGE,  /* more pixels than a page may have */
    PAGES_TOO_LARGE, /* more pixels than all may have together, reached at this page */
    PAGE_HEIC,       /* a picture, but of a sort that is not taken */
};

/* What becomes of all of them. */
struct pages_file {
    enum page_fault fault; /* PAGE_GOOD: the PDF is a blob; else at page `broken`, from 0 */
    uint32_t broken;
    Hash sm3;
    int64_t size;
};

/* What is written below a page, on a strip that is kept free for it: nothing of the picture is
 * covered. */
struct page_stamp {
    Str left, right;
};

struct page_given {
    Str bytes;      /* no more than PAGE_BYTES_MAX, of a PDF SHEET_PDF_BYTES_MAX */
    uint32_t sheet; /* from 1: a page of that PDF; 0: bytes are a picture */
    bool same;      /* a sheet of the PDF of the page before: no bytes */
    struct page_turn turn;
};

struct page_source {
    uint32_t count; /* 1 to PAGES_MAX */
    /* Page i, from 0; its bytes in cx->arena. Called once for each, in order. */
    enum status (*read)(struct cx *cx, void *arg, uint32_t i, struct page_given *out);
    void *arg;
    /* Of a join: the stamp of page i; false for a page without one. NULL: none has. */
    bool (*stamp)(struct cx *cx, void *arg, uint32_t i, struct page_stamp *out);
};

struct page_sink {
    Str title;  /* of the document */
    Instant at; /* written into it, so that it is the same bytes when made again */
    enum status (*write)(struct cx *cx, void *arg, const void *bytes, size_t size);
    void *arg;
};

/* faults[i] (room for all pages) says what is wrong with page i. OK whatever was found; failures of
 * source.read; E_BUSY "helpers-busy"; E_BUG "helper-fault". */
enum status pages_check(struct helper_pool *pool, struct cx *cx, const struct page_source *source,
                        enum page_fault *faults);
/* *fault at page *broken stops it, else PAGE_GOOD and the whole PDF went to the sink. A helper that
 * dies or takes too long is PAGE_BROKEN at the page it died on. Failures of source.read and
 * sink.write; E_BUSY, E_BUG as above. */
enum status pages_join(struct helper_pool *pool, struct cx *cx, const struct page_source *source,
                       const struct page_sink *sink, uint32_t *broken, enum page_fault *fault);

/* What people are told of page n, counted from 1. */
Str page_fault_text(struct arena *arena, enum page_fault fault, uint32_t n);
/* "page-unreadable", "page-cut-off", "page-too-large", "pages-too-large", "page-heic": for fields'
 * errors. */
const char *page_fault_code(enum page_fault fault);

#endif

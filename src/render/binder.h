/* render/binder.h - photographed and scanned pages bound to one PDF, written out page by page.
 *
 * A JPEG goes into the PDF as the bytes it is: nothing of what was photographed is computed anew,
 * a page that lay askew is turned by how it is placed, and the original can be taken out again and
 * hashed. A PNG is unpacked, laid on white and packed
 * again without loss. Each page is A4, upright or lying as its picture is, the picture as large as
 * it fits above what is written below it. Internal to render/, only for helper processes and tests.
 * (1) The same pages and options give the same bytes.
 * (2) No more than one page is in memory at a time.
 */
#ifndef RENDER_BINDER_H
#define RENDER_BINDER_H

#include <cairo.h>

#include "base/date.h"
#include "base/picture.h"
#include "render/sheet_reader.h"
#include "render/turn.h"

struct binder;

struct binder_options {
    Str title;  /* of the document */
    Instant at; /* written into it */
    /* Takes what was written; false ends it. */
    bool (*write)(void *arg, const void *bytes, size_t size);
    void *arg;
};

/* Lives in arena until binder_close(). */
struct binder *binder_open(struct arena *arena, const struct binder_options *options);

struct binder_page {
    struct page_turn turn;
    Str left, right; /* below the picture, on a strip kept free for it; "" in both: no strip */
};

/* bytes are not wanted any longer afterwards. A picture that cannot be drawn adds no page. */
enum picture_fault binder_add(struct binder *binder, const struct picture *picture, Str bytes,
                              const struct binder_page *page);
/* A sheet of a PDF, as it is printed: its text stays text. false when it cannot be drawn. */
bool binder_add_sheet(struct binder *binder, const struct sheet_reader *reader, void *sheet,
                      const struct binder_page *page);
/* false when what was written is no whole PDF. */
bool binder_close(struct binder *binder);

/* Where a dot of a stored picture comes to lie when it is turned as Exif counts, then by `turn`;
 * *width and *height become those of what is seen: of a tilted picture all of it, no corner is cut.
 */
void picture_turn(int orientation, struct page_turn turn, double *width, double *height,
                  cairo_matrix_t *out);
/* A PNG unpacked, on white; *owner is freed after it. NULL or a surface in error: it is broken. */
cairo_surface_t *picture_png_surface(Str bytes, cairo_surface_t **owner);

#endif

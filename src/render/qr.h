/* render/qr.h - QR codes: from text to dots, and the dots as SVG or on a cairo page. */
#ifndef RENDER_QR_H
#define RENDER_QR_H

#include "base/fail.h"

typedef struct _cairo cairo_t; /* NOLINT: cairo's own name, so that pages need no cairo */

enum { QR_TEXT_BYTES_MAX = 1000, QR_QUIET_DOTS = 4 };

struct qr {
    uint32_t size;             /* dots in a row, without the quiet zone */
    const unsigned char *dots; /* size * size, 1 is dark */
};

/* Byte mode, error correction M. E_INPUT "qr-text" when text is empty or longer than
 * QR_TEXT_BYTES_MAX bytes. */
enum status qr_make(struct cx *cx, Str text, struct qr *out);
/* A whole <svg> with quiet zone, scalable, `title` for those who hear the page. Markup: give it to
 * html_mark(). */
Str qr_svg(struct arena *arena, const struct qr *qr, Str title);
/* Black dots on what is there, side_pt wide with quiet zone, upper left corner at x, y. */
void qr_draw(const struct qr *qr, cairo_t *cairo, double x, double y, double side_pt);

#endif

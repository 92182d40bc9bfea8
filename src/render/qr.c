#include "render/qr.h"

#include <cairo.h>
#include <errno.h>
#include <qrencode.h>

#include "base/check.h"
#include "render/svg.h"

enum status qr_make(struct cx *cx, Str text, struct qr *out)
{
    if (text.n == 0 || text.n > QR_TEXT_BYTES_MAX) {
        return FAIL(cx, E_INPUT, "qr-text", "%zu bytes do not go into a QR code", text.n);
    }
    QRcode *code = QRcode_encodeData((int)text.n, (const unsigned char *)text.p, 0, QR_ECLEVEL_M);
    if (code == NULL) {
        return FAIL(cx, E_BUG, "qr-text", "qrencode: errno %d", errno);
    }
    uint32_t size = (uint32_t)code->width;
    unsigned char *dots = arena_alloc(cx->arena, (size_t)size * size);
    for (size_t i = 0; i < (size_t)size * size; i++) {
        dots[i] = code->data[i] & 1;
    }
    QRcode_free(code);
    *out = (struct qr){size, dots};
    return OK;
}

/* Length of the dark run that begins at x in row y; 0 when that dot is light or inside a run. */
static uint32_t run_at(const struct qr *qr, uint32_t x, uint32_t y)
{
    const unsigned char *row = qr->dots + (size_t)y * qr->size;
    uint32_t n = 0;
    if (row[x] == 0 || (x > 0 && row[x - 1] == 1)) {
        return 0;
    }
    while (x + n < qr->size && row[x + n] == 1) {
        n++;
    }
    return n;
}

Str qr_svg(struct arena *arena, const struct qr *qr, Str title)
{
    struct buf out;
    uint32_t side = qr->size + 2 * QR_QUIET_DOTS;
    buf_init(&out, arena, 1 << 20);
    buf_printf(&out,
               "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"qr\" role=\"img\" "
               "viewBox=\"0 0 %u %u\" shape-rendering=\"crispEdges\"><title>",
               side, side);
    svg_put_text(&out, title);
    buf_printf(&out, "</title><rect width=\"%u\" height=\"%u\" fill=\"#fff\"/><path d=\"", side,
               side);
    for (uint32_t y = 0; y < qr->size; y++) {
        for (uint32_t x = 0; x < qr->size; x++) {
            uint32_t run = run_at(qr, x, y);
            if (run > 0) {
                buf_printf(&out, "M%u %uh%uv1h-%uz", x + QR_QUIET_DOTS, y + QR_QUIET_DOTS, run,
                           run);
            }
        }
    }
    buf_text(&out, "\"/></svg>");
    check(!buf_is_over(&out));
    return buf_done(&out);
}

void qr_draw(const struct qr *qr, cairo_t *cairo, double x, double y, double side_pt)
{
    double dot = side_pt / (double)(qr->size + 2 * QR_QUIET_DOTS);
    for (uint32_t row = 0; row < qr->size; row++) {
        for (uint32_t column = 0; column < qr->size; column++) {
            uint32_t run = run_at(qr, column, row);
            if (run > 0) {
                cairo_rectangle(cairo, x + dot * (column + QR_QUIET_DOTS),
                                y + dot * (row + QR_QUIET_DOTS), dot * run, dot);
            }
        }
    }
    cairo_fill(cairo);
}

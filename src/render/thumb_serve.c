/* render/thumb_serve.c - the child's half: a picture of a stranger, packed again small. */
#include "render/helper_int.h"
#include "render/raster.h"
#include "render/thumb.h"

enum status thumb_serve(struct cx *cx, const struct value *head, Str body, Str *out)
{
    int64_t side = value_get_int(head, "side");
    struct page_turn turn;
    if (side < 1 || side > THUMB_SIDE_MAX || !page_turn_read(head, &turn)) {
        return FAIL(cx, E_READ, "helper-request", "a small picture of another shape");
    }
    struct raster_view view = {.turn = turn, .side = (uint32_t)side};
    cairo_surface_t *small = raster_asked(cx, head, body, &view);
    if (small == NULL) {
        return FAIL(cx, E_INPUT, "picture-unreadable", "no picture that can be drawn");
    }
    bool packed = raster_jpeg(cx, small, out);
    cairo_surface_destroy(small);
    return packed ? OK : FAIL(cx, E_INPUT, "picture-unreadable", "no picture that can be packed");
}

/* render/raster.h - a picture of a stranger as dots, no larger than it is wanted. Internal to
 * render/, only for helper processes.
 *
 * (1) A JPEG is unpacked at the least scale that still serves: forty million dots cost no more
 * memory than two. A PNG is unpacked whole (PICTURE_PNG_PIXELS_MAX).
 */
#ifndef RENDER_RASTER_H
#define RENDER_RASTER_H

#include "base/fail.h"
#include "render/binder.h"

struct raster_view {
    struct page_turn turn; /* on top of what the camera noted */
    uint32_t side;         /* of the longer edge at most, in dots */
};

/* On white; NULL when it cannot be read. Whoever asked destroys it. */
cairo_surface_t *raster_small(struct cx *cx, Str bytes, const struct raster_view *view);
/* Sheet `sheet`, from 1, of a PDF, the same way. */
cairo_surface_t *raster_sheet(struct cx *cx, Str pdf, int64_t sheet,
                              const struct raster_view *view);
/* What the head of a question asks for: "sheet" of a PDF, or of none a picture. */
cairo_surface_t *raster_asked(struct cx *cx, const struct value *head, Str bytes,
                              const struct raster_view *view);
/* false when it cannot be packed; *out in cx->arena. */
bool raster_jpeg(struct cx *cx, cairo_surface_t *surface, Str *out);

#endif

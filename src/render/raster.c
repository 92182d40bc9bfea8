#include "render/raster.h"

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
/* clang-format off */
#include <jpeglib.h> /* names FILE and size_t without including what they stand in */

/* clang-format on */

enum { QUALITY = 72, DOT_BYTES = 4 };

/* libjpeg says that it failed by a jump out of itself: each use stands in a function of its own. */
struct failing {
    struct jpeg_error_mgr manager; /* first: it is handed back as this */
    jmp_buf jump;
};

static void fail_out(j_common_ptr common)
{
    struct failing *failing = (struct failing *)common->err;
    longjmp(failing->jump, 1); /* NOLINT(cert-err52-cpp) */
}

static void say_nothing(j_common_ptr common, int level)
{
    (void)common;
    (void)level;
}

static void failing_begin(struct failing *failing)
{
    (void)jpeg_std_error(&failing->manager);
    failing->manager.error_exit = fail_out;
    failing->manager.emit_message = say_nothing;
}

/* --- unpacking --- */

/* Inks of a printer, stored inverted as Adobe does. */
static void inks_to_light(unsigned char *row, JDIMENSION width)
{
    for (JDIMENSION x = 0; x < width; x++) {
        unsigned char *dot = row + (size_t)x * DOT_BYTES;
        unsigned key = dot[3];
        unsigned red = dot[0] * key / 255;
        unsigned green = dot[1] * key / 255;
        unsigned blue = dot[2] * key / 255;
        dot[0] = (unsigned char)blue;
        dot[1] = (unsigned char)green;
        dot[2] = (unsigned char)red;
    }
}

/* An eighth, a quarter, a half or all of it: the least that is not smaller than asked for. */
static void scale_choose(struct jpeg_decompress_struct *jpeg, uint32_t side)
{
    unsigned longer =
        jpeg->image_width > jpeg->image_height ? jpeg->image_width : jpeg->image_height;
    jpeg->scale_num = 1;
    jpeg->scale_denom = 8;
    while (jpeg->scale_denom > 1 && longer / jpeg->scale_denom < side) {
        jpeg->scale_denom /= 2;
    }
}

static void rows_read(struct jpeg_decompress_struct *jpeg, cairo_surface_t *surface, bool inks)
{
    unsigned char *rows = cairo_image_surface_get_data(surface);
    size_t stride = (size_t)cairo_image_surface_get_stride(surface);
    while (jpeg->output_scanline < jpeg->output_height) {
        unsigned char *row = rows + jpeg->output_scanline * stride;
        (void)jpeg_read_scanlines(jpeg, &row, 1);
        if (inks) {
            inks_to_light(row, jpeg->output_width);
        }
    }
    cairo_surface_mark_dirty(surface);
}

/* NULL when it cannot be read. Inner states live behind pointers: a jump leaves them as they are.
 */
static cairo_surface_t *jpeg_unpack(struct cx *cx, Str bytes, uint32_t side)
{
    struct failing *failing = arena_new(cx->arena, struct failing);
    struct jpeg_decompress_struct *jpeg = arena_new(cx->arena, struct jpeg_decompress_struct);
    cairo_surface_t **surface = arena_new(cx->arena, cairo_surface_t *);
    failing_begin(failing);
    jpeg->err = &failing->manager;
    if (setjmp(failing->jump) != 0) { /* NOLINT(cert-err52-cpp) */
        jpeg_destroy_decompress(jpeg);
        if (*surface != NULL) {
            cairo_surface_destroy(*surface);
        }
        return NULL;
    }
    jpeg_create_decompress(jpeg);
    jpeg_mem_src(jpeg, (const unsigned char *)bytes.p, (unsigned long)bytes.n);
    (void)jpeg_read_header(jpeg, TRUE);
    bool inks = jpeg->jpeg_color_space == JCS_CMYK || jpeg->jpeg_color_space == JCS_YCCK;
    jpeg->out_color_space = inks ? JCS_CMYK : JCS_EXT_BGRX;
    scale_choose(jpeg, side);
    (void)jpeg_start_decompress(jpeg);
    *surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, (int)jpeg->output_width,
                                          (int)jpeg->output_height);
    if (cairo_surface_status(*surface) == CAIRO_STATUS_SUCCESS) {
        rows_read(jpeg, *surface, inks);
    }
    (void)jpeg_finish_decompress(jpeg);
    jpeg_destroy_decompress(jpeg);
    return *surface;
}

/* --- packing --- */

bool raster_jpeg(struct cx *cx, cairo_surface_t *surface, Str *out)
{
    struct failing *failing = arena_new(cx->arena, struct failing);
    struct jpeg_compress_struct *jpeg = arena_new(cx->arena, struct jpeg_compress_struct);
    unsigned char **bytes = arena_new(cx->arena, unsigned char *);
    unsigned long *size = arena_new(cx->arena, unsigned long);
    failing_begin(failing);
    jpeg->err = &failing->manager;
    if (setjmp(failing->jump) != 0) { /* NOLINT(cert-err52-cpp) */
        jpeg_destroy_compress(jpeg);
        free(*bytes);
        return false;
    }
    jpeg_create_compress(jpeg);
    jpeg_mem_dest(jpeg, bytes, size);
    jpeg->image_width = (JDIMENSION)cairo_image_surface_get_width(surface);
    jpeg->image_height = (JDIMENSION)cairo_image_surface_get_height(surface);
    jpeg->input_components = DOT_BYTES;
    jpeg->in_color_space = JCS_EXT_BGRX;
    jpeg_set_defaults(jpeg);
    jpeg_set_quality(jpeg, QUALITY, TRUE);
    jpeg_start_compress(jpeg, TRUE);
    cairo_surface_flush(surface);
    unsigned char *rows = cairo_image_surface_get_data(surface);
    size_t stride = (size_t)cairo_image_surface_get_stride(surface);
    while (jpeg->next_scanline < jpeg->image_height) {
        unsigned char *row = rows + jpeg->next_scanline * stride;
        (void)jpeg_write_scanlines(jpeg, &row, 1);
    }
    jpeg_finish_compress(jpeg);
    jpeg_destroy_compress(jpeg);
    *out = str_copy(cx->arena, (const char *)*bytes, *size);
    free(*bytes);
    return true;
}

/* --- one picture --- */

/* White room for what is turned, no larger than is wanted; *cairo draws into it. */
static cairo_surface_t *room_make(int orientation, const struct raster_view *view, double width,
                                  double height, bool grows, cairo_t **cairo)
{
    cairo_matrix_t placed;
    picture_turn(orientation, view->turn, &width, &height, &placed);
    double longer = width > height ? width : height;
    double scale = longer > view->side || grows ? view->side / longer : 1;
    int small_w = (int)(width * scale + 0.5);
    int small_h = (int)(height * scale + 0.5);
    cairo_surface_t *room = cairo_image_surface_create(
        CAIRO_FORMAT_RGB24, small_w < 1 ? 1 : small_w, small_h < 1 ? 1 : small_h);
    *cairo = cairo_create(room);
    cairo_set_source_rgb(*cairo, 1, 1, 1);
    cairo_paint(*cairo);
    cairo_scale(*cairo, scale, scale);
    cairo_transform(*cairo, &placed);
    return room;
}

static cairo_surface_t *small_draw(cairo_surface_t *image, int orientation,
                                   const struct raster_view *view)
{
    cairo_t *cairo = NULL;
    cairo_surface_t *small = room_make(orientation, view, cairo_image_surface_get_width(image),
                                       cairo_image_surface_get_height(image), false, &cairo);
    cairo_set_source_surface(cairo, image, 0, 0);
    cairo_pattern_set_filter(cairo_get_source(cairo), CAIRO_FILTER_GOOD);
    cairo_paint(cairo);
    cairo_destroy(cairo);
    return small;
}

static bool is_drawn(cairo_surface_t *surface)
{
    return surface != NULL && cairo_surface_status(surface) == CAIRO_STATUS_SUCCESS;
}

cairo_surface_t *raster_small(struct cx *cx, Str bytes, const struct raster_view *view)
{
    struct picture picture;
    cairo_surface_t *owner = NULL;
    cairo_surface_t *small = NULL;
    if (picture_read(bytes, &picture) != PICTURE_GOOD) {
        return NULL;
    }
    cairo_surface_t *image = picture.kind == PICTURE_JPEG ? jpeg_unpack(cx, bytes, view->side)
                                                          : picture_png_surface(bytes, &owner);
    if (is_drawn(image)) {
        small = small_draw(image, picture.orientation, view);
    }
    if (image != NULL) {
        cairo_surface_destroy(image);
    }
    if (owner != NULL) {
        cairo_surface_destroy(owner);
    }
    if (small != NULL && !is_drawn(small)) {
        cairo_surface_destroy(small);
        small = NULL;
    }
    return small;
}

static cairo_surface_t *sheet_paint(const struct sheet_reader *reader, void *page,
                                    const struct raster_view *view)
{
    double width = 0;
    double height = 0;
    cairo_t *cairo = NULL;
    reader->size(page, &width, &height);
    if (!(width >= 1) || !(height >= 1)) {
        return NULL;
    }
    cairo_surface_t *surface = room_make(1, view, width, height, true, &cairo);
    reader->draw(page, cairo);
    bool drawn = cairo_status(cairo) == CAIRO_STATUS_SUCCESS;
    cairo_destroy(cairo);
    if (!drawn) {
        cairo_surface_destroy(surface);
        return NULL;
    }
    return surface;
}

cairo_surface_t *raster_sheet(struct cx *cx, Str pdf, int64_t sheet, const struct raster_view *view)
{
    struct sheet_reader reader = {0};
    void *document = NULL;
    void *page = NULL;
    cairo_surface_t *surface = NULL;
    if (sheet_reader_open(cx, &reader) != OK ||
        sheet_document_open(cx, &reader, pdf, &document) != OK) {
        cx_forgive(cx);
        return NULL;
    }
    if (sheet >= 1 && sheet <= reader.pages(document)) {
        page = reader.page(document, (int)sheet - 1);
    }
    if (page != NULL) {
        surface = sheet_paint(&reader, page, view);
        g_object_unref(page);
    }
    g_object_unref(document);
    return surface;
}

cairo_surface_t *raster_asked(struct cx *cx, const struct value *head, Str bytes,
                              const struct raster_view *view)
{
    int64_t sheet = value_get_int(head, "sheet");
    return sheet > 0 ? raster_sheet(cx, bytes, sheet, view) : raster_small(cx, bytes, view);
}

#include "render/binder.h"

#include <cairo-pdf.h>
#include <math.h>
#include <pango/pangocairo.h>
#include <string.h>

#include "base/check.h"

#define A4_SHORT_PT (210 * 72.0 / 25.4)
#define A4_LONG_PT  (297 * 72.0 / 25.4)
#define STRIP_PT    26.0 /* below the picture */
#define MARGIN_PT   28.0

struct binder {
    struct binder_options options;
    cairo_surface_t *surface;
    cairo_t *cairo;
};

static cairo_status_t pass_on(void *arg, const unsigned char *bytes, unsigned size)
{
    const struct binder *binder = arg;
    return binder->options.write(binder->options.arg, bytes, size) ? CAIRO_STATUS_SUCCESS
                                                                   : CAIRO_STATUS_WRITE_ERROR;
}

struct binder *binder_open(struct arena *arena, const struct binder_options *options)
{
    struct binder *binder = arena_new(arena, struct binder);
    binder->options = *options;
    binder->surface = cairo_pdf_surface_create_for_stream(pass_on, binder, A4_SHORT_PT, A4_LONG_PT);
    cairo_pdf_surface_set_metadata(binder->surface, CAIRO_PDF_METADATA_TITLE,
                                   str_copy(arena, options->title.p, options->title.n).p);
    cairo_pdf_surface_set_metadata(binder->surface, CAIRO_PDF_METADATA_CREATE_DATE,
                                   instant_format(arena, options->at).p);
    binder->cairo = cairo_create(binder->surface);
    return binder;
}

bool binder_close(struct binder *binder)
{
    cairo_destroy(binder->cairo);
    cairo_surface_finish(binder->surface);
    bool whole = cairo_surface_status(binder->surface) == CAIRO_STATUS_SUCCESS;
    cairo_surface_destroy(binder->surface);
    return whole;
}

/* --- the picture --- */

struct png_source {
    Str bytes;
    size_t at;
};

static cairo_status_t png_bytes(void *arg, unsigned char *room, unsigned size)
{
    struct png_source *source = arg;
    if (source->bytes.n - source->at < size) {
        return CAIRO_STATUS_READ_ERROR;
    }
    memcpy(room, source->bytes.p + source->at, size);
    source->at += size;
    return CAIRO_STATUS_SUCCESS;
}

/* Colours are stored multiplied by alpha already. */
static uint32_t on_white(uint32_t pixel)
{
    uint32_t white = 255 - (pixel >> 24);
    return 0xff000000U | (pixel + white * 0x010101U);
}

cairo_surface_t *picture_png_surface(Str bytes, cairo_surface_t **owner)
{
    struct png_source source = {bytes, 0};
    cairo_surface_t *image = cairo_image_surface_create_from_png_stream(png_bytes, &source);
    *owner = image;
    if (cairo_image_surface_get_format(image) != CAIRO_FORMAT_ARGB32) {
        return cairo_surface_reference(image);
    }
    int width = cairo_image_surface_get_width(image);
    int height = cairo_image_surface_get_height(image);
    int stride = cairo_image_surface_get_stride(image);
    cairo_surface_flush(image);
    unsigned char *rows = cairo_image_surface_get_data(image);
    for (int y = 0; y < height; y++) {
        uint32_t *row = (void *)(rows + (size_t)y * (size_t)stride);
        for (int x = 0; x < width; x++) {
            row[x] = on_white(row[x]);
        }
    }
    return cairo_image_surface_create_for_data(rows, CAIRO_FORMAT_RGB24, width, height, stride);
}

/* Its dots are never looked at: one bit for each is the least cairo holds for a picture. */
static cairo_surface_t *jpeg_surface(const struct picture *picture, Str bytes)
{
    cairo_surface_t *image =
        cairo_image_surface_create(CAIRO_FORMAT_A1, (int)picture->width, (int)picture->height);
    if (cairo_surface_set_mime_data(image, CAIRO_MIME_TYPE_JPEG, (const unsigned char *)bytes.p,
                                    bytes.n, NULL, NULL) != CAIRO_STATUS_SUCCESS) {
        cairo_surface_destroy(image);
        return NULL;
    }
    return image;
}

/* --- the page --- */

/* Where a dot of the stored picture, width by height, comes to lie when it is turned as Exif
 * counts. Answers whether width and height change places. */
static bool turn(int orientation, double width, double height, cairo_matrix_t *m)
{
    switch (orientation) {
    case 2: cairo_matrix_init(m, -1, 0, 0, 1, width, 0); return false;
    case 3: cairo_matrix_init(m, -1, 0, 0, -1, width, height); return false;
    case 4: cairo_matrix_init(m, 1, 0, 0, -1, 0, height); return false;
    case 5: cairo_matrix_init(m, 0, 1, 1, 0, 0, 0); return true;
    case 6: cairo_matrix_init(m, 0, 1, -1, 0, height, 0); return true;
    case 7: cairo_matrix_init(m, 0, -1, -1, 0, height, width); return true;
    case 8: cairo_matrix_init(m, 0, -1, 1, 0, 0, width); return true;
    default: cairo_matrix_init_identity(m); return false;
    }
}

static int orientation_of_degrees(int rotate_deg)
{
    return rotate_deg == 90 ? 6 : rotate_deg == 180 ? 3 : rotate_deg == 270 ? 8 : 1;
}

static void swap(double *a, double *b)
{
    double kept = *a;
    *a = *b;
    *b = kept;
}

/* About the middle; the room grows to hold all four corners. */
static void tilt(int tilt_cdeg, double *width, double *height, cairo_matrix_t *out)
{
    double radians = tilt_cdeg * (M_PI / 18000);
    double wide = *width * cos(radians) + *height * fabs(sin(radians));
    double high = *height * cos(radians) + *width * fabs(sin(radians));
    cairo_matrix_t step;
    cairo_matrix_init_translate(&step, -*width / 2, -*height / 2);
    cairo_matrix_multiply(out, out, &step);
    cairo_matrix_init_rotate(&step, radians);
    cairo_matrix_multiply(out, out, &step);
    cairo_matrix_init_translate(&step, wide / 2, high / 2);
    cairo_matrix_multiply(out, out, &step);
    *width = wide;
    *height = high;
}

void picture_turn(int orientation, struct page_turn page_turn, double *width, double *height,
                  cairo_matrix_t *out)
{
    cairo_matrix_t step;
    if (turn(orientation, *width, *height, out)) {
        swap(width, height);
    }
    bool turned = turn(orientation_of_degrees(page_turn.rotate_deg), *width, *height, &step);
    cairo_matrix_multiply(out, out, &step);
    if (turned) {
        swap(width, height);
    }
    if (page_turn.tilt_cdeg != 0) {
        tilt(page_turn.tilt_cdeg, width, height, out);
    }
}

/* At the left end of the strip, or at its right end. */
static void text_draw(const struct binder *binder, Str text, double sheet_w, double sheet_h,
                      bool right)
{
    int width = 0;
    int height = 0;
    PangoLayout *layout = pango_cairo_create_layout(binder->cairo);
    PangoFontDescription *font = pango_font_description_from_string("Noto Serif CJK SC 10");
    pango_layout_set_font_description(layout, font);
    pango_layout_set_text(layout, text.p, (int)text.n);
    pango_layout_get_pixel_size(layout, &width, &height);
    cairo_move_to(binder->cairo, right ? sheet_w - MARGIN_PT - width : MARGIN_PT,
                  sheet_h - STRIP_PT + (STRIP_PT - height) / 2);
    pango_cairo_show_layout(binder->cairo, layout);
    pango_font_description_free(font);
    g_object_unref(layout);
}

static void strip_draw(const struct binder *binder, const struct binder_page *page, double sheet_w,
                       double sheet_h)
{
    cairo_save(binder->cairo);
    cairo_set_source_rgb(binder->cairo, 0, 0, 0);
    text_draw(binder, page->left, sheet_w, sheet_h, false);
    text_draw(binder, page->right, sheet_w, sheet_h, true);
    cairo_restore(binder->cairo);
}

/* Room for what is turned, and where it comes to lie in it; then the strip. */
static void place(struct binder *binder, cairo_matrix_t placed, double width, double height,
                  const struct binder_page *page)
{
    cairo_matrix_t step;
    bool lies = width > height;
    bool has_strip = page->left.n + page->right.n > 0;
    double sheet_w = lies ? A4_LONG_PT : A4_SHORT_PT;
    double sheet_h = lies ? A4_SHORT_PT : A4_LONG_PT;
    double room_h = sheet_h - (has_strip ? STRIP_PT : 0);
    double scale = sheet_w / width < room_h / height ? sheet_w / width : room_h / height;
    cairo_matrix_init(&step, scale, 0, 0, scale, (sheet_w - width * scale) / 2,
                      (room_h - height * scale) / 2);
    cairo_matrix_multiply(&placed, &placed, &step);
    cairo_pdf_surface_set_size(binder->surface, sheet_w, sheet_h);
    if (has_strip) {
        strip_draw(binder, page, sheet_w, sheet_h);
    }
    cairo_save(binder->cairo);
    cairo_transform(binder->cairo, &placed);
}

static void placed_end(struct binder *binder)
{
    cairo_restore(binder->cairo);
    cairo_show_page(binder->cairo);
}

static void draw(struct binder *binder, const struct picture *picture, cairo_surface_t *image,
                 const struct binder_page *page)
{
    double width = picture->width;
    double height = picture->height;
    cairo_matrix_t placed;
    picture_turn(picture->orientation, page->turn, &width, &height, &placed);
    place(binder, placed, width, height, page);
    cairo_set_source_surface(binder->cairo, image, 0, 0);
    cairo_paint(binder->cairo);
    placed_end(binder);
}

/* What lies outside the sheet is not drawn over the strip. */
bool binder_add_sheet(struct binder *binder, const struct sheet_reader *reader, void *sheet,
                      const struct binder_page *page)
{
    double width = 0;
    double height = 0;
    cairo_matrix_t placed;
    check(page_turn_holds(page->turn));
    reader->size(sheet, &width, &height);
    if (!(width >= 1) || !(height >= 1)) {
        return false;
    }
    double own_width = width;
    double own_height = height;
    picture_turn(1, page->turn, &width, &height, &placed);
    place(binder, placed, width, height, page);
    cairo_rectangle(binder->cairo, 0, 0, own_width, own_height);
    cairo_clip(binder->cairo);
    reader->print(sheet, binder->cairo);
    placed_end(binder);
    return cairo_status(binder->cairo) == CAIRO_STATUS_SUCCESS;
}

enum picture_fault binder_add(struct binder *binder, const struct picture *picture, Str bytes,
                              const struct binder_page *page)
{
    check(page_turn_holds(page->turn));
    cairo_surface_t *owner = NULL;
    cairo_surface_t *image = picture->kind == PICTURE_JPEG ? jpeg_surface(picture, bytes)
                                                           : picture_png_surface(bytes, &owner);
    bool good = image != NULL && cairo_surface_status(image) == CAIRO_STATUS_SUCCESS &&
                cairo_image_surface_get_width(image) == (int)picture->width &&
                cairo_image_surface_get_height(image) == (int)picture->height;
    if (good) {
        draw(binder, picture, image, page);
    }
    if (image != NULL) {
        cairo_surface_destroy(image);
    }
    if (owner != NULL) {
        cairo_surface_destroy(owner);
    }
    return good ? PICTURE_GOOD : PICTURE_BROKEN;
}

/* render/sheet_serve.c - the child's half: reads PDF with poppler, draws with cairo and pango. */
#include <cairo-pdf.h>
#include <math.h>
#include <pango/pangocairo.h>
#include <string.h>

#include "base/json.h"
#include "render/helper_int.h"
#include "render/pdf_active.h"
#include "render/sheet.h"
#include "render/sheet_reader.h"

enum {
    PICTURE_WIDTH = 1000,
    PICTURE_HEIGHT_MAX = 4000,
    PICTURE_BYTES_MAX = 48 << 20,
    JOINED_BYTES_MAX = 60 << 20,
    SHEET_PAGES_MAX = 2000, /* of one binding */
};

/* --- a sheet as a picture --- */

static cairo_status_t write_out(void *out, const unsigned char *bytes, unsigned size)
{
    struct buf *buf = out;
    buf_add(buf, bytes, size);
    return buf_is_over(buf) ? CAIRO_STATUS_WRITE_ERROR : CAIRO_STATUS_SUCCESS;
}

/* Slanting lines of text all over, dark enough to be read, light enough to read through. */
static void mark_draw(cairo_t *cairo, Str mark, double width, double height)
{
    static const double STEP_X = 60;
    static const double STEP_Y = 130;
    PangoLayout *layout = pango_cairo_create_layout(cairo);
    PangoFontDescription *font = pango_font_description_from_string("Noto Serif CJK SC 17");
    int text_width = 0;
    double reach = width + height;
    pango_layout_set_font_description(layout, font);
    pango_layout_set_text(layout, mark.p, (int)mark.n);
    pango_layout_get_pixel_size(layout, &text_width, NULL);
    cairo_save(cairo);
    cairo_set_source_rgba(cairo, 0.1, 0.1, 0.4, 0.16);
    cairo_rotate(cairo, -M_PI / 9);
    for (int row = 0; row * STEP_Y < 2 * reach; row++) {
        double y = row * STEP_Y - reach / 2;
        double from = -reach / 2 + (row % 2) * STEP_X * 2;
        int count = (int)ceil((reach - from) / (text_width + STEP_X));
        for (int i = 0; i < count; i++) {
            cairo_move_to(cairo, from + i * (text_width + STEP_X), y);
            pango_cairo_show_layout(cairo, layout);
        }
    }
    cairo_restore(cairo);
    pango_font_description_free(font);
    g_object_unref(layout);
}

static enum status picture_draw(struct cx *cx, const struct sheet_reader *reader, void *page,
                                Str mark, Str *out)
{
    double width = 0;
    double height = 0;
    struct buf png;
    reader->size(page, &width, &height);
    if (!(width >= 1) || !(height >= 1)) {
        return FAIL(cx, E_INPUT, "pdf-unreadable", "a sheet without size");
    }
    double scale = PICTURE_WIDTH / width;
    scale = height * scale > PICTURE_HEIGHT_MAX ? PICTURE_HEIGHT_MAX / height : scale;
    cairo_surface_t *surface = cairo_image_surface_create(
        CAIRO_FORMAT_RGB24, (int)ceil(width * scale), (int)ceil(height * scale));
    cairo_t *cairo = cairo_create(surface);
    cairo_set_source_rgb(cairo, 1, 1, 1);
    cairo_paint(cairo);
    cairo_save(cairo);
    cairo_scale(cairo, scale, scale);
    reader->draw(page, cairo);
    cairo_restore(cairo);
    mark_draw(cairo, mark, width * scale, height * scale);
    buf_init(&png, cx->arena, PICTURE_BYTES_MAX);
    cairo_status_t drawn = cairo_status(cairo);
    if (drawn == CAIRO_STATUS_SUCCESS) {
        drawn = cairo_surface_write_to_png_stream(surface, write_out, &png);
    }
    cairo_destroy(cairo);
    cairo_surface_destroy(surface);
    *out = buf_done(&png);
    return drawn == CAIRO_STATUS_SUCCESS
               ? OK
               : FAIL(cx, E_INPUT, "pdf-unreadable", "cairo: %s", cairo_status_to_string(drawn));
}

static enum status sheet_picture(struct cx *cx, const struct sheet_reader *reader, void *document,
                                 const struct value *head, Str *out)
{
    int64_t index = value_get_int(head, "page");
    if (index < 0 || index >= reader->pages(document)) {
        return FAIL(cx, E_INPUT, "pdf-page-missing", "no sheet %d", (int)index);
    }
    void *page = reader->page(document, (int)index);
    if (page == NULL) {
        return FAIL(cx, E_INPUT, "pdf-unreadable", "sheet %d cannot be read", (int)index);
    }
    enum status status = picture_draw(cx, reader, page, value_get_str(head, "mark"), out);
    g_object_unref(page);
    return status;
}

/* --- several documents bound --- */

static enum status sheets_print(struct cx *cx, const struct sheet_reader *reader, void *document,
                                cairo_surface_t *surface, cairo_t *cairo, int64_t *pages)
{
    int count = reader->pages(document);
    for (int i = 0; i < count; i++) {
        void *page = *pages < SHEET_PAGES_MAX ? reader->page(document, i) : NULL;
        double width = 0;
        double height = 0;
        if (page == NULL) {
            return FAIL(cx, E_INPUT, "pdf-unreadable", "sheet %d cannot be bound", i);
        }
        reader->size(page, &width, &height);
        cairo_pdf_surface_set_size(surface, width, height);
        reader->print(page, cairo);
        cairo_surface_show_page(surface);
        g_object_unref(page);
        *pages += 1;
    }
    return OK;
}

static enum status documents_print(struct cx *cx, const struct sheet_reader *reader,
                                   const Str *pdfs, uint32_t count, cairo_surface_t *surface,
                                   int64_t *pages)
{
    cairo_t *cairo = cairo_create(surface);
    enum status status = OK;
    for (uint32_t i = 0; i < count && status == OK; i++) {
        void *document = NULL;
        status = sheet_document_open(cx, reader, pdfs[i], &document);
        if (status == OK) {
            status = sheets_print(cx, reader, document, surface, cairo, pages);
            g_object_unref(document);
        }
    }
    cairo_destroy(cairo);
    return status;
}

static enum status documents_join(struct cx *cx, const struct sheet_reader *reader,
                                  const struct value *head, const Str *pdfs, uint32_t count,
                                  Str *out, int64_t *pages)
{
    static const double A4_WIDTH = 595;
    static const double A4_HEIGHT = 842;
    struct buf joined;
    buf_init(&joined, cx->arena, JOINED_BYTES_MAX);
    cairo_surface_t *surface =
        cairo_pdf_surface_create_for_stream(write_out, &joined, A4_WIDTH, A4_HEIGHT);
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_TITLE,
                                   value_get_str(head, "title").p);
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATE_DATE,
                                   instant_format(cx->arena, value_get_int(head, "at")).p);
    enum status status = documents_print(cx, reader, pdfs, count, surface, pages);
    cairo_surface_finish(surface);
    cairo_status_t drawn = cairo_surface_status(surface);
    cairo_surface_destroy(surface);
    *out = buf_done(&joined);
    if (status != OK) {
        return status;
    }
    return drawn == CAIRO_STATUS_SUCCESS
               ? OK
               : FAIL(cx, E_BUG, "paper-broken", "cairo: %s", cairo_status_to_string(drawn));
}

/* --- one question --- */

static enum status documents_cut(struct cx *cx, const struct value *head, Str body, Str *pdfs,
                                 uint32_t *count)
{
    const struct value *sizes = value_get(head, "sizes");
    *count = value_count(sizes);
    if (*count < 1 || *count > SHEETS_JOINED_MAX) {
        return FAIL(cx, E_READ, "helper-request", "%u documents", *count);
    }
    for (uint32_t i = 0; i < *count; i++) {
        int64_t size = value_as_int(value_item(sizes, i));
        if (size < 0 || (uint64_t)size > body.n) {
            return FAIL(cx, E_READ, "helper-request", "lengths do not add up");
        }
        pdfs[i] = (Str){body.p, (size_t)size};
        body = (Str){body.p + size, body.n - (size_t)size};
    }
    return OK;
}

/* By its words, and by poppler, which sees into what is encrypted with no password. */
static void active_say(struct cx *cx, const struct sheet_reader *reader, void *document, Str pdf,
                       Str *out)
{
    unsigned active = pdf_active(cx->arena, pdf);
    active |= reader->has_script(document) ? PDF_SCRIPT : 0;
    active |= reader->has_files(document) ? PDF_FILES : 0;
    *out = str_printf(cx->arena, "active:%s", pdf_active_words(cx->arena, active).p);
}

enum status sheet_serve(struct cx *cx, const struct value *head, Str body, Str *out, int64_t *pages)
{
    Str pdfs[SHEETS_JOINED_MAX];
    uint32_t count = 0;
    struct sheet_reader reader = {0};
    void *document = NULL;
    *out = STR("");
    *pages = 0;
    TRY(documents_cut(cx, head, body, pdfs, &count));
    TRY(sheet_reader_open(cx, &reader));
    if (str_is(value_get_str(head, "do"), "join")) {
        return documents_join(cx, &reader, head, pdfs, count, out, pages);
    }
    TRY(sheet_document_open(cx, &reader, pdfs[0], &document));
    *pages = reader.pages(document);
    enum status status = OK;
    if (str_is(value_get_str(head, "do"), "draw")) {
        status = sheet_picture(cx, &reader, document, head, out);
    } else if (str_is(value_get_str(head, "do"), "look")) {
        active_say(cx, &reader, document, pdfs[0], out);
    }
    g_object_unref(document);
    return status;
}

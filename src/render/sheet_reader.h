/* render/sheet_reader.h - poppler's interface to C, found by name: only helper processes have it.
 * Internal to render/.
 */
#ifndef RENDER_SHEET_READER_H
#define RENDER_SHEET_READER_H

#include <cairo.h>
#include <glib-object.h>

#include "base/fail.h"

struct sheet_reader {
    void *(*open)(GBytes *bytes, const char *password, GError **error);
    int (*pages)(void *document);
    void *(*page)(void *document, int index);
    void (*size)(void *page, double *width, double *height);
    void (*draw)(void *page, cairo_t *cairo);
    void (*print)(void *page, cairo_t *cairo);
    gboolean (*has_script)(void *document);
    gboolean (*has_files)(void *document);
};

/* E_BUG "pdf-reader-missing". */
enum status sheet_reader_open(struct cx *cx, struct sheet_reader *reader);
/* *out is given back by g_object_unref(); pdf outlives it. E_INPUT "pdf-locked": it asks for a
 * password; E_INPUT "pdf-unreadable". */
enum status sheet_document_open(struct cx *cx, const struct sheet_reader *reader, Str pdf,
                                void **out);

#endif

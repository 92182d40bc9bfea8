#include "render/sheet_reader.h"

#include <dlfcn.h>
#include <string.h>

enum { ENCRYPTED = 1 }; /* POPPLER_ERROR_ENCRYPTED */

static bool symbol_find(void *library, const char *name, void *function)
{
    void *found = dlsym(library, name);
    memcpy(function, &found, sizeof found); /* ISO C has no cast from data to function */
    return found != NULL;
}

enum status sheet_reader_open(struct cx *cx, struct sheet_reader *reader)
{
    void *library = dlopen("libpoppler-glib.so.8", RTLD_NOW | RTLD_LOCAL);
    bool whole = library != NULL &&
                 symbol_find(library, "poppler_document_new_from_bytes", &reader->open) &&
                 symbol_find(library, "poppler_document_get_n_pages", &reader->pages) &&
                 symbol_find(library, "poppler_document_get_page", &reader->page) &&
                 symbol_find(library, "poppler_page_get_size", &reader->size) &&
                 symbol_find(library, "poppler_page_render", &reader->draw) &&
                 symbol_find(library, "poppler_page_render_for_printing", &reader->print) &&
                 symbol_find(library, "poppler_document_has_javascript", &reader->has_script) &&
                 symbol_find(library, "poppler_document_has_attachments", &reader->has_files);
    return whole ? OK : FAIL(cx, E_BUG, "pdf-reader-missing", "libpoppler-glib8 is not installed");
}

enum status sheet_document_open(struct cx *cx, const struct sheet_reader *reader, Str pdf,
                                void **out)
{
    GError *error = NULL;
    GBytes *bytes = g_bytes_new_static(pdf.p, pdf.n);
    void *document = reader->open(bytes, NULL, &error);
    bool is_locked = error != NULL && error->code == ENCRYPTED;
    g_bytes_unref(bytes);
    if (error != NULL) {
        g_error_free(error);
    }
    if (document != NULL && reader->pages(document) < 1) {
        g_object_unref(document);
        document = NULL;
    }
    *out = document;
    if (is_locked) {
        return FAIL(cx, E_INPUT, "pdf-locked", "asks for a password");
    }
    return document != NULL ? OK : FAIL(cx, E_INPUT, "pdf-unreadable", "no PDF that can be read");
}

/* render/document_serve.c - the child's half: the text of a PDF by poppler, of a Word file. */
#include <dlfcn.h>
#include <glib-object.h>
#include <string.h>

#include "base/json.h"
#include "render/document.h"
#include "render/helper_int.h"

enum { PAGES_MAX = 3000, ENCRYPTED = 1 /* POPPLER_ERROR_ENCRYPTED */ };

/* Poppler's interface to C, by name: no other process of ours has it. */
struct reader {
    void *(*open)(GBytes *bytes, const char *password, GError **error);
    int (*pages)(void *document);
    void *(*page)(void *document, int index);
    char *(*text)(void *page);
};

static bool symbol_find(void *library, const char *name, void *function)
{
    void *found = dlsym(library, name);
    memcpy(function, &found, sizeof found); /* ISO C has no cast from data to function */
    return found != NULL;
}

static enum status reader_open(struct cx *cx, struct reader *reader)
{
    void *library = dlopen("libpoppler-glib.so.8", RTLD_NOW | RTLD_LOCAL);
    bool whole = library != NULL &&
                 symbol_find(library, "poppler_document_new_from_bytes", &reader->open) &&
                 symbol_find(library, "poppler_document_get_n_pages", &reader->pages) &&
                 symbol_find(library, "poppler_document_get_page", &reader->page) &&
                 symbol_find(library, "poppler_page_get_text", &reader->text);
    return whole ? OK : FAIL(cx, E_BUG, "pdf-reader-missing", "libpoppler-glib8 is not installed");
}

static enum status pdf_open(struct cx *cx, const struct reader *reader, Str pdf, void **out)
{
    GError *error = NULL;
    GBytes *bytes = g_bytes_new_static(pdf.p, pdf.n);
    *out = reader->open(bytes, NULL, &error);
    g_bytes_unref(bytes);
    bool locked = error != NULL && error->code == ENCRYPTED;
    if (error != NULL) {
        g_error_free(error);
    }
    if (locked) {
        return FAIL(cx, E_INPUT, "document-encrypted", "asks for a password");
    }
    if (*out != NULL && reader->pages(*out) < 1) {
        g_object_unref(*out);
        *out = NULL;
    }
    return *out != NULL ? OK : FAIL(cx, E_INPUT, "document-unreadable", "no PDF that can be read");
}

/* --- lines to paragraphs --- */

struct joining {
    struct cx *cx;
    struct buf text;
    struct document *out;
    uint32_t room;
    bool open; /* the last line was full: the next goes on with it */
};

static void mark_add(struct joining *j, uint32_t page, uint32_t line)
{
    struct document *out = j->out;
    if (out->mark_count >= DOCUMENT_MARKS_MAX) {
        return;
    }
    if (out->mark_count == j->room) {
        uint32_t room = j->room == 0 ? 256 : j->room * 2;
        struct document_mark *marks = arena_array(j->cx->arena, struct document_mark, room);
        if (out->mark_count > 0) {
            memcpy(marks, out->marks, sizeof *marks * out->mark_count);
        }
        out->marks = marks;
        j->room = room;
    }
    out->marks[out->mark_count++] = (struct document_mark){(uint32_t)j->text.n, page, line};
}

/* How wide a line is: a character of the common plane above Latin is two. */
static size_t width_of(Str line)
{
    size_t width = 0;
    uint32_t code = 0;
    for (size_t at = 0; utf8_next(line, &at, &code);) {
        width += code < 0x1100 ? 1 : 2;
    }
    return width;
}

/* — 3 —, 第3页: the number of the sheet interrupts what goes on over the edge. */
static bool is_page_number(Str line)
{
    size_t digits = 0;
    size_t others = 0;
    uint32_t code = 0;
    for (size_t at = 0; utf8_next(line, &at, &code);) {
        bool digit = code >= '0' && code <= '9';
        bool mark = code == '-' || code == ' ' || code == '/' || code == 0x2014 || code == 0x7B2C ||
                    code == 0x9875 || code == 0x5171;
        digits += digit;
        others += !digit && !mark;
    }
    return digits > 0 && digits < 9 && others == 0;
}

static void line_add(struct joining *j, Str line, size_t widest, uint32_t page, uint32_t number)
{
    Str tight = str_trim(j->cx->arena, line);
    if (tight.n == 0 || is_page_number(tight)) {
        return;
    }
    bool indented = line.n > 0 && (line.p[0] == ' ' || str_starts(line, "　"));
    if (j->text.n > 0 && (!j->open || indented)) {
        buf_char(&j->text, '\n');
    }
    mark_add(j, page, number);
    buf_str(&j->text, tight);
    j->open = width_of(tight) + 6 >= widest && widest > 20;
}

static void page_add(struct joining *j, Str text, uint32_t page)
{
    size_t widest = 0;
    for (int round = 0; round < 2; round++) {
        uint32_t number = 0;
        for (size_t at = 0; at < text.n;) {
            const char *end = memchr(text.p + at, '\n', text.n - at);
            size_t to = end == NULL ? text.n : (size_t)(end - text.p);
            Str line = {text.p + at, to - at};
            number++;
            if (round == 0) {
                size_t width = width_of(line);
                widest = width > widest ? width : widest;
            } else {
                line_add(j, line, widest, page, number);
            }
            at = to + 1;
        }
    }
}

static enum status pages_read(struct cx *cx, const struct reader *reader, void *document,
                              struct document *out)
{
    struct joining j = {.cx = cx, .out = out};
    int pages = reader->pages(document);
    buf_init(&j.text, cx->arena, DOCUMENT_TEXT_MAX);
    if (pages > PAGES_MAX) {
        return FAIL(cx, E_TOO_LARGE, "document-too-long", "%d sheets", pages);
    }
    for (int i = 0; i < pages && !buf_is_over(&j.text); i++) {
        void *page = reader->page(document, i);
        char *text = page == NULL ? NULL : reader->text(page);
        if (text != NULL && g_utf8_validate(text, -1, NULL)) {
            page_add(&j, str_of(text), (uint32_t)i + 1);
        }
        g_free(text);
        if (page != NULL) {
            g_object_unref(page);
        }
    }
    if (buf_is_over(&j.text)) {
        return FAIL(cx, E_TOO_LARGE, "document-too-long", "more text than is read");
    }
    out->text = buf_done(&j.text);
    return out->text.n > 0
               ? OK
               : FAIL(cx, E_INPUT, "document-no-text", "%d sheets without a character", pages);
}

static enum status pdf_read(struct cx *cx, Str bytes, struct document *out)
{
    struct reader reader = {0};
    void *document = NULL;
    *out = (struct document){.format = DOCUMENT_PDF};
    TRY(reader_open(cx, &reader));
    TRY(pdf_open(cx, &reader, bytes, &document));
    enum status status = pages_read(cx, &reader, document, out);
    g_object_unref(document);
    return status;
}

/* --- one question --- */

static void number_put(struct buf *out, uint32_t number)
{
    for (int shift = 24; shift >= 0; shift -= 8) {
        buf_char(out, (char)(unsigned char)(number >> shift));
    }
}

enum status document_serve(struct cx *cx, const struct value *head, Str body, Str *text, Str *marks)
{
    struct document document = {0};
    bool word = str_is(value_get_str(head, "format"), "docx");
    TRY(word ? document_docx(cx, body, &document) : pdf_read(cx, body, &document));
    struct buf packed;
    buf_init(&packed, cx->arena, (size_t)document.mark_count * 12 + 1);
    for (uint32_t i = 0; i < document.mark_count; i++) {
        number_put(&packed, document.marks[i].at);
        number_put(&packed, document.marks[i].page);
        number_put(&packed, document.marks[i].line);
    }
    *text = document.text;
    *marks = buf_done(&packed);
    return OK;
}

/* A Word file is a ZIP with word/document.xml in it: paragraphs (w:p) of runs of text (w:t). Read
 * node by node, so that a file which unpacks to gigabytes costs what is allowed and no more. */
#include <libxml/xmlreader.h>
#include <string.h>
#include <zip.h>

#include "render/document.h"

struct word_file {
    struct cx *cx;
    zip_file_t *file;
    int64_t left; /* bytes that may still be unpacked */
    bool over;
    struct buf text;
    struct document *out;
    uint32_t paragraphs, room;
    int skipped; /* depth of elements whose text does not count */
};

static int bytes_read(void *arg, char *bytes, int size)
{
    struct word_file *w = arg;
    zip_uint64_t room = (zip_uint64_t)(size < w->left ? size : w->left);
    if (w->left <= 0) {
        w->over = true;
        return -1;
    }
    zip_int64_t got = zip_fread(w->file, bytes, room);
    w->left -= got > 0 ? got : 0;
    return (int)got;
}

static void complaint_drop(void *arg, const char *message, xmlParserSeverities severity,
                           xmlTextReaderLocatorPtr where)
{
    (void)arg;
    (void)message;
    (void)severity;
    (void)where;
}

static void mark_add(struct word_file *w)
{
    struct document *out = w->out;
    if (out->mark_count >= DOCUMENT_MARKS_MAX) {
        return;
    }
    if (out->mark_count == w->room) {
        uint32_t room = w->room == 0 ? 256 : w->room * 2;
        struct document_mark *marks = arena_array(w->cx->arena, struct document_mark, room);
        if (out->mark_count > 0) {
            memcpy(marks, out->marks, sizeof *marks * out->mark_count);
        }
        out->marks = marks;
        w->room = room;
    }
    out->marks[out->mark_count++] = (struct document_mark){(uint32_t)w->text.n, 0, ++w->paragraphs};
}

/* What was struck out, field codes, and what stands twice for older programs. */
static bool is_skipped(const char *name)
{
    static const char *const names[] = {"del", "delText", "instrText", "Fallback", "moveFrom"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (strcmp(name, names[i]) == 0) {
            return true;
        }
    }
    return false;
}

static void line_end(struct word_file *w)
{
    if (w->text.n > 0) {
        buf_char(&w->text, '\n');
    }
}

static void element_begin(struct word_file *w, const char *name, bool empty)
{
    if (is_skipped(name)) {
        w->skipped += empty ? 0 : 1;
    } else if (w->skipped > 0) {
        return;
    } else if (strcmp(name, "p") == 0) {
        line_end(w);
        mark_add(w);
    } else if (strcmp(name, "br") == 0 || strcmp(name, "cr") == 0) {
        buf_char(&w->text, '\n');
    } else if (strcmp(name, "tab") == 0) {
        buf_char(&w->text, ' ');
    }
}

static void text_add(struct word_file *w, const char *text)
{
    for (const char *p = text; *p != '\0'; p++) {
        buf_char(&w->text, *p == '\n' || *p == '\r' || *p == '\t' ? ' ' : *p);
    }
}

/* False when the file is to be refused. */
static bool node_take(struct word_file *w, xmlTextReaderPtr reader, bool *in_text)
{
    const char *name = (const char *)xmlTextReaderConstLocalName(reader);
    const char *value = (const char *)xmlTextReaderConstValue(reader);
    switch (xmlTextReaderNodeType(reader)) {
    case XML_READER_TYPE_DOCUMENT_TYPE:
    case XML_READER_TYPE_ENTITY_REFERENCE: return false; /* no Word file has one */
    case XML_READER_TYPE_ELEMENT: {
        bool empty = xmlTextReaderIsEmptyElement(reader) == 1;
        element_begin(w, name, empty);
        *in_text = strcmp(name, "t") == 0 && !empty;
        return true;
    }
    case XML_READER_TYPE_END_ELEMENT:
        w->skipped -= is_skipped(name) && w->skipped > 0 ? 1 : 0;
        *in_text = false;
        return true;
    case XML_READER_TYPE_TEXT:
    case XML_READER_TYPE_SIGNIFICANT_WHITESPACE:
    case XML_READER_TYPE_CDATA:
        if (*in_text && w->skipped == 0 && value != NULL) {
            text_add(w, value);
        }
        return true;
    default: return true;
    }
}

static enum status paragraphs_read(struct word_file *w)
{
    struct cx *cx = w->cx;
    xmlTextReaderPtr reader = xmlReaderForIO(bytes_read, NULL, w, NULL, NULL, XML_PARSE_NONET);
    bool in_text = false;
    bool good = reader != NULL;
    int more = 1;
    if (good) {
        xmlTextReaderSetErrorHandler(reader, complaint_drop, NULL);
    }
    while (good && (more = xmlTextReaderRead(reader)) == 1 && !buf_is_over(&w->text)) {
        good = node_take(w, reader, &in_text);
    }
    if (reader != NULL) {
        xmlFreeTextReader(reader);
    }
    if (w->over || buf_is_over(&w->text)) {
        return FAIL(cx, E_TOO_LARGE, "document-too-long", "unpacks to more than is read");
    }
    return good && more == 0
               ? OK
               : FAIL(cx, E_INPUT, "document-unreadable", "word/document.xml is broken");
}

static enum status part_open(struct cx *cx, zip_t *zip, zip_file_t **out)
{
    zip_stat_t stat;
    zip_int64_t index = zip_name_locate(zip, "word/document.xml", 0);
    if (index < 0 || zip_stat_index(zip, (zip_uint64_t)index, 0, &stat) != 0) {
        return FAIL(cx, E_INPUT, "document-old", "a ZIP, but no Word file");
    }
    if ((stat.valid & ZIP_STAT_ENCRYPTION_METHOD) != 0 && stat.encryption_method != ZIP_EM_NONE) {
        return FAIL(cx, E_INPUT, "document-encrypted", "an encrypted part");
    }
    *out = zip_fopen_index(zip, (zip_uint64_t)index, 0);
    return *out != NULL ? OK : FAIL(cx, E_INPUT, "document-unreadable", "a part cannot be opened");
}

static enum status zip_read(struct cx *cx, zip_t *zip, struct document *out)
{
    struct word_file w = {.cx = cx, .left = DOCUMENT_UNPACKED_MAX, .out = out};
    TRY(part_open(cx, zip, &w.file));
    buf_init(&w.text, cx->arena, DOCUMENT_TEXT_MAX);
    enum status status = paragraphs_read(&w);
    (void)zip_fclose(w.file);
    out->text = buf_done(&w.text);
    if (status == OK && str_trim(cx->arena, out->text).n == 0) {
        return FAIL(cx, E_INPUT, "document-no-text", "no text in it");
    }
    return status;
}

enum status document_docx(struct cx *cx, Str bytes, struct document *out)
{
    zip_error_t error;
    *out = (struct document){.format = DOCUMENT_DOCX};
    zip_error_init(&error);
    zip_source_t *source = zip_source_buffer_create(bytes.p, bytes.n, 0, &error);
    zip_t *zip = source == NULL ? NULL : zip_open_from_source(source, ZIP_RDONLY, &error);
    if (zip == NULL) {
        if (source != NULL) {
            zip_source_free(source);
        }
        zip_error_fini(&error);
        return FAIL(cx, E_INPUT, "document-unreadable", "no ZIP that can be read");
    }
    zip_error_fini(&error);
    enum status status = zip_read(cx, zip, out);
    zip_discard(zip);
    return status;
}

/* render/document.h - the text of a document that strangers made, PDF or Word, read in a helper
 * process (render/helper.h), with where each line of it stands.
 *
 * Paragraphs end with LF; lines of a PDF that go on in the next one are joined, so that a word that
 * is broken at the edge of the sheet is whole. (1) At most DOCUMENT_BYTES_MAX come in and
 * DOCUMENT_TEXT_MAX go out; what a file unpacks to is counted too. (2) Nothing is run, fetched or
 * followed: no macros, no links, no external entities. (3) What cannot be read is E_INPUT with the
 * reason: "document-empty", "document-encrypted", "document-unreadable", "document-no-text"
 * (pictures only), "document-old", E_TOO_LARGE "document-too-large", "document-too-long".
 */
#ifndef RENDER_DOCUMENT_H
#define RENDER_DOCUMENT_H

#include "render/helper.h"

enum {
    DOCUMENT_BYTES_MAX = 30 << 20,
    DOCUMENT_TEXT_MAX = 4 << 20,
    DOCUMENT_UNPACKED_MAX = 64 << 20,
    DOCUMENT_MARKS_MAX = 400000,
};

enum document_format { DOCUMENT_TEXT, DOCUMENT_PDF, DOCUMENT_DOCX, DOCUMENT_OTHER };

/* From `at` on the text is that of a line. */
struct document_mark {
    uint32_t at;   /* byte of the text */
    uint32_t page; /* from 1; 0 in a document without pages */
    uint32_t line; /* of the page from 1; without pages the paragraph */
};

struct document {
    enum document_format format;
    Str text; /* UTF-8 */
    struct document_mark *marks;
    uint32_t mark_count;
};

/* By the first bytes; whatever is nothing else is taken for text. */
enum document_format document_format_of(Str bytes);

/* Text is looked at here and answered with a mark for each line. */
enum status document_read(struct helper_pool *pool, struct cx *cx, Str bytes, struct document *out);
/* The last mark at or before a byte; NULL in a document without marks. */
const struct document_mark *document_mark_of(const struct document *document, size_t at);

/* Used by the helper, and by tests: reads a Word file here. */
enum status document_docx(struct cx *cx, Str bytes, struct document *out);

#endif

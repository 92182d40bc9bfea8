/* render/sheet.h - sheets of a PDF that strangers made: one drawn as a picture with a mark across
 * it, several documents bound into one to be printed; in a helper process (render/helper.h).
 *
 * The reader of PDF is poppler, opened by name inside the helper: no other process of ours has it.
 * (1) A document is at most SHEET_PDF_BYTES_MAX, all of one binding together too. (2) The mark
 * becomes part of the picture. (3) What cannot be read is E_INPUT "pdf-unreadable", what asks for a
 * password E_INPUT "pdf-locked"; without the library E_BUG "pdf-reader-missing".
 */
#ifndef RENDER_SHEET_H
#define RENDER_SHEET_H

#include "base/date.h"
#include "render/helper.h"

enum { SHEET_PDF_BYTES_MAX = 30 << 20, SHEETS_JOINED_MAX = 64 };

/* How many sheets it has, at least 1. */
enum status sheet_count(struct helper_pool *pool, struct cx *cx, Str pdf, uint32_t *pages);
/* With what acts by itself in it, in the words of pdf_active_words(). */
enum status sheet_look(struct helper_pool *pool, struct cx *cx, Str pdf, uint32_t *pages,
                       Str *active);

struct sheet_picture {
    Str png; /* about a thousand dots wide */
    uint32_t pages;
};

/* Sheet `page`, from 0; E_INPUT "pdf-page-missing" behind the last. */
enum status sheet_draw(struct helper_pool *pool, struct cx *cx, Str pdf, uint32_t page, Str mark,
                       struct sheet_picture *out);

/* All sheets of all documents, in order, as one PDF; `at` is written into it. */
enum status sheets_join(struct helper_pool *pool, struct cx *cx, const Str *pdfs, uint32_t count,
                        Str title, Instant at, Str *out);

#endif

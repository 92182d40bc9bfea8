/* render/xlsx_int.h - parts of an Excel file. Internal to render/xlsx*.c. */
#ifndef RENDER_XLSX_INT_H
#define RENDER_XLSX_INT_H

#include <libxml/xmlreader.h>
#include <zip.h>

#include "render/xlsx.h"

/* One part of the file, read as XML node by node. */
struct xlsx_part {
    struct cx *cx;
    zip_file_t *file;
    xmlTextReaderPtr reader;
    int64_t left; /* bytes that may still be unpacked */
};

/* *out->reader NULL when there is no such part. Ended by xlsx_part_close(), also after a failure.
 */
enum status xlsx_part_open(struct cx *cx, zip_t *zip, const char *name, struct xlsx_part *out);
void xlsx_part_close(struct xlsx_part *part);
/* The next node; *more is false at the end. E_INPUT "sheet-unreadable". */
enum status xlsx_part_next(struct xlsx_part *part, bool *more);
bool xlsx_is_start(const struct xlsx_part *part, const char *name); /* of an element, local name */
bool xlsx_is_end(const struct xlsx_part *part, const char *name);
/* "" when it has none. */
Str xlsx_attribute(const struct xlsx_part *part, const char *name);
/* Texts below the element that stands here, without phonetic ones; moves to its end. */
enum status xlsx_text(struct xlsx_part *part, Str *out);

struct xlsx_strings {
    Str *texts;
    uint32_t count, room;
};

struct xlsx_book {
    Str path;        /* of the sheet that is read */
    uint32_t others; /* sheets beside it */
    bool from_1904;
    struct xlsx_strings strings;
    bool *is_date; /* by style */
    uint32_t style_count;
};

enum status xlsx_book_read(struct cx *cx, zip_t *zip, struct xlsx_book *out);
enum status xlsx_rows_read(struct cx *cx, zip_t *zip, const struct xlsx_book *book,
                           struct sheet *out);

#endif

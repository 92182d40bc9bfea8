/* render/pdf_file.h - reads the frame of a PDF: cross-reference tables, objects, dictionaries.
 *
 * Enough to find what this program wrote into its own papers, and to say of a stranger's file that
 * it is none of them. Streams are never unpacked; nothing is recursive. (1) Whatever the bytes are:
 * nothing outside them is read, and time is bounded by their number: tables may not overlap, and an
 * object longer than PDF_OBJECT_BYTES_MAX (without its stream) is none, or one that many refer to
 * would be read as often. (2) Only classic tables are
 * read, as PDF 1.4 has them. Files with cross-reference streams are refused as pdf-foreign: we
 * never write one.
 */
#ifndef RENDER_PDF_FILE_H
#define RENDER_PDF_FILE_H

#include "base/fail.h"

enum { PDF_OBJECTS_MAX = 1 << 20, PDF_OBJECT_BYTES_MAX = 1 << 18 };

struct pdf_file {
    Str bytes;
    uint32_t count;        /* objects are numbered below this */
    const size_t *offsets; /* of "N 0 obj"; 0 for none */
    Str trailer;           /* the newest, with its brackets */
    size_t xref;           /* offset of the newest table */
};

/* E_INPUT "pdf-broken" (not a PDF, cut short, circular), "pdf-encrypted", "pdf-foreign" (2). */
enum status pdf_open(struct cx *cx, Str bytes, struct pdf_file *out);

/* The next entry of a dictionary ("<<…>>"); at begins at 0. The key is without its slash, the value
 * as it stands. false at the end, or where it is broken. */
bool pdf_next(Str dict, size_t *at, Str *key, Str *value);
/* The value of a key as it stands; "" without it. */
Str pdf_get(Str dict, const char *key);
/* The value of an object, of a stream its dictionary; "" for none. */
Str pdf_object(const struct pdf_file *file, uint32_t number);
/* A value, or what it refers to. */
Str pdf_follow(const struct pdf_file *file, Str value);
/* "N 0 R"; 0 when it is none. */
uint32_t pdf_reference(Str value);
/* The items of an array, at most `most`; their number. */
uint32_t pdf_items(Str array, Str *out, uint32_t most);

/* The dictionary once more, without one key (NULL: none), with `added` behind its entries. */
void pdf_put_dict(struct buf *out, Str dict, const char *without, Str added);

#endif

/* web/file_kind.h - what a file is, by its content, and whether it is made to do harm.
 *
 * libmagic looks at the head; packed documents (DOCX, XLSX, PPTX, OFD) are told apart by what their
 * directory lists. Nothing is unpacked. It blocks on reads: never on a thread that answers.
 * (1) The name decides nothing but one thing: plain text, which has no mark of its own, is taken
 *     only under the name of a text.
 * (2) The type under which a file is kept and sent out again is one of this table, never what a
 *     sender or a library says.
 */
#ifndef WEB_FILE_KIND_H
#define WEB_FILE_KIND_H

#include "base/fail.h"

struct file_kind {
    const char *type;              /* MIME */
    const char *const *extensions; /* the first is the usual one; ends with NULL */
    bool shown;                    /* a browser shows it; else it is downloaded */
    bool framed;                   /* needs no sandbox: images and PDF */
};

/* Bytes of a file: as many as fit from offset, *got 0 at the end. */
struct file_source {
    enum status (*read)(struct cx *cx, void *arg, int64_t offset, void *bytes, size_t room,
                        size_t *got);
    void *arg;
    int64_t size_bytes;
};

/* E_INPUT "file-empty"; E_TYPE "file-type" for what is none of ours; E_INPUT "file-unsafe" for a
 * packed document that unpacks to too much, has too many parts, parts lying over each other, locked
 * ones, or programs and archives inside. */
enum status file_kind_find(struct cx *cx, const struct file_source *source, Str name,
                           const struct file_kind **out);
/* By the type kept in a row; NULL for one that is not of the table. */
const struct file_kind *file_kind_of_type(Str type);

#endif

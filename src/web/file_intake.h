/* web/file_intake.h - a file that has come in becomes a blob, is known by its content and scanned.
 */
#ifndef WEB_FILE_INTAKE_H
#define WEB_FILE_INTAKE_H

#include "web/app.h"
#include "web/file_kind.h"

struct intake_file {
    Str name;
    struct blob_writer **writer; /* the sender's, NULL when there is a blob already */
    Hash sm3;
    int64_t size;
    const struct file_kind *kind;
    const char *status; /* of a material */
    uint32_t pages;     /* of a PDF; 0: unknown */
    Str active;         /* what acts by itself in a PDF (render/pdf_active.h); "" for nothing */
    bool is_locked;     /* a PDF that asks for a password */
};

/* Ends the writer; sets all but the writer. E_TYPE "file-type"; E_INPUT "file-infected"; E_BUSY
 * when no helper is free to look into a PDF. What cannot be read as a PDF stays unknown. Blocks:
 * slow queue only, as the next. */
enum status file_intake_look(struct call *call, struct intake_file *file);
/* Sets the status alone. */
enum status file_intake_scan(struct call *call, struct intake_file *file);

#endif

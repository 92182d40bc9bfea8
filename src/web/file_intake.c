#include "web/file_intake.h"

#include "base/log.h"
#include "link/scan.h"
#include "record/outage.h"
#include "render/sheet.h"
#include "web/blob_look.h"
#include "web/file_name.h"

enum { SCAN_NOW_BYTES = 10 * 1024 * 1024 };

struct blob_source {
    struct blobs *blobs;
    Hash sm3;
};

static enum status blob_part(struct cx *cx, void *arg, int64_t offset, void *bytes, size_t room,
                             size_t *got)
{
    struct blob_source *blob = arg;
    return blob_read(cx, blob->blobs, blob->sm3.b, offset, bytes, room, got);
}

/* A scanner that is away does not stop anybody: the file waits for it. */
enum status file_intake_scan(struct call *call, struct intake_file *file)
{
    struct cx *cx = call->cx;
    struct blob_source blob = {call->app->blobs, file->sm3};
    struct scan_source source = {blob_part, &blob};
    enum scan_verdict verdict = SCAN_CLEAN;
    Str found = {"", 0};
    file->status = call->app->scan == NULL ? "unscanned" : "checking";
    if (call->app->scan == NULL || file->size > SCAN_NOW_BYTES) {
        return OK;
    }
    if (scan_file(cx, call->app->scan, &source, &verdict, &found) != OK) {
        if (!text_is(cx->failure.code, "scan-unreachable")) {
            return cx->failure.status;
        }
        log_failure(cx, "scan");
        cx_forgive(cx);
        return OK;
    }
    if (verdict == SCAN_INFECTED) {
        return FAIL(cx, E_INPUT, "file-infected", "found %s", found.p);
    }
    file->status = verdict == SCAN_CLEAN ? "ready" : "unscanned";
    return OK;
}

static enum status pdf_look(struct cx *cx, struct call *call, Str bytes, void *arg)
{
    struct intake_file *file = arg;
    Str active = {"", 0};
    TRY(sheet_look(call->app->sheets, cx, bytes, &file->pages, &active));
    file->active = str_copy(call->cx->arena, active.p, active.n);
    return OK;
}

static enum status sheets_look(struct call *call, struct intake_file *file)
{
    struct cx *cx = call->cx;
    if (!text_is(file->kind->type, "application/pdf") || file->size > SHEET_PDF_BYTES_MAX) {
        return OK;
    }
    enum status status = blob_look(call, file->sm3, file->size, pdf_look, file);
    if (status == E_BUSY) {
        return status;
    }
    file->is_locked = status != OK && text_is(cx->failure.code, "pdf-locked");
    cx_forgive(cx);
    return OK;
}

enum status file_intake_look(struct call *call, struct intake_file *file)
{
    struct cx *cx = call->cx;
    if (file->writer != NULL) {
        struct blob_writer *writer = *file->writer;
        *file->writer = NULL; /* ended by the next call, whatever becomes of it */
        file->writer = NULL;
        enum status kept = blob_finish(cx, writer, file->sm3.b, &file->size);
        if (kept != OK) {
            outage_note(OUTAGE_UPLOADS, false);
            return kept;
        }
    }
    struct blob_source blob = {call->app->blobs, file->sm3};
    struct file_source source = {blob_part, &blob, file->size};
    TRY(file_kind_find(cx, &source, file->name, &file->kind));
    file->name = file_name_typed(cx->arena, file->name, file->kind->extensions);
    file->active = STR("");
    TRY(file_intake_scan(call, file));
    return sheets_look(call, file);
}

#include "web/blob_look.h"

#include <inttypes.h>

#include "render/sheet.h"

enum { CARRY_BYTES = 96 << 20 };

enum status blob_look(struct call *call, Hash sm3, int64_t size,
                      enum status (*look)(struct cx *own, struct call *call, Str bytes, void *arg),
                      void *arg)
{
    struct cx own;
    Str bytes = {0};
    cx_init(&own, arena_open(CARRY_BYTES));
    enum status status = size > SHEET_PDF_BYTES_MAX
                             ? cx_fail(&own, E_INPUT, "picture-unreadable", __FILE__, __LINE__,
                                       "%" PRId64 " bytes", size)
                             : blob_whole(&own, call->app->blobs, sm3.b, size, &bytes);
    if (status == OK) {
        status = look(&own, call, bytes, arg);
    }
    if (status != OK) {
        const struct failure *f = &own.failure;
        status =
            cx_fail(call->cx, f->status, f->code, f->file, f->line, "%.*s", STR_ARG(f->detail));
    }
    arena_close(own.arena);
    return status;
}

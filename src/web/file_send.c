/* Bytes of materials and papers: with ranges, under a type of ours, and so that a browser runs none
 * of them. */
#include "web/file_send.h"

#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include "base/check.h"
#include "flow/authority.h"
#include "flow/seal.h"
#include "flow/view.h"
#include "web/file_kind.h"
#include "web/file_name.h"
#include "web/handlers.h"

enum { COPY_BYTES = 1024 * 1024 };

/* A file on its way out. */
struct sending {
    Hash sm3;
    int64_t size;
    Str name;
    const char *type;
    bool shown;
    bool framed;
    int64_t from, length;
    bool part;
    int fd;
    int64_t fd_from;
    /* of a paper that must be drawn first */
    Id matter;
    int64_t n;
};

/* --- the answer --- */

/* What a browser may do with it: images and PDF are drawn by itself, in a frame of our pages; the
 * rest has no origin, no scripts, nothing. */
static void say_policy(struct call *call, const struct sending *file)
{
    call_header(call, "Content-Security-Policy",
                file->framed
                    ? STR("default-src 'none'; img-src 'self'; object-src 'self'; "
                          "style-src 'unsafe-inline'; frame-ancestors 'self'")
                    : STR("default-src 'none'; media-src 'self'; sandbox; frame-ancestors 'self'"));
}

static enum status file_answer(struct call *call)
{
    const struct sending *file = call->kept;
    struct http_answer answer = {.status = file->part ? 206 : 200,
                                 .content_type = file->type,
                                 .fd = file->fd,
                                 .fd_offset = file->fd_from,
                                 .fd_length = file->length,
                                 .cacheable = true};
    if (file->part) {
        call_header(call, "Content-Range",
                    str_printf(call->cx->arena, "bytes %" PRId64 "-%" PRId64 "/%" PRId64,
                               file->from, file->from + file->length - 1, file->size));
    }
    answer.headers = call->headers;
    http_answer(call->http, &answer);
    call->answered = true;
    return OK;
}

static enum status outside(struct call *call, const struct sending *file)
{
    enum { RANGE_NOT_SATISFIABLE = 416 };

    call->headers = NULL;
    call_header(call, "Content-Range", str_printf(call->cx->arena, "bytes */%" PRId64, file->size));
    return call_empty(call, RANGE_NOT_SATISFIABLE);
}

/* --- from another store than the disk: the range is fetched into a file without a name --- */

static enum status spool_copy(struct call *call, struct sending *file, int fd)
{
    struct cx *cx = call->cx;
    char *bytes = arena_alloc(cx->arena, COPY_BYTES);
    int64_t left = file->length;
    int64_t offset = file->from;
    while (left > 0) {
        size_t got = 0;
        size_t want = left < COPY_BYTES ? (size_t)left : COPY_BYTES;
        TRY(blob_read(cx, call->app->blobs, file->sm3.b, offset, bytes, want, &got));
        if (got == 0 || write(fd, bytes, got) != (ssize_t)got) {
            return FAIL(cx, E_STORE, "store-failed", "fetching a blob to a file");
        }
        left -= (int64_t)got;
        offset += (int64_t)got;
    }
    return OK;
}

static enum status spool(struct call *call)
{
    struct cx *cx = call->cx;
    struct sending *file = call->kept;
    int fd = open(call->app->data_dir, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    if (fd < 0) {
        return FAIL(cx, E_STORE, "store-failed", "no room for a file to be fetched");
    }
    if (spool_copy(call, file, fd) != OK) {
        (void)close(fd);
        return cx->failure.status;
    }
    file->fd = fd;
    file->fd_from = 0;
    return OK;
}

/* If-Range: the range is only wanted of the very bytes the client has part of. */
static bool range_wanted(const struct call *call, Str etag)
{
    Str condition = http_header(call->http, "If-Range");
    return condition.n == 0 || str_same(condition, etag);
}

static enum status file_send(struct call *call)
{
    struct cx *cx = call->cx;
    struct sending *file = call->kept;
    Str etag = str_printf(cx->arena, "\"%s\"", hash_hex(cx->arena, file->sm3).p);
    Str wanted = range_wanted(call, etag) ? http_header(call->http, "Range") : STR("");
    enum range_kind kind = range_parse(wanted, file->size, &file->from, &file->length);
    if (kind == RANGE_OUTSIDE) {
        return outside(call, file);
    }
    file->part = kind == RANGE_PART;
    say_policy(call, file);
    call_header(call, "ETag", etag);
    call_header(call, "Accept-Ranges", STR("bytes"));
    call_header(call, "Content-Disposition", file_disposition(cx->arena, file->name, file->shown));
    file->fd = blob_open_fd(call->app->blobs, file->sm3.b);
    file->fd_from = file->from;
    return file->fd > 0 ? file_answer(call) : call_slow(call, spool, file_answer);
}

/* --- materials --- */

struct look {
    struct call *call;
    Id matter;
    struct seen seen;
};

static enum status look_read(struct cx *cx, struct sql *sql, void *arg)
{
    struct look *look = arg;
    return matter_see(cx, &look->call->app->house, sql, &look->call->actor, look->matter,
                      &look->seen);
}

static enum status look_at(struct call *call, struct look *look, int64_t *n)
{
    struct cx *cx = call->cx;
    look->call = call;
    TRY(call_id(call, 0, &look->matter));
    if (n != NULL) {
        TRY(call_id(call, 1, n));
    }
    return store_read(cx, call->app->house.store, look_read, look);
}

enum status material_may_open(struct call *call, const struct material *m)
{
    struct cx *cx = call->cx;
    if (m->person == call->actor.person && !str_is(m->status, "refused")) {
        return OK;
    }
    if (str_is(m->status, "checking")) {
        return FAIL(cx, E_STATE, "files-being-checked", "material %" PRId64, m->n);
    }
    return str_is(m->status, "refused")
               ? FAIL(cx, E_STATE, "file-infected", "material %" PRId64, m->n)
               : OK;
}

static enum status material_open(struct call *call, struct look *look, const struct material **out)
{
    struct cx *cx = call->cx;
    int64_t n = 0;
    TRY(look_at(call, look, &n));
    const struct matter *m = look->seen.matter;
    for (uint32_t i = 0; i < m->material_count; i++) {
        if (m->materials[i].n == n && m->materials[i].removed == 0) {
            *out = &m->materials[i];
        }
    }
    if (*out == NULL || !authority_gets(&call->actor, m, look->seen.procedure, (*out)->kind,
                                        tables_current(call->app->tables))) {
        return FAIL(cx, E_NOT_FOUND, "not-found", "no material %" PRId64, n);
    }
    return OK;
}

enum status material_send(struct call *call, const struct material *material)
{
    struct cx *cx = call->cx;
    if (material->fault.n > 0) {
        return FAIL(cx, E_STATE, "pages-refused", "material %" PRId64, material->n);
    }
    if (material_is_unjoined(material)) {
        return FAIL(cx, E_STATE, "pages-being-joined", "material %" PRId64, material->n);
    }
    TRY(material_may_open(call, material));
    const struct file_kind *kind = file_kind_of_type(material->type);
    struct sending *file = arena_new(cx->arena, struct sending);
    *file = (struct sending){.sm3 = material->sm3,
                             .size = material->size,
                             .name = material->name,
                             .type = kind == NULL ? "application/octet-stream" : kind->type,
                             .shown = kind != NULL && kind->shown,
                             .framed = kind != NULL && kind->framed};
    call->kept = file;
    return file_send(call);
}

enum status material_asked(struct call *call, const struct material **out)
{
    struct cx *cx = call->cx;
    struct look look = {.matter = 0};
    *out = NULL;
    TRY(material_open(call, &look, out));
    if ((*out)->fault.n > 0) {
        return FAIL(cx, E_STATE, "pages-refused", "material %" PRId64, (*out)->n);
    }
    return material_may_open(call, *out);
}

enum status blob_send(struct call *call, Hash sm3, int64_t size, Str name, const char *type)
{
    struct sending *file = arena_new(call->cx->arena, struct sending);
    *file = (struct sending){
        .sm3 = sm3, .size = size, .name = name, .type = type, .shown = true, .framed = true};
    call->kept = file;
    return file_send(call);
}

enum status material_show(struct call *call)
{
    struct cx *cx = call->cx;
    struct look look = {.matter = 0};
    const struct material *material = NULL;
    TRY(material_open(call, &look, &material));
    return material_send(call, material);
}

/* --- the list of pages of a material, byte by byte as its hash was taken --- */

static enum status pages_measure(struct call *call)
{
    struct sending *file = call->kept;
    return blob_size(call->cx, call->app->blobs, file->sm3.b, &file->size);
}

enum status material_pages(struct call *call)
{
    struct cx *cx = call->cx;
    struct look look = {.matter = 0};
    const struct material *material = NULL;
    TRY(material_open(call, &look, &material));
    if (!material_is_joined(material)) {
        return FAIL(cx, E_NOT_FOUND, "not-found", "material %" PRId64 " has no pages", material->n);
    }
    struct sending *file = arena_new(cx->arena, struct sending);
    *file = (struct sending){.sm3 = material->pages_sm3,
                             .name = str_printf(cx->arena, "%s.pages.json", material->name.p),
                             .type = "application/json"};
    call->kept = file;
    return call_slow(call, pages_measure, file_send);
}

enum status material_list(struct call *call)
{
    struct cx *cx = call->cx;
    struct look look = {.matter = 0};
    TRY(look_at(call, &look, NULL));
    struct value *view = matter_view(cx, &call->app->house, &look.seen, &call->actor, false);
    if (!call->json) {
        return call_answer(call, view, "materials");
    }
    struct value *answer = value_map(cx->arena);
    value_set(cx->arena, answer, "materials", value_get(view, "materials"));
    return call_answer(call, answer, "materials");
}

/* --- papers --- */

static enum status paper_draw(struct call *call)
{
    struct sending *file = call->kept;
    return call->app->paper_print(call->cx, call->app->paper_arg, file->matter, file->n, &file->sm3,
                                  &file->size);
}

enum status paper_show(struct call *call)
{
    struct cx *cx = call->cx;
    struct look look = {.matter = 0};
    const struct paper *paper = NULL;
    int64_t n = 0;
    call->actor.sealing = true; /* of no meaning for another post */
    TRY(look_at(call, &look, &n));
    bool keeper = str_is(call->actor.post, SEALER_POST);
    for (uint32_t i = 0; i < look.seen.matter->paper_count; i++) {
        const struct paper *one = &look.seen.matter->papers[i];
        if (one->n == n && (!keeper || authority_seals(&call->actor, one))) {
            paper = &look.seen.matter->papers[i];
        }
    }
    if (paper == NULL) {
        return FAIL(cx, E_NOT_FOUND, "not-found", "no paper %" PRId64, n);
    }
    struct sending *file = arena_new(cx->arena, struct sending);
    *file =
        (struct sending){.sm3 = paper->sm3,
                         .size = paper->size,
                         .name = str_printf(cx->arena, "%s%s.pdf", paper->number.p, paper->title.p),
                         .type = "application/pdf",
                         .shown = true,
                         .framed = true,
                         .matter = look.matter,
                         .n = n};
    call->kept = file;
    if (!hash_is_zero(paper->sm3)) {
        return file_send(call);
    }
    return call->app->paper_print != NULL
               ? call_slow(call, paper_draw, file_send)
               : FAIL(cx, E_BUSY, "paper-pending", "paper %" PRId64 " is not drawn yet", n);
}

/* --- what parties wrote, to go on writing in --- */

struct docx_look {
    Id matter;
    const struct paper *paper;
    Str bytes;
};

static enum status docx_write(struct call *call)
{
    struct docx_look *docx = call->kept;
    return call->app->paper_docx(call->cx, call->app->paper_arg, docx->matter, docx->paper->n, NULL,
                                 NULL, &docx->bytes);
}

static enum status docx_send(struct call *call)
{
    struct arena *arena = call->cx->arena;
    const struct docx_look *docx = call->kept;
    Str name = str_printf(arena, "%s.docx", docx->paper->title.p);
    call_header(
        call, "Content-Disposition",
        str_printf(arena, "attachment; filename*=UTF-8''%s", text_percent_encode(arena, name).p));
    struct http_answer answer = {
        .status = 200,
        .content_type = "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        .body = docx->bytes,
        .headers = call->headers};
    http_answer(call->http, &answer);
    call->answered = true;
    return OK;
}

enum status paper_show_docx(struct call *call)
{
    struct cx *cx = call->cx;
    struct look look = {.matter = 0};
    struct docx_look *docx = arena_new(cx->arena, struct docx_look);
    int64_t n = 0;
    TRY(look_at(call, &look, &n));
    docx->matter = look.matter;
    for (uint32_t i = 0; i < look.seen.matter->paper_count; i++) {
        if (look.seen.matter->papers[i].n == n) {
            docx->paper = &look.seen.matter->papers[i];
        }
    }
    if (docx->paper == NULL || call->app->paper_docx == NULL) {
        return FAIL(cx, E_NOT_FOUND, "not-found", "no paper %" PRId64, n);
    }
    call->kept = docx;
    return call_slow(call, docx_write, docx_send);
}

enum status paper_list(struct call *call)
{
    struct cx *cx = call->cx;
    struct look look = {.matter = 0};
    TRY(look_at(call, &look, NULL));
    struct value *view = matter_view(cx, &call->app->house, &look.seen, &call->actor, false);
    if (!call->json) {
        return call_answer(call, view, "papers");
    }
    struct value *answer = value_map(cx->arena);
    value_set(cx->arena, answer, "papers", value_get(view, "papers"));
    return call_answer(call, answer, "papers");
}

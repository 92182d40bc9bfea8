/* Reading a case file at the window of a near court: sheet by sheet, as pictures with the reader's
 * name and the time across them. The file itself leaves its court for nobody, and every sheet that
 * was shown is an event. Papers bound into one PDF, to be printed at once, are made here, too. */
#include <inttypes.h>
#include <string.h>

#include "flow/authority.h"
#include "flow/view.h"
#include "render/sheet.h"
#include "web/file_name.h"
#include "web/handlers.h"

enum {
    CARRY_BYTES = 160 << 20, /* a PDF on its way to a helper, and what comes back */
    MADE_BYTES_MAX = 24 << 20,
};

struct reading {
    struct call *call;
    Id matter;
    struct seen seen;
    int64_t n; /* of the material */
    int64_t page;
    const struct material *file;
    Str mark;
    uint32_t pages;
    Str bytes; /* the picture, or the bound papers */
};

static enum status look_read(struct cx *cx, struct sql *sql, void *arg)
{
    struct reading *r = arg;
    return matter_see(cx, &r->call->app->house, sql, &r->call->actor, r->matter, &r->seen);
}

static enum status look_at(struct call *call, struct reading *r)
{
    struct cx *cx = call->cx;
    r->call = call;
    TRY(call_id(call, 0, &r->matter));
    return store_read(cx, call->app->house.store, look_read, r);
}

/* --- with a helper --- */

/* Work in an arena that a whole PDF fits into: what fails there is the caller's to know. */
static enum status carried(struct call *call,
                           enum status (*work)(struct cx *own, struct reading *r))
{
    struct reading *r = call->kept;
    struct cx own;
    cx_init(&own, arena_open(CARRY_BYTES));
    enum status status = work(&own, r);
    if (status == OK && r->bytes.n > MADE_BYTES_MAX) {
        status = cx_fail(&own, E_TOO_LARGE, "pdf-too-large", __FILE__, __LINE__, "%zu bytes made",
                         r->bytes.n);
    }
    if (status == OK) {
        r->bytes = str_copy(call->cx->arena, r->bytes.p, r->bytes.n);
    } else {
        const struct failure *f = &own.failure;
        status =
            cx_fail(call->cx, f->status, f->code, f->file, f->line, "%.*s", STR_ARG(f->detail));
    }
    arena_close(own.arena);
    return status;
}

static enum status count_work(struct cx *cx, struct reading *r)
{
    Str pdf = {"", 0};
    r->bytes = STR("");
    TRY(blob_whole(cx, r->call->app->blobs, r->file->sm3.b, r->file->size, &pdf));
    return sheet_count(r->call->app->sheets, cx, pdf, &r->pages);
}

static enum status count_slow(struct call *call)
{
    return carried(call, count_work);
}

static enum status draw_work(struct cx *cx, struct reading *r)
{
    Str pdf = {"", 0};
    struct sheet_picture picture = {{"", 0}, 0};
    TRY(blob_whole(cx, r->call->app->blobs, r->file->sm3.b, r->file->size, &pdf));
    TRY(sheet_draw(r->call->app->sheets, cx, pdf, (uint32_t)(r->page - 1), r->mark, &picture));
    r->bytes = picture.png;
    return OK;
}

static enum status draw_slow(struct call *call)
{
    return carried(call, draw_work);
}

/* --- what may be shown --- */

/* Not what is still being joined or scanned, or was found infected. */
static enum status file_ready(struct cx *cx, const struct material *m)
{
    if (m->fault.n > 0 || str_is(m->status, "refused")) {
        return FAIL(cx, E_STATE, m->fault.n > 0 ? "pages-refused" : "file-infected",
                    "material %" PRId64, m->n);
    }
    if (material_is_unjoined(m) || str_is(m->status, "checking")) {
        return FAIL(cx, E_STATE,
                    material_is_unjoined(m) ? "pages-being-joined" : "files-being-checked",
                    "material %" PRId64, m->n);
    }
    return m->size <= SHEET_PDF_BYTES_MAX
               ? OK
               : FAIL(cx, E_TOO_LARGE, "pdf-too-large", "material %" PRId64, m->n);
}

static enum status file_find(struct call *call, struct reading *r)
{
    struct cx *cx = call->cx;
    TRY(sheet_show_check(cx, &call->actor, &r->seen, r->n, &r->file));
    if (r->page < 1) {
        return FAIL(cx, E_NOT_FOUND, "not-found", "sheets are counted from 1");
    }
    return file_ready(cx, r->file);
}

/* Who reads, when and where: of what the window recorded, not of what anybody typed today. */
static Str mark_of(struct call *call, const struct reading *r)
{
    struct arena *arena = call->cx->arena;
    const struct law_tables *tables = call->app->house.tables(call->app->house.tables_arg);
    const struct court *court = court_by_code(tables, call->actor.court);
    Str at = instant_format(arena, clock_now());
    return str_printf(arena, "%.*s 查阅 %.*s %.*s %s",
                      STR_ARG(value_as_str(value_at(r->seen.clear, "visitor.name"))), 10, at.p, 5,
                      at.p + 11, court == NULL ? "" : court->name.p);
}

/* --- the page around it --- */

static struct value *files_view(struct call *call, const struct reading *r)
{
    struct arena *arena = call->cx->arena;
    const struct matter *m = r->seen.matter;
    struct value *list = value_list(arena);
    for (uint32_t i = 0; i < m->material_count; i++) {
        const struct material *one = &m->materials[i];
        if (one->removed != 0 || material_shown_in(r->seen.procedure, one->kind) < 0) {
            continue;
        }
        struct value *row = value_map(arena);
        value_set_int(arena, row, "n", one->n);
        value_set_str(arena, row, "name", one->name);
        value_set_bool(arena, row, "current", one->n == r->n);
        value_set_str(
            arena, row, "href",
            str_printf(arena, "/matters/%" PRId64 "/reading?file=%" PRId64, m->id, one->n));
        value_add(arena, list, row);
    }
    return list;
}

static struct value *sheet_href(struct arena *arena, const struct reading *r, int64_t page)
{
    return page < 1 || page > r->pages
               ? NULL
               : value_str(arena,
                           str_printf(arena,
                                      "/matters/%" PRId64 "/reading?file=%" PRId64 "&page=%" PRId64,
                                      r->matter, r->n, page));
}

static Instant session_ends(const struct matter *m)
{
    for (uint32_t i = m->clock_count; i > 0; i--) {
        if (m->clocks[i - 1].stopped == 0) {
            return m->clocks[i - 1].due;
        }
    }
    return 0;
}

static enum status reading_answer(struct call *call)
{
    struct arena *arena = call->cx->arena;
    struct reading *r = call->kept;
    struct value *view = value_map(arena);
    Instant ends = session_ends(r->seen.matter);
    if (r->file != NULL && r->page > r->pages) {
        return FAIL(call->cx, E_NOT_FOUND, "not-found", "no sheet %" PRId64, r->page);
    }
    value_set_str(arena, view, "id", str_printf(arena, "%" PRId64, r->matter));
    value_set_str(arena, view, "title", r->seen.matter->title);
    value_set(arena, view, "files", files_view(call, r));
    value_set(arena, view, "file", r->file == NULL ? NULL : value_int(arena, r->n));
    value_set(arena, view, "ends",
              ends == 0 ? NULL : value_str(arena, instant_format(arena, ends)));
    if (r->file != NULL) {
        value_set_str(arena, view, "name", r->file->name);
        value_set_int(arena, view, "page_number", r->page);
        value_set_int(arena, view, "pages", r->pages);
        value_set_str(arena, view, "picture",
                      str_printf(arena, "/matters/%" PRId64 "/reading/%" PRId64 "/%" PRId64,
                                 r->matter, r->n, r->page));
        value_set(arena, view, "previous", sheet_href(arena, r, r->page - 1));
        value_set(arena, view, "next", sheet_href(arena, r, r->page + 1));
    }
    return call_answer(call, view, "reading");
}

static int64_t number_said(struct call *call, const char *name, int64_t otherwise)
{
    int64_t number = 0;
    Str said = call_param(call, name);
    return said.n == 0 ? otherwise : str_int(said, &number) ? number : 0;
}

enum status reading_show(struct call *call)
{
    struct cx *cx = call->cx;
    struct reading *r = arena_new(cx->arena, struct reading);
    TRY(look_at(call, r));
    if (!authority_collaborates(&call->actor, r->seen.matter)) {
        return FAIL(cx, E_NOT_FOUND, "not-found", "no reading for this actor");
    }
    call->kept = r;
    r->n = number_said(call, "file", value_get_int(value_item(files_view(call, r), 0), "n"));
    r->page = number_said(call, "page", 1);
    if (r->n == 0 && call_param(call, "file").n == 0) {
        return reading_answer(call); /* the court has added no file: only what it says is read */
    }
    TRY(file_find(call, r));
    return call_slow(call, count_slow, reading_answer);
}

/* --- a sheet --- */

static enum status picture_answer(struct call *call)
{
    const struct reading *r = call->kept;
    call_header(call, "Content-Security-Policy", STR("default-src 'none'; sandbox"));
    struct http_answer answer = {
        .status = 200, .content_type = "image/png", .body = r->bytes, .headers = call->headers};
    http_answer(call->http, &answer);
    call->answered = true;
    return OK;
}

/* Drawn, not yet shown: what is recorded is read anew, for the time may be up by now. */
static enum status picture_record(struct call *call)
{
    struct cx *cx = call->cx;
    struct reading *r = call->kept;
    struct plan *plan = NULL;
    TRY(look_at(call, r));
    TRY(file_find(call, r));
    TRY(sheet_show_prepare(cx, &call->app->house, &call->actor, &r->seen, r->file,
                           (uint32_t)(r->page - 1), &plan));
    return call_plan(call, plan, picture_answer);
}

enum status reading_sheet(struct call *call)
{
    struct cx *cx = call->cx;
    struct reading *r = call->kept;
    if (r != NULL) { /* again, after a race for the matter: the picture is there */
        return picture_record(call);
    }
    r = arena_new(cx->arena, struct reading);
    TRY(look_at(call, r));
    TRY(call_id(call, 1, &r->n));
    TRY(call_id(call, 2, &r->page));
    TRY(file_find(call, r));
    r->mark = mark_of(call, r);
    call->kept = r;
    return call_slow(call, draw_slow, picture_record);
}

/* --- all papers as one document --- */

static enum status papers_work(struct cx *cx, struct reading *r)
{
    const struct app *app = r->call->app;
    const struct matter *m = r->seen.matter;
    Str pdfs[SHEETS_JOINED_MAX];
    for (uint32_t i = 0; i < m->paper_count; i++) {
        const struct paper *paper = &m->papers[i];
        Hash sm3 = paper->sm3;
        int64_t size = paper->size;
        if (hash_is_zero(sm3)) {
            TRY(app->paper_print(cx, app->paper_arg, m->id, paper->n, &sm3, &size));
        }
        TRY(blob_whole(cx, app->blobs, sm3.b, size, &pdfs[i]));
    }
    return sheets_join(app->sheets, cx, pdfs, m->paper_count, m->title, m->updated, &r->bytes);
}

static enum status papers_slow(struct call *call)
{
    return carried(call, papers_work);
}

static enum status papers_answer(struct call *call)
{
    struct arena *arena = call->cx->arena;
    const struct reading *r = call->kept;
    Str name = str_printf(arena, "%.*s 全部文书.pdf", STR_ARG(r->seen.matter->title));
    call_header(call, "Content-Disposition", file_disposition(arena, name, true));
    struct http_answer answer = {.status = 200,
                                 .content_type = "application/pdf",
                                 .body = r->bytes,
                                 .headers = call->headers};
    http_answer(call->http, &answer);
    call->answered = true;
    return OK;
}

enum status papers_bound(struct call *call)
{
    struct cx *cx = call->cx;
    struct reading *r = arena_new(cx->arena, struct reading);
    TRY(look_at(call, r));
    if (r->seen.matter->paper_count == 0 || call->app->paper_print == NULL) {
        return FAIL(cx, E_NOT_FOUND, "not-found", "no papers of matter %" PRId64, r->matter);
    }
    if (r->seen.matter->paper_count > SHEETS_JOINED_MAX) {
        return FAIL(cx, E_TOO_LARGE, "papers-too-many", "%u papers", r->seen.matter->paper_count);
    }
    call->kept = r;
    return call_slow(call, papers_slow, papers_answer);
}

/* HOW IT WORKS. A file arrives in one of three ways: as the body, in a form, or as an upload that
 * is whole already. On the slow queue it becomes a blob, is known by its content and scanned; then
 * material_add() names it. A file that is refused stays a blob without a name and is swept. Pages
 * to be joined go the same way as one file (web/pages_intake.h). */
#include <inttypes.h>
#include <string.h>

#include "base/check.h"
#include "base/json.h"
#include "base/picture.h"
#include "flow/authority.h"
#include "flow/by_hand.h"
#include "flow/evidence.h"
#include "flow/view.h"
#include "record/outage.h"
#include "render/sheet.h"
#include "web/blob_look.h"
#include "web/file_intake.h"
#include "web/file_name.h"
#include "web/handlers.h"
#include "web/pages_intake.h"
#include "web/stream.h"
#include "web/tus.h"

enum { RACES_MAX = 100 };

/* What is kept between the steps of one request. */
struct intake {
    Id matter;
    Str kind;
    struct upload *upload;      /* NULL: the files came with the request */
    struct pages_intake *pages; /* NULL: each file is a material */
    struct intake_file *files;
    uint32_t count;
    bool looked_at; /* all files are blobs, known and scanned */
    uint32_t named;
    uint32_t races; /* lost to other files of the same matter */
    int64_t n;      /* of the one being named */
    struct value *views;
};

static Str matter_path(struct call *call, Id matter, const char *rest)
{
    return str_printf(call->cx->arena, "/matters/%" PRId64 "%s", matter, rest);
}

/* --- looking at the files --- */

static enum status pages_look(struct call *call, struct intake *intake)
{
    struct cx *cx = call->cx;
    struct sent *sent = call->http->stream;
    struct intake_file *file = &intake->files[0];
    if (sent != NULL) {
        TRY(pages_intake_take(call, sent, intake->pages));
    }
    TRY(pages_intake_bind(call, intake->pages));
    *file = (struct intake_file){.name = intake->pages->name,
                                 .sm3 = intake->pages->sm3,
                                 .size = intake->pages->size,
                                 .kind = file_kind_of_type(STR("application/pdf")),
                                 .status = "checking"};
    return intake->pages->later ? OK : file_intake_scan(call, file);
}

/* All of it is read: what was cut off on its way would sign nothing. */
static enum status photo_look(struct call *call, const struct intake_file *file)
{
    struct cx *cx = call->cx;
    struct picture picture;
    Str bytes = {"", 0};
    bool fits = file->size <= SIGNATURE_PHOTO_BYTES_MAX;
    if (fits) {
        TRY(blob_whole(cx, call->app->blobs, file->sm3.b, file->size, &bytes));
    }
    if (!fits || picture_read(bytes, &picture) != PICTURE_GOOD) {
        (void)cx_error(cx, "file", "signature-photo",
                       "签名或者手印的照片要是完整的JPG或者PNG，不超过20MB。请重新拍照上传");
        return FAIL(cx, E_INPUT, "fields", "no whole picture");
    }
    return OK;
}

/* A PDF among the evidence has pages that are numbered through. What nobody can open without a
 * password is said at once; what cannot be read otherwise, or is long, is listed as a file. */
static enum status evidence_look(struct cx *cx, struct intake_file *file)
{
    if (file->is_locked) {
        (void)cx_error(
            cx, "file", "pdf-locked",
            "这份PDF加了密码，法院打不开。请用能打开它的软件去掉密码，或者“打印”成一份新的PDF，再上传");
        return FAIL(cx, E_INPUT, "fields", "asks for a password");
    }
    file->pages = file->pages <= PAGES_MAX ? file->pages : 0;
    return OK;
}

static enum status intake_look(struct call *call)
{
    struct cx *cx = call->cx;
    struct intake *intake = call->kept;
    if (intake->pages != NULL) {
        TRY(pages_look(call, intake));
        intake->looked_at = true;
        return OK;
    }
    if (intake->upload != NULL) {
        TRY(tus_keep(cx, call->app, intake->upload));
        intake->files[0].sm3 = intake->upload->sm3;
    }
    for (uint32_t i = 0; i < intake->count; i++) {
        TRY(file_intake_look(call, &intake->files[i]));
        if (str_is(intake->kind, SIGNATURE_PHOTO)) {
            TRY(photo_look(call, &intake->files[i]));
        } else if (str_is(intake->kind, EVIDENCE_KIND)) {
            TRY(evidence_look(cx, &intake->files[i]));
        } else {
            intake->files[i].pages = 0;
        }
    }
    intake->looked_at = true;
    outage_note(OUTAGE_UPLOADS, true);
    return OK;
}

/* --- naming it --- */

static void plan_scan(struct call *call, struct plan *plan, Id matter, int64_t n)
{
    struct arena *arena = call->cx->arena;
    struct value *payload = value_map(arena);
    value_set_int(arena, payload, "matter", matter);
    value_set_int(arena, payload, "n", n);
    script_add(plan->script,
               SQL("INSERT INTO job (id, kind, payload, due, attempts, lease, state, last_error) "
                   "VALUES (?1, 'scan', ?2, 0, 0, 0, 'waiting', '')"),
               ARGS(SQL_I(plan_id(plan)), SQL_S(json_write(arena, payload))));
}

static enum status name_next(struct call *call);

static void view_add(struct call *call, const struct intake *intake)
{
    const struct change *change = &call->plan->changes[0];
    const struct matter *m = change->after;
    const struct law_tables *tables = tables_current(call->app->tables);
    for (uint32_t i = 0; i < m->material_count; i++) {
        if (m->materials[i].n == intake->n) {
            value_add(call->cx->arena, intake->views,
                      material_view(call->cx, change->procedure, &m->materials[i],
                                    authority_is_staff(&call->actor, m, tables),
                                    call->actor.person));
        }
    }
}

static enum status intake_named(struct call *call)
{
    struct cx *cx = call->cx;
    struct intake *intake = call->kept;
    view_add(call, intake);
    intake->named++;
    if (intake->named < intake->count) {
        return name_next(call);
    }
    call->app->wake_jobs(call->app->wake_arg);
    streams_tell_plan(call->app->streams, call->plan);
    if (intake->upload != NULL) {
        tus_file_remove(call->app, intake->upload->id);
    }
    if (!call->json) { /* back to the act whose page asked for it */
        Str act = call_param(call, "act");
        const char *rest = procedure_act(call->plan->changes[0].procedure, act) == NULL
                               ? "/materials"
                               : arena_printf(cx->arena, "/acts/%s", act.p);
        return call_created(call, matter_path(call, intake->matter, rest), NULL);
    }
    const struct value *view = value_item(intake->views, 0);
    if (intake->count > 1) {
        struct value *all = value_map(cx->arena);
        value_set(cx->arena, all, "materials", intake->views);
        view = all;
    }
    return call_created(
        call,
        matter_path(call, intake->matter,
                    arena_printf(cx->arena, "/materials/%" PRId64, value_get_int(view, "n"))),
        view);
}

static enum status name_next(struct call *call)
{
    struct cx *cx = call->cx;
    struct intake *intake = call->kept;
    struct plan *plan = NULL;
    const struct intake_file *file = &intake->files[intake->named];
    struct material_request request = {.actor = &call->actor,
                                       .matter = intake->matter,
                                       .kind = intake->kind,
                                       .name = file->name,
                                       .type = str_of(file->kind->type),
                                       .size = file->size,
                                       .sm3 = file->sm3,
                                       .status = str_of(file->status),
                                       .pages = file->pages,
                                       .active = file->active,
                                       .began = call->http->began,
                                       .arrived = call->http->arrived};
    if (intake->upload != NULL && intake->upload->arrived != 0) { /* the file was here before */
        request.began = intake->upload->began;
        request.arrived = intake->upload->arrived;
    }
    if (intake->pages != NULL) {
        request.pages = intake->pages->count;
        request.pages_sm3 = intake->pages->list_sm3;
    }
    TRY(material_add(cx, &call->app->house, &request, &plan, &intake->n));
    if (intake->pages != NULL) {
        pages_intake_plan(call, intake->pages, plan, intake->matter, intake->n);
    }
    if (text_is(file->status, "checking") && (intake->pages == NULL || !intake->pages->later)) {
        plan_scan(call, plan, intake->matter, intake->n);
    }
    if (intake->upload != NULL) {
        upload_remove(plan->script, intake->upload->id);
    }
    return call_plan(call, plan, intake_named);
}

/* --- where the files are --- */

static enum status file_missing(struct cx *cx, const char *field)
{
    (void)cx_error(cx, field, "missing", "请选择要上传的文件");
    return FAIL(cx, E_INPUT, "fields", "no file");
}

static enum status files_of_body(struct call *call, struct intake *intake, struct sent *sent)
{
    struct cx *cx = call->cx;
    if (sent->file_count == 0) {
        return file_missing(cx, "file");
    }
    intake->count = sent->file_count;
    intake->files = arena_array(cx->arena, struct intake_file, intake->count);
    for (uint32_t i = 0; i < intake->count; i++) {
        intake->files[i].name = sent->files[i].name;
        intake->files[i].writer = &sent->files[i].writer;
    }
    return OK;
}

static enum status file_of_upload(struct call *call, struct intake *intake)
{
    struct cx *cx = call->cx;
    Str id = value_get_str(call->body, "upload");
    if (id.n == 0) {
        return file_missing(cx, "upload");
    }
    TRY(tus_find(call, id, &intake->upload));
    intake->count = 1;
    intake->files = arena_new(cx->arena, struct intake_file);
    intake->files[0].name = intake->upload->name;
    intake->files[0].size = intake->upload->length;
    return intake->upload->received == intake->upload->length
               ? OK
               : FAIL(cx, E_STATE, "upload-unfinished", "%" PRId64 " of %" PRId64 " bytes",
                      intake->upload->received, intake->upload->length);
}

static enum status pages_begin(struct call *call, struct intake *intake)
{
    struct cx *cx = call->cx;
    if (str_is(intake->kind, SIGNATURE_PHOTO)) {
        (void)cx_error(cx, "file", "signature-photo", "签名或者手印的照片请一张一张上传，不要合成");
        return FAIL(cx, E_INPUT, "fields", "pages of a signature");
    }
    intake->pages = arena_new(cx->arena, struct pages_intake);
    intake->files = arena_new(cx->arena, struct intake_file);
    intake->count = 1;
    return call->http->stream == NULL ? pages_intake_read(call, intake->pages) : OK;
}

/* The plan lost a race: the files need not be looked at again, but an upload may be used up. People
 * choose dozens of files at once, and each round one of them wins: none is turned away for that. */
static enum status name_again(struct call *call)
{
    struct cx *cx = call->cx;
    struct intake *intake = call->kept;
    call->tries = intake->races++ < RACES_MAX ? 0 : call->tries;
    struct upload *upload = NULL;
    if (intake->upload != NULL) {
        TRY(tus_find(call, intake->upload->id, &upload));
    }
    if (intake->pages != NULL) {
        TRY(pages_intake_still_there(call, intake->pages));
    }
    return name_next(call);
}

enum status material_create(struct call *call)
{
    struct cx *cx = call->cx;
    struct intake *intake = call->kept;
    if (intake != NULL && intake->looked_at) {
        return name_again(call);
    }
    intake = arena_new(cx->arena, struct intake);
    call->kept = intake;
    intake->views = value_list(cx->arena);
    TRY(call_id(call, 0, &intake->matter));
    intake->kind = call_param(call, "kind");
    if (intake->kind.n == 0) {
        intake->kind = value_get_str(call->body, "kind");
    }
    if (call->http->stream != NULL) {
        TRY(upload_whole(cx, call->http->stream));
    }
    if (pages_intake_wanted(call)) {
        TRY(pages_begin(call, intake));
    } else if (call->http->stream != NULL) {
        TRY(files_of_body(call, intake, call->http->stream));
    } else {
        TRY(file_of_upload(call, intake));
    }
    return call_slow(call, intake_look, name_next);
}

/* --- taking back --- */

static enum status material_dropped(struct call *call)
{
    Id matter = call->plan->changes[0].after->id;
    call->app->wake_jobs(call->app->wake_arg);
    return call->json ? call_empty(call, 204)
                      : call_done(call, matter_path(call, matter, "/materials"), NULL);
}

enum status material_drop(struct call *call)
{
    struct cx *cx = call->cx;
    struct plan *plan = NULL;
    Id matter = 0;
    int64_t n = 0;
    TRY(call_id(call, 0, &matter));
    TRY(call_id(call, 1, &n));
    TRY(material_remove(cx, &call->app->house, &call->actor, matter, n, &plan));
    return call_plan(call, plan, material_dropped);
}

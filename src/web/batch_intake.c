/* HOW IT WORKS. A spreadsheet comes in like any file and becomes a blob; on the slow queue it is
 * read and understood, and then written with what was found of each row. Files that go with it
 * change what is missing, so that each of them has the sheet understood anew. Nothing is filed
 * here. */
#include <inttypes.h>

#include "record/assistant.h"
#include "web/batch.h"
#include "web/file_intake.h"
#include "web/handlers.h"
#include "web/upload.h"

struct intake {
    struct batch_seen seen; /* of a change; of a new one only what was found of the same file */
    struct batch batch;
    struct batch_file *files; /* as they will be */
    uint32_t file_count;
    struct intake_file *added; /* the last ones of them */
    uint32_t added_count;
    Str kind; /* of material that is added */
    int64_t removed;
    bool looked_at;
    bool is_known; /* the same file was uploaded before, and nothing is left to do with it */
    struct batch_row *rows;
    uint32_t row_count;
    struct script *script;
};

static enum status file_missing(struct cx *cx)
{
    (void)cx_error(cx, "file", "missing", "请选择要上传的文件");
    return FAIL(cx, E_INPUT, "fields", "no file");
}

/* --- understanding --- */

static enum status understand(struct call *call, struct intake *in)
{
    struct cx *cx = call->cx;
    struct actor filer;
    TRY(batch_filer(call, in->batch.person, &filer));
    struct cx own; /* keeps what stays */
    cx_init(&own, batch_arena(call));
    struct arena *arena = arena_open(BATCH_SHEET_ARENA_BYTES);
    struct sheet sheet;
    struct batch_reading reading = {.house = &call->app->house,
                                    .actor = &filer,
                                    .kind = batch_kind_of(call, &in->batch),
                                    .sheet = &sheet,
                                    .files = in->files,
                                    .file_count = in->file_count,
                                    .now = clock_now()};
    enum status status = batch_sheet(call, arena, in->batch.sm3, in->batch.size, &sheet);
    if (status == OK) {
        status = batch_understand(&own, &reading, &in->batch, &in->rows, &in->row_count);
        status = status == OK ? cx_ceiling(&own, __FILE__, __LINE__) : status;
        status = status == OK ? OK : batch_failed(call, &own);
    }
    arena_close(arena);
    return status;
}

/* --- a new one --- */

static enum status same_read(struct cx *cx, struct sql *sql, void *arg)
{
    struct intake *in = arg;
    TRY(batch_find_file(cx, sql, in->batch.person, in->batch.sm3, &in->seen.batch));
    return OK;
}

struct helping {
    Id lawyer, person;
    bool holds;
};

static enum status helping_read(struct cx *cx, struct sql *sql, void *arg)
{
    struct helping *h = arg;
    return assistant_holds(cx, sql, h->lawyer, h->person, &h->holds);
}

/* One that is over, with rows that were not filed, may be tried again as a whole. */
static bool has_nothing_left(const struct batch *b)
{
    return !str_is(b->state, "done") || b->counts.bad + b->counts.failed == 0;
}

/* An assistant is told nothing of what others uploaded for the same person. */
static bool is_shown(const struct call *call, const struct batch *b)
{
    return b->person == call->actor.person || b->prepared_by == call->actor.person;
}

static enum status create_look(struct call *call)
{
    struct cx *cx = call->cx;
    struct intake *in = call->kept;
    struct sent *sent = call->http->stream;
    struct blob_writer *writer = sent->files[0].writer;
    sent->files[0].writer = NULL; /* ended by the next call, whatever becomes of it */
    TRY(blob_finish(cx, writer, in->batch.sm3.b, &in->batch.size));
    if (in->batch.size > SHEET_BYTES_MAX) {
        return FAIL(cx, E_TOO_LARGE, "sheet-too-large", "%" PRId64 " bytes", in->batch.size);
    }
    TRY(store_read(cx, call->app->house.store, same_read, in));
    in->is_known = in->seen.batch != NULL && is_shown(call, in->seen.batch) &&
                   has_nothing_left(in->seen.batch);
    return in->is_known ? OK : understand(call, in);
}

static enum status created(struct call *call)
{
    struct cx *cx = call->cx;
    const struct intake *in = call->kept;
    struct batch_seen seen = {.id = in->batch.id};
    TRY(batch_see(call, &seen));
    return call_created(call, batch_path(cx->arena, seen.id, ""), batch_view(call, &seen));
}

static enum status create_write(struct call *call)
{
    struct cx *cx = call->cx;
    struct intake *in = call->kept;
    if (in->is_known) {
        return batch_answer(call, in->seen.batch->id);
    }
    TRY(sequence_next(cx, call->app->house.sequence, &in->batch.id));
    struct script *script = script_new(cx->arena);
    batch_write_new(script, cx->arena, &in->batch);
    batch_write_rows(script, &in->batch, in->rows, in->row_count);
    return call_script(call, script, created);
}

/* For whom an assistant prepares it: `for`, or `_for` of a form; else for himself. */
static enum status owner_find(struct call *call, Id *out)
{
    struct cx *cx = call->cx;
    struct helping h = {.person = call->actor.person};
    Str said = call_param(call, "for");
    said = said.n > 0 ? said : value_get_str(call->body, "_for");
    *out = call->actor.person;
    if (said.n == 0) {
        return OK;
    }
    if (str_int(said, &h.lawyer)) {
        TRY(store_read(cx, call->app->house.store, helping_read, &h));
    }
    *out = h.lawyer;
    return h.holds ? OK : FAIL(cx, E_DENIED, "assist-denied", "no assistant of %s", said.p);
}

static const struct batch_kind *kind_said(struct call *call)
{
    const struct batch_kinds *kinds = call->app->house.batches;
    Str name = call_param(call, "kind");
    name = name.n > 0 ? name : value_get_str(call->body, "kind");
    return name.n == 0 && kinds->count > 0 ? &kinds->kinds[0] : batch_kind_find(kinds, name);
}

enum status batch_create(struct call *call)
{
    struct cx *cx = call->cx;
    struct sent *sent = call->http->stream;
    struct intake *in = arena_new(cx->arena, struct intake);
    const struct batch_kind *kind = kind_said(call);
    call->kept = in;
    TRY(batch_mine(call));
    TRY(batch_pace(call, false));
    if (sent == NULL) {
        return file_missing(cx);
    }
    TRY(upload_whole(cx, sent));
    if (kind == NULL) {
        (void)cx_error(cx, "kind", "unknown", "没有这类批量事项");
        return FAIL(cx, E_INPUT, "fields", "no such kind of batch");
    }
    if (sent->file_count == 0 || sent->files[0].size == 0) {
        return file_missing(cx);
    }
    Id owner = 0;
    TRY(owner_find(call, &owner));
    in->batch =
        (struct batch){.person = owner,
                       .prepared_by = owner == call->actor.person ? 0 : call->actor.person,
                       .kind = str_of(kind->name),
                       .name = sent->files[0].name.n > 0 ? sent->files[0].name : STR("表格"),
                       .format = STR(""),
                       .created = clock_now()};
    return call_slow(call, create_look, create_write);
}

/* --- what goes with it --- */

static enum status change_apply(struct cx *cx, struct sql *sql, void *arg)
{
    const struct intake *in = arg;
    TRY(batch_claim(cx, sql, in->batch.id, "ready", in->batch.revision));
    return script_run(cx, sql, in->script);
}

static enum status changed(struct call *call)
{
    struct cx *cx = call->cx;
    const struct intake *in = call->kept;
    struct batch_seen seen = {.id = in->batch.id};
    TRY(batch_see(call, &seen));
    const struct value *view = batch_view(call, &seen);
    return in->added_count > 0 ? call_created(call, batch_path(cx->arena, seen.id, ""), view)
                               : call_done(call, batch_path(cx->arena, seen.id, ""), view);
}

static enum status change_write(struct call *call)
{
    struct cx *cx = call->cx;
    struct intake *in = call->kept;
    in->script = script_new(cx->arena);
    batch_write_rows(in->script, &in->batch, in->rows, in->row_count);
    for (uint32_t i = in->file_count - in->added_count; i < in->file_count; i++) {
        batch_file_write(in->script, cx->arena, in->batch.id, &in->files[i]);
    }
    if (in->removed != 0) {
        batch_file_remove(in->script, in->batch.id, in->removed);
    }
    return call_write(call, change_apply, in, changed);
}

/* Those that stay, and room for those that come. */
static void files_keep(struct arena *arena, struct intake *in)
{
    const struct batch_seen *seen = &in->seen;
    in->files = arena_array(arena, struct batch_file, seen->file_count + in->added_count);
    in->file_count = 0;
    for (uint32_t i = 0; i < seen->file_count; i++) {
        if (seen->files[i].n != in->removed) {
            in->files[in->file_count++] = seen->files[i];
        }
    }
}

static void files_add(struct intake *in)
{
    int64_t n = in->seen.file_count == 0 ? 0 : in->seen.files[in->seen.file_count - 1].n;
    for (uint32_t i = 0; i < in->added_count; i++) {
        const struct intake_file *file = &in->added[i];
        in->files[in->file_count++] = (struct batch_file){.n = n + 1 + (int64_t)i,
                                                          .kind = in->kind,
                                                          .name = file->name,
                                                          .type = str_of(file->kind->type),
                                                          .size = file->size,
                                                          .sm3 = file->sm3,
                                                          .status = str_of(file->status)};
    }
}

static enum status change_look(struct call *call)
{
    struct cx *cx = call->cx;
    struct intake *in = call->kept;
    for (uint32_t i = 0; !in->looked_at && i < in->added_count; i++) {
        TRY(file_intake_look(call, &in->added[i]));
    }
    in->looked_at = true;
    files_keep(cx->arena, in);
    files_add(in);
    return understand(call, in);
}

/* Also after a race: the files are looked at once. */
static enum status change_begin(struct call *call, struct intake *in)
{
    struct cx *cx = call->cx;
    in->seen.id = 0;
    TRY(batch_mine(call));
    TRY(batch_see(call, &in->seen));
    in->batch = *in->seen.batch;
    return str_is(in->batch.state, "ready")
               ? OK
               : FAIL(cx, E_STATE, "batch-started", "batch is %s", in->batch.state.p);
}

static bool takes_kind(const struct batch_kind *kind, Str name)
{
    for (uint32_t i = 0; i < kind->act->material_count; i++) {
        if (str_is(name, kind->act->materials[i].kind)) {
            return true;
        }
    }
    return name.n == 0;
}

static enum status files_of_body(struct call *call, struct intake *in)
{
    struct cx *cx = call->cx;
    struct sent *sent = call->http->stream;
    if (sent == NULL) {
        return file_missing(cx);
    }
    TRY(upload_whole(cx, sent));
    if (!takes_kind(batch_kind_of(call, &in->batch), in->kind)) {
        (void)cx_error(cx, "kind", "unknown", "这类案件没有这种材料");
        return FAIL(cx, E_INPUT, "fields", "no such material");
    }
    if (sent->file_count == 0) {
        return file_missing(cx);
    }
    if (in->seen.file_count + sent->file_count > BATCH_FILES_MAX) {
        return FAIL(cx, E_TOO_LARGE, "batch-files", "%u files", in->seen.file_count);
    }
    in->added = arena_array(cx->arena, struct intake_file, sent->file_count);
    in->added_count = sent->file_count;
    for (uint32_t i = 0; i < sent->file_count; i++) {
        in->added[i].name = sent->files[i].name;
        in->added[i].writer = &sent->files[i].writer;
    }
    return OK;
}

enum status batch_file_add(struct call *call)
{
    struct cx *cx = call->cx;
    struct intake *in = call->kept;
    bool again = in != NULL;
    in = again ? in : arena_new(cx->arena, struct intake);
    call->kept = in;
    TRY(change_begin(call, in));
    if (!again) {
        TRY(batch_pace(call, true));
        in->kind = call_param(call, "kind");
        in->kind = in->kind.n > 0 ? in->kind : value_get_str(call->body, "kind");
        TRY(files_of_body(call, in));
    }
    return call_slow(call, change_look, change_write);
}

enum status batch_file_drop(struct call *call)
{
    struct cx *cx = call->cx;
    struct intake *in = arena_new(cx->arena, struct intake);
    bool found = false;
    call->kept = in;
    TRY(change_begin(call, in));
    TRY(call_id(call, 1, &in->removed));
    for (uint32_t i = 0; i < in->seen.file_count; i++) {
        found = found || in->seen.files[i].n == in->removed;
    }
    if (!found) {
        return FAIL(cx, E_NOT_FOUND, "not-found", "no file %" PRId64, in->removed);
    }
    return call_slow(call, change_look, change_write);
}

/* --- away with it --- */

static enum status dropped(struct call *call)
{
    return call->json ? call_empty(call, 204) : call_done(call, STR("/batches"), NULL);
}

enum status batch_drop(struct call *call)
{
    struct cx *cx = call->cx;
    struct intake *in = arena_new(cx->arena, struct intake);
    TRY(change_begin(call, in));
    TRY(batch_own(call, &in->batch));
    in->script = script_new(cx->arena);
    batch_remove(in->script, in->batch.id);
    return call_write(call, change_apply, in, dropped);
}

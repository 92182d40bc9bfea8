/* HOW IT WORKS. POST announces an upload: a row. PATCH appends to DATA/uploads/ID as bytes arrive;
 * whatever ends it, what was written stays, and HEAD tells how much that is. When all has come, the
 * file becomes a blob on the slow queue, and the row learns its hash. */
#include "web/tus.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <pthread.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/check.h"
#include "base/random.h"
#include "record/outage.h"
#include "seal/password.h"
#include "web/file_name.h"
#include "web/handlers.h"

enum { ID_CHARACTERS = 26, COPY_BYTES = 256 * 1024, OPEN_MAX_COUNT = 1000 };

#define OPEN_MAX_BYTES (INT64_C(4) << 30) /* announced by one person at a time */

static const char VERSION[] = "1.0.0";
static const char PIECE_TYPE[] = "application/offset+octet-stream";

/* --- the file --- */

static const char *file_path(struct arena *arena, const struct app *app, Str id)
{
    return arena_printf(arena, "%s/uploads/%s", app->data_dir, id.p);
}

static enum status file_broken(struct cx *cx, const char *what, Str id, int error)
{
    bool full = error == ENOSPC || error == EDQUOT;
    outage_note(OUTAGE_UPLOADS, false);
    return FAIL(cx, E_STORE, full ? "disk-full" : "store-failed", "%s upload %s: %s", what, id.p,
                strerror(error));
}

static enum status file_open(struct cx *cx, const struct app *app, Str id, int *out)
{
    const char *folder = arena_printf(cx->arena, "%s/uploads", app->data_dir);
    if (mkdir(folder, 0700) != 0 && errno != EEXIST) {
        return file_broken(cx, "folder of", id, errno);
    }
    *out = open(file_path(cx->arena, app, id), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    return *out >= 0 ? OK : file_broken(cx, "opening", id, errno);
}

void tus_file_remove(const struct app *app, Str id)
{
    struct arena *arena = arena_open(16 * 1024);
    (void)unlink(file_path(arena, app, id));
    arena_close(arena);
}

void tus_drop(void *app, Str id)
{
    tus_file_remove(app, id);
}

/* --- one writer per upload --- */

struct patch {
    struct patch *next; /* under registry */
    Str id;
    int64_t length;
    pthread_mutex_t lock; /* for the rest */
    int fd;               /* -1 once ended */
    int64_t offset;       /* bytes in the file */
    bool taken_over;
};

static pthread_mutex_t registry = PTHREAD_MUTEX_INITIALIZER; /* before any patch.lock */
static struct patch *writing;

static void registry_enter(void)
{
    check(pthread_mutex_lock(&registry) == 0);
}

static void registry_leave(void)
{
    check(pthread_mutex_unlock(&registry) == 0);
}

static void unlink_patch(const struct patch *patch)
{
    struct patch **link = &writing;
    while (*link != NULL && *link != patch) {
        link = &(*link)->next;
    }
    if (*link != NULL) {
        *link = patch->next;
    }
}

/* Whoever writes to this upload now does so no more. */
static void take_over(Str id)
{
    for (struct patch *each = writing; each != NULL; each = each->next) {
        if (str_same(each->id, id)) {
            check(pthread_mutex_lock(&each->lock) == 0);
            each->taken_over = true;
            check(pthread_mutex_unlock(&each->lock) == 0);
            unlink_patch(each);
            return;
        }
    }
}

/* Under the registry. */
static enum status lock_and_measure(struct cx *cx, struct patch *patch, int64_t offset)
{
    struct stat about;
    take_over(patch->id);
    if (fstat(patch->fd, &about) != 0) {
        return file_broken(cx, "measuring", patch->id, errno);
    }
    if (about.st_size != offset) {
        return FAIL(cx, E_STATE, "upload-offset", "%" PRId64 " said, %" PRId64 " there", offset,
                    (int64_t)about.st_size);
    }
    patch->offset = offset;
    patch->next = writing;
    writing = patch;
    return OK;
}

static enum status patch_open(struct call *call, const struct upload *upload, int64_t offset,
                              struct patch **out)
{
    struct cx *cx = call->cx;
    struct patch *patch = arena_new(cx->arena, struct patch);
    patch->id = upload->id;
    patch->length = upload->length;
    TRY(file_open(cx, call->app, upload->id, &patch->fd));
    check(pthread_mutex_init(&patch->lock, NULL) == 0);
    *out = patch; /* from here on tus_patch_end() closes it */
    registry_enter();
    enum status status = lock_and_measure(cx, patch, offset);
    registry_leave();
    return status;
}

static bool speaks_ours(const struct http_request *request)
{
    Str version = http_header(request, "Tus-Resumable");
    return version.n == 0 || str_is(version, VERSION);
}

static enum status size_header(struct call *call, const char *name, int64_t *out)
{
    struct cx *cx = call->cx;
    Str text = http_header(call->http, name);
    return str_int(text, out) && *out >= 0
               ? OK
               : FAIL(cx, E_READ, "upload-header", "%s: %.40s", name, text.p);
}

enum status tus_patch_begin(struct call *call, Str id, struct patch **patch)
{
    struct cx *cx = call->cx;
    struct upload *upload = NULL;
    int64_t offset = 0;
    int64_t coming = 0;
    *patch = NULL;
    if (!speaks_ours(call->http)) {
        return OK;
    }
    TRY(tus_find(call, id, &upload));
    if (!str_is(call->http->content_type, PIECE_TYPE)) {
        return FAIL(cx, E_TYPE, "body-type", "%.*s", STR_ARG(call->http->content_type));
    }
    TRY(size_header(call, "Upload-Offset", &offset));
    if (!str_int(http_header(call->http, "Content-Length"), &coming)) {
        coming = 0;
    }
    if (!hash_is_zero(upload->sm3) || offset > upload->length) {
        return FAIL(cx, E_STATE, "upload-offset", "the upload has all its bytes");
    }
    if (coming > upload->length - offset) {
        return FAIL(cx, E_TOO_LARGE, "too-large", "more than was announced");
    }
    return patch_open(call, upload, offset, patch);
}

static enum status write_at(struct cx *cx, struct patch *patch, const char *bytes, size_t size)
{
    while (size > 0) {
        ssize_t wrote = pwrite(patch->fd, bytes, size, patch->offset);
        if (wrote < 0 && errno != EINTR) {
            return file_broken(cx, "writing", patch->id, errno);
        }
        if (wrote > 0) {
            patch->offset += wrote;
            bytes += wrote;
            size -= (size_t)wrote;
        }
    }
    return OK;
}

enum status tus_patch_bytes(struct cx *cx, struct patch *patch, const char *bytes, size_t size)
{
    enum status status = OK;
    check(pthread_mutex_lock(&patch->lock) == 0);
    if (patch->taken_over || patch->fd < 0) {
        status = FAIL(cx, E_STATE, "upload-offset", "another connection goes on with this upload");
    } else if ((int64_t)size > patch->length - patch->offset) {
        status = FAIL(cx, E_TOO_LARGE, "too-large", "more than was announced");
    } else {
        status = write_at(cx, patch, bytes, size);
    }
    check(pthread_mutex_unlock(&patch->lock) == 0);
    return status;
}

void tus_patch_end(struct patch *patch)
{
    if (patch->fd < 0) {
        return;
    }
    registry_enter();
    unlink_patch(patch);
    registry_leave();
    (void)close(patch->fd);
    patch->fd = -1;
    check(pthread_mutex_destroy(&patch->lock) == 0);
}

/* --- rows --- */

struct find {
    Str id;
    Id person;
    struct upload *upload;
    int64_t open_count, open_bytes;
};

static enum status find_read(struct cx *cx, struct sql *sql, void *arg)
{
    struct find *find = arg;
    return upload_find(cx, sql, find->id, find->person, &find->upload);
}

enum status tus_find(struct call *call, Str id, struct upload **out)
{
    struct cx *cx = call->cx;
    struct stat about;
    struct find find = {.id = id, .person = call->actor.person};
    TRY(store_read(cx, call->app->house.store, find_read, &find));
    if (find.upload == NULL) {
        return FAIL(cx, E_NOT_FOUND, "not-found", "no upload of this person");
    }
    *out = find.upload;
    if (!hash_is_zero(find.upload->sm3)) {
        find.upload->received = find.upload->length;
    } else {
        bool there = stat(file_path(cx->arena, call->app, id), &about) == 0;
        find.upload->received = there ? about.st_size : 0;
    }
    return OK;
}

/* --- from file to blob --- */

static enum status copy_all(struct cx *cx, int fd, Str id, struct blob_writer *writer)
{
    struct arena_mark mark = arena_mark(cx->arena);
    char *bytes = arena_alloc(cx->arena, COPY_BYTES);
    int64_t offset = 0;
    ssize_t got = 0;
    do {
        got = pread(fd, bytes, COPY_BYTES, offset);
        if (got < 0 && errno != EINTR) {
            return file_broken(cx, "reading", id, errno);
        }
        if (got > 0) {
            TRY(blob_write(cx, writer, bytes, (size_t)got));
            offset += got;
        }
    } while (got != 0);
    arena_rewind(cx->arena, mark);
    return OK;
}

static enum status keep_file(struct cx *cx, struct app *app, struct upload *upload, int fd)
{
    struct blob_writer *writer = NULL;
    int64_t size = 0;
    enum status begun = blob_begin(cx, app->blobs, &writer); /* not by TRY: it must be ended */
    if (begun != OK) {
        return begun;
    }
    if (copy_all(cx, fd, upload->id, writer) != OK) {
        blob_drop(writer);
        return cx->failure.status;
    }
    TRY(blob_finish(cx, writer, upload->sm3.b, &size));
    return size == upload->length ? OK
                                  : FAIL(cx, E_STATE, "upload-unfinished",
                                         "%" PRId64 " of %" PRId64 " bytes", size, upload->length);
}

enum status tus_keep(struct cx *cx, struct app *app, struct upload *upload)
{
    int fd = -1;
    if (!hash_is_zero(upload->sm3)) {
        return OK;
    }
    if (upload->received != upload->length) {
        return FAIL(cx, E_STATE, "upload-unfinished", "%" PRId64 " of %" PRId64 " bytes",
                    upload->received, upload->length);
    }
    enum status status = file_open(cx, app, upload->id, &fd); /* not by TRY: it must be closed */
    if (status != OK) {
        return status;
    }
    status = keep_file(cx, app, upload, fd);
    (void)close(fd);
    return status;
}

/* --- answers --- */

static void say_version(struct call *call)
{
    call->json = true;
    call_header(call, "Tus-Resumable", str_of(VERSION));
}

static void say_number(struct call *call, const char *name, int64_t number)
{
    call_header(call, name, str_printf(call->cx->arena, "%" PRId64, number));
}

static void say_expiry(struct call *call, const struct upload *upload)
{
    char text[64];
    struct tm at;
    time_t seconds = (time_t)((upload->updated + UPLOAD_LIFE_MS) / 1000);
    if (gmtime_r(&seconds, &at) != NULL &&
        strftime(text, sizeof text, "%a, %d %b %Y %H:%M:%S GMT", &at) > 0) {
        call_header(call, "Upload-Expires", str_copy(call->cx->arena, text, strlen(text)));
    }
}

static enum status other_version(struct call *call)
{
    enum { PRECONDITION_FAILED = 412 };

    call_header(call, "Tus-Version", str_of(VERSION));
    return call_empty(call, PRECONDITION_FAILED);
}

enum status upload_options(struct call *call)
{
    say_version(call);
    call_header(call, "Tus-Version", str_of(VERSION));
    call_header(call, "Tus-Extension", STR("creation,termination,expiration"));
    say_number(call, "Tus-Max-Size", UPLOAD_FILE_MAX_BYTES);
    return call_empty(call, 204);
}

/* --- announcing --- */

Str tus_metadata(struct arena *arena, Str header, const char *name)
{
    Str *pairs = NULL;
    size_t count = str_split(arena, header, ',', &pairs);
    for (size_t i = 0; i < count; i++) {
        Str *words = NULL;
        Str value = {"", 0};
        if (str_split(arena, str_trim(arena, pairs[i]), ' ', &words) == 2 &&
            str_is(words[0], name) && base64_decode(arena, words[1], &value) &&
            utf8_is_valid(value.p, value.n)) {
            return value;
        }
    }
    return STR("");
}

static enum status sum_read(struct cx *cx, struct sql *sql, void *arg)
{
    struct find *find = arg;
    return upload_sum(cx, sql, find->person, &find->open_count, &find->open_bytes);
}

static enum status upload_created(struct call *call)
{
    const struct upload *upload = call->kept;
    say_expiry(call, upload);
    call->status = 201;
    call->location = str_printf(call->cx->arena, "/uploads/%s", upload->id.p);
    return OK;
}

static enum status upload_announced(struct call *call, struct upload *upload)
{
    struct cx *cx = call->cx;
    char id[ID_CHARACTERS + 1];
    TRY(size_header(call, "Upload-Length", &upload->length));
    if (upload->length > UPLOAD_FILE_MAX_BYTES) {
        return FAIL(cx, E_TOO_LARGE, "too-large", "%" PRId64 " bytes are announced",
                    upload->length);
    }
    random_code(id, ID_CHARACTERS);
    upload->id = str_copy(cx->arena, id, ID_CHARACTERS);
    upload->person = call->actor.person;
    upload->name = file_name_clean(
        cx->arena, tus_metadata(cx->arena, http_header(call->http, "Upload-Metadata"), "filename"));
    upload->updated = clock_machine();
    upload->began = call->http->began;
    return OK;
}

enum status upload_create(struct call *call)
{
    struct cx *cx = call->cx;
    struct upload *upload = arena_new(cx->arena, struct upload);
    struct script *script = script_new(cx->arena);
    struct find find = {.person = call->actor.person};
    say_version(call);
    if (!speaks_ours(call->http)) {
        return other_version(call);
    }
    TRY(upload_announced(call, upload));
    TRY(store_read(cx, call->app->house.store, sum_read, &find));
    if (find.open_count >= OPEN_MAX_COUNT || find.open_bytes + upload->length > OPEN_MAX_BYTES) {
        return FAIL(cx, E_TOO_LARGE, "uploads-full", "%" PRId64 " uploads of %" PRId64 " bytes",
                    find.open_count, find.open_bytes);
    }
    upload_write_new(script, upload);
    call->kept = upload;
    return call_script(call, script, upload_created);
}

/* --- how far it is --- */

enum status upload_show(struct call *call)
{
    struct cx *cx = call->cx;
    struct upload *upload = NULL;
    say_version(call);
    if (!speaks_ours(call->http)) {
        return other_version(call);
    }
    TRY(tus_find(call, call->args[0], &upload));
    struct value *view = value_map(cx->arena);
    value_set_str(cx->arena, view, "id", upload->id);
    value_set_str(cx->arena, view, "name", upload->name);
    value_set_int(cx->arena, view, "length", upload->length);
    value_set_int(cx->arena, view, "received", upload->received);
    say_number(call, "Upload-Offset", upload->received);
    say_number(call, "Upload-Length", upload->length);
    say_expiry(call, upload);
    return call_answer(call, view, NULL);
}

/* --- a piece --- */

static enum status piece_written(struct call *call)
{
    const struct upload *upload = call->kept;
    outage_note(OUTAGE_UPLOADS, true);
    if (!hash_is_zero(upload->sm3)) {
        tus_file_remove(call->app, upload->id);
    }
    say_number(call, "Upload-Offset", upload->received);
    say_expiry(call, upload);
    return call_empty(call, 204);
}

static enum status piece_noted(struct call *call)
{
    struct script *script = script_new(call->cx->arena);
    upload_write(script, call->kept);
    return call_script(call, script, piece_written);
}

/* Slow: to the disk, and when it was the last piece, into a blob. */
static enum status piece_keep(struct call *call)
{
    struct cx *cx = call->cx;
    struct upload *upload = call->kept;
    struct sent *sent = call->http->stream;
    if (fdatasync(sent->patch->fd) != 0) {
        return file_broken(cx, "syncing", upload->id, errno);
    }
    upload->received = sent->patch->offset;
    upload->updated = clock_machine();
    if (upload->received == upload->length) {
        upload->arrived = call->http->arrived;
    }
    return upload->received == upload->length ? tus_keep(cx, call->app, upload) : OK;
}

enum status upload_append(struct call *call)
{
    struct cx *cx = call->cx;
    struct upload *upload = NULL;
    struct sent *sent = call->http->stream;
    say_version(call);
    if (sent->patch == NULL) {
        return other_version(call);
    }
    TRY(tus_find(call, call->args[0], &upload));
    call->kept = upload;
    return call_slow(call, piece_keep, piece_noted);
}

/* --- away with it --- */

static enum status upload_gone(struct call *call)
{
    tus_file_remove(call->app, call->args[0]);
    return call_empty(call, 204);
}

enum status upload_cancel(struct call *call)
{
    struct cx *cx = call->cx;
    struct upload *upload = NULL;
    struct script *script = script_new(cx->arena);
    say_version(call);
    if (!speaks_ours(call->http)) {
        return other_version(call);
    }
    TRY(tus_find(call, call->args[0], &upload));
    upload_remove(script, upload->id);
    return call_script(call, script, upload_gone);
}

/* HOW IT WORKS. A body that brings files is not read into memory: each file goes to a blob writer
 * as it arrives. Who may not add to the matter is refused before the first byte. */
#include "web/upload.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "base/check.h"
#include "render/document.h"
#include "web/file_name.h"
#include "web/tus.h"

enum { FIELD_MAX_BYTES = 64 * 1024 };

/* --- sinks --- */

static enum status file_begin(struct cx *cx, struct sent *sent, Str name)
{
    if (sent->file_count == UPLOAD_FILES_MAX) {
        return FAIL(cx, E_TOO_LARGE, "too-large", "more than %d files", UPLOAD_FILES_MAX);
    }
    struct sent_file *file = &sent->files[sent->file_count];
    if (sent->kept != NULL && sent->file_count == 1) {
        return FAIL(cx, E_TOO_LARGE, "too-large", "more than one document");
    }
    if (sent->kept == NULL) {
        TRY(blob_begin(cx, sent->app->blobs, &file->writer));
    }
    file->name = file_name_clean(sent->arena, name);
    sent->file_count++;
    return OK;
}

static enum status file_add(struct cx *cx, struct sent *sent, const char *bytes, size_t size)
{
    struct sent_file *file = &sent->files[sent->file_count - 1];
    file->size += (int64_t)size;
    if (sent->kept != NULL) {
        buf_add(sent->kept, bytes, size);
        return buf_is_over(sent->kept)
                   ? FAIL(cx, E_TOO_LARGE,
                          sent->is_paper ? "paper-too-large" : "document-too-large",
                          "past %d bytes", DOCUMENT_BYTES_MAX)
                   : OK;
    }
    if (file->size > UPLOAD_FILE_MAX_BYTES) {
        return FAIL(cx, E_TOO_LARGE, "too-large", "a file past %lld bytes",
                    (long long)UPLOAD_FILE_MAX_BYTES);
    }
    return blob_write(cx, file->writer, bytes, size);
}

static enum status raw_bytes(void *sink, struct cx *cx, const char *bytes, size_t size)
{
    return file_add(cx, sink, bytes, size);
}

static enum status part_begin(void *arg, struct cx *cx, Str name, Str file_name, Str content_type)
{
    struct sent *sent = arg;
    (void)content_type;
    sent->in_file = file_name.n > 0;
    sent->field_name = name;
    if (sent->in_file) {
        return file_begin(cx, sent, file_name);
    }
    buf_init(&sent->field, sent->arena, FIELD_MAX_BYTES);
    return OK;
}

static enum status part_bytes(void *arg, struct cx *cx, const char *bytes, size_t size)
{
    struct sent *sent = arg;
    if (sent->in_file) {
        return file_add(cx, sent, bytes, size);
    }
    buf_add(&sent->field, bytes, size);
    return OK;
}

static enum status part_end(void *arg, struct cx *cx)
{
    struct sent *sent = arg;
    (void)cx;
    if (!sent->in_file && !buf_is_over(&sent->field)) {
        Str text = buf_done(&sent->field);
        if (utf8_is_valid(text.p, text.n) && value_count(sent->fields) < VALUE_MEMBERS_MAX) {
            value_set_key(sent->arena, sent->fields, sent->field_name,
                          value_str(sent->arena, text));
        }
    }
    return OK;
}

static enum status form_bytes(void *sink, struct cx *cx, const char *bytes, size_t size)
{
    struct sent *sent = sink;
    return multipart_add(sent->multipart, cx, bytes, size);
}

static enum status patch_bytes(void *sink, struct cx *cx, const char *bytes, size_t size)
{
    struct sent *sent = sink;
    return sent->patch == NULL ? OK : tus_patch_bytes(cx, sent->patch, bytes, size);
}

static const struct http_sink raw_sink = {raw_bytes, upload_end};
static const struct http_sink form_sink = {form_bytes, upload_end};
static const struct http_sink patch_sink = {patch_bytes, upload_end};

enum status upload_whole(struct cx *cx, struct sent *sent)
{
    return sent->multipart == NULL ? OK : multipart_end(sent->multipart, cx);
}

struct value *upload_fields(void *stream)
{
    struct sent *sent = stream;
    return sent->fields;
}

void upload_end(void *stream)
{
    struct sent *sent = stream;
    if (sent->ended) {
        return;
    }
    sent->ended = true;
    for (uint32_t i = 0; i < sent->file_count; i++) {
        if (sent->files[i].writer != NULL) {
            blob_drop(sent->files[i].writer);
        }
    }
    if (sent->patch != NULL) {
        tus_patch_end(sent->patch);
    }
}

/* --- who may send what --- */

static int64_t declared_bytes(const struct http_request *request)
{
    int64_t size = 0;
    return str_int(http_header(request, "Content-Length"), &size) ? size : 0;
}

/* The part between a prefix and a suffix of the path; "" when it is another path. */
static Str part_of(const struct http_request *request, const char *prefix, const char *suffix)
{
    Str path = request->path;
    size_t before = strlen(prefix);
    size_t after = strlen(suffix);
    if (!str_starts(path, prefix) || !str_ends(path, suffix) || path.n <= before + after) {
        return STR("");
    }
    Str part = str_slice(request->cx.arena, path, before, path.n - after);
    return memchr(part.p, '/', part.n) == NULL ? part : STR("");
}

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

static enum status matter_room(struct cx *cx, const struct matter *m, int64_t coming)
{
    const int64_t most = INT64_C(2) << 30;
    int64_t total = coming;
    for (uint32_t i = 0; i < m->material_count; i++) {
        total += m->materials[i].removed == 0 ? m->materials[i].size : 0;
    }
    return total <= most ? OK
                         : FAIL(cx, E_TOO_LARGE, "matter-full", "%lld bytes", (long long)total);
}

static enum status sender_check(struct call *call, Str id)
{
    struct cx *cx = call->cx;
    struct look look = {.call = call};
    TRY(call_session(call));
    if (call->session == NULL) {
        return FAIL(cx, E_LOGIN, "login-needed", "no session");
    }
    if (!str_int(id, &look.matter) || look.matter <= 0) {
        return FAIL(cx, E_NOT_FOUND, "not-found", "no id");
    }
    TRY(store_read(cx, call->app->house.store, look_read, &look));
    return matter_room(cx, look.seen.matter, declared_bytes(call->http));
}

static enum status raw_name(struct call *call, Str *out)
{
    struct cx *cx = call->cx;
    if (!text_percent_decode(cx->arena, http_header(call->http, "X-Filename"), false, out)) {
        return FAIL(cx, E_READ, "request-unreadable", "X-Filename cannot be decoded");
    }
    return OK;
}

/* A batch is looked for by its handler: what comes is a blob without a name until then. A paper is
 * checked by anybody. */
static enum status filer_check(struct call *call)
{
    struct cx *cx = call->cx;
    TRY(call_session(call));
    return call->session == NULL && !str_is(call->http->path, "/verify/paper")
               ? FAIL(cx, E_LOGIN, "login-needed", "no session")
               : OK;
}

/* Documents that are kept in memory until they are answered: whoever begins many and ends none must
 * neither take the memory nor all places. */
enum { DOCUMENTS_MAX = 8, DOCUMENTS_OF_ONE_MAX = 2, CLIENT_BYTES = 64 };

static pthread_mutex_t places_lock = PTHREAD_MUTEX_INITIALIZER;

static struct {
    char client[CLIENT_BYTES]; /* whose it is; "" for nobody's */
} places[DOCUMENTS_MAX];

struct kept_document {
    struct arena *arena;
    unsigned place;
};

/* DOCUMENTS_MAX: none is free for this client. */
static unsigned place_take(Str client)
{
    char who[CLIENT_BYTES];
    unsigned free_place = DOCUMENTS_MAX;
    unsigned own = 0;
    (void)snprintf(who, sizeof who, "%.*s.", STR_ARG(client));
    check(pthread_mutex_lock(&places_lock) == 0);
    for (unsigned i = 0; i < DOCUMENTS_MAX; i++) {
        own += strcmp(places[i].client, who) == 0;
        free_place = places[i].client[0] == '\0' ? i : free_place;
    }
    if (own >= DOCUMENTS_OF_ONE_MAX) {
        free_place = DOCUMENTS_MAX;
    }
    if (free_place < DOCUMENTS_MAX) {
        memcpy(places[free_place].client, who, sizeof who);
    }
    check(pthread_mutex_unlock(&places_lock) == 0);
    return free_place;
}

static void document_end(void *arg)
{
    struct kept_document *document = arg;
    arena_close(document->arena);
    check(pthread_mutex_lock(&places_lock) == 0);
    places[document->place].client[0] = '\0';
    check(pthread_mutex_unlock(&places_lock) == 0);
}

/* In an arena of its own, until it is answered or its sender has gone. */
static enum status document_keep(struct cx *cx, struct sent *sent, Str client, bool is_paper)
{
    struct kept_document *document = arena_new(cx->arena, struct kept_document);
    document->place = place_take(client);
    if (document->place == DOCUMENTS_MAX) {
        return FAIL(cx, E_BUSY, "busy", "no place for another document in memory");
    }
    document->arena = arena_open((size_t)4 * DOCUMENT_BYTES_MAX);
    arena_defer(cx->arena, document_end, document);
    sent->is_paper = is_paper;
    sent->kept = arena_new(cx->arena, struct buf);
    buf_init(sent->kept, document->arena, DOCUMENT_BYTES_MAX);
    return OK;
}

/* id "": not for a matter, but for a batch. */
static enum status files_begin(struct call *call, struct sent *sent, Str id)
{
    static const struct multipart_sink parts = {part_begin, part_bytes, part_end};
    struct cx *cx = call->cx;
    Str name = {"", 0};
    TRY(id.n == 0 ? filer_check(call) : sender_check(call, id));
    bool is_paper = str_is(call->http->path, "/verify/paper");
    if (is_paper || str_is(call->http->path, "/tools/proofread")) {
        TRY(document_keep(cx, sent, call->http->client, is_paper));
    }
    sent->files = arena_array(cx->arena, struct sent_file, UPLOAD_FILES_MAX);
    if (str_starts(call->http->content_type, "multipart/") && call->http->boundary.n == 0) {
        return FAIL(cx, E_READ, "form-unreadable", "a form without boundary");
    }
    if (call->http->boundary.n > 0) {
        sent->multipart = multipart_open(cx->arena, call->http->boundary, &parts, sent);
        return OK;
    }
    if (declared_bytes(call->http) > UPLOAD_FILE_MAX_BYTES) {
        return FAIL(cx, E_TOO_LARGE, "too-large", "a file of %lld bytes is announced",
                    (long long)declared_bytes(call->http));
    }
    TRY(raw_name(call, &name));
    return file_begin(cx, sent, name);
}

static enum status piece_begin(struct call *call, struct sent *sent, Str id)
{
    struct cx *cx = call->cx;
    TRY(call_session(call));
    if (call->session == NULL) {
        return FAIL(cx, E_LOGIN, "login-needed", "no session");
    }
    return tus_patch_begin(call, id, &sent->patch);
}

static bool is_in_memory(Str content_type)
{
    return str_is(content_type, "application/json") ||
           str_is(content_type, "application/x-www-form-urlencoded");
}

const struct http_sink *upload_want_stream(void *app, struct http_request *request, void **stream)
{
    Str matter = request->method == HTTP_POST && !is_in_memory(request->content_type)
                     ? part_of(request, "/matters/", "/materials")
                     : STR("");
    bool batch = request->method == HTTP_POST && !is_in_memory(request->content_type) &&
                 (str_is(request->path, "/batches") || str_is(request->path, "/tools/proofread") ||
                  str_is(request->path, "/verify/paper") ||
                  part_of(request, "/batches/", "/materials").n > 0);
    Str upload = request->method == HTTP_PATCH ? part_of(request, "/uploads/", "") : STR("");
    if (matter.n == 0 && upload.n == 0 && !batch) {
        return NULL;
    }
    struct call *call = arena_new(request->cx.arena, struct call);
    struct sent *sent = arena_new(request->cx.arena, struct sent);
    request->state = call; /* dispatch goes on with it */
    *call = (struct call){.app = app, .http = request, .cx = &request->cx};
    *sent = (struct sent){.app = app, .arena = request->cx.arena};
    sent->fields = value_map(request->cx.arena);
    *stream = sent;
    enum status status =
        upload.n == 0 ? files_begin(call, sent, matter) : piece_begin(call, sent, upload);
    check((status == OK) == (request->cx.failure.status == OK));
    return upload.n > 0 ? &patch_sink : (sent->multipart != NULL ? &form_sink : &raw_sink);
}

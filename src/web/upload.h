/* web/upload.h - bodies that stream to disk: files for materials, pieces of resumable uploads.
 *
 * upload_want_stream() is asked when the headers of a request are in. It looks up the session and
 * the matter or upload before it accepts a byte; what it accepts goes straight into blob writers or
 * the upload's file. What came is handed to the handler as http_request.stream.
 * (1) A struct sent lives in the request's arena; upload_end() must be called once per request that
 *     has one (dispatch_finished() does), and drops what no handler finished. Idempotent.
 * (2) No more than UPLOAD_FILE_MAX_BYTES per file is ever written, whatever was declared.
 */
#ifndef WEB_UPLOAD_H
#define WEB_UPLOAD_H

#include "record/upload.h"
#include "web/app.h"

#define UPLOAD_FILE_MAX_BYTES (INT64_C(200) * 1024 * 1024)
/* A form may bring several files; for struct http_options.stream_limit_bytes. */
#define UPLOAD_BODY_MAX_BYTES (INT64_C(1024) * 1024 * 1024)

enum { UPLOAD_FILES_MAX = 50 };

struct sent_file {
    Str name; /* as sent, cleaned */
    struct blob_writer *writer;
    int64_t size;
};

struct patch;

struct sent {
    struct app *app;
    struct arena *arena;
    struct sent_file *files; /* of UPLOAD_FILES_MAX */
    uint32_t file_count;
    struct multipart *multipart; /* NULL: the body is one file, or a patch */
    struct value *fields;        /* plain fields of a form */
    struct buf field;            /* the one being read */
    Str field_name;
    bool in_file;
    struct patch *patch; /* web/tus.h */
    struct buf *kept;    /* the file is kept here and in no blob: it is looked at and forgotten */
    bool is_paper;       /* to have its signatures checked; else a document to be proofread */
    bool ended;
};

/* For struct http_options.want_stream; app is the struct app. */
const struct http_sink *upload_want_stream(void *app, struct http_request *request, void **stream);
/* The plain fields of a form that streamed; an empty map for others. */
struct value *upload_fields(void *stream);
void upload_end(void *stream);
/* Closes the form; E_READ "form-unreadable" when it was cut off. For the handler. */
enum status upload_whole(struct cx *cx, struct sent *sent);

#endif

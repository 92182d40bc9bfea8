/* web/http.h - HTTP in and out: libmicrohttpd behind four structs.
 *
 * What it is: a listener with a pool of threads, a header guard, bodies read into memory or
 * streamed, answers, event streams, suspension. What it is not: routes, sessions, pages
 * (web/route.h and up).
 *
 * (1) handle() is called once per request, on a pool thread, when headers are read and the body is
 *     in memory (at most http_options.body_limit_bytes) or, if want_stream() said so, streamed to
 *     the sink given. When request->cx already holds a failure (too large, want_stream() or the
 *     sink refused), the body is missing or incomplete and handle() only has to answer it.
 * (2) handle() either answers (http_answer, http_stream_open) or parks: first http_park(), then
 *     the work is handed out, then the request is not touched any more by handle(), in this order.
 *     Some other thread calls http_unpark() exactly once, as its last use of the request; then
 *     resume() is called on a pool thread and must answer or park again. A parked request notices
 *     no disconnect; when the client is found gone on unparking, resume() is not called.
 * (3) The arena of a request lives from its first header to its last byte. finished() is the last
 *     word about a request and comes exactly once, also for those the guard refused (path is "")
 *     and those whose client went away (status 0).
 * (4) The guard answers 400 before anything else to: Content-Length with Transfer-Encoding, doubled
 *     Content-Length or Host, no Host, Transfer-Encoding other than "chunked", names that are no
 *     tokens, control bytes, folded lines, lines not ended by CR LF, a target that is not a plain
 *     path, a query that cannot be decoded. (A Content-Length that is no number is refused by
 *     libmicrohttpd before the guard sees it, with its head repeated in its body.)
 *     Refused bodies are never parsed as a second request.
 * (5) What a sink collected belongs to handle() once that is called; else abandoned() ends it.
 */
#ifndef WEB_HTTP_H
#define WEB_HTTP_H

#include "base/clock.h"
#include "base/fail.h"

struct http;

enum http_method {
    HTTP_GET,
    HTTP_HEAD,
    HTTP_POST,
    HTTP_PATCH,
    HTTP_DELETE,
    HTTP_OPTIONS,
    HTTP_OTHER
};

struct http_request {
    struct cx cx; /* arena of the request; failure of the handler */
    enum http_method method;
    Str path;             /* decoded, valid UTF-8, begins with "/", no ".." parts, no "//" */
    Str query;            /* raw, without "?" */
    struct value *params; /* decoded query: name to text, the last of doubled names wins */
    Str body;             /* in memory, or "" when streamed */
    Str content_type;     /* lower case, without parameters */
    Str boundary;         /* of multipart/form-data, else "" */
    Str client;           /* address as text; X-Forwarded-For's last when the peer is loopback */
    int64_t started_us;   /* clock_monotonic_us() */
    Instant began;        /* clock_now() when its first line was there */
    Instant arrived;      /* clock_now() when the last of it was there: the moment of receipt */
    void *state;          /* the handler's, kept across park and resume */
    void *stream;         /* what want_stream() returned */
    struct MHD_Connection *connection;
    struct http_exchange *exchange; /* http.c's own */
};

/* Name in any case; "" when absent. */
Str http_header(const struct http_request *request, const char *name);
Str http_cookie(const struct http_request *request, const char *name);

struct http_answer {
    int status;
    const char *content_type; /* NULL for none */
    Str body;                 /* in the request's arena */
    int fd;                   /* file to send instead of body when > 0: closed afterwards */
    int64_t fd_offset, fd_length;
    struct value *headers; /* map name to text, or list of texts for Set-Cookie; NULL for none */
    bool cacheable;        /* adds a strong ETag of the body, answers If-None-Match with 304; of a
                            * file only when headers has an "ETag" */
};

/* Queues the answer. Adds security headers (CSP without inline script or style, nosniff,
 * frame-ancestors 'none', referrer same-origin, no-store unless cacheable), gzip when accepted and
 * worth it (>1 KiB of text), Content-Length. A header given by the caller replaces the one of the
 * same name that would be added. HEAD sends no body. A header name that is no token or a value with
 * a control byte is our own mistake that input could provoke: 500 goes out instead. */
void http_answer(struct http_request *request, const struct http_answer *answer);

void http_park(struct http_request *request);
void http_unpark(struct http_request *request);

/* Server-sent events: answers with an open stream; `next` is called when woken or every 20 s and
 * appends events to out ("" means a comment is sent to keep the line open); false ends the stream.
 * At most http_options.streams_max at once, else E_BUSY. */
struct http_stream;
enum status http_stream_open(struct http_request *request, bool (*next)(void *arg, struct buf *out),
                             void (*closed)(void *arg), void *arg, struct http_stream **out);
void http_stream_wake(struct http_stream *stream); /* from any thread, until closed() was called */

struct http_sink {
    enum status (*bytes)(void *sink, struct cx *cx, const char *bytes, size_t size);
    void (*abandoned)(void *sink); /* the client went away before the end */
};

struct http_options {
    const char *listen;         /* ADDR:PORT; port 0 picks one */
    unsigned threads;           /* 0 means 8 */
    size_t body_limit_bytes;    /* in memory; 413 above */
    int64_t stream_limit_bytes; /* 413 by declared length before reading; cut off in the middle */
    size_t arena_soft_bytes;
    unsigned connections_max;
    unsigned streams_max;
    unsigned stream_tick_ms; /* between signs of life on event streams; 0 means 20 s */
    unsigned head_wait_ms;   /* until the head of a request is there whole; 0 means 60 s. Looked at
                                once in a stream_tick_ms */
    unsigned
        body_wait_ms; /* a body has to bring body_least_bytes in each such time; 0 means 60 s */
    unsigned body_least_bytes; /* 0 means 30 KiB */
    int listen_fd; /* > 0: an open listening socket from the supervisor, instead of listen */
    void (*handle)(void *arg, struct http_request *request);
    void (*resume)(void *arg, struct http_request *request);
    /* Asked when the headers of a POST, PATCH or other writing request are in (not for GET, HEAD,
     * DELETE, OPTIONS). NULL sink: body into memory. Otherwise *stream goes to request->stream and
     * the bytes to sink. A failure recorded in request->cx leads to handle() with that failure and
     * the body unread; the connection ends with that answer. May be NULL. */
    const struct http_sink *(*want_stream)(void *arg, struct http_request *request, void **stream);
    /* sent_bytes: of the body, 0 when it was cut off. May be NULL. */
    void (*finished)(void *arg, struct http_request *request, int status, int64_t sent_bytes);
    void *arg;
};

enum status http_open(struct cx *cx, const struct http_options *options, struct http **out);
int http_port(const struct http *http);
/* Stops accepting, ends the event streams, lets requests under way finish (at most drain_ms), then
 * ends. Requests that are still with a handler or parked after that are not pulled from under it:
 * the listener is then left as it is for the process to end, and the answer is false. */
bool http_close(struct http *http, int drain_ms);

/* --- bodies --- */
/* application/x-www-form-urlencoded to a tree: names are paths ("parties.0.name"), values text with
 * line ends as LF. Of doubled names the last wins; a name ending in "[]" adds to a list instead
 * ("choices[]=a&choices[]=b"). E_READ "form-unreadable". At most 5000 fields. */
enum status http_form_read(struct cx *cx, Str body, struct value **out);

/* multipart/form-data in memory, to a map of texts; a file of text counts as a field of its name,
 * unless a field of that name is not empty. E_READ "form-unreadable", also for what is no text. */
enum status http_multipart_read(struct cx *cx, Str body, Str boundary, struct value **out);

/* multipart/form-data as a push parser, for streams: part_begin with name and file name ("" for a
 * plain field, and for a file field where none was chosen; never a path), part_bytes any number of
 * times, part_end. Pieces may be of any size. E_READ "form-unreadable"; what a sink refuses is
 * handed up. At most 5000 parts, each with at most 8 KiB of headers. Nothing may be added after a
 * failure. */
struct multipart;

struct multipart_sink {
    enum status (*part_begin)(void *arg, struct cx *cx, Str name, Str file_name, Str content_type);
    enum status (*part_bytes)(void *arg, struct cx *cx, const char *bytes, size_t size);
    enum status (*part_end)(void *arg, struct cx *cx);
};
struct multipart *multipart_open(struct arena *arena, Str boundary,
                                 const struct multipart_sink *sink, void *arg);
enum status multipart_add(struct multipart *multipart, struct cx *cx, const char *bytes,
                          size_t size);
/* E_READ "form-unreadable" when the closing boundary was not seen. */
enum status multipart_end(struct multipart *multipart, struct cx *cx);

#endif

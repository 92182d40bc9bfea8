/* web/http_int.h - what the files of the HTTP layer share; nobody else includes it.
 *
 * An exchange is one request with its answer. It is made by the first line of a request, lives in
 * the request's arena and ends in http.c's on_completed().
 * (1) A connection belongs to one pool thread of libmicrohttpd, and so does its exchange. Only
 *     http_unpark() and http_stream_wake() come from elsewhere: they touch nothing but what is
 *     atomic, or under the stream's lock.
 * (2) Locks are taken in this order: http.lock, stream.lock, libmicrohttpd's own. None of ours is
 *     held while a function of the caller runs.
 */
#ifndef WEB_HTTP_INT_H
#define WEB_HTTP_INT_H

#include <microhttpd.h>
#include <pthread.h>
#include <stdatomic.h>

#include "web/http.h"

enum { SPARE_ARENAS_MAX = 64 };

struct http {
    struct http_options options;
    struct MHD_Daemon *daemon;
    int port;
    atomic_bool draining;  /* answers say "Connection: close" */
    atomic_bool stopping;  /* no handler is called any more */
    atomic_bool ending;    /* event streams end */
    atomic_int exchanges;  /* alive */
    atomic_int handling;   /* from handle() to its answer, parked time included */
    pthread_mutex_t lock;  /* for all below */
    pthread_cond_t ticked; /* the ticker waits here to be told that it ends */
    pthread_t ticker;
    bool ticker_ends;
    struct http_stream *streams;
    unsigned stream_count;
    struct http_guest *guests; /* open connections */
    struct arena *spare[SPARE_ARENAS_MAX];
    unsigned spare_count;
};

enum http_phase {
    PHASE_NEW,      /* the request line is known */
    PHASE_BODY,     /* the headers are in, the body arrives */
    PHASE_RUNNING,  /* in handle() or resume() */
    PHASE_PARKED,   /* out of it without an answer */
    PHASE_ANSWERED, /* an answer is queued */
    PHASE_BROKEN    /* no answer could be made: the connection ends */
};

struct http_exchange {
    struct http_request request;
    struct http *http;
    enum http_phase phase;
    Str target; /* raw, as in the request line */

    /* Collected by the guard from the headers. */
    bool closes; /* the answer ends the connection */
    int64_t declared_bytes;
    bool chunked;

    /* The body: into memory, into a sink, or nowhere (failure recorded). */
    char *body; /* malloc'ed, so that growing costs the arena nothing */
    size_t body_bytes, body_room;
    const struct http_sink *sink;
    int64_t received_bytes;

    bool handled; /* handle() was called */
    struct http_stream *stream;
    int status;
    int64_t answer_bytes;
};

/* --- http_guard.c --- */
/* Fills the request from line and headers; NULL when it may be read on, else why it is refused. */
const char *guard_read(struct http_exchange *exchange, const char *method, const char *version);
bool guard_is_token(Str s);
bool guard_is_clean(Str s); /* no control byte but tab */

/* --- http_answer.c --- */
void answer_queue(struct http_exchange *exchange, struct MHD_Response *response, int status);
/* The headers of every answer; `given` (NULL for none) replaces those of the same name. */
bool answer_headers(struct http_exchange *exchange, struct MHD_Response *response,
                    const struct value *given, const char *cache_control);
/* A short text in both languages, for what no handler gets to see. */
void answer_plain(struct http_exchange *exchange, int status, Str text);

/* --- http_patience.c --- */
/* libmicrohttpd's MHD_OPTION_NOTIFY_CONNECTION: knows every open connection. */
void patience_notify(void *http, struct MHD_Connection *connection, void **context,
                     enum MHD_ConnectionNotificationCode what);
void patience_head_came(struct MHD_Connection *connection);
void patience_head_wanted(struct MHD_Connection *connection);
void patience_body_wanted(struct MHD_Connection *connection);
void patience_body_bytes(struct MHD_Connection *connection, size_t size);
void patience_body_came(struct MHD_Connection *connection);
/* Ends connections whose head is not there within options.head_wait_ms, or whose body brought less
 * than options.body_least_bytes in options.body_wait_ms. Under http.lock. */
void patience_end(struct http *http);

/* --- http_stream.c --- */
void *stream_tick(void *http); /* body of the ticker thread */
void stream_end_all(struct http *http);
void stream_completed(struct http_stream *stream);
int64_t stream_sent_bytes(const struct http_stream *stream);

#endif

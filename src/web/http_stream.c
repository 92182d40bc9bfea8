/* A stream with nothing to say is suspended and costs no thread. It is resumed by whoever has news,
 * by the ticker, whose comment also finds out that a client is gone, and by the end. */
#include <string.h>
#include <time.h>

#include "base/check.h"
#include "base/log.h"
#include "web/http_int.h"

enum { EVENTS_BYTES_MAX = 256 * 1024, RESPONSE_BLOCK_BYTES = 1024 };

struct http_stream {
    struct http *http;
    struct http_stream *before, *after; /* under http.lock */
    struct MHD_Connection *connection;
    bool (*next)(void *arg, struct buf *out);
    void (*closed)(void *arg);
    void *arg;

    /* Of the pool thread alone. The arena exists while there is something to send. */
    struct arena *arena;
    Str pending;
    size_t pending_sent;
    int64_t sent_bytes;
    bool is_last;

    pthread_mutex_t lock; /* for the two below */
    bool woken;
    bool suspended;
};

void http_stream_wake(struct http_stream *stream)
{
    check(pthread_mutex_lock(&stream->lock) == 0);
    stream->woken = true;
    if (stream->suspended) {
        stream->suspended = false;
        MHD_resume_connection(stream->connection);
    }
    check(pthread_mutex_unlock(&stream->lock) == 0);
}

static void wake_all(struct http *http)
{
    for (struct http_stream *stream = http->streams; stream != NULL; stream = stream->after) {
        http_stream_wake(stream);
    }
}

void *stream_tick(void *arg)
{
    struct http *http = arg;
    check(pthread_mutex_lock(&http->lock) == 0);
    while (!http->ticker_ends) {
        struct timespec at;
        check(clock_gettime(CLOCK_MONOTONIC, &at) == 0);
        int64_t ns = at.tv_nsec + (int64_t)http->options.stream_tick_ms * 1000000;
        at.tv_sec += ns / 1000000000;
        at.tv_nsec = ns % 1000000000;
        (void)pthread_cond_timedwait(&http->ticked, &http->lock, &at);
        wake_all(http);
        patience_end(http);
    }
    check(pthread_mutex_unlock(&http->lock) == 0);
    return NULL;
}

void stream_end_all(struct http *http)
{
    check(pthread_mutex_lock(&http->lock) == 0);
    atomic_store(&http->ending, true);
    http->ticker_ends = true;
    wake_all(http);
    check(pthread_cond_signal(&http->ticked) == 0);
    check(pthread_mutex_unlock(&http->lock) == 0);
    check(pthread_join(http->ticker, NULL) == 0);
}

/* True when next() is to be asked; else the connection is suspended until somebody wakes it. */
static bool is_due(struct http_stream *stream)
{
    check(pthread_mutex_lock(&stream->lock) == 0);
    bool due = stream->woken || atomic_load(&stream->http->ending);
    stream->woken = false;
    if (!due) {
        stream->suspended = true;
        MHD_suspend_connection(stream->connection);
    }
    check(pthread_mutex_unlock(&stream->lock) == 0);
    return due;
}

static void fill(struct http_stream *stream)
{
    if (atomic_load(&stream->http->ending)) {
        stream->is_last = true;
        return;
    }
    stream->arena = arena_open((size_t)EVENTS_BYTES_MAX * 4);
    struct buf out;
    buf_init(&out, stream->arena, EVENTS_BYTES_MAX);
    stream->is_last = !stream->next(stream->arg, &out);
    if (buf_is_over(&out)) {
        /* Half an event must not go out: the client comes again and asks for what it missed. */
        stream->is_last = true;
        return;
    }
    stream->pending = buf_done(&out);
    if (stream->pending.n == 0 && !stream->is_last) {
        stream->pending = STR(":\n\n");
    }
}

static void drop_sent(struct http_stream *stream)
{
    arena_close(stream->arena);
    stream->arena = NULL;
    stream->pending = STR("");
    stream->pending_sent = 0;
}

static ssize_t on_read(void *cls, uint64_t position, char *out, size_t room)
{
    (void)position;
    struct http_stream *stream = cls;
    if (stream->pending_sent == stream->pending.n) {
        drop_sent(stream);
        if (!stream->is_last && !is_due(stream)) {
            return 0;
        }
        if (!stream->is_last) {
            fill(stream);
        }
        if (stream->pending.n == 0) {
            return MHD_CONTENT_READER_END_OF_STREAM;
        }
    }
    size_t size = stream->pending.n - stream->pending_sent;
    size = size < room ? size : room;
    memcpy(out, stream->pending.p + stream->pending_sent, size);
    stream->pending_sent += size;
    stream->sent_bytes += (int64_t)size;
    return (ssize_t)size;
}

static bool stream_link(struct http_stream *stream)
{
    struct http *http = stream->http;
    check(pthread_mutex_lock(&http->lock) == 0);
    bool has_room = http->stream_count < http->options.streams_max && !atomic_load(&http->ending);
    if (has_room) {
        http->stream_count++;
        stream->after = http->streams;
        if (http->streams != NULL) {
            http->streams->before = stream;
        }
        http->streams = stream;
    }
    check(pthread_mutex_unlock(&http->lock) == 0);
    return has_room;
}

static void stream_unlink(struct http_stream *stream)
{
    struct http *http = stream->http;
    check(pthread_mutex_lock(&http->lock) == 0);
    http->stream_count--;
    if (stream->before == NULL) {
        http->streams = stream->after;
    } else {
        stream->before->after = stream->after;
    }
    if (stream->after != NULL) {
        stream->after->before = stream->before;
    }
    check(pthread_mutex_unlock(&http->lock) == 0);
    check(pthread_mutex_destroy(&stream->lock) == 0);
}

void stream_completed(struct http_stream *stream)
{
    stream->closed(stream->arg);
    stream_unlink(stream);
    arena_close(stream->arena);
}

int64_t stream_sent_bytes(const struct http_stream *stream)
{
    return stream->sent_bytes;
}

static struct MHD_Response *stream_response(struct http_exchange *exchange,
                                            struct http_stream *stream)
{
    /* libmicrohttpd ends the chunks that a HEAD never began: those get an empty body instead. */
    bool is_head = exchange->request.method == HTTP_HEAD;
    struct MHD_Response *response =
        is_head ? MHD_create_response_from_buffer(0, NULL, MHD_RESPMEM_PERSISTENT)
                : MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, RESPONSE_BLOCK_BYTES, on_read,
                                                    stream, NULL);
    if (response == NULL) {
        return NULL;
    }
    /* A proxy in front must not collect events before it passes them on. */
    if (!answer_headers(exchange, response, NULL, "no-store") ||
        MHD_add_response_header(response, "Content-Type", "text/event-stream") != MHD_YES ||
        MHD_add_response_header(response, "X-Accel-Buffering", "no") != MHD_YES) {
        MHD_destroy_response(response);
        return NULL;
    }
    return response;
}

enum status http_stream_open(struct http_request *request, bool (*next)(void *arg, struct buf *out),
                             void (*closed)(void *arg), void *arg, struct http_stream **out)
{
    struct cx *cx = &request->cx;
    struct http_exchange *exchange = request->exchange;
    check(exchange->phase == PHASE_RUNNING);
    struct http_stream *stream = arena_new(cx->arena, struct http_stream);
    *stream = (struct http_stream){.http = exchange->http,
                                   .connection = request->connection,
                                   .next = next,
                                   .closed = closed,
                                   .arg = arg,
                                   .woken = true};
    check(pthread_mutex_init(&stream->lock, NULL) == 0);
    struct MHD_Response *response = stream_response(exchange, stream);
    if (response == NULL || !stream_link(stream)) {
        check(pthread_mutex_destroy(&stream->lock) == 0);
        if (response != NULL) {
            MHD_destroy_response(response);
        }
        return FAIL(cx, E_BUSY, "busy", "%u event streams are open",
                    exchange->http->options.streams_max);
    }
    *out = stream;
    exchange->stream = stream;
    answer_queue(exchange, response, MHD_HTTP_OK);
    return OK;
}

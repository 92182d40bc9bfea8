#include "web/http.h"

#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/check.h"
#include "base/log.h"
#include "web/http_int.h"

enum {
    THREADS_DEFAULT = 8,
    CONNECTION_BYTES = 16 * 1024, /* also bounds a request's headers; 5,000 idle ones are 80 MB */
    CONNECTIONS_DEFAULT = 8000,
    ARENA_DEFAULT_BYTES = 8 << 20,
    BACKLOG = 1024,
    IDLE_TIMEOUT_S = 60,
    BODY_FIRST_BYTES = 16 * 1024,
    /* A refused body is read to its end up to this, so that its sender reads our answer instead of
     * a reset. */
    DISCARD_BYTES_MAX = 1 << 20,
    STREAM_TICK_MS = 20000,
    HEAD_WAIT_MS = 60000,
    BODY_WAIT_MS = 60000,
    BODY_LEAST_BYTES = 30 * 1024, /* half a KiB a second: far below any line that still works */
    DRAIN_POLL_MS = 2,
    /* libmicrohttpd 0.9.75 knows a single strictness, a Host that has to be there, and answers its
     * absence with the head sent twice: there the guard does it. */
    STRICTNESS = MHD_VERSION > 0x00097600 ? 1 : 0
};

/* --- the life of an exchange --- */

static struct arena *arena_take(struct http *http)
{
    struct arena *arena = NULL;
    check(pthread_mutex_lock(&http->lock) == 0);
    if (http->spare_count > 0) {
        arena = http->spare[--http->spare_count];
    }
    check(pthread_mutex_unlock(&http->lock) == 0);
    return arena != NULL ? arena : arena_open(http->options.arena_soft_bytes);
}

static void arena_give(struct http *http, struct arena *arena)
{
    arena_reset(arena);
    check(pthread_mutex_lock(&http->lock) == 0);
    if (http->spare_count < SPARE_ARENAS_MAX) {
        http->spare[http->spare_count++] = arena;
        arena = NULL;
    }
    check(pthread_mutex_unlock(&http->lock) == 0);
    arena_close(arena);
}

/* First word of a request: its target, before libmicrohttpd decodes and splits it. */
static void *on_target(void *cls, const char *target, struct MHD_Connection *connection)
{
    struct http *http = cls;
    struct arena *arena = arena_take(http);
    struct http_exchange *exchange = arena_new(arena, struct http_exchange);
    struct http_request *request = &exchange->request;
    cx_init(&request->cx, arena);
    request->path = request->query = request->body = STR("");
    request->content_type = request->boundary = request->client = STR("");
    request->params = value_map(arena);
    request->started_us = clock_monotonic_us();
    request->began = clock_now();
    request->connection = connection;
    request->exchange = exchange;
    exchange->http = http;
    exchange->phase = PHASE_NEW;
    exchange->target = str_copy(arena, target, strlen(target));
    atomic_fetch_add(&http->exchanges, 1);
    return exchange;
}

static bool is_with_handler(const struct http_exchange *exchange)
{
    return exchange->phase == PHASE_RUNNING || exchange->phase == PHASE_PARKED;
}

static void on_completed(void *cls, struct MHD_Connection *connection, void **con_cls,
                         enum MHD_RequestTerminationCode how)
{
    struct http *http = cls;
    struct http_exchange *exchange = *con_cls;
    if (exchange == NULL) {
        return;
    }
    patience_body_came(connection);
    patience_head_wanted(connection);
    *con_cls = NULL;
    if (is_with_handler(exchange)) { /* unparked, but the client is gone */
        atomic_fetch_sub(&http->handling, 1);
    }
    int64_t sent_bytes = how == MHD_REQUEST_TERMINATED_COMPLETED_OK ? exchange->answer_bytes : 0;
    if (exchange->stream != NULL) {
        sent_bytes = stream_sent_bytes(exchange->stream);
        stream_completed(exchange->stream);
    }
    if (exchange->sink != NULL && !exchange->handled) {
        exchange->sink->abandoned(exchange->request.stream);
    }
    if (http->options.finished != NULL && exchange->phase != PHASE_NEW) {
        int status = exchange->phase == PHASE_ANSWERED ? exchange->status : 0;
        http->options.finished(http->options.arg, &exchange->request, status, sent_bytes);
    }
    if (atomic_load(&http->handling) == 0) {
        log_flush(); /* nobody comes behind this one for now */
    }
    free(exchange->body);
    arena_give(http, exchange->request.cx.arena);
    atomic_fetch_sub(&http->exchanges, 1);
}

/* Calls handle() or resume() and says what libmicrohttpd shall do with the connection. Once the
 * request is parked it may be unparked at any moment, but libmicrohttpd does nothing with it until
 * this thread, which is its own, has returned. */
static enum MHD_Result exchange_run(struct http_exchange *exchange,
                                    void (*run)(void *arg, struct http_request *request))
{
    struct http *http = exchange->http;
    exchange->phase = PHASE_RUNNING;
    exchange->handled = true;
    run(http->options.arg, &exchange->request);
    if (exchange->phase == PHASE_PARKED) {
        return MHD_YES;
    }
    check(exchange->phase == PHASE_ANSWERED || exchange->phase == PHASE_BROKEN); /* (2) */
    atomic_fetch_sub(&http->handling, 1);
    return exchange->phase == PHASE_ANSWERED ? MHD_YES : MHD_NO;
}

static enum MHD_Result exchange_handle(struct http_exchange *exchange)
{
    struct http *http = exchange->http;
    /* First counted, then asked: http_close() sets first and counts then, so that one of both sees
     * the other. */
    atomic_fetch_add(&http->handling, 1);
    if (atomic_load(&http->stopping)) {
        atomic_fetch_sub(&http->handling, 1);
        return MHD_NO;
    }
    return exchange_run(exchange, http->options.handle);
}

/* --- bodies --- */

static bool is_writing(enum http_method method)
{
    return method == HTTP_POST || method == HTTP_PATCH || method == HTTP_OTHER;
}

static enum status too_large(struct http_exchange *exchange, int64_t limit_bytes)
{
    struct cx *cx = &exchange->request.cx;
    return FAIL(
        cx, E_TOO_LARGE, "too-large", "body of %lld bytes or more, limit is %lld",
        (long long)(exchange->chunked ? exchange->received_bytes : exchange->declared_bytes),
        (long long)limit_bytes);
}

/* Where the body will go; a failure when it is refused unread. */
static enum status body_begin(struct http_exchange *exchange)
{
    const struct http_options *options = &exchange->http->options;
    struct http_request *request = &exchange->request;
    int64_t most = (int64_t)options->body_limit_bytes;
    if (options->want_stream != NULL && is_writing(request->method)) {
        most = most > options->stream_limit_bytes ? most : options->stream_limit_bytes;
        if (exchange->declared_bytes > most) {
            return too_large(exchange, most);
        }
        exchange->sink = options->want_stream(options->arg, request, &request->stream);
    }
    most =
        exchange->sink != NULL ? options->stream_limit_bytes : (int64_t)options->body_limit_bytes;
    if (request->cx.failure.status == OK && exchange->declared_bytes > most) {
        return too_large(exchange, most);
    }
    return request->cx.failure.status;
}

/* A declared length is a claim: memory follows what arrives. */
static void body_keep(struct http_exchange *exchange, const char *bytes, size_t size)
{
    size_t needed = exchange->body_bytes + size + 1;
    if (needed > exchange->body_room) {
        size_t room = exchange->body_room == 0 ? BODY_FIRST_BYTES : exchange->body_room * 2;
        room = room < needed ? needed : room;
        exchange->body = realloc(exchange->body, room);
        check(exchange->body != NULL);
        exchange->body_room = room;
    }
    memcpy(exchange->body + exchange->body_bytes, bytes, size);
    exchange->body_bytes += size;
    exchange->body[exchange->body_bytes] = '\0';
}

static enum MHD_Result body_add(struct http_exchange *exchange, const char *bytes, size_t size)
{
    const struct http_options *options = &exchange->http->options;
    struct cx *cx = &exchange->request.cx;
    int64_t limit_bytes =
        exchange->sink != NULL ? options->stream_limit_bytes : (int64_t)options->body_limit_bytes;
    exchange->received_bytes += (int64_t)size;
    if (cx->failure.status == OK && exchange->received_bytes > limit_bytes) {
        (void)too_large(exchange, limit_bytes);
    }
    if (cx->failure.status != OK) {
        int64_t most = limit_bytes + DISCARD_BYTES_MAX;
        return exchange->received_bytes <= most ? MHD_YES : MHD_NO;
    }
    if (exchange->sink != NULL) {
        enum status status = exchange->sink->bytes(exchange->request.stream, cx, bytes, size);
        check((status == OK) == (cx->failure.status == OK));
    } else {
        body_keep(exchange, bytes, size);
    }
    return MHD_YES;
}

/* --- libmicrohttpd calls --- */

static enum MHD_Result exchange_begin(struct http_exchange *exchange, const char *method,
                                      const char *version)
{
    exchange->phase = PHASE_BODY;
    const char *refusal = guard_read(exchange, method, version);
    if (refusal != NULL) {
        exchange->closes = true;
        exchange->phase = PHASE_RUNNING;
        answer_plain(exchange, MHD_HTTP_BAD_REQUEST,
                     STR("请求无法识别。\nThe request cannot be read.\n"));
        return exchange->phase == PHASE_ANSWERED ? MHD_YES : MHD_NO;
    }
    if (body_begin(exchange) != OK && (exchange->declared_bytes > 0 || exchange->chunked)) {
        /* An answer queued before the body makes libmicrohttpd end the connection after it. */
        exchange->closes = true;
        return exchange_handle(exchange);
    }
    patience_body_wanted(exchange->request.connection);
    return MHD_YES;
}

static enum MHD_Result on_access(void *cls, struct MHD_Connection *connection, const char *url,
                                 const char *method, const char *version, const char *upload,
                                 size_t *upload_size, void **con_cls)
{
    (void)url;
    struct http *http = cls;
    struct http_exchange *exchange = *con_cls;
    size_t size = *upload_size;
    *upload_size = 0;
    switch (exchange->phase) {
    case PHASE_NEW:
        patience_head_came(connection);
        return exchange_begin(exchange, method, version);
    case PHASE_BODY:
        if (size > 0) {
            patience_body_bytes(connection, size);
            return body_add(exchange, upload, size);
        }
        patience_body_came(connection);
        exchange->request.arrived = clock_now();
        exchange->request.body =
            (Str){exchange->body == NULL ? "" : exchange->body, exchange->body_bytes};
        return exchange_handle(exchange);
    case PHASE_PARKED: /* unparked; or parked before its refused body arrived, which comes first */
        if (size > 0) {
            return body_add(exchange, upload, size);
        }
        return exchange_run(exchange, http->options.resume);
    case PHASE_ANSWERED:
    case PHASE_BROKEN:
    case PHASE_RUNNING: break;
    }
    return exchange->phase == PHASE_ANSWERED ? MHD_YES : MHD_NO;
}

void http_park(struct http_request *request)
{
    struct http_exchange *exchange = request->exchange;
    check(exchange->phase == PHASE_RUNNING); /* (2): in handle() or resume(), once */
    exchange->phase = PHASE_PARKED;
    MHD_suspend_connection(request->connection);
}

void http_unpark(struct http_request *request)
{
    MHD_resume_connection(request->connection);
}

/* libmicrohttpd decodes targets in place; ours are decoded by the guard. */
static size_t on_unescape(void *cls, struct MHD_Connection *connection, char *text)
{
    (void)cls;
    (void)connection;
    return strlen(text);
}

__attribute__((format(printf, 2, 0))) static void on_log(void *cls, const char *format,
                                                         va_list args)
{
    (void)cls;
    char text[256];
    (void)vsnprintf(text, sizeof text, format, args);
    text[strcspn(text, "\r\n")] = '\0';
    log_text(LOG_DEBUG, "http-library", "%s", text);
}

/* --- opening and closing --- */

static enum status address_split(struct cx *cx, const char *listen_text, Str *host, Str *port)
{
    const char *colon = strrchr(listen_text, ':');
    int64_t number = 0;
    *port = str_of(colon == NULL ? "" : colon + 1);
    if (colon == NULL || !str_int(*port, &number) || number < 0 || number > 65535) {
        return FAIL(cx, E_READ, "listen-unreadable", "not ADDR:PORT: %s", listen_text);
    }
    size_t size = (size_t)(colon - listen_text);
    if (size >= 2 && listen_text[0] == '[' && listen_text[size - 1] == ']') {
        *host = str_copy(cx->arena, listen_text + 1, size - 2);
    } else {
        *host = str_copy(cx->arena, listen_text, size);
    }
    return OK;
}

static int socket_listening(const struct addrinfo *at)
{
    int on = 1;
    int fd = socket(at->ai_family, at->ai_socktype | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0) {
        return -1;
    }
    if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) != 0 ||
        bind(fd, at->ai_addr, at->ai_addrlen) != 0 || listen(fd, BACKLOG) != 0) {
        int error = errno;
        (void)close(fd);
        errno = error;
        return -1;
    }
    return fd;
}

static enum status socket_open(struct cx *cx, const char *listen_text, int *out)
{
    Str host;
    Str port;
    TRY(address_split(cx, listen_text, &host, &port));
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE | AI_NUMERICSERV};
    struct addrinfo *found = NULL;
    int error = getaddrinfo(host.n == 0 ? NULL : host.p, port.p, &hints, &found);
    if (error != 0) {
        return FAIL(cx, E_READ, "listen-unreadable", "%s: %s", listen_text, gai_strerror(error));
    }
    *out = socket_listening(found);
    freeaddrinfo(found);
    if (*out < 0) {
        return FAIL(cx, E_STORE, "listen-failed", "%s: %s", listen_text, strerror(errno));
    }
    return OK;
}

static int socket_port(int fd)
{
    struct sockaddr_storage at = {.ss_family = AF_UNSPEC};
    socklen_t size = sizeof at;
    char port[NI_MAXSERV] = "0";
    int64_t number = 0;
    if (getsockname(fd, (struct sockaddr *)&at, &size) != 0 ||
        getnameinfo((struct sockaddr *)&at, size, NULL, 0, port, sizeof port, NI_NUMERICSERV) !=
            0 ||
        !str_int(str_of(port), &number)) {
        return 0;
    }
    return (int)number;
}

static struct MHD_Daemon *daemon_start(struct http *http, int fd)
{
    const struct http_options *options = &http->options;
    return MHD_start_daemon(
        MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ERROR_LOG, 0, NULL, NULL,
        on_access, http, MHD_OPTION_EXTERNAL_LOGGER, on_log, NULL, MHD_OPTION_LISTEN_SOCKET, fd,
        MHD_OPTION_THREAD_POOL_SIZE, options->threads, MHD_OPTION_CONNECTION_LIMIT,
        options->connections_max, MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)IDLE_TIMEOUT_S,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)CONNECTION_BYTES, MHD_OPTION_URI_LOG_CALLBACK,
        on_target, http, MHD_OPTION_UNESCAPE_CALLBACK, on_unescape, NULL,
        MHD_OPTION_NOTIFY_COMPLETED, on_completed, http, MHD_OPTION_NOTIFY_CONNECTION,
        patience_notify, http, MHD_OPTION_STRICT_FOR_CLIENT, STRICTNESS, MHD_OPTION_END);
}

static void http_free(struct http *http)
{
    for (unsigned i = 0; i < http->spare_count; i++) {
        arena_close(http->spare[i]);
    }
    check(pthread_cond_destroy(&http->ticked) == 0);
    check(pthread_mutex_destroy(&http->lock) == 0);
    free(http);
}

static struct http *http_new(const struct http_options *options)
{
    struct http *http = calloc(1, sizeof *http);
    check(http != NULL);
    http->options = *options;
    struct http_options *own = &http->options;
    own->threads = own->threads == 0 ? THREADS_DEFAULT : own->threads;
    own->connections_max = own->connections_max == 0 ? CONNECTIONS_DEFAULT : own->connections_max;
    own->connections_max =
        own->connections_max < own->threads ? own->threads : own->connections_max;
    own->stream_tick_ms = own->stream_tick_ms == 0 ? STREAM_TICK_MS : own->stream_tick_ms;
    own->head_wait_ms = own->head_wait_ms == 0 ? HEAD_WAIT_MS : own->head_wait_ms;
    own->body_wait_ms = own->body_wait_ms == 0 ? BODY_WAIT_MS : own->body_wait_ms;
    own->body_least_bytes = own->body_least_bytes == 0 ? BODY_LEAST_BYTES : own->body_least_bytes;
    own->arena_soft_bytes =
        own->arena_soft_bytes == 0 ? ARENA_DEFAULT_BYTES : own->arena_soft_bytes;
    pthread_condattr_t monotonic;
    check(pthread_condattr_init(&monotonic) == 0);
    check(pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC) == 0);
    check(pthread_cond_init(&http->ticked, &monotonic) == 0);
    check(pthread_condattr_destroy(&monotonic) == 0);
    check(pthread_mutex_init(&http->lock, NULL) == 0);
    return http;
}

enum status http_open(struct cx *cx, const struct http_options *options, struct http **out)
{
    check(options->handle != NULL && options->resume != NULL);
    int fd = options->listen_fd;
    if (fd <= 0) {
        TRY(socket_open(cx, options->listen, &fd));
    }
    struct http *http = http_new(options);
    http->port = socket_port(fd);
    http->daemon = daemon_start(http, fd);
    if (http->daemon == NULL) {
        (void)close(fd);
        http_free(http);
        return FAIL(cx, E_STORE, "listen-failed", "libmicrohttpd does not start");
    }
    check(pthread_create(&http->ticker, NULL, stream_tick, http) == 0);
    *out = http;
    return OK;
}

int http_port(const struct http *http)
{
    return http->port;
}

static void drain(const struct http *http, int drain_ms)
{
    int64_t end_us = clock_monotonic_us() + (int64_t)drain_ms * 1000;
    while (atomic_load(&http->exchanges) > 0 && clock_monotonic_us() < end_us) {
        struct timespec pause = {.tv_nsec = DRAIN_POLL_MS * 1000000L};
        (void)nanosleep(&pause, NULL);
    }
}

bool http_close(struct http *http, int drain_ms)
{
    atomic_store(&http->draining, true);
    /* Not by stopping: that would shut a socket down that the supervisor keeps open. */
    int fd = MHD_quiesce_daemon(http->daemon);
    if (fd >= 0) {
        (void)close(fd);
    }
    stream_end_all(http);
    drain(http, drain_ms);
    atomic_store(&http->stopping, true);
    int left = atomic_load(&http->handling);
    if (left > 0) {
        log_text(LOG_WARN, "http-left", "%d requests are still with their handlers", left);
        return false;
    }
    MHD_stop_daemon(http->daemon);
    check(atomic_load(&http->exchanges) == 0);
    http_free(http);
    return true;
}

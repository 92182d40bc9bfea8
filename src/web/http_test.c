/* A real server on loopback, spoken to through raw sockets: what matters here is bytes. */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>
#include <zlib.h>

#include "base/test.h"
#include "web/http.h"

enum {
    BODY_LIMIT = 64 * 1024,
    STREAM_LIMIT = 1 << 20,
    STREAMS_MAX = 210,
    ANSWER_BYTES = 1 << 18,
    WAIT_MS = 10000
};

/* --- the program under test: a handler, a queue with workers, a sink, streams --- */

struct sunk {
    int64_t bytes;
    uint32_t crc;
};

static struct {
    struct http *http;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    struct http_request *queue[256]; /* parked requests, for the workers */
    unsigned queued;
    bool ends;
    pthread_t workers[4];
    struct http_stream *streams[STREAMS_MAX];
    unsigned stream_count;
    atomic_int handled, cut_off, abandoned, closed;
    atomic_int counted, slow; /* finished requests of certain paths */
    atomic_int last_status;
    _Atomic int64_t last_sent_bytes;
} server = {.lock = PTHREAD_MUTEX_INITIALIZER, .changed = PTHREAD_COND_INITIALIZER};

static void answer_text(struct http_request *request, int status, Str text)
{
    http_answer(request, &(struct http_answer){.status = status,
                                               .content_type = "text/plain; charset=utf-8",
                                               .body = text});
}

static Str big_text(struct arena *arena)
{
    struct buf text;
    buf_init(&text, arena, 10000);
    for (int i = 0; i < 200; i++) {
        buf_printf(&text, "第 %d 行，", i);
    }
    return buf_done(&text);
}

static void describe(struct http_request *request)
{
    struct buf text;
    buf_init(&text, request->cx.arena, 10000);
    buf_printf(&text, "path=%s query=%s q=%s type=%s boundary=%s client=%s cookie=%s agent=%s",
               request->path.p, request->query.p, value_get_str(request->params, "q").p,
               request->content_type.p, request->boundary.p, request->client.p,
               http_cookie(request, "session").p, http_header(request, "user-AGENT").p);
    answer_text(request, 200, buf_done(&text));
}

static void answer_headers_of(struct http_request *request, const char *name, const char *text)
{
    struct value *headers = value_map(request->cx.arena);
    value_set_text(request->cx.arena, headers, name, text);
    http_answer(request, &(struct http_answer){.status = 200,
                                               .content_type = "text/plain",
                                               .body = STR("ok"),
                                               .headers = headers});
}

static void answer_cookies(struct http_request *request)
{
    struct arena *arena = request->cx.arena;
    struct value *headers = value_map(arena);
    struct value *cookies = value_list(arena);
    value_add_text(arena, cookies, "a=1; HttpOnly");
    value_add_text(arena, cookies, "b=2; HttpOnly");
    value_set(arena, headers, "Set-Cookie", cookies);
    http_answer(request, &(struct http_answer){.status = 303, .headers = headers});
}

static void answer_file(struct http_request *request)
{
    char name[] = "/tmp/http-test-XXXXXX";
    int fd = mkstemp(name);
    assert_true(fd > 0);
    assert_int_equal(unlink(name), 0);
    assert_int_equal(write(fd, "0123456789", 10), 10);
    http_answer(request, &(struct http_answer){.status = 206,
                                               .content_type = "application/pdf",
                                               .fd = fd,
                                               .fd_offset = 3,
                                               .fd_length = 4});
}

static bool stream_next(void *arg, struct buf *out)
{
    (void)arg;
    buf_text(out, "data: news\n\n");
    return true;
}

static bool stream_silent(void *arg, struct buf *out)
{
    (void)arg;
    (void)out;
    return true;
}

static bool stream_short(void *arg, struct buf *out)
{
    (void)arg;
    buf_text(out, "data: only\n\n");
    return false;
}

static void stream_closed(void *arg)
{
    struct http_stream **place = arg;
    assert_int_equal(pthread_mutex_lock(&server.lock), 0);
    *place = NULL;
    assert_int_equal(pthread_mutex_unlock(&server.lock), 0);
    atomic_fetch_add(&server.closed, 1);
}

static void open_stream(struct http_request *request)
{
    bool (*next)(void *, struct buf *) = str_is(request->path, "/stream")   ? stream_next
                                         : str_is(request->path, "/silent") ? stream_silent
                                                                            : stream_short;
    static struct http_stream *none;
    struct http_stream **place = &none;
    assert_int_equal(pthread_mutex_lock(&server.lock), 0);
    for (unsigned i = 0; i < STREAMS_MAX; i++) {
        if (server.streams[i] == NULL && place == &none) {
            place = &server.streams[i];
        }
    }
    if (http_stream_open(request, next, stream_closed, place, place) != OK) {
        assert_int_equal(request->cx.failure.status, E_BUSY);
        answer_text(request, 503, STR("busy"));
    }
    assert_int_equal(pthread_mutex_unlock(&server.lock), 0);
}

static void wake_streams(void)
{
    assert_int_equal(pthread_mutex_lock(&server.lock), 0);
    for (unsigned i = 0; i < STREAMS_MAX; i++) {
        if (server.streams[i] != NULL) {
            http_stream_wake(server.streams[i]);
        }
    }
    assert_int_equal(pthread_mutex_unlock(&server.lock), 0);
}

static void park(struct http_request *request)
{
    http_park(request);
    assert_int_equal(pthread_mutex_lock(&server.lock), 0);
    assert_true(server.queued < 256);
    server.queue[server.queued++] = request;
    assert_int_equal(pthread_cond_signal(&server.changed), 0);
    assert_int_equal(pthread_mutex_unlock(&server.lock), 0);
}

static void *work(void *arg)
{
    (void)arg;
    assert_int_equal(pthread_mutex_lock(&server.lock), 0);
    while (!server.ends || server.queued > 0) {
        if (server.queued == 0) {
            assert_int_equal(pthread_cond_wait(&server.changed, &server.lock), 0);
            continue;
        }
        struct http_request *request = server.queue[--server.queued];
        assert_int_equal(pthread_mutex_unlock(&server.lock), 0);
        int *rounds = request->state;
        *rounds += 1; /* what a worker writes, resume() must see */
        if (str_starts(request->path, "/park-slow")) {
            struct timespec pause = {.tv_nsec = 300000000};
            (void)nanosleep(&pause, NULL);
        }
        http_unpark(request);
        assert_int_equal(pthread_mutex_lock(&server.lock), 0);
    }
    assert_int_equal(pthread_mutex_unlock(&server.lock), 0);
    return NULL;
}

static void on_resume(void *arg, struct http_request *request)
{
    (void)arg;
    int *rounds = request->state;
    if (str_is(request->path, "/park-twice") && *rounds < 2) {
        park(request);
        return;
    }
    answer_text(request, 200,
                str_printf(request->cx.arena, "rounds=%d body=%s", *rounds, request->body.p));
}

static void on_upload(struct http_request *request)
{
    const struct sunk *sunk = request->stream;
    answer_text(request, 201,
                str_printf(request->cx.arena, "bytes=%lld crc=%08x", (long long)sunk->bytes,
                           (unsigned)sunk->crc));
}

static void on_failure(struct http_request *request)
{
    const struct failure *failure = &request->cx.failure;
    if (str_is(request->path, "/deny-parked")) {
        request->state = arena_new(request->cx.arena, int);
        park(request);
        return;
    }
    answer_text(request, status_http(failure->status),
                str_printf(request->cx.arena, "failure=%s", failure->code));
}

static void on_handle(void *arg, struct http_request *request)
{
    assert_ptr_equal(arg, &server);
    atomic_fetch_add(&server.handled, 1);
    Str path = request->path;
    if (request->cx.failure.status != OK) {
        on_failure(request);
    } else if (request->stream != NULL) {
        on_upload(request);
    } else if (str_starts(path, "/park")) {
        request->state = arena_new(request->cx.arena, int);
        park(request);
    } else if (str_is(path, "/stream") || str_is(path, "/silent") || str_is(path, "/short")) {
        open_stream(request);
    } else if (str_is(path, "/describe")) {
        describe(request);
    } else if (str_is(path, "/file")) {
        answer_file(request);
    } else if (str_is(path, "/cookies")) {
        answer_cookies(request);
    } else if (str_is(path, "/header-break")) {
        answer_headers_of(request, "Location", value_get_str(request->params, "q").p);
    } else if (str_is(path, "/header-name")) {
        answer_headers_of(request, "X Y", "z");
    } else if (str_is(path, "/frame")) {
        answer_headers_of(request, "content-security-policy", "frame-ancestors 'self'");
    } else if (str_is(path, "/big")) {
        answer_text(request, 200, big_text(request->cx.arena));
    } else if (str_is(path, "/tagged")) {
        http_answer(request, &(struct http_answer){.status = 200,
                                                   .content_type = "text/html; charset=utf-8",
                                                   .body = big_text(request->cx.arena),
                                                   .cacheable = true});
    } else {
        answer_text(request, 200,
                    request->body.n > 0 ? str_printf(request->cx.arena, "%zu %s", request->body.n,
                                                     request->body.n < 100 ? request->body.p : "")
                                        : STR("hello"));
    }
}

static enum status sink_bytes(void *arg, struct cx *cx, const char *bytes, size_t size)
{
    struct sunk *sunk = arg;
    sunk->bytes += (int64_t)size;
    sunk->crc = (uint32_t)crc32(sunk->crc, (const unsigned char *)bytes, (unsigned)size);
    if (memchr(bytes, '!', size) != NULL) {
        return FAIL(cx, E_TYPE, "file-kind", "holds what it must not");
    }
    return OK;
}

static void sink_abandoned(void *arg)
{
    assert_non_null(arg);
    atomic_fetch_add(&server.abandoned, 1);
}

static const struct http_sink SINK = {sink_bytes, sink_abandoned};

static const struct http_sink *on_want_stream(void *arg, struct http_request *request,
                                              void **stream)
{
    (void)arg;
    struct cx *cx = &request->cx;
    if (str_starts(request->path, "/deny")) {
        (void)FAIL(cx, E_LOGIN, "login-first", "no session");
        return NULL;
    }
    if (!str_is(request->path, "/upload")) {
        return NULL;
    }
    *stream = arena_new(cx->arena, struct sunk);
    return &SINK;
}

static void on_finished(void *arg, struct http_request *request, int status, int64_t sent_bytes)
{
    (void)arg;
    assert_non_null(request->path.p);
    if (str_is(request->path, "") || str_is(request->path, "/counted")) {
        atomic_store(&server.last_status, status);
        atomic_store(&server.last_sent_bytes, sent_bytes);
        atomic_fetch_add(&server.counted, 1);
    }
    atomic_fetch_add(&server.slow, str_is(request->path, "/park-slow"));
    atomic_fetch_add(&server.cut_off, status == 0);
}

static struct http_options options(void)
{
    return (struct http_options){.listen = "127.0.0.1:0",
                                 .threads = 4,
                                 .body_limit_bytes = BODY_LIMIT,
                                 .stream_limit_bytes = STREAM_LIMIT,
                                 .arena_soft_bytes = 1 << 20,
                                 .connections_max = 2000,
                                 .streams_max = STREAMS_MAX,
                                 .stream_tick_ms = 200,
                                 .listen_fd = -1,
                                 .handle = on_handle,
                                 .resume = on_resume,
                                 .want_stream = on_want_stream,
                                 .finished = on_finished,
                                 .arg = &server};
}

static int server_begin(void **state)
{
    (void)state;
    struct trial trial;
    trial_begin(&trial);
    struct http_options all = options();
    assert_int_equal(http_open(&trial.cx, &all, &server.http), OK);
    trial_end(&trial);
    server.ends = false;
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(pthread_create(&server.workers[i], NULL, work, NULL), 0);
    }
    return 0;
}

static int server_end(void **state)
{
    (void)state;
    bool closed = http_close(server.http, 2000);
    assert_int_equal(pthread_mutex_lock(&server.lock), 0);
    server.ends = true;
    assert_int_equal(pthread_cond_broadcast(&server.changed), 0);
    assert_int_equal(pthread_mutex_unlock(&server.lock), 0);
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(pthread_join(server.workers[i], NULL), 0);
    }
    return closed ? 0 : -1;
}

/* --- the client --- */

static int client_open(void)
{
    struct sockaddr_in at = {.sin_family = AF_INET,
                             .sin_port = htons((uint16_t)http_port(server.http)),
                             .sin_addr = {htonl(INADDR_LOOPBACK)}};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_true(fd >= 0);
    assert_int_equal(connect(fd, (struct sockaddr *)&at, sizeof at), 0);
    struct timeval wait = {.tv_sec = WAIT_MS / 1000};
    assert_int_equal(setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof wait), 0);
    return fd;
}

/* False when the server has closed meanwhile. */
static bool client_send(int fd, const char *bytes, size_t size)
{
    while (size > 0) {
        ssize_t sent = send(fd, bytes, size, MSG_NOSIGNAL);
        if (sent <= 0) {
            return false;
        }
        bytes += sent;
        size -= (size_t)sent;
    }
    return true;
}

static bool is_readable(int fd, int wait_ms)
{
    struct pollfd waiting = {.fd = fd, .events = POLLIN};
    return poll(&waiting, 1, wait_ms) == 1;
}

struct answer {
    char text[ANSWER_BYTES];
    size_t size;
    bool is_closed;
};

/* Reads until the server closes, or is silent for wait_ms. */
static void client_read(int fd, struct answer *answer, int wait_ms)
{
    answer->size = 0;
    answer->is_closed = false;
    while (answer->size < sizeof answer->text - 1 && is_readable(fd, wait_ms)) {
        ssize_t got =
            recv(fd, answer->text + answer->size, sizeof answer->text - 1 - answer->size, 0);
        if (got <= 0) {
            answer->is_closed = true;
            break;
        }
        answer->size += (size_t)got;
    }
    answer->text[answer->size] = '\0';
}

static unsigned count_of(const struct answer *answer, const char *part)
{
    unsigned count = 0;
    for (const char *p = strstr(answer->text, part); p != NULL; p = strstr(p + 1, part)) {
        count++;
    }
    return count;
}

static bool has(const struct answer *answer, const char *part)
{
    return count_of(answer, part) > 0;
}

static int status_of(const struct answer *answer)
{
    int status = 0;
    return sscanf(answer->text, "HTTP/1.1 %d", &status) == 1 ? status : 0;
}

/* A whole exchange on a connection of its own, with "Connection: close". */
static void ask_bytes(struct answer *answer, Str request)
{
    int fd = client_open();
    (void)client_send(fd, request.p, request.n);
    client_read(fd, answer, WAIT_MS);
    assert_int_equal(close(fd), 0);
}

#define HOST  "Host: x\r\n"
#define CLOSE "Connection: close\r\n"

static void ask(struct answer *answer, const char *line_and_headers)
{
    char request[20000];
    int size = snprintf(request, sizeof request, "%s\r\n" HOST CLOSE "\r\n", line_and_headers);
    assert_true(size > 0 && (size_t)size < sizeof request);
    ask_bytes(answer, (Str){request, (size_t)size});
}

static Str body_of(const struct answer *answer)
{
    const char *end = strstr(answer->text, "\r\n\r\n");
    assert_non_null(end);
    return (Str){end + 4, answer->size - (size_t)(end + 4 - answer->text)};
}

static void wait_for(atomic_int *counter, int least)
{
    for (int i = 0; i < WAIT_MS / 5 && atomic_load(counter) < least; i++) {
        struct timespec pause = {.tv_nsec = 5000000};
        (void)nanosleep(&pause, NULL);
    }
    assert_true(atomic_load(counter) >= least);
}

static struct answer reply; /* too large for the stack; tests run one by one */

/* --- claims --- */

static void test_an_answer_carries_the_security_headers(void **state)
{
    (void)state;
    ask(&reply, "GET /hello HTTP/1.1");
    assert_int_equal(status_of(&reply), 200);
    assert_true(has(&reply, "Content-Security-Policy: default-src 'none'; script-src 'self'"));
    assert_true(has(&reply, "frame-ancestors 'none'"));
    assert_true(has(&reply, "X-Content-Type-Options: nosniff\r\n"));
    assert_true(has(&reply, "Referrer-Policy: same-origin\r\n"));
    assert_true(has(&reply, "Cache-Control: no-store\r\n"));
    assert_true(has(&reply, "Content-Length: 5\r\n"));
    assert_true(has(&reply, "\r\n\r\nhello"));
}

static void test_a_given_header_replaces_ours(void **state)
{
    (void)state;
    ask(&reply, "GET /frame HTTP/1.1");
    assert_true(has(&reply, "content-security-policy: frame-ancestors 'self'\r\n"));
    assert_false(has(&reply, "default-src"));
    assert_true(has(&reply, "nosniff"));
}

static void test_a_request_is_read_into_its_parts(void **state)
{
    (void)state;
    ask(&reply, "GET /%64escribe?q=%E5%8C%97%E4%BA%AC&x=a+b&q=last+one HTTP/1.1\r\n"
                "Content-Type: Multipart/Form-Data; charset=x; boundary=\"a b:c\"\r\n"
                "User-Agent: tester\r\nCookie: a=b; session=s3cret");
    assert_true(has(&reply, "path=/describe query=q=%E5%8C%97%E4%BA%AC&x=a+b&q=last+one "
                            "q=last one type=multipart/form-data boundary=a b:c "
                            "client=127.0.0.1 cookie=s3cret agent=tester"));
}

static void test_bad_boundaries_are_no_boundaries(void **state)
{
    (void)state;
    static const char *const bad[] = {"",
                                      "; boundary=",
                                      "; boundary=\"a",
                                      "; boundary=\"a \"",
                                      ";",
                                      "; boundary=\"{}\"",
                                      "; boundar=x",
                                      "; boundary="
                                      "01234567890123456789012345678901234567890123456789012345678"
                                      "901234567890"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        char head[300];
        (void)snprintf(head, sizeof head,
                       "GET /describe HTTP/1.1\r\nContent-Type: multipart/form-data%s", bad[i]);
        ask(&reply, head);
        assert_true(has(&reply, "boundary= client"));
    }
}

static void test_only_the_last_forwarder_on_this_machine_is_believed(void **state)
{
    (void)state;
    ask(&reply, "GET /describe HTTP/1.1\r\nX-Forwarded-For: 6.6.6.6, 10.1.2.3");
    assert_true(has(&reply, "client=10.1.2.3 "));
    ask(&reply,
        "GET /describe HTTP/1.1\r\nX-Forwarded-For: 6.6.6.6\r\nX-Forwarded-For: 2001:db8::1");
    assert_true(has(&reply, "client=2001:db8::1 "));
    ask(&reply, "GET /describe HTTP/1.1\r\nX-Forwarded-For: <script>");
    assert_true(has(&reply, "client=127.0.0.1 "));
}

static void test_header_text_that_is_not_utf8_is_absent(void **state)
{
    (void)state;
    ask(&reply, "GET /describe HTTP/1.1\r\nUser-Agent: \xB1\xB1");
    assert_int_equal(status_of(&reply), 200);
    assert_true(has(&reply, "agent="));
    assert_false(has(&reply, "\xB1"));
}

/* Every row must end the connection after one refusal: what follows the headers in each is a whole
 * second request, which must not be answered. (What libmicrohttpd refuses by itself, with a
 * <title>, goes out with its head doubled.) */
static void test_hostile_framing_is_refused_and_nothing_smuggled(void **state)
{
    (void)state;
#define SMUGGLED "GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n"
    static const char *const rows[] = {
        "POST /a HTTP/1.1\r\n" HOST "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n"
        "0\r\n\r\n" SMUGGLED,
        "POST /a HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n"
        "0\r\n\r\n" SMUGGLED,
        "POST /a HTTP/1.1\r\n" HOST "Content-Length: 5\r\nContent-Length: 0\r\n\r\nhello" SMUGGLED,
        "POST /a HTTP/1.1\r\n" HOST "Content-Length: 5\r\nContent-Length: 5\r\n\r\nhello" SMUGGLED,
        "POST /a HTTP/1.1\r\n" HOST "Content-Length: 5, 5\r\n\r\nhello" SMUGGLED,
        "POST /a HTTP/1.1\r\n" HOST "Content-Length: +5\r\n\r\nhello" SMUGGLED,
        "POST /a HTTP/1.1\r\n" HOST "Content-Length: -5\r\n\r\nhello" SMUGGLED,
        "POST /a HTTP/1.1\r\n" HOST "Content-Length: 0x5\r\n\r\nhello" SMUGGLED,
        "POST /a HTTP/1.1\r\n" HOST "Content-Length: 5a\r\n\r\nhello" SMUGGLED,
        "POST /a HTTP/1.1\r\n" HOST "Content-Length: 18446744073709551621\r\n\r\nhello" SMUGGLED,
        "POST /a HTTP/1.1\r\n" HOST "Content-Length:\r\n\r\n" SMUGGLED,
        "POST /a HTTP/1.1\r\n" HOST "Content-Length : 5\r\n\r\nhello" SMUGGLED,
        "POST /a HTTP/1.1\r\n" HOST "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n" SMUGGLED,
        "POST /a HTTP/1.1\r\n" HOST "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n" SMUGGLED,
        "POST /a HTTP/1.1\r\n" HOST "Transfer-Encoding: identity\r\n\r\n" SMUGGLED,
        "POST /a HTTP/1.1\r\n" HOST "Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n" SMUGGLED,
        "POST /a HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\nTransfer-Encoding: x\r\n\r\n"
        "0\r\n\r\n" SMUGGLED,
        "POST /a HTTP/1.0\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n" SMUGGLED,
        "POST /a HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n-5\r\nhello\r\n" SMUGGLED,
        "POST /a HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\nxyz\r\n" SMUGGLED,
        "GET /a HTTP/1.1\r\n\r\n" SMUGGLED,
        "GET /a HTTP/1.0\r\n\r\n" SMUGGLED,
        "GET /a HTTP/1.1\r\nHost:\r\n\r\n" SMUGGLED,
        "GET /a HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n" SMUGGLED,
        "GET /a HTTP/1.1\r\n" HOST "X\x01Y: 1\r\n\r\n" SMUGGLED,
        "GET /a HTTP/1.1\r\n" HOST "X(Y): 1\r\n\r\n" SMUGGLED,
        "GET /a HTTP/1.1\r\n" HOST "X: a\x01z\r\n\r\n" SMUGGLED,
        "GET /a\x01z HTTP/1.1\r\n" HOST "\r\n" SMUGGLED,
        "GET /a b HTTP/1.1\r\n" HOST "\r\n" SMUGGLED,
        "GE(T /a HTTP/1.1\r\n" HOST "\r\n" SMUGGLED,
        "GET /a HTTP/1.2\r\n" HOST "\r\n" SMUGGLED,
        "GET /a HTTP/2.0\r\n" HOST "\r\n" SMUGGLED,
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        int before = atomic_load(&server.handled);
        ask_bytes(&reply, str_of(rows[i]));
        int status = status_of(&reply);
        bool is_refused = (status == 400 || status == 413 || status == 505 || reply.size == 0) &&
                          reply.is_closed && !has(&reply, "HTTP/1.1 2") &&
                          (count_of(&reply, "HTTP/1.1 ") <= 1 || has(&reply, "<title>"));
        if (!is_refused || atomic_load(&server.handled) != before) {
            fail_msg("row %zu: status %d, closed %d, handled %d: %s answered %s", i, status,
                     reply.is_closed, atomic_load(&server.handled) - before, rows[i], reply.text);
        }
    }
}

static void test_a_chunk_too_long_to_count_ends_the_connection(void **state)
{
    (void)state;
    ask_bytes(&reply, STR("POST /a HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n"
                          "10000000000000005\r\nhello\r\n0\r\n\r\n" SMUGGLED));
    assert_true(count_of(&reply, "HTTP/1.1 ") <= 1);
    assert_false(has(&reply, "200 OK"));
    assert_true(reply.is_closed);
}

static void test_targets_that_are_no_plain_path_are_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "/a/../b", "/..",     "/.",       "/a/./b",   "/a/..",      "//a",    "/a//b",
        "/%2e%2e", "/a%2F/b", "/a\\b",    "/%5Cb",    "/a%00b",     "/a%0Ab", "/%C0%AF",
        "/%FF",    "/%",      "/%zz",     "/a%7F",    "http://x/a", "a",      "*",
        "/a#b",    "/a?%zz",  "/a?q=%FF", "/a?q=%00", "/%09",       "/%2E/a", "/\xB1\xB1",
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        char head[100];
        (void)snprintf(head, sizeof head, "GET %s HTTP/1.1", bad[i]);
        ask(&reply, head);
        if (status_of(&reply) != 400) {
            fail_msg("%s was answered %d", bad[i], status_of(&reply));
        }
    }
    static const char *const good[] = {
        "/", "/a/", "/...", "/.well-known/x", "/a..b", "/北京", "/a%20b", "/a?../..//\\", "/a?"};
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        char head[100];
        (void)snprintf(head, sizeof head, "GET %s HTTP/1.1", good[i]);
        ask(&reply, head);
        if (status_of(&reply) != 200) {
            fail_msg("%s was answered %d", good[i], status_of(&reply));
        }
    }
}

static void test_a_refused_request_is_finished_too(void **state)
{
    (void)state;
    int before = atomic_load(&server.counted);
    ask(&reply, "GET //x HTTP/1.1");
    wait_for(&server.counted, before + 1);
    assert_int_equal(atomic_load(&server.last_status), 400);
}

/* A GET may carry a body; it is read as one, and only then does the next request begin. */
static void test_a_body_of_a_get_is_not_a_second_request(void **state)
{
    (void)state;
    static const char text[] = "GET /a HTTP/1.1\r\n" HOST "Content-Length: 38\r\n\r\n"
                               "GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n\r\n"
                               "GET /second HTTP/1.1\r\n" HOST CLOSE "\r\n";
    ask_bytes(&reply, str_of(text));
    assert_int_equal(count_of(&reply, "HTTP/1.1 200"), 2);
    assert_int_equal(count_of(&reply, "HTTP/1.1 "), 2);
}

static void test_a_connection_serves_many_requests(void **state)
{
    (void)state;
    int fd = client_open();
    for (int i = 0; i < 5; i++) {
        Str request = STR("POST /a HTTP/1.1\r\n" HOST "Content-Length: 3\r\n\r\nabc");
        assert_true(client_send(fd, request.p, request.n));
        client_read(fd, &reply, 100);
        assert_int_equal(status_of(&reply), 200);
        assert_false(reply.is_closed);
        assert_true(has(&reply, "3 abc"));
    }
    assert_int_equal(close(fd), 0);
}

static void test_a_slow_body_is_waited_for(void **state)
{
    (void)state;
    int fd = client_open();
    Str head = STR("POST /a HTTP/1.1\r\n" HOST CLOSE "Content-Length: 8\r\n\r\n");
    assert_true(client_send(fd, head.p, head.n));
    for (size_t i = 0; i < 8; i++) {
        struct timespec pause = {.tv_nsec = 30000000};
        (void)nanosleep(&pause, NULL);
        assert_true(client_send(fd, &"abcdefgh"[i], 1));
    }
    client_read(fd, &reply, WAIT_MS);
    assert_true(has(&reply, "8 abcdefgh"));
    assert_int_equal(close(fd), 0);
}

static Str request_of_size(struct arena *arena, const char *path, size_t size, bool chunked)
{
    struct buf text;
    buf_init(&text, arena, size * 2 + 1000);
    buf_printf(&text, "POST %s HTTP/1.1\r\n" HOST CLOSE, path);
    if (chunked) {
        buf_text(&text, "Transfer-Encoding: chunked\r\n\r\n");
    } else {
        buf_printf(&text, "Content-Length: %zu\r\n\r\n", size);
    }
    for (size_t left = size; left > 0;) {
        size_t piece = left < 1000 || !chunked ? left : 1000;
        if (chunked) {
            buf_printf(&text, "%zx\r\n", piece);
        }
        for (size_t i = 0; i < piece; i++) {
            buf_char(&text, 'x');
        }
        buf_text(&text, chunked ? "\r\n" : "");
        left -= piece;
    }
    buf_text(&text, chunked ? "0\r\n\r\n" : "");
    return buf_done(&text);
}

static void test_a_body_at_the_limit_passes_and_one_above_is_413(void **state)
{
    (void)state;
    struct trial trial;
    trial_begin(&trial);
    for (int chunked = 0; chunked < 2; chunked++) {
        ask_bytes(&reply, request_of_size(trial.arena, "/a", BODY_LIMIT, chunked != 0));
        assert_int_equal(status_of(&reply), 200);
        assert_true(has(&reply, "\r\n\r\n65536 "));
        ask_bytes(&reply, request_of_size(trial.arena, "/a", BODY_LIMIT + 1, chunked != 0));
        assert_int_equal(status_of(&reply), 413);
        assert_true(has(&reply, "failure=too-large"));
    }
    trial_end(&trial);
}

static void test_a_declared_length_above_the_limit_is_413_unread(void **state)
{
    (void)state;
    ask(&reply, "POST /a HTTP/1.1\r\nContent-Length: 65537");
    assert_int_equal(status_of(&reply), 413);
    assert_true(reply.is_closed);
    ask(&reply, "POST /upload HTTP/1.1\r\nContent-Length: 1048577");
    assert_int_equal(status_of(&reply), 413);
    assert_true(reply.is_closed);
    ask(&reply, "POST /a HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 999999999999");
    assert_int_equal(status_of(&reply), 413);
}

static void test_an_expected_body_is_asked_for(void **state)
{
    (void)state;
    int fd = client_open();
    Str head =
        STR("POST /a HTTP/1.1\r\n" HOST CLOSE "Expect: 100-continue\r\nContent-Length: 3\r\n\r\n");
    assert_true(client_send(fd, head.p, head.n));
    client_read(fd, &reply, 200);
    assert_int_equal(status_of(&reply), 100);
    assert_true(client_send(fd, "abc", 3));
    client_read(fd, &reply, WAIT_MS);
    assert_true(has(&reply, "3 abc"));
    assert_int_equal(close(fd), 0);
}

static void test_an_endless_chunked_body_is_cut_off(void **state)
{
    (void)state;
    int before = atomic_load(&server.cut_off);
    int fd = client_open();
    static char chunk[4096 + 8];
    memset(chunk, 'x', sizeof chunk);
    memcpy(chunk, "1000\r\n", 6);
    memcpy(chunk + sizeof chunk - 2, "\r\n", 2);
    Str head = STR("POST /a HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n");
    assert_true(client_send(fd, head.p, head.n));
    int sent = 0;
    while (sent < 10000 && client_send(fd, chunk, sizeof chunk)) {
        sent++;
    }
    assert_true(sent < 10000);
    assert_int_equal(close(fd), 0);
    wait_for(&server.cut_off, before + 1);
}

static void test_a_stream_goes_to_its_sink(void **state)
{
    (void)state;
    struct trial trial;
    trial_begin(&trial);
    char expected[60];
    for (int chunked = 0; chunked < 2; chunked++) {
        Str request = request_of_size(trial.arena, "/upload", STREAM_LIMIT, chunked != 0);
        ask_bytes(&reply, request);
        uint32_t crc = 0;
        for (int i = 0; i < STREAM_LIMIT; i++) {
            crc = (uint32_t)crc32(crc, (const unsigned char *)"x", 1);
        }
        (void)snprintf(expected, sizeof expected, "bytes=%d crc=%08x", STREAM_LIMIT, crc);
        assert_int_equal(status_of(&reply), 201);
        assert_true(has(&reply, expected));
    }
    ask(&reply, "POST /upload HTTP/1.1\r\nContent-Length: 0");
    assert_int_equal(status_of(&reply), 201);
    trial_end(&trial);
}

static void test_what_a_sink_refuses_is_answered_after_the_body(void **state)
{
    (void)state;
    ask(&reply, "POST /upload HTTP/1.1\r\nContent-Length: 0\r\nX: y");
    assert_int_equal(status_of(&reply), 201);
    int before = atomic_load(&server.abandoned);
    ask_bytes(&reply,
              STR("POST /upload HTTP/1.1\r\n" HOST CLOSE "Content-Length: 6\r\n\r\nab!def"));
    assert_int_equal(status_of(&reply), 415);
    assert_true(has(&reply, "failure=file-kind"));
    assert_int_equal(atomic_load(&server.abandoned), before);
}

static void test_a_client_gone_in_mid_body_abandons_the_sink(void **state)
{
    (void)state;
    int before = atomic_load(&server.abandoned);
    int cut_off = atomic_load(&server.cut_off);
    int handled = atomic_load(&server.handled);
    int fd = client_open();
    Str head = STR("POST /upload HTTP/1.1\r\n" HOST "Content-Length: 1000\r\n\r\nabc");
    assert_true(client_send(fd, head.p, head.n));
    struct timespec pause = {.tv_nsec = 50000000};
    (void)nanosleep(&pause, NULL);
    assert_int_equal(close(fd), 0);
    wait_for(&server.abandoned, before + 1);
    wait_for(&server.cut_off, cut_off + 1);
    assert_int_equal(atomic_load(&server.handled), handled);
}

static void test_a_stream_refused_by_its_headers_is_answered_unread(void **state)
{
    (void)state;
    ask(&reply, "POST /deny HTTP/1.1\r\nContent-Length: 500000");
    assert_int_equal(status_of(&reply), 401);
    assert_true(has(&reply, "failure=login-first"));
    assert_true(reply.is_closed);
    ask(&reply, "POST /deny HTTP/1.1\r\nContent-Length: 0");
    assert_int_equal(status_of(&reply), 401);
}

static void test_a_refusal_may_be_parked_before_the_body(void **state)
{
    (void)state;
    ask_bytes(&reply,
              STR("POST /deny-parked HTTP/1.1\r\n" HOST CLOSE "Content-Length: 6\r\n\r\nabcdef"));
    assert_int_equal(status_of(&reply), 200);
    assert_true(has(&reply, "rounds=1"));
}

static void test_head_has_the_headers_and_no_body(void **state)
{
    (void)state;
    ask(&reply, "HEAD /hello HTTP/1.1");
    assert_int_equal(status_of(&reply), 200);
    assert_true(has(&reply, "Content-Length: 5\r\n"));
    assert_int_equal(body_of(&reply).n, 0);
    ask(&reply, "HEAD /file HTTP/1.1");
    assert_true(has(&reply, "Content-Length: 4\r\n"));
    assert_int_equal(body_of(&reply).n, 0);
}

static void test_part_of_a_file_is_sent(void **state)
{
    (void)state;
    ask(&reply, "GET /file HTTP/1.1");
    assert_int_equal(status_of(&reply), 206);
    assert_true(has(&reply, "Content-Type: application/pdf\r\n"));
    assert_true(has(&reply, "\r\n\r\n3456"));
    assert_int_equal(body_of(&reply).n, 4);
}

static void test_each_cookie_is_a_header_of_its_own(void **state)
{
    (void)state;
    ask(&reply, "GET /cookies HTTP/1.1");
    assert_int_equal(status_of(&reply), 303);
    assert_true(has(&reply, "Set-Cookie: a=1; HttpOnly\r\n"));
    assert_true(has(&reply, "Set-Cookie: b=2; HttpOnly\r\n"));
}

static void test_a_header_with_a_line_break_is_not_sent(void **state)
{
    (void)state;
    ask(&reply, "GET /header-break?q=/%0D%0ASet-Cookie:%20evil=1 HTTP/1.1");
    assert_int_equal(status_of(&reply), 500);
    assert_false(has(&reply, "evil"));
    ask(&reply, "GET /header-break?q=/a%0Ab HTTP/1.1");
    assert_int_equal(status_of(&reply), 500);
    ask(&reply, "GET /header-break?q=/courts/%E4%BA%AC HTTP/1.1");
    assert_int_equal(status_of(&reply), 200);
    assert_true(has(&reply, "Location: /courts/京\r\n"));
    ask(&reply, "GET /header-name HTTP/1.1");
    assert_int_equal(status_of(&reply), 500);
}

static size_t gunzip(Str packed, char *out, size_t room)
{
    z_stream z = {.avail_in = (unsigned)packed.n, .avail_out = (unsigned)room};

    union {
        const char *in;
        unsigned char *out;
    } cast = {.in = packed.p};

    z.next_in = cast.out;
    z.next_out = (unsigned char *)out;
    assert_int_equal(inflateInit2(&z, 15 + 16), Z_OK);
    assert_int_equal(inflate(&z, Z_FINISH), Z_STREAM_END);
    assert_int_equal(inflateEnd(&z), Z_OK);
    return z.total_out;
}

static void test_text_is_packed_when_asked_for_and_worth_it(void **state)
{
    (void)state;
    static char plain[20000];
    struct trial trial;
    trial_begin(&trial);
    ask(&reply, "GET /big HTTP/1.1\r\nAccept-Encoding: br;q=1.0, GZIP;q=0.8");
    assert_true(has(&reply, "Content-Encoding: gzip\r\n"));
    assert_true(has(&reply, "Vary: Accept-Encoding\r\n"));
    Str whole = big_text(trial.arena);
    assert_true(body_of(&reply).n < whole.n);
    assert_int_equal(gunzip(body_of(&reply), plain, sizeof plain), whole.n);
    assert_memory_equal(plain, whole.p, whole.n);
    static const char *const without[] = {"X: y", "Accept-Encoding: br",
                                          "Accept-Encoding: gzip;q=0",
                                          "Accept-Encoding: gzip; q=0.00, br"};
    for (size_t i = 0; i < sizeof without / sizeof without[0]; i++) {
        char head[200];
        (void)snprintf(head, sizeof head, "GET /big HTTP/1.1\r\n%s", without[i]);
        ask(&reply, head);
        assert_false(has(&reply, "Content-Encoding"));
        assert_true(has(&reply, "Vary: Accept-Encoding\r\n"));
        assert_int_equal(body_of(&reply).n, whole.n);
    }
    ask(&reply, "GET /hello HTTP/1.1\r\nAccept-Encoding: gzip");
    assert_false(has(&reply, "Content-Encoding"));
    trial_end(&trial);
}

static void tag_of(char tag[64])
{
    const char *at = strstr(reply.text, "ETag: ");
    assert_non_null(at);
    assert_int_equal(sscanf(at + 6, "%63[^\r]", tag), 1);
}

static void test_an_unchanged_answer_is_304(void **state)
{
    (void)state;
    char tag[64];
    char packed_tag[64];
    char head[300];
    ask(&reply, "GET /tagged HTTP/1.1");
    assert_true(has(&reply, "Cache-Control: private, no-cache\r\n"));
    tag_of(tag);
    ask(&reply, "GET /tagged HTTP/1.1\r\nAccept-Encoding: gzip");
    tag_of(packed_tag);
    assert_string_not_equal(tag, packed_tag);
    static const char *const same[] = {"%s", "\"other\", %s", "W/%s", "*"};
    for (size_t i = 0; i < sizeof same / sizeof same[0]; i++) {
        char list[100] = "*";
        if (i < 3) {
            (void)snprintf(list, sizeof list, "%s%s",
                           i == 1   ? "\"other\", "
                           : i == 2 ? "W/"
                                    : "",
                           tag);
        }
        (void)snprintf(head, sizeof head, "GET /tagged HTTP/1.1\r\nIf-None-Match: %s", list);
        ask(&reply, head);
        assert_int_equal(status_of(&reply), 304);
        assert_true(has(&reply, "ETag: "));
        assert_int_equal(body_of(&reply).n, 0);
    }
    (void)snprintf(head, sizeof head, "GET /tagged HTTP/1.1\r\nIf-None-Match: %s", packed_tag);
    ask(&reply, head);
    assert_int_equal(status_of(&reply), 200);
    ask(&reply, "GET /hello HTTP/1.1\r\nIf-None-Match: *");
    assert_int_equal(status_of(&reply), 200);
}

/* The connection must be good for another request after a 304. */
static void test_a_304_leaves_the_connection_in_step(void **state)
{
    (void)state;
    ask_bytes(&reply, STR("GET /tagged HTTP/1.1\r\n" HOST "If-None-Match: *\r\n\r\n"
                          "GET /hello HTTP/1.1\r\n" HOST CLOSE "\r\n"));
    assert_int_equal(count_of(&reply, "HTTP/1.1 304"), 1);
    assert_int_equal(count_of(&reply, "HTTP/1.1 200"), 1);
    assert_true(has(&reply, "\r\n\r\nhello"));
}

static void test_finished_tells_status_and_bytes(void **state)
{
    (void)state;
    int before = atomic_load(&server.counted);
    ask(&reply, "GET /counted HTTP/1.1");
    wait_for(&server.counted, before + 1);
    assert_int_equal(atomic_load(&server.last_status), 200);
    assert_int_equal(atomic_load(&server.last_sent_bytes), 5);
}

/* --- parking --- */

static void test_a_parked_request_is_answered_by_resume(void **state)
{
    (void)state;
    ask_bytes(&reply, STR("POST /park HTTP/1.1\r\n" HOST CLOSE "Content-Length: 3\r\n\r\nabc"));
    assert_true(has(&reply, "rounds=1 body=abc"));
    ask(&reply, "GET /park-twice HTTP/1.1");
    assert_true(has(&reply, "rounds=2 body="));
}

static void *park_client(void *arg)
{
    int *good = arg;
    int fd = client_open();
    char text[4096];
    for (int i = 0; i < 50; i++) {
        char request[100];
        int size = snprintf(request, sizeof request,
                            "POST /park%s HTTP/1.1\r\n" HOST "Content-Length: 3\r\n\r\nabc",
                            i % 3 == 0 ? "-twice" : "");
        if (!client_send(fd, request, (size_t)size)) {
            break;
        }
        size_t n = 0;
        while (n < sizeof text - 1) {
            ssize_t got = recv(fd, text + n, sizeof text - 1 - n, 0);
            if (got <= 0) {
                break;
            }
            n += (size_t)got;
            text[n] = '\0';
            if (strstr(text, "body=abc") != NULL) {
                *good += strstr(text, i % 3 == 0 ? "rounds=2" : "rounds=1") != NULL;
                break;
            }
        }
    }
    (void)close(fd);
    return NULL;
}

static void test_sixty_four_connections_park_at_once(void **state)
{
    (void)state;
    pthread_t clients[64];
    int good[64] = {0};
    for (size_t i = 0; i < 64; i++) {
        assert_int_equal(pthread_create(&clients[i], NULL, park_client, &good[i]), 0);
    }
    for (size_t i = 0; i < 64; i++) {
        assert_int_equal(pthread_join(clients[i], NULL), 0);
        assert_int_equal(good[i], 50);
    }
}

static void test_a_client_gone_while_parked_is_finished_once(void **state)
{
    (void)state;
    int before = atomic_load(&server.slow);
    for (int i = 0; i < 20; i++) {
        int fd = client_open();
        Str request = STR("GET /park-slow HTTP/1.1\r\n" HOST "\r\n");
        assert_true(client_send(fd, request.p, request.n));
        struct timespec pause = {.tv_nsec = 10000000};
        (void)nanosleep(&pause, NULL);
        struct linger reset = {.l_onoff = 1};
        assert_int_equal(setsockopt(fd, SOL_SOCKET, SO_LINGER, &reset, sizeof reset), 0);
        assert_int_equal(close(fd), 0);
    }
    wait_for(&server.slow, before + 20);
    struct timespec pause = {.tv_nsec = 50000000};
    (void)nanosleep(&pause, NULL);
    assert_int_equal(atomic_load(&server.slow), before + 20);
}

/* --- event streams --- */

/* Reads until `part` was seen `times` times in all on this connection. */
static bool client_sees(int fd, struct answer *seen, const char *part, unsigned times)
{
    while (count_of(seen, part) < times) {
        ssize_t got = recv(fd, seen->text + seen->size, 2000, 0);
        if (got <= 0 || seen->size + 4000 > sizeof seen->text) {
            return false;
        }
        seen->size += (size_t)got;
        seen->text[seen->size] = '\0';
    }
    return true;
}

static void test_a_silent_stream_shows_signs_of_life(void **state)
{
    (void)state;
    int fd = client_open();
    Str request = STR("GET /silent HTTP/1.1\r\n" HOST "\r\n");
    assert_true(client_send(fd, request.p, request.n));
    reply.size = 0;
    reply.text[0] = '\0';
    assert_true(client_sees(fd, &reply, ":\n\n", 3)); /* a tick is 200 ms */
    assert_true(has(&reply, "Content-Type: text/event-stream\r\n"));
    assert_true(has(&reply, "Cache-Control: no-store\r\n"));
    assert_true(has(&reply, "nosniff"));
    assert_int_equal(close(fd), 0);
}

static void test_a_stream_that_ends_closes_well(void **state)
{
    (void)state;
    int before = atomic_load(&server.closed);
    ask(&reply, "GET /short HTTP/1.1");
    assert_int_equal(count_of(&reply, "data: only\n\n"), 1);
    wait_for(&server.closed, before + 1);
    ask(&reply, "HEAD /short HTTP/1.1");
    assert_int_equal(status_of(&reply), 200);
    assert_int_equal(body_of(&reply).n, 0);
    wait_for(&server.closed, before + 2);
}

static void test_two_hundred_streams_at_once(void **state)
{
    (void)state;

    enum { COUNT = 200 };

    int fds[COUNT];
    int closed = atomic_load(&server.closed);
    struct answer *seen = calloc(COUNT, sizeof *seen);
    assert_non_null(seen);
    Str request = STR("GET /stream HTTP/1.1\r\n" HOST "\r\n");
    for (size_t i = 0; i < COUNT; i++) {
        fds[i] = client_open();
        assert_true(client_send(fds[i], request.p, request.n));
    }
    for (size_t i = 0; i < COUNT; i++) {
        assert_true(client_sees(fds[i], &seen[i], "data: news", 1));
    }
    for (unsigned round = 2; round < 6; round++) {
        wake_streams();
        for (size_t i = 0; i < COUNT; i++) {
            assert_true(client_sees(fds[i], &seen[i], "data: news", round));
        }
    }
    for (size_t i = 0; i < COUNT; i++) {
        assert_int_equal(close(fds[i]), 0);
    }
    wait_for(&server.closed, closed + COUNT); /* the ticker finds them gone */
    free(seen);
}

static void test_streams_have_a_ceiling(void **state)
{
    (void)state;
    int fds[STREAMS_MAX];
    int closed = atomic_load(&server.closed);
    Str request = STR("GET /stream HTTP/1.1\r\n" HOST "\r\n");
    for (size_t i = 0; i < STREAMS_MAX; i++) {
        fds[i] = client_open();
        assert_true(client_send(fds[i], request.p, request.n));
        assert_true(is_readable(fds[i], WAIT_MS));
    }
    ask(&reply, "GET /stream HTTP/1.1");
    assert_int_equal(status_of(&reply), 503);
    for (size_t i = 0; i < STREAMS_MAX; i++) {
        assert_int_equal(close(fds[i]), 0);
    }
    wait_for(&server.closed, closed + STREAMS_MAX);
}

/* --- opening and closing --- */

static void test_addresses_that_cannot_be_listened_on_are_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {"",
                                      "8080",
                                      "127.0.0.1",
                                      "127.0.0.1:",
                                      "127.0.0.1:x",
                                      "127.0.0.1:70000",
                                      "127.0.0.1:-1",
                                      "no such host:1"};
    struct trial trial;
    trial_begin(&trial);
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct http *http = NULL;
        struct http_options all = options();
        all.listen = bad[i];
        cx_forgive(&trial.cx);
        assert_int_equal(http_open(&trial.cx, &all, &http), E_READ);
    }
    char taken[40];
    (void)snprintf(taken, sizeof taken, "127.0.0.1:%d", http_port(server.http));
    struct http *http = NULL;
    struct http_options all = options();
    all.listen = taken;
    cx_forgive(&trial.cx);
    assert_int_equal(http_open(&trial.cx, &all, &http), E_STORE);
    trial_end(&trial);
}

static int socket_like_the_supervisors(void)
{
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_true(fd > 0);
    assert_int_equal(bind(fd, (struct sockaddr *)&at, sizeof at), 0);
    assert_int_equal(listen(fd, 16), 0);
    return fd;
}

/* The supervisor keeps its socket: after a worker has closed, the next one serves on it, and a
 * connection made in between waits. */
static void test_a_handed_socket_outlives_the_worker(void **state)
{
    (void)state;
    struct trial trial;
    trial_begin(&trial);
    struct http *outer = server.http;
    int fd = socket_like_the_supervisors();
    int waiting = -1;
    for (int round = 0; round < 2; round++) {
        struct http_options all = options();
        all.listen_fd = dup(fd);
        assert_int_equal(http_open(&trial.cx, &all, &server.http), OK);
        ask(&reply, "GET /hello HTTP/1.1");
        assert_int_equal(status_of(&reply), 200);
        if (waiting >= 0) {
            client_read(waiting, &reply, 500);
            assert_int_equal(status_of(&reply), 200);
            assert_int_equal(close(waiting), 0);
        }
        struct http *http = server.http;
        int port = http_port(http);
        assert_true(http_close(http, 1000));
        if (round == 0) {
            struct sockaddr_in at = {.sin_family = AF_INET,
                                     .sin_port = htons((uint16_t)port),
                                     .sin_addr = {htonl(INADDR_LOOPBACK)}};
            waiting = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
            assert_int_equal(connect(waiting, (struct sockaddr *)&at, sizeof at), 0);
            Str request = STR("GET /hello HTTP/1.1\r\n" HOST "\r\n");
            assert_true(client_send(waiting, request.p, request.n));
        }
    }
    assert_int_equal(close(fd), 0);
    server.http = outer;
    trial_end(&trial);
}

static void *close_soon(void *arg)
{
    bool *closed = arg;
    struct timespec pause = {.tv_nsec = 100000000};
    (void)nanosleep(&pause, NULL);
    *closed = http_close(server.http, 3000);
    return NULL;
}

static void test_closing_ends_streams_and_lets_requests_finish(void **state)
{
    (void)state;
    struct trial trial;
    trial_begin(&trial);
    struct http *outer = server.http;
    struct http_options all = options();
    assert_int_equal(http_open(&trial.cx, &all, &server.http), OK);
    int streams = atomic_load(&server.closed);
    int stream = client_open();
    int idle = client_open();
    Str request = STR("GET /stream HTTP/1.1\r\n" HOST "\r\n");
    assert_true(client_send(stream, request.p, request.n));
    assert_true(is_readable(stream, WAIT_MS));
    pthread_t closer;
    bool closed = false;
    assert_int_equal(pthread_create(&closer, NULL, close_soon, &closed), 0);
    ask_bytes(&reply, STR("GET /park-slow HTTP/1.1\r\n" HOST "\r\n"));
    assert_int_equal(status_of(&reply), 200);
    assert_true(has(&reply, "Connection: close\r\n"));
    client_read(stream, &reply, WAIT_MS);
    assert_true(reply.is_closed);
    assert_true(has(&reply, "\r\n0\r\n\r\n"));
    client_read(idle, &reply, WAIT_MS);
    assert_true(reply.is_closed);
    assert_int_equal(pthread_join(closer, NULL), 0);
    assert_true(closed);
    assert_int_equal(atomic_load(&server.closed), streams + 1);
    assert_int_equal(close(stream), 0);
    assert_int_equal(close(idle), 0);
    server.http = outer;
    trial_end(&trial);
}

static void test_closing_cuts_a_body_that_does_not_come(void **state)
{
    (void)state;
    struct trial trial;
    trial_begin(&trial);
    struct http *outer = server.http;
    struct http_options all = options();
    assert_int_equal(http_open(&trial.cx, &all, &server.http), OK);
    int abandoned = atomic_load(&server.abandoned);
    int fd = client_open();
    Str request = STR("POST /upload HTTP/1.1\r\n" HOST "Content-Length: 100\r\n\r\nabc");
    assert_true(client_send(fd, request.p, request.n));
    struct timespec pause = {.tv_nsec = 50000000};
    (void)nanosleep(&pause, NULL);
    assert_true(http_close(server.http, 100));
    assert_int_equal(atomic_load(&server.abandoned), abandoned + 1);
    assert_int_equal(close(fd), 0);
    server.http = outer;
    trial_end(&trial);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_an_answer_carries_the_security_headers),
        cmocka_unit_test(test_a_given_header_replaces_ours),
        cmocka_unit_test(test_a_request_is_read_into_its_parts),
        cmocka_unit_test(test_bad_boundaries_are_no_boundaries),
        cmocka_unit_test(test_only_the_last_forwarder_on_this_machine_is_believed),
        cmocka_unit_test(test_header_text_that_is_not_utf8_is_absent),
        cmocka_unit_test(test_hostile_framing_is_refused_and_nothing_smuggled),
        cmocka_unit_test(test_a_chunk_too_long_to_count_ends_the_connection),
        cmocka_unit_test(test_targets_that_are_no_plain_path_are_refused),
        cmocka_unit_test(test_a_refused_request_is_finished_too),
        cmocka_unit_test(test_a_body_of_a_get_is_not_a_second_request),
        cmocka_unit_test(test_a_connection_serves_many_requests),
        cmocka_unit_test(test_a_slow_body_is_waited_for),
        cmocka_unit_test(test_a_body_at_the_limit_passes_and_one_above_is_413),
        cmocka_unit_test(test_a_declared_length_above_the_limit_is_413_unread),
        cmocka_unit_test(test_an_expected_body_is_asked_for),
        cmocka_unit_test(test_an_endless_chunked_body_is_cut_off),
        cmocka_unit_test(test_a_stream_goes_to_its_sink),
        cmocka_unit_test(test_what_a_sink_refuses_is_answered_after_the_body),
        cmocka_unit_test(test_a_client_gone_in_mid_body_abandons_the_sink),
        cmocka_unit_test(test_a_stream_refused_by_its_headers_is_answered_unread),
        cmocka_unit_test(test_a_refusal_may_be_parked_before_the_body),
        cmocka_unit_test(test_head_has_the_headers_and_no_body),
        cmocka_unit_test(test_part_of_a_file_is_sent),
        cmocka_unit_test(test_each_cookie_is_a_header_of_its_own),
        cmocka_unit_test(test_a_header_with_a_line_break_is_not_sent),
        cmocka_unit_test(test_text_is_packed_when_asked_for_and_worth_it),
        cmocka_unit_test(test_an_unchanged_answer_is_304),
        cmocka_unit_test(test_a_304_leaves_the_connection_in_step),
        cmocka_unit_test(test_finished_tells_status_and_bytes),
        cmocka_unit_test(test_a_parked_request_is_answered_by_resume),
        cmocka_unit_test(test_sixty_four_connections_park_at_once),
        cmocka_unit_test(test_a_client_gone_while_parked_is_finished_once),
        cmocka_unit_test(test_a_silent_stream_shows_signs_of_life),
        cmocka_unit_test(test_a_stream_that_ends_closes_well),
        cmocka_unit_test(test_two_hundred_streams_at_once),
        cmocka_unit_test(test_streams_have_a_ceiling),
        cmocka_unit_test(test_addresses_that_cannot_be_listened_on_are_refused),
        cmocka_unit_test(test_a_handed_socket_outlives_the_worker),
        cmocka_unit_test(test_closing_ends_streams_and_lets_requests_finish),
        cmocka_unit_test(test_closing_cuts_a_body_that_does_not_come),
    };
    return cmocka_run_group_tests(tests, server_begin, server_end);
}

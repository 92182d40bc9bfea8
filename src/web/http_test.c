/* Bodies, parking, opening and closing. */
#include <fcntl.h>
#include <zlib.h>

#include "web/http_trial.h"

struct sunk {
    int64_t bytes;
    uint32_t crc;
};

static struct {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    struct http_request *queue[256]; /* parked requests, for the workers */
    unsigned queued;
    bool ends;
    pthread_t workers[4];
    atomic_int handled, cut_off, abandoned;
    atomic_int slow; /* finished requests of /park-slow */
} server = {.lock = PTHREAD_MUTEX_INITIALIZER, .changed = PTHREAD_COND_INITIALIZER};

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
            trial_pause(300);
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
    trial_answer(request, 200,
                 str_printf(request->cx.arena, "rounds=%d body=%s", *rounds, request->body.p));
}

static void on_upload(struct http_request *request)
{
    const struct sunk *sunk = request->stream;
    trial_answer(request, 201,
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
    trial_answer(request, status_http(failure->status),
                 str_printf(request->cx.arena, "failure=%s", failure->code));
}

static void on_handle(void *arg, struct http_request *request)
{
    assert_ptr_equal(arg, &server);
    atomic_fetch_add(&server.handled, 1);
    if (request->cx.failure.status != OK) {
        on_failure(request);
    } else if (request->stream != NULL) {
        on_upload(request);
    } else if (str_starts(request->path, "/park")) {
        request->state = arena_new(request->cx.arena, int);
        park(request);
    } else {
        const char *text = request->body.n < 100 ? request->body.p : "";
        trial_answer(request, 200, str_printf(request->cx.arena, "%zu %s", request->body.n, text));
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
    (void)sent_bytes;
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
    struct http_options all = options();
    trial_http = trial_open(&all);
    server.ends = false;
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(pthread_create(&server.workers[i], NULL, work, NULL), 0);
    }
    return 0;
}

static int server_end(void **state)
{
    (void)state;
    bool closed = http_close(trial_http, 2000);
    assert_int_equal(pthread_mutex_lock(&server.lock), 0);
    server.ends = true;
    assert_int_equal(pthread_cond_broadcast(&server.changed), 0);
    assert_int_equal(pthread_mutex_unlock(&server.lock), 0);
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(pthread_join(server.workers[i], NULL), 0);
    }
    return closed ? 0 : -1;
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
        trial_pause(30);
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
    trial_pause(50);
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
        trial_pause(10);
        struct linger reset = {.l_onoff = 1};
        assert_int_equal(setsockopt(fd, SOL_SOCKET, SO_LINGER, &reset, sizeof reset), 0);
        assert_int_equal(close(fd), 0);
    }
    wait_for(&server.slow, before + 20);
    trial_pause(50);
    assert_int_equal(atomic_load(&server.slow), before + 20);
}

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
    (void)snprintf(taken, sizeof taken, "127.0.0.1:%d", http_port(trial_http));
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
    struct http *outer = trial_http;
    int fd = socket_like_the_supervisors();
    int waiting = -1;
    for (int round = 0; round < 2; round++) {
        struct http_options all = options();
        all.listen_fd = dup(fd);
        assert_int_equal(http_open(&trial.cx, &all, &trial_http), OK);
        ask(&reply, "GET /hello HTTP/1.1");
        assert_int_equal(status_of(&reply), 200);
        if (waiting >= 0) {
            client_read(waiting, &reply, 500);
            assert_int_equal(status_of(&reply), 200);
            assert_int_equal(close(waiting), 0);
        }
        struct http *http = trial_http;
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
    trial_http = outer;
    trial_end(&trial);
}

static void *close_soon(void *arg)
{
    bool *closed = arg;
    trial_pause(100);
    *closed = http_close(trial_http, 3000);
    return NULL;
}

static void test_closing_lets_requests_finish(void **state)
{
    (void)state;
    struct http *outer = trial_http;
    struct http_options all = options();
    trial_http = trial_open(&all);
    int idle = client_open();
    pthread_t closer;
    bool closed = false;
    assert_int_equal(pthread_create(&closer, NULL, close_soon, &closed), 0);
    ask_bytes(&reply, STR("GET /park-slow HTTP/1.1\r\n" HOST "\r\n"));
    assert_int_equal(status_of(&reply), 200);
    assert_true(has(&reply, "Connection: close\r\n"));
    client_read(idle, &reply, WAIT_MS);
    assert_true(reply.is_closed);
    assert_int_equal(pthread_join(closer, NULL), 0);
    assert_true(closed);
    assert_int_equal(close(idle), 0);
    trial_http = outer;
}

static void test_closing_cuts_a_body_that_does_not_come(void **state)
{
    (void)state;
    struct trial trial;
    trial_begin(&trial);
    struct http *outer = trial_http;
    struct http_options all = options();
    assert_int_equal(http_open(&trial.cx, &all, &trial_http), OK);
    int abandoned = atomic_load(&server.abandoned);
    int fd = client_open();
    Str request = STR("POST /upload HTTP/1.1\r\n" HOST "Content-Length: 100\r\n\r\nabc");
    assert_true(client_send(fd, request.p, request.n));
    trial_pause(50);
    assert_true(http_close(trial_http, 100));
    assert_int_equal(atomic_load(&server.abandoned), abandoned + 1);
    assert_int_equal(close(fd), 0);
    trial_http = outer;
    trial_end(&trial);
}

/* --- a file of the largest size, through server and multipart --- */

enum { LARGE_BYTES = 190 << 20, LARGE_PIECE = 1 << 16 };

struct large {
    struct multipart *multipart;
    int fd;
    int64_t bytes, rss_most_kb;
};

static int64_t rss_kb(void)
{
    long long pages = 0;
    FILE *file = fopen("/proc/self/statm", "re");
    assert_non_null(file);
    assert_int_equal(fscanf(file, "%*d %lld", &pages), 1);
    assert_int_equal(fclose(file), 0);
    return pages * (sysconf(_SC_PAGESIZE) / 1024);
}

static enum status large_begin(void *arg, struct cx *cx, Str name, Str file_name, Str content_type)
{
    (void)arg;
    (void)cx;
    assert_string_equal(name.p, "file");
    assert_string_equal(file_name.p, "视频.mp4");
    assert_string_equal(content_type.p, "video/mp4");
    return OK;
}

static enum status large_bytes(void *arg, struct cx *cx, const char *bytes, size_t size)
{
    struct large *large = arg;
    if (write(large->fd, bytes, size) != (ssize_t)size) {
        return FAIL(cx, E_STORE, "internal", "cannot write");
    }
    if (large->bytes / (8 << 20) != (large->bytes + (int64_t)size) / (8 << 20)) {
        int64_t now_kb = rss_kb();
        large->rss_most_kb = now_kb > large->rss_most_kb ? now_kb : large->rss_most_kb;
    }
    large->bytes += (int64_t)size;
    return OK;
}

static enum status large_end(void *arg, struct cx *cx)
{
    (void)arg;
    (void)cx;
    return OK;
}

static const struct multipart_sink LARGE_PARTS = {large_begin, large_bytes, large_end};

static enum status large_sink_bytes(void *arg, struct cx *cx, const char *bytes, size_t size)
{
    struct large *large = arg;
    return multipart_add(large->multipart, cx, bytes, size);
}

static const struct http_sink LARGE_SINK = {large_sink_bytes, sink_abandoned};

static const struct http_sink *large_want_stream(void *arg, struct http_request *request,
                                                 void **stream)
{
    (void)arg;
    struct large *large = arena_new(request->cx.arena, struct large);
    large->multipart = multipart_open(request->cx.arena, request->boundary, &LARGE_PARTS, large);
    large->fd = open("/tmp", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    assert_true(large->fd > 0);
    *stream = large;
    return &LARGE_SINK;
}

static void large_handle(void *arg, struct http_request *request)
{
    (void)arg;
    struct cx *cx = &request->cx;
    struct large *large = request->stream;
    assert_int_equal(cx->failure.status, OK);
    assert_int_equal(multipart_end(large->multipart, cx), OK);
    assert_int_equal(close(large->fd), 0);
    trial_answer(request, 201,
                 str_printf(cx->arena, "bytes=%lld rss=%lld arena=%zu", (long long)large->bytes,
                            (long long)large->rss_most_kb, arena_total_bytes(cx->arena)));
}

static void send_large(int fd)
{
    static char piece[LARGE_PIECE];
    static const char head[] = "--frontier\r\nContent-Disposition: form-data; name=\"file\"; "
                               "filename=\"视频.mp4\"\r\nContent-Type: video/mp4\r\n\r\n";
    static const char tail[] = "\r\n--frontier--\r\n";
    struct buf text;
    struct arena *arena = arena_open(1 << 20);
    buf_init(&text, arena, 1000);
    buf_printf(&text,
               "POST /large HTTP/1.1\r\n" HOST CLOSE
               "Content-Type: multipart/form-data; boundary=frontier\r\n"
               "Content-Length: %zu\r\n\r\n%s",
               sizeof head - 1 + LARGE_BYTES + sizeof tail - 1, head);
    assert_true(client_send(fd, text.p, text.n));
    for (size_t i = 0; i < sizeof piece; i++) {
        piece[i] = (char)(i * 2654435761U >> 13);
    }
    for (size_t sent = 0; sent < LARGE_BYTES; sent += sizeof piece) {
        assert_true(client_send(fd, piece, sizeof piece));
    }
    assert_true(client_send(fd, tail, sizeof tail - 1));
    arena_close(arena);
}

static void test_a_large_file_streams_through_little_memory(void **state)
{
    (void)state;
    struct http *outer = trial_http;
    struct http_options all = options();
    all.stream_limit_bytes = (int64_t)200 << 20;
    all.want_stream = large_want_stream;
    all.handle = large_handle;
    trial_http = trial_open(&all);
    int64_t before_kb = rss_kb();
    int fd = client_open();
    send_large(fd);
    client_read(fd, &reply, WAIT_MS);
    long long bytes = 0;
    long long most_kb = 0;
    size_t arena_bytes = 0;
    assert_int_equal(status_of(&reply), 201);
    assert_int_equal(
        sscanf(body_of(&reply).p, "bytes=%lld rss=%lld arena=%zu", &bytes, &most_kb, &arena_bytes),
        3);
    assert_int_equal(bytes, LARGE_BYTES);
    assert_true(most_kb > 0 && most_kb - before_kb < 16 * 1024);
    assert_true(arena_bytes < 64 * 1024);
    assert_int_equal(close(fd), 0);
    assert_true(http_close(trial_http, 1000));
    trial_http = outer;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
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
        cmocka_unit_test(test_a_parked_request_is_answered_by_resume),
        cmocka_unit_test(test_sixty_four_connections_park_at_once),
        cmocka_unit_test(test_a_client_gone_while_parked_is_finished_once),
        cmocka_unit_test(test_addresses_that_cannot_be_listened_on_are_refused),
        cmocka_unit_test(test_a_handed_socket_outlives_the_worker),
        cmocka_unit_test(test_closing_lets_requests_finish),
        cmocka_unit_test(test_a_large_file_streams_through_little_memory),
        cmocka_unit_test(test_closing_cuts_a_body_that_does_not_come),
    };
    return cmocka_run_group_tests(tests, server_begin, server_end);
}

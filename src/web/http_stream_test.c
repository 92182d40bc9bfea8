/* Event streams: woken, silent, ended, by the hundred. */
#include "web/http_trial.h"

enum { STREAMS_MAX = 210 };

static struct {
    pthread_mutex_t lock;
    struct http_stream *streams[STREAMS_MAX];
    atomic_int closed;
} server = {.lock = PTHREAD_MUTEX_INITIALIZER};

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
        trial_answer(request, 503, STR("busy"));
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

static void on_handle(void *arg, struct http_request *request)
{
    (void)arg;
    open_stream(request);
}

static struct http_options options(void)
{
    return (struct http_options){.listen = "127.0.0.1:0",
                                 .threads = 4,
                                 .streams_max = STREAMS_MAX,
                                 .stream_tick_ms = 200,
                                 .handle = on_handle,
                                 .resume = trial_no_resume};
}

static int server_begin(void **state)
{
    (void)state;
    struct http_options all = options();
    trial_http = trial_open(&all);
    return 0;
}

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

static void test_closing_ends_streams(void **state)
{
    (void)state;
    struct http *outer = trial_http;
    struct http_options all = options();
    trial_http = trial_open(&all);
    int before = atomic_load(&server.closed);
    int fd = client_open();
    Str request = STR("GET /stream HTTP/1.1\r\n" HOST "\r\n");
    assert_true(client_send(fd, request.p, request.n));
    assert_true(is_readable(fd, WAIT_MS));
    assert_true(http_close(trial_http, 3000));
    client_read(fd, &reply, WAIT_MS);
    assert_true(reply.is_closed);
    assert_true(has(&reply, "\r\n0\r\n\r\n"));
    assert_int_equal(atomic_load(&server.closed), before + 1);
    assert_int_equal(close(fd), 0);
    trial_http = outer;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_silent_stream_shows_signs_of_life),
        cmocka_unit_test(test_a_stream_that_ends_closes_well),
        cmocka_unit_test(test_two_hundred_streams_at_once),
        cmocka_unit_test(test_streams_have_a_ceiling),
        cmocka_unit_test(test_closing_ends_streams),
    };
    return cmocka_run_group_tests(tests, server_begin, trial_close);
}

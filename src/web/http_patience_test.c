/* Head and body of a request are waited for, but not for ever, however their sender keeps them
 * alive. */
#include <errno.h>

#include "web/http_trial.h"

enum { HEAD_WAIT_MS = 1000, BODY_WAIT_MS = 1000, BODY_LEAST_BYTES = 1000, DRIP_MS = 50 };

static void on_handle(void *arg, struct http_request *request)
{
    (void)arg;
    trial_answer(request, 200, STR("ok"));
}

static int server_begin(void **state)
{
    (void)state;
    trial_http = trial_open(&(struct http_options){.listen = "127.0.0.1:0",
                                                   .threads = 2,
                                                   .stream_tick_ms = 50,
                                                   .head_wait_ms = HEAD_WAIT_MS,
                                                   .body_wait_ms = BODY_WAIT_MS,
                                                   .body_least_bytes = BODY_LEAST_BYTES,
                                                   .body_limit_bytes = BODY_LIMIT,
                                                   .handle = on_handle,
                                                   .resume = trial_no_resume});
    return 0;
}

static bool is_ended(int fd)
{
    char byte = 0;
    ssize_t got = recv(fd, &byte, 1, MSG_DONTWAIT);
    return got == 0 || (got < 0 && errno != EAGAIN && errno != EWOULDBLOCK);
}

/* Sends `piece` now and then until the server ends it; how long that took. */
static int64_t dripped_ms(int fd, const char *piece)
{
    int64_t begun_us = clock_monotonic_us();
    while (!is_ended(fd) && clock_monotonic_us() - begun_us < (int64_t)WAIT_MS * 1000) {
        trial_pause(DRIP_MS);
        (void)send(fd, piece, strlen(piece), MSG_NOSIGNAL);
    }
    return (clock_monotonic_us() - begun_us) / 1000;
}

static void test_headers_that_drip_are_ended(void **state)
{
    (void)state;
    int fd = client_open();
    Str line = STR("GET / HTTP/1.1\r\n" HOST);
    assert_true(client_send(fd, line.p, line.n));
    int64_t took_ms = dripped_ms(fd, "X-A: b\r\n");
    assert_true(took_ms >= HEAD_WAIT_MS / 2 && took_ms < WAIT_MS);
    assert_int_equal(close(fd), 0);
}

static void test_a_request_line_that_drips_is_ended(void **state)
{
    (void)state;
    int fd = client_open();
    assert_true(dripped_ms(fd, "G") < WAIT_MS);
    assert_int_equal(close(fd), 0);
}

static void test_the_next_head_is_waited_for_anew(void **state)
{
    (void)state;
    int fd = client_open();
    Str request = STR("GET / HTTP/1.1\r\n" HOST "\r\n");
    for (int i = 0; i < 4; i++) {
        trial_pause(HEAD_WAIT_MS / 2);
        assert_true(client_send(fd, request.p, request.n));
        client_read(fd, &reply, 100);
        assert_int_equal(status_of(&reply), 200);
        assert_false(reply.is_closed);
    }
    assert_true(dripped_ms(fd, "G") < WAIT_MS);
    assert_int_equal(close(fd), 0);
}

static void test_a_steady_body_may_take_longer_than_either(void **state)
{
    (void)state;
    static const char piece[BODY_LEAST_BYTES];
    int fd = client_open();
    Str head = STR("POST / HTTP/1.1\r\n" HOST "Content-Length: 12000\r\n\r\n");
    assert_true(client_send(fd, head.p, head.n));
    for (int i = 0; i < 12; i++) {
        trial_pause(BODY_WAIT_MS / 4);
        assert_true(client_send(fd, piece, sizeof piece));
    }
    assert_true(is_readable(fd, WAIT_MS));
    client_read(fd, &reply, 100);
    assert_int_equal(status_of(&reply), 200);
    assert_int_equal(close(fd), 0);
}

/* What came fast at first is no credit. */
static void test_a_body_that_drips_is_ended(void **state)
{
    (void)state;
    static const char begun[20000];
    int fd = client_open();
    Str head = STR("POST / HTTP/1.1\r\n" HOST "Content-Length: 60000\r\n\r\n");
    assert_true(client_send(fd, head.p, head.n));
    assert_true(client_send(fd, begun, sizeof begun));
    int64_t took_ms = dripped_ms(fd, "x");
    assert_true(took_ms >= BODY_WAIT_MS / 2 && took_ms < WAIT_MS);
    assert_int_equal(close(fd), 0);
}

static void test_chunks_that_drip_are_ended(void **state)
{
    (void)state;
    int fd = client_open();
    Str head = STR("POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n");
    assert_true(client_send(fd, head.p, head.n));
    assert_true(dripped_ms(fd, "1\r\nx\r\n") < WAIT_MS);
    assert_int_equal(close(fd), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_headers_that_drip_are_ended),
        cmocka_unit_test(test_a_request_line_that_drips_is_ended),
        cmocka_unit_test(test_the_next_head_is_waited_for_anew),
        cmocka_unit_test(test_a_steady_body_may_take_longer_than_either),
        cmocka_unit_test(test_a_body_that_drips_is_ended),
        cmocka_unit_test(test_chunks_that_drip_are_ended),
    };
    return cmocka_run_group_tests(tests, server_begin, trial_close);
}

/* Claims about the message gateway: what is sent, what counts as taken, what is tried again. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/check.h"
#include "base/json.h"
#include "base/test.h"
#include "link/message.h"

/* A gateway that answers one request with the status it is told, or hangs up on 0. */
struct gateway {
    int fd;
    int port;
    int status;
    pthread_t thread;
    char request[4096];
};

static bool is_whole(const char *request)
{
    const char *end = strstr(request, "\r\n\r\n");
    const char *length = strstr(request, "Content-Length: ");
    return end != NULL && length != NULL &&
           strlen(end + 4) >= strtoul(length + strlen("Content-Length: "), NULL, 10);
}

static void *gateway_work(void *arg)
{
    struct gateway *gateway = arg;
    char answer[100];
    size_t size = 0;
    int fd = accept(gateway->fd, NULL, NULL);
    check(fd >= 0);
    for (ssize_t n = 1; n > 0 && !is_whole(gateway->request); size += n > 0 ? (size_t)n : 0) {
        n = read(fd, gateway->request + size, sizeof gateway->request - 1 - size);
    }
    int length = snprintf(answer, sizeof answer, "HTTP/1.1 %d X\r\nContent-Length: 2\r\n\r\n{}",
                          gateway->status);
    if (gateway->status != 0) {
        check(write(fd, answer, (size_t)length) == length);
    }
    (void)close(fd);
    return NULL;
}

static void gateway_open(struct gateway *gateway, int status)
{
    struct sockaddr_in address = {.sin_family = AF_INET};
    socklen_t size = sizeof address;
    memset(gateway, 0, sizeof *gateway);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    gateway->status = status;
    gateway->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_true(gateway->fd >= 0);
    assert_int_equal(bind(gateway->fd, (struct sockaddr *)&address, size), 0);
    assert_int_equal(listen(gateway->fd, 4), 0);
    assert_int_equal(getsockname(gateway->fd, (struct sockaddr *)&address, &size), 0);
    gateway->port = ntohs(address.sin_port);
}

static const struct message message = {{"42", 2}, {"13800138000", 11}, {"验证码123456", 15}};

/* Sends once to a gateway that answers so. */
static enum status sent_to(struct trial *t, struct gateway *gateway, int status)
{
    const struct messenger *messenger = NULL;
    gateway_open(gateway, status);
    assert_int_equal(pthread_create(&gateway->thread, NULL, gateway_work, gateway), 0);
    assert_int_equal(messenger_http(&t->cx, t->arena,
                                    str_printf(t->arena, "http://127.0.0.1:%d", gateway->port),
                                    &messenger),
                     OK);
    enum status result = messenger->send(&t->cx, messenger, &message);
    assert_int_equal(pthread_join(gateway->thread, NULL), 0);
    (void)close(gateway->fd);
    return result;
}

static void test_a_message_is_posted_as_json_under_our_id(void **state)
{
    (void)state;
    struct trial t;
    struct gateway gateway;
    struct value *body = NULL;
    trial_begin(&t);
    assert_int_equal(sent_to(&t, &gateway, 202), OK);
    assert_true(str_starts(str_of(gateway.request), "POST /v1/send HTTP/1.1\r\n"));
    assert_int_equal(json_read(&t.cx, str_of(strstr(gateway.request, "\r\n\r\n") + 4), &body), OK);
    assert_string_equal(value_get_str(body, "message_id").p, "42");
    assert_string_equal(value_get_str(body, "to").p, "13800138000");
    assert_string_equal(value_get_str(body, "text").p, "验证码123456");
    trial_end(&t);
}

static void test_a_known_message_is_as_good_as_a_new_one(void **state)
{
    (void)state;
    struct trial t;
    struct gateway gateway;
    trial_begin(&t);
    assert_int_equal(sent_to(&t, &gateway, 200), OK);
    trial_end(&t);
}

static void test_what_passes_is_busy_and_what_does_not_is_refused(void **state)
{
    (void)state;

    static const struct {
        int status;
        enum status is;
    } cases[] = {{503, E_BUSY}, {500, E_BUSY},  {429, E_BUSY},  {408, E_BUSY}, {0, E_BUSY},
                 {301, E_BUSY}, {422, E_INPUT}, {400, E_INPUT}, {404, E_INPUT}};

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct trial t;
        struct gateway gateway;
        trial_begin(&t);
        assert_int_equal(sent_to(&t, &gateway, cases[i].status), cases[i].is);
        assert_null(strstr(t.cx.failure.detail.p, "13800138000"));
        assert_null(strstr(t.cx.failure.detail.p, "123456"));
        trial_end(&t);
    }
}

static void test_nobody_listening_is_busy(void **state)
{
    (void)state;
    struct trial t;
    struct gateway gateway;
    const struct messenger *messenger = NULL;
    trial_begin(&t);
    gateway_open(&gateway, 0);
    (void)close(gateway.fd);
    assert_int_equal(messenger_http(&t.cx, t.arena,
                                    str_printf(t.arena, "http://127.0.0.1:%d/", gateway.port),
                                    &messenger),
                     OK);
    assert_int_equal(messenger->send(&t.cx, messenger, &message), E_BUSY);
    trial_end(&t);
}

static void test_an_address_that_is_not_http_is_refused(void **state)
{
    (void)state;
    const char *bad[] = {"", "file:///etc/passwd", "ftp://x/", "127.0.0.1:80"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct trial t;
        const struct messenger *messenger = NULL;
        trial_begin(&t);
        assert_int_equal(messenger_http(&t.cx, t.arena, str_of(bad[i]), &messenger), E_INPUT);
        trial_end(&t);
    }
}

static void test_without_a_gateway_nothing_is_sent_and_nothing_fails(void **state)
{
    (void)state;
    struct trial t;
    trial_begin(&t);
    assert_int_equal(messenger_none()->send(&t.cx, messenger_none(), &message), OK);
    trial_end(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_message_is_posted_as_json_under_our_id),
        cmocka_unit_test(test_a_known_message_is_as_good_as_a_new_one),
        cmocka_unit_test(test_what_passes_is_busy_and_what_does_not_is_refused),
        cmocka_unit_test(test_nobody_listening_is_busy),
        cmocka_unit_test(test_an_address_that_is_not_http_is_refused),
        cmocka_unit_test(test_without_a_gateway_nothing_is_sent_and_nothing_fails),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

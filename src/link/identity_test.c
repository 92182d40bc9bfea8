/* Claims about the register of residents: what is asked, which answers count, and that silence is
 * never an answer. */
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
#include "link/identity.h"

/* A register that answers one request with what it is told, or hangs up on status 0. */
struct desk {
    int fd;
    int port;
    int status;
    const char *answer;
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

static void *desk_work(void *arg)
{
    struct desk *desk = arg;
    char answer[1000];
    size_t size = 0;
    int fd = accept(desk->fd, NULL, NULL);
    check(fd >= 0);
    for (ssize_t n = 1; n > 0 && !is_whole(desk->request); size += n > 0 ? (size_t)n : 0) {
        n = read(fd, desk->request + size, sizeof desk->request - 1 - size);
    }
    int length = snprintf(answer, sizeof answer, "HTTP/1.1 %d X\r\nContent-Length: %zu\r\n\r\n%s",
                          desk->status, strlen(desk->answer), desk->answer);
    if (desk->status != 0) {
        check(write(fd, answer, (size_t)length) == length);
    }
    (void)close(fd);
    return NULL;
}

static void desk_open(struct desk *desk, int status, const char *answer)
{
    struct sockaddr_in address = {.sin_family = AF_INET};
    socklen_t size = sizeof address;
    memset(desk, 0, sizeof *desk);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    desk->status = status;
    desk->answer = answer;
    desk->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_true(desk->fd >= 0);
    assert_int_equal(bind(desk->fd, (struct sockaddr *)&address, sizeof address), 0);
    assert_int_equal(listen(desk->fd, 1), 0);
    assert_int_equal(getsockname(desk->fd, (struct sockaddr *)&address, &size), 0);
    desk->port = ntohs(address.sin_port);
    assert_int_equal(pthread_create(&desk->thread, NULL, desk_work, desk), 0);
}

static struct trial trial;

static enum status ask(struct desk *desk, enum identity_answer *out)
{
    const struct identity_register *registry = NULL;
    struct identity_question question = {STR("42"), STR("林晓舟"), STR("11010519491231002X")};
    cx_forgive(&trial.cx);
    Str url = str_printf(trial.arena, "http://127.0.0.1:%d/", desk->port);
    assert_int_equal(identity_http(&trial.cx, trial.arena, url, &registry), OK);
    assert_string_equal(registry->source, "registry");
    enum status status = registry->ask(&trial.cx, registry, &question, out);
    assert_int_equal(pthread_join(desk->thread, NULL), 0);
    (void)close(desk->fd);
    return status;
}

static void test_the_question_is_what_the_register_understands(void **state)
{
    struct desk desk;
    enum identity_answer answer = IDENTITY_UNKNOWN;
    struct value *body = NULL;
    (void)state;
    desk_open(&desk, 200, "{\"request_id\":\"42\",\"result\":\"match\",\"checked_at\":\"x\"}");
    assert_int_equal(ask(&desk, &answer), OK);
    assert_int_equal(answer, IDENTITY_MATCH);
    assert_true(str_starts(str_of(desk.request), "POST /v1/verify HTTP/1.1\r\n"));
    Str text = str_of(strstr(desk.request, "\r\n\r\n") + 4);
    assert_int_equal(json_read(&trial.cx, text, &body), OK);
    assert_true(str_is(value_get_str(body, "request_id"), "42"));
    assert_true(str_is(value_get_str(body, "name"), "林晓舟"));
    assert_true(str_is(value_get_str(body, "type"), "resident-id"));
    assert_true(str_is(value_get_str(body, "number"), "11010519491231002X"));
}

static void test_the_other_answers_are_told_apart(void **state)
{
    struct desk desk;
    enum identity_answer answer = IDENTITY_MATCH;
    (void)state;
    desk_open(&desk, 200, "{\"request_id\":\"42\",\"result\":\"mismatch\"}");
    assert_int_equal(ask(&desk, &answer), OK);
    assert_int_equal(answer, IDENTITY_MISMATCH);
    desk_open(&desk, 200, "{\"request_id\":\"42\",\"result\":\"unknown\"}");
    assert_int_equal(ask(&desk, &answer), OK);
    assert_int_equal(answer, IDENTITY_UNKNOWN);
}

static void test_everything_else_is_silence(void **state)
{
    static const struct {
        int status;
        const char *answer;
    } cases[] = {{0, ""},
                 {503, "{\"request_id\":\"42\",\"result\":\"match\"}"},
                 {400, "{}"},
                 {200, "{\"request_id\":\"43\",\"result\":\"match\"}"},
                 {200, "{\"request_id\":\"42\",\"result\":\"perhaps\"}"},
                 {200, "{\"result\":\"match\"}"},
                 {200, "match"},
                 {200, ""}};

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct desk desk;
        enum identity_answer answer = IDENTITY_UNKNOWN;
        desk_open(&desk, cases[i].status, cases[i].answer);
        assert_int_equal(ask(&desk, &answer), E_BUSY);
        assert_string_equal(trial.cx.failure.code, "registry-silent");
        assert_int_equal(answer, IDENTITY_UNKNOWN);
        assert_false(str_has(trial.cx.failure.detail, "林晓舟"));
        assert_false(str_has(trial.cx.failure.detail, "1949"));
    }
}

static void test_what_is_no_address_is_refused_at_the_start(void **state)
{
    const struct identity_register *registry = NULL;
    (void)state;
    cx_forgive(&trial.cx);
    assert_int_equal(identity_http(&trial.cx, trial.arena, STR("ftp://x"), &registry), E_INPUT);
    cx_forgive(&trial.cx);
    assert_int_equal(identity_http(&trial.cx, trial.arena, STR(""), &registry), E_INPUT);
}

static void test_the_demo_says_that_nobody_was_asked(void **state)
{
    enum identity_answer answer = IDENTITY_UNKNOWN;
    const struct identity_register *demo = identity_demo();
    struct identity_question question = {STR("1"), STR("甲"), STR("11010519491231002X")};
    (void)state;
    assert_string_equal(demo->source, "demo");
    assert_int_equal(demo->ask(&trial.cx, demo, &question, &answer), OK);
    assert_int_equal(answer, IDENTITY_MATCH);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_question_is_what_the_register_understands),
        cmocka_unit_test(test_the_other_answers_are_told_apart),
        cmocka_unit_test(test_everything_else_is_silence),
        cmocka_unit_test(test_what_is_no_address_is_refused_at_the_start),
        cmocka_unit_test(test_the_demo_says_that_nobody_was_asked),
    };
    trial_begin(&trial);
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    trial_end(&trial);
    return failed;
}

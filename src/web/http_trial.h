/* web/http_trial.h - for tests of the HTTP layer: a real server on loopback, spoken to through raw
 * sockets, because what matters here is bytes. */
#ifndef WEB_HTTP_TRIAL_H
#define WEB_HTTP_TRIAL_H

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

#include "base/test.h"
#include "web/http.h"

enum { BODY_LIMIT = 64 * 1024, STREAM_LIMIT = 1 << 20, ANSWER_BYTES = 1 << 18, WAIT_MS = 10000 };

static struct http *trial_http; /* the one that the client speaks to */

static inline void trial_pause(int ms)
{
    struct timespec pause = {.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000L};
    (void)nanosleep(&pause, NULL);
}

static inline struct http *trial_open(const struct http_options *options)
{
    struct trial trial;
    struct http *http = NULL;
    trial_begin(&trial);
    assert_int_equal(http_open(&trial.cx, options, &http), OK);
    trial_end(&trial);
    return http;
}

static inline void trial_answer(struct http_request *request, int status, Str text)
{
    http_answer(request, &(struct http_answer){.status = status,
                                               .content_type = "text/plain; charset=utf-8",
                                               .body = text});
}

/* For servers that park nothing. */
static inline void trial_no_resume(void *arg, struct http_request *request)
{
    (void)arg;
    (void)request;
    fail();
}

static inline int trial_close(void **state)
{
    (void)state;
    return http_close(trial_http, 2000) ? 0 : -1;
}

/* --- the client --- */

static inline int client_open(void)
{
    struct sockaddr_in at = {.sin_family = AF_INET,
                             .sin_port = htons((uint16_t)http_port(trial_http)),
                             .sin_addr = {htonl(INADDR_LOOPBACK)}};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_true(fd >= 0);
    assert_int_equal(connect(fd, (struct sockaddr *)&at, sizeof at), 0);
    struct timeval wait = {.tv_sec = WAIT_MS / 1000};
    assert_int_equal(setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof wait), 0);
    return fd;
}

/* False when the server has closed meanwhile. */
static inline bool client_send(int fd, const char *bytes, size_t size)
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

static inline bool is_readable(int fd, int wait_ms)
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
static inline void client_read(int fd, struct answer *answer, int wait_ms)
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

static inline unsigned count_of(const struct answer *answer, const char *part)
{
    unsigned count = 0;
    for (const char *p = strstr(answer->text, part); p != NULL; p = strstr(p + 1, part)) {
        count++;
    }
    return count;
}

static inline bool has(const struct answer *answer, const char *part)
{
    return count_of(answer, part) > 0;
}

static inline int status_of(const struct answer *answer)
{
    int status = 0;
    return sscanf(answer->text, "HTTP/1.1 %d", &status) == 1 ? status : 0;
}

/* A whole exchange on a connection of its own, with "Connection: close". */
static inline void ask_bytes(struct answer *answer, Str request)
{
    int fd = client_open();
    (void)client_send(fd, request.p, request.n);
    client_read(fd, answer, WAIT_MS);
    assert_int_equal(close(fd), 0);
}

#define HOST  "Host: x\r\n"
#define CLOSE "Connection: close\r\n"

static inline void ask(struct answer *answer, const char *line_and_headers)
{
    char request[20000];
    int size = snprintf(request, sizeof request, "%s\r\n" HOST CLOSE "\r\n", line_and_headers);
    assert_true(size > 0 && (size_t)size < sizeof request);
    ask_bytes(answer, (Str){request, (size_t)size});
}

static inline Str body_of(const struct answer *answer)
{
    const char *end = strstr(answer->text, "\r\n\r\n");
    assert_non_null(end);
    return (Str){end + 4, answer->size - (size_t)(end + 4 - answer->text)};
}

static inline void wait_for(atomic_int *counter, int least)
{
    for (int i = 0; i < WAIT_MS / 5 && atomic_load(counter) < least; i++) {
        struct timespec pause = {.tv_nsec = 5000000};
        (void)nanosleep(&pause, NULL);
    }
    assert_true(atomic_load(counter) >= least);
}

static struct answer reply; /* too large for the stack; tests run one by one */

#endif

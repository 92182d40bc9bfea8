#include "render/helper_wire.h"

#include <errno.h>
#include <poll.h>
#include <sys/socket.h>

#include "base/clock.h"
#include "base/json.h"

/* Waits until fd is ready for `events`; false at the deadline. */
static bool wait_for(int fd, short events, int64_t deadline_us)
{
    struct pollfd at = {.fd = fd, .events = events};
    for (;;) {
        int64_t left_us = deadline_us - clock_monotonic_us();
        if (deadline_us != 0 && left_us <= 0) {
            return false;
        }
        int wait_ms = deadline_us == 0 ? -1 : (int)((left_us + 999) / 1000);
        int ready = poll(&at, 1, wait_ms);
        if (ready > 0) {
            return true;
        }
        if (ready < 0 && errno != EINTR) {
            return true; /* the read or write will say what is wrong */
        }
    }
}

static enum wire_result send_all(int fd, const char *bytes, size_t size, int64_t deadline_us)
{
    for (size_t done = 0; done < size;) {
        if (!wait_for(fd, POLLOUT, deadline_us)) {
            return WIRE_LATE;
        }
        ssize_t n = send(fd, bytes + done, size - done, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (n > 0) {
            done += (size_t)n;
        } else if (n < 0 && errno != EINTR && errno != EAGAIN) {
            return WIRE_BROKEN;
        }
    }
    return WIRE_OK;
}

static enum wire_result receive_all(int fd, char *bytes, size_t size, int64_t deadline_us)
{
    for (size_t done = 0; done < size;) {
        if (!wait_for(fd, POLLIN, deadline_us)) {
            return WIRE_LATE;
        }
        ssize_t n = recv(fd, bytes + done, size - done, MSG_DONTWAIT);
        if (n > 0) {
            done += (size_t)n;
        } else if (n == 0) {
            return done == 0 ? WIRE_END : WIRE_BROKEN;
        } else if (errno != EINTR && errno != EAGAIN) {
            return WIRE_BROKEN;
        }
    }
    return WIRE_OK;
}

static void put_length(unsigned char *at, size_t length)
{
    for (int i = 0; i < 4; i++) {
        at[i] = (unsigned char)(length >> (24 - 8 * i));
    }
}

static size_t length_at(const unsigned char *at)
{
    return (size_t)at[0] << 24 | (size_t)at[1] << 16 | (size_t)at[2] << 8 | at[3];
}

enum wire_result wire_send(int fd, Str head, const Str *parts, uint32_t count, int64_t deadline_us)
{
    unsigned char lengths[8];
    size_t body = 0;
    for (uint32_t i = 0; i < count; i++) {
        body += parts[i].n;
    }
    put_length(lengths, head.n);
    put_length(lengths + 4, body);
    enum wire_result result = send_all(fd, (const char *)lengths, sizeof lengths, deadline_us);
    if (result == WIRE_OK) {
        result = send_all(fd, head.p, head.n, deadline_us);
    }
    for (uint32_t i = 0; i < count && result == WIRE_OK; i++) {
        result = send_all(fd, parts[i].p, parts[i].n, deadline_us);
    }
    return result;
}

enum wire_result wire_receive(struct cx *cx, int fd, size_t body_max, int64_t deadline_us,
                              struct value **head, Str *body)
{
    unsigned char lengths[8];
    enum wire_result result = receive_all(fd, (char *)lengths, sizeof lengths, deadline_us);
    if (result != WIRE_OK) {
        return result;
    }
    size_t head_size = length_at(lengths);
    size_t body_size = length_at(lengths + 4);
    if (head_size == 0 || head_size > WIRE_HEAD_BYTES_MAX || body_size > body_max) {
        return WIRE_BROKEN;
    }
    char *head_bytes = arena_alloc(cx->arena, head_size + 1);
    char *body_bytes = arena_alloc(cx->arena, body_size + 1);
    result = receive_all(fd, head_bytes, head_size, deadline_us);
    if (result == WIRE_OK) {
        result = receive_all(fd, body_bytes, body_size, deadline_us);
    }
    if (result != WIRE_OK) {
        return result == WIRE_LATE ? WIRE_LATE : WIRE_BROKEN;
    }
    *body = (Str){body_bytes, body_size};
    if (json_read(cx, (Str){head_bytes, head_size}, head) != OK || !value_is_map(*head)) {
        cx_forgive(cx);
        return WIRE_BROKEN;
    }
    return WIRE_OK;
}

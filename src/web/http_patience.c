/* libmicrohttpd's timeout is one of silence: a client that sends a byte now and then keeps its
 * connection, and the arena of its request, for ever. Here the whole head of a request has to
 * arrive within a time, counted from the connection or from the answer before it. A body may take
 * as long as its size needs on a bad line, but has to bring something in each span of time: what
 * came fast before buys no right to drip after. */
#include <stdlib.h>
#include <sys/socket.h>

#include "base/check.h"
#include "web/http_int.h"

struct http_guest {
    int fd;
    _Atomic int64_t waits_since_us; /* 0 while a request is read on or answered */
    _Atomic int64_t body_bytes;     /* of all bodies so far */
    _Atomic int64_t body_since_us;  /* 0 while none is read */
    /* Of the ticker alone: the span of time that is being looked at, and the body it belongs to. */
    int64_t span_since_us, span_bytes, span_body_us;
    struct http_guest *next, **at;
};

static struct http_guest *guest_of(struct MHD_Connection *connection)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    return info == NULL ? NULL : info->socket_context;
}

void patience_notify(void *cls, struct MHD_Connection *connection, void **context,
                     enum MHD_ConnectionNotificationCode what)
{
    struct http *http = cls;
    struct http_guest *guest = *context;
    if (what == MHD_CONNECTION_NOTIFY_STARTED) {
        guest = calloc(1, sizeof *guest);
        check(guest != NULL);
        guest->fd =
            MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd;
        atomic_store(&guest->waits_since_us, clock_monotonic_us());
        *context = guest;
    }
    check(pthread_mutex_lock(&http->lock) == 0);
    if (what == MHD_CONNECTION_NOTIFY_STARTED) {
        guest->next = http->guests;
        guest->at = &http->guests;
        if (guest->next != NULL) {
            guest->next->at = &guest->next;
        }
        http->guests = guest;
    } else { /* its socket is closed after this, so no other connection has its number yet */
        *guest->at = guest->next;
        if (guest->next != NULL) {
            guest->next->at = guest->at;
        }
    }
    check(pthread_mutex_unlock(&http->lock) == 0);
    if (what == MHD_CONNECTION_NOTIFY_CLOSED) {
        *context = NULL;
        free(guest);
    }
}

void patience_head_came(struct MHD_Connection *connection)
{
    struct http_guest *guest = guest_of(connection);
    if (guest != NULL) {
        atomic_store(&guest->waits_since_us, 0);
    }
}

void patience_head_wanted(struct MHD_Connection *connection)
{
    struct http_guest *guest = guest_of(connection);
    if (guest != NULL) {
        atomic_store(&guest->waits_since_us, clock_monotonic_us());
    }
}

void patience_body_wanted(struct MHD_Connection *connection)
{
    struct http_guest *guest = guest_of(connection);
    if (guest != NULL) {
        atomic_store(&guest->body_since_us, clock_monotonic_us());
    }
}

void patience_body_bytes(struct MHD_Connection *connection, size_t size)
{
    struct http_guest *guest = guest_of(connection);
    if (guest != NULL) {
        atomic_fetch_add(&guest->body_bytes, (int64_t)size);
    }
}

void patience_body_came(struct MHD_Connection *connection)
{
    struct http_guest *guest = guest_of(connection);
    if (guest != NULL) {
        atomic_store(&guest->body_since_us, 0);
    }
}

static bool body_drips(const struct http_options *options, struct http_guest *guest, int64_t now_us)
{
    int64_t body_us = atomic_load(&guest->body_since_us);
    int64_t bytes = atomic_load(&guest->body_bytes);
    bool is_same = guest->span_body_us == body_us;
    if (body_us == 0 ||
        (is_same && now_us - guest->span_since_us < (int64_t)options->body_wait_ms * 1000)) {
        return false;
    }
    if (is_same && bytes - guest->span_bytes < (int64_t)options->body_least_bytes) {
        return true;
    }
    guest->span_body_us = body_us;
    guest->span_since_us = now_us;
    guest->span_bytes = bytes;
    return false;
}

void patience_end(struct http *http)
{
    int64_t now_us = clock_monotonic_us();
    int64_t oldest_us = now_us - (int64_t)http->options.head_wait_ms * 1000;
    for (struct http_guest *guest = http->guests; guest != NULL; guest = guest->next) {
        int64_t since_us = atomic_load(&guest->waits_since_us);
        bool is_late = since_us != 0 && since_us < oldest_us;
        if (body_drips(&http->options, guest, now_us) || is_late) {
            (void)shutdown(guest->fd, SHUT_RDWR); /* libmicrohttpd reads the end and closes */
        }
    }
}

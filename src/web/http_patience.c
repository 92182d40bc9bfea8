/* libmicrohttpd's timeout is one of silence: a client that sends a byte of its headers now and then
 * keeps its connection, and the arena of its request, for ever. Here the whole head of a request
 * has to arrive within a time, counted from the connection or from the answer before it. */
#include <stdlib.h>
#include <sys/socket.h>

#include "base/check.h"
#include "web/http_int.h"

struct http_guest {
    int fd;
    _Atomic int64_t waits_since_us; /* 0 while a request is read on or answered */
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

void patience_end(struct http *http)
{
    int64_t oldest_us = clock_monotonic_us() - (int64_t)http->options.head_wait_ms * 1000;
    for (const struct http_guest *guest = http->guests; guest != NULL; guest = guest->next) {
        int64_t since_us = atomic_load(&guest->waits_since_us);
        if (since_us != 0 && since_us < oldest_us) {
            (void)shutdown(guest->fd, SHUT_RDWR); /* libmicrohttpd reads the end and closes */
        }
    }
}

#include "link/scan.h"

#include <errno.h>
#include <netdb.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum {
    CHUNK_BYTES = 256 * 1024,
    ANSWER_BYTES = 1024,
    CONNECT_MS = 3000,
    ANSWER_MS = 120000, /* a large archive takes its time */
    SEND_MS = 30000
};

struct scan {
    Str path; /* of a unix socket, or "" */
    Str host;
    Str port;
};

enum status scan_open(struct cx *cx, struct arena *arena, const char *where, struct scan **out)
{
    struct scan *scan = arena_new(arena, struct scan);
    Str text = str_of(where);
    const char *colon = strrchr(where, ':');
    struct sockaddr_un at;
    *out = NULL;
    if (str_starts(text, "unix:")) {
        scan->path = str_copy(arena, text.p + 5, text.n - 5);
        if (scan->path.n == 0 || scan->path.n >= sizeof at.sun_path) {
            return FAIL(cx, E_READ, "scan-address", "no path of a socket: %s", where);
        }
    } else {
        int64_t number = 0;
        if (colon == NULL || colon == where || !str_int(str_of(colon + 1), &number) || number < 1 ||
            number > 65535) {
            return FAIL(cx, E_READ, "scan-address", "not unix:PATH or HOST:PORT: %s", where);
        }
        scan->host = str_copy(arena, where, (size_t)(colon - where));
        scan->port = str_copy(arena, colon + 1, strlen(colon + 1));
    }
    *out = scan;
    return OK;
}

/* --- the line --- */

static enum status unreachable(struct cx *cx, const char *what, int error)
{
    return FAIL(cx, E_BUSY, "scan-unreachable", "scanner: %s: %s", what, strerror(error));
}

/* A socket is never waited on without an end. */
static void set_timeouts(int fd, int send_ms, int answer_ms)
{
    struct timeval send_time = {.tv_sec = send_ms / 1000};
    struct timeval answer_time = {.tv_sec = answer_ms / 1000};
    (void)setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &send_time, sizeof send_time);
    (void)setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &answer_time, sizeof answer_time);
}

static int connected(int family, const struct sockaddr *at, socklen_t size)
{
    int fd = socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0) {
        return -1;
    }
    set_timeouts(fd, CONNECT_MS, ANSWER_MS);
    if (connect(fd, at, size) != 0) {
        int error = errno;
        (void)close(fd);
        errno = error;
        return -1;
    }
    set_timeouts(fd, SEND_MS, ANSWER_MS);
    return fd;
}

static int connect_path(Str path)
{
    struct sockaddr_un at = {.sun_family = AF_UNIX};
    memcpy(at.sun_path, path.p, path.n);
    return connected(AF_UNIX, (const struct sockaddr *)&at, sizeof at);
}

static enum status line_open(struct cx *cx, const struct scan *scan, int *out)
{
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM};
    struct addrinfo *found = NULL;
    if (scan->path.n > 0) {
        *out = connect_path(scan->path);
        return *out >= 0 ? OK : unreachable(cx, "connecting", errno);
    }
    int error = getaddrinfo(scan->host.p, scan->port.p, &hints, &found);
    if (error != 0) {
        return FAIL(cx, E_BUSY, "scan-unreachable", "scanner: %s", gai_strerror(error));
    }
    *out = -1;
    for (const struct addrinfo *at = found; at != NULL && *out < 0; at = at->ai_next) {
        *out = connected(at->ai_family, at->ai_addr, at->ai_addrlen);
    }
    error = errno;
    freeaddrinfo(found);
    return *out >= 0 ? OK : unreachable(cx, "connecting", error);
}

static bool send_all(int fd, const void *bytes, size_t size)
{
    const char *from = bytes;
    while (size > 0) {
        ssize_t sent = send(fd, from, size, MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR) {
            continue;
        }
        if (sent <= 0) {
            return false;
        }
        from += sent;
        size -= (size_t)sent;
    }
    return true;
}

/* One answer, to its NUL. */
static enum status answer_read(struct cx *cx, int fd, Str *out)
{
    char text[ANSWER_BYTES];
    size_t got = 0;
    while (got < sizeof text && memchr(text, '\0', got) == NULL) {
        ssize_t part = recv(fd, text + got, sizeof text - got, 0);
        if (part < 0 && errno == EINTR) {
            continue;
        }
        if (part < 0) {
            return unreachable(cx, "answer", errno);
        }
        if (part == 0) {
            break;
        }
        got += (size_t)part;
    }
    size_t end = strnlen(text, got);
    *out = str_trim(cx->arena, str_copy(cx->arena, text, end));
    return OK;
}

/* --- what is asked --- */

static enum status ping_on(struct cx *cx, int fd)
{
    static const char ping[] = "zPING";
    Str answer = {"", 0};
    if (!send_all(fd, ping, sizeof ping)) {
        return unreachable(cx, "sending", errno);
    }
    TRY(answer_read(cx, fd, &answer));
    return str_is(answer, "PONG")
               ? OK
               : FAIL(cx, E_BUSY, "scan-unreachable", "no scanner: %.40s", answer.p);
}

enum status scan_ping(struct cx *cx, const struct scan *scan)
{
    int fd = -1;
    enum status status = line_open(cx, scan, &fd); /* not by TRY: it must be closed */
    if (status != OK) {
        return status;
    }
    status = ping_on(cx, fd);
    (void)close(fd);
    return status;
}

/* The scanner may close its side as soon as it has seen enough: its answer then waits. */
static bool has_answered(int fd)
{
    struct pollfd ready = {.fd = fd, .events = POLLIN};
    return poll(&ready, 1, 0) > 0;
}

static void length_of(size_t size, unsigned char out[4])
{
    out[0] = (unsigned char)(size >> 24);
    out[1] = (unsigned char)(size >> 16);
    out[2] = (unsigned char)(size >> 8);
    out[3] = (unsigned char)size;
}

static enum status bytes_send(struct cx *cx, int fd, const struct scan_source *source)
{
    struct arena_mark mark = arena_mark(cx->arena);
    char *bytes = arena_alloc(cx->arena, CHUNK_BYTES);
    int64_t offset = 0;
    size_t got = 0;
    bool open = true;
    enum status status = OK;
    do {
        unsigned char head[4];
        got = 0;
        status = source->read(cx, source->arg, offset, bytes, CHUNK_BYTES, &got);
        length_of(got, head);
        open = status == OK && !has_answered(fd) && send_all(fd, head, sizeof head) &&
               send_all(fd, bytes, got);
        offset += (int64_t)got;
    } while (open && got > 0);
    if (status == OK) {
        arena_rewind(cx->arena, mark);
    }
    return status;
}

static enum status verdict_read(struct cx *cx, Str answer, enum scan_verdict *verdict, Str *name)
{
    static const char stream[] = "stream: ";
    static const char found[] = " FOUND";
    *name = STR("");
    if (str_is(answer, "stream: OK")) {
        *verdict = SCAN_CLEAN;
        return OK;
    }
    if (str_starts(answer, stream) && str_ends(answer, found)) {
        *verdict = SCAN_INFECTED;
        *name = str_slice(cx->arena, answer, sizeof stream - 1, answer.n - (sizeof found - 1));
        return OK;
    }
    if (str_has(answer, "size limit exceeded")) {
        *verdict = SCAN_TOO_LARGE;
        return OK;
    }
    return FAIL(cx, E_BUSY, "scan-unreachable", "scanner answered: %.80s", answer.p);
}

static enum status scan_on(struct cx *cx, int fd, const struct scan_source *source,
                           enum scan_verdict *verdict, Str *name)
{
    static const char command[] = "zINSTREAM";
    Str answer = {"", 0};
    if (!send_all(fd, command, sizeof command)) {
        return unreachable(cx, "sending", errno);
    }
    TRY(bytes_send(cx, fd, source));
    TRY(answer_read(cx, fd, &answer));
    return verdict_read(cx, answer, verdict, name);
}

enum status scan_file(struct cx *cx, const struct scan *scan, const struct scan_source *source,
                      enum scan_verdict *verdict, Str *name)
{
    int fd = -1;
    enum status status = line_open(cx, scan, &fd); /* not by TRY: it must be closed */
    if (status != OK) {
        return status;
    }
    status = scan_on(cx, fd, source, verdict, name);
    (void)close(fd);
    return status;
}

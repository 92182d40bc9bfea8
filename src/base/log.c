#include "base/log.h"

#include <limits.h>
#include <poll.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/json.h"

enum { LINE_BYTES_MAX = 64 * 1024, BATCH_BYTES = 8 * 1024, BATCH_MS = 100 };

/* Lines of requests that wait to be written together: a write wakes whoever reads the log, which
 * costs more than the line. */
static struct {
    pthread_mutex_t lock;
    char bytes[BATCH_BYTES];
    size_t n;
    Instant since; /* of the oldest */
} batch = {.lock = PTHREAD_MUTEX_INITIALIZER};

static _Atomic int least_level = LOG_INFO;

void log_level_set(enum log_level least)
{
    atomic_store(&least_level, (int)least);
}

static const char *level_name(enum log_level level)
{
    switch (level) {
    case LOG_DEBUG: return "debug";
    case LOG_INFO: return "info";
    case LOG_WARN: return "warn";
    case LOG_ERROR: return "error";
    }
    return "error";
}

/* What could not be written, under the lock. */
static struct {
    int64_t lines;
    bool torn; /* the last thing written was a part of a line */
} lost;

static bool has_room(void)
{
    struct pollfd out = {.fd = STDERR_FILENO, .events = POLLOUT};
    return poll(&out, 1, 0) > 0;
}

/* As many whole lines as a pipe with room takes at once (PIPE_BUF), or a part of a longer one. */
static size_t piece_of(const char *bytes, size_t size)
{
    size_t n = size < PIPE_BUF ? size : PIPE_BUF;
    const char *end = memrchr(bytes, '\n', n);
    return end == NULL ? n : (size_t)(end - bytes) + 1;
}

/* What is left of `size` when whoever reads the log has stopped reading. */
static size_t pieces_write(const char *bytes, size_t size)
{
    while (size > 0 && has_room()) {
        size_t n = piece_of(bytes, size);
        ssize_t written = write(STDERR_FILENO, bytes, n);
        if (written <= 0) {
            break;
        }
        bytes += written;
        size -= (size_t)written;
        lost.torn = bytes[-1] != '\n';
    }
    return size;
}

static int64_t lines_in(const char *bytes, size_t size)
{
    int64_t lines = 0;
    for (size_t i = 0; i < size; i++) {
        lines += bytes[i] == '\n' ? 1 : 0;
    }
    return lines;
}

/* The lines that are missing, told in their place. */
static void lost_tell(void)
{
    char line[160];
    char when[INSTANT_BYTES + 1];
    if (lost.lines == 0) {
        return;
    }
    instant_write(when, clock_machine());
    int n = snprintf(line, sizeof line,
                     "%s{\"at\":\"%s\",\"level\":\"warn\",\"event\":\"log-lost\","
                     "\"lines\":%lld}\n",
                     lost.torn ? "\n" : "", when, (long long)lost.lines);
    if (n > 0 && pieces_write(line, (size_t)n) == 0) {
        lost.lines = 0;
    }
}

/* Lines of several threads do not mix: one after the other, under the lock. A full pipe must not
 * stop the court: what cannot be written is lost, and counted. */
static void write_locked(const char *bytes, size_t size)
{
    lost_tell();
    size_t left = lost.lines > 0 ? size : pieces_write(bytes, size);
    lost.lines += lines_in(bytes + (size - left), left);
}

static void batch_write_locked(void)
{
    write_locked(batch.bytes, batch.n);
    batch.n = 0;
}

void log_flush(void)
{
    (void)pthread_mutex_lock(&batch.lock);
    batch_write_locked();
    (void)pthread_mutex_unlock(&batch.lock);
}

void log_line(enum log_level level, const char *event, const struct value *fields)
{
    if ((int)level < atomic_load(&least_level)) {
        return;
    }
    struct arena *arena = arena_open(LINE_BYTES_MAX * 8);
    struct value *line = value_map(arena);
    value_set_str(arena, line, "at", instant_format(arena, clock_machine()));
    value_set_text(arena, line, "level", level_name(level));
    value_set_text(arena, line, "event", event);
    Str text = json_write(arena, value_merge(arena, line, fields));
    struct buf out;
    buf_init(&out, arena, LINE_BYTES_MAX);
    buf_str(&out, text);
    buf_char(&out, '\n');
    Str whole = buf_done(&out);
    (void)pthread_mutex_lock(&batch.lock);
    batch_write_locked(); /* the requests before it come before it */
    write_locked(whole.p, whole.n);
    (void)pthread_mutex_unlock(&batch.lock);
    arena_close(arena);
}

void log_text(enum log_level level, const char *event, const char *format, ...)
{
    char text[1024];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(text, sizeof text, format, args);
    va_end(args);
    struct arena *arena = arena_open(LINE_BYTES_MAX);
    struct value *fields = value_map(arena);
    value_set_text(arena, fields, "detail", text);
    log_line(level, event, fields);
    arena_close(arena);
}

void log_request(const char *method, const char *route, int status, int64_t bytes, int64_t us)
{
    char line[512];
    char when[INSTANT_BYTES + 1];
    if ((int)LOG_INFO < atomic_load(&least_level)) {
        return;
    }
    Instant at = clock_machine();
    instant_write(when, at);
    int n = snprintf(line, sizeof line,
                     "{\"at\":\"%s\",\"level\":\"info\",\"event\":\"request\",\"method\":\"%s\","
                     "\"route\":\"%s\",\"status\":%d,\"bytes\":%lld,\"us\":%lld}\n",
                     when, method, route, status, (long long)bytes, (long long)us);
    size_t size = n < 0 ? 0 : (size_t)n < sizeof line ? (size_t)n : sizeof line - 1;
    (void)pthread_mutex_lock(&batch.lock);
    if (size > sizeof batch.bytes - batch.n) {
        batch_write_locked();
    }
    batch.since = batch.n == 0 ? at : batch.since;
    memcpy(batch.bytes + batch.n, line, size);
    batch.n += size;
    if (at - batch.since >= BATCH_MS || at < batch.since) {
        batch_write_locked();
    }
    (void)pthread_mutex_unlock(&batch.lock);
}

void log_failure(const struct cx *cx, const char *where)
{
    const struct failure *failure = &cx->failure;
    struct arena *arena = arena_open(LINE_BYTES_MAX);
    struct value *fields = value_map(arena);
    value_set_text(arena, fields, "incident", failure->incident);
    value_set_text(arena, fields, "where", where);
    value_set_text(arena, fields, "code", failure->code);
    value_set_int(arena, fields, "status", status_http(failure->status));
    value_set_text(arena, fields, "file", failure->file);
    value_set_int(arena, fields, "line", failure->line);
    value_set_str(arena, fields, "detail", failure->detail);
    log_line(failure->status >= E_BUG ? LOG_ERROR : LOG_INFO, "failure", fields);
    arena_close(arena);
}

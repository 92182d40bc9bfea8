#include "base/fail.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/check.h"
#include "base/random.h"

void cx_init(struct cx *cx, struct arena *arena)
{
    *cx = (struct cx){.arena = arena};
}

void cx_forgive(struct cx *cx)
{
    memset(&cx->failure, 0, sizeof cx->failure);
}

enum status cx_ceiling(struct cx *cx, const char *file, int line)
{
    if (!arena_is_over(cx->arena)) {
        return OK;
    }
    return cx_fail(cx, E_TOO_LARGE, "too-large", file, line,
                   "arena past its soft ceiling: %zu bytes", arena_total_bytes(cx->arena));
}

enum status cx_fail(struct cx *cx, enum status status, const char *code, const char *file, int line,
                    const char *format, ...)
{
    check(status != OK);
    struct failure *failure = &cx->failure;
    if (failure->status != OK) {
        return failure->status; /* (1) */
    }
    char text[512];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(text, sizeof text, format, args);
    va_end(args);
    failure->status = status;
    failure->code = code;
    failure->file = file;
    failure->line = line;
    failure->detail = str_copy(cx->arena, text, strlen(text));
    random_incident(failure->incident);
    return status;
}

static struct value *entry_add(struct cx *cx, struct value **list, const char *field,
                               const char *code, const char *title)
{
    if (*list == NULL) {
        *list = value_list(cx->arena);
    }
    struct value *entry = value_map(cx->arena);
    value_set_text(cx->arena, entry, "field", field);
    value_set_text(cx->arena, entry, "code", code);
    if (title != NULL) {
        value_set_text(cx->arena, entry, "title", title);
    }
    value_add(cx->arena, *list, entry);
    return entry;
}

struct value *cx_error(struct cx *cx, const char *field, const char *code, const char *title)
{
    return entry_add(cx, &cx->failure.errors, field, code, title);
}

struct value *cx_warning(struct cx *cx, const char *field, const char *code, const char *title)
{
    return entry_add(cx, &cx->failure.warnings, field, code, title);
}

void cx_arg(struct cx *cx, const char *name, Str text)
{
    if (cx->failure.args == NULL) {
        cx->failure.args = value_map(cx->arena);
    }
    value_set_str(cx->arena, cx->failure.args, name, text);
}

int status_http(enum status status)
{
    switch (status) {
    case OK: return 200;
    case E_READ: return 400;
    case E_LOGIN: return 401;
    case E_DENIED: return 403;
    case E_NOT_FOUND: return 404;
    case E_METHOD: return 405;
    case E_STATE: return 409;
    case E_TOO_LARGE: return 413;
    case E_TYPE: return 415;
    case E_INPUT: return 422;
    case E_WARN: return 428;
    case E_RATE: return 429;
    case E_BUG:
    case E_STORE: return 500;
    case E_BUSY:
    case E_AGAIN: return 503;
    }
    return 500;
}

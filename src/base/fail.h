/* base/fail.h - a failure is a value with two voices, carried by the request context.
 *
 * A function that can fail takes struct cx first and returns enum status. FAIL() records the first
 * failure and is the only way to make one; TRY() hands it up and is the only macro that hides a
 * return. Below web/, jobs/ and main/ nothing logs a failure.
 * (1) The first failure is never overwritten until cx_forgive().
 * (2) code is a key of data/messages/zh.yaml: the citizen's voice (title, detail; {name} filled
 *     from args). detail with file and line is the operator's and never leaves the log.
 * (3) Both see the same incident number.
 */
#ifndef BASE_FAIL_H
#define BASE_FAIL_H

#include "base/arena.h"
#include "base/value.h"

enum status {
    OK = 0,
    E_READ,      /* 400: cannot be read */
    E_LOGIN,     /* 401 */
    E_DENIED,    /* 403: and the caller may know that the thing exists */
    E_NOT_FOUND, /* 404: also what a stranger may not know of */
    E_METHOD,    /* 405 */
    E_STATE,     /* 409: state or conflict */
    E_TOO_LARGE, /* 413 */
    E_TYPE,      /* 415 */
    E_INPUT,     /* 422: fields or hard rules */
    E_WARN,      /* 428: warnings to be accepted */
    E_RATE,      /* 429 */
    E_BUG,       /* 500: we broke */
    E_STORE,     /* 500: database or disk broke */
    E_BUSY,      /* 503: come again */
    E_AGAIN,     /* never leaves the program: the transaction must be prepared once more */
};

struct failure {
    enum status status;
    const char *code;
    Str detail;
    const char *file;
    int line;
    struct value *args;      /* map for the message, or NULL */
    struct value *errors;    /* list of {"field","code","title","law"?}, or NULL */
    struct value *warnings;  /* likewise */
    struct value *conflicts; /* list of {"field","yours","theirs","by","at"} */
    char incident[9];        /* 8 characters and NUL; set by FAIL */
};

/* The context of one request or job: its memory and its first failure. */
struct cx {
    struct arena *arena;
    struct failure failure;
};

void cx_init(struct cx *cx, struct arena *arena);
/* Forgets the failure, after it was handled. */
void cx_forgive(struct cx *cx);
/* OK, or a recorded E_TOO_LARGE when the arena is past its soft ceiling. */
enum status cx_ceiling(struct cx *cx, const char *file, int line);

enum status cx_fail(struct cx *cx, enum status status, const char *code, const char *file, int line,
                    const char *format, ...) __attribute__((format(printf, 6, 7)));
/* Adds {"field","code","title"} to the list under the failure; title may be NULL: then the message
 * of the code is used. field NULL for the whole. Returns the entry, to add to. */
struct value *cx_error(struct cx *cx, const char *field, const char *code, const char *title);
struct value *cx_warning(struct cx *cx, const char *field, const char *code, const char *title);
void cx_arg(struct cx *cx, const char *name, Str text);

#ifdef __clang_analyzer__ /* is told that a failure is never OK */
#    define FAIL(cx, status, code, ...) \
        ((void)cx_fail((cx), (status), (code), __FILE__, __LINE__, __VA_ARGS__), (status))
#else
#    define FAIL(cx, status, code, ...) \
        cx_fail((cx), (status), (code), __FILE__, __LINE__, __VA_ARGS__)
#endif

/* Needs a `struct cx *cx` in scope. It also fails past the arena's soft ceiling: what must be given
 * back (a connection, a slot, a file) is never taken under TRY. */
#define TRY(call)                                             \
    do {                                                      \
        enum status try_status_ = (call);                     \
        if (try_status_ == OK) {                              \
            try_status_ = cx_ceiling(cx, __FILE__, __LINE__); \
        }                                                     \
        if (try_status_ != OK) {                              \
            return try_status_;                               \
        }                                                     \
    } while (0)

/* HTTP status of a failure. */
int status_http(enum status status);

#endif

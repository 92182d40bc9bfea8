/* render/helper.h - papers are printed in helper processes: the same program, started as
 * "PROGRAM helper" with a socket as descriptor 3.
 *
 * Pango, fontconfig and cairo eat 100 MB and parse what strangers typed; the worker keeps them out
 * of its own process. A helper may not open files for writing, start programs or use the network;
 * it has its own ceilings of memory and processor time, and dies with its parent.
 *
 * (1) A pool is used from any thread; each helper serves one job at a time.
 * (2) A helper is replaced after jobs_max jobs or a fault (it died, answered nonsense, or took
 *     longer than timeout_ms), and ended after idle_ms without work.
 * (3) A job is tried twice at most: what failed in the helper (a missing value, say) is its answer
 *     and is not tried again; a fault is.
 * (4) Everything a helper answers is checked as if a stranger had sent it.
 * (5) The pool waits for its own children by number: nobody else in the process may wait for any
 *     child (waitpid(-1)), nor ignore SIGCHLD.
 */
#ifndef RENDER_HELPER_H
#define RENDER_HELPER_H

#include "render/paper.h"

enum {
    HELPER_FD = 3,
    HELPER_REQUEST_BYTES_MAX = 32 << 20,
    HELPER_ANSWER_BYTES_MAX = 64 << 20,
};

/* The child: takes off what it does not need, then serves jobs from fd until it is closed. The exit
 * code of the process. main() calls this for `helper`, before anything else is opened. */
int helper_serve(int fd);

struct helper_pool;

struct helper_options {
    unsigned workers;  /* 0 means 2, at most 8 */
    unsigned jobs_max; /* 0 means 500 */
    int idle_ms;       /* 0 means 60000 */
    int timeout_ms;    /* of one job; 0 means 10000 */
    int wait_ms;       /* for a free helper, then E_BUSY; 0 means 30000 */
    int nice;          /* of the processes, 0 to 19: how far they stand back behind others */
};

/* No process is started before the first job. options may be NULL. */
enum status helper_pool_open(struct cx *cx, const struct helper_options *options,
                             struct helper_pool **out);
/* Ends the helpers; no job may be under way. */
void helper_pool_close(struct helper_pool *pool);

struct helper_paper {
    const char *name; /* of the definition, as in data/papers/NAME.yaml */
    Str definition;   /* the file's text */
    const struct value *inputs;
    const struct paper_image *images;
    uint32_t image_count;
    Str seal; /* whose seal it will stand under; "" for none */
    bool seal_is_demo;
};

/* Compiles, fills and prints in a helper; *out lives in cx->arena. Failures of paper_compile(),
 * paper_fill() and paper_print() with their codes, details and errors; E_BUSY "helpers-busy";
 * E_BUG "helper-fault" after two faults. */
enum status helper_print(struct helper_pool *pool, struct cx *cx, const struct helper_paper *job,
                         struct paper_pdf *out);

struct helper_counts {
    unsigned running; /* processes now */
    unsigned busy;    /* of them, at work */
    uint64_t started, jobs, faults;
};

struct helper_counts helper_pool_counts(struct helper_pool *pool);

#endif

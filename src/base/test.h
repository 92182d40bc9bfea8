/* base/test.h - what every *_test.c includes: cmocka with the headers it silently needs, and the
 * arena and context that most claims start with. */
#ifndef BASE_TEST_H
#define BASE_TEST_H

/* cmocka needs the four before it, in this order. */
/* clang-format off */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */

#include <stdio.h>
#include <stdlib.h>

#include "base/fail.h"

struct trial {
    struct arena *arena;
    struct cx cx;
};

static inline void trial_begin(struct trial *trial)
{
    trial->arena = arena_open((size_t)64 << 20);
    cx_init(&trial->cx, trial->arena);
}

/* A fresh directory in TONGSU_TEST_DIR (tools/test.sh names one in memory: a test need not wait for
 * the disk), else in /tmp. The test removes it. */
static inline void trial_directory(char *path, size_t size, const char *name)
{
    const char *base = getenv("TONGSU_TEST_DIR");
    int n = snprintf(path, size, "%s/tongsu-%s-XXXXXX", base == NULL ? "/tmp" : base, name);
    assert_in_range(n, 1, size - 1);
    assert_non_null(mkdtemp(path));
}

static inline void trial_end(struct trial *trial)
{
    arena_close(trial->arena);
}

#endif

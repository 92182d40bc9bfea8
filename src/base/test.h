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

static inline void trial_end(struct trial *trial)
{
    arena_close(trial->arena);
}

#endif

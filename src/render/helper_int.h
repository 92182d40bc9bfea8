/* render/helper_int.h - a helper for longer than one question. Internal to render/. */
#ifndef RENDER_HELPER_INT_H
#define RENDER_HELPER_INT_H

#include "render/helper.h"
#include "render/helper_wire.h"

struct slot;

struct helper_line {
    struct slot *slot;
    int fd;
    int timeout_ms; /* for each answer */
};

/* E_BUSY "helpers-busy", E_BUG "helper-fault". Who takes a line gives it back, also when he fails:
 * never under TRY. A helper that was left in the middle of a conversation is a fault and is ended.
 */
enum status helper_line_take(struct helper_pool *pool, struct cx *cx, struct helper_line *out);
void helper_line_give_back(struct helper_pool *pool, const struct helper_line *line, bool is_fault);

/* The child's half of render/pages.h: serves one conversation whose first head has come. allow_time
 * is called before each page. */
enum wire_result pages_serve(struct cx *cx, int fd, const struct value *head,
                             void (*allow_time)(void));

#endif

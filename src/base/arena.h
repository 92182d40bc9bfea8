/* base/arena.h - memory by lifetime: allocate freely, release everything at once.
 *
 * There are two lifetimes, process and request; each has an arena. Nobody frees a single object.
 * (1) Allocation never returns NULL and the memory is zeroed (but for arena_room()).
 * (2) Past the soft ceiling arena_is_over() is true for good; TRY() tests it and the request is
 *     answered 413 or 503. Past the hard ceiling (four times soft) the worker aborts: input limits
 *     keep that out of reach.
 * (3) An arena belongs to one thread at a time.
 */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

struct arena;

struct arena_mark {
    void *block;
    size_t used;
    size_t total;
    void *deferred;
};

/* A new, empty arena; the caller owns it and ends it with arena_close(). */
struct arena *arena_open(size_t soft_limit_bytes);
void arena_close(struct arena *arena);

/* Releases everything but the first block, for the next request. */
void arena_reset(struct arena *arena);

/* size bytes, aligned for any object, zeroed. */
void *arena_alloc(struct arena *arena, size_t size);
/* The same, not zeroed: for who writes all of it at once. */
void *arena_room(struct arena *arena, size_t size);
/* A copy of bytes with a NUL behind it. */
char *arena_copy(struct arena *arena, const void *bytes, size_t size);
char *arena_printf(struct arena *arena, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
char *arena_vprintf(struct arena *arena, const char *format, va_list args, size_t *size)
    __attribute__((format(printf, 2, 0)));

/* Gives back, within one function, what a loop round allocated. */
struct arena_mark arena_mark(const struct arena *arena);
void arena_rewind(struct arena *arena, struct arena_mark mark);

/* Has end(arg) called when the arena is reset, closed or rewound to a mark before this: for what a
 * request borrows and must give back. */
void arena_defer(struct arena *arena, void (*end)(void *arg), void *arg);

bool arena_is_over(const struct arena *arena);
size_t arena_total_bytes(const struct arena *arena);

#define arena_new(arena, type) ((type *)arena_alloc((arena), sizeof(type)))
#define arena_array(arena, type, count) \
    ((type *)arena_alloc((arena), sizeof(type) * (size_t)(count)))

#endif

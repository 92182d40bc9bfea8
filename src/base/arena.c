/* Blocks form a singly linked list, newest first. A request larger than a block gets a block of its
 * own. A mark is the newest block and its fill: rewinding frees the blocks made since. */
#include "base/arena.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "base/format.h"

enum { BLOCK_BYTES = 64 * 1024, ALIGN_BYTES = 16, HARD_FACTOR = 4 };

struct block {
    struct block *older;
    size_t size;
    size_t used;
    size_t pad; /* keeps the bytes behind it aligned to 16 */
};

_Static_assert(sizeof(struct block) % ALIGN_BYTES == 0, "block bytes start aligned");

struct deferred {
    struct deferred *older;
    void (*end)(void *arg);
    void *arg;
};

struct arena {
    struct block *newest;
    struct deferred *deferred;
    size_t soft_limit;
    size_t total;
    bool over;
};

static struct block *block_new(size_t size, struct block *older)
{
    struct block *block = malloc(sizeof *block + size);
    check(block != NULL);
    block->older = older;
    block->size = size;
    block->used = 0;
    return block;
}

struct arena *arena_open(size_t soft_limit_bytes)
{
    check(soft_limit_bytes > 0);
    struct arena *arena = calloc(1, sizeof *arena);
    check(arena != NULL);
    arena->newest = block_new(BLOCK_BYTES - sizeof(struct block), NULL);
    arena->soft_limit = soft_limit_bytes;
    return arena;
}

void arena_defer(struct arena *arena, void (*end)(void *arg), void *arg)
{
    struct deferred *deferred = arena_new(arena, struct deferred);
    *deferred = (struct deferred){arena->deferred, end, arg};
    arena->deferred = deferred;
}

/* The youngest first, down to `last`, which stays. */
static void deferred_end(struct arena *arena, const struct deferred *last)
{
    while (arena->deferred != last) {
        struct deferred *deferred = arena->deferred;
        arena->deferred = deferred->older;
        deferred->end(deferred->arg);
    }
}

void arena_reset(struct arena *arena)
{
    deferred_end(arena, NULL);
    while (arena->newest->older != NULL) {
        struct block *older = arena->newest->older;
        free(arena->newest);
        arena->newest = older;
    }
    arena->newest->used = 0;
    arena->total = 0;
    arena->over = false;
}

void arena_close(struct arena *arena)
{
    if (arena == NULL) {
        return;
    }
    arena_reset(arena);
    free(arena->newest);
    free(arena);
}

void *arena_room(struct arena *arena, size_t size)
{
    check(size < SIZE_MAX / 2);
    size_t rounded = (size + ALIGN_BYTES - 1) & ~(size_t)(ALIGN_BYTES - 1);
    struct block *block = arena->newest;
    if (block->size - block->used < rounded) {
        size_t room = BLOCK_BYTES - sizeof(struct block);
        block = block_new(rounded > room ? rounded : room, block);
        arena->newest = block;
    }
    void *bytes = (char *)(block + 1) + block->used;
    block->used += rounded;
    arena->total += rounded;
    if (arena->total > arena->soft_limit) {
        arena->over = true;
        check(arena->total / HARD_FACTOR <= arena->soft_limit); /* (2) */
    }
    return bytes;
}

void *arena_alloc(struct arena *arena, size_t size)
{
    return memset(arena_room(arena, size), 0, size);
}

char *arena_copy(struct arena *arena, const void *bytes, size_t size)
{
    char *copy = arena_room(arena, size + 1);
    if (size > 0) {
        memcpy(copy, bytes, size);
    }
    copy[size] = '\0';
    return copy;
}

/* Most texts are short: those are formatted once, into `small`. */
char *arena_vprintf(struct arena *arena, const char *format, va_list args, size_t *size)
{
    char small[256];
    if (format_write(small, sizeof small, format, args, size)) {
        return arena_copy(arena, small, *size);
    }
    va_list again;
    va_copy(again, args);
    int length = vsnprintf(small, sizeof small, format, args);
    check(length >= 0);
    *size = (size_t)length;
    char *text = arena_room(arena, *size + 1);
    if (*size < sizeof small) {
        memcpy(text, small, *size + 1);
    } else {
        (void)vsnprintf(text, *size + 1, format, again);
    }
    va_end(again);
    return text;
}

char *arena_printf(struct arena *arena, const char *format, ...)
{
    size_t size = 0;
    va_list args;
    va_start(args, format);
    char *text = arena_vprintf(arena, format, args, &size);
    va_end(args);
    return text;
}

struct arena_mark arena_mark(const struct arena *arena)
{
    return (struct arena_mark){arena->newest, arena->newest->used, arena->total, arena->deferred};
}

void arena_rewind(struct arena *arena, struct arena_mark mark)
{
    deferred_end(arena, mark.deferred);
    while (arena->newest != mark.block) {
        struct block *older = arena->newest->older;
        check(older != NULL);
        free(arena->newest);
        arena->newest = older;
    }
    arena->newest->used = mark.used;
    arena->total = mark.total;
}

bool arena_is_over(const struct arena *arena)
{
    return arena->over;
}

size_t arena_total_bytes(const struct arena *arena)
{
    return arena->total;
}

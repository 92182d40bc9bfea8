#include "record/sequence.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/check.h"

enum { BLOCK_IDS = 16000, HOME_SHIFT = 47 };

struct sequence {
    struct store *store;
    pthread_mutex_t lock;
    int64_t next;
    int64_t end;
};

struct block {
    int64_t end;
};

static enum status block_take(struct cx *cx, struct sql *sql, void *arg)
{
    struct block *block = arg;
    struct rows rows = {0};
    TRY(sql_query(cx, sql,
                  SQL("INSERT INTO sequence (name, next) VALUES ('id', ?1) "
                      "ON CONFLICT (name) DO UPDATE SET next = sequence.next + ?2 RETURNING next"),
                  ARGS(SQL_I(BLOCK_IDS + 1), SQL_I(BLOCK_IDS)), &rows));
    block->end = row_int(&rows, 0, 0);
    return OK;
}

enum status sequence_open(struct cx *cx, struct store *store, struct sequence **out)
{
    struct sequence *sequence = arena_new(cx->arena, struct sequence);
    sequence->store = store;
    check(pthread_mutex_init(&sequence->lock, NULL) == 0);
    *out = sequence;
    return OK;
}

void sequence_close(struct sequence *sequence)
{
    if (sequence != NULL) {
        (void)pthread_mutex_destroy(&sequence->lock);
    }
}

enum status sequence_next(struct cx *cx, struct sequence *sequence, Id *out)
{
    return sequence_take(cx, sequence, 1, out);
}

enum status sequence_take(struct cx *cx, struct sequence *sequence, uint32_t count, Id *out)
{
    enum status status = OK;
    check(count >= 1 && count <= BLOCK_IDS);
    check(pthread_mutex_lock(&sequence->lock) == 0);
    if (sequence->end - sequence->next < count) {
        struct block block = {0};
        status = store_write(cx, sequence->store, WRITE_INTERACTIVE, block_take, &block);
        if (status == OK) {
            sequence->end = block.end;
            sequence->next = block.end - BLOCK_IDS;
        }
    }
    if (status == OK) {
        *out = ((int64_t)store_home(sequence->store) << HOME_SHIFT) + sequence->next;
        sequence->next += count;
    }
    check(pthread_mutex_unlock(&sequence->lock) == 0);
    return status;
}

/* Writers of PostgreSQL: several, each closure in a transaction of its own. A closure that lost a
 * deadlock or its connection is repeated; so is a COMMIT whose outcome was lost with the
 * connection, which the caller's idempotency key makes safe. */
#include <time.h>

#include "base/random.h"
#include "store/postgres_int.h"

enum { TRIES_MOST = 5, PAUSE_LOST_MS = 200, PAUSE_DEADLOCK_MS = 10 };

/* 0.2 s doubled each time after a lost connection, so that a restart of the server is survived;
 * a few milliseconds by chance after a deadlock. */
static void pause_before(unsigned repetition, bool is_lost)
{
    uint64_t wait_ms = is_lost ? (uint64_t)PAUSE_LOST_MS << (repetition - 1)
                               : 2 + random_number() % (PAUSE_DEADLOCK_MS * repetition);
    struct timespec wait = {.tv_sec = (time_t)(wait_ms / 1000),
                            .tv_nsec = (long)(wait_ms % 1000) * 1000000};
    (void)nanosleep(&wait, NULL);
}

static enum status attempt(struct write *write, struct sql *sql)
{
    struct cx *cx = write->cx;
    sql->repeatable = false;
    if (sql->lost || !engine_postgres.is_alive(sql)) {
        TRY(postgres_reconnect(cx, (struct postgres *)sql));
    }
    enum status status = engine_postgres.begin(cx, sql);
    if (status == OK) {
        write_apply(write, sql);
        status = write->status;
    }
    if (status == OK) {
        status = engine_postgres.commit(cx, sql);
    }
    if (status != OK) {
        engine_postgres.rollback(sql);
    }
    return status;
}

static void write_do(struct store *store, struct sql *sql, struct write *write)
{
    for (unsigned i = 0; i < TRIES_MOST; i++) {
        if (i > 0) {
            pause_before(i, sql->lost);
            cx_forgive(write->cx);
        }
        write->status = attempt(write, sql);
        if (write->status == OK || !sql->repeatable) {
            break;
        }
    }
    atomic_fetch_add(&store->batches, 1);
    if (write->class == WRITE_BULK) {
        queue_bulk_done(&store->queue);
    }
    write_answer(store, write);
}

void postgres_work(struct store *store, struct sql *sql)
{
    for (struct write *write = queue_take(&store->queue, true); write != NULL;
         write = queue_take(&store->queue, true)) {
        write_do(store, sql, write);
    }
}

/* The one writer of SQLite. A batch is a transaction, each closure a savepoint in it. The batch
 * closes when nothing waits (so a lone closure is committed at once), at 64 closures, or after 5
 * ms; while its COMMIT is being synced the next batch gathers in the queue.
 *
 * FULL, IOERR and NOMEM may roll back the whole transaction, and a COMMIT may fail: then the batch
 * is repeated one by one, each closure in a transaction of its own, so that only those fail that
 * must. */
#include <sys/resource.h>

#include "base/check.h"
#include "base/clock.h"
#include "store/sqlite_int.h"

enum {
    BATCH_MOST = 64,
    BATCH_US = 5000,
    BATCH_BULK_US = 10000,
    CHECKPOINT_PAGES = 1000,
    CHECKPOINT_PRESSING_PAGES = 16000,
    CHECKPOINT_PRESSING_MS = 100,
    BUSY_WAIT_MS = 5000,
    WRITER_NICE = -10
};

struct batch {
    struct store *store;
    struct sqlite *conn;
    struct cx cx; /* for what is no closure's fault; forgiven after each batch */
    struct write *writes[BATCH_MOST];
    unsigned count;
    bool has_bulk;
    int64_t began_us;
    int checkpoint_at; /* pages */
};

static struct write *batch_next(struct batch *batch)
{
    struct queue *queue = &batch->store->queue;
    struct write *write = NULL;
    if (batch->count == 0) {
        write = queue_take(queue, true);
        batch->began_us = clock_monotonic_us();
    } else if (batch->count < BATCH_MOST && clock_monotonic_us() - batch->began_us <
                                                (batch->has_bulk ? BATCH_BULK_US : BATCH_US)) {
        write = queue_take(queue, false);
    }
    if (write != NULL) {
        batch->writes[batch->count++] = write;
        if (write->class == WRITE_BULK) {
            batch->has_bulk = true;
            queue_bulk_done(queue);
        }
    }
    return write;
}

static bool in_transaction(const struct batch *batch)
{
    return sqlite3_get_autocommit(batch->conn->db) == 0;
}

/* Ends a savepoint, keeping or undoing what happened since. false: the transaction is gone. */
static bool savepoint_end(struct batch *batch, bool keep)
{
    if (!in_transaction(batch)) {
        return false;
    }
    batch->conn->sql.broken = false;
    if (!keep && sqlite_control(&batch->cx, batch->conn, "ROLLBACK TO each") != OK) {
        return false;
    }
    return sqlite_control(&batch->cx, batch->conn, "RELEASE each") == OK;
}

static bool closure_run(struct batch *batch, struct write *write)
{
    if (sqlite_control(&batch->cx, batch->conn, "SAVEPOINT each") != OK) {
        return false;
    }
    write_apply(write, &batch->conn->sql);
    return savepoint_end(batch, write->status == OK);
}

/* The hook's failure is not the closures': they are committed without its work, which the next
 * batch's hook does. */
static bool hook_run(struct batch *batch)
{
    struct store *store = batch->store;
    if (store->before_commit == NULL || atomic_load(&store->migrating)) {
        return true;
    }
    if (sqlite_control(&batch->cx, batch->conn, "SAVEPOINT each") != OK) {
        return false;
    }
    struct sql *sql = &batch->conn->sql;
    enum status status = store->before_commit(&batch->cx, sql, store->before_commit_arg);
    bool kept = status == OK && !sql->broken;
    if (!kept) {
        atomic_fetch_add(&store->failures, 1);
    }
    return savepoint_end(batch, kept);
}

/* Repeats one closure in a transaction of its own. */
static void single_run(struct batch *batch, struct write *write)
{
    struct sql *sql = &batch->conn->sql;
    cx_forgive(&batch->cx);
    sql->broken = false;
    bool whole = engine_sqlite.begin(&batch->cx, sql) == OK && closure_run(batch, write);
    if (whole && write->status == OK) {
        whole = hook_run(batch) && engine_sqlite.commit(&batch->cx, sql) == OK;
    }
    engine_sqlite.rollback(sql); /* of what was not committed */
    if (!whole && write->status == OK) {
        write->status = batch->cx.failure.status == OK
                            ? FAIL(write->cx, E_STORE, "store-failed", "the transaction was lost")
                            : failure_copy(write->cx, &batch->cx);
    }
    arena_reset(batch->cx.arena);
}

static void everyone_fails(struct batch *batch)
{
    while (batch_next(batch) != NULL) {
    }
    for (unsigned i = 0; i < batch->count; i++) {
        batch->writes[i]->status = failure_copy(batch->writes[i]->cx, &batch->cx);
    }
}

static bool batch_run(struct batch *batch, struct write *first)
{
    unsigned kept = 0;
    for (struct write *write = first; write != NULL; write = batch_next(batch)) {
        if (!closure_run(batch, write)) {
            return false;
        }
        kept += write->status == OK;
    }
    if (kept == 0) {
        engine_sqlite.rollback(&batch->conn->sql);
        return true;
    }
    return hook_run(batch) && engine_sqlite.commit(&batch->cx, &batch->conn->sql) == OK;
}

static void batch_do(struct batch *batch, struct write *first)
{
    struct sql *sql = &batch->conn->sql;
    sql->broken = false;
    if (engine_sqlite.begin(&batch->cx, sql) != OK) {
        everyone_fails(batch);
    } else if (!batch_run(batch, first)) {
        engine_sqlite.rollback(sql);
        for (unsigned i = 0; i < batch->count; i++) {
            single_run(batch, batch->writes[i]);
        }
    }
    check(!sql->lost); /* it cannot even roll back: better a new worker */
    atomic_fetch_add(&batch->store->batches, 1);
    for (unsigned i = 0; i < batch->count; i++) {
        write_answer(batch->store, batch->writes[i]);
    }
}

/* After the answers. Passive while readers let it; a log that grows nevertheless is emptied by
 * waiting shortly for the readers. */
static void checkpoint(struct batch *batch)
{
    struct sqlite *conn = batch->conn;
    if (conn->wal_pages < CHECKPOINT_PAGES) {
        batch->checkpoint_at = CHECKPOINT_PAGES;
    }
    if (conn->wal_pages < batch->checkpoint_at) {
        return;
    }
    int mode = SQLITE_CHECKPOINT_PASSIVE;
    if (conn->wal_pages >= CHECKPOINT_PRESSING_PAGES) {
        mode = SQLITE_CHECKPOINT_RESTART;
        (void)sqlite3_busy_timeout(conn->db, CHECKPOINT_PRESSING_MS);
    }
    (void)sqlite3_wal_checkpoint_v2(conn->db, NULL, mode, NULL, NULL);
    (void)sqlite3_busy_timeout(conn->db, BUSY_WAIT_MS);
    batch->checkpoint_at = conn->wal_pages + CHECKPOINT_PAGES;
}

void sqlite_work(struct store *store, struct sql *sql)
{
    /* Readers that never pause starved the writer in a trial. Refused without privilege. */
    (void)setpriority(PRIO_PROCESS, 0, WRITER_NICE);
    struct batch batch = {
        .store = store, .conn = (struct sqlite *)sql, .checkpoint_at = CHECKPOINT_PAGES};
    cx_init(&batch.cx, arena_open((size_t)64 << 20));
    for (struct write *first = batch_next(&batch); first != NULL; first = batch_next(&batch)) {
        batch_do(&batch, first);
        checkpoint(&batch);
        batch.count = 0;
        batch.has_bulk = false;
        cx_forgive(&batch.cx);
        arena_reset(batch.cx.arena);
    }
    arena_close(batch.cx.arena);
}

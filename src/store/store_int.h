/* store/store_int.h - what store.c and the two engines share; nobody else includes it.
 *
 * An engine knows how to open connections, run statements and drive a writer thread; store.c knows
 * the rest: options, lock, readers, dispatch.
 * (1) A connection is used by one thread at a time.
 * (2) After a statement has failed, `broken` refuses all further ones until the transaction (on
 *     SQLite: the closure) has ended, and the closure cannot succeed: so a closure behaves alike on
 *     both engines.
 */
#ifndef STORE_STORE_INT_H
#define STORE_STORE_INT_H

#include <pthread.h>
#include <stdatomic.h>

#include "store/queue.h"
#include "store/readers.h"
#include "store/statements.h"
#include "store/store.h"

enum { STATEMENT_ARGS_MAX = 256 };

enum sql_role { SQL_READER, SQL_WRITER };

struct sql {
    struct store *store;
    const struct engine *engine;
    enum sql_role role;
    bool broken;     /* (2) */
    bool lost;       /* the connection is of no more use */
    bool repeatable; /* the transaction failed through no fault of its own: deadlock, lost */
    int64_t changed; /* by the last sql_exec() */
    struct statements statements;
    struct sql *next_idle;
};

/* One statement to run. rows NULL: none wanted. later: rows may be filled by the next flush. */
struct call {
    const char *statement;
    const struct sql_value *args;
    size_t arg_count;
    struct rows *rows;
    bool later;
};

struct engine {
    bool is_sqlite;
    enum status (*connect)(struct cx *cx, struct store *store, enum sql_role role,
                           struct sql **out);
    void (*disconnect)(struct sql *sql);
    /* Whether an idle connection can still be used. */
    bool (*is_alive)(struct sql *sql);
    enum status (*begin)(struct cx *cx, struct sql *sql);
    enum status (*commit)(struct cx *cx, struct sql *sql);
    void (*rollback)(struct sql *sql);
    enum status (*run)(struct cx *cx, struct sql *sql, const struct call *call);
    enum status (*flush)(struct cx *cx, struct sql *sql);
    enum status (*script)(struct cx *cx, struct sql *sql, Str script);
    enum status (*notify)(struct cx *cx, struct sql *sql, const char *channel);
    enum status (*backup)(struct cx *cx, struct store *store, const char *file);
    /* The life of a writer thread: returns when the queue is closed and empty. */
    void (*work)(struct store *store, struct sql *sql);
};

extern const struct engine engine_sqlite;
extern const struct engine engine_postgres;

struct writer {
    struct store *store;
    struct sql *sql;
    pthread_t thread;
};

struct store {
    const struct engine *engine;
    struct arena *arena; /* the strings below; not for use after store_open() */
    const char *target;  /* file of SQLite, URL of PostgreSQL */
    int lock_fd;         /* -1 without data_dir */
    uint16_t home;
    enum status (*before_commit)(struct cx *cx, struct sql *sql, void *arg);
    void *before_commit_arg;
    struct queue queue;
    struct readers readers;
    struct writer *writers;
    unsigned writer_count;
    atomic_uint writers_alive;
    atomic_bool migrating; /* before_commit rests: its tables may not exist yet */
    atomic_uint_fast64_t writes;
    atomic_uint_fast64_t batches;
    atomic_uint_fast64_t failures;
};

/* Runs the closure once on sql; counts the try, forgives cx before a repetition, and sees that a
 * closure with a failed statement fails. Sets write->status. */
void write_apply(struct write *write, struct sql *sql);
/* Counts and answers; the write must not be touched afterwards. */
void write_answer(struct store *store, struct write *write);
/* Records the failure of `from` in `to`. */
enum status failure_copy(struct cx *to, const struct cx *from);

/* Rows that grow in an arena; the arena's soft ceiling stops them: rows_room() is false then. */
struct rows_growing {
    struct rows *rows;
    struct arena *arena;
    size_t room;
};

bool rows_room(struct rows_growing *growing); /* makes room for one more row and counts it */

#endif

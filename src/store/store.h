/* store/store.h - one SQL interface over SQLite and PostgreSQL.
 *
 * What it is: reads on a borrowed connection; writes as closures run by writers, each in its own
 * transaction as far as it can tell; rows as arrays of cells in the caller's arena. What it is not:
 * a place for statements (those are in record/).
 *
 * SQLite: WAL, synchronous=FULL, one writer thread with group commit: a batch is a transaction,
 * each closure a SAVEPOINT in it, one COMMIT, then the answers. A batch closes at 64 closures or 5
 * ms. PostgreSQL: READ COMMITTED, a pool of writers, each closure its own transaction; sql_exec()
 * and sql_later() are pipelined and sent with the next sql_query()/sql_flush(), so that an act
 * takes at most three round trips.
 *
 * (1) A closure may run more than once (batch repeated one by one, deadlock, lost connection): it
 *     must do nothing but statements, and write to its own argument only.
 * (2) done() is called exactly once per submitted closure, after the commit is on disk or has
 * failed, on a thread of the store; it must not block. (3) SQL is a literal (the macro SQL proves
 * it); values travel as parameters ?1 ?2 … only. (4) Statements are portable: the subset that
 * SQLite 3.40 and PostgreSQL 15 share. Times are BIGINT milliseconds, flags are 0/1, ids BIGINT,
 * hashes BLOB (migrations say BLOB, see store/token.h), text TEXT. ON CONFLICT, RETURNING and
 * row values are shared; nothing else exotic.
 */
#ifndef STORE_STORE_H
#define STORE_STORE_H

#include "base/fail.h"

struct store;
struct sql; /* one connection inside a read or a closure */

typedef int64_t Id; /* 16 bits home database, 47 bits from its sequence; positive */

#define SQL(text) ("" text "")

enum sql_kind { SQL_NULL, SQL_INT, SQL_TEXT, SQL_BYTES };

struct sql_value {
    enum sql_kind kind;
    int64_t number;
    Str text; /* also the bytes */
};

#define SQL_I(n)       ((struct sql_value){.kind = SQL_INT, .number = (int64_t)(n)})
#define SQL_S(s)       ((struct sql_value){.kind = SQL_TEXT, .text = (s)})
#define SQL_B(ptr, sz) ((struct sql_value){.kind = SQL_BYTES, .text = {(const char *)(ptr), (sz)}})
#define SQL_N          ((struct sql_value){.kind = SQL_NULL})
/* SQL_C: a C string, NULL becomes SQL NULL. */
struct sql_value sql_c(const char *text);
#define SQL_C(t) sql_c(t)

/* The parameters of a statement: ARGS(SQL_I(id), SQL_S(name)); NO_ARGS for none. */
#define ARGS(...)                              \
    ((const struct sql_value[]){__VA_ARGS__}), \
        (sizeof((const struct sql_value[]){__VA_ARGS__}) / sizeof(struct sql_value))
#define NO_ARGS NULL, 0

struct rows {
    uint32_t count;
    uint32_t columns;
    struct sql_value *cells; /* count * columns */
};

int64_t row_int(const struct rows *rows, uint32_t row, uint32_t column); /* 0 when NULL */
Str row_str(const struct rows *rows, uint32_t row, uint32_t column); /* "" when NULL; bytes too */
bool row_is_null(const struct rows *rows, uint32_t row, uint32_t column);

/* --- life --- */
struct store_options {
    const char *url;      /* "sqlite:FILE" or a postgresql:// URL */
    const char *data_dir; /* locked while open; blobs live in it unless blob_url says S3 */
    uint16_t home;        /* number of this database in ids, 0 to 65535 */
    unsigned readers;     /* connections for reads; 0 means 8 */
    unsigned writers;     /* PostgreSQL only; 0 means 8 */
    unsigned queue_max;   /* closures waiting per class before E_BUSY; 0 means 4096 */
    /* Called by SQLite's writer inside each batch's transaction before COMMIT; NULL for none. On
     * PostgreSQL it is not called: a lease holder does the same work in transactions of its own. */
    enum status (*before_commit)(struct cx *cx, struct sql *sql, void *arg);
    void *before_commit_arg;
};

/* E_STORE when the file cannot be opened or is locked by another program ("store-locked"). Does not
 * migrate. */
enum status store_open(struct cx *cx, const struct store_options *options, struct store **out);
/* Runs what is queued, then stops the writers. Producers must have stopped before. NULL is fine. */
void store_close(struct store *store);
bool store_is_sqlite(const struct store *store);
uint16_t store_home(const struct store *store);

/* --- statements: inside a read or a closure --- */
/* All rows, in cx's arena. Flushes what is pipelined. */
enum status sql_query(struct cx *cx, struct sql *sql, const char *statement,
                      const struct sql_value *args, size_t arg_count, struct rows *out);
/* No rows wanted. On PostgreSQL the outcome may only be known at the next flush: the closure fails
 * then. */
enum status sql_exec(struct cx *cx, struct sql *sql, const char *statement,
                     const struct sql_value *args, size_t arg_count);
/* Like sql_query(), but *out is filled only by the next sql_flush() or sql_query(): several
 * look-ups in one round trip. *out must stay where it is until then. */
enum status sql_later(struct cx *cx, struct sql *sql, const char *statement,
                      const struct sql_value *args, size_t arg_count, struct rows *out);
enum status sql_flush(struct cx *cx, struct sql *sql);
/* Rows changed by the last sql_exec on SQLite; on PostgreSQL it flushes first. */
enum status sql_changed(struct cx *cx, struct sql *sql, int64_t *out);
bool sql_is_sqlite(const struct sql *sql);
/* Runs several statements of a script (migrations, tests); not pipelined, no parameters. */
enum status sql_script(struct cx *cx, struct sql *sql, Str script);

/* --- reads --- */
/* Borrows a read connection (waits up to 5 s, then E_BUSY), runs fn in a read transaction. */
enum status store_read(struct cx *cx, struct store *store,
                       enum status (*fn)(struct cx *cx, struct sql *sql, void *arg), void *arg);
/* From here to store_release(), the reads of this thread share one connection and one snapshot,
 * begun by the first of them: a request sees the database at one instant and pays for one
 * transaction. A write of the same thread ends the snapshot, and so does a read that fails: the
 * next read begins another. Whoever waits for others releases first. */
void store_hold(struct store *store);
/* Without a hold it does nothing. */
void store_release(struct cx *cx, struct store *store);

/* --- writes --- */
enum write_class { WRITE_INTERACTIVE, WRITE_BULK };

struct write {
    enum write_class class;
    /* The closure. cx and its arena belong to the submitter and are untouched by others until
     * done(). When it fails its statements are rolled back. Before a repetition cx is forgiven. */
    enum status (*apply)(struct cx *cx, struct sql *sql, void *arg);
    void (*done)(struct write *write); /* see (2); status is set */
    void *arg;
    struct cx *cx;
    enum status status;
    /* The store's own: */
    struct write *next;
    uint32_t tries;
};

/* Queues; false (and done not called) when the queue is full. */
bool store_submit(struct store *store, struct write *write);
/* Queues and waits. E_BUSY "busy" when the queue is full. Never from inside a closure or done(). */
enum status store_write(struct cx *cx, struct store *store, enum write_class class,
                        enum status (*apply)(struct cx *cx, struct sql *sql, void *arg), void *arg);

/* --- PostgreSQL's wake-up; on SQLite notify is a no-op and wait just sleeps --- */
enum status sql_notify(struct cx *cx, struct sql *sql, const char *channel);

/* Has a connection of its own; one thread at a time. A poll must stand behind it: notices are lost
 * with a connection. */
struct listener;

struct listener *listener_open(struct store *store, const char *channel);
/* true as soon as a notice was committed by any program since the last call, or may have been
 * missed; false after timeout_ms. */
bool listener_wait(struct listener *listener, unsigned timeout_ms);
void listener_close(struct listener *listener);

/* --- health --- */
struct store_figures {
    uint64_t writes;
    uint64_t batches;
    uint64_t failures;
    uint32_t queued;
    bool writer_alive;
};

void store_figures(struct store *store, struct store_figures *out);
/* Online copy of a SQLite database to a file (VACUUM INTO or the backup API), while writers go on.
 */
enum status store_backup(struct cx *cx, struct store *store, const char *file);

#endif

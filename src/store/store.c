/* The part both engines share. Threads: the writers are the store's own; readers are the callers',
 * each on a connection borrowed for the time of one store_read(). */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/check.h"
#include "store/store_int.h"

enum { READERS_DEFAULT = 8, WRITERS_DEFAULT = 8, QUEUE_DEFAULT = 4096, ROWS_FIRST = 4 };

/* Set in the store's own threads: a closure or done() that waits for a closure would wait for
 * itself. */
static _Thread_local bool is_writer_thread;

/* --- values and rows --- */

struct sql_value sql_c(const char *text)
{
    return text == NULL ? SQL_N : SQL_S(str_of(text));
}

static const struct sql_value *cell(const struct rows *rows, uint32_t row, uint32_t column)
{
    check(row < rows->count && column < rows->columns);
    return &rows->cells[(size_t)row * rows->columns + column];
}

int64_t row_int(const struct rows *rows, uint32_t row, uint32_t column)
{
    const struct sql_value *value = cell(rows, row, column);
    check(value->kind == SQL_INT || value->kind == SQL_NULL);
    return value->kind == SQL_INT ? value->number : 0;
}

Str row_str(const struct rows *rows, uint32_t row, uint32_t column)
{
    const struct sql_value *value = cell(rows, row, column);
    check(value->kind != SQL_INT);
    return value->kind == SQL_NULL ? STR("") : value->text;
}

bool row_is_null(const struct rows *rows, uint32_t row, uint32_t column)
{
    return cell(rows, row, column)->kind == SQL_NULL;
}

bool rows_room(struct rows_growing *growing)
{
    struct rows *rows = growing->rows;
    if (arena_is_over(growing->arena)) {
        return false;
    }
    if (rows->count == growing->room) {
        growing->room = growing->room == 0 ? ROWS_FIRST : growing->room * 2;
        size_t columns = rows->columns;
        struct sql_value *cells =
            arena_room(growing->arena, growing->room * columns * sizeof *cells);
        if (rows->count > 0) {
            memcpy(cells, rows->cells, rows->count * columns * sizeof *cells);
        }
        rows->cells = cells;
    }
    rows->count++;
    return true;
}

enum status failure_copy(struct cx *to, const struct cx *from)
{
    const struct failure *failure = &from->failure;
    check(failure->status != OK);
    return cx_fail(to, failure->status, failure->code, failure->file, failure->line, "%.*s",
                   STR_ARG(failure->detail));
}

/* --- statements --- */

/* PostgreSQL takes no NUL in text, and a Str holds none (base/text.h): SQLite refuses alike. */
static enum status args_check(struct cx *cx, const struct call *call)
{
    for (size_t i = 0; i < call->arg_count; i++) {
        const struct sql_value *arg = &call->args[i];
        if (arg->kind == SQL_TEXT && arg->text.n > 0 &&
            memchr(arg->text.p, '\0', arg->text.n) != NULL) {
            return FAIL(cx, E_BUG, "bug", "NUL in text parameter %zu of: %.120s", i + 1,
                        call->statement);
        }
    }
    return OK;
}

static enum status refuse_broken(struct cx *cx, const struct sql *sql)
{
    if (!sql->broken) {
        return OK;
    }
    return FAIL(cx, E_BUG, "bug", "a statement after a failed one in the same transaction");
}

static enum status sql_run(struct cx *cx, struct sql *sql, const struct call *call)
{
    TRY(refuse_broken(cx, sql));
    TRY(args_check(cx, call));
    check(call->arg_count <= STATEMENT_ARGS_MAX);
    enum status status = sql->engine->run(cx, sql, call);
    sql->broken = sql->broken || status != OK;
    return status;
}

enum status sql_query(struct cx *cx, struct sql *sql, const char *statement,
                      const struct sql_value *args, size_t arg_count, struct rows *out)
{
    *out = (struct rows){0};
    return sql_run(cx, sql, &(struct call){statement, args, arg_count, out, false});
}

enum status sql_exec(struct cx *cx, struct sql *sql, const char *statement,
                     const struct sql_value *args, size_t arg_count)
{
    return sql_run(cx, sql, &(struct call){statement, args, arg_count, NULL, true});
}

enum status sql_later(struct cx *cx, struct sql *sql, const char *statement,
                      const struct sql_value *args, size_t arg_count, struct rows *out)
{
    *out = (struct rows){0};
    return sql_run(cx, sql, &(struct call){statement, args, arg_count, out, true});
}

enum status sql_flush(struct cx *cx, struct sql *sql)
{
    TRY(refuse_broken(cx, sql));
    enum status status = sql->engine->flush(cx, sql);
    sql->broken = sql->broken || status != OK;
    return status;
}

enum status sql_changed(struct cx *cx, struct sql *sql, int64_t *out)
{
    TRY(sql_flush(cx, sql));
    *out = sql->changed;
    return OK;
}

enum status sql_script(struct cx *cx, struct sql *sql, Str script)
{
    TRY(sql_flush(cx, sql));
    enum status status = sql->engine->script(cx, sql, script);
    sql->broken = sql->broken || status != OK;
    return status;
}

enum status sql_notify(struct cx *cx, struct sql *sql, const char *channel)
{
    TRY(refuse_broken(cx, sql));
    enum status status = sql->engine->notify(cx, sql, channel);
    sql->broken = sql->broken || status != OK;
    return status;
}

bool sql_is_sqlite(const struct sql *sql)
{
    return sql->engine->is_sqlite;
}

/* --- reads --- */

static enum status reader_borrow(struct cx *cx, struct store *store, struct sql **out)
{
    if (!readers_take(&store->readers, out)) {
        return FAIL(cx, E_BUSY, "busy", "no read connection became free in %d s", READERS_WAIT_S);
    }
    if (*out != NULL && !store->engine->is_alive(*out)) {
        store->engine->disconnect(*out);
        *out = NULL;
    }
    if (*out != NULL) {
        return OK;
    }
    enum status status = store->engine->connect(cx, store, SQL_READER, out);
    if (status != OK) {
        readers_return(&store->readers, NULL);
    }
    return status;
}

static enum status reader_end(struct cx *cx, struct store *store, struct sql *sql,
                              enum status status)
{
    bool whole = status == OK && !sql->broken;
    if (whole) {
        status = store->engine->commit(cx, sql);
    }
    /* A closure that filled its arena cannot commit: the next to borrow must not go on in its
     * transaction. */
    if (!whole || status != OK) {
        store->engine->rollback(sql);
    }
    if (sql->lost) {
        store->engine->disconnect(sql);
        sql = NULL;
    }
    readers_return(&store->readers, sql);
    return status;
}

/* A connection in a read transaction; what was borrowed is given back by reader_end(). */
static enum status reader_begin(struct cx *cx, struct store *store, struct sql **out)
{
    enum status status = reader_borrow(cx, store, out);
    if (status != OK) {
        return status;
    }
    (*out)->broken = false;
    status = store->engine->begin(cx, *out);
    if (status != OK) {
        (void)reader_end(cx, store, *out, status);
    }
    return status;
}

/* The reads of a thread that share a snapshot. */
static _Thread_local struct {
    struct store *store;
    struct sql *sql; /* NULL until the first read */
} held;

static enum status held_read(struct cx *cx, struct store *store,
                             enum status (*fn)(struct cx *cx, struct sql *sql, void *arg),
                             void *arg)
{
    enum status status = OK;
    if (held.sql == NULL) {
        status = reader_begin(cx, store, &held.sql);
    }
    if (status != OK) {
        held.sql = NULL;
        return status;
    }
    status = fn(cx, held.sql, arg);
    if (status == OK && !held.sql->broken) {
        status =
            sql_flush(cx, held.sql); /* as the commit would: what was asked for later is there */
    }
    if (status != OK || held.sql->broken) {
        status = reader_end(cx, store, held.sql, status);
        held.sql = NULL;
    }
    return status;
}

enum status store_read(struct cx *cx, struct store *store,
                       enum status (*fn)(struct cx *cx, struct sql *sql, void *arg), void *arg)
{
    struct sql *sql = NULL;
    if (held.store == store) {
        return held_read(cx, store, fn, arg);
    }
    /* Not by TRY: it also fails past the arena's ceiling, and then nobody would return it. */
    enum status status = reader_begin(cx, store, &sql);
    if (status != OK) {
        return status;
    }
    return reader_end(cx, store, sql, fn(cx, sql, arg));
}

static void held_end(struct cx *cx, struct store *store)
{
    if (held.store != store || held.sql == NULL) {
        return;
    }
    struct failure before =
        cx->failure; /* the rows were read: how their transaction ends is no matter */
    (void)reader_end(cx, store, held.sql, OK);
    cx->failure = before;
    held.sql = NULL;
}

void store_hold(struct store *store)
{
    check(held.store == NULL);
    held.store = store;
}

void store_release(struct cx *cx, struct store *store)
{
    held_end(cx, store);
    held.store = NULL;
}

/* --- writes --- */

void write_apply(struct write *write, struct sql *sql)
{
    if (write->tries++ > 0) {
        cx_forgive(write->cx);
    }
    sql->broken = false;
    write->status = write->apply(write->cx, sql, write->arg);
    if (write->status == OK && sql->broken) {
        write->status = FAIL(write->cx, E_BUG, "bug", "a statement failed and its closure went on");
    }
}

void write_answer(struct store *store, struct write *write)
{
    atomic_fetch_add(&store->writes, 1);
    if (write->status != OK) {
        atomic_fetch_add(&store->failures, 1);
    }
    write->done(write);
}

bool store_submit(struct store *store, struct write *write)
{
    check(write->cx != NULL && write->apply != NULL && write->done != NULL);
    held_end(write->cx, store); /* who reads afterwards sees what was written */
    write->tries = 0;
    write->status = OK;
    return queue_put(&store->queue, write);
}

struct waiting {
    struct write write;
    pthread_mutex_t lock;
    pthread_cond_t answered;
    bool done;
};

static void waiting_done(struct write *write)
{
    struct waiting *waiting = (struct waiting *)write; /* its first member */
    (void)pthread_mutex_lock(&waiting->lock);
    waiting->done = true;
    (void)pthread_cond_signal(&waiting->answered);
    (void)pthread_mutex_unlock(&waiting->lock);
}

enum status store_write(struct cx *cx, struct store *store, enum write_class class,
                        enum status (*apply)(struct cx *cx, struct sql *sql, void *arg), void *arg)
{
    check(!is_writer_thread);
    struct waiting waiting = {
        .write = {.class = class, .apply = apply, .done = waiting_done, .arg = arg, .cx = cx}};
    check(pthread_mutex_init(&waiting.lock, NULL) == 0);
    check(pthread_cond_init(&waiting.answered, NULL) == 0);
    bool taken = store_submit(store, &waiting.write);
    if (taken) {
        (void)pthread_mutex_lock(&waiting.lock);
        while (!waiting.done) {
            (void)pthread_cond_wait(&waiting.answered, &waiting.lock);
        }
        (void)pthread_mutex_unlock(&waiting.lock);
    }
    (void)pthread_cond_destroy(&waiting.answered);
    (void)pthread_mutex_destroy(&waiting.lock);
    if (!taken) {
        return FAIL(cx, E_BUSY, "busy", "the queue of writes is full or closed");
    }
    return waiting.write.status;
}

/* --- life --- */

static enum status directory_lock(struct cx *cx, const char *directory, int *out)
{
    if (mkdir(directory, 0700) != 0 && errno != EEXIST) {
        return FAIL(cx, E_STORE, "store-failed", "data directory %s: %s", directory,
                    strerror(errno));
    }
    const char *path = arena_printf(cx->arena, "%s/lock", directory);
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0) {
        return FAIL(cx, E_STORE, "store-failed", "%s: %s", path, strerror(errno));
    }
    if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
        int error = errno;
        (void)close(fd);
        return FAIL(cx, E_STORE, error == EWOULDBLOCK ? "store-locked" : "store-failed", "%s: %s",
                    path, strerror(error));
    }
    *out = fd;
    return OK;
}

static enum status target_read(struct cx *cx, struct store *store, const char *url)
{
    Str text = str_of(url);
    if (str_starts(text, "sqlite:") && text.n > strlen("sqlite:")) {
        store->engine = &engine_sqlite;
        store->target = arena_printf(store->arena, "%s", url + strlen("sqlite:"));
        return OK;
    }
    if (str_starts(text, "postgresql://") || str_starts(text, "postgres://")) {
        store->engine = &engine_postgres;
        store->target = arena_printf(store->arena, "%s", url);
        return OK;
    }
    return FAIL(cx, E_STORE, "store-failed",
                "the database is neither sqlite:FILE nor a postgresql:// URL");
}

static void *writer_life(void *arg)
{
    struct writer *writer = arg;
    is_writer_thread = true;
    writer->store->engine->work(writer->store, writer->sql);
    atomic_fetch_sub(&writer->store->writers_alive, 1);
    return NULL;
}

static enum status writers_connect(struct cx *cx, struct store *store, unsigned count)
{
    store->writers = calloc(count, sizeof *store->writers);
    check(store->writers != NULL);
    for (unsigned i = 0; i < count; i++) {
        struct writer *writer = &store->writers[i];
        writer->store = store;
        TRY(store->engine->connect(cx, store, SQL_WRITER, &writer->sql));
    }
    return OK;
}

/* Signals go to the threads of main/, never to a writer. */
static void writers_start(struct store *store, unsigned count)
{
    sigset_t all;
    sigset_t before;
    (void)sigfillset(&all);
    (void)pthread_sigmask(SIG_SETMASK, &all, &before);
    atomic_store(&store->writers_alive, count);
    for (unsigned i = 0; i < count; i++) {
        check(pthread_create(&store->writers[i].thread, NULL, writer_life, &store->writers[i]) ==
              0);
    }
    store->writer_count = count;
    (void)pthread_sigmask(SIG_SETMASK, &before, NULL);
}

static void store_free(struct store *store, unsigned writers)
{
    for (unsigned i = 0; store->writers != NULL && i < writers; i++) {
        if (store->writers[i].sql != NULL) {
            store->engine->disconnect(store->writers[i].sql);
        }
    }
    free(store->writers);
    readers_close(&store->readers);
    queue_free(&store->queue);
    if (store->lock_fd >= 0) {
        (void)close(store->lock_fd);
    }
    arena_close(store->arena);
    free(store);
}

static unsigned or_default(unsigned value, unsigned otherwise)
{
    return value > 0 ? value : otherwise;
}

enum status store_open(struct cx *cx, const struct store_options *options, struct store **out)
{
    *out = NULL;
    struct store *store = calloc(1, sizeof *store);
    check(store != NULL);
    store->arena = arena_open((size_t)1 << 20);
    store->lock_fd = -1;
    store->home = options->home;
    store->before_commit = options->before_commit;
    store->before_commit_arg = options->before_commit_arg;
    unsigned writers = or_default(options->writers, WRITERS_DEFAULT);
    readers_open(&store->readers, or_default(options->readers, READERS_DEFAULT));
    enum status status = target_read(cx, store, options->url);
    if (status == OK && store->engine->is_sqlite) {
        writers = 1;
    }
    queue_open(&store->queue, or_default(options->queue_max, QUEUE_DEFAULT), (writers + 1) / 2);
    if (status == OK && options->data_dir != NULL) {
        status = directory_lock(cx, options->data_dir, &store->lock_fd);
    }
    if (status == OK) {
        status = writers_connect(cx, store, writers);
    }
    if (status != OK) {
        store_free(store, writers);
        return status;
    }
    writers_start(store, writers);
    *out = store;
    return OK;
}

void store_close(struct store *store)
{
    if (store == NULL) {
        return;
    }
    queue_close(&store->queue);
    for (unsigned i = 0; i < store->writer_count; i++) {
        check(pthread_join(store->writers[i].thread, NULL) == 0);
    }
    store_free(store, store->writer_count);
}

bool store_is_sqlite(const struct store *store)
{
    return store->engine->is_sqlite;
}

uint16_t store_home(const struct store *store)
{
    return store->home;
}

void store_figures(struct store *store, struct store_figures *out)
{
    *out = (struct store_figures){
        .writes = atomic_load(&store->writes),
        .batches = atomic_load(&store->batches),
        .failures = atomic_load(&store->failures),
        .queued = queue_count(&store->queue),
        .writer_alive = atomic_load(&store->writers_alive) == store->writer_count,
    };
}

enum status store_backup(struct cx *cx, struct store *store, const char *file)
{
    return store->engine->backup(cx, store, file);
}

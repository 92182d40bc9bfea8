/* SQLite connections and statements. One connection per thread at a time, so without SQLite's own
 * mutexes. The log is checkpointed by the writer between batches, never inside a COMMIT. */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/check.h"
#include "store/sqlite_int.h"

enum { BUSY_WAIT_MS = 5000 };

/* like is made to tell cases apart, and "x" to be no text, as on PostgreSQL. */
static const char PRAGMAS[] = "PRAGMA journal_mode=WAL;"
                              "PRAGMA synchronous=FULL;"
                              "PRAGMA foreign_keys=ON;"
                              "PRAGMA case_sensitive_like=ON;"
                              "PRAGMA trusted_schema=OFF;"
                              "PRAGMA temp_store=MEMORY;"
                              "PRAGMA mmap_size=268435456;"
                              "PRAGMA wal_autocheckpoint=0;";

static struct sqlite *sqlite_of(struct sql *sql)
{
    check(sql->engine == &engine_sqlite);
    return (struct sqlite *)sql;
}

enum status sqlite_fail(struct cx *cx, struct sqlite *conn, const char *statement)
{
    int code = sqlite3_extended_errcode(conn->db);
    enum status status = E_STORE;
    const char *key = "store-failed";
    if (code == SQLITE_CONSTRAINT_UNIQUE || code == SQLITE_CONSTRAINT_PRIMARYKEY ||
        code == SQLITE_CONSTRAINT_ROWID) {
        status = E_STATE;
        key = "store-duplicate";
    } else if ((code & 0xff) == SQLITE_FULL) {
        key = "disk-full";
    } else if ((code & 0xff) == SQLITE_BUSY || (code & 0xff) == SQLITE_LOCKED) {
        status = E_BUSY;
        key = "busy";
    }
    return FAIL(cx, status, key, "sqlite %d: %s: %.200s", code, sqlite3_errmsg(conn->db),
                statement);
}

/* --- life --- */

/* Statistics of memory cost a lock around every allocation, and nobody reads them. */
static void configure(void)
{
    (void)sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}

static int wal_grew(void *arg, sqlite3 *db, const char *schema, int pages)
{
    (void)db;
    (void)schema;
    struct sqlite *conn = arg;
    conn->wal_pages = pages;
    return SQLITE_OK;
}

static enum status sqlite_set_up(struct cx *cx, struct sqlite *conn)
{
    (void)sqlite3_extended_result_codes(conn->db, 1);
    (void)sqlite3_busy_timeout(conn->db, BUSY_WAIT_MS);
    (void)sqlite3_db_config(conn->db, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
    (void)sqlite3_db_config(conn->db, SQLITE_DBCONFIG_DQS_DDL, 0, NULL);
    bool writes = conn->sql.role == SQL_WRITER;
    if (sqlite3_exec(conn->db, PRAGMAS, NULL, NULL, NULL) != SQLITE_OK ||
        sqlite3_exec(conn->db, writes ? "PRAGMA cache_size=-32000" : "PRAGMA cache_size=-8000",
                     NULL, NULL, NULL) != SQLITE_OK ||
        sqlite3_exec(conn->db, writes ? "" : "PRAGMA query_only=ON", NULL, NULL, NULL) !=
            SQLITE_OK) {
        return sqlite_fail(cx, conn, "opening");
    }
    if (writes) {
        (void)sqlite3_wal_hook(conn->db, wal_grew, conn);
    }
    return OK;
}

static void release(void *prepared)
{
    (void)sqlite3_finalize(prepared);
}

static void sqlite_disconnect(struct sql *sql)
{
    struct sqlite *conn = sqlite_of(sql);
    statements_clear(&sql->statements, release);
    check(sqlite3_close(conn->db) == SQLITE_OK);
    free(conn);
}

static enum status sqlite_connect(struct cx *cx, struct store *store, enum sql_role role,
                                  struct sql **out)
{
    static pthread_once_t configured = PTHREAD_ONCE_INIT;
    check(pthread_once(&configured, configure) == 0);
    struct sqlite *conn = calloc(1, sizeof *conn);
    check(conn != NULL);
    conn->sql.store = store;
    conn->sql.engine = &engine_sqlite;
    conn->sql.role = role;
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX;
    flags |= role == SQL_WRITER ? SQLITE_OPEN_CREATE : 0;
    enum status status = OK;
    if (sqlite3_open_v2(store->target, &conn->db, flags, NULL) != SQLITE_OK) {
        status =
            FAIL(cx, E_STORE, "store-failed", "%s: %s", store->target, sqlite3_errmsg(conn->db));
    } else {
        status = sqlite_set_up(cx, conn);
    }
    if (status != OK) {
        sqlite_disconnect(&conn->sql);
        return status;
    }
    *out = &conn->sql;
    return OK;
}

static bool sqlite_is_alive(struct sql *sql)
{
    return !sql->lost;
}

/* --- statements --- */

/* What its columns may hold; NULL where it is computed. */
static void columns_learn(struct statement *statement)
{
    int count = sqlite3_column_count(statement->prepared);
    statement->declared = statement->whole_numbers = 0;
    for (int i = 0; i < count && i < 64; i++) {
        const char *declared = sqlite3_column_decltype(statement->prepared, i);
        bool whole = declared != NULL && strstr(declared, "INT") != NULL;
        statement->declared |= (uint64_t)(declared != NULL) << i;
        statement->whole_numbers |= (uint64_t)whole << i;
    }
}

static enum status statement_prepare(struct cx *cx, struct sqlite *conn, const char *text,
                                     struct statement **out)
{
    struct statement *statement = statements_get(&conn->sql.statements, text, release);
    if (statement->prepared == NULL) {
        sqlite3_stmt *prepared = NULL;
        const char *rest = NULL;
        if (sqlite3_prepare_v3(conn->db, text, -1, SQLITE_PREPARE_PERSISTENT, &prepared, &rest) !=
            SQLITE_OK) {
            return sqlite_fail(cx, conn, text);
        }
        check(prepared != NULL && *rest == '\0'); /* one statement a call */
        statement->prepared = prepared;
        columns_learn(statement);
    }
    *out = statement;
    return OK;
}

static int value_bind(sqlite3_stmt *statement, int at, const struct sql_value *value)
{
    const char *bytes = value->text.p == NULL ? "" : value->text.p;
    switch (value->kind) {
    case SQL_NULL: return sqlite3_bind_null(statement, at);
    case SQL_INT: return sqlite3_bind_int64(statement, at, value->number);
    case SQL_TEXT:
        return sqlite3_bind_text64(statement, at, bytes, value->text.n, SQLITE_STATIC, SQLITE_UTF8);
    case SQL_BYTES: return sqlite3_bind_blob64(statement, at, bytes, value->text.n, SQLITE_STATIC);
    }
    return SQLITE_MISUSE;
}

/* SQLite keeps in a column of whole numbers what is none, when somebody or a bad disk puts it
 * there. */
static bool value_fits(const struct statement *statement, int column, int type)
{
    uint64_t bit = column < 64 ? UINT64_C(1) << column : 0;
    bool whole = (statement->whole_numbers & bit) != 0;
    return type != SQLITE_FLOAT &&
           ((statement->declared & bit) == 0 || whole == (type == SQLITE_INTEGER));
}

/* false when it is not what its column holds. */
static bool value_read(struct arena *arena, const struct statement *of, int column,
                       struct sql_value *out)
{
    sqlite3_stmt *statement = of->prepared;
    int type = sqlite3_column_type(statement, column);
    if (type == SQLITE_NULL) {
        *out = SQL_N;
        return true;
    }
    if (!value_fits(of, column, type)) {
        return false;
    }
    if (type == SQLITE_INTEGER) {
        *out = SQL_I(sqlite3_column_int64(statement, column));
        return true;
    }
    const void *bytes = type == SQLITE_BLOB ? sqlite3_column_blob(statement, column)
                                            : sqlite3_column_text(statement, column);
    size_t size = (size_t)sqlite3_column_bytes(statement, column);
    Str copy = str_copy(arena, bytes, size);
    *out = type == SQLITE_BLOB ? SQL_B(copy.p, copy.n) : SQL_S(copy);
    return true;
}

/* SQLITE_DONE when all rows are in; SQLITE_ROW when the arena is over; SQLITE_MISMATCH when a row
 * holds what its column does not. */
static int rows_read(struct cx *cx, const struct statement *of, struct rows *rows)
{
    struct rows_growing growing = {.rows = rows, .arena = cx->arena};
    sqlite3_stmt *statement = of->prepared;
    int code = sqlite3_step(statement);
    if (rows != NULL) {
        rows->columns = (uint32_t)sqlite3_column_count(statement);
    }
    for (; code == SQLITE_ROW; code = sqlite3_step(statement)) {
        if (rows == NULL) {
            continue;
        }
        if (!rows_room(&growing)) {
            return SQLITE_ROW;
        }
        struct sql_value *cells = &rows->cells[(size_t)(rows->count - 1) * rows->columns];
        for (uint32_t i = 0; i < rows->columns; i++) {
            if (!value_read(cx->arena, of, (int)i, &cells[i])) {
                return SQLITE_MISMATCH;
            }
        }
    }
    return code;
}

static enum status sqlite_run(struct cx *cx, struct sql *sql, const struct call *call)
{
    struct sqlite *conn = sqlite_of(sql);
    struct statement *of = NULL;
    TRY(statement_prepare(cx, conn, call->statement, &of));
    sqlite3_stmt *statement = of->prepared;
    check((size_t)sqlite3_bind_parameter_count(statement) == call->arg_count);
    for (size_t i = 0; i < call->arg_count; i++) {
        if (value_bind(statement, (int)i + 1, &call->args[i]) != SQLITE_OK) {
            return sqlite_fail(cx, conn, call->statement);
        }
    }
    enum status status = OK;
    int code = rows_read(cx, of, call->rows);
    if (code == SQLITE_ROW) {
        status = cx_ceiling(cx, __FILE__, __LINE__);
    } else if (code == SQLITE_MISMATCH) {
        status = FAIL(cx, E_STORE, "store-failed", "a row was changed to what it cannot be: %s",
                      call->statement);
    } else if (code != SQLITE_DONE) {
        status = sqlite_fail(cx, conn, call->statement);
    }
    if (call->rows == NULL) {
        sql->changed = sqlite3_changes64(conn->db);
    }
    (void)sqlite3_reset(statement);
    (void)sqlite3_clear_bindings(statement);
    return status;
}

enum status sqlite_control(struct cx *cx, struct sqlite *conn, const char *statement)
{
    return sqlite_run(cx, &conn->sql, &(struct call){.statement = statement});
}

static enum status sqlite_begin(struct cx *cx, struct sql *sql)
{
    return sqlite_control(cx, sqlite_of(sql),
                          sql->role == SQL_WRITER ? "BEGIN IMMEDIATE" : "BEGIN");
}

static enum status sqlite_commit(struct cx *cx, struct sql *sql)
{
    return sqlite_control(cx, sqlite_of(sql), "COMMIT");
}

static void sqlite_rollback(struct sql *sql)
{
    struct sqlite *conn = sqlite_of(sql);
    if (!sqlite3_get_autocommit(conn->db)) {
        (void)sqlite3_exec(conn->db, "ROLLBACK", NULL, NULL, NULL);
    }
    /* A connection that cannot even end its transaction is of no use. */
    sql->lost = !sqlite3_get_autocommit(conn->db);
}

static enum status sqlite_flush(struct cx *cx, struct sql *sql)
{
    (void)cx;
    (void)sql;
    return OK; /* nothing waits */
}

static enum status sqlite_script(struct cx *cx, struct sql *sql, Str script)
{
    struct sqlite *conn = sqlite_of(sql);
    const char *copy = arena_copy(cx->arena, script.p, script.n);
    if (sqlite3_exec(conn->db, copy, NULL, NULL, NULL) != SQLITE_OK) {
        return sqlite_fail(cx, conn, "script");
    }
    return OK;
}

static enum status sqlite_notify(struct cx *cx, struct sql *sql, const char *channel)
{
    (void)cx;
    (void)sql;
    (void)channel;
    return OK;
}

/* --- backup --- */

/* In one step: a copy of one snapshot, while the writer writes on. */
static enum status backup_copy(struct cx *cx, struct sqlite *from, const char *file)
{
    sqlite3 *to = NULL;
    int code = sqlite3_open_v2(file, &to, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, NULL);
    if (code == SQLITE_OK) {
        sqlite3_backup *backup = sqlite3_backup_init(to, "main", from->db, "main");
        if (backup != NULL) {
            (void)sqlite3_backup_step(backup, -1);
            (void)sqlite3_backup_finish(backup);
        }
        code = sqlite3_errcode(to);
    }
    enum status status = OK;
    if (code != SQLITE_OK) {
        status = FAIL(cx, E_STORE, (code & 0xff) == SQLITE_FULL ? "disk-full" : "store-failed",
                      "backup to %s: %s", file, sqlite3_errmsg(to));
    }
    (void)sqlite3_close(to);
    return status;
}

static enum status sqlite_backup(struct cx *cx, struct store *store, const char *file)
{
    const char *part = arena_printf(cx->arena, "%s.part", file);
    if (access(file, F_OK) == 0) {
        return FAIL(cx, E_STATE, "store-exists", "backup: %s exists", file);
    }
    (void)unlink(part);
    struct sql *from = NULL;
    TRY(sqlite_connect(cx, store, SQL_READER, &from));
    enum status status = backup_copy(cx, sqlite_of(from), part);
    sqlite_disconnect(from);
    if (status == OK && rename(part, file) != 0) {
        status = FAIL(cx, E_STORE, "store-failed", "backup: %s: %s", file, strerror(errno));
    }
    if (status != OK) {
        (void)unlink(part);
    }
    return status;
}

const struct engine engine_sqlite = {
    .is_sqlite = true,
    .connect = sqlite_connect,
    .disconnect = sqlite_disconnect,
    .is_alive = sqlite_is_alive,
    .begin = sqlite_begin,
    .commit = sqlite_commit,
    .rollback = sqlite_rollback,
    .run = sqlite_run,
    .flush = sqlite_flush,
    .script = sqlite_script,
    .notify = sqlite_notify,
    .backup = sqlite_backup,
    .work = sqlite_work,
};

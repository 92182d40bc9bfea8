/* PostgreSQL connections and statements, in libpq's pipeline mode. Commands are sent as they come;
 * answers are read at a flush, behind a sync. A transaction's BEGIN travels with its first
 * statements, its COMMIT with the last ones: an act that asks once takes two round trips. */
#include <endian.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "store/postgres_int.h"
#include "store/token.h"

enum { TYPE_NONE = 0, TYPE_BYTEA = 17, TYPE_INT8 = 20, TYPE_TEXT = 25, NAME_BYTES = 16 };

static const char SETTINGS[] = "SET bytea_output = 'hex';"
                               "SET statement_timeout = '60s';"
                               "SET lock_timeout = '10s';"
                               "SET idle_in_transaction_session_timeout = '60s'";

static struct postgres *postgres_of(struct sql *sql)
{
    check(sql->engine == &engine_postgres);
    return (struct postgres *)sql;
}

/* --- life --- */

static void statement_release(void *prepared)
{
    struct postgres_statement *statement = prepared;
    free(statement->text);
    free(statement);
}

static void connection_end(struct postgres *conn)
{
    statements_clear(&conn->sql.statements, statement_release);
    PQfinish(conn->pg);
    conn->pg = NULL;
    conn->pending_count = 0;
    conn->is_owed = false;
}

static void notice_ignore(void *arg, const char *message)
{
    (void)arg;
    (void)message;
}

PGconn *postgres_dial(const char *url)
{
    /* Those before dbname yield to the URL, those behind it do not. */
    const char *keys[] = {"connect_timeout",
                          "keepalives_idle",
                          "tcp_user_timeout",
                          "fallback_application_name",
                          "dbname",
                          "client_encoding",
                          NULL};
    const char *values[] = {"5", "30", "30000", "tongsu", url, "UTF8", NULL};
    PGconn *pg = PQconnectdbParams(keys, values, 1);
    check(pg != NULL);
    (void)PQsetNoticeProcessor(pg, notice_ignore, NULL);
    return pg;
}

static enum status connection_start(struct cx *cx, struct postgres *conn)
{
    conn->pg = postgres_dial(conn->sql.store->target);
    if (PQstatus(conn->pg) != CONNECTION_OK) {
        return postgres_fail(cx, conn, NULL, "connecting");
    }
    const char *encoding = PQparameterStatus(conn->pg, "server_encoding");
    if (encoding == NULL || strcmp(encoding, "UTF8") != 0) {
        return FAIL(cx, E_STORE, "store-failed", "the database is not encoded in UTF8");
    }
    PGresult *result = PQexec(conn->pg, SETTINGS);
    enum status status = OK;
    if (PQresultStatus(result) != PGRES_COMMAND_OK) {
        status = postgres_fail(cx, conn, result, SETTINGS);
    }
    PQclear(result);
    check(status != OK || PQenterPipelineMode(conn->pg) == 1);
    return status;
}

enum status postgres_reconnect(struct cx *cx, struct postgres *conn)
{
    connection_end(conn);
    conn->sql.lost = false;
    enum status status = connection_start(cx, conn);
    conn->sql.lost = status != OK;
    return status;
}

static void postgres_disconnect(struct sql *sql)
{
    struct postgres *conn = postgres_of(sql);
    connection_end(conn);
    free(conn);
}

static enum status postgres_connect(struct cx *cx, struct store *store, enum sql_role role,
                                    struct sql **out)
{
    struct postgres *conn = calloc(1, sizeof *conn);
    check(conn != NULL);
    conn->sql.store = store;
    conn->sql.engine = &engine_postgres;
    conn->sql.role = role;
    enum status status = connection_start(cx, conn);
    if (status != OK) {
        postgres_disconnect(&conn->sql);
        return status;
    }
    *out = &conn->sql;
    return OK;
}

/* --- answers --- */

/* What one answer says; cx NULL when nobody wants to know. */
static enum status answer_take(struct cx *cx, struct postgres *conn, const struct pending *pending,
                               PGresult *result)
{
    ExecStatusType kind = PQresultStatus(result);
    if (kind != PGRES_COMMAND_OK && kind != PGRES_TUPLES_OK) {
        if (pending->kind == PENDING_PREPARE) {
            pending->prepared->is_sent = false;
        }
        /* Aborted: an earlier one failed and has been recorded. */
        return cx == NULL || kind == PGRES_PIPELINE_ABORTED
                   ? E_STORE
                   : postgres_fail(cx, conn, result, pending->statement);
    }
    if (pending->kind == PENDING_COMMIT && cx != NULL &&
        strcmp(PQcmdStatus(result), "COMMIT") != 0) {
        return FAIL(cx, E_STORE, "store-failed", "COMMIT of a failed transaction");
    }
    if (pending->kind == PENDING_EXEC) {
        conn->sql.changed = strtoll(PQcmdTuples(result), NULL, 10);
    }
    if (pending->kind == PENDING_ROWS && cx != NULL) {
        return postgres_rows(cx, result, pending->rows);
    }
    return OK;
}

/* After a sync was sent: reads the answers of all that is pending. The first failure counts. */
static enum status answers_read(struct cx *cx, struct postgres *conn)
{
    enum status first = OK;
    for (unsigned i = 0; i < conn->pending_count && !conn->sql.lost; i++) {
        PGresult *result = PQgetResult(conn->pg);
        enum status status = answer_take(cx, conn, &conn->pending[i], result);
        first = first == OK ? status : first;
        for (; result != NULL; result = PQgetResult(conn->pg)) {
            PQclear(result);
        }
        conn->sql.lost = conn->sql.lost || PQstatus(conn->pg) == CONNECTION_BAD;
    }
    conn->pending_count = 0;
    if (conn->sql.lost) {
        return first == OK ? E_STORE : first;
    }
    PGresult *sync = PQgetResult(conn->pg);
    if (PQresultStatus(sync) != PGRES_PIPELINE_SYNC) {
        conn->sql.lost = true; /* no longer in step */
        if (first == OK) {
            first = cx == NULL ? E_STORE : postgres_fail(cx, conn, sync, "sync");
        }
    }
    PQclear(sync);
    return first;
}

static enum status pending_flush(struct cx *cx, struct postgres *conn)
{
    if (conn->pending_count == 0) {
        return OK;
    }
    if (PQpipelineSync(conn->pg) != 1) {
        conn->pending_count = 0;
        conn->sql.lost = true;
        return cx == NULL ? E_STORE : postgres_fail(cx, conn, NULL, "sync");
    }
    return answers_read(cx, conn);
}

static enum status postgres_flush(struct cx *cx, struct sql *sql)
{
    return pending_flush(cx, postgres_of(sql));
}

/* --- sending --- */

/* sent is what libpq's PQsend… answered. */
static enum status pending_add(struct cx *cx, struct postgres *conn, int sent,
                               struct pending pending)
{
    if (sent != 1) {
        return postgres_fail(cx, conn, NULL, pending.statement);
    }
    check(conn->pending_count < PENDING_MAX);
    conn->pending[conn->pending_count++] = pending;
    return OK;
}

static enum status control_send(struct cx *cx, struct postgres *conn, const char *statement,
                                enum pending_kind kind)
{
    int sent = PQsendQueryParams(conn->pg, statement, 0, NULL, NULL, NULL, NULL, 0);
    return pending_add(cx, conn, sent, (struct pending){.kind = kind, .statement = statement});
}

static Oid type_of(enum sql_kind kind)
{
    switch (kind) {
    case SQL_NULL: return TYPE_NONE;
    case SQL_INT: return TYPE_INT8;
    case SQL_TEXT: return TYPE_TEXT;
    case SQL_BYTES: return TYPE_BYTEA;
    }
    return TYPE_NONE;
}

static struct postgres_statement *statement_make(struct cx *cx, const struct call *call)
{
    struct postgres_statement *made = calloc(1, sizeof *made);
    check(made != NULL);
    size_t most = 0;
    made->text = strdup(token_dollars(cx->arena, str_of(call->statement), &most).p);
    check(made->text != NULL && most == call->arg_count);
    made->arg_count = call->arg_count;
    return made;
}

/* Learns the types of new values; true when the server's statement does not have them. */
static bool statement_learns(struct postgres_statement *statement, const struct call *call)
{
    bool learnt = false;
    for (size_t i = 0; i < call->arg_count; i++) {
        enum sql_kind kind = call->args[i].kind;
        if (kind != SQL_NULL && statement->kinds[i] != kind) {
            statement->kinds[i] = (unsigned char)kind;
            learnt = true;
        }
    }
    return learnt;
}

static void statement_name(const struct postgres_statement *statement, char name[NAME_BYTES])
{
    (void)snprintf(name, NAME_BYTES, "s%u", statement->number);
}

static enum status statement_prepare(struct cx *cx, struct postgres *conn, const struct call *call,
                                     struct postgres_statement **out)
{
    struct statements *all = &conn->sql.statements;
    if (all->count == STATEMENTS_MAX) {
        TRY(control_send(cx, conn, "DEALLOCATE ALL", PENDING_CONTROL));
        TRY(pending_flush(cx, conn)); /* nothing pending points into the cache now */
    }
    struct statement *entry = statements_get(all, call->statement, statement_release);
    if (entry->prepared == NULL) {
        entry->prepared = statement_make(cx, call);
    }
    struct postgres_statement *statement = entry->prepared;
    check(statement->arg_count == call->arg_count);
    *out = statement;
    if (!statement_learns(statement, call) && statement->is_sent) {
        return OK;
    }
    Oid types[STATEMENT_ARGS_MAX];
    char name[NAME_BYTES];
    for (size_t i = 0; i < call->arg_count; i++) {
        types[i] = type_of((enum sql_kind)statement->kinds[i]);
    }
    statement->number = ++conn->next_number;
    statement->is_sent = true;
    statement_name(statement, name);
    int sent = PQsendPrepare(conn->pg, name, statement->text, (int)call->arg_count, types);
    return pending_add(cx, conn, sent,
                       (struct pending){.kind = PENDING_PREPARE,
                                        .statement = call->statement,
                                        .prepared = statement});
}

/* Values in binary: text needs no NUL behind it, bytes no hex, numbers no digits. */
static int values_send(struct postgres *conn, const struct postgres_statement *statement,
                       const struct call *call)
{
    uint64_t numbers[STATEMENT_ARGS_MAX];
    const char *values[STATEMENT_ARGS_MAX];
    int lengths[STATEMENT_ARGS_MAX];
    int formats[STATEMENT_ARGS_MAX];
    char name[NAME_BYTES];
    for (size_t i = 0; i < call->arg_count; i++) {
        const struct sql_value *value = &call->args[i];
        numbers[i] = htobe64((uint64_t)value->number);
        formats[i] = 1;
        values[i] = value->text.p == NULL ? "" : value->text.p;
        lengths[i] = (int)value->text.n;
        if (value->kind == SQL_INT) {
            values[i] = (const char *)&numbers[i];
            lengths[i] = (int)sizeof numbers[i];
        } else if (value->kind == SQL_NULL) {
            values[i] = NULL;
        }
    }
    statement_name(statement, name);
    return PQsendQueryPrepared(conn->pg, name, (int)call->arg_count, values, lengths, formats, 0);
}

static enum status postgres_run(struct cx *cx, struct sql *sql, const struct call *call)
{
    struct postgres *conn = postgres_of(sql);
    struct postgres_statement *statement = NULL;
    if (conn->pending_count + 4 > PENDING_MAX) {
        TRY(pending_flush(cx, conn));
    }
    TRY(statement_prepare(cx, conn, call, &statement));
    struct pending pending = {.kind = call->rows == NULL ? PENDING_EXEC : PENDING_ROWS,
                              .statement = call->statement,
                              .rows = call->rows};
    TRY(pending_add(cx, conn, values_send(conn, statement, call), pending));
    return call->later ? OK : pending_flush(cx, conn);
}

/* --- transactions --- */

static enum status postgres_begin(struct cx *cx, struct sql *sql)
{
    const char *begin = sql->role == SQL_WRITER
                            ? "BEGIN ISOLATION LEVEL READ COMMITTED"
                            : "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY";
    return control_send(cx, postgres_of(sql), begin, PENDING_CONTROL);
}

/* A reader has its rows: it does not wait for the answer to its COMMIT. */
static enum status postgres_commit(struct cx *cx, struct sql *sql)
{
    struct postgres *conn = postgres_of(sql);
    if (sql->role == SQL_READER) {
        TRY(pending_flush(cx, conn));
        TRY(control_send(cx, conn, "COMMIT", PENDING_COMMIT));
        conn->is_owed = PQpipelineSync(conn->pg) == 1;
        sql->lost = !conn->is_owed;
        return OK;
    }
    TRY(control_send(cx, conn, "COMMIT", PENDING_COMMIT));
    return pending_flush(cx, conn);
}

static void postgres_rollback(struct sql *sql)
{
    struct postgres *conn = postgres_of(sql);
    if (!sql->lost) {
        (void)pending_flush(NULL, conn);
    }
    if (sql->lost || PQsendQueryParams(conn->pg, "ROLLBACK", 0, NULL, NULL, NULL, NULL, 0) != 1) {
        sql->lost = true;
        return;
    }
    conn->pending[conn->pending_count++] = (struct pending){.kind = PENDING_CONTROL};
    if (pending_flush(NULL, conn) != OK) {
        sql->lost = true;
    }
}

/* A server that restarted has closed the connection: that shows as something to read. */
static bool postgres_is_alive(struct sql *sql)
{
    struct postgres *conn = postgres_of(sql);
    if (conn->is_owed && !sql->lost) {
        conn->is_owed = false;
        if (answers_read(NULL, conn) != OK) {
            return false;
        }
    }
    struct pollfd waiting = {.fd = PQsocket(conn->pg), .events = POLLIN};
    for (int i = 0; i < 3 && !sql->lost && waiting.fd >= 0 && poll(&waiting, 1, 0) > 0; i++) {
        sql->lost = PQconsumeInput(conn->pg) != 1; /* the last words first, then the end */
    }
    return !sql->lost && PQstatus(conn->pg) == CONNECTION_OK;
}

/* --- the rest --- */

/* The simple protocol takes several statements at once, outside pipeline mode only. A migration may
 * take longer than a statement of an act. */
static enum status postgres_script(struct cx *cx, struct sql *sql, Str script)
{
    struct postgres *conn = postgres_of(sql);
    const char *copy =
        arena_printf(cx->arena, "SET LOCAL statement_timeout = 0; %.*s", STR_ARG(script));
    check(PQexitPipelineMode(conn->pg) == 1);
    PGresult *result = PQexec(conn->pg, copy);
    ExecStatusType kind = PQresultStatus(result);
    enum status status = OK;
    if (kind != PGRES_COMMAND_OK && kind != PGRES_TUPLES_OK && kind != PGRES_EMPTY_QUERY) {
        status = postgres_fail(cx, conn, result, "script");
    }
    PQclear(result);
    check(sql->lost || PQenterPipelineMode(conn->pg) == 1);
    return status;
}

static enum status postgres_notify(struct cx *cx, struct sql *sql, const char *channel)
{
    const struct sql_value args[] = {SQL_C(channel)};
    return postgres_run(
        cx, sql,
        &(struct call){
            .statement = "SELECT pg_notify(?1, '')", .args = args, .arg_count = 1, .later = true});
}

static enum status postgres_backup(struct cx *cx, struct store *store, const char *file)
{
    (void)store;
    return FAIL(cx, E_STATE, "store-backup-engine",
                "%s not written: a PostgreSQL database is backed up by its server's own means",
                file);
}

const struct engine engine_postgres = {
    .is_sqlite = false,
    .connect = postgres_connect,
    .disconnect = postgres_disconnect,
    .is_alive = postgres_is_alive,
    .begin = postgres_begin,
    .commit = postgres_commit,
    .rollback = postgres_rollback,
    .run = postgres_run,
    .flush = postgres_flush,
    .script = postgres_script,
    .notify = postgres_notify,
    .backup = postgres_backup,
    .work = postgres_work,
};

/* store/postgres_int.h - what postgres.c hands to its writers; private to store/. */
#ifndef STORE_POSTGRES_INT_H
#define STORE_POSTGRES_INT_H

#include <libpq-fe.h>

#include "store/store_int.h"

enum { PENDING_MAX = 256 };

/* A prepared statement. Parameter types are those of the values seen so far: a parameter that was
 * always NULL has none, and the statement is prepared anew when a value comes. */
struct postgres_statement {
    bool is_sent;
    unsigned number; /* its name on the server */
    size_t arg_count;
    char *text;
    unsigned char kinds[STATEMENT_ARGS_MAX]; /* enum sql_kind */
};

enum pending_kind { PENDING_PREPARE, PENDING_CONTROL, PENDING_COMMIT, PENDING_EXEC, PENDING_ROWS };

/* A command sent whose answer was not read. */
struct pending {
    enum pending_kind kind;
    const char *statement;
    struct postgres_statement *prepared;
    struct rows *rows;
};

struct postgres {
    struct sql sql; /* first: a struct sql of this engine is a struct postgres */
    PGconn *pg;
    struct pending pending[PENDING_MAX];
    unsigned pending_count;
    unsigned next_number;
    bool is_owed; /* the answer to a reader's COMMIT, read when the connection is used again */
};

/* A connection, whether it came about or not; PQfinish() ends it. */
PGconn *postgres_dial(const char *url);
/* Ends the connection and opens it again. */
enum status postgres_reconnect(struct cx *cx, struct postgres *conn);

void postgres_work(struct store *store, struct sql *sql);

/* postgres_result.c: fills rows from an answer, in cx's arena. */
enum status postgres_rows(struct cx *cx, const PGresult *result, struct rows *rows);
/* Records what the server or the connection said; marks the connection lost or repeatable. */
enum status postgres_fail(struct cx *cx, struct postgres *conn, const PGresult *result,
                          const char *statement);

#endif

/* store/sqlite_int.h - what sqlite.c hands to its writer; private to store/. */
#ifndef STORE_SQLITE_INT_H
#define STORE_SQLITE_INT_H

#include <sqlite3.h>

#include "store/store_int.h"

struct sqlite {
    struct sql sql; /* first: a struct sql of this engine is a struct sqlite */
    sqlite3 *db;
    int wal_pages; /* in the write-ahead log after the last commit */
};

/* The statements that drive transactions; not counted as the closure's. */
enum status sqlite_control(struct cx *cx, struct sqlite *conn, const char *statement);
enum status sqlite_fail(struct cx *cx, struct sqlite *conn, const char *statement);

/* The group-commit writer. */
void sqlite_work(struct store *store, struct sql *sql);

#endif

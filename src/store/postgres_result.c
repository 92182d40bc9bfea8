/* Answers of PostgreSQL: cells by the type of their column, failures by SQLSTATE. */
#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "store/postgres_int.h"

/* From the server's catalogue, where they never change. */
enum { TYPE_BOOL = 16, TYPE_BYTEA = 17, TYPE_INT8 = 20, TYPE_INT2 = 21, TYPE_INT4 = 23 };

enum { TYPE_NUMERIC = 1700 };

static struct sql_value bytes_read(struct arena *arena, const char *text, size_t size)
{
    check(size >= 2 && text[0] == '\\' && text[1] == 'x'); /* bytea_output=hex was asked for */
    size_t count = (size - 2) / 2;
    unsigned char *bytes = arena_alloc(arena, count + 1);
    check(text_unhex((Str){text + 2, size - 2}, bytes, count));
    return SQL_B(bytes, count);
}

static struct sql_value value_read(struct arena *arena, const PGresult *result, int row, int column)
{
    if (PQgetisnull(result, row, column)) {
        return SQL_N;
    }
    const char *text = PQgetvalue(result, row, column);
    size_t size = (size_t)PQgetlength(result, row, column);
    Oid type = PQftype(result, column);
    int64_t number = 0;
    if (type == TYPE_BYTEA) {
        return bytes_read(arena, text, size);
    }
    if (type == TYPE_BOOL) {
        return SQL_I(text[0] == 't');
    }
    /* sum() of BIGINT is NUMERIC; whole numbers that fit are numbers here as on SQLite. */
    if ((type == TYPE_INT8 || type == TYPE_INT4 || type == TYPE_INT2 || type == TYPE_NUMERIC) &&
        str_int((Str){text, size}, &number)) {
        return SQL_I(number);
    }
    return SQL_S(str_copy(arena, text, size));
}

enum status postgres_rows(struct cx *cx, const PGresult *result, struct rows *rows)
{
    struct rows_growing growing = {.rows = rows, .arena = cx->arena};
    int count = PQntuples(result);
    rows->columns = (uint32_t)PQnfields(result);
    for (int row = 0; row < count; row++) {
        if (!rows_room(&growing)) {
            return cx_ceiling(cx, __FILE__, __LINE__);
        }
        struct sql_value *cells = &rows->cells[(size_t)row * rows->columns];
        for (uint32_t i = 0; i < rows->columns; i++) {
            cells[i] = value_read(cx->arena, result, row, (int)i);
        }
    }
    return OK;
}

/* --- failures --- */

struct state_meaning {
    const char *prefix; /* of the SQLSTATE */
    enum status status;
    const char *key;
    bool is_lost;
    bool is_repeatable;
};

/* The first prefix that fits. */
static const struct state_meaning MEANINGS[] = {
    {"23505", E_STATE, "store-duplicate", false, false},
    {"40001", E_BUSY, "busy", false, true}, /* serialization */
    {"40P01", E_BUSY, "busy", false, true}, /* deadlock */
    {"40003", E_BUSY, "busy", true, true},  /* outcome unknown */
    {"53100", E_STORE, "disk-full", false, false},
    {"53", E_BUSY, "busy", true, true},      /* no memory, too many connections */
    {"55P03", E_BUSY, "busy", false, false}, /* waited too long for a lock */
    {"57014", E_BUSY, "busy", false, false}, /* statement_timeout */
    {"57P", E_BUSY, "store-unreachable", true, true},
    {"08", E_BUSY, "store-unreachable", true, true},
    {"25006", E_STORE, "store-failed", false, false}, /* a write in a read, or on a standby */
    {"25P03", E_BUSY, "busy", true, true},            /* idle for too long */
    {"", E_STORE, "store-failed", false, false},
};

static const struct state_meaning *meaning_of(const char *state)
{
    const struct state_meaning *each = MEANINGS;
    while (strncmp(state, each->prefix, strlen(each->prefix)) != 0) {
        each++;
    }
    return each;
}

/* The primary message only: its DETAIL would quote rows. */
enum status postgres_fail(struct cx *cx, struct postgres *conn, const PGresult *result,
                          const char *statement)
{
    const char *state = result == NULL ? NULL : PQresultErrorField(result, PG_DIAG_SQLSTATE);
    const char *message =
        result == NULL ? NULL : PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
    bool is_bad = PQstatus(conn->pg) == CONNECTION_BAD;
    if (state == NULL) {
        state = is_bad ? "08006" : "XX000";
    }
    const struct state_meaning *meaning = meaning_of(state);
    conn->sql.lost = conn->sql.lost || is_bad || meaning->is_lost;
    conn->sql.repeatable = conn->sql.repeatable || is_bad || meaning->is_repeatable;
    return FAIL(cx, meaning->status, meaning->key, "postgresql %s: %s: %.200s", state,
                message == NULL ? PQerrorMessage(conn->pg) : message, statement);
}

#include "store/migrate.h"

#include <string.h>

#include "base/check.h"
#include "base/clock.h"
#include "base/log.h"
#include "seal/hash.h"
#include "store/store_int.h"
#include "store/token.h"

/* An arbitrary number that all programs of this database agree on. */
static const int64_t LOCK_NUMBER = INT64_C(0x746f6e67737500);

struct migrating {
    const struct migration *migrations;
    uint32_t count;
    bool all_done;
    bool looked;
    bool was_empty; /* at the first look: nothing in it can take long */
};

static enum status script_run(struct cx *cx, struct sql *sql, Str script)
{
    return sql_script(cx, sql,
                      sql_is_sqlite(sql) ? token_sqlite(cx->arena, script)
                                         : token_postgres(cx->arena, script));
}

static enum status table_make(struct cx *cx, struct sql *sql)
{
    if (!sql_is_sqlite(sql)) {
        struct rows rows;
        TRY(sql_query(cx, sql, SQL("SELECT 1 FROM (SELECT pg_advisory_xact_lock(?1)) AS locked"),
                      ARGS(SQL_I(LOCK_NUMBER)), &rows));
    }
    Str script = STR("CREATE TABLE IF NOT EXISTS schema_migration ("
                     "number BIGINT PRIMARY KEY, name TEXT NOT NULL, sm3 BLOB NOT NULL,"
                     "at BIGINT NOT NULL)");
    return script_run(cx, sql, script);
}

/* What is recorded must be what the program has, from the first on, without gaps. */
static enum status recorded_compare(struct cx *cx, const struct migrating *migrating,
                                    const struct rows *rows)
{
    for (uint32_t i = 0; i < rows->count; i++) {
        int64_t number = row_int(rows, i, 0);
        if (i >= migrating->count || migrating->migrations[i].number != number) {
            return FAIL(cx, E_STORE, "store-schema",
                        "the database has migration %lld, which this program does not know here",
                        (long long)number);
        }
        Hash own = hash_str(migrating->migrations[i].text);
        Str recorded = row_str(rows, i, 1);
        if (recorded.n != HASH_BYTES || memcmp(recorded.p, own.b, HASH_BYTES) != 0) {
            return FAIL(cx, E_STORE, "store-schema", "the text of migration %lld has changed",
                        (long long)number);
        }
    }
    return OK;
}

/* The next migration that is not recorded, in a transaction of its own. */
static enum status step(struct cx *cx, struct sql *sql, void *arg)
{
    struct migrating *migrating = arg;
    struct rows rows;
    TRY(table_make(cx, sql));
    TRY(sql_query(cx, sql, SQL("SELECT number, sm3 FROM schema_migration ORDER BY number"), NO_ARGS,
                  &rows));
    TRY(recorded_compare(cx, migrating, &rows));
    migrating->all_done = rows.count == migrating->count;
    if (migrating->all_done) {
        return OK;
    }
    const struct migration *next = &migrating->migrations[rows.count];
    migrating->was_empty = migrating->looked ? migrating->was_empty : rows.count == 0;
    migrating->looked = true;
    if (!migrating->was_empty) {
        log_text(LOG_INFO, "migrating", "%s", next->name);
    }
    TRY(script_run(cx, sql, next->text));
    Hash hash = hash_str(next->text);
    return sql_exec(
        cx, sql,
        SQL("INSERT INTO schema_migration (number, name, sm3, at) VALUES (?1, ?2, ?3, ?4)"),
        ARGS(SQL_I(next->number), SQL_C(next->name), SQL_B(hash.b, HASH_BYTES),
             SQL_I(clock_machine())));
}

enum status store_migrate(struct cx *cx, struct store *store, const struct migration *migrations,
                          uint32_t count)
{
    for (uint32_t i = 1; i < count; i++) {
        check(migrations[i - 1].number < migrations[i].number);
    }
    struct migrating migrating = {.migrations = migrations, .count = count};
    enum status status = OK;
    atomic_store(&store->migrating, true);
    while (status == OK && !migrating.all_done) {
        status = store_write(cx, store, WRITE_INTERACTIVE, step, &migrating);
    }
    atomic_store(&store->migrating, false);
    return status;
}

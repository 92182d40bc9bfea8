/* store/test_store.h - a fresh database for a test, on either engine. For *_test.c only.
 *
 * Every test runs on both: test_on_both_engines(tests) runs the group once on SQLite and once on a
 * PostgreSQL server of its own (test_postgres.h), and setup gives each test an empty database.
 * A missing PostgreSQL fails the tests, it does not skip them.
 */
#ifndef STORE_TEST_STORE_H
#define STORE_TEST_STORE_H

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/check.h"
#include "base/test.h"
#include "store/migrate.h"
#include "store/store.h"
#include "store/test_postgres.h"

struct place {
    struct trial trial;
    char directory[64];
    struct store_options options;
    char url[512];
    struct store *store;
};

static const struct migration TEST_SCHEMA[] = {
    {1,
     "thing",
     {.p = "CREATE TABLE thing (id BIGINT PRIMARY KEY, label TEXT, bytes BLOB,"
           " amount BIGINT NOT NULL DEFAULT 0);"
           "CREATE TABLE counter (name TEXT PRIMARY KEY, value BIGINT NOT NULL);",
      .n = sizeof "CREATE TABLE thing (id BIGINT PRIMARY KEY, label TEXT, bytes BLOB,"
                  " amount BIGINT NOT NULL DEFAULT 0);"
                  "CREATE TABLE counter (name TEXT PRIMARY KEY, value BIGINT NOT NULL);" -
           1}},
};

static inline void place_remove(const struct place *place)
{
    char command[128];
    (void)snprintf(command, sizeof command, "rm -rf '%s'", place->directory);
    assert_int_equal(system(command), 0);
}

/* A place: options filled, store not yet open. On PostgreSQL its database comes from `database`. */
static inline void place_make_of(struct place *place, void (*database)(char *url, size_t size))
{
    memset(place, 0, sizeof *place);
    trial_begin(&place->trial);
    trial_directory(place->directory, sizeof place->directory, "store");
    if (test_server.pid > 0) {
        database(place->url, sizeof place->url);
    } else {
        (void)snprintf(place->url, sizeof place->url, "sqlite:%s/test.db", place->directory);
    }
    place->options = (struct store_options){.url = place->url, .data_dir = place->directory};
}

static inline void place_make(struct place *place)
{
    place_make_of(place, test_server_database);
}

static inline void place_open(struct place *place)
{
    struct cx *cx = &place->trial.cx;
    if (store_open(cx, &place->options, &place->store) != OK ||
        store_migrate(cx, place->store, TEST_SCHEMA, 1) != OK) {
        fail_msg("opening: %s", cx->failure.detail.p);
    }
}

static inline void place_close(struct place *place)
{
    store_close(place->store);
    place->store = NULL;
}

static inline int place_setup(void **state)
{
    struct place *place = calloc(1, sizeof *place);
    check(place != NULL);
    place_make(place);
    place_open(place);
    *state = place;
    return 0;
}

static inline int place_teardown(void **state)
{
    struct place *place = *state;
    place_close(place);
    place_remove(place);
    trial_end(&place->trial);
    free(place);
    return 0;
}

/* --- closures that most tests need --- */

struct thing {
    int64_t id;
    const char *label;
};

static inline enum status thing_insert(struct cx *cx, struct sql *sql, void *arg)
{
    const struct thing *thing = arg;
    return sql_exec(cx, sql, SQL("INSERT INTO thing (id, label) VALUES (?1, ?2)"),
                    ARGS(SQL_I(thing->id), SQL_C(thing->label)));
}

static inline enum status place_insert(struct place *place, int64_t id, const char *label)
{
    struct thing thing = {id, label};
    cx_forgive(&place->trial.cx);
    return store_write(&place->trial.cx, place->store, WRITE_INTERACTIVE, thing_insert, &thing);
}

struct place_query {
    const char *statement;
    const struct sql_value *args;
    size_t arg_count;
    struct rows rows;
};

static inline enum status ask_run(struct cx *cx, struct sql *sql, void *arg)
{
    struct place_query *ask = arg;
    return sql_query(cx, sql, ask->statement, ask->args, ask->arg_count, &ask->rows);
}

static inline struct rows place_ask(struct place *place, const char *statement,
                                    const struct sql_value *args, size_t arg_count)
{
    struct place_query ask = {statement, args, arg_count, {0}};
    struct cx *cx = &place->trial.cx;
    cx_forgive(cx);
    if (store_read(cx, place->store, ask_run, &ask) != OK) {
        fail_msg("%s: %s", statement, cx->failure.detail.p);
    }
    return ask.rows;
}

static inline int64_t place_count(struct place *place)
{
    struct rows rows = place_ask(place, SQL("SELECT count(*) FROM thing"), NO_ARGS);
    return row_int(&rows, 0, 0);
}

static inline bool place_is_sqlite(const struct place *place)
{
    return store_is_sqlite(place->store);
}

/* Runs the group on SQLite, then on PostgreSQL; the sum of what failed. */
static inline int test_on_engines(const struct CMUnitTest *tests, size_t count)
{
    int failed = _cmocka_run_group_tests("on SQLite", tests, count, NULL, NULL);
    if (!test_server_start()) {
        (void)fprintf(stderr, "[  FAILED  ] PostgreSQL could not be started\n");
        return failed + (int)count;
    }
    failed += _cmocka_run_group_tests("on PostgreSQL", tests, count, NULL, NULL);
    test_server_stop();
    return failed;
}

#define test_on_both_engines(tests) test_on_engines((tests), sizeof(tests) / sizeof((tests)[0]))

#define test_case(name) cmocka_unit_test_setup_teardown(name, place_setup, place_teardown)

#endif

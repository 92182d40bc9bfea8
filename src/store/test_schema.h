/* store/test_schema.h - the project's own migrations, read from sql/, in a test's database. For
 * *_test.c only. */
#ifndef STORE_TEST_SCHEMA_H
#define STORE_TEST_SCHEMA_H

#include <stdlib.h>
#include <string.h>

#include "base/share.h"
#include "base/test.h"
#include "store/migrate.h"
#include "store/store.h"
#include "store/test_postgres.h"

/* Those up to number `last`. */
static inline void test_schema_to(struct cx *cx, struct store *store, uint32_t last)
{
    const struct share_file *file = NULL;
    struct share *project = NULL;
    uint32_t count = 0;
    assert_int_equal(share_open(cx, NULL, 0, ".", &project), OK);
    size_t files = share_list(project, "sql/", &file);
    struct migration *migrations = arena_array(cx->arena, struct migration, files);
    for (size_t i = 0; i < files; i++) {
        uint32_t number = (uint32_t)atoi(file[i].path + strlen("sql/"));
        if (number <= last) {
            migrations[count++] = (struct migration){
                number, file[i].path, {(const char *)file[i].bytes, file[i].size}};
        }
    }
    if (store_migrate(cx, store, migrations, count) != OK) {
        fail_msg("migrating: %s", cx->failure.detail.p);
    }
    share_close(project);
}

static inline void test_schema(struct cx *cx, struct store *store)
{
    test_schema_to(cx, store, UINT32_MAX);
}

/* On PostgreSQL: a new database that has them all already. Each is copied from the first: to
 * migrate takes longer than most tests. */
static inline void test_schema_database(char *url, size_t size)
{
    if (test_server.schema[0] == '\0') {
        struct trial trial;
        struct store *store = NULL;
        trial_begin(&trial);
        test_server_database(url, size);
        struct store_options options = {.url = url, .data_dir = test_server.directory};
        assert_int_equal(store_open(&trial.cx, &options, &store), OK);
        test_schema(&trial.cx, store);
        store_close(store);
        trial_end(&trial);
        test_server_name(test_server.schema, sizeof test_server.schema, test_server.databases);
    }
    test_server_copy(url, size, test_server.schema);
}

#endif

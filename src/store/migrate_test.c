/* Migrations: in order, once, each whole or not at all. */
#include "store/migrate.h"
#include "store/test_store.h"

#define SCRIPT(text)                       \
    {                                      \
        .p = (text), .n = sizeof(text) - 1 \
    }

static const struct migration STEPS[] = {
    {1, "first",
     SCRIPT("CREATE TABLE a (id BIGINT PRIMARY KEY, b BLOB); -- a BLOB; in a comment\n")},
    {2, "second",
     SCRIPT("INSERT INTO a (id, b) VALUES (1, NULL); CREATE TABLE c (t TEXT DEFAULT 'BLOB ''x');"
            "INSERT INTO c DEFAULT VALUES;")},
    {7, "third", SCRIPT("ALTER TABLE a ADD COLUMN d BIGINT NOT NULL DEFAULT 5;")},
};

/* A place whose store is open and knows no table. */
static int bare_setup(void **state)
{
    struct place *place = calloc(1, sizeof *place);
    check(place != NULL);
    place_make(place);
    assert_int_equal(store_open(&place->trial.cx, &place->options, &place->store), OK);
    *state = place;
    return 0;
}

static enum status migrate(struct place *place, const struct migration *steps, uint32_t count)
{
    cx_forgive(&place->trial.cx);
    return store_migrate(&place->trial.cx, place->store, steps, count);
}

static void test_scripts_run_in_order_and_once(void **state)
{
    struct place *place = *state;
    assert_int_equal(migrate(place, STEPS, 2), OK);
    assert_int_equal(migrate(place, STEPS, 3), OK);
    assert_int_equal(migrate(place, STEPS, 3), OK);
    struct rows rows = place_ask(place, SQL("SELECT a.id, a.d, c.t FROM a, c"), NO_ARGS);
    assert_int_equal(rows.count, 1);
    assert_int_equal(row_int(&rows, 0, 1), 5);
    assert_string_equal(row_str(&rows, 0, 2).p, "BLOB 'x"); /* quotes are not translated */
    rows = place_ask(
        place, SQL("SELECT number, name, sm3, at FROM schema_migration ORDER BY number"), NO_ARGS);
    assert_int_equal(rows.count, 3);
    assert_int_equal(row_int(&rows, 2, 0), 7);
    assert_string_equal(row_str(&rows, 0, 1).p, "first");
    assert_int_equal(row_str(&rows, 0, 2).n, 32);
    assert_true(row_int(&rows, 0, 3) > 0);
}

/* One text makes on each engine what is best there. */
static void test_words_of_one_engine_are_read_by_both(void **state)
{
    static const struct migration steps[] = {
        {1, "own words",
         SCRIPT("CREATE TABLE lone (id BIGINT NOT NULL PRIMARY KEY, t TEXT DEFAULT 'BIGINT ROWID');"
                "CREATE TABLE pair (a BIGINT, b TEXT, PRIMARY KEY (a, b)) WITHOUT ROWID;"
                "INSERT INTO lone (id) VALUES (70); INSERT INTO pair (a, b) VALUES (1, 'x');")}};
    struct place *place = *state;
    assert_int_equal(migrate(place, steps, 1), OK);
    struct rows rows = place_ask(place, SQL("SELECT t FROM lone, pair WHERE b = 'x'"), NO_ARGS);
    assert_int_equal(rows.count, 1);
    assert_string_equal(row_str(&rows, 0, 0).p, "BIGINT ROWID");
    if (store_is_sqlite(place->store)) { /* a lone id is the row's own number */
        rows = place_ask(place, SQL("SELECT rowid FROM lone"), NO_ARGS);
        assert_int_equal(row_int(&rows, 0, 0), 70);
        rows = place_ask(place, SQL("SELECT count(*) FROM pragma_index_list('lone')"), NO_ARGS);
        assert_int_equal(row_int(&rows, 0, 0), 0);
    }
}

static void test_nothing_to_do_is_fine(void **state)
{
    struct place *place = *state;
    assert_int_equal(migrate(place, STEPS, 0), OK);
}

static void test_changed_text_is_refused(void **state)
{
    struct place *place = *state;
    struct migration changed[3] = {STEPS[0], STEPS[1], STEPS[2]};
    assert_int_equal(migrate(place, STEPS, 2), OK);
    changed[1].text = STR("INSERT INTO a (id, b) VALUES (2, NULL);");
    assert_int_equal(migrate(place, changed, 3), E_STORE);
    assert_string_equal(place->trial.cx.failure.code, "store-schema");
    assert_int_equal(migrate(place, STEPS, 3), OK);
}

static void test_newer_database_is_refused(void **state)
{
    struct place *place = *state;
    assert_int_equal(migrate(place, STEPS, 3), OK);
    assert_int_equal(migrate(place, STEPS, 2), E_STORE);
    assert_string_equal(place->trial.cx.failure.code, "store-schema");
    assert_int_equal(migrate(place, STEPS, 0), E_STORE);
}

static void test_inserted_migration_is_refused(void **state)
{
    struct place *place = *state;
    struct migration skipping[2] = {STEPS[0], STEPS[2]};
    assert_int_equal(migrate(place, skipping, 2), OK);
    assert_int_equal(migrate(place, STEPS, 3), E_STORE);
    assert_string_equal(place->trial.cx.failure.code, "store-schema");
}

static void test_failing_script_leaves_nothing_of_itself(void **state)
{
    struct place *place = *state;
    struct migration broken[2] = {
        STEPS[0],
        {2, "broken", SCRIPT("CREATE TABLE e (x BIGINT); INSERT INTO nowhere VALUES (1);")}};
    assert_int_equal(migrate(place, broken, 2), E_STORE);
    struct rows rows = place_ask(place, SQL("SELECT count(*) FROM schema_migration"), NO_ARGS);
    assert_int_equal(row_int(&rows, 0, 0), 1);
    broken[1].text = STR("CREATE TABLE e (x BIGINT);");
    assert_int_equal(migrate(place, broken, 2), OK);
}

struct racer {
    struct place *place;
    struct store *store;
    enum status status;
};

static void *race(void *arg)
{
    struct racer *racer = arg;
    struct trial own;
    trial_begin(&own);
    racer->status = store_migrate(&own.cx, racer->store, STEPS, 3);
    trial_end(&own);
    return NULL;
}

static void test_two_programs_migrate_at_once(void **state)
{
    struct place *place = *state;
    struct racer racers[2];
    pthread_t threads[2];
    struct store_options options = place->options;
    options.data_dir = NULL; /* the lock of the directory would keep the second out */
    for (int i = 0; i < 2; i++) {
        racers[i] = (struct racer){.place = place};
        assert_int_equal(store_open(&place->trial.cx, &options, &racers[i].store), OK);
    }
    for (int i = 0; i < 2; i++) {
        assert_int_equal(pthread_create(&threads[i], NULL, race, &racers[i]), 0);
    }
    for (int i = 0; i < 2; i++) {
        assert_int_equal(pthread_join(threads[i], NULL), 0);
        assert_int_equal(racers[i].status, OK);
        store_close(racers[i].store);
    }
    struct rows rows = place_ask(place, SQL("SELECT count(*) FROM schema_migration"), NO_ARGS);
    assert_int_equal(row_int(&rows, 0, 0), 3);
}

#define bare_case(name) cmocka_unit_test_setup_teardown(name, bare_setup, place_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        bare_case(test_scripts_run_in_order_and_once),
        bare_case(test_words_of_one_engine_are_read_by_both),
        bare_case(test_nothing_to_do_is_fine),
        bare_case(test_changed_text_is_refused),
        bare_case(test_newer_database_is_refused),
        bare_case(test_inserted_migration_is_refused),
        bare_case(test_failing_script_leaves_nothing_of_itself),
        bare_case(test_two_programs_migrate_at_once),
    };
    return test_on_both_engines(tests);
}

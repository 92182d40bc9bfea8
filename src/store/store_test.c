/* Statements, reads and closures: the same claims on both engines. */
#include <semaphore.h>

#include "store/test_store.h"

/* --- values --- */

static void test_values_round_trip(void **state)
{
    struct place *place = *state;
    static const char BYTES[] = {0, 1, '\'', '\\', 'x', (char)0xff, 0};
    static const char RARE[] = "𠮷野家\U0002B740 '\"\\ 诉";
    struct thing things[] = {{1, RARE}, {2, ""}, {3, NULL}, {INT64_MAX, "most"}, {INT64_MIN, "?1"}};
    for (size_t i = 0; i < sizeof things / sizeof things[0]; i++) {
        assert_int_equal(place_insert(place, things[i].id, things[i].label), OK);
    }
    struct rows rows = place_ask(
        place,
        SQL("SELECT id, label, ?1, ?2, ?3, bytes FROM thing WHERE id IN (1, 2, 3) ORDER BY id"),
        ARGS(SQL_B(BYTES, sizeof BYTES), SQL_B(NULL, 0), SQL_S(((Str){NULL, 0}))));
    assert_int_equal(rows.count, 3);
    assert_int_equal(rows.columns, 6);
    assert_string_equal(row_str(&rows, 0, 1).p, RARE);
    assert_false(row_is_null(&rows, 1, 1));
    assert_int_equal(row_str(&rows, 1, 1).n, 0);
    assert_true(row_is_null(&rows, 2, 1));
    assert_string_equal(row_str(&rows, 2, 1).p, "");
    assert_int_equal(row_str(&rows, 0, 2).n, sizeof BYTES);
    assert_memory_equal(row_str(&rows, 0, 2).p, BYTES, sizeof BYTES);
    assert_false(row_is_null(&rows, 0, 3));
    assert_int_equal(row_str(&rows, 0, 3).n, 0);
    assert_false(row_is_null(&rows, 0, 4));
    assert_true(row_is_null(&rows, 0, 5));
    assert_int_equal(row_int(&rows, 0, 5), 0);
    rows = place_ask(place, SQL("SELECT id FROM thing WHERE id = ?1 OR id = ?2 ORDER BY id"),
                     ARGS(SQL_I(INT64_MAX), SQL_I(INT64_MIN)));
    assert_int_equal(rows.count, 2);
    assert_true(row_int(&rows, 0, 0) == INT64_MIN && row_int(&rows, 1, 0) == INT64_MAX);
}

static void test_expressions_have_one_type_on_both(void **state)
{
    struct place *place = *state;
    assert_int_equal(place_insert(place, 1, "Abc"), OK);
    assert_int_equal(place_insert(place, INT64_C(5000000000), "abd"), OK);
    struct rows rows = place_ask(
        place,
        SQL("SELECT count(*), sum(id), sum(amount), max(id) > ?1, ?1 + 1,"
            " EXISTS (SELECT 1 FROM thing WHERE label LIKE 'ab%'),"
            " (SELECT count(*) FROM thing WHERE label LIKE ?2), coalesce(max(label), '-'),"
            " CASE WHEN ?3 = 1 THEN 'one' ELSE 'other' END, sum(id) - sum(id) FROM thing"),
        ARGS(SQL_I(INT64_C(4999999999)), SQL_C("Ab%"), SQL_I(1)));
    assert_int_equal(row_int(&rows, 0, 0), 2);
    assert_true(row_int(&rows, 0, 1) == INT64_C(5000000001));
    assert_int_equal(row_int(&rows, 0, 2), 0);
    assert_int_equal(row_int(&rows, 0, 3), 1);
    assert_true(row_int(&rows, 0, 4) == INT64_C(5000000000));
    assert_int_equal(row_int(&rows, 0, 5), 1);
    assert_int_equal(row_int(&rows, 0, 6), 1); /* LIKE tells cases apart */
    assert_string_equal(row_str(&rows, 0, 7).p, "abd");
    assert_string_equal(row_str(&rows, 0, 8).p, "one");
    assert_int_equal(row_int(&rows, 0, 9), 0);
}

static enum status insert_null_then_values(struct cx *cx, struct sql *sql, void *arg)
{
    (void)arg;
    const char *statement =
        SQL("INSERT INTO thing (id, label, bytes, amount) VALUES (?1, ?2, ?3, coalesce(?4, 7))");
    TRY(sql_exec(cx, sql, statement, ARGS(SQL_I(1), SQL_N, SQL_N, SQL_N)));
    TRY(sql_exec(cx, sql, statement, ARGS(SQL_I(2), SQL_C("b"), SQL_N, SQL_I(INT64_C(1) << 40))));
    TRY(sql_exec(cx, sql, statement, ARGS(SQL_I(3), SQL_N, SQL_B("\0x", 2), SQL_N)));
    return sql_exec(cx, sql, statement, ARGS(SQL_I(4), SQL_C("d"), SQL_B("y", 1), SQL_I(9)));
}

static void test_parameter_may_be_null_first_and_a_value_later(void **state)
{
    struct place *place = *state;
    assert_int_equal(store_write(&place->trial.cx, place->store, WRITE_INTERACTIVE,
                                 insert_null_then_values, NULL),
                     OK);
    struct rows rows =
        place_ask(place, SQL("SELECT label, bytes, amount FROM thing ORDER BY id"), NO_ARGS);
    assert_int_equal(rows.count, 4);
    assert_true(row_is_null(&rows, 0, 0) && row_is_null(&rows, 0, 1));
    assert_int_equal(row_int(&rows, 0, 2), 7);
    assert_true(row_int(&rows, 1, 2) == INT64_C(1) << 40);
    assert_int_equal(row_str(&rows, 2, 1).n, 2);
    assert_string_equal(row_str(&rows, 3, 0).p, "d");
}

static enum status insert_nul(struct cx *cx, struct sql *sql, void *arg)
{
    (void)arg;
    return sql_exec(cx, sql, SQL("INSERT INTO thing (id, label) VALUES (1, ?1)"),
                    ARGS(SQL_S(((Str){"a\0b", 3}))));
}

static void test_nul_in_text_is_refused(void **state)
{
    struct place *place = *state;
    assert_int_equal(
        store_write(&place->trial.cx, place->store, WRITE_INTERACTIVE, insert_nul, NULL), E_BUG);
    assert_int_equal(place_count(place), 0);
}

/* --- statements --- */

struct looking {
    struct rows first;
    struct rows second;
    struct rows third;
    int64_t changed;
};

static enum status look_later(struct cx *cx, struct sql *sql, void *arg)
{
    struct looking *looking = arg;
    TRY(sql_exec(cx, sql, SQL("INSERT INTO thing (id, label) VALUES (1, 'a'), (2, 'b')"), NO_ARGS));
    TRY(sql_later(cx, sql, SQL("SELECT label FROM thing WHERE id = ?1"), ARGS(SQL_I(1)),
                  &looking->first));
    TRY(sql_exec(cx, sql, SQL("UPDATE thing SET label = 'c' WHERE id = 1"), NO_ARGS));
    TRY(sql_later(cx, sql, SQL("SELECT label FROM thing WHERE id = ?1"), ARGS(SQL_I(1)),
                  &looking->second));
    TRY(sql_flush(cx, sql));
    TRY(sql_query(cx, sql, SQL("INSERT INTO thing (id) VALUES (3), (4) RETURNING id"), NO_ARGS,
                  &looking->third));
    TRY(sql_exec(cx, sql, SQL("UPDATE thing SET amount = 5 WHERE id > ?1"), ARGS(SQL_I(1))));
    return sql_changed(cx, sql, &looking->changed);
}

static void test_later_rows_are_there_after_the_flush_in_order(void **state)
{
    struct place *place = *state;
    struct looking looking = {0};
    assert_int_equal(
        store_write(&place->trial.cx, place->store, WRITE_INTERACTIVE, look_later, &looking), OK);
    assert_string_equal(row_str(&looking.first, 0, 0).p, "a");
    assert_string_equal(row_str(&looking.second, 0, 0).p, "c");
    assert_int_equal(looking.third.count, 2);
    assert_int_equal(row_int(&looking.third, 1, 0), 4);
    assert_int_equal(looking.changed, 3);
}

static void test_duplicate_is_a_state(void **state)
{
    struct place *place = *state;
    assert_int_equal(place_insert(place, 7, "first"), OK);
    assert_int_equal(place_insert(place, 7, "second"), E_STATE);
    assert_string_equal(place->trial.cx.failure.code, "store-duplicate");
    struct rows rows = place_ask(place, SQL("SELECT label FROM thing"), NO_ARGS);
    assert_string_equal(row_str(&rows, 0, 0).p, "first");
}

static enum status insert_null_amount(struct cx *cx, struct sql *sql, void *arg)
{
    (void)arg;
    return sql_exec(cx, sql, SQL("INSERT INTO thing (id, amount) VALUES (1, NULL)"), NO_ARGS);
}

static void test_other_constraint_is_our_store_failure(void **state)
{
    struct place *place = *state;
    assert_int_equal(
        store_write(&place->trial.cx, place->store, WRITE_INTERACTIVE, insert_null_amount, NULL),
        E_STORE);
    assert_string_equal(place->trial.cx.failure.code, "store-failed");
}

/* The first statement fails; on PostgreSQL that is not known before the flush. */
static enum status duplicate_then_more(struct cx *cx, struct sql *sql, void *arg)
{
    (void)cx;
    (void)arg;
    struct arena *arena = arena_open(1 << 20);
    struct cx own;
    cx_init(&own, arena);
    (void)sql_exec(&own, sql, SQL("INSERT INTO thing (id) VALUES (50)"), NO_ARGS);
    (void)sql_exec(&own, sql, SQL("INSERT INTO thing (id) VALUES (1)"), NO_ARGS);
    (void)sql_exec(&own, sql, SQL("INSERT INTO thing (id) VALUES (51)"), NO_ARGS);
    arena_close(arena);
    return OK; /* swallows whatever happened */
}

static void test_swallowed_failure_still_fails_the_closure(void **state)
{
    struct place *place = *state;
    assert_int_equal(place_insert(place, 1, "there"), OK);
    assert_int_not_equal(
        store_write(&place->trial.cx, place->store, WRITE_INTERACTIVE, duplicate_then_more, NULL),
        OK);
    assert_int_equal(place_count(place), 1);
    assert_int_equal(place_insert(place, 2, "the writer lives"), OK);
}

static enum status duplicate_pipelined(struct cx *cx, struct sql *sql, void *arg)
{
    bool *flushes = arg;
    TRY(sql_exec(cx, sql, SQL("INSERT INTO thing (id) VALUES (60)"), NO_ARGS));
    TRY(sql_exec(cx, sql, SQL("INSERT INTO thing (id) VALUES (1)"), NO_ARGS));
    TRY(sql_exec(cx, sql, SQL("INSERT INTO thing (id) VALUES (61)"), NO_ARGS));
    return *flushes ? sql_flush(cx, sql) : OK;
}

static void test_pipelined_failure_surfaces(void **state)
{
    struct place *place = *state;
    assert_int_equal(place_insert(place, 1, "there"), OK);
    for (int i = 0; i < 2; i++) {
        bool flushes = i == 1;
        cx_forgive(&place->trial.cx);
        assert_int_equal(store_write(&place->trial.cx, place->store, WRITE_INTERACTIVE,
                                     duplicate_pipelined, &flushes),
                         E_STATE);
        assert_string_equal(place->trial.cx.failure.code, "store-duplicate");
        assert_int_equal(place_count(place), 1);
    }
}

static enum status syntax_error(struct cx *cx, struct sql *sql, void *arg)
{
    struct rows rows;
    (void)arg;
    return sql_query(cx, sql, SQL("SELECT FROM WHERE"), NO_ARGS, &rows);
}

static void test_bad_statement_fails_alone(void **state)
{
    struct place *place = *state;
    struct cx *cx = &place->trial.cx;
    assert_int_equal(store_write(cx, place->store, WRITE_INTERACTIVE, syntax_error, NULL), E_STORE);
    cx_forgive(cx);
    assert_int_equal(store_read(cx, place->store, syntax_error, NULL), E_STORE);
    assert_int_equal(place_insert(place, 1, "x"), OK);
    assert_int_equal(place_count(place), 1);
}

static enum status many_texts(struct cx *cx, struct sql *sql, void *arg)
{
    (void)arg;
    for (int i = 0; i < 1100; i++) {
        struct rows rows;
        const char *text = arena_printf(cx->arena, "SELECT id + %d FROM thing", i);
        TRY(sql_query(cx, sql, text, NO_ARGS, &rows));
        check(row_int(&rows, 0, 0) == i + 1);
    }
    return OK;
}

static void test_statement_cache_turns_over(void **state)
{
    struct place *place = *state;
    assert_int_equal(place_insert(place, 1, "x"), OK);
    assert_int_equal(store_read(&place->trial.cx, place->store, many_texts, NULL), OK);
    assert_int_equal(store_read(&place->trial.cx, place->store, many_texts, NULL), OK);
}

/* One buffer, two texts: the address alone must not choose the statement. */
static enum status same_address(struct cx *cx, struct sql *sql, void *arg)
{
    char text[64];
    (void)arg;
    for (int i = 1; i <= 2; i++) {
        struct rows rows;
        (void)snprintf(text, sizeof text, "SELECT CAST(%d AS BIGINT)", i);
        TRY(sql_query(cx, sql, text, NO_ARGS, &rows));
        check(row_int(&rows, 0, 0) == i);
    }
    return OK;
}

static void test_address_used_again_gives_its_own_statement(void **state)
{
    struct place *place = *state;
    assert_int_equal(store_read(&place->trial.cx, place->store, same_address, NULL), OK);
}

/* --- reads --- */

static enum status write_in_read(struct cx *cx, struct sql *sql, void *arg)
{
    (void)arg;
    TRY(sql_exec(cx, sql, SQL("INSERT INTO thing (id) VALUES (1)"), NO_ARGS));
    return sql_flush(cx, sql);
}

static void test_read_cannot_write(void **state)
{
    struct place *place = *state;
    assert_int_equal(store_read(&place->trial.cx, place->store, write_in_read, NULL), E_STORE);
    assert_int_equal(place_count(place), 0);
}

struct snapshot {
    struct place *place;
    int64_t before;
    int64_t after;
};

static enum status read_twice(struct cx *cx, struct sql *sql, void *arg)
{
    struct snapshot *snapshot = arg;
    struct rows rows;
    TRY(sql_query(cx, sql, SQL("SELECT count(*) FROM thing"), NO_ARGS, &rows));
    snapshot->before = row_int(&rows, 0, 0);
    struct trial other;
    trial_begin(&other);
    struct thing thing = {9, "meanwhile"};
    check(store_write(&other.cx, snapshot->place->store, WRITE_INTERACTIVE, thing_insert, &thing) ==
          OK);
    trial_end(&other);
    TRY(sql_query(cx, sql, SQL("SELECT count(*) FROM thing"), NO_ARGS, &rows));
    snapshot->after = row_int(&rows, 0, 0);
    return OK;
}

static void test_read_sees_one_snapshot(void **state)
{
    struct place *place = *state;
    struct snapshot snapshot = {.place = place};
    assert_int_equal(store_read(&place->trial.cx, place->store, read_twice, &snapshot), OK);
    assert_int_equal(snapshot.before, 0);
    assert_int_equal(snapshot.after, 0);
    assert_int_equal(place_count(place), 1);
}

static void *insert_elsewhere(void *arg)
{
    struct place *place = arg;
    struct trial own;
    trial_begin(&own);
    struct thing thing = {9, "meanwhile"};
    check(store_write(&own.cx, place->store, WRITE_INTERACTIVE, thing_insert, &thing) == OK);
    trial_end(&own);
    return NULL;
}

static void test_held_reads_share_a_snapshot_until_the_thread_writes(void **state)
{
    struct place *place = *state;
    struct cx *cx = &place->trial.cx;
    pthread_t other;
    store_hold(place->store);
    assert_int_equal(place_count(place), 0);
    assert_int_equal(pthread_create(&other, NULL, insert_elsewhere, place), 0);
    assert_int_equal(pthread_join(other, NULL), 0);
    assert_int_equal(place_count(place), 0); /* the same instant */
    assert_int_equal(place_insert(place, 10, "own"), OK);
    assert_int_equal(place_count(place), 2);
    struct place_query wrong = {SQL("SELECT nothing FROM nowhere"), NO_ARGS, {0}};
    assert_int_equal(store_read(cx, place->store, ask_run, &wrong), E_STORE);
    cx_forgive(cx);
    assert_int_equal(place_count(place), 2); /* a failed read is no end of reading */
    store_release(cx, place->store);
    store_release(cx, place->store);
    assert_int_equal(place_count(place), 2);
}

static void test_rows_past_the_ceiling_are_refused(void **state)
{
    struct place *place = *state;
    struct arena *small = arena_open(256 * 1024);
    struct cx cx;
    cx_init(&cx, small);
    struct place_query ask = {SQL("WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n"
                                  " WHERE i < 20000) SELECT i, 'some text' FROM n"),
                              NO_ARGS,
                              {0}};
    assert_int_equal(store_read(&cx, place->store, ask_run, &ask), E_TOO_LARGE);
    arena_close(small);
    assert_int_equal(place_count(place), 0);
}

struct reading {
    struct place *place;
    int failures;
};

static void *read_many(void *arg)
{
    struct reading *reading = arg;
    struct trial own;
    trial_begin(&own);
    for (int i = 0; i < 50; i++) {
        struct place_query ask = {SQL("SELECT count(*) FROM thing"), NO_ARGS, {0}};
        if (store_read(&own.cx, reading->place->store, ask_run, &ask) != OK ||
            row_int(&ask.rows, 0, 0) != 1) {
            reading->failures++;
        }
    }
    trial_end(&own);
    return NULL;
}

static void test_more_threads_than_readers_wait_their_turn(void **state)
{
    struct place *place = *state;
    assert_int_equal(place_insert(place, 1, "x"), OK);
    place_close(place);
    place->options.readers = 2;
    place_open(place);
    pthread_t threads[12];
    struct reading readings[12];
    for (int i = 0; i < 12; i++) {
        readings[i] = (struct reading){.place = place};
        assert_int_equal(pthread_create(&threads[i], NULL, read_many, &readings[i]), 0);
    }
    for (int i = 0; i < 12; i++) {
        assert_int_equal(pthread_join(threads[i], NULL), 0);
        assert_int_equal(readings[i].failures, 0);
    }
}

static enum status read_nothing(struct cx *cx, struct sql *sql, void *arg)
{
    (void)cx;
    (void)sql;
    (void)arg;
    return OK;
}

static void test_reader_comes_back_from_a_request_past_its_ceiling(void **state)
{
    struct place *place = *state;
    place_close(place);
    place->options.readers = 1;
    place_open(place);
    struct cx cx;
    cx_init(&cx, arena_open(64 * 1024));
    (void)arena_alloc(cx.arena, 100 * 1024);
    assert_true(arena_is_over(cx.arena));
    for (int i = 0; i < 3; i++) {
        (void)store_read(&cx, place->store, read_nothing, NULL);
        cx_forgive(&cx);
    }
    arena_close(cx.arena);
    assert_int_equal(store_read(&place->trial.cx, place->store, read_nothing, NULL), OK);
}

static enum status read_and_fill(struct cx *cx, struct sql *sql, void *arg)
{
    struct rows rows;
    (void)arg;
    TRY(sql_query(cx, sql, SQL("SELECT count(*) FROM thing"), NO_ARGS, &rows));
    (void)arena_alloc(cx->arena, 100 * 1024);
    return OK;
}

/* Its transaction ends all the same: the next reader sees what was written since. */
static void test_reader_comes_back_from_a_closure_that_fills_its_arena(void **state)
{
    struct place *place = *state;
    place_close(place);
    place->options.readers = 1;
    place_open(place);
    for (int i = 0; i < 3; i++) {
        struct cx cx;
        cx_init(&cx, arena_open(64 * 1024));
        (void)store_read(&cx, place->store, read_and_fill, NULL);
        arena_close(cx.arena);
        assert_int_equal(place_insert(place, i, "since"), OK);
        assert_int_equal(place_count(place), i + 1);
    }
}

/* --- life --- */

/* A flipped bit may turn a whole number into a fraction or text: told, not taken and no reason to
 * die. PostgreSQL's columns hold nothing else. */
static void test_a_row_that_cannot_be_is_refused(void **state)
{
    struct place *place = *state;
    static const char *const odd[] = {SQL("UPDATE thing SET amount = 0.5"),
                                      SQL("UPDATE thing SET amount = 'much'"),
                                      SQL("UPDATE thing SET amount = x'00'")};
    if (!store_is_sqlite(place->store)) {
        return;
    }
    struct cx *cx = &place->trial.cx;
    assert_int_equal(place_insert(place, 1, "one"), OK);
    for (size_t i = 0; i < sizeof odd / sizeof odd[0]; i++) {
        struct place_query change = {odd[i], NO_ARGS, {0}};
        struct place_query ask = {SQL("SELECT amount FROM thing"), NO_ARGS, {0}};
        assert_int_equal(store_write(cx, place->store, WRITE_INTERACTIVE, ask_run, &change), OK);
        assert_int_equal(store_read(cx, place->store, ask_run, &ask), E_STORE);
        assert_non_null(strstr(cx->failure.detail.p, "cannot be"));
        cx_forgive(cx);
    }
    assert_int_equal(place_count(place), 1); /* and the next statement is none the worse */
}

static void test_second_program_is_refused(void **state)
{
    struct place *place = *state;
    struct store *second = NULL;
    struct cx *cx = &place->trial.cx;
    assert_int_equal(store_open(cx, &place->options, &second), E_STORE);
    assert_string_equal(cx->failure.code, "store-locked");
    assert_null(second);
    place_close(place);
    cx_forgive(cx);
    assert_int_equal(store_open(cx, &place->options, &second), OK);
    store_close(second);
}

static void test_bad_urls_are_refused(void **state)
{
    struct place *place = *state;
    const char *urls[] = {"",       "sqlite:",
                          "mysql:", "sqlite:/nowhere/at/all.db",
                          "/x.db",  "postgresql://127.0.0.1:1/none?connect_timeout=1"};
    for (size_t i = 0; i < sizeof urls / sizeof urls[0]; i++) {
        struct store *store = NULL;
        struct store_options options = {.url = urls[i]};
        cx_forgive(&place->trial.cx);
        assert_int_not_equal(store_open(&place->trial.cx, &options, &store), OK);
        assert_null(store);
    }
}

static void test_store_names_itself(void **state)
{
    struct place *place = *state;
    place_close(place);
    place->options.home = 65535;
    place_open(place);
    assert_int_equal(store_home(place->store), 65535);
    assert_int_equal(store_is_sqlite(place->store), strncmp(place->url, "sqlite:", 7) == 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        test_case(test_values_round_trip),
        test_case(test_expressions_have_one_type_on_both),
        test_case(test_parameter_may_be_null_first_and_a_value_later),
        test_case(test_nul_in_text_is_refused),
        test_case(test_later_rows_are_there_after_the_flush_in_order),
        test_case(test_duplicate_is_a_state),
        test_case(test_other_constraint_is_our_store_failure),
        test_case(test_swallowed_failure_still_fails_the_closure),
        test_case(test_pipelined_failure_surfaces),
        test_case(test_bad_statement_fails_alone),
        test_case(test_statement_cache_turns_over),
        test_case(test_address_used_again_gives_its_own_statement),
        test_case(test_read_cannot_write),
        test_case(test_read_sees_one_snapshot),
        test_case(test_held_reads_share_a_snapshot_until_the_thread_writes),
        test_case(test_rows_past_the_ceiling_are_refused),
        test_case(test_more_threads_than_readers_wait_their_turn),
        test_case(test_reader_comes_back_from_a_request_past_its_ceiling),
        test_case(test_reader_comes_back_from_a_closure_that_fills_its_arena),
        test_case(test_a_row_that_cannot_be_is_refused),
        test_case(test_second_program_is_refused),
        test_case(test_bad_urls_are_refused),
        test_case(test_store_names_itself),
    };
    return test_on_both_engines(tests);
}

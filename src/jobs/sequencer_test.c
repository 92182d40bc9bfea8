/* Claims about the log: numbers dense, proofs that hold, checkpoints in time, rollbacks survived.
 */
#include "jobs/log.h"
#include "jobs/test_house.h"

static struct home h;

static int set_up(void **state)
{
    (void)state;
    home_open(&h);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    home_close(&h);
    return 0;
}

static struct value *receipt_of(Id id, int64_t event)
{
    struct value *receipt = NULL;
    home_must(&h, receipt_make(&h.trial.cx, &h.house, id, event, &receipt));
    return receipt;
}

static Str verdict_of(const struct value *receipt)
{
    return value_get_str(receipt_verify(h.trial.arena, receipt, NULL), "verdict");
}

static void rounds(void)
{
    home_must(&h, sequencer_round(&h.trial.cx, h.sequencer, &h.house));
}

/* The stored nodes are those of a tree over the leaves in order, no more and no fewer. */
static void log_is_whole(void)
{
    struct rows leaves = home_rows(&h, SQL("SELECT idx, hash FROM leaf ORDER BY idx"), NO_ARGS);
    struct rows newest = home_rows(
        &h, SQL("SELECT size, root FROM log_checkpoint ORDER BY size DESC LIMIT 1"), NO_ARGS);
    struct frontier frontier;
    int64_t nodes = 0;
    frontier_init(&frontier);
    for (uint32_t i = 0; i < leaves.count; i++) {
        Hash hash;
        assert_int_equal(row_int(&leaves, i, 0), i);
        assert_false(row_is_null(&leaves, i, 0));
        memcpy(hash.b, row_str(&leaves, i, 1).p, HASH_BYTES);
        frontier_add(&frontier, hash, NULL, NULL);
    }
    for (uint64_t span = 2; span <= leaves.count; span *= 2) {
        nodes += (int64_t)(leaves.count / span);
    }
    assert_int_equal(home_count(&h, SQL("SELECT count(*) FROM log_node")), nodes);
    assert_int_equal(row_int(&newest, 0, 0), leaves.count);
    assert_memory_equal(row_str(&newest, 0, 1).p, frontier_root(&frontier).b, HASH_BYTES);
}

static void an_act_is_promised_at_once_and_proved_after_a_round(void **state)
{
    (void)state;
    Id id = home_filed(&h);
    struct value *early = receipt_of(id, 1);
    assert_string_equal(verdict_of(early).p, "promised");
    assert_true(value_is_null(value_get(early, "index")));
    assert_string_equal(value_get_str(value_get(early, "promise"), "at").p,
                        instant_format(h.trial.arena, home_matter(&h, id)->updated).p);
    rounds();
    struct value *late = receipt_of(id, 1);
    assert_string_equal(verdict_of(late).p, "proved");
    assert_int_equal(value_get_int(late, "index"), 0);
}

static void every_leaf_of_a_growing_log_is_proved(void **state)
{
    (void)state;
    Id ids[11];
    for (int i = 0; i < 11; i++) {
        ids[i] = home_filed(&h);
        if (i % 3 == 0) {
            rounds();
        }
    }
    home_act(&h, &HOME_REVIEWER, ids[4], "close"); /* two leaves in one act */
    rounds();
    log_is_whole();
    for (int i = 0; i < 11; i++) {
        assert_string_equal(verdict_of(receipt_of(ids[i], 1)).p, "proved");
    }
    assert_string_equal(verdict_of(receipt_of(ids[4], 2)).p, "proved");
}

/* What is left when a COMMIT fails: the hook has run, memory has moved on, the rows have not. */
static enum status leaf_then_fail(struct cx *cx, struct sql *sql, void *arg)
{
    const Id *id = arg;
    TRY(sql_exec(cx, sql,
                 SQL("INSERT INTO leaf (matter, n, seq, hash, idx) VALUES (?1, 9, 9, ?2, NULL)"),
                 ARGS(SQL_I(*id), SQL_B(hash_str(STR("lost")).b, HASH_BYTES))));
    TRY(sequencer_before_commit(cx, sql, h.sequencer));
    return FAIL(cx, E_STATE, "state", "on purpose");
}

static void a_frontier_left_by_a_rolled_back_batch_is_not_believed(void **state)
{
    (void)state;
    struct cx *cx = &h.trial.cx;
    Id id = home_filed(&h);
    rounds();
    assert_int_equal(store_write(cx, h.store, WRITE_INTERACTIVE, leaf_then_fail, &id), E_STATE);
    cx_forgive(cx);
    for (int i = 0; i < 4; i++) {
        (void)home_filed(&h);
    }
    rounds();
    log_is_whole();
}

static void a_checkpoint_of_the_empty_log_is_signed(void **state)
{
    (void)state;
    struct value *view = NULL;
    struct cx *cx = &h.trial.cx;
    assert_int_equal(log_checkpoint_view(cx, &h.house, &view), E_NOT_FOUND);
    cx_forgive(cx);
    rounds();
    home_must(&h, log_checkpoint_view(cx, &h.house, &view));
    assert_int_equal(value_get_int(view, "size"), 0);
    assert_string_equal(value_get_str(view, "root").p, hash_hex(cx->arena, hash_of("", 0)).p);
    struct checkpoint read;
    assert_true(checkpoint_parse(cx->arena, value_get_str(view, "text"), &read));
    assert_true(keys_verify(h.keys, value_get_str(view, "text"), value_get_str(view, "key_id").p,
                            value_get_str(view, "signature")));
}

static void a_proof_is_found_by_hash_and_by_number_and_names_no_matter(void **state)
{
    (void)state;
    struct cx *cx = &h.trial.cx;
    Id id = home_filed(&h);
    (void)home_filed(&h);
    rounds();
    struct value *receipt = receipt_of(id, 1);
    struct value *by_hash = NULL;
    struct value *by_number = NULL;
    home_must(&h, log_proof_view(cx, &h.house, value_get_str(receipt, "leaf"), &by_hash));
    home_must(&h, log_proof_view(cx, &h.house, STR("0"), &by_number));
    assert_true(value_same(by_hash, by_number));
    assert_int_equal(value_get_int(by_hash, "tree_size"), 2);
    assert_true(value_same(value_get(by_hash, "path"), value_get(receipt, "path")));
    assert_null(strstr(json_write(cx->arena, by_hash).p, arena_printf(cx->arena, "%" PRId64, id)));
}

static void what_is_no_leaf_is_refused(void **state)
{
    (void)state;
    struct cx *cx = &h.trial.cx;
    struct value *view = NULL;
    const char *bad[] = {"",    "x",
                         "-1",  "zz",
                         "00x", "zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_int_equal(log_proof_view(cx, &h.house, str_of(bad[i]), &view), E_INPUT);
        cx_forgive(cx);
    }
    assert_int_equal(log_proof_view(cx, &h.house, STR("99"), &view), E_NOT_FOUND);
    cx_forgive(cx);
    assert_int_equal(log_proof_view(cx, &h.house, hash_hex(cx->arena, hash_of("", 0)), &view),
                     E_NOT_FOUND);
    cx_forgive(cx);
    assert_int_equal(receipt_make(cx, &h.house, 99, 1, &view), E_NOT_FOUND);
}

static void the_thread_proves_an_act_within_two_seconds(void **state)
{
    (void)state;
    home_must(&h, sequencer_start(&h.trial.cx, h.sequencer, &h.house));
    (void)home_filed(&h);
    (void)usleep(300000); /* so that a checkpoint was signed just now */
    Id id = home_filed(&h);
    int64_t from = clock_monotonic_us();
    while (!str_is(verdict_of(receipt_of(id, 1)), "proved")) {
        assert_true(clock_monotonic_us() - from < 2000000);
        (void)usleep(20000);
    }
    struct sequencer_figures figures;
    (void)usleep(250000);
    sequencer_figures(h.sequencer, &figures);
    assert_int_equal(figures.size, 2);
    assert_int_equal(figures.checkpointed, 2);
    assert_int_equal(figures.lag_ms, 0);
}

static void checkpoints_come_at_most_once_a_second_and_once_at_the_end(void **state)
{
    (void)state;
    home_must(&h, sequencer_start(&h.trial.cx, h.sequencer, &h.house));
    int64_t from = clock_monotonic_us();
    uint32_t filed = 0;
    for (; clock_monotonic_us() - from < 1500000; filed++) {
        struct arena_mark mark = arena_mark(h.trial.arena);
        (void)home_filed(&h);
        arena_rewind(h.trial.arena, mark);
    }
    sequencer_stop(h.sequencer);
    int64_t took_ms = (clock_monotonic_us() - from) / 1000;
    assert_true(home_count(&h, SQL("SELECT count(*) FROM log_checkpoint")) <= took_ms / 1000 + 3);
    assert_int_equal(home_count(&h, SQL("SELECT max(size) FROM log_checkpoint")), filed);
    log_is_whole();
}

/* PostgreSQL: two programs on one database number together. On SQLite the second is a restart. */
static void two_sequencers_on_one_database_make_one_log(void **state)
{
    (void)state;
    struct sequencer *other = sequencer_new(h.long_arena);
    for (int i = 0; i < 6; i++) {
        (void)home_filed(&h);
        home_must(&h, sequencer_round(&h.trial.cx, i % 2 == 0 ? h.sequencer : other, &h.house));
        (void)home_filed(&h);
        (void)home_filed(&h);
    }
    rounds();
    log_is_whole();
}

#define claim(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        claim(an_act_is_promised_at_once_and_proved_after_a_round),
        claim(every_leaf_of_a_growing_log_is_proved),
        claim(a_frontier_left_by_a_rolled_back_batch_is_not_believed),
        claim(a_checkpoint_of_the_empty_log_is_signed),
        claim(a_proof_is_found_by_hash_and_by_number_and_names_no_matter),
        claim(what_is_no_leaf_is_refused),
        claim(the_thread_proves_an_act_within_two_seconds),
        claim(checkpoints_come_at_most_once_a_second_and_once_at_the_end),
        claim(two_sequencers_on_one_database_make_one_log),
    };
    return home_tests_run(tests);
}

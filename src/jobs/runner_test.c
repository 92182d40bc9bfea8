/* Claims about jobs: papers printed once and alike, messages repeated and given up, leases, deaths.
 * The test is its own helper. */
#include <pthread.h>
#include <stdatomic.h>

#include "jobs/jobs.h"
#include "jobs/test_house.h"
#include "record/code.h"
#include "render/helper.h"

static struct home h;
static struct runner *runner;

/* --- a messenger of the test's own --- */

static struct {
    enum status answer;
    unsigned count;
    char id[32], to[32], text[200];
} sent;

static enum status test_send(struct cx *cx, const struct messenger *messenger,
                             const struct message *message)
{
    (void)messenger;
    sent.count += 1;
    (void)snprintf(sent.id, sizeof sent.id, "%s", message->id.p);
    (void)snprintf(sent.to, sizeof sent.to, "%s", message->to.p);
    (void)snprintf(sent.text, sizeof sent.text, "%s", message->text.p);
    return sent.answer == OK ? OK : FAIL(cx, sent.answer, "busy", "as told");
}

static const struct messenger test_messenger = {.send = test_send};
static atomic_uint odd_count;

static enum status odd_run(struct cx *cx, void *arg, Id job, const struct value *payload)
{
    (void)arg;
    (void)job;
    atomic_fetch_add(&odd_count, 1);
    return value_get_bool(payload, "bad") ? FAIL(cx, E_BUG, "bug", "as told") : OK;
}

static const struct job_kind odd_kind = {.name = "odd", .run = odd_run};

static void runner_make(void)
{
    struct runner_options options = {.house = &h.house,
                                     .blobs = h.blobs,
                                     .share = h.share,
                                     .messenger = &test_messenger,
                                     .kinds = &odd_kind,
                                     .kind_count = 1};
    home_must(&h, runner_open(&h.trial.cx, &options, &runner));
}

static int set_up(void **state)
{
    (void)state;
    home_open(&h);
    memset(&sent, 0, sizeof sent);
    odd_count = 0;
    runner_make();
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    runner_close(runner);
    home_close(&h);
    return 0;
}

static uint32_t run(void)
{
    uint32_t done = 0;
    home_must(&h, runner_run(&h.trial.cx, runner, &done));
    return done;
}

static int64_t jobs_left(void)
{
    return home_count(&h, SQL("SELECT count(*) FROM job"));
}

static void job_add(const char *kind, const char *payload)
{
    Id id = 0;
    home_must(&h, sequence_next(&h.trial.cx, h.sequence, &id));
    home_do(&h,
            SQL("INSERT INTO job (id, kind, payload, due, attempts, lease, state, last_error) "
                "VALUES (?1, ?2, ?3, 0, 0, 0, 'waiting', '')"),
            ARGS(SQL_I(id), SQL_C(kind), SQL_C(payload)));
}

static void all_due_now(void)
{
    home_do(&h, SQL("UPDATE job SET due = 0"), NO_ARGS);
}

/* --- papers --- */

__attribute__((unused)) static void a_paper_is_printed_by_its_job(void **state)
{
    (void)state;
    Id id = home_filed(&h);
    assert_int_equal(run(), 1);
    assert_int_equal(jobs_left(), 0);
    const Hash sm3 = home_matter(&h, id)->papers[0].sm3;
    char head[5] = "";
    size_t got = 0;
    assert_false(hash_is_zero(sm3));
    home_must(&h, blob_read(&h.trial.cx, h.blobs, sm3.b, 0, head, 4, &got));
    assert_string_equal(head, "%PDF");
    int64_t size = 0;
    home_must(&h, blob_size(&h.trial.cx, h.blobs, sm3.b, &size));
    assert_int_equal(home_matter(&h, id)->papers[0].size, size);
}

__attribute__((unused)) static void a_quick_reader_gets_the_same_bytes_as_the_job_makes(
    void **state)
{
    (void)state;
    Id id = home_filed(&h);
    Hash first;
    Hash again;
    int64_t size = 0;
    home_must(&h, paper_print_now(&h.trial.cx, runner, id, 1, &first, &size));
    home_do(&h, SQL("UPDATE paper SET sm3 = NULL, size = 0"), NO_ARGS);
    assert_int_equal(run(), 1);
    again = home_matter(&h, id)->papers[0].sm3;
    assert_true(hash_same(first, again));
    home_must(&h, paper_print_now(&h.trial.cx, runner, id, 1, &again, &size));
    assert_true(hash_same(first, again));
}

static void a_paper_that_is_not_there_is_not_found(void **state)
{
    (void)state;
    Hash sm3;
    int64_t size = 0;
    Id id = home_filed(&h);
    assert_int_equal(paper_print_now(&h.trial.cx, runner, id, 2, &sm3, &size), E_NOT_FOUND);
}

__attribute__((unused)) static void a_paper_that_lacks_a_value_is_parked_after_three_tries(
    void **state)
{
    (void)state;
    struct cx *cx = &h.trial.cx;
    Id id = home_filed(&h);
    struct rows wrapped = home_rows(&h, SQL("SELECT wrapped_key FROM matter"), NO_ARGS);
    struct matter m = {.id = id, .wrapped_key = row_str(&wrapped, 0, 0)};
    Str sealed = {"", 0};
    home_must(&h, paper_inputs_seal(cx, &h.house, &m, NULL, value_map(cx->arena), &sealed));
    home_do(&h, SQL("UPDATE paper SET inputs = ?1"), ARGS(SQL_S(sealed)));
    for (int i = 0; i < 5; i++) {
        (void)run();
        all_due_now();
    }
    struct rows rows = home_rows(&h, SQL("SELECT state, attempts, last_error FROM job"), NO_ARGS);
    assert_string_equal(row_str(&rows, 0, 0).p, "parked");
    assert_int_equal(row_int(&rows, 0, 1), 3);
    assert_true(str_starts(row_str(&rows, 0, 2), "paper-value-missing"));
    struct runner_figures figures;
    home_must(&h, runner_figures(&h.trial.cx, runner, &figures));
    assert_int_equal(figures.parked, 1);
    assert_int_equal(figures.waiting, 0);
}

/* --- messages --- */

static enum status script_apply(struct cx *cx, struct sql *sql, void *arg)
{
    return script_run(cx, sql, arg);
}

static Id person_with_phone(const char *phone)
{
    struct cx *cx = &h.trial.cx;
    struct script *script = script_new(cx->arena);
    Str none = STR("");
    struct person person = {.kind = STR("person"),
                            .login = STR("citizen-1"),
                            .password = none,
                            .name = STR("林晓舟"),
                            .identity_type = none,
                            .identity_sealed = none,
                            .phone_sealed = none,
                            .email = none,
                            .licence = none,
                            .firm = none,
                            .organisation = none,
                            .organisation_code = none,
                            .verified = none,
                            .created = 1};
    home_must(&h, sequence_next(cx, h.sequence, &person.id));
    home_must(&h, person_key_make(cx, h.keys, &person));
    home_must(&h, person_phone_set(cx, h.keys, &person, str_of(phone)));
    person_write_new(script, cx->arena, &person);
    Id job = 0;
    home_must(&h, sequence_next(cx, h.sequence, &job));
    home_must(&h, message_write(cx, h.keys, script, job, &person, STR("验证码123456"), 1));
    home_must(&h, store_write(cx, h.store, WRITE_INTERACTIVE, script_apply, script));
    return job;
}

static void a_message_goes_to_the_persons_phone_under_its_jobs_id(void **state)
{
    (void)state;
    Id job = person_with_phone("13800138000");
    assert_int_equal(run(), 1);
    assert_int_equal(sent.count, 1);
    assert_string_equal(sent.to, "13800138000");
    assert_string_equal(sent.text, "验证码123456");
    assert_string_equal(sent.id, arena_printf(h.trial.arena, "%" PRId64, job));
    assert_int_equal(jobs_left(), 0);
}

static void a_gateway_that_does_not_answer_is_tried_for_an_hour(void **state)
{
    (void)state;
    (void)person_with_phone("13800138000");
    sent.answer = E_BUSY;
    for (int i = 0; i < 6; i++) {
        (void)run();
        all_due_now();
    }
    assert_int_equal(sent.count, 6);
    assert_int_equal(home_count(&h, SQL("SELECT max(attempts) FROM job")), 0);
    struct rows rows = home_rows(&h, SQL("SELECT payload FROM job"), NO_ARGS);
    struct value *payload = NULL;
    home_must(&h, json_read(&h.trial.cx, row_str(&rows, 0, 0), &payload));
    assert_true(value_get_int(payload, "since") > 0);
    value_set_int(h.trial.arena, payload, "since", clock_machine() - 2 * HOUR_MS);
    home_do(&h, SQL("UPDATE job SET payload = ?1"),
            ARGS(SQL_S(json_write(h.trial.arena, payload))));
    (void)run();
    assert_int_equal(home_count(&h, SQL("SELECT count(*) FROM job WHERE state = 'parked'")), 1);
}

static void a_message_to_nobody_is_dropped(void **state)
{
    (void)state;
    job_add("message", "{\"person\":\"99\",\"text\":\"s1:x\"}");
    assert_int_equal(run(), 1);
    assert_int_equal(sent.count, 0);
    assert_int_equal(jobs_left(), 0);
}

/* --- claims and deaths --- */

static void kinds_of_others_are_run_and_unknown_ones_parked(void **state)
{
    (void)state;
    job_add("odd", "{}");
    job_add("nobody", "{}");
    for (int i = 0; i < 4; i++) {
        (void)run();
        all_due_now();
    }
    assert_int_equal(odd_count, 1);
    assert_int_equal(home_count(&h, SQL("SELECT count(*) FROM job WHERE state = 'parked' AND "
                                        "kind = 'nobody'")),
                     1);
}

static void an_unreadable_payload_is_parked(void **state)
{
    (void)state;
    job_add("paper", "{");
    for (int i = 0; i < 4; i++) {
        (void)run();
        all_due_now();
    }
    assert_int_equal(home_count(&h, SQL("SELECT count(*) FROM job WHERE state = 'parked'")), 1);
}

static void a_failed_job_waits_before_it_is_tried_again(void **state)
{
    (void)state;
    job_add("odd", "{\"bad\":true}");
    assert_int_equal(run(), 1);
    assert_int_equal(run(), 0);
    assert_int_equal(odd_count, 1);
    assert_true(home_count(&h, SQL("SELECT due FROM job")) > clock_machine());
}

static void a_leased_job_is_left_alone_until_the_lease_is_over(void **state)
{
    (void)state;
    job_add("odd", "{}");
    home_do(&h, SQL("UPDATE job SET lease = ?1, attempts = 1"),
            ARGS(SQL_I(clock_machine() + 60000)));
    assert_int_equal(run(), 0);
    home_do(&h, SQL("UPDATE job SET lease = ?1"), ARGS(SQL_I(clock_machine() - 1)));
    assert_int_equal(run(), 1);
    assert_int_equal(odd_count, 1);
}

static void a_job_that_died_three_times_is_not_run_again(void **state)
{
    (void)state;
    job_add("odd", "{}");
    home_do(&h, SQL("UPDATE job SET attempts = 3"), NO_ARGS);
    assert_int_equal(run(), 1);
    assert_int_equal(odd_count, 0);
    assert_int_equal(home_count(&h, SQL("SELECT count(*) FROM job WHERE state = 'parked'")), 1);
}

static void a_restart_voids_leases_on_sqlite_only(void **state)
{
    (void)state;
    job_add("odd", "{}");
    home_do(&h, SQL("UPDATE job SET lease = ?1, attempts = 1"),
            ARGS(SQL_I(clock_machine() + 60000)));
    runner_close(runner);
    runner_make();
    assert_int_equal(run(), store_is_sqlite(h.store) ? 1 : 0);
}

/* Papers are only counted here: helpers are measured beside their pool. */
static void threads_do_all_jobs_once_and_stop(void **state)
{
    (void)state;
    static const struct job_kind paper_kind = {.name = "paper", .run = odd_run};
    struct jobs *jobs = NULL;
    struct jobs_figures figures;
    struct jobs_options options = {.house = &h.house,
                                   .sequencer = h.sequencer,
                                   .blobs = h.blobs,
                                   .share = h.share,
                                   .messenger = &test_messenger,
                                   .kinds = &paper_kind,
                                   .kind_count = 1};
    home_must(&h, jobs_start(&h.trial.cx, &options, &jobs));
    for (int i = 0; i < 12; i++) {
        (void)home_filed(&h);
        jobs_wake(jobs);
    }
    int64_t from = clock_monotonic_us();
    while (jobs_left() > 0) {
        assert_true(clock_monotonic_us() - from < 30000000);
        (void)usleep(20000);
    }
    home_must(&h, jobs_clock_advance(&h.trial.cx, jobs, 8 * DAY_MS));
    home_must(&h, jobs_ready(&h.trial.cx, jobs, &figures));
    assert_int_equal(odd_count, 12);
    assert_int_equal(figures.clocks_fired, 24); /* a reminder and a breach each */
    assert_int_equal(figures.jobs_parked, 0);
    assert_int_equal(figures.clocks_due, 0);
    jobs_stop(jobs);
    assert_int_equal(home_count(&h, SQL("SELECT max(size) FROM log_checkpoint")), 24);
}

#define claim(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(int argc, char **argv)
{
    if (argc > 1 && strcmp(argv[1], "helper") == 0) {
        return helper_serve(HELPER_FD);
    }
    const struct CMUnitTest tests[] = {
#ifndef __SANITIZE_THREAD__ /* it needs more memory than a helper may have */
        claim(a_paper_is_printed_by_its_job),
        claim(a_quick_reader_gets_the_same_bytes_as_the_job_makes),
        claim(a_paper_that_lacks_a_value_is_parked_after_three_tries),
#endif
        claim(a_paper_that_is_not_there_is_not_found),
        claim(a_message_goes_to_the_persons_phone_under_its_jobs_id),
        claim(a_gateway_that_does_not_answer_is_tried_for_an_hour),
        claim(a_message_to_nobody_is_dropped),
        claim(kinds_of_others_are_run_and_unknown_ones_parked),
        claim(an_unreadable_payload_is_parked),
        claim(a_failed_job_waits_before_it_is_tried_again),
        claim(a_leased_job_is_left_alone_until_the_lease_is_over),
        claim(a_job_that_died_three_times_is_not_run_again),
        claim(a_restart_voids_leases_on_sqlite_only),
        claim(threads_do_all_jobs_once_and_stop),
    };
    return home_tests_run(tests);
}

#include <pthread.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "jobs/scan_job.h"
#include "jobs/test_house.h"

/* A draft with one file that waits for the scanner, and a scanner that says one thing. */
struct trial_scan {
    struct home home;
    struct scan_world world;
    struct scan *scan;
    Id matter;
    int64_t n;
    int listener;
    pthread_t thread;
    const char *answer;
    int told;
};

static void told(void *arg)
{
    int *count = arg;
    *count += 1;
}

static void trial_scan_begin(struct trial_scan *t)
{
    memset(t, 0, sizeof *t);
    home_open(&t->home);
    t->matter = home_draft(&t->home);
    t->n = home_attach(&t->home, t->matter, "今借到人民币五万元整");
    home_do(&t->home, SQL("UPDATE material SET status = 'checking' WHERE n = ?1"),
            ARGS(SQL_I(t->n)));
    t->world = (struct scan_world){
        .house = &t->home.house, .blobs = t->home.blobs, .told = told, .told_arg = &t->told};
}

static void *scanner_run(void *arg)
{
    const struct trial_scan *t = arg;
    char bytes[4096];
    size_t zeros = 0;
    int fd = accept(t->listener, NULL, NULL);
    check(fd >= 0);
    while (zeros < 4) { /* the stream ends with a length of four zero bytes; the text has none */
        ssize_t got = recv(fd, bytes, sizeof bytes, 0);
        check(got > 0);
        for (ssize_t i = 0; i < got; i++) {
            zeros = bytes[i] == '\0' ? zeros + 1 : 0;
        }
    }
    check(send(fd, t->answer, strlen(t->answer) + 1, MSG_NOSIGNAL) > 0);
    (void)close(fd);
    return NULL;
}

static void scanner_begin(struct trial_scan *t, const char *answer)
{
    struct sockaddr_un at = {.sun_family = AF_UNIX};
    struct cx *cx = &t->home.trial.cx;
    (void)snprintf(at.sun_path, sizeof at.sun_path, "%s/scan", t->home.directory);
    t->answer = answer;
    t->listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(t->listener, (const struct sockaddr *)&at, sizeof at), 0);
    assert_int_equal(listen(t->listener, 1), 0);
    assert_int_equal(pthread_create(&t->thread, NULL, scanner_run, t), 0);
    home_must(&t->home,
              scan_open(cx, cx->arena, arena_printf(cx->arena, "unix:%s", at.sun_path), &t->scan));
    t->world.scan = t->scan;
}

static void scanner_end(const struct trial_scan *t)
{
    assert_int_equal(pthread_join(t->thread, NULL), 0);
    (void)close(t->listener);
}

static enum status run(struct trial_scan *t)
{
    struct cx *cx = &t->home.trial.cx;
    struct value *payload = value_map(cx->arena);
    value_set_int(cx->arena, payload, "matter", t->matter);
    value_set_int(cx->arena, payload, "n", t->n);
    cx_forgive(cx);
    return scan_job(cx, &t->world, 1, payload);
}

static void expect_status(struct trial_scan *t, const char *status)
{
    const struct matter *m = home_matter(&t->home, t->matter);
    assert_string_equal(m->materials[0].status.p, status);
}

static void a_clean_file_is_ready(void **state)
{
    struct trial_scan t;
    (void)state;
    trial_scan_begin(&t);
    scanner_begin(&t, "stream: OK");
    home_must(&t.home, run(&t));
    scanner_end(&t);
    expect_status(&t, "ready");
    assert_int_equal(t.told, 0);
    assert_int_equal(home_count(&t.home, SQL("SELECT count(*) FROM notice")), 0);
    home_close(&t.home);
}

static void an_infected_file_is_refused_and_its_sender_told(void **state)
{
    struct trial_scan t;
    (void)state;
    trial_scan_begin(&t);
    scanner_begin(&t, "stream: Eicar-Test-Signature FOUND");
    home_must(&t.home, run(&t));
    scanner_end(&t);
    expect_status(&t, "refused");
    assert_int_equal(t.told, 1);
    struct rows rows = home_rows(&t.home, SQL("SELECT viewer, kind, matter FROM notice"), NO_ARGS);
    assert_int_equal(rows.count, 1);
    assert_string_equal(row_str(&rows, 0, 0).p, "p:11");
    assert_string_equal(row_str(&rows, 0, 1).p, "file-infected");
    assert_int_equal(row_int(&rows, 0, 2), t.matter);
    home_must(&t.home, run(&t)); /* again: nothing is left to do, no scanner is asked */
    assert_int_equal(t.told, 1);
    home_close(&t.home);
}

static void a_file_past_the_limit_of_the_scanner_is_unscanned(void **state)
{
    struct trial_scan t;
    (void)state;
    trial_scan_begin(&t);
    scanner_begin(&t, "INSTREAM size limit exceeded. ERROR");
    home_must(&t.home, run(&t));
    scanner_end(&t);
    expect_status(&t, "unscanned");
    home_close(&t.home);
}

static void without_a_scanner_the_file_waits_no_longer(void **state)
{
    struct trial_scan t;
    (void)state;
    trial_scan_begin(&t);
    home_must(&t.home, run(&t));
    expect_status(&t, "unscanned");
    home_close(&t.home);
}

static void a_scanner_that_is_away_is_asked_again_later(void **state)
{
    struct trial_scan t;
    struct cx *cx = NULL;
    (void)state;
    trial_scan_begin(&t);
    cx = &t.home.trial.cx;
    home_must(&t.home, scan_open(cx, cx->arena, "unix:/nonexistent/clamd", &t.scan));
    t.world.scan = t.scan;
    assert_int_equal(run(&t), E_BUSY);
    expect_status(&t, "checking");
    home_close(&t.home);
}

static void a_file_that_was_taken_back_is_no_fault(void **state)
{
    struct trial_scan t;
    (void)state;
    trial_scan_begin(&t);
    t.n = 99;
    home_must(&t.home, run(&t));
    expect_status(&t, "checking");
    home_close(&t.home);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_clean_file_is_ready),
        cmocka_unit_test(an_infected_file_is_refused_and_its_sender_told),
        cmocka_unit_test(a_file_past_the_limit_of_the_scanner_is_unscanned),
        cmocka_unit_test(without_a_scanner_the_file_waits_no_longer),
        cmocka_unit_test(a_scanner_that_is_away_is_asked_again_later),
        cmocka_unit_test(a_file_that_was_taken_back_is_no_fault),
    };
    return home_tests_run(tests);
}

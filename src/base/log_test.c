#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "base/test.h"
#include "base/value.h"

enum { LINES = 4000, ROOM = 1024 * 1024 };

/* Standard error as a pipe that nobody reads until drained(). */
struct pipe_log {
    int read_end, kept;
    char *text;
    size_t n;
};

static void pipe_begin(struct pipe_log *log)
{
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(fcntl(ends[0], F_SETFL, O_NONBLOCK), 0);
    log->kept = dup(STDERR_FILENO);
    assert_true(log->kept >= 0 && dup2(ends[1], STDERR_FILENO) == STDERR_FILENO);
    (void)close(ends[1]);
    log->read_end = ends[0];
    log->text = calloc(1, ROOM);
    assert_non_null(log->text);
    log->n = 0;
}

static void drain(struct pipe_log *log)
{
    ssize_t got = 0;
    while ((got = read(log->read_end, log->text + log->n, ROOM - 1 - log->n)) > 0) {
        log->n += (size_t)got;
    }
}

static void pipe_end(struct pipe_log *log)
{
    (void)dup2(log->kept, STDERR_FILENO);
    (void)close(log->kept);
    (void)close(log->read_end);
}

static int count(const char *text, const char *word)
{
    int n = 0;
    for (const char *at = strstr(text, word); at != NULL; at = strstr(at + 1, word)) {
        n++;
    }
    return n;
}

static void test_a_log_that_nobody_reads_holds_up_nobody(void **state)
{
    struct pipe_log log;
    int64_t said = 0;
    (void)state;
    pipe_begin(&log);
    (void)alarm(60); /* a write that waits would wait for ever */
    for (int i = 0; i < LINES; i++) {
        log_request("GET", "/healthz", 200, 17, i);
    }
    log_flush();
    drain(&log);
    int before = count(log.text, "\"event\":\"request\"");
    log_text(LOG_INFO, "after", "read again");
    drain(&log);
    (void)alarm(0);
    pipe_end(&log);
    assert_true(before > 0 && before < LINES);
    const char *told = strstr(log.text, "\"event\":\"log-lost\",\"lines\":");
    assert_non_null(told);
    assert_int_equal(sscanf(told, "\"event\":\"log-lost\",\"lines\":%ld", &said), 1);
    assert_int_equal(before + said, LINES);
    const char *after = strstr(log.text, "\"event\":\"after\"");
    assert_true(after != NULL && after > told);
    free(log.text);
}

static void test_a_torn_line_spoils_no_other(void **state)
{
    struct pipe_log log;
    struct trial trial;
    (void)state;
    trial_begin(&trial);
    struct value *fields = value_map(trial.arena);
    char *long_text = arena_alloc(trial.arena, 60001);
    memset(long_text, 'x', 60000);
    long_text[60000] = '\0';
    value_set_text(trial.arena, fields, "detail", long_text);
    pipe_begin(&log);
    (void)alarm(60);
    log_line(LOG_INFO, "first", fields); /* nearly what the pipe holds */
    log_line(LOG_INFO, "second", fields);
    drain(&log);
    log_text(LOG_INFO, "third", "short");
    drain(&log);
    (void)alarm(0);
    pipe_end(&log);
    char *rest = NULL;
    const char *whole[8] = {0};
    int torn = 0;
    int n = 0;
    for (char *line = strtok_r(log.text, "\n", &rest); line != NULL;
         line = strtok_r(NULL, "\n", &rest)) {
        if (line[0] == '{' && line[strlen(line) - 1] == '}') {
            assert_in_range(n, 0, 7);
            whole[n++] = line;
        } else {
            torn++;
        }
    }
    assert_int_equal(torn, 1);
    assert_int_equal(n, 3);
    assert_non_null(strstr(whole[0], "\"event\":\"first\""));
    assert_non_null(strstr(whole[1], "\"event\":\"log-lost\",\"lines\":1}"));
    assert_non_null(strstr(whole[2], "\"event\":\"third\""));
    free(log.text);
    trial_end(&trial);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_log_that_nobody_reads_holds_up_nobody),
        cmocka_unit_test(test_a_torn_line_spoils_no_other),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

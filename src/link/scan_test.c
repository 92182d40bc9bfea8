#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/check.h"
#include "base/test.h"
#include "link/scan.h"

/* A daemon for one connection: takes a command and its stream, answers what it was told to. */
struct daemon {
    struct trial trial;
    char directory[64];
    char where[128];
    int listener;
    pthread_t thread;
    const char *answer; /* NULL: hangs up */
    bool early;         /* answers before it has read the stream */
    size_t received;
    unsigned long sum;
};

static bool read_all(int fd, void *out, size_t size)
{
    char *to = out;
    while (size > 0) {
        ssize_t got = recv(fd, to, size, 0);
        if (got <= 0) {
            return false;
        }
        to += got;
        size -= (size_t)got;
    }
    return true;
}

static void stream_read(struct daemon *daemon, int fd)
{
    static unsigned char bytes[1 << 20];
    unsigned char head[4];
    while (read_all(fd, head, sizeof head)) {
        size_t size =
            (size_t)head[0] << 24 | (size_t)head[1] << 16 | (size_t)head[2] << 8 | head[3];
        check(size <= sizeof bytes);
        if (size == 0 || !read_all(fd, bytes, size)) {
            return;
        }
        for (size_t i = 0; i < size; i++) {
            daemon->sum += bytes[i];
        }
        daemon->received += size;
    }
}

static void *daemon_run(void *arg)
{
    struct daemon *daemon = arg;
    char command[16] = "";
    int fd = accept(daemon->listener, NULL, NULL);
    check(fd >= 0 && read_all(fd, command, 2));
    for (size_t i = 2; command[i - 1] != '\0' && i < sizeof command; i++) {
        check(read_all(fd, command + i, 1));
    }
    if (strcmp(command, "zINSTREAM") == 0 && !daemon->early) {
        stream_read(daemon, fd);
    }
    if (daemon->answer != NULL) {
        check(send(fd, daemon->answer, strlen(daemon->answer) + 1, MSG_NOSIGNAL) > 0);
    }
    if (daemon->early) {
        stream_read(daemon, fd);
    }
    (void)close(fd);
    return NULL;
}

static struct scan *daemon_start(struct daemon *daemon, const char *answer)
{
    struct sockaddr_un at = {.sun_family = AF_UNIX};
    struct scan *scan = NULL;
    trial_begin(&daemon->trial);
    daemon->answer = answer;
    trial_directory(daemon->directory, sizeof daemon->directory, "scan");
    (void)snprintf(at.sun_path, sizeof at.sun_path, "%s/s", daemon->directory);
    (void)snprintf(daemon->where, sizeof daemon->where, "unix:%s/s", daemon->directory);
    daemon->listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(daemon->listener, (const struct sockaddr *)&at, sizeof at), 0);
    assert_int_equal(listen(daemon->listener, 1), 0);
    assert_int_equal(pthread_create(&daemon->thread, NULL, daemon_run, daemon), 0);
    assert_int_equal(scan_open(&daemon->trial.cx, daemon->trial.arena, daemon->where, &scan), OK);
    return scan;
}

static void daemon_end(struct daemon *daemon)
{
    assert_int_equal(pthread_join(daemon->thread, NULL), 0);
    (void)close(daemon->listener);
    (void)unlink(daemon->where + strlen("unix:"));
    (void)rmdir(daemon->directory);
    trial_end(&daemon->trial);
}

/* Bytes 0, 1, 2 … up to a size. */
static enum status counting(struct cx *cx, void *arg, int64_t offset, void *bytes, size_t room,
                            size_t *got)
{
    const int64_t *size = arg;
    int64_t left = *size - offset;
    (void)cx;
    *got = left < (int64_t)room ? (size_t)left : room;
    for (size_t i = 0; i < *got; i++) {
        ((unsigned char *)bytes)[i] = (unsigned char)(offset + (int64_t)i);
    }
    return OK;
}

static enum status scan_bytes(struct daemon *daemon, const struct scan *scan, int64_t size,
                              enum scan_verdict *verdict, Str *name)
{
    struct scan_source source = {counting, &size};
    return scan_file(&daemon->trial.cx, scan, &source, verdict, name);
}

static void a_clean_file_is_clean_and_was_sent_whole(void **state)
{
    struct daemon daemon = {.early = false};
    enum scan_verdict verdict = SCAN_INFECTED;
    Str name = {"", 0};
    (void)state;
    const struct scan *scan = daemon_start(&daemon, "stream: OK");
    assert_int_equal(scan_bytes(&daemon, scan, 1000000, &verdict, &name), OK);
    assert_int_equal(verdict, SCAN_CLEAN);
    daemon_end(&daemon);
    unsigned long sum = 0;
    for (unsigned long i = 0; i < 1000000; i++) {
        sum += i & 255;
    }
    assert_int_equal(daemon.received, 1000000);
    assert_int_equal(daemon.sum, sum);
}

static void an_infected_file_is_told_with_its_name(void **state)
{
    struct daemon daemon = {.early = false};
    enum scan_verdict verdict = SCAN_CLEAN;
    Str name = {"", 0};
    (void)state;
    const struct scan *scan = daemon_start(&daemon, "stream: Win.Test.EICAR_HDB-1 FOUND");
    assert_int_equal(scan_bytes(&daemon, scan, 68, &verdict, &name), OK);
    assert_int_equal(verdict, SCAN_INFECTED);
    assert_string_equal(name.p, "Win.Test.EICAR_HDB-1");
    daemon_end(&daemon);
}

static void a_limit_of_the_scanner_is_no_verdict(void **state)
{
    struct daemon daemon = {.early = true};
    enum scan_verdict verdict = SCAN_CLEAN;
    Str name = {"", 0};
    (void)state;
    const struct scan *scan = daemon_start(&daemon, "INSTREAM size limit exceeded. ERROR");
    assert_int_equal(scan_bytes(&daemon, scan, 3000000, &verdict, &name), OK);
    assert_int_equal(verdict, SCAN_TOO_LARGE);
    daemon_end(&daemon);
}

static void expect_unknown(const char *answer)
{
    struct daemon daemon = {.early = false};
    enum scan_verdict verdict = SCAN_CLEAN;
    Str name = {"", 0};
    const struct scan *scan = daemon_start(&daemon, answer);
    assert_int_equal(scan_bytes(&daemon, scan, 10, &verdict, &name), E_BUSY);
    assert_string_equal(daemon.trial.cx.failure.code, "scan-unreachable");
    daemon_end(&daemon);
}

static void anything_else_is_a_failure(void **state)
{
    (void)state;
    expect_unknown(NULL);
    expect_unknown("");
    expect_unknown("stream: OK but");
    expect_unknown("stream: lstat() failed: No such file or directory. ERROR");
    expect_unknown("OK");
}

static void a_scanner_that_is_away_is_a_failure(void **state)
{
    struct trial trial;
    struct scan *scan = NULL;
    enum scan_verdict verdict = SCAN_CLEAN;
    int64_t size = 1;
    struct scan_source source = {counting, &size};
    Str name = {"", 0};
    (void)state;
    trial_begin(&trial);
    assert_int_equal(scan_open(&trial.cx, trial.arena, "unix:/nonexistent/clamd", &scan), OK);
    assert_int_equal(scan_file(&trial.cx, scan, &source, &verdict, &name), E_BUSY);
    cx_forgive(&trial.cx);
    assert_int_equal(scan_ping(&trial.cx, scan), E_BUSY);
    trial_end(&trial);
}

static void a_scanner_answers_to_ping(void **state)
{
    struct daemon daemon = {.early = false};
    (void)state;
    const struct scan *scan = daemon_start(&daemon, "PONG");
    assert_int_equal(scan_ping(&daemon.trial.cx, scan), OK);
    daemon_end(&daemon);
}

static void what_is_no_address_is_refused(void **state)
{
    static const char *const bad[] = {"",      "unix:",  ":3310",  "host",
                                      "host:", "host:0", "host:x", "host:99999"};
    struct trial trial;
    struct scan *scan = NULL;
    (void)state;
    trial_begin(&trial);
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_int_equal(scan_open(&trial.cx, trial.arena, bad[i], &scan), E_READ);
        assert_null(scan);
        cx_forgive(&trial.cx);
    }
    assert_int_equal(scan_open(&trial.cx, trial.arena, "127.0.0.1:3310", &scan), OK);
    trial_end(&trial);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_clean_file_is_clean_and_was_sent_whole),
        cmocka_unit_test(an_infected_file_is_told_with_its_name),
        cmocka_unit_test(a_limit_of_the_scanner_is_no_verdict),
        cmocka_unit_test(anything_else_is_a_failure),
        cmocka_unit_test(a_scanner_that_is_away_is_a_failure),
        cmocka_unit_test(a_scanner_answers_to_ping),
        cmocka_unit_test(what_is_no_address_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

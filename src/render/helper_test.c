/* Claims about helpers: what they print and refuse, what happens when they die, and what rights
 * they have left. The test is its own helper. */
#include <dirent.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/json.h"
#include "base/test.h"
#include "render/helper.h"

static const char definition[] = "paper: x\ntitle: 文\nby: court\nneeds:\n"
                                 "  - {name: issued-at, type: datetime}\n"
                                 "  - {name: name, type: text}\n"
                                 "  - {name: sign, type: image, optional: true}\n"
                                 "body:\n  - {title: 标题}\n  - {text: \"{name}\"}\n"
                                 "  - {image: {of: sign, height: 10}, when: sign}\n";

static struct trial t;
static struct helper_pool *pool;

static void open_pool(struct helper_options options)
{
    trial_begin(&t);
    assert_int_equal(helper_pool_open(&t.cx, &options, &pool), OK);
}

static void close_pool(void)
{
    helper_pool_close(pool);
    trial_end(&t);
}

static struct value *inputs_with(struct arena *arena, Str name)
{
    struct value *inputs = value_map(arena);
    value_set_text(arena, inputs, "issued-at", "2026-03-02T10:20:00+08:00");
    value_set_str(arena, inputs, "name", name);
    return inputs;
}

static enum status print_with(struct cx *cx, Str name, struct paper_pdf *pdf)
{
    struct helper_paper job = {
        .name = "x", .definition = str_of(definition), .inputs = inputs_with(cx->arena, name)};
    return helper_print(pool, cx, &job, pdf);
}

static Str long_text(uint32_t characters)
{
    struct buf text;
    buf_init(&text, t.arena, (size_t)characters * 3 + 1);
    for (uint32_t i = 0; i < characters; i++) {
        char bytes[4];
        buf_add(&text, bytes, utf8_put(0x4e00 + i % 3000, bytes));
    }
    return buf_done(&text);
}

/* The parent of a process as /proc shows it; 0 when it is gone. */
static long parent_of(const char *pid)
{
    char path[300];
    char line[512] = "";
    (void)snprintf(path, sizeof path, "/proc/%s/stat", pid);
    FILE *stat = fopen(path, "r");
    if (stat == NULL) {
        return 0;
    }
    size_t n = fread(line, 1, sizeof line - 1, stat);
    (void)fclose(stat);
    const char *behind_name = n > 0 ? strrchr(line, ')') : NULL; /* ") S 123 …" */
    return behind_name == NULL ? 0 : strtol(behind_name + 4, NULL, 10);
}

/* Process numbers of our helpers. */
static size_t children(pid_t *out, size_t room)
{
    size_t count = 0;
    DIR *processes = opendir("/proc");
    assert_non_null(processes);
    struct dirent *entry = NULL;
    /* NOLINTNEXTLINE(concurrency-mt-unsafe): each call has its own stream */
    while (count < room && (entry = readdir(processes)) != NULL) {
        pid_t pid = (pid_t)strtol(entry->d_name, NULL, 10);
        if (pid > 0 && parent_of(entry->d_name) == getpid()) {
            out[count++] = pid;
        }
    }
    (void)closedir(processes);
    return count;
}

static void status_line(pid_t pid, const char *name, char out[128])
{
    char path[64];
    (void)snprintf(path, sizeof path, "/proc/%d/status", pid);
    FILE *status = fopen(path, "r");
    assert_non_null(status);
    do {
        assert_non_null(fgets(out, 128, status));
    } while (strncmp(out, name, strlen(name)) != 0);
    (void)fclose(status);
}

static void test_helper_prints_the_same_bytes_again(void **state)
{
    (void)state;
    struct paper_pdf first;
    struct paper_pdf second;
    open_pool((struct helper_options){.workers = 1, .jobs_max = 1});
    assert_int_equal(print_with(&t.cx, STR("王𠮷㼆"), &first), OK);
    assert_int_equal(print_with(&t.cx, STR("王𠮷㼆"), &second), OK);
    assert_int_equal(helper_pool_counts(pool).started, 2); /* another process */
    assert_true(str_same(first.bytes, second.bytes));
    assert_int_equal(first.pages, 1);
    close_pool();
}

static void test_failures_come_back_with_code_and_fields(void **state)
{
    (void)state;
    struct paper_pdf pdf;
    open_pool((struct helper_options){0});
    assert_int_equal(print_with(&t.cx, STR("  "), &pdf), E_INPUT);
    assert_string_equal(t.cx.failure.code, "paper-value-missing");
    assert_string_equal(value_get_str(value_item(t.cx.failure.errors, 0), "field").p, "name");

    cx_forgive(&t.cx);
    struct helper_paper job = {
        .name = "x", .definition = STR("paper: y\n"), .inputs = inputs_with(t.arena, STR("a"))};
    assert_int_equal(helper_print(pool, &t.cx, &job, &pdf), E_READ);
    assert_string_equal(t.cx.failure.code, "data-unreadable");
    assert_int_equal(helper_pool_counts(pool).faults, 0);
    assert_int_equal(helper_pool_counts(pool).started, 1);
    close_pool();
}

static void test_hostile_text_is_printed_or_refused(void **state)
{
    (void)state;
    struct paper_pdf pdf;
    open_pool((struct helper_options){.workers = 1, .timeout_ms = 60000});
    assert_int_equal(print_with(&t.cx, long_text(100000), &pdf), OK);
    assert_in_range(pdf.pages, 150, 200);
    assert_int_equal(print_with(&t.cx, STR("<span size='999999'>&#0;%s%n</span>"), &pdf), OK);
    assert_int_equal(print_with(&t.cx, STR("\x01\x1b[31m红\u202e逆\x07"), &pdf), OK);
    assert_int_equal(print_with(&t.cx, STR("\U0010fffd\U000e0041\u0301\u0301\u0301"), &pdf), OK);
    assert_int_equal(print_with(&t.cx, long_text(500000), &pdf), E_TOO_LARGE);
    assert_string_equal(t.cx.failure.code, "paper-too-long");
    cx_forgive(&t.cx);
    assert_int_equal(print_with(&t.cx, long_text(2000000), &pdf), E_TOO_LARGE);
    assert_int_equal(helper_pool_counts(pool).faults, 0);
    close_pool();
}

static void test_images_are_small_png_or_refused(void **state)
{
    (void)state;
    /* 1 by 1; and one that says it is 100,000 by 100,000 */
    static const char dot[] =
        "\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\1\0\0\0\1\x08\6\0\0\0\x1f\x15\xc4\x89"
        "\0\0\0\rIDAT\x78\x9c\x63\x10\x50\x30\xf8\x0f\0\2\4\1\x60\x8d\xbc\xbb\x71"
        "\0\0\0\0IEND\xae\x42\x60\x82";
    char bomb[sizeof dot];
    struct paper_pdf pdf;
    open_pool((struct helper_options){.workers = 1});
    struct value *inputs = inputs_with(t.arena, STR("a"));
    value_set_text(t.arena, inputs, "sign", "signature.png");
    struct paper_image image = {STR("sign"), {dot, sizeof dot - 1}};
    struct helper_paper job = {.name = "x",
                               .definition = str_of(definition),
                               .inputs = inputs,
                               .images = &image,
                               .image_count = 1};
    assert_int_equal(helper_print(pool, &t.cx, &job, &pdf), OK);

    memcpy(bomb, dot, sizeof dot);
    for (int at = 17; at < 24; at += 4) { /* 0x000186a0 is 100,000 */
        bomb[at] = 1;
        bomb[at + 1] = (char)0x86;
        bomb[at + 2] = (char)0xa0;
    }
    image.bytes = (Str){bomb, sizeof dot - 1};
    assert_int_equal(helper_print(pool, &t.cx, &job, &pdf), E_INPUT);
    assert_string_equal(t.cx.failure.code, "paper-image-unreadable");

    cx_forgive(&t.cx);
    image.bytes = (Str){dot, sizeof dot - 30}; /* cut off */
    assert_int_equal(helper_print(pool, &t.cx, &job, &pdf), E_INPUT);
    cx_forgive(&t.cx);
    job.image_count = 0;
    assert_int_equal(helper_print(pool, &t.cx, &job, &pdf), E_INPUT);
    assert_string_equal(t.cx.failure.code, "paper-image-missing");
    assert_int_equal(helper_pool_counts(pool).faults, 0);
    close_pool();
}

static void *kill_first_helper(void *arg)
{
    (void)arg;
    pid_t pids[8] = {0};
    for (int i = 0; i < 500; i++) {
        if (children(pids, 8) > 0) {
            (void)kill(pids[0], SIGKILL);
            return NULL;
        }
        (void)usleep(2000);
    }
    return NULL;
}

static void test_job_of_a_killed_helper_is_done_by_another(void **state)
{
    (void)state;
    struct paper_pdf pdf;
    pthread_t killer;
    open_pool((struct helper_options){.workers = 1, .timeout_ms = 60000});
    Str text = long_text(60000);
    assert_int_equal(pthread_create(&killer, NULL, kill_first_helper, NULL), 0);
    assert_int_equal(print_with(&t.cx, text, &pdf), OK);
    assert_int_equal(pthread_join(killer, NULL), 0);
    struct helper_counts counts = helper_pool_counts(pool);
    assert_int_equal(counts.faults, 1);
    assert_int_equal(counts.started, 2);
    assert_true(str_starts(pdf.bytes, "%PDF-"));
    close_pool();
}

static void test_helper_that_died_while_idle_is_replaced(void **state)
{
    (void)state;
    struct paper_pdf pdf;
    pid_t pids[8] = {0};
    open_pool((struct helper_options){.workers = 1});
    assert_int_equal(print_with(&t.cx, STR("a"), &pdf), OK);
    assert_int_equal(children(pids, 8), 1);
    assert_int_equal(kill(pids[0], SIGKILL), 0);
    assert_int_equal(print_with(&t.cx, STR("a"), &pdf), OK);
    assert_int_equal(helper_pool_counts(pool).started, 2);
    close_pool();
}

static void test_late_helper_is_ended_and_the_job_fails_after_two(void **state)
{
    (void)state;
    struct paper_pdf pdf;
    open_pool((struct helper_options){.workers = 1, .timeout_ms = 1});
    assert_int_equal(print_with(&t.cx, long_text(20000), &pdf), E_BUG);
    assert_string_equal(t.cx.failure.code, "helper-fault");
    assert_int_equal(helper_pool_counts(pool).faults, 2);
    assert_int_equal(helper_pool_counts(pool).running, 0);
    close_pool();
}

static void *print_long(void *text)
{
    struct arena *arena = arena_open((size_t)64 << 20);
    struct cx cx;
    struct paper_pdf pdf;
    cx_init(&cx, arena);
    bool is_printed = print_with(&cx, *(Str *)text, &pdf) == OK;
    arena_close(arena);
    return is_printed ? text : NULL;
}

static void test_busy_helpers_are_waited_for_only_so_long(void **state)
{
    (void)state;
    pthread_t other;
    void *printed = NULL;
    struct paper_pdf pdf;
    open_pool((struct helper_options){.workers = 1, .wait_ms = 20, .timeout_ms = 60000});
    Str text = STR("a");
    for (int i = 0; i < 100 && printed == NULL; i++) {
        printed = print_long(&text); /* a helper that is only starting is not ready in 20 ms */
    }
    assert_non_null(printed);
    text = long_text(100000);
    assert_int_equal(pthread_create(&other, NULL, print_long, &text), 0);
    while (helper_pool_counts(pool).busy == 0) {
        (void)usleep(1000);
    }
    assert_int_equal(print_with(&t.cx, STR("a"), &pdf), E_BUSY);
    assert_string_equal(t.cx.failure.code, "helpers-busy");
    assert_int_equal(pthread_join(other, &printed), 0);
    assert_non_null(printed);
    close_pool();
}

static void test_idle_helpers_are_ended(void **state)
{
    (void)state;
    struct paper_pdf pdf;
    pid_t pids[8] = {0};
    open_pool((struct helper_options){.idle_ms = 50});
    assert_int_equal(print_with(&t.cx, STR("a"), &pdf), OK);
    for (int i = 0; i < 500 && children(pids, 8) > 0; i++) {
        (void)usleep(10000);
    }
    assert_int_equal(children(pids, 8), 0);
    assert_int_equal(helper_pool_counts(pool).running, 0);
    assert_int_equal(print_with(&t.cx, STR("a"), &pdf), OK);
    close_pool();
}

static void test_helper_has_few_rights(void **state)
{
    (void)state;
    struct paper_pdf pdf;
    pid_t pids[8] = {0};
    char line[128];
    open_pool((struct helper_options){.workers = 1});
    assert_int_equal(print_with(&t.cx, STR("a"), &pdf), OK);
    assert_int_equal(children(pids, 8), 1);
    status_line(pids[0], "NoNewPrivs:", line);
    assert_non_null(strchr(line, '1'));
    if (geteuid() == 0) {
        status_line(pids[0], "Uid:", line);
        assert_null(strstr(line, "\t0"));
        assert_non_null(strstr(line, "65534"));
    }
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
    status_line(pids[0], "Seccomp:", line);
    assert_non_null(strchr(line, '2'));
    status_line(pids[0], "VmHWM:", line);
    long kilobytes = strtol(line + strcspn(line, "0123456789"), NULL, 10);
    print_message("helper after one job: %ld kB\n", kilobytes);
    assert_in_range(kilobytes, 1000, 160000);
#endif
    close_pool();
}

static void *print_many(void *arg)
{
    uint32_t *done = arg;
    struct arena *arena = arena_open((size_t)64 << 20);
    for (uint32_t i = 0; i < 8; i++) {
        struct cx cx;
        struct paper_pdf pdf;
        cx_init(&cx, arena);
        *done += print_with(&cx, STR("林晓舟"), &pdf) == OK && str_starts(pdf.bytes, "%PDF-");
    }
    arena_close(arena);
    return NULL;
}

static void test_pool_serves_many_threads(void **state)
{
    (void)state;
    pthread_t threads[4];
    uint32_t done[4] = {0};
    open_pool((struct helper_options){.jobs_max = 10});
    for (int i = 0; i < 4; i++) {
        assert_int_equal(pthread_create(&threads[i], NULL, print_many, &done[i]), 0);
    }
    for (int i = 0; i < 4; i++) {
        assert_int_equal(pthread_join(threads[i], NULL), 0);
        assert_int_equal(done[i], 8);
    }
    struct helper_counts counts = helper_pool_counts(pool);
    assert_int_equal(counts.jobs, 32);
    assert_int_equal(counts.faults, 0);
    assert_in_range(counts.started, 4, 6);
    close_pool();
}

#ifdef __SANITIZE_ADDRESS__
const char *__lsan_default_suppressions(void);

const char *__lsan_default_suppressions(void)
{
    return "leak:libfontconfig\nleak:libcairo.so\nleak:libpango";
}
#endif

int main(int count, char **arguments)
{
    if (count == 2 && strcmp(arguments[1], "helper") == 0) {
        return helper_serve(HELPER_FD);
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_helper_prints_the_same_bytes_again),
        cmocka_unit_test(test_failures_come_back_with_code_and_fields),
        cmocka_unit_test(test_hostile_text_is_printed_or_refused),
        cmocka_unit_test(test_images_are_small_png_or_refused),
        cmocka_unit_test(test_job_of_a_killed_helper_is_done_by_another),
        cmocka_unit_test(test_helper_that_died_while_idle_is_replaced),
        cmocka_unit_test(test_late_helper_is_ended_and_the_job_fails_after_two),
        cmocka_unit_test(test_busy_helpers_are_waited_for_only_so_long),
        cmocka_unit_test(test_idle_helpers_are_ended),
        cmocka_unit_test(test_helper_has_few_rights),
        cmocka_unit_test(test_pool_serves_many_threads),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

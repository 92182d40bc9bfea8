/* Blobs on disk: what is finished is there whole, what is not leaves nothing. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/test.h"
#include "seal/hash.h"
#include "store/blob.h"

struct shelf {
    struct trial trial;
    char directory[64];
    struct blobs *blobs;
};

static int shelf_setup(void **state)
{
    struct shelf *shelf = calloc(1, sizeof *shelf);
    assert_non_null(shelf);
    trial_begin(&shelf->trial);
    trial_directory(shelf->directory, sizeof shelf->directory, "blob");
    assert_int_equal(blobs_open(&shelf->trial.cx, shelf->directory, &shelf->blobs), OK);
    *state = shelf;
    return 0;
}

static int shelf_teardown(void **state)
{
    struct shelf *shelf = *state;
    char command[128];
    blobs_close(shelf->blobs);
    (void)snprintf(command, sizeof command, "rm -rf '%s'", shelf->directory);
    assert_int_equal(system(command), 0);
    trial_end(&shelf->trial);
    free(shelf);
    return 0;
}

static int files_in(const struct shelf *shelf, const char *where)
{
    char command[256];
    int count = -1;
    (void)snprintf(command, sizeof command, "find '%s/%s' -type f | wc -l", shelf->directory,
                   where);
    FILE *pipe = popen(command, "r");
    assert_non_null(pipe);
    assert_int_equal(fscanf(pipe, "%d", &count), 1);
    (void)pclose(pipe);
    return count;
}

static void test_what_was_put_is_read(void **state)
{
    struct shelf *shelf = *state;
    struct cx *cx = &shelf->trial.cx;
    unsigned char sm3[32];
    char bytes[64];
    size_t got = 0;
    int64_t size = 0;
    assert_int_equal(blob_put(cx, shelf->blobs, "起诉状\0!", 11, sm3), OK);
    Hash expected = hash_of("起诉状\0!", 11);
    assert_memory_equal(sm3, expected.b, 32);
    assert_int_equal(blob_read(cx, shelf->blobs, sm3, 0, bytes, sizeof bytes, &got), OK);
    assert_int_equal(got, 11);
    assert_memory_equal(bytes, "起诉状\0!", 11);
    assert_int_equal(blob_size(cx, shelf->blobs, sm3, &size), OK);
    assert_int_equal(size, 11);
}

static void test_ranges(void **state)
{
    struct shelf *shelf = *state;
    struct cx *cx = &shelf->trial.cx;
    unsigned char sm3[32];
    char bytes[8];
    size_t got = 99;
    assert_int_equal(blob_put(cx, shelf->blobs, "0123456789", 10, sm3), OK);
    assert_int_equal(blob_read(cx, shelf->blobs, sm3, 3, bytes, 4, &got), OK);
    assert_int_equal(got, 4);
    assert_memory_equal(bytes, "3456", 4);
    assert_int_equal(blob_read(cx, shelf->blobs, sm3, 8, bytes, 8, &got), OK);
    assert_int_equal(got, 2);
    assert_int_equal(blob_read(cx, shelf->blobs, sm3, 10, bytes, 8, &got), OK);
    assert_int_equal(got, 0);
    assert_int_equal(blob_read(cx, shelf->blobs, sm3, INT64_C(1) << 40, bytes, 8, &got), OK);
    assert_int_equal(got, 0);
}

static void test_stream_equals_whole(void **state)
{
    struct shelf *shelf = *state;
    struct cx *cx = &shelf->trial.cx;

    enum { PIECE = 10007, PIECES = 100 };

    char *bytes = arena_alloc(shelf->trial.arena, (size_t)PIECE * PIECES);
    for (size_t i = 0; i < (size_t)PIECE * PIECES; i++) {
        bytes[i] = (char)(i * 31 % 251);
    }
    struct blob_writer *writer = NULL;
    unsigned char sm3[32];
    int64_t size = 0;
    assert_int_equal(blob_begin(cx, shelf->blobs, &writer), OK);
    for (size_t i = 0; i < PIECES; i++) {
        assert_int_equal(blob_write(cx, writer, bytes + i * PIECE, PIECE), OK);
    }
    assert_int_equal(blob_finish(cx, writer, sm3, &size), OK);
    assert_int_equal(size, PIECE * PIECES);
    Hash expected = hash_of(bytes, (size_t)PIECE * PIECES);
    assert_memory_equal(sm3, expected.b, 32);
    int fd = blob_open_fd(shelf->blobs, sm3);
    assert_true(fd >= 0);
    assert_int_equal(lseek(fd, 0, SEEK_END), PIECE * PIECES);
    (void)close(fd);
}

static void test_empty_blob(void **state)
{
    struct shelf *shelf = *state;
    struct cx *cx = &shelf->trial.cx;
    unsigned char sm3[32];
    int64_t size = -1;
    assert_int_equal(blob_put(cx, shelf->blobs, "", 0, sm3), OK);
    assert_int_equal(blob_size(cx, shelf->blobs, sm3, &size), OK);
    assert_int_equal(size, 0);
}

static void test_same_bytes_are_one_blob(void **state)
{
    struct shelf *shelf = *state;
    struct cx *cx = &shelf->trial.cx;
    unsigned char first[32];
    unsigned char second[32];
    assert_int_equal(blob_put(cx, shelf->blobs, "same", 4, first), OK);
    assert_int_equal(blob_put(cx, shelf->blobs, "same", 4, second), OK);
    assert_memory_equal(first, second, 32);
    assert_int_equal(files_in(shelf, "."), 1);
}

static void test_missing_blob_is_not_found(void **state)
{
    struct shelf *shelf = *state;
    struct cx *cx = &shelf->trial.cx;
    unsigned char sm3[32] = {1, 2, 3};
    char bytes[8];
    size_t got = 1;
    int64_t size = 0;
    assert_int_equal(blob_read(cx, shelf->blobs, sm3, 0, bytes, 8, &got), E_NOT_FOUND);
    assert_string_equal(cx->failure.code, "blob-missing");
    assert_int_equal(got, 0);
    cx_forgive(cx);
    assert_int_equal(blob_size(cx, shelf->blobs, sm3, &size), E_NOT_FOUND);
    assert_int_equal(blob_open_fd(shelf->blobs, sm3), -1);
}

static void test_dropped_writer_leaves_nothing(void **state)
{
    struct shelf *shelf = *state;
    struct cx *cx = &shelf->trial.cx;
    struct blob_writer *writer = NULL;
    assert_int_equal(blob_begin(cx, shelf->blobs, &writer), OK);
    assert_int_equal(blob_write(cx, writer, "half", 4), OK);
    assert_int_equal(files_in(shelf, "tmp"), 1);
    blob_drop(writer);
    assert_int_equal(files_in(shelf, "."), 0);
    blob_drop(NULL);
}

static void test_unwritable_place_is_a_store_failure(void **state)
{
    struct shelf *shelf = *state;
    struct cx *cx = &shelf->trial.cx;
    struct blobs *blobs = NULL;
    struct blob_writer *writer = NULL;
    assert_int_equal(blobs_open(cx, "/nowhere/at/all", &blobs), E_STORE);
    assert_null(blobs);
    cx_forgive(cx);
    char command[128];
    (void)snprintf(command, sizeof command, "rm -rf '%s/tmp'", shelf->directory);
    assert_int_equal(system(command), 0);
    assert_int_equal(blob_begin(cx, shelf->blobs, &writer), E_STORE);
    assert_null(writer);
}

static void test_full_disk_says_so(void **state)
{
    struct shelf *shelf = *state;
    struct cx *cx = &shelf->trial.cx;
    struct blob_writer *writer = NULL;
    int64_t size = 0;
    unsigned char sm3[32];
    assert_int_equal(blob_begin(cx, shelf->blobs, &writer), OK);
    /* /dev/full answers every write as a full disk does; it takes the place of the spool file. */
    int full = open("/dev/full", O_RDWR | O_CLOEXEC);
    assert_true(full >= 0);
    char link[64];
    char name[256];
    int spool = -1;
    for (int fd = 3; fd < 256 && spool < 0; fd++) {
        (void)snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
        ssize_t length = readlink(link, name, sizeof name - 1);
        if (length > 0) {
            name[length] = '\0';
            spool = strstr(name, shelf->directory) != NULL ? fd : -1;
        }
    }
    assert_true(spool >= 0);
    assert_int_equal(dup2(full, spool), spool);
    (void)close(full);
    assert_int_equal(blob_write(cx, writer, "more", 4), E_STORE);
    assert_string_equal(cx->failure.code, "disk-full");
    blob_drop(writer);
    cx_forgive(cx);
    assert_int_equal(blob_begin(cx, shelf->blobs, &writer), OK);
    assert_int_equal(blob_finish(cx, writer, sm3, &size), OK);
}

/* --- sweep --- */

static bool is_named(const unsigned char sm3[32], void *arg)
{
    return memcmp(sm3, arg, 32) == 0;
}

static void age(const struct shelf *shelf, const char *pattern)
{
    char command[256];
    (void)snprintf(command, sizeof command, "touch -d '3 days ago' %s/%s", shelf->directory,
                   pattern);
    assert_int_equal(system(command), 0);
}

static void test_sweep_removes_old_orphans_only(void **state)
{
    struct shelf *shelf = *state;
    struct cx *cx = &shelf->trial.cx;
    unsigned char named[32];
    unsigned char orphan[32];
    unsigned char young[32];
    uint32_t removed = 0;
    int64_t size = 0;
    assert_int_equal(blob_put(cx, shelf->blobs, "named", 5, named), OK);
    assert_int_equal(blob_put(cx, shelf->blobs, "orphan", 6, orphan), OK);
    age(shelf, "[0-9a-f][0-9a-f]/*");
    assert_int_equal(blob_put(cx, shelf->blobs, "young", 5, young), OK);
    assert_int_equal(
        blob_sweep(cx, shelf->blobs, clock_machine() - DAY_MS, is_named, named, &removed), OK);
    assert_int_equal(removed, 1);
    assert_int_equal(blob_size(cx, shelf->blobs, named, &size), OK);
    assert_int_equal(blob_size(cx, shelf->blobs, young, &size), OK);
    assert_int_equal(blob_size(cx, shelf->blobs, orphan, &size), E_NOT_FOUND);
}

static void test_orphan_put_again_is_young_again(void **state)
{
    struct shelf *shelf = *state;
    struct cx *cx = &shelf->trial.cx;
    unsigned char sm3[32];
    unsigned char none[32] = {0};
    uint32_t removed = 9;
    assert_int_equal(blob_put(cx, shelf->blobs, "again", 5, sm3), OK);
    age(shelf, "[0-9a-f][0-9a-f]/*");
    assert_int_equal(blob_put(cx, shelf->blobs, "again", 5, sm3), OK);
    assert_int_equal(
        blob_sweep(cx, shelf->blobs, clock_machine() - DAY_MS, is_named, none, &removed), OK);
    assert_int_equal(removed, 0);
}

static void test_sweep_removes_what_a_crash_left(void **state)
{
    struct shelf *shelf = *state;
    struct cx *cx = &shelf->trial.cx;
    unsigned char none[32] = {0};
    uint32_t removed = 0;
    char command[256];
    (void)snprintf(command, sizeof command,
                   "echo half > '%s/tmp/LEFTOVER'; mkdir -p '%s/ab'; echo no > '%s/ab/note'",
                   shelf->directory, shelf->directory, shelf->directory);
    assert_int_equal(system(command), 0);
    age(shelf, "tmp/LEFTOVER");
    age(shelf, "ab/note");
    assert_int_equal(
        blob_sweep(cx, shelf->blobs, clock_machine() - DAY_MS, is_named, none, &removed), OK);
    assert_int_equal(removed, 1);
    assert_int_equal(files_in(shelf, "tmp"), 0);
    assert_int_equal(files_in(shelf, "ab"), 1); /* not ours */
}

#define shelf_case(name) cmocka_unit_test_setup_teardown(name, shelf_setup, shelf_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        shelf_case(test_what_was_put_is_read),
        shelf_case(test_ranges),
        shelf_case(test_stream_equals_whole),
        shelf_case(test_empty_blob),
        shelf_case(test_same_bytes_are_one_blob),
        shelf_case(test_missing_blob_is_not_found),
        shelf_case(test_dropped_writer_leaves_nothing),
        shelf_case(test_unwritable_place_is_a_store_failure),
        shelf_case(test_full_disk_says_so),
        shelf_case(test_sweep_removes_old_orphans_only),
        shelf_case(test_orphan_put_again_is_young_again),
        shelf_case(test_sweep_removes_what_a_crash_left),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* Blobs on an S3 store, against one in memory that checks every signature. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <unistd.h>

#include "base/clock.h"
#include "seal/hash.h"
#include "store/blob.h"
#include "store/test_s3.h"

struct shelf {
    struct trial trial;
    struct test_s3 s3;
    struct blobs *blobs;
};

static enum status shelf_open(struct shelf *shelf, const char *bucket)
{
    const char *where = arena_printf(shelf->trial.arena,
                                     "s3://%s?endpoint=http%%3A%%2F%%2F127.0.0.1%%3A%d&region=%s",
                                     bucket, shelf->s3.port, TEST_S3_REGION);
    return blobs_open(&shelf->trial.cx, where, &shelf->blobs);
}

static int shelf_setup(void **state)
{
    struct shelf *shelf = calloc(1, sizeof *shelf);
    assert_non_null(shelf);
    trial_begin(&shelf->trial);
    assert_int_equal(setenv("TONGSU_S3_KEY", TEST_S3_KEY, 1), 0);
    assert_int_equal(setenv("TONGSU_S3_SECRET", TEST_S3_SECRET, 1), 0);
    test_s3_start(&shelf->s3);
    assert_int_equal(shelf_open(shelf, "court"), OK);
    *state = shelf;
    return 0;
}

static int shelf_teardown(void **state)
{
    struct shelf *shelf = *state;
    blobs_close(shelf->blobs);
    test_s3_stop(&shelf->s3);
    trial_end(&shelf->trial);
    free(shelf);
    return 0;
}

static void test_what_was_put_is_read_in_ranges(void **state)
{
    struct shelf *shelf = *state;
    struct cx *cx = &shelf->trial.cx;
    unsigned char sm3[32];
    char bytes[64];
    size_t got = 0;
    int64_t size = 0;
    assert_int_equal(blob_put(cx, shelf->blobs, "0123456789", 10, sm3), OK);
    Hash expected = hash_of("0123456789", 10);
    assert_memory_equal(sm3, expected.b, 32);
    assert_int_equal(blob_size(cx, shelf->blobs, sm3, &size), OK);
    assert_int_equal(size, 10);
    assert_int_equal(blob_read(cx, shelf->blobs, sm3, 0, bytes, sizeof bytes, &got), OK);
    assert_int_equal(got, 10);
    assert_memory_equal(bytes, "0123456789", 10);
    assert_int_equal(blob_read(cx, shelf->blobs, sm3, 3, bytes, 4, &got), OK);
    assert_int_equal(got, 4);
    assert_memory_equal(bytes, "3456", 4);
    assert_int_equal(blob_read(cx, shelf->blobs, sm3, 10, bytes, 4, &got), OK);
    assert_int_equal(got, 0);
    assert_int_equal(blob_read(cx, shelf->blobs, sm3, 3, bytes, 0, &got), OK);
    assert_int_equal(got, 0);
    assert_int_equal(blob_open_fd(shelf->blobs, sm3), -1);
    assert_int_equal(shelf->s3.refused, 0);
}

static void test_stream_and_empty_and_same(void **state)
{
    struct shelf *shelf = *state;
    struct cx *cx = &shelf->trial.cx;

    enum { SIZE = 3000000 };
    struct blob_writer *writer = NULL;
    unsigned char sm3[32];
    unsigned char again[32];
    int64_t size = 0;
    char *bytes = arena_alloc(shelf->trial.arena, SIZE);
    char *back = arena_alloc(shelf->trial.arena, SIZE);
    size_t got = 0;
    for (size_t i = 0; i < SIZE; i++) {
        bytes[i] = (char)(i * 31 % 251);
    }
    assert_int_equal(blob_begin(cx, shelf->blobs, &writer), OK);
    for (size_t i = 0; i < SIZE; i += 10000) {
        assert_int_equal(blob_write(cx, writer, bytes + i, 10000), OK);
    }
    assert_int_equal(blob_finish(cx, writer, sm3, &size), OK);
    assert_int_equal(size, SIZE);
    assert_int_equal(blob_read(cx, shelf->blobs, sm3, 0, back, SIZE, &got), OK);
    assert_int_equal(got, SIZE);
    assert_memory_equal(back, bytes, SIZE);
    assert_int_equal(blob_put(cx, shelf->blobs, bytes, SIZE, again), OK);
    assert_memory_equal(sm3, again, 32);
    assert_string_equal(shelf->s3.objects[1].key, ""); /* still one object */
    assert_int_equal(blob_put(cx, shelf->blobs, "", 0, again), OK);
    assert_int_equal(blob_size(cx, shelf->blobs, again, &size), OK);
    assert_int_equal(size, 0);
}

static void test_missing_blob_is_not_found(void **state)
{
    struct shelf *shelf = *state;
    struct cx *cx = &shelf->trial.cx;
    unsigned char sm3[32] = {7};
    char bytes[8];
    size_t got = 9;
    int64_t size = 0;
    assert_int_equal(blob_read(cx, shelf->blobs, sm3, 0, bytes, 8, &got), E_NOT_FOUND);
    assert_string_equal(cx->failure.code, "blob-missing");
    assert_int_equal(got, 0);
    cx_forgive(cx);
    assert_int_equal(blob_size(cx, shelf->blobs, sm3, &size), E_NOT_FOUND);
}

static void test_wrong_secret_is_a_store_failure(void **state)
{
    struct shelf *shelf = *state;
    struct cx *cx = &shelf->trial.cx;
    unsigned char sm3[32];
    blobs_close(shelf->blobs);
    assert_int_equal(setenv("TONGSU_S3_SECRET", "another", 1), 0);
    assert_int_equal(shelf_open(shelf, "court"), OK);
    assert_int_equal(blob_put(cx, shelf->blobs, "x", 1, sm3), E_STORE);
    assert_true(str_has(cx->failure.detail, "SignatureDoesNotMatch"));
    assert_int_equal(shelf->s3.refused, 1); /* not tried again */
}

static void test_place_without_bucket_or_keys_is_refused(void **state)
{
    struct shelf *shelf = *state;
    blobs_close(shelf->blobs);
    assert_int_equal(shelf_open(shelf, ""), E_STORE);
    cx_forgive(&shelf->trial.cx);
    assert_int_equal(unsetenv("TONGSU_S3_SECRET"), 0);
    assert_int_equal(shelf_open(shelf, "court"), E_STORE);
    assert_null(shelf->blobs);
}

static void test_passing_faults_are_tried_again(void **state)
{
    struct shelf *shelf = *state;
    struct cx *cx = &shelf->trial.cx;
    unsigned char sm3[32];
    char bytes[8];
    size_t got = 0;
    shelf->s3.faults = 2;
    assert_int_equal(blob_put(cx, shelf->blobs, "again", 5, sm3), OK);
    assert_int_equal(shelf->s3.requests, 3);
    shelf->s3.faults = 1;
    assert_int_equal(blob_read(cx, shelf->blobs, sm3, 0, bytes, 8, &got), OK);
    assert_int_equal(got, 5);
    shelf->s3.faults = 3;
    assert_int_equal(blob_read(cx, shelf->blobs, sm3, 0, bytes, 8, &got), E_BUSY);
    assert_string_equal(cx->failure.code, "store-unreachable");
}

static void test_absent_store_is_busy(void **state)
{
    struct shelf *shelf = *state;
    struct cx *cx = &shelf->trial.cx;
    unsigned char sm3[32];
    blobs_close(shelf->blobs);
    int port = shelf->s3.port;
    test_s3_stop(&shelf->s3);
    const char *where =
        arena_printf(shelf->trial.arena, "s3://court?endpoint=http://127.0.0.1:%d", port);
    assert_int_equal(blobs_open(cx, where, &shelf->blobs), OK);
    assert_int_equal(blob_put(cx, shelf->blobs, "x", 1, sm3), E_BUSY);
    assert_string_equal(cx->failure.code, "store-unreachable");
    test_s3_start(&shelf->s3);
}

static bool is_named(const unsigned char sm3[32], void *arg)
{
    return memcmp(sm3, arg, 32) == 0;
}

static void test_sweep_removes_old_orphans_on_every_page(void **state)
{
    struct shelf *shelf = *state;
    struct cx *cx = &shelf->trial.cx;
    unsigned char named[32];
    unsigned char orphan[32];
    unsigned char young[32];
    uint32_t removed = 0;
    int64_t size = 0;
    assert_int_equal(blob_put(cx, shelf->blobs, "named", 5, named), OK);
    for (int i = 0; i < 6; i++) {
        char text[32];
        (void)snprintf(text, sizeof text, "orphan %d", i);
        assert_int_equal(blob_put(cx, shelf->blobs, text, strlen(text), orphan), OK);
    }
    test_object_put(&shelf->s3, "note.txt", calloc(1, 1), 1); /* not ours */
    for (int i = 0; i < TEST_S3_OBJECTS; i++) {
        shelf->s3.objects[i].at -= 3 * 24 * 3600;
    }
    assert_int_equal(blob_put(cx, shelf->blobs, "young", 5, young), OK);
    assert_int_equal(
        blob_sweep(cx, shelf->blobs, clock_machine() - DAY_MS, is_named, named, &removed), OK);
    assert_int_equal(removed, 6);
    assert_int_equal(blob_size(cx, shelf->blobs, named, &size), OK);
    assert_int_equal(blob_size(cx, shelf->blobs, young, &size), OK);
    assert_int_equal(blob_size(cx, shelf->blobs, orphan, &size), E_NOT_FOUND);
    assert_non_null(test_object_find(&shelf->s3, "note.txt"));
    assert_int_equal(shelf->s3.refused, 0);
}

#define shelf_case(name) cmocka_unit_test_setup_teardown(name, shelf_setup, shelf_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        shelf_case(test_what_was_put_is_read_in_ranges),
        shelf_case(test_stream_and_empty_and_same),
        shelf_case(test_missing_blob_is_not_found),
        shelf_case(test_wrong_secret_is_a_store_failure),
        shelf_case(test_place_without_bucket_or_keys_is_refused),
        shelf_case(test_passing_faults_are_tried_again),
        shelf_case(test_absent_store_is_busy),
        shelf_case(test_sweep_removes_old_orphans_on_every_page),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/test.h"

enum { SOFT = 1 << 20 };

static bool is_zero(const unsigned char *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        if (bytes[i] != 0) {
            return false;
        }
    }
    return true;
}

static void test_memory_is_zeroed_and_aligned(void **state)
{
    (void)state;
    struct arena *arena = arena_open(SOFT);
    for (int round = 0; round < 2; round++) {
        for (size_t size = 0; size < 300; size += 7) {
            unsigned char *p = arena_alloc(arena, size);
            assert_int_equal((uintptr_t)p % 16, 0);
            assert_true(is_zero(p, size));
            memset(p, 0xAA, size);
        }
        arena_reset(arena); /* the same memory again, dirty */
    }
    arena_close(arena);
}

static void test_objects_do_not_overlap(void **state)
{
    (void)state;

    enum { COUNT = 500 };
    struct arena *arena = arena_open(SOFT);
    unsigned char *p[COUNT];
    for (int i = 0; i < COUNT; i++) {
        p[i] = arena_alloc(arena, (size_t)i);
        memset(p[i], i & 0xFF, (size_t)i);
    }
    for (int i = 0; i < COUNT; i++) {
        for (int k = 0; k < i; k++) {
            assert_int_equal(p[i][k], i & 0xFF);
        }
    }
    arena_close(arena);
}

static void test_an_object_may_be_larger_than_a_block(void **state)
{
    (void)state;
    struct arena *arena = arena_open(SOFT);
    unsigned char *large = arena_alloc(arena, 500000);
    assert_true(is_zero(large, 500000));
    memset(large, 1, 500000);
    unsigned char *small = arena_alloc(arena, 8);
    memset(small, 2, 8);
    assert_int_equal(large[499999], 1);
    arena_close(arena);
}

static void test_copies_end_with_nul(void **state)
{
    (void)state;
    struct arena *arena = arena_open(SOFT);
    char *copy = arena_copy(arena, "诉讼xx", 6);
    assert_string_equal(copy, "诉讼");
    assert_string_equal(arena_copy(arena, NULL, 0), "");
    assert_string_equal(arena_printf(arena, "%d-%s", 7, "号"), "7-号");
    static char text[2000];
    memset(text, 'x', sizeof text - 1);
    assert_int_equal(strlen(arena_printf(arena, "%s%s", text, text)), 2 * (sizeof text - 1));
    arena_close(arena);
}

static void test_past_the_soft_ceiling_it_is_over_for_good(void **state)
{
    (void)state;
    struct arena *arena = arena_open(1000);
    (void)arena_alloc(arena, 900);
    assert_false(arena_is_over(arena));
    struct arena_mark mark = arena_mark(arena);
    assert_non_null(arena_alloc(arena, 200)); /* memory is still given */
    assert_true(arena_is_over(arena));
    arena_rewind(arena, mark);
    assert_true(arena_is_over(arena));
    arena_reset(arena);
    assert_false(arena_is_over(arena));
    assert_int_equal(arena_total_bytes(arena), 0);
    arena_close(arena);
}

static bool aborts(void (*act)(void))
{
    pid_t child = fork();
    if (child == 0) {
        int nowhere = open("/dev/null", O_WRONLY);
        (void)dup2(nowhere, STDERR_FILENO);
        act();
        _exit(0);
    }
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    return WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT;
}

static void stay_below(void)
{
    struct arena *arena = arena_open(1000);
    (void)arena_alloc(arena, 3900);
    arena_close(arena);
}

static void go_beyond(void)
{
    struct arena *arena = arena_open(1000);
    for (int i = 0; i < 100; i++) {
        (void)arena_alloc(arena, 100);
    }
    arena_close(arena);
}

static void ask_absurdly(void)
{
    struct arena *arena = arena_open(1000);
    (void)arena_alloc(arena, SIZE_MAX - 8); /* rounding up would overflow */
    arena_close(arena);
}

static void test_the_hard_ceiling_aborts(void **state)
{
    (void)state;
    assert_false(aborts(stay_below));
    assert_true(aborts(go_beyond));
    assert_true(aborts(ask_absurdly));
}

static void test_rewinding_gives_back_whole_blocks(void **state)
{
    (void)state;
    struct arena *arena = arena_open((size_t)64 << 20);
    char *kept = arena_copy(arena, "kept", 4);
    size_t before = arena_total_bytes(arena);
    for (int i = 0; i < 50; i++) {
        struct arena_mark mark = arena_mark(arena);
        for (int k = 0; k < 10; k++) {
            memset(arena_alloc(arena, 40000), i, 40000);
        }
        arena_rewind(arena, mark);
        assert_int_equal(arena_total_bytes(arena), before);
    }
    assert_string_equal(kept, "kept");
    arena_close(arena);
}

static void test_marks_nest(void **state)
{
    (void)state;
    struct arena *arena = arena_open(SOFT);
    struct arena_mark outer = arena_mark(arena);
    char *a = arena_alloc(arena, 32);
    struct arena_mark inner = arena_mark(arena);
    (void)arena_alloc(arena, 100000);
    arena_rewind(arena, inner);
    memset(a, 1, 32);
    arena_rewind(arena, outer);
    assert_ptr_equal(arena_alloc(arena, 32), a);
    arena_close(arena);
}

static void test_closing_nothing_is_allowed(void **state)
{
    (void)state;
    arena_close(NULL);
}

static void count_up(void *arg)
{
    *(int *)arg += 1;
}

static void test_what_was_borrowed_is_given_back_once(void **state)
{
    (void)state;
    int given_back[3] = {0};
    struct arena *arena = arena_open(1 << 20);
    arena_defer(arena, count_up, &given_back[0]);
    struct arena_mark mark = arena_mark(arena);
    arena_defer(arena, count_up, &given_back[1]);
    (void)arena_alloc(arena, 200 * 1024);
    arena_rewind(arena, mark);
    assert_int_equal(given_back[0], 0);
    assert_int_equal(given_back[1], 1);
    arena_reset(arena);
    assert_int_equal(given_back[0], 1);
    arena_defer(arena, count_up, &given_back[2]);
    arena_close(arena);
    assert_int_equal(given_back[0] + given_back[1] + given_back[2], 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_was_borrowed_is_given_back_once),
        cmocka_unit_test(test_memory_is_zeroed_and_aligned),
        cmocka_unit_test(test_objects_do_not_overlap),
        cmocka_unit_test(test_an_object_may_be_larger_than_a_block),
        cmocka_unit_test(test_copies_end_with_nul),
        cmocka_unit_test(test_past_the_soft_ceiling_it_is_over_for_good),
        cmocka_unit_test(test_the_hard_ceiling_aborts),
        cmocka_unit_test(test_rewinding_gives_back_whole_blocks),
        cmocka_unit_test(test_marks_nest),
        cmocka_unit_test(test_closing_nothing_is_allowed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

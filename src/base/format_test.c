#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "base/format.h"
#include "base/test.h"

/* As printf() writes it, or left to it: never otherwise. */
__attribute__((format(printf, 2, 3))) static void same(bool known, const char *format, ...)
{
    char theirs[256];
    char ours[256] = "untouched";
    size_t size = 0;
    va_list args;
    va_start(args, format);
    bool is_known = format_write(ours, sizeof ours, format, args, &size);
    int length = vsnprintf(theirs, sizeof theirs, format, args);
    va_end(args);
    assert_int_equal(is_known, known);
    if (is_known) {
        assert_int_equal(size, length);
        assert_string_equal(ours, theirs);
    }
}

static void test_what_is_known_comes_out_as_printf_writes_it(void **state)
{
    (void)state;
    same(true, "%s", "");
    same(true, "no directive 无");
    same(true, "%s", "林晓舟");
    same(true, "%s%s%s", "a", "", "c");
    same(true, "<%c%%>", 'x');
    same(true, "%.*s|%.*s|%.*s", 2, "abcdef", 0, "abc", 9, "ab");
    same(true, "%d月%d日", 3, 21);
    same(true, "%04d-%02d-%02d", 2026, 1, 31);
    same(true, "%02d:%02d", 0, 123);
    same(true, "%d %d %d", 0, INT_MAX, INT_MIN);
    same(true, "%ld %ld", LONG_MAX, -1L);
    same(true, "%lld %lld", LLONG_MAX, -LLONG_MAX);
    same(true, "%u %lu %llu", UINT_MAX, ULONG_MAX, ULLONG_MAX);
    same(true, "/matters/%" PRId64 "/acts/%s#f-%.*s", INT64_C(281474976710657), "submit", 3,
         "claim");
    same(true, "%09u", 12345U);
}

static void test_a_text_need_not_end_where_it_is_cut(void **state)
{
    (void)state;
    const char open[3] = {'a', 'b', 'c'};
    same(true, "%.*s", 3, open);
}

static void test_what_does_not_fit_is_left_to_printf(void **state)
{
    (void)state;
    char just[255];
    memset(just, 'x', sizeof just);
    same(true, "%.*s", 255, just);
    same(false, "%.*s%c", 255, just, 'y');
    same(false, "%.*s%02d", 254, just, 3);
}

static void test_the_rest_is_left_to_printf(void **state)
{
    (void)state;
    same(false, "%x", 255U);
    same(false, "%zu", sizeof(int));
    same(false, "%5d", 1);
    same(false, "%-3s|", "a");
    same(false, "%.2s", "abc");
    same(false, "%02x", 7U);
    same(false, "%s %x", "known first", 255U);
    same(false, "%02d", -5);
    same(false, "%lld", LLONG_MIN);
    same(false, "%016llx", 1ULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_is_known_comes_out_as_printf_writes_it),
        cmocka_unit_test(test_a_text_need_not_end_where_it_is_cut),
        cmocka_unit_test(test_what_does_not_fit_is_left_to_printf),
        cmocka_unit_test(test_the_rest_is_left_to_printf),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

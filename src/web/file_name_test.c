#include <string.h>

#include "base/test.h"
#include "web/file_name.h"

static struct arena *arena;

static int arena_begin(void **state)
{
    (void)state;
    arena = arena_open((size_t)1 << 20);
    return 0;
}

static int arena_end(void **state)
{
    (void)state;
    arena_close(arena);
    return 0;
}

static const char *clean(const char *raw)
{
    return file_name_clean(arena, str_of(raw)).p;
}

static void a_good_name_stays_as_it_is(void **state)
{
    (void)state;
    assert_string_equal(clean("借条.pdf"), "借条.pdf");
    assert_string_equal(clean("𠮷某的借条.pdf"), "𠮷某的借条.pdf");
    assert_string_equal(clean("a b (1).tar.gz"), "a b (1).tar.gz");
}

static void a_path_is_cut_off(void **state)
{
    (void)state;
    assert_string_equal(clean("../../../etc/passwd.pdf"), "passwd.pdf");
    assert_string_equal(clean("C:\\Users\\a\\借条.pdf"), "借条.pdf");
    assert_string_equal(clean("/root/"), "");
    assert_string_equal(clean(".."), "");
    assert_string_equal(clean("..pdf"), "pdf");
    assert_string_equal(clean(".htaccess"), "htaccess");
}

static void what_cannot_be_seen_is_removed(void **state)
{
    (void)state;
    assert_string_equal(clean("a\r\nX-Injected: 1.pdf"), "aX-Injected_ 1.pdf");
    assert_string_equal(clean("a\x1b[31m.pdf"), "a[31m.pdf");
    assert_string_equal(clean("借\xe2\x80\xae条fdp.exe"), "借条fdp.exe");
    assert_string_equal(clean("a\xe2\x81\xa6"
                              "b\xe2\x81\xa9.pdf"),
                        "ab.pdf");
    assert_string_equal(clean("\xef\xbb\xbf.pdf"), "pdf");
    assert_string_equal(clean(" 　 "), "");
    assert_string_equal(clean("\xff\xfe.pdf"), "");
}

static void a_long_name_keeps_its_extension(void **state)
{
    char raw[3 * 300 + 5] = "";
    (void)state;
    for (int i = 0; i < 300; i++) {
        memcpy(raw + (size_t)i * 3, "长", 3);
    }
    memcpy(raw + 900, ".pdf", 5);
    Str name = file_name_clean(arena, str_of(raw));
    assert_int_equal(utf8_count(name), FILE_NAME_MAX);
    assert_true(str_ends(name, "长.pdf"));
    static const char *const other[] = {"docx", NULL};
    Str typed = file_name_typed(arena, name, other);
    assert_true(str_ends(typed, ".docx"));
    assert_true(utf8_count(typed) <= FILE_NAME_MAX);
}

static void a_name_says_what_the_file_is(void **state)
{
    static const char *const pdf[] = {"pdf", NULL};
    static const char *const jpeg[] = {"jpg", "jpeg", NULL};
    (void)state;
    assert_string_equal(file_name_typed(arena, STR("a.PDF"), pdf).p, "a.PDF");
    assert_string_equal(file_name_typed(arena, STR("a.jpeg"), jpeg).p, "a.jpeg");
    assert_string_equal(file_name_typed(arena, STR("a.exe"), pdf).p, "a.exe.pdf");
    assert_string_equal(file_name_typed(arena, STR("a"), pdf).p, "a.pdf");
    assert_string_equal(file_name_typed(arena, STR(""), jpeg).p, "文件.jpg");
}

static void a_disposition_is_plain_and_whole(void **state)
{
    (void)state;
    assert_string_equal(file_disposition(arena, STR("借\"条\\.pdf"), true).p,
                        "inline; filename=\"____.pdf\"; filename*=UTF-8''"
                        "%E5%80%9F%22%E6%9D%A1%5C.pdf");
    assert_string_equal(file_disposition(arena, STR("a'b.pdf"), false).p,
                        "attachment; filename=\"a'b.pdf\"; filename*=UTF-8''a%27b.pdf");
}

static void expect_part(const char *header, int64_t size, int64_t from, int64_t length)
{
    int64_t got_from = -1;
    int64_t got_length = -1;
    assert_int_equal(range_parse(str_of(header), size, &got_from, &got_length), RANGE_PART);
    assert_int_equal(got_from, from);
    assert_int_equal(got_length, length);
}

static enum range_kind kind_of(const char *header, int64_t size)
{
    int64_t from = -1;
    int64_t length = -1;
    enum range_kind kind = range_parse(str_of(header), size, &from, &length);
    assert_true(from >= 0 && length >= 0 && from + length <= size);
    return kind;
}

static void a_range_names_its_bytes(void **state)
{
    (void)state;
    expect_part("bytes=0-99", 1000, 0, 100);
    expect_part("bytes=500-", 1000, 500, 500);
    expect_part("bytes=-50", 1000, 950, 50);
    expect_part("bytes=-5000", 1000, 0, 1000);
    expect_part("bytes=100-99999999", 1000, 100, 900);
    expect_part("bytes=999-999", 1000, 999, 1);
}

static void a_range_past_the_end_is_outside(void **state)
{
    (void)state;
    assert_int_equal(kind_of("bytes=1000-", 1000), RANGE_OUTSIDE);
    assert_int_equal(kind_of("bytes=1000-2000", 1000), RANGE_OUTSIDE);
    assert_int_equal(kind_of("bytes=-0", 1000), RANGE_OUTSIDE);
    assert_int_equal(kind_of("bytes=0-", 0), RANGE_OUTSIDE);
}

static void what_is_no_range_is_overlooked(void **state)
{
    static const char *const bad[] = {"",           "lines=1-2",
                                      "bytes=x-y",  "bytes=5-1",
                                      "bytes=",     "bytes=-",
                                      "bytes=1",    "bytes=0-1,5-6",
                                      "bytes=--1",  "bytes= 0-1",
                                      "bytes=0- 1", "bytes=1-2-3",
                                      "bytes=0x1-", "bytes=9999999999999999999-"};
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_int_equal(kind_of(bad[i], 1000), RANGE_WHOLE);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_good_name_stays_as_it_is),
        cmocka_unit_test(a_path_is_cut_off),
        cmocka_unit_test(what_cannot_be_seen_is_removed),
        cmocka_unit_test(a_long_name_keeps_its_extension),
        cmocka_unit_test(a_name_says_what_the_file_is),
        cmocka_unit_test(a_disposition_is_plain_and_whole),
        cmocka_unit_test(a_range_names_its_bytes),
        cmocka_unit_test(a_range_past_the_end_is_outside),
        cmocka_unit_test(what_is_no_range_is_overlooked),
    };
    return cmocka_run_group_tests(tests, arena_begin, arena_end);
}

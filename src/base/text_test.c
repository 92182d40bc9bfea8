#include <string.h>

#include "base/test.h"
#include "base/text.h"

static bool valid(const char *bytes)
{
    return utf8_is_valid(bytes, strlen(bytes));
}

static void test_utf8_of_every_plane_is_valid(void **state)
{
    (void)state;
    assert_true(valid(""));
    assert_true(valid("A\x7F"));
    assert_true(valid("\xC2\x80"));         /* U+0080, the first of two bytes */
    assert_true(valid("\xDF\xBF"));         /* U+07FF */
    assert_true(valid("\xE0\xA0\x80"));     /* U+0800 */
    assert_true(valid("\xED\x9F\xBF"));     /* U+D7FF */
    assert_true(valid("\xEE\x80\x80"));     /* U+E000 */
    assert_true(valid("\xEF\xBF\xBF"));     /* U+FFFF */
    assert_true(valid("\xF0\x90\x80\x80")); /* U+10000 */
    assert_true(valid("\xF4\x8F\xBF\xBF")); /* U+10FFFF */
    assert_true(valid("𠮷野家の林晓舟"));   /* U+20BB7, extension B */
    assert_true(valid("\xF0\xB1\x8D\x90")); /* U+31350, extension H */
}

static void test_utf8_refuses_overlong_forms(void **state)
{
    (void)state;
    assert_false(valid("\xC0\x80"));
    assert_false(valid("\xC0\xAF"));
    assert_false(valid("\xC1\xBF"));
    assert_false(valid("\xE0\x80\x80"));
    assert_false(valid("\xE0\x9F\xBF"));
    assert_false(valid("\xF0\x80\x80\x80"));
    assert_false(valid("\xF0\x8F\xBF\xBF"));
}

static void test_utf8_refuses_surrogates_and_beyond(void **state)
{
    (void)state;
    assert_false(valid("\xED\xA0\x80"));             /* U+D800 */
    assert_false(valid("\xED\xBF\xBF"));             /* U+DFFF */
    assert_false(valid("\xED\xA1\x82\xED\xBE\xB7")); /* U+20BB7 as two surrogates */
    assert_false(valid("\xF4\x90\x80\x80"));         /* U+110000 */
    assert_false(valid("\xF5\x80\x80\x80"));
    assert_false(valid("\xF8\x88\x80\x80\x80"));
    assert_false(valid("\xFE"));
    assert_false(valid("\xFF"));
}

static void test_utf8_refuses_broken_sequences_and_nul(void **state)
{
    (void)state;
    assert_false(valid("\x80"));
    assert_false(valid("\xE8\xAF"));
    assert_false(valid("\xF0\xA0\xAE"));
    assert_false(valid("\xE8\x41\x89"));
    assert_false(valid("\xE8\xAF\x41"));
    assert_false(valid("\xC3("));
    assert_false(utf8_is_valid("a\0b", 3));
    assert_false(utf8_is_valid("\0", 1));
}

static void test_every_code_point_is_put_and_read_back(void **state)
{
    (void)state;
    for (uint32_t code = 1; code <= 0x10FFFF; code++) {
        char bytes[4];
        size_t n = utf8_put(code, bytes);
        size_t offset = 0;
        uint32_t back = 0;
        bool surrogate = code >= 0xD800 && code < 0xE000;
        bool read = utf8_next((Str){bytes, n}, &offset, &back);
        if (surrogate ? read : !read || back != code || offset != n) {
            fail_msg("U+%04X", code);
        }
    }
}

/* Every text of two bytes, against the table of RFC 3629 section 4. */
static void test_two_bytes_follow_rfc_3629(void **state)
{
    (void)state;
    for (int a = 1; a < 256; a++) {
        for (int b = 1; b < 256; b++) {
            char bytes[2] = {(char)a, (char)b};
            bool expected =
                (a < 0x80 && b < 0x80) || (a >= 0xC2 && a <= 0xDF && b >= 0x80 && b <= 0xBF);
            if (utf8_is_valid(bytes, 2) != expected) {
                fail_msg("%02X %02X", a, b);
            }
        }
    }
}

static void test_next_stops_where_text_breaks(void **state)
{
    (void)state;
    Str s = STR("诉𠮷\xE8");
    size_t offset = 0;
    uint32_t code = 0;
    assert_true(utf8_next(s, &offset, &code));
    assert_int_equal(code, 0x8BC9);
    assert_true(utf8_next(s, &offset, &code));
    assert_int_equal(code, 0x20BB7);
    assert_int_equal(offset, 7);
    assert_false(utf8_next(s, &offset, &code));
    assert_int_equal(offset, 7);
    offset = s.n;
    assert_false(utf8_next(s, &offset, &code));
}

static void test_head_and_count_go_by_characters(void **state)
{
    (void)state;
    struct trial t;
    trial_begin(&t);
    Str s = STR("a诉𠮷讼");
    assert_int_equal(utf8_count(s), 4);
    assert_string_equal(utf8_head(t.arena, s, 3).p, "a诉𠮷");
    assert_string_equal(utf8_head(t.arena, s, 0).p, "");
    assert_string_equal(utf8_head(t.arena, s, 99).p, "a诉𠮷讼");
    assert_int_equal(utf8_count(STR("")), 0);
    trial_end(&t);
}

static void trims(const char *text, const char *to)
{
    struct trial t;
    trial_begin(&t);
    Str trimmed = str_trim(t.arena, str_of(text));
    assert_string_equal(trimmed.p, to);
    assert_int_equal(trimmed.n, strlen(to));
    trial_end(&t);
}

static void test_trim_takes_chinese_blanks(void **state)
{
    (void)state;
    trims("  林晓舟\t\r\n", "林晓舟");
    trims("　林　晓舟　 　", "林　晓舟");
    trims("　", "");
    trims("", "");
    trims(" \t ", "");
    trims("x", "x");
    trims("\xE3\x80\x81x\xE3\x80\x81", "\xE3\x80\x81x\xE3\x80\x81"); /* 、 shares two bytes */
}

static void test_comparing_and_searching(void **state)
{
    (void)state;
    assert_true(str_is(STR("诉"), "诉"));
    assert_false(str_is(STR("诉讼"), "诉"));
    assert_true(str_same(STR(""), str_of(NULL)));
    assert_true(str_starts(STR("s1:x"), "s1:"));
    assert_false(str_starts(STR("s1"), "s1:"));
    assert_true(str_ends(STR("a.yaml"), ".yaml"));
    assert_false(str_ends(STR("yaml"), ".yaml"));
    assert_true(str_has(STR("民间借贷纠纷"), "借贷"));
    assert_false(str_has(STR("民间借贷纠纷"), "离婚"));
    assert_true(str_has(STR(""), ""));
    assert_true(str_compare(STR("a"), STR("ab")) < 0);
    assert_true(str_compare(STR("b"), STR("ab")) > 0);
    assert_int_equal(str_compare(STR("诉"), STR("诉")), 0);
    assert_true(str_compare(STR("a"), STR("诉")) < 0); /* bytes count as unsigned */
    assert_true(text_is(NULL, NULL));
    assert_false(text_is(NULL, ""));
    assert_true(text_is("a", "a"));
}

static void test_what_people_may_write_and_be_called(void **state)
{
    (void)state;
    static const char *const names[] = {
        "林晓舟", "阿卜杜拉·买买提", "𠮷田", "葛\xF3\xA0\x84\x80", "O'Neill", ""};
    static const char *const unseen[] = {"林\u200b晓舟", "林晓舟\u2060", "a\u00adb", "a\u3164",
                                         "a\u200db"};
    static const char *const unfit[] = {"张\u202e三", "a\u2028b", "a\x01",
                                        "a\x7f",      "a\u2066b", "\xff"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        assert_true(text_is_name(str_of(names[i])));
    }
    for (size_t i = 0; i < sizeof unseen / sizeof unseen[0]; i++) {
        assert_true(text_is_fit(str_of(unseen[i]), false));
        assert_false(text_is_name(str_of(unseen[i])));
    }
    for (size_t i = 0; i < sizeof unfit / sizeof unfit[0]; i++) {
        assert_false(text_is_fit(str_of(unfit[i]), true));
        assert_false(text_is_name(str_of(unfit[i])));
    }
    assert_true(text_is_fit(STR("a\n\tb"), true));
    assert_false(text_is_fit(STR("a\nb"), false));
    assert_false(text_is_name(STR("a\nb")));
}

static void test_ints_are_whole_decimal_numbers(void **state)
{
    (void)state;

    static const struct {
        const char *text;
        int64_t number;
    } good[] = {
        {"0", 0},
        {"-0", 0},
        {"007", 7},
        {"-12", -12},
        {"9223372036854775807", INT64_MAX},
        {"-9223372036854775808", INT64_MIN},
    };

    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        int64_t number = 99;
        assert_true(str_int(str_of(good[i].text), &number));
        assert_true(number == good[i].number);
    }
    static const char *const bad[] = {"",
                                      "-",
                                      "+1",
                                      " 1",
                                      "1 ",
                                      "1.0",
                                      "0x10",
                                      "1e3",
                                      "--1",
                                      "１",
                                      "12a",
                                      "9223372036854775808",
                                      "-9223372036854775809",
                                      "99999999999999999999999999"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        int64_t number = 99;
        assert_false(str_int(str_of(bad[i]), &number));
        assert_int_equal(number, 99);
    }
}

static void test_numbers_are_written_as_they_are_read(void **state)
{
    static const int64_t numbers[] = {0, 7, -12, 1000, INT64_MAX, INT64_MIN};
    (void)state;
    struct trial t;
    trial_begin(&t);
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        int64_t again = 99;
        Str text = str_number(t.arena, numbers[i]);
        assert_true(str_same(text, str_printf(t.arena, "%lld", (long long)numbers[i])));
        assert_true(str_int(text, &again) && again == numbers[i]);
        assert_int_equal(text.p[text.n], '\0');
    }
    trial_end(&t);
}

static void test_a_marked_byte_is_found_wherever_it_stands(void **state)
{
    static const unsigned char marked[256] = {['!'] = 1, [0xE2] = 1};
    (void)state;
    for (size_t n = 0; n <= 40; n++) {
        char text[41] = {0};
        memset(text, 'x', n);
        assert_int_equal(str_find_marked((Str){text, n}, 0, marked), n);
        for (size_t at = 0; at < n; at++) {
            text[at] = at % 2 == 0 ? '!' : (char)0xE2;
            assert_int_equal(str_find_marked((Str){text, n}, 0, marked), at);
            assert_int_equal(str_find_marked((Str){text, n}, at, marked), at);
            assert_int_equal(str_find_marked((Str){text, n}, at + 1, marked), n);
            text[at] = 'x';
        }
    }
}

static void test_split_keeps_empty_parts(void **state)
{
    (void)state;
    struct trial t;
    trial_begin(&t);
    Str *parts = NULL;
    assert_int_equal(str_split(t.arena, STR(",a,,诉,"), ',', &parts), 5);
    assert_string_equal(parts[0].p, "");
    assert_string_equal(parts[1].p, "a");
    assert_string_equal(parts[2].p, "");
    assert_string_equal(parts[3].p, "诉");
    assert_string_equal(parts[4].p, "");
    assert_int_equal(str_split(t.arena, STR(""), ',', &parts), 1);
    assert_int_equal(parts[0].n, 0);
    trial_end(&t);
}

static void decodes(const char *text, bool plus, const char *to)
{
    struct trial t;
    trial_begin(&t);
    Str out = {"", 0};
    assert_true(text_percent_decode(t.arena, str_of(text), plus, &out));
    assert_string_equal(out.p, to);
    trial_end(&t);
}

static void refuses(const char *text)
{
    struct trial t;
    trial_begin(&t);
    Str out = STR("untouched");
    if (text_percent_decode(t.arena, str_of(text), true, &out)) {
        fail_msg("read: %s", text);
    }
    assert_string_equal(out.p, "untouched");
    trial_end(&t);
}

static void test_percent_decoding(void **state)
{
    (void)state;
    decodes("", true, "");
    decodes("%E8%BA%AB%E4%BB%BD%e8%af%81.pdf", false, "身份证.pdf");
    decodes("%F0%A0%AE%B7", false, "𠮷");
    decodes("a+b%2Bc", true, "a b+c");
    decodes("a+b%20c", false, "a+b c");
    decodes("%2525", false, "%25"); /* once, not twice */
}

static void test_percent_decoding_refuses_what_is_no_text(void **state)
{
    (void)state;
    refuses("%");
    refuses("%4");
    refuses("abc%4");
    refuses("%G1");
    refuses("%1G");
    refuses("%%41");
    refuses("%00");
    refuses("a%00b");
    refuses("%C0%AF");
    refuses("%ED%A0%80");
    refuses("%E8%BA");
    refuses("%FF");
}

static void test_percent_coding_goes_there_and_back(void **state)
{
    (void)state;
    struct trial t;
    trial_begin(&t);
    assert_string_equal(text_percent_encode(t.arena, STR("A-z_0.~")).p, "A-z_0.~");
    assert_string_equal(text_percent_encode(t.arena, STR("a b/诉?")).p, "a%20b%2F%E8%AF%89%3F");
    for (int c = 1; c < 128; c++) {
        char text[2] = {(char)c, '\0'};
        decodes(text_percent_encode(t.arena, str_of(text)).p, true, text);
    }
    trial_end(&t);
}

static void test_hex_goes_there_and_back(void **state)
{
    (void)state;
    struct trial t;
    trial_begin(&t);
    unsigned char bytes[256];
    unsigned char back[256];
    for (int i = 0; i < 256; i++) {
        bytes[i] = (unsigned char)i;
    }
    Str hex = text_hex(t.arena, bytes, sizeof bytes);
    assert_int_equal(hex.n, 512);
    assert_true(str_starts(hex, "000102"));
    assert_true(text_unhex(hex, back, sizeof back));
    assert_memory_equal(bytes, back, sizeof bytes);
    assert_true(text_unhex(STR("aBFf"), back, 2));
    assert_int_equal(back[0], 0xAB);
    assert_false(text_unhex(STR("aBF"), back, 2));
    assert_false(text_unhex(STR("aBFf0"), back, 2));
    assert_false(text_unhex(STR("aBFg"), back, 2));
    assert_false(text_unhex(STR("0x12"), back, 2));
    trial_end(&t);
}

static void test_a_buffer_grows_and_ends_with_nul(void **state)
{
    (void)state;
    struct trial t;
    trial_begin(&t);
    struct buf buf;
    buf_init(&buf, t.arena, 1 << 20);
    for (int i = 0; i < 1000; i++) {
        buf_char(&buf, (char)('a' + i % 26));
        buf_text(&buf, "诉");
        buf_str(&buf, STR("讼"));
        buf_printf(&buf, "%03d", i);
    }
    Str s = buf_done(&buf);
    assert_int_equal(s.n, 1000 * 10);
    assert_int_equal(strlen(s.p), s.n);
    assert_true(str_starts(s, "a诉讼000b诉讼001"));
    assert_true(str_ends(s, "诉讼999"));
    trial_end(&t);
}

static void test_a_buffer_stays_below_its_ceiling(void **state)
{
    (void)state;
    struct trial t;
    trial_begin(&t);
    struct buf buf;
    buf_init(&buf, t.arena, 10);
    buf_text(&buf, "1234567890");
    assert_false(buf_is_over(&buf));
    buf_char(&buf, 'x');
    assert_true(buf_is_over(&buf));
    buf_text(&buf, "");
    assert_true(buf_is_over(&buf)); /* for good */
    assert_string_equal(buf_done(&buf).p, "1234567890");
    buf_init(&buf, t.arena, 10);
    assert_string_equal(buf_done(&buf).p, "");
    trial_end(&t);
}

static void test_printing_takes_any_length(void **state)
{
    (void)state;
    struct trial t;
    trial_begin(&t);
    char text[3000];
    memset(text, 'x', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    struct buf buf;
    buf_init(&buf, t.arena, 1 << 20);
    buf_printf(&buf, "<%s>", text);
    assert_int_equal(buf_done(&buf).n, sizeof text + 1);
    assert_int_equal(str_printf(t.arena, "<%s>", text).n, sizeof text + 1);
    trial_end(&t);
}

static void test_slices_are_copies(void **state)
{
    (void)state;
    struct trial t;
    trial_begin(&t);
    Str s = STR("abcdef");
    assert_string_equal(str_slice(t.arena, s, 2, 4).p, "cd");
    assert_string_equal(str_slice(t.arena, s, 6, 6).p, "");
    trial_end(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_utf8_of_every_plane_is_valid),
        cmocka_unit_test(test_utf8_refuses_overlong_forms),
        cmocka_unit_test(test_utf8_refuses_surrogates_and_beyond),
        cmocka_unit_test(test_utf8_refuses_broken_sequences_and_nul),
        cmocka_unit_test(test_every_code_point_is_put_and_read_back),
        cmocka_unit_test(test_two_bytes_follow_rfc_3629),
        cmocka_unit_test(test_next_stops_where_text_breaks),
        cmocka_unit_test(test_head_and_count_go_by_characters),
        cmocka_unit_test(test_trim_takes_chinese_blanks),
        cmocka_unit_test(test_comparing_and_searching),
        cmocka_unit_test(test_what_people_may_write_and_be_called),
        cmocka_unit_test(test_ints_are_whole_decimal_numbers),
        cmocka_unit_test(test_numbers_are_written_as_they_are_read),
        cmocka_unit_test(test_a_marked_byte_is_found_wherever_it_stands),
        cmocka_unit_test(test_split_keeps_empty_parts),
        cmocka_unit_test(test_percent_decoding),
        cmocka_unit_test(test_percent_decoding_refuses_what_is_no_text),
        cmocka_unit_test(test_percent_coding_goes_there_and_back),
        cmocka_unit_test(test_hex_goes_there_and_back),
        cmocka_unit_test(test_a_buffer_grows_and_ends_with_nul),
        cmocka_unit_test(test_a_buffer_stays_below_its_ceiling),
        cmocka_unit_test(test_printing_takes_any_length),
        cmocka_unit_test(test_slices_are_copies),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

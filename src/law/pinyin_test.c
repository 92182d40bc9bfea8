#include "base/test.h"
#include "law/pinyin.h"

#define TABLE "c\t朝长重\ny\t阳\nq\t庆区\nz\t中\n重庆\tcq\n朝阳区\txyz\n朝阳\tab\n"

static void test_words_win_over_characters_and_long_over_short(void **state)
{
    (void)state;
    struct trial t;
    trial_begin(&t);
    const struct pinyin *p = NULL;
    assert_int_equal(pinyin_read(&t.cx, STR(TABLE), &p), OK);
    assert_string_equal(pinyin_initials(t.arena, p, STR("重庆")).p, "cq");
    assert_string_equal(pinyin_initials(t.arena, p, STR("朝阳区中")).p, "xyzz");
    assert_string_equal(pinyin_initials(t.arena, p, STR("朝阳中")).p, "abz");
    assert_string_equal(pinyin_initials(t.arena, p, STR("朝中")).p, "cz");
    trial_end(&t);
}

static void test_ascii_stays_and_the_unknown_is_left_out(void **state)
{
    (void)state;
    struct trial t;
    trial_begin(&t);
    const struct pinyin *p = NULL;
    assert_int_equal(pinyin_read(&t.cx, STR(TABLE), &p), OK);
    assert_string_equal(pinyin_initials(t.arena, p, STR("A长𠀀、b2")).p, "acb2");
    assert_string_equal(pinyin_initials(t.arena, p, STR("")).p, "");
    assert_int_equal(pinyin_read(&t.cx, STR(""), &p), OK);
    assert_string_equal(pinyin_initials(t.arena, p, STR("长x")).p, "x");
    trial_end(&t);
}

static void test_faulty_lines_are_refused(void **state)
{
    (void)state;
    static const char *const faults[] = {"a\t朝\n重庆\tc\n", "a\t朝\n重庆\tC1\n",
                                         "a\t朝\nb朝\n",     "a\t朝\n1\t朝\n",
                                         "a\t朝\na\tb\tc\n", "a\t朝\nb\t\xFF\n"};
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
        struct trial t;
        trial_begin(&t);
        const struct pinyin *p = NULL;
        assert_int_equal(pinyin_read(&t.cx, str_of(faults[i]), &p), E_READ);
        assert_true(str_has(t.cx.failure.detail, "pinyin.tsv:2:"));
        trial_end(&t);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_words_win_over_characters_and_long_over_short),
        cmocka_unit_test(test_ascii_stays_and_the_unknown_is_left_out),
        cmocka_unit_test(test_faulty_lines_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

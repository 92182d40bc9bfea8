#include <string.h>

#include "base/sheet.h"
#include "base/test.h"

static struct sheet read_ok(struct trial *t, Str bytes)
{
    struct sheet sheet = {0};
    if (sheet_read_csv(&t->cx, bytes, &sheet) != OK) {
        fail_msg("refused: %s %s", t->cx.failure.code, t->cx.failure.detail.p);
    }
    return sheet;
}

static void refused(Str bytes, const char *code)
{
    struct trial t;
    struct sheet sheet;
    trial_begin(&t);
    assert_int_not_equal(sheet_read_csv(&t.cx, bytes, &sheet), OK);
    assert_string_equal(t.cx.failure.code, code);
    trial_end(&t);
}

static void cell_is(const struct sheet *sheet, uint32_t row, uint32_t column, const char *text)
{
    assert_true(row < sheet->row_count);
    assert_string_equal(sheet_text(&sheet->rows[row], column).p, text);
}

static void test_rows_keep_their_number_and_may_be_of_any_width(void **state)
{
    struct trial t;
    (void)state;
    trial_begin(&t);
    struct sheet sheet = read_ok(&t, STR("a,b,c\r\n\r\n , \r\n1\r\n1,2,3,4\n,,x"));
    assert_int_equal(sheet.row_count, 4);
    assert_int_equal(sheet.rows[1].n, 4);
    assert_int_equal(sheet.rows[2].n, 5);
    assert_int_equal(sheet.rows[3].n, 6);
    cell_is(&sheet, 1, 0, "1");
    cell_is(&sheet, 1, 2, "");
    cell_is(&sheet, 2, 3, "4");
    cell_is(&sheet, 3, 2, "x");
    trial_end(&t);
}

static void test_quotes_hold_separators_and_line_ends(void **state)
{
    struct trial t;
    (void)state;
    trial_begin(&t);
    struct sheet sheet = read_ok(&t, STR("\"a,\"\"b\"\"\nc\",d\n e , f\xE3\x80\x80\nx\"y,z"));
    cell_is(&sheet, 0, 0, "a,\"b\"\nc");
    cell_is(&sheet, 0, 1, "d");
    cell_is(&sheet, 1, 0, "e");
    cell_is(&sheet, 1, 1, "f");
    assert_int_equal(sheet.rows[1].n, 2); /* as a spreadsheet counts */
    cell_is(&sheet, 2, 0, "x\"y");
    trial_end(&t);
    refused(STR("a,b\n\"c,d\n"), "sheet-quote");
}

static void test_texts_that_were_kept_from_being_numbers_or_formulas(void **state)
{
    struct trial t;
    (void)state;
    trial_begin(&t);
    struct sheet sheet = read_ok(&t, STR("=\"0012\",'=1+1,'-5,'abc,=1+1"));
    cell_is(&sheet, 0, 0, "0012");
    cell_is(&sheet, 0, 1, "=1+1");
    cell_is(&sheet, 0, 2, "-5");
    cell_is(&sheet, 0, 3, "'abc");
    cell_is(&sheet, 0, 4, "=1+1");
    trial_end(&t);
}

static void test_separators_and_encodings(void **state)
{
    static const char utf16[] =
        "\xFF\xFEN\x53,\0y\x53\n\0\x42\xD8\xB7\xDF,\0001\0"; /* 华,卹 𠮷,1 */
    struct trial t;
    (void)state;
    trial_begin(&t);
    struct sheet sheet = read_ok(&t, STR("\xEF\xBB\xBF甲;乙\n1;2,5"));
    cell_is(&sheet, 0, 0, "甲");
    cell_is(&sheet, 1, 1, "2,5");
    sheet = read_ok(&t, STR("甲\t乙\n\"1\"\t2,5"));
    cell_is(&sheet, 1, 0, "1");
    cell_is(&sheet, 1, 1, "2,5");
    sheet = read_ok(&t, STR("\xBC\xD7,\xD2\xD2\n\x95\x34\xB2\x35,\x82\x32\x8D\x37")); /* GB18030 */
    cell_is(&sheet, 0, 0, "甲");
    cell_is(&sheet, 1, 0, "𠮷");
    sheet = read_ok(&t, (Str){utf16, sizeof utf16 - 1});
    cell_is(&sheet, 1, 0, "𠮷");
    trial_end(&t);
    refused(STR("\xFF\xC0\x80,x"), "sheet-encoding");
    refused((Str){"a\0b", 3}, "sheet-encoding");
}

static void test_limits_are_said_with_numbers(void **state)
{
    struct trial t;
    struct buf buf;
    struct sheet sheet;
    (void)state;
    trial_begin(&t);
    buf_init(&buf, t.arena, 1 << 20);
    for (int i = 0; i < 20001; i++) {
        buf_text(&buf, "x,y\n");
    }
    assert_int_equal(sheet_read_csv(&t.cx, buf_done(&buf), &sheet), E_INPUT);
    assert_string_equal(t.cx.failure.code, "sheet-too-long");
    assert_string_equal(value_get_str(t.cx.failure.args, "rows").p, "20000");
    assert_string_equal(value_get_str(t.cx.failure.args, "most").p, "5000");
    trial_end(&t);
}

static void test_a_cell_holds_a_long_text_and_no_more(void **state)
{
    struct trial t;
    struct buf buf;
    struct sheet sheet;
    (void)state;
    trial_begin(&t);
    buf_init(&buf, t.arena, 1 << 20);
    buf_text(&buf, "a,b\n1,");
    for (int i = 0; i < SHEET_CELL_BYTES_MAX; i++) {
        buf_char(&buf, 'x');
    }
    assert_int_equal(sheet_read_csv(&t.cx, buf_done(&buf), &sheet), OK);
    buf_char(&buf, 'x');
    assert_int_equal(sheet_read_csv(&t.cx, buf_done(&buf), &sheet), E_INPUT);
    assert_string_equal(t.cx.failure.code, "sheet-cell-too-long");
    assert_string_equal(value_get_str(t.cx.failure.args, "row").p, "2");
    trial_end(&t);
}

static void test_numbers_with_lost_digits_are_known(void **state)
{
    (void)state;
    assert_true(sheet_is_scientific(STR("1.1E+17")));
    assert_true(sheet_is_scientific(STR("6.22848e+18")));
    assert_false(sheet_is_scientific(STR("110105194912310024")));
    assert_false(sheet_is_scientific(STR("E+17")));
    assert_false(sheet_is_scientific(STR("1.1E+17号")));
    assert_false(sheet_is_scientific(STR("")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rows_keep_their_number_and_may_be_of_any_width),
        cmocka_unit_test(test_quotes_hold_separators_and_line_ends),
        cmocka_unit_test(test_texts_that_were_kept_from_being_numbers_or_formulas),
        cmocka_unit_test(test_separators_and_encodings),
        cmocka_unit_test(test_limits_are_said_with_numbers),
        cmocka_unit_test(test_a_cell_holds_a_long_text_and_no_more),
        cmocka_unit_test(test_numbers_with_lost_digits_are_known),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "base/csv.h"
#include "base/test.h"
#include "render/csv.h"

static Str written(struct arena *arena, const Str *cells, uint32_t count)
{
    struct buf out;
    buf_init(&out, arena, CSV_BYTES_MAX);
    csv_row(&out, cells, count);
    return buf_done(&out);
}

static void assert_cell(const char *cell, const char *expected)
{
    struct trial t;
    trial_begin(&t);
    Str text = str_of(cell);
    assert_string_equal(written(t.arena, &text, 1).p, arena_printf(t.arena, "%s\r\n", expected));
    trial_end(&t);
}

static void test_cells_are_quoted_where_needed(void **state)
{
    (void)state;
    assert_cell("王某", "王某");
    assert_cell("", "");
    assert_cell("甲,乙", "\"甲,乙\"");
    assert_cell("说\"是\"", "\"说\"\"是\"\"\"");
    assert_cell("一\n二", "\"一\n二\"");
    assert_cell(" 空", "\" 空\"");
}

static void test_no_cell_is_a_formula(void **state)
{
    (void)state;
    assert_cell("=HYPERLINK(1)", "'=HYPERLINK(1)");
    assert_cell("+cmd|' /C calc'!A0", "'+cmd|' /C calc'!A0");
    assert_cell("-1+1", "'-1+1");
    assert_cell("@SUM(1,2)", "\"'@SUM(1,2)\"");
    assert_cell("\t=1", "\"'\t=1\"");
    assert_cell("-", "'-");
}

static void test_numbers_stay_numbers(void **state)
{
    (void)state;
    assert_cell("-50.25", "-50.25");
    assert_cell("+86", "+86");
    assert_cell("-1,234.50", "\"-1,234.50\"");
}

static void test_rows_are_read_back(void **state)
{
    (void)state;
    struct trial t;
    struct csv csv;
    struct buf out;
    const Str head[] = {STR("姓名"), STR("备注")};
    const Str row[] = {STR("王𠮷"), STR("他说：\"好,\r\n好\"")};
    trial_begin(&t);
    buf_init(&out, t.arena, CSV_BYTES_MAX);
    csv_begin(&out);
    csv_row(&out, head, 2);
    csv_row(&out, row, 2);
    assert_int_equal(csv_read(&t.cx, "t", buf_done(&out), ',', &csv), OK);
    assert_int_equal(csv.rows, 1);
    assert_string_equal(csv_cell(&csv, 0, csv_column(&csv, "姓名")).p, "王𠮷");
    assert_string_equal(csv_cell(&csv, 0, csv_column(&csv, "备注")).p, "他说：\"好,\r\n好\"");
    trial_end(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cells_are_quoted_where_needed),
        cmocka_unit_test(test_no_cell_is_a_formula),
        cmocka_unit_test(test_numbers_stay_numbers),
        cmocka_unit_test(test_rows_are_read_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

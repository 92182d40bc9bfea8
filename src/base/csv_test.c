#include <string.h>

#include "base/csv.h"
#include "base/test.h"

static struct csv read_ok(struct trial *t, const char *text, char separator)
{
    struct csv csv = {0};
    if (csv_read(&t->cx, "t.csv", str_of(text), separator, &csv) != OK) {
        fail_msg("refused: %s", t->cx.failure.detail.p);
    }
    return csv;
}

static void refused_as(Str text, char separator, const char *where)
{
    struct trial t;
    trial_begin(&t);
    struct csv csv = {.rows = 99};
    assert_int_equal(csv_read(&t.cx, "t.csv", text, separator, &csv), E_READ);
    assert_string_equal(t.cx.failure.code, "data-unreadable");
    if (!str_starts(t.cx.failure.detail, where)) {
        fail_msg("refused as %s, not at %s", t.cx.failure.detail.p, where);
    }
    assert_int_equal(csv.rows, 99);
    trial_end(&t);
}

static void refused(const char *text, const char *where)
{
    refused_as(str_of(text), ',', where);
}

static void cell_is(const struct csv *csv, uint32_t row, const char *column, const char *text)
{
    assert_string_equal(csv_cell(csv, row, csv_column(csv, column)).p, text);
    assert_int_equal(csv_cell(csv, row, csv_column(csv, column)).n, strlen(text));
}

static void test_cells_are_found_by_column(void **state)
{
    (void)state;
    struct trial t;
    trial_begin(&t);
    struct csv csv = read_ok(&t, "code,name\n京0105,北京市朝阳区人民法院\n京0106,𠮷\n", ',');
    assert_int_equal(csv.columns, 2);
    assert_int_equal(csv.rows, 2);
    cell_is(&csv, 0, "code", "京0105");
    cell_is(&csv, 0, "name", "北京市朝阳区人民法院");
    cell_is(&csv, 1, "name", "𠮷");
    trial_end(&t);
}

static void test_an_absent_column_is_minus_one_and_reads_empty(void **state)
{
    (void)state;
    struct trial t;
    trial_begin(&t);
    struct csv csv = read_ok(&t, "a,b\n1,2\n", ',');
    assert_int_equal(csv_column(&csv, "c"), -1);
    assert_int_equal(csv_cell(&csv, 0, -1).n, 0);
    trial_end(&t);
}

static void test_quotes_hold_separators_quotes_and_lines(void **state)
{
    (void)state;
    struct trial t;
    trial_begin(&t);
    struct csv csv =
        read_ok(&t, "a,b\n\"x,y\",\"say \"\"hi\"\"\"\n\"one\ntwo\r\n\",\"\"\n\"\"\"\",z", ',');
    assert_int_equal(csv.rows, 3);
    cell_is(&csv, 0, "a", "x,y");
    cell_is(&csv, 0, "b", "say \"hi\"");
    cell_is(&csv, 1, "a", "one\ntwo\r\n");
    cell_is(&csv, 1, "b", "");
    cell_is(&csv, 2, "a", "\"");
    cell_is(&csv, 2, "b", "z");
    trial_end(&t);
}

static void test_mark_crlf_and_empty_rows_are_no_content(void **state)
{
    (void)state;
    struct trial t;
    trial_begin(&t);
    struct csv csv = read_ok(&t, "\xEF\xBB\xBF\r\na,b\r\n\r\n1,2\r\n\n3,\r\n\r\n", ',');
    assert_int_equal(csv.rows, 2);
    assert_int_equal(csv_column(&csv, "a"), 0);
    cell_is(&csv, 0, "b", "2");
    cell_is(&csv, 1, "a", "3");
    cell_is(&csv, 1, "b", "");
    trial_end(&t);
}

static void test_the_last_row_may_lack_its_line_end(void **state)
{
    (void)state;
    struct trial t;
    trial_begin(&t);
    struct csv csv = read_ok(&t, "a,b\n1,", ',');
    assert_int_equal(csv.rows, 1);
    cell_is(&csv, 0, "b", "");
    csv = read_ok(&t, "a,b", ',');
    assert_int_equal(csv.rows, 0);
    csv = read_ok(&t, "a\n\"\"\n\n", ','); /* an empty cell in quotes is a row */
    assert_int_equal(csv.rows, 1);
    trial_end(&t);
}

static void test_tabs_separate_without_quoting(void **state)
{
    (void)state;
    struct trial t;
    trial_begin(&t);
    struct csv csv = read_ok(&t, "a\tb\n\"x\" y,\t\"\n", '\t');
    cell_is(&csv, 0, "a", "\"x\" y,");
    cell_is(&csv, 0, "b", "\"");
    refused_as(STR("a\tb\n1\n"), '\t', "t.csv:2: fewer");
    trial_end(&t);
}

static void test_rows_of_another_width_are_refused(void **state)
{
    (void)state;
    refused("a,b\n1,2\n3\n", "t.csv:3: fewer cells");
    refused("a,b\n\n1,2,3\n", "t.csv:3: more cells");
    refused("a,b\n\"one\ntwo\",2\n3,4,\n", "t.csv:4: more cells");
    refused("a,b\n1,2\n3", "t.csv:3: fewer cells");
}

static void test_stray_quotes_are_refused(void **state)
{
    (void)state;
    refused("a,b\n1,x\"y\n", "t.csv:2: a quote inside");
    refused("a,b\n1,\"x\"y\n", "t.csv:2: text behind");
    refused("a,b\n1,\"x\" \n", "t.csv:2: text behind");
    refused("a,b\n1,2\n3,\"never\nclosed\n", "t.csv:3: a quote is never closed");
    refused("a,b\n1,\"", "t.csv:2: a quote is never closed");
}

static void test_bare_carriage_returns_are_refused(void **state)
{
    (void)state;
    refused("a,b\n1,2\r3,4\n", "t.csv:2: a carriage return");
    refused("a,b\n1,2\r", "t.csv:2: a carriage return");
}

static void test_text_that_is_not_utf8_is_refused(void **state)
{
    (void)state;
    refused("a,b\n1,\xB7\xA8\n", "t.csv:2: bytes that are not UTF-8");
    refused_as(STR("a,b\n1,2\n3,\0\n"), ',', "t.csv:3: bytes that are not UTF-8");
}

static void test_a_header_is_needed_and_names_once(void **state)
{
    (void)state;
    refused("", "t.csv:1: there is no header");
    refused("\n\r\n", "t.csv:1: there is no header");
    refused("a,b,a\n1,2,3\n", "t.csv:1: column \"a\" is given twice");
}

/* As many cells as separators and line ends allow, so that the room counted is the room needed. */
static void test_a_wide_and_a_long_table_fit(void **state)
{
    (void)state;
    struct trial t;
    trial_begin(&t);
    struct buf text;
    buf_init(&text, t.arena, 1 << 20);
    for (int i = 0; i < 300; i++) {
        buf_printf(&text, "%sc%d", i == 0 ? "" : ",", i);
    }
    for (int row = 0; row < 50; row++) {
        buf_char(&text, '\n');
        for (int i = 0; i < 300; i++) {
            buf_printf(&text, "%s%d", i == 0 ? "" : ",", row * 1000 + i);
        }
    }
    struct csv csv = read_ok(&t, buf_done(&text).p, ',');
    assert_int_equal(csv.columns, 300);
    assert_int_equal(csv.rows, 50);
    cell_is(&csv, 49, "c299", "49299");
    csv = read_ok(&t, "c\n1\n2\n3\n4\n5", ',');
    assert_int_equal(csv.rows, 5);
    trial_end(&t);
}

static void test_every_prefix_is_answered(void **state)
{
    (void)state;
    const char *text = "a,\"b\"\r\n\"x\"\"\n\",2\n\n3,诉\n";
    for (size_t n = 0; n <= strlen(text); n++) {
        struct trial t;
        trial_begin(&t);
        struct csv csv = {0};
        enum status status = csv_read(&t.cx, "t.csv", str_copy(t.arena, text, n), ',', &csv);
        assert_true(status == OK ? csv.columns > 0 : status == E_READ);
        trial_end(&t);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cells_are_found_by_column),
        cmocka_unit_test(test_an_absent_column_is_minus_one_and_reads_empty),
        cmocka_unit_test(test_quotes_hold_separators_quotes_and_lines),
        cmocka_unit_test(test_mark_crlf_and_empty_rows_are_no_content),
        cmocka_unit_test(test_the_last_row_may_lack_its_line_end),
        cmocka_unit_test(test_tabs_separate_without_quoting),
        cmocka_unit_test(test_rows_of_another_width_are_refused),
        cmocka_unit_test(test_stray_quotes_are_refused),
        cmocka_unit_test(test_bare_carriage_returns_are_refused),
        cmocka_unit_test(test_text_that_is_not_utf8_is_refused),
        cmocka_unit_test(test_a_header_is_needed_and_names_once),
        cmocka_unit_test(test_a_wide_and_a_long_table_fit),
        cmocka_unit_test(test_every_prefix_is_answered),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

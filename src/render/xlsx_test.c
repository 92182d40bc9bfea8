#include <string.h>
#include <zip.h>

#include "base/test.h"
#include "render/xlsx.h"

#define BOOK(state)                                                                        \
    "<workbook xmlns:r=\"r\"><sheets><sheet name=\"a\" sheetId=\"1\" r:id=\"rId1\" " state \
    "/><sheet name=\"b\" sheetId=\"2\" r:id=\"rId2\"/></sheets></workbook>"
#define RELS                                                                 \
    "<Relationships><Relationship Id=\"rId1\" Target=\"worksheets/a.xml\"/>" \
    "<Relationship Id=\"rId2\" Target=\"/xl/worksheets/b.xml\"/></Relationships>"

struct part {
    const char *name;
    const char *text;
};

static Str packed(struct arena *arena, const struct part *parts)
{
    zip_error_t error;
    zip_stat_t about;
    zip_error_init(&error);
    zip_source_t *file = zip_source_buffer_create(NULL, 0, 0, &error);
    zip_t *zip = zip_open_from_source(file, ZIP_CREATE | ZIP_TRUNCATE, &error);
    assert_non_null(zip);
    zip_source_keep(file);
    for (; parts->name != NULL; parts++) {
        zip_source_t *source = zip_source_buffer(zip, parts->text, strlen(parts->text), 0);
        assert_true(zip_file_add(zip, parts->name, source, 0) >= 0);
    }
    assert_int_equal(zip_close(zip), 0);
    assert_int_equal(zip_source_open(file), 0);
    assert_int_equal(zip_source_stat(file, &about), 0);
    char *bytes = arena_alloc(arena, (size_t)about.size + 1);
    assert_int_equal(zip_source_read(file, bytes, about.size), about.size);
    (void)zip_source_close(file);
    zip_source_free(file);
    zip_error_fini(&error);
    return (Str){bytes, (size_t)about.size};
}

/* A book with this sheet, and these styles or texts. */
static Str book(struct arena *arena, const char *sheet, const char *more, const char *text)
{
    const struct part parts[] = {{"xl/workbook.xml", BOOK("")},
                                 {"xl/_rels/workbook.xml.rels", RELS},
                                 {"xl/worksheets/a.xml", sheet},
                                 {more, text},
                                 {NULL, NULL}};
    return packed(arena, parts);
}

static struct sheet read_ok(struct trial *t, Str bytes)
{
    struct sheet sheet = {0};
    if (xlsx_read(&t->cx, bytes, &sheet) != OK) {
        fail_msg("refused: %s %s", t->cx.failure.code, t->cx.failure.detail.p);
    }
    return sheet;
}

static void refused(struct trial *t, Str bytes, const char *code)
{
    struct sheet sheet;
    assert_int_equal(xlsx_read(&t->cx, bytes, &sheet), E_INPUT);
    assert_string_equal(t->cx.failure.code, code);
    cx_forgive(&t->cx);
}

static void cell_is(const struct sheet *sheet, uint32_t row, uint32_t column, const char *text,
                    enum sheet_odd odd)
{
    assert_true(row < sheet->row_count);
    assert_string_equal(sheet_text(&sheet->rows[row], column).p, text);
    assert_int_equal(sheet_odd(&sheet->rows[row], column), odd);
}

static void test_what_is_written_is_read(void **state)
{
    static const Str cells[] = {
        {"编号", 6},   {"证件", 6}, {"<&>\"'", 5}, {"𠮷㼆", 7},     {"110105195001010004", 18},
        {" a\nb ", 5}, {"", 0},     {"=1+1", 4},   {"\x01x\x0B", 3}};
    static const Str help[] = {{"怎么填", 9}};
    const struct xlsx_sheet sheets[] = {{"案件", cells, 3, 3}, {XLSX_HELP_SHEET, help, 1, 1}};
    struct trial t;
    Str file = {"", 0};
    (void)state;
    trial_begin(&t);
    assert_int_equal(xlsx_write(&t.cx, sheets, 2, &file), OK);
    struct sheet sheet = read_ok(&t, file);
    assert_int_equal(sheet.row_count, 3);
    assert_int_equal(sheet.sheets_left_out, 0);
    cell_is(&sheet, 0, 2, "<&>\"'", SHEET_PLAIN);
    cell_is(&sheet, 1, 0, "𠮷㼆", SHEET_PLAIN);
    cell_is(&sheet, 1, 1, "110105195001010004", SHEET_PLAIN);
    cell_is(&sheet, 1, 2, "a\nb", SHEET_PLAIN);
    cell_is(&sheet, 2, 0, "", SHEET_PLAIN);
    cell_is(&sheet, 2, 1, "=1+1", SHEET_PLAIN);
    cell_is(&sheet, 2, 2, "x", SHEET_PLAIN);
    trial_end(&t);
}

static void test_numbers_dates_and_formulas(void **state)
{
    static const char styles[] =
        "<styleSheet><numFmts><numFmt numFmtId=\"200\" formatCode=\"yyyy&quot;年&quot;m\"/>"
        "<numFmt numFmtId=\"201\" formatCode=\"0.00&quot;day&quot;\"/></numFmts>"
        "<cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"14\"/><xf numFmtId=\"200\"/>"
        "<xf numFmtId=\"201\"/></cellXfs></styleSheet>";
    static const char sheet_xml[] =
        "<worksheet><sheetData><row r=\"3\"><c r=\"A3\"><v>5000.1000000000004</v></c>"
        "<c r=\"B3\"><v>1.10105195001010E+17</v></c><c r=\"C3\" s=\"1\"><v>46083</v></c>"
        "<c r=\"D3\" s=\"2\"><v>46083.5</v></c><c r=\"E3\" s=\"3\"><v>46083</v></c>"
        "<c r=\"G3\"><f>1+1</f><v>2</v></c><c r=\"H3\"><f>1+1</f></c><c r=\"I3\" t=\"str\"><f>a</f>"
        "<v>甲</v></c><c r=\"J3\" t=\"e\"><v>#N/A</v></c><c r=\"K3\" t=\"b\"><v>1</v></c>"
        "<c r=\"L3\"/></row></sheetData></worksheet>";
    struct trial t;
    (void)state;
    trial_begin(&t);
    struct sheet sheet = read_ok(&t, book(t.arena, sheet_xml, "xl/styles.xml", styles));
    assert_int_equal(sheet.row_count, 1);
    assert_int_equal(sheet.rows[0].n, 3);
    assert_int_equal(sheet.rows[0].count, 11);
    assert_int_equal(sheet.sheets_left_out, 1);
    cell_is(&sheet, 0, 0, "5000.1", SHEET_NUMBER);
    cell_is(&sheet, 0, 1, "1.1010519500101e+17", SHEET_ROUNDED);
    cell_is(&sheet, 0, 2, "2026-03-02", SHEET_PLAIN);
    cell_is(&sheet, 0, 3, "2026-03-02", SHEET_PLAIN);
    cell_is(&sheet, 0, 4, "46083", SHEET_NUMBER);
    cell_is(&sheet, 0, 5, "", SHEET_PLAIN);
    cell_is(&sheet, 0, 6, "2", SHEET_NUMBER);
    cell_is(&sheet, 0, 7, "", SHEET_NOT_COMPUTED);
    cell_is(&sheet, 0, 8, "甲", SHEET_PLAIN);
    cell_is(&sheet, 0, 9, "#N/A", SHEET_ERROR);
    cell_is(&sheet, 0, 10, "是", SHEET_PLAIN);
    trial_end(&t);
}

static void test_shared_texts_and_merged_cells(void **state)
{
    static const char strings[] =
        "<sst><si><t>甲</t></si><si><r><t>王</t></r><r><t xml:space=\"preserve\">某 </t></r>"
        "<rPh sb=\"0\" eb=\"1\"><t>wang</t></rPh></si><si><t>a_x000A_b_x0041_</t></si></sst>";
    static const char sheet_xml[] =
        "<worksheet><sheetData><row><c t=\"s\"><v>0</v></c><c t=\"s\"><v>1</v></c></row>"
        "<row><c r=\"B2\" t=\"s\"><v>2</v></c></row>"
        "<row r=\"9\"><c r=\"C9\" t=\"s\"><v>0</v></c></row>"
        "<row r=\"10\"><c r=\"A10\" t=\"s\"><v>77</v></c></row>"
        "</sheetData><mergeCells><mergeCell ref=\"A1:A2\"/><mergeCell ref=\"A9:XFD1048576\"/>"
        "<mergeCell ref=\"nonsense\"/></mergeCells></worksheet>";
    struct trial t;
    (void)state;
    trial_begin(&t);
    struct sheet sheet = read_ok(&t, book(t.arena, sheet_xml, "xl/sharedStrings.xml", strings));
    assert_int_equal(sheet.row_count, 3);
    cell_is(&sheet, 0, 1, "王某", SHEET_PLAIN);
    cell_is(&sheet, 1, 0, "甲", SHEET_PLAIN);
    cell_is(&sheet, 1, 1, "a\nbA", SHEET_PLAIN);
    assert_int_equal(sheet.rows[2].n, 9);
    trial_end(&t);
}

static void test_a_hidden_sheet_is_passed_over(void **state)
{
    static const char shown[] =
        "<worksheet><sheetData><row r=\"1\"><c r=\"A1\" t=\"inlineStr\"><is><t>shown</t></is></c>"
        "</row>"
        "</sheetData></worksheet>";
    const struct part parts[] = {{"xl/workbook.xml", BOOK("state=\"veryHidden\"")},
                                 {"xl/_rels/workbook.xml.rels", RELS},
                                 {"xl/worksheets/a.xml", "<worksheet/>"},
                                 {"xl/worksheets/b.xml", shown},
                                 {NULL, NULL}};
    struct trial t;
    (void)state;
    trial_begin(&t);
    struct sheet sheet = read_ok(&t, packed(t.arena, parts));
    cell_is(&sheet, 0, 0, "shown", SHEET_PLAIN);
    trial_end(&t);
}

static void test_what_wants_more_than_a_table_is_refused(void **state)
{
    static const char entity[] =
        "<!DOCTYPE w [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><worksheet>"
        "<sheetData><row r=\"1\"><c r=\"A1\" t=\"inlineStr\"><is><t>&x;</t></is></c></row>"
        "</sheetData></worksheet>";
    static const char laughs[] =
        "<!DOCTYPE w [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;&a;\">]><worksheet>&b;</worksheet>";
    const struct part outside[] = {
        {"xl/workbook.xml", BOOK("")},
        {"xl/_rels/workbook.xml.rels",
         "<Relationships><Relationship Id=\"rId1\" TargetMode=\"External\" "
         "Target=\"http://localhost/a.xml\"/></Relationships>"},
        {NULL, NULL}};
    const struct part nothing[] = {{"a.txt", "x"}, {NULL, NULL}};
    struct trial t;
    (void)state;
    trial_begin(&t);
    refused(&t, book(t.arena, entity, "x", "y"), "sheet-unreadable");
    refused(&t, book(t.arena, laughs, "x", "y"), "sheet-unreadable");
    refused(&t, book(t.arena, "<worksheet><sheetData>", "x", "y"), "sheet-unreadable");
    refused(&t, packed(t.arena, outside), "sheet-unreadable");
    refused(&t, packed(t.arena, nothing), "sheet-unreadable");
    refused(&t, STR("PK\x03\x04 and no more"), "sheet-unreadable");
    refused(&t,
            book(t.arena,
                 "<worksheet><sheetData><row r=\"1\"><c r=\"ZZZ1\"><v>1</v></c></row></sheetData>"
                 "</worksheet>",
                 "x", "y"),
            "sheet-too-wide");
    trial_end(&t);
}

static void test_too_many_rows_are_counted_not_kept(void **state)
{
    struct trial t;
    struct buf buf;
    struct sheet sheet;
    (void)state;
    trial_begin(&t);
    buf_init(&buf, t.arena, 16 << 20);
    buf_text(&buf, "<worksheet><sheetData>");
    for (int i = 1; i <= 100001; i++) {
        buf_printf(&buf, "<row r=\"%d\"><c r=\"A%d\"><v>%d</v></c></row>", i, i, i);
    }
    buf_text(&buf, "</sheetData></worksheet>");
    Str file = book(t.arena, buf_done(&buf).p, "x", "y");
    assert_int_equal(xlsx_read(&t.cx, file, &sheet), E_INPUT);
    assert_string_equal(t.cx.failure.code, "sheet-too-long");
    assert_string_equal(value_get_str(t.cx.failure.args, "rows").p, "100000");
    trial_end(&t);
}

static void test_a_text_longer_than_a_form_takes_is_refused(void **state)
{
    struct trial t;
    struct sheet sheet;
    (void)state;
    trial_begin(&t);
    char *text = arena_alloc(t.arena, SHEET_CELL_BYTES_MAX + 2);
    memset(text, 'x', SHEET_CELL_BYTES_MAX + 1);
    const char *sheet_xml = arena_printf(
        t.arena,
        "<worksheet><row r=\"7\"><c t=\"inlineStr\"><is><t>%s</t></is></c></row></worksheet>",
        text);
    Str file = book(t.arena, sheet_xml, "x", "y");
    assert_int_equal(xlsx_read(&t.cx, file, &sheet), E_INPUT);
    assert_string_equal(t.cx.failure.code, "sheet-cell-too-long");
    assert_string_equal(value_get_str(t.cx.failure.args, "row").p, "7");
    trial_end(&t);
}

static void test_a_bomb_goes_off_nowhere(void **state)
{
    enum { BOMB_BYTES = 200 << 20 };

    struct trial t;
    struct sheet sheet;
    (void)state;
    trial_begin(&t);
    struct arena *large = arena_open((size_t)1 << 30);
    char *blanks = arena_alloc(large, BOMB_BYTES + 1);
    memset(blanks, ' ', BOMB_BYTES);
    memcpy(blanks, "<worksheet>", strlen("<worksheet>"));
    Str file = book(t.arena, blanks, "x", "y");
    assert_true(file.n < (1 << 20));
    assert_int_equal(xlsx_read(&t.cx, file, &sheet), E_INPUT);
    assert_string_equal(t.cx.failure.code, "sheet-unreadable");
    assert_true(arena_total_bytes(t.arena) < (16 << 20));
    arena_close(large);
    trial_end(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_is_written_is_read),
        cmocka_unit_test(test_numbers_dates_and_formulas),
        cmocka_unit_test(test_shared_texts_and_merged_cells),
        cmocka_unit_test(test_a_hidden_sheet_is_passed_over),
        cmocka_unit_test(test_what_wants_more_than_a_table_is_refused),
        cmocka_unit_test(test_too_many_rows_are_counted_not_kept),
        cmocka_unit_test(test_a_text_longer_than_a_form_takes_is_refused),
        cmocka_unit_test(test_a_bomb_goes_off_nowhere),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

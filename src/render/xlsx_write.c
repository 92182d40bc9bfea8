/* The least that spreadsheet programs take: texts inside their cells, one style for headings and
 * one for the rest, both of them text. */
#include <string.h>
#include <zip.h>

#include "base/check.h"
#include "render/xlsx.h"

enum { PART_BYTES_MAX = 64 << 20, FILE_BYTES_MAX = 64 << 20, PARTS_MAX = 16 };

#define HEAD     "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n"
#define MAIN     "xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\""
#define DOCUMENT "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
#define PACKAGE  "http://schemas.openxmlformats.org/package/2006/"
#define TYPE     "application/vnd.openxmlformats-officedocument.spreadsheetml."

/* The number format 49 is "@": what is typed stays as it is typed. */
static const char styles_xml[] = HEAD
    "<styleSheet " MAIN "><fonts count=\"2\"><font><sz val=\"11\"/><name val=\"Calibri\"/></font>"
    "<font><b/><sz val=\"11\"/><name val=\"Calibri\"/></font></fonts>"
    "<fills count=\"2\"><fill><patternFill patternType=\"none\"/></fill>"
    "<fill><patternFill patternType=\"gray125\"/></fill></fills>"
    "<borders count=\"1\"><border><left/><right/><top/><bottom/><diagonal/></border></borders>"
    "<cellStyleXfs count=\"1\"><xf numFmtId=\"0\" fontId=\"0\" fillId=\"0\" borderId=\"0\"/>"
    "</cellStyleXfs><cellXfs count=\"3\">"
    "<xf numFmtId=\"0\" fontId=\"0\" fillId=\"0\" borderId=\"0\" xfId=\"0\"/>"
    "<xf numFmtId=\"49\" fontId=\"0\" fillId=\"0\" borderId=\"0\" xfId=\"0\" "
    "applyNumberFormat=\"1\" applyAlignment=\"1\"><alignment vertical=\"top\" wrapText=\"1\"/></xf>"
    "<xf numFmtId=\"49\" fontId=\"1\" fillId=\"0\" borderId=\"0\" xfId=\"0\" "
    "applyNumberFormat=\"1\" applyFont=\"1\"/></cellXfs></styleSheet>";

static const char package_rels[] =
    HEAD "<Relationships xmlns=\"" PACKAGE "relationships\"><Relationship Id=\"rId1\" "
         "Type=\"" DOCUMENT "/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>";

/* --- texts --- */

/* XML has no control characters but white space. */
static void put_text(struct buf *out, Str text)
{
    size_t at = 0;
    uint32_t c = 0;
    for (size_t from = 0; utf8_next(text, &at, &c); from = at) {
        switch (c) {
        case '&': buf_text(out, "&amp;"); break;
        case '<': buf_text(out, "&lt;"); break;
        case '>': buf_text(out, "&gt;"); break;
        case '"': buf_text(out, "&quot;"); break;
        default:
            if (c >= ' ' ? c < 0xFFFE || c > 0xFFFF : c == '\n' || c == '\t') {
                buf_add(out, text.p + from, at - from);
            }
        }
    }
}

/* A, Z, AA */
static void put_column(struct buf *out, uint32_t column)
{
    char letters[8];
    size_t n = 0;
    for (uint32_t left = column + 1; left > 0; left = (left - 1) / 26) {
        letters[n++] = (char)('A' + (left - 1) % 26);
    }
    while (n > 0) {
        buf_char(out, letters[--n]);
    }
}

/* --- parts --- */

static Str sheet_xml(struct arena *arena, const struct xlsx_sheet *sheet)
{
    struct buf out;
    buf_init(&out, arena, PART_BYTES_MAX);
    buf_text(&out, HEAD "<worksheet " MAIN "><sheetViews><sheetView workbookViewId=\"0\">"
                        "<pane ySplit=\"1\" topLeftCell=\"A2\" activePane=\"bottomLeft\" "
                        "state=\"frozen\"/></sheetView></sheetViews>");
    buf_printf(&out,
               "<cols><col min=\"1\" max=\"%u\" width=\"18\" style=\"1\" customWidth=\"1\"/>"
               "</cols><sheetData>",
               sheet->columns);
    for (uint32_t r = 0; r < sheet->rows; r++) {
        buf_printf(&out, "<row r=\"%u\">", r + 1);
        for (uint32_t c = 0; c < sheet->columns; c++) {
            Str cell = sheet->cells[(size_t)r * sheet->columns + c];
            if (cell.n == 0) {
                continue;
            }
            buf_text(&out, "<c r=\"");
            put_column(&out, c);
            buf_printf(&out, "%u\" s=\"%d\" t=\"inlineStr\"><is><t xml:space=\"preserve\">", r + 1,
                       r == 0 ? 2 : 1);
            put_text(&out, cell);
            buf_text(&out, "</t></is></c>");
        }
        buf_text(&out, "</row>");
    }
    buf_text(&out, "</sheetData></worksheet>");
    return buf_is_over(&out) ? STR("") : buf_done(&out);
}

static Str workbook_xml(struct arena *arena, const struct xlsx_sheet *sheets, uint32_t count)
{
    struct buf out;
    buf_init(&out, arena, PART_BYTES_MAX);
    buf_text(&out, HEAD "<workbook " MAIN " xmlns:r=\"" DOCUMENT "\"><sheets>");
    for (uint32_t i = 0; i < count; i++) {
        buf_text(&out, "<sheet name=\"");
        put_text(&out, str_of(sheets[i].name));
        buf_printf(&out, "\" sheetId=\"%u\" r:id=\"rId%u\"/>", i + 1, i + 1);
    }
    buf_text(&out, "</sheets></workbook>");
    return buf_done(&out);
}

static Str workbook_rels(struct arena *arena, uint32_t count)
{
    struct buf out;
    buf_init(&out, arena, PART_BYTES_MAX);
    buf_text(&out, HEAD "<Relationships xmlns=\"" PACKAGE "relationships\">");
    for (uint32_t i = 1; i <= count; i++) {
        buf_printf(&out,
                   "<Relationship Id=\"rId%u\" Type=\"" DOCUMENT
                   "/worksheet\" Target=\"worksheets/sheet%u.xml\"/>",
                   i, i);
    }
    buf_printf(&out,
               "<Relationship Id=\"rId%u\" Type=\"" DOCUMENT "/styles\" Target=\"styles.xml\"/>"
               "</Relationships>",
               count + 1);
    return buf_done(&out);
}

static Str types_xml(struct arena *arena, uint32_t count)
{
    struct buf out;
    buf_init(&out, arena, PART_BYTES_MAX);
    buf_text(&out, HEAD "<Types xmlns=\"" PACKAGE "content-types\"><Default Extension=\"rels\" "
                        "ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>"
                        "<Default Extension=\"xml\" ContentType=\"application/xml\"/>"
                        "<Override PartName=\"/xl/workbook.xml\" ContentType=\"" TYPE
                        "sheet.main+xml\"/><Override PartName=\"/xl/styles.xml\" "
                        "ContentType=\"" TYPE "styles+xml\"/>");
    for (uint32_t i = 1; i <= count; i++) {
        buf_printf(&out,
                   "<Override PartName=\"/xl/worksheets/sheet%u.xml\" ContentType=\"" TYPE
                   "worksheet+xml\"/>",
                   i);
    }
    buf_text(&out, "</Types>");
    return buf_done(&out);
}

/* --- the file --- */

static bool part_add(zip_t *zip, const char *name, Str bytes)
{
    zip_source_t *source = zip_source_buffer(zip, bytes.p, bytes.n, 0);
    if (source == NULL || bytes.n == 0 || zip_file_add(zip, name, source, 0) < 0) {
        zip_source_free(source);
        return false;
    }
    return true;
}

static bool parts_add(struct arena *arena, zip_t *zip, const struct xlsx_sheet *sheets,
                      uint32_t count)
{
    bool ok = part_add(zip, "[Content_Types].xml", types_xml(arena, count)) &&
              part_add(zip, "_rels/.rels", (Str){package_rels, sizeof package_rels - 1}) &&
              part_add(zip, "xl/workbook.xml", workbook_xml(arena, sheets, count)) &&
              part_add(zip, "xl/_rels/workbook.xml.rels", workbook_rels(arena, count)) &&
              part_add(zip, "xl/styles.xml", (Str){styles_xml, sizeof styles_xml - 1});
    for (uint32_t i = 0; ok && i < count; i++) {
        ok = part_add(zip, arena_printf(arena, "xl/worksheets/sheet%u.xml", i + 1),
                      sheet_xml(arena, &sheets[i]));
    }
    return ok;
}

static bool source_drain(struct arena *arena, zip_source_t *source, Str *out)
{
    zip_stat_t about;
    if (zip_source_open(source) != 0) {
        return false;
    }
    bool ok = zip_source_stat(source, &about) == 0 && (about.valid & ZIP_STAT_SIZE) != 0 &&
              about.size <= FILE_BYTES_MAX;
    if (ok) {
        char *bytes = arena_alloc(arena, (size_t)about.size + 1);
        ok = zip_source_read(source, bytes, about.size) == (zip_int64_t)about.size;
        *out = (Str){bytes, (size_t)about.size};
    }
    (void)zip_source_close(source);
    return ok;
}

enum status xlsx_write(struct cx *cx, const struct xlsx_sheet *sheets, uint32_t count, Str *out)
{
    zip_error_t error;
    check(count > 0 && count <= PARTS_MAX);
    zip_error_init(&error);
    zip_source_t *file = zip_source_buffer_create(NULL, 0, 0, &error);
    zip_t *zip =
        file == NULL ? NULL : zip_open_from_source(file, ZIP_CREATE | ZIP_TRUNCATE, &error);
    zip_error_fini(&error);
    if (zip == NULL) {
        zip_source_free(file);
        return FAIL(cx, E_BUG, "bug", "no zip in memory");
    }
    zip_source_keep(file);
    bool ok = parts_add(cx->arena, zip, sheets, count);
    if (!ok) {
        zip_discard(zip);
    } else if (zip_close(zip) != 0) {
        zip_discard(zip);
        ok = false;
    }
    ok = ok && source_drain(cx->arena, file, out);
    zip_source_free(file);
    return ok ? OK : FAIL(cx, E_TOO_LARGE, "sheet-too-large", "a table past our limits");
}

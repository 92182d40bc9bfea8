#include "render/docx.h"

#include <inttypes.h>
#include <string.h>
#include <zip.h>

#include "render/paper_content.h"

enum { TABLE_TWIPS = 8850, SECOND_FIRST = 315532800 /* 1980-01-01, the first day a ZIP knows */ };

static const char TYPES[] =
    "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>"
    "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\">"
    "<Default Extension=\"rels\" "
    "ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>"
    "<Override PartName=\"/word/document.xml\" "
    "ContentType=\"application/"
    "vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml\"/></Types>";
static const char RELATIONS[] =
    "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>"
    "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">"
    "<Relationship Id=\"r1\" "
    "Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument\" "
    "Target=\"word/document.xml\"/></Relationships>";
static const char HEAD[] =
    "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>"
    "<w:document xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"><w:body>";
static const char FOOT[] =
    "<w:sectPr><w:pgSz w:w=\"11906\" w:h=\"16838\"/><w:pgMar w:top=\"1440\" w:right=\"1528\" "
    "w:bottom=\"1440\" w:left=\"1528\" w:header=\"720\" w:footer=\"720\" w:gutter=\"0\"/>"
    "</w:sectPr></w:body></w:document>";

/* --- text --- */

static void escaped(struct buf *out, Str text)
{
    for (size_t i = 0; i < text.n; i++) {
        char c = text.p[i];
        if (c == '&') {
            buf_text(out, "&amp;");
        } else if (c == '<') {
            buf_text(out, "&lt;");
        } else if (c == '>') {
            buf_text(out, "&gt;");
        } else {
            buf_char(out, c);
        }
    }
}

struct dress {
    const char *align; /* left center right */
    int half_points;   /* of the type */
    bool bold;
    int indent_chars; /* of the first line, in hundredths */
};

static void paragraph(struct buf *out, const struct dress *dress, Str line)
{
    buf_printf(out, "<w:p><w:pPr><w:jc w:val=\"%s\"/>", dress->align);
    if (dress->indent_chars > 0) {
        buf_printf(out, "<w:ind w:firstLineChars=\"%d\"/>", dress->indent_chars);
    }
    buf_printf(out,
               "</w:pPr><w:r><w:rPr><w:rFonts w:eastAsia=\"宋体\"/>%s<w:sz w:val=\"%d\"/>"
               "</w:rPr><w:t xml:space=\"preserve\">",
               dress->bold ? "<w:b/>" : "", dress->half_points);
    escaped(out, line);
    buf_text(out, "</w:t></w:r></w:p>");
}

/* A newline begins another paragraph. */
static void paragraphs(struct cx *cx, struct buf *out, const struct dress *dress, Str text)
{
    Str *lines = NULL;
    size_t count = str_split(cx->arena, text, '\n', &lines);
    for (size_t i = 0; i < count; i++) {
        paragraph(out, dress, lines[i]);
    }
    if (count == 0) {
        paragraph(out, dress, STR(""));
    }
}

/* --- tables --- */

static void cell(struct cx *cx, struct buf *out, int64_t twips, uint32_t span,
                 const struct dress *dress, Str text)
{
    buf_printf(out, "<w:tc><w:tcPr><w:tcW w:w=\"%" PRId64 "\" w:type=\"dxa\"/>", twips);
    if (span > 1) {
        buf_printf(out, "<w:gridSpan w:val=\"%u\"/>", span);
    }
    buf_text(out, "</w:tcPr>");
    paragraphs(cx, out, dress, text);
    buf_text(out, "</w:tc>");
}

static void row(struct cx *cx, struct buf *out, const struct paper_table *table,
                const int64_t *twips, const Str *cells, bool header)
{
    static const char *const aligns[] = {"left", "center", "right"};
    buf_text(out, "<w:tr>");
    for (uint32_t i = 0; i < table->columns; i++) {
        struct dress dress = {.align = header ? "center" : aligns[table->aligns[i]],
                              .half_points = 21,
                              .bold = header || (table->has_labels && i == 0)};
        cell(cx, out, twips[i], 1, &dress, cells[i]);
    }
    buf_text(out, "</w:tr>");
}

static void table_write(struct cx *cx, struct buf *out, const struct paper_table *table)
{
    static const char *const sides[] = {"top", "left", "bottom", "right", "insideH", "insideV"};
    int64_t twips[PAPER_COLUMNS_MAX];
    int64_t shares = 0;
    for (uint32_t i = 0; i < table->columns; i++) {
        shares += table->widths[i];
    }
    buf_printf(out, "<w:tbl><w:tblPr><w:tblW w:w=\"%d\" w:type=\"dxa\"/><w:tblBorders>",
               TABLE_TWIPS);
    for (size_t i = 0; i < sizeof sides / sizeof sides[0]; i++) {
        buf_printf(out, "<w:%s w:val=\"single\" w:sz=\"4\"/>", sides[i]);
    }
    buf_text(out, "</w:tblBorders></w:tblPr><w:tblGrid>");
    for (uint32_t i = 0; i < table->columns; i++) {
        twips[i] = TABLE_TWIPS * table->widths[i] / shares;
        buf_printf(out, "<w:gridCol w:w=\"%" PRId64 "\"/>", twips[i]);
    }
    buf_text(out, "</w:tblGrid>");
    if (table->has_header) {
        row(cx, out, table, twips, table->titles, true);
    }
    for (const struct paper_row *r = table->rows; r != NULL; r = r->next) {
        if (!r->spans) {
            row(cx, out, table, twips, r->cells, false);
            continue;
        }
        struct dress dress = {
            .align = r->heads ? "center" : "left", .half_points = 21, .bold = r->heads};
        buf_text(out, "<w:tr>");
        cell(cx, out, TABLE_TWIPS, table->columns, &dress, r->cells[0]);
        buf_text(out, "</w:tr>");
    }
    buf_text(out, "</w:tbl><w:p/>"); /* between two tables a word processor wants a paragraph */
}

/* --- blocks --- */

static struct dress dress_of(const struct paper_content *content, enum paper_kind kind)
{
    static const int sizes[] = {32, 28, 21};
    struct dress dress = {.align = "left", .half_points = sizes[content->size - 3]};
    switch (kind) {
    case PAPER_TITLE:
        dress = (struct dress){.align = "center", .half_points = 44, .bold = true};
        break;
    case PAPER_SUBTITLE: dress.align = "center"; break;
    case PAPER_NUMBER:
    case PAPER_SIGN:
    case PAPER_IMAGE: dress.align = "right"; break;
    case PAPER_SECTION: dress.bold = true; break;
    case PAPER_TEXT: dress.indent_chars = 200; break;
    case PAPER_NOTE: dress.half_points = 21; break;
    case PAPER_TO:
    case PAPER_FLUSH:
    case PAPER_TABLE:
    case PAPER_SPACE:
    case PAPER_PAGE: break;
    }
    return dress;
}

static void block_write(struct cx *cx, struct buf *out, const struct paper_content *content,
                        const struct paper_block *block)
{
    struct dress dress = dress_of(content, block->kind);
    if (block->kind == PAPER_TABLE) {
        table_write(cx, out, block->table);
    } else if (block->kind == PAPER_PAGE) {
        buf_text(out, "<w:p><w:r><w:br w:type=\"page\"/></w:r></w:p>");
    } else if (block->kind == PAPER_SPACE) {
        for (int64_t i = 0; i < block->amount; i++) {
            buf_text(out, "<w:p/>");
        }
    } else {
        paragraphs(cx, out, &dress, block->text);
    }
}

/* --- the archive --- */

static bool part_add(zip_t *archive, const char *name, Str text)
{
    zip_error_t error;
    zip_source_t *source = zip_source_buffer_create(text.p, text.n, 0, &error);
    zip_int64_t at = source == NULL ? -1 : zip_file_add(archive, name, source, ZIP_FL_ENC_UTF_8);
    if (at < 0 && source != NULL) {
        zip_source_free(source);
    }
    return at >= 0 && zip_file_set_mtime(archive, (zip_uint64_t)at, SECOND_FIRST, 0) == 0;
}

static bool bytes_read(struct arena *arena, zip_source_t *made, Str *out)
{
    zip_stat_t stat;
    zip_stat_init(&stat);
    if (zip_source_open(made) != 0 || zip_source_stat(made, &stat) != 0) {
        return false;
    }
    char *bytes = arena_alloc(arena, (size_t)stat.size + 1);
    zip_int64_t got = zip_source_read(made, bytes, stat.size);
    (void)zip_source_close(made);
    bytes[stat.size] = '\0';
    *out = (Str){bytes, (size_t)stat.size};
    return got == (zip_int64_t)stat.size;
}

static bool archive_write(struct arena *arena, Str document, Str *out)
{
    zip_error_t error;
    zip_error_init(&error);
    zip_source_t *made = zip_source_buffer_create(NULL, 0, 0, &error);
    zip_t *archive = made == NULL ? NULL : zip_open_from_source(made, ZIP_TRUNCATE, &error);
    if (archive == NULL) {
        zip_source_free(made);
        return false;
    }
    zip_source_keep(made); /* closing the archive leaves the bytes to us */
    bool good = part_add(archive, "[Content_Types].xml", str_of(TYPES)) &&
                part_add(archive, "_rels/.rels", str_of(RELATIONS)) &&
                part_add(archive, "word/document.xml", document);
    if (!good || zip_close(archive) != 0) {
        zip_discard(archive);
        good = false;
    }
    good = good && bytes_read(arena, made, out);
    zip_source_free(made);
    return good;
}

enum status paper_docx(struct cx *cx, const struct paper_content *content, Str *out)
{
    struct buf xml;
    buf_init(&xml, cx->arena, (size_t)PAPER_INPUT_BYTES_MAX * 8);
    buf_text(&xml, HEAD);
    for (const struct paper_block *b = content->first; b != NULL; b = b->next) {
        block_write(cx, &xml, content, b);
    }
    buf_text(&xml, FOOT);
    if (buf_is_over(&xml)) {
        return FAIL(cx, E_TOO_LARGE, "paper-too-long", "a document of too many bytes");
    }
    return archive_write(cx->arena, buf_done(&xml), out)
               ? OK
               : FAIL(cx, E_BUG, "bug", "no archive of a document");
}

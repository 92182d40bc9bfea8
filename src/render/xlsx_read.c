/* HOW IT WORKS. A sheet is walked node by node; a row is kept when something stands in it. Numbers
 * are written as a spreadsheet shows them, with the 15 digits that it has. Merged cells are filled
 * at the end, when all rows are known. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "render/xlsx_int.h"

enum { MERGES_MAX = 20000, ENTRIES_MAX = 2000, SERIAL_MAX = 2958465 };

static enum status unreadable(struct cx *cx, const char *why)
{
    return FAIL(cx, E_INPUT, "sheet-unreadable", "%s", why);
}

struct range {
    uint32_t row, column, last_row, last_column;
};

struct walking {
    struct cx *cx;
    const struct xlsx_book *book;
    struct sheet *sheet;
    struct range *merges;
    uint32_t merge_count;
    /* Of the row that is read: */
    uint32_t row, column;
    struct sheet_cell cells[SHEET_COLUMNS_MAX];
    uint32_t width; /* up to the last that is not empty */
    uint32_t full;  /* rows with something in them */
};

/* --- values --- */

/* "BC12": false when it is none. */
static bool reference_read(Str text, uint32_t *row, uint32_t *column)
{
    uint64_t letters = 0;
    uint64_t digits = 0;
    size_t at = 0;
    for (; at < text.n && at < 3 && text.p[at] >= 'A' && text.p[at] <= 'Z'; at++) {
        letters = letters * 26 + (uint64_t)(text.p[at] - 'A') + 1;
    }
    for (; at < text.n && at < 12 && text.p[at] >= '0' && text.p[at] <= '9'; at++) {
        digits = digits * 10 + (uint64_t)(text.p[at] - '0');
    }
    if (letters == 0 || digits == 0 || digits > UINT32_MAX || at != text.n) {
        return false;
    }
    *row = (uint32_t)digits;
    *column = (uint32_t)letters - 1;
    return true;
}

static Str day_text(const struct walking *w, double serial)
{
    Date first = w->book->from_1904 ? date_of(1904, 1, 1) : date_of(1899, 12, 30);
    return date_format(w->cx->arena, first + (Date)serial);
}

static void number_put(const struct walking *w, Str text, bool is_day, struct sheet_cell *cell)
{
    char *end = NULL;
    double number = strtod(text.p, &end);
    if (end != text.p + text.n || !isfinite(number)) {
        cell->text = text; /* whatever it is, it is shown as it stands */
        return;
    }
    if (is_day && number >= 1 && number <= SERIAL_MAX) {
        cell->text = day_text(w, number);
        return;
    }
    cell->text = str_printf(w->cx->arena, "%.15g", number);
    cell->odd = str_has(cell->text, "e") ? SHEET_ROUNDED : SHEET_NUMBER;
}

static void value_put(const struct walking *w, Str type, Str style, Str value,
                      struct sheet_cell *cell)
{
    int64_t index = 0;
    const struct xlsx_strings *strings = &w->book->strings;
    if (str_is(type, "s")) {
        bool known = str_int(value, &index) && index >= 0 && index < (int64_t)strings->count;
        cell->text = known ? strings->texts[index] : (Str){"", 0};
    } else if (str_is(type, "b")) {
        cell->text = str_is(value, "1") ? STR("是") : STR("否");
    } else if (str_is(type, "e")) {
        cell->text = value;
        cell->odd = SHEET_ERROR;
    } else if (str_is(type, "d") && value.n >= 10) {
        cell->text = str_slice(w->cx->arena, value, 0, 10);
    } else if (str_is(type, "str") || str_is(type, "inlineStr")) {
        cell->text = value;
    } else if (value.n > 0) {
        bool is_day = str_int(style, &index) && index >= 0 &&
                      index < (int64_t)w->book->style_count && w->book->is_date[index];
        number_put(w, value, is_day, cell);
    }
}

/* --- cells --- */

static enum status cell_keep(struct walking *w, struct sheet_cell cell)
{
    uint32_t column = w->column++;
    cell.text = str_trim(w->cx->arena, cell.text);
    if (cell.text.n == 0 && cell.odd == SHEET_PLAIN) {
        return OK;
    }
    if (column >= SHEET_COLUMNS_MAX) {
        return FAIL(w->cx, E_INPUT, "sheet-too-wide", "column %u of row %u", column + 1, w->row);
    }
    if (cell.text.n > SHEET_CELL_BYTES_MAX) {
        return sheet_cell_too_long(w->cx, w->row);
    }
    w->cells[column] = cell;
    w->width = column + 1 > w->width ? column + 1 : w->width;
    return OK;
}

static enum status cell_read(struct walking *w, struct xlsx_part *part)
{
    struct cx *cx = w->cx;
    struct sheet_cell cell = {{"", 0}, SHEET_PLAIN};
    Str value = {"", 0};
    Str type = xlsx_attribute(part, "t");
    Str style = xlsx_attribute(part, "s");
    uint32_t row = 0;
    bool formula = false;
    bool more = xmlTextReaderIsEmptyElement(part->reader) == 0;
    int depth = xmlTextReaderDepth(part->reader);
    (void)reference_read(xlsx_attribute(part, "r"), &row, &w->column);
    while (more) {
        TRY(xlsx_part_next(part, &more));
        more = more && xmlTextReaderDepth(part->reader) > depth;
        if (xlsx_is_start(part, "f")) {
            formula = true;
        } else if (xlsx_is_start(part, "v") || xlsx_is_start(part, "is")) {
            TRY(xlsx_text(part, &value));
        }
    }
    value_put(w, type, style, value, &cell);
    if (formula && value.n == 0) {
        cell = (struct sheet_cell){STR(""), SHEET_NOT_COMPUTED};
    }
    return cell_keep(w, cell);
}

/* --- rows --- */

static void row_begin(struct walking *w, const struct xlsx_part *part)
{
    int64_t n = 0;
    bool said = str_int(xlsx_attribute(part, "r"), &n) && n > (int64_t)w->row && n < UINT32_MAX;
    w->row = said ? (uint32_t)n : w->row + 1;
    w->column = 0;
    w->width = 0;
    memset(w->cells, 0, sizeof w->cells);
    for (uint32_t i = 0; i < SHEET_COLUMNS_MAX; i++) {
        w->cells[i].text = (Str){"", 0};
    }
}

static void row_end(struct walking *w)
{
    if (w->width == 0) {
        return;
    }
    w->full++;
    if (w->full <= SHEET_ROWS_MAX + 1) { /* the others are only counted */
        struct sheet_row *row = &w->sheet->rows[w->sheet->row_count++];
        *row = (struct sheet_row){.n = w->row, .count = w->width};
        row->cells = arena_array(w->cx->arena, struct sheet_cell, w->width);
        memcpy(row->cells, w->cells, w->width * sizeof *row->cells);
    }
    w->width = 0;
}

static void merge_take(struct walking *w, const struct xlsx_part *part)
{
    struct range range = {0};
    Str *ends = NULL;
    Str text = xlsx_attribute(part, "ref");
    if (w->merge_count < MERGES_MAX && str_split(w->cx->arena, text, ':', &ends) == 2 &&
        reference_read(ends[0], &range.row, &range.column) &&
        reference_read(ends[1], &range.last_row, &range.last_column)) {
        w->merges[w->merge_count++] = range;
    }
}

static enum status node_take(struct walking *w, struct xlsx_part *part)
{
    struct cx *cx = w->cx;
    struct arena_mark mark = arena_mark(cx->arena);
    bool dropped = w->full > SHEET_ROWS_MAX;
    if (xlsx_is_start(part, "row")) {
        row_begin(w, part);
    } else if (xlsx_is_end(part, "row")) {
        row_end(w);
        return OK;
    } else if (xlsx_is_start(part, "c")) {
        TRY(cell_read(w, part));
    } else if (xlsx_is_start(part, "mergeCell")) {
        merge_take(w, part);
        return OK;
    }
    if (dropped) {
        arena_rewind(cx->arena, mark);
    }
    return OK;
}

/* --- merged cells --- */

static struct sheet_row *row_numbered(const struct sheet *sheet, uint32_t n, uint32_t *from)
{
    while (*from < sheet->row_count && sheet->rows[*from].n < n) {
        *from += 1;
    }
    bool found = *from < sheet->row_count && sheet->rows[*from].n == n;
    return found ? &sheet->rows[*from] : NULL;
}

static void row_fill(struct arena *arena, struct sheet_row *row, const struct range *range,
                     struct sheet_cell first)
{
    uint32_t end =
        range->last_column < SHEET_COLUMNS_MAX ? range->last_column + 1 : SHEET_COLUMNS_MAX;
    if (end > row->count) {
        struct sheet_cell *cells = arena_array(arena, struct sheet_cell, end);
        memcpy(cells, row->cells, row->count * sizeof *cells);
        for (uint32_t i = row->count; i < end; i++) {
            cells[i].text = (Str){"", 0};
        }
        row->cells = cells;
        row->count = end;
    }
    for (uint32_t i = range->column; i < end; i++) {
        row->cells[i] = row->cells[i].text.n == 0 ? first : row->cells[i];
    }
}

static void merges_fill(const struct walking *w)
{
    for (uint32_t i = 0; i < w->merge_count; i++) {
        const struct range *range = &w->merges[i];
        uint32_t at = 0;
        const struct sheet_row *top = row_numbered(w->sheet, range->row, &at);
        if (top == NULL || range->column >= top->count) {
            continue;
        }
        struct sheet_cell first = top->cells[range->column];
        for (; at < w->sheet->row_count && w->sheet->rows[at].n <= range->last_row; at++) {
            row_fill(w->cx->arena, &w->sheet->rows[at], range, first);
        }
    }
}

/* --- together --- */

static enum status nodes_walk(struct walking *w, struct xlsx_part *part)
{
    struct cx *cx = w->cx;
    bool more = true;
    while (more) {
        TRY(xlsx_part_next(part, &more));
        if (more) {
            TRY(node_take(w, part));
        }
    }
    return OK;
}

enum status xlsx_rows_read(struct cx *cx, zip_t *zip, const struct xlsx_book *book,
                           struct sheet *out)
{
    struct xlsx_part part;
    struct walking *w = arena_new(cx->arena, struct walking);
    w->cx = cx;
    w->book = book;
    w->sheet = out;
    w->merges = arena_array(cx->arena, struct range, MERGES_MAX);
    out->rows = arena_array(cx->arena, struct sheet_row, SHEET_ROWS_MAX + 1);
    out->row_count = 0;
    out->sheets_left_out = book->others;
    enum status status = xlsx_part_open(cx, zip, book->path.p, &part);
    if (status == OK && part.reader == NULL) {
        status = unreadable(cx, "the sheet is not there");
    }
    if (status == OK) {
        status = nodes_walk(w, &part);
    }
    xlsx_part_close(&part);
    if (status != OK) {
        return status;
    }
    if (w->full > SHEET_ROWS_MAX + 1) {
        return sheet_too_long(cx, w->full - 1);
    }
    merges_fill(w);
    return OK;
}

enum status xlsx_read(struct cx *cx, Str bytes, struct sheet *out)
{
    zip_error_t error;
    struct xlsx_book book;
    zip_error_init(&error);
    *out = (struct sheet){0};
    zip_source_t *source = zip_source_buffer_create(bytes.p, bytes.n, 0, &error);
    zip_t *zip = source == NULL ? NULL : zip_open_from_source(source, ZIP_RDONLY, &error);
    zip_error_fini(&error);
    if (zip == NULL) {
        zip_source_free(source);
        return unreadable(cx, "no zip");
    }
    enum status status = zip_get_num_entries(zip, 0) > ENTRIES_MAX
                             ? unreadable(cx, "too many parts")
                             : xlsx_book_read(cx, zip, &book);
    if (status == OK) {
        status = xlsx_rows_read(cx, zip, &book, out);
    }
    zip_discard(zip);
    return status;
}

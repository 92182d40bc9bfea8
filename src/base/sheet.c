/* HOW IT WORKS. The bytes become one UTF-8 text with a NUL behind it, which is cut up in place: a
 * cell is a slice of it. Rows are counted as a spreadsheet counts them: a quoted cell may hold line
 * ends, an empty line is a row. */
#include "base/sheet.h"

#include <iconv.h>
#include <string.h>

#include "base/check.h"

/* --- to UTF-8 --- */

static bool converted(struct arena *arena, const char *from, Str bytes, Str *out)
{
    iconv_t way = iconv_open("UTF-8", from);
    check(way != (iconv_t)-1);     /* NOLINT(performance-no-int-to-ptr): iconv's own sign */
    size_t room = bytes.n * 2 + 4; /* two bytes of GB18030 or UTF-16 give three at most */
    size_t left = room;
    size_t in_left = bytes.n;
    char *in = arena_copy(arena, bytes.p, bytes.n);
    char *text = arena_alloc(arena, room + 1);
    char *at = text;
    size_t done = iconv(way, &in, &in_left, &at, &left);
    (void)iconv_close(way);
    *out = (Str){text, room - left};
    return done != (size_t)-1 && in_left == 0 && utf8_is_valid(out->p, out->n);
}

static enum status text_of(struct cx *cx, Str bytes, Str *out)
{
    if (str_starts(bytes, "\xEF\xBB\xBF")) {
        bytes = (Str){bytes.p + 3, bytes.n - 3};
    }
    if (utf8_is_valid(bytes.p, bytes.n)) {
        *out = str_copy(cx->arena, bytes.p, bytes.n);
        return OK;
    }
    bool wide = str_starts(bytes, "\xFF\xFE") || str_starts(bytes, "\xFE\xFF");
    if (converted(cx->arena, wide ? "UTF-16" : "GB18030", bytes, out)) {
        return OK;
    }
    return FAIL(cx, E_INPUT, "sheet-encoding", "neither UTF-8 nor GB18030 nor UTF-16");
}

/* --- cells --- */

struct scan {
    struct cx *cx;
    char *p; /* a NUL stands at p[n] */
    size_t n;
    size_t at;
    uint32_t row;
    char separator;
};

static enum status quoted_read(struct scan *s, Str *cell)
{
    size_t from = ++s->at;
    size_t to = from;
    for (;;) {
        if (s->at == s->n) {
            cx_arg(s->cx, "row", str_printf(s->cx->arena, "%u", s->row));
            return FAIL(s->cx, E_INPUT, "sheet-quote", "a quote of row %u is never closed", s->row);
        }
        char c = s->p[s->at++];
        if (c == '"') {
            if (s->p[s->at] != '"') {
                break;
            }
            s->at++;
        }
        s->p[to++] = c;
    }
    *cell = (Str){s->p + from, to - from};
    return OK;
}

static bool is_end(const struct scan *s)
{
    char c = s->p[s->at];
    return s->at == s->n || c == s->separator || c == '\n' || c == '\r';
}

/* Text behind a closing quote belongs to nothing and is let go. */
static enum status cell_read(struct scan *s, Str *cell)
{
    struct cx *cx = s->cx;
    if (s->p[s->at] == '=' &&
        s->p[s->at + 1] == '"') { /* ="0012": how texts are kept as they are */
        s->at++;
    }
    if (s->p[s->at] == '"') {
        TRY(quoted_read(s, cell));
    } else {
        size_t from = s->at;
        while (!is_end(s)) {
            s->at++;
        }
        *cell = (Str){s->p + from, s->at - from};
    }
    while (!is_end(s)) {
        s->at++;
    }
    return OK;
}

/* What our own tables put before a cell that a spreadsheet would compute (render/csv.h). */
static Str without_guard(Str text)
{
    bool guarded = text.n > 1 && text.p[0] == '\'' && strchr("=+-@\t\r", text.p[1]) != NULL;
    return guarded ? (Str){text.p + 1, text.n - 1} : text;
}

/* Reads one row into cells; *count is 0 for an empty one. */
static enum status row_read(struct scan *s, struct sheet_cell *cells, uint32_t *count)
{
    struct cx *cx = s->cx;
    uint32_t width = 0;
    s->row++;
    *count = 0;
    for (bool more = true; more;) {
        Str cell = {"", 0};
        TRY(cell_read(s, &cell));
        cell = without_guard(cell);
        Str text = str_trim(cx->arena, str_copy(cx->arena, cell.p, cell.n)); /* ends in a NUL */
        more = s->at < s->n && s->p[s->at] == s->separator;
        if (text.n > 0 && width >= SHEET_COLUMNS_MAX) {
            return FAIL(cx, E_INPUT, "sheet-too-wide", "row %u", s->row);
        }
        if (text.n > SHEET_CELL_BYTES_MAX) {
            return sheet_cell_too_long(cx, s->row);
        }
        if (width < SHEET_COLUMNS_MAX) {
            cells[width++] = (struct sheet_cell){text, SHEET_PLAIN};
        }
        *count = text.n > 0 ? width : *count;
        s->at += more;
    }
    if (s->p[s->at] == '\r') {
        s->at++;
    }
    if (s->p[s->at] == '\n') {
        s->at++;
    }
    return OK;
}

/* The header says what stands between cells. */
static char separator_of(Str text)
{
    static const char candidates[] = ",\t;";
    size_t line = strcspn(text.p, "\r\n");
    for (const char *each = candidates; *each != '\0'; each++) {
        if (memchr(text.p, *each, line) != NULL) {
            return *each;
        }
    }
    return ',';
}

enum status sheet_too_long(struct cx *cx, uint32_t rows)
{
    cx_arg(cx, "rows", str_printf(cx->arena, "%u", rows));
    cx_arg(cx, "most", str_printf(cx->arena, "%d", SHEET_ROWS_MAX));
    return FAIL(cx, E_INPUT, "sheet-too-long", "%u rows", rows);
}

/* Rows lean on cells above them, and are read one by one: what is long once is long 5,000 times. */
enum status sheet_cell_too_long(struct cx *cx, uint32_t row)
{
    cx_arg(cx, "row", str_printf(cx->arena, "%u", row));
    return FAIL(cx, E_INPUT, "sheet-cell-too-long", "a cell of row %u", row);
}

/* No more rows than lines, a few empty ones apart. */
static uint32_t lines_of(Str text)
{
    uint32_t lines = 1;
    for (size_t i = 0; i < text.n; i++) {
        lines += text.p[i] == '\n' || (text.p[i] == '\r' && text.p[i + 1] != '\n');
    }
    return lines;
}

static enum status rows_read(struct scan *s, uint32_t room, struct sheet *out)
{
    struct cx *cx = s->cx;
    struct sheet_cell cells[SHEET_COLUMNS_MAX];
    uint32_t full = 0;
    out->rows = arena_array(cx->arena, struct sheet_row, room);
    while (s->at < s->n) {
        uint32_t count = 0;
        struct arena_mark mark = arena_mark(cx->arena);
        TRY(row_read(s, cells, &count));
        full += count > 0;
        if (count == 0 || full > SHEET_ROWS_MAX + 1) {
            arena_rewind(cx->arena, mark); /* only counted, so that it can be said how many */
            continue;
        }
        struct sheet_row *row = &out->rows[out->row_count++];
        *row = (struct sheet_row){.n = s->row, .count = count};
        row->cells = arena_array(cx->arena, struct sheet_cell, count);
        memcpy(row->cells, cells, count * sizeof *cells);
    }
    return full > SHEET_ROWS_MAX + 1 ? sheet_too_long(cx, full - 1) : OK;
}

enum status sheet_read_csv(struct cx *cx, Str bytes, struct sheet *out)
{
    Str text = {"", 0};
    *out = (struct sheet){0};
    if (bytes.n > SHEET_BYTES_MAX) {
        return FAIL(cx, E_TOO_LARGE, "sheet-too-large", "%zu bytes", bytes.n);
    }
    TRY(text_of(cx, bytes, &text));
    uint32_t lines = lines_of(text);
    uint32_t room = lines > SHEET_ROWS_MAX + 1 ? SHEET_ROWS_MAX + 1 : lines;
    struct scan s = {.cx = cx,
                     .p = arena_copy(cx->arena, text.p, text.n),
                     .n = text.n,
                     .separator = separator_of(text)};
    return rows_read(&s, room, out);
}

/* --- asking --- */

Str sheet_text(const struct sheet_row *row, uint32_t column)
{
    return column < row->count ? row->cells[column].text : (Str){"", 0};
}

enum sheet_odd sheet_odd(const struct sheet_row *row, uint32_t column)
{
    return column < row->count ? row->cells[column].odd : SHEET_PLAIN;
}

bool sheet_is_scientific(Str text)
{
    size_t at = 0;
    size_t digits = 0;
    while (at < text.n && ((text.p[at] >= '0' && text.p[at] <= '9') || text.p[at] == '.')) {
        digits += text.p[at++] != '.';
    }
    bool mark = digits > 0 && at + 2 < text.n && (text.p[at] == 'E' || text.p[at] == 'e') &&
                text.p[at + 1] == '+';
    for (at += 2; mark && at < text.n; at++) {
        mark = text.p[at] >= '0' && text.p[at] <= '9';
    }
    return mark;
}

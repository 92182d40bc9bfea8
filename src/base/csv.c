/* One copy of the text is cut up in place: a cell is a slice of it, ended by a NUL over the
 * separator behind it, and a doubled quote shrinks its cell. */
#include "base/csv.h"

#include "base/check.h"

struct scan {
    struct cx *cx;
    const char *name;
    char *p; /* the copy; a NUL stands at p[n] */
    size_t n;
    size_t at;
    uint32_t line;
    uint32_t row_line; /* where the row read last begins */
    char separator;
    bool row_ended; /* by the cell read last */
    bool quoted;    /* that cell was */
};

static enum status refuse(const struct scan *s, uint32_t line, const char *why)
{
    return FAIL(s->cx, E_READ, "data-unreadable", "%s:%u: %s", s->name, line, why);
}

/* Steps over what ended a cell: a separator, LF, CRLF or the end of the text. */
static enum status cell_end(struct scan *s)
{
    s->row_ended = true;
    if (s->at == s->n) {
        return OK;
    }
    if (s->p[s->at] == s->separator) {
        s->row_ended = false;
        s->p[s->at++] = '\0';
        return OK;
    }
    if (s->p[s->at] == '\r' && s->p[s->at + 1] == '\n') {
        s->p[s->at++] = '\0';
    }
    if (s->p[s->at] != '\n') {
        return refuse(s, s->line,
                      s->p[s->at] == '\r' ? "a carriage return without a line feed"
                                          : "text behind a closing quote");
    }
    s->p[s->at++] = '\0';
    s->line += 1;
    return OK;
}

static enum status quoted_read(struct scan *s, Str *cell)
{
    uint32_t line = s->line;
    size_t from = ++s->at;
    size_t to = from;
    for (;;) {
        if (s->at == s->n) {
            return refuse(s, line, "a quote is never closed");
        }
        char c = s->p[s->at++];
        if (c == '"') {
            if (s->p[s->at] != '"') {
                break;
            }
            s->at += 1;
        }
        s->line += c == '\n';
        s->p[to++] = c;
    }
    *cell = (Str){s->p + from, to - from};
    enum status status = cell_end(s);
    s->p[to] = '\0'; /* at or before the closing quote */
    return status;
}

static enum status cell_read(struct scan *s, Str *cell)
{
    bool quoting = s->separator != '\t';
    s->quoted = quoting && s->p[s->at] == '"';
    if (s->quoted) {
        return quoted_read(s, cell);
    }
    size_t from = s->at;
    while (s->at < s->n && s->p[s->at] != s->separator && s->p[s->at] != '\n' &&
           s->p[s->at] != '\r') {
        if (quoting && s->p[s->at] == '"') {
            return refuse(s, s->line, "a quote inside a cell that is not quoted");
        }
        s->at += 1;
    }
    *cell = (Str){s->p + from, s->at - from};
    return cell_end(s);
}

/* Reads a row that is not empty into cells (room for `room`); *count is 0 at the end of the text.
 */
static enum status row_read(struct scan *s, Str *cells, uint32_t room, uint32_t *count)
{
    struct cx *cx = s->cx;
    *count = 0;
    while (s->at < s->n) {
        uint32_t width = 0;
        s->row_line = s->line;
        do {
            if (width == room) {
                return refuse(s, s->row_line, "more cells than columns");
            }
            TRY(cell_read(s, &cells[width++]));
        } while (!s->row_ended);
        if (width > 1 || cells[0].n > 0 || s->quoted) {
            *count = width;
            return OK;
        }
    }
    return OK;
}

static enum status header_check(const struct scan *s, const struct csv *csv)
{
    if (csv->columns == 0) {
        return refuse(s, 1, "there is no header row");
    }
    for (uint32_t i = 0; i < csv->columns; i++) {
        for (uint32_t k = 0; k < i; k++) {
            if (str_same(csv->header[i], csv->header[k])) {
                return FAIL(s->cx, E_READ, "data-unreadable", "%s:%u: column \"%s\" is given twice",
                            s->name, s->row_line, csv->header[i].p);
            }
        }
    }
    return OK;
}

static enum status text_check(const struct scan *s, Str text)
{
    uint32_t line = 1;
    uint32_t code = 0;
    for (size_t offset = 0; offset < text.n;) {
        if (!utf8_next(text, &offset, &code) || code == 0) {
            return refuse(s, line, "bytes that are not UTF-8");
        }
        line += code == '\n';
    }
    return OK;
}

/* Every row is as wide as the header, so the cells together never exceed cells_max. */
static enum status rows_read(struct scan *s, struct csv *csv, size_t cells_max)
{
    struct cx *cx = s->cx;
    csv->header = arena_array(cx->arena, Str, cells_max);
    TRY(row_read(s, csv->header, (uint32_t)cells_max, &csv->columns));
    TRY(header_check(s, csv));
    csv->cells = csv->header + csv->columns;
    for (size_t used = 0;;) {
        size_t room = cells_max - csv->columns - used;
        uint32_t width = 0;
        TRY(row_read(s, csv->cells + used, room < csv->columns ? (uint32_t)room : csv->columns,
                     &width));
        if (width == 0) {
            return OK;
        }
        if (width != csv->columns) {
            return refuse(s, s->row_line, "fewer cells than columns");
        }
        used += width;
        csv->rows += 1;
    }
}

enum status csv_read(struct cx *cx, const char *name, Str text, char separator, struct csv *out)
{
    struct scan s = {.cx = cx, .name = name, .line = 1, .row_line = 1, .separator = separator};
    struct csv csv = {0};
    if (text.n >= UINT32_MAX) {
        return refuse(&s, 1, "larger than 4 GB");
    }
    TRY(text_check(&s, text));
    if (str_starts(text, "\xEF\xBB\xBF")) {
        text = (Str){text.p + 3, text.n - 3};
    }
    size_t cells_max = 1;
    for (size_t i = 0; i < text.n; i++) {
        cells_max += text.p[i] == separator || text.p[i] == '\n';
    }
    s.p = arena_copy(cx->arena, text.p, text.n);
    s.n = text.n;
    TRY(rows_read(&s, &csv, cells_max));
    *out = csv;
    return OK;
}

int csv_column(const struct csv *csv, const char *name)
{
    for (uint32_t i = 0; i < csv->columns; i++) {
        if (str_is(csv->header[i], name)) {
            return (int)i;
        }
    }
    return -1;
}

Str csv_cell(const struct csv *csv, uint32_t row, int column)
{
    if (column < 0) {
        return (Str){"", 0};
    }
    check(row < csv->rows && (uint32_t)column < csv->columns);
    return csv->cells[(size_t)row * csv->columns + (size_t)column];
}

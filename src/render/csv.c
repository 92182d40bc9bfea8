#include "render/csv.h"

#include <string.h>

void csv_begin(struct buf *out)
{
    buf_text(out, "\xEF\xBB\xBF");
}

/* Digits with sign, grouping and point: cannot be a formula. */
static bool is_number(Str cell)
{
    size_t digits = 0;
    for (size_t i = 0; i < cell.n; i++) {
        bool is_digit = cell.p[i] >= '0' && cell.p[i] <= '9';
        bool is_sign = i == 0 && (cell.p[i] == '-' || cell.p[i] == '+');
        if (!is_digit && !is_sign && cell.p[i] != '.' && cell.p[i] != ',') {
            return false;
        }
        digits += is_digit;
    }
    return digits > 0;
}

static bool is_formula(Str cell)
{
    return cell.n > 0 && strchr("=+-@\t\r", cell.p[0]) != NULL && !is_number(cell);
}

static bool wants_quotes(Str cell)
{
    if (cell.n == 0) {
        return false;
    }
    for (size_t i = 0; i < cell.n; i++) {
        if (strchr(",\"\r\n", cell.p[i]) != NULL) {
            return true;
        }
    }
    return cell.p[0] == ' ' || cell.p[cell.n - 1] == ' ' || cell.p[0] == '\t';
}

static void put_cell(struct buf *out, Str cell)
{
    bool quoted = wants_quotes(cell);
    if (quoted) {
        buf_char(out, '"');
    }
    if (is_formula(cell)) {
        buf_char(out, '\'');
    }
    for (size_t i = 0; i < cell.n; i++) {
        if (cell.p[i] == '"') {
            buf_char(out, '"');
        }
        buf_char(out, cell.p[i]);
    }
    if (quoted) {
        buf_char(out, '"');
    }
}

void csv_row(struct buf *out, const Str *cells, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        if (i > 0) {
            buf_char(out, ',');
        }
        put_cell(out, cells[i]);
    }
    buf_text(out, "\r\n");
}

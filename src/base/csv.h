/* base/csv.h - comma- or tab-separated tables (RFC 4180 quoting) with a header row. */
#ifndef BASE_CSV_H
#define BASE_CSV_H

#include "base/fail.h"

struct csv {
    uint32_t columns;
    uint32_t rows;
    Str *header; /* columns */
    Str *cells;  /* rows * columns, row by row */
};

/* E_READ "data-unreadable" with "name:line: why": a row of another width, a bare quote, bytes that
 * are not UTF-8. A byte order mark is skipped, CRLF and LF end rows, empty rows are skipped. With a
 * tab as separator there is no quoting. */
enum status csv_read(struct cx *cx, const char *name, Str text, char separator, struct csv *out);
/* Index of a column, or -1. */
int csv_column(const struct csv *csv, const char *name);
Str csv_cell(const struct csv *csv, uint32_t row, int column); /* "" when column is -1 */

#endif

/* base/sheet.h - a table as people make it with a spreadsheet program: rows under the numbers that
 * they see there, cells with what is odd about them.
 *
 * Here it is read from comma-separated text as such programs save it: UTF-8 with and without a byte
 * order mark, UTF-16, or GB18030; commas, semicolons or tabs; cells with line ends; rows of any
 * width. Unlike base/csv.h, which reads our own tables and is strict, this is for tables of
 * strangers. (1) Texts are UTF-8 without NUL and without outer blanks; a cell behind the end of its
 * row is empty. (2) Empty rows are left out; the others keep their number, counted from 1.
 */
#ifndef BASE_SHEET_H
#define BASE_SHEET_H

#include "base/fail.h"

enum {
    SHEET_BYTES_MAX = 10 << 20, /* of the file */
    SHEET_ROWS_MAX = 5000,      /* with something in them, under the header */
    SHEET_COLUMNS_MAX = 200,
    SHEET_CELL_BYTES_MAX =
        80 * 1000, /* 20,000 characters of four bytes: the longest text of a form */
};

enum sheet_odd {
    SHEET_PLAIN,
    SHEET_NUMBER,       /* a number of the spreadsheet, not a text */
    SHEET_ROUNDED,      /* a number of more digits than it can hold: the last ones are lost */
    SHEET_NOT_COMPUTED, /* a formula whose result was not saved */
    SHEET_ERROR,        /* #N/A and the like */
};

struct sheet_cell {
    Str text;
    enum sheet_odd odd;
};

struct sheet_row {
    uint32_t n;
    uint32_t count;
    struct sheet_cell *cells;
};

struct sheet {
    struct sheet_row *rows;
    uint32_t row_count;
    uint32_t sheets_left_out; /* further ones of the file, and hidden ones */
};

/* E_INPUT "sheet-encoding", "sheet-quote" (arg row), "sheet-too-long" (args rows, most),
 * "sheet-too-wide", "sheet-cell-too-long" (arg row); E_TOO_LARGE "sheet-too-large". */
enum status sheet_read_csv(struct cx *cx, Str bytes, struct sheet *out);
/* The failure for more rows than SHEET_ROWS_MAX. */
enum status sheet_too_long(struct cx *cx, uint32_t rows);
/* The failure for more text than SHEET_CELL_BYTES_MAX in one cell. */
enum status sheet_cell_too_long(struct cx *cx, uint32_t row);
Str sheet_text(const struct sheet_row *row, uint32_t column); /* "" behind its end */
enum sheet_odd sheet_odd(const struct sheet_row *row, uint32_t column);
/* Written the short way for large numbers, digits lost: 1.1E+17, 6.22848E+18. */
bool sheet_is_scientific(Str text);

#endif

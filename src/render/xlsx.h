/* render/xlsx.h - tables of Excel (Office Open XML), read and written. Reading parses what
 * strangers made: it belongs into a helper (render/sheet_file.h).
 *
 * Read: the first sheet that is not hidden. Texts, numbers as people see them but for grouping,
 * dates as YYYY-MM-DD, results of formulas as they were saved: nothing is ever computed. Merged
 * cells count as filled with what stands in their first cell. A document type, external parts,
 * entities are refused; what is unpacked is bounded, whatever the file says of itself.
 * Written: one or more sheets of texts, every cell formatted as text, so that long numbers keep
 * their digits.
 */
#ifndef RENDER_XLSX_H
#define RENDER_XLSX_H

#include "base/sheet.h"

/* E_INPUT "sheet-unreadable", "sheet-too-wide", "sheet-too-long" (args rows, most). */
enum status xlsx_read(struct cx *cx, Str bytes, struct sheet *out);

struct xlsx_sheet {
    const char *name;
    const Str *cells; /* rows * columns, row by row; the first row is the heading and stays put */
    uint32_t columns;
    uint32_t rows;
};

/* The file in cx->arena. */
enum status xlsx_write(struct cx *cx, const struct xlsx_sheet *sheets, uint32_t count, Str *out);

/* The sheet of that name explains how to fill in the others: it is not counted as left out. */
#define XLSX_HELP_SHEET "填写说明"

#endif

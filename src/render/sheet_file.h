/* render/sheet_file.h - spreadsheets as people keep them in files: comma-separated text, read here,
 * and XLSX, read in a helper process.
 */
#ifndef RENDER_SHEET_FILE_H
#define RENDER_SHEET_FILE_H

#include "base/sheet.h"
#include "render/helper.h"

enum sheet_format { SHEET_CSV, SHEET_XLSX, SHEET_XLS, SHEET_OTHER };

/* By the first bytes; whatever is nothing else is taken for text. */
enum sheet_format sheet_format_of(Str bytes);

/* E_INPUT "sheet-old" for a format that is not read; the failures of sheet_read_csv(). The sheet
 * lives in cx->arena. */
enum status sheet_file_read(struct cx *cx, struct helper_pool *pool, Str bytes, struct sheet *out);

#endif

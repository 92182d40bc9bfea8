/* render/csv.h - tables as comma-separated text (RFC 4180) that spreadsheets open as they are.
 *
 * (1) Rows end with CRLF; cells with comma, quote, line end or outer blanks are quoted.
 * (2) No cell is a formula: one that begins with = + - @ or a tab and is no plain number gets a '
 *     in front. What strangers type ends up in tables that officials open.
 */
#ifndef RENDER_CSV_H
#define RENDER_CSV_H

#include "base/text.h"

enum { CSV_BYTES_MAX = 64 << 20 };

/* A byte order mark, without which spreadsheets read Chinese as something else; once, first. */
void csv_begin(struct buf *out);
void csv_row(struct buf *out, const Str *cells, uint32_t count);

#endif

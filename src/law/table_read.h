/* law/table_read.h - rows of one text of data/tables/, with its columns found once by name.
 *
 * What the loaders of law/ share. A table lives in the arena of the cx it was opened with; cells
 * that outlive it are copied.
 */
#ifndef LAW_TABLE_READ_H
#define LAW_TABLE_READ_H

#include "base/csv.h"
#include "base/date.h"

enum { TABLE_COLUMNS_MAX = 12 };

struct table {
    struct cx *cx;
    const char *name;
    struct csv csv;
    int columns[TABLE_COLUMNS_MAX]; /* where the caller's columns stand */
    int rows;
};

/* Empty text is a table of no rows. names ends with NULL; a name that begins with '?' may be
 * missing (its cells are ""). E_READ "data-unreadable" when another is. */
enum status table_open(struct cx *cx, const char *name, Str text, const char *const *names,
                       struct table *out);
/* Cell of the caller's column, trimmed of nothing. */
Str table_cell(const struct table *table, int row, int column);
/* E_READ "data-unreadable" with file and line. */
enum status table_fault(const struct table *table, int row, const char *why, Str what);
/* "" gives DATE_NONE when it may be missing. */
enum status table_date(const struct table *table, int row, int column, bool may_miss, Date *out);

#endif

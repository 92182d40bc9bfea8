#include "law/table_read.h"

#include "base/check.h"

enum status table_open(struct cx *cx, const char *name, Str text, const char *const *names,
                       struct table *out)
{
    *out = (struct table){.cx = cx, .name = name};
    if (text.n == 0) {
        return OK;
    }
    TRY(csv_read(cx, name, text, ',', &out->csv));
    out->rows = (int)out->csv.rows;
    for (int i = 0; names[i] != NULL; i++) {
        check(i < TABLE_COLUMNS_MAX);
        bool may_miss = names[i][0] == '?';
        out->columns[i] = csv_column(&out->csv, names[i] + (may_miss ? 1 : 0));
        if (out->columns[i] < 0 && !may_miss) {
            return FAIL(cx, E_READ, "data-unreadable", "%s:1: the column \"%s\" is missing", name,
                        names[i]);
        }
    }
    return OK;
}

Str table_cell(const struct table *table, int row, int column)
{
    return csv_cell(&table->csv, (uint32_t)row, table->columns[column]);
}

enum status table_fault(const struct table *table, int row, const char *why, Str what)
{
    /* The header is line 1; no cell of these tables holds a line feed. */
    return FAIL(table->cx, E_READ, "data-unreadable", "%s:%d: %s: \"%.*s\"", table->name, row + 2,
                why, STR_ARG(what));
}

enum status table_date(const struct table *table, int row, int column, bool may_miss, Date *out)
{
    Str text = table_cell(table, row, column);
    *out = DATE_NONE;
    if (text.n == 0 && may_miss) {
        return OK;
    }
    return date_parse(text, out) ? OK : table_fault(table, row, "not a date", text);
}

#include "law/regional.h"

#include "law/table_build.h"
#include "law/table_read.h"

enum { PLACE, YEAR, WAGE, INCOME, SPENDING, SOURCE_TEXT };

static const char *const COLUMNS[] = {"place",         "year",   "wage_month", "income_year",
                                      "spending_year", "source", NULL};

static enum status figure_read(const struct table *table, int row, int column, Money *out)
{
    Str text = table_cell(table, row, column);
    *out = -1;
    if (text.n > 0 && (!money_parse(table->cx->arena, text, out) || *out <= 0)) {
        return table_fault(table, row, "not an amount in yuan", text);
    }
    return OK;
}

/* A figure without its source cannot be relied on by anybody. */
static enum status row_read(struct table_build *b, const struct table *table, int row,
                            struct regional *out)
{
    struct cx *cx = b->cx;
    Str place = table_cell(table, row, PLACE);
    Str year = table_cell(table, row, YEAR);
    int64_t number = 0;
    if (division_by_code(b->tables, place) == NULL) {
        return table_fault(table, row, "no such division", place);
    }
    if (!str_int(year, &number) || number < 1990 || number > 2200) {
        return table_fault(table, row, "not a year", year);
    }
    if (table_cell(table, row, SOURCE_TEXT).n == 0) {
        return table_fault(table, row, "a figure without its source", place);
    }
    out->place = table_keep(b, place);
    out->year = (int)number;
    TRY(figure_read(table, row, WAGE, &out->wage));
    TRY(figure_read(table, row, INCOME, &out->income));
    return figure_read(table, row, SPENDING, &out->spending);
}

enum status regional_table_build(struct table_build *b, Str regional_csv)
{
    struct cx *cx = b->cx;
    struct table table;
    TRY(table_open(cx, "regional.csv", regional_csv, COLUMNS, &table));
    struct regional *rows = arena_array(b->arena, struct regional, table.rows + 1);
    for (int row = 0; row < table.rows; row++) {
        TRY(row_read(b, &table, row, &rows[row]));
        for (int i = 0; i < row; i++) {
            if (rows[i].year == rows[row].year && str_same(rows[i].place, rows[row].place)) {
                return table_fault(&table, row, "a place given twice for a year", rows[row].place);
            }
        }
    }
    b->tables->regional = rows;
    b->tables->regional_count = table.rows;
    return OK;
}

static Money figure_of(const struct law_tables *tables, Str place, int year,
                       enum regional_kind kind)
{
    for (int i = 0; i < tables->regional_count; i++) {
        const struct regional *row = &tables->regional[i];
        if (row->year == year && str_same(row->place, place)) {
            return kind == REGIONAL_WAGE     ? row->wage
                   : kind == REGIONAL_INCOME ? row->income
                                             : row->spending;
        }
    }
    return -1;
}

/* Beijing, Tianjin, Shanghai and Chongqing. */
static bool is_municipality(const struct division *division)
{
    return str_is(division->code, "110000") || str_is(division->code, "120000") ||
           str_is(division->code, "310000") || str_is(division->code, "500000");
}

static const struct division *above(const struct law_tables *tables,
                                    const struct division *division)
{
    return division->parent < 0 ? NULL : &tables->divisions[division->parent];
}

Money regional_city(const struct law_tables *tables, Str division, int year,
                    enum regional_kind kind)
{
    const struct division *at = division_by_code(tables, division);
    for (; at != NULL; at = above(tables, at)) {
        if (at->level == 2 || is_municipality(at)) {
            return figure_of(tables, at->code, year, kind);
        }
    }
    return -1;
}

Money regional_nearest(const struct law_tables *tables, Str division, int year,
                       enum regional_kind kind)
{
    const struct division *at = division_by_code(tables, division);
    for (; at != NULL; at = above(tables, at)) {
        Money figure = figure_of(tables, at->code, year, kind);
        if (figure >= 0) {
            return figure;
        }
    }
    return -1;
}

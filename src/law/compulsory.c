#include "law/compulsory.h"

#include "law/table_build.h"
#include "law/table_read.h"

enum { FROM, INJURY, MEDICAL, PROPERTY, FREE_INJURY, FREE_MEDICAL, FREE_PROPERTY, SOURCE_TEXT };

static const char *const COLUMNS[] = {"from",
                                      "injury",
                                      "medical",
                                      "property",
                                      "no_fault_injury",
                                      "no_fault_medical",
                                      "no_fault_property",
                                      "source",
                                      NULL};

static enum status limit_read(const struct table *table, int row, int column, Money *out)
{
    Str text = table_cell(table, row, column);
    if (!money_parse(table->cx->arena, text, out) || *out < 0) {
        return table_fault(table, row, "not an amount in yuan", text);
    }
    return OK;
}

static enum status limits_read(const struct table *table, int row, int first,
                               struct compulsory_limits *out)
{
    struct cx *cx = table->cx;
    TRY(limit_read(table, row, first, &out->injury));
    TRY(limit_read(table, row, first + 1, &out->medical));
    return limit_read(table, row, first + 2, &out->property);
}

enum status compulsory_table_build(struct table_build *b, Str compulsory_csv)
{
    struct cx *cx = b->cx;
    struct table table;
    TRY(table_open(cx, "compulsory-insurance.csv", compulsory_csv, COLUMNS, &table));
    struct compulsory *rows = arena_array(b->arena, struct compulsory, table.rows + 1);
    for (int row = 0; row < table.rows; row++) {
        struct compulsory *one = &rows[row];
        TRY(table_date(&table, row, FROM, false, &one->from));
        TRY(limits_read(&table, row, INJURY, &one->liable));
        TRY(limits_read(&table, row, FREE_INJURY, &one->blameless));
        if (row > 0 && one->from <= rows[row - 1].from) {
            return table_fault(&table, row, "a date out of order", table_cell(&table, row, FROM));
        }
        if (table_cell(&table, row, SOURCE_TEXT).n == 0) {
            return table_fault(&table, row, "limits without their source",
                               table_cell(&table, row, FROM));
        }
    }
    b->tables->compulsory = rows;
    b->tables->compulsory_count = table.rows;
    return OK;
}

const struct compulsory *compulsory_on(const struct law_tables *tables, Date accident)
{
    for (int i = tables->compulsory_count; i > 0; i--) {
        if (tables->compulsory[i - 1].from <= accident) {
            return &tables->compulsory[i - 1];
        }
    }
    return NULL;
}

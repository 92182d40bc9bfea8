/* The table of hours with one more row: as tables, and as text. */
#include <string.h>

#include "base/csv.h"
#include "law/hours.h"

enum { COLUMNS = 8, TABLE_BYTES_MAX = 4 << 20 };

static const char *const columns[COLUMNS] = {
    "court", "valid_from", "weekday", "am_start", "am_end", "pm_start", "pm_end", "source",
};

static void add_cell(struct buf *buf, Str text, bool first)
{
    bool quote = false;
    for (size_t i = 0; i < text.n; i++) {
        quote =
            quote || text.p[i] == ',' || text.p[i] == '"' || text.p[i] == '\n' || text.p[i] == '\r';
    }
    buf_text(buf, first ? "" : ",");
    buf_text(buf, quote ? "\"" : "");
    for (size_t i = 0; i < text.n; i++) {
        buf_text(buf, quote && text.p[i] == '"' ? "\"" : "");
        buf_char(buf, text.p[i]);
    }
    buf_text(buf, quote ? "\"" : "");
}

static void add_row(struct buf *buf, const Str cells[COLUMNS])
{
    for (int i = 0; i < COLUMNS; i++) {
        add_cell(buf, cells[i], i == 0);
    }
    buf_char(buf, '\n');
}

static Str time_text(struct arena *arena, bool empty, int minutes)
{
    return empty ? (Str){"", 0} : str_printf(arena, "%02d:%02d", minutes / 60, minutes % 60);
}

static void row_cells(struct arena *arena, const struct court_hours *row, Str source,
                      Str cells[COLUMNS])
{
    bool no_am = row->am_start >= row->am_end;
    bool no_pm = row->pm_start >= row->pm_end;
    cells[0] = row->court;
    cells[1] = row->valid_from == DATE_NONE ? (Str){"", 0} : date_format(arena, row->valid_from);
    cells[2] = row->weekday == HOURS_ANY_DAY    ? (Str){"", 0}
               : row->weekday == HOURS_THAT_DAY ? STR("day")
                                                : str_printf(arena, "%d", row->weekday);
    cells[3] = time_text(arena, no_am, row->am_start);
    cells[4] = time_text(arena, no_am, row->am_end);
    cells[5] = time_text(arena, no_pm, row->pm_start);
    cells[6] = time_text(arena, no_pm, row->pm_end);
    cells[7] = source;
}

static bool same_place(const Str a[COLUMNS], const Str b[COLUMNS])
{
    return str_same(a[0], b[0]) && str_same(a[1], b[1]) && str_same(a[2], b[2]);
}

enum status hours_table_with(struct cx *cx, Str csv_text, const struct court_hours *row, Str source,
                             Str *out)
{
    struct csv csv;
    struct buf buf;
    Str new_cells[COLUMNS];
    Str cells[COLUMNS];
    TRY(csv_read(cx, "hours.csv", csv_text, ',', &csv));
    buf_init(&buf, cx->arena, TABLE_BYTES_MAX);
    row_cells(cx->arena, row, source, new_cells);
    for (int k = 0; k < COLUMNS; k++) {
        cells[k] = str_of(columns[k]);
    }
    add_row(&buf, cells);
    for (uint32_t i = 0; i < csv.rows; i++) {
        for (int k = 0; k < COLUMNS; k++) {
            cells[k] = csv_cell(&csv, i, csv_column(&csv, columns[k]));
        }
        if (!same_place(cells, new_cells)) {
            add_row(&buf, cells);
        }
    }
    add_row(&buf, new_cells);
    if (buf_is_over(&buf)) {
        return FAIL(cx, E_TOO_LARGE, "too-large", "table of hours over its limit");
    }
    *out = buf_done(&buf);
    return OK;
}

/* Where it stands beside another row: before, in its place, behind. */
static int place_of(const struct court_hours *a, const struct court_hours *b)
{
    int order = str_compare(a->court, b->court);
    if (order == 0 && a->valid_from != b->valid_from) {
        return a->valid_from < b->valid_from ? -1 : 1;
    }
    return order == 0 ? a->weekday - b->weekday : order;
}

struct law_tables hours_tables_with(struct arena *arena, const struct law_tables *tables,
                                    const struct court_hours *row)
{
    struct law_tables with = *tables;
    size_t count = (size_t)tables->hours_count;
    struct court_hours *hours = arena_array(arena, struct court_hours, count + 1);
    size_t at = 0;
    while (at < count && place_of(&tables->hours[at], row) < 0) {
        hours[at] = tables->hours[at];
        at++;
    }
    size_t rest = at < count && place_of(&tables->hours[at], row) == 0 ? at + 1 : at;
    hours[at] = *row;
    if (rest < count) {
        memcpy(&hours[at + 1], &tables->hours[rest], (count - rest) * sizeof *hours);
    }
    with.hours = hours;
    with.hours_count = (int)(at + 1 + count - rest);
    return with;
}

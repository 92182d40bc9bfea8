/* Sheets that go out: the one to fill in, and the rows that were not filed, with the reason, to be
 * mended and uploaded again. */
#include <inttypes.h>

#include "base/check.h"
#include "base/json.h"
#include "render/csv.h"
#include "render/xlsx.h"
#include "web/batch.h"
#include "web/file_name.h"
#include "web/handlers.h"

enum { LINE_ARENA_BYTES = 32 << 20, REASON_BYTES_MAX = 64 * 1024, HELP_COLUMNS = 4 };

#define WRONG_BYTES_MAX ((size_t)16 << 20) /* what a call carries, and a slow line holds */

#define SAMPLE_KEY   "示例，请删除本行"
#define REASON_TITLE "原因"
#define CASES_SHEET  "案件"

/* --- tables --- */

struct table {
    struct arena *arena; /* of its cells */
    Str *cells;
    uint32_t columns;
    uint32_t rows, room;
};

static void table_begin(struct arena *arena, uint32_t columns, uint32_t room, struct table *out)
{
    *out = (struct table){.arena = arena, .columns = columns, .room = room};
    out->cells = arena_array(arena, Str, (size_t)columns * room);
}

static Str *table_row(struct table *table)
{
    check(table->rows < table->room);
    Str *cells = &table->cells[(size_t)table->columns * table->rows++];
    for (uint32_t i = 0; i < table->columns; i++) {
        cells[i] = (Str){"", 0};
    }
    return cells;
}

static enum status table_csv(struct cx *cx, const struct table *table, Str *bytes)
{
    struct buf out;
    buf_init(&out, table->arena, CSV_BYTES_MAX);
    csv_begin(&out);
    for (uint32_t i = 0; i < table->rows; i++) {
        csv_row(&out, &table->cells[(size_t)table->columns * i], table->columns);
    }
    *bytes = buf_done(&out);
    return buf_is_over(&out) ? FAIL(cx, E_TOO_LARGE, "sheet-too-large", "a table past our limits")
                             : OK;
}

static void titles_put(struct table *table, const struct batch_kind *kind)
{
    Str *cells = table_row(table);
    for (uint32_t i = 0; i < kind->column_count; i++) {
        cells[i] = str_printf(table->arena, "%s%s", kind->columns[i].title,
                              kind->columns[i].required ? "*" : "");
    }
}

/* A sheet beside the claims: what goes into which column. */
static void help_make(struct arena *arena, const struct batch_kind *kind, struct table *out)
{
    table_begin(arena, HELP_COLUMNS, kind->column_count + 1, out);
    Str *heads = table_row(out);
    heads[0] = STR("栏");
    heads[1] = STR("必填");
    heads[2] = STR("怎么填");
    heads[3] = STR("例子");
    for (uint32_t i = 0; i < kind->column_count; i++) {
        const struct batch_column *column = &kind->columns[i];
        Str *cells = table_row(out);
        cells[0] = str_of(column->title);
        cells[1] = column->required ? STR("必填") : STR("");
        cells[2] = str_printf(arena, "%s%s", column->help,
                              column->carried ? "（与上一行相同的可以空着）" : "");
        cells[3] = str_of(column->example);
    }
}

static enum status table_xlsx(struct cx *cx, const struct table *table,
                              const struct batch_kind *kind, Str *out)
{
    struct table help;
    help_make(table->arena, kind, &help);
    const struct xlsx_sheet sheets[] = {{CASES_SHEET, table->cells, table->columns, table->rows},
                                        {XLSX_HELP_SHEET, help.cells, help.columns, help.rows}};
    return xlsx_write(cx, sheets, sizeof sheets / sizeof sheets[0], out);
}

static bool is_xlsx(const struct call *call)
{
    return str_ends(call->http->path, ".xlsx");
}

/* In the format that the address asks for; into the table's arena. */
static enum status table_write(struct call *call, const struct table *table,
                               const struct batch_kind *kind, Str *out)
{
    struct cx own;
    cx_init(&own, table->arena);
    enum status status =
        is_xlsx(call) ? table_xlsx(&own, table, kind, out) : table_csv(&own, table, out);
    return status == OK ? OK : batch_failed(call, &own);
}

static enum status sheet_answer(struct call *call, Str stem, Str body)
{
    bool xlsx = is_xlsx(call);
    Str name = str_printf(call->cx->arena, "%s.%s", stem.p, xlsx ? "xlsx" : "csv");
    call_header(call, "Content-Disposition", file_disposition(call->cx->arena, name, false));
    struct http_answer answer = {
        .status = 200,
        .content_type = xlsx ? "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
                             : "text/csv; charset=utf-8",
        .body = body,
        .headers = call->headers};
    http_answer(call->http, &answer);
    call->answered = true;
    return OK;
}

/* --- the one to fill in --- */

static const struct batch_kind *kind_said(const struct call *call)
{
    const struct batch_kinds *kinds = call->app->house.batches;
    Str name = call_param(call, "kind");
    return name.n == 0 && kinds->count > 0 ? &kinds->kinds[0] : batch_kind_find(kinds, name);
}

enum status batch_template(struct call *call)
{
    struct cx *cx = call->cx;
    const struct batch_kind *kind = kind_said(call);
    struct table table;
    Str body = {"", 0};
    if (kind == NULL) {
        return FAIL(cx, E_NOT_FOUND, "not-found", "no such kind of batch");
    }
    table_begin(cx->arena, kind->column_count, 2, &table);
    titles_put(&table, kind);
    Str *cells = table_row(&table);
    for (uint32_t i = 0; i < kind->column_count; i++) {
        cells[i] =
            kind->columns[i].use == BATCH_KEY ? STR(SAMPLE_KEY) : str_of(kind->columns[i].example);
    }
    TRY(table_write(call, &table, kind, &body));
    return sheet_answer(call, str_of(kind->title), body);
}

/* --- the rows that were not filed --- */

struct wrong {
    struct batch_seen seen;
    struct batch_row *rows;
    uint32_t count;
    Str body;
};

static enum status rows_read(struct cx *cx, struct sql *sql, void *arg)
{
    struct wrong *wrong = arg;
    return batch_rows(cx, sql, wrong->seen.id, STR("wrong"), 0, SHEET_ROWS_MAX, &wrong->rows,
                      &wrong->count);
}

static const struct batch_row *row_of(const struct wrong *wrong, uint32_t n)
{
    for (uint32_t i = 0; i < wrong->count; i++) {
        if (wrong->rows[i].n == n) {
            return &wrong->rows[i];
        }
    }
    return NULL;
}

static Str reason_of(struct cx *cx, const struct batch_row *row)
{
    struct value *problems = NULL;
    struct buf out;
    buf_init(&out, cx->arena, REASON_BYTES_MAX);
    if (json_row_read(cx, row->problems, &problems) != OK) {
        cx_forgive(cx);
    }
    for (uint32_t i = 0; i < value_count(problems); i++) {
        const struct value *problem = value_item(problems, i);
        Str column = value_get_str(problem, "column");
        buf_text(&out, i == 0 ? "" : "；");
        buf_str(&out, column);
        buf_text(&out, column.n > 0 ? "：" : "");
        buf_str(&out, value_get_str(problem, "title"));
    }
    return buf_done(&out);
}

static void line_put(struct cx *cx, const struct batch_line *line, const struct batch_row *row,
                     struct table *table)
{
    Str *cells = table_row(table);
    Str reason = reason_of(cx, row);
    for (uint32_t i = 0; i + 1 < table->columns; i++) {
        cells[i] = line->texts[i]; /* of the sheet, which lives in the same arena */
    }
    cells[table->columns - 1] = str_copy(table->arena, reason.p, reason.n);
}

static enum status lines_put(struct cx *cx, const struct wrong *wrong,
                             struct batch_reading *reading, struct table *table)
{
    struct arena *arena = arena_open(LINE_ARENA_BYTES);
    enum status status = OK;
    for (uint32_t i = reading->header + 1; status == OK && i < reading->sheet->row_count; i++) {
        struct cx own;
        struct batch_line line;
        cx_init(&own, arena);
        status = batch_line_read(&own, reading, i, &line);
        const struct batch_row *row = status == OK ? row_of(wrong, line.n) : NULL;
        if (row != NULL) {
            line_put(&own, &line, row, table);
        }
        if (status != OK) {
            const struct failure *f = &own.failure;
            status = cx_fail(cx, f->status, f->code, f->file, f->line, "%.*s", STR_ARG(f->detail));
        }
        arena_reset(arena);
    }
    arena_close(arena);
    return status;
}

static enum status wrong_make(struct call *call, struct arena *arena)
{
    struct cx *cx = call->cx;
    struct wrong *wrong = call->kept;
    const struct batch *batch = wrong->seen.batch;
    struct sheet sheet;
    struct table table;
    struct actor filer;
    TRY(batch_filer(call, batch->person, &filer));
    struct batch_reading reading = {.house = &call->app->house,
                                    .actor = &filer,
                                    .kind = batch_kind_of(call, batch),
                                    .sheet = &sheet,
                                    .files = wrong->seen.files,
                                    .file_count = wrong->seen.file_count,
                                    .now = clock_now()};
    TRY(batch_sheet(call, arena, batch->sm3, batch->size, &sheet));
    TRY(batch_reading_begin(cx, &reading));
    table_begin(arena, reading.kind->column_count + 1, wrong->count + 1, &table);
    titles_put(&table, reading.kind);
    table.cells[table.columns - 1] = STR(REASON_TITLE);
    TRY(lines_put(cx, wrong, &reading, &table));
    return table_write(call, &table, reading.kind, &wrong->body);
}

static enum status wrong_slow(struct call *call)
{
    struct cx *cx = call->cx;
    struct wrong *wrong = call->kept;
    struct cx own; /* thousands of rows with their reasons are more than a call holds */
    cx_init(&own, arena_open(BATCH_SHEET_ARENA_BYTES));
    enum status status = store_read(&own, call->app->house.store, rows_read, wrong);
    status = status == OK ? wrong_make(call, own.arena) : batch_failed(call, &own);
    if (status == OK && wrong->body.n > WRONG_BYTES_MAX) {
        status = FAIL(cx, E_TOO_LARGE, "sheet-too-large", "%zu bytes made", wrong->body.n);
    }
    if (status == OK) {
        wrong->body = str_copy(cx->arena, wrong->body.p, wrong->body.n);
    }
    arena_close(own.arena);
    return status;
}

static enum status wrong_answer(struct call *call)
{
    const struct wrong *wrong = call->kept;
    return sheet_answer(call, str_printf(call->cx->arena, "要修改的-%" PRId64, wrong->seen.id),
                        wrong->body);
}

enum status batch_wrong(struct call *call)
{
    struct cx *cx = call->cx;
    struct wrong *wrong = arena_new(cx->arena, struct wrong);
    call->kept = wrong;
    TRY(batch_mine(call));
    TRY(batch_see(call, &wrong->seen));
    TRY(batch_pace(call, false));
    return call_slow(call, wrong_slow, wrong_answer);
}

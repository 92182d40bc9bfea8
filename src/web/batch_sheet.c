/* Sheets that go out: the one to fill in, and the rows that were not filed, with the reason, to be
 * mended and uploaded again. */
#include <inttypes.h>

#include "base/json.h"
#include "render/csv.h"
#include "web/batch.h"
#include "web/file_name.h"
#include "web/handlers.h"

enum { LINE_ARENA_BYTES = 32 << 20, REASON_BYTES_MAX = 16 * 1024 };

#define SAMPLE_KEY   "示例，请删除本行"
#define REASON_TITLE "原因"

/* --- the answer --- */

static enum status csv_answer(struct call *call, Str name, Str body)
{
    call_header(call, "Content-Disposition", file_disposition(call->cx->arena, name, false));
    struct http_answer answer = {.status = 200,
                                 .content_type = "text/csv; charset=utf-8",
                                 .body = body,
                                 .headers = call->headers};
    http_answer(call->http, &answer);
    call->answered = true;
    return OK;
}

/* --- the one to fill in --- */

static void titles_put(struct arena *arena, const struct batch_kind *kind, Str *cells)
{
    for (uint32_t i = 0; i < kind->column_count; i++) {
        cells[i] =
            str_printf(arena, "%s%s", kind->columns[i].title, kind->columns[i].required ? "*" : "");
    }
}

static const struct batch_kind *kind_said(const struct call *call)
{
    const struct batch_kinds *kinds = call->app->house.batches;
    Str name = call_param(call, "kind");
    return name.n == 0 && kinds->count > 0 ? &kinds->kinds[0] : batch_kind_find(kinds, name);
}

enum status batch_template_csv(struct call *call)
{
    struct cx *cx = call->cx;
    const struct batch_kind *kind = kind_said(call);
    struct buf out;
    if (kind == NULL) {
        return FAIL(cx, E_NOT_FOUND, "not-found", "no such kind of batch");
    }
    Str *cells = arena_array(cx->arena, Str, kind->column_count);
    buf_init(&out, cx->arena, CSV_BYTES_MAX);
    csv_begin(&out);
    titles_put(cx->arena, kind, cells);
    csv_row(&out, cells, kind->column_count);
    for (uint32_t i = 0; i < kind->column_count; i++) {
        cells[i] =
            kind->columns[i].use == BATCH_KEY ? STR(SAMPLE_KEY) : str_of(kind->columns[i].example);
    }
    csv_row(&out, cells, kind->column_count);
    return csv_answer(call, str_printf(cx->arena, "%s.csv", kind->title), buf_done(&out));
}

/* --- the rows that were not filed --- */

struct wrong {
    struct batch_seen seen;
    struct batch_row *rows;
    uint32_t count;
    struct buf out;
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

static enum status lines_put(struct cx *cx, struct wrong *wrong, struct batch_reading *reading)
{
    struct arena *arena = arena_open(LINE_ARENA_BYTES);
    const struct batch_kind *kind = reading->kind;
    enum status status = OK;
    for (uint32_t i = reading->header + 1; status == OK && i < reading->sheet->row_count; i++) {
        struct cx own;
        struct batch_line line;
        cx_init(&own, arena);
        status = batch_line_read(&own, reading, i, &line);
        const struct batch_row *row = status == OK ? row_of(wrong, line.n) : NULL;
        if (row != NULL) {
            Str *cells = arena_array(arena, Str, kind->column_count + 1);
            memcpy(cells, line.texts, kind->column_count * sizeof *cells);
            cells[kind->column_count] = reason_of(&own, row);
            csv_row(&wrong->out, cells, kind->column_count + 1);
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
    struct batch_reading reading = {.house = &call->app->house,
                                    .actor = &call->actor,
                                    .kind = batch_kind_of(call, batch),
                                    .sheet = &sheet,
                                    .files = wrong->seen.files,
                                    .file_count = wrong->seen.file_count,
                                    .now = clock_now()};
    TRY(batch_sheet(call, arena, batch->sm3, batch->size, &sheet));
    TRY(batch_reading_begin(cx, &reading));
    uint32_t count = reading.kind->column_count;
    Str *cells = arena_array(cx->arena, Str, count + 1);
    titles_put(cx->arena, reading.kind, cells);
    cells[count] = STR(REASON_TITLE);
    csv_begin(&wrong->out);
    csv_row(&wrong->out, cells, count + 1);
    return lines_put(cx, wrong, &reading);
}

static enum status wrong_slow(struct call *call)
{
    struct cx *cx = call->cx;
    struct wrong *wrong = call->kept;
    TRY(store_read(cx, call->app->house.store, rows_read, wrong));
    struct arena *arena = arena_open(BATCH_SHEET_ARENA_BYTES);
    enum status status = wrong_make(call, arena);
    arena_close(arena);
    return status;
}

static enum status wrong_answer(struct call *call)
{
    struct wrong *wrong = call->kept;
    return csv_answer(call, str_printf(call->cx->arena, "要修改的-%" PRId64 ".csv", wrong->seen.id),
                      buf_done(&wrong->out));
}

enum status batch_wrong_csv(struct call *call)
{
    struct cx *cx = call->cx;
    struct wrong *wrong = arena_new(cx->arena, struct wrong);
    call->kept = wrong;
    TRY(batch_mine(call));
    TRY(batch_see(call, &wrong->seen));
    buf_init(&wrong->out, cx->arena, CSV_BYTES_MAX);
    return call_slow(call, wrong_slow, wrong_answer);
}

/* HOW IT WORKS. A helper gets the bytes of an XLSX file and answers rows: their number and count of
 * cells, then cell by cell what is odd about it, its length and its text. Numbers are four bytes,
 * big end first. What comes is checked as if a stranger had sent it. */
#include "render/sheet_file.h"

#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "render/helper_int.h"
#include "render/xlsx.h"

enum { HEAD_BYTES = 8, CELL_BYTES = 5 };

enum sheet_format sheet_format_of(Str bytes)
{
    if (str_starts(bytes, "PK\x03\x04")) {
        return SHEET_XLSX;
    }
    if (str_starts(bytes, "\xD0\xCF\x11\xE0")) {
        return SHEET_XLS;
    }
    return str_starts(bytes, "%PDF") || str_starts(bytes, "\x89PNG") ? SHEET_OTHER : SHEET_CSV;
}

/* --- packing, in the helper --- */

static void put_number(struct buf *out, uint32_t number)
{
    for (int shift = 24; shift >= 0; shift -= 8) {
        buf_char(out, (char)(unsigned char)(number >> shift));
    }
}

static void put_row(struct buf *out, const struct sheet_row *row)
{
    put_number(out, row->n);
    put_number(out, row->count);
    for (uint32_t i = 0; i < row->count; i++) {
        const struct sheet_cell *cell = &row->cells[i];
        buf_char(out, (char)cell->odd);
        put_number(out, (uint32_t)cell->text.n);
        buf_str(out, cell->text);
    }
}

static enum wire_result failure_send(struct cx *cx, int fd)
{
    struct value *head = value_map(cx->arena);
    value_set_bool(cx->arena, head, "ok", false);
    value_set_text(cx->arena, head, "code", cx->failure.code);
    value_set(cx->arena, head, "args", cx->failure.args);
    value_set_str(cx->arena, head, "detail", cx->failure.detail);
    return wire_send(fd, json_write(cx->arena, head), NULL, 0, 0);
}

enum wire_result spreadsheet_serve(struct cx *cx, int fd, Str body)
{
    struct sheet sheet;
    struct buf out;
    if (xlsx_read(cx, body, &sheet) != OK) {
        return failure_send(cx, fd);
    }
    buf_init(&out, cx->arena, HELPER_ANSWER_BYTES_MAX);
    for (uint32_t i = 0; i < sheet.row_count; i++) {
        put_row(&out, &sheet.rows[i]);
    }
    if (buf_is_over(&out)) {
        (void)FAIL(cx, E_INPUT, "sheet-unreadable", "more text than a table has");
        return failure_send(cx, fd);
    }
    struct value *head = value_map(cx->arena);
    Str rows = buf_done(&out);
    value_set_bool(cx->arena, head, "ok", true);
    value_set_int(cx->arena, head, "rows", sheet.row_count);
    value_set_int(cx->arena, head, "left_out", sheet.sheets_left_out);
    return wire_send(fd, json_write(cx->arena, head), &rows, 1, 0);
}

/* --- unpacking --- */

static uint32_t number_at(const char *at)
{
    uint32_t number = 0;
    for (int i = 0; i < 4; i++) {
        number = (number << 8) | (unsigned char)at[i];
    }
    return number;
}

static bool cell_take(struct arena *arena, Str *rest, struct sheet_cell *out)
{
    if (rest->n < CELL_BYTES) {
        return false;
    }
    unsigned char odd = (unsigned char)rest->p[0];
    uint32_t size = number_at(rest->p + 1);
    *rest = (Str){rest->p + CELL_BYTES, rest->n - CELL_BYTES};
    if (odd > SHEET_ERROR || size > rest->n || !utf8_is_valid(rest->p, size)) {
        return false;
    }
    *out = (struct sheet_cell){str_copy(arena, rest->p, size), (enum sheet_odd)odd};
    *rest = (Str){rest->p + size, rest->n - size};
    return true;
}

static bool row_take(struct arena *arena, Str *rest, uint32_t above, struct sheet_row *out)
{
    if (rest->n < HEAD_BYTES) {
        return false;
    }
    *out = (struct sheet_row){.n = number_at(rest->p), .count = number_at(rest->p + 4)};
    *rest = (Str){rest->p + HEAD_BYTES, rest->n - HEAD_BYTES};
    if (out->n <= above || out->count > SHEET_COLUMNS_MAX) {
        return false;
    }
    out->cells = arena_array(arena, struct sheet_cell, out->count);
    for (uint32_t i = 0; i < out->count; i++) {
        if (!cell_take(arena, rest, &out->cells[i])) {
            return false;
        }
    }
    return true;
}

static bool sheet_take(struct arena *arena, const struct value *head, Str rest, struct sheet *out)
{
    int64_t rows = value_get_int(head, "rows");
    int64_t left_out = value_get_int(head, "left_out");
    uint32_t above = 0;
    if (rows < 0 || rows > SHEET_ROWS_MAX + 1 || left_out < 0 || left_out > UINT32_MAX) {
        return false;
    }
    *out = (struct sheet){.sheets_left_out = (uint32_t)left_out};
    out->rows = arena_array(arena, struct sheet_row, rows);
    for (; out->row_count < rows; out->row_count++) {
        if (!row_take(arena, &rest, above, &out->rows[out->row_count])) {
            return false;
        }
        above = out->rows[out->row_count].n;
    }
    return rest.n == 0;
}

/* Its codes are those of xlsx_read(): a helper gives no other words to people. */
static bool failure_take(struct cx *cx, const struct value *head)
{
    static const char *const codes[] = {"sheet-unreadable", "sheet-too-wide", "sheet-too-long",
                                        "sheet-cell-too-long"};
    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++) {
        if (str_is(value_get_str(head, "code"), codes[i])) {
            const struct value *args = value_get(head, "args");
            cx->failure.args = value_is_map(args) ? value_copy(cx->arena, args) : NULL;
            (void)cx_fail(cx, E_INPUT, codes[i], __FILE__, __LINE__, "in a helper: %.*s",
                          STR_ARG(value_get_str(head, "detail")));
            return true;
        }
    }
    return false;
}

static bool answer_take(struct cx *cx, const struct value *head, Str body, struct sheet *out)
{
    return value_get_bool(head, "ok") ? sheet_take(cx->arena, head, body, out)
                                      : failure_take(cx, head);
}

static enum wire_result talk(struct cx *cx, const struct helper_line *line, Str bytes,
                             struct sheet *out)
{
    struct value *head = value_map(cx->arena);
    Str body = {0};
    int64_t deadline_us = clock_monotonic_us() + (int64_t)line->timeout_ms * 1000;
    value_set_text(cx->arena, head, "kind", "spreadsheet");
    enum wire_result wire =
        wire_send(line->fd, json_write(cx->arena, head), &bytes, 1, deadline_us);
    if (wire == WIRE_OK) {
        wire = wire_receive(cx, line->fd, HELPER_ANSWER_BYTES_MAX, deadline_us, &head, &body);
    }
    return wire == WIRE_OK && !answer_take(cx, head, body, out) ? WIRE_BROKEN : wire;
}

/* Whoever makes a helper die does so again: the file is what is wrong. */
static enum status xlsx_ask(struct cx *cx, struct helper_pool *pool, Str bytes, struct sheet *out)
{
    struct helper_line line;
    enum status taken = helper_line_take(pool, cx, &line); /* not by TRY: it must be given back */
    if (taken != OK) {
        return taken;
    }
    enum wire_result wire = talk(cx, &line, bytes, out);
    helper_line_give_back(pool, &line, wire != WIRE_OK);
    return wire == WIRE_OK
               ? cx->failure.status
               : FAIL(cx, E_INPUT, "sheet-unreadable", "a helper died or took too long");
}

enum status sheet_file_read(struct cx *cx, struct helper_pool *pool, Str bytes, struct sheet *out)
{
    switch (sheet_format_of(bytes)) {
    case SHEET_CSV: return sheet_read_csv(cx, bytes, out);
    case SHEET_XLSX: return xlsx_ask(cx, pool, bytes, out);
    case SHEET_XLS:
    case SHEET_OTHER: break;
    }
    return FAIL(cx, E_INPUT, "sheet-old", "neither text nor a table we read");
}

/* A whole sheet: line by line in memory that is given back, then what lines say of each other, then
 * what was filed before. */
#include <inttypes.h>

#include "base/json.h"
#include "flow/batch.h"

enum { SCRATCH_BYTES = 32 << 20, WARNINGS_MAX = 50, LABEL_MAX = 200 };

struct whole {
    struct cx *cx; /* keeps what stays */
    struct batch_reading *reading;
    struct batch_row *rows;
    struct value **problems; /* of rows */
    uint32_t count;
    struct value *warnings; /* [{"code","title","count","row"}] */
    struct value *samples;
};

static Str kept(struct arena *arena, Str text)
{
    return str_copy(arena, text.p, text.n);
}

/* What is longer is refused, and need not be kept as it is. */
static Str head_kept(struct arena *arena, Str text, size_t count_max)
{
    return kept(arena, utf8_head(arena, text, count_max));
}

/* The same warning of many rows is said once, with its first row. */
static void warnings_take(struct whole *w, const struct batch_line *line)
{
    struct arena *arena = w->cx->arena;
    for (uint32_t i = 0; i < value_count(line->warnings); i++) {
        const struct value *warning = value_item(line->warnings, i);
        struct value *known = NULL;
        for (uint32_t k = 0; k < w->warnings->count; k++) {
            struct value *each = w->warnings->as.items[k];
            known = str_same(value_get_str(each, "code"), value_get_str(warning, "code")) &&
                            str_same(value_get_str(each, "title"), value_get_str(warning, "title"))
                        ? each
                        : known;
        }
        if (known != NULL) {
            value_set_int(arena, known, "count", value_get_int(known, "count") + 1);
        } else if (w->warnings->count < WARNINGS_MAX) {
            struct value *copy = value_copy(arena, warning);
            value_set_int(arena, copy, "count", 1);
            value_set_int(arena, copy, "row", line->n);
            value_add(arena, w->warnings, copy);
        }
    }
}

static void line_keep(struct whole *w, const struct batch_line *line)
{
    struct arena *arena = w->cx->arena;
    uint32_t i = w->count++;
    w->problems[i] = value_copy(arena, line->problems);
    w->rows[i] = (struct batch_row){.n = line->n,
                                    .key = head_kept(arena, line->key, BATCH_KEY_MAX + 1),
                                    .state = STR("ready"),
                                    .court = kept(arena, line->court),
                                    .title = head_kept(arena, line->label, LABEL_MAX),
                                    .amount = line->amount,
                                    .signed_sm3 = kept(arena, line->digest)};
}

static enum status lines_read(struct whole *w, struct cx *scratch)
{
    struct batch_reading *r = w->reading;
    for (uint32_t i = r->header + 1; i < r->sheet->row_count; i++) {
        struct batch_line line;
        cx_init(scratch, scratch->arena);
        enum status status = batch_line_read(scratch, r, i, &line);
        status = status == OK ? cx_ceiling(scratch, __FILE__, __LINE__) : status;
        if (status != OK) {
            const struct failure *f = &scratch->failure;
            return cx_fail(w->cx, f->status, f->code, f->file, f->line, "row %u: %.*s", line.n,
                           STR_ARG(f->detail));
        }
        if (line.is_sample) {
            value_add(w->cx->arena, w->samples, value_int(w->cx->arena, line.n));
        } else {
            line_keep(w, &line);
            if (line.problems->count == 0) {
                warnings_take(w, &line);
            }
        }
        arena_reset(scratch->arena);
    }
    return OK;
}

/* --- rows among themselves --- */

static const char *key_title(const struct batch_kind *kind)
{
    for (uint32_t i = 0; i < kind->column_count; i++) {
        if (kind->columns[i].use == BATCH_KEY) {
            return kind->columns[i].title;
        }
    }
    return "";
}

/* 5,000 rows are 12 million comparisons of lengths and first bytes: some 50 ms. */
static void twins_tell(struct whole *w)
{
    struct arena *arena = w->cx->arena;
    const char *column = key_title(w->reading->kind);
    for (uint32_t i = 0; i < w->count; i++) {
        const struct batch_row *row = &w->rows[i];
        for (uint32_t k = 0; k < i; k++) {
            const struct batch_row *above = &w->rows[k];
            if (row->key.n > 0 && str_same(row->key, above->key)) {
                batch_problem(arena, w->problems[i], column, "key-twice",
                              arena_printf(arena, "编号与第%" PRId64 "行相同", above->n));
                break;
            }
            if (w->problems[i]->count == 0 && str_same(row->signed_sm3, above->signed_sm3) &&
                str_same(row->court, above->court)) {
                batch_problem(arena, w->problems[i], "", "row-twice",
                              arena_printf(arena, "与第%" PRId64 "行的内容完全相同", above->n));
                break;
            }
        }
    }
}

/* --- what was filed before --- */

struct before_look {
    Id person;
    const struct batch_row *rows;
    uint32_t count;
    struct batch_before *before;
};

static enum status before_read(struct cx *cx, struct sql *sql, void *arg)
{
    struct before_look *look = arg;
    return batch_before(cx, sql, look->person, look->rows, look->count, look->before);
}

static enum status before_tell(struct whole *w)
{
    struct cx *cx = w->cx;
    struct before_look look = {w->reading->actor->person, w->rows, w->count,
                               arena_array(cx->arena, struct batch_before, w->count)};
    TRY(store_read(cx, w->reading->house->store, before_read, &look));
    for (uint32_t i = 0; i < w->count; i++) {
        struct batch_row *row = &w->rows[i];
        if (look.before[i].matter == 0) {
            continue;
        }
        if (look.before[i].is_same && w->problems[i]->count == 0) {
            row->state = STR("double");
            row->twin = look.before[i].matter;
        } else if (!look.before[i].is_same) {
            batch_problem(cx->arena, w->problems[i], key_title(w->reading->kind), "key-used",
                          "这个编号以前提交过一件内容不同的案件。要改那一件，请到那一件里办理；这是"
                          "另一件的，请换一个编号");
            row->twin = look.before[i].matter;
        }
    }
    return OK;
}

/* --- together --- */

Str batch_digest(struct arena *arena, const struct batch_row *rows, uint32_t count)
{
    struct value *list = value_list(arena);
    for (uint32_t i = 0; i < count; i++) {
        if (str_is(rows[i].state, "ready")) {
            struct value *one = value_map(arena);
            value_set_str(arena, one, "key", rows[i].key);
            value_set_str(arena, one, "court", rows[i].court);
            value_set_str(arena, one, "signed", rows[i].signed_sm3);
            value_add(arena, list, one);
        }
    }
    return list->count == 0 ? STR("") : values_digest(arena, list);
}

static Str found_text(struct whole *w)
{
    struct arena *arena = w->cx->arena;
    const struct batch_reading *r = w->reading;
    struct value *found = value_map(arena);
    struct value *columns = value_list(arena);
    for (uint32_t i = 0; i < r->kind->column_count; i++) {
        if (r->columns[i] >= 0) {
            value_add_text(arena, columns, r->kind->columns[i].title);
        }
    }
    value_set(arena, found, "columns", columns);
    value_set(arena, found, "unknown", r->unknown);
    value_set(arena, found, "samples", w->samples);
    value_set_int(arena, found, "sheets_left_out", r->sheet->sheets_left_out);
    value_set(arena, found, "warnings", w->warnings);
    return json_write(arena, found);
}

static enum status whole_close(struct whole *w, struct batch *batch)
{
    struct cx *cx = w->cx;
    twins_tell(w);
    TRY(before_tell(w));
    for (uint32_t i = 0; i < w->count; i++) {
        if (w->problems[i]->count > 0) {
            w->rows[i].state = STR("bad");
        }
        w->rows[i].problems = json_write(cx->arena, w->problems[i]);
    }
    batch->found = found_text(w);
    batch->digest = batch_digest(cx->arena, w->rows, w->count);
    return w->count > 0 ? OK : FAIL(cx, E_INPUT, "sheet-empty", "nothing but samples");
}

enum status batch_understand(struct cx *cx, struct batch_reading *reading, struct batch *batch,
                             struct batch_row **rows, uint32_t *count)
{
    struct cx scratch;
    struct whole w = {.cx = cx, .reading = reading};
    TRY(batch_reading_begin(cx, reading));
    w.rows = arena_array(cx->arena, struct batch_row, reading->sheet->row_count);
    w.problems = arena_array(cx->arena, struct value *, reading->sheet->row_count);
    w.warnings = value_list(cx->arena);
    w.samples = value_list(cx->arena);
    cx_init(&scratch, arena_open(SCRATCH_BYTES));
    enum status status = lines_read(&w, &scratch);
    arena_close(scratch.arena);
    if (status != OK) {
        return status;
    }
    TRY(whole_close(&w, batch));
    *rows = w.rows;
    *count = w.count;
    return OK;
}

/* Batches: the list, one of them, what became of its rows. */
#include "web/batch.h"

#include <inttypes.h>

#include "base/json.h"
#include "flow/view.h"
#include "render/sheet_file.h"
#include "web/again.h"
#include "web/handlers.h"

enum { WRONG_MAX = 200, LIST_MAX = 50 };

static const struct pace sheet_pace = {"batch-sheet", 100, 6};
static const struct pace file_pace = {"batch-file", 600, 60};

Str batch_path(struct arena *arena, Id id, const char *rest)
{
    return str_printf(arena, "/batches/%" PRId64 "%s", id, rest);
}

enum status batch_mine(struct call *call)
{
    return call->actor.post.n == 0 ? OK : FAIL(call->cx, E_DENIED, "batch-denied", "under a post");
}

const struct batch_kind *batch_kind_of(const struct call *call, const struct batch *batch)
{
    return batch_kind_find(call->app->house.batches, batch->kind);
}

static enum status seen_read(struct cx *cx, struct sql *sql, void *arg)
{
    struct batch_seen *seen = arg;
    TRY(batch_find(cx, sql, seen->id, seen->person, &seen->batch));
    if (seen->batch == NULL) {
        return OK;
    }
    TRY(batch_files(cx, sql, seen->id, &seen->files, &seen->file_count));
    return batch_rows(cx, sql, seen->id, STR("wrong"), 0, WRONG_MAX, &seen->wrong,
                      &seen->wrong_count);
}

enum status batch_see(struct call *call, struct batch_seen *out)
{
    struct cx *cx = call->cx;
    *out = (struct batch_seen){.id = out->id, .person = call->actor.person};
    if (out->id == 0) {
        TRY(call_id(call, 0, &out->id));
    }
    TRY(store_read(cx, call->app->house.store, seen_read, out));
    bool known = out->batch != NULL && batch_kind_of(call, out->batch) != NULL;
    return known ? OK : FAIL(cx, E_NOT_FOUND, "not-found", "no batch %" PRId64, out->id);
}

struct owner_look {
    Id id;
    struct person *person;
};

static enum status owner_read(struct cx *cx, struct sql *sql, void *arg)
{
    struct owner_look *look = arg;
    return person_find(cx, sql, look->id, &look->person);
}

enum status batch_filer(struct call *call, Id owner, struct actor *out)
{
    struct cx *cx = call->cx;
    struct owner_look look = {.id = owner};
    *out = call->actor;
    if (owner == call->actor.person) {
        return OK;
    }
    TRY(store_read(cx, call->app->house.store, owner_read, &look));
    if (look.person == NULL) {
        return FAIL(cx, E_NOT_FOUND, "not-found", "no person %" PRId64, owner);
    }
    *out = (struct actor){.person = owner,
                          .person_kind = look.person->kind,
                          .name = look.person->name,
                          .verified = look.person->verified.n > 0,
                          .post = STR(""),
                          .court = STR("")};
    return OK;
}

enum status batch_own(struct call *call, const struct batch *batch)
{
    return batch->person == call->actor.person ? OK
                                               : FAIL(call->cx, E_DENIED, "draft-of-another",
                                                      "prepared for %" PRId64, batch->person);
}

/* --- one --- */

static const char *state_title(const struct batch *b)
{
    if (str_is(b->state, "running")) {
        return "正在提交";
    }
    if (str_is(b->state, "done")) {
        return b->counts.bad + b->counts.failed > 0 ? "已办完，有没提交的" : "已办完";
    }
    return b->counts.ready > 0 ? "待签名提交" : "还不能提交";
}

static const char *row_state_title(Str state)
{
    return str_is(state, "ready")    ? "可以提交"
           : str_is(state, "bad")    ? "要修改"
           : str_is(state, "double") ? "以前提交过"
           : str_is(state, "filed")  ? "已提交"
                                     : "没有提交";
}

static struct value *counts_view(struct arena *arena, const struct batch_counts *c)
{
    struct value *view = value_map(arena);
    value_set_int(arena, view, "rows", c->all);
    value_set_int(arena, view, "ready", c->ready);
    value_set_int(arena, view, "bad", c->bad);
    value_set_int(arena, view, "double", c->twice);
    value_set_int(arena, view, "filed", c->filed);
    value_set_int(arena, view, "failed", c->failed);
    return view;
}

static struct value *id_view(struct arena *arena, Id id)
{
    return id == 0 ? NULL : value_str(arena, str_printf(arena, "%" PRId64, id));
}

static struct value *problems_of(struct cx *cx, const struct batch_row *row)
{
    struct value *problems = NULL;
    if (json_row_read(cx, row->problems, &problems) != OK) {
        cx_forgive(cx);
        problems = value_list(cx->arena);
    }
    return problems;
}

/* A line for each reason: row, column, why. */
static struct value *wrong_view(struct call *call, const struct batch_seen *seen)
{
    struct arena *arena = call->cx->arena;
    struct value *list = value_list(arena);
    bool is_own = seen->batch->person == call->actor.person;
    for (uint32_t i = 0; i < seen->wrong_count; i++) {
        const struct batch_row *row = &seen->wrong[i];
        const struct value *problems = problems_of(call->cx, row);
        for (uint32_t k = 0; k < value_count(problems); k++) {
            struct value *one = value_copy(arena, value_item(problems, k));
            value_set_int(arena, one, "row", row->n);
            value_set_str(arena, one, "key", row->key);
            value_set(arena, one, "matter", is_own ? id_view(arena, row->twin) : NULL);
            value_add(arena, list, one);
        }
    }
    return list;
}

static struct value *files_view(struct call *call, const struct batch_seen *seen)
{
    struct arena *arena = call->cx->arena;
    const struct batch_kind *kind = batch_kind_of(call, seen->batch);
    struct value *list = value_list(arena);
    for (uint32_t i = 0; i < seen->file_count; i++) {
        const struct batch_file *file = &seen->files[i];
        struct value *one = value_map(arena);
        value_set_int(arena, one, "n", file->n);
        value_set_str(arena, one, "kind", file->kind);
        value_set_text(arena, one, "title",
                       file->kind.n == 0 ? "各行按文件名使用"
                                         : material_title(kind->procedure, file->kind));
        value_set_str(arena, one, "name", file->name);
        value_set_str(arena, one, "type", file->type);
        value_set_int(arena, one, "size", file->size);
        value_set_str(arena, one, "sm3", hash_hex(arena, file->sm3));
        value_set_str(arena, one, "status", file->status);
        value_add(arena, list, one);
    }
    return list;
}

static void set_signature(struct call *call, const struct batch *b, struct value *view)
{
    struct arena *arena = call->cx->arena;
    struct value *given = NULL;
    value_set(arena, view, "signature", NULL);
    if (b->signature.n > 0 && json_row_read(call->cx, b->signature, &given) == OK) {
        struct value *shown = value_merge(arena, given, NULL);
        value_remove(shown, "png");
        value_set(arena, view, "signature", shown);
    }
}

static void set_instants(struct arena *arena, const struct batch *b, struct value *view)
{
    value_set_str(arena, view, "created", instant_format(arena, b->created));
    value_set(arena, view, "started",
              b->started == 0 ? NULL : value_str(arena, instant_format(arena, b->started)));
    value_set(arena, view, "ended",
              b->ended == 0 ? NULL : value_str(arena, instant_format(arena, b->ended)));
}

static struct value *brief_view(struct call *call, const struct batch *b)
{
    struct arena *arena = call->cx->arena;
    const struct batch_kind *kind = batch_kind_of(call, b);
    struct value *view = value_map(arena);
    value_set(arena, view, "id", id_view(arena, b->id));
    value_set_str(arena, view, "kind", b->kind);
    value_set_text(arena, view, "kind_title", kind == NULL ? "" : kind->title);
    value_set_str(arena, view, "name", b->name);
    value_set_str(arena, view, "state", b->state);
    value_set_text(arena, view, "state_title", state_title(b));
    value_set_bool(arena, view, "mine", b->person == call->actor.person);
    value_set_int(arena, view, "revision", b->revision);
    value_set(arena, view, "counts", counts_view(arena, &b->counts));
    set_instants(arena, b, view);
    return view;
}

struct value *batch_view(struct call *call, const struct batch_seen *seen)
{
    struct arena *arena = call->cx->arena;
    const struct batch *b = seen->batch;
    struct value *found = NULL;
    struct value *view = brief_view(call, b);
    struct value *progress = value_map(arena);
    value_set_str(arena, view, "sm3", hash_hex(arena, b->sm3));
    value_set_str(arena, view, "digest", b->digest);
    if (json_row_read(call->cx, b->found, &found) == OK) {
        value_set(arena, view, "found", found);
        value_set(arena, view, "warnings", value_get(found, "warnings"));
    }
    value_set(arena, view, "problems", wrong_view(call, seen));
    value_set_bool(arena, view, "more_problems",
                   b->counts.bad + b->counts.failed > seen->wrong_count);
    value_set(arena, view, "materials", files_view(call, seen));
    set_signature(call, b, view);
    value_set_int(arena, progress, "done", b->counts.all - b->counts.ready);
    value_set_int(arena, progress, "total", b->counts.all);
    value_set(arena, view, "progress", progress);
    value_set_str(arena, view, "results", batch_path(arena, b->id, "/results"));
    value_set_str(arena, view, "wrong_xlsx", batch_path(arena, b->id, "/wrong.xlsx"));
    value_set_str(arena, view, "wrong_csv", batch_path(arena, b->id, "/wrong.csv"));
    return view;
}

enum status batch_show(struct call *call)
{
    struct cx *cx = call->cx;
    struct batch_seen seen = {.id = 0};
    TRY(batch_mine(call));
    TRY(batch_see(call, &seen));
    return call_answer(call, batch_view(call, &seen), "batch");
}

enum status batch_answer(struct call *call, Id id)
{
    struct cx *cx = call->cx;
    struct batch_seen seen = {.id = id};
    TRY(batch_see(call, &seen));
    return call_done(call, batch_path(cx->arena, id, ""), batch_view(call, &seen));
}

/* --- the list --- */

struct list_look {
    Id person;
    Id before;
    uint32_t limit;
    struct batch *batches;
    uint32_t count;
};

static enum status list_read(struct cx *cx, struct sql *sql, void *arg)
{
    struct list_look *look = arg;
    return batch_list(cx, sql, look->person, look->before, look->limit, &look->batches,
                      &look->count);
}

static struct value *kinds_view(struct call *call)
{
    struct arena *arena = call->cx->arena;
    const struct batch_kinds *kinds = call->app->house.batches;
    struct value *list = value_list(arena);
    for (uint32_t i = 0; i < kinds->count; i++) {
        const struct batch_kind *kind = &kinds->kinds[i];
        struct value *one = value_map(arena);
        struct value *columns = value_list(arena);
        value_set_text(arena, one, "name", kind->name);
        value_set_text(arena, one, "title", kind->title);
        value_set_text(arena, one, "about", kind->about);
        for (uint32_t k = 0; k < kind->column_count; k++) {
            struct value *column = value_map(arena);
            value_set_text(arena, column, "title", kind->columns[k].title);
            value_set_bool(arena, column, "required", kind->columns[k].required);
            value_set_bool(arena, column, "carried", kind->columns[k].carried);
            value_set_text(arena, column, "help", kind->columns[k].help);
            value_set_text(arena, column, "example", kind->columns[k].example);
            value_add(arena, columns, column);
        }
        value_set(arena, one, "columns", columns);
        value_add(arena, list, one);
    }
    return list;
}

enum status batch_list_show(struct call *call)
{
    struct cx *cx = call->cx;
    struct list_look look = {.person = call->actor.person, .limit = call_limit(call)};
    TRY(batch_mine(call));
    (void)str_int(call_param(call, "before"), &look.before);
    TRY(store_read(cx, call->app->house.store, list_read, &look));
    struct value *view = value_map(cx->arena);
    struct value *list = value_list(cx->arena);
    for (uint32_t i = 0; i < look.count; i++) {
        value_add(cx->arena, list, brief_view(call, &look.batches[i]));
    }
    value_set(cx->arena, view, "batches", list);
    value_set(
        cx->arena, view, "next",
        look.count < look.limit
            ? NULL
            : value_str(cx->arena, str_printf(cx->arena, "/batches?before=%" PRId64 "&limit=%u",
                                              look.batches[look.count - 1].id, look.limit)));
    value_set(cx->arena, view, "kinds", kinds_view(call));
    return call_answer(call, view, "batches");
}

/* --- what became of the rows --- */

struct results_look {
    struct batch_seen seen;
    Str state;
    int64_t after;
    uint32_t limit;
    struct batch_row *rows;
    uint32_t count;
};

static enum status results_read(struct cx *cx, struct sql *sql, void *arg)
{
    struct results_look *look = arg;
    return batch_rows(cx, sql, look->seen.id, look->state, look->after, look->limit + 1,
                      &look->rows, &look->count);
}

/* What was filed before is his whose batch it is: an assistant is told that it was, and no more. */
static struct batch_row row_shown(const struct call *call, const struct batch *batch,
                                  const struct batch_row *row)
{
    struct batch_row shown = *row;
    if (row->matter == 0 && batch->person != call->actor.person) {
        shown.twin = 0;
        shown.matter_title = (Str){"", 0};
        shown.case_number = (Str){"", 0};
        shown.procedure = (Str){"", 0};
    }
    return shown;
}

static struct value *row_view(struct call *call, const struct batch_row *row)
{
    struct arena *arena = call->cx->arena;
    const struct house *house = &call->app->house;
    struct value *view = value_map(arena);
    Id matter = row->matter != 0 ? row->matter : row->twin;
    const struct procedure *procedure =
        procedure_find(house->procedures, row->procedure, (int)row->version);
    const struct state *state =
        procedure == NULL ? NULL : procedure_state(procedure, row->matter_state);
    value_set_int(arena, view, "row", row->n);
    value_set_str(arena, view, "key", row->key);
    value_set_str(arena, view, "state", row->state);
    value_set_text(arena, view, "state_title", row_state_title(row->state));
    value_set_str(arena, view, "title", row->title);
    value_set_int(arena, view, "amount", row->amount);
    value_set(arena, view, "court",
              row->court.n == 0 ? NULL
                                : court_ref(arena, house->tables(house->tables_arg), row->court));
    value_set_str(arena, view, "signed", row->signed_sm3);
    value_set(arena, view, "matter", id_view(arena, matter));
    value_set(arena, view, "matter_title",
              row->matter_title.n == 0 ? NULL : value_str(arena, row->matter_title));
    value_set_text(arena, view, "matter_state_title", state == NULL ? NULL : state->title);
    value_set(arena, view, "case_number",
              row->case_number.n == 0 ? NULL : value_str(arena, row->case_number));
    value_set(arena, view, "problems", problems_of(call->cx, row));
    return view;
}

enum status batch_results(struct call *call)
{
    struct cx *cx = call->cx;
    struct results_look look = {.state = call_param(call, "state"), .limit = call_limit(call)};
    TRY(batch_mine(call));
    TRY(batch_see(call, &look.seen));
    (void)str_int(call_param(call, "after"), &look.after);
    TRY(store_read(cx, call->app->house.store, results_read, &look));
    struct value *view = brief_view(call, look.seen.batch);
    struct value *list = value_list(cx->arena);
    uint32_t shown = look.count > look.limit ? look.limit : look.count;
    for (uint32_t i = 0; i < shown; i++) {
        const struct batch_row row = row_shown(call, look.seen.batch, &look.rows[i]);
        value_add(cx->arena, list, row_view(call, &row));
    }
    value_set(cx->arena, view, "results", list);
    value_set(cx->arena, view, "next",
              look.count <= look.limit
                  ? NULL
                  : value_str(cx->arena,
                              str_printf(cx->arena,
                                         "/batches/%" PRId64 "/results?state=%s&after=%" PRId64
                                         "&limit=%u",
                                         look.seen.id, text_percent_encode(cx->arena, look.state).p,
                                         look.rows[shown - 1].n, look.limit)));
    return call_answer(call, view, "batch-results");
}

/* --- the sheet --- */

static void arena_end(void *arg)
{
    arena_close(arg);
}

struct arena *batch_arena(struct call *call)
{
    struct arena *arena = arena_open(BATCH_SHEET_ARENA_BYTES);
    arena_defer(call->cx->arena, arena_end, arena);
    return arena;
}

enum status batch_failed(struct call *call, const struct cx *own)
{
    const struct failure *f = &own->failure;
    (void)cx_fail(call->cx, f->status, f->code, f->file, f->line, "%.*s", STR_ARG(f->detail));
    call->cx->failure.args = f->args == NULL ? NULL : value_copy(call->cx->arena, f->args);
    call->cx->failure.errors = f->errors == NULL ? NULL : value_copy(call->cx->arena, f->errors);
    return f->status;
}

enum status batch_pace(struct call *call, bool file)
{
    return pace_check(call, file ? &file_pace : &sheet_pace,
                      viewer_person(call->cx->arena, call->actor.person));
}

enum status batch_sheet(struct call *call, struct arena *arena, Hash sm3, int64_t size,
                        struct sheet *out)
{
    struct cx own;
    Str bytes = {"", 0};
    cx_init(&own, arena);
    enum status status = blob_whole(&own, call->app->blobs, sm3.b, size, &bytes);
    if (status == OK) {
        status = sheet_file_read(&own, call->app->spreadsheets, bytes, out);
    }
    return status == OK ? OK : batch_failed(call, &own);
}

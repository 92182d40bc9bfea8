#include "jobs/batch_job.h"

#include <inttypes.h>
#include <stdatomic.h>

#include "base/clock.h"
#include "base/json.h"
#include "flow/act.h"
#include "jobs/batch_digest.h"
#include "jobs/scan_job.h"
#include "record/message.h"
#include "render/sheet_file.h"

enum {
    WORK_US = 8 * 1000000,
    TURN_MS = 1000,
    SHEET_ARENA_BYTES = 256 << 20,
    LINE_ARENA_BYTES = 32 << 20,
};

/* One batch files at a time: else two would keep both runners from codes and papers of others. */
static atomic_flag filing = ATOMIC_FLAG_INIT;

struct work {
    const struct batch_world *world;
    Id id;
    struct batch *batch;
    struct person *person;
    struct batch_file *files;
    uint32_t file_count;
    struct batch_row *rows; /* that wait */
    uint32_t row_count;
    struct actor actor;
    struct value *signature; /* as an act takes it */
    struct value *ahead;     /* {"id","signed","at"} */
    bool waits;              /* some row cannot be filed yet */
};

static enum status work_read(struct cx *cx, struct sql *sql, void *arg)
{
    struct work *work = arg;
    TRY(batch_find(cx, sql, work->id, 0, &work->batch));
    if (work->batch == NULL || !str_is(work->batch->state, "running")) {
        return OK;
    }
    TRY(person_find(cx, sql, work->batch->person, &work->person));
    TRY(batch_files(cx, sql, work->id, &work->files, &work->file_count));
    return batch_rows(cx, sql, work->id, STR("ready"), 0, SHEET_ROWS_MAX, &work->rows,
                      &work->row_count);
}

/* Who signed acts, with the rights that he has now. */
static enum status filer_take(struct cx *cx, struct work *work)
{
    struct value *given = NULL;
    const struct person *p = work->person;
    TRY(json_read(cx, work->batch->signature, &given));
    work->actor = (struct actor){.person = p->id,
                                 .person_kind = p->kind,
                                 .name = p->name,
                                 .verified = p->verified.n > 0,
                                 .post = STR(""),
                                 .court = STR("")};
    work->signature = value_map(cx->arena);
    value_set(cx->arena, work->signature, "method", value_get(given, "method"));
    value_set(cx->arena, work->signature, "name", value_get(given, "name"));
    if (value_get(given, "png") != NULL) {
        value_set(cx->arena, work->signature, "png", value_get(given, "png"));
    } else {
        value_set_text(cx->arena, work->signature, "code", "000000"); /* was proved at the start */
    }
    work->ahead = value_map(cx->arena);
    value_set_str(cx->arena, work->ahead, "id", str_printf(cx->arena, "%" PRId64, work->id));
    value_set_str(cx->arena, work->ahead, "signed", work->batch->digest);
    value_set(cx->arena, work->ahead, "at", value_get(given, "at"));
    return OK;
}

/* --- one claim --- */

struct claim {
    struct work *work;
    const struct batch_row *row;
    const struct batch_line *line;
    Id matter;
};

static Str key_of(struct arena *arena, const struct claim *claim, const char *step)
{
    return str_printf(arena, "batch/%" PRId64 "/%.*s/%s", claim->work->id, STR_ARG(claim->row->key),
                      step);
}

static enum status script_apply(struct cx *cx, struct sql *sql, void *arg)
{
    return script_run(cx, sql, arg);
}

static enum status row_end(struct cx *cx, const struct claim *claim, const char *state,
                           const struct value *problems, Id twin)
{
    struct script *script = script_new(cx->arena);
    batch_row_ended(script, claim->work->id, claim->row->n, state,
                    problems == NULL ? STR("[]") : json_write(cx->arena, problems), twin);
    return store_write(cx, claim->work->world->house->store, WRITE_BULK, script_apply, script);
}

static enum status row_fail(struct cx *cx, const struct claim *claim, const char *code,
                            const char *title)
{
    struct value *problems = value_list(cx->arena);
    batch_problem(cx->arena, problems, "", code, title);
    return row_end(cx, claim, "failed", problems, 0);
}

struct twin_look {
    Id person;
    const struct batch_row *row;
    struct batch_before before;
};

static enum status twin_read(struct cx *cx, struct sql *sql, void *arg)
{
    struct twin_look *look = arg;
    return batch_before(cx, sql, look->person, look->row, 1, &look->before);
}

/* *done: the row was ended here, since another batch was quicker. */
static enum status twin_find(struct cx *cx, const struct claim *claim, bool *done)
{
    struct twin_look look = {.person = claim->work->actor.person, .row = claim->row};
    TRY(store_read(cx, claim->work->world->house->store, twin_read, &look));
    *done = look.before.matter != 0 && claim->matter == 0;
    if (!*done) {
        return OK;
    }
    return look.before.is_same
               ? row_end(cx, claim, "double", NULL, look.before.matter)
               : row_fail(cx, claim, "key-used", "这个编号以前提交过一件内容不同的案件");
}

/* A plan that lost a race is made anew. */
static enum status plan_write(struct cx *cx, const struct claim *claim, struct plan *plan)
{
    return store_write(cx, claim->work->world->house->store, WRITE_BULK, plan_apply, plan);
}

static enum status begin_once(struct cx *cx, struct claim *claim)
{
    const struct house *house = claim->work->world->house;
    const struct batch_kind *kind = batch_kind_find(house->batches, claim->work->batch->kind);
    struct plan *plan = NULL;
    TRY(draft_begin(cx, house, &claim->work->actor, str_of(kind->procedure->name),
                    claim->line->court, claim->line->values, false,
                    key_of(cx->arena, claim, "begin"), hash_str(claim->line->digest), &plan));
    Id made = plan->changes[0].after->id;
    batch_row_begun(plan->script, claim->work->id, claim->row->n, made);
    TRY(plan_write(cx, claim, plan));
    claim->matter = plan->replayed ? plan->replayed_matter : made;
    return OK;
}

struct matter_look {
    const struct claim *claim;
    struct seen seen;
};

static enum status matter_read(struct cx *cx, struct sql *sql, void *arg)
{
    struct matter_look *look = arg;
    return matter_see(cx, look->claim->work->world->house, sql, &look->claim->work->actor,
                      look->claim->matter, &look->seen);
}

static bool is_there(const struct matter *m, const struct material *wanted)
{
    for (uint32_t i = 0; i < m->material_count; i++) {
        const struct material *each = &m->materials[i];
        if (each->removed == 0 && str_same(each->kind, wanted->kind) &&
            str_same(each->name, wanted->name) && hash_same(each->sm3, wanted->sm3)) {
            return true;
        }
    }
    return false;
}

static enum status material_give(struct cx *cx, const struct claim *claim,
                                 const struct material *material)
{
    struct plan *plan = NULL;
    int64_t n = 0;
    const struct material_request request = {.actor = &claim->work->actor,
                                             .matter = claim->matter,
                                             .kind = material->kind,
                                             .name = material->name,
                                             .type = material->type,
                                             .size = material->size,
                                             .sm3 = material->sm3,
                                             .status = material->status};
    TRY(material_add(cx, claim->work->world->house, &request, &plan, &n));
    if (str_is(material->status, "checking")) {
        scan_plan(cx, plan, claim->matter, n);
    }
    return plan_write(cx, claim, plan);
}

static enum status materials_give(struct cx *cx, const struct claim *claim,
                                  const struct matter *matter)
{
    for (uint32_t i = 0; i < claim->line->material_count; i++) {
        if (!is_there(matter, &claim->line->materials[i])) {
            TRY(material_give(cx, claim, &claim->line->materials[i]));
        }
    }
    return OK;
}

static enum status submit_once(struct cx *cx, const struct claim *claim)
{
    struct work *work = claim->work;
    const struct house *house = work->world->house;
    const struct batch_kind *kind = batch_kind_find(house->batches, work->batch->kind);
    struct plan *plan = NULL;
    int64_t replayed = 0;
    struct value *values = value_map(cx->arena);
    value_set(cx->arena, values, "signature", work->signature);
    const struct act_request request = {.actor = &work->actor,
                                        .matter = claim->matter,
                                        .act = str_of(kind->act->name),
                                        .values = values,
                                        .accept_all = true, /* by code, at the start */
                                        .revision = -1,
                                        .key = key_of(cx->arena, claim, kind->act->name),
                                        .request = hash_str(claim->line->digest),
                                        .began = work->batch->created,
                                        .arrived = work->batch->started,
                                        .signed_ahead = work->ahead};
    TRY(act_prepare(cx, house, &request, &plan, &replayed));
    if (plan == NULL) {
        return row_end(cx, claim, "filed", NULL, 0);
    }
    batch_row_ended(plan->script, work->id, claim->row->n, "filed", STR("[]"), 0);
    return plan_write(cx, claim, plan);
}

static enum status steps_take(struct cx *cx, struct claim *claim)
{
    struct matter_look look = {.claim = claim};
    if (claim->matter == 0) {
        TRY(begin_once(cx, claim));
    }
    TRY(store_read(cx, claim->work->world->house->store, matter_read, &look));
    if (look.seen.matter->events > 0) {
        return row_end(cx, claim, "filed", NULL, 0);
    }
    TRY(materials_give(cx, claim, look.seen.matter));
    return submit_once(cx, claim);
}

/* --- a refusal --- */

/* The draft goes with the word about its row. */
static enum status draft_drop(struct cx *cx, const struct claim *claim,
                              const struct value *problems)
{
    struct plan *plan = NULL;
    enum status status =
        draft_delete(cx, claim->work->world->house, &claim->work->actor, claim->matter, &plan);
    if (status == OK) {
        batch_row_ended(plan->script, claim->work->id, claim->row->n, "failed",
                        json_write(cx->arena, problems), 0);
        status = plan_write(cx, claim, plan);
    }
    if (status != E_NOT_FOUND && status != E_STATE) {
        return status;
    }
    cx_forgive(cx); /* its owner was quicker */
    return row_end(cx, claim, "failed", problems, 0);
}

static enum status refusal_tell(struct cx *cx, const struct claim *claim)
{
    const struct messages *messages = claim->work->world->messages;
    struct failure failure = cx->failure;
    struct value *problems = value_list(cx->arena);
    for (uint32_t i = 0; i < value_count(failure.errors); i++) {
        const struct value *error = value_item(failure.errors, i);
        struct value *problem = value_map(cx->arena);
        value_set_text(cx->arena, problem, "column", "");
        value_set(cx->arena, problem, "code", value_get(error, "code"));
        value_set(cx->arena, problem, "title", value_get(error, "title"));
        value_add(cx->arena, problems, problem);
    }
    if (problems->count == 0) {
        batch_problem(cx->arena, problems, "", failure.code,
                      message_title(messages, cx->arena, failure.code, failure.args).p);
    }
    cx_forgive(cx);
    return claim->matter == 0 ? row_end(cx, claim, "failed", problems, 0)
                              : draft_drop(cx, claim, problems);
}

/* Files are being looked at, or we are busy: the row waits. What the filer or the rules are the
 * reason for is said of the row. All else is ours. */
static enum status claim_end(struct cx *cx, const struct claim *claim, enum status status)
{
    if (status == E_STATE && text_is(cx->failure.code, "files-being-checked")) {
        claim->work->waits = true;
        cx_forgive(cx);
        return OK;
    }
    if (status == E_NOT_FOUND && claim->matter != 0) {
        cx_forgive(cx);
        return row_fail(cx, claim, "draft-gone", "草稿在提交前被删除了");
    }
    bool refused = status == E_INPUT || status == E_DENIED || status == E_STATE ||
                   status == E_WARN || status == E_TOO_LARGE;
    return refused ? refusal_tell(cx, claim) : status;
}

static enum status claim_file(struct cx *cx, struct claim *claim)
{
    enum { RACES_MAX = 8 };

    bool done = false;
    TRY(twin_find(cx, claim, &done));
    if (done) {
        return OK;
    }
    enum status status = E_AGAIN;
    for (uint32_t i = 0; status == E_AGAIN && i < RACES_MAX; i++) {
        cx_forgive(cx);
        status = steps_take(cx, claim);
    }
    return claim_end(cx, claim, status);
}

/* (2) */
static enum status line_file(struct cx *cx, struct work *work, const struct batch_row *row,
                             const struct batch_line *line)
{
    struct claim claim = {.work = work, .row = row, .line = line, .matter = row->matter};
    if (work->person->disabled) {
        return row_fail(cx, &claim, "person-disabled", "办理人的账户已经停用");
    }
    if (line->problems->count > 0) {
        return row_end(cx, &claim, "failed", line->problems, 0);
    }
    if (!str_same(line->digest, row->signed_sm3) || !str_same(line->court, row->court)) {
        return row_fail(cx, &claim, "not-as-signed",
                        "系统按现在的法律表格读出的内容与签名时不同，没有提交。请重新上传这一行");
    }
    return claim_file(cx, &claim);
}

/* --- all of them --- */

static const struct batch_row *row_waiting(const struct work *work, uint32_t n)
{
    for (uint32_t i = 0; i < work->row_count; i++) {
        if (work->rows[i].n == n) {
            return &work->rows[i];
        }
    }
    return NULL;
}

/* Lines lean on those above them, so that all are read; *late: the time was up. */
static enum status lines_file(struct cx *cx, struct work *work, struct batch_reading *reading,
                              bool *late)
{
    struct arena *arena = arena_open(LINE_ARENA_BYTES);
    int64_t end_us = clock_monotonic_us() + WORK_US;
    enum status status = OK;
    for (uint32_t i = reading->header + 1; status == OK && !*late && i < reading->sheet->row_count;
         i++) {
        struct cx own;
        struct batch_line line;
        cx_init(&own, arena);
        status = batch_line_read(&own, reading, i, &line);
        const struct batch_row *row = status == OK ? row_waiting(work, line.n) : NULL;
        if (row != NULL) {
            status = line_file(&own, work, row, &line);
            if (work->world->told != NULL) {
                work->world->told(work->world->told_arg);
            }
            *late = clock_monotonic_us() > end_us;
        }
        if (status != OK) {
            const struct failure *f = &own.failure;
            status = cx_fail(cx, f->status, f->code, f->file, f->line, "row %u: %.*s", line.n,
                             STR_ARG(f->detail));
        }
        arena_reset(arena);
    }
    arena_close(arena);
    return status;
}

static enum status sheet_file(struct cx *cx, struct work *work, struct arena *arena, bool *late)
{
    struct cx own;
    struct sheet sheet;
    Str bytes = {"", 0};
    const struct batch *batch = work->batch;
    struct batch_reading reading = {.house = work->world->house,
                                    .actor = &work->actor,
                                    .kind =
                                        batch_kind_find(work->world->house->batches, batch->kind),
                                    .sheet = &sheet,
                                    .files = work->files,
                                    .file_count = work->file_count,
                                    .now = clock_now()};
    cx_init(&own, arena);
    enum status status = blob_whole(&own, work->world->blobs, batch->sm3.b, batch->size, &bytes);
    if (status == OK) {
        status = sheet_file_read(&own, work->world->pool, bytes, &sheet);
    }
    if (status == OK) {
        status = batch_reading_begin(&own, &reading);
    }
    if (status != OK) {
        const struct failure *f = &own.failure;
        return cx_fail(cx, f->status, f->code, f->file, f->line, "%.*s", STR_ARG(f->detail));
    }
    return lines_file(cx, work, &reading, late);
}

/* (4) */
static enum status hand_on(struct cx *cx, const struct work *work, Instant lease)
{
    Id next = 0;
    struct script *script = script_new(cx->arena);
    TRY(sequence_next(cx, work->world->house->sequence, &next));
    script_add(script,
               SQL("INSERT INTO job (id, kind, payload, due, attempts, lease, state, "
                   "last_error) VALUES (?1, 'batch', ?2, -1, 0, ?3, 'waiting', '')"),
               ARGS(SQL_I(next), SQL_S(str_printf(cx->arena, "{\"batch\":%" PRId64 "}", work->id)),
                    SQL_I(lease)));
    return store_write(cx, work->world->house->store, WRITE_BULK, script_apply, script);
}

static enum status slice_file(struct cx *cx, struct work *work)
{
    bool late = false;
    TRY(store_read(cx, work->world->house->store, work_read, work));
    if (work->batch == NULL || work->person == NULL) {
        return OK; /* ended by a run that did not live to say so */
    }
    TRY(filer_take(cx, work));
    struct arena *arena = arena_open(SHEET_ARENA_BYTES);
    enum status status = work->row_count == 0 ? OK : sheet_file(cx, work, arena, &late);
    arena_close(arena);
    if (status != OK) {
        return status;
    }
    if (work->waits && !late) {
        return FAIL(cx, E_BUSY, "busy", "files of batch %" PRId64 " are being checked", work->id);
    }
    return late ? hand_on(cx, work, 0)
                : batch_finish(cx, work->world->house, work->batch,
                               batch_kind_find(work->world->house->batches, work->batch->kind),
                               work->person->name);
}

enum status batch_job(struct cx *cx, void *arg, Id job, const struct value *payload)
{
    struct work work = {.world = arg, .id = value_get_int(payload, "batch")};
    (void)job;
    if (atomic_flag_test_and_set(&filing)) {
        return hand_on(cx, &work, clock_machine() + TURN_MS);
    }
    enum status status = slice_file(cx, &work);
    atomic_flag_clear(&filing);
    if (status == OK && work.world->told != NULL) {
        work.world->told(work.world->told_arg);
    }
    return status;
}

#include "jobs/runner.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/resource.h>

#include "base/check.h"
#include "base/clock.h"
#include "base/json.h"
#include "base/log.h"
#include "jobs/bell.h"
#include "jobs/sealer.h"
#include "record/code.h"
#include "record/email.h"
#include "record/outage.h"
#include "render/docx.h"
#include "render/helper.h"
#include "seal/password.h"
#include "seal/receipt.h"

enum {
    THREADS_DEFAULT = 2,
    THREADS_MOST = 16,
    POLL_MS = 500,
    POLL_SLOW_MS = 5000,
    LEASE_MS = 120000,
    ATTEMPTS_MAX = 3,
    PAUSE_PASSING_MS = 5000,
    PAUSE_FAILED_MS = 2000,
    CANDIDATES = 8,
    JOB_BYTES_MAX = 128 << 20,
    OWN_BYTES = 1 << 16,
    JOB_NICE = 15,
};

#define MESSAGE_WINDOW_MS HOUR_MS

struct runner {
    struct arena *arena; /* where this stands */
    struct runner_options options;
    struct helper_pool *helpers; /* for jobs */
    struct helper_pool *prompt;  /* for papers that somebody waits for */
    struct bell bell;
    pthread_t threads[THREADS_MOST];
    unsigned started;
    atomic_uint_fast64_t papers, messages;
};

/* --- papers --- */

struct paper_look {
    Id matter;
    int64_t n;
    bool found;
    Str kind;
    Str inputs; /* sealed */
    Str wrapped_key;
    Hash template_sm3;
    Hash sm3; /* zero: not printed */
    int64_t size_bytes;
    Str seal;
    Instant sealed; /* 0: printed without */
    Str signer;     /* "": nobody's certificate */
    Instant at;
    Id leaf; /* its number among the leaves of papers; 0: it is not signed */
};

static Hash hash_cell(const struct rows *rows, uint32_t column)
{
    Hash hash = {{0}};
    Str bytes = row_str(rows, 0, column);
    if (bytes.n == HASH_BYTES) {
        memcpy(hash.b, bytes.p, HASH_BYTES);
    }
    return hash;
}

static enum status paper_read(struct cx *cx, struct sql *sql, void *arg)
{
    struct paper_look *look = arg;
    struct rows rows = {0};
    TRY(sql_query(cx, sql,
                  SQL("SELECT p.kind, p.inputs, p.template_sm3, p.sm3, p.size, m.wrapped_key, "
                      "p.seal, p.sealed, p.signer, p.at "
                      "FROM paper p JOIN matter m ON m.id = p.matter "
                      "WHERE p.matter = ?1 AND p.n = ?2"),
                  ARGS(SQL_I(look->matter), SQL_I(look->n)), &rows));
    look->found = rows.count == 1;
    if (look->found) {
        look->kind = row_str(&rows, 0, 0);
        look->inputs = row_str(&rows, 0, 1);
        look->template_sm3 = hash_cell(&rows, 2);
        look->sm3 = hash_cell(&rows, 3);
        look->size_bytes = row_int(&rows, 0, 4);
        look->wrapped_key = row_str(&rows, 0, 5);
        look->seal = row_str(&rows, 0, 6);
        look->sealed = row_int(&rows, 0, 7);
        look->signer = row_str(&rows, 0, 8);
        look->at = row_int(&rows, 0, 9);
    }
    return OK;
}

/* Who is first, wins: another node with other fonts may have printed other bytes. What was printed
 * without the seal while somebody put it on is thrown away. What is signed becomes a leaf of the
 * log, which proves its time when a certificate is revoked later. */
static enum status paper_keep(struct cx *cx, struct sql *sql, void *arg)
{
    const struct paper_look *look = arg;
    int64_t changed = 0;
    Hash leaf = receipt_paper_leaf(look->sm3);
    TRY(sql_exec(cx, sql,
                 SQL("UPDATE paper SET sm3 = ?3, size = ?4 "
                     "WHERE matter = ?1 AND n = ?2 AND sm3 IS NULL AND COALESCE(sealed, 0) = ?5"),
                 ARGS(SQL_I(look->matter), SQL_I(look->n), SQL_B(look->sm3.b, HASH_BYTES),
                      SQL_I(look->size_bytes), SQL_I(look->sealed))));
    TRY(sql_changed(cx, sql, &changed));
    if (changed == 0 || look->leaf == 0) {
        return OK;
    }
    return sql_exec(
        cx, sql, SQL("INSERT INTO leaf (matter, n, seq, hash, idx) VALUES (0, ?1, ?1, ?2, NULL)"),
        ARGS(SQL_I(look->leaf), SQL_B(leaf.b, HASH_BYTES)));
}

/* Drawn signatures travel in the inputs as base64, under "png" wherever a form asks for one; papers
 * name them by their path. */
struct signature_images {
    struct paper_image images[PAPER_IMAGES_MAX];
    uint32_t count;
};

/* Depth is bounded by VALUE_DEPTH_MAX. */
/* NOLINTNEXTLINE(misc-no-recursion) */
static void signatures_find(struct cx *cx, const struct value *v, const char *path,
                            struct signature_images *out)
{
    for (uint32_t i = 0; value_is_list(v) && i < v->count; i++) {
        signatures_find(cx, value_item(v, i), arena_printf(cx->arena, "%s.%u", path, i), out);
    }
    for (uint32_t i = 0; value_is_map(v) && i < v->count; i++) {
        const struct member *member = &v->as.members[i];
        const char *name = arena_printf(cx->arena, "%s%s%.*s", path, path[0] == '\0' ? "" : ".",
                                        STR_ARG(member->key));
        Str bytes = {"", 0};
        if (!str_is(member->key, "png")) {
            signatures_find(cx, member->value, name, out);
        } else if (out->count < PAPER_IMAGES_MAX && value_is_text(member->value) &&
                   base64_decode(cx->arena, value_as_str(member->value), &bytes) && bytes.n > 0) {
            out->images[out->count++] = (struct paper_image){str_of(name), bytes};
        }
    }
}

static enum status paper_draw(struct cx *cx, struct runner *runner, struct helper_pool *helpers,
                              struct paper_look *look)
{
    struct value *inputs = NULL;
    struct paper_pdf pdf = {0};
    Str definition = share_text(runner->options.share,
                                arena_printf(cx->arena, "data/papers/%s.yaml", look->kind.p));
    if (definition.n == 0) {
        return FAIL(cx, E_BUG, "bug", "no definition of paper %s", look->kind.p);
    }
    if (!hash_same(hash_str(definition), look->template_sm3)) {
        log_text(LOG_WARN, "paper-template-changed", "%s of %" PRId64 "/%" PRId64, look->kind.p,
                 look->matter, look->n);
    }
    TRY(paper_inputs_open(cx, runner->options.house, look->wrapped_key, look->inputs, &inputs));
    struct signature_images drawn = {.count = 0};
    signatures_find(cx, inputs, "", &drawn);
    struct helper_paper job = {
        .name = look->kind.p,
        .definition = definition,
        .inputs = inputs,
        .images = drawn.images,
        .image_count = drawn.count,
        .seal = look->sealed == 0 ? STR("") : sealer_name(runner->options.house, look->seal),
        .seal_is_demo = runner->options.house->demo};
    enum status printed = helper_print(helpers, cx, &job, &pdf);
    outage_note(OUTAGE_PAPERS, printed == OK);
    TRY(printed);
    const Str plain = pdf.bytes;
    if (look->sealed != 0) {
        TRY(sealer_seal(cx, runner->options.house, look->seal, look->sealed, &pdf, &pdf.bytes));
    } else if (look->signer.n > 0) {
        TRY(sealer_sign(cx, runner->options.house, look->signer, look->at, &pdf, &pdf.bytes));
    }
    TRY(blob_put(cx, runner->options.blobs, pdf.bytes.p, pdf.bytes.n, look->sm3.b));
    look->size_bytes = (int64_t)pdf.bytes.n;
    look->leaf = 0;
    if (pdf.bytes.n != plain.n) { /* a certificate may be gone, and the paper unsigned */
        TRY(sequence_next(cx, runner->options.house->sequence, &look->leaf));
    }
    atomic_fetch_add(&runner->papers, 1);
    return OK;
}

static enum status paper_make(struct cx *cx, struct runner *runner, struct helper_pool *helpers,
                              struct paper_look *look)
{
    struct store *store = runner->options.house->store;
    TRY(store_read(cx, store, paper_read, look));
    if (!look->found) {
        return FAIL(cx, E_NOT_FOUND, "not-found", "no paper %" PRId64 " of %" PRId64, look->n,
                    look->matter);
    }
    for (int i = 0; hash_is_zero(look->sm3) && i < 3; i++) { /* sealed meanwhile: once more */
        TRY(paper_draw(cx, runner, helpers, look));
        TRY(store_write(cx, store, WRITE_INTERACTIVE, paper_keep, look));
        TRY(store_read(cx, store, paper_read, look));
    }
    return hash_is_zero(look->sm3) ? FAIL(cx, E_BUSY, "busy", "paper %" PRId64, look->n) : OK;
}

enum status paper_print_now(struct cx *cx, struct runner *runner, Id matter, int64_t n, Hash *sm3,
                            int64_t *size_bytes)
{
    struct paper_look look = {.matter = matter, .n = n};
    TRY(paper_make(cx, runner, runner->prompt, &look));
    *sm3 = look.sm3;
    *size_bytes = look.size_bytes;
    return OK;
}

enum status paper_print_loose(struct cx *cx, struct runner *runner, const char *name,
                              const struct value *inputs, Str *pdf)
{
    struct paper_pdf printed = {0};
    struct helper_paper job = {
        .name = name,
        .definition =
            share_text(runner->options.share, arena_printf(cx->arena, "data/papers/%s.yaml", name)),
        .inputs = inputs};
    TRY(helper_print(runner->prompt, cx, &job, &printed));
    *pdf = printed.bytes;
    atomic_fetch_add(&runner->papers, 1);
    return OK;
}

enum status paper_docx_loose(struct cx *cx, struct runner *runner, const char *name,
                             const struct value *inputs, Str *docx)
{
    struct paper *paper = NULL;
    struct paper_content *content = NULL;
    Str definition =
        share_text(runner->options.share, arena_printf(cx->arena, "data/papers/%s.yaml", name));
    TRY(paper_compile(cx, name, definition, &paper));
    if (!paper_is_by_party(paper)) {
        return FAIL(cx, E_NOT_FOUND, "not-found", "%s is no paper of a party", name);
    }
    TRY(paper_fill(cx, paper, inputs, &content));
    return paper_docx(cx, content, docx);
}

enum status paper_docx_now(struct cx *cx, struct runner *runner, Id matter, int64_t n, Str *docx)
{
    struct paper_look look = {.matter = matter, .n = n};
    struct value *inputs = NULL;
    TRY(store_read(cx, runner->options.house->store, paper_read, &look));
    if (!look.found) {
        return FAIL(cx, E_NOT_FOUND, "not-found", "no paper %" PRId64 " of %" PRId64, n, matter);
    }
    TRY(paper_inputs_open(cx, runner->options.house, look.wrapped_key, look.inputs, &inputs));
    return paper_docx_loose(cx, runner, look.kind.p, inputs, docx);
}

/* --- one job --- */

struct job {
    Id id;
    Str kind;
    Str payload;
    int64_t attempts; /* before this run */
    int64_t lease;    /* of this run */
};

static enum status paper_run(struct cx *cx, struct runner *runner, const struct value *payload)
{
    struct paper_look look = {.matter = value_get_int(payload, "matter"),
                              .n = value_get_int(payload, "n")};
    return paper_make(cx, runner, runner->helpers, &look);
}

struct message_look {
    struct runner *runner;
    Str payload;
    Str to;
    Str text;
};

static enum status message_read(struct cx *cx, struct sql *sql, void *arg)
{
    struct message_look *look = arg;
    return message_open(cx, look->runner->options.house->keys, sql, look->payload, &look->to,
                        &look->text);
}

/* Under the text stands the address of the page where the rest is. */
static enum status mail_run(struct cx *cx, struct runner *runner, const struct job *job,
                            const struct message_look *look, const struct mail_head *head)
{
    const struct mailer *mailer = runner->options.mailer;
    Str origin = runner->options.house->origin;
    struct mail mail = {.id = str_printf(cx->arena, "%" PRId64, job->id),
                        .to = look->to,
                        .subject = head->subject,
                        .at = clock_machine()};
    mail.text = str_printf(cx->arena, "%.*s\n%.*s%.*s\n\n这封邮件由系统发出，请不要回复。\n",
                           STR_ARG(look->text), STR_ARG(origin), STR_ARG(head->path));
    mailer = mailer == NULL ? mailer_none() : mailer;
    enum status sent = mailer->send(cx, mailer, &mail);
    outage_note(OUTAGE_MAIL, sent != E_BUSY); /* as of short messages */
    TRY(sent);
    atomic_fetch_add(&runner->messages, 1);
    return OK;
}

static enum status message_run(struct cx *cx, struct runner *runner, const struct job *job,
                               const struct value *payload)
{
    struct mail_head head;
    const struct messenger *messenger = runner->options.messenger;
    struct message_look look = {.runner = runner, .payload = job->payload};
    TRY(store_read(cx, runner->options.house->store, message_read, &look));
    if (look.to.n == 0) {
        return OK; /* no phone, or no confirmed e-mail, any more */
    }
    if (mail_head_read(payload, &head)) {
        return mail_run(cx, runner, job, &look, &head);
    }
    messenger = messenger == NULL ? messenger_none() : messenger;
    struct message message = {str_printf(cx->arena, "%" PRId64, job->id), look.to, look.text};
    enum status sent = messenger->send(cx, messenger, &message);
    outage_note(OUTAGE_MESSAGES, sent != E_BUSY); /* refused for good is no outage */
    TRY(sent);
    atomic_fetch_add(&runner->messages, 1);
    return OK;
}

static enum status job_run(struct cx *cx, struct runner *runner, const struct job *job)
{
    const struct runner_options *options = &runner->options;
    struct value *payload = NULL;
    TRY(json_read(cx, job->payload, &payload));
    for (uint32_t i = 0; i < options->kind_count; i++) {
        if (str_is(job->kind, options->kinds[i].name)) {
            return options->kinds[i].run(cx, options->kinds[i].arg, job->id, payload);
        }
    }
    if (str_is(job->kind, "paper")) {
        return paper_run(cx, runner, payload);
    }
    if (str_is(job->kind, "message")) {
        return message_run(cx, runner, job, payload);
    }
    return FAIL(cx, E_BUG, "bug", "job of unknown kind %s", job->kind.p);
}

/* --- claiming --- */

struct claiming {
    Instant now;
    struct rows candidates;
    struct job job;
    bool claimed;
};

static enum status candidates_read(struct cx *cx, struct sql *sql, void *arg)
{
    struct claiming *claiming = arg;
    return sql_query(cx, sql,
                     SQL("SELECT id, kind, payload, attempts FROM job WHERE state = 'waiting' AND "
                         "due <= ?1 AND lease <= ?1 ORDER BY due, id LIMIT 8"),
                     ARGS(SQL_I(claiming->now)), &claiming->candidates);
}

static enum status candidate_claim(struct cx *cx, struct sql *sql, struct claiming *claiming,
                                   uint32_t row)
{
    const struct rows *rows = &claiming->candidates;
    int64_t changed = 0;
    struct job job = {row_int(rows, row, 0), row_str(rows, row, 1), row_str(rows, row, 2),
                      row_int(rows, row, 3), claiming->now + LEASE_MS};
    TRY(sql_exec(cx, sql,
                 SQL("UPDATE job SET attempts = attempts + 1, lease = ?3 "
                     "WHERE id = ?1 AND attempts = ?2 AND lease <= ?4 AND state = 'waiting'"),
                 ARGS(SQL_I(job.id), SQL_I(job.attempts), SQL_I(job.lease), SQL_I(claiming->now))));
    TRY(sql_changed(cx, sql, &changed));
    claiming->claimed = changed == 1;
    claiming->job = job;
    return OK;
}

static enum status claim_apply(struct cx *cx, struct sql *sql, void *arg)
{
    struct claiming *claiming = arg;
    claiming->claimed = false;
    for (uint32_t i = 0; i < claiming->candidates.count && !claiming->claimed; i++) {
        TRY(candidate_claim(cx, sql, claiming, i));
    }
    return OK;
}

static enum status lease_lengthen(struct cx *cx, struct sql *sql, void *arg)
{
    const Id *job = arg;
    return sql_exec(cx, sql, SQL("UPDATE job SET lease = ?2 WHERE id = ?1 AND state = 'waiting'"),
                    ARGS(SQL_I(*job), SQL_I(clock_machine() + LEASE_MS)));
}

enum status job_goes_on(struct cx *cx, struct store *store, Id job)
{
    return store_write(cx, store, WRITE_BULK, lease_lengthen, &job);
}

/* --- ending --- */

struct ending {
    const struct job *job;
    const char *state;
    Instant due;
    int64_t attempts;
    Str payload;
    Str error;
};

static enum status done_apply(struct cx *cx, struct sql *sql, void *arg)
{
    const struct job *job = arg;
    return sql_exec(cx, sql, SQL("DELETE FROM job WHERE id = ?1"), ARGS(SQL_I(job->id)));
}

/* Only while the lease is still this run's. */
static enum status ending_apply(struct cx *cx, struct sql *sql, void *arg)
{
    const struct ending *e = arg;
    return sql_exec(cx, sql,
                    SQL("UPDATE job SET state = ?3, due = ?4, attempts = ?5, payload = ?6, "
                        "last_error = ?7, lease = 0 WHERE id = ?1 AND lease = ?2"),
                    ARGS(SQL_I(e->job->id), SQL_I(e->job->lease), SQL_C(e->state), SQL_I(e->due),
                         SQL_I(e->attempts), SQL_S(e->payload), SQL_S(e->error)));
}

/* (2) The window of a message begins at its first refusal. */
static bool is_within(struct cx *cx, const struct job *job, struct ending *ending)
{
    struct value *payload = NULL;
    if (!str_is(job->kind, "message")) {
        return true;
    }
    if (json_read(cx, job->payload, &payload) != OK || !value_is_map(payload)) {
        return false;
    }
    int64_t since = value_get_int(payload, "since");
    if (since == 0) {
        value_set_int(cx->arena, payload, "since", clock_machine());
        ending->payload = json_write(cx->arena, payload);
        return true;
    }
    return clock_machine() - since < MESSAGE_WINDOW_MS;
}

static enum status job_failed(struct cx *cx, struct runner *runner, const struct job *job)
{
    const struct failure *failure = &cx->failure;
    struct cx own;
    cx_init(&own, cx->arena);
    struct ending ending = {.job = job,
                            .state = "waiting",
                            .due = clock_machine() + PAUSE_PASSING_MS,
                            .attempts = job->attempts,
                            .payload = job->payload};
    ending.error = str_printf(cx->arena, "%s %s", failure->code, failure->incident);
    log_failure(cx, "job");
    bool passing = failure->status == E_BUSY || failure->status == E_STORE;
    if (!passing || !is_within(&own, job, &ending)) {
        ending.attempts = job->attempts + 1;
        ending.due = clock_machine() + PAUSE_FAILED_MS * ending.attempts * ending.attempts;
        if (ending.attempts >= ATTEMPTS_MAX || passing) {
            ending.state = "parked";
            log_text(LOG_ERROR, "job-parked", "%s %" PRId64, job->kind.p, job->id);
        }
    }
    cx_forgive(&own);
    return store_write(&own, runner->options.house->store, WRITE_BULK, ending_apply, &ending);
}

/* (1) It has died three times: it is not run a fourth. */
static enum status job_park(struct cx *cx, struct runner *runner, const struct job *job)
{
    struct ending ending = {.job = job,
                            .state = "parked",
                            .attempts = job->attempts,
                            .payload = job->payload,
                            .error = STR("died three times")};
    log_text(LOG_ERROR, "job-parked", "%s %" PRId64, job->kind.p, job->id);
    return store_write(cx, runner->options.house->store, WRITE_BULK, ending_apply, &ending);
}

/* *found is false when nothing is due. */
static enum status one_do(struct cx *cx, struct runner *runner, bool *found)
{
    struct store *store = runner->options.house->store;
    struct claiming claiming = {.now = clock_machine()};
    TRY(store_read(cx, store, candidates_read, &claiming));
    *found = claiming.candidates.count > 0;
    if (!*found) {
        return OK;
    }
    if (claiming.candidates.count > 1) {
        bell_ring(&runner->bell); /* more hands */
    }
    TRY(store_write(cx, store, WRITE_BULK, claim_apply, &claiming));
    if (!claiming.claimed) {
        return OK;
    }
    struct job job = claiming.job;
    if (job.attempts >= ATTEMPTS_MAX) {
        return job_park(cx, runner, &job);
    }
    if (job_run(cx, runner, &job) != OK) {
        return job_failed(cx, runner, &job);
    }
    cx_forgive(cx); /* a soft ceiling met on the way */
    return store_write(cx, store, WRITE_BULK, done_apply, &job);
}

enum status runner_run(struct cx *cx, struct runner *runner, uint32_t *done)
{
    bool found = true;
    *done = 0;
    while (found && !bell_is_stopped(&runner->bell)) {
        struct arena *arena = arena_open(JOB_BYTES_MAX);
        struct cx own;
        cx_init(&own, arena);
        enum status status = one_do(&own, runner, &found);
        if (status != OK) {
            const struct failure *f = &own.failure;
            status = cx_fail(cx, f->status == OK ? status : f->status, f->code, f->file, f->line,
                             "%.*s", STR_ARG(f->detail));
        }
        arena_close(arena);
        *done += found;
        if (status != OK) {
            return status;
        }
    }
    return OK;
}

/* --- life --- */

static void *runner_work(void *arg)
{
    struct runner *runner = arg;
    struct cx cx;
    unsigned wait_ms = 0;
    /* Of this thread alone: what waits behind the commits gives way to acts and reads. */
    (void)setpriority(PRIO_PROCESS, 0, JOB_NICE);
    cx_init(&cx, arena_open((size_t)1 << 20));
    while (bell_wait(&runner->bell, wait_ms)) {
        uint32_t done = 0;
        wait_ms = POLL_MS;
        if (runner_run(&cx, runner, &done) != OK) {
            log_failure(&cx, "runner");
            wait_ms = POLL_SLOW_MS;
        }
        cx_forgive(&cx);
        arena_reset(cx.arena);
    }
    arena_close(cx.arena);
    return NULL;
}

static enum status leases_void(struct cx *cx, struct sql *sql, void *arg)
{
    (void)arg;
    return sql_exec(cx, sql, SQL("UPDATE job SET lease = 0 WHERE lease > 0"), NO_ARGS);
}

enum status runner_open(struct cx *cx, const struct runner_options *options, struct runner **out)
{
    struct store *store = options->house->store;
    struct helper_pool *helpers = NULL;
    struct helper_pool *prompt = NULL;
    struct helper_options behind = {.nice = JOB_NICE};
    unsigned threads = options->threads == 0 ? THREADS_DEFAULT : options->threads;
    check(threads <= THREADS_MOST);
    if (store_is_sqlite(store)) { /* nobody else is there */
        TRY(store_write(cx, store, WRITE_INTERACTIVE, leases_void, NULL));
    }
    TRY(helper_pool_open(cx, &behind, &helpers));
    enum status status = helper_pool_open(cx, NULL, &prompt);
    if (status != OK) {
        helper_pool_close(helpers);
        return status;
    }
    struct arena *arena = arena_open(OWN_BYTES);
    struct runner *runner = arena_new(arena, struct runner);
    runner->arena = arena;
    runner->options = *options;
    runner->options.threads = threads;
    runner->helpers = helpers;
    runner->prompt = prompt;
    bell_open(&runner->bell);
    *out = runner;
    return OK;
}

enum status runner_start(struct cx *cx, struct runner *runner)
{
    while (runner->started < runner->options.threads) {
        if (pthread_create(&runner->threads[runner->started], NULL, runner_work, runner) != 0) {
            return FAIL(cx, E_BUG, "bug", "no thread for jobs");
        }
        runner->started += 1;
    }
    return OK;
}

void runner_wake(struct runner *runner)
{
    bell_ring(&runner->bell);
}

void runner_close(struct runner *runner)
{
    if (runner == NULL) {
        return;
    }
    bell_stop(&runner->bell);
    for (unsigned i = 0; i < runner->started; i++) {
        check(pthread_join(runner->threads[i], NULL) == 0);
    }
    helper_pool_close(runner->helpers);
    helper_pool_close(runner->prompt);
    bell_close(&runner->bell);
    arena_close(runner->arena);
}

static enum status figures_read(struct cx *cx, struct sql *sql, void *arg)
{
    struct runner_figures *figures = arg;
    struct rows waiting = {0};
    struct rows parked = {0};
    TRY(sql_later(cx, sql, SQL("SELECT count(*) FROM job WHERE state = 'waiting'"), NO_ARGS,
                  &waiting));
    TRY(sql_later(cx, sql, SQL("SELECT count(*) FROM job WHERE state = 'parked'"), NO_ARGS,
                  &parked));
    TRY(sql_flush(cx, sql));
    figures->waiting = row_int(&waiting, 0, 0);
    figures->parked = row_int(&parked, 0, 0);
    return OK;
}

enum status runner_figures(struct cx *cx, struct runner *runner, struct runner_figures *out)
{
    *out = (struct runner_figures){.papers = atomic_load(&runner->papers),
                                   .messages = atomic_load(&runner->messages),
                                   .helpers = helper_pool_counts(runner->helpers).running +
                                              helper_pool_counts(runner->prompt).running};
    return store_read(cx, runner->options.house->store, figures_read, out);
}

/* jobs/ and link/ are handed down to web/ and flow/ as function pointers here, and nowhere else. */
#include "main/wiring.h"

#include <inttypes.h>

#include "jobs/batch_job.h"
#include "jobs/drill_job.h"
#include "jobs/jobs.h"
#include "jobs/pages_job.h"
#include "jobs/pulse.h"
#include "jobs/scan_job.h"
#include "jobs/witness.h"
#include "link/identity.h"
#include "link/mail.h"
#include "link/scan.h"
#include "record/code.h"
#include "web/stream.h"
#include "web/tus.h"

struct wiring {
    struct program *program;
    struct sequencer *sequencer;
    struct jobs *jobs;
    const struct messenger *messenger;
    const struct mailer *mailer;
    struct scan_world scan;
    /* Pages that a person waits for, and long ones of the jobs: neither holds up the other, nor the
     * papers. */
    struct pages_world pages_now, pages_later;
    struct drill_world drill;
    struct batch_world batch;
    struct job_kind kinds[5];
    struct witness_options witness_options;
    struct witness *witness;
    struct pulse *pulse;
};

enum status wiring_new(struct cx *cx, struct program *program, struct program_hooks *hooks,
                       struct wiring **out)
{
    struct wiring *wiring = arena_new(cx->arena, struct wiring);
    wiring->program = program;
    wiring->sequencer = sequencer_new(program->arena);
    hooks->before_commit = sequencer_before_commit;
    hooks->before_commit_arg = wiring->sequencer;
    *out = wiring;
    return OK;
}

static void wake(void *arg)
{
    struct wiring *wiring = arg;
    jobs_wake(wiring->jobs);
}

static enum status advance(struct cx *cx, void *arg, int64_t by_ms)
{
    struct wiring *wiring = arg;
    return jobs_clock_advance(cx, wiring->jobs, by_ms);
}

static enum status print_now(struct cx *cx, void *arg, Id matter, int64_t n, Hash *sm3,
                             int64_t *size)
{
    struct wiring *wiring = arg;
    return jobs_paper_print(cx, wiring->jobs, matter, n, sm3, size);
}

static enum status print_loose(struct cx *cx, void *arg, const char *name,
                               const struct value *inputs, Str *pdf)
{
    struct wiring *wiring = arg;
    return jobs_paper_loose(cx, wiring->jobs, name, inputs, pdf);
}

static enum status write_docx(struct cx *cx, void *arg, Id matter, int64_t n, const char *name,
                              const struct value *inputs, Str *docx)
{
    struct wiring *wiring = arg;
    return jobs_paper_docx(cx, wiring->jobs, matter, n, name, inputs, docx);
}

/* --- pages --- */

static enum status pages_check_now(struct cx *cx, void *arg, const struct value *list,
                                   enum page_fault *faults)
{
    const struct wiring *wiring = arg;
    return pages_list_check(cx, &wiring->pages_now, list, faults);
}

static enum status pages_bind_now(struct cx *cx, void *arg, const struct value *list, Str title,
                                  Instant at, struct pages_file *out)
{
    const struct wiring *wiring = arg;
    return pages_list_bind(cx, &wiring->pages_now, list, title, at, out);
}

static enum status pages_open(struct cx *cx, struct wiring *wiring)
{
    static const struct helper_options now = {.workers = 1, .wait_ms = 10000, .timeout_ms = 20000};
    static const struct helper_options later = {.workers = 1, .wait_ms = 50, .timeout_ms = 20000};
    struct program *program = wiring->program;
    wiring->pages_now = (struct pages_world){.house = &program->app.house,
                                             .blobs = program->blobs,
                                             .is_scanned = program->app.scan != NULL,
                                             .told = streams_tell_all,
                                             .told_arg = program->app.streams};
    wiring->pages_later = wiring->pages_now;
    TRY(helper_pool_open(cx, &now, &program->app.sheets));
    TRY(helper_pool_open(cx, &now, &program->app.spreadsheets));
    TRY(helper_pool_open(cx, &now, &wiring->pages_now.pool));
    return helper_pool_open(cx, &later, &wiring->pages_later.pool);
}

/* --- the log --- */

static enum status log_receipt(struct cx *cx, void *arg, Id matter, int64_t event,
                               struct value **out)
{
    const struct wiring *wiring = arg;
    return receipt_make(cx, &wiring->program->app.house, matter, event, out);
}

static enum status log_newest(struct cx *cx, void *arg, struct value **out)
{
    const struct wiring *wiring = arg;
    return log_checkpoint_view(cx, &wiring->program->app.house, out);
}

static enum status log_proved(struct cx *cx, void *arg, Str leaf, struct value **out)
{
    const struct wiring *wiring = arg;
    return log_proof_view(cx, &wiring->program->app.house, leaf, out);
}

/* --- health --- */

enum { LAG_MOST_MS = 10000 };

static struct value *ready(struct cx *cx, void *arg, bool *ok)
{
    struct wiring *wiring = arg;
    struct store_figures store;
    struct jobs_figures jobs = {0};
    struct value *view = value_map(cx->arena);
    store_figures(wiring->program->store, &store);
    bool database = jobs_ready(cx, wiring->jobs, &jobs) == OK;
    bool sequencer = database && jobs.sequencer.lag_ms < LAG_MOST_MS;
    value_set_bool(cx->arena, view, "database", database);
    value_set_bool(cx->arena, view, "writer", store.writer_alive);
    value_set_bool(cx->arena, view, "disk", blobs_writable(wiring->program->blobs));
    value_set_bool(cx->arena, view, "keys", wiring->program->keys != NULL);
    value_set_bool(cx->arena, view, "sequencer", sequencer);
    value_set_int(cx->arena, view, "sequencer_lag_ms", jobs.sequencer.lag_ms);
    value_set_int(cx->arena, view, "queued", store.queued);
    value_set_int(cx->arena, view, "jobs_parked", jobs.jobs_parked);
    value_set_int(cx->arena, view, "clocks_parked", jobs.clocks_parked);
    *ok = database && store.writer_alive && sequencer && blobs_writable(wiring->program->blobs);
    return view;
}

static uint32_t failing(void *arg)
{
    const struct wiring *wiring = arg;
    struct sequencer_figures log = {0};
    uint32_t bits = outage_noted();
    sequencer_figures(wiring->sequencer, &log);
    bits |= log.lag_ms >= LAG_MOST_MS ? UINT32_C(1) << OUTAGE_LOG : 0;
    return blobs_writable(wiring->program->blobs) ? bits : bits | UINT32_C(1) << OUTAGE_UPLOADS;
}

static void figure(struct buf *out, const char *name, const char *kind, int64_t number)
{
    buf_printf(out, "# TYPE tongsu_%s %s\ntongsu_%s %" PRId64 "\n", name, kind, name, number);
}

static Str metrics(struct cx *cx, void *arg)
{
    struct wiring *wiring = arg;
    struct store_figures store;
    struct jobs_figures jobs = {0};
    struct buf out;
    buf_init(&out, cx->arena, 64 * 1024);
    store_figures(wiring->program->store, &store);
    buf_text(&out, "# TYPE tongsu_requests_total counter\n");
    for (int class = 1; class < 6; class ++) {
        buf_printf(&out, "tongsu_requests_total{status=\"%dxx\"} %" PRIu64 "\n", class,
                   dispatch_answered(class));
    }
    figure(&out, "writes_total", "counter", (int64_t)store.writes);
    figure(&out, "batches_total", "counter", (int64_t)store.batches);
    figure(&out, "write_failures_total", "counter", (int64_t)store.failures);
    figure(&out, "writes_queued", "gauge", store.queued);
    figure(&out, "writer_alive", "gauge", store.writer_alive);
    if (jobs_ready(cx, wiring->jobs, &jobs) == OK) {
        figure(&out, "log_size", "gauge", jobs.sequencer.size);
        figure(&out, "log_checkpointed", "gauge", jobs.sequencer.checkpointed);
        figure(&out, "log_lag_ms", "gauge", jobs.sequencer.lag_ms);
        figure(&out, "jobs_waiting", "gauge", jobs.jobs_waiting);
        figure(&out, "jobs_parked", "gauge", jobs.jobs_parked);
        figure(&out, "clocks_due", "gauge", jobs.clocks_due);
        figure(&out, "clocks_parked", "gauge", jobs.clocks_parked);
        figure(&out, "clocks_fired_total", "counter", (int64_t)jobs.clocks_fired);
        figure(&out, "papers_printed_total", "counter", (int64_t)jobs.papers_printed);
        figure(&out, "messages_sent_total", "counter", (int64_t)jobs.messages_sent);
        figure(&out, "helpers_running", "gauge", jobs.helpers_running);
    }
    return buf_done(&out);
}

/* --- codes and people --- */

static enum status code_check(struct cx *cx, void *arg, Id person, Str code, bool *ok)
{
    const struct wiring *wiring = arg;
    const struct program *program = wiring->program;
    if (program->config.demo && str_is(code, DEMO_CODE)) {
        *ok = true;
        return OK;
    }
    enum status status = code_holds(cx, program->store, program->keys, person, STR("sign"), code,
                                    clock_machine(), ok);
    outage_note(OUTAGE_SIGNING, status == OK);
    return status;
}

static enum status scanner_open(struct cx *cx, struct wiring *wiring)
{
    Str where = wiring->program->config.scanner;
    return where.n == 0
               ? OK
               : scan_open(cx, wiring->program->arena, where.p, &wiring->program->app.scan);
}

static enum status messages_open(struct cx *cx, struct wiring *wiring)
{
    Str url = wiring->program->config.messages;
    return url.n == 0 ? OK : messenger_http(cx, wiring->program->arena, url, &wiring->messenger);
}

/* A demo without a server shows how it would be, and logs. */
static enum status mail_open(struct cx *cx, struct wiring *wiring)
{
    const struct config *config = &wiring->program->config;
    wiring->program->app.mails = config->mail.n > 0 || config->demo;
    if (config->mail.n == 0) {
        return OK;
    }
    struct mail_options options = {.url = config->mail,
                                   .from = config->mail_from,
                                   .login_file = config->mail_login,
                                   .ca_file = config->mail_ca,
                                   .tls = config->mail_tls};
    return mailer_smtp(cx, wiring->program->arena, &options, &wiring->mailer);
}

/* Without one: a demo believes everybody and says so, else windows verify. */
static enum status register_open(struct cx *cx, struct wiring *wiring)
{
    Str url = wiring->program->config.identity;
    return url.n == 0
               ? OK
               : identity_http(cx, wiring->program->arena, url, &wiring->program->app.identity);
}

enum status wiring_connect(struct cx *cx, struct wiring *wiring)
{
    struct app *app = &wiring->program->app;
    app->wake_jobs = wake;
    app->wake_arg = wiring;
    app->clock_advance = advance;
    app->clock_arg = wiring;
    app->paper_print = print_now;
    app->paper_loose = print_loose;
    app->paper_docx = write_docx;
    app->paper_arg = wiring;
    app->pages_check = pages_check_now;
    app->pages_bind = pages_bind_now;
    app->pages_arg = wiring;
    app->ready = ready;
    app->ready_arg = wiring;
    app->metrics = metrics;
    app->metrics_arg = wiring;
    app->receipt = log_receipt;
    app->log_checkpoint = log_newest;
    app->log_proof = log_proved;
    app->log_arg = wiring;
    app->streams = streams_open(wiring->program->arena);
    app->house.code_check = code_check;
    app->house.code_arg = wiring;
    TRY(register_open(cx, wiring));
    TRY(scanner_open(cx, wiring));
    TRY(mail_open(cx, wiring));
    return messages_open(cx, wiring);
}

/* An act that nobody waited for leaves papers to print and people to tell. */
static void acted_alone(void *arg)
{
    struct wiring *wiring = arg;
    wake(wiring);
    streams_tell_all(wiring->program->app.streams);
}

enum status wiring_start(struct cx *cx, struct wiring *wiring)
{
    struct program *program = wiring->program;
    struct jobs_options options = {
        .house = &program->app.house,
        .sequencer = wiring->sequencer,
        .tables = program->tables,
        .blobs = program->blobs,
        .share = program->share,
        .messenger = wiring->messenger,
        .mailer = wiring->mailer,
        .kinds = wiring->kinds,
        .kind_count = sizeof wiring->kinds / sizeof wiring->kinds[0],
        .acted = streams_tell_all,
        .acted_arg = program->app.streams,
        .upload_drop = tus_drop,
        .upload_arg = &program->app,
    };
    wiring->scan = (struct scan_world){.house = &program->app.house,
                                       .blobs = program->blobs,
                                       .scan = program->app.scan,
                                       .told = streams_tell_all,
                                       .told_arg = program->app.streams};
    TRY(pages_open(cx, wiring));
    wiring->kinds[0] = (struct job_kind){"scan", scan_job, &wiring->scan};
    wiring->kinds[1] = (struct job_kind){"pages", pages_job, &wiring->pages_later};
    wiring->witness_options = (struct witness_options){
        .house = &program->app.house, .acted = acted_alone, .acted_arg = wiring};
    wiring->kinds[2] = (struct job_kind){"automatic", witness_job, &wiring->witness_options};
    struct pulse_options pulse = {.house = &program->app.house,
                                  .failing = failing,
                                  .failing_arg = wiring,
                                  .acted = acted_alone,
                                  .acted_arg = wiring};
    TRY(pulse_open(cx, &pulse, &wiring->pulse)); /* before the clocks: see there */
    wiring->drill =
        (struct drill_world){.house = &program->app.house,
                             .blobs = program->blobs,
                             .material = share_text(program->app.share, "data/drill/material.png")};
    wiring->kinds[3] = (struct job_kind){"drill", drill_job, &wiring->drill};
    wiring->batch = (struct batch_world){.house = &program->app.house,
                                         .blobs = program->blobs,
                                         .pool = program->app.spreadsheets,
                                         .messages = program->app.messages,
                                         .told = acted_alone,
                                         .told_arg = wiring};
    wiring->kinds[4] = (struct job_kind){"batch", batch_job, &wiring->batch};
    TRY(jobs_start(cx, &options, &wiring->jobs));
    TRY(pulse_start(cx, wiring->pulse));
    TRY(witness_start(cx, &wiring->witness_options, &wiring->witness));
    program->app.seen_arg = wiring->witness;
    program->app.seen = witness_note;
    return OK;
}

void wiring_stop(struct wiring *wiring)
{
    pulse_close(wiring->pulse);
    witness_stop(wiring->witness);
    jobs_stop(wiring->jobs);
    helper_pool_close(wiring->program->app.sheets);
    helper_pool_close(wiring->program->app.spreadsheets);
    helper_pool_close(wiring->pages_now.pool);
    helper_pool_close(wiring->pages_later.pool);
    streams_close(wiring->program->app.streams);
}

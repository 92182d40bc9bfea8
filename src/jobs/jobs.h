/* jobs/jobs.h - everything that happens behind the commits, started and stopped as one: the
 * sequencer of the log, the clocks, papers and messages, housekeeping.
 *
 * main/ wires it: sequencer_new() before the store is opened (its before_commit on SQLite), then
 * jobs_start() once the house stands, jobs_stop() when requests have drained and before the store
 * is closed.
 * (1) Every job is idempotent and may die at any point; attempts are committed before each run, and
 *     the third death parks it for the operator to see.
 * (2) jobs_wake() is cheap and may be called from any thread after any act.
 * (3) Several programs may run jobs on one database: clocks are claimed by the matter's revision,
 *     jobs by a lease, the log by a lock.
 */
#ifndef JOBS_JOBS_H
#define JOBS_JOBS_H

#include "base/share.h"
#include "jobs/log.h"
#include "jobs/runner.h"
#include "jobs/sequencer.h"
#include "record/tables.h"

struct jobs;

struct jobs_options {
    const struct house *house; /* all of these outlive the jobs */
    struct sequencer *sequencer;
    struct tables *tables; /* refreshed every minute and when a demo's clock moves; NULL: not */
    struct blobs *blobs;
    const struct share *share;         /* papers are printed from its data/papers/ */
    const struct messenger *messenger; /* NULL: messages are logged by their number only */
    const struct mailer *mailer;       /* NULL: mails likewise */
    const struct job_kind *kinds;      /* of jobs beside papers and messages */
    uint32_t kind_count;
    unsigned runners;         /* threads for jobs; 0 means 2 */
    void (*acted)(void *arg); /* after an act by a clock, to wake event streams; or NULL */
    void *acted_arg;
    void (*upload_drop)(void *arg, Str id); /* the bytes of an abandoned upload; or NULL */
    void *upload_arg;
};

/* In demo mode takes up the stored offset of the clock first. */
enum status jobs_start(struct cx *cx, const struct jobs_options *options, struct jobs **out);
/* Drains what is under way and ends all threads, the sequencer last. NULL is fine. */
void jobs_stop(struct jobs *jobs);

/* In the shapes that web/ takes: arg is the struct jobs. */
void jobs_wake(void *arg);
/* Moves a demo's clock (jobs/timer.h, timer_advance). E_INPUT "fields" for less than 1 ms or more
 * than 50 years. */
enum status jobs_clock_advance(struct cx *cx, void *arg, int64_t by_ms);
/* A paper's PDF now, when a reader is quicker than its job (jobs/runner.h, paper_print_now). */
enum status jobs_paper_print(struct cx *cx, void *arg, Id matter, int64_t n, Hash *sm3,
                             int64_t *size_bytes);

/* A paper of no matter (jobs/runner.h, paper_print_loose). */
enum status jobs_paper_loose(struct cx *cx, void *arg, const char *name, const struct value *inputs,
                             Str *pdf);

/* Papers as DOCX (jobs/runner.h, paper_docx_loose, paper_docx_now): of no matter where it is 0. */
enum status jobs_paper_docx(struct cx *cx, void *arg, Id matter, int64_t n, const char *name,
                            const struct value *inputs, Str *docx);

struct jobs_figures {
    struct sequencer_figures sequencer;
    int64_t jobs_waiting;
    int64_t jobs_parked;   /* papers and messages given up after three deaths */
    int64_t clocks_due;    /* have woken and wait to be carried out */
    int64_t clocks_parked; /* given up; their evidence is missing until somebody looks */
    unsigned helpers_running;
    uint64_t papers_printed, messages_sent, clocks_fired;
};

/* For /readyz and /metrics: some look-ups by index. */
enum status jobs_ready(struct cx *cx, struct jobs *jobs, struct jobs_figures *out);

#endif

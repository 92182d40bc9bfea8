#include "jobs/jobs.h"

#include <pthread.h>

#include "base/check.h"
#include "base/clock.h"
#include "base/log.h"
#include "jobs/answer_reminder.h"
#include "jobs/bell.h"
#include "jobs/circular.h"
#include "jobs/lapse.h"
#include "jobs/reminder.h"
#include "jobs/timer.h"

enum {
    KEEPING_FIRST_S = 600,
    KEEPING_POLL_MS = 60000,
    KEEPING_BYTES_MAX = 64 << 20,
    OWN_BYTES = 1 << 16
};

struct jobs {
    struct arena *arena; /* where this stands */
    struct jobs_options options;
    struct schedule_rule schedules[CIRCULAR_RULES + 2]; /* all work by the calendar */
    struct timer *timer;
    struct runner *runner;
    struct bell bell; /* of the housekeeper */
    pthread_t keeper;
    bool keeping;
};

/* --- housekeeping --- */

static void keep(struct jobs *jobs)
{
    struct lapse_options options = {.store = jobs->options.house->store,
                                    .blobs = jobs->options.blobs,
                                    .upload_drop = jobs->options.upload_drop,
                                    .upload_arg = jobs->options.upload_arg};
    struct lapse_counts counts;
    struct cx cx;
    cx_init(&cx, arena_open(KEEPING_BYTES_MAX));
    if (lapse_all(&cx, &options, clock_now(), clock_machine(), &counts) != OK) {
        log_failure(&cx, "housekeeping");
    }
    arena_close(cx.arena);
}

/* Not at once: a start has better things to do. */
static void *keeper_work(void *arg)
{
    struct jobs *jobs = arg;
    int64_t next_us = clock_monotonic_us() + (int64_t)KEEPING_FIRST_S * 1000000;
    while (bell_wait(&jobs->bell, KEEPING_POLL_MS)) {
        if (clock_monotonic_us() >= next_us) {
            keep(jobs);
            next_us = clock_monotonic_us() + DAY_MS * 1000;
        }
    }
    return NULL;
}

/* --- life --- */

/* An act by a clock leaves papers to print and people to tell. */
static void clock_acted(void *arg)
{
    struct jobs *jobs = arg;
    jobs_wake(jobs);
    if (jobs->options.acted != NULL) {
        jobs->options.acted(jobs->options.acted_arg);
    }
}

static enum status parts_open(struct cx *cx, struct jobs *jobs)
{
    const struct jobs_options *o = &jobs->options;
    for (uint32_t i = 0; i < CIRCULAR_RULES; i++) {
        jobs->schedules[i] = circular_rules[i];
    }
    jobs->schedules[CIRCULAR_RULES] =
        (struct schedule_rule){"draft-days", reminder_after, reminder_run};
    jobs->schedules[CIRCULAR_RULES + 1] =
        (struct schedule_rule){"answer-days", reminder_after, answer_reminder_run};
    struct timer_options timer = {.house = o->house,
                                  .tables = o->tables,
                                  .schedules = jobs->schedules,
                                  .schedule_count = CIRCULAR_RULES + 2,
                                  .acted = clock_acted,
                                  .acted_arg = jobs};
    struct runner_options runner = {.house = o->house,
                                    .blobs = o->blobs,
                                    .share = o->share,
                                    .messenger = o->messenger,
                                    .mailer = o->mailer,
                                    .kinds = o->kinds,
                                    .kind_count = o->kind_count,
                                    .threads = o->runners};
    TRY(timer_open(cx, &timer, &jobs->timer));
    TRY(runner_open(cx, &runner, &jobs->runner));
    TRY(sequencer_start(cx, o->sequencer, o->house));
    TRY(timer_start(cx, jobs->timer));
    TRY(runner_start(cx, jobs->runner));
    if (pthread_create(&jobs->keeper, NULL, keeper_work, jobs) != 0) {
        return FAIL(cx, E_BUG, "bug", "no thread for housekeeping");
    }
    jobs->keeping = true;
    return OK;
}

enum status jobs_start(struct cx *cx, const struct jobs_options *options, struct jobs **out)
{
    struct arena *arena = arena_open(OWN_BYTES);
    struct jobs *jobs = arena_new(arena, struct jobs);
    jobs->arena = arena;
    jobs->options = *options;
    bell_open(&jobs->bell);
    enum status status = parts_open(cx, jobs);
    if (status != OK) {
        jobs_stop(jobs);
        return status;
    }
    *out = jobs;
    return OK;
}

void jobs_stop(struct jobs *jobs)
{
    if (jobs == NULL) {
        return;
    }
    bell_stop(&jobs->bell);
    if (jobs->keeping) {
        check(pthread_join(jobs->keeper, NULL) == 0);
    }
    timer_close(jobs->timer);
    runner_close(jobs->runner);
    sequencer_stop(jobs->options.sequencer);
    bell_close(&jobs->bell);
    arena_close(jobs->arena);
}

void jobs_wake(void *arg)
{
    struct jobs *jobs = arg;
    if (jobs->runner != NULL) {
        runner_wake(jobs->runner);
    }
}

enum status jobs_clock_advance(struct cx *cx, void *arg, int64_t by_ms)
{
    struct jobs *jobs = arg;
    return timer_advance(cx, jobs->timer, by_ms);
}

enum status jobs_paper_print(struct cx *cx, void *arg, Id matter, int64_t n, Hash *sm3,
                             int64_t *size_bytes)
{
    struct jobs *jobs = arg;
    return paper_print_now(cx, jobs->runner, matter, n, sm3, size_bytes);
}

enum status jobs_paper_loose(struct cx *cx, void *arg, const char *name, const struct value *inputs,
                             Str *pdf)
{
    struct jobs *jobs = arg;
    return paper_print_loose(cx, jobs->runner, name, inputs, pdf);
}

enum status jobs_paper_docx(struct cx *cx, void *arg, Id matter, int64_t n, const char *name,
                            const struct value *inputs, Str *docx)
{
    struct jobs *jobs = arg;
    return matter == 0 ? paper_docx_loose(cx, jobs->runner, name, inputs, docx)
                       : paper_docx_now(cx, jobs->runner, matter, n, docx);
}

enum status jobs_ready(struct cx *cx, struct jobs *jobs, struct jobs_figures *out)
{
    struct timer_figures timer = {0};
    struct runner_figures runner = {0};
    *out = (struct jobs_figures){0};
    sequencer_figures(jobs->options.sequencer, &out->sequencer);
    TRY(timer_figures(cx, jobs->timer, &timer));
    TRY(runner_figures(cx, jobs->runner, &runner));
    out->jobs_waiting = runner.waiting;
    out->jobs_parked = runner.parked;
    out->clocks_due = timer.due;
    out->clocks_parked = timer.parked;
    out->helpers_running = runner.helpers;
    out->papers_printed = runner.papers;
    out->messages_sent = runner.messages;
    out->clocks_fired = timer.fired;
    return OK;
}

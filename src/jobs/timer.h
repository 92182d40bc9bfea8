/* jobs/timer.h - wakes clocks, each reminder and each breach at its own instant, and does the work
 * of the calendar (jobs/schedule.h) in its place between them.
 *
 * (1) Whatever is due is carried out in the order of its instants (then matter, then number), one
 * at a time; an act carries the instant that it was due, not the one that it was carried out. (2)
 * attempts is raised in a commit of its own before each run; a clock whose run dies or fails three
 * times is parked: it wakes no more, and an audit row and the log say so. A store that is busy or
 * broken is nobody's death: it is waited for. (3) Moving a demo's clock steps from instant to
 * instant: clock_now() is the due instant while its clocks are carried out, and clocks started
 * meanwhile fire in their turn. One step or many give the same events. The target is stored before
 * the first step: a program that dies on the way goes on where it was headed. (4) Work of the
 * calendar comes behind the clocks of its instant and waits two seconds of a running clock, so that
 * whatever people did before its instant is on disk when it looks; clocks behind it wait too. (5)
 * The thread carries clocks out two seconds behind their instant: a day ends at 24:00, not with its
 * last second, and what arrived before is on disk by then.
 */
#ifndef JOBS_TIMER_H
#define JOBS_TIMER_H

#include "flow/act.h"
#include "jobs/schedule.h"
#include "record/tables.h"

struct timer;

struct timer_options {
    const struct house *house;
    struct tables *tables; /* or NULL */
    const struct schedule_rule *schedules;
    uint32_t schedule_count;
    void (*acted)(void *arg); /* after each act by a clock, or NULL */
    void *acted_arg;
};

/* Takes up the stored offset in demo mode. No thread yet. */
enum status timer_open(struct cx *cx, const struct timer_options *options, struct timer **out);
enum status timer_start(struct cx *cx, struct timer *timer);
/* Finishes the clock it is at. NULL is fine. */
void timer_close(struct timer *timer);
void timer_wake(struct timer *timer);

/* The stored offset of a demo's clock, raised into base/clock; behind an advance that is under way,
 * which alone moves the clock until then. */
enum status timer_restore(struct cx *cx, struct timer *timer);
/* (3), on the caller's thread; several callers take turns. All clocks up to the new now have fired,
 * drafts have lapsed and the tables of the new day are in force when it returns OK. E_INPUT
 * "fields" outside 1 ms to 50 years. */
enum status timer_advance(struct cx *cx, struct timer *timer, int64_t by_ms);
/* Carries out what is due by now; *fired counts. For tests and commands. */
enum status timer_run(struct cx *cx, struct timer *timer, uint64_t *fired);

struct timer_figures {
    uint64_t fired;
    int64_t due; /* have woken, not yet carried out */
    int64_t parked;
};

enum status timer_figures(struct cx *cx, struct timer *timer, struct timer_figures *out);

#endif

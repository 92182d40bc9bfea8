/* jobs/schedule.h - work by the calendar: rows of `schedule`, each with a name and a next instant.
 *
 * The timer steps through these instants together with the clocks (jobs/timer.h). (1) The next
 * instant is moved on only when the work of the one before is done, and only by whoever still finds
 * the row as he read it: nothing is skipped, whenever the program dies, stands still or jumps. The
 * work itself must be such that doing it twice does it once: two programs may do it side by side.
 * (2) attempts is raised in a commit of its own before each run. Work is never given up: after
 * SCHEDULE_TRIES it is left alone for SCHEDULE_HOLD_MS of the machine's time, so that clocks go on.
 * (3) The work of an instant carries that instant, however late it is done.
 */
#ifndef JOBS_SCHEDULE_H
#define JOBS_SCHEDULE_H

#include "flow/plan.h"

enum { SCHEDULE_TRIES = 3, SCHEDULE_HOLD_MS = 600000 };

struct schedule_rule {
    const char *name;
    Instant (*after)(Instant at); /* the first instant of it behind `at` */
    /* Does the work of `at`. until: how far the timer goes now. *next is after(at) when called; a
     * run that finds nothing to do up to `until` may move it further, to after(until). */
    enum status (*run)(struct cx *cx, const struct house *house, Instant at, Instant until,
                       Instant *next);
};

struct schedule_due {
    bool found;
    const struct schedule_rule *rule;
    Instant at;
    int64_t attempts;
};

/* Rows for what has none yet, due after `now`. */
enum status schedule_begin(struct cx *cx, struct store *store, const struct schedule_rule *rules,
                           uint32_t count, Instant now);
/* The first that is due by `until` and not held. */
enum status schedule_find(struct cx *cx, struct sql *sql, const struct schedule_rule *rules,
                          uint32_t count, Instant until, struct schedule_due *out);
/* Runs it and moves it on. until: as of the rule. A failure that passes leaves attempts as it was.
 */
enum status schedule_do(struct cx *cx, const struct house *house, const struct schedule_due *due,
                        Instant until, bool (*passes)(enum status status));

#endif

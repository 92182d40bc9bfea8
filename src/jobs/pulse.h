/* jobs/pulse.h - the platform's witness of its own down time (record/outage.h).
 *
 * Beats every PULSE_MS: asks what fails, writes the heartbeat, records a gap behind it. (1) The
 * first beat is at the start, before the clocks run: what lapsed while nobody could act is known to
 * them. (2) A store that takes no beat is the failure of filing: kept in memory from its first
 * refusal and recorded by the first beat that is taken. (3) Behind a gap and behind a recovery the
 * running periods that it touched are prolonged (jobs/recount.h). (4) A silence of up
 * to PULSE_GAP_MS is none: restarts of the worker and slow disks.
 */
#ifndef JOBS_PULSE_H
#define JOBS_PULSE_H

#include "flow/plan.h"
#include "record/outage.h"

enum { PULSE_MS = 2000, PULSE_GAP_MS = 15000 };

struct pulse;

struct pulse_options {
    const struct house *house;
    /* Bit per enum outage_function: what fails now, as far as can be seen from here. */
    uint32_t (*failing)(void *arg);
    void *failing_arg;
    void (*acted)(void *arg); /* periods were prolonged; or NULL */
    void *acted_arg;
};

/* The first beat (1). A store that does not take it fails the start. */
enum status pulse_open(struct cx *cx, const struct pulse_options *options, struct pulse **out);
enum status pulse_start(struct cx *cx, struct pulse *pulse);
void pulse_close(struct pulse *pulse); /* NULL is fine */

/* One beat at this machine time; for the thread and for tests. */
enum status pulse_beat(struct cx *cx, struct pulse *pulse, Instant machine);

#endif

/* record/parked.h - what was given up and waits for somebody to look: messages that did not go out,
 * other work behind the commits, clocks that could not be carried out.
 *
 * (1) Nothing is shown of a matter but its id and court, nothing of a person but a phone by mask.
 * (2) What is taken up again starts with all its tries; what is not given up is left alone.
 */
#ifndef RECORD_PARKED_H
#define RECORD_PARKED_H

#include "base/date.h"
#include "record/script.h"

struct parked_job {
    Id id;
    Str kind;
    Str payload;
    int64_t attempts;
    Instant due;
    Str last_error; /* code and incident */
};

/* By id, above `after`. messages: those of kind "message" alone, else all. */
enum status parked_jobs(struct cx *cx, struct sql *sql, bool messages, Id after, uint32_t limit,
                        struct parked_job **out, uint32_t *count);
void parked_job_retry(struct script *script, Id id, Instant machine_now);
/* Inside a closure. *dropped false when no message of that id is given up. */
enum status parked_message_drop(struct cx *cx, struct sql *sql, Id id, bool *dropped);

struct parked_clock {
    Id matter;
    int64_t n;
    Str title;
    Str court;
    Instant due;
    Instant woke; /* what it was to be carried out for: a reminder, or its end */
    int64_t attempts;
    Str fault; /* code and incident; "" when it died without one */
};

/* By matter and number, behind (after, after_n). */
enum status parked_clocks(struct cx *cx, struct sql *sql, Id after, int64_t after_n, uint32_t limit,
                          struct parked_clock **out, uint32_t *count);
/* Inside a closure: it wakes again for what it was given up at. */
enum status parked_clock_retry(struct cx *cx, struct sql *sql, Id matter, int64_t n, bool *found);

#endif

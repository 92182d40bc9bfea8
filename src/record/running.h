/* record/running.h - clocks that run at a court and count its hours: what a change of hours moves.
 */
#ifndef RECORD_RUNNING_H
#define RECORD_RUNNING_H

#include "base/date.h"
#include "store/store.h"

struct running_clock {
    Id matter;
    Instant started;
    Instant due;
    int64_t length; /* working minutes */
};

/* Those in working minutes that have not stopped, of matters in the court's list. */
enum status running_list(struct cx *cx, struct sql *sql, Str court, struct running_clock **out,
                         uint32_t *count);

#endif

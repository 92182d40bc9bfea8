/* web/pace.h - how often somebody may try something: token buckets in memory.
 *
 * (1) One table per process, of fixed size: when it is full the bucket that was full longest makes
 * room. A restart forgets. (2) A key is text of any kind: purpose and address, purpose and device.
 * (3) Machine time. Thread-safe.
 */
#ifndef WEB_PACE_H
#define WEB_PACE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"

struct pace {
    const char *purpose;
    uint32_t burst;      /* at once */
    uint32_t per_minute; /* afterwards */
};

/* Takes one; false when there is none left: then *wait_s says when there will be. */
bool pace_take(const struct pace *pace, Str who, int64_t *wait_s);
/* Gives back what was taken for something that turned out to be in order. */
void pace_return(const struct pace *pace, Str who);

/* The same at a given time; for tests. */
bool pace_take_at(const struct pace *pace, Str who, int64_t now_us, int64_t *wait_s);

#endif

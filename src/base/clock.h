/* base/clock.h - the one clock of the program.
 *
 * Matters, papers and periods live on clock_now(); in demo mode it can be moved forward (never
 * back) by an offset. Sessions, lock-outs and retries live on clock_machine().
 */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <stdint.h>

#include "base/date.h"

Instant clock_now(void);     /* machine time plus offset */
Instant clock_machine(void); /* machine time */
int64_t clock_offset_ms(void);
/* The offset only grows: a smaller one is ignored. Returns the offset in force. */
int64_t clock_offset_raise(int64_t offset_ms);
/* Monotonic, for measuring; microseconds since some start. */
int64_t clock_monotonic_us(void);
/* While set (not 0), clock_now() answers `at` in this thread: a system act carries the instant that
 * it became due, not the one that it was carried out. */
void clock_pin(Instant at);

#endif

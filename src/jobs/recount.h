/* jobs/recount.h - running clocks follow the law tables.
 *
 * The version of the tables that clocks were last counted with stands in `setting`. When another is
 * in force, every matter with a running clock is looked at, in slices; where an end moves, an act
 * by the system says so (flow/recount.c). Killed in the middle, it starts over and finds the rest.
 */
#ifndef JOBS_RECOUNT_H
#define JOBS_RECOUNT_H

#include "flow/plan.h"

/* *moved counts the matters whose clocks moved. Cheap when the tables are those of last time. */
enum status clocks_recount(struct cx *cx, const struct house *house, uint32_t *moved);

#endif

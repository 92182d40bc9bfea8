/* jobs/recount.h - running clocks, and days to answer, follow the law tables and the outages.
 *
 * Matters are looked at in slices; where an end moves, an act by the system says so
 * (flow/recount.c). (1) Killed in the middle, it starts over and finds the rest: a clock that is
 * counted as the tables and outages now say is left alone. (2) Somebody acting meanwhile goes
 * first: the matter is looked at again.
 */
#ifndef JOBS_RECOUNT_H
#define JOBS_RECOUNT_H

#include "flow/plan.h"

/* The version of the tables that clocks were last counted with stands in `setting`. When another is
 * in force, every matter with a running clock of another version is looked at. *moved counts the
 * matters whose clocks moved. Cheap when the tables are those of last time. */
enum status clocks_recount(struct cx *cx, const struct house *house, uint32_t *moved);

/* Prolongs the running periods of parties, and the days to answer, that end from..to (not included)
 * and whose last day an outage touched; *moved counts the matters. */
enum status periods_prolong(struct cx *cx, const struct house *house, Instant from, Instant to,
                            uint32_t *moved);
/* One matter; *moved is raised when a period of it moved. */
enum status matter_recount(struct cx *cx, const struct house *house, Id matter, uint32_t *moved);

#endif

/* jobs/circular.h - the daily and weekly circulars on cross-domain service, issued on time.
 *
 * Daily at 08:30 for the days since the last one, as a rule yesterday; weekly on Monday at 08:30
 * for the week before. One for the whole country from the first request on, also when nothing
 * happened; one for each province and each court that has anything to tell. (1) A circular is a
 * matter of procedure `circular`, opened by the system: event, leaf, paper, notices. Its figures
 * are the value `circular`, taken as of its instant (record/circular.h) and fixed. (2) Issued
 * exactly once for (kind, scope, day): the key is claimed in the transaction of the matter, and the
 * row of `circular` stands beside it. A program that dies in the middle leaves those that it has
 * issued; the next run issues the rest, with the same numbers. (3) Setting
 * `circular-skip-rest-days`: on rest days no daily is issued, and the next one covers them.
 *
 * Instants, columns and scopes are our own design.
 */
#ifndef JOBS_CIRCULAR_H
#define JOBS_CIRCULAR_H

#include "jobs/schedule.h"

enum { CIRCULAR_RULES = 2, CIRCULAR_ENTRIES_MAX = 1000 };

extern const struct schedule_rule circular_rules[CIRCULAR_RULES];

#endif

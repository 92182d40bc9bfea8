/* record/answer_day.h - until when a defendant who was served may answer, and what he was told.
 *
 * (1) A row stands from the service until the answer, until all were told that the period is over,
 * or until the case is. (2) He is told at three days, at one, and once on the day behind it;
 * another day of service, or a longer period (flow/answer_period.h), begins that anew.
 */
#ifndef RECORD_ANSWER_DAY_H
#define RECORD_ANSWER_DAY_H

#include "base/date.h"
#include "record/script.h"

enum { ANSWER_DAY_NEVER = 99, ANSWER_DAY_FIRST = 3, ANSWER_DAY_LAST = 1, ANSWER_DAY_OVER = -1 };

struct answer_day {
    Id matter;
    int64_t party;
    Date due;
    int64_t told;
};

/* Which step is due on a day: ANSWER_DAY_FIRST, ANSWER_DAY_LAST or ANSWER_DAY_OVER. */
int64_t answer_day_step(const struct answer_day *day, Date today);

void answer_day_write(struct script *script, Id matter, int64_t party, Date due);
void answer_day_end(struct script *script, Id matter, int64_t party);
void answer_day_close(struct script *script, Id matter); /* of all its defendants */
/* Those of a case, in the order of its parties. */
enum status answer_day_of(struct cx *cx, struct sql *sql, Id matter, struct answer_day **out,
                          uint32_t *count);
/* Those of which somebody is to be told the step of today; at most limit. */
enum status answer_day_due(struct cx *cx, struct sql *sql, Date today, uint32_t limit,
                           struct answer_day **out, uint32_t *count);
/* Inside a closure: *claimed is false when another program told it, he has answered meanwhile, or
 * the day is another now. */
enum status answer_day_tell(struct cx *cx, struct sql *sql, const struct answer_day *day,
                            int64_t step, bool *claimed);

#endif

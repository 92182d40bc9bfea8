/* flow/answer_period.h - how long each defendant has to answer: counted from the day he was served,
 * and anew when the tables have changed or the platform failed on the last day.
 *
 * Between the acts it stands in the case's `services`, a row for each defendant, and for those who
 * have not answered in record/answer_day.h. No clock of the matter counts it: defendants are served
 * on different days. LAW: civil-procedure-law@2023 128, 285
 */
#ifndef FLOW_ANSWER_PERIOD_H
#define FLOW_ANSWER_PERIOD_H

#include "flow/plan.h"
#include "law/outage.h"
#include "record/answer_day.h"

enum { ANSWER_DAYS = 15, ANSWER_DAYS_ABROAD = 30 };

/* Of so many days from the day after service, by the tables in force. */
enum status answer_period_count(struct cx *cx, const struct law_tables *tables, Str court,
                                Date served, int64_t days, struct period_answer *out);

/* What an outage of the platform does to periods. */
struct hindrance {
    const struct outage_span *spans;
    uint32_t count;
};

/* Counts the open periods `days` of the change's matter anew. Where one ends on another day, its
 * row in `services` and the day by which its defendant is reminded follow, and `entries` gets
 * {"party","name","old","new"}, with "outage" when one moved it. */
enum status answer_period_recount(struct cx *cx, struct plan *plan, struct change *change,
                                  const struct answer_day *days, uint32_t count,
                                  const struct hindrance *hindrance, struct value *entries);
/* Nobody is reminded of a case that is over. */
void answer_period_close(struct plan *plan, const struct change *change);

#endif

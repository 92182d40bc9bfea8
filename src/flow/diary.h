/* flow/diary.h - what people's calendars take from a matter (record/calendar.h,
 * record/draft_day.h).
 */
#ifndef FLOW_DIARY_H
#define FLOW_DIARY_H

#include "flow/plan.h"

/* The dates that the values say now: leaves of groups whose definition has a `calendar`. Part of
 * every act. */
void diary_dates_write(struct cx *cx, struct plan *plan, const struct change *change);

struct last_day {
    Date day; /* DATE_NONE: the values say nothing to count from */
    const char *title;
    const char *law;
    struct value *working;
};

/* The last day to hand in what these values (in the clear) are the draft of. Only periods whose
 * start the filer enters: enforcement, retrial, administrative suits, compensation. */
enum status diary_last_day(struct cx *cx, const struct law_tables *tables,
                           const struct value *values, struct last_day *out);
/* Keeps it beside the draft; part of saving one. */
enum status diary_draft_write(struct cx *cx, struct plan *plan, const struct change *change);

#endif

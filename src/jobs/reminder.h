/* jobs/reminder.h - reminds owners of drafts whose last day is near (record/draft_day.h): every
 * morning at nine, at three days and at one, by a notice and a message to the phone. */
#ifndef JOBS_REMINDER_H
#define JOBS_REMINDER_H

#include "jobs/schedule.h"

/* The first nine o'clock in Beijing behind `at`. */
Instant reminder_after(Instant at);
/* Of the day of `at`. Doing it twice tells once. */
enum status reminder_run(struct cx *cx, const struct house *house, Instant at, Instant until,
                         Instant *next);

#endif

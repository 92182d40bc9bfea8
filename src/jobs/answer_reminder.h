/* jobs/answer_reminder.h - reminds defendants, and who acts for them, of the period to answer
 * (record/answer_day.h): every morning at nine, at three days and at one, by a notice and a message
 * to the phone. On the day behind it they and the judge are told that it is over: the court may go
 * on; nothing is taken as admitted for that. LAW: civil-procedure-law@2023 128, 285
 */
#ifndef JOBS_ANSWER_REMINDER_H
#define JOBS_ANSWER_REMINDER_H

#include "jobs/schedule.h"

/* Of the day of `at`; every morning as reminder_after() says. Doing it twice tells once. */
enum status answer_reminder_run(struct cx *cx, const struct house *house, Instant at, Instant until,
                                Instant *next);

#endif

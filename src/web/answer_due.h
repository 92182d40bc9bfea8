/* web/answer_due.h - by when a defendant has to answer, on pages for him and for who acts for him.
 *
 * No clock of the matter counts it (flow/answer_period.h): what stands in the case's `services` is
 * shown as if one did. To everybody else the table of elements says it.
 * LAW: civil-procedure-law@2023 128, 285
 */
#ifndef WEB_ANSWER_DUE_H
#define WEB_ANSWER_DUE_H

#include "web/page_parts.h"

/* A row like those of clocks_show() for each defendant that the viewer answers for and whose
 * service is registered. It runs until he has answered or the last day is over. */
void answer_due_add(struct call *call, const struct seen *seen, struct value *clocks);
/* What guidance may say of it: {answer_due}, the earliest last day that has not passed and without
 * an answer; {answer_days} when there is none such and some service is not registered yet. */
void answer_due_set(struct call *call, const struct seen *seen, struct value *args);

#endif

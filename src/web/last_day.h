/* web/last_day.h - the last day to hand in a draft, for its pages and the API. */
#ifndef WEB_LAST_DAY_H
#define WEB_LAST_DAY_H

#include "web/app.h"

struct seen;

/* {"day","given","derived","title","working","left_title","near"}: what counts, what its owner
 * gave, what follows from what he has entered and why; null where nothing is known. */
enum status last_day_view(struct call *call, const struct seen *seen, struct value **out);

#endif

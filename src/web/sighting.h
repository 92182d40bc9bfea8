/* web/sighting.h - staff of the deciding court list and open what was handed to them: noted for the
 * evidence, behind the answer. */
#ifndef WEB_SIGHTING_H
#define WEB_SIGHTING_H

#include "record/listing.h"
#include "web/app.h"

/* This caller has the rows before him. A look-up only when one of them was handed over. */
void sighting_listed(struct call *call, const struct listing *rows, uint32_t count);
/* This caller looks at the matter; whoever looks has it before him, too. */
void sighting_opened(struct call *call, const struct seen *seen);

#endif

/* web/recover.h - how often a code to the phone of an account may be asked for.
 */
#ifndef WEB_RECOVER_H
#define WEB_RECOVER_H

#include "record/person.h"
#include "web/app.h"

/* Before a ticket (record/recovery.h) is given out. Counted by address and login; a device that
 * this person came in from before has a count of its own, so that strangers cannot use up the
 * owner's. person NULL: nobody. E_RATE. */
enum status recover_pace(struct call *call, const struct person *person, Str login, Str device);

#endif

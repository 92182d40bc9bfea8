/* web/admin_recent.h - what administrators changed last, on the page where they change it. */
#ifndef WEB_ADMIN_RECENT_H
#define WEB_ADMIN_RECENT_H

#include "web/app.h"

/* Sets "recent" [{"at","person","what","subject","detail"}]: the ten newest rows of the audit of
 * these kinds (ends with NULL). */
enum status admin_recent(struct call *call, const char *const *whats, struct value *view);

#endif

/* web/inbox.h - what somebody was told, as the inbox and the event streams show it. */
#ifndef WEB_INBOX_H
#define WEB_INBOX_H

#include "record/listing.h"
#include "web/app.h"

/* Whose notices this caller reads: his own, and under a post also those of the post. Returns 1 or
 * 2. */
uint32_t inbox_viewers(struct call *call, Str viewers[2]);
/* {"id","matter","kind","title","text","at","read"} */
struct value *notice_view(struct arena *arena, const struct notice *notice);

#endif

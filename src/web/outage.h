/* web/outage.h - what the public notices and the administrator's page of outages share. */
#ifndef WEB_OUTAGE_H
#define WEB_OUTAGE_H

#include "record/outage.h"
#include "web/app.h"

/* {"id","function","function_title","kind","kind_title","since","until","lasts","ahead","text",
 * "announced_at","cancelled"} at this instant; until null: lasts still. */
struct value *outage_view(struct arena *arena, const struct outage *outage, Instant now);
/* "2小时5分", "不到1分钟" */
Str outage_lasted(struct arena *arena, Instant since, Instant until);
/* "事先公告的停用" of "planned". */
const char *outage_kind_title(Str kind);

#endif

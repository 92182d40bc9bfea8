/* web/calendar.h - a person's calendar: as a page, as data, and as a feed under a secret link. */
#ifndef WEB_CALENDAR_H
#define WEB_CALENDAR_H

#include "record/calendar.h"
#include "web/app.h"

/* {"id","kind","title","day","at","all_day","cancelled","over","clash","law",
 * "matter":{"id","title","case_number"},"procedure_title","court","href"}; at null for whole days.
 */
struct value *calendar_entry_view(struct call *call, const struct calendar_entry *entry);
/* The month asked for (month=YYYY-MM), else that of now: its first day. */
Date calendar_month(const struct call *call);
/* "开庭（2026）京0105民初1号": without names, for feeds and messages. */
Str calendar_summary(struct call *call, const struct calendar_entry *entry);

#endif

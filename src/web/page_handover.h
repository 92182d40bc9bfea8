/* web/page_handover.h - what pages show of requests that one court hands to another: the desk of
 * the collaborating window, the other court's side, and the ladder of evidence.
 */
#ifndef WEB_PAGE_HANDOVER_H
#define WEB_PAGE_HANDOVER_H

#include "web/page_parts.h"
#include "web/page_views.h"

/* Of the first page of a window: services [{title, text, href}] that can be begun here for another
 * court, sent [rows with left_title] of what was handed over from here. */
enum status handover_desk_set(struct call *call, struct value *view);
/* Of a matter that is handed over; nothing for others. handover {collaborator, court, to_court
 * (bool: the caller is of the deciding court), clock {title, tone} or null, contact {officer,
 * phone, room, href}, hours, open_title, originals [{title, name, note, by, at}], has_originals}
 * and ladder [{title, at, done, negative, href}], has_ladder. */
void handover_matter_set(struct call *call, const struct seen *seen, const struct value *value,
                         struct value *view);
/* Of the receipt for what a window has sent at `at`: handover {collaborator, handed_in, arrived,
 * follow_code, follow_href, qr (markup)}; null for any other act and for whoever may not know the
 * code. */
void handover_receipt_set(struct call *call, const struct seen *seen, Instant at,
                          struct value *view);
/* "还剩12分", "对方法院现在休息，14:00开始计时": of a limit in working minutes of the court, one's
 * own or the other. "" when it has ended. */
Str handover_left_words(struct arena *arena, const struct law_tables *tables, Str court, bool own,
                        Instant due, Instant now);
/* "现在开放", "14:00开放", "12月1日09:00开放", of a court's hours (API). */
Str handover_open_words(struct arena *arena, const struct value *hours, Instant now);
/* The materials that have not been compared with their originals before: [{i, n, title, name,
 * ticked, note}]. */
struct value *handover_checks_show(struct call *call, const struct seen *seen,
                                   const struct value *originals);

#endif

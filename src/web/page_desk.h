/* web/page_desk.h - what waits for a post, counted: for the first page and the tabs of its lists.
 */
#ifndef WEB_PAGE_DESK_H
#define WEB_PAGE_DESK_H

#include "web/app.h"

enum { DESK_COUNT_MAX = 999, DESK_SOON_DAYS = 3 };

struct desk {
    int64_t todo; /* all three at most DESK_COUNT_MAX + 1, which is shown as 999+ */
    int64_t soon; /* due within three days, not yet over */
    int64_t over;
};

enum status desk_count(struct call *call, struct desk *out);
/* "38", "999+"; NULL value for none. */
struct value *desk_text(struct arena *arena, int64_t count);

/* Place of a matter in what waits for the caller's post: 1 for the first, 0 when it does not wait
 * for him; *next is the matter behind it, else the first other one, 0 when there is none. */
enum status desk_place(struct call *call, Id matter, int64_t *place, Id *next);

#endif

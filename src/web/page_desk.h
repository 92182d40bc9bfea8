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
    int64_t mine; /* of todo: assigned to the caller, or to whom he stands in for */
};

enum status desk_count(struct call *call, struct desk *out);
/* "38", "999+"; NULL value for none. */
struct value *desk_text(struct arena *arena, int64_t count);

/* Where a matter stands in what waits for the caller's post. A reviewer goes from one of his own to
 * the next of his own, from another to the next of all. */
struct desk_place {
    int64_t number; /* 1 for the first, 0 when it does not wait for him */
    Id next;        /* the one behind it, else the first other one; 0: there is none */
    bool mine;      /* counted among his own */
};

enum status desk_place(struct call *call, Id matter, struct desk_place *out);

#endif

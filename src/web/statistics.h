/* web/statistics.h - what is asked of the figures of cross-domain service, and the links to the
 * requests behind them.
 */
#ifndef WEB_STATISTICS_H
#define WEB_STATISTICS_H

#include "record/statistics.h"
#include "web/area.h"

enum { STATISTICS_DAYS = 30, STATISTICS_DAYS_MAX = 3660 };

struct statistics_asked {
    struct statistics_filter filter;
    Str by;
    bool by_collaborator; /* the caller's area is that of the collaborating court */
};

/* The query: by from to province court collaborator collaborator_province service kind side
 * measure, within the caller's area. Days are inclusive; without them the last thirty. E_DENIED for
 * another area, E_INPUT for what cannot be read. */
enum status statistics_ask(struct call *call, struct statistics_asked *out);
/* The list of a number: this filter, narrowed to the row of `key`, with a measure. */
Str statistics_href(struct call *call, const struct statistics_asked *asked, Str key,
                    const char *measure);
/* The same question at another path. */
Str statistics_href_at(struct call *call, const char *path, const struct statistics_asked *asked,
                       Str key, const char *measure);
/* What a key is called: a court's name, 3月2日, 北京市 → 上海市. */
Str statistics_title(struct call *call, Str by, Str key);
const char *statistics_measure_title(Str measure);

#endif

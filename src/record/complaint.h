/* record/complaint.h - complaints about cross-domain service: counted beside its figures, listed
 * behind the number. A complaint about anything else, or about nothing that is here, is not one.
 *
 * (1) A complaint belongs to the court it is about and to the day, in Beijing, on which it arrived.
 * It has no collaborating court, service, kind or measure: a filter that names one picks none. (2)
 * Counting and listing have the same condition.
 */
#ifndef RECORD_COMPLAINT_H
#define RECORD_COMPLAINT_H

#include "record/statistics.h"

/* By "court" or "province": place is its key, day DATE_NONE. By "day", "week" or "month": place is
 * "", one for each day. By "": one. By anything else they have no place among the rows: place "-".
 */
struct complaint_place {
    Str place;
    Date day;
    int64_t count;
};

enum status complaint_places(struct cx *cx, struct sql *sql, const struct statistics_filter *filter,
                             Str by, struct complaint_place **out, uint32_t *count);

struct complaint {
    Id matter;
    Str title, court, state;
    int64_t version; /* of its procedure */
    Instant arrived, updated;
};

/* Newest first, behind (before, before_matter), 0 and 0 for the first; *total counts all. */
enum status complaint_list(struct cx *cx, struct sql *sql, const struct statistics_filter *filter,
                           Instant before, Id before_matter, uint32_t limit, struct complaint **out,
                           uint32_t *count, int64_t *total);

#endif

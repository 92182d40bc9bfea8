/* record/drill.h - rounds of drills and what came of them.
 *
 * Figures are queries over `handover` by the round's number. (1) A unit takes part when it has
 * answered a request or delivered an outcome. (2) A request is passed when it was answered within
 * 30 working minutes and its outcome was delivered: that counts for both of its courts.
 */
#ifndef RECORD_DRILL_H
#define RECORD_DRILL_H

#include "base/date.h"
#include "record/script.h"

struct drill {
    Id matter;
    Str court, province; /* that holds it; "" for the whole country */
    int64_t total, made;
    Str title, state; /* of the matter; read only */
    Instant arranged; /* of its first act */
    Instant starts;   /* planned; 0: at once */
};

void drill_write(struct script *script, const struct drill *drill);
enum status drill_find(struct cx *cx, struct sql *sql, Id matter, struct drill **out);
/* Those held by a court, or by any when court is ""; newest first. */
enum status drill_list(struct cx *cx, struct sql *sql, Str court, uint32_t limit,
                       struct drill **out, uint32_t *count);
/* Moves the cursor on inside the transaction that makes the requests: E_AGAIN "stale" unless it is
 * where the caller saw it. */
enum status drill_move(struct cx *cx, struct sql *sql, Id matter, int64_t from, int64_t to);

struct drill_tally {
    Str court, province;
    int64_t handed, delivered; /* as the collaborating court */
    int64_t received, answered;
    int64_t passed; /* of handed and received */
};

/* By court; of one province, or of all when it is "". */
enum status drill_tallies(struct cx *cx, struct sql *sql, Id matter, Str province,
                          struct drill_tally **out, uint32_t *count);

#endif

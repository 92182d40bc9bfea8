/* flow/shelf.h - the matters that were shown last, decoded and opened.
 *
 * A matter that is looked at is looked at again: by its people, by the court, page after page. Its
 * rows are decoded and its sealed values opened once; after that, showing it costs a look at its
 * stamp (record/matter.h), at what is typed towards it, and at those rows that may change while the
 * stamp stays.
 * (1) What is shown is what a read of all rows would show: the stamp is read in the same snapshot,
 *     and who may see it is asked each time. Any number of programs may share the database.
 * (2) For showing only: acts read for themselves. A draft is kept as long as its form was not
 *     renewed since it was begun: what a renewal tells stands in rows that its stamp does not
 *     count.
 * (3) What seen->clear and the rows of seen->matter point to belongs to all readers: it is never
 *     changed, and is good until the caller's arena is reset.
 * (4) Bounded: SHELF_MATTERS matters of at most SHELF_BYTES_MAX each. Any number of threads.
 */
#ifndef FLOW_SHELF_H
#define FLOW_SHELF_H

#include "flow/act.h"

enum { SHELF_MATTERS = 256, SHELF_BYTES_MAX = 48 * 1024 };

struct shelf;

struct shelf *shelf_open(void);
/* Nobody reads any more. NULL is fine. */
void shelf_close(struct shelf *shelf);

/* matter_see() for showing; from house->shelf, where there is one. */
enum status shelf_see(struct cx *cx, const struct house *house, struct sql *sql,
                      const struct actor *actor, Id matter, struct seen *out);
/* The same behind an act of this program, for the request that took it: what the change made of the
 * matter is what the rows hold, as long as they bear its stamp; read it need not be. Nothing is
 * kept. Else shelf_see(). */
enum status shelf_see_after(struct cx *cx, const struct house *house, struct sql *sql,
                            const struct actor *actor, const struct change *change,
                            struct seen *out);
/* The latest events of a matter that was seen, as event_view() shows them without their hash, at
 * most `count`, newest first; *more: there are older ones. Kept beside the matter while that is
 * kept: events of a matter are never changed, and its stamp counts them. (3) holds for them. */
enum status shelf_story(struct cx *cx, const struct house *house, struct sql *sql,
                        const struct seen *seen, uint32_t count, const struct value **events,
                        bool *more);
uint32_t shelf_count(struct shelf *shelf); /* matters kept */

#endif

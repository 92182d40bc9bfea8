/* record/follow.h - the code on receipts that shows how far a matter is, and nothing else.
 *
 * (1) It shows state, clocks and who has to do something: no names, no papers. (2) Its owner
 * replaces it by a new one at any time; the old one is then unknown.
 */
#ifndef RECORD_FOLLOW_H
#define RECORD_FOLLOW_H

#include "record/matter.h"

/* *out NULL when no matter that a court has received has this code. */
enum status follow_find(struct cx *cx, struct sql *sql, Str code, struct matter **out);
/* A new code, written by the script. */
Str follow_renew(struct arena *arena, struct script *script, Id matter);

#endif

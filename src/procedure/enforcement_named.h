/* procedure/enforcement_named.h - the enforcement case that an application within enforcement
 * names.
 *
 * Objections, reconsiderations and requests are matters of their own: whoever makes one need not be
 * a party of the enforcement case, nor learn whether it is here. (1) A number that a person writes
 * links nothing. Only when the court takes the application in does the case, where it is in this
 * database, know of it: a link both ways, an event, a notice to its judge and its parties. (2) The
 * number of that case is the one that the court enters; where it enters none, nothing is linked,
 * whatever was written.
 */
#ifndef PROCEDURE_ENFORCEMENT_NAMED_H
#define PROCEDURE_ENFORCEMENT_NAMED_H

#include "flow/plan.h"
#include "law/case_number.h"

/* The number as it was entered by the court or written by the applicant, in its canonical form; ""
 * where none is said, or none that can be read. */
Str enforcement_named(struct arena *arena, const struct value *values);
/* As the court entered it alone; "" where it has not. */
Str enforcement_entered(struct arena *arena, const struct value *values);
/* What is asked for: 执行异议, 参与分配; 执行审查 where nothing says it. */
const char *enforcement_application(const struct change *change);
/* The change of the enforcement case of that number ("": none), told by `act` and `title` and with
 * notices to its judge and parties; *out NULL where it is not here. Once in a plan. Reads: never
 * from number_got(). */
enum status enforcement_hears(struct cx *cx, struct plan *plan, Str number, const char *act,
                              const char *title, struct change **out);
/* Both know of each other. */
void enforcement_link(struct arena *arena, struct matter *application, struct matter *enforcement);

#endif

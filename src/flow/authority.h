/* flow/authority.h - who may see and do what: one place, and its default is no.
 *
 * (1) A draft is seen by its owner, and by an assistant who prepares it for him: the owner alone
 * takes the act.
 * (2) A matter is seen by people attached to it (began it, redeemed its code, entered by the court)
 * and by staff holding a post at its court (or at the court its tribunal belongs to). admin sees
 * none, and neither does the keeper of a seal: he is shown the papers that wait for it or bear it
 * (`sealing`), and nothing else of the matter. One that was handed over is seen by the window of
 * the collaborating court, too, and, without a right to act, by the supervisors of the courts above
 * its own. (3) To everybody else it does not exist: 404.
 */
#ifndef FLOW_AUTHORITY_H
#define FLOW_AUTHORITY_H

#include "flow/plan.h"

bool authority_sees(const struct actor *actor, const struct matter *matter,
                    const struct procedure *procedure, const struct law_tables *tables);
/* What is linked: shown only to whom authority_sees() would show it as a matter (of its papers
 * nothing is known here, so the keeper of a seal is shown none). E_READ for values that cannot be
 * read. */
enum status authority_sees_link(struct cx *cx, const struct actor *actor,
                                const struct link_row *link, const struct procedure *procedure,
                                const struct law_tables *tables, bool *out);
/* May this actor take this kind of act in this matter, whatever its state? */
bool authority_may(const struct actor *actor, const struct matter *matter, const struct act *act,
                   const struct law_tables *tables);
bool authority_begins(const struct actor *actor, const struct procedure *procedure);
/* Sees sensitive values whole: the owner only, and who prepares his draft; under a post while it is
 * his draft. */
bool authority_sees_whole(const struct actor *actor, const struct matter *matter);
/* Staff of the matter's court, or the window that handed it over: sees what is marked for staff. */
bool authority_is_staff(const struct actor *actor, const struct matter *matter,
                        const struct law_tables *tables);
/* Staff of the matter's court itself. */
bool authority_is_of_court(const struct actor *actor, const struct matter *matter,
                           const struct law_tables *tables);
/* The window that handed it over, and gives the person what comes of it: also his follow code. */
bool authority_collaborates(const struct actor *actor, const struct matter *matter);
/* Prepares this draft for its owner: types and uploads, takes no act. */
bool authority_assists(const struct actor *actor, const struct matter *matter);
/* Is this paper one for the seal that the actor keeps? */
bool authority_seals(const struct actor *actor, const struct paper *paper);
bool authority_attached(const struct actor *actor, const struct matter *matter, const char *role);

/* May whoever sees the matter have a material of this kind as a file? What is only shown sheet by
 * sheet is one for staff of the matter's own court alone. */
bool authority_gets(const struct actor *actor, const struct matter *m,
                    const struct procedure *procedure, Str kind, const struct law_tables *tables);

#endif

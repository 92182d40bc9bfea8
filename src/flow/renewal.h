/* flow/renewal.h - a draft is brought along when its definition gets a new version.
 *
 * Drafts follow the newest version of their procedure. What was answered is carried over as the new
 * version declares (`former`, docs/procedure-language.md): moved, merged into another text, or
 * dropped for a reason; a choice that there is no longer is asked again. (1) Nothing is lost
 * unseen: what has no place in the new version is told with what was answered, until the owner says
 * that he has seen it or hands the matter in. (2) Reading writes nothing: a draft is brought along
 * each time it is looked at, and stays as it was in its row until it is saved. (3) What it was
 * before that save is kept as it stood, sealed, and goes with the draft. (4) A matter with events
 * is pinned to its version and is never touched here, nor what is typed towards its acts.
 */
#ifndef FLOW_RENEWAL_H
#define FLOW_RENEWAL_H

#include "flow/act.h"

/* Of an answer that has no longer its own place. */
struct renewal {
    struct value *values; /* as the newer version asks them */
    /* List of {"field","title","said","text","became","to","to_title","why"}: became is moved,
     * merged, dropped or asked-again; said and text (in words) null when nothing was answered. */
    struct value *removed;
};

/* Values of a draft from one version to a newer one of the same procedure, through all between. */
void renewal_carry(struct cx *cx, const struct procedures *procedures,
                   const struct law_tables *tables, const struct procedure *from,
                   const struct procedure *to, const struct value *values, struct renewal *out);
/* What the newer version asks of a draft that the older did not, and what it asks otherwise: lists
 * of {"field","title","required"} and {"field","title","was","how"}. values: as they are now. */
void renewal_compare(struct cx *cx, const struct law_tables *tables, const struct procedure *from,
                     const struct procedure *to, const struct value *values, struct value *added,
                     struct value *changed);

/* Of matter_see(): sets seen->clear, seen->renewal and seen->behind, and makes the matter's sealed
 * values and kinds of files those of the newest version, in memory. seen->procedure is the newest.
 */
enum status renewal_see(struct cx *cx, const struct house *house, struct sql *sql,
                        struct seen *seen);
/* The plan saves the draft at the newest version: keeps what it was before, unless what was said to
 * the form of that version (`asked`) is kept already, with what it was before in it. */
void renewal_keep(struct cx *cx, struct plan *plan, const struct seen *seen,
                  const struct procedure *asked);
/* The plan changes a file of the draft and no answer: its answers stay as they stood in its row. */
void renewal_leave(const struct seen *seen, struct change *change);
/* The draft is handed in, or its owner has seen what became of it: nothing more is kept, and files
 * of kinds that were dropped are taken out. Before plan_seal(). */
void renewal_settle(struct cx *cx, struct plan *plan, const struct seen *seen,
                    struct change *change);
/* A warning "form-renewed" before a draft is handed in that was not saved since answers of it lost
 * their place. */
void renewal_warn(struct cx *cx, const struct seen *seen);
/* What was said to the form of an older version (two devices), laid on the draft: *said becomes
 * what that means for the newest; what was said to questions that are gone is kept with the plan.
 */
enum status renewal_translate(struct cx *cx, const struct house *house, struct plan *plan,
                              const struct seen *seen, int64_t version, const struct value **said);
/* The owner has seen it. E_STATE "not-a-draft" for a matter with events. */
enum status renewal_seen(struct cx *cx, const struct house *house, const struct actor *actor,
                         Id matter, struct plan **out);

#endif

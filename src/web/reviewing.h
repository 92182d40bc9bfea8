/* web/reviewing.h - work divided among the reviewers of a court: who has what, who is away, how
 * much each has. record/reviewing.h has the rules.
 */
#ifndef WEB_REVIEWING_H
#define WEB_REVIEWING_H

#include "record/listing.h"
#include "record/reviewing.h"
#include "web/page_parts.h"

/* Is he one among whom, or by whom, work is divided: reviewer or leader? */
bool reviewing_is_for(const struct call *call);

struct reviewers {
    struct reviewer *all; /* of the caller's court; the last is nobody's */
    uint32_t count;
    bool automatic;
};

struct reviewing_look {
    Str court;
    Instant now;
    struct reviewers found;
    struct absence *absences; /* not over yet */
    uint32_t absence_count;
};

enum status reviewing_look_up(struct call *call, struct reviewing_look *out);
enum status reviewers_read(struct call *call, struct reviewers *out);
/* Whose work is the caller's now: his, and that of those he stands in for. */
enum status reviewing_own(struct call *call, Id out[REVIEWERS_MAX], uint32_t *count);
/* By id or log-in; "me" is the caller. NULL when he is no reviewer of this court. */
const struct reviewer *reviewing_said(const struct call *call, const struct reviewers *all,
                                      Str said);
bool reviewing_leads(const struct call *call);
/* E_DENIED for others. */
enum status reviewing_staff(struct call *call, bool leader);
enum status reviewing_audit(struct call *call, struct script *script, const char *what, Str subject,
                            const struct value *detail);
void reviewing_id_set(struct arena *arena, struct value *map, const char *key, Id id);
/* {"id","name"}; NULL for nobody. */
struct value *reviewer_ref(struct arena *arena, Id person, Str name);

/* Whose rows of a list are wanted: ?reviewer=me, none, or an id; false: everybody's. */
bool reviewing_filter(struct call *call, struct listing_query *query);
/* "reviewer" and "looked" of each row of what waits (API). */
enum status reviewing_rows_set(struct call *call, const struct listing *rows, uint32_t count,
                               struct value *list);

/* "reviewer", "also_here", "reviewers" to choose from, of a matter on the desk. */
void reviewing_set(struct call *call, const struct seen *seen, struct value *view);
/* E_WARN "warnings" when another should decide this and that was not accepted. */
enum status reviewing_check(struct call *call, Id matter, bool accept_all,
                            const struct value *accept);
/* After an act of staff was refused for the matter's state: says who has moved it, and when. */
void reviewing_moved(struct call *call, Id matter);
/* A statement that says that the caller has looked at it as it is now; *wanted: there is one. */
enum status reviewing_looked(struct call *call, const struct seen *seen, struct script *script,
                             bool *wanted);

#endif

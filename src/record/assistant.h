/* record/assistant.h - who prepares drafts for whom.
 *
 * Whoever files for others names the people who prepare for him: they begin drafts that are his,
 * type and upload, and ask for signatures. (1) A draft is its owner's: he alone signs, submits or
 * deletes it. (2) Of drafts begun by others, and of anything a court has, an assistant sees
 * nothing. (3) When it ends, drafts under way are closed to him at once. (4) He is one once he has
 * agreed. Until then the lawyer sees what he typed himself, whether or not there is such an
 * account; what was asked is kept for ASSISTANT_ASKED_MS.
 */
#ifndef RECORD_ASSISTANT_H
#define RECORD_ASSISTANT_H

#include "base/date.h"
#include "record/script.h"

enum { ASSISTANTS_MAX = 50 };

#define ASSISTANT_ASKED_MS (30 * DAY_MS)

struct assistant {
    Id lawyer;
    Id person;
    Str lawyer_name;
    Str person_name;
    Instant since;
};

/* Those who prepare for this person, and those for whom he prepares. */
enum status assistant_list(struct cx *cx, struct sql *sql, Id lawyer, struct assistant **out,
                           uint32_t *count);
enum status assistant_of(struct cx *cx, struct sql *sql, Id person, struct assistant **out,
                         uint32_t *count);

/* Asked, and not agreed yet: by this lawyer, or of this person. */
struct assistant_asked {
    Id id;
    Id lawyer;
    Str lawyer_name;
    Str login; /* as it was typed */
    Instant at;
};

enum status assistant_asked_by(struct cx *cx, struct sql *sql, Id lawyer, Instant now,
                               struct assistant_asked **out, uint32_t *count);
enum status assistant_asked_of(struct cx *cx, struct sql *sql, Id person, Instant now,
                               struct assistant_asked **out, uint32_t *count);
/* person: whose login it is; 0: nobody's, or of somebody who cannot be one. */
void assistant_ask(struct script *script, Id id, Id lawyer, Str login, Id person, Instant now);
/* Taken back by the lawyer, or declined by the person. */
void assistant_ask_end(struct script *script, Id id, Id who);
/* Inside a closure: the person agrees; *lawyer is 0 when nothing of this id was asked of him. */
enum status assistant_agree(struct cx *cx, struct sql *sql, Id id, Id person, Instant now,
                            Id *lawyer);
enum status assistant_holds(struct cx *cx, struct sql *sql, Id lawyer, Id person, bool *out);
/* Also takes the lawyer's drafts from his desk. */
void assistant_end(struct script *script, struct arena *arena, Id lawyer, Id person, Instant now);

#endif

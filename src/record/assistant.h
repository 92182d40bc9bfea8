/* record/assistant.h - who prepares drafts for whom.
 *
 * Whoever files for others names the people who prepare for him: they begin drafts that are his,
 * type and upload, and ask for signatures. (1) A draft is its owner's: he alone signs, submits or
 * deletes it. (2) Of drafts begun by others, and of anything a court has, an assistant sees
 * nothing. (3) When it ends, drafts under way are closed to him at once.
 */
#ifndef RECORD_ASSISTANT_H
#define RECORD_ASSISTANT_H

#include "base/date.h"
#include "record/script.h"

enum { ASSISTANTS_MAX = 50 };

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
enum status assistant_holds(struct cx *cx, struct sql *sql, Id lawyer, Id person, bool *out);
void assistant_add(struct script *script, Id lawyer, Id person, Instant now);
/* Also takes the lawyer's drafts from his desk. */
void assistant_end(struct script *script, struct arena *arena, Id lawyer, Id person, Instant now);

#endif

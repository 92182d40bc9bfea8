/* record/authorisation.h - for which organisations a person acts: what he says, and whether a
 * window has seen the papers. An organisation itself has no account: it acts by people.
 */
#ifndef RECORD_AUTHORISATION_H
#define RECORD_AUTHORISATION_H

#include "base/date.h"
#include "record/script.h"

struct authorisation {
    Id person;
    Str code; /* unified social credit code */
    Str name;
    Str capacity; /* legal-representative, authorised */
    Str verified; /* "", window */
    Id verified_by;
    Instant since;
};

/* Said again, or confirmed: replaces what stood for (person, code). */
void authorisation_write(struct script *script, const struct authorisation *authorisation);
void authorisation_end(struct script *script, Id person, Str code, Instant until);
/* Those that stand. */
enum status authorisation_list(struct cx *cx, struct sql *sql, Id person,
                               struct authorisation **out, uint32_t *count);

#endif

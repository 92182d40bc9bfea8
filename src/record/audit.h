/* record/audit.h - what an operator must be able to answer for: people verified, posts given,
 * tables loaded, keys revealed. Rows are added and never changed; they name nobody but by id.
 */
#ifndef RECORD_AUDIT_H
#define RECORD_AUDIT_H

#include "base/date.h"
#include "base/value.h"
#include "record/script.h"

struct audit {
    Id id;
    Instant at;
    Id person; /* who did it; 0: the program's command line */
    Str what;  /* verify-identity, give-post, … */
    Str subject;
    Str detail; /* JSON, without names and numbers of people */
};

void audit_write(struct script *script, const struct audit *audit);
/* The usual subject: a person. */
Str audit_subject(struct arena *arena, Id person);
/* Newest first, ids below `before` (0: from the newest). */
enum status audit_list(struct cx *cx, struct sql *sql, Id before, uint32_t limit,
                       struct audit **out, uint32_t *count);

/* The newest rows of these kinds (ends with NULL) among the last thousand: what a page of the
 * administrator shows of its own changes. */
enum status audit_recent(struct cx *cx, struct sql *sql, const char *const *whats, uint32_t limit,
                         struct audit **out, uint32_t *count);

#endif

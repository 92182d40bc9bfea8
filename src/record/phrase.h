/* record/phrase.h - saved phrases for corrections and returns: a reviewer's own, and those of his
 * court. The most used stand first. (1) The same text stands once for its owner, act and item.
 */
#ifndef RECORD_PHRASE_H
#define RECORD_PHRASE_H

#include "base/date.h"
#include "record/script.h"

enum { PHRASE_CHARS_MAX = 500, PHRASES_MAX = 200 };

struct phrase {
    Id id;
    Str court;
    Id person; /* 0: of the whole court */
    Str act;
    Str item; /* "" for any */
    Str text;
    int64_t used;
    Instant updated;
};

/* Those of the court and the person's own at it, act "" for any, most used first, at most
 * PHRASES_MAX. */
enum status phrase_list(struct cx *cx, struct sql *sql, Str court, Id person, Str act,
                        struct phrase **out, uint32_t *count);
/* *out NULL when there is none. */
enum status phrase_find(struct cx *cx, struct sql *sql, Id id, struct phrase **out);
void phrase_write(struct script *script,
                  const struct phrase *phrase); /* (1): a second one is none */
void phrase_drop(struct script *script, Id id);
void phrase_count(struct script *script, Id id); /* used once more */

#endif

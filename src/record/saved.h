/* record/saved.h - what a person fills in again and again, kept for him alone.
 *
 * (1) The values are sealed under the person's key; of nobody's name or number a row shows
 * anything. (2) The same party saved again replaces what was kept: `mark` is a keyed hash of what
 * makes it the same. (3) At most SAVED_MAX for one person.
 */
#ifndef RECORD_SAVED_H
#define RECORD_SAVED_H

#include "base/date.h"
#include "base/value.h"
#include "record/script.h"
#include "seal/keys.h"

enum { SAVED_MAX = 500 };

struct saved {
    Id id;
    Id person;
    Str kind;
    Hash mark;
    Str sealed;
    Instant used;
};

/* Those of a person, used last first; kind "" for all. */
enum status saved_list(struct cx *cx, struct sql *sql, Id person, Str kind, struct saved **out,
                       uint32_t *count);
/* *out NULL when it is not this person's. */
enum status saved_find(struct cx *cx, struct sql *sql, Id person, Id id, struct saved **out);

/* The mark of a value of that kind: what the person calls the same (name and number). */
Hash saved_mark(struct cx *cx, struct keys *keys, Str kind, const struct value *value);
enum status saved_seal(struct cx *cx, struct keys *keys, Str wrapped_key, const struct value *value,
                       Str *out);
enum status saved_open(struct cx *cx, struct keys *keys, Str wrapped_key, Str sealed,
                       struct value **out);

/* A new row, or in place of the one with the same mark. */
void saved_write(struct script *script, struct arena *arena, const struct saved *saved);
/* Another value, and so perhaps another mark; what had that mark goes. */
void saved_change(struct script *script, struct arena *arena, const struct saved *saved);
void saved_use(struct script *script, Id person, Id id, Instant now);
void saved_drop(struct script *script, Id person, Id id);

#endif

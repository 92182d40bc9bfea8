/* record/upload.h - resumable uploads that have not become a material yet.
 *
 * (1) The row is the announcement; how much has arrived is known by the file beside the database
 *     until the bytes are a blob: then sm3 is set and the file is gone.
 * (2) An upload belongs to one person; nobody else learns that it exists. (3) updated is machine
 *     time: an upload untouched for UPLOAD_LIFE_MS is expired.
 * (4) A page that waits to be joined with others is held by the job that will: it cannot be used
 *     again, its bytes are not swept, and it is free again when the job refuses.
 */
#ifndef RECORD_UPLOAD_H
#define RECORD_UPLOAD_H

#include "base/date.h"
#include "record/script.h"
#include "seal/hash.h"

#define UPLOAD_LIFE_MS (7 * DAY_MS) /* as in jobs/lapse.h */

struct upload {
    Str id; /* random, unguessable; letters and digits only */
    Id person;
    Str name;
    int64_t length;
    int64_t received; /* synced to disk */
    Hash sm3;         /* zero: not a blob yet */
    Instant updated;
    /* The program's time, not the machine's: announced, and all there (0: not yet). */
    Instant began, arrived;
};

/* *out NULL when there is none of this person, or it is held. */
enum status upload_find(struct cx *cx, struct sql *sql, Str id, Id person, struct upload **out);
void upload_write_new(struct script *script, const struct upload *upload);
/* received, sm3, updated and arrived. */
void upload_write(struct script *script, const struct upload *upload);
void upload_remove(struct script *script, Str id);
/* Holds a whole upload for a job; then gives all it holds free, or away with them. */
void upload_hold(struct script *script, Str id, Id job, Instant now);
void upload_free_held(struct script *script, Id job, Instant now);
void upload_remove_held(struct script *script, Id job);
/* How many a person has open and how much they announce. */
enum status upload_sum(struct cx *cx, struct sql *sql, Id person, int64_t *count, int64_t *bytes);

#endif

/* record/roster.h - people and posts as an administrator goes through them, and jobs that were
 * given up. Nothing here shows an identity number, a phone or a matter.
 */
#ifndef RECORD_ROSTER_H
#define RECORD_ROSTER_H

#include "record/person.h"

struct roster_query {
    Str q;    /* part of a name or the beginning of a login; "" for all */
    Id after; /* id of the last row seen; 0 for the first page */
    uint32_t limit;
};

/* By id; of the people only what is not sealed. */
enum status roster_people(struct cx *cx, struct sql *sql, const struct roster_query *query,
                          struct person **out, uint32_t *count);

struct held_post {
    Id person;
    Str name;
    Str login;
    Str post;
    Str court;
    Instant since;
};

/* Posts that are held, by person; person 0: everybody's, after `query->after`. */
enum status roster_posts(struct cx *cx, struct sql *sql, const struct roster_query *query,
                         Id person, struct held_post **out, uint32_t *count);

void person_disable(struct script *script, Id person, bool disabled);
void person_password_set(struct script *script, Id person, Str hash);

struct parked_job {
    Id id;
    Str kind;
    int64_t attempts;
    Instant due;
    Str last_error;
};

enum status parked_jobs(struct cx *cx, struct sql *sql, Id after, uint32_t limit,
                        struct parked_job **out, uint32_t *count);
/* Runs again from the start; nothing when it is not parked. */
void parked_job_retry(struct script *script, Id id, Instant machine_now);

#endif

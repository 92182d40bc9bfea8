/* record/roster.h - people and posts as an administrator goes through them. Nothing here shows an
 * identity number, a phone or a matter.
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

#endif

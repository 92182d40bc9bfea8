/* record/reviewing.h - work of a court divided among its reviewers: who has what, who is away and
 * who then does it, how much each has, who has looked at what.
 *
 * (1) An assignment says who should do it; it takes nobody's authority away. (2) While a person is
 * away, what is his is his substitute's as well, and the substitute of the substitute's, at most
 * REVIEWING_CHAIN far; nothing is written for it, and it ends with the absence. (3) Instants are
 * milliseconds, an absence holds from `starts` to `ends`, both included.
 */
#ifndef RECORD_REVIEWING_H
#define RECORD_REVIEWING_H

#include "base/date.h"
#include "record/script.h"

enum { REVIEWING_CHAIN = 5, REVIEWERS_MAX = 200, REVIEWING_AGES = 4 };

struct assignment {
    Id matter;
    Id person; /* 0: nobody's */
    Str name;
    Instant at;
};

/* out has `count` places; person 0 where a matter is nobody's. */
enum status assignment_find_all(struct cx *cx, struct sql *sql, const Id *matters, uint32_t count,
                                struct assignment *out);
/* by 0: the program. person 0: nobody's any more. */
void assignment_write(struct script *script, Id matter, Id person, Id by, Instant at);
/* Only where it is nobody's yet. */
void assignment_write_first(struct script *script, Id matter, Id person, Instant at);

struct absence {
    Id id;
    Str court;
    Id person;
    Id substitute;
    Instant starts;
    Instant ends;
    Str person_name;
    Str substitute_name;
};

/* Those of a court that have not ended, the next first. */
enum status absence_list(struct cx *cx, struct sql *sql, Str court, Instant now,
                         struct absence **out, uint32_t *count);
void absence_write(struct script *script, const struct absence *absence, Id by, Instant at);
void absence_cancel(struct script *script, Str court, Id id, Instant at);

/* One reviewer with what waits for him: waiting matters by the days since they arrived (to 2, to 4,
 * to 6, more), those due within three days, and those over. person 0: what is nobody's. */
struct reviewer {
    Id person;
    Str login;
    Str name;
    int64_t waiting;
    int64_t soon;
    int64_t over;
    int64_t ages[REVIEWING_AGES];
    Instant given; /* when he was given something last; 0: never */
    Id substitute; /* now; 0: he is there */
    Instant away_until;
};

/* Everybody who holds the post reviewer at the court, and a last row for what is nobody's. */
enum status reviewer_list(struct cx *cx, struct sql *sql, Str court, Instant now,
                          struct reviewer **out, uint32_t *count);
/* Who has least to do and is there; who got something longest ago among equals. NULL: nobody. */
const struct reviewer *reviewer_least(const struct reviewer *reviewers, uint32_t count);
/* Whose work is this person's now, by the absences of his court: himself, and those he stands in
 * for (2). */
uint32_t reviewer_stands_for(const struct absence *absences, uint32_t count, Id person, Instant now,
                             Id out[REVIEWERS_MAX]);

enum status review_automatic(struct cx *cx, struct sql *sql, Str court, bool *out);
void review_automatic_set(struct script *script, Str court, bool on, Id by, Instant at);

/* At which revision a person has last looked at it; -1: never. */
enum status looked_find(struct cx *cx, struct sql *sql, Id matter, Id person, int64_t *revision);
void looked_write(struct script *script, Id matter, Id person, int64_t revision, Instant at);

struct looker {
    Str name;
    Instant at;
};

/* Others who have looked since, the latest first. */
enum status looked_by_others(struct cx *cx, struct sql *sql, Id matter, Id person, Instant since,
                             struct looker **out, uint32_t *count);

#endif

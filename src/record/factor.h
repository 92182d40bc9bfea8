/* record/factor.h - the second factor of a log-in: codes by the clock (seal/totp.h) and ten codes
 * on paper for the day when the phone is lost.
 *
 * (1) A secret is in force from its confirmation by a first code. It lies sealed under the person's
 * key; the codes on paper lie as keyed hashes. (2) A code by the clock is taken once, and none
 * older than one that was taken; the claim is one statement, so that two log-ins at the same moment
 * do not both get in. (3) Wrong codes are counted as wrong passwords are (record/lockout.h), by
 * person: five are free, then each costs waiting. A code on paper, fifty bits, is taken even then:
 * nobody is locked out of his own account by others. All on machine time.
 */
#ifndef RECORD_FACTOR_H
#define RECORD_FACTOR_H

#include "record/person_secret.h"

enum { FACTOR_CODES = 10, FACTOR_CODE_CHARS = 10 };

struct factor {
    Str secret; /* base32; "" when there is none */
    Instant made;
    Instant confirmed; /* 0: not in force */
    int64_t step;
    int64_t codes_left; /* on paper, unused */
};

enum status factor_find(struct cx *cx, struct keys *keys, struct sql *sql,
                        const struct person *person, struct factor *out);
/* In force for this person? Without a key: for the log-in of many. */
enum status factor_holds(struct cx *cx, struct sql *sql, Id person, bool *out);

/* A secret in place of any before it; not in force. */
enum status factor_begin(struct cx *cx, struct keys *keys, struct script *script,
                         const struct person *person, Str secret, Instant machine_now);
/* In force from now on; step is that of the code that proved it. */
void factor_confirm(struct script *script, Id person, int64_t step, Instant machine_now);
/* FACTOR_CODES new codes on paper in place of those before; in the clear, to be shown once. */
void factor_codes_make(struct cx *cx, struct keys *keys, struct script *script, Id person,
                       Str codes[FACTOR_CODES]);
void factor_end(struct script *script, Id person);

enum factor_answer { FACTOR_TAKEN, FACTOR_WRONG, FACTOR_LOCKED };

struct factor_trial {
    const struct person *person;
    Str code; /* six digits, or one on paper: with or without its hyphen, in either case */
    Instant machine_now;
    enum factor_answer answer;
    int64_t wait_ms; /* FACTOR_LOCKED */
    bool on_paper;   /* FACTOR_TAKEN */
};

/* Reads and writes: never from inside a closure. */
enum status factor_try(struct cx *cx, struct store *store, struct keys *keys,
                       struct factor_trial *trial);

/* --- posts that want it --- */
/* The names of posts, of the setting "totp-posts"; a list in the arena. */
enum status factor_posts(struct cx *cx, struct sql *sql, Str **out, size_t *count);
/* Sets them, and ends the sessions under such a post of everybody who has no second factor. */
void factor_posts_set(struct arena *arena, struct script *script, const Str *posts, size_t count,
                      Instant machine_now);

#endif

/* record/demo.h - the people of a demonstration, who exist from their first log-in on.
 *
 * (1) Only called in demo mode. (2) All are invented: names from two short lists, resident ids of
 * one district whose sequence numbers begin with 9, phones of one unused block. (3) A login always
 * becomes the same person: everything but the id follows from its text.
 *
 * Logins: citizen-N, lawyer-N (N from 1 to 1,000,000), POST@COURTCODE, admin, admin@anything.
 */
#ifndef RECORD_DEMO_H
#define RECORD_DEMO_H

#include "law/tables.h"
#include "record/person.h"
#include "record/sequence.h"
#include "seal/keys.h"

#define DEMO_PASSWORD "tongsu-demo"

/* What a login says. */
struct demo_login {
    Str kind;       /* person, lawyer, staff */
    int64_t number; /* of a citizen or lawyer */
    Str post;       /* of staff */
    Str court;      /* "" for admin */
};

/* false when it is no demo login: unknown post, court or form. */
bool demo_login_read(struct arena *arena, const struct law_tables *tables, Str login,
                     struct demo_login *out);
bool demo_is_post(Str post); /* one that staff can hold at a court */

/* The person with everything but id and password. */
enum status demo_person(struct cx *cx, struct keys *keys, const struct demo_login *said, Str login,
                        Instant now, struct person *out);
/* Finds the person of the login, or makes it with its post. Never from inside a closure. */
enum status demo_person_ensure(struct cx *cx, struct store *store, struct keys *keys,
                               struct sequence *sequence, const struct demo_login *said, Str login,
                               Str password_hash, Instant now, struct person **out);

#endif

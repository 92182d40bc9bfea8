/* record/recovery.h - a log-in by code, a forgotten password, and another phone: codes that only
 * the phone knows.
 *
 * (1) Whoever asks gets a ticket, whether or not there is such an account; the code belongs to that
 * ticket. So nobody spoils the code of another by asking again or by guessing wrong: five tries and
 * ten minutes are those of a ticket, not of an account; what an account has of its own is the
 * length of its codes (record/code.h). (2) The old password and all sessions stay
 * until a right code has come back. (3) A new phone counts once a code sent to it has come back.
 * All on machine time.
 */
#ifndef RECORD_RECOVERY_H
#define RECORD_RECOVERY_H

#include "record/code.h"

/* What a ticket is for; one for the one is none for the other. */
enum recovery_aim { RECOVERY_PASSWORD, RECOVERY_LOGIN };

/* Adds the ticket and the job that sends its code. person NULL: nobody, or somebody without a
 * phone; both are written all the same, and the job ends without sending: whoever asks cannot tell
 * by how long it took. Rows older than a day are swept. Takes an id. */
enum status recovery_begin(struct cx *cx, struct store *store, struct keys *keys,
                           struct sequence *sequence, struct script *script,
                           const struct person *person, enum recovery_aim aim, Str ticket,
                           Instant machine_now);
/* *person is 0 unless the code is right. known: a code that is taken for every account (the
 * demo's), or "". Counts a try; never from inside a closure. */
enum status recovery_try(struct cx *cx, struct store *store, struct keys *keys,
                         enum recovery_aim aim, Str ticket, Str code, Str known,
                         Instant machine_now, Id *person);
/* The ticket has done its work. */
void recovery_end(struct script *script, struct arena *arena, enum recovery_aim aim, Str ticket);

/* Keeps the new phone (normal form) sealed and sends it a code. Takes an id. */
enum status phone_change_begin(struct cx *cx, struct store *store, struct keys *keys,
                               struct sequence *sequence, struct script *script,
                               const struct person *person, Str phone, Instant machine_now);
/* The new phone that waits for its code, sealed under the person's key; "" when none does. */
enum status phone_change_find(struct cx *cx, struct sql *sql, Id person, Instant machine_now,
                              Str *phone_sealed);
/* *phone is "" unless the code is right and of the last ten minutes. Counts a try; never from
 * inside a closure. */
enum status phone_change_try(struct cx *cx, struct store *store, struct keys *keys,
                             const struct person *person, Str code, Str known, Instant machine_now,
                             Str *phone);
void phone_change_end(struct script *script, Id person);

#endif

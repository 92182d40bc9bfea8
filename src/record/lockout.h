/* record/lockout.h - wrong passwords: each costs more waiting, none locks for ever.
 *
 * (1) Five failures are free; the fifth closes the login for a minute, each further one for twice
 * as long, at most 15 minutes. While it is closed nothing is checked and nothing counted. (2) A
 * right password clears the count. Failures older than a day are forgotten. (3) Logins that do not
 * exist are counted alike, so that the lock tells nothing. (4) The owner has two ways past a
 * lock that others made: a device that logged in before (web/session.c) and a code to the phone.
 * All on machine time.
 */
#ifndef RECORD_LOCKOUT_H
#define RECORD_LOCKOUT_H

#include "base/date.h"
#include "record/script.h"
#include "seal/keys.h"
#include "store/store.h"

struct lockout {
    int64_t failures;
    Instant last;
};

/* How long the login is still closed; 0 when it is open. */
int64_t lockout_wait_ms(const struct lockout *lockout, Instant machine_now);

/* Under what a login is counted. */
Hash lockout_key(struct keys *keys, Str login);
enum status lockout_find(struct cx *cx, struct sql *sql, Hash key, struct lockout *out);
/* Inside a closure. */
enum status lockout_add(struct cx *cx, struct sql *sql, Hash key, Instant machine_now);
enum status lockout_clear(struct cx *cx, struct sql *sql, Hash key);
/* The same as a statement of a script. */
void lockout_forget(struct script *script, struct arena *arena, Hash key);

#endif

/* record/signing.h - signatures asked for from afar: a row for each request to one signatory.
 *
 * (1) The code in the link is known here by its hash alone; in the clear it stands only inside
 * `sealed`, under the matter's key, so that the one who asked can show it again. (2) A request
 * leaves `waiting` once, and for good: whoever comes second finds it signed, refused or withdrawn.
 * (3) A try to prove who one is is counted before anything is compared (record/code.h). (4) Codes
 * live on machine time, links on the program's.
 */
#ifndef RECORD_SIGNING_H
#define RECORD_SIGNING_H

#include "base/date.h"
#include "base/value.h"
#include "record/script.h"
#include "seal/keys.h"

enum { SIGNING_TRIES_MAX = 5 };

struct signing {
    Id id;
    Id matter;
    Str act;
    Str place;
    Str name;
    Str capacity;
    Id person;
    Str person_name;
    Instant asked;
    Instant expires;
    Hash token;
    Str sealed;
    int64_t tries;
    Str confirmed;
    Id job;
    Instant reminded;
    int64_t reminders;
    Str state;
    Instant done; /* 0: waits */
    Str digest;
    Str said;
    Str message; /* of the last message: "" gone out or none, waiting, parked; not written */
};

/* What `sealed` holds. "" where it is not known. */
struct signing_secret {
    Str code;     /* of the link */
    Str phone;    /* a mobile */
    Str identity; /* number of his papers */
};

/* Those of a matter that count: neither withdrawn nor filed already; oldest first. */
enum status signing_list(struct cx *cx, struct sql *sql, Id matter, struct signing **out,
                         uint32_t *count);
/* By the code of a link; *out NULL when there is none. */
enum status signing_find(struct cx *cx, struct sql *sql, Str code, struct signing **out);

enum status signing_secret_seal(struct cx *cx, struct keys *keys, Str wrapped_key,
                                const struct signing_secret *secret, Str *out);
enum status signing_secret_open(struct cx *cx, struct keys *keys, Str wrapped_key, Str sealed,
                                struct signing_secret *out);
/* What was said: {"method","name","png"} or {"reason"}. */
enum status signing_said_seal(struct cx *cx, struct keys *keys, Str wrapped_key,
                              const struct value *said, Str *out);
enum status signing_said_open(struct cx *cx, struct keys *keys, Str wrapped_key, Str sealed,
                              struct value **out);

/* --- statements --- */
void signing_write_new(struct script *script, struct arena *arena, const struct signing *signing);
/* Another message with the same link went out by `job`. */
void signing_remind(struct script *script, Id id, Id job, Instant now);
/* Not asked for any more. Also of what was refused, or signed under a text that has changed. */
void signing_withdraw(struct script *script, Id id, Instant now);
/* The act was taken with the signatures that it waited for: a later one asks anew. */
void signing_file(struct script *script, Id matter, Str act);
/* A job of kind "message" (record/code.h) to the signatory's phone. */
enum status signing_message_write(struct cx *cx, struct keys *keys, struct script *script, Id job,
                                  const struct signing *signing, Str wrapped_key, Str text,
                                  Instant machine_now);
/* Phone and text of such a job's payload, for message_open(); *to is "" when the request is gone.
 */
enum status signing_message_open(struct cx *cx, struct keys *keys, struct sql *sql,
                                 const struct value *payload, Str *to, Str *text);
/* A code of six digits for the signatory, and its row; five tries, ten minutes. */
Str signing_code_make(struct cx *cx, struct keys *keys, struct script *script, Id id,
                      Instant machine_now);

/* --- what happens once: each is a closure's own statement --- */
/* Counts a try. false: none is left, or nothing waits any more. */
enum status signing_try(struct cx *cx, struct sql *sql, Id id, bool *left);
/* He proved who he is, and how. */
enum status signing_confirm(struct cx *cx, struct sql *sql, Id id, const char *how);
enum status signing_code_holds(struct cx *cx, struct sql *sql, struct keys *keys, Id id, Str code,
                               Instant machine_now, bool *ok);
/* From waiting to what settled says (state, done, digest, said), while the matter stands at
 * `revision`. *settled false: it was not waiting any more, had run out, or the matter has moved. */
enum status signing_settle(struct cx *cx, struct sql *sql, const struct signing *settled,
                           int64_t revision, bool *done);

#endif

/* record/email.h - a person's e-mail: used once a code that was sent to it has come back.
 *
 * (1) What is confirmed is one address: person.email counts as confirmed while it is still that
 * one, so whoever changes it, by whatever way, has to confirm anew. (2) The code is like that for a
 * phone (record/recovery.h): ten minutes, five tries, counted for the account. (3) Mail carries
 * news and these codes; codes to log in, to sign and for a forgotten password go to the phone
 * alone. All on machine time.
 */
#ifndef RECORD_EMAIL_H
#define RECORD_EMAIL_H

#include "record/code.h"

struct email_state {
    bool confirmed;
    bool waiting; /* a code is good */
};

/* Of the address the person has now. */
enum status email_find(struct cx *cx, struct sql *sql, const struct person *person,
                       Instant machine_now, struct email_state *out);
/* Makes a code and the job that mails it to person->email, which is then not confirmed. Takes an
 * id: never from inside a closure. */
enum status email_code_send(struct cx *cx, struct store *store, struct keys *keys,
                            struct sequence *sequence, struct script *script,
                            const struct person *person, Instant machine_now);
/* *ok when the code is right and of the last ten minutes: then the address is confirmed. known: a
 * code that is taken for every account (the demo's), or "". Counts a try; never from inside a
 * closure. */
enum status email_try(struct cx *cx, struct store *store, struct keys *keys,
                      const struct person *person, Str code, Str known, Instant machine_now,
                      bool *ok);

/* A job row of kind "message" that goes by mail: {"way":"mail","person":"ID","to":SEALED,
 * "text":SEALED,"subject","path"}. */
enum status mail_write(struct cx *cx, struct keys *keys, struct script *script, Id job,
                       const struct person *person, Str to, Str subject, Str text, Str path,
                       Instant machine_now);

/* What a mail has beside address and text. */
struct mail_head {
    Str subject;
    Str path; /* of the page it leads to */
};

/* Does the payload go by mail? Then *out is filled. */
bool mail_head_read(const struct value *payload, struct mail_head *out);

#endif

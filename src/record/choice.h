/* record/choice.h - which news of their matters people also want as a short message or by mail.
 *
 * (1) News stand in the page for everybody and cannot be turned off there: by them the court tells
 * what the law has it tell. Codes and words about the safety of an account always go to the phone.
 * (2) What may be chosen: reminders of periods (remind), and what happens in a matter (progress).
 * Without a choice neither is sent. (3) The message is a job of kind "message" with the id of its
 * notice, written in the act's own transaction; it goes to the phone that the person has when it is
 * sent, names no party, and is tried again and given up like every other. (4) The mail is another
 * such job, so that neither way waits for the other: its id is that of the notice with the highest
 * bit of the sequence set, which no sequence reaches (record/sequence.h). It goes to the address
 * that is confirmed when it is sent (record/email.h), and to none if it is not.
 */
#ifndef RECORD_CHOICE_H
#define RECORD_CHOICE_H

#include "base/json.h"
#include "record/person_secret.h"

struct choice {
    struct ways {
        bool sms, mail;
    } remind, progress;
};

enum status choice_find(struct cx *cx, struct sql *sql, Id person, struct choice *out);
void choice_write(struct script *script, struct arena *arena, Id person,
                  const struct choice *choice);
/* The messages for the notices first_id to last_id, which stand before it in the script. */
void choice_messages(struct script *script, Id first_id, Id last_id);
/* Phone (or e-mail) and text of such a message; *to is "" when the person is gone or has no phone
 * (no confirmed e-mail). */
enum status choice_message_open(struct cx *cx, struct keys *keys, struct sql *sql, Id notice,
                                bool by_mail, Str *to, Str *text);

#endif

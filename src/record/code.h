/* record/code.h - digits sent to a person's phone, to prove that it is in his hand.
 *
 * (1) One code per person and purpose: a new one replaces the old. It is good for ten minutes and
 * five tries, whichever ends first; kept as a keyed hash. (2) A code for logging in or for a
 * phone works once. A code for signing stays good for its ten minutes, so that a form sent again
 * after a correction, or a repeated request, needs no second message. (3) A try is counted in the
 * database before the code is compared, so that tries at the same moment do not slip through.
 * (4) New codes are cheap to ask for, so wrong ones are counted for the account, too, whatever they
 * were for: after CODE_WRONG_MAX without a right one its codes have ten digits until a day has
 * passed without a wrong one. So a million codes cannot be tried in days, and yet nobody is locked
 * out by what others type: the owner types four digits more. All on machine time.
 */
#ifndef RECORD_CODE_H
#define RECORD_CODE_H

#include "record/person_secret.h"
#include "record/sequence.h"

/* What the demo takes for every code. */
#define DEMO_CODE "000000"

enum { CODE_DIGITS = 6, CODE_DIGITS_LONG = 10, CODE_WRONG_MAX = 20 };

/* How many digits a code for the account (0: nobody's) has now. Reads: never from inside a closure.
 */
enum status code_digits(struct cx *cx, struct store *store, struct keys *keys, Id person,
                        Instant machine_now, int *out);
/* Inside a closure, once a try has been compared: a right one forgets the wrong ones. */
enum status code_tried(struct cx *cx, struct sql *sql, struct keys *keys, Id person, bool ok,
                       Instant machine_now);

bool code_purpose_is(Str purpose); /* login, sign, phone */

/* Makes a code and the job that sends it to the person's phone; both are statements of `script`.
 * E_STATE "phone-missing" when the person has none. Takes an id: never from inside a closure. */
enum status code_send(struct cx *cx, struct store *store, struct keys *keys,
                      struct sequence *sequence, struct script *script, const struct person *person,
                      Str purpose, Instant machine_now);
/* Adds the code alone and answers it in the clear; for code_send() and tests. */
Str code_make(struct cx *cx, struct keys *keys, struct script *script, Id person, Str purpose,
              int digits, Instant machine_now);
/* Writes: never from inside a closure. */
enum status code_holds(struct cx *cx, struct store *store, struct keys *keys, Id person,
                       Str purpose, Str code, Instant machine_now, bool *ok);

/* --- the job that sends a text to a person --- */
/* A job row of kind "message": {"person":"ID","to":SEALED,"text":SEALED}, sealed under the person's
 * key, so that neither code nor phone lies open in the rows. It goes to the phone that the person
 * has now. E_STATE "phone-missing" without one. */
enum status message_write(struct cx *cx, struct keys *keys, struct script *script, Id job,
                          const struct person *person, Str text, Instant machine_now);
/* Phone and text of such a payload, or of one to a court's officer (record/contact.h) or to a
 * signatory (record/signing.h), or address and text of one that goes by mail (record/email.h); *to
 * is "" when the person is gone. */
enum status message_open(struct cx *cx, struct keys *keys, struct sql *sql, Str payload, Str *to,
                         Str *text);

#endif

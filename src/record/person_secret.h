/* record/person_secret.h - what of a person is sealed: identity number and phone.
 *
 * (1) Each person has a key of its own, wrapped by the master key in person.wrapped_key: destroying
 * it erases both. (2) The blind index is of the normal form of the number alone, the same index
 * that a party's identity has, so that the two can be compared. (3) Nobody but the owner and, by
 * mask, staff is shown what is opened here; callers see to it.
 */
#ifndef RECORD_PERSON_SECRET_H
#define RECORD_PERSON_SECRET_H

#include "record/person.h"
#include "seal/keys.h"

/* A fresh key for a new person. */
enum status person_key_make(struct cx *cx, struct keys *keys, struct person *person);
/* number is in its normal form (law/identifier.h); "" clears. The person has a key. */
enum status person_identity_set(struct cx *cx, struct keys *keys, struct person *person, Str type,
                                Str number);
enum status person_phone_set(struct cx *cx, struct keys *keys, struct person *person, Str phone);
/* "" when there is none. */
enum status person_identity_open(struct cx *cx, struct keys *keys, const struct person *person,
                                 Str *out);
enum status person_phone_open(struct cx *cx, struct keys *keys, const struct person *person,
                              Str *out);

#endif

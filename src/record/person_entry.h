/* record/person_entry.h - what is said of a person, read and checked: by himself at registration,
 * by a window, by an administrator, by an imported table.
 *
 * {"kind","name","login","identity":{"type","number"},"phone","email","licence","firm",
 *  "organisation":{"name","code","capacity"}}
 * (1) Every complaint is an entry under the failure (cx_error), at the field it is about; the
 * caller turns their number into one refusal. (2) What was read is in normal form.
 */
#ifndef RECORD_PERSON_ENTRY_H
#define RECORD_PERSON_ENTRY_H

#include "record/person_secret.h"

struct person_entry {
    Str kind; /* person, organisation, lawyer, staff */
    Str name;
    Str login;
    Str identity_type;
    Str identity_number;
    Str phone;
    Str email;
    Str licence;
    Str firm;
    Str organisation;
    Str organisation_code;
    Str capacity; /* legal-representative, authorised */
};

enum person_needs {
    NEEDS_NAME = 1,
    NEEDS_LOGIN = 2,
    NEEDS_IDENTITY = 4,
    NEEDS_PHONE = 8,
    NEEDS_PROFESSION = 16, /* a lawyer's certificate and firm, an organisation's name and code */
};

/* Returns how many complaints were recorded. today as for identifier_read(). */
uint32_t person_entry_read(struct cx *cx, const struct value *said, unsigned needs, Date today,
                           struct person_entry *out);
/* One identity alone: {"type","number"} or a text that means a resident id. */
uint32_t person_identity_read(struct cx *cx, const struct value *said, bool needed, Date today,
                              Str *type, Str *number);
/* Words of a login: letters, digits, . _ - and characters beyond ASCII; 2 to 60. Neither '@' nor a
 * name that the demo or the program gives away. */
bool login_is_free_form(Str login);
/* At least 8 characters, not all the same, not login, phone or name. Complains at `field`. */
uint32_t password_rules(struct cx *cx, const char *field, Str password,
                        const struct person_entry *entry);
/* Fills a person (that has its key) from what was read; leaves login, password, verification. */
enum status person_entry_apply(struct cx *cx, struct keys *keys, const struct person_entry *entry,
                               struct person *person);
/* A person with every text "" and not NULL. */
struct person person_blank(void);

#endif

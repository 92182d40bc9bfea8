/* web/identity_check.h - asking the register of residents about somebody, from the slow queue. */
#ifndef WEB_IDENTITY_CHECK_H
#define WEB_IDENTITY_CHECK_H

#include "record/person_entry.h"
#include "web/app.h"

enum verification {
    VERIFY_MATCH,
    VERIFY_MISMATCH, /* the name belongs to another number */
    VERIFY_UNKNOWN,  /* the register knows no such number */
    VERIFY_SILENT,   /* no answer: come again */
    VERIFY_WINDOW,   /* other papers, or no register: a window verifies */
};

const char *verification_name(enum verification verification);

/* Never fails because the register did not answer; *source is kept with a match. */
enum status identity_ask(struct call *call, Str name, Str type, Str number, enum verification *out,
                         const char **source);
/* The refusal that belongs to a mismatch, at field "identity". */
enum status identity_refuse(struct cx *cx);
void person_set_verified(struct person *person, const char *source, Instant at, Id by);

#endif

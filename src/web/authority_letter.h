/* web/authority_letter.h - the letter of authority (授权委托书) that a draft's parties sign. */
#ifndef WEB_AUTHORITY_LETTER_H
#define WEB_AUTHORITY_LETTER_H

#include "web/app.h"

struct seen;

/* A draft in which a party has an agent: there is a letter to print. */
bool authority_letter_is_wanted(struct call *call, const struct seen *seen);

#endif

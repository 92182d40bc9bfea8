/* web/code_login.h - coming in by a code to the phone, instead of a password.
 *
 * (1) The code belongs to the ticket of the browser that asked for it: what strangers ask for, or
 * guess, spoils nobody's code but their own (record/recovery.h). (2) A page keeps the ticket in a
 * cookie (sent to /session and below), a program sends it as `code_ticket`. (3) Nothing tells
 * whether there is such an account.
 */
#ifndef WEB_CODE_LOGIN_H
#define WEB_CODE_LOGIN_H

#include "web/app.h"

/* The ticket of a log-in by code; "": none was asked for here. */
Str code_login_ticket(struct call *call);
/* Is this the code of that ticket, for this person? Counts a try: on the slow queue. */
enum status code_login_holds(struct call *call, Id person, Str ticket, Str code, bool *ok);

#endif

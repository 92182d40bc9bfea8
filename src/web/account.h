/* web/account.h - what the handlers of accounts, windows and administrators share. */
#ifndef WEB_ACCOUNT_H
#define WEB_ACCOUNT_H

#include "web/app.h"

/* {"id","name","kind","login","identity_type","identity" (masked),"phone" (masked),"email",
 * "licence","firm","verified","verified_by","verified_at"} */
enum status person_masked(struct call *call, const struct person *person, struct value **out);
/* The caller's own account, as GET /me answers it. */
enum status me_view(struct call *call, struct value **out);
/* The end of a change of one's own account: GET /me, or its page again with what was refused. */
enum status account_changed(struct call *call);
/* One row of the audit about a person (0: about none), by whoever is calling. Takes an id. */
enum status account_audit(struct call *call, struct script *script, const char *what, Id person,
                          Str detail);
/* E_INPUT "fields" with one entry. */
enum status account_refuse(struct cx *cx, const char *field, const char *code, const char *title);
/* The current password of whoever changes his account: an open browser is not enough. Refused at
 * "password"; OK when he has none. About 21 ms: on the slow queue. */
enum status account_password_check(struct call *call, const struct person *person, Str password);

#endif

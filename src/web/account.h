/* web/account.h - what the handlers of accounts, windows and administrators share. */
#ifndef WEB_ACCOUNT_H
#define WEB_ACCOUNT_H

#include "web/app.h"

/* {"id","name","kind","login","identity_type","identity" (masked),"phone" (masked),"email",
 * "licence","firm","verified","verified_by","verified_at"} */
enum status person_masked(struct call *call, const struct person *person, struct value **out);
/* One row of the audit about a person (0: about none), by whoever is calling. Takes an id. */
enum status account_audit(struct call *call, struct script *script, const char *what, Id person,
                          Str detail);

#endif

/* web/certificate.h - certificates as pages and programs see them. */
#ifndef WEB_CERTIFICATE_H
#define WEB_CERTIFICATE_H

#include "record/certificate.h"
#include "web/app.h"

enum { CERTIFICATE_RENEW_DAYS = 30 }; /* before its end a person may have a new one */

/* {"serial","holder","name","scheme","since","until","standing","revoked","reason"} */
struct value *certificate_view(struct arena *arena, const struct certificate *certificate,
                               Instant now);
/* The one that the caller signs with now: SM2, good, ending last; *out NULL when he has none. */
enum status certificate_of_caller(struct call *call, struct certificate **out);

#endif

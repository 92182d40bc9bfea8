/* web/related.h - related matters as the court's reviewers see them.
 *
 * (1) Of a matter at another court only its number, court, cause and state are told, and which
 * parties of this matter it has in common; no name of others, no address. (2) Those who decide or
 * lead at the matter's court are told, nobody else.
 */
#ifndef WEB_RELATED_H
#define WEB_RELATED_H

#include "web/page_parts.h"

bool related_is_for(const struct call *call, const struct seen *seen);
/* {"related":[{kind, kind_title, court, case_number, cause, state_title, id, title, at,
 * same_amount, by_name}], "more", "claimants":[{party, name, filings, more, serial}]};
 * id, title and at are null by (1). */
enum status related_value(struct call *call, const struct seen *seen, struct value **out);

#endif

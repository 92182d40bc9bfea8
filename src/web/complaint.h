/* web/complaint.h - complaining about a court from the page of a matter, with an account or by a
 * follow code. It becomes a matter of procedure `filing-complaint` at the court complained about.
 *
 * (1) Of the request only its title goes along. (2) Who has no account is known by nothing; he gets
 * the follow code of his complaint and reads the answer there.
 */
#ifndef WEB_COMPLAINT_H
#define WEB_COMPLAINT_H

#include "web/app.h"

/* Who holds the follow code of this matter. */
struct actor complaint_follower(Id matter);
/* Not about a complaint itself, nor inner matters of courts. */
bool complaint_is_possible(const struct procedure *procedure);
/* The form about a matter that the caller has seen; code: its follow code when that is all he has,
 * else "". */
enum status complaint_page(struct call *call, const struct seen *seen, Str code);
/* {"about","text","phone"?,"court"?: "collaborator"}: answers the complaint, its follow code and
 * due day. E_INPUT "fields". */
enum status complaint_take(struct call *call, const struct seen *seen, Str code);

#endif

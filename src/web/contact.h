/* web/contact.h - whom to call at a court, as pages and the API show it.
 *
 * (1) Everybody sees a court, its hours, and its office phone if the court shows it; the rest is
 * for staff. (2) A court's own leader or supervisor, those of the court a tribunal belongs to, and
 * an administrator change it; only the first two verify. (3) Staff of another court say that they
 * did not reach it.
 */
#ifndef WEB_CONTACT_H
#define WEB_CONTACT_H

#include "record/contact.h"
#include "web/app.h"

/* The post is one of the court's own, or of the court that its tribunal belongs to. */
bool contact_is_own(const struct call *call, const struct court *court);
/* Leader or supervisor there. */
bool contact_is_kept_by(const struct call *call, const struct court *court);

/* For the desk of whoever keeps it: sets "contact_task" {title, action, href, verified} when the
 * court's contact is missing, was not verified for a month or not reached. Nothing for others, or
 * when it cannot be read. */
void contact_task_set(struct call *call, struct value *view);

/* {"court","office_phone"} for everybody, with officer, backup, mobiles for staff; null phone when
 * none is known. For pages about matters. */
enum status contact_view_of(struct call *call, Str court, struct value **out);

#endif

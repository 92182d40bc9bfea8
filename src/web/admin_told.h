/* web/admin_told.h - a second pair of eyes on what an administrator gives.
 *
 * He decides who comes in, so he could come in as anybody: he gives himself no post, and whatever
 * opens a court to somebody - a post, an account with one, a new password of who holds one - is
 * told at once to that court's leaders and to all administrators. Nothing of it can be taken back
 * without another row of the audit.
 */
#ifndef WEB_ADMIN_TOLD_H
#define WEB_ADMIN_TOLD_H

#include "record/script.h"
#include "web/app.h"

/* Notices about one post, as statements of script. what: "give-post" or "reset-password"; court: ""
 * for the post of an administrator. Takes ids: not from inside a closure. */
enum status admin_tell(struct call *call, struct script *script, const char *what, Str name,
                       Str post, Str court);
/* The same for every post that a person holds. */
enum status admin_tell_all(struct call *call, struct script *script, const char *what, Id person,
                           Str name);

#endif

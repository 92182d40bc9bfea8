/* web/keep.h - nothing that was typed is lost: a form that could not be taken now is sent again.
 *
 * When a form comes after the session has ended, the page to log in carries the whole form as one
 * hidden text (_typed) with the address it was for (_then); after the log-in a page offers to go on
 * with it, under the new session's token. The same page answers a form whose token is stale, when
 * the browser says that it came from a page of ours. (1) Forms beyond KEEP_BYTES_MAX, and files,
 * are not carried. (2) An address to go on to is a path of ours. (3) Passwords and tokens are never
 * carried; the page that goes on asks for a password again. (4) Staff go on under the post that
 * the session was under, if they still hold it.
 */
#ifndef WEB_KEEP_H
#define WEB_KEEP_H

#include "web/app.h"

enum { KEEP_BYTES_MAX = 512 * 1024 };

/* The path asked for, with its query. */
Str keep_path(struct call *call);
/* Fields of an urlencoded body as [{name, value}] without token and password; changed: also without
 * key and revision, for a form that will be sent with other contents. */
struct value *keep_fields(struct call *call, Str body, bool changed);
/* All values of one name in the form that was posted (doubled names keep their last in the tree).
 */
struct value *keep_all(struct call *call, const char *name);

/* Adds "kept" and "post_to" to the page of a failure, when sending the form again may help. */
void keep_offer(struct call *call, struct value *view);
/* The view of the log-in page for a form that nobody is logged in for; NULL when the request is no
 * form worth keeping. */
struct value *keep_login(struct call *call);
/* _typed and _then of a log-in that is shown once more. */
void keep_again(struct call *call, struct value *view);
/* A log-in has brought a form along: answers the page that goes on with it instead of going back.
 * false: it has not. */
bool keep_resume(struct call *call);
/* A stale token on a form of our own page: the same. */
bool keep_stale(struct call *call);

#endif

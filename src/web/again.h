/* web/again.h - small things that forms of accounts share: showing a form again, going back.
 */
#ifndef WEB_AGAIN_H
#define WEB_AGAIN_H

#include "web/app.h"
#include "web/pace.h"

/* After a refusal recorded in cx. A program gets the failure as it is (its status is returned); a
 * person gets `page` again with the refusal's HTTP status: view (what was typed) with "problem" and
 * "errors" added. */
enum status call_again(struct call *call, enum status status, const char *page, struct value *view);

/* A path of ours to go to after a form, ready for Location: "/" unless `path` begins with one slash
 * and holds no control byte or backslash; bytes beyond ASCII are percent-encoded. */
Str local_path(struct arena *arena, Str path);
/* Where the form or the address says to go back to: `back`, `to` or `next`. */
Str back_of(struct call *call);

/* E_DENIED "csrf" when a browser says that another site sent this. For forms that have no session's
 * token yet. */
enum status origin_check(struct call *call);

/* E_RATE "rate" with Retry-After when the bucket is empty. */
enum status pace_check(struct call *call, const struct pace *pace, Str who);
void retry_after(struct call *call, int64_t wait_s);

/* One more Set-Cookie. max_age_s: -1 until the browser is closed, 0 removes. */
void cookie_set(struct call *call, const char *name, Str text, const char *path, int64_t max_age_s);

#endif

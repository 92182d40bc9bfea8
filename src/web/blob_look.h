/* web/blob_look.h - the bytes of a file that a stranger sent, for as long as a helper looks at
 * them.
 */
#ifndef WEB_BLOB_LOOK_H
#define WEB_BLOB_LOOK_H

#include "web/app.h"

/* `look` has the bytes (up to 30 MB) in a context of their own; its failures become the call's.
 * E_INPUT "picture-unreadable" past what helpers take. Blocks: slow queue only. */
enum status blob_look(struct call *call, Hash sm3, int64_t size,
                      enum status (*look)(struct cx *own, struct call *call, Str bytes, void *arg),
                      void *arg);

#endif

/* web/tus.h - resumable uploads, tus 1.0: creation, termination, expiration.
 *
 * The bytes lie in DATA/uploads/ID until all have come; how many there are is the length of that
 * file, so that a cut connection and a killed program lose nothing that was written. Then they
 * become a blob.
 * (1) One writer per upload: who comes with the right offset takes over from a connection that is
 *     still open, which then fails; a phone that lost its network need not wait for a timeout.
 * (2) Uploads lie on one node until they are whole: behind several nodes a proxy must send a person
 *     to the same one.
 */
#ifndef WEB_TUS_H
#define WEB_TUS_H

#include "web/upload.h"

/* Accepts a piece: session and headers are checked, the file is locked and open at its end. With
 * *patch NULL and OK the body is to be overlooked: the protocol's version is not ours. */
enum status tus_patch_begin(struct call *call, Str id, struct patch **patch);
enum status tus_patch_bytes(struct cx *cx, struct patch *patch, const char *bytes, size_t size);
/* Unlocks and closes; what was written stays. Idempotent. */
void tus_patch_end(struct patch *patch);

/* An upload of this person; E_NOT_FOUND "not-found". received is the true one. */
enum status tus_find(struct call *call, Str id, struct upload **out);
/* Makes the blob of an upload that is whole and sets its sm3, unless that is done; the row is not
 * written. Blocks: slow queue only. E_STATE "upload-unfinished". */
enum status tus_keep(struct cx *cx, struct app *app, struct upload *upload);
/* Removes the file of an upload; the row is removed by the caller. */
void tus_file_remove(const struct app *app, Str id);
/* The same, in the shape in which housekeeping asks for it: app is the struct app. */
void tus_drop(void *app, Str id);

/* The value of a name in Upload-Metadata ("filename 5YCf5p2hLnBkZg==,x"), decoded; "" when absent
 * or not decodable. */
Str tus_metadata(struct arena *arena, Str header, const char *name);

#endif

/* web/file_send.h - the bytes of a material as an answer, with Range. */
#ifndef WEB_FILE_SEND_H
#define WEB_FILE_SEND_H

#include "record/matter.h"
#include "web/app.h"

/* For whom it may be is the caller's to know. E_STATE while it is checked or joined, or was found
 * unfit. */
enum status material_send(struct call *call, const struct material *material);

/* The material in the path /matters/{id}/materials/{n}…, for who may open it: E_NOT_FOUND, or
 * E_STATE when it was refused or is being checked for another. Its pages may wait to be joined. */
enum status material_asked(struct call *call, const struct material **out);
/* What is not yet or never found clean goes to nobody but who sent it in. E_STATE
 * "files-being-checked", "file-infected". */
enum status material_may_open(struct call *call, const struct material *material);
/* A blob as a file that the browser shows; type "application/pdf" or of a picture. */
enum status blob_send(struct call *call, Hash sm3, int64_t size, Str name, const char *type);

#endif

/* web/file_send.h - the bytes of a material as an answer, with Range. */
#ifndef WEB_FILE_SEND_H
#define WEB_FILE_SEND_H

#include "record/matter.h"
#include "web/app.h"

/* For whom it may be is the caller's to know. E_STATE while it is checked or joined, or was found
 * unfit. */
enum status material_send(struct call *call, const struct material *material);

#endif

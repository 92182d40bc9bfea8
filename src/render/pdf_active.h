/* render/pdf_active.h - what in a stranger's PDF acts by itself: scripts, programs to be started,
 * files inside.
 *
 * Read from the file's own words: its objects, and the packed ones (object streams). (1) It marks
 * and refuses nothing: an honest form has scripts, an invoice its data inside. Whoever hides on
 * purpose can hide from it; the scan for viruses is another matter. (2) Pages themselves and
 * whatever else is packed are passed over. Time is bounded by the number of bytes and
 * PDF_UNPACKED_ALL_MAX. Only inside a helper.
 */
#ifndef RENDER_PDF_ACTIVE_H
#define RENDER_PDF_ACTIVE_H

#include "base/text.h"

enum {
    PDF_UNPACKED_MAX = 1 << 20,      /* the beginning of one object stream */
    PDF_UNPACKED_ALL_MAX = 64 << 20, /* of all */
};

enum pdf_active {
    PDF_SCRIPT = 1, /* JavaScript */
    PDF_LAUNCH = 2, /* starts another program */
    PDF_FILES = 4,  /* carries other files */
};

/* A sum of the above. */
unsigned pdf_active(struct arena *arena, Str pdf);
/* As words with blanks between: "script files"; "" for none. */
Str pdf_active_words(struct arena *arena, unsigned active);

#endif

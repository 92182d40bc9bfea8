/* render/pdf.h - small changes to a PDF that cairo has just written. */
#ifndef RENDER_PDF_H
#define RENDER_PDF_H

#include "base/fail.h"

/* Adds the language, "tagged" and "show the title, not the file's name" to the catalogue, which
 * cairo 1.16 cannot, and moves the offsets of the cross-reference table behind it. Only for what
 * cairo wrote (one classic table, no updates). E_BUG "pdf-unexpected" when it looks otherwise. */
enum status pdf_set_language(struct cx *cx, Str pdf, const char *language, Str *out);

#endif

/* render/pdf.h - makes what cairo has just written a file for the archive: PDF/A-1b.
 *
 * ISO 19005-1: no transparency groups, a CIDSet for each font that was cut, an output intent with
 * its profile, XMP that says the same as the document information, an identifier in the trailer.
 * Beside these the language, "tagged" and "show the title, not the file's name", which cairo 1.16
 * cannot say.
 */
#ifndef RENDER_PDF_H
#define RENDER_PDF_H

#include "base/date.h"
#include "base/fail.h"

struct pdf_facts {
    Str title;
    const char *language; /* "zh-CN" */
    Instant created;
};

/* Only for what this program wrote with cairo. The same input gives the same bytes. E_BUG
 * "pdf-unexpected" when it does not look as cairo writes. */
enum status pdf_archive(struct cx *cx, Str pdf, const struct pdf_facts *facts, Str *out);

#endif

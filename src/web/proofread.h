/* web/proofread.h - findings of the document checker, with their places in the file they are of.
 */
#ifndef WEB_PROOFREAD_H
#define WEB_PROOFREAD_H

#include "proof/finding.h"
#include "render/document.h"

/* Adds to each row of findings_value(): "place" in words, and of a PDF "page" and "line"; to the
 * view "format": text, pdf, docx. */
void proofread_places(struct arena *arena, struct value *view, const struct findings *findings,
                      const struct document *document);

#endif

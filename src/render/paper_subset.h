/* render/paper_subset.h - fonts cut down to the glyphs of one paper before cairo sees them.
 *
 * cairo 1.16 cuts fonts itself, but counts hints wrongly when two glyphs share a subroutine: it
 * then puts all subroutines of the font (500 KB) into the PDF, and might as well leave one out. A
 * font without subroutines cannot be misread, and is read faster: 24 MB need not be looked at.
 *
 * (1) Lines are added before subset_fonts_make() and shown after it.
 * (2) What cannot be cut is shown with the whole font: never a glyph less.
 */
#ifndef RENDER_PAPER_SUBSET_H
#define RENDER_PAPER_SUBSET_H

#include <pango/pangocairo.h>

#include "base/fail.h"

/* UTF-8, ends with NULL; the first line is letters and digits, the second points. */
extern const char *const subset_common_text[];

struct subset_fonts;

struct subset_fonts *subset_fonts_open(struct arena *arena);
void subset_fonts_close(struct subset_fonts *fonts);
void subset_fonts_add(struct subset_fonts *fonts, PangoLayoutLine *line);
void subset_fonts_make(struct subset_fonts *fonts);
/* The line with its baseline at x, y, as text that can be selected. */
void subset_fonts_show(struct subset_fonts *fonts, cairo_t *cairo, PangoLayoutLine *line, double x,
                       double y);

#endif

/* render/docx.h - a filled paper as DOCX, for parties who go on writing in it.
 *
 * The words and tables of paper_fill() in the least of Office Open XML that word processors take:
 * no fonts, no pictures (of a drawn signature its label stays). (1) The same content gives the same
 * bytes. (2) Text is escaped here; what XML cannot hold was dropped by paper_fill().
 * LAW: none; ISO/IEC 29500-1.
 */
#ifndef RENDER_DOCX_H
#define RENDER_DOCX_H

#include "render/paper.h"

/* *out lives in cx->arena. E_TOO_LARGE "paper-too-long" beyond PAPER_INPUT_BYTES_MAX * 8 of XML;
 * E_BUG "bug" when the archive cannot be made. */
enum status paper_docx(struct cx *cx, const struct paper_content *content, Str *out);

#endif

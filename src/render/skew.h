/* render/skew.h - how far askew a page of text was photographed, in a helper process
 * (render/helper.h).
 *
 * Leptonica finds it (pixFindSkew...: the angle at which lines of text are told apart best), opened
 * by name inside the helper as poppler is (render/sheet.h). (1) The picture is looked at
 * SKEW_SIDE dots large: forty million dots cost what two million do. (2) What is blank, broken, no
 * text, or askew by less than SKEW_LEAST_CDEG or more than SKEW_MOST_CDEG stays as it is: 0. (3)
 * Nothing is changed: the angle is for who places the picture (render/turn.h).
 */
#ifndef RENDER_SKEW_H
#define RENDER_SKEW_H

#include "render/helper.h"
#include "render/turn.h"

enum { SKEW_SIDE = 1600, SKEW_LEAST_CDEG = 20, SKEW_MOST_CDEG = 1200 };

/* page: a JPEG, a PNG, or a sheet of a PDF, seen turned by rotate_deg on top of what the camera
 * noted. *tilt_cdeg: by how much it has to be turned clockwise. Without the library E_BUG
 * "skew-finder-missing"; E_BUSY "helpers-busy"; E_BUG "helper-fault". */
enum status skew_find(struct helper_pool *pool, struct cx *cx, struct page_bytes page,
                      int rotate_deg, int *tilt_cdeg);

#endif

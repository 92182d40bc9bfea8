/* render/thumb.h - a photographed page made small, in a helper process (render/helper.h): so that
 * sixty of them are looked at over the line of a telephone.
 *
 * (1) What the camera noted of its position is applied, then the turn. (2) The picture that was
 * sent in stays what it is: a small one is only ever shown.
 */
#ifndef RENDER_THUMB_H
#define RENDER_THUMB_H

#include "render/helper.h"
#include "render/turn.h"

enum { THUMB_SIDE_MAX = 2000 };

/* page: a JPEG, a PNG, or a sheet of a PDF; side: of the longer edge, in dots. *jpeg in cx->arena.
 * E_INPUT "picture-unreadable"; E_BUSY "helpers-busy"; E_BUG "helper-fault". */
enum status thumb_draw(struct helper_pool *pool, struct cx *cx, struct page_bytes page,
                       struct page_turn turn, uint32_t side, Str *jpeg);

#endif

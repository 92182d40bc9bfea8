/* render/turn.h - which page, and how it is turned before it is shown or bound: by quarters, and by
 * the small angle at which it was photographed askew. What the camera noted is not in it. Internal
 * words of helpers, and what callers hand to them.
 */
#ifndef RENDER_TURN_H
#define RENDER_TURN_H

#include "base/value.h"

enum { TILT_MAX_CDEG = 1500 };

struct page_turn {
    int rotate_deg; /* 0, 90, 180 or 270, clockwise, as people see the page */
    int tilt_cdeg; /* then by hundredths of a degree, clockwise; at most TILT_MAX_CDEG either way */
};

/* Where a page stands. */
struct page_bytes {
    Str bytes;
    uint32_t sheet; /* of a PDF, from 1; 0: bytes are a picture */
};

bool page_turn_holds(struct page_turn turn);
/* As "rotate" and "tilt" of a map; a tilt of 0 is left out. */
void page_turn_write(struct arena *arena, struct value *map, struct page_turn turn);
/* false when what stands there is no such turn. */
bool page_turn_read(const struct value *map, struct page_turn *out);

#endif

#include "render/turn.h"

bool page_turn_holds(struct page_turn turn)
{
    return turn.rotate_deg >= 0 && turn.rotate_deg < 360 && turn.rotate_deg % 90 == 0 &&
           turn.tilt_cdeg >= -TILT_MAX_CDEG && turn.tilt_cdeg <= TILT_MAX_CDEG;
}

void page_turn_write(struct arena *arena, struct value *map, struct page_turn turn)
{
    value_set_int(arena, map, "rotate", turn.rotate_deg);
    if (turn.tilt_cdeg != 0) {
        value_set_int(arena, map, "tilt", turn.tilt_cdeg);
    }
}

bool page_turn_read(const struct value *map, struct page_turn *out)
{
    int64_t rotate = value_get_int(map, "rotate");
    int64_t tilt = value_get_int(map, "tilt");
    bool fits = rotate >= 0 && rotate < 360 && tilt >= -TILT_MAX_CDEG && tilt <= TILT_MAX_CDEG;
    *out = fits ? (struct page_turn){(int)rotate, (int)tilt} : (struct page_turn){0, 0};
    return fits && page_turn_holds(*out);
}

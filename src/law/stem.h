/* law/stem.h - places as people say them, in pinyin initials: bjcy for 北京市朝阳区, szlg for
 * 深圳市 龙岗区 without its province, cyfy for its court.
 *
 * A place is a chain of divisions from the province down, each with or without the kind at its end
 * (区) and all but the last left out at will; behind it may stand what its court is called (法院).
 */
#ifndef LAW_STEM_H
#define LAW_STEM_H

#include "base/text.h"

struct stem {
    Str letters; /* initials of the whole name: cyq */
    size_t size; /* of them without the kind: 2; all of them when the name has none */
};

struct stem_place {
    const struct stem *stems; /* from the province down */
    int count;
    const char *const *endings; /* ends with NULL; NULL for none */
};

/* 区, 市, 自治县 …: what kind of division a name ends with. */
bool stem_is_kind(Str text);
/* The stem of a division's name. A name of two characters (单县) is said whole. */
struct stem stem_of(Str name, Str letters);
/* Whether q, in lower case, is a way of saying the place. */
bool stem_place_is(const struct stem_place *place, Str q);

#endif

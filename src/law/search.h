/* law/search.h - finds a name among thousands by what people type: part of it, initials, code,
 * place, or the short form that everybody uses (朝阳法院).
 *
 * An index over items that does not know what they are: law/court.c, division.c and cause.c fill
 * them. Single characters and pairs point to the items that hold them, so a search looks at few.
 * (1) Items are given in the order in which equally good hits are answered.
 * (2) An index is immutable and lives in the arena it was built into, texts of the items too.
 */
#ifndef LAW_SEARCH_H
#define LAW_SEARCH_H

#include "law/stem.h"

struct search_item {
    int id;     /* what search answers with */
    Str code;   /* compared without regard to case */
    Str number; /* a second code, or "" */
    Str name;
    Str initials; /* of name */
    Str alias;    /* what people call it by: a court's own county; "" for none */
    Str alias_initials;
    Str place; /* where it is, in full; "" for none */
    Str place_initials;
    const struct stem_place *said; /* how people say where it is; NULL for no such place */
};

struct search_index;

/* items is kept, not copied. scratch is only used while building. */
const struct search_index *search_build(struct arena *arena, struct arena *scratch,
                                        const struct search_item *items, int count);

struct search {
    Str q;      /* blanks and case ignored, full-width letters and digits taken as ASCII */
    int offset; /* hits to skip */
    bool (*keep)(const void *arg, int id); /* NULL keeps all */
    const void *arg;
};

/* Ids of the hits, best first: code, name, alias (with or without 省市区县), beginning of one of
 * them, alias by initials, place as people say it by initials (bjcy), beginning by initials, part
 * of name or place, part of initials. When there is none of these: the characters of q in their
 * order somewhere in place and name. Writes at most max, returns how many. q without characters
 * finds nothing; a q over 100 bytes neither. */
int search_find(const struct search_index *index, const struct search *search, int *out, int max);
/* Whether q holds nothing to look for. */
bool search_is_blank(Str q);

#endif

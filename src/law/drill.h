/* law/drill.h - who practises cross-domain service with whom.
 *
 * A round is a list of pairs that follows from the table of courts alone. (1) Of each kind, every
 * unit in it that may collaborate hands over at least once, and every court that may receive it
 * receives at least once, as far as there is anybody to practise with. (2) No pair is one that
 * reach_check() refuses. (3) The same tables and choice give the same list: work on it can stop and
 * go on by number. Ours: nothing official says how drills are paired.
 */
#ifndef LAW_DRILL_H
#define LAW_DRILL_H

#include "law/reach.h"

struct drill_pair {
    Str from, to;
    enum reach_kind kind;
};

struct drill_choice {
    Str above;         /* "": every unit; else a court and all below it */
    const Str *courts; /* chosen ones, with their tribunals; NULL: all */
    uint32_t court_count;
    const enum reach_kind *kinds;
    uint32_t kind_count;
};

/* The choice as the value `drill` of a round says it: {"above","courts":[],"kinds":[]}. */
void drill_choice_read(struct arena *arena, const struct value *drill, struct drill_choice *out);
/* *out in arena. */
void drill_pairs(struct arena *arena, const struct law_tables *tables,
                 const struct drill_choice *choice, struct drill_pair **out, uint32_t *count);

#endif

/* proof/slip.h - slips of the pen that no list names: a stretch of text that is unlikely as it
 * stands, and would be usual with one or two characters else, more or fewer.
 *
 * A sentence is cut into the words that make it likeliest (proof/language.h). Where that costs
 * much, what may have been meant is tried: words of the same or nearly the same sound, with one
 * character else, one more, one fewer. Said is what would be likelier by more than a slip is rare.
 * (1) Time grows with the length of the text. (2) Places never overlap and come in order.
 */
#ifndef PROOF_SLIP_H
#define PROOF_SLIP_H

#include "proof/finding.h"
#include "proof/language.h"

enum slip_kind { SLIP_SOUND, SLIP_SHAPE, SLIP_LEFT_OUT, SLIP_TOO_MANY };

struct slip_found {
    struct span at;
    Str proposal;
    enum slip_kind kind;
    int gain; /* how much likelier, in levels of LANGUAGE_UNIT */
};

typedef void slip_take_fn(void *arg, const struct slip_found *slip);

/* names: spans that are not judged (people, places), in order. */
void slips_find(struct arena *arena, const struct language *language, Str text, struct span in,
                const struct span *names, uint32_t name_count, slip_take_fn *take, void *arg);

#endif

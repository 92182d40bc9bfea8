/* proof/word.h - words that are usual slips, and what they should be (data/tables/slips.tsv).
 *
 * (1) A slip is looked for as it stands, at least two characters long. (2) A line may name what
 * must not stand around it (right words that hold the slip, a blank between them): "unless".
 * Immutable once built.
 */
#ifndef PROOF_WORD_H
#define PROOF_WORD_H

#include "proof/finding.h"

struct slip {
    Str wrong, right;
    Str unless; /* "" or longer words that hold wrong and are right, a blank between them */
    Str reason; /* "" for a slip of the pen */
};

struct words;

/* "wrong TAB right TAB unless TAB reason" lines below a header. E_READ "data-unreadable". */
enum status words_build(struct cx *cx, struct arena *arena, Str slips_tsv,
                        const struct words **out);
/* The next slip at or behind `from` within the text: its place in *at. NULL when none is left. */
const struct slip *words_next(const struct words *words, Str text, size_t from, struct span *at);

#endif

/* proof/run.h - text as words are sought in it: runs between two sentence ends, as tokens.
 *
 * A token is a character, a mark (half-width ones as their full-width likes), or one # for a
 * figure, a Latin word, an amount in capitals or a name. What is none of these ends a run. (1) A
 * run has at most RUN_MAX tokens; a longer sentence comes in pieces. (2) Time grows with the length
 * of the text, and the bytes of every token are its own.
 */
#ifndef PROOF_RUN_H
#define PROOF_RUN_H

#include "proof/finding.h"

enum { RUN_MAX = 240 };

struct token {
    uint32_t code;
    struct span at;
};

/* Where a reader of runs stands; zeroed but for text, in and names, then handed on. */
struct run_reader {
    Str text;
    struct span in;
    const struct span *names; /* spans that are one # each, in order */
    uint32_t name_count, name;
    size_t at;
};

/* The next run of one token or more: how many; 0 at the end. */
int run_next(struct run_reader *reader, struct token tokens[RUN_MAX]);

#endif

/* proof/lesson.h - what texts teach: how often each word stands in them, and behind which other.
 * Only proof/language.c asks. */
#ifndef PROOF_LESSON_H
#define PROOF_LESSON_H

#include "proof/language.h"

struct lesson_pair {
    uint32_t key; /* first << 16 | second */
    uint32_t count;
};

struct lesson {
    uint32_t *words; /* by number */
    uint64_t total;
    struct lesson_pair *pairs;
    uint32_t pair_count;
};

/* language has words and their costs; its pairs are not asked for. Each run begins behind the word
 * for 。. Time grows with the length of the texts. */
void lesson_learn(struct arena *arena, const struct language *language, const Str *texts,
                  uint32_t text_count, struct lesson *out);

#endif

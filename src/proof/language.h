/* proof/language.h - what Chinese of the law usually looks like: words, which word follows which,
 * and how characters sound (data/tables/language.bin, made by tools/language.mjs).
 *
 * Costs are negative logarithms of probabilities in twelfths. (1) A word has a number from 1;
 * 0 is a word that is not known. (2) The word for any figure or Latin word is language->number;
 * the marks ，。；：、（）《》“” are words too. (3) Immutable once built, read by all threads.
 */
#ifndef PROOF_LANGUAGE_H
#define PROOF_LANGUAGE_H

#include "base/fail.h"

enum {
    LANGUAGE_UNIT = 12, /* levels of cost for each natural unit */
    LANGUAGE_UNKNOWN = 17 * LANGUAGE_UNIT,
    LANGUAGE_WORD_CHARACTERS = 8,
    LANGUAGE_SOUNDS = 3, /* of one character */
};

/* How a character may have come about from another. */
enum likeness {
    LIKE_SAME,
    LIKE_SOUND,  /* the same syllable, without its tone */
    LIKE_NEARLY, /* zh for z, ng for n, l for n */
    LIKE_NOT,
};

struct language;

/* E_READ "data-unreadable" when the file is not what tools/language.mjs writes. An empty file makes
 * a language of no words. The file's bytes stay in use. */
enum status language_build(struct cx *cx, struct arena *arena, Str file,
                           const struct language **out);

/* The same, but built when it is first asked for: its tables take 14 MB, which a program that
 * checks no document does without. file stays in use. language_of() may be called by any thread;
 * NULL when the file is damaged. */
struct language_shelf;
struct language_shelf *language_shelf_new(struct arena *arena, Str file);
const struct language *language_of(struct language_shelf *shelf);

/* The number of the word of these characters; 0. */
uint32_t language_word(const struct language *language, const uint32_t *codes, size_t count);
/* Whether a longer word may begin so: false is certain, true is not. */
bool language_begins(const struct language *language, const uint32_t *codes, size_t count);
/* Whether it is a word too rare to have a number; wrong for one in a thousand. */
bool language_knows(const struct language *language, const uint32_t *codes, size_t count);
uint32_t language_number(const struct language *language);
/* The characters of a word. */
const uint16_t *language_codes(const struct language *language, uint32_t word, size_t *count);
int language_cost(const struct language *language, uint32_t word);
/* Of b behind a. */
int language_cost_after(const struct language *language, uint32_t a, uint32_t b);
bool language_follows(const struct language *language, uint32_t a, uint32_t b);
enum likeness language_like(const struct language *language, uint32_t a, uint32_t b);

/* Words that these characters may have been: one character different (SWAPPED), all different but
 * of the same sounds (SOUNDED), one left out (SHORT). take is called for each, words themselves
 * excepted. kinds: a bit (1 << SWAPPED) for each that is wanted; SWAPPED takes longest. */
enum lookalike { SWAPPED, SOUNDED, SHORT };

typedef void language_take(void *arg, uint32_t word, enum lookalike how, int likeness);
void language_lookalikes(const struct language *language, const uint32_t *codes, size_t count,
                         unsigned kinds, language_take *take, void *arg);

#endif

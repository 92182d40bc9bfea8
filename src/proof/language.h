/* proof/language.h - what Chinese of the law usually looks like: words, which word follows which,
 * and how characters sound. Learnt from a list of words, statutes and our own papers
 * (data/tables/README.md).
 *
 * Costs are negative logarithms of probabilities in twelfths. (1) A word has a number from 1;
 * 0 is a word that is not known. (2) The word for any figure or Latin word is language->number;
 * the marks ，。；：、（）《》“” are words too. (3) Immutable once built, read by all threads.
 */
#ifndef PROOF_LANGUAGE_H
#define PROOF_LANGUAGE_H

#include "base/fail.h"
#include "base/share.h"

enum {
    LANGUAGE_UNIT = 12, /* levels of cost for each natural unit */
    LANGUAGE_RARE = 1,  /* the word for every word that is known and rare */
    LANGUAGE_UNKNOWN = 17 * LANGUAGE_UNIT,
    LANGUAGE_WORD_CHARACTERS = 8,
    LANGUAGE_SOUNDS = 3, /* of one character */
    LANGUAGE_SHAPES = 4, /* rows of look-alikes that it stands in */
};

/* How a character may have come about from another. */
enum likeness {
    LIKE_SAME,
    LIKE_SOUND,  /* the same syllable, without its tone */
    LIKE_NEARLY, /* zh for z, ng for n, l for n */
    LIKE_SHAPE,  /* 未 for 末 */
    LIKE_NOT,
};

struct language;

/* What a language is made of. A Str "" for words: a language of no words. */
struct language_texts {
    Str words_tsv;     /* word, count: how often it stands in any Chinese */
    Str sounds_tsv;    /* sound, characters: syllables without tones */
    Str shapes_tsv;    /* characters: those of a row look like each other */
    Str divisions_csv; /* names of places are words too */
    Str *read;         /* statutes, papers, forms: what words follow each other in */
    uint32_t read_count;
};

/* Those of data/, which must outlive them. */
void language_texts_of(struct arena *arena, const struct share *share, struct language_texts *out);

/* E_READ "data-unreadable" with file and line. What is needed while it is built comes from
 * cx->arena. */
enum status language_build(struct cx *cx, struct arena *arena, const struct language_texts *texts,
                           const struct language **out);

/* The same, but built when it is first asked for: it takes a quarter of a second and 12 MB, which a
 * program that checks no document does without. The texts stay in use. language_of() may be called
 * by any thread; NULL when a text cannot be read. */
struct language_shelf;
struct language_shelf *language_shelf_new(struct arena *arena, const struct language_texts *texts);
const struct language *language_of(struct language_shelf *shelf);

enum { LANGUAGE_ROOT = 0, LANGUAGE_NO_NODE = UINT32_MAX };

/* Walks one character further into the words that begin so: LANGUAGE_NO_NODE when none goes on.
 * word: the number of the one that ends here; 0. Begin with LANGUAGE_ROOT. */
uint32_t language_step(const struct language *language, uint32_t node, uint32_t code,
                       uint32_t *word);
uint32_t language_count(const struct language *language);
/* The number of the word of these characters; 0. */
uint32_t language_word(const struct language *language, const uint32_t *codes, size_t count);
uint32_t language_number(const struct language *language);
/* The characters of a word. */
const uint16_t *language_codes(const struct language *language, uint32_t word, size_t *count);
int language_cost(const struct language *language, uint32_t word);
/* Of b behind a. */
int language_cost_after(const struct language *language, uint32_t a, uint32_t b);
bool language_follows(const struct language *language, uint32_t a, uint32_t b);
/* Do two characters stand beside each other in any text or word that was learnt from? Seldom true
 * when they do not. */
bool language_beside(const struct language *language, uint32_t a, uint32_t b);
enum likeness language_like(const struct language *language, uint32_t a, uint32_t b);

/* Words that these characters may have been: one character different (SWAPPED), all different but
 * of the same sounds (SOUNDED), one left out (SHORT). take is called for each, words themselves
 * excepted. kinds: a bit (1 << SWAPPED) for each that is wanted; SWAPPED takes longest. */
enum lookalike { SWAPPED, SOUNDED, SHORT };

typedef void language_take_fn(void *arg, uint32_t word, enum lookalike how, int likeness);
void language_lookalikes(const struct language *language, const uint32_t *codes, size_t count,
                         unsigned kinds, language_take_fn *take, void *arg);

#endif

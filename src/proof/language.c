/* HOW IT WORKS. Words are a tree of characters: a node is a slot of an open table, found by its
 * parent and the character, so a word is walked through character by character. Pairs of words lie
 * in an open table too, behind a filter of bits that knows most pairs that are not there. What a
 * slip may have been is one chained table more: under the hash of the word with one character
 * blotted out, with one left out, or of its sounds.
 *
 * What follows what is learnt when the language is built: the texts are cut into words by how usual
 * each word is, and pairs are counted (proof/lesson.h). A word costs -ln P(b), P(b) half its share
 * of the list, half that of the texts; behind a word a that it was seen behind,
 * -ln((count(a b) + PAIR_WEIGHT P(b)) / (count(a) + PAIR_WEIGHT)).
 */
#include "proof/language.h"

#include <math.h>
#include <pthread.h>
#include <string.h>

#include "base/check.h"
#include "base/csv.h"
#include "proof/lesson.h"
#include "proof/run.h"

enum {
    WORDS_MAX = 65000,
    LETTER_BITS = 14, /* of a node's key */
    LETTERS_MAX = (1 << LETTER_BITS) - 1,
    NODE_SLOTS = 1 << (32 - LETTER_BITS),
    NODES_MAX = NODE_SLOTS / 4 * 3,
    CODES = 0x10000, /* words have characters of the common plane only */
    SLOTS_LEAST = 64,
    BLOT = 0x25A1,
    LIKE_CHARACTERS_MAX = 6,
    SOUNDED_CHARACTERS_MAX = 4,
    SOUGHT_MAX = 8,  /* of one kind: the usual words */
    LOOKED_MAX = 48, /* among which those of a sound or shape are sought */
    NO_SOUND = 0xFFFF,
    PAIR_FILTER_WORDS = 1 << 15,
    ALIKE_FILTER_WORDS = 1 << 15,
    NEXT_FILTER_WORDS = 1 << 15,
    NODE_FILTER_WORDS = 1 << 15,
    COST_MAX = 255,
    COUNT_LEAST = 45, /* in the list, of a word with a number */
    SEEN_LEAST = 2,   /* or in the texts */
    RARE_COST = 13 * LANGUAGE_UNIT,
    PAIR_WEIGHT = 15, /* how many words of text the shares are worth beside the pairs seen */
    UNSEEN_PAIR = LANGUAGE_UNIT / 2,
    PLACE_COUNT = 60,  /* how often the list would count the name of a place */
    PHRASES_WORTH = 3, /* how often a sentence of phrases.txt is read: each stands for many */
    LANGUAGE_BYTES_MAX = 96 << 20,
};

/* A character of words. */
struct letter {
    uint16_t sounds[LANGUAGE_SOUNDS];
    uint16_t likes[LANGUAGE_SOUNDS]; /* the sound without zh, ng, l */
    uint16_t shapes[LANGUAGE_SHAPES];
};

/* A node's number is its slot; slot 0 is the root. */
struct node {
    uint32_t key; /* parent << LETTER_BITS | letter; 0: free */
    uint16_t word;
    uint16_t more; /* it has children */
};

struct alike {
    uint32_t hash;
    uint16_t word;
    uint8_t how_at; /* how << 4 | the character blotted out */
};

struct language {
    uint32_t count; /* words, numbered from 1 */
    uint32_t number;
    uint16_t *codes;
    uint32_t *code_at; /* count + 2: where a word's characters begin */
    uint8_t *costs;
    struct node *nodes;
    uint32_t node_mask, node_count;
    uint32_t *begins; /* the nodes of words' first characters, by letter; the root */
    uint64_t *node_filter;
    uint32_t *pairs; /* the highest 24 bits of the mixed key, cost from 1; 0: free */
    uint32_t pair_mask;
    uint64_t *pair_filter;
    struct letter *letters; /* from 1 */
    uint16_t *letter_of;    /* CODES */
    uint32_t letter_count;
    struct alike *alikes;
    uint32_t *alike_from; /* alike_mask + 2: where the entries of a slot begin */
    uint32_t alike_mask;
    uint64_t *alike_filter; /* of the hashes there are, by how */
    uint64_t *next_filter;  /* of two characters that stand together somewhere */
};

/* --- hashes --- */

static uint32_t hash_more(uint32_t hash, uint32_t code)
{
    hash = (hash ^ code) * 0x9E3779B1U;
    return hash ^ (hash >> 15);
}

static uint32_t hash_codes(const uint32_t *codes, size_t count)
{
    uint32_t hash = 0x811C9DC5U;
    for (size_t i = 0; i < count; i++) {
        hash = hash_more(hash, codes[i]);
    }
    return hash;
}

static uint32_t key_hash(uint32_t key)
{
    key *= 0x9E3779B1U;
    return key ^ (key >> 16);
}

static uint32_t slots_for(uint32_t count)
{
    uint32_t slots = SLOTS_LEAST;
    while (slots < count * 2) {
        slots *= 2;
    }
    return slots;
}

/* Filters: two bits for each key, both in one word, so that asking costs one look. */
static uint64_t filter_bits(uint32_t hash)
{
    return UINT64_C(1) << (hash >> 26) | UINT64_C(1) << (hash >> 20 & 63);
}

static bool filter_has(const uint64_t *filter, uint32_t words, uint32_t hash)
{
    uint64_t bits = filter_bits(hash);
    return (filter[hash % words] & bits) == bits;
}

static void filter_add(uint64_t *filter, uint32_t words, uint32_t hash)
{
    filter[hash % words] |= filter_bits(hash);
}

/* A key made unlike its neighbours, one to one: the lowest bits are its slot, the highest 24 stand
 * in it. */
static uint32_t pair_mixed(uint32_t a, uint32_t b)
{
    uint32_t key = (a << 16 | b) * 0x9E3779B1U;
    key ^= key >> 15;
    return key * 0x85EBCA77U;
}

/* --- words --- */

/* The slot of a key, or the free one where it belongs. */
static uint32_t node_slot(const struct language *l, uint32_t key)
{
    uint32_t at = key_hash(key) & l->node_mask;
    at += at == 0;
    while (l->nodes[at].key != key && l->nodes[at].key != 0) {
        at = (at + 1) & l->node_mask;
        at += at == 0;
    }
    return at;
}

/* The root when there is none. */
static uint32_t child_of(const struct language *l, uint32_t node, uint32_t code)
{
    uint32_t letter = code < CODES && l->count > 0 ? l->letter_of[code] : 0;
    if (letter == 0 || node == LANGUAGE_ROOT) {
        return l->begins == NULL ? LANGUAGE_ROOT : l->begins[letter];
    }
    uint32_t key = node << LETTER_BITS | letter;
    if (!filter_has(l->node_filter, NODE_FILTER_WORDS, key_hash(key))) {
        return LANGUAGE_ROOT;
    }
    uint32_t at = node_slot(l, key);
    return l->nodes[at].key == 0 ? LANGUAGE_ROOT : at;
}

uint32_t language_step(const struct language *l, uint32_t node, uint32_t code, uint32_t *word)
{
    uint32_t at = child_of(l, node, code);
    *word = 0;
    if (at == LANGUAGE_ROOT) {
        return LANGUAGE_NO_NODE;
    }
    *word = l->nodes[at].word;
    return l->nodes[at].more != 0 ? at : LANGUAGE_NO_NODE;
}

uint32_t language_word(const struct language *l, const uint32_t *codes, size_t count)
{
    uint32_t node = LANGUAGE_ROOT;
    uint32_t word = 0;
    for (size_t i = 0; i < count; i++) {
        if (node == LANGUAGE_NO_NODE) {
            return 0;
        }
        node = language_step(l, node, codes[i], &word);
    }
    return word;
}

uint32_t language_number(const struct language *l)
{
    return l->number;
}

uint32_t language_count(const struct language *l)
{
    return l->count;
}

const uint16_t *language_codes(const struct language *l, uint32_t word, size_t *count)
{
    check(word >= 1 && word <= l->count);
    *count = l->code_at[word + 1] - l->code_at[word];
    return l->codes + l->code_at[word];
}

int language_cost(const struct language *l, uint32_t word)
{
    return word == 0 ? LANGUAGE_UNKNOWN : l->costs[word];
}

/* --- characters beside each other --- */

bool language_beside(const struct language *l, uint32_t a, uint32_t b)
{
    return l->count == 0 || filter_has(l->next_filter, NEXT_FILTER_WORDS, pair_mixed(a, b));
}

static void beside_add(struct language *l, uint32_t a, uint32_t b)
{
    filter_add(l->next_filter, NEXT_FILTER_WORDS, pair_mixed(a, b));
}

/* --- pairs --- */

static int pair_cost(const struct language *l, uint32_t a, uint32_t b)
{
    uint32_t mixed = pair_mixed(a, b);
    if (!filter_has(l->pair_filter, PAIR_FILTER_WORDS, mixed)) {
        return -1;
    }
    for (uint32_t at = mixed & l->pair_mask; l->pairs[at] != 0; at = (at + 1) & l->pair_mask) {
        if ((l->pairs[at] ^ mixed) <= COST_MAX) {
            return (int)(l->pairs[at] & COST_MAX);
        }
    }
    return -1;
}

int language_cost_after(const struct language *l, uint32_t a, uint32_t b)
{
    int cost = a == 0 || b == 0 ? -1 : pair_cost(l, a, b);
    return cost >= 0 ? cost : language_cost(l, b) + (a == 0 ? 0 : UNSEEN_PAIR);
}

bool language_follows(const struct language *l, uint32_t a, uint32_t b)
{
    return a != 0 && b != 0 && pair_cost(l, a, b) >= 0;
}

/* --- sounds --- */

static const struct letter *letter_of(const struct language *l, uint32_t code)
{
    uint32_t at = code < CODES && l->count > 0 ? l->letter_of[code] : 0;
    return at == 0 || l->letters[at].sounds[0] == NO_SOUND ? NULL : &l->letters[at];
}

/* Is any of a's sounds or shapes one of b's? */
static bool shares(const uint16_t *a, const uint16_t *b, int most)
{
    for (int i = 0; i < most && a[i] != NO_SOUND; i++) {
        for (int k = 0; k < most && b[k] != NO_SOUND; k++) {
            if (a[i] == b[k]) {
                return true;
            }
        }
    }
    return false;
}

enum likeness language_like(const struct language *l, uint32_t a, uint32_t b)
{
    const struct letter *one = letter_of(l, a);
    const struct letter *other = letter_of(l, b);
    if (a == b) {
        return LIKE_SAME;
    }
    if (one == NULL || other == NULL) {
        return LIKE_NOT;
    }
    return shares(one->sounds, other->sounds, LANGUAGE_SOUNDS)   ? LIKE_SOUND
           : shares(one->likes, other->likes, LANGUAGE_SOUNDS)   ? LIKE_NEARLY
           : shares(one->shapes, other->shapes, LANGUAGE_SHAPES) ? LIKE_SHAPE
                                                                 : LIKE_NOT;
}

/* --- what a slip may have been --- */

static uint32_t hash_without(const uint32_t *codes, size_t count, size_t left_out, uint32_t instead)
{
    uint32_t hash = 0x811C9DC5U;
    for (size_t i = 0; i < count; i++) {
        if (i != left_out || instead != 0) {
            hash = hash_more(hash, i == left_out ? instead : codes[i]);
        }
    }
    return hash;
}

/* False when a character has no sound. */
static bool hash_sounds(const struct language *l, const uint32_t *codes, size_t count,
                        uint32_t *hash)
{
    *hash = 0x1234567U;
    for (size_t i = 0; i < count; i++) {
        const struct letter *letter = letter_of(l, codes[i]);
        if (letter == NULL || letter->likes[0] == NO_SOUND) {
            return false;
        }
        *hash = hash_more(*hash, letter->likes[0]);
    }
    return true;
}

static uint32_t alike_key(uint32_t hash, enum lookalike how)
{
    return hash + (uint32_t)how * 0x9E3779B1U;
}

/* Two rounds over the words: the first counts what comes into each slot, the second puts it there.
 */
struct alikes {
    struct language *language;
    uint32_t *fill; /* where the next entry of a slot goes; NULL in the first round */
};

static void alike_add(const struct alikes *alikes, uint32_t hash, uint32_t word, enum lookalike how,
                      size_t at)
{
    struct language *l = alikes->language;
    uint32_t slot = hash & l->alike_mask;
    if (alikes->fill == NULL) {
        filter_add(l->alike_filter, ALIKE_FILTER_WORDS, alike_key(hash, how));
        l->alike_from[slot + 1]++;
        return;
    }
    l->alikes[alikes->fill[slot]++] = (struct alike){
        .hash = hash, .word = (uint16_t)word, .how_at = (uint8_t)((unsigned)how << 4 | at)};
}

static void alikes_of(const struct alikes *alikes, uint32_t word)
{
    const struct language *l = alikes->language;
    uint32_t codes[LANGUAGE_WORD_CHARACTERS] = {0};
    size_t count = 0;
    const uint16_t *own = language_codes(l, word, &count);
    uint32_t hash = 0;
    if (count > LIKE_CHARACTERS_MAX || letter_of(l, own[0]) == NULL) {
        return;
    }
    for (size_t i = 0; i < count; i++) {
        codes[i] = own[i];
    }
    if (count <= SOUNDED_CHARACTERS_MAX && hash_sounds(l, codes, count, &hash)) {
        alike_add(alikes, hash, word, SOUNDED, 0);
    }
    for (size_t i = 0; i < count && count >= 2; i++) {
        alike_add(alikes, hash_without(codes, count, i, BLOT), word, SWAPPED, i);
        if (count >= 3) {
            alike_add(alikes, hash_without(codes, count, i, 0), word, SHORT, i);
        }
    }
}

/* Words by their cost, the usual ones first: a counting sort. */
static uint32_t *words_by_cost(struct arena *arena, const struct language *l)
{
    uint32_t from[257] = {0};
    uint32_t *order = arena_array(arena, uint32_t, (size_t)l->count + 1);
    for (uint32_t word = 1; word <= l->count; word++) {
        from[l->costs[word] + 1]++;
    }
    for (int i = 1; i < 257; i++) {
        from[i] += from[i - 1];
    }
    for (uint32_t word = 1; word <= l->count; word++) {
        order[from[l->costs[word]]++] = word;
    }
    return order;
}

static void alikes_make(struct arena *arena, struct language *l)
{
    uint32_t slots = slots_for(l->code_at[l->count + 1]);
    struct alikes alikes = {l, NULL};
    l->alike_from = arena_array(arena, uint32_t, (size_t)slots + 1);
    l->alike_mask = slots - 1;
    l->alike_filter = arena_array(arena, uint64_t, ALIKE_FILTER_WORDS);
    for (uint32_t word = 1; word <= l->count; word++) {
        alikes_of(&alikes, word);
    }
    for (uint32_t i = 1; i <= slots; i++) {
        l->alike_from[i] += l->alike_from[i - 1];
    }
    l->alikes = arena_array(arena, struct alike, (size_t)l->alike_from[slots] + 1);
    struct arena_mark mark = arena_mark(arena);
    uint32_t *order = words_by_cost(arena, l);
    alikes.fill = arena_array(arena, uint32_t, slots);
    memcpy(alikes.fill, l->alike_from, sizeof *alikes.fill * slots);
    for (uint32_t i = 0; i < l->count; i++) {
        alikes_of(&alikes, order[i]);
    }
    arena_rewind(arena, mark);
}

struct seeking {
    const struct language *language;
    const uint32_t *codes;
    size_t count;
    language_take_fn *take;
    void *arg;
};

/* Is the word what is sought, and not only of the same hash? */
static bool alike_is(const struct seeking *s, const struct alike *alike, int *likeness)
{
    size_t count = 0;
    const uint16_t *own = language_codes(s->language, alike->word, &count);
    enum lookalike how = (enum lookalike)(alike->how_at >> 4);
    size_t blotted = alike->how_at & 15;
    size_t shorter = how == SHORT ? 1 : 0;
    bool same = true;
    int worst = LIKE_SAME;
    if (count != s->count + shorter) {
        return false;
    }
    for (size_t i = 0, k = 0; i < count; i++) {
        if (shorter == 1 && i == blotted) {
            continue;
        }
        enum likeness like = language_like(s->language, s->codes[k], own[i]);
        bool may = how == SOUNDED || (how == SWAPPED && i == blotted);
        if (like != LIKE_SAME && !may) {
            return false;
        }
        same = same && like == LIKE_SAME;
        worst = (int)like > worst ? (int)like : worst;
        k++;
    }
    *likeness = worst;
    return shorter == 1 || !same;
}

static void seek(const struct seeking *s, uint32_t hash, enum lookalike how, size_t at)
{
    const struct language *l = s->language;
    uint32_t slot = hash & l->alike_mask;
    int taken = 0; /* those of a sound or shape are taken wherever they come */
    if (!filter_has(l->alike_filter, ALIKE_FILTER_WORDS, alike_key(hash, how))) {
        return;
    }
    uint32_t from = l->alike_from[slot];
    uint32_t to = l->alike_from[slot + 1];
    to = to - from > LOOKED_MAX ? from + LOOKED_MAX : to;
    for (uint32_t i = from; i < to; i++) {
        const struct alike *alike = &l->alikes[i];
        int likeness = 0;
        bool place =
            how == SHORT ? alike->how_at >> 4 == SHORT : alike->how_at == ((unsigned)how << 4 | at);
        if (alike->hash == hash && place && alike_is(s, alike, &likeness) &&
            (taken < SOUGHT_MAX || (how == SWAPPED && likeness < LIKE_NOT))) {
            s->take(s->arg, alike->word, how, likeness);
            taken++;
        }
    }
}

void language_lookalikes(const struct language *l, const uint32_t *codes, size_t count,
                         unsigned kinds, language_take_fn *take, void *arg)
{
    struct seeking s = {l, codes, count, take, arg};
    uint32_t hash = 0;
    if (l->count == 0 || count > LIKE_CHARACTERS_MAX) {
        return;
    }
    if ((kinds & 1U << SOUNDED) != 0 && count <= SOUNDED_CHARACTERS_MAX &&
        hash_sounds(l, codes, count, &hash)) {
        seek(&s, hash, SOUNDED, 0);
    }
    for (size_t i = 0; i < count && count >= 2 && (kinds & 1U << SWAPPED) != 0; i++) {
        seek(&s, hash_without(codes, count, i, BLOT), SWAPPED, i);
    }
    if (count >= 2 && (kinds & 1U << SHORT) != 0) {
        seek(&s, hash_codes(codes, count), SHORT, 0);
    }
}

/* --- building: words --- */

static int level_of(double chance)
{
    double level = -log(chance) * LANGUAGE_UNIT;
    return level < 0 ? 0 : level > COST_MAX ? COST_MAX : (int)(level + 0.5);
}

struct building {
    struct arena *arena;
    struct language *language;
    double *shares; /* of the list, by word */
    double total;
};

static uint32_t letter_make(struct language *l, uint32_t code)
{
    if (l->letter_of[code] == 0 && l->letter_count < LETTERS_MAX) {
        l->letter_of[code] = (uint16_t)++l->letter_count;
        memset(&l->letters[l->letter_count], 0xFF, sizeof l->letters[0]);
    }
    return l->letter_of[code];
}

/* The node of a word, made when it is new; the root when the word is too long or has characters
 * that are too rare. */
static uint32_t node_make(struct language *l, Str text, uint32_t codes[LANGUAGE_WORD_CHARACTERS],
                          size_t *length)
{
    uint32_t node = LANGUAGE_ROOT;
    *length = 0;
    for (size_t at = 0; at < text.n; *length += 1) {
        if (*length == LANGUAGE_WORD_CHARACTERS || !utf8_next(text, &at, &codes[*length]) ||
            codes[*length] >= CODES || letter_make(l, codes[*length]) == 0) {
            return LANGUAGE_ROOT;
        }
    }
    for (size_t i = 0; i < *length && l->node_count < NODES_MAX; i++) {
        uint32_t key = node << LETTER_BITS | l->letter_of[codes[i]];
        l->nodes[node].more = 1;
        bool begins = node == LANGUAGE_ROOT;
        node = node_slot(l, key);
        l->node_count += l->nodes[node].key == 0;
        l->nodes[node].key = key;
        filter_add(l->node_filter, NODE_FILTER_WORDS, key_hash(key));
        if (begins) {
            l->begins[key] = node;
        }
    }
    return node;
}

/* A word that is only known to be one; its node. */
static uint32_t rare_add(struct language *l, Str text)
{
    uint32_t codes[LANGUAGE_WORD_CHARACTERS];
    size_t length = 0;
    uint32_t node = node_make(l, text, codes, &length);
    if (node != LANGUAGE_ROOT && l->nodes[node].word == 0) {
        l->nodes[node].word = LANGUAGE_RARE;
    }
    return node;
}

/* Gives a word a number, while there are numbers. */
static void word_add(struct building *b, Str text, double count)
{
    struct language *l = b->language;
    uint32_t codes[LANGUAGE_WORD_CHARACTERS];
    size_t length = 0;
    uint32_t node = node_make(l, text, codes, &length);
    if (node == LANGUAGE_ROOT || l->count + 1 >= WORDS_MAX ||
        (l->nodes[node].word != 0 && l->nodes[node].word != LANGUAGE_RARE)) {
        return;
    }
    uint32_t word = ++l->count;
    l->nodes[node].word = (uint16_t)word;
    l->code_at[word + 1] = l->code_at[word];
    for (size_t i = 0; i < length; i++) {
        l->codes[l->code_at[word + 1]++] = (uint16_t)codes[i];
        if (i > 0) {
            beside_add(l, codes[i - 1], codes[i]);
        }
    }
    b->shares[word] = count;
    b->total += count;
}

/* How often each word of the list stands in the texts, wherever it may begin. */
static uint8_t *nodes_seen(struct building *b, struct arena *spare,
                           const struct language_texts *texts)
{
    const struct language *l = b->language;
    uint8_t *seen = arena_array(spare, uint8_t, (size_t)l->node_mask + 1);
    for (uint32_t i = 0; i < texts->read_count; i++) {
        struct run_reader reader = {.text = texts->read[i], .in = {0, texts->read[i].n}};
        struct token tokens[RUN_MAX];
        for (int count = 0; (count = run_next(&reader, tokens)) > 0;) {
            for (int at = 0; at < count; at++) {
                uint32_t node = LANGUAGE_ROOT;
                if (at > 0) {
                    beside_add(b->language, tokens[at - 1].code, tokens[at].code);
                }
                for (int to = at; to < count && (node = child_of(l, node, tokens[to].code)) != 0;
                     to++) {
                    seen[node] = (uint8_t)(seen[node] + (seen[node] < 255));
                }
            }
        }
    }
    return seen;
}

/* Usual words have a number, and those that the texts use; all others are the one word
 * LANGUAGE_RARE. */
static enum status words_read(struct cx *cx, struct building *b, const struct language_texts *texts)
{
    struct csv csv;
    TRY(csv_read(cx, "words.tsv", texts->words_tsv, '\t', &csv));
    int word = csv_column(&csv, "word");
    int count = csv_column(&csv, "count");
    uint32_t *nodes = arena_array(cx->arena, uint32_t, (size_t)csv.rows + 1);
    for (uint32_t i = 0; i < csv.rows; i++) {
        nodes[i] = rare_add(b->language, csv_cell(&csv, i, word));
    }
    const uint8_t *seen = nodes_seen(b, cx->arena, texts);
    for (uint32_t i = 0; i < csv.rows; i++) {
        int64_t n = 0;
        Str text = csv_cell(&csv, i, word);
        if (!str_int(csv_cell(&csv, i, count), &n) || n < 1 || text.n == 0) {
            return FAIL(cx, E_READ, "data-unreadable", "words.tsv:%u: no word and count", i + 2);
        }
        if (n >= COUNT_LEAST || text.n == 3 || seen[nodes[i]] >= SEEN_LEAST) {
            word_add(b, text, (double)n);
        }
    }
    return OK;
}

/* Names of places are words, and so are the marks and #. */
static enum status names_read(struct cx *cx, struct building *b, Str divisions_csv)
{
    static const char *const marks[] = {"，", "。", "；", "：", "、", "（",
                                        "）", "《", "》", "“",  "”",  "#"};
    struct csv csv;
    for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++) {
        word_add(b, str_of(marks[i]), 1);
    }
    TRY(csv_read(cx, "divisions.csv", divisions_csv, ',', &csv));
    int name = csv_column(&csv, "name");
    for (uint32_t i = 0; i < csv.rows; i++) {
        Str place = csv_cell(&csv, i, name);
        word_add(b, place, PLACE_COUNT);
        if (place.n >= 9) { /* 槐荫区 is called 槐荫 too */
            Str head = str_slice(cx->arena, place, 0, place.n - 3);
            (void)rare_add(b->language, head);
        }
    }
    return OK;
}

static void words_room(struct building *b)
{
    struct language *l = b->language;
    l->codes = arena_array(b->arena, uint16_t, (size_t)WORDS_MAX * LANGUAGE_WORD_CHARACTERS);
    l->code_at = arena_array(b->arena, uint32_t, WORDS_MAX + 2);
    l->costs = arena_array(b->arena, uint8_t, WORDS_MAX + 1);
    l->nodes = arena_array(b->arena, struct node, NODE_SLOTS);
    l->node_mask = NODE_SLOTS - 1;
    l->begins = arena_array(b->arena, uint32_t, LETTERS_MAX + 1);
    l->node_filter = arena_array(b->arena, uint64_t, NODE_FILTER_WORDS);
    l->next_filter = arena_array(b->arena, uint64_t, NEXT_FILTER_WORDS);
    l->letters = arena_array(b->arena, struct letter, LETTERS_MAX + 1);
    l->letter_of = arena_array(b->arena, uint16_t, CODES);
    b->shares = arena_array(b->arena, double, WORDS_MAX + 1);
}

/* --- building: what follows what --- */

static void costs_set(const struct building *b, const struct lesson *lesson)
{
    struct language *l = b->language;
    l->costs[LANGUAGE_RARE] = RARE_COST;
    for (uint32_t word = LANGUAGE_RARE + 1; word <= l->count; word++) {
        double general = b->shares[word] / b->total;
        double special = lesson->total == 0 ? 0 : lesson->words[word] / (double)lesson->total;
        l->costs[word] = (uint8_t)level_of(0.3 * general + 0.2 * special);
    }
}

static void pairs_set(const struct building *b, const struct lesson *lesson)
{
    struct language *l = b->language;
    uint32_t slots = slots_for(lesson->pair_count + 1);
    l->pairs = arena_array(b->arena, uint32_t, slots);
    l->pair_mask = slots - 1;
    l->pair_filter = arena_array(b->arena, uint64_t, PAIR_FILTER_WORDS);
    for (uint32_t i = 0; i < lesson->pair_count; i++) {
        uint32_t key = lesson->pairs[i].key;
        double usual = exp(-(double)l->costs[key & 0xFFFF] / LANGUAGE_UNIT);
        double chance = (lesson->pairs[i].count + PAIR_WEIGHT * usual) /
                        (lesson->words[key >> 16] + PAIR_WEIGHT);
        uint32_t mixed = pair_mixed(key >> 16, key & 0xFFFF);
        uint32_t at = mixed & l->pair_mask;
        while (l->pairs[at] != 0) {
            at = (at + 1) & l->pair_mask;
        }
        int level = level_of(chance);
        l->pairs[at] = (mixed & ~(uint32_t)COST_MAX) | (uint32_t)(level == 0 ? 1 : level);
        filter_add(l->pair_filter, PAIR_FILTER_WORDS, mixed);
    }
}

/* --- building: sounds --- */

/* zh is z, ng is n, l is n, hu is fu to many who write: the sound without what is confused. */
static Str sound_dulled(struct arena *arena, Str sound)
{
    struct buf dull;
    buf_init(&dull, arena, sound.n + 2);
    size_t at = 0;
    if (sound.p[0] == 'l') {
        buf_char(&dull, 'n');
        at = 1;
    } else if (str_starts(sound, "hu")) {
        buf_text(&dull, "fu");
        at = 2;
    } else if (sound.n > 1 && sound.p[1] == 'h') {
        buf_char(&dull, sound.p[0]);
        at = 2;
    }
    size_t end = str_ends(sound, "ng") ? sound.n - 1 : sound.n;
    if (end > at) {
        buf_add(&dull, sound.p + at, end - at);
    }
    return buf_done(&dull);
}

static void letter_sound(struct language *l, uint32_t code, uint16_t sound, uint16_t like)
{
    uint32_t at = code < CODES ? l->letter_of[code] : 0;
    for (int i = 0; at != 0 && i < LANGUAGE_SOUNDS; i++) {
        if (l->letters[at].sounds[i] == NO_SOUND) {
            l->letters[at].sounds[i] = sound;
            l->letters[at].likes[i] = like;
            return;
        }
    }
}

static enum status sounds_read(struct cx *cx, struct building *b, Str sounds_tsv)
{
    struct csv csv;
    TRY(csv_read(cx, "sounds.tsv", sounds_tsv, '\t', &csv));
    int sound = csv_column(&csv, "sound");
    int characters = csv_column(&csv, "characters");
    Str *dulls = arena_array(cx->arena, Str, csv.rows + 1);
    for (uint32_t i = 0; i < csv.rows && i < NO_SOUND; i++) {
        Str written = csv_cell(&csv, i, characters);
        uint32_t like = 0;
        uint32_t code = 0;
        if (csv_cell(&csv, i, sound).n == 0) {
            return FAIL(cx, E_READ, "data-unreadable", "sounds.tsv:%u: no sound", i + 2);
        }
        dulls[i] = sound_dulled(cx->arena, csv_cell(&csv, i, sound));
        while (!str_same(dulls[like], dulls[i])) {
            like++;
        }
        for (size_t at = 0; utf8_next(written, &at, &code);) {
            letter_sound(b->language, code, (uint16_t)i, (uint16_t)like);
        }
    }
    return OK;
}

/* --- building: shapes --- */

static enum status shapes_read(struct cx *cx, struct building *b, Str shapes_tsv)
{
    struct csv csv;
    TRY(csv_read(cx, "shapes.tsv", shapes_tsv, '\t', &csv));
    int characters = csv_column(&csv, "characters");
    for (uint32_t i = 0; i < csv.rows && i < NO_SOUND; i++) {
        Str written = csv_cell(&csv, i, characters);
        uint32_t code = 0;
        if (utf8_count(written) < 2) {
            return FAIL(cx, E_READ, "data-unreadable", "shapes.tsv:%u: no two characters", i + 2);
        }
        for (size_t at = 0; utf8_next(written, &at, &code);) {
            uint32_t letter = code < CODES ? b->language->letter_of[code] : 0;
            uint16_t *shapes = b->language->letters[letter].shapes;
            int free = 0;
            while (free < LANGUAGE_SHAPES && shapes[free] != NO_SOUND) {
                free++;
            }
            if (letter != 0 && free < LANGUAGE_SHAPES) {
                shapes[free] = (uint16_t)i;
            }
        }
    }
    return OK;
}

/* --- all of it --- */

enum status language_build(struct cx *cx, struct arena *arena, const struct language_texts *texts,
                           const struct language **out)
{
    static const uint32_t figure[] = {'#'};
    struct language *l = arena_new(arena, struct language);
    struct building b = {.arena = arena, .language = l};
    struct lesson lesson = {0};
    *out = l;
    if (texts->words_tsv.n == 0) {
        return OK;
    }
    words_room(&b);
    word_add(&b, STR("?"), 1); /* LANGUAGE_RARE */
    check(l->count == LANGUAGE_RARE);
    TRY(names_read(cx, &b, texts->divisions_csv));
    TRY(words_read(cx, &b, texts));
    TRY(sounds_read(cx, &b, texts->sounds_tsv));
    TRY(shapes_read(cx, &b, texts->shapes_tsv));
    costs_set(&b, &lesson);
    lesson_learn(cx->arena, l, texts->read, texts->read_count, &lesson);
    costs_set(&b, &lesson);
    pairs_set(&b, &lesson);
    alikes_make(arena, l);
    l->number = language_word(l, figure, 1);
    return OK;
}

void language_texts_of(struct arena *arena, const struct share *share, struct language_texts *out)
{
    static const char *const folders[] = {"data/papers/", "data/forms/", "data/guidance/",
                                          "data/messages/", "data/procedures/"};
    *out = (struct language_texts){
        .words_tsv = share_text(share, "data/tables/words.tsv"),
        .sounds_tsv = share_text(share, "data/tables/sounds.tsv"),
        .shapes_tsv = share_text(share, "data/tables/shapes.tsv"),
        .divisions_csv = share_text(share, "data/tables/divisions.csv"),
    };
    const struct share_file *first = NULL;
    size_t count = 2 + PHRASES_WORTH;
    for (size_t i = 0; i < sizeof folders / sizeof folders[0]; i++) {
        count += share_list(share, folders[i], &first);
    }
    out->read = arena_array(arena, Str, count);
    out->read[out->read_count++] = share_text(share, "data/tables/articles.tsv");
    out->read[out->read_count++] = share_text(share, "data/tables/causes.csv");
    for (int i = 0; i < PHRASES_WORTH; i++) {
        out->read[out->read_count++] = share_text(share, "data/tables/phrases.txt");
    }
    for (size_t i = 0; i < sizeof folders / sizeof folders[0]; i++) {
        size_t files = share_list(share, folders[i], &first);
        for (size_t k = 0; k < files; k++) {
            out->read[out->read_count++] = (Str){(const char *)first[k].bytes, first[k].size};
        }
    }
}

struct language_shelf {
    struct language_texts texts;
    pthread_mutex_t lock;
    bool tried;
    struct arena *arena; /* of the language, as long as the program */
    const struct language *language;
};

struct language_shelf *language_shelf_new(struct arena *arena, const struct language_texts *texts)
{
    struct language_shelf *shelf = arena_new(arena, struct language_shelf);
    shelf->texts = *texts;
    check(pthread_mutex_init(&shelf->lock, NULL) == 0);
    return shelf;
}

static void shelf_fill(struct language_shelf *shelf)
{
    struct cx cx;
    struct arena *spare = arena_open(LANGUAGE_BYTES_MAX); /* what is needed while it is built */
    shelf->arena = arena_open(LANGUAGE_BYTES_MAX);
    cx_init(&cx, spare);
    if (language_build(&cx, shelf->arena, &shelf->texts, &shelf->language) != OK) {
        shelf->language = NULL;
        arena_close(shelf->arena);
        shelf->arena = NULL;
    }
    arena_close(spare);
}

const struct language *language_of(struct language_shelf *shelf)
{
    check(pthread_mutex_lock(&shelf->lock) == 0);
    if (!shelf->tried) {
        shelf->tried = true;
        shelf_fill(shelf);
    }
    const struct language *language = shelf->language;
    check(pthread_mutex_unlock(&shelf->lock) == 0);
    return language;
}

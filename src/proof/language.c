/* HOW IT WORKS. Words are looked up by the hash of their characters, pairs of words by their two
 * numbers; both are open tables, filled once. What a slip may have been is one chained table more:
 * under the hash of the word with one character blotted out, with one left out, or of its sounds.
 */
#include "proof/language.h"

#include <pthread.h>
#include <string.h>

#include "base/check.h"

enum {
    WORDS_MAX = 65000,
    PAIR_SLOTS_LEAST = 64,
    HAN_FROM = 0x4E00,
    HAN_COUNT = 0x9FFF - 0x4E00 + 1,
    BLOT = 0x25A1,
    LIKE_CHARACTERS_MAX = 6,
    SOUNDED_CHARACTERS_MAX = 4,
    SOUGHT_MAX = 30, /* of one kind: the usual words */
    NO_SOUND = 0xFFFF,
    BEGIN_BITS = 1 << 21,
    FILTER_BITS = 1 << 22,
    LANGUAGE_BYTES_MAX = 64 << 20,
    BACK_SHIFT = 4 * LANGUAGE_UNIT, /* the file keeps them above nothing */
};

struct letter {
    uint16_t sounds[LANGUAGE_SOUNDS];
    uint16_t likes[LANGUAGE_SOUNDS]; /* the sound without zh, ng, l */
};

/* Those of one slot lie side by side, the usual words first. */
struct alike {
    uint32_t hash;
    uint16_t word;
    uint8_t how, at; /* at: the character blotted out */
};

struct language {
    uint32_t count; /* words, numbered from 1 */
    uint32_t number;
    uint16_t *codes;
    uint32_t *code_at; /* count + 2: where a word's characters begin */
    uint8_t *costs;
    int16_t *backs;
    uint32_t *word_slots;
    uint32_t word_mask;
    uint64_t *begins;
    const unsigned char *filter; /* of the file; lives as long */
    uint32_t *pair_keys;
    uint8_t *pair_costs;
    uint32_t pair_mask;
    struct letter *letters;
    uint16_t *letter_of; /* HAN_COUNT: index + 1 */
    struct alike *alikes;
    uint32_t *alike_from; /* alike_mask + 2: where the entries of a slot begin */
    uint32_t alike_mask;
};

/* --- the file --- */

struct source {
    const unsigned char *p;
    size_t n, at;
    bool bad;
};

static uint32_t byte_next(struct source *s)
{
    if (s->at >= s->n) {
        s->bad = true;
        return 0;
    }
    return s->p[s->at++];
}

static uint32_t u32_next(struct source *s)
{
    uint32_t n = 0;
    for (unsigned i = 0; i < 4; i++) {
        n |= byte_next(s) << (8 * i);
    }
    return n;
}

static uint32_t varint_next(struct source *s)
{
    uint32_t n = 0;
    for (unsigned shift = 0; shift < 28; shift += 7) {
        uint32_t b = byte_next(s);
        n |= (b & 127U) << shift;
        if (b < 128) {
            return n;
        }
    }
    s->bad = true;
    return 0;
}

/* The characters of a piece of text of at most 24 bytes, of the common plane. */
static size_t codes_next(struct source *s, uint32_t *codes)
{
    size_t size = byte_next(s);
    size_t count = 0;
    if (size == 0 || size > 3 * LANGUAGE_WORD_CHARACTERS || s->n - s->at < size) {
        s->bad = true;
        return 0;
    }
    Str text = {(const char *)s->p + s->at, size};
    for (size_t at = 0; at < size && count < LANGUAGE_WORD_CHARACTERS; count++) {
        if (!utf8_next(text, &at, &codes[count]) || codes[count] > 0xFFFF) {
            s->bad = true;
            return 0;
        }
    }
    s->at += size;
    return count;
}

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

static uint32_t pair_hash(uint32_t key)
{
    key *= 0x9E3779B1U;
    return key ^ (key >> 16);
}

static uint32_t slots_for(uint32_t count)
{
    uint32_t slots = PAIR_SLOTS_LEAST;
    while (slots < count * 2) {
        slots *= 2;
    }
    return slots;
}

/* --- words --- */

static bool word_is(const struct language *l, uint32_t word, const uint32_t *codes, size_t count)
{
    uint32_t from = l->code_at[word];
    if (l->code_at[word + 1] - from != count) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        if (l->codes[from + i] != codes[i]) {
            return false;
        }
    }
    return true;
}

static void word_add(struct language *l, uint32_t word, const uint32_t *codes, size_t count)
{
    uint32_t at = hash_codes(codes, count) & l->word_mask;
    while (l->word_slots[at] != 0) {
        at = (at + 1) & l->word_mask;
    }
    l->word_slots[at] = word;
    for (size_t i = 1; i < count; i++) {
        uint32_t bit = hash_codes(codes, i) % BEGIN_BITS;
        l->begins[bit / 64] |= UINT64_C(1) << (bit % 64);
    }
}

static void words_load(struct arena *arena, struct language *l, struct source *s)
{
    uint32_t slots = slots_for(l->count);
    uint32_t codes[LANGUAGE_WORD_CHARACTERS];
    size_t room = s->n / 3 + 1; /* characters: of three bytes, but for a few */
    l->codes = arena_array(arena, uint16_t, room);
    l->code_at = arena_array(arena, uint32_t, (size_t)l->count + 2);
    l->costs = arena_array(arena, uint8_t, (size_t)l->count + 1);
    l->backs = arena_array(arena, int16_t, (size_t)l->count + 1);
    l->begins = arena_array(arena, uint64_t, BEGIN_BITS / 64);
    l->word_slots = arena_array(arena, uint32_t, slots);
    l->word_mask = slots - 1;
    for (uint32_t word = 1; word <= l->count && !s->bad; word++) {
        size_t count = codes_next(s, codes);
        if (l->code_at[word] + count > room) {
            s->bad = true;
            return;
        }
        l->code_at[word + 1] = l->code_at[word] + (uint32_t)count;
        for (size_t i = 0; i < count; i++) {
            l->codes[l->code_at[word] + i] = (uint16_t)codes[i];
        }
        l->costs[word] = (uint8_t)byte_next(s);
        l->backs[word] = (int16_t)((int)byte_next(s) - BACK_SHIFT);
        (void)byte_next(s);
        word_add(l, word, codes, count);
    }
}

uint32_t language_word(const struct language *l, const uint32_t *codes, size_t count)
{
    if (l->count == 0) {
        return 0;
    }
    for (uint32_t at = hash_codes(codes, count) & l->word_mask; l->word_slots[at] != 0;
         at = (at + 1) & l->word_mask) {
        if (word_is(l, l->word_slots[at], codes, count)) {
            return l->word_slots[at];
        }
    }
    return 0;
}

bool language_begins(const struct language *l, const uint32_t *codes, size_t count)
{
    if (l->count == 0) {
        return false;
    }
    uint32_t bit = hash_codes(codes, count) % BEGIN_BITS;
    return (l->begins[bit / 64] >> (bit % 64) & 1) != 0;
}

bool language_knows(const struct language *l, const uint32_t *codes, size_t count)
{
    uint32_t hash = hash_codes(codes, count);
    for (uint32_t i = 0; i < 3 && l->count > 0; i++) {
        uint32_t bit = hash % FILTER_BITS;
        if ((l->filter[bit / 8] >> (bit % 8) & 1) == 0) {
            return false;
        }
        hash = hash_more(hash, i + 1);
    }
    return l->count > 0;
}

uint32_t language_number(const struct language *l)
{
    return l->number;
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

/* --- pairs --- */

static void pairs_load(struct arena *arena, struct language *l, struct source *s, uint32_t count)
{
    uint32_t slots = slots_for(count);
    l->pair_keys = arena_array(arena, uint32_t, slots);
    l->pair_costs = arena_array(arena, uint8_t, slots);
    l->pair_mask = slots - 1;
    for (uint32_t a = 1; a <= l->count && !s->bad; a++) {
        uint32_t follow = varint_next(s);
        uint32_t b = 0;
        for (uint32_t i = 0; i < follow && !s->bad; i++) {
            b += varint_next(s) + 1;
            uint32_t cost = byte_next(s);
            if (b > l->count || count-- == 0) {
                s->bad = true;
                return;
            }
            uint32_t key = a << 16 | b;
            uint32_t at = pair_hash(key) & l->pair_mask;
            while (l->pair_keys[at] != 0) {
                at = (at + 1) & l->pair_mask;
            }
            l->pair_keys[at] = key;
            l->pair_costs[at] = (uint8_t)cost;
        }
    }
}

static int pair_cost(const struct language *l, uint32_t a, uint32_t b)
{
    uint32_t key = a << 16 | b;
    for (uint32_t at = pair_hash(key) & l->pair_mask; l->pair_keys[at] != 0;
         at = (at + 1) & l->pair_mask) {
        if (l->pair_keys[at] == key) {
            return l->pair_costs[at];
        }
    }
    return -1;
}

int language_cost_after(const struct language *l, uint32_t a, uint32_t b)
{
    int cost = a == 0 || b == 0 ? -1 : pair_cost(l, a, b);
    return cost >= 0 ? cost : language_cost(l, b) + (a == 0 ? 0 : l->backs[a]);
}

bool language_follows(const struct language *l, uint32_t a, uint32_t b)
{
    return a != 0 && b != 0 && pair_cost(l, a, b) >= 0;
}

/* --- sounds --- */

static void letters_load(struct arena *arena, struct language *l, struct source *s, uint32_t count,
                         uint32_t sounds)
{
    uint16_t *like = arena_array(arena, uint16_t, (size_t)sounds + 1);
    for (uint32_t i = 0; i < sounds; i++) {
        like[i] = (uint16_t)varint_next(s);
    }
    l->letters = arena_array(arena, struct letter, (size_t)count + 1);
    l->letter_of = arena_array(arena, uint16_t, HAN_COUNT);
    for (uint32_t i = 0; i < count && !s->bad; i++) {
        uint32_t codes[LANGUAGE_WORD_CHARACTERS];
        size_t n = codes_next(s, codes);
        uint32_t readings = byte_next(s);
        memset(&l->letters[i], 0xFF, sizeof l->letters[i]);
        for (uint32_t k = 0; k < readings; k++) {
            uint32_t sound = varint_next(s);
            if (k < LANGUAGE_SOUNDS && sound < sounds) {
                l->letters[i].sounds[k] = (uint16_t)sound;
                l->letters[i].likes[k] = like[sound];
            }
        }
        if (n == 1 && codes[0] >= HAN_FROM && codes[0] < HAN_FROM + HAN_COUNT) {
            l->letter_of[codes[0] - HAN_FROM] = (uint16_t)(i + 1);
        }
    }
}

static const struct letter *letter_of(const struct language *l, uint32_t code)
{
    if (code < HAN_FROM || code >= HAN_FROM + HAN_COUNT || l->count == 0) {
        return NULL;
    }
    uint16_t at = l->letter_of[code - HAN_FROM];
    return at == 0 ? NULL : &l->letters[at - 1];
}

static bool shares(const uint16_t *a, const uint16_t *b)
{
    for (int i = 0; i < LANGUAGE_SOUNDS && a[i] != NO_SOUND; i++) {
        for (int k = 0; k < LANGUAGE_SOUNDS && b[k] != NO_SOUND; k++) {
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
    return shares(one->sounds, other->sounds) ? LIKE_SOUND
           : shares(one->likes, other->likes) ? LIKE_NEARLY
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
        l->alike_from[slot + 1]++;
        return;
    }
    l->alikes[alikes->fill[slot]++] = (struct alike){
        .hash = hash, .word = (uint16_t)word, .how = (uint8_t)how, .at = (uint8_t)at};
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
    language_take *take;
    void *arg;
};

/* Is the word what is sought, and not only of the same hash? */
static bool alike_is(const struct seeking *s, const struct alike *alike, int *likeness)
{
    size_t count = 0;
    const uint16_t *own = language_codes(s->language, alike->word, &count);
    size_t shorter = alike->how == SHORT ? 1 : 0;
    bool same = true;
    int worst = LIKE_SAME;
    if (count != s->count + shorter) {
        return false;
    }
    for (size_t i = 0, k = 0; i < count; i++) {
        if (shorter == 1 && i == alike->at) {
            continue;
        }
        enum likeness like = language_like(s->language, s->codes[k], own[i]);
        bool may = alike->how == SOUNDED || (alike->how == SWAPPED && i == alike->at);
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
    int taken = 0;
    for (uint32_t i = l->alike_from[slot]; i < l->alike_from[slot + 1] && taken < SOUGHT_MAX; i++) {
        const struct alike *alike = &l->alikes[i];
        int likeness = 0;
        bool fits = alike->hash == hash && alike->how == how && (how == SHORT || alike->at == at);
        if (fits && alike_is(s, alike, &likeness)) {
            s->take(s->arg, alike->word, how, likeness);
            taken++;
        }
    }
}

void language_lookalikes(const struct language *l, const uint32_t *codes, size_t count,
                         unsigned kinds, language_take *take, void *arg)
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

/* --- all of it --- */

enum status language_build(struct cx *cx, struct arena *arena, Str file,
                           const struct language **out)
{
    static const char magic[] = "TSLANG1\n";
    static const uint32_t figure[] = {'#'};
    struct language *l = arena_new(arena, struct language);
    *out = l;
    if (file.n == 0) {
        return OK;
    }
    struct source s = {(const unsigned char *)file.p, file.n, sizeof magic - 1, false};
    if (!str_starts(file, magic)) {
        return FAIL(cx, E_READ, "data-unreadable", "language.bin: not a file of this kind");
    }
    uint32_t words = u32_next(&s);
    uint32_t pairs = u32_next(&s);
    uint32_t letters = u32_next(&s);
    uint32_t sounds = u32_next(&s);
    /* Each takes a byte of the file at least: no count is larger than what can be there. */
    if (words == 0 || words > WORDS_MAX || pairs > file.n || letters > HAN_COUNT ||
        sounds > NO_SOUND - 1) {
        return FAIL(cx, E_READ, "data-unreadable", "language.bin: counts");
    }
    l->count = words;
    words_load(arena, l, &s);
    if (!s.bad) {
        pairs_load(arena, l, &s, pairs);
    }
    if (!s.bad) {
        letters_load(arena, l, &s, letters, sounds);
    }
    if (s.bad || s.n - s.at != FILTER_BITS / 8) {
        return FAIL(cx, E_READ, "data-unreadable", "language.bin: cut off or damaged");
    }
    l->filter = s.p + s.at;
    alikes_make(arena, l);
    l->number = language_word(l, figure, 1);
    return OK;
}

struct language_shelf {
    Str file;
    pthread_mutex_t lock;
    bool tried;
    struct arena *arena; /* of the language, as long as the program */
    const struct language *language;
};

struct language_shelf *language_shelf_new(struct arena *arena, Str file)
{
    struct language_shelf *shelf = arena_new(arena, struct language_shelf);
    shelf->file = file;
    check(pthread_mutex_init(&shelf->lock, NULL) == 0);
    return shelf;
}

const struct language *language_of(struct language_shelf *shelf)
{
    check(pthread_mutex_lock(&shelf->lock) == 0);
    if (!shelf->tried) {
        struct cx cx;
        shelf->arena = arena_open(LANGUAGE_BYTES_MAX);
        cx_init(&cx, shelf->arena);
        shelf->tried = true;
        if (language_build(&cx, shelf->arena, shelf->file, &shelf->language) != OK) {
            shelf->language = NULL;
            arena_close(shelf->arena);
            shelf->arena = NULL;
        }
    }
    const struct language *language = shelf->language;
    check(pthread_mutex_unlock(&shelf->lock) == 0);
    return language;
}

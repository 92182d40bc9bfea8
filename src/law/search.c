/* Grams are single code points and pairs of neighbours within one text of an item. A hash table
 * maps a gram to a run of positions of items, ascending: counted in one pass, filled in a second.
 * Each hit gets a grade; hits are answered grade by grade, within a grade in the order of the
 * items. */
#include "law/search.h"

#include <string.h>

#include "base/check.h"

enum { QUERY_BYTES_MAX = 100, TEXTS = 7, NONE = -1 };

enum grade {
    GRADE_CODE,
    GRADE_NAME,
    GRADE_ALIAS,
    GRADE_BEGINNING,
    GRADE_ALIAS_INITIALS,
    GRADE_SAID_INITIALS,
    GRADE_INITIALS_BEGINNING,
    GRADE_PART,
    GRADE_INITIALS_PART,
    GRADE_SHORT_FORM,
    GRADE_NONE,
};

struct gram {
    uint64_t key;  /* second code point << 32 | first, the second 0 for single ones; 0 is free */
    uint32_t from; /* into positions */
    uint32_t count;
    int32_t last; /* while building: item counted last, so that each is counted once */
};

struct search_index {
    const struct search_item *items;
    int count;
    struct gram *grams; /* open addressing, a power of two */
    size_t gram_mask;
    const uint32_t *positions;
};

static uint32_t code_lower(uint32_t code)
{
    return code >= 'A' && code <= 'Z' ? code + 32 : code;
}

static uint64_t gram_key(uint32_t first, uint32_t second)
{
    return ((uint64_t)second << 32) | first;
}

static size_t gram_slot(const struct gram *grams, size_t mask, uint64_t key)
{
    size_t slot = (size_t)((key * UINT64_C(0x9E3779B97F4A7C15)) >> 32) & mask;
    while (grams[slot].key != 0 && grams[slot].key != key) {
        slot = (slot + 1) & mask;
    }
    return slot;
}

/* --- building --- */
struct building {
    struct arena *scratch;
    struct gram *grams;
    size_t room;
    size_t used;
    uint32_t *positions; /* NULL while counting */
};

static void grams_grow(struct building *b)
{
    size_t room = b->room == 0 ? 4096 : b->room * 2;
    struct gram *grams = arena_array(b->scratch, struct gram, room);
    for (size_t i = 0; i < b->room; i++) {
        if (b->grams[i].key != 0) {
            grams[gram_slot(grams, room - 1, b->grams[i].key)] = b->grams[i];
        }
    }
    b->grams = grams;
    b->room = room;
}

static void gram_note(struct building *b, uint64_t key, int32_t item)
{
    if (b->used * 2 >= b->room) {
        grams_grow(b);
    }
    struct gram *gram = &b->grams[gram_slot(b->grams, b->room - 1, key)];
    if (gram->key == 0) {
        check(b->positions == NULL);
        *gram = (struct gram){.key = key, .last = NONE};
        b->used += 1;
    }
    if (gram->last == item) {
        return;
    }
    gram->last = item;
    if (b->positions != NULL) {
        b->positions[gram->from + gram->count] = (uint32_t)item;
    }
    gram->count += 1;
}

static void item_texts(const struct search_item *item, Str texts[TEXTS])
{
    texts[0] = item->name;
    texts[1] = item->alias;
    texts[2] = item->place;
    texts[3] = item->initials;
    texts[4] = item->place_initials;
    texts[5] = item->code;
    texts[6] = item->number;
}

/* The pairs of letters that meet where a stem is followed by another or by an ending; those within
 * them stand in the item's own initials, but not those of endings. */
static void said_note(struct building *b, const struct stem_place *said, int32_t at)
{
    for (int i = 0; i < said->count; i++) {
        const struct stem *stem = &said->stems[i];
        const size_t sizes[] = {stem->size, stem->letters.n};
        for (size_t s = 0; s < sizeof sizes / sizeof *sizes && stem->size > 0; s++) {
            uint32_t last = (unsigned char)stem->letters.p[sizes[s] - 1];
            for (int k = i + 1; k < said->count; k++) {
                uint32_t next = (unsigned char)said->stems[k].letters.p[0];
                gram_note(b, gram_key(last, next), at);
            }
            for (int e = 0;
                 i + 1 == said->count && said->endings != NULL && said->endings[e] != NULL; e++) {
                uint32_t next = (unsigned char)said->endings[e][0];
                gram_note(b, gram_key(last, next), at);
            }
        }
    }
    for (int e = 0; said->endings != NULL && said->endings[e] != NULL; e++) {
        for (const char *p = said->endings[e]; p[0] != '\0' && p[1] != '\0'; p++) {
            gram_note(b, gram_key((unsigned char)p[0], (unsigned char)p[1]), at);
        }
    }
}

static void item_note(struct building *b, const struct search_item *item, int32_t at)
{
    Str texts[TEXTS];
    item_texts(item, texts);
    for (int t = 0; t < TEXTS; t++) {
        size_t offset = 0;
        uint32_t code = 0;
        uint32_t before = 0;
        while (utf8_next(texts[t], &offset, &code)) {
            code = code_lower(code);
            gram_note(b, gram_key(code, 0), at);
            if (before != 0) {
                gram_note(b, gram_key(before, code), at);
            }
            before = code;
        }
    }
    if (item->said != NULL) {
        said_note(b, item->said, at);
    }
}

const struct search_index *search_build(struct arena *arena, struct arena *scratch,
                                        const struct search_item *items, int count)
{
    struct building b = {.scratch = scratch};
    grams_grow(&b);
    for (int i = 0; i < count; i++) {
        item_note(&b, &items[i], i);
    }
    uint32_t total = 0;
    for (size_t i = 0; i < b.room; i++) {
        b.grams[i].from = total;
        total += b.grams[i].count;
        b.grams[i].count = 0;
        b.grams[i].last = NONE;
    }
    b.positions = arena_array(arena, uint32_t, total + 1);
    for (int i = 0; i < count; i++) {
        item_note(&b, &items[i], i);
    }
    struct search_index *index = arena_new(arena, struct search_index);
    struct gram *grams = arena_array(arena, struct gram, b.room);
    memcpy(grams, b.grams, b.room * sizeof *grams);
    *index = (struct search_index){items, count, grams, b.room - 1, b.positions};
    return index;
}

/* --- asking --- */
static const struct gram *gram_find(const struct search_index *index, uint64_t key)
{
    const struct gram *gram = &index->grams[gram_slot(index->grams, index->gram_mask, key)];
    return gram->key == 0 ? NULL : gram;
}

static bool is_blank(uint32_t code)
{
    return code <= ' ' || code == 0x3000 || code == 0xA0;
}

bool search_is_blank(Str q)
{
    size_t offset = 0;
    uint32_t code = 0;
    while (utf8_next(q, &offset, &code)) {
        if (!is_blank(code)) {
            return false;
        }
    }
    return offset == q.n; /* bytes that are not UTF-8 are not blank: they are to find nothing */
}

/* q as it is compared. */
static Str search_normal(struct arena *arena, Str q)
{
    char *text = arena_alloc(arena, q.n + 1);
    size_t n = 0;
    size_t offset = 0;
    uint32_t code = 0;
    while (utf8_next(q, &offset, &code)) {
        if (code >= 0xFF01 && code <= 0xFF5E) {
            code -= 0xFEE0;
        }
        if (!is_blank(code)) {
            n += utf8_put(code_lower(code), text + n);
        }
    }
    return (Str){text, n};
}

static bool starts(Str text, Str q)
{
    return q.n <= text.n && memcmp(text.p, q.p, q.n) == 0;
}

static bool has(Str text, Str q)
{
    return q.n <= text.n && memmem(text.p, text.n, q.p, q.n) != NULL;
}

/* Like starts(), upper case in text taken as lower. */
static bool code_starts(Str code, Str q)
{
    if (q.n > code.n) {
        return false;
    }
    for (size_t i = 0; i < q.n; i++) {
        if (code_lower((unsigned char)code.p[i]) != (unsigned char)q.p[i]) {
            return false;
        }
    }
    return true;
}

/* 朝阳 for 朝阳区: text is q and nothing but the kind of a division behind it. */
static bool is_stem(Str text, Str q)
{
    if (!starts(text, q)) {
        return false;
    }
    Str rest = {text.p + q.n, text.n - q.n};
    return rest.n == 0 || stem_is_kind(rest);
}

static enum grade grade_of_letters(const struct search_item *item, Str q)
{
    if (str_same(item->alias_initials, q) || str_same(item->initials, q)) {
        return GRADE_ALIAS_INITIALS;
    }
    if (item->said != NULL && stem_place_is(item->said, q)) {
        return GRADE_SAID_INITIALS;
    }
    if (starts(item->alias_initials, q) || starts(item->initials, q)) {
        return GRADE_INITIALS_BEGINNING;
    }
    return has(item->initials, q) || has(item->place_initials, q) ? GRADE_INITIALS_PART
                                                                  : GRADE_NONE;
}

static enum grade grade_of(const struct search_item *item, Str q, bool letters)
{
    bool by_code = code_starts(item->code, q);
    bool by_number = code_starts(item->number, q);
    bool code_begins = by_code || by_number;
    if ((by_code && item->code.n == q.n) || (by_number && item->number.n == q.n)) {
        return GRADE_CODE;
    }
    if (letters) {
        enum grade grade = grade_of_letters(item, q);
        return code_begins && grade > GRADE_BEGINNING ? GRADE_BEGINNING : grade;
    }
    if (str_same(item->name, q)) {
        return GRADE_NAME;
    }
    if (item->alias.n > 0 && is_stem(item->alias, q)) {
        return GRADE_ALIAS;
    }
    if (code_begins || starts(item->name, q) || starts(item->alias, q)) {
        return GRADE_BEGINNING;
    }
    return has(item->name, q) || has(item->place, q) ? GRADE_PART : GRADE_NONE;
}

/* The characters of q in their order, in the place and then the name. */
static bool is_short_form(const struct search_item *item, Str q)
{
    const Str texts[2] = {item->place, item->name};
    size_t at = 0;
    uint32_t wanted = 0;
    bool more = utf8_next(q, &at, &wanted);
    for (int t = 0; t < 2 && more; t++) {
        size_t offset = 0;
        uint32_t code = 0;
        while (more && utf8_next(texts[t], &offset, &code)) {
            if (code_lower(code) == wanted) {
                more = utf8_next(q, &at, &wanted);
            }
        }
    }
    return !more;
}

/* 深圳中院 and 江苏高院 are written out, or they would fit too many names in their order. */
static Str written_out(struct arena *arena, Str q)
{
    static const char *const forms[][2] = {
        {"中院", "中级人民法院"}, {"最高院", "最高人民法院"}, {"高院", "高级人民法院"}};
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        if (str_ends(q, forms[i][0])) {
            return str_printf(arena, "%.*s%s", (int)(q.n - strlen(forms[i][0])), q.p, forms[i][1]);
        }
    }
    return q;
}

/* The rarest gram of q: pairs, or single characters when asked or when q is but one. NULL when q
 * holds one that no item has. */
static const struct gram *rarest(const struct search_index *index, Str q, bool single)
{
    const struct gram *best = NULL;
    size_t offset = 0;
    uint32_t code = 0;
    uint32_t before = 0;
    bool alone = single || utf8_count(q) == 1;
    while (utf8_next(q, &offset, &code)) {
        if (alone || before != 0) {
            const struct gram *gram =
                gram_find(index, alone ? gram_key(code, 0) : gram_key(before, code));
            if (gram == NULL) {
                return NULL;
            }
            best = best == NULL || gram->count < best->count ? gram : best;
        }
        before = code;
    }
    return best;
}

struct hits {
    unsigned char *grades; /* per position of the gram */
    int counts[GRADE_NONE + 1];
    int total;
};

static void hits_collect(const struct search_index *index, const struct search *search, Str q,
                         const struct gram *gram, bool short_form, struct hits *hits)
{
    bool letters = true;
    for (size_t i = 0; i < q.n; i++) {
        letters = letters && (unsigned char)q.p[i] < 0x80;
    }
    for (uint32_t i = 0; i < gram->count; i++) {
        const struct search_item *item = &index->items[index->positions[gram->from + i]];
        enum grade grade = GRADE_NONE;
        if (search->keep == NULL || search->keep(search->arg, item->id)) {
            grade = short_form ? (is_short_form(item, q) ? GRADE_SHORT_FORM : GRADE_NONE)
                               : grade_of(item, q, letters);
        }
        hits->grades[i] = (unsigned char)grade;
        hits->counts[grade] += 1;
        hits->total += grade != GRADE_NONE;
    }
}

static int hits_answer(const struct search_index *index, const struct gram *gram,
                       const struct hits *hits, int offset, int *out, int max)
{
    int next[GRADE_NONE + 1] = {0}; /* place of the next hit of each grade */
    for (int g = 1; g <= GRADE_NONE; g++) {
        next[g] = next[g - 1] + hits->counts[g - 1];
    }
    int written = 0;
    for (uint32_t i = 0; i < gram->count; i++) {
        if (hits->grades[i] == GRADE_NONE) {
            continue;
        }
        int place = next[hits->grades[i]]++ - offset;
        if (place >= 0 && place < max) {
            out[place] = index->items[index->positions[gram->from + i]].id;
            written += 1;
        }
    }
    return written;
}

/* Answers -1 when nothing fits at all, whatever the offset. */
static int find_by(const struct search_index *index, const struct search *search, Str q,
                   bool short_form, struct arena *scratch, int *out, int max)
{
    const struct gram *gram = rarest(index, q, short_form);
    if (gram == NULL) {
        return NONE;
    }
    struct hits hits = {.grades = arena_alloc(scratch, gram->count)};
    hits_collect(index, search, q, gram, short_form, &hits);
    return hits.total == 0 ? NONE : hits_answer(index, gram, &hits, search->offset, out, max);
}

int search_find(const struct search_index *index, const struct search *search, int *out, int max)
{
    check(search->offset >= 0 && max >= 0);
    if (search->q.n > QUERY_BYTES_MAX) {
        return 0;
    }
    struct arena *scratch = arena_open((size_t)1 << 24);
    Str q = search_normal(scratch, search->q);
    int found = 0;
    if (q.n > 0) {
        found = find_by(index, search, q, false, scratch, out, max);
        if (found == NONE && utf8_count(q) >= 3) {
            found = find_by(index, search, written_out(scratch, q), true, scratch, out, max);
        }
    }
    arena_close(scratch);
    return found == NONE ? 0 : found;
}

/* Slips are chained by their first three bytes (a character of the common plane), so that a text is
 * walked once whatever the length of the list. */
#include "proof/word.h"

#include <string.h>

#include "base/csv.h"
#include "proof/scan.h"

enum { SLOTS = 4096 };

struct words {
    struct slip *slips;
    uint32_t *next; /* index + 1 of the next slip of the same slot */
    uint32_t slots[SLOTS];
};

static uint32_t slot_of(const char *p)
{
    uint32_t a = (unsigned char)p[0];
    uint32_t b = (unsigned char)p[1];
    uint32_t c = (unsigned char)p[2];
    return (a * 5779U + b * 131U + c) % SLOTS;
}

enum status words_build(struct cx *cx, struct arena *arena, Str slips_tsv, const struct words **out)
{
    struct csv csv;
    TRY(csv_read(cx, "slips.tsv", slips_tsv, '\t', &csv));
    struct words *words = arena_new(arena, struct words);
    words->slips = arena_array(arena, struct slip, csv.rows + 1);
    words->next = arena_array(arena, uint32_t, csv.rows + 1);
    for (uint32_t i = 0; i < csv.rows; i++) {
        struct slip *slip = &words->slips[i];
        Str cells[4];
        static const char *const names[] = {"wrong", "right", "unless", "reason"};
        for (int k = 0; k < 4; k++) {
            Str cell = csv_cell(&csv, i, csv_column(&csv, names[k]));
            cells[k] = str_copy(arena, cell.p, cell.n);
        }
        *slip = (struct slip){cells[0], cells[1], cells[2], cells[3]};
        if (utf8_count(slip->wrong) < 2 || str_same(slip->wrong, slip->right)) {
            return FAIL(cx, E_READ, "data-unreadable", "slips.tsv:%u: no slip", i + 2);
        }
        uint32_t slot = slot_of(slip->wrong.p);
        words->next[i] = words->slots[slot];
        words->slots[slot] = i + 1;
    }
    *out = words;
    return OK;
}

/* Does one of the longer, right words stand around the slip? */
static bool is_excused(const struct slip *slip, Str text, size_t at)
{
    const char *word = slip->unless.p;
    for (size_t n = 0; (n = strcspn(word, " ")) > 0; word += n + (word[n] == ' ')) {
        const char *inside = strstr(word, slip->wrong.p);
        size_t before = inside == NULL ? n : (size_t)(inside - word);
        if (before < n && at >= before && text.n - (at - before) >= n &&
            memcmp(text.p + at - before, word, n) == 0) {
            return true;
        }
    }
    return false;
}

const struct slip *words_next(const struct words *words, Str text, size_t from, struct span *at)
{
    for (size_t i = from; i + 6 <= text.n; i++) {
        if (((unsigned char)text.p[i] & 0xC0U) == 0x80U) {
            continue;
        }
        for (uint32_t k = words->slots[slot_of(text.p + i)]; k != 0; k = words->next[k - 1]) {
            const struct slip *slip = &words->slips[k - 1];
            if (text.n - i >= slip->wrong.n &&
                memcmp(text.p + i, slip->wrong.p, slip->wrong.n) == 0 &&
                !is_excused(slip, text, i)) {
                *at = (struct span){i, i + slip->wrong.n};
                return slip;
            }
        }
    }
    return NULL;
}

#include "proof/lesson.h"

#include <string.h>

#include "proof/run.h"

enum { STOP = 0x3002, SLOTS_FIRST = 1 << 16 };

struct pairs {
    struct arena *arena;
    struct lesson_pair *slots; /* key 0: free */
    uint32_t mask, count;
};

static struct lesson_pair *pair_slot(const struct pairs *pairs, uint32_t key)
{
    uint32_t at = key * 0x9E3779B1U;
    at = (at ^ (at >> 16)) & pairs->mask;
    while (pairs->slots[at].key != 0 && pairs->slots[at].key != key) {
        at = (at + 1) & pairs->mask;
    }
    return &pairs->slots[at];
}

/* Twice as many slots. */
static void pairs_grow(struct pairs *pairs)
{
    struct pairs old = *pairs;
    pairs->mask = old.mask * 2 + 1;
    pairs->slots = arena_array(pairs->arena, struct lesson_pair, (size_t)pairs->mask + 1);
    for (uint32_t i = 0; i <= old.mask; i++) {
        if (old.slots[i].key != 0) {
            *pair_slot(pairs, old.slots[i].key) = old.slots[i];
        }
    }
}

static void pair_count(struct pairs *pairs, uint32_t first, uint32_t second)
{
    struct lesson_pair *pair = pair_slot(pairs, first << 16 | second);
    pairs->count += pair->key == 0;
    pair->key = first << 16 | second;
    pair->count++;
    if (pairs->count > pairs->mask / 2) {
        pairs_grow(pairs);
    }
}

/* The words of a run, the likeliest way by their costs alone; 0 for a character that is none. */
static int run_cut(const struct language *l, const struct token *tokens, int count,
                   uint32_t words[RUN_MAX])
{
    int costs[RUN_MAX + 1];
    uint32_t ending[RUN_MAX + 1];
    int from[RUN_MAX + 1];
    memset(costs, 0x7F, sizeof costs);
    costs[0] = 0;
    for (int at = 0; at < count; at++) {
        uint32_t node = LANGUAGE_ROOT;
        for (int to = at + 1; to <= count && node != LANGUAGE_NO_NODE; to++) {
            uint32_t word = 0;
            node = language_step(l, node, tokens[to - 1].code, &word);
            int cost = costs[at] + language_cost(l, word);
            if ((word != 0 || to == at + 1) && cost < costs[to]) {
                costs[to] = cost;
                ending[to] = word;
                from[to] = at;
            }
        }
    }
    int found = 0;
    for (int at = count; at > 0; at = from[at]) {
        words[RUN_MAX - ++found] = ending[at];
    }
    memmove(words, words + RUN_MAX - found, sizeof *words * (size_t)found);
    return found;
}

static void text_learn(const struct language *l, Str text, struct lesson *out, struct pairs *pairs)
{
    static const uint32_t stop[] = {STOP};
    struct run_reader reader = {.text = text, .in = {0, text.n}};
    struct token tokens[RUN_MAX];
    uint32_t words[RUN_MAX];
    for (int count = 0; (count = run_next(&reader, tokens)) > 0;) {
        uint32_t before = language_word(l, stop, 1);
        int found = run_cut(l, tokens, count, words);
        for (int i = 0; i < found; i++) {
            if (words[i] != 0 && before != 0) {
                pair_count(pairs, before, words[i]);
            }
            out->words[words[i]]++;
            out->total++;
            before = words[i];
        }
    }
}

void lesson_learn(struct arena *arena, const struct language *l, const Str *texts,
                  uint32_t text_count, struct lesson *out)
{
    struct pairs pairs = {arena, arena_array(arena, struct lesson_pair, SLOTS_FIRST),
                          SLOTS_FIRST - 1, 0};
    *out = (struct lesson){.words = arena_array(arena, uint32_t, language_count(l) + 1)};
    for (uint32_t i = 0; i < text_count; i++) {
        text_learn(l, texts[i], out, &pairs);
    }
    out->pairs = arena_array(arena, struct lesson_pair, pairs.count + 1);
    for (uint32_t i = 0; i <= pairs.mask; i++) {
        if (pairs.slots[i].key != 0) {
            out->pairs[out->pair_count++] = pairs.slots[i];
        }
    }
}

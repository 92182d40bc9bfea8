#include "law/drill.h"

enum { TURNS_MOST = 64 };

struct units {
    const struct court **courts;
    uint32_t count;
};

static bool is_below(const struct law_tables *tables, const struct court *court, Str above)
{
    while (court != NULL) {
        if (str_same(court->code, above)) {
            return true;
        }
        court = court_parent(tables, court);
    }
    return false;
}

/* A tribunal goes with its court. */
static bool is_chosen(const struct law_tables *tables, const struct court *court,
                      const struct drill_choice *choice)
{
    const struct court *owner =
        court->level == COURT_TRIBUNAL ? court_parent(tables, court) : court;
    for (uint32_t i = 0; i < choice->court_count; i++) {
        if (str_same(court->code, choice->courts[i]) ||
            (owner != NULL && str_same(owner->code, choice->courts[i]))) {
            return true;
        }
    }
    return choice->courts == NULL &&
           (choice->above.n == 0 || is_below(tables, court, choice->above));
}

static bool can_receive(const struct court *court, enum reach_kind kind)
{
    return reach_receives(court) &&
           (kind >= REACH_READING || reach_case_type(kind, court->level, false) != NULL ||
            reach_case_type(kind, court->level, true) != NULL);
}

static void units_sort(struct arena *arena, const struct law_tables *tables,
                       const struct drill_choice *choice, enum reach_kind kind, struct units *near,
                       struct units *far)
{
    near->courts = arena_array(arena, const struct court *, (size_t)tables->court_count);
    far->courts = arena_array(arena, const struct court *, (size_t)tables->court_count);
    near->count = 0;
    far->count = 0;
    for (int i = 0; i < tables->court_count; i++) {
        const struct court *court = &tables->courts[i];
        if (!is_chosen(tables, court, choice)) {
            continue;
        }
        if (reach_collaborates(court)) {
            near->courts[near->count++] = court;
        }
        if (can_receive(court, kind)) {
            far->courts[far->count++] = court;
        }
    }
}

static bool fits(const struct law_tables *tables, const struct court *from, const struct court *to,
                 enum reach_kind kind)
{
    return reach_check(tables, from->code, to->code, kind, NULL);
}

/* How far the two lists are turned against each other: the turn with the fewest that do not fit. */
static uint32_t turn_of(const struct law_tables *tables, const struct units *near,
                        const struct units *far, uint32_t pairs, enum reach_kind kind)
{
    uint32_t best = 0;
    uint32_t fewest = UINT32_MAX;
    for (uint32_t t = 0; t < TURNS_MOST && t < far->count && fewest > 0; t++) {
        uint32_t turn = (far->count / 2 + t) % far->count;
        uint32_t wrong = 0;
        for (uint32_t i = 0; i < pairs && wrong < fewest; i++) {
            wrong += fits(tables, near->courts[i % near->count],
                          far->courts[(i + turn) % far->count], kind)
                         ? 0
                         : 1;
        }
        best = wrong < fewest ? turn : best;
        fewest = wrong < fewest ? wrong : fewest;
    }
    return best;
}

/* The next that fits, from `at` on; NULL when nobody does. */
static const struct court *next_fit(const struct law_tables *tables, const struct units *units,
                                    uint32_t at, const struct court *other, bool other_is_near,
                                    enum reach_kind kind)
{
    for (uint32_t k = 0; k < units->count; k++) {
        const struct court *one = units->courts[(at + k) % units->count];
        if (other_is_near ? fits(tables, other, one, kind) : fits(tables, one, other, kind)) {
            return one;
        }
    }
    return NULL;
}

static void pair_add(struct drill_pair *pairs, uint32_t *count, const struct court *from,
                     const struct court *to, enum reach_kind kind)
{
    if (from != NULL && to != NULL) {
        pairs[(*count)++] = (struct drill_pair){from->code, to->code, kind};
    }
}

void drill_pairs(struct arena *arena, const struct law_tables *tables,
                 const struct drill_choice *choice, struct drill_pair **out, uint32_t *count)
{
    struct units near;
    struct units far;
    size_t most = 2 * (size_t)tables->court_count * choice->kind_count;
    *out = arena_array(arena, struct drill_pair, most);
    *count = 0;
    for (uint32_t k = 0; k < choice->kind_count; k++) {
        enum reach_kind kind = choice->kinds[k];
        units_sort(arena, tables, choice, kind, &near, &far);
        uint32_t pairs = near.count > far.count ? near.count : far.count;
        if (near.count == 0 || far.count == 0) {
            continue;
        }
        uint32_t turn = turn_of(tables, &near, &far, pairs, kind);
        for (uint32_t i = 0; i < pairs; i++) {
            const struct court *from = near.courts[i % near.count];
            const struct court *to = far.courts[(i + turn) % far.count];
            if (fits(tables, from, to, kind)) {
                pair_add(*out, count, from, to, kind);
                continue;
            }
            /* Both get another partner; whoever has come already in another round is left. */
            if (i < near.count) {
                pair_add(*out, count, from, next_fit(tables, &far, i + turn + 1, from, true, kind),
                         kind);
            }
            if (i < far.count) {
                pair_add(*out, count, next_fit(tables, &near, i + 1, to, false, kind), to, kind);
            }
        }
    }
}

void drill_choice_read(struct arena *arena, const struct value *drill, struct drill_choice *out)
{
    const struct value *courts = value_get(drill, "courts");
    const struct value *kinds = value_get(drill, "kinds");
    Str *codes = arena_array(arena, Str, value_count(courts));
    enum reach_kind *wanted = arena_array(arena, enum reach_kind, value_count(kinds));
    *out = (struct drill_choice){.above = value_get_str(drill, "above"), .kinds = wanted};
    for (uint32_t i = 0; i < value_count(courts); i++) {
        codes[out->court_count++] = value_as_str(value_item(courts, i));
    }
    out->courts = out->court_count == 0 ? NULL : codes;
    for (uint32_t i = 0; i < value_count(kinds); i++) {
        if (reach_kind_parse(value_as_str(value_item(kinds, i)), &wanted[out->kind_count])) {
            out->kind_count += 1;
        }
    }
}

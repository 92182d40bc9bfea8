#include <string.h>

#include "base/check.h"
#include "law/table_build.h"

static const char *const LEVELS[] = {"最高", "高级", "中级", "基层", "人民法庭"};
static const char *const KINDS[] = {"general",     "functional", "rail",     "forest",
                                    "reclamation", "xpcc",       "maritime", "ip",
                                    "finance",     "internet",   "military"};

enum { LEVEL_COUNT = sizeof LEVELS / sizeof *LEVELS, KIND_COUNT = sizeof KINDS / sizeof *KINDS };

const char *court_level_name(enum court_level level)
{
    check((unsigned)level < LEVEL_COUNT);
    return LEVELS[level];
}

const char *court_kind_name(enum court_kind kind)
{
    check((unsigned)kind < KIND_COUNT);
    return KINDS[kind];
}

bool court_level_parse(Str text, enum court_level *out)
{
    for (unsigned i = 0; i < LEVEL_COUNT; i++) {
        if (str_is(text, LEVELS[i])) {
            *out = (enum court_level)i;
            return true;
        }
    }
    return false;
}

bool court_kind_parse(Str text, enum court_kind *out)
{
    for (unsigned i = 0; i < KIND_COUNT; i++) {
        if (str_is(text, KINDS[i])) {
            *out = (enum court_kind)i;
            return true;
        }
    }
    return false;
}

int court_index(const struct law_tables *tables, Str code)
{
    int from = 0;
    int to = tables->court_count;
    while (from < to) {
        int middle = from + (to - from) / 2;
        int order = str_compare(tables->courts[middle].code, code);
        if (order == 0) {
            return middle;
        }
        if (order < 0) {
            from = middle + 1;
        } else {
            to = middle;
        }
    }
    return -1;
}

const struct court *court_by_code(const struct law_tables *tables, Str code)
{
    int i = court_index(tables, code);
    return i < 0 ? NULL : &tables->courts[i];
}

const struct court *court_by_name(const struct law_tables *tables, Str name)
{
    int from = 0;
    int to = tables->court_count;
    while (from < to) {
        int middle = from + (to - from) / 2;
        const struct court *court = &tables->courts[tables->courts_by_name[middle]];
        int order = str_compare(court->name, name);
        if (order == 0) {
            return court;
        }
        if (order < 0) {
            from = middle + 1;
        } else {
            to = middle;
        }
    }
    return NULL;
}

const struct court *court_parent(const struct law_tables *tables, const struct court *court)
{
    return court->parent < 0 ? NULL : &tables->courts[court->parent];
}

Str court_province(struct arena *arena, const struct court *court)
{
    return court->level == COURT_SUPREME ? STR("") : utf8_head(arena, court->code, 1);
}

Str court_province_name(const struct law_tables *tables, Str province)
{
    static const struct {
        const char *province;
        Str name;
    } placeless[] = {{"兵", {"新疆生产建设兵团", 24}}, {"军", {"军事法院", 12}}};
    const struct court *high = court_by_code(tables, province.n == 0 ? STR("最高法") : province);
    for (size_t i = 0; i < sizeof placeless / sizeof placeless[0]; i++) {
        if (str_is(province, placeless[i].province)) {
            return placeless[i].name;
        }
    }
    if (high == NULL) {
        return province;
    }
    const struct division *place =
        province.n == 0 ? NULL : division_by_code(tables, high->division);
    return place == NULL ? high->name : place->name;
}

/* --- the court of a division --- */

const struct court *court_above(const struct law_tables *tables, const struct court *court,
                                enum court_level level)
{
    while (court != NULL && court->level > level) {
        court = court_parent(tables, court);
    }
    return court != NULL && court->level == level ? court : NULL;
}

static const struct court *served_by(const struct law_tables *tables, int place)
{
    return &tables->courts[tables->courts_by_division[place]];
}

/* The first place in courts_by_division whose division is not before this one. */
static int division_lower_bound(const struct law_tables *tables, Str division)
{
    int from = 0;
    int to = tables->court_division_count;
    while (from < to) {
        int middle = from + (to - from) / 2;
        if (str_compare(served_by(tables, middle)->division, division) < 0) {
            from = middle + 1;
        } else {
            to = middle;
        }
    }
    return from;
}

/* The court of the level that serves exactly this division, or stands above all that do. */
static const struct court *court_serving(const struct law_tables *tables, Str division,
                                         enum court_level level)
{
    const struct court *found = NULL;
    for (int i = division_lower_bound(tables, division); i < tables->court_division_count; i++) {
        const struct court *court = served_by(tables, i);
        if (!str_same(court->division, division)) {
            break;
        }
        if (court->level < level) {
            continue;
        }
        const struct court *above = court_above(tables, court, level);
        if (above == NULL || (found != NULL && found != above)) {
            return NULL;
        }
        found = above;
    }
    return found;
}

const struct court *court_of_division(const struct law_tables *tables, Str division,
                                      enum court_level level)
{
    if (level == COURT_SUPREME) {
        return court_by_code(tables, STR("最高法"));
    }
    const struct division *place = division_by_code(tables, division);
    const struct court *court = court_serving(tables, division, level);
    while (court == NULL && place != NULL && place->parent >= 0) {
        place = &tables->divisions[place->parent];
        court = court_serving(tables, place->code, level);
    }
    return court;
}

/* --- search --- */
struct court_filter {
    const struct law_tables *tables;
    int level;  /* -1 for any */
    int parent; /* -1 for any */
    bool direct;
};

static bool court_is_below(const struct law_tables *tables, int court, int above)
{
    int i = tables->courts[court].parent;
    while (i >= 0 && i != above) {
        i = tables->courts[i].parent;
    }
    return i >= 0;
}

static bool court_keep(const void *arg, int id)
{
    const struct court_filter *filter = arg;
    const struct court *court = &filter->tables->courts[id];
    if (filter->level >= 0 && (int)court->level != filter->level) {
        return false;
    }
    if (filter->parent < 0) {
        return true;
    }
    return filter->direct ? court->parent == filter->parent
                          : court_is_below(filter->tables, id, filter->parent);
}

int court_search(const struct law_tables *tables, Str q, int level, Str parent, int offset,
                 int *out, int max)
{
    bool listing = search_is_blank(q);
    struct court_filter filter = {tables, level, -1, listing};
    if (parent.n > 0) {
        filter.parent = court_index(tables, parent);
        if (filter.parent < 0) {
            return 0;
        }
    }
    if (listing) {
        return table_list(tables->court_order, tables->court_count, court_keep, &filter, offset,
                          out, max);
    }
    struct search search = {q, offset, court_keep, &filter};
    return search_find(tables->court_index, &search, out, max);
}

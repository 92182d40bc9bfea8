#include "law/stem.h"

#include <string.h>

enum { STEM_CHARACTERS_MIN = 2 };

/* The longer ones first, where one ends with another. */
static const char *const kinds[] = {"特别行政区", "自治区", "自治州", "自治县", "自治旗",
                                    "地区",       "新区",   "省",     "市",     "区",
                                    "县",         "旗",     "盟"};

bool stem_is_kind(Str text)
{
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        if (str_is(text, kinds[i])) {
            return true;
        }
    }
    return false;
}

struct stem stem_of(Str name, Str letters)
{
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        Str kind = str_of(kinds[i]);
        size_t left = utf8_count(name) - utf8_count(kind);
        if (str_ends(name, kinds[i]) && left >= STEM_CHARACTERS_MIN &&
            letters.n == utf8_count(name)) { /* a character without a letter: nothing to count by */
            return (struct stem){letters, left};
        }
    }
    return (struct stem){letters, letters.n};
}

static bool starts(Str text, Str beginning)
{
    return beginning.n <= text.n && memcmp(text.p, beginning.p, beginning.n) == 0;
}

static bool is_ending(const struct stem_place *place, Str rest)
{
    for (size_t i = 0; place->endings != NULL && place->endings[i] != NULL; i++) {
        if (str_is(rest, place->endings[i])) {
            return true;
        }
    }
    return rest.n == 0;
}

/* Whether q is said from the stem at `from` on. As deep as a chain of divisions is long. */
static bool said_from(const struct stem_place *place, int from, /* NOLINT(misc-no-recursion) */
                      Str q)
{
    for (int i = from; i < place->count; i++) {
        const struct stem *stem = &place->stems[i];
        const size_t sizes[] = {stem->size, stem->letters.n};
        for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++) {
            if (sizes[s] == 0 || !starts(q, (Str){stem->letters.p, sizes[s]})) {
                continue;
            }
            Str rest = {q.p + sizes[s], q.n - sizes[s]};
            if (i + 1 == place->count ? is_ending(place, rest) : said_from(place, i + 1, rest)) {
                return true;
            }
        }
    }
    return false;
}

bool stem_place_is(const struct stem_place *place, Str q)
{
    return said_from(place, 0, q);
}

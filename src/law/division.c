#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "law/table_build.h"
#include "law/table_read.h"

enum { CODE, NAME, PARENT, LEVEL };

static const char *const COLUMNS[] = {"code", "name", "parent", "level", NULL};

enum { DIVISION_LEVELS = 3 };

static int by_code(const void *a, const void *b)
{
    return str_compare(((const struct division *)a)->code, ((const struct division *)b)->code);
}

int division_index(const struct law_tables *tables, Str code)
{
    int from = 0;
    int to = tables->division_count;
    while (from < to) {
        int middle = from + (to - from) / 2;
        int order = str_compare(tables->divisions[middle].code, code);
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

const struct division *division_by_code(const struct law_tables *tables, Str code)
{
    int i = division_index(tables, code);
    return i < 0 ? NULL : &tables->divisions[i];
}

static enum status row_read(struct table_build *b, const struct table *table, int row,
                            struct division *out)
{
    struct cx *cx = b->cx;
    int64_t level = 0;
    Str code = table_cell(table, row, CODE);
    int64_t number = 0;
    if (code.n != 6 || !str_int(code, &number) || number < 0) {
        return table_fault(table, row, "a division code has six digits", code);
    }
    if (!str_int(table_cell(table, row, LEVEL), &level) || level < 1 || level > DIVISION_LEVELS) {
        return table_fault(table, row, "a level is 1, 2 or 3", table_cell(table, row, LEVEL));
    }
    if (table_cell(table, row, NAME).n == 0) {
        return table_fault(table, row, "a division without a name", code);
    }
    *out = (struct division){
        .code = table_keep(b, code),
        .name = table_keep(b, table_cell(table, row, NAME)),
        .initials = table_initials(b, table_cell(table, row, NAME)),
        .parent = -1,
        .level = (int)level,
    };
    return cx_ceiling(cx, __FILE__, __LINE__);
}

/* The divisions are sorted now; rows are not. */
static enum status parents_resolve(struct table_build *b, const struct table *table,
                                   struct division *divisions)
{
    for (int row = 0; row < table->rows; row++) {
        struct division *division =
            &divisions[division_index(b->tables, table_cell(table, row, CODE))];
        Str parent = table_cell(table, row, PARENT);
        if (parent.n > 0) {
            division->parent = division_index(b->tables, parent);
        }
        bool is_root = division->level == 1;
        if (is_root != (parent.n == 0) || is_root != (division->parent < 0) ||
            (!is_root && divisions[division->parent].level >= division->level)) {
            return table_fault(table, row, "no such parent above a division of this level", parent);
        }
    }
    return OK;
}

/* A division with everything above it, as search text: names and their initials. */
static void place_make(struct table_build *b, int division, Str *place, Str *initials)
{
    const struct division *chain[DIVISION_LEVELS];
    int depth = 0;
    while (division >= 0) {
        check(depth < DIVISION_LEVELS);
        chain[depth++] = &b->tables->divisions[division];
        division = chain[depth - 1]->parent;
    }
    struct buf names;
    struct buf letters;
    buf_init(&names, b->cx->arena, 1024);
    buf_init(&letters, b->cx->arena, 256);
    while (depth-- > 0) {
        buf_str(&names, chain[depth]->name);
        buf_str(&letters, chain[depth]->initials);
    }
    *place = table_keep(b, buf_done(&names));
    *initials = table_keep(b, buf_done(&letters));
}

/* A division with everything above it, as people say it. */
static const struct stem_place *said_make(struct table_build *b, int division)
{
    const struct division *divisions = b->tables->divisions;
    struct stem_place *said = arena_new(b->arena, struct stem_place);
    struct stem *stems = arena_array(b->arena, struct stem, DIVISION_LEVELS);
    int from = DIVISION_LEVELS;
    while (division >= 0) {
        check(from > 0);
        stems[--from] = stem_of(divisions[division].name, divisions[division].initials);
        division = divisions[division].parent;
    }
    *said = (struct stem_place){&stems[from], DIVISION_LEVELS - from, NULL};
    return said;
}

static void index_build(struct table_build *b)
{
    const struct law_tables *tables = b->tables;
    struct search_item *items = arena_array(b->arena, struct search_item, tables->division_count);
    struct search_item *places =
        arena_array(b->cx->arena, struct search_item, tables->division_count);
    int count = 0;
    for (int level = 1; level <= DIVISION_LEVELS; level++) {
        for (int i = 0; i < tables->division_count; i++) {
            const struct division *division = &tables->divisions[i];
            if (division->level != level) {
                continue;
            }
            struct search_item *item = &items[count++];
            *item = (struct search_item){
                .id = i,
                .code = division->code,
                .name = division->name,
                .initials = division->initials,
                .alias = division->name, /* so that 朝阳 is as good as 朝阳区 */
                .alias_initials = division->initials,
            };
            place_make(b, i, &item->place, &item->place_initials);
            item->said = said_make(b, i);
            places[i] = *item;
        }
    }
    b->places = places;
    b->tables->division_index = search_build(b->arena, b->cx->arena, items, count);
}

enum status division_table_build(struct table_build *b, Str divisions_csv)
{
    struct cx *cx = b->cx;
    struct table table;
    TRY(table_open(cx, "divisions.csv", divisions_csv, COLUMNS, &table));
    struct division *divisions = arena_array(b->arena, struct division, table.rows + 1);
    for (int row = 0; row < table.rows; row++) {
        TRY(row_read(b, &table, row, &divisions[row]));
    }
    qsort(divisions, (size_t)table.rows, sizeof *divisions, by_code);
    b->tables->divisions = divisions;
    b->tables->division_count = table.rows;
    for (int i = 1; i < table.rows; i++) {
        if (str_same(divisions[i].code, divisions[i - 1].code)) {
            return FAIL(cx, E_READ, "data-unreadable", "divisions.csv: %s is given twice",
                        divisions[i].code.p);
        }
    }
    TRY(parents_resolve(b, &table, divisions));
    index_build(b);
    return OK;
}

Str division_full_name(struct arena *arena, const struct law_tables *tables, Str code)
{
    Str name = {"", 0};
    for (int i = division_index(tables, code); i >= 0; i = tables->divisions[i].parent) {
        Str own = tables->divisions[i].name;
        name = name.n == 0 ? own : str_printf(arena, "%s%s", own.p, name.p);
    }
    return name;
}

static bool is_below(const struct law_tables *tables, int division, int above)
{
    for (int i = division; i >= 0; i = tables->divisions[i].parent) {
        if (i == above) {
            return true;
        }
    }
    return false;
}

struct division_filter {
    const struct law_tables *tables;
    int parent; /* -1 for none */
    bool direct;
};

static bool division_keep(const void *arg, int id)
{
    const struct division_filter *filter = arg;
    if (filter->direct) {
        return filter->tables->divisions[id].parent == filter->parent;
    }
    return filter->parent < 0 ||
           (id != filter->parent && is_below(filter->tables, id, filter->parent));
}

int division_search(const struct law_tables *tables, Str q, Str parent, int offset, int *out,
                    int max)
{
    struct division_filter filter = {tables, -1, search_is_blank(q)};
    if (parent.n > 0) {
        filter.parent = division_index(tables, parent);
        if (filter.parent < 0) {
            return 0;
        }
    }
    if (filter.direct) {
        return table_list(NULL, tables->division_count, division_keep, &filter, offset, out, max);
    }
    struct search search = {q, offset, division_keep, &filter};
    return search_find(tables->division_index, &search, out, max);
}

/* --- addresses --- */
static const char *const KINDS[] = {"维吾尔自治区", "壮族自治区", "回族自治区", "特别行政区",
                                    "自治区",       "省",         "市",         "区",
                                    "县",           "盟",         "旗"};
/* What a bare name is followed by when it is a street or a village and not the division. */
static const char *const STREETS[] = {"路", "街", "大道", "道", "镇",   "乡",
                                      "村", "巷", "里",   "桥", "新村", "大厦"};

static bool text_at(Str text, size_t offset, const char *part)
{
    size_t n = strlen(part);
    return n <= text.n - offset && memcmp(text.p + offset, part, n) == 0;
}

/* Bytes of the name without its kind; the whole when less than two characters would stay. */
static size_t stem_bytes(Str name)
{
    for (size_t i = 0; i < sizeof KINDS / sizeof *KINDS; i++) {
        size_t n = strlen(KINDS[i]);
        if (str_ends(name, KINDS[i]) && name.n >= n + 6) {
            return name.n - n;
        }
    }
    return name.n;
}

/* How many bytes of the address at offset name the division; 0 for none. */
static size_t division_matches(const struct division *division, Str address, size_t offset,
                               bool in_context)
{
    Str name = division->name;
    if (text_at(address, offset, name.p)) {
        return name.n;
    }
    size_t stem = stem_bytes(name);
    if (stem == name.n || stem > address.n - offset || (division->level == 3 && !in_context) ||
        memcmp(address.p + offset, name.p, stem) != 0) {
        return 0;
    }
    for (size_t i = 0; i < sizeof STREETS / sizeof *STREETS; i++) {
        if (text_at(address, offset + stem, STREETS[i])) {
            return 0;
        }
    }
    return stem;
}

/* The best next step: the longest match below `within`, then the highest level. *unsure when two
 * are equally good. */
static int address_step(const struct law_tables *tables, Str address, size_t *offset, int within,
                        bool *unsure)
{
    int best = -1;
    size_t best_bytes = 0;
    *unsure = false;
    for (int i = 0; i < tables->division_count; i++) {
        const struct division *division = &tables->divisions[i];
        if (within >= 0 && (i == within || !is_below(tables, i, within))) {
            continue;
        }
        size_t bytes = division_matches(division, address, *offset, within >= 0);
        if (bytes == 0 || bytes < best_bytes) {
            continue;
        }
        if (bytes == best_bytes && tables->divisions[best].level <= division->level) {
            *unsure = *unsure || tables->divisions[best].level == division->level;
            continue;
        }
        best = i;
        best_bytes = bytes;
        *unsure = false;
    }
    *offset += best_bytes;
    return best;
}

const struct division *division_of_address(const struct law_tables *tables, Str address)
{
    int found = -1;
    size_t offset = 0;
    while (offset < address.n && (address.p[offset] == ' ' || address.p[offset] == '\t')) {
        offset += 1;
    }
    for (int step = 0; step < DIVISION_LEVELS; step++) {
        bool unsure = false;
        int next = address_step(tables, address, &offset, found, &unsure);
        if (next < 0 || unsure) {
            break;
        }
        found = next;
    }
    return found < 0 ? NULL : &tables->divisions[found];
}

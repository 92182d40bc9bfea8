/* Builds the courts of a table set from data/tables/courts.csv. */
#include <stdlib.h>

#include "base/check.h"
#include "law/table_build.h"
#include "law/table_read.h"

enum { CODE, NAME, LEVEL, KIND, PARENT, DIVISION, BASIS, SOURCE, VALID_FROM, VALID_TO };

static const char *const COLUMNS[] = {"code",        "name",      "level",      "kind",
                                      "parent",      "division",  "code_basis", "?name_source",
                                      "?valid_from", "?valid_to", NULL};

static const char *const BASES[] = {"known", "rule", "recalled", "ours"};

static const char *basis_of(Str text)
{
    for (size_t i = 0; i < sizeof BASES / sizeof *BASES; i++) {
        if (str_is(text, BASES[i])) {
            return BASES[i];
        }
    }
    return NULL;
}

/* The division's own text when the table knows it, so that it is kept once. */
static enum status division_read(struct table_build *b, const struct table *table, int row,
                                 Str *out)
{
    Str code = table_cell(table, row, DIVISION);
    const struct division *division = division_by_code(b->tables, code);
    if (division == NULL && code.n > 0 && b->tables->division_count > 0) {
        return table_fault(table, row, "no such division", code);
    }
    *out = division != NULL ? division->code : table_keep(b, code);
    return OK;
}

static enum status row_read(struct table_build *b, const struct table *table, int row,
                            struct court *out)
{
    struct cx *cx = b->cx;
    Str code = table_cell(table, row, CODE);
    Str name = table_cell(table, row, NAME);
    const char *basis = basis_of(table_cell(table, row, BASIS));
    if (code.n == 0 || name.n == 0) {
        return table_fault(table, row, "a court needs a code and a name", name);
    }
    if (basis == NULL) {
        return table_fault(table, row, "a code_basis is known, rule, recalled or ours",
                           table_cell(table, row, BASIS));
    }
    *out = (struct court){.code = table_keep(b, code),
                          .name = table_keep(b, name),
                          .initials = table_initials(b, name),
                          .parent = -1,
                          .code_basis = basis,
                          .published = !text_is(basis, "ours"),
                          .generated = str_starts(table_cell(table, row, SOURCE), "township:")};
    if (!court_level_parse(table_cell(table, row, LEVEL), &out->level)) {
        return table_fault(table, row, "no such level of court", table_cell(table, row, LEVEL));
    }
    if (!court_kind_parse(table_cell(table, row, KIND), &out->kind)) {
        return table_fault(table, row, "no such kind of court", table_cell(table, row, KIND));
    }
    TRY(division_read(b, table, row, &out->division));
    TRY(table_date(table, row, VALID_FROM, true, &out->valid_from));
    TRY(table_date(table, row, VALID_TO, true, &out->valid_to));
    return OK;
}

/* --- sorting indices by what they point to --- */
struct keyed {
    Str first;
    Str second;
    int number;
    int index;
};

static int by_key(const void *a, const void *b)
{
    const struct keyed *left = a;
    const struct keyed *right = b;
    int order = str_compare(left->first, right->first);
    if (order == 0) {
        order = str_compare(left->second, right->second);
    }
    return order != 0 ? order : left->number - right->number;
}

static int *keyed_sort(struct arena *arena, struct keyed *keyed, int count)
{
    qsort(keyed, (size_t)count, sizeof *keyed, by_key);
    int *indices = arena_array(arena, int, count + 1);
    for (int i = 0; i < count; i++) {
        indices[i] = keyed[i].index;
    }
    return indices;
}

/* Puts the rows into the order of their codes; court_order remembers that of the text. */
static enum status courts_sort(struct table_build *b, const struct court *rows, int count,
                               struct court **out)
{
    struct cx *cx = b->cx;
    struct keyed *keyed = arena_array(cx->arena, struct keyed, count + 1);
    for (int i = 0; i < count; i++) {
        keyed[i] = (struct keyed){.first = rows[i].code, .index = i};
    }
    const int *sorted = keyed_sort(cx->arena, keyed, count);
    struct court *courts = arena_array(b->arena, struct court, count + 1);
    int *order = arena_array(b->arena, int, count + 1);
    for (int i = 0; i < count; i++) {
        courts[i] = rows[sorted[i]];
        order[sorted[i]] = i;
        if (i > 0 && str_same(courts[i].code, courts[i - 1].code)) {
            return FAIL(cx, E_READ, "data-unreadable", "courts.csv: the code %s is given twice",
                        courts[i].code.p);
        }
    }
    *out = courts;
    b->tables->courts = courts;
    b->tables->court_order = order;
    b->tables->court_count = count;
    return OK;
}

static enum status names_sort(struct table_build *b)
{
    const struct law_tables *tables = b->tables;
    struct cx *cx = b->cx;
    struct keyed *keyed = arena_array(cx->arena, struct keyed, tables->court_count + 1);
    for (int i = 0; i < tables->court_count; i++) {
        keyed[i] = (struct keyed){.first = tables->courts[i].name, .index = i};
    }
    const int *names = keyed_sort(b->arena, keyed, tables->court_count);
    for (int i = 1; i < tables->court_count; i++) {
        if (str_same(tables->courts[names[i]].name, tables->courts[names[i - 1]].name)) {
            return FAIL(cx, E_READ, "data-unreadable", "courts.csv: the name %s is given twice",
                        tables->courts[names[i]].name.p);
        }
    }
    b->tables->courts_by_name = names;
    return OK;
}

static void divisions_sort(struct table_build *b)
{
    const struct law_tables *tables = b->tables;
    struct keyed *keyed = arena_array(b->cx->arena, struct keyed, tables->court_count + 1);
    int count = 0;
    for (int i = 0; i < tables->court_count; i++) {
        const struct court *court = &tables->courts[i];
        bool serves = court->kind == COURT_GENERAL || court->kind == COURT_FUNCTIONAL ||
                      court->kind == COURT_XPCC;
        if (serves && court->division.n > 0 && court->level != COURT_TRIBUNAL) {
            keyed[count++] = (struct keyed){court->division, court->code, (int)court->level, i};
        }
    }
    b->tables->courts_by_division = keyed_sort(b->arena, keyed, count);
    b->tables->court_division_count = count;
}

/* A parent is of a higher level, so that no court hangs below itself. */
static enum status parents_resolve(struct table_build *b, const struct table *table,
                                   struct court *courts)
{
    for (int row = 0; row < table->rows; row++) {
        struct court *court = &courts[b->tables->court_order[row]];
        Str parent = table_cell(table, row, PARENT);
        /* NOLINTNEXTLINE(clang-analyzer-core.NullDereference): a court for each row */
        court->parent = parent.n == 0 ? -1 : court_index(b->tables, parent);
        bool is_top = court->level == COURT_SUPREME;
        if (is_top != (parent.n == 0) || is_top != (court->parent < 0) ||
            (!is_top && courts[court->parent].level >= court->level)) {
            return table_fault(table, row, "no such court of a higher level", parent);
        }
        if (court->level == COURT_TRIBUNAL && courts[court->parent].level != COURT_BASIC) {
            return table_fault(table, row, "a tribunal belongs to a basic court", parent);
        }
    }
    return OK;
}

/* --- search --- */

/* The division a court is in: its own, or that of the nearest court above with one. */
static int seat_of(const struct law_tables *tables, int court)
{
    int division = -1;
    while (court >= 0 && division < 0) {
        division = division_index(tables, tables->courts[court].division);
        court = tables->courts[court].parent;
    }
    return division;
}

/* The place as people say it, and 法院, 中院 or 高院 behind it. */
static const struct stem_place *said_make(struct table_build *b, int seat, enum court_level level)
{
    static const char *const basic[] = {"fy", "rmfy", NULL};
    static const char *const intermediate[] = {"zy", "fy", "zjrmfy", NULL};
    static const char *const high[] = {"gy", "fy", "gjrmfy", NULL};
    struct stem_place *said = arena_new(b->arena, struct stem_place);
    *said = *b->places[seat].said;
    said->endings = level == COURT_BASIC ? basic : level == COURT_HIGH ? high : intermediate;
    return said;
}

static void item_fill(struct table_build *b, int court, struct search_item *item)
{
    const struct law_tables *tables = b->tables;
    const struct court *c = &tables->courts[court];
    const struct search_item *places = b->places;
    int seat = seat_of(tables, court);
    *item = (struct search_item){
        .id = court, .code = c->code, .name = c->name, .initials = c->initials};
    if (seat >= 0) {
        item->place = places[seat].place;
        item->place_initials = places[seat].place_initials;
    }
    if (seat >= 0 && c->division.n > 0 && c->level != COURT_TRIBUNAL) {
        item->number = c->division;
        item->alias = tables->divisions[seat].name;
        item->alias_initials = tables->divisions[seat].initials;
        item->said = said_make(b, seat, c->level);
    }
}

static void index_build(struct table_build *b)
{
    static const enum court_level levels[] = {COURT_BASIC, COURT_INTERMEDIATE, COURT_HIGH,
                                              COURT_SUPREME, COURT_TRIBUNAL};
    const struct law_tables *tables = b->tables;
    struct search_item *items = arena_array(b->arena, struct search_item, tables->court_count);
    int count = 0;
    for (size_t l = 0; l < sizeof levels / sizeof *levels; l++) {
        for (int i = 0; i < tables->court_count; i++) {
            int court = tables->court_order[i];
            if (tables->courts[court].level == levels[l]) {
                item_fill(b, court, &items[count++]);
            }
        }
    }
    check(count == tables->court_count);
    b->tables->court_index = search_build(b->arena, b->cx->arena, items, count);
}

enum status court_table_build(struct table_build *b, Str courts_csv)
{
    struct cx *cx = b->cx;
    struct table table;
    TRY(table_open(cx, "courts.csv", courts_csv, COLUMNS, &table));
    struct court *rows = arena_array(cx->arena, struct court, table.rows + 1);
    for (int row = 0; row < table.rows; row++) {
        TRY(row_read(b, &table, row, &rows[row]));
    }
    struct court *courts = NULL;
    TRY(courts_sort(b, rows, table.rows, &courts));
    TRY(names_sort(b));
    TRY(parents_resolve(b, &table, courts));
    divisions_sort(b);
    index_build(b);
    return OK;
}

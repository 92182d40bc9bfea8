#include <stdlib.h>

#include "base/check.h"
#include "law/table_build.h"
#include "law/table_read.h"

enum { CODE, LEVEL, PARENT, NAME, NUMBER };

static const char *const COLUMNS[] = {"code", "level", "parent", "name", "number", NULL};

enum { FORM_NO, FORM_CAUSE };

static const char *const FORM_COLUMNS[] = {"form_no", "cause_code", NULL};

enum { CAUSE_LEVELS = 4 };

static int by_code(const void *a, const void *b)
{
    return str_compare(((const struct cause *)a)->code, ((const struct cause *)b)->code);
}

static int cause_index_of(const struct law_tables *tables, Str code)
{
    int from = 0;
    int to = tables->cause_count;
    while (from < to) {
        int middle = from + (to - from) / 2;
        int order = str_compare(tables->causes[middle].code, code);
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

const struct cause *cause_by_code(const struct law_tables *tables, Str code)
{
    int i = cause_index_of(tables, code);
    return i < 0 ? NULL : &tables->causes[i];
}

static enum status row_read(struct table_build *b, const struct table *table, int row,
                            struct cause *out)
{
    int64_t level = 0;
    Str code = table_cell(table, row, CODE);
    Str name = table_cell(table, row, NAME);
    if (code.n == 0 || name.n == 0) {
        return table_fault(table, row, "a cause needs a code and a name", code);
    }
    if (!str_int(table_cell(table, row, LEVEL), &level) || level < 1 || level > CAUSE_LEVELS) {
        return table_fault(table, row, "a level is 1 to 4", table_cell(table, row, LEVEL));
    }
    *out = (struct cause){
        .code = table_keep(b, code),
        .name = table_keep(b, name),
        .number = table_keep(b, table_cell(table, row, NUMBER)),
        .initials = table_initials(b, name),
        .parent = -1,
        .level = (int)level,
        .form_no = STR(""),
    };
    return OK;
}

static enum status parents_resolve(struct table_build *b, const struct table *table,
                                   struct cause *causes)
{
    for (int row = 0; row < table->rows; row++) {
        struct cause *cause = &causes[cause_index_of(b->tables, table_cell(table, row, CODE))];
        Str parent = table_cell(table, row, PARENT);
        cause->parent = parent.n == 0 ? -1 : cause_index_of(b->tables, parent);
        if ((cause->level == 1) != (parent.n == 0) ||
            (cause->level > 1 &&
             (cause->parent < 0 || causes[cause->parent].level != cause->level - 1))) {
            return table_fault(table, row, "no such parent one level above", parent);
        }
    }
    return OK;
}

/* A form of a cause is also the form of the causes below that have none of their own. */
static enum status forms_read(struct table_build *b, Str element_forms_csv, struct cause *causes)
{
    struct cx *cx = b->cx;
    struct table table;
    TRY(table_open(cx, "element-forms.csv", element_forms_csv, FORM_COLUMNS, &table));
    for (int row = 0; row < table.rows; row++) {
        Str code = table_cell(&table, row, FORM_CAUSE);
        Str form = table_cell(&table, row, FORM_NO);
        if (code.n == 0) {
            continue; /* a form outside the civil causes */
        }
        int cause = cause_index_of(b->tables, code);
        if (cause < 0) {
            return table_fault(&table, row, "no such cause", code);
        }
        if (causes[cause].form_no.n > 0 && !str_same(causes[cause].form_no, form)) {
            return table_fault(&table, row, "a cause with two forms", code);
        }
        causes[cause].form_no = table_keep(b, form);
    }
    for (int level = 2; level <= CAUSE_LEVELS; level++) {
        for (int i = 0; i < b->tables->cause_count; i++) {
            if (causes[i].level == level && causes[i].form_no.n == 0) {
                causes[i].form_no = causes[causes[i].parent].form_no;
            }
        }
    }
    return OK;
}

struct named {
    const struct cause *cause;
    int index;
};

static int by_name(const void *a, const void *b)
{
    const struct named *left = a;
    const struct named *right = b;
    int order = str_compare(left->cause->name, right->cause->name);
    return order != 0 ? order : left->cause->level - right->cause->level;
}

static void names_sort(struct table_build *b)
{
    int count = b->tables->cause_count;
    struct named *named = arena_array(b->cx->arena, struct named, count + 1);
    int *order = arena_array(b->arena, int, count + 1);
    for (int i = 0; i < count; i++) {
        named[i] = (struct named){&b->tables->causes[i], i};
    }
    qsort(named, (size_t)count, sizeof *named, by_name);
    for (int i = 0; i < count; i++) {
        order[i] = named[i].index;
    }
    b->tables->causes_by_name = order;
}

static void index_build(struct table_build *b)
{
    const struct law_tables *tables = b->tables;
    struct search_item *items = arena_array(b->arena, struct search_item, tables->cause_count);
    int count = 0;
    static const int levels[CAUSE_LEVELS] = {3, 4, 2, 1}; /* what a case can be filed under first */
    for (int l = 0; l < CAUSE_LEVELS; l++) {
        for (int i = 0; i < tables->cause_count; i++) {
            const struct cause *cause = &tables->causes[i];
            if (cause->level == levels[l]) {
                items[count++] = (struct search_item){.id = i,
                                                      .code = cause->code,
                                                      .number = cause->number,
                                                      .name = cause->name,
                                                      .initials = cause->initials};
            }
        }
    }
    b->tables->cause_index = search_build(b->arena, b->cx->arena, items, count);
}

enum status cause_table_build(struct table_build *b, Str causes_csv, Str element_forms_csv)
{
    struct cx *cx = b->cx;
    struct table table;
    TRY(table_open(cx, "causes.csv", causes_csv, COLUMNS, &table));
    struct cause *causes = arena_array(b->arena, struct cause, table.rows + 1);
    for (int row = 0; row < table.rows; row++) {
        TRY(row_read(b, &table, row, &causes[row]));
    }
    qsort(causes, (size_t)table.rows, sizeof *causes, by_code);
    b->tables->causes = causes;
    b->tables->cause_count = table.rows;
    for (int i = 1; i < table.rows; i++) {
        if (str_same(causes[i].code, causes[i - 1].code)) {
            return FAIL(cx, E_READ, "data-unreadable", "causes.csv: %s is given twice",
                        causes[i].code.p);
        }
    }
    TRY(parents_resolve(b, &table, causes));
    TRY(forms_read(b, element_forms_csv, causes));
    names_sort(b);
    index_build(b);
    return OK;
}

static bool is_below(const struct law_tables *tables, int cause, int above)
{
    for (int i = cause; i >= 0; i = tables->causes[i].parent) {
        if (i == above) {
            return true;
        }
    }
    return false;
}

/* The first place in causes_by_name whose name is not before `name`. */
static int name_lower_bound(const struct law_tables *tables, Str name)
{
    int from = 0;
    int to = tables->cause_count;
    while (from < to) {
        int middle = from + (to - from) / 2;
        if (str_compare(tables->causes[tables->causes_by_name[middle]].name, name) < 0) {
            from = middle + 1;
        } else {
            to = middle;
        }
    }
    return from;
}

static const struct cause *cause_by_name(const struct law_tables *tables, Str name)
{
    int found = -1;
    for (int i = name_lower_bound(tables, name); i < tables->cause_count; i++) {
        int next = tables->causes_by_name[i];
        /* NOLINTNEXTLINE(clang-analyzer-core.NullDereference): cause_count causes are there */
        if (!str_same(tables->causes[next].name, name)) {
            break;
        }
        if (found >= 0 && !is_below(tables, next, found)) {
            return NULL;
        }
        found = next;
    }
    return found < 0 ? NULL : &tables->causes[found];
}

const struct cause *cause_find(const struct law_tables *tables, Str text)
{
    if (text.n == 0) {
        return NULL;
    }
    const struct cause *cause = cause_by_code(tables, text);
    if (cause == NULL) {
        cause = cause_by_name(tables, text);
    }
    for (int i = 0; cause == NULL && i < tables->cause_count; i++) {
        /* NOLINTNEXTLINE(clang-analyzer-core.NullDereference): likewise */
        if (str_same(tables->causes[i].number, text)) {
            cause = &tables->causes[i];
        }
    }
    return cause;
}

struct cause_filter {
    const struct law_tables *tables;
    int parent; /* -1 for none */
    bool direct;
};

static bool cause_keep(const void *arg, int id)
{
    const struct cause_filter *filter = arg;
    if (filter->direct) {
        return filter->tables->causes[id].parent == filter->parent;
    }
    return filter->parent < 0 ||
           (id != filter->parent && is_below(filter->tables, id, filter->parent));
}

int cause_search(const struct law_tables *tables, Str q, Str parent, int offset, int *out, int max)
{
    struct cause_filter filter = {tables, -1, search_is_blank(q)};
    if (parent.n > 0) {
        filter.parent = cause_index_of(tables, parent);
        if (filter.parent < 0) {
            return 0;
        }
    }
    if (filter.direct) {
        return table_list(NULL, tables->cause_count, cause_keep, &filter, offset, out, max);
    }
    struct search search = {q, offset, cause_keep, &filter};
    return search_find(tables->cause_index, &search, out, max);
}

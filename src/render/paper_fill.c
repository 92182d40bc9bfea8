/* render/paper_fill.c - puts values into a paper: every placeholder gets its value or the paper
 * fails. */
#include "base/check.h"
#include "base/money.h"
#include "render/paper_content.h"

struct filler {
    struct cx *cx;
    struct arena *arena;
    struct paper_content *content;
    int64_t items; /* numbered paragraphs since the last heading */
};

static enum status fill_blocks(struct filler *f, const struct paper_scope *scope,
                               const struct value *blocks);

/* --- are the values there and of their type --- */

static bool is_option(const struct value *need, const struct value *v)
{
    const struct value *options = value_get(need, "options");
    for (uint32_t i = 0; i < value_count(options); i++) {
        if (value_same(value_get(value_item(options, i), "value"), v)) {
            return true;
        }
    }
    return false;
}

static bool is_text_or_map(const struct value *v, const char *name)
{
    return value_is_text(v) || value_get_str(v, name).n > 0;
}

static bool has_type(enum paper_type type, const struct value *need, const struct value *v)
{
    Date date = 0;
    Instant at = 0;
    bool of_texts = value_get(need, "of") != NULL;
    switch (type) {
    case PAPER_NEED_TEXT:
    case PAPER_NEED_IMAGE: return value_is_text(v);
    case PAPER_NEED_MONEY:
        return v->kind == VALUE_INT && v->as.number >= 0 && v->as.number <= MONEY_MAX_FEN;
    case PAPER_NEED_NUMBER: return v->kind == VALUE_INT;
    case PAPER_NEED_DATE: return value_is_text(v) && date_parse(v->as.text, &date);
    case PAPER_NEED_DATETIME: return value_is_text(v) && instant_parse(v->as.text, &at);
    case PAPER_NEED_YES_NO: return v->kind == VALUE_BOOL;
    case PAPER_NEED_CHOICE: return is_option(need, v);
    case PAPER_NEED_IDENTITY: return is_text_or_map(v, "number");
    case PAPER_NEED_ADDRESS: return is_text_or_map(v, "detail") || is_text_or_map(v, "text");
    case PAPER_NEED_GROUP: return value_is_map(v);
    case PAPER_NEED_LIST:
        for (uint32_t i = 0; value_is_list(v) && i < v->count; i++) {
            const struct value *item = value_item(v, i);
            if (of_texts ? !value_is_text(item) : !value_is_map(item)) {
                return false;
            }
        }
        return value_is_list(v);
    case PAPER_NEED_UNKNOWN: return false;
    }
    return false;
}

static bool is_absent(struct arena *arena, const struct value *v)
{
    return v == NULL || (v->kind != VALUE_BOOL && !paper_is_there(arena, v));
}

static void check_inputs(struct filler *f, const struct value *needs, const struct value *values,
                         const char *prefix);

/* NOLINTBEGIN(misc-no-recursion): no deeper than the definition, VALUE_DEPTH_MAX */

/* The items of a list, or the members of a group. */
static void check_inside(struct filler *f, const struct value *need, const struct value *v,
                         const char *path)
{
    const struct value *fields = value_get(need, "fields");
    if (fields == NULL) {
        for (uint32_t i = 0; i < value_count(v); i++) {
            if (value_is_list(v) && is_absent(f->arena, value_item(v, i))) {
                cx_error(f->cx, arena_printf(f->arena, "%s.%u", path, i), "missing", NULL);
            }
        }
    } else if (value_is_map(v)) {
        check_inputs(f, fields, v, arena_printf(f->arena, "%s.", path));
    } else {
        for (uint32_t i = 0; i < value_count(v); i++) {
            check_inputs(f, fields, value_item(v, i), arena_printf(f->arena, "%s.%u.", path, i));
        }
    }
}

static void check_inputs(struct filler *f, const struct value *needs, const struct value *values,
                         const char *prefix)
{
    for (uint32_t i = 0; i < value_count(needs); i++) {
        const struct value *need = value_item(needs, i);
        Str name = value_get_str(need, "name");
        Str help = value_get_str(need, "help");
        const struct value *v = value_get_key(values, name);
        char *path = arena_printf(f->arena, "%s%.*s", prefix, STR_ARG(name));
        if (is_absent(f->arena, v)) {
            if (!value_get_bool(need, "optional")) {
                cx_error(f->cx, path, "missing", help.n > 0 ? help.p : NULL);
            }
        } else if (!has_type(paper_type_of(value_get_str(need, "type")), need, v)) {
            cx_error(f->cx, path, "ill-typed", help.n > 0 ? help.p : NULL);
        } else {
            check_inside(f, need, v, path);
        }
    }
}

/* NOLINTEND(misc-no-recursion) */

/* --- blocks --- */

/* Whether all that a part in brackets names is there. */
static bool is_span_there(struct filler *f, const struct paper_scope *scope, Str span)
{
    size_t offset = 0;
    Str literal;
    struct paper_hole hole;
    const char *why = NULL;
    while (paper_next_hole(f->arena, span, &offset, &literal, &hole, &why)) {
        struct paper_target target;
        if (hole.path.n > 0) {
            check(paper_resolve(f->arena, scope, hole.path, &target));
            if (is_absent(f->arena, target.value)) {
                return false;
            }
        }
    }
    return true;
}

static void fill_span(struct filler *f, const struct paper_scope *scope, Str span, struct buf *out)
{
    size_t offset = 0;
    Str literal;
    struct paper_hole hole;
    const char *why = NULL;
    while (paper_next_hole(f->arena, span, &offset, &literal, &hole, &why)) {
        struct paper_target target;
        buf_str(out, literal);
        if (hole.path.n > 0) {
            check(paper_resolve(f->arena, scope, hole.path, &target)); /* proved when compiled */
            check(!is_absent(f->arena, target.value));                 /* (1) */
            buf_str(out, paper_filter_apply(f->arena, hole.filter, &target));
        }
    }
}

static Str filled(struct filler *f, const struct paper_scope *scope, const struct value *text)
{
    struct buf out;
    buf_init(&out, f->arena, (size_t)PAPER_INPUT_BYTES_MAX * 2);
    size_t offset = 0;
    Str span;
    bool is_optional = false;
    const char *why = NULL;
    while (paper_next_span(f->arena, value_as_str(text), &offset, &span, &is_optional, &why)) {
        if (!is_optional || is_span_there(f, scope, span)) {
            fill_span(f, scope, span, &out);
        }
    }
    if (buf_is_over(&out)) {
        (void)FAIL(f->cx, E_TOO_LARGE, "paper-too-long", "a text of more than %d bytes",
                   PAPER_INPUT_BYTES_MAX * 2);
    }
    return buf_done(&out);
}

/* NOLINTNEXTLINE(misc-no-recursion): a list of conditions, one deep */
static bool holds(struct filler *f, const struct paper_scope *scope, const struct value *when)
{
    struct paper_target target;
    if (when == NULL) {
        return true;
    }
    if (value_is_list(when)) {
        for (uint32_t i = 0; i < when->count; i++) {
            if (!holds(f, scope, value_item(when, i))) {
                return false;
            }
        }
        return true;
    }
    if (value_is_map(when)) {
        const struct value *in = value_get(when, "in");
        check(paper_resolve(f->arena, scope, value_get_str(when, "field"), &target));
        for (uint32_t i = 0; i < value_count(in); i++) {
            if (target.value != NULL && value_same(target.value, value_item(in, i))) {
                return true;
            }
        }
        return false;
    }
    Str path = value_as_str(when);
    bool is_not = str_starts(path, "not ");
    path = str_slice(f->arena, path, is_not ? 4 : 0, path.n);
    check(paper_resolve(f->arena, scope, path, &target));
    return paper_is_there(f->arena, target.value) != is_not;
}

static struct paper_block *add(struct filler *f, enum paper_kind kind)
{
    struct paper_block *block = arena_new(f->arena, struct paper_block);
    block->kind = kind;
    if (f->content->last == NULL) {
        f->content->first = block;
    } else {
        f->content->last->next = block;
    }
    f->content->last = block;
    return block;
}

/* Lines (texts, or {text, when}) joined by newlines; lines whose condition fails are left out. */
static Str filled_lines(struct filler *f, const struct paper_scope *scope,
                        const struct value *lines)
{
    struct buf out;
    buf_init(&out, f->arena, (size_t)PAPER_INPUT_BYTES_MAX * 2);
    for (uint32_t i = 0; i < value_count(lines); i++) {
        const struct value *line = value_item(lines, i);
        if (!holds(f, scope, value_get(line, "when"))) {
            continue;
        }
        if (out.n > 0) {
            buf_char(&out, '\n');
        }
        buf_str(&out, filled(f, scope, value_is_map(line) ? value_get(line, "text") : line));
    }
    return buf_done(&out);
}

static enum paper_align align_of(const struct value *map)
{
    Str align = value_get_str(map, "align");
    return str_is(align, "right")    ? PAPER_RIGHT
           : str_is(align, "centre") ? PAPER_CENTRE
                                     : PAPER_LEFT;
}

static struct paper_row *add_row(struct filler *f, struct paper_table *table,
                                 struct paper_row *last)
{
    struct paper_row *row = arena_new(f->arena, struct paper_row);
    if (last == NULL) {
        table->rows = row;
    } else {
        last->next = row;
    }
    return row;
}

/* Whether a row is a line across all columns, by its `head` or `across`. */
static bool fill_across(struct filler *f, const struct paper_scope *scope, const struct value *line,
                        struct paper_row *row)
{
    if (line == NULL || !holds(f, scope, value_get(line, "when"))) {
        return false;
    }
    row->cells[0] = filled(f, scope, value_get(line, "text"));
    row->spans = true;
    return true;
}

static void fill_cells(struct filler *f, const struct paper_scope *scope,
                       const struct value *definition, struct paper_row *row)
{
    const struct value *cells = value_get(definition, "cells");
    row->heads = fill_across(f, scope, value_get(definition, "head"), row);
    if (row->heads || fill_across(f, scope, value_get(definition, "across"), row)) {
        return;
    }
    for (uint32_t i = 0; i < value_count(cells); i++) {
        const struct value *cell = value_item(cells, i);
        if (!value_is_map(cell)) {
            row->cells[i] = filled(f, scope, cell);
        } else if (holds(f, scope, value_get(cell, "when"))) {
            row->cells[i] = filled(f, scope, value_get(cell, "text"));
        } else {
            row->cells[i] = STR("");
        }
    }
}

/* The scope of one item of the list at `each`, the nth that is shown. */
static struct paper_scope item_scope(struct arena *arena, const struct paper_target *list,
                                     uint32_t index, uint32_t n, const struct paper_scope *outer)
{
    return (struct paper_scope){.fields = value_get(list->needs[list->count - 1], "fields"),
                                .item = value_item(list->value, index),
                                .n = n,
                                .outer = outer,
                                .path = str_printf(arena, "%.*s.%u", STR_ARG(list->path), index)};
}

static void fill_rows(struct filler *f, const struct paper_scope *scope, const struct value *rows,
                      struct paper_table *table)
{
    struct paper_row *last = NULL;
    for (uint32_t i = 0; i < value_count(rows); i++) {
        const struct value *row = value_item(rows, i);
        const struct value *each = value_get(row, "each");
        if (!holds(f, scope, value_get(row, "when"))) {
            continue;
        }
        if (each == NULL) {
            last = add_row(f, table, last);
            fill_cells(f, scope, row, last);
            continue;
        }
        struct paper_target list;
        check(paper_resolve(f->arena, scope, value_as_str(each), &list));
        uint32_t n = 0;
        for (uint32_t k = 0; k < value_count(list.value); k++) {
            struct paper_scope inner = item_scope(f->arena, &list, k, n + 1, scope);
            if (holds(f, &inner, value_get(row, "only"))) {
                last = add_row(f, table, last);
                fill_cells(f, &inner, row, last);
                n++;
            }
        }
    }
}

static void fill_table(struct filler *f, const struct paper_scope *scope,
                       const struct value *definition)
{
    struct paper_table *table = arena_new(f->arena, struct paper_table);
    const struct value *columns = value_get(definition, "columns");
    table->columns = value_count(columns);
    for (uint32_t i = 0; i < table->columns; i++) {
        const struct value *column = value_item(columns, i);
        table->titles[i] = value_get_str(column, "title");
        table->widths[i] = value_get_int(column, "width");
        table->aligns[i] = align_of(column);
        table->has_header = table->titles[i].n > 0;
    }
    fill_rows(f, scope, value_get(definition, "rows"), table);
    if (table->rows != NULL) {
        add(f, PAPER_TABLE)->table = table;
    }
}

static void fill_pairs(struct filler *f, const struct paper_scope *scope, const struct value *pairs)
{
    struct paper_table *table = arena_new(f->arena, struct paper_table);
    struct paper_row *last = NULL;
    table->columns = 2;
    table->has_labels = true;
    table->widths[0] = 3; /* labels of nine characters */
    table->widths[1] = 8;
    for (uint32_t i = 0; i < value_count(pairs); i++) {
        const struct value *pair = value_item(pairs, i);
        if (holds(f, scope, value_get(pair, "when"))) {
            last = add_row(f, table, last);
            last->cells[0] = filled(f, scope, value_get(pair, "label"));
            last->cells[1] = filled(f, scope, value_get(pair, "text"));
        }
    }
    if (table->rows != NULL) {
        add(f, PAPER_TABLE)->table = table;
    }
}

/* NOLINTBEGIN(misc-no-recursion): no deeper than the definition, VALUE_DEPTH_MAX */

static enum status fill_group(struct filler *f, const struct paper_scope *scope,
                              const struct value *block)
{
    struct cx *cx = f->cx;
    const struct value *each = value_get(block, "each");
    if (each == NULL) {
        return fill_blocks(f, scope, value_get(block, "group"));
    }
    struct paper_target list;
    check(paper_resolve(f->arena, scope, value_as_str(each), &list));
    uint32_t n = 0;
    for (uint32_t i = 0; i < value_count(list.value); i++) {
        struct paper_scope inner = item_scope(f->arena, &list, i, n + 1, scope);
        if (!holds(f, &inner, value_get(block, "only"))) {
            continue;
        }
        TRY(fill_blocks(f, &inner, value_get(block, "group")));
        n++;
    }
    return OK;
}

static const struct {
    const char *key;
    enum paper_kind kind;
} text_blocks[] = {
    {"item", PAPER_TEXT},     {"title", PAPER_TITLE}, {"subtitle", PAPER_SUBTITLE},
    {"number", PAPER_NUMBER}, {"to", PAPER_TO},       {"text", PAPER_TEXT},
    {"flush", PAPER_FLUSH},   {"note", PAPER_NOTE},   {"section", PAPER_SECTION},
};

/* 一、 and so on before the text. */
static Str numbered(struct filler *f, Str words)
{
    struct paper_target n = {.type = PAPER_NEED_NUMBER};
    n.value = value_int(f->arena, ++f->items);
    Str ordinal = paper_filter_apply(f->arena, STR("ordinal"), &n);
    return str_printf(f->arena, "%.*s、%.*s", STR_ARG(ordinal), STR_ARG(words));
}

static bool fill_text_block(struct filler *f, const struct paper_scope *scope,
                            const struct value *block)
{
    for (size_t i = 0; i < sizeof text_blocks / sizeof text_blocks[0]; i++) {
        const struct value *text = value_get(block, text_blocks[i].key);
        if (text != NULL) {
            enum paper_kind kind = text_blocks[i].kind;
            Str words = filled(f, scope, text);
            if (str_is(str_of(text_blocks[i].key), "item")) {
                words = numbered(f, words);
            } else if (kind == PAPER_SECTION || kind == PAPER_TITLE) {
                f->items = 0;
            }
            add(f, kind)->text = words;
            f->content->sections += kind == PAPER_SECTION;
            return true;
        }
    }
    return false;
}

static void fill_image(struct filler *f, const struct paper_scope *scope, const struct value *image)
{
    struct paper_block *block = add(f, PAPER_IMAGE);
    struct paper_target target;
    const struct value *label = value_get(image, "label");
    block->text = label == NULL ? STR("") : filled(f, scope, label);
    check(paper_resolve(f->arena, scope, value_get_str(image, "of"), &target));
    block->image = target.path;
    block->amount = value_get_int(image, "height");
    block->align = align_of(image);
}

static enum status fill_block(struct filler *f, const struct paper_scope *scope,
                              const struct value *block)
{
    if (!holds(f, scope, value_get(block, "when")) || fill_text_block(f, scope, block)) {
        return OK;
    }
    if (value_get(block, "sign") != NULL) {
        add(f, PAPER_SIGN)->text = filled_lines(f, scope, value_get(block, "sign"));
    } else if (value_get(block, "table") != NULL) {
        fill_table(f, scope, value_get(block, "table"));
    } else if (value_get(block, "pairs") != NULL) {
        fill_pairs(f, scope, value_get(block, "pairs"));
    } else if (value_get(block, "image") != NULL) {
        fill_image(f, scope, value_get(block, "image"));
    } else if (value_get(block, "space") != NULL) {
        add(f, PAPER_SPACE)->amount = value_get_int(block, "space");
    } else if (value_get(block, "page") != NULL) {
        add(f, PAPER_PAGE);
    } else {
        return fill_group(f, scope, block);
    }
    return OK;
}

static enum status fill_blocks(struct filler *f, const struct paper_scope *scope,
                               const struct value *blocks)
{
    struct cx *cx = f->cx;
    for (uint32_t i = 0; i < value_count(blocks); i++) {
        TRY(fill_block(f, scope, value_item(blocks, i)));
    }
    return OK;
}

/* NOLINTEND(misc-no-recursion) */

enum status paper_fill(struct cx *cx, const struct paper *paper, const struct value *inputs,
                       struct paper_content **out)
{
    struct filler f = {.cx = cx, .arena = cx->arena};
    f.content = arena_new(cx->arena, struct paper_content);
    f.content->title = paper->title;
    f.content->by = paper->by;
    f.content->size = paper->size;
    f.content->wants_seal = paper->sealed;

    check_inputs(&f, paper->needs, inputs, "");
    uint32_t errors = value_count(cx->failure.errors);
    if (errors > 0) {
        Str first = value_get_str(value_item(cx->failure.errors, 0), "field");
        return FAIL(cx, E_INPUT, "paper-value-missing", "%.*s: %u values missing, first %.*s",
                    STR_ARG(paper->name), errors, STR_ARG(first));
    }
    check(instant_parse(value_get_str(inputs, "issued-at"), &f.content->issued));

    struct paper_scope scope = {.fields = paper->needs, .item = inputs};
    const struct value *foot = value_get(paper->root, "foot");
    TRY(fill_blocks(&f, &scope, value_get(paper->root, "body")));
    if (foot != NULL) {
        f.content->foot_qr = filled(&f, &scope, value_get(foot, "qr"));
        f.content->foot_lines = filled_lines(&f, &scope, value_get(foot, "lines"));
    }
    if (cx->failure.status != OK) {
        return cx->failure.status;
    }
    *out = f.content;
    return OK;
}

static void put_table(struct buf *out, const struct paper_table *table)
{
    for (uint32_t i = 0; table->has_header && i < table->columns; i++) {
        buf_str(out, table->titles[i]);
        buf_char(out, i + 1 < table->columns ? '\t' : '\n');
    }
    for (const struct paper_row *row = table->rows; row != NULL; row = row->next) {
        uint32_t cells = row->spans ? 1 : table->columns;
        for (uint32_t i = 0; i < cells; i++) {
            buf_str(out, row->cells[i]);
            buf_char(out, i + 1 < cells ? '\t' : '\n');
        }
    }
}

Str paper_text(struct arena *arena, const struct paper_content *content)
{
    struct buf out;
    buf_init(&out, arena, (size_t)PAPER_INPUT_BYTES_MAX * 4);
    for (const struct paper_block *b = content->first; b != NULL; b = b->next) {
        if (b->kind == PAPER_TABLE) {
            put_table(&out, b->table);
        } else if (b->text.n > 0) {
            buf_str(&out, b->text);
            buf_char(&out, '\n');
        }
    }
    if (content->foot_lines.n > 0) {
        buf_str(&out, content->foot_lines);
        buf_char(&out, '\n');
    }
    return buf_done(&out);
}

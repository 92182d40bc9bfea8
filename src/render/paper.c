/* render/paper.c - reads a paper's definition and proves that nothing in it can be left blank. */
#include "render/paper.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/yaml.h"
#include "render/paper_content.h"

enum { GUARDS_MAX = 32, NEEDS_MAX = 64 };

struct compiler {
    struct cx *cx;
    struct arena *arena;
    Str name;
    const struct value *needs;
    bool used[NEEDS_MAX];
    const struct value *guards[GUARDS_MAX]; /* needs known to be there, by the conditions around */
    uint32_t guard_count;
    uint32_t sections;
};

static enum status check_blocks(struct compiler *c, const struct paper_scope *scope,
                                const struct value *blocks);

static enum status bad(struct compiler *c, const struct value *at, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static enum status bad(struct compiler *c, const struct value *at, const char *format, ...)
{
    char why[256];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(why, sizeof why, format, args);
    va_end(args);
    return FAIL(c->cx, E_READ, "data-unreadable", "papers/%.*s.yaml:%u: %s", STR_ARG(c->name),
                at == NULL ? 0 : at->line, why);
}

/* Every key of map is one of `known`, words parted by blanks. */
static enum status check_keys(struct compiler *c, const struct value *map, const char *known)
{
    if (!value_is_map(map)) {
        return bad(c, map, "keys are missing here: %s", known);
    }
    for (uint32_t i = 0; i < map->count; i++) {
        Str key = map->as.members[i].key;
        Str padded = str_printf(c->arena, " %.*s ", STR_ARG(key));
        if (!str_has(str_printf(c->arena, " %s ", known), padded.p)) {
            return bad(c, map->as.members[i].value, "unknown key %.*s; known: %s", STR_ARG(key),
                       known);
        }
    }
    return OK;
}

static bool is_need_name(Str name)
{
    for (size_t i = 0; i < name.n; i++) {
        bool small = name.p[i] >= 'a' && name.p[i] <= 'z';
        bool later = (name.p[i] >= '0' && name.p[i] <= '9') || name.p[i] == '-' || name.p[i] == '_';
        if (!small && !(later && i > 0)) {
            return false;
        }
    }
    return name.n > 0 && !str_is(name, "n");
}

static enum status check_options(struct compiler *c, const struct value *options)
{
    struct cx *cx = c->cx;
    for (uint32_t i = 0; i < value_count(options); i++) {
        const struct value *option = value_item(options, i);
        TRY(check_keys(c, option, "value title"));
        if (!value_is_text(value_get(option, "value")) || value_get_str(option, "title").n == 0) {
            return bad(c, option, "options: list of {value, title}, both text");
        }
    }
    return OK;
}

/* NOLINTBEGIN(misc-no-recursion): no deeper than the file, VALUE_DEPTH_MAX */

static enum status check_needs(struct compiler *c, const struct value *needs);

static enum status check_need(struct compiler *c, const struct value *needs, uint32_t index)
{
    struct cx *cx = c->cx;
    const struct value *need = value_item(needs, index);
    TRY(check_keys(c, need, "name type optional help fields of options"));
    Str name = value_get_str(need, "name");
    enum paper_type type = paper_type_of(value_get_str(need, "type"));
    bool has_fields = value_get(need, "fields") != NULL;
    bool is_texts = str_is(value_get_str(need, "of"), "text");
    if (!is_need_name(name) || type == PAPER_NEED_UNKNOWN) {
        return bad(c, need, "a need has a name in small letters and a known type");
    }
    for (uint32_t i = 0; i < index; i++) {
        if (str_same(value_get_str(value_item(needs, i), "name"), name)) {
            return bad(c, need, "need %.*s twice", STR_ARG(name));
        }
    }
    bool fits = type == PAPER_NEED_GROUP  ? has_fields && !is_texts
                : type == PAPER_NEED_LIST ? has_fields != is_texts
                                          : !has_fields && !is_texts;
    if (!fits) {
        return bad(c, need, "fields are for groups and lists; a list of texts has of: text");
    }
    if ((type == PAPER_NEED_CHOICE) != (value_get(need, "options") != NULL)) {
        return bad(c, need, "a choice, and only a choice, has options");
    }
    TRY(check_options(c, value_get(need, "options")));
    return has_fields ? check_needs(c, value_get(need, "fields")) : OK;
}

static enum status check_needs(struct compiler *c, const struct value *needs)
{
    struct cx *cx = c->cx;
    if (!value_is_list(needs) || needs->count == 0 || needs->count > NEEDS_MAX) {
        return bad(c, needs, "needs is a list of 1 to %d", NEEDS_MAX);
    }
    for (uint32_t i = 0; i < needs->count; i++) {
        TRY(check_need(c, needs, i));
    }
    return OK;
}

/* NOLINTEND(misc-no-recursion) */

static void mark_used(struct compiler *c, const struct paper_target *target)
{
    for (uint32_t i = 0; i < value_count(c->needs); i++) {
        if (target->count > 0 && value_item(c->needs, i) == target->needs[0]) {
            c->used[i] = true;
        }
    }
}

static bool is_guarded(const struct compiler *c, const struct value *need)
{
    for (uint32_t i = 0; i < c->guard_count; i++) {
        if (c->guards[i] == need) {
            return true;
        }
    }
    return false;
}

/* A name used where its value must be there. */
static enum status check_path(struct compiler *c, const struct paper_scope *scope,
                              const struct value *at, Str path, struct paper_target *out)
{
    if (!paper_resolve(c->arena, scope, path, out)) {
        return bad(c, at, "no need is named %.*s here", STR_ARG(path));
    }
    for (uint32_t i = 0; i < out->count; i++) {
        if (value_get_bool(out->needs[i], "optional") && !is_guarded(c, out->needs[i])) {
            return bad(c, at, "%.*s is optional: use it under a `when` that names it",
                       STR_ARG(path));
        }
    }
    mark_used(c, out);
    return OK;
}

static enum status add_guards(struct compiler *c, const struct value *at,
                              const struct paper_target *target)
{
    for (uint32_t i = 0; i < target->count; i++) {
        if (c->guard_count == GUARDS_MAX) {
            return bad(c, at, "more than %d conditions around", GUARDS_MAX);
        }
        c->guards[c->guard_count++] = target->needs[i];
    }
    return OK;
}

/* In brackets, what is named guards itself. */
static enum status check_hole(struct compiler *c, const struct paper_scope *scope,
                              const struct value *text, const struct paper_hole *hole,
                              bool is_optional)
{
    struct cx *cx = c->cx;
    struct paper_target target;
    if (is_optional && paper_resolve(c->arena, scope, hole->path, &target)) {
        TRY(add_guards(c, text, &target));
    }
    TRY(check_path(c, scope, text, hole->path, &target));
    const struct value *last = target.count > 0 ? target.needs[target.count - 1] : NULL;
    if (!paper_filter_fits(hole->filter, target.type, last)) {
        return bad(c, text, "{%.*s} needs another filter than '%.*s'", STR_ARG(hole->path),
                   STR_ARG(hole->filter));
    }
    return OK;
}

/* One part of a text. */
static enum status check_span(struct compiler *c, const struct paper_scope *scope,
                              const struct value *text, Str span, bool is_optional)
{
    struct cx *cx = c->cx;
    size_t offset = 0;
    Str literal;
    struct paper_hole hole;
    const char *why = NULL;
    uint32_t guards = c->guard_count;
    while (paper_next_hole(c->arena, span, &offset, &literal, &hole, &why)) {
        TRY(hole.path.n == 0 ? OK : check_hole(c, scope, text, &hole, is_optional));
    }
    c->guard_count = guards;
    return why != NULL ? bad(c, text, "%s", why) : OK;
}

static enum status check_text(struct compiler *c, const struct paper_scope *scope,
                              const struct value *text)
{
    struct cx *cx = c->cx;
    if (!value_is_text(text) || text->as.text.n == 0) {
        return bad(c, text, "a text is expected here");
    }
    size_t offset = 0;
    Str span;
    bool is_optional = false;
    const char *why = NULL;
    while (paper_next_span(c->arena, text->as.text, &offset, &span, &is_optional, &why)) {
        if (is_optional && !str_has(span, "{")) {
            return bad(c, text, "[%.*s] names nothing; [[ writes a bracket", STR_ARG(span));
        }
        TRY(check_span(c, scope, text, span, is_optional));
    }
    return why != NULL ? bad(c, text, "%s", why) : OK;
}

static enum status check_one_condition(struct compiler *c, const struct paper_scope *scope,
                                       const struct value *when)
{
    struct cx *cx = c->cx;
    Str path = value_as_str(when);
    bool is_not = str_starts(path, "not ");
    if (is_not) {
        path = str_slice(c->arena, path, 4, path.n);
    }
    if (value_is_map(when)) {
        TRY(check_keys(c, when, "field in"));
        path = value_get_str(when, "field");
        if (value_count(value_get(when, "in")) == 0) {
            return bad(c, when, "{field: path, in: [values]}");
        }
    }
    struct paper_target target;
    if (!paper_resolve(c->arena, scope, path, &target)) {
        return bad(c, when, "no need is named %.*s here", STR_ARG(path));
    }
    mark_used(c, &target);
    return is_not ? OK : add_guards(c, when, &target);
}

/* NULL, one condition, or a list of them. */
static enum status check_condition(struct compiler *c, const struct paper_scope *scope,
                                   const struct value *when)
{
    struct cx *cx = c->cx;
    if (!value_is_list(when)) {
        return when == NULL ? OK : check_one_condition(c, scope, when);
    }
    for (uint32_t i = 0; i < when->count; i++) {
        TRY(check_one_condition(c, scope, value_item(when, i)));
    }
    return OK;
}

/* The scope inside `each: path`, or the same scope without one. */
static enum status check_each(struct compiler *c, const struct paper_scope *scope,
                              const struct value *at, struct paper_scope *inner)
{
    struct cx *cx = c->cx;
    const struct value *each = value_get(at, "each");
    *inner = *scope;
    if (each == NULL) {
        return value_get(at, "only") == NULL ? OK : bad(c, at, "only goes with each");
    }
    struct paper_target target;
    TRY(check_path(c, scope, each, value_as_str(each), &target));
    if (target.type != PAPER_NEED_LIST) {
        return bad(c, each, "each names a list");
    }
    *inner = (struct paper_scope){
        .fields = value_get(target.needs[target.count - 1], "fields"), .n = 1, .outer = scope};
    return check_condition(c, inner, value_get(at, "only"));
}

/* A text, or {text, when}. */
static enum status check_line(struct compiler *c, const struct paper_scope *scope,
                              const struct value *line)
{
    struct cx *cx = c->cx;
    if (!value_is_map(line)) {
        return check_text(c, scope, line);
    }
    uint32_t guards = c->guard_count;
    TRY(check_keys(c, line, "text when"));
    TRY(check_condition(c, scope, value_get(line, "when")));
    TRY(check_text(c, scope, value_get(line, "text")));
    c->guard_count = guards;
    return OK;
}

static enum status check_lines(struct compiler *c, const struct paper_scope *scope,
                               const struct value *lines)
{
    struct cx *cx = c->cx;
    if (value_count(lines) == 0 || !value_is_list(lines)) {
        return bad(c, lines, "a list of lines is expected here");
    }
    for (uint32_t i = 0; i < lines->count; i++) {
        TRY(check_line(c, scope, value_item(lines, i)));
    }
    return OK;
}

static bool is_one_of(Str text, const char *a, const char *b, const char *d)
{
    return str_is(text, a) || str_is(text, b) || str_is(text, d);
}

static enum status check_columns(struct compiler *c, const struct value *columns)
{
    struct cx *cx = c->cx;
    if (value_count(columns) < 2 || value_count(columns) > PAPER_COLUMNS_MAX) {
        return bad(c, columns, "columns: 2 to %d of {title, width, align}", PAPER_COLUMNS_MAX);
    }
    uint32_t titled = 0;
    for (uint32_t i = 0; i < columns->count; i++) {
        const struct value *column = value_item(columns, i);
        TRY(check_keys(c, column, "title width align"));
        Str align = value_get_str(column, "align");
        if (value_get_int(column, "width") < 1 || value_get_int(column, "width") > 100) {
            return bad(c, column, "width: 1 to 100 shares");
        }
        if (align.n > 0 && !is_one_of(align, "left", "centre", "right")) {
            return bad(c, column, "align: left, centre or right");
        }
        titled += value_get_str(column, "title").n > 0;
    }
    if (titled != 0 && titled != columns->count) {
        return bad(c, columns, "either all columns have a title or none");
    }
    return OK;
}

/* A line across all columns, which says when the row is one. */
static enum status check_across(struct compiler *c, const struct paper_scope *scope,
                                const struct value *line)
{
    if (line == NULL) {
        return OK;
    }
    return value_is_map(line) && value_get(line, "when") != NULL
               ? check_line(c, scope, line)
               : bad(c, line, "head and across are {text, when}");
}

static enum status check_table(struct compiler *c, const struct paper_scope *scope,
                               const struct value *table)
{
    struct cx *cx = c->cx;
    TRY(check_keys(c, table, "columns rows"));
    TRY(check_columns(c, value_get(table, "columns")));
    const struct value *rows = value_get(table, "rows");
    if (value_count(rows) == 0) {
        return bad(c, table, "rows are missing");
    }
    for (uint32_t i = 0; i < rows->count; i++) {
        const struct value *row = value_item(rows, i);
        const struct value *cells = value_get(row, "cells");
        struct paper_scope inner;
        uint32_t guards = c->guard_count;
        TRY(check_keys(c, row, "each only when cells head across"));
        TRY(check_condition(c, scope, value_get(row, "when")));
        TRY(check_each(c, scope, row, &inner));
        if (value_count(cells) != value_count(value_get(table, "columns"))) {
            return bad(c, row, "as many cells as columns");
        }
        TRY(check_across(c, &inner, value_get(row, "head")));
        TRY(check_across(c, &inner, value_get(row, "across")));
        TRY(check_lines(c, &inner, cells));
        c->guard_count = guards;
    }
    return OK;
}

static enum status check_pairs(struct compiler *c, const struct paper_scope *scope,
                               const struct value *pairs)
{
    struct cx *cx = c->cx;
    if (value_count(pairs) == 0) {
        return bad(c, pairs, "pairs: list of {label, text, when}");
    }
    for (uint32_t i = 0; i < pairs->count; i++) {
        const struct value *pair = value_item(pairs, i);
        uint32_t guards = c->guard_count;
        TRY(check_keys(c, pair, "label text when"));
        TRY(check_condition(c, scope, value_get(pair, "when")));
        TRY(check_text(c, scope, value_get(pair, "label")));
        TRY(check_text(c, scope, value_get(pair, "text")));
        c->guard_count = guards;
    }
    return OK;
}

static enum status check_image(struct compiler *c, const struct paper_scope *scope,
                               const struct value *image)
{
    struct cx *cx = c->cx;
    struct paper_target target;
    TRY(check_keys(c, image, "of label height align"));
    TRY(check_path(c, scope, image, value_get_str(image, "of"), &target));
    int64_t height_mm = value_get_int(image, "height");
    Str align = value_get_str(image, "align");
    if (target.type != PAPER_NEED_IMAGE || height_mm < 5 || height_mm > 200) {
        return bad(c, image, "image: {of: need of type image, height: 5 to 200 mm}");
    }
    if (align.n > 0 && !is_one_of(align, "left", "right", "centre")) {
        return bad(c, image, "align: left, centre or right");
    }
    return value_get(image, "label") != NULL ? check_text(c, scope, value_get(image, "label")) : OK;
}

static const char *const text_kinds[] = {"title", "subtitle", "number", "to",     "text",
                                         "item",  "flush",    "note",   "section"};
static const char *const other_kinds[] = {"sign",  "image", "table", "pairs",
                                          "group", "space", "page"};

/* The text of a block that is one; NULL for the others. */
static const struct value *text_of_block(const struct value *block)
{
    for (size_t i = 0; i < sizeof text_kinds / sizeof text_kinds[0]; i++) {
        const struct value *text = value_get(block, text_kinds[i]);
        if (text != NULL) {
            return text;
        }
    }
    return NULL;
}

/* Exactly one key that says what the block is. */
static enum status check_kind(struct compiler *c, const struct value *block)
{
    uint32_t kinds = 0;
    for (size_t i = 0; i < sizeof text_kinds / sizeof text_kinds[0]; i++) {
        kinds += value_get(block, text_kinds[i]) != NULL;
    }
    for (size_t i = 0; i < sizeof other_kinds / sizeof other_kinds[0]; i++) {
        kinds += value_get(block, other_kinds[i]) != NULL;
    }
    if (kinds != 1) {
        return bad(c, block, "a block is exactly one of text, title, table and the like");
    }
    if ((value_get(block, "each") != NULL || value_get(block, "only") != NULL) &&
        value_get(block, "group") == NULL) {
        return bad(c, block, "each and only belong to a group");
    }
    return OK;
}

/* NOLINTBEGIN(misc-no-recursion): no deeper than the file, VALUE_DEPTH_MAX */

static enum status check_other_block(struct compiler *c, const struct paper_scope *scope,
                                     const struct value *block)
{
    struct cx *cx = c->cx;
    if (value_get(block, "sign") != NULL) {
        return check_lines(c, scope, value_get(block, "sign"));
    }
    if (value_get(block, "table") != NULL) {
        return check_table(c, scope, value_get(block, "table"));
    }
    if (value_get(block, "pairs") != NULL) {
        return check_pairs(c, scope, value_get(block, "pairs"));
    }
    if (value_get(block, "image") != NULL) {
        return check_image(c, scope, value_get(block, "image"));
    }
    if (value_get(block, "group") != NULL) {
        struct paper_scope inner;
        TRY(check_each(c, scope, block, &inner));
        return check_blocks(c, &inner, value_get(block, "group"));
    }
    if (value_get(block, "page") != NULL && !value_get_bool(block, "page")) {
        return bad(c, block, "page: true");
    }
    int64_t lines = value_get_int(block, "space");
    if (value_get(block, "space") != NULL && (lines < 1 || lines > 20)) {
        return bad(c, block, "space: 1 to 20 lines");
    }
    return OK;
}

static enum status check_block(struct compiler *c, const struct paper_scope *scope,
                               const struct value *block)
{
    struct cx *cx = c->cx;
    uint32_t guards = c->guard_count;
    TRY(check_keys(
        c, block,
        "when each only title subtitle number to text item flush note section sign image table "
        "pairs group space page"));
    TRY(check_kind(c, block));
    TRY(check_condition(c, scope, value_get(block, "when")));
    const struct value *text = text_of_block(block);
    TRY(text != NULL ? check_text(c, scope, text) : check_other_block(c, scope, block));
    c->guard_count = guards;
    return OK;
}

static enum status check_blocks(struct compiler *c, const struct paper_scope *scope,
                                const struct value *blocks)
{
    struct cx *cx = c->cx;
    if (!value_is_list(blocks) || blocks->count == 0) {
        return bad(c, blocks, "a list of blocks is expected here");
    }
    for (uint32_t i = 0; i < blocks->count; i++) {
        TRY(check_block(c, scope, value_item(blocks, i)));
    }
    return OK;
}

/* NOLINTEND(misc-no-recursion) */

static enum status check_foot(struct compiler *c, const struct paper_scope *scope,
                              const struct value *foot)
{
    struct cx *cx = c->cx;
    if (foot == NULL) {
        return OK;
    }
    TRY(check_keys(c, foot, "qr lines"));
    TRY(check_text(c, scope, value_get(foot, "qr")));
    return check_lines(c, scope, value_get(foot, "lines"));
}

static enum status read_head(struct compiler *c, const struct value *root, struct paper *paper)
{
    struct cx *cx = c->cx;
    TRY(check_keys(c, root, "paper title by size sealed needs body foot"));
    Str by = value_get_str(root, "by");
    if (!str_same(value_get_str(root, "paper"), c->name)) {
        return bad(c, root, "paper: must be the name of the file");
    }
    paper->title = value_get_str(root, "title");
    if (paper->title.n == 0 || str_has(paper->title, "{")) {
        return bad(c, root, "title: the name of the document, without placeholders");
    }
    if (!is_one_of(by, "court", "party", "system")) {
        return bad(c, root, "by: court, party or system");
    }
    paper->by = str_is(by, "court")   ? PAPER_BY_COURT
                : str_is(by, "party") ? PAPER_BY_PARTY
                                      : PAPER_BY_SYSTEM;
    int64_t size = value_get(root, "size") == NULL ? 3 : value_get_int(root, "size");
    if (size < 3 || size > 5) {
        return bad(c, value_get(root, "size"), "size: 3, 4 or 5");
    }
    paper->size = (int)size;
    paper->sealed = value_get(root, "sealed") != NULL;
    if (paper->sealed &&
        (!str_is(value_get_str(root, "sealed"), "court") || paper->by != PAPER_BY_COURT)) {
        return bad(c, value_get(root, "sealed"), "sealed: court, on a paper by: court");
    }
    return OK;
}

/* The seal stands where the court signs. */
static enum status check_seal(struct compiler *c, const struct paper *paper,
                              const struct value *body)
{
    bool signs = false;
    for (uint32_t i = 0; i < value_count(body); i++) {
        signs = signs || value_get(value_item(body, i), "sign") != NULL;
    }
    return !paper->sealed || signs ? OK : bad(c, body, "what is sealed has a sign: of its own");
}

static enum status check_used(struct compiler *c)
{
    for (uint32_t i = 0; i < value_count(c->needs); i++) {
        const struct value *need = value_item(c->needs, i);
        if (!c->used[i] && !str_is(value_get_str(need, "name"), "issued-at")) {
            return bad(c, need, "need %.*s is never used", STR_ARG(value_get_str(need, "name")));
        }
    }
    return OK;
}

enum status paper_compile(struct cx *cx, const char *name, Str yaml, struct paper **out)
{
    struct compiler *c = arena_new(cx->arena, struct compiler);
    struct paper *paper = arena_new(cx->arena, struct paper);
    struct value *root = NULL;
    c->cx = cx;
    c->arena = cx->arena;
    c->name = str_copy(cx->arena, name, strlen(name));
    TRY(yaml_read(cx, arena_printf(cx->arena, "papers/%s.yaml", name), yaml, &root));
    TRY(read_head(c, root, paper));
    c->needs = value_get(root, "needs");
    TRY(check_needs(c, c->needs));

    struct paper_scope scope = {.fields = c->needs};
    struct paper_target issued;
    if (!paper_resolve(cx->arena, &scope, STR("issued-at"), &issued) ||
        issued.type != PAPER_NEED_DATETIME || value_get_bool(issued.needs[0], "optional")) {
        return bad(c, c->needs, "every paper needs issued-at of type datetime");
    }
    TRY(check_blocks(c, &scope, value_get(root, "body")));
    TRY(check_seal(c, paper, value_get(root, "body")));
    TRY(check_foot(c, &scope, value_get(root, "foot")));
    TRY(check_used(c));
    paper->name = c->name;
    paper->root = root;
    paper->needs = c->needs;
    *out = paper;
    return OK;
}

Str paper_title(const struct paper *paper)
{
    return paper->title;
}

bool paper_is_by_party(const struct paper *paper)
{
    return paper->by == PAPER_BY_PARTY;
}

bool paper_is_sealed(const struct paper *paper)
{
    return paper->sealed;
}

void paper_content_seal(struct paper_content *content, Str name, bool is_demo)
{
    if (content->wants_seal) {
        content->seal_name = name;
        content->seal_is_demo = is_demo;
    }
}

const struct value *paper_needs(const struct paper *paper)
{
    return paper->needs;
}

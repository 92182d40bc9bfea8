/* HOW IT WORKS. A row's texts are put where their columns say, into a tree like that of an HTML
 * form; what the kind of batch says for every row is laid beneath; then the form of the act reads
 * it (flow/field.h) and its rules look at it (flow/rehearsal.h). Errors come back with paths, and
 * are said of the column of that path. */
#include "flow/batch.h"

#include <inttypes.h>
#include <string.h>

#include "flow/act.h"
#include "flow/rehearsal.h"

enum {
    HEADER_LOOKED_AT = 10,
    HEADER_MATCHES_LEAST = 3,
    TITLE_BYTES_MAX = 300, /* no column is called more */
    NAMES_MAX = 20,
    LINES_MAX = 200,
    REASON_MAX = 200, /* characters: a reason may quote what stands in the cell */
};

#define SAMPLE_MARK  "示例"
#define REASON_TITLE "原因"

void batch_problem(struct arena *arena, struct value *problems, const char *column,
                   const char *code, const char *title)
{
    for (uint32_t i = 0; i < problems->count; i++) {
        if (str_is(value_get_str(problems->as.items[i], "column"), column)) {
            return;
        }
    }
    struct value *problem = value_map(arena);
    value_set_text(arena, problem, "column", column);
    value_set_text(arena, problem, "code", code);
    value_set_str(arena, problem, "title", utf8_head(arena, str_of(title), REASON_MAX));
    value_add(arena, problems, problem);
}

/* --- titles --- */

/* 编号* and 编号（必填） are 编号. */
static Str title_plain(struct arena *arena, Str title)
{
    static const char *const ends[] = {"*", "＊", "（必填）", "(必填)"};
    title = str_trim(arena, title);
    if (title.n > TITLE_BYTES_MAX) {
        return STR("");
    }
    for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
        if (str_ends(title, ends[i])) {
            return str_trim(arena, str_slice(arena, title, 0, title.n - strlen(ends[i])));
        }
    }
    return title;
}

static int column_titled(const struct batch_kind *kind, Str title)
{
    for (uint32_t i = 0; i < kind->column_count; i++) {
        if (str_is(title, kind->columns[i].title)) {
            return (int)i;
        }
    }
    return -1;
}

static uint32_t titles_known(struct cx *cx, const struct batch_kind *kind,
                             const struct sheet_row *row)
{
    uint32_t known = 0;
    for (uint32_t i = 0; i < row->count; i++) {
        known += column_titled(kind, title_plain(cx->arena, row->cells[i].text)) >= 0;
    }
    return known;
}

static enum status titles_read(struct cx *cx, struct batch_reading *r)
{
    const struct batch_kind *kind = r->kind;
    const struct sheet_row *row = &r->sheet->rows[r->header];
    for (uint32_t i = 0; i < row->count; i++) {
        Str title = title_plain(cx->arena, row->cells[i].text);
        int column = column_titled(kind, title);
        if (column < 0) {
            if (title.n > 0 && !str_is(title, REASON_TITLE)) {
                value_add(cx->arena, r->unknown, value_str(cx->arena, title));
            }
        } else if (r->columns[column] >= 0) {
            (void)cx_error(cx, title.p, "twice",
                           arena_printf(cx->arena, "“%s”这一栏有两个", title.p));
        } else {
            r->columns[column] = (int)i;
        }
    }
    for (uint32_t i = 0; i < kind->column_count; i++) {
        if (kind->columns[i].required && r->columns[i] < 0) {
            (void)cx_error(cx, kind->columns[i].title, "missing",
                           arena_printf(cx->arena, "缺“%s”这一栏", kind->columns[i].title));
        }
    }
    return cx->failure.errors == NULL ? OK : FAIL(cx, E_INPUT, "sheet-header", "titles");
}

enum status batch_reading_begin(struct cx *cx, struct batch_reading *r)
{
    uint32_t best = 0;
    r->unknown = value_list(cx->arena);
    for (uint32_t i = 0; i < BATCH_COLUMNS_MAX; i++) {
        r->columns[i] = -1;
        r->carried[i] = (Str){"", 0};
    }
    if (r->sheet->row_count == 0) {
        return FAIL(cx, E_INPUT, "sheet-empty", "no rows");
    }
    for (uint32_t i = 0; i < r->sheet->row_count && i < HEADER_LOOKED_AT; i++) {
        uint32_t known = titles_known(cx, r->kind, &r->sheet->rows[i]);
        if (known > best) {
            best = known;
            r->header = i;
        }
    }
    if (best < HEADER_MATCHES_LEAST) {
        return FAIL(cx, E_INPUT, "sheet-header", "no row of titles");
    }
    TRY(titles_read(cx, r));
    return r->header + 1 < r->sheet->row_count ? OK
                                               : FAIL(cx, E_INPUT, "sheet-empty", "titles only");
}

/* --- texts --- */

static bool is_digits_as_text(const struct batch_column *column)
{
    return column->use == BATCH_KEY ||
           (column->use == BATCH_VALUE && column->field->type != FIELD_MONEY &&
            column->field->type != FIELD_NUMBER && column->field->type != FIELD_RATE);
}

static void oddness_tell(struct cx *cx, const struct batch_column *column, Str text,
                         enum sheet_odd odd, struct value *problems)
{
    if (odd == SHEET_NOT_COMPUTED) {
        batch_problem(cx->arena, problems, column->title, "formula",
                      "这一格是公式，文件里没有保存它的结果。请复制后粘贴成数值，再上传");
    } else if (odd == SHEET_ERROR) {
        batch_problem(cx->arena, problems, column->title, "formula-error",
                      arena_printf(cx->arena, "这一格是表格软件的错误提示%s，请改正", text.p));
    } else if (is_digits_as_text(column) && (odd == SHEET_ROUNDED || sheet_is_scientific(text))) {
        batch_problem(cx->arena, problems, column->title, "rounded",
                      arena_printf(cx->arena,
                                   "表格软件把号码当成了数值（%s），后几位已经丢失。请把这一栏设成"
                                   "“文本”格式，重新填写完整号码",
                                   text.p));
    }
}

/* Keeps what is carried to the next row: it outlives this one's arena only as part of the sheet. */
static Str *texts_read(struct cx *cx, struct batch_reading *r, const struct sheet_row *row,
                       struct value *problems)
{
    Str *texts = arena_array(cx->arena, Str, r->kind->column_count);
    for (uint32_t i = 0; i < r->kind->column_count; i++) {
        const struct batch_column *column = &r->kind->columns[i];
        texts[i] = (Str){"", 0};
        if (r->columns[i] >= 0) {
            uint32_t at = (uint32_t)r->columns[i];
            texts[i] = sheet_text(row, at);
            oddness_tell(cx, column, texts[i], sheet_odd(row, at), problems);
        }
        if (column->carried) {
            texts[i] = texts[i].n == 0 ? r->carried[i] : texts[i];
            r->carried[i] = texts[i];
        }
        if (column->required && texts[i].n == 0) {
            batch_problem(cx->arena, problems, column->title, "missing", "没有填");
        }
    }
    return texts;
}

/* --- into values --- */

static const char *choice_value(const struct field *field, Str text)
{
    for (uint32_t i = 0; i < field->option_count; i++) {
        if (str_is(text, field->options[i].title) || str_is(text, field->options[i].value)) {
            return field->options[i].value;
        }
    }
    return NULL;
}

static Str choices_words(struct arena *arena, const struct field *field)
{
    Str words = STR("");
    for (uint32_t i = 0; i < field->option_count; i++) {
        words = str_printf(arena, "%s%s“%s”", words.p, i == 0 ? "" : "、", field->options[i].title);
    }
    return words;
}

static const struct value *choice_read(struct arena *arena, const struct field *field, Str text,
                                       const char *column, struct value *problems)
{
    const char *value = choice_value(field, text);
    if (value == NULL) {
        batch_problem(arena, problems, column, "choice",
                      arena_printf(arena, "请填%s中的一个", choices_words(arena, field).p));
    }
    return value_text(arena, value == NULL ? text.p : value);
}

/* Parts between 、 ； ; or line ends. */
static struct value *parts_of(struct arena *arena, Str text, const char *const *marks)
{
    struct value *parts = value_list(arena);
    size_t from = 0;
    for (size_t at = 0; at <= text.n;) {
        size_t mark = at == text.n ? 1 : 0;
        for (size_t i = 0; mark == 0 && marks[i] != NULL; i++) {
            mark = strncmp(text.p + at, marks[i], strlen(marks[i])) == 0 ? strlen(marks[i]) : 0;
        }
        if (mark == 0) {
            at++;
            continue;
        }
        Str part = str_trim(arena, str_slice(arena, text, from, at));
        if (part.n > 0) {
            value_add(arena, parts, value_str(arena, part));
        }
        at += mark;
        from = at;
    }
    return parts;
}

static const struct value *leaf_of(struct arena *arena, const struct field *field, Str text,
                                   const char *column, struct value *problems)
{
    static const char *const marks[] = {"、", "；", ";", "\n", NULL};
    if (field->type == FIELD_CHOICE) {
        return choice_read(arena, field, text, column, problems);
    }
    if (field->type == FIELD_YES_NO) {
        return value_text(arena, str_is(text, "是") ? "yes" : str_is(text, "否") ? "no" : text.p);
    }
    if (field->type == FIELD_CHOICES) {
        struct value *parts = parts_of(arena, text, marks);
        struct value *chosen = value_list(arena);
        uint32_t before = problems->count;
        for (uint32_t i = 0; i < parts->count && problems->count == before; i++) {
            value_add(
                arena, chosen,
                choice_read(arena, field, value_as_str(parts->as.items[i]), column, problems));
        }
        return chosen;
    }
    return value_str(arena, text);
}

/* Items before the one that is written to are there, too. */
static void put_at(struct arena *arena, struct value *form, const char *path,
                   const struct value *leaf)
{
    Str *parts = NULL;
    size_t count = str_split(arena, str_of(path), '.', &parts);
    Str before = parts[0];
    for (size_t i = 1; i < count; i++) {
        int64_t index = 0;
        if (str_int(parts[i], &index)) {
            for (int64_t k = 0; k < index; k++) {
                Str item = str_printf(arena, "%s.%" PRId64, before.p, k);
                if (value_at(form, item.p) == NULL) {
                    (void)value_put_at(arena, form, item, value_map(arena));
                }
            }
        }
        before = str_printf(arena, "%s.%s", before.p, parts[i].p);
    }
    (void)value_put_at(arena, form, before, leaf);
}

/* "parties.1" of "parties.1.code" */
static Str parent_of(struct arena *arena, const char *path)
{
    const char *dot = strrchr(path, '.');
    return dot == NULL ? STR("") : str_copy(arena, path, (size_t)(dot - path));
}

/* The item or group of a column is there as soon as something of it must be, or is, said. */
static void parent_put(struct arena *arena, const struct batch_column *column, Str text,
                       struct value *form)
{
    Str parent = column->use == BATCH_VALUE ? parent_of(arena, column->path) : STR("");
    if (parent.n > 0 && (column->required || text.n > 0) && value_at(form, parent.p) == NULL) {
        put_at(arena, form, parent.p, value_map(arena));
    }
}

/* Does the field apply by what its sibling says, in the row or for all rows? */
static bool applies(struct arena *arena, const struct field *field, const char *path,
                    const struct value *form)
{
    if (field->when_field == NULL) {
        return true;
    }
    Str sibling = str_printf(arena, "%s.%s", parent_of(arena, path).p, field->when_field);
    Str said = value_as_str(value_at(form, sibling.p));
    for (uint32_t i = 0; i < field->when_count; i++) {
        if (str_is(said, field->when_in[i])) {
            return true;
        }
    }
    return false;
}

/* What is said for all rows, under what this one says: a list only as far as the row has items. */
/* NOLINTNEXTLINE(misc-no-recursion): as deep as the file */
static const struct value *laid_under(struct arena *arena, const struct value *usual,
                                      const struct value *row)
{
    if (value_is_map(usual) && (row == NULL || value_is_map(row))) {
        struct value *both = value_map(arena);
        for (uint32_t i = 0; i < value_count(row); i++) {
            value_set_key(arena, both, row->as.members[i].key, row->as.members[i].value);
        }
        for (uint32_t i = 0; i < usual->count; i++) {
            Str key = usual->as.members[i].key;
            const struct value *own = value_get_key(row, key);
            if (own != NULL || !value_is_list(usual->as.members[i].value)) {
                value_set_key(arena, both, key, laid_under(arena, usual->as.members[i].value, own));
            }
        }
        return both;
    }
    if (value_is_list(usual) && value_is_list(row)) {
        struct value *both = value_list(arena);
        for (uint32_t i = 0; i < row->count; i++) {
            const struct value *under = value_item(usual, i);
            value_add(arena, both,
                      under == NULL ? row->as.items[i]
                                    : laid_under(arena, under, row->as.items[i]));
        }
        return both;
    }
    return row == NULL ? usual : row;
}

static void lines_put(struct arena *arena, const struct batch_column *column, Str text,
                      struct value *form, struct value *problems)
{
    static const char *const marks[] = {"；", ";", "\n", "\r", NULL};
    struct value *parts = parts_of(arena, text, marks);
    struct value *items = value_list(arena);
    if (parts->count > LINES_MAX) {
        batch_problem(arena, problems, column->title, "too-many", "最多写200项");
    }
    for (uint32_t i = 0; i < parts->count && i < LINES_MAX; i++) {
        struct value *item = value_map(arena);
        value_set(arena, item, column->item, parts->as.items[i]);
        value_add(arena, items, item);
    }
    put_at(arena, form, column->path, items);
}

/* Those that stand at one of two places wait until it is known what the others say. */
static const struct value *form_of(struct cx *cx, const struct batch_kind *kind, const Str *texts,
                                   struct value *problems)
{
    struct arena *arena = cx->arena;
    struct value *form = value_map(arena);
    for (uint32_t i = 0; i < kind->column_count; i++) {
        const struct batch_column *column = &kind->columns[i];
        parent_put(arena, column, texts[i], form);
        if (texts[i].n > 0 && column->use == BATCH_LINES) {
            lines_put(arena, column, texts[i], form, problems);
        } else if (texts[i].n > 0 && column->use == BATCH_VALUE && column->other == NULL) {
            put_at(arena, form, column->path,
                   leaf_of(arena, column->field, texts[i], column->title, problems));
        }
    }
    const struct value *said = laid_under(arena, kind->values, form);
    struct value *whole = value_copy(arena, said);
    for (uint32_t i = 0; i < kind->column_count; i++) {
        const struct batch_column *column = &kind->columns[i];
        if (texts[i].n > 0 && column->use == BATCH_VALUE && column->other != NULL) {
            bool first = applies(arena, column->field, column->path, whole);
            put_at(arena, whole, first ? column->path : column->other, value_str(arena, texts[i]));
        }
    }
    return whole;
}

/* --- files --- */

/* By its whole name, or by what stands before the dot. */
static const struct batch_file *file_named(const struct batch_reading *r, Str name)
{
    for (uint32_t i = 0; i < r->file_count; i++) {
        const struct batch_file *file = &r->files[i];
        const char *dot = memrchr(file->name.p, '.', file->name.n);
        size_t stem = dot == NULL ? file->name.n : (size_t)(dot - file->name.p);
        if (file->kind.n == 0 && (str_same(name, file->name) ||
                                  (name.n == stem && memcmp(name.p, file->name.p, stem) == 0))) {
            return file;
        }
    }
    return NULL;
}

static void file_take(struct batch_line *line, const struct batch_file *file, Str kind)
{
    if (line->material_count < BATCH_LINE_FILES_MAX) {
        uint32_t n = line->material_count++;
        line->files[n] = file;
        line->materials[n] = (struct material){.n = n + 1,
                                               .kind = kind,
                                               .name = file->name,
                                               .type = file->type,
                                               .size = file->size,
                                               .sm3 = file->sm3,
                                               .status = file->status};
    }
}

static void names_take(struct cx *cx, const struct batch_reading *r,
                       const struct batch_column *column, Str text, struct batch_line *line)
{
    static const char *const marks[] = {"；", ";", "、", "\n", "\r", NULL};
    struct value *names = parts_of(cx->arena, text, marks);
    if (names->count > NAMES_MAX) {
        batch_problem(cx->arena, line->problems, column->title, "too-many", "最多写20个文件名");
        return;
    }
    for (uint32_t i = 0; i < names->count; i++) {
        Str name = value_as_str(names->as.items[i]);
        const struct batch_file *file = file_named(r, name);
        if (file == NULL) {
            batch_problem(cx->arena, line->problems, column->title, "file-missing",
                          arena_printf(cx->arena, "没有上传名为“%s”的文件", name.p));
        } else {
            file_take(line, file, str_of(column->kind));
        }
    }
}

static void files_find(struct cx *cx, const struct batch_reading *r, struct batch_line *line)
{
    line->materials = arena_array(cx->arena, struct material, BATCH_LINE_FILES_MAX);
    line->files = arena_array(cx->arena, const struct batch_file *, BATCH_LINE_FILES_MAX);
    for (uint32_t i = 0; i < r->file_count; i++) {
        if (r->files[i].kind.n > 0) {
            file_take(line, &r->files[i], r->files[i].kind);
        }
    }
    for (uint32_t i = 0; i < r->kind->column_count; i++) {
        if (r->kind->columns[i].use == BATCH_NAMES && line->texts[i].n > 0) {
            names_take(cx, r, &r->kind->columns[i], line->texts[i], line);
        }
    }
}

/* --- what is wrong, by column --- */

static bool is_below(Str path, const char *above)
{
    size_t n = strlen(above);
    return str_starts(path, above) && (path.n == n || path.p[n] == '.');
}

static bool is_of(const struct batch_column *column, Str field, bool exact)
{
    static const char materials[] = "materials.";
    if (column->use == BATCH_NAMES) {
        return str_starts(field, materials) &&
               str_is((Str){field.p + sizeof materials - 1, field.n - (sizeof materials - 1)},
                      column->kind);
    }
    if (column->use == BATCH_COURT) {
        return str_is(field, "court");
    }
    if (column->path == NULL) {
        return false;
    }
    if (exact) {
        return is_below(field, column->path) ||
               (column->other != NULL && is_below(field, column->other));
    }
    return field.n > 0 && is_below(str_of(column->path), field.p);
}

/* The column that says it, else the first that is about the same thing. */
static const char *column_of(const struct batch_kind *kind, Str field)
{
    for (int exact = 1; exact >= 0; exact--) {
        for (uint32_t i = 0; i < kind->column_count; i++) {
            if (is_of(&kind->columns[i], field, exact == 1)) {
                return kind->columns[i].title;
            }
        }
    }
    return "";
}

/* A material that is asked for by what the values say: while they are wrong, nobody knows. */
static bool is_not_sure(const struct batch_kind *kind, Str field)
{
    for (uint32_t i = 0; i < kind->act->material_count; i++) {
        const struct material_rule *rule = &kind->act->materials[i];
        if (str_ends(field, rule->kind) && str_starts(field, "materials.")) {
            return rule->offered[0] != '\0';
        }
    }
    return false;
}

static void problems_take(struct cx *cx, const struct batch_kind *kind, const struct value *errors,
                          struct value *problems)
{
    for (uint32_t i = 0; i < value_count(errors); i++) {
        const struct value *error = value_item(errors, i);
        if (problems->count > 0 && is_not_sure(kind, value_get_str(error, "field"))) {
            continue;
        }
        batch_problem(cx->arena, problems, column_of(kind, value_get_str(error, "field")),
                      value_get_str(error, "code").p, value_get_str(error, "title").p);
    }
}

/* What a person wrote and the form had no use for must not be lost in silence. */
static void unused_tell(struct cx *cx, const struct batch_kind *kind, const Str *texts,
                        const struct value *values, struct value *problems)
{
    for (uint32_t i = 0; i < kind->column_count; i++) {
        const struct batch_column *column = &kind->columns[i];
        if (texts[i].n > 0 && column->use == BATCH_VALUE && !column->carried &&
            value_at(values, column->path) == NULL &&
            (column->other == NULL || value_at(values, column->other) == NULL)) {
            batch_problem(cx->arena, problems, column->title, "unused",
                          "这一栏用不上：与同一行别的栏不符，请核对或者清空");
        }
    }
}

/* --- a line --- */

static void court_read(struct cx *cx, const struct batch_reading *r, const char *column, Str text,
                       struct batch_line *line)
{
    const struct law_tables *tables = r->house->tables(r->house->tables_arg);
    const struct court *court = court_by_code(tables, text);
    court = court == NULL ? court_by_name(tables, text) : court;
    if (court == NULL) {
        if (text.n > 0) {
            batch_problem(cx->arena, line->problems, column, "unknown",
                          "没有找到这家法院，请写全称或者代码");
        }
        return;
    }
    line->court = court->code;
    if (court_takes(cx, r->house, r->kind->procedure, court->code) != OK) {
        struct value *errors = cx->failure.errors;
        cx_forgive(cx);
        problems_take(cx, r->kind, errors, line->problems);
    }
}

static void heads_read(struct cx *cx, const struct batch_reading *r, struct batch_line *line)
{
    for (uint32_t i = 0; i < r->kind->column_count; i++) {
        const struct batch_column *column = &r->kind->columns[i];
        if (column->use == BATCH_KEY) {
            line->key = text_composed(cx->arena, line->texts[i]);
            if (!field_text_is_fit(line->key, false) || utf8_count(line->key) > BATCH_KEY_MAX) {
                batch_problem(cx->arena, line->problems, column->title, "key",
                              "编号最多60个字，写在一行里");
            }
        } else if (column->use == BATCH_COURT) {
            court_read(cx, r, column->title, line->texts[i], line);
        }
    }
}

static bool is_sample(const struct batch_reading *r, const struct sheet_row *row)
{
    for (uint32_t i = 0; i < r->kind->column_count; i++) {
        if (r->kind->columns[i].use == BATCH_KEY && r->columns[i] >= 0) {
            return str_starts(sheet_text(row, (uint32_t)r->columns[i]), SAMPLE_MARK);
        }
    }
    return false;
}

static enum status values_read(struct cx *cx, const struct batch_reading *r,
                               struct batch_line *line)
{
    const struct batch_kind *kind = r->kind;
    const struct rehearsal rehearsal = {.house = r->house,
                                        .actor = r->actor,
                                        .procedure = kind->procedure,
                                        .act = kind->act,
                                        .asked_once = kind->asked_once,
                                        .defaults = kind->defaults,
                                        .now = r->now};
    struct rehearsed rehearsed;
    const struct value *form = form_of(cx, kind, line->texts, line->problems);
    const struct value *said = fields_from_form(cx->arena, kind->procedure->elements,
                                                kind->procedure->element_count, form);
    TRY(act_rehearse(cx, &rehearsal, line->court, said, line->materials, line->material_count,
                     &rehearsed));
    problems_take(cx, kind, rehearsed.errors, line->problems);
    unused_tell(cx, kind, line->texts, rehearsed.values, line->problems);
    line->label = value_as_str(value_at(rehearsed.values, kind->label));
    line->amount = value_as_int(value_at(rehearsed.values, kind->amount));
    line->digest = rehearsed.digest;
    line->warnings = rehearsed.warnings;
    line->values = line->problems->count == 0 ? rehearsed.values : NULL;
    return OK;
}

enum status batch_line_read(struct cx *cx, struct batch_reading *r, uint32_t index,
                            struct batch_line *line)
{
    const struct sheet_row *row = &r->sheet->rows[index];
    *line = (struct batch_line){.n = row->n,
                                .key = {"", 0},
                                .court = {"", 0},
                                .label = {"", 0},
                                .digest = {"", 0},
                                .problems = value_list(cx->arena)};
    if (is_sample(r, row)) {
        line->is_sample = true;
        return OK;
    }
    line->texts = texts_read(cx, r, row, line->problems);
    heads_read(cx, r, line);
    files_find(cx, r, line);
    return values_read(cx, r, line);
}

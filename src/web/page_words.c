#include "web/page_words.h"

#include <inttypes.h>

#include "base/money.h"
#include "flow/evidence.h"
#include "web/page_field.h"

enum { NOTE_MAX = 40, NOTE_NAMES_MAX = 3, WORDS_BYTES_MAX = 256 * 1024, LINE_BYTES = 8 * 1024 };

static Str option_title(const struct field *field, Str value)
{
    for (uint32_t i = 0; i < field->option_count; i++) {
        if (str_is(value, field->options[i].value)) {
            return str_of(field->options[i].title);
        }
    }
    return value;
}

static Str join(struct arena *arena, Str a, const char *between, Str b)
{
    if (a.n == 0 || b.n == 0) {
        return a.n == 0 ? b : a;
    }
    return str_printf(arena, "%s%s%s", a.p, between, b.p);
}

static Str choices_words(const struct words *words, const struct field *field,
                         const struct value *v)
{
    Str text = STR("");
    for (uint32_t i = 0; i < value_count(v); i++) {
        Str title = option_title(field, value_as_str(value_item(v, i)));
        text = join(words->arena, text, "、", title);
    }
    return text;
}

static Str address_words(const struct words *words, const struct value *v)
{
    Str code = value_get_str(v, "division");
    Str division = division_full_name(words->arena, words->tables, code);
    if (!value_is_map(v)) {
        return value_as_str(v);
    }
    return join(words->arena, division.n == 0 ? code : division, "", value_get_str(v, "detail"));
}

static Str identity_words(const struct words *words, const struct value *v)
{
    const char *type = identity_type_title(value_get_str(v, "type"));
    Str number = value_is_map(v) ? value_get_str(v, "number") : value_as_str(v);
    return number.n == 0 ? number : join(words->arena, str_of(type), " ", number);
}

static Str signature_words(const struct words *words, const struct value *v)
{
    Str method = value_get_str(v, "method");
    Str name = value_get_str(v, "name");
    if (str_is(method, "drawn")) {
        return STR("已手写签名");
    }
    if (str_is(method, "photo")) {
        return str_printf(words->arena, "见第%" PRId64 "份材料（签名或者手印的照片）",
                          value_get_int(v, "material"));
    }
    return name.n == 0 ? STR("") : str_printf(words->arena, "%s（短信验证码签名）", name.p);
}

static Str date_words(const struct words *words, const struct field *field, const struct value *v)
{
    Date date = DATE_NONE;
    Instant at = 0;
    if (field->type == FIELD_DATETIME && instant_parse(value_as_str(v), &at)) {
        return instant_chinese(words->arena, at);
    }
    return date_parse(value_as_str(v), &date) ? date_chinese(words->arena, date) : value_as_str(v);
}

static Str number_words(const struct words *words, const struct field *field, const struct value *v)
{
    if (v->kind != VALUE_INT) {
        return value_as_str(v);
    }
    return field->type == FIELD_MONEY
               ? str_printf(words->arena, "%s 元", money_format(words->arena, v->as.number).p)
               : str_printf(words->arena, "%" PRId64, v->as.number);
}

static Str named_words(const struct words *words, const struct field *field, const struct value *v)
{
    const struct court *court = court_by_code(words->tables, value_as_str(v));
    const struct cause *cause = cause_by_code(words->tables, value_as_str(v));
    if (field->type == FIELD_COURT) {
        return court == NULL ? value_as_str(v) : court->name;
    }
    return cause == NULL ? value_as_str(v) : cause->name;
}

/* Parts of a group in one line: 李某，律师，一般授权. */
static Str parts_words(const struct words *words, /* NOLINT(misc-no-recursion) */
                       const struct field *field, const struct value *v)
{
    Str text = STR("");
    for (uint32_t i = 0; i < field->field_count; i++) {
        const struct field *part = &field->fields[i];
        if (!field_is_off(part, v)) {
            text = join(words->arena, text, "，", words_of(words, part, value_get(v, part->name)));
        }
    }
    return text;
}

static Str numeral(struct arena *arena, uint32_t n)
{
    static const char *const digits[] = {"〇", "一", "二", "三", "四", "五",
                                         "六", "七", "八", "九", "十"};
    if (n <= 10) {
        return str_of(digits[n]);
    }
    return n < 20 ? str_printf(arena, "十%s", digits[n - 10]) : str_printf(arena, "%u", n);
}

/* 一、…\n二、… when there are several. */
static Str items_words(const struct words *words, /* NOLINT(misc-no-recursion) */
                       const struct field *field, const struct value *v)
{
    Str text = STR("");
    for (uint32_t i = 0; i < value_count(v); i++) {
        Str item = parts_words(words, field, value_item(v, i));
        if (item.n > 0 && value_count(v) > 1) {
            item = str_printf(words->arena, "%s、%s", numeral(words->arena, i + 1).p, item.p);
        }
        text = text.n > WORDS_BYTES_MAX ? text : join(words->arena, text, "\n", item);
    }
    return text;
}

static Str rate_words(const struct words *words, const struct field *field, const struct value *v)
{
    Str text = value_as_str(v);
    return field->unit[0] == '\0' ? str_printf(words->arena, "年利率 %s%%", text.p)
                                  : str_printf(words->arena, "%s %s", text.p, field->unit);
}

Str words_of(const struct words *words, /* NOLINT(misc-no-recursion) */
             const struct field *field, const struct value *v)
{
    if (value_is_empty(v)) {
        return STR("");
    }
    switch (field->type) {
    case FIELD_CHOICE: return option_title(field, value_as_str(v));
    case FIELD_CHOICES: return choices_words(words, field, v);
    case FIELD_YES_NO:
        return v->kind == VALUE_BOOL ? (v->as.truth ? STR("是") : STR("否")) : value_as_str(v);
    case FIELD_MONEY:
    case FIELD_NUMBER: return number_words(words, field, v);
    case FIELD_RATE: return rate_words(words, field, v);
    case FIELD_DATE:
    case FIELD_DATETIME: return date_words(words, field, v);
    case FIELD_IDENTITY: return identity_words(words, v);
    case FIELD_ADDRESS: return address_words(words, v);
    case FIELD_COURT:
    case FIELD_CAUSE: return named_words(words, field, v);
    case FIELD_SIGNATURE: return signature_words(words, v);
    case FIELD_GROUP: return parts_words(words, field, v);
    case FIELD_LIST: return items_words(words, field, v);
    case FIELD_TEXT:
    case FIELD_LONG_TEXT:
    case FIELD_PHONE:
    case FIELD_EMAIL:
    case FIELD_CASE_NUMBER:
    case FIELD_BANK_ACCOUNT: break;
    }
    return value_as_str(v);
}

/* --- sections --- */

static Str mark_at(const struct words *words, Str path)
{
    for (uint32_t i = 0; i < value_count(words->marks); i++) {
        const struct value *mark = value_item(words->marks, i);
        if (str_same(value_get_str(mark, "field"), path)) {
            return value_get_str(mark, "title");
        }
    }
    return STR("");
}

static void row_add(const struct words *words, struct value *rows, const char *title, Str text,
                    Str path, const char *edit)
{
    struct arena *arena = words->arena;
    Str mark = mark_at(words, path);
    if (text.n == 0 && !words->blanks && mark.n == 0) {
        return;
    }
    struct value *row = value_map(arena);
    value_set_text(arena, row, "title", title);
    value_set_str(arena, row, "text", text.n == 0 ? STR("未填") : text);
    value_set(arena, row, "mark", mark.n == 0 ? NULL : value_str(arena, mark));
    if (edit != NULL) {
        value_set_text(arena, row, "source", "修改");
        value_set_str(arena, row, "source_href", str_printf(arena, "%s%s", edit, path.p));
    }
    value_add(arena, rows, row);
}

/* The leaves below a group as rows; groups inside it are opened out. */
static void rows_add(const struct words *words, /* NOLINT(misc-no-recursion) */
                     struct value *rows, const struct field *fields, uint32_t count,
                     const struct value *values, Str prefix)
{
    for (uint32_t i = 0; i < count; i++) {
        const struct field *field = &fields[i];
        const struct value *v = value_get(values, field->name);
        Str path = str_printf(words->arena, "%s%s", prefix.p, field->name);
        if (field_is_off(field, values)) {
            continue;
        }
        if (field->type == FIELD_GROUP) {
            rows_add(words, rows, field->fields, field->field_count, v,
                     str_printf(words->arena, "%s.", path.p));
        } else {
            /* An answer to an optional question that was not given is no news. */
            Str text = words_of(words, field, v);
            struct words quiet = *words;
            quiet.blanks = words->blanks && field->required;
            row_add(&quiet, rows, field->title, text, path, NULL);
        }
    }
}

/* 原告 林晓舟: the first choice and the first text of an item say what it is. */
static Str item_title(const struct words *words, const struct field *field, const struct value *v,
                      uint32_t index)
{
    for (uint32_t i = 0; i < field->field_count; i++) {
        if (field->fields[i].type == FIELD_CHOICE) {
            Str title = words_of(words, &field->fields[i], value_get(v, field->fields[i].name));
            if (title.n > 0) {
                return title;
            }
            break;
        }
    }
    return str_printf(words->arena, "%s%u", field->title, index + 1);
}

static struct value *section_new(const struct words *words, const char *title, Str path)
{
    struct arena *arena = words->arena;
    struct value *section = value_map(arena);
    value_set_text(arena, section, "title", title);
    value_set(arena, section, "rows", value_list(arena));
    value_set(arena, section, "items", value_list(arena));
    value_set(arena, section, "edit_href",
              words->edit == NULL || path.n == 0
                  ? NULL
                  : value_str(arena, str_printf(arena, "%s%s", words->edit, path.p)));
    return section;
}

static struct value *part_of(struct value *section, const char *key)
{
    for (uint32_t i = 0; i < section->count; i++) {
        if (str_is(section->as.members[i].key, key)) {
            return section->as.members[i].value;
        }
    }
    return NULL;
}

static struct value *list_section(const struct words *words, const struct field *field,
                                  const struct value *v)
{
    struct arena *arena = words->arena;
    Str path = str_of(field->name);
    struct value *section = section_new(words, field->title, path);
    for (uint32_t i = 0; i < value_count(v); i++) {
        struct value *item = value_map(arena);
        struct value *rows = value_list(arena);
        Str at = str_printf(arena, "%s.%u", path.p, i);
        Str mark = mark_at(words, at);
        rows_add(words, rows, field->fields, field->field_count, value_item(v, i),
                 str_printf(arena, "%s.", at.p));
        if (mark.n > 0) {
            row_add(words, rows, "请注意", mark, STR(""), NULL);
        }
        value_set_str(arena, item, "title", item_title(words, field, value_item(v, i), i));
        value_set(arena, item, "rows", rows);
        value_add(arena, part_of(section, "items"), item);
    }
    Str mark = mark_at(words, path);
    if (value_count(v) == 0 || mark.n > 0) {
        row_add(words, part_of(section, "rows"), field->title, STR(""), path, NULL);
    }
    return section;
}

static Str item_words(struct arena *arena, const struct words *words, const struct evidence *e,
                      const struct evidence_item *item)
{
    struct buf out;
    Str pages = words->matter == NULL ? STR("") : evidence_pages_text(arena, e, item);
    const Str parts[] = {str_of(evidence_form_title(item->form)), item->source, item->purpose,
                         pages};
    buf_init(&out, arena, LINE_BYTES);
    buf_str(&out, item->name);
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        if (parts[i].n > 0) {
            buf_printf(&out, "；%s", parts[i].p);
        }
    }
    return buf_done(&out);
}

/* What is put in order: an item a row. */
static struct value *order_section(const struct words *words, const struct field *field,
                                   const struct value *v)
{
    struct arena *arena = words->arena;
    struct value *section = section_new(words, field->title, str_of(field->name));
    struct value *rows = part_of(section, "rows");
    const struct matter none = {.material_count = 0};
    struct evidence e;
    evidence_read(arena, v, words->matter == NULL ? &none : words->matter, &e);
    for (uint32_t i = 0; i < e.item_count; i++) {
        row_add(words, rows, arena_printf(arena, "证据%u", i + 1),
                item_words(arena, words, &e, &e.items[i]),
                str_printf(arena, "%s.items.%u", field->name, i), NULL);
    }
    if (e.apart > 0) {
        row_add(words, rows, "没有编入", str_printf(arena, "%u页", e.apart),
                str_printf(arena, "%s.apart", field->name), NULL);
    }
    return section;
}

static bool section_is_empty(const struct value *section)
{
    return value_count(value_get(section, "rows")) == 0 &&
           value_count(value_get(section, "items")) == 0;
}

struct value *words_summary(const struct words *words, const struct field *const *fields,
                            uint32_t count, const struct value *values)
{
    struct arena *arena = words->arena;
    struct value *list = value_list(arena);
    struct value *single = section_new(words, "基本情况", STR(""));
    for (uint32_t i = 0; i < count; i++) { /* what has one answer stands together, on top */
        const struct field *field = fields[i];
        if (field->field_count == 0 && !field_is_last(field)) {
            Str text = words_of(words, field, value_get(values, field->name));
            bool open = text.n == 0 && words->blanks && !field->required;
            row_add(words, part_of(single, "rows"), field->title, open ? STR("未填（选填）") : text,
                    str_of(field->name), words->edit);
        }
    }
    if (!section_is_empty(single)) {
        value_add(arena, list, single);
    }
    for (uint32_t i = 0; i < count; i++) {
        const struct field *field = fields[i];
        const struct value *v = value_get(values, field->name);
        struct value *section = NULL;
        if (field_is_last(field) || field->field_count == 0) {
            continue;
        }
        if (field->arranges[0] != '\0') {
            section = order_section(words, field, v);
        } else if (field->type == FIELD_LIST) {
            section = list_section(words, field, v);
        } else {
            section = section_new(words, field->title, str_of(field->name));
            rows_add(words, part_of(section, "rows"), field->fields, field->field_count, v,
                     str_printf(arena, "%s.", field->name));
        }
        if (!section_is_empty(section) || words->edit != NULL) {
            value_add(arena, list, section);
        }
    }
    return list;
}

/* --- notes --- */

static Str head_of(const struct words *words, Str text)
{
    return utf8_count(text) <= NOTE_MAX
               ? text
               : str_printf(words->arena, "%s…", utf8_head(words->arena, text, NOTE_MAX).p);
}

/* The first text of an item is its name. */
static Str item_name(const struct words *words, const struct field *field, const struct value *v)
{
    for (uint32_t i = 0; i < field->field_count; i++) {
        enum field_type type = field->fields[i].type;
        if (type == FIELD_TEXT || type == FIELD_LONG_TEXT) {
            return words_of(words, &field->fields[i], value_get(v, field->fields[i].name));
        }
    }
    return STR("");
}

Str words_note(const struct words *words, const struct field *field, const struct value *v)
{
    Str text = STR("");
    if (field->type == FIELD_LIST) {
        for (uint32_t i = 0; i < value_count(v) && i < NOTE_NAMES_MAX; i++) {
            text = join(words->arena, text, "、", item_name(words, field, value_item(v, i)));
        }
        if (value_count(v) > NOTE_NAMES_MAX) {
            text = str_printf(words->arena, "%s等%u项", text.p, value_count(v));
        }
        return head_of(words, text);
    }
    if (field->type != FIELD_GROUP) {
        return head_of(words, words_of(words, field, v));
    }
    for (uint32_t i = 0; i < field->field_count && text.n == 0; i++) {
        const struct field *part = &field->fields[i];
        if (part->type != FIELD_LIST && part->type != FIELD_LONG_TEXT && !field_is_off(part, v)) {
            text = words_of(words, part, value_get(v, part->name));
        }
    }
    return head_of(words, text);
}

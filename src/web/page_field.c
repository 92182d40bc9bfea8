#include "web/page_field.h"

#include <inttypes.h>
#include <string.h>

#include "base/money.h"

enum { FOLD_ABOVE = 4 }; /* items of a list that are shown open, all at once */

enum { SELECT_ABOVE = 7 }; /* more options than this are a list to choose from, not a row of dots */

bool field_is_off(const struct field *field, const struct value *values)
{
    const struct value *answer =
        field->when_field == NULL ? NULL : value_get(values, field->when_field);
    return !value_is_empty(answer) && !field_value_in(answer, field->when_in, field->when_count);
}

/* --- errors --- */

static bool is_below(Str path, Str field)
{
    return field.n > path.n && field.p[path.n] == '.' && str_same((Str){field.p, path.n}, path);
}

/* The error of a field: at its path, or for a leaf with parts (signature.code) below it. A list
 * also speaks for a whole item of its own. */
static const struct value *error_of(const struct field_show *show, const struct field *field,
                                    Str path)
{
    for (uint32_t i = 0; i < value_count(show->errors); i++) {
        const struct value *error = value_item(show->errors, i);
        Str at = value_get_str(error, "field");
        bool below = is_below(path, at);
        int64_t index = 0;
        if (below && field->type == FIELD_LIST) {
            below = str_int((Str){at.p + path.n + 1, at.n - path.n - 1}, &index);
        } else if (below && field->type == FIELD_GROUP) {
            below = false;
        }
        if (str_same(at, path) || below) {
            return error;
        }
    }
    return NULL;
}

static void set_error(const struct field_show *show, const struct field *field, Str path,
                      bool promise, struct value *view)
{
    const struct value *error = error_of(show, field, path);
    if (error == NULL) {
        return;
    }
    bool unticked = promise && str_is(value_get_str(error, "code"), "missing");
    value_set_str(show->arena, view, "error",
                  unticked ? STR("请读完上面这句话，打勾承诺") : value_get_str(error, "title"));
}

/* --- leaves --- */

static Str text_of(struct arena *arena, const struct value *v)
{
    if (v != NULL && v->kind == VALUE_INT) {
        return str_printf(arena, "%" PRId64, v->as.number);
    }
    return value_as_str(v);
}

static Str money_text(struct arena *arena, const struct value *v)
{
    return v != NULL && v->kind == VALUE_INT ? money_format(arena, v->as.number)
                                             : text_of(arena, v);
}

/* 2026-03-02T10:20 in Beijing, as the control wants it. */
static Str datetime_text(struct arena *arena, const struct value *v)
{
    Instant at = 0;
    return instant_parse(value_as_str(v), &at) ? str_slice(arena, instant_format(arena, at), 0, 16)
                                               : text_of(arena, v);
}

static Str court_text(const struct field_show *show, const struct value *v)
{
    const struct court *court = court_by_code(show->tables, value_as_str(v));
    return court == NULL ? value_as_str(v) : court->name;
}

static Str cause_text(const struct field_show *show, const struct value *v)
{
    const struct cause *cause = cause_by_code(show->tables, value_as_str(v));
    return cause == NULL ? value_as_str(v) : cause->name;
}

static Str division_text(const struct field_show *show, Str code)
{
    Str name = division_full_name(show->arena, show->tables, code);
    return name.n == 0 ? code : name;
}

static bool is_chosen(const struct value *v, const char *option)
{
    if (!value_is_list(v)) {
        return str_is(value_as_str(v), option);
    }
    for (uint32_t i = 0; i < v->count; i++) {
        if (str_is(value_as_str(v->as.items[i]), option)) {
            return true;
        }
    }
    return false;
}

static void set_options(const struct field_show *show, const struct field *field, Str path,
                        const struct value *v, struct value *view)
{
    struct arena *arena = show->arena;
    struct value *list = value_list(arena);
    bool many = field->type == FIELD_CHOICES;
    bool select = !many && field->option_count > SELECT_ABOVE;
    for (uint32_t i = 0; i < field->option_count; i++) {
        const struct option *option = &field->options[i];
        struct value *row = value_map(arena);
        value_set_str(arena, row, "id", str_printf(arena, "%.*s-%s", STR_ARG(path), option->value));
        value_set_str(arena, row, "name", many ? str_printf(arena, "%.*s[]", STR_ARG(path)) : path);
        value_set_text(arena, row, "value", option->value);
        value_set_text(arena, row, "title", option->title);
        value_set_bool(arena, row, "checked", is_chosen(v, option->value));
        value_add(arena, list, row);
    }
    value_set(arena, view, "options", list);
    value_set_bool(arena, view, select ? "is_select" : (many ? "is_choices" : "is_choice"), true);
    value_set_bool(arena, view, "is_set", !select);
}

static void set_identity(const struct field_show *show, const struct value *v, struct value *view)
{
    struct arena *arena = show->arena;
    struct value *list = value_list(arena);
    Str type = value_get_str(v, "type");
    for (int i = 0; i < IDENTITY_OPTIONS; i++) {
        struct value *row = value_map(arena);
        value_set_text(arena, row, "value", identity_options[i].value);
        value_set_text(arena, row, "title", identity_options[i].title);
        value_set_bool(arena, row, "checked", str_is(type, identity_options[i].value));
        value_add(arena, list, row);
    }
    value_set_bool(arena, view, "is_set", true);
    value_set_bool(arena, view, "is_identity", true);
    value_set(arena, view, "options", list);
    value_set_str(arena, view, "number",
                  value_is_map(v) ? value_get_str(v, "number") : value_as_str(v));
}

static void set_address(const struct field_show *show, const struct value *v, struct value *view)
{
    struct arena *arena = show->arena;
    value_set_bool(arena, view, "is_set", true);
    value_set_bool(arena, view, "is_address", true);
    value_set_str(arena, view, "division", division_text(show, value_get_str(v, "division")));
    value_set_str(arena, view, "detail",
                  value_is_map(v) ? value_get_str(v, "detail") : value_as_str(v));
}

static void set_money(const struct field_show *show, const struct value *v, struct value *view)
{
    struct arena *arena = show->arena;
    value_set_bool(arena, view, "is_money", true);
    value_set_str(arena, view, "value", money_text(arena, v));
    if (v != NULL && v->kind == VALUE_INT && v->as.number >= 0 && v->as.number <= MONEY_MAX_FEN) {
        value_set_str(arena, view, "capitals", money_capitals(arena, v->as.number));
    }
}

static bool is_scale(const struct field *field)
{
    return field->required && field->min == 1 && field->max == 5;
}

/* A mark of five is chosen, not typed. */
static void set_scale(const struct field_show *show, const struct field *field, Str path,
                      const struct value *v, struct value *view)
{
    struct arena *arena = show->arena;
    struct value *list = value_list(arena);
    Str chosen = text_of(arena, v);
    for (int64_t n = field->max; n >= field->min; n--) {
        struct value *row = value_map(arena);
        Str text = str_printf(arena, "%" PRId64, n);
        value_set_str(arena, row, "id", str_printf(arena, "%.*s-%s", STR_ARG(path), text.p));
        value_set_str(arena, row, "name", path);
        value_set_str(arena, row, "value", text);
        value_set_str(arena, row, "title",
                      str_printf(arena, "%s分%s", text.p, n == field->max ? "，非常满意" : ""));
        value_set_bool(arena, row, "checked", str_same(chosen, text));
        value_add(arena, list, row);
    }
    value_set(arena, view, "options", list);
    value_set_bool(arena, view, "is_choice", true);
    value_set_bool(arena, view, "is_set", true);
}

static void set_number(const struct field_show *show, const struct field *field,
                       const struct value *v, struct value *view)
{
    static const char *const units[] = {"日", "年", "月", "份", "小时"};
    struct arena *arena = show->arena;
    value_set_bool(arena, view, "is_number", true);
    value_set_str(arena, view, "value", text_of(arena, v));
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
        if (str_ends(str_of(field->title), arena_printf(arena, "（%s）", units[i]))) {
            value_set_text(arena, view, "unit", units[i]);
        }
    }
}

static const char *plain_flag(enum field_type type)
{
    switch (type) {
    case FIELD_LONG_TEXT: return "is_long_text";
    case FIELD_RATE: return "is_rate";
    case FIELD_DATE: return "is_date";
    case FIELD_DATETIME: return "is_datetime";
    case FIELD_PHONE: return "is_phone";
    case FIELD_EMAIL: return "is_email";
    case FIELD_COURT: return "is_court";
    case FIELD_CAUSE: return "is_cause";
    case FIELD_CASE_NUMBER: return "is_case_number";
    case FIELD_BANK_ACCOUNT: return "is_bank_account";
    case FIELD_TEXT:
    case FIELD_MONEY:
    case FIELD_NUMBER:
    case FIELD_CHOICE:
    case FIELD_CHOICES:
    case FIELD_YES_NO:
    case FIELD_IDENTITY:
    case FIELD_ADDRESS:
    case FIELD_SIGNATURE:
    case FIELD_GROUP:
    case FIELD_LIST: break;
    }
    return "is_text";
}

static void set_plain(const struct field_show *show, const struct field *field,
                      const struct value *v, struct value *view)
{
    struct arena *arena = show->arena;
    Str text = field->type == FIELD_COURT      ? court_text(show, v)
               : field->type == FIELD_CAUSE    ? cause_text(show, v)
               : field->type == FIELD_DATETIME ? datetime_text(arena, v)
                                               : text_of(arena, v);
    value_set_bool(arena, view, plain_flag(field->type), true);
    value_set_str(arena, view, "value", text);
    if (field->unit[0] != '\0') {
        value_set_text(arena, view, "unit", field->unit);
    }
    if (field->type == FIELD_TEXT || field->type == FIELD_LONG_TEXT) {
        value_set(arena, view, "max_length",
                  field->max_length == 0 ? NULL : value_int(arena, field->max_length));
    }
}

static void set_yes_no(const struct field_show *show, const struct value *v, bool promise,
                       struct value *view)
{
    struct arena *arena = show->arena;
    bool answered = v != NULL && v->kind == VALUE_BOOL;
    value_set_bool(arena, view, "is_set", true);
    value_set_bool(arena, view, promise ? "is_promise" : "is_yes_no", true);
    value_set_bool(arena, view, "yes", answered && v->as.truth);
    value_set_bool(arena, view, "no", answered && !v->as.truth);
}

/* --- hints --- */

/* A short example. Where people choose, or the help already shows the way, none is needed. */
static Str example_text(const struct field_show *show, const struct field *field)
{
    const struct value *example = field->example;
    if (field->help[0] != '\0' && field->type != FIELD_LONG_TEXT && field->type != FIELD_MONEY) {
        return STR("");
    }
    switch (field->type) {
    case FIELD_TEXT:
    case FIELD_LONG_TEXT:
    case FIELD_RATE:
    case FIELD_NUMBER:
    case FIELD_PHONE:
    case FIELD_EMAIL:
    case FIELD_CASE_NUMBER:
    case FIELD_BANK_ACCOUNT: return text_of(show->arena, example);
    case FIELD_MONEY: return money_text(show->arena, example);
    case FIELD_COURT: return court_text(show, example);
    case FIELD_DATE:
    case FIELD_DATETIME:
    case FIELD_CHOICE:
    case FIELD_CHOICES:
    case FIELD_YES_NO:
    case FIELD_IDENTITY:
    case FIELD_ADDRESS:
    case FIELD_CAUSE:
    case FIELD_SIGNATURE:
    case FIELD_GROUP:
    case FIELD_LIST: break;
    }
    return STR("");
}

/* An example that only fills its place on the paper shows nobody how to answer. */
static Str hint_of(const struct field_show *show, const struct field *field)
{
    Str text = example_text(show, field);
    bool counts = field->type == FIELD_MONEY || field->type == FIELD_NUMBER;
    bool nothing = str_is(text, "无") || (counts && value_as_int(field->example) == 0);
    return nothing ? STR("") : text;
}

/* --- groups and lists --- */

static struct value *show_fields(const struct field_show *show, const struct field *fields,
                                 uint32_t count, const struct value *values, Str prefix,
                                 bool promises);

static uint32_t items_wanted(const struct field_show *show, const struct field *field, Str path,
                             uint32_t have)
{
    int64_t wanted = field->min;
    int64_t most = field->max != 0 ? field->max : 200;
    int64_t grown = value_get_int(show->grow, path.p);
    wanted = grown > wanted ? grown : wanted;
    wanted = wanted > most ? most : wanted;
    return wanted > (int64_t)have ? (uint32_t)wanted : have;
}

/* 原告 林晓舟: the first choice and the first text of an item. */
static Str item_label(struct arena *arena, const struct field *field, const struct value *item)
{
    Str choice = STR("");
    Str text = STR("");
    for (uint32_t i = 0; i < field->field_count; i++) {
        const struct field *part = &field->fields[i];
        Str said = value_get_str(item, part->name);
        for (uint32_t k = 0; part->type == FIELD_CHOICE && choice.n == 0 && k < part->option_count;
             k++) {
            choice = str_is(said, part->options[k].value) ? str_of(part->options[k].title) : choice;
        }
        text = text.n == 0 && part->type == FIELD_TEXT ? said : text;
    }
    return choice.n + text.n == 0
               ? STR("未填")
               : str_printf(arena, "%s %s", choice.p, text.n == 0 ? "未填" : text.p);
}

static uint32_t errors_below(const struct field_show *show, Str path)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < value_count(show->errors); i++) {
        Str at = value_get_str(value_item(show->errors, i), "field");
        count += str_same(at, path) || is_below(path, at);
    }
    return count;
}

static void set_folded(const struct field_show *show, const struct field *field,
                       const struct value *item, Str path, struct value *row)
{
    uint32_t wrong = errors_below(show, path);
    value_set_bool(show->arena, row, "folded", true);
    value_set_str(show->arena, row, "label", item_label(show->arena, field, item));
    value_set_str(show->arena, row, "wrong",
                  wrong == 0 ? STR("") : str_printf(show->arena, "有%u处要改", wrong));
}

/* The open one of a folded list: a new one, the one asked for, or the first with an error. */
static int64_t item_open(const struct field_show *show, Str path, uint32_t have, uint32_t count)
{
    if (count > have) {
        return count - 1;
    }
    if (show->open >= 0 && show->open < (int64_t)count) {
        return show->open;
    }
    for (uint32_t i = 0; i < count; i++) {
        if (errors_below(show, str_printf(show->arena, "%.*s.%u", STR_ARG(path), i)) > 0) {
            return i;
        }
    }
    return -1;
}

static void set_list(const struct field_show *show, /* NOLINT(misc-no-recursion) */
                     const struct field *field, Str path, const struct value *v, struct value *view)
{
    struct arena *arena = show->arena;
    struct value *items = value_list(arena);
    uint32_t have = value_is_list(v) ? v->count : 0;
    uint32_t count = items_wanted(show, field, path, have);
    bool folds = show->folds && count > FOLD_ABOVE && memchr(path.p, '.', path.n) == NULL;
    int64_t open = folds ? item_open(show, path, have, count) : -1;
    /* A draft may hold any number of items; a page of too many is refused whole (TRY). */
    for (uint32_t i = 0; i < count && !arena_is_over(arena); i++) {
        struct value *row = value_map(arena);
        Str at = str_printf(arena, "%.*s.%u", STR_ARG(path), i);
        value_set_str(arena, row, "path", at);
        value_set_str(arena, row, "title", str_printf(arena, "%s%u", field->title, i + 1));
        if (folds && (int64_t)i != open) {
            set_folded(show, field, value_item(v, i), at, row);
            value_add(arena, items, row);
            continue;
        }
        value_set_bool(arena, row, "can_remove", (int64_t)count > field->min);
        value_set(arena, row, "about", value_get_key(show->about, at));
        value_set(arena, row, "fields",
                  show_fields(show, field->fields, field->field_count, value_item(v, i),
                              str_printf(arena, "%s.", at.p), false));
        value_add(arena, items, row);
    }
    value_set_bool(arena, view, "is_set", true);
    value_set_bool(arena, view, "is_list", true);
    value_set(arena, view, "items", items);
    if (field->max == 0 || (int64_t)count < field->max) {
        value_set_str(arena, view, "add_title",
                      str_printf(arena, count == 0 ? "添加%s" : "再添加%s", field->title));
    }
}

static void set_group(const struct field_show *show, /* NOLINT(misc-no-recursion) */
                      const struct field *field, Str path, const struct value *v,
                      struct value *view)
{
    struct arena *arena = show->arena;
    value_set_bool(arena, view, "is_set", true);
    value_set_bool(arena, view, "is_group", true);
    value_set(arena, view, "fields",
              show_fields(show, field->fields, field->field_count, v,
                          str_printf(arena, "%.*s.", STR_ARG(path)), field_is_promise(field)));
}

static void set_signature(const struct field_show *show, const struct field *field, Str path,
                          const struct value *v, struct value *view)
{
    struct arena *arena = show->arena;
    struct value *photos = value_list(arena);
    for (uint32_t i = 0; field->drawn && i < value_count(show->photos); i++) {
        int64_t n = value_get_int(value_item(show->photos, i), "n");
        struct value *row = value_map(arena);
        value_set_str(arena, row, "id", str_printf(arena, "%.*s-%" PRId64, STR_ARG(path), n));
        value_set_str(arena, row, "field", path);
        value_set_int(arena, row, "n", n);
        value_set(arena, row, "name", value_get(value_item(show->photos, i), "name"));
        value_set_bool(arena, row, "checked", value_get_int(v, "material") == n);
        value_add(arena, photos, row);
    }
    value_set_bool(arena, view, "is_set", true);
    value_set_bool(arena, view, "is_signature", true);
    value_set_bool(arena, view, "drawn", field->drawn);
    value_set_str(arena, view, "name", value_get_str(v, "name"));
    value_set(arena, view, "certificate",
              !field->drawn && text_is(field->name, "signature") ? show->certificate : NULL);
    value_set_bool(arena, view, "uncertified",
                   value_get(v, "method") != NULL && value_get_str(v, "certificate").n == 0);
    value_set(arena, view, "photos", photos);
    value_set_str(arena, view, "photo_href", photos->count > 0 ? STR("") : show->photo_href);
}

static void set_kind(const struct field_show *show, /* NOLINT(misc-no-recursion) */
                     const struct field *field, Str path, const struct value *v, bool promise,
                     struct value *view)
{
    switch (field->type) {
    case FIELD_CHOICE:
    case FIELD_CHOICES: set_options(show, field, path, v, view); break;
    case FIELD_YES_NO: set_yes_no(show, v, promise, view); break;
    case FIELD_IDENTITY: set_identity(show, v, view); break;
    case FIELD_ADDRESS: set_address(show, v, view); break;
    case FIELD_MONEY: set_money(show, v, view); break;
    case FIELD_NUMBER:
        if (is_scale(field)) {
            set_scale(show, field, path, v, view);
        } else {
            set_number(show, field, v, view);
        }
        break;
    case FIELD_SIGNATURE: set_signature(show, field, path, v, view); break;
    case FIELD_GROUP: set_group(show, field, path, v, view); break;
    case FIELD_LIST: set_list(show, field, path, v, view); break;
    case FIELD_TEXT:
    case FIELD_LONG_TEXT:
    case FIELD_RATE:
    case FIELD_DATE:
    case FIELD_DATETIME:
    case FIELD_PHONE:
    case FIELD_EMAIL:
    case FIELD_COURT:
    case FIELD_CAUSE:
    case FIELD_CASE_NUMBER:
    case FIELD_BANK_ACCOUNT: set_plain(show, field, v, view); break;
    }
}

/* The answers at which a field is shown, as the controls send them. */
static void set_when(const struct field_show *show, const struct field *field,
                     const struct value *values, Str prefix, struct value *view)
{
    struct arena *arena = show->arena;
    struct value *when = value_map(arena);
    Str text = STR("");
    for (uint32_t i = 0; i < field->when_count; i++) {
        const char *in = text_is(field->when_in[i], "true")    ? "yes"
                         : text_is(field->when_in[i], "false") ? "no"
                                                               : field->when_in[i];
        text = str_printf(arena, "%s%s%s", text.p, i == 0 ? "" : "|", in);
    }
    value_set_str(arena, when, "path",
                  str_printf(arena, "%.*s%s", STR_ARG(prefix), field->when_field));
    value_set_str(arena, when, "in_text", text);
    value_set(arena, view, "when", when);
    value_set_bool(arena, view, "off", field_is_off(field, values));
}

static struct value *show_one(const struct field_show *show, /* NOLINT(misc-no-recursion) */
                              const struct field *field, const struct value *values, Str prefix,
                              bool promise)
{
    struct arena *arena = show->arena;
    struct value *view = value_map(arena);
    Str path = str_printf(arena, "%.*s%s", STR_ARG(prefix), field->name);
    Str hint = hint_of(show, field);
    value_set_str(arena, view, "path", path);
    value_set_text(arena, view, "title", field->title);
    value_set_text(arena, view, "row", field->row[0] == '\0' ? NULL : field->row);
    value_set_bool(arena, view, "required", field->required);
    value_set_text(arena, view, "help", field->help[0] == '\0' ? NULL : field->help);
    value_set(arena, view, "hint", hint.n == 0 ? NULL : value_str(arena, hint));
    value_set_bool(arena, view, "same_title",
                   show->heading != NULL && text_is(show->heading, field->title));
    value_set(arena, view, "when", NULL);
    value_set_bool(arena, view, "off", false);
    set_error(show, field, path, promise, view);
    if (field->when_field != NULL) {
        set_when(show, field, values, prefix, view);
    }
    set_kind(show, field, path, value_get(values, field->name), promise, view);
    return view;
}

static struct value *show_fields(const struct field_show *show, /* NOLINT(misc-no-recursion) */
                                 const struct field *fields, uint32_t count,
                                 const struct value *values, Str prefix, bool promises)
{
    struct value *list = value_list(show->arena);
    for (uint32_t i = 0; i < count; i++) {
        value_add(show->arena, list, show_one(show, &fields[i], values, prefix, promises));
    }
    return list;
}

struct value *fields_show(const struct field_show *show, const struct field *fields, uint32_t count,
                          const struct value *values, Str prefix)
{
    bool promises = count > 0 && prefix.n > 0;
    for (uint32_t i = 0; i < count; i++) {
        promises = promises && fields[i].type == FIELD_YES_NO && fields[i].required;
    }
    return show_fields(show, fields, count, values, prefix, promises);
}

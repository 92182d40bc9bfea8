/* Definition and view of fields; checking is in field_check.c. */
#include "flow/field.h"

#include <inttypes.h>
#include <string.h>

#include "base/check.h"
#include "base/money.h"
#include "flow/shape.h"
#include "law/identifier.h"

/* As deep as the definitions, which are files of ours, nested a few levels deep: field_read()
 * proves it first. */
/* NOLINTBEGIN(misc-no-recursion) */

enum { FIELD_DEPTH_MAX = 6, LIST_ITEMS_MAX = 1000 };

static const char *const type_names[] = {
    "text",   "long-text", "money",       "rate",         "date",      "datetime", "number",
    "choice", "choices",   "yes-no",      "identity",     "phone",     "email",    "address",
    "court",  "cause",     "case-number", "bank-account", "signature", "group",    "list",
};
_Static_assert(sizeof type_names / sizeof type_names[0] == FIELD_LIST + 1, "a name for each type");

const char *field_type_name(enum field_type type)
{
    return type_names[type];
}

const struct option identity_options[IDENTITY_OPTIONS] = {
    {"resident-id", "居民身份证"},
    {"passport", "护照"},
    {"hk-macao-permit", "港澳居民来往内地通行证"},
    {"taiwan-permit", "台湾居民来往大陆通行证"},
    {"foreign-resident", "外国人永久居留身份证"},
    {"officer", "军官证"},
};

const char *identity_type_title(Str type)
{
    for (int i = 0; i < IDENTITY_OPTIONS; i++) {
        if (str_is(type, identity_options[i].value)) {
            return identity_options[i].title;
        }
    }
    return "";
}

static enum status fault(struct cx *cx, const char *file, const struct value *at, const char *why,
                         Str what)
{
    return FAIL(cx, E_READ, "data-unreadable", "%s:%u: %s: %.*s", file, at == NULL ? 0 : at->line,
                why, STR_ARG(what));
}

static enum status fault_at(struct cx *cx, const char *file, uint32_t line, const char *why,
                            const char *what)
{
    return FAIL(cx, E_READ, "data-unreadable", "%s:%u: %s: %s", file, line, why, what);
}

static bool type_parse(Str name, enum field_type *out)
{
    for (int i = 0; i <= FIELD_LIST; i++) {
        if (str_is(name, type_names[i])) {
            *out = (enum field_type)i;
            return true;
        }
    }
    return false;
}

static enum status options_read(struct cx *cx, const char *file, const struct value *yaml,
                                struct field *out)
{
    const struct value *options = value_get(yaml, "options");
    bool wants = out->type == FIELD_CHOICE || out->type == FIELD_CHOICES;
    if (wants != (value_count(options) > 0)) {
        return fault(cx, file, yaml, wants ? "choice without options" : "options without choice",
                     str_of(out->name));
    }
    out->option_count = value_count(options);
    out->options = arena_array(cx->arena, struct option, out->option_count);
    for (uint32_t i = 0; i < out->option_count; i++) {
        if (value_is_map(options)) {
            out->options[i].value = options->as.members[i].key.p;
            out->options[i].title = value_as_str(options->as.members[i].value).p;
        } else {
            const struct value *option = value_item(options, i);
            Str value = value_is_text(option) ? option->as.text : value_get_str(option, "value");
            Str title = value_is_text(option) ? option->as.text : value_get_str(option, "title");
            out->options[i] = (struct option){value.p, title.p};
        }
        if (out->options[i].value[0] == '\0' || out->options[i].title[0] == '\0') {
            return fault(cx, file, options, "option without value or title", str_of(out->name));
        }
    }
    return OK;
}

static enum status when_read(struct cx *cx, const char *file, const struct value *yaml,
                             struct field *out)
{
    const struct value *when = value_get(yaml, "when");
    if (when == NULL) {
        return OK;
    }
    static const char *const known[] = {"field:t", "in:l", NULL};
    TRY(shape_check(cx, file, when, known));
    const struct value *in = value_get(when, "in");
    Str sibling = value_get_str(when, "field");
    if (sibling.n == 0 || value_count(in) == 0) {
        return fault(cx, file, when, "when needs field and in", str_of(out->name));
    }
    out->when_field = sibling.p;
    out->when_count = value_count(in);
    out->when_in = arena_array(cx->arena, const char *, out->when_count);
    for (uint32_t i = 0; i < out->when_count; i++) {
        const struct value *item = value_item(in, i);
        out->when_in[i] =
            item->kind == VALUE_BOOL ? (item->as.truth ? "true" : "false") : value_as_str(item).p;
    }
    return OK;
}

static bool when_can_hold(const struct field *sibling, const char *wanted)
{
    if (sibling->type == FIELD_YES_NO) {
        return text_is(wanted, "true") || text_is(wanted, "false");
    }
    bool found = sibling->option_count == 0;
    for (uint32_t i = 0; i < sibling->option_count; i++) {
        found = found || text_is(sibling->options[i].value, wanted);
    }
    return found;
}

enum status when_prove(struct cx *cx, const char *file, const struct field *fields, uint32_t count,
                       const struct field *field)
{
    if (field->when_field == NULL) {
        return OK;
    }
    const struct field *sibling = field_find(fields, count, str_of(field->when_field));
    if (sibling == NULL || sibling == field) {
        return fault_at(cx, file, field->line, "when names no sibling", field->when_field);
    }
    for (uint32_t i = 0; i < field->when_count; i++) {
        if (!when_can_hold(sibling, field->when_in[i])) {
            return fault_at(cx, file, field->line, "never shown: when asks what cannot be chosen",
                            field->when_in[i]);
        }
    }
    return OK;
}

static enum status limits_prove(struct cx *cx, const char *file, const struct value *yaml,
                                const struct field *field)
{
    bool ranged =
        field->type == FIELD_MONEY || field->type == FIELD_NUMBER || field->type == FIELD_LIST;
    bool length = field->type == FIELD_TEXT || field->type == FIELD_LONG_TEXT;
    bool has_range = value_get(yaml, "min") != NULL || value_get(yaml, "max") != NULL;
    if (has_range && !ranged) {
        return fault(cx, file, yaml, "min or max of what has no size", str_of(field->name));
    }
    if (value_get(yaml, "max_length") != NULL && (!length || field->max_length < 1)) {
        return fault(cx, file, yaml, "max_length of what has no length", str_of(field->name));
    }
    if (field->max != 0 && field->max < field->min) {
        return fault(cx, file, yaml, "max below min", str_of(field->name));
    }
    if (field->type == FIELD_LIST && (field->min < 0 || field->max > LIST_ITEMS_MAX)) {
        return fault(cx, file, yaml, "length of a list", str_of(field->name));
    }
    return OK;
}

static enum status children_read(struct cx *cx, const char *file, const struct value *yaml,
                                 struct field *out);

static enum status field_read_at(struct cx *cx, const char *file, const struct value *yaml,
                                 struct field *out)
{
    static const char *const known[] = {
        "element:t", "name:t",     "title:t",   "type:t",   "required:b", "help:t",
        "law:t",     "offered:t",  "example:*", "min:i",    "max:i",      "max_length:i",
        "when:m",    "options:*",  "fields:l",  "format:t", "calendar:t", "row:t",
        "drawn:b",   "arranges:t", "unit:t",    NULL};
    TRY(shape_check(cx, file, yaml, known));
    Str name = value_get_str(yaml, "name");
    if (name.n == 0) {
        name = value_get_str(yaml, "element");
    }
    *out = (struct field){
        .name = name.p,
        .title = value_get_str(yaml, "title").p,
        .required = value_get_bool(yaml, "required"),
        .help = value_get_str(yaml, "help").p,
        .law = value_get_str(yaml, "law").p,
        .offered = value_get_str(yaml, "offered").p,
        .format = value_get_str(yaml, "format").p,
        .calendar = value_get_str(yaml, "calendar").p,
        .unit = value_get_str(yaml, "unit").p,
        .drawn = value_get_bool(yaml, "drawn"),
        .arranges = value_get_str(yaml, "arranges").p,
        .example = value_get(yaml, "example"),
        .min = value_get_int(yaml, "min"),
        .max = value_get_int(yaml, "max"),
        .max_length = value_get_int(yaml, "max_length"),
        .row = value_get_str(yaml, "row").p,
        .forms = "",
        .line = yaml->line,
    };
    if (name.n == 0 || out->title[0] == '\0') {
        return fault(cx, file, yaml, "field without name or title", name);
    }
    if (!type_parse(value_get_str(yaml, "type"), &out->type)) {
        return fault(cx, file, yaml, "unknown type of field", name);
    }
    TRY(options_read(cx, file, yaml, out));
    TRY(when_read(cx, file, yaml, out));
    TRY(limits_prove(cx, file, yaml, out));
    enum identifier_kind kind = IDENTIFIER_RESIDENT_ID;
    if (out->format[0] != '\0' &&
        (out->type != FIELD_TEXT || !identifier_kind_parse(str_of(out->format), &kind))) {
        return fault(cx, file, yaml, "format of a text names no identifier", str_of(out->format));
    }
    if (out->drawn && out->type != FIELD_SIGNATURE) {
        return fault(cx, file, yaml, "drawn of what is no signature", name);
    }
    if (out->calendar[0] != '\0' && out->type != FIELD_DATETIME) {
        return fault(cx, file, yaml, "calendar of what is no datetime", name);
    }
    if (out->unit[0] != '\0' && out->type != FIELD_RATE) {
        return fault(cx, file, yaml, "unit of what is no rate", name);
    }
    if (out->type == FIELD_GROUP || out->type == FIELD_LIST) {
        return children_read(cx, file, yaml, out);
    }
    if (out->example == NULL) {
        return fault(cx, file, yaml, "leaf without example", name); /* (1) */
    }
    return value_get(yaml, "fields") == NULL ? OK : fault(cx, file, yaml, "fields in a leaf", name);
}

static enum status children_read(struct cx *cx, const char *file, const struct value *yaml,
                                 struct field *out)
{
    const struct value *fields = value_get(yaml, "fields");
    out->field_count = value_count(fields);
    if (out->field_count == 0 || !value_is_list(fields)) {
        return fault(cx, file, yaml, "group without fields", str_of(out->name));
    }
    out->fields = arena_array(cx->arena, struct field, out->field_count);
    for (uint32_t i = 0; i < out->field_count; i++) {
        TRY(field_read_at(cx, file, value_item(fields, i), &out->fields[i]));
    }
    for (uint32_t i = 0; i < out->field_count; i++) {
        TRY(when_prove(cx, file, out->fields, out->field_count, &out->fields[i]));
        for (uint32_t k = 0; k < i; k++) {
            if (text_is(out->fields[k].name, out->fields[i].name)) {
                return fault(cx, file, yaml, "field twice", str_of(out->fields[i].name));
            }
        }
    }
    if (out->type == FIELD_LIST && out->required && value_count(out->example) == 0) {
        return fault(cx, file, yaml, "required list without example", str_of(out->name));
    }
    return OK;
}

static int depth_of(const struct value *yaml)
{
    int deepest = 0;
    const struct value *fields = value_get(yaml, "fields");
    for (uint32_t i = 0; i < value_count(fields); i++) {
        int depth = depth_of(value_item(fields, i));
        deepest = depth > deepest ? depth : deepest;
    }
    return deepest + 1;
}

/* Once, so that groups without anything to seal are passed over whole. */
static bool mark_sensitive(struct field *field) /* NOLINT(misc-no-recursion) */
{
    field->sensitive = field_is_sensitive(field);
    for (uint32_t i = 0; i < field->field_count; i++) {
        field->sensitive = mark_sensitive(&field->fields[i]) || field->sensitive;
    }
    return field->sensitive;
}

enum status field_read(struct cx *cx, const char *file, const struct value *yaml, struct field *out)
{
    if (depth_of(yaml) > FIELD_DEPTH_MAX) {
        return fault(cx, file, yaml, "fields nested too deep", value_get_str(yaml, "element"));
    }
    TRY(field_read_at(cx, file, yaml, out));
    mark_sensitive(out);
    return OK;
}

const struct field *field_find(const struct field *fields, uint32_t count, Str name)
{
    for (uint32_t i = 0; i < count; i++) {
        if (str_is(name, fields[i].name)) {
            return &fields[i];
        }
    }
    return NULL;
}

struct value *fields_example(struct arena *arena, const struct field *fields, uint32_t count)
{
    struct value *values = value_map(arena);
    for (uint32_t i = 0; i < count; i++) {
        const struct field *field = &fields[i];
        if (field->type == FIELD_GROUP) {
            value_set(arena, values, field->name,
                      fields_example(arena, field->fields, field->field_count));
        } else if (field->example != NULL && field_is_asked(field, values)) {
            value_set(arena, values, field->name, field->example);
        }
    }
    return values;
}

static void view_limits(struct arena *arena, const struct field *field, struct value *view)
{
    bool ranged = field->type == FIELD_MONEY || field->type == FIELD_NUMBER ||
                  field->type == FIELD_LIST || field->type == FIELD_RATE;
    if (ranged) {
        value_set_int(arena, view, "min", field->min);
        if (field->max != 0) {
            value_set_int(arena, view, "max", field->max);
        }
    }
    if (field->max_length != 0) {
        value_set_int(arena, view, "max_length", field->max_length);
    }
    if (field->when_field != NULL) {
        struct value *when = value_map(arena);
        struct value *in = value_list(arena);
        for (uint32_t i = 0; i < field->when_count; i++) {
            bool yes = text_is(field->when_in[i], "true");
            bool answer = yes || text_is(field->when_in[i], "false");
            value_add(arena, in,
                      answer ? value_bool(arena, yes) : value_text(arena, field->when_in[i]));
        }
        value_set_text(arena, when, "field", field->when_field);
        value_set(arena, when, "in", in);
        value_set(arena, view, "when", when);
    }
}

struct value *field_view(struct arena *arena, const struct field *field)
{
    struct value *view = value_map(arena);
    value_set_text(arena, view, "name", field->name);
    value_set_text(arena, view, "title", field->title);
    value_set_text(arena, view, "type", field_type_name(field->type));
    value_set_bool(arena, view, "required", field->required);
    if (field->row[0] != '\0') {
        value_set_text(arena, view, "row", field->row);
    }
    if (field->help[0] != '\0') {
        value_set_text(arena, view, "help", field->help);
    }
    if (field->law[0] != '\0') {
        value_set_text(arena, view, "law", field->law);
    }
    if (field->unit[0] != '\0') {
        value_set_text(arena, view, "unit", field->unit);
    }
    view_limits(arena, field, view);
    if (field->option_count > 0) {
        struct value *options = value_list(arena);
        for (uint32_t i = 0; i < field->option_count; i++) {
            struct value *option = value_map(arena);
            value_set_text(arena, option, "value", field->options[i].value);
            value_set_text(arena, option, "title", field->options[i].title);
            value_add(arena, options, option);
        }
        value_set(arena, view, "options", options);
    }
    if (field->field_count > 0) {
        struct value *fields = value_list(arena);
        for (uint32_t i = 0; i < field->field_count; i++) {
            value_add(arena, fields, field_view(arena, &field->fields[i]));
        }
        value_set(arena, view, "fields", fields);
    }
    if (field->example != NULL) {
        value_set(arena, view, "example", field->example);
    }
    return view;
}

bool field_is_sensitive(const struct field *field)
{
    return field->type == FIELD_IDENTITY || field->type == FIELD_PHONE ||
           field->type == FIELD_BANK_ACCOUNT;
}

Str field_place_path(struct arena *arena, const struct field_place *place)
{
    const char *inside = "";
    if (place->outer != NULL) {
        inside = field_place_path(arena, place->outer).p;
    }
    const char *dot = place->outer == NULL ? "" : ".";
    return place->index < 0
               ? str_printf(arena, "%s%s%s", inside, dot, place->name)
               : str_printf(arena, "%s%s%s.%" PRId64, inside, dot, place->name, place->index);
}

static struct value *map_sensitive(struct cx *cx, const struct field *fields, uint32_t count,
                                   const struct value *values, const struct field_place *outer,
                                   field_leaf_fn *fn, void *arg);

static struct value *map_one(struct cx *cx, const struct field *field, const struct value *v,
                             const struct field_place *outer, field_leaf_fn *fn, void *arg)
{
    struct field_place place = {outer, field->name, -1};
    if (field->type == FIELD_GROUP && value_is_map(v)) {
        return map_sensitive(cx, field->fields, field->field_count, v, &place, fn, arg);
    }
    if (field->type != FIELD_LIST || !value_is_list(v)) {
        /* cppcheck-suppress returnDanglingLifetime; a leaf comes back, not its place */
        return fn(cx, arg, field, &place, v);
    }
    struct value *list = value_list(cx->arena);
    for (uint32_t i = 0; i < v->count; i++) {
        const struct value *item = v->as.items[i];
        place.index = i;
        value_add(cx->arena, list,
                  value_is_map(item)
                      ? map_sensitive(cx, field->fields, field->field_count, item, &place, fn, arg)
                      : item);
    }
    return list;
}

static struct value *map_sensitive(struct cx *cx, const struct field *fields, uint32_t count,
                                   const struct value *values, const struct field_place *outer,
                                   field_leaf_fn *fn, void *arg)
{
    struct value *copy = value_map(cx->arena);
    for (uint32_t i = 0; i < value_count(values); i++) {
        Str key = values->as.members[i].key;
        const struct value *v = values->as.members[i].value;
        const struct field *field = field_find(fields, count, key);
        bool inside = field != NULL && field->sensitive && !value_is_null(v);
        value_set_key(cx->arena, copy, key, inside ? map_one(cx, field, v, outer, fn, arg) : v);
    }
    return copy;
}

struct value *fields_map_sensitive(struct cx *cx, const struct field *fields, uint32_t count,
                                   const struct value *values, field_leaf_fn *fn, void *arg)
{
    return map_sensitive(cx, fields, count, values, NULL, fn, arg);
}

/* NOLINTEND(misc-no-recursion) */

bool field_is_promise(const struct field *field)
{
    for (uint32_t i = 0; i < field->field_count; i++) {
        const struct field *one = &field->fields[i];
        if (one->type != FIELD_YES_NO || !one->required || !value_as_bool(one->example)) {
            return false;
        }
    }
    return field->type == FIELD_GROUP && field->field_count > 0;
}

bool field_is_last(const struct field *field)
{
    return field->type == FIELD_SIGNATURE || field_is_promise(field);
}

/* Whatever a row prints must be asked, and whatever the official form asks must be printed. */
#include "flow/element_form_int.h"
#include "flow/shape.h"

static bool prints(struct arena *arena, const char *print, Str name)
{
    size_t at = 0;
    struct form_hole hole;
    while (form_hole_next(arena, str_of(print), &at, &hole)) {
        if (hole.bracket == 0 && str_same(hole.name, name)) {
            return true;
        }
    }
    return false;
}

static const struct option *option_of(const struct field *field, Str value)
{
    static const struct option yes_no[] = {{"true", "是"}, {"false", "否"}};
    const struct option *options = field->type == FIELD_YES_NO ? yes_no : field->options;
    uint32_t count = field->type == FIELD_YES_NO ? 2 : field->option_count;
    for (uint32_t i = 0; i < count; i++) {
        if (str_is(value, options[i].value)) {
            return &options[i];
        }
    }
    return NULL;
}

/* A box is of options that there are. */
static enum status hole_prove(struct cx *cx, const char *file, const struct value *at,
                              const struct form_hole *hole, const struct field *field)
{
    Str *options = NULL;
    size_t count = str_split(cx->arena, hole->option, ',', &options);
    bool of_all = str_is(hole->option, FORM_EACH) || str_is(hole->option, FORM_CHOSEN);
    bool of_identity = field->type == FIELD_IDENTITY && str_is(hole->option, "type");
    if ((of_all && field->option_count > 0) || of_identity) {
        return OK;
    }
    for (size_t i = 0; hole->option.n > 0 && i < count; i++) {
        if (option_of(field, options[i]) == NULL) {
            return form_fault(cx, file, at, "prints an option that there is not", options[i]);
        }
    }
    return OK;
}

static enum status given_prove(struct cx *cx, const char *file, const struct value *at, Str said,
                               const struct field *fields, uint32_t count)
{
    Str *names = NULL;
    size_t name_count = str_split(cx->arena, said, '/', &names);
    for (size_t i = 0; i < name_count; i++) {
        if (field_find(fields, count, names[i]) == NULL) {
            return form_fault(cx, file, at, "box of what nobody asks", names[i]);
        }
    }
    return OK;
}

/* Every name of a template is a field here or an element; options are options of it. */
enum status form_print_prove(struct cx *cx, const struct form_loader *f, const char *file,
                             const struct value *at, const char *print, const struct field *fields,
                             uint32_t count)
{
    size_t offset = 0;
    int open = 0;
    struct form_hole hole;
    while (form_hole_next(cx->arena, str_of(print), &offset, &hole)) {
        open += hole.bracket == '[' ? 1 : hole.bracket == ']' ? -1 : 0;
        if (open < 0 || open > 1) {
            return form_fault(cx, file, at, "brackets do not match", str_of(print));
        }
        if (hole.bracket != 0 || hole.name.n == 0 || str_is(hole.name, "n")) {
            continue;
        }
        if (str_is(hole.option, FORM_GIVEN)) {
            TRY(given_prove(cx, file, at, hole.name, fields, count));
            continue;
        }
        const struct field *field = field_find(fields, count, hole.name);
        if (field == NULL) {
            field = load_element(f->loader, hole.name);
        }
        if (field == NULL) {
            return form_fault(cx, file, at, "prints what nobody asks", hole.name);
        }
        TRY(hole_prove(cx, file, at, &hole, field));
    }
    return open == 0 ? OK : form_fault(cx, file, at, "brackets do not match", str_of(print));
}

enum status form_requests_prove(struct cx *cx, const struct form_loader *f,
                                const struct laid_row *row, const struct field *group)
{
    static const char *const keys[] = {"text:t", "when:m", NULL};
    static const char *const when_keys[] = {"field:t", "in:l", NULL};
    const struct value *requests = value_get(row->yaml, "requests");
    for (uint32_t i = 0; i < value_count(requests); i++) {
        const struct value *request = value_item(requests, i);
        const struct value *when = value_get(request, "when");
        TRY(shape_check(cx, row->file, request, keys));
        TRY(form_print_prove(cx, f, row->file, request, value_get_str(request, "text").p,
                             group->fields, group->field_count));
        if (when != NULL) {
            TRY(shape_check(cx, row->file, when, when_keys));
            Str name = value_get_str(when, "field");
            if (field_find(group->fields, group->field_count, name) == NULL ||
                value_count(value_get(when, "in")) == 0) {
                return form_fault(cx, row->file, when, "request on what the section does not ask",
                                  name);
            }
        }
    }
    return OK;
}

/* The box before a label is ticked by a question of yes or no. */
enum status form_tick_prove(struct cx *cx, const struct laid_row *row, const struct field *group)
{
    Str name = value_get_str(row->yaml, "tick");
    const struct field *field = field_find(group->fields, group->field_count, name);
    return name.n == 0 || (field != NULL && field->type == FIELD_YES_NO)
               ? OK
               : form_fault(cx, row->file, row->yaml, "box that no yes or no ticks", name);
}

/* What the official form asks stands in the row's print; a list prints its items. */
enum status form_field_prove(struct cx *cx, const struct form_loader *f, const struct laid_row *row,
                             const struct laid_field *field, const struct form_section *section)
{
    Str name = value_get_str(field->yaml, "name");
    const struct field *read =
        field_find(section->group->fields, section->group->field_count, name);
    const char *item = value_get_str(section->prints, name.p).p;
    if (value_get_str(field->yaml, "help").n == 0) {
        return form_fault(cx, field->file, field->yaml, "field without help", name);
    }
    if (read->type == FIELD_LIST) {
        TRY(form_print_prove(cx, f, field->file, field->yaml, item, read->fields,
                             read->field_count));
    }
    if (value_get(field->yaml, "room") != NULL &&
        (read->option_count > 0 || read->type == FIELD_YES_NO)) {
        return form_fault(cx, field->file, field->yaml, "room in a choice, which prints its boxes",
                          name);
    }
    if (value_get_bool(field->yaml, "ours")) {
        return OK;
    }
    if (!prints(cx->arena, value_get_str(row->yaml, "print").p, name) &&
        !str_same(value_get_str(row->yaml, "tick"), name)) {
        return form_fault(cx, field->file, field->yaml,
                          "official field that its row does not print", name);
    }
    for (uint32_t i = 0; i < read->field_count && read->type == FIELD_LIST; i++) {
        if (!prints(cx->arena, item, str_of(read->fields[i].name))) {
            return form_fault(cx, field->file, field->yaml,
                              "official field that its row does not print",
                              str_of(read->fields[i].name));
        }
    }
    return OK;
}

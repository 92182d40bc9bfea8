#include "flow/form.h"

#include <string.h>

#include "flow/alignment.h"
#include "flow/element_form.h"
#include "flow/rule.h"

/* Predicates are found by name among the rules of the act's procedure at load; here by the house.
 */
bool form_offers(const struct ask *ask, const char *predicate)
{
    if (predicate[0] == '\0') {
        return true;
    }
    for (const struct rule *const *rule = ask->house->rules; *rule != NULL; rule++) {
        if ((*rule)->kind == RULE_PREDICATE && text_is((*rule)->name, predicate)) {
            return (*rule)->predicate(ask);
        }
    }
    return false;
}

/* The names that an item list asks for: "claim", "materials.identity". */
static bool named(const struct value *list, const char *prefix, const char *name)
{
    for (uint32_t i = 0; i < value_count(list); i++) {
        const struct value *item = value_item(list, i);
        Str text = value_is_map(item) ? value_get_str(item, "item") : value_as_str(item);
        size_t n = strlen(prefix);
        if (str_starts(text, prefix) && text_is(text.p + n, name)) {
            return true;
        }
    }
    return false;
}

static bool is_narrowed(const struct ask *ask)
{
    return ask->act->narrow_in >= 0 &&
           str_is(ask->matter->state, ask->procedure->states[ask->act->narrow_in].name);
}

/* As the procedure calls a role, by what the values say; else as the option is called. */
static const char *role_called(const struct procedure *procedure, const struct value *values,
                               const struct option *option)
{
    const char *title = procedure_role_title(procedure, str_of(option->value), values);
    return title[0] != '\0' ? title : option->title;
}

static bool is_called_otherwise(const struct procedure *procedure, const struct value *values,
                                const struct field *role)
{
    for (uint32_t i = 0; i < role->option_count; i++) {
        if (!text_is(role_called(procedure, values, &role->options[i]), role->options[i].title)) {
            return true;
        }
    }
    return false;
}

struct field form_field_called(struct arena *arena, const struct procedure *procedure,
                               const struct value *values, const struct field *field)
{
    struct field copy = *field;
    const struct field *role = field->type == FIELD_LIST
                                   ? field_find(field->fields, field->field_count, STR("role"))
                                   : NULL;
    if (role == NULL || role->type != FIELD_CHOICE ||
        !is_called_otherwise(procedure, values, role)) {
        return copy;
    }
    copy.fields = arena_array(arena, struct field, field->field_count);
    memcpy(copy.fields, field->fields, field->field_count * sizeof *field->fields);
    struct field *called = &copy.fields[role - field->fields];
    called->options = arena_array(arena, struct option, role->option_count);
    for (uint32_t i = 0; i < role->option_count; i++) {
        called->options[i] = role->options[i];
        called->options[i].title = role_called(procedure, values, &role->options[i]);
    }
    return copy;
}

/* Sections of element forms stand in for the claim: where it is named, they are. */
static bool is_named(const struct act *act, const struct value *items, const struct field *field)
{
    return named(items, "", field->name) || named(act->narrow_keep, "", field->name) ||
           (field->arranges[0] != '\0' && named(items, "materials.", field->arranges)) ||
           (field->forms[0] != '\0' && named(items, "", "claim"));
}

/* --- what can be put right --- */

/* Does the act ask for that item, by what is said: an element, "materials.KIND", or "claim" where
 * sections of element forms stand in for it? */
static bool act_has_item(const struct ask *ask, const struct act *act, Str item)
{
    const struct element_form *asked = element_form_asked(ask->procedure, ask->tables, ask->values);
    struct value one = {.kind = VALUE_TEXT, .as.text = item};
    struct value *items[] = {&one};
    struct value list = {.kind = VALUE_LIST, .count = 1, .as.items = items};
    for (uint32_t i = 0; i < act->form_count; i++) {
        const struct field *field = act->form[i];
        bool open = field->forms[0] == '\0' || element_form_asks(field, asked);
        if (open && condition_holds(&act->form_when[i], ask->values) &&
            (named(&list, "", field->name) ||
             (field->forms[0] != '\0' && named(&list, "", "claim")))) {
            return true;
        }
    }
    for (uint32_t i = 0; i < act->material_count; i++) {
        if (condition_holds(&act->materials[i].when, ask->values) &&
            named(&list, "materials.", act->materials[i].kind)) {
            return true;
        }
    }
    return false;
}

/* The act whose form a list of this element narrows; NULL: none. */
static const struct act *act_narrowed_by(const struct procedure *procedure,
                                         const struct field *element)
{
    size_t n = strlen(element->name);
    for (uint32_t i = 0; i < procedure->act_count; i++) {
        const struct act *act = &procedure->acts[i];
        if (act->narrow_in >= 0 && strncmp(act->narrow_by, element->name, n) == 0 &&
            text_is(act->narrow_by + n, ".items")) {
            return act;
        }
    }
    return NULL;
}

/* Of what may be put right, only what this filing has is offered. */
static void items_narrow(struct arena *arena, const struct ask *ask, struct field *element)
{
    const struct act *act = act_narrowed_by(ask->procedure, element);
    const struct field *list =
        act == NULL ? NULL : field_find(element->fields, element->field_count, STR("items"));
    const struct field *item =
        list == NULL ? NULL : field_find(list->fields, list->field_count, STR("item"));
    if (item == NULL) {
        return;
    }
    struct field *fields = arena_array(arena, struct field, element->field_count);
    struct field *inner = arena_array(arena, struct field, list->field_count);
    struct option *options = arena_array(arena, struct option, item->option_count);
    uint32_t count = 0;
    for (uint32_t i = 0; i < item->option_count; i++) {
        if (act_has_item(ask, act, str_of(item->options[i].value))) {
            options[count++] = item->options[i];
        }
    }
    memcpy(fields, element->fields, element->field_count * sizeof *fields);
    memcpy(inner, list->fields, list->field_count * sizeof *inner);
    inner[item - list->fields].options = options;
    inner[item - list->fields].option_count = count;
    fields[list - element->fields].fields = inner;
    element->fields = fields;
}

/* An order is asked for only while there is something to order. */
static bool has_files(const struct matter *m, const char *kind)
{
    bool has = kind[0] == '\0';
    for (uint32_t i = 0; i < m->material_count && !has; i++) {
        has = m->materials[i].removed == 0 && str_is(m->materials[i].kind, kind);
    }
    return has;
}

/* What is chosen here decides which elements are asked: its example is then what was chosen, so
 * that the examples of a form fill that very form. */
static bool decides_form(const struct field *field)
{
    return text_is(field->name, "cause") || text_is(field->name, "style") ||
           str_starts(str_of(field->name), FORM_CHOICE);
}

/* The answer is to this very claim: its example admits each row there is. */
static struct field answer_called(struct cx *cx, const struct ask *ask, const struct field *field)
{
    struct arena *arena = cx->arena;
    struct field copy = *field;
    const struct field *rows = field->type == FIELD_GROUP
                                   ? field_find(field->fields, field->field_count, STR("rows"))
                                   : NULL;
    if (rows == NULL || field_find(rows->fields, rows->field_count, STR("stance")) == NULL) {
        return copy;
    }
    const struct value *claim =
        alignment_claim(arena, ask->procedure, ask->tables, ask->values, false);
    struct value *example = value_list(arena);
    for (uint32_t i = 0; i < value_count(claim); i++) {
        const struct value *row = value_item(claim, i);
        if (!value_get_bool(row, "own")) {
            struct value *said = value_map(arena);
            value_set(arena, said, "row", value_get(row, "row"));
            value_set_text(arena, said, "stance", "admit");
            value_add(arena, example, said);
        }
    }
    copy.fields = arena_array(arena, struct field, field->field_count);
    memcpy(copy.fields, field->fields, field->field_count * sizeof *field->fields);
    copy.fields[rows - field->fields].example = example;
    return copy;
}

static bool is_as_compiled(const struct field *offered, const struct field *field)
{
    return offered->fields == field->fields && offered->required == field->required &&
           offered->example == field->example;
}

void form_offered(struct cx *cx, const struct ask *ask, struct form *out)
{
    const struct act *act = ask->act;
    bool narrow = is_narrowed(ask);
    const struct value *items = narrow ? value_at(ask->values, act->narrow_by) : NULL;
    const struct element_form *asked = element_form_asked(ask->procedure, ask->tables, ask->values);
    bool waits = asked != NULL && element_form_waits(asked, ask->values);
    out->fields = arena_room(cx->arena, act->form_count * sizeof *out->fields);
    out->field_count = 0;
    for (uint32_t i = 0; i < act->form_count; i++) {
        const struct field *field = act->form[i];
        bool open = (!narrow || is_named(act, items, field)) &&
                    (field->forms[0] == '\0' || element_form_asks(field, asked));
        if (open && condition_holds(&act->form_when[i], ask->values) &&
            form_offers(ask, field->offered) && has_files(ask->matter, field->arranges)) {
            struct field *offered = &out->fields[out->field_count++];
            *offered = text_is(field->name, "answer")
                           ? answer_called(cx, ask, field)
                           : form_field_called(cx->arena, ask->procedure, ask->values, field);
            items_narrow(cx->arena, ask, offered);
            offered->required = field->required && !(waits && field->forms[0] != '\0');
            if (asked != NULL && decides_form(field)) {
                offered->example = value_get(ask->values, field->name);
            }
            offered->written = is_as_compiled(offered, field) ? field->written : NULL;
        }
    }
    out->materials = arena_array(cx->arena, struct material_rule, act->material_count);
    out->material_count = 0;
    for (uint32_t i = 0; i < act->material_count; i++) {
        const struct material_rule *rule = &act->materials[i];
        bool open = !narrow || named(items, "materials.", rule->kind) ||
                    named(act->narrow_keep, "materials.", rule->kind);
        if (open && condition_holds(&rule->when, ask->values) && form_offers(ask, rule->offered)) {
            out->materials[out->material_count++] = *rule;
        }
    }
}

void form_view(struct arena *arena, const struct form *form, struct value *view)
{
    struct value *fields = value_list(arena);
    struct value *materials = value_list(arena);
    for (uint32_t i = 0; i < form->field_count; i++) {
        const struct field *field = &form->fields[i];
        value_add(arena, fields,
                  field->written != NULL ? field->written : field_view(arena, field));
    }
    for (uint32_t i = 0; i < form->material_count; i++) {
        const struct material_rule *rule = &form->materials[i];
        struct value *material = value_map(arena);
        value_set_text(arena, material, "kind", rule->kind);
        value_set_text(arena, material, "title", rule->title);
        value_set_int(arena, material, "min", rule->min);
        value_set(arena, material, "max", rule->max == 0 ? NULL : value_int(arena, rule->max));
        value_add(arena, materials, material);
    }
    value_set(arena, view, "form", fields);
    value_set(arena, view, "materials", materials);
}

static void materials_check(struct cx *cx, const struct ask *ask, const struct form *form)
{
    for (uint32_t i = 0; i < form->material_count; i++) {
        const struct material_rule *rule = &form->materials[i];
        int count = 0;
        for (uint32_t k = 0; k < ask->matter->material_count; k++) {
            const struct material *m = &ask->matter->materials[k];
            count += str_is(m->kind, rule->kind) && m->removed == 0;
        }
        const char *field = arena_printf(cx->arena, "materials.%s", rule->kind);
        if (count < rule->min) {
            (void)cx_error(cx, field, "missing", arena_printf(cx->arena, "请上传%s", rule->title));
        } else if (rule->max > 0 && count > rule->max) {
            (void)cx_error(cx, field, "too-many",
                           arena_printf(cx->arena, "%s最多%d份", rule->title, rule->max));
        }
    }
}

struct value *form_check(struct cx *cx, const struct ask *ask, const struct form *form,
                         const struct value *values)
{
    struct field_world world = {.tables = ask->tables, .today = instant_date(ask->now)};
    struct value *normal =
        fields_check(cx, form->fields, form->field_count, &world, values, STR(""));
    const struct element_form *elements =
        element_form_asked(ask->procedure, ask->tables, ask->values);
    if (elements != NULL) {
        element_form_excuse(cx, elements, value_get(ask->values, "claim"));
    }
    materials_check(cx, ask, form);
    return normal;
}

/* Which form is asked, and the claim that follows from its answers. Values of a draft may be of any
 * type: what does not fit is passed over here and complained of where the form is checked. */
#include "flow/element_form.h"

#include <string.h>

#include "base/money.h"
#include "flow/element_calculator.h"

enum { CLAIM_BYTES_MAX = 256 * 1024, REQUESTS_MAX = 30 };

bool element_form_is_civil(const struct element_form *form)
{
    return strcmp(form->kind, "civil") == 0;
}

const struct element_form *element_form_find(const struct element_forms *forms, Str number)
{
    for (uint32_t i = 0; forms != NULL && i < forms->count; i++) {
        if (str_is(number, forms->all[i].number)) {
            return &forms->all[i];
        }
    }
    return NULL;
}

const struct element_form *element_form_version(const struct element_forms *forms, Str number,
                                                int version)
{
    for (uint32_t i = 0; forms != NULL && i < forms->count; i++) {
        if (str_is(number, forms->all[i].number) && forms->all[i].version == version) {
            return &forms->all[i];
        }
    }
    return NULL;
}

const struct element_form *element_form_of(const struct element_forms *forms,
                                           const struct law_tables *tables,
                                           const struct value *values)
{
    const struct cause *cause =
        forms == NULL ? NULL : cause_find(tables, value_get_str(values, "cause"));
    return cause == NULL ? NULL : element_form_find(forms, cause->form_no);
}

/* What form-KIND says. */
static Str chosen(const struct value *values, Str kind)
{
    for (uint32_t i = 0; value_is_map(values) && i < values->count; i++) {
        Str key = values->as.members[i].key;
        if (str_starts(key, FORM_CHOICE) && text_is(key.p + strlen(FORM_CHOICE), kind.p)) {
            return value_as_str(values->as.members[i].value);
        }
    }
    return STR("");
}

const struct element_form *element_form_asked(const struct procedure *procedure,
                                              const struct law_tables *tables,
                                              const struct value *values)
{
    Str kind = procedure_kind(procedure, values);
    if (str_is(kind, "civil")) {
        return str_is(value_get_str(values, "style"), "element")
                   ? element_form_of(procedure->forms, tables, values)
                   : NULL;
    }
    const struct element_form *form = element_form_find(procedure->forms, chosen(values, kind));
    return form != NULL && str_is(kind, form->kind) ? form : NULL;
}

bool element_form_asks(const struct field *field, const struct element_form *form)
{
    for (uint32_t i = 0; form != NULL && i < form->section_count; i++) {
        if (text_is(field->name, form->sections[i]->element)) {
            return true;
        }
    }
    return false;
}

static bool is_begun(const struct element_form *form, const struct value *values)
{
    for (uint32_t i = 0; i < form->section_count; i++) {
        if (!form->sections[i]->shared &&
            !value_is_empty(value_get(values, form->sections[i]->element))) {
            return true;
        }
    }
    return false;
}

bool element_form_waits(const struct element_form *form, const struct value *values)
{
    const struct value *claim = value_get(values, "claim");
    return value_count(value_get(claim, "requests")) > 0 && value_get_str(claim, "facts").n > 0 &&
           value_get(claim, "form") == NULL && !is_begun(form, values);
}

/* --- the claim --- */

static Money sum_of(const struct element_form *form, const struct value *claim)
{
    Money sum = 0;
    for (uint32_t i = 0; i < value_count(form->sum); i++) {
        Str name = value_as_str(value_item(form->sum, i));
        const struct field *field =
            field_find(form->claim->group->fields, form->claim->group->field_count, name);
        Money amount = field_is_asked(field, claim) ? value_get_int(claim, name.p) : 0;
        sum += amount > 0 && amount <= MONEY_MAX_FEN ? amount : 0;
        sum = sum > MONEY_MAX_FEN ? MONEY_MAX_FEN : sum;
    }
    return sum;
}

static void fill_from(struct arena *arena, const struct value *computed, struct value *filled)
{
    const struct value *list = value_get(computed, "filled");
    for (uint32_t i = 0; i < value_count(list); i++) {
        value_set_key(arena, filled, list->as.members[i].key, list->as.members[i].value);
    }
}

struct value *element_form_fill(struct arena *arena, const struct value *said,
                                const struct value *derived)
{
    struct value *filled = value_merge(arena, said, NULL);
    const struct value *sheets = element_form_sheets(arena, derived);
    fill_from(arena, derived, filled);
    for (uint32_t i = 0; i < value_count(sheets); i++) {
        fill_from(arena, value_item(sheets, i), filled);
    }
    return filled;
}

void element_form_excuse(struct cx *cx, const struct element_form *form, const struct value *claim)
{
    const struct value *errors = cx->failure.errors;
    const struct value *filled = element_form_fill(cx->arena, NULL, claim);
    struct value *left = value_list(cx->arena);
    if (value_count(errors) == 0) {
        return;
    }
    Str head = str_printf(cx->arena, "%s.", form->claim->element);
    for (uint32_t i = 0; i < value_count(errors); i++) {
        struct value *error = errors->as.items[i];
        Str field = value_get_str(error, "field");
        bool computed = str_starts(field, head.p) && value_get(filled, field.p + head.n) != NULL;
        if (!computed || !str_is(value_get_str(error, "code"), "missing")) {
            value_add(cx->arena, left, error);
        }
    }
    cx->failure.errors = left->count == 0 ? NULL : left;
}

/* The first section with what was left to the program filled in. */
static const struct value *section_filled(struct arena *arena, const struct element_form *form,
                                          const struct value *claim, const struct value *derived)
{
    struct value *filled = element_form_fill(arena, claim, derived);
    if (form->total[0] != '\0' && value_is_empty(value_get(claim, form->total))) {
        value_set_int(arena, filled, form->total, sum_of(form, filled));
    }
    return filled;
}

static bool request_holds(const struct value *when, const struct value *claim)
{
    const struct value *in = value_get(when, "in");
    const struct value *said = value_at(claim, value_get_str(when, "field").p);
    for (uint32_t i = 0; i < value_count(in); i++) {
        const char *one = value_as_str(value_item(in, i)).p;
        if (said != NULL && (value_same(said, value_item(in, i)) ||
                             (value_is_list(said) && field_value_in(said, &one, 1)))) {
            return true; /* of several choices, one is enough */
        }
    }
    return when == NULL;
}

static void request_add(struct arena *arena, struct value *requests, Str text)
{
    struct value *request = value_map(arena);
    if (text.n > 0 && requests->count < REQUESTS_MAX) {
        value_set_str(arena, request, "text", text);
        value_add(arena, requests, request);
    }
}

static struct value *requests_of(const struct form_ink *ink, const struct element_form *form,
                                 const struct value *claim)
{
    struct value *requests = value_list(ink->arena);
    const struct field *group = form->claim->group;
    struct form_ink asking = *ink;
    asking.asking = true;
    for (uint32_t i = 0; i < form->claim->row_count; i++) {
        const struct value *list = form->claim->rows[i].requests;
        for (uint32_t k = 0; k < value_count(list); k++) {
            const struct value *one = value_item(list, k);
            bool whole = false;
            Str text = form_ink_text(&asking, value_get_str(one, "text").p, group->fields,
                                     group->field_count, claim, &whole);
            if (whole && request_holds(value_get(one, "when"), claim) && !str_is(text, "无")) {
                request_add(ink->arena, requests, text);
            }
        }
    }
    return requests;
}

/* Rows of the facts that say something, one paragraph each. */
static Str facts_of(const struct form_ink *ink, const struct form_section *section,
                    const struct value *said)
{
    struct buf out;
    struct form_ink here = *ink;
    here.section = section;
    buf_init(&out, ink->arena, CLAIM_BYTES_MAX);
    for (uint32_t i = 0; i < section->row_count; i++) {
        const struct form_row *row = &section->rows[i];
        const struct value *first = row->first == NULL ? NULL : value_get(said, row->first);
        if (value_is_empty(first) || (first->kind == VALUE_BOOL && !first->as.truth)) {
            continue; /* what is not so, or not said, is no ground */
        }
        Str text = form_ink_text(&here, row->print, section->group->fields,
                                 section->group->field_count, said, NULL);
        buf_printf(&out, "%s%s%s%.*s", out.n == 0 ? "" : "\n", row->span ? "" : row->label,
                   row->span ? "" : "：", STR_ARG(text));
    }
    return buf_done(&out);
}

struct value *element_form_claim(struct cx *cx, const struct element_forms *forms,
                                 const struct element_form *form, const struct law_tables *tables,
                                 const struct value *values, Date today)
{
    struct arena *arena = cx->arena;
    struct value *out = value_map(arena);
    struct form_ink ink = {
        .arena = arena, .forms = forms, .tables = tables, .values = values, .section = form->claim};
    const struct value *claim = value_get(values, form->claim->element);
    value_set_text(arena, out, "form", form->number);
    calculators_run(cx, form, tables, claim, today, out);
    const struct value *filled = section_filled(arena, form, claim, out);
    Str facts = STR("");
    for (uint32_t i = 0; i < form->section_count; i++) {
        const struct form_section *section = form->sections[i];
        if (!section->shared && section != form->claim) {
            Str part = facts_of(&ink, section, value_get(values, section->element));
            facts = facts.n == 0 ? part : str_printf(arena, "%s\n%s", facts.p, part.p);
        }
    }
    value_set_int(arena, out, "amount", value_get_int(filled, form->total));
    value_set_int(arena, out, "added", sum_of(form, filled));
    value_set(arena, out, "requests", requests_of(&ink, form, filled));
    value_set_str(arena, out, "facts", facts);
    if (form->place[0] != '\0' && !value_is_empty(value_get(claim, form->place))) {
        value_set(arena, out, "place-of-performance", value_get(claim, form->place));
    }
    return out;
}

/* A claim that followed from a form, when the form is no longer asked: the words stay, as a
 * beginning; what the form alone knows goes. */
static struct value *claim_freed(struct arena *arena, const struct value *claim)
{
    static const char *const kept[] = {"requests", "amount", "facts", "place-of-performance"};
    struct value *freed = value_map(arena);
    for (size_t i = 0; i < sizeof kept / sizeof kept[0]; i++) {
        if (value_get(claim, kept[i]) != NULL) {
            value_set(arena, freed, kept[i], value_get(claim, kept[i]));
        }
    }
    return freed;
}

struct value *element_form_derive(struct cx *cx, const struct procedure *procedure,
                                  const struct law_tables *tables, struct value *values, Date today)
{
    const struct element_form *form = element_form_asked(procedure, tables, values);
    const struct value *claim = value_get(values, "claim");
    struct value *whole = value_merge(cx->arena, values, NULL);
    if (form == NULL && value_get(claim, "form") != NULL) {
        value_set(cx->arena, whole, "claim", claim_freed(cx->arena, claim));
        return whole;
    }
    if (form == NULL || !is_begun(form, values)) {
        return values;
    }
    value_set(cx->arena, whole, "claim",
              element_form_claim(cx, procedure->forms, form, tables, values, today));
    return whole;
}

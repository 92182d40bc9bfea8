/* A form: its head, its sections, its claim and its answer. */
#include <string.h>

#include "base/yaml.h"
#include "flow/element_block.h"
#include "flow/element_calculator.h"
#include "flow/element_form_int.h"
#include "flow/element_reply.h"
#include "flow/shape.h"

enum { SECTIONS_MAX = 12, SCRATCH_BYTES_MAX = 16 * 1024 * 1024 };

static enum status money_prove(struct cx *cx, const struct form_loader *f,
                               const struct element_form *form, const struct value *at, Str name)
{
    const struct field *field =
        field_find(form->claim->group->fields, form->claim->group->field_count, name);
    return field != NULL && field->type == FIELD_MONEY
               ? OK
               : form_fault(cx, f->file, at, "no amount of the first section", name);
}

/* What is computed has somewhere to go. */
static enum status counted_prove(struct cx *cx, const struct form_loader *f,
                                 const struct value *yaml, const struct element_form *form)
{
    const struct field *group = form->claim->group;
    Str missing = {"", 0};
    for (uint32_t i = 0; i < value_count(form->counted); i++) {
        Str name = value_as_str(form->counted->as.members[i].value);
        if (field_find(group->fields, group->field_count, name) == NULL) {
            return form_fault(cx, f->file, form->counted, "counted into what nobody asks", name);
        }
    }
    return calculators_prove(form, &missing)
               ? OK
               : form_fault(cx, f->file, yaml, "a calculator needs of the first section", missing);
}

static enum status claim_prove(struct cx *cx, const struct form_loader *f, const struct value *yaml,
                               struct element_form *form)
{
    const struct field *group = form->claim->group;
    if (form->total[0] != '\0' || element_form_is_civil(form)) {
        TRY(money_prove(cx, f, form, yaml, str_of(form->total)));
    }
    for (uint32_t i = 0; i < value_count(form->sum); i++) {
        TRY(money_prove(cx, f, form, form->sum, value_as_str(value_item(form->sum, i))));
    }
    const struct field *place = field_find(group->fields, group->field_count, str_of(form->place));
    if (form->place[0] != '\0' && (place == NULL || place->type != FIELD_ADDRESS)) {
        return form_fault(cx, f->file, yaml, "no address of the first section",
                          str_of(form->place));
    }
    return counted_prove(cx, f, yaml, form);
}

static bool number_is_known(const struct law_tables *tables, Str number)
{
    for (int i = 0; tables != NULL && i < tables->cause_count; i++) {
        if (str_same(tables->causes[i].form_no, number)) {
            return true;
        }
    }
    return tables == NULL;
}

static const char *text_or(const struct value *yaml, const char *key, const char *otherwise)
{
    return value_get(yaml, key) == NULL ? otherwise : value_get_str(yaml, key).p;
}

static enum status form_head(struct cx *cx, const struct form_loader *f, const struct value *yaml,
                             struct element_form *form)
{
    static const char *const keys[] = {
        "form:t",  "number:t", "title:t",   "about:t",    "kind:t",    "document:t", "signer:t",
        "notes:t", "total:t",  "sum:l",     "sections:l", "place:t",   "answer:m",   "former:m",
        "head:t",  "after:t",  "caption:t", "parties:l",  "counted:m", NULL};
    static const char *const kinds[] = {
        "civil",       "administrative",      "private-prosecution", "state-compensation",
        "enforcement", "enforcement-request", "enforcement-review"};
    TRY(shape_check(cx, f->file, yaml, keys));
    Str kind = value_get(yaml, "kind") == NULL ? STR("civil") : value_get_str(yaml, "kind");
    *form =
        (struct element_form){.name = value_get_str(yaml, "form").p,
                              .number = value_get_str(yaml, "number").p,
                              .title = value_get_str(yaml, "title").p,
                              .about = value_get_str(yaml, "about").p,
                              .kind = kind.p,
                              .document = text_or(yaml, "document", "民事起诉状"),
                              .signer = text_or(yaml, "signer", "具状人（签字、盖章）"),
                              .caption = text_or(yaml, "caption", value_get_str(yaml, "title").p),
                              .notes = text_or(yaml, "notes", ""),
                              .after = text_or(yaml, "after", ""),
                              .total = value_get_str(yaml, "total").p,
                              .sum = value_get(yaml, "sum"),
                              .place = value_get_str(yaml, "place").p,
                              .file = f->file,
                              .former = value_get(yaml, "former"),
                              .counted = value_get(yaml, "counted")};
    Str path = str_of(f->file);
    Str number = {"", 0};
    if (form->name[0] == '\0' || form->title[0] == '\0' ||
        !ref_split(cx->arena, str_slice(cx->arena, path, strlen("forms/"), path.n - 5), &number,
                   &form->version) ||
        !str_is(number, form->number)) {
        return form_fault(cx, f->file, yaml,
                          "form without name and title, or not numbered as its file",
                          str_of(form->number));
    }
    if (!field_value_in(value_str(cx->arena, kind), kinds, sizeof kinds / sizeof kinds[0])) {
        return form_fault(cx, f->file, yaml, "no such kind of case", kind);
    }
    return !element_form_is_civil(form) ||
                   number_is_known(f->loader->world->tables, str_of(form->number))
               ? OK
               : form_fault(cx, f->file, yaml, "no cause has the form", str_of(form->number));
}

static void section_asked_by(struct arena *arena, struct loader *loader,
                             const struct form_section *section, const struct element_form *form)
{
    if (section->asked != NULL &&
        strstr(section->asked->forms, arena_printf(arena, " %s ", form->number)) == NULL) {
        struct field *element = &loader->elements[section->asked - loader->elements];
        element->forms = arena_printf(
            arena, "%s%s ", element->forms[0] == '\0' ? " " : element->forms, form->number);
    }
}

/* Whoever files a case of another kind chooses its form by the element form-KIND. */
static enum status choice_prove(struct cx *cx, const struct form_loader *f,
                                const struct value *yaml, const struct element_form *form)
{
    const struct field *choice =
        load_element(f->loader, str_printf(cx->arena, FORM_CHOICE "%s", form->kind));
    for (uint32_t i = 0; choice != NULL && i < choice->option_count; i++) {
        if (text_is(choice->options[i].value, form->number)) {
            return OK;
        }
    }
    return choice == NULL || element_form_is_civil(form)
               ? OK
               : form_fault(cx, f->file, yaml,
                            "form that nobody can choose: an option of form-KIND",
                            str_of(form->number));
}

/* `head: NAME`: explanations that forms share, data/forms/heads/NAME.yaml. */
static enum status head_read(struct cx *cx, const struct form_loader *f, const struct value *yaml,
                             struct element_form *form)
{
    static const char *const keys[] = {"head:t", "notes:t", NULL};
    const char *file = NULL;
    struct value *shared = NULL;
    if (value_get(yaml, "head") == NULL) {
        return OK;
    }
    TRY(form_shared_read(cx, f, "heads", "head", f->file, yaml, &file, &shared));
    TRY(shape_check(cx, file, shared, keys));
    form->notes = value_get_str(shared, "notes").p;
    return OK;
}

/* Who answers and who acts for him, as the official answer prints them; of: party, agent. */
static enum status answerers_read(struct cx *cx, const struct form_loader *f, const char *file,
                                  const struct value *yaml, struct element_form *form)
{
    static const char *const keys[] = {"row:t", "of:t", "print:t", "none:t", NULL};
    const struct field *parties = load_element(f->loader, STR("parties"));
    const struct field *agents =
        parties == NULL ? NULL : field_find(parties->fields, parties->field_count, STR("agents"));
    uint32_t count = value_count(yaml);
    struct form_answerer *list = arena_array(cx->arena, struct form_answerer, count);
    for (uint32_t i = 0; i < count; i++) {
        const struct value *item = value_item(yaml, i);
        TRY(shape_check(cx, file, item, keys));
        Str of = value_get_str(item, "of");
        list[i] = (struct form_answerer){.label = value_get_str(item, "row").p,
                                         .agent = str_is(of, "agent"),
                                         .print = value_get_str(item, "print").p,
                                         .none = value_get_str(item, "none").p};
        if (agents == NULL || (!list[i].agent && !str_is(of, "party"))) {
            return form_fault(cx, file, item, "nobody who answers", of);
        }
        const struct field *in = list[i].agent ? agents : parties;
        TRY(form_print_prove(cx, f, file, item, list[i].print, in->fields, in->field_count));
    }
    form->answerers = list;
    form->answerer_count = count;
    return OK;
}

/* `answer: {use: NAME}`: an official answer of many forms, data/forms/answers/NAME.yaml. */
static enum status answer_read(struct cx *cx, const struct form_loader *f, const struct value *yaml,
                               struct element_form *form)
{
    static const char *const use_keys[] = {"use:t", NULL};
    const struct value *answer = value_get(yaml, "answer");
    const char *file = NULL;
    struct value *shared = NULL;
    if (value_get(answer, "use") == NULL) {
        TRY(form_replies_read(cx, f->file, answer, form));
        return answerers_read(cx, f, f->file, value_get(answer, "people"), form);
    }
    TRY(shape_check(cx, f->file, answer, use_keys));
    TRY(form_shared_read(cx, f, "answers", "answer", f->file, answer, &file, &shared));
    struct value *own = value_merge(cx->arena, shared, NULL);
    value_remove(own, "answer");
    TRY(form_replies_read(cx, file, own, form));
    return answerers_read(cx, f, file, value_get(own, "people"), form);
}

static enum status form_read(struct cx *cx, struct form_loader *f, const struct value *yaml,
                             struct element_form *form)
{
    TRY(form_head(cx, f, yaml, form));
    TRY(head_read(cx, f, yaml, form));
    const struct value *list = value_get(yaml, "sections");
    uint32_t count = value_count(list);
    if (count < 2 || count > SECTIONS_MAX) {
        return form_fault(cx, f->file, yaml, "sections missing or too many", str_of(form->name));
    }
    const struct form_section **sections =
        arena_array(cx->arena, const struct form_section *, count);
    for (uint32_t i = 0; i < count; i++) {
        struct form_section *section = NULL;
        TRY(form_section_find(cx, f, value_item(list, i), form->version, &section));
        section_asked_by(cx->arena, f->loader, section, form);
        sections[i] = section;
    }
    form->sections = sections;
    form->section_count = count;
    for (uint32_t i = count; i > 0; i--) {
        form->claim = sections[i - 1]->shared ? form->claim : sections[i - 1];
    }
    if (form->claim == NULL) {
        return form_fault(cx, f->file, yaml, "form without a section of its own",
                          str_of(form->name));
    }
    TRY(claim_prove(cx, f, yaml, form));
    TRY(form_blocks_read(cx, f->file, value_get(yaml, "parties"), form));
    TRY(choice_prove(cx, f, yaml, form));
    return answer_read(cx, f, yaml, form);
}

/* "forms/09.yaml", not what lies in a folder of its own. */
static bool is_form(const char *path)
{
    return strncmp(path, "forms/", 6) == 0 && strchr(path + 6, '/') == NULL;
}

enum status load_element_forms(struct cx *cx, struct loader *loader,
                               const struct procedure_source *sources, uint32_t count)
{
    struct element_forms *forms = arena_new(cx->arena, struct element_forms);
    struct element_form *all = arena_array(cx->arena, struct element_form, count);
    struct form_loader f = {.loader = loader,
                            .sources = sources,
                            .source_count = count,
                            .parsed = arena_array(cx->arena, struct value *, count),
                            .known = arena_array(cx->arena, struct form_section *, count),
                            .scratch = arena_open(SCRATCH_BYTES_MAX)};
    enum status status = OK;
    for (uint32_t i = 0; i < count && status == OK; i++) {
        struct value *yaml = NULL;
        if (!is_form(sources[i].path)) {
            continue;
        }
        f.file = sources[i].path;
        status = yaml_read(cx, f.file, sources[i].text, &yaml);
        status = status != OK ? status : form_read(cx, &f, yaml, &all[forms->count]);
        forms->count += status == OK;
    }
    arena_close(f.scratch);
    TRY(status);
    forms->all = all;
    forms->elements = loader->elements;
    forms->element_count = loader->element_count;
    loader->forms = forms->count == 0 ? NULL : forms;
    return OK;
}

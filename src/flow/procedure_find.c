/* Looking up what was compiled, and what it says of some values. */
#include <string.h>

#include "base/check.h"
#include "flow/element_form.h"
#include "flow/procedure_int.h"

const struct element_forms *procedures_forms(const struct procedures *procedures)
{
    return procedures->forms;
}

uint32_t procedures_count(const struct procedures *procedures)
{
    return procedures->count;
}

const struct procedure *procedures_at(const struct procedures *procedures, uint32_t index)
{
    check(index < procedures->count);
    return &procedures->all[index];
}

const struct procedure *procedure_find(const struct procedures *procedures, Str name, int version)
{
    const struct procedure *found = NULL;
    for (uint32_t i = 0; i < procedures->count; i++) {
        const struct procedure *p = &procedures->all[i];
        if (str_is(name, p->name) && (version == 0 || p->version == version)) {
            found = p; /* ascending: the last is the newest */
        }
    }
    return found;
}

const struct procedure *procedure_before(const struct procedures *procedures,
                                         const struct procedure *procedure)
{
    const struct procedure *found = NULL;
    for (uint32_t i = 0; i < procedures->count; i++) {
        const struct procedure *p = &procedures->all[i];
        if (text_is(p->name, procedure->name) && p->version < procedure->version) {
            found = p;
        }
    }
    return found;
}

/* Of the elements that both ask, none in another version. */
static bool asks_alike(const struct procedure *p, const struct procedure *other)
{
    for (uint32_t i = 0; i < p->element_count; i++) {
        const struct field *same =
            field_find(other->elements, other->element_count, str_of(p->elements[i].name));
        if (same != NULL && same->version != p->elements[i].version) {
            return false;
        }
    }
    return true;
}

const struct procedure *procedure_beside(const struct procedures *procedures, Str name,
                                         const struct procedure *beside)
{
    const struct procedure *found = NULL;
    for (uint32_t i = 0; i < procedures->count; i++) {
        const struct procedure *p = &procedures->all[i];
        if (str_is(name, p->name) && asks_alike(p, beside)) {
            found = p;
        }
    }
    return found != NULL ? found : procedure_find(procedures, name, 0);
}

int procedure_state_index(const struct procedure *procedure, Str name)
{
    for (uint32_t i = 0; i < procedure->state_count; i++) {
        if (str_is(name, procedure->states[i].name)) {
            return (int)i;
        }
    }
    return -1;
}

const struct state *procedure_state(const struct procedure *procedure, Str name)
{
    int index = procedure_state_index(procedure, name);
    return index < 0 ? NULL : &procedure->states[index];
}

const struct act *procedure_act(const struct procedure *procedure, Str name)
{
    for (uint32_t i = 0; i < procedure->act_count; i++) {
        if (str_is(name, procedure->acts[i].name)) {
            return &procedure->acts[i];
        }
    }
    return NULL;
}

Str procedure_kind(const struct procedure *procedure, const struct value *values)
{
    Str said = value_get_str(values, "filing-kind");
    return procedure->kind[0] != '\0' ? str_of(procedure->kind) : said.n > 0 ? said : STR("civil");
}

const struct procedure *procedure_filing(const struct procedures *procedures, Str kind)
{
    const struct procedure *found = NULL;
    for (uint32_t i = 0; i < procedures_count(procedures); i++) {
        const struct procedure *p = procedures_at(procedures, i);
        bool people = p->begin_count > 0 && p->begin_by[0].kind == ACTOR_PERSON;
        if (people && p->forms != NULL && str_same(procedure_kind(p, NULL), kind)) {
            found = p;
        }
    }
    return found;
}

enum status procedures_file_forms(struct cx *cx, const struct procedures *procedures)
{
    const struct element_forms *forms = procedures_forms(procedures);
    for (uint32_t i = 0; forms != NULL && i < forms->count; i++) {
        const struct element_form *form = &forms->all[i];
        const struct procedure *p = procedure_filing(procedures, str_of(form->kind));
        Str claim = str_of(form->claim->element);
        if (p == NULL || field_find(p->elements, p->element_count, claim) == NULL) {
            return FAIL(cx, E_READ, "data-unreadable", "%s:1: form that nobody can file: %s",
                        form->file, form->name);
        }
    }
    return OK;
}

const char *procedure_role_title(const struct procedure *procedure, Str role,
                                 const struct value *values)
{
    const struct value *title =
        value_get_key(procedure->roles, str_ends(role, AGENT_OF) ? STR("litigation-agent") : role);
    if (!value_is_map(title)) {
        return value_as_str(title).p;
    }
    const struct value *chosen =
        value_get_key(title, value_as_str(value_at(values, value_get_str(title, "by").p)));
    for (uint32_t i = 0; chosen == NULL && i < title->count; i++) {
        if (!str_is(title->as.members[i].key, "by")) {
            chosen = title->as.members[i].value; /* nothing said yet: the first */
        }
    }
    return value_as_str(chosen).p;
}

bool condition_holds(const struct condition *condition, const struct value *values)
{
    if (condition->path == NULL) {
        return true;
    }
    const struct value *said = value_at(values, condition->path);
    if (value_is_empty(said)) {
        return condition->unset;
    }
    for (uint32_t i = 0; i < condition->in->count; i++) {
        if (value_same(said, condition->in->as.items[i])) {
            return true;
        }
    }
    return false;
}

const struct limit_case *clock_case(const struct clock_rule *rule, const struct value *values)
{
    Str said = value_as_str(value_at(values, rule->limit_by));
    for (uint32_t i = 0; i < rule->case_count; i++) {
        if (str_is(said, rule->cases[i].value)) {
            return &rule->cases[i];
        }
    }
    return &rule->cases[0];
}

int material_shown_in(const struct procedure *procedure, Str kind)
{
    int state = -1;
    for (uint32_t i = 0; i < procedure->act_count; i++) {
        const struct act *act = &procedure->acts[i];
        for (uint32_t k = 0; k < act->material_count; k++) {
            if (str_is(kind, act->materials[k].kind) && act->materials[k].shown_in >= 0) {
                state = act->materials[k].shown_in;
            }
        }
    }
    return state;
}

const char *material_title(const struct procedure *procedure, Str kind)
{
    for (uint32_t i = 0; i < procedure->act_count; i++) {
        const struct act *act = &procedure->acts[i];
        for (uint32_t k = 0; k < act->material_count; k++) {
            if (str_is(kind, act->materials[k].kind)) {
                return act->materials[k].title;
            }
        }
    }
    return kind.p;
}

enum { SHAPE_BYTES_MAX = 4 << 20 };

/* As deep as definitions are, which field_read() bounds. */
/* NOLINTNEXTLINE(misc-no-recursion) */
static void shape_put(struct buf *out, const struct field *fields, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        const struct field *f = &fields[i];
        buf_printf(out, "%s:%s%s", f->name, field_type_name(f->type), f->required ? "!" : "");
        for (uint32_t k = 0; k < f->option_count; k++) {
            buf_printf(out, "|%s", f->options[k].value);
        }
        for (uint32_t k = 0; k < f->when_count; k++) {
            buf_printf(out, "?%s=%s", f->when_field, f->when_in[k]);
        }
        buf_printf(out, "(");
        shape_put(out, f->fields, f->field_count);
        buf_printf(out, ")");
    }
}

Str procedure_shape(struct arena *arena, const struct procedure *procedure)
{
    struct buf out;
    buf_init(&out, arena, SHAPE_BYTES_MAX);
    shape_put(&out, procedure->elements, procedure->element_count);
    return buf_done(&out);
}

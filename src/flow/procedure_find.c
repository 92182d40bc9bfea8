/* Looking up what was compiled, and what it says of some values. */
#include <string.h>

#include "base/check.h"
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

/* Proofs over a compiled procedure: what only the whole can show. */
#include <string.h>

#include "flow/procedure_int.h"
#include "flow/rule.h"

static uint32_t bit(int index)
{
    return UINT32_C(1) << index;
}

/* States that can be reached from the first by acts. */
static uint32_t reached(const struct procedure *p)
{
    uint32_t seen = bit(p->first_state);
    for (uint32_t round = 0; round < p->state_count; round++) {
        for (uint32_t i = 0; i < p->act_count; i++) {
            if ((p->acts[i].from & seen) != 0 && p->acts[i].to >= 0) {
                seen |= bit(p->acts[i].to);
            }
        }
    }
    return seen;
}

static enum status prove_states(struct cx *cx, const struct loader *loader)
{
    const struct procedure *p = loader->procedure;
    uint32_t seen = reached(p);
    for (uint32_t i = 0; i < p->state_count; i++) {
        bool left = false;
        for (uint32_t k = 0; k < p->act_count; k++) {
            const struct act *act = &p->acts[k];
            left = left || ((act->from & bit((int)i)) != 0 && act->to >= 0 && act->to != (int)i);
        }
        const char *why = (seen & bit((int)i)) == 0    ? "state that cannot be reached"
                          : !left && !p->states[i].end ? "state that cannot be left"
                          : left && p->states[i].end   ? "end that can be left"
                                                       : NULL;
        if (why != NULL) {
            return load_fault_at(cx, loader, p->states[i].line, why, p->states[i].name);
        }
    }
    return OK;
}

/* --- acts --- */

static bool is_by(const struct act *act, enum actor_kind kind)
{
    for (uint32_t i = 0; i < act->by_count; i++) {
        if (act->by[i].kind == kind) {
            return true;
        }
    }
    return false;
}

static bool is_breach(const struct procedure *p, const struct act *act)
{
    for (uint32_t i = 0; i < p->clock_count; i++) {
        if (p->clocks[i].on_breach == act) {
            return true;
        }
    }
    return false;
}

static bool has_element(const struct procedure *p, const char *name)
{
    return field_find(p->elements, p->element_count, str_of(name)) != NULL;
}

/* Whoever an act names must be able to turn up: the system by a clock or of its own, the window of
 * a collaborating court where such windows begin; effects open matters and take no acts in them. */
static enum status prove_actors(struct cx *cx, const struct loader *loader, const struct act *act)
{
    const struct procedure *p = loader->procedure;
    bool by_system = is_by(act, ACTOR_SYSTEM);
    if (is_by(act, ACTOR_EFFECT)) {
        return load_fault_at(cx, loader, act->line, "act nobody can take: effects take none",
                             act->name);
    }
    if (by_system && !is_breach(p, act) && act->automatic == AUTOMATIC_NOT) {
        return load_fault_at(cx, loader, act->line, "act nobody can take: no clock runs into it",
                             act->name);
    }
    if (act->automatic != AUTOMATIC_NOT && (!by_system || act->by_count > 1 || act->to >= 0)) {
        return load_fault_at(cx, loader, act->line,
                             "what the program does on its own is by the system and stays",
                             act->name);
    }
    if (by_system && (act->form_count > 0 || act->material_count > 0)) {
        return load_fault_at(cx, loader, act->line, "act of the system with a form", act->name);
    }
    if (is_by(act, ACTOR_COLLABORATOR) && !p->collaborated) {
        return load_fault_at(cx, loader, act->line,
                             "act nobody can take: not begun by windows alone", act->name);
    }
    if (is_by(act, ACTOR_PROVINCE) || is_by(act, ACTOR_NATION) || is_by(act, ACTOR_UPPER)) {
        return load_fault_at(cx, loader, act->line,
                             "act nobody can take: supervisors above are told only", act->name);
    }
    return OK;
}

static bool in_form(const struct act *act, Str name)
{
    for (uint32_t i = 0; i < act->form_count; i++) {
        if (str_is(name, act->form[i]->name)) {
            return true;
        }
    }
    return false;
}

/* "materials.KIND" of a kind that the act asks for. */
static bool is_material(const struct act *act, Str item)
{
    for (uint32_t i = 0; i < act->material_count; i++) {
        if (str_starts(item, "materials.") &&
            text_is(item.p + strlen("materials."), act->materials[i].kind)) {
            return true;
        }
    }
    return false;
}

/* Conditions hold among the elements of one form; a narrowed form keeps what it has. */
static enum status prove_form(struct cx *cx, const struct loader *loader, const struct act *act)
{
    const struct procedure *p = loader->procedure;
    struct field *fields = arena_array(cx->arena, struct field, act->form_count);
    for (uint32_t i = 0; i < act->form_count; i++) {
        fields[i] = *act->form[i];
    }
    for (uint32_t i = 0; i < act->form_count; i++) {
        const char *file = arena_printf(cx->arena, "elements/%s.yaml", fields[i].name);
        TRY(when_prove(cx, file, fields, act->form_count, &fields[i]));
    }
    if (act->narrow_in < 0) {
        return OK;
    }
    Str *parts = NULL;
    (void)str_split(cx->arena, str_of(act->narrow_by), '.', &parts);
    if ((act->from & bit(act->narrow_in)) == 0 || !has_element(p, parts[0].p)) {
        return load_fault_at(cx, loader, act->line,
                             "narrow in a state not in from, or by an element no form has",
                             act->name);
    }
    for (uint32_t i = 0; i < value_count(act->narrow_keep); i++) {
        Str kept = value_as_str(value_item(act->narrow_keep, i));
        if (!in_form(act, kept) && !is_material(act, kept)) {
            return load_fault(cx, loader, value_item(act->narrow_keep, i),
                              "narrow keeps what the form has not", kept);
        }
    }
    return OK;
}

/* --- papers --- */

/* Does a rule's list of inputs, "fee fee-kind", have the name? */
static bool listed(const char *inputs, Str name)
{
    const char *p = inputs == NULL ? "" : inputs;
    while (*p != '\0') {
        size_t n = strcspn(p, " ");
        if (n == name.n && memcmp(p, name.p, n) == 0) {
            return true;
        }
        p += n + strspn(p + n, " ");
    }
    return false;
}

static bool is_clocks_due(const struct procedure *p, Str name)
{
    for (uint32_t i = 0; i < p->clock_count; i++) {
        size_t n = strlen(p->clocks[i].name);
        if (str_starts(name, p->clocks[i].name) && text_is(name.p + n, "-due")) {
            return true;
        }
    }
    return false;
}

/* Does an effect of the act always add this input? */
static bool is_given(const struct act *act, Str name)
{
    for (uint32_t i = 0; i < act->effect_count; i++) {
        if (listed(act->effects[i]->inputs, name)) {
            return true;
        }
    }
    return false;
}

/* Can an act put this on its papers: from the matter itself, a clock, a form, an effect of its own?
 */
static bool is_supplied(const struct procedure *p, const struct act *act, const struct value *need)
{
    Str name = value_get_str(need, "name");
    if (paper_input_is_known(p, name) || is_clocks_due(p, name) || is_given(act, name)) {
        return true;
    }
    const struct field *element = field_find(p->elements, p->element_count, name);
    const struct value *fields = value_get(need, "fields");
    for (uint32_t i = 0; element != NULL && i < value_count(fields); i++) {
        const struct value *part = value_item(fields, i);
        if (!value_get_bool(part, "optional") && field_find(element->fields, element->field_count,
                                                            value_get_str(part, "name")) == NULL) {
            return false;
        }
    }
    return element != NULL;
}

static enum status prove_papers(struct cx *cx, const struct loader *loader, const struct act *act)
{
    for (uint32_t i = 0; i < act->paper_count; i++) {
        if (act->paper_each[i][0] != '\0' && !is_given(act, str_of(act->paper_each[i]))) {
            return load_fault_at(cx, loader, act->line, "paper for each of what no effect supplies",
                                 act->paper_each[i]);
        }
    }
    for (uint32_t i = 0; loader->world->paper_needs != NULL && i < act->paper_count; i++) {
        const struct value *needs = loader->world->paper_needs(loader->world->arg, act->papers[i]);
        for (uint32_t k = 0; k < value_count(needs); k++) {
            const struct value *need = value_item(needs, k);
            if (!value_get_bool(need, "optional") && !is_supplied(loader->procedure, act, need)) {
                return load_fault_at(cx, loader, act->line,
                                     "paper using what no form, clock or effect supplies",
                                     arena_printf(cx->arena, "%s: %s", act->papers[i],
                                                  value_get_str(need, "name").p));
            }
        }
    }
    return OK;
}

/* --- conditions --- */

static bool can_be(const struct field *field, const struct value *value)
{
    if (field->type == FIELD_YES_NO) {
        return value->kind == VALUE_BOOL;
    }
    for (uint32_t i = 0; field->type == FIELD_CHOICE && i < field->option_count; i++) {
        if (str_is(value_as_str(value), field->options[i].value)) {
            return true;
        }
    }
    return false;
}

static enum status prove_condition(struct cx *cx, const struct loader *loader,
                                   const struct act *act, const struct condition *when)
{
    if (when->path == NULL) {
        return OK;
    }
    const struct field *field = load_field(cx, loader, str_of(when->path));
    if (field == NULL) {
        return load_fault_at(cx, loader, act->line, "condition on what no form has", when->path);
    }
    for (uint32_t i = 0; i < when->in->count; i++) {
        if (!can_be(field, when->in->as.items[i])) {
            return load_fault_at(cx, loader, act->line, "condition that can never hold",
                                 when->path);
        }
    }
    return OK;
}

static enum status prove_conditions(struct cx *cx, const struct loader *loader,
                                    const struct act *act)
{
    for (uint32_t i = 0; i < act->form_count; i++) {
        TRY(prove_condition(cx, loader, act, &act->form_when[i]));
    }
    for (uint32_t i = 0; i < act->material_count; i++) {
        TRY(prove_condition(cx, loader, act, &act->materials[i].when));
    }
    for (uint32_t i = 0; i < act->paper_count; i++) {
        TRY(prove_condition(cx, loader, act, &act->paper_when[i]));
    }
    return OK;
}

/* Roles called otherwise by a choice. */
static enum status prove_roles(struct cx *cx, const struct loader *loader)
{
    const struct value *roles = loader->procedure->roles;
    for (uint32_t i = 0; i < roles->count; i++) {
        const struct value *title = roles->as.members[i].value;
        if (value_is_map(title)) {
            TRY(load_covered(cx, loader, title, value_get_str(title, "by")));
        }
    }
    return OK;
}

static enum status prove_acts(struct cx *cx, const struct loader *loader)
{
    for (uint32_t i = 0; i < loader->procedure->act_count; i++) {
        const struct act *act = &loader->procedure->acts[i];
        TRY(prove_actors(cx, loader, act));
        TRY(prove_form(cx, loader, act));
        TRY(prove_papers(cx, loader, act));
        TRY(prove_conditions(cx, loader, act));
    }
    return OK;
}

/* Wording that claims a draft has been handed in. */
static enum status prove_wording(struct cx *cx, const struct loader *loader)
{
    static const char *const claims[] = {"已提交", "提交成功", "已完成", "成功",
                                         "已受理", "已立案",   "已办结", "已登记"};
    const struct state *first = &loader->procedure->states[loader->procedure->first_state];
    for (size_t i = 0; text_is(first->name, "draft") && i < sizeof claims / sizeof claims[0]; i++) {
        if (strstr(first->title, claims[i]) != NULL) {
            return load_fault_at(cx, loader, first->line,
                                 "wording that says a draft is submitted or completed",
                                 first->title);
        }
    }
    return OK;
}

/* --- clocks --- */

/* Where a matter can be while the clock runs: from where it starts, along acts that do not stop it.
 */
static uint32_t running_in(const struct procedure *p, const struct clock_rule *clock)
{
    uint32_t states = clock->starts_states | clock->restarts_states;
    uint64_t starts = clock->starts_acts | clock->restarts_acts;
    for (uint32_t round = 0; round <= p->state_count; round++) {
        for (uint32_t i = 0; i < p->act_count; i++) {
            const struct act *act = &p->acts[i];
            bool begins = (starts & (UINT64_C(1) << i)) != 0;
            bool stops = (clock->stops_acts & (UINT64_C(1) << i)) != 0;
            if (begins || (!stops && (act->from & states) != 0)) {
                uint32_t into = act->to >= 0 ? bit(act->to) : (begins ? act->from : 0);
                states |= into & ~clock->stops_states;
            }
        }
    }
    return states;
}

/* A clock runs into an act of the system that can be taken wherever the clock runs. */
static enum status prove_clocks(struct cx *cx, const struct loader *loader)
{
    const struct procedure *p = loader->procedure;
    for (uint32_t i = 0; i < p->clock_count; i++) {
        const struct clock_rule *clock = &p->clocks[i];
        uint32_t astray = running_in(p, clock) & ~clock->on_breach->from;
        if (!is_by(clock->on_breach, ACTOR_SYSTEM)) {
            return load_fault_at(cx, loader, clock->line, "breach is no act of the system",
                                 clock->name);
        }
        if (astray != 0) {
            const char *state = p->states[__builtin_ctz(astray)].name;
            return load_fault_at(cx, loader, clock->line,
                                 "breach cannot be taken where the clock runs",
                                 arena_printf(cx->arena, "%s: %s", clock->name, state));
        }
        if (clock->of_collaborator && !p->collaborated) {
            return load_fault_at(cx, loader, clock->line,
                                 "hours of a collaborator: not begun by windows alone",
                                 clock->name);
        }
    }
    return OK;
}

/* The examples of every form pass every check of its fields. */
static enum status prove_examples(struct cx *cx, const struct loader *loader)
{
    const struct procedure *p = loader->procedure;
    if (loader->world->tables == NULL) {
        return OK;
    }
    struct field_world world = {.tables = loader->world->tables, .today = date_of(2026, 3, 2)};
    struct value *examples = fields_example(cx->arena, p->elements, p->element_count);
    (void)fields_check(cx, p->elements, p->element_count, &world, examples, STR(""));
    const struct value *first = value_item(cx->failure.errors, 0);
    cx->failure.errors = NULL;
    if (first != NULL) {
        Str path = value_get_str(first, "field");
        Str *parts = NULL;
        (void)str_split(cx->arena, path, '.', &parts);
        const struct field *element = field_find(p->elements, p->element_count, parts[0]);
        struct loader at = *loader;
        at.file = arena_printf(cx->arena, "elements/%s.yaml", parts[0].p);
        at.envelope_lines = 0;
        return load_fault_at(
            cx, &at, element == NULL ? 0 : element->line, "example that does not pass",
            arena_printf(cx->arena, "%s (%s)", path.p, value_get_str(first, "code").p));
    }
    return OK;
}

enum status procedure_prove(struct cx *cx, const struct loader *loader)
{
    TRY(prove_states(cx, loader));
    TRY(prove_wording(cx, loader));
    TRY(prove_clocks(cx, loader));
    TRY(prove_roles(cx, loader));
    TRY(prove_acts(cx, loader));
    return prove_examples(cx, loader);
}

/* Proofs over a compiled procedure, and how it is shown. */
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
        if ((seen & bit((int)i)) == 0) {
            return load_fault(cx, loader, NULL, "state that cannot be reached",
                              str_of(p->states[i].name));
        }
        if (!left && !p->states[i].end) {
            return load_fault(cx, loader, NULL, "state that cannot be left",
                              str_of(p->states[i].name));
        }
        if (left && p->states[i].end) {
            return load_fault(cx, loader, NULL, "end that can be left", str_of(p->states[i].name));
        }
    }
    return OK;
}

/* Wording that claims a draft has been handed in. */
static enum status prove_wording(struct cx *cx, const struct loader *loader)
{
    static const char *const claims[] = {"已提交", "提交成功", "已完成", "成功", "已受理"};
    const struct state *first = &loader->procedure->states[loader->procedure->first_state];
    for (size_t i = 0; text_is(first->name, "draft") && i < sizeof claims / sizeof claims[0]; i++) {
        if (strstr(first->title, claims[i]) != NULL) {
            return load_fault(cx, loader, NULL,
                              "wording that says a draft is submitted or completed",
                              str_of(first->title));
        }
    }
    return OK;
}

/* A clock runs into an act of the system that can be taken wherever the clock runs. */
static enum status prove_clocks(struct cx *cx, const struct loader *loader)
{
    const struct procedure *p = loader->procedure;
    for (uint32_t i = 0; i < p->clock_count; i++) {
        const struct clock_rule *clock = &p->clocks[i];
        bool by_system = false;
        for (uint32_t k = 0; k < clock->on_breach->by_count; k++) {
            by_system = by_system || clock->on_breach->by[k].kind == ACTOR_SYSTEM;
        }
        if (!by_system) {
            return load_fault(cx, loader, NULL, "breach is no act of the system",
                              str_of(clock->name));
        }
        if ((clock->starts_states & ~clock->on_breach->from) != 0) {
            return load_fault(cx, loader, NULL, "breach cannot be taken where the clock starts",
                              str_of(clock->name));
        }
    }
    return OK;
}

/* What the system takes has no form to fill. */
static enum status prove_forms(struct cx *cx, const struct loader *loader)
{
    const struct procedure *p = loader->procedure;
    for (uint32_t i = 0; i < p->act_count; i++) {
        const struct act *act = &p->acts[i];
        for (uint32_t k = 0; k < act->by_count; k++) {
            if (act->by[k].kind == ACTOR_SYSTEM &&
                (act->form_count > 0 || act->material_count > 0)) {
                return load_fault(cx, loader, NULL, "act of the system with a form",
                                  str_of(act->name));
            }
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
        Str what = str_printf(cx->arena, "%s (%s)", value_get_str(first, "field").p,
                              value_get_str(first, "code").p);
        return load_fault(cx, loader, NULL, "example that does not pass", what);
    }
    return OK;
}

enum status procedure_prove(struct cx *cx, const struct loader *loader)
{
    TRY(prove_states(cx, loader));
    TRY(prove_wording(cx, loader));
    TRY(prove_clocks(cx, loader));
    TRY(prove_forms(cx, loader));
    return prove_examples(cx, loader);
}

/* --- view --- */

static const char *actor_kind_text(enum actor_kind kind)
{
    switch (kind) {
    case ACTOR_PERSON: return "person";
    case ACTOR_LAWYER: return "lawyer";
    case ACTOR_PARTY: return "party.";
    case ACTOR_COURT: return "court.";
    case ACTOR_COLLABORATOR: return "collaborator.window";
    case ACTOR_WINDOW: return "window";
    case ACTOR_SYSTEM: return "system";
    case ACTOR_EFFECT: return "effect";
    }
    return "";
}

static struct value *actors_view(struct arena *arena, const struct actor_rule *rules,
                                 uint32_t count)
{
    struct value *list = value_list(arena);
    for (uint32_t i = 0; i < count; i++) {
        value_add(arena, list,
                  value_str(arena, str_printf(arena, "%s%s", actor_kind_text(rules[i].kind),
                                              rules[i].name)));
    }
    return list;
}

static struct value *act_view(struct arena *arena, const struct procedure *p, const struct act *act)
{
    struct value *view = value_map(arena);
    struct value *from = value_list(arena);
    struct value *form = value_list(arena);
    struct value *materials = value_list(arena);
    for (uint32_t i = 0; i < p->state_count; i++) {
        if ((act->from & bit((int)i)) != 0) {
            value_add_text(arena, from, p->states[i].name);
        }
    }
    for (uint32_t i = 0; i < act->form_count; i++) {
        value_add(arena, form, field_view(arena, act->form[i]));
    }
    for (uint32_t i = 0; i < act->material_count; i++) {
        struct value *material = value_map(arena);
        value_set_text(arena, material, "kind", act->materials[i].kind);
        value_set_text(arena, material, "title", act->materials[i].title);
        value_set_int(arena, material, "min", act->materials[i].min);
        value_set(arena, material, "max",
                  act->materials[i].max == 0 ? NULL : value_int(arena, act->materials[i].max));
        value_add(arena, materials, material);
    }
    value_set_text(arena, view, "name", act->name);
    value_set_text(arena, view, "title", act->title);
    value_set(arena, view, "by", actors_view(arena, act->by, act->by_count));
    value_set(arena, view, "from", from);
    value_set(arena, view, "to", act->to < 0 ? NULL : value_text(arena, p->states[act->to].name));
    value_set(arena, view, "form", form);
    value_set(arena, view, "materials", materials);
    return view;
}

static struct value *clock_view(struct arena *arena, const struct clock_rule *clock)
{
    struct value *view = value_map(arena);
    value_set_text(arena, view, "name", clock->name);
    value_set_text(arena, view, "title", clock->title);
    value_set_text(arena, view, "law", clock->law);
    value_set_int(arena, view, "length", clock->limit.length);
    value_set_text(arena, view, "unit", period_unit_name(clock->limit.unit));
    value_set_text(arena, view, "on_breach", clock->on_breach->name);
    return view;
}

struct value *procedure_view(struct arena *arena, const struct procedure *p)
{
    struct value *view = value_map(arena);
    struct value *states = value_list(arena);
    struct value *acts = value_list(arena);
    struct value *clocks = value_list(arena);
    for (uint32_t i = 0; i < p->state_count; i++) {
        struct value *state = value_map(arena);
        value_set_text(arena, state, "name", p->states[i].name);
        value_set_text(arena, state, "title", p->states[i].title);
        value_set_bool(arena, state, "begin", p->first_state == (int)i);
        value_set_bool(arena, state, "end", p->states[i].end);
        value_add(arena, states, state);
    }
    for (uint32_t i = 0; i < p->act_count; i++) {
        value_add(arena, acts, act_view(arena, p, &p->acts[i]));
    }
    for (uint32_t i = 0; i < p->clock_count; i++) {
        value_add(arena, clocks, clock_view(arena, &p->clocks[i]));
    }
    value_set_text(arena, view, "name", p->name);
    value_set_int(arena, view, "version", p->version);
    value_set_text(arena, view, "title", p->title);
    value_set_text(arena, view, "about", p->about);
    value_set(arena, view, "begin", actors_view(arena, p->begin_by, p->begin_count));
    value_set(arena, view, "roles", p->roles);
    value_set(arena, view, "states", states);
    value_set(arena, view, "acts", acts);
    value_set(arena, view, "clocks", clocks);
    return view;
}

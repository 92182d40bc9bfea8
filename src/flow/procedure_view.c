/* How a procedure is shown. */
#include "flow/procedure.h"

static uint32_t bit(int index)
{
    return UINT32_C(1) << index;
}

static const char *actor_kind_text(enum actor_kind kind)
{
    switch (kind) {
    case ACTOR_PERSON: return "person";
    case ACTOR_LAWYER: return "lawyer";
    case ACTOR_PARTY: return "party.";
    case ACTOR_COURT: return "court.";
    case ACTOR_COLLABORATOR: return "collaborator.window";
    case ACTOR_PROVINCE: return "province.supervisor";
    case ACTOR_NATION: return "nation.supervisor";
    case ACTOR_UPPER: return "upper.supervisor";
    case ACTOR_FOLLOWER: return "follower";
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
        if (act->form[i]->forms[0] == '\0') { /* element forms come with their cause */
            value_add(arena, form, field_view(arena, act->form[i]));
        }
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

static struct value *cases_view(struct arena *arena, const struct clock_rule *clock)
{
    struct value *list = value_list(arena);
    for (uint32_t i = 0; i < clock->case_count; i++) {
        const struct limit_case *one = &clock->cases[i];
        struct value *view = value_map(arena);
        value_set_text(arena, view, "value", one->value);
        value_set_int(arena, view, "length", one->limit.length);
        value_set_text(arena, view, "unit", period_unit_name(one->limit.unit));
        value_set_text(arena, view, "law", one->law);
        value_add(arena, list, view);
    }
    return list;
}

static struct value *ladder_view(struct arena *arena, const struct procedure *p)
{
    struct value *list = value_list(arena);
    for (uint32_t i = 0; i < p->rung_count; i++) {
        struct value *view = value_map(arena);
        struct value *acts = value_list(arena);
        value_set_text(arena, view, "name", handover_rung_name(p->ladder[i].rung));
        value_set_text(arena, view, "title", p->ladder[i].title);
        value_set_bool(arena, view, "negative", handover_rung_is_late(p->ladder[i].rung));
        for (uint32_t k = 0; k < p->act_count; k++) {
            if ((p->ladder[i].acts & (UINT64_C(1) << k)) != 0) {
                value_add_text(arena, acts, p->acts[k].name);
            }
        }
        value_set(arena, view, "acts", acts);
        value_add(arena, list, view);
    }
    return list;
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
    if (clock->case_count > 0) {
        value_set_text(arena, view, "by", clock->limit_by);
        value_set(arena, view, "cases", cases_view(arena, clock));
    }
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
    if (p->rung_count > 0) {
        value_set(arena, view, "ladder", ladder_view(arena, p));
    }
    return view;
}

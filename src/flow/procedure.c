/* HOW IT WORKS. Elements are read first. Each procedure file is then read in the order states,
 * clocks' names, acts, clocks: acts refer to states, clocks to both, and a clock's breach to an
 * act. Proofs (reachability, nobody's acts, wording of drafts) come last, in procedure_proof.c. */
#include "flow/procedure.h"

#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "base/yaml.h"
#include "flow/procedure_int.h"
#include "flow/rule.h"
#include "flow/shape.h"

enum { PROCEDURES_MAX = 256, ACTS_MAX = 64, MATERIALS_MAX = 1000 };

enum status load_fault(struct cx *cx, const struct loader *loader, const struct value *at,
                       const char *why, Str what)
{
    return FAIL(cx, E_READ, "data-unreadable", "%s:%u: %s: %.*s", loader->file,
                at == NULL ? 0 : at->line, why, STR_ARG(what));
}

enum status load_fault_at(struct cx *cx, const struct loader *loader, uint32_t line,
                          const char *why, const char *what)
{
    return FAIL(cx, E_READ, "data-unreadable", "%s:%u: %s: %s", loader->file, line, why, what);
}

static enum status keys_allowed(struct cx *cx, const struct loader *loader, const struct value *map,
                                const char *const *allowed)
{
    return shape_check(cx, loader->file, map, allowed);
}

/* --- actors --- */

static bool post_is_known(Str post)
{
    static const char *const posts[] = {"window",     "reviewer",    "judge",
                                        "clerk",      "enforcement", "leader",
                                        "supervisor", "mediator",    "administrator"};
    for (size_t i = 0; i < sizeof posts / sizeof posts[0]; i++) {
        if (str_is(post, posts[i])) {
            return true;
        }
    }
    return false;
}

static bool actor_plain(Str text, struct actor_rule *out)
{
    static const struct {
        const char *name;
        enum actor_kind kind;
    } plain[] = {{"person", ACTOR_PERSON}, {"lawyer", ACTOR_LAWYER},
                 {"window", ACTOR_WINDOW}, {"system", ACTOR_SYSTEM},
                 {"effect", ACTOR_EFFECT}, {"collaborator.window", ACTOR_COLLABORATOR}};

    for (size_t i = 0; i < sizeof plain / sizeof plain[0]; i++) {
        if (str_is(text, plain[i].name)) {
            *out = (struct actor_rule){plain[i].kind, ""};
            return true;
        }
    }
    return false;
}

static enum status actor_read(struct cx *cx, const struct loader *loader, const struct value *item,
                              struct actor_rule *out)
{
    Str text = value_as_str(item);
    if (actor_plain(text, out)) {
        return OK;
    }
    if (str_starts(text, "party.")) {
        Str role = str_slice(cx->arena, text, 6, text.n);
        *out = (struct actor_rule){ACTOR_PARTY, role.p};
        return value_get_key(loader->procedure->roles, role) != NULL
                   ? OK
                   : load_fault(cx, loader, item, "unknown role of a party", text);
    }
    if (str_starts(text, "court.")) {
        Str post = str_slice(cx->arena, text, 6, text.n);
        *out = (struct actor_rule){ACTOR_COURT, post.p};
        return post_is_known(post) ? OK : load_fault(cx, loader, item, "unknown post", text);
    }
    return load_fault(cx, loader, item, "unknown actor", text);
}

static enum status actors_read(struct cx *cx, const struct loader *loader, const struct value *list,
                               struct actor_rule *out, uint32_t *count)
{
    if (value_count(list) > BY_MAX) {
        return load_fault(cx, loader, list, "too many actors", STR(""));
    }
    *count = value_count(list);
    for (uint32_t i = 0; i < *count; i++) {
        TRY(actor_read(cx, loader, value_item(list, i), &out[i]));
    }
    return OK;
}

/* Actors that lists and notices can reach: a role, or a post at the matter's court. */
static enum status reachable_read(struct cx *cx, const struct loader *loader,
                                  const struct value *list, struct actor_rule *out, uint32_t *count)
{
    TRY(actors_read(cx, loader, list, out, count));
    for (uint32_t i = 0; i < *count; i++) {
        if (out[i].kind != ACTOR_PARTY && out[i].kind != ACTOR_COURT) {
            return load_fault(cx, loader, list, "only party.ROLE and court.POST can be told",
                              value_as_str(value_item(list, i)));
        }
    }
    return OK;
}

/* --- states --- */

static enum status states_read(struct cx *cx, struct loader *loader, const struct value *yaml)
{
    static const char *const allowed[] = {"title:t", "end:b", "begin:b", "waits:l", NULL};
    const struct value *states = value_get(yaml, "states");
    uint32_t count = value_count(states);
    if (!value_is_map(states) || count == 0 || count > STATES_MAX) {
        return load_fault(cx, loader, yaml, "states missing or too many", STR(""));
    }
    struct state *out = arena_array(cx->arena, struct state, count);
    loader->procedure->first_state = -1;
    for (uint32_t i = 0; i < count; i++) {
        const struct member *member = &states->as.members[i];
        TRY(keys_allowed(cx, loader, member->value, allowed));
        out[i].name = member->key.p;
        out[i].line = member->value->line;
        out[i].title = value_get_str(member->value, "title").p;
        out[i].end = value_get_bool(member->value, "end");
        out[i].begin = value_get_bool(member->value, "begin") || str_is(member->key, "draft");
        if (out[i].title[0] == '\0') {
            return load_fault(cx, loader, member->value, "state without title", member->key);
        }
        if (out[i].begin) {
            if (loader->procedure->first_state >= 0) {
                return load_fault(cx, loader, member->value, "second state to begin in",
                                  member->key);
            }
            loader->procedure->first_state = (int)i;
        }
        TRY(reachable_read(cx, loader, value_get(member->value, "waits"), out[i].waits,
                           &out[i].wait_count));
    }
    loader->procedure->states = out;
    loader->procedure->state_count = count;
    return loader->procedure->first_state >= 0
               ? OK
               : load_fault(cx, loader, states, "no state to begin in: draft, or begin: true",
                            STR(""));
}

static enum status states_mask(struct cx *cx, const struct loader *loader, const struct value *list,
                               uint32_t *out)
{
    uint32_t mask = 0;
    for (uint32_t i = 0; i < value_count(list); i++) {
        Str name = value_as_str(value_item(list, i));
        int index = procedure_state_index(loader->procedure, name);
        if (index < 0) {
            return load_fault(cx, loader, value_item(list, i), "unknown state", name);
        }
        mask |= UINT32_C(1) << index;
    }
    *out = mask;
    return OK;
}

/* --- acts --- */

static const struct rule *rule_find(const struct loader *loader, Str name, enum rule_kind kind)
{
    for (const struct rule *const *rule = loader->world->rules; *rule != NULL; rule++) {
        if ((*rule)->kind == kind && str_is(name, (*rule)->name)) {
            return *rule;
        }
    }
    return NULL;
}

static enum status rules_read(struct cx *cx, const struct loader *loader, const struct value *list,
                              enum rule_kind kind, const struct rule *const **out, uint32_t *count)
{
    *count = value_count(list);
    const struct rule **rules = arena_array(cx->arena, const struct rule *, *count);
    for (uint32_t i = 0; i < *count; i++) {
        Str name = value_as_str(value_item(list, i));
        rules[i] = rule_find(loader, name, kind);
        if (rules[i] == NULL) {
            return load_fault(cx, loader, value_item(list, i),
                              kind == RULE_GUARD ? "guard without C function"
                                                 : "effect without C function",
                              name);
        }
    }
    *out = rules;
    return OK;
}

static enum status predicate_known(struct cx *cx, const struct loader *loader,
                                   const struct value *at, const char *name)
{
    if (name[0] == '\0' || rule_find(loader, str_of(name), RULE_PREDICATE) != NULL) {
        return OK;
    }
    return load_fault(cx, loader, at, "predicate without C function", str_of(name));
}

/* "1", "0..", "1..", "2..5", or {count: …, offered: PREDICATE}. */
static enum status material_read(struct cx *cx, const struct loader *loader,
                                 const struct member *member, struct material_rule *out)
{
    static const char *const allowed[] = {"count:*", "offered:t", NULL};
    const struct value *v = member->value;
    const struct value *count = v;
    if (value_is_map(v)) {
        TRY(keys_allowed(cx, loader, v, allowed));
        count = value_get(v, "count");
        out->offered = value_get_str(v, "offered").p;
    } else {
        out->offered = "";
    }
    TRY(predicate_known(cx, loader, v, out->offered));
    out->kind = member->key.p;
    out->title = value_get_str(loader->material_titles, member->key.p).p;
    if (out->title[0] == '\0') {
        return load_fault(cx, loader, v, "material without title in elements/materials.yaml",
                          member->key);
    }
    if (count != NULL && count->kind == VALUE_INT) {
        out->min = (int)count->as.number;
        out->max = out->min;
        return out->min > 0 && count->as.number <= MATERIALS_MAX
                   ? OK
                   : load_fault(cx, loader, v, "count of a material", member->key);
    }
    Str text = value_as_str(count);
    const char *dots = strstr(text.p, "..");
    int64_t least = 0;
    int64_t most = 0;
    if (dots == NULL || !str_int(str_slice(cx->arena, text, 0, (size_t)(dots - text.p)), &least) ||
        (dots[2] != '\0' && !str_int(str_of(dots + 2), &most))) {
        return load_fault(cx, loader, v, "count of a material", member->key);
    }
    if (least < 0 || least > MATERIALS_MAX || most < 0 || most > MATERIALS_MAX ||
        (most != 0 && most < least)) {
        return load_fault(cx, loader, v, "count of a material", member->key);
    }
    out->min = (int)least;
    out->max = (int)most;
    return OK;
}

static enum status materials_read(struct cx *cx, const struct loader *loader,
                                  const struct value *map, struct act *act)
{
    act->material_count = value_count(map);
    struct material_rule *rules = arena_array(cx->arena, struct material_rule, act->material_count);
    for (uint32_t i = 0; i < act->material_count; i++) {
        TRY(material_read(cx, loader, &map->as.members[i], &rules[i]));
    }
    act->materials = rules;
    return OK;
}

static const struct field *element_find(const struct loader *loader, Str name)
{
    for (uint32_t i = 0; i < loader->element_count; i++) {
        if (str_is(name, loader->elements[i].name)) {
            return &loader->elements[i];
        }
    }
    return NULL;
}

static enum status form_read(struct cx *cx, struct loader *loader, const struct value *list,
                             struct act *act)
{
    act->form_count = value_count(list);
    const struct field **form = arena_array(cx->arena, const struct field *, act->form_count);
    for (uint32_t i = 0; i < act->form_count; i++) {
        Str name = value_as_str(value_item(list, i));
        form[i] = element_find(loader, name);
        if (form[i] == NULL) {
            return load_fault(cx, loader, value_item(list, i), "unknown element", name);
        }
        for (uint32_t k = 0; k < i; k++) {
            if (form[k] == form[i]) {
                return load_fault(cx, loader, value_item(list, i), "element twice in a form", name);
            }
        }
        TRY(predicate_known(cx, loader, value_item(list, i), form[i]->offered));
        loader->element_shown[form[i] - loader->elements] = true;
        loader->element_used[form[i] - loader->elements] = true;
    }
    act->form = form;
    return OK;
}

/* PAPER, or {paper: PAPER, offered: PREDICATE}. */
static enum status paper_read(struct cx *cx, const struct loader *loader, const struct value *item,
                              const char **paper, const char **offered)
{
    static const char *const allowed[] = {"paper:t", "offered:t", NULL};
    Str name = value_as_str(item);
    *offered = "";
    if (value_is_map(item)) {
        TRY(shape_check(cx, loader->file, item, allowed));
        name = value_get_str(item, "paper");
        *offered = value_get_str(item, "offered").p;
        TRY(predicate_known(cx, loader, item, *offered));
    }
    if (!loader->world->paper_exists(loader->world->arg, name.p)) {
        return load_fault(cx, loader, item, "unknown paper", name);
    }
    *paper = name.p;
    return OK;
}

static enum status papers_read(struct cx *cx, const struct loader *loader, const struct value *list,
                               struct act *act)
{
    act->paper_count = value_count(list);
    const char **papers = arena_array(cx->arena, const char *, act->paper_count);
    const char **predicates = arena_array(cx->arena, const char *, act->paper_count);
    for (uint32_t i = 0; i < act->paper_count; i++) {
        TRY(paper_read(cx, loader, value_item(list, i), &papers[i], &predicates[i]));
    }
    act->papers = papers;
    act->paper_offered = predicates;
    return OK;
}

/* narrow: {in: STATE, by: PATH, keep: [ELEMENT…]} */
static enum status narrow_read(struct cx *cx, const struct loader *loader, const struct value *v,
                               struct act *act)
{
    static const char *const allowed[] = {"in:t", "by:t", "keep:l", NULL};
    act->narrow_in = -1;
    if (v == NULL) {
        return OK;
    }
    TRY(keys_allowed(cx, loader, v, allowed));
    act->narrow_in = procedure_state_index(loader->procedure, value_get_str(v, "in"));
    act->narrow_by = value_get_str(v, "by").p;
    act->narrow_keep = value_get(v, "keep");
    return act->narrow_in >= 0 && act->narrow_by[0] != '\0'
               ? OK
               : load_fault(cx, loader, v, "narrow needs a state and a path",
                            value_get_str(v, "in"));
}

static enum status act_read(struct cx *cx, struct loader *loader, const struct member *member,
                            struct act *act)
{
    static const char *const allowed[] = {
        "title:t", "by:l",      "from:l",   "to:t",    "form:l",   "materials:m", "hard:l",
        "soft:l",  "effects:l", "papers:l", "tells:l", "report:t", "narrow:m",    NULL};
    const struct value *v = member->value;
    TRY(keys_allowed(cx, loader, v, allowed));
    act->name = member->key.p;
    act->line = v->line;
    act->title = value_get_str(v, "title").p;
    act->report = value_get_str(v, "report").p;
    if (act->title[0] == '\0') {
        return load_fault(cx, loader, v, "act without title", member->key);
    }
    if (act->report[0] != '\0' && !text_is(act->report, "daily") &&
        !text_is(act->report, "weekly")) {
        return load_fault(cx, loader, v, "report is daily or weekly", str_of(act->report));
    }
    TRY(actors_read(cx, loader, value_get(v, "by"), act->by, &act->by_count));
    if (act->by_count == 0) {
        return load_fault(cx, loader, v, "act nobody can take", member->key);
    }
    TRY(states_mask(cx, loader, value_get(v, "from"), &act->from));
    if (act->from == 0) {
        return load_fault(cx, loader, v, "act from no state", member->key);
    }
    Str to = value_get_str(v, "to");
    act->to = to.n == 0 ? -1 : procedure_state_index(loader->procedure, to);
    if (to.n > 0 && act->to < 0) {
        return load_fault(cx, loader, v, "unknown state", to);
    }
    TRY(narrow_read(cx, loader, value_get(v, "narrow"), act));
    TRY(form_read(cx, loader, value_get(v, "form"), act));
    TRY(materials_read(cx, loader, value_get(v, "materials"), act));
    TRY(rules_read(cx, loader, value_get(v, "hard"), RULE_GUARD, &act->hard, &act->hard_count));
    TRY(rules_read(cx, loader, value_get(v, "soft"), RULE_GUARD, &act->soft, &act->soft_count));
    TRY(rules_read(cx, loader, value_get(v, "effects"), RULE_EFFECT, &act->effects,
                   &act->effect_count));
    TRY(papers_read(cx, loader, value_get(v, "papers"), act));
    return reachable_read(cx, loader, value_get(v, "tells"), act->tells, &act->tell_count);
}

static enum status acts_read(struct cx *cx, struct loader *loader, const struct value *yaml)
{
    const struct value *acts = value_get(yaml, "acts");
    uint32_t count = value_count(acts);
    if (!value_is_map(acts) || count == 0 || count > ACTS_MAX) {
        return load_fault(cx, loader, yaml, "acts missing or too many", STR(""));
    }
    struct act *out = arena_array(cx->arena, struct act, count);
    for (uint32_t i = 0; i < count; i++) {
        out[i].index = i;
        TRY(act_read(cx, loader, &acts->as.members[i], &out[i]));
    }
    loader->procedure->acts = out;
    loader->procedure->act_count = count;
    return OK;
}

/* --- clocks --- */

/* The field at a path into the values, "correction.days"; NULL when no form of the procedure so far
 * has it. Lists are not entered. */
static const struct field *field_at(struct cx *cx, const struct loader *loader, Str path)
{
    Str *parts = NULL;
    size_t count = str_split(cx->arena, path, '.', &parts);
    const struct field *field = element_find(loader, parts[0]);
    if (field == NULL || !loader->element_used[field - loader->elements]) {
        return NULL;
    }
    for (size_t i = 1; i < count && field != NULL; i++) {
        field = field->type == FIELD_GROUP ? field_find(field->fields, field->field_count, parts[i])
                                           : NULL;
    }
    return field;
}

/* "7 days" */
static enum status duration_read(struct cx *cx, const struct loader *loader, const struct value *v,
                                 struct duration *out)
{
    struct period_rule rule = {0};
    if (!period_parse(value_as_str(v), &rule) || rule.length < 1) {
        return load_fault(cx, loader, v, "length or unit of a period", value_as_str(v));
    }
    *out = (struct duration){rule.length, rule.unit};
    return OK;
}

static enum status limit_read(struct cx *cx, const struct loader *loader, const struct value *v,
                              struct clock_rule *out)
{
    static const char *const allowed[] = {"from:t", "unit:t", "max:i", NULL};
    if (!value_is_map(v)) {
        return duration_read(cx, loader, v, &out->limit);
    }
    TRY(keys_allowed(cx, loader, v, allowed));
    Str from = value_get_str(v, "from");
    out->limit_from = from.p;
    out->limit.length = value_get_int(v, "max");
    if (from.n == 0 || out->limit.length < 1 ||
        !period_unit_parse(value_get_str(v, "unit"), &out->limit.unit)) {
        return load_fault(cx, loader, v, "limit needs from, unit and max", from);
    }
    const struct field *field = field_at(cx, loader, from);
    if (field == NULL) {
        return load_fault(cx, loader, v, "limit from an element no form has", from);
    }
    return field->type == FIELD_NUMBER
               ? OK
               : load_fault(cx, loader, v, "limit from a field that is no number", from);
}

/* Names in starts, stops, restarts are states or acts. */
static enum status clock_points(struct cx *cx, const struct loader *loader,
                                const struct value *list, uint32_t *states, uint64_t *acts)
{
    for (uint32_t i = 0; i < value_count(list); i++) {
        Str name = value_as_str(value_item(list, i));
        int state = procedure_state_index(loader->procedure, name);
        const struct act *act = procedure_act(loader->procedure, name);
        if (state >= 0 && act != NULL) {
            return load_fault(cx, loader, value_item(list, i), "both a state and an act", name);
        }
        if (state >= 0) {
            *states |= UINT32_C(1) << state;
        } else if (act != NULL) {
            *acts |= UINT64_C(1) << act->index;
        } else {
            return load_fault(cx, loader, value_item(list, i), "neither state nor act", name);
        }
    }
    return OK;
}

/* Nothing or `first` gives false, `second` true. */
static enum status one_of(struct cx *cx, const struct loader *loader, const struct value *v,
                          const char *first, const char *second, bool *out)
{
    *out = str_is(value_as_str(v), second);
    return v == NULL || *out || str_is(value_as_str(v), first)
               ? OK
               : load_fault(cx, loader, v,
                            arena_printf(cx->arena, "neither %s nor %s", first, second),
                            value_as_str(v));
}

static enum status clock_read(struct cx *cx, const struct loader *loader,
                              const struct member *member, struct clock_rule *out)
{
    static const char *const allowed[] = {"title:t",  "starts:l",    "stops:l", "restarts:l",
                                          "limit:*",  "of:t",        "count:t", "law:t",
                                          "remind:l", "on_breach:t", NULL};
    const struct value *v = member->value;
    TRY(keys_allowed(cx, loader, v, allowed));
    out->name = member->key.p;
    out->line = v->line;
    out->title = value_get_str(v, "title").p;
    out->law = value_get_str(v, "law").p;
    TRY(one_of(cx, loader, value_get(v, "of"), "court", "collaborator", &out->of_collaborator));
    TRY(one_of(cx, loader, value_get(v, "count"), "plain", "law", &out->roll));
    if (out->title[0] == '\0') {
        return load_fault(cx, loader, v, "clock without title", member->key);
    }
    if (value_get(v, "limit") == NULL) {
        return load_fault(cx, loader, v, "clock without limit", member->key);
    }
    TRY(limit_read(cx, loader, value_get(v, "limit"), out));
    TRY(clock_points(cx, loader, value_get(v, "starts"), &out->starts_states, &out->starts_acts));
    TRY(clock_points(cx, loader, value_get(v, "stops"), &out->stops_states, &out->stops_acts));
    TRY(clock_points(cx, loader, value_get(v, "restarts"), &out->restarts_states,
                     &out->restarts_acts));
    if (out->starts_states == 0 && out->starts_acts == 0) {
        return load_fault(cx, loader, v, "clock that nothing starts", member->key);
    }
    const struct value *remind = value_get(v, "remind");
    out->remind_count = value_count(remind);
    if (out->remind_count > 4) {
        return load_fault(cx, loader, remind, "more than 4 reminders", member->key);
    }
    for (uint32_t i = 0; i < out->remind_count; i++) {
        TRY(duration_read(cx, loader, value_item(remind, i), &out->remind[i]));
    }
    Str breach = value_get_str(v, "on_breach");
    out->on_breach_name = breach.p;
    out->on_breach = procedure_act(loader->procedure, breach);
    if (out->on_breach == NULL) {
        return load_fault(cx, loader, v, "clock without target: on_breach names no act", breach);
    }
    return OK;
}

static enum status clocks_read(struct cx *cx, const struct loader *loader, const struct value *yaml)
{
    const struct value *clocks = value_get(yaml, "clocks");
    uint32_t count = value_count(clocks);
    struct clock_rule *out = arena_array(cx->arena, struct clock_rule, count);
    for (uint32_t i = 0; i < count; i++) {
        TRY(clock_read(cx, loader, &clocks->as.members[i], &out[i]));
    }
    loader->procedure->clocks = out;
    loader->procedure->clock_count = count;
    return OK;
}

/* --- a whole procedure --- */

static enum status begin_read(struct cx *cx, const struct loader *loader, const struct value *yaml)
{
    static const char *const allowed[] = {"by:l", "courts:m", NULL};
    const struct value *begin = value_get(yaml, "begin");
    TRY(keys_allowed(cx, loader, begin, allowed));
    struct procedure *p = loader->procedure;
    TRY(actors_read(cx, loader, value_get(begin, "by"), p->begin_by, &p->begin_count));
    if (p->begin_count == 0) {
        return load_fault(cx, loader, begin, "nobody may begin", STR(""));
    }
    for (uint32_t i = 0; i < p->begin_count; i++) {
        enum actor_kind kind = p->begin_by[i].kind;
        if (kind != ACTOR_PERSON && kind != ACTOR_LAWYER && kind != ACTOR_WINDOW &&
            kind != ACTOR_EFFECT) {
            return load_fault(cx, loader, begin, "only person, lawyer, window and effect begin",
                              value_as_str(value_item(value_get(begin, "by"), i)));
        }
    }
    static const char *const courts_allowed[] = {"levels:l", NULL};
    const struct value *courts = value_get(begin, "courts");
    if (courts != NULL) {
        TRY(keys_allowed(cx, loader, courts, courts_allowed));
    }
    const struct value *levels = value_get(courts, "levels");
    for (uint32_t i = 0; i < value_count(levels); i++) {
        enum court_level level = COURT_SUPREME;
        if (!court_level_parse(value_as_str(value_item(levels, i)), &level)) {
            return load_fault(cx, loader, levels, "unknown level of court",
                              value_as_str(value_item(levels, i)));
        }
        p->begin_levels |= UINT32_C(1) << level;
    }
    return OK;
}

static void elements_collect(struct cx *cx, const struct loader *loader)
{
    struct procedure *p = loader->procedure;
    struct field *used = arena_array(cx->arena, struct field, loader->element_count);
    for (uint32_t i = 0; i < loader->element_count; i++) {
        if (loader->element_used[i]) {
            used[p->element_count++] = loader->elements[i];
        }
    }
    p->elements = used;
}

static enum status procedure_read(struct cx *cx, struct loader *loader, const struct value *yaml)
{
    static const char *const allowed[] = {"procedure:t", "title:t",   "about:t",
                                          "begin:m",     "parties:m", "states:m",
                                          "clocks:m",    "acts:m",    NULL};
    TRY(keys_allowed(cx, loader, yaml, allowed));
    struct procedure *p = loader->procedure;
    p->name = value_get_str(yaml, "procedure").p;
    p->title = value_get_str(yaml, "title").p;
    p->about = value_get_str(yaml, "about").p;
    p->roles = value_get(yaml, "parties");
    if (!text_is(p->name, loader->name) || p->title[0] == '\0' || !value_is_map(p->roles)) {
        return load_fault(cx, loader, yaml,
                          "procedure, title or parties missing or not as the path says",
                          str_of(p->name));
    }
    memset(loader->element_used, 0, loader->element_count * sizeof *loader->element_used);
    TRY(begin_read(cx, loader, yaml));
    TRY(states_read(cx, loader, yaml));
    TRY(acts_read(cx, loader, yaml));
    TRY(clocks_read(cx, loader, yaml));
    elements_collect(cx, loader);
    return procedure_prove(cx, loader);
}

/* "procedures/NAME/VERSION.yaml" */
static bool path_parse(struct arena *arena, const char *path, const char **name, int64_t *version)
{
    Str *parts = NULL;
    size_t count = str_split(arena, str_of(path), '/', &parts);
    if (count != 3 || !str_is(parts[0], "procedures") || !str_ends(parts[2], ".yaml")) {
        return false;
    }
    *name = parts[1].p;
    return str_int(str_slice(arena, parts[2], 0, parts[2].n - 5), version) && *version > 0;
}

static enum status elements_read(struct cx *cx, struct loader *loader,
                                 const struct procedure_source *sources, uint32_t count)
{
    loader->elements = arena_array(cx->arena, struct field, count);
    loader->element_used = arena_array(cx->arena, bool, count);
    loader->element_shown = arena_array(cx->arena, bool, count);
    for (uint32_t i = 0; i < count; i++) {
        Str path = str_of(sources[i].path);
        struct value *yaml = NULL;
        if (!str_starts(path, "elements/") || !str_ends(path, ".yaml")) {
            continue;
        }
        TRY(yaml_read(cx, sources[i].path, sources[i].text, &yaml));
        if (str_is(path, "elements/materials.yaml")) {
            loader->material_titles = yaml;
            continue;
        }
        struct field *element = &loader->elements[loader->element_count];
        TRY(field_read(cx, sources[i].path, yaml, element));
        Str expected = str_slice(cx->arena, path, 9, path.n - 5);
        if (!str_is(expected, element->name)) {
            loader->file = sources[i].path;
            return load_fault(cx, loader, yaml, "element is not named as its file",
                              str_of(element->name));
        }
        loader->element_count += 1;
    }
    return OK;
}

static enum status elements_prove(struct cx *cx, struct loader *loader)
{
    for (uint32_t i = 0; i < loader->element_count; i++) {
        const struct field *element = &loader->elements[i];
        if (!loader->element_shown[i]) {
            loader->file = arena_printf(cx->arena, "elements/%s.yaml", element->name);
            return load_fault_at(cx, loader, element->line, "element that no form shows",
                                 element->name);
        }
    }
    return OK;
}

struct procedures {
    struct procedure *all; /* by name, then version */
    uint32_t count;
};

static int procedure_order(const void *a, const void *b)
{
    const struct procedure *left = a;
    const struct procedure *right = b;
    int order = strcmp(left->name, right->name);
    return order != 0 ? order : left->version - right->version;
}

enum status procedures_load(struct cx *cx, const struct procedure_source *sources, uint32_t count,
                            const struct load_world *world, struct procedures **out)
{
    struct loader loader = {.world = world};
    TRY(elements_read(cx, &loader, sources, count));
    struct procedures *set = arena_new(cx->arena, struct procedures);
    set->all = arena_array(cx->arena, struct procedure, PROCEDURES_MAX);
    for (uint32_t i = 0; i < count; i++) {
        int64_t version = 0;
        struct value *yaml = NULL;
        loader.file = sources[i].path;
        if (!str_starts(str_of(sources[i].path), "procedures/")) {
            continue;
        }
        if (!path_parse(cx->arena, sources[i].path, &loader.name, &version)) {
            return load_fault_at(cx, &loader, 0, "not named procedures/NAME/VERSION.yaml",
                                 sources[i].path);
        }
        check(set->count < PROCEDURES_MAX);
        loader.procedure = &set->all[set->count++];
        loader.procedure->version = (int)version;
        loader.procedure->text = sources[i].text;
        TRY(yaml_read(cx, sources[i].path, sources[i].text, &yaml));
        TRY(procedure_read(cx, &loader, yaml));
    }
    TRY(elements_prove(cx, &loader));
    qsort(set->all, set->count, sizeof *set->all, procedure_order);
    *out = set;
    return OK;
}

/* --- look-ups --- */

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

const char *procedure_role_title(const struct procedure *procedure, Str role)
{
    return value_as_str(value_get_key(procedure->roles, role)).p;
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

/* HOW IT WORKS. Elements are read first. Each procedure file is then read in the order states,
 * clocks' names, acts, clocks: acts refer to states, clocks to both, and a clock's breach to an
 * act. Proofs (reachability, nobody's acts, wording of drafts) come last, in procedure_proof.c. */
#include "flow/procedure.h"

#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "base/yaml.h"
#include "flow/element_form.h"
#include "flow/procedure_int.h"
#include "flow/rule.h"
#include "flow/shape.h"

enum { PROCEDURES_MAX = 256, ACTS_MAX = 64, MATERIALS_MAX = 1000, FORM_SECTIONS_MAX = 12 };

enum status load_fault(struct cx *cx, const struct loader *loader, const struct value *at,
                       const char *why, Str what)
{
    return load_fault_at(cx, loader, at == NULL ? 0 : at->line, why,
                         arena_printf(cx->arena, "%.*s", STR_ARG(what)));
}

enum status load_fault_at(struct cx *cx, const struct loader *loader, uint32_t line,
                          const char *why, const char *what)
{
    bool own = line > loader->envelope_lines;
    return FAIL(cx, E_READ, "data-unreadable", "%s:%u: %s: %s",
                own || line == 0 ? loader->file : loader->envelope,
                own ? line - loader->envelope_lines : line, why, what);
}

enum status keys_allowed(struct cx *cx, const struct loader *loader, const struct value *map,
                         const char *const *allowed)
{
    const struct value *at = NULL;
    Str what = {"", 0};
    const char *why = shape_fault(map, allowed, &at, &what);
    return why == NULL ? OK : load_fault(cx, loader, at, why, what);
}

/* --- actors --- */

static bool post_is_known(Str post)
{
    static const char *const posts[] = {"window",        "reviewer", "judge",      "clerk",
                                        "enforcement",   "leader",   "supervisor", "mediator",
                                        "administrator", "sealer"};
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
    } plain[] = {{"person", ACTOR_PERSON},
                 {"lawyer", ACTOR_LAWYER},
                 {"window", ACTOR_WINDOW},
                 {"system", ACTOR_SYSTEM},
                 {"effect", ACTOR_EFFECT},
                 {"collaborator.window", ACTOR_COLLABORATOR},
                 {"province.supervisor", ACTOR_PROVINCE},
                 {"nation.supervisor", ACTOR_NATION},
                 {"upper.supervisor", ACTOR_UPPER},
                 {"follower", ACTOR_FOLLOWER}};

    for (size_t i = 0; i < sizeof plain / sizeof plain[0]; i++) {
        if (str_is(text, plain[i].name)) {
            *out = (struct actor_rule){plain[i].kind, ""};
            return true;
        }
    }
    return false;
}

/* "defendant.agent": who acts for a defendant; the role itself otherwise. */
static Str role_of_agent(struct arena *arena, Str role)
{
    return str_ends(role, AGENT_OF) ? str_slice(arena, role, 0, role.n - strlen(AGENT_OF)) : role;
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
        return value_get_key(loader->procedure->roles, role_of_agent(cx->arena, role)) != NULL
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

static bool is_above(enum actor_kind kind)
{
    return kind == ACTOR_PROVINCE || kind == ACTOR_NATION || kind == ACTOR_UPPER;
}

/* Actors that lists and notices can reach: a role, a post at the matter's court, the window of the
 * collaborating court; of notices also the supervisors above. */
static bool is_reachable(enum actor_kind kind, bool told)
{
    return kind == ACTOR_PARTY || kind == ACTOR_COURT || kind == ACTOR_COLLABORATOR ||
           (told && is_above(kind));
}

static enum status reachable_read(struct cx *cx, const struct loader *loader,
                                  const struct value *list, bool told, struct actor_rule *out,
                                  uint32_t *count)
{
    TRY(actors_read(cx, loader, list, out, count));
    for (uint32_t i = 0; i < *count; i++) {
        Str name = value_as_str(value_item(list, i));
        if (!is_reachable(out[i].kind, told) || str_ends(str_of(out[i].name), AGENT_OF)) {
            return load_fault(cx, loader, list,
                              told ? "only parties, posts and supervisors can be told"
                                   : "only parties and posts can be waited for",
                              name);
        }
        loader->procedure->supervised = loader->procedure->supervised || is_above(out[i].kind);
        if (out[i].kind == ACTOR_COLLABORATOR && !loader->procedure->collaborated) {
            return load_fault(cx, loader, list,
                              "no collaborating court: not begun by windows alone", name);
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
        TRY(reachable_read(cx, loader, value_get(member->value, "waits"), false, out[i].waits,
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

/* {field: PATH, in: [VALUE…], unset: true}; what the path names is proved once all forms are read.
 */
static enum status condition_read(struct cx *cx, const struct loader *loader, const struct value *v,
                                  struct condition *out)
{
    static const char *const allowed[] = {"field:t", "in:l", "unset:b", NULL};
    *out = (struct condition){0};
    if (v == NULL) {
        return OK;
    }
    TRY(keys_allowed(cx, loader, v, allowed));
    out->path = value_get_str(v, "field").p;
    out->in = value_get(v, "in");
    out->unset = value_get_bool(v, "unset");
    return out->path[0] != '\0' && value_count(out->in) > 0
               ? OK
               : load_fault(cx, loader, v, "condition needs field and in", str_of(out->path));
}

/* "1", "0..", "1..", "2..5", or {count: …, offered: PREDICATE, when: CONDITION}. */
static enum status material_read(struct cx *cx, const struct loader *loader,
                                 const struct member *member, struct material_rule *out)
{
    static const char *const allowed[] = {"count:*", "offered:t", "when:m", "shown:t", NULL};
    const struct value *v = member->value;
    const struct value *count = v;
    Str shown = value_get_str(v, "shown");
    if (value_is_map(v)) {
        TRY(keys_allowed(cx, loader, v, allowed));
        count = value_get(v, "count");
        out->offered = value_get_str(v, "offered").p;
        TRY(condition_read(cx, loader, value_get(v, "when"), &out->when));
    } else {
        out->offered = "";
    }
    TRY(predicate_known(cx, loader, v, out->offered));
    out->shown_in = procedure_state_index(loader->procedure, shown);
    if (shown.n > 0 && (out->shown_in < 0 || !loader->procedure->collaborated)) {
        return load_fault(cx, loader, v, "shown in a state there is not, or by no window", shown);
    }
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

const struct field *load_element(const struct loader *loader, Str name)
{
    for (uint32_t i = 0; i < loader->element_count; i++) {
        if (str_is(name, loader->elements[i].name)) {
            return &loader->elements[i];
        }
    }
    return NULL;
}

/* ELEMENT, or {element: ELEMENT, when: CONDITION}. */
static enum status form_item_read(struct cx *cx, const struct loader *loader,
                                  const struct value *item, Str *name, struct condition *when)
{
    static const char *const allowed[] = {"element:t", "when:m", NULL};
    *name = value_as_str(item);
    if (!value_is_map(item)) {
        return OK;
    }
    TRY(keys_allowed(cx, loader, item, allowed));
    *name = value_get_str(item, "element");
    return condition_read(cx, loader, value_get(item, "when"), when);
}

static enum status form_add(struct cx *cx, struct loader *loader, const struct value *at, Str name,
                            const struct condition *when, const struct field **form,
                            struct condition *whens, struct act *act)
{
    const struct field *element = load_element(loader, name);
    if (element == NULL) {
        return load_fault(cx, loader, at, "unknown element", name);
    }
    for (uint32_t k = 0; k < act->form_count; k++) {
        if (form[k] == element) {
            return load_fault(cx, loader, at, "element twice in a form", name);
        }
    }
    TRY(predicate_known(cx, loader, at, element->offered));
    loader->element_shown[element - loader->elements] = true;
    loader->element_used[element - loader->elements] = true;
    whens[act->form_count] = *when;
    form[act->form_count++] = element;
    return OK;
}

static bool form_has(const struct field *const *form, uint32_t count, const struct field *element)
{
    for (uint32_t i = 0; i < count; i++) {
        if (form[i] == element) {
            return true;
        }
    }
    return false;
}

/* {forms: all}: the sections of every form of a civil cause, in the order of the forms: what forms
 * share stands once, behind what comes before it in any of them. */
static enum status form_sections_add(struct cx *cx, struct loader *loader, const struct value *at,
                                     const struct field **form, struct condition *whens,
                                     struct act *act)
{
    static const char *const allowed[] = {"forms:t", NULL};
    const struct condition always = {0};
    TRY(keys_allowed(cx, loader, at, allowed));
    if (!str_is(value_get_str(at, "forms"), "all") || loader->forms == NULL) {
        return load_fault(cx, loader, at, "forms: all, where there are element forms",
                          value_get_str(at, "forms"));
    }
    for (uint32_t place = 0; place < FORM_SECTIONS_MAX; place++) {
        for (uint32_t i = 0; i < loader->forms->count; i++) {
            const struct element_form *one = &loader->forms->all[i];
            const struct field *group =
                place < one->section_count ? one->sections[place]->group : NULL;
            if (group == NULL || !element_form_is_civil(one) ||
                form_has((const struct field *const *)form, act->form_count, group)) {
                continue;
            }
            TRY(form_add(cx, loader, at, str_of(group->name), &always, form, whens, act));
        }
    }
    loader->procedure->forms = loader->forms;
    return OK;
}

static enum status form_read(struct cx *cx, struct loader *loader, const struct value *list,
                             struct act *act)
{
    uint32_t room = value_count(list) + loader->element_count;
    const struct field **form = arena_array(cx->arena, const struct field *, room);
    struct condition *whens = arena_array(cx->arena, struct condition, room);
    act->form_count = 0;
    for (uint32_t i = 0; i < value_count(list); i++) {
        const struct value *item = value_item(list, i);
        struct condition when = {0};
        Str name = {"", 0};
        if (value_get(item, "forms") != NULL) {
            TRY(form_sections_add(cx, loader, item, form, whens, act));
            continue;
        }
        TRY(form_item_read(cx, loader, item, &name, &when));
        TRY(form_add(cx, loader, item, name, &when, form, whens, act));
    }
    act->form = form;
    act->form_when = whens;
    return OK;
}

/* PAPER, or {paper: PAPER, offered: PREDICATE, when: CONDITION}. */
static enum status paper_read(struct cx *cx, const struct loader *loader, const struct value *item,
                              const char **paper, const char **offered, struct condition *when)
{
    static const char *const allowed[] = {"paper:t", "offered:t", "when:m", NULL};
    Str name = value_as_str(item);
    *offered = "";
    if (value_is_map(item)) {
        TRY(shape_check(cx, loader->file, item, allowed));
        name = value_get_str(item, "paper");
        *offered = value_get_str(item, "offered").p;
        TRY(predicate_known(cx, loader, item, *offered));
        TRY(condition_read(cx, loader, value_get(item, "when"), when));
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
    struct condition *whens = arena_array(cx->arena, struct condition, act->paper_count);
    for (uint32_t i = 0; i < act->paper_count; i++) {
        TRY(paper_read(cx, loader, value_item(list, i), &papers[i], &predicates[i], &whens[i]));
    }
    act->papers = papers;
    act->paper_offered = predicates;
    act->paper_when = whens;
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

static enum status automatic_read(struct cx *cx, const struct loader *loader, const struct value *v,
                                  enum automatic *out)
{
    static const char *const names[] = {"", "sent", "listed", "opened"};
    *out = AUTOMATIC_NOT;
    for (int i = 1; i < 4 && v != NULL; i++) {
        if (str_is(value_as_str(v), names[i])) {
            *out = (enum automatic)i;
        }
    }
    return v == NULL || *out != AUTOMATIC_NOT
               ? OK
               : load_fault(cx, loader, v, "on is sent, listed or opened", value_as_str(v));
}

static enum status act_read(struct cx *cx, struct loader *loader, const struct member *member,
                            struct act *act)
{
    static const char *const allowed[] = {"title:t",   "by:l",        "from:l",  "to:t",
                                          "form:l",    "materials:m", "hard:l",  "soft:l",
                                          "effects:l", "papers:l",    "tells:l", "report:t",
                                          "narrow:m",  "on:t",        "needs:t", NULL};
    const struct value *v = member->value;
    TRY(keys_allowed(cx, loader, v, allowed));
    act->name = member->key.p;
    act->line = v->line;
    act->title = value_get_str(v, "title").p;
    act->report = value_get_str(v, "report").p;
    act->needs = value_get_str(v, "needs").p;
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
    TRY(automatic_read(cx, loader, value_get(v, "on"), &act->automatic));
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
    return reachable_read(cx, loader, value_get(v, "tells"), true, act->tells, &act->tell_count);
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
            kind != ACTOR_EFFECT && kind != ACTOR_FOLLOWER) {
            return load_fault(cx, loader, begin,
                              "only person, lawyer, window, follower and effect begin",
                              value_as_str(value_item(value_get(begin, "by"), i)));
        }
    }
    p->collaborated = p->begin_count == 1 && p->begin_by[0].kind == ACTOR_WINDOW;
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

/* A role is a title, or {by: PATH, VALUE: title…}. */
static enum status roles_check(struct cx *cx, const struct loader *loader)
{
    const struct value *roles = loader->procedure->roles;
    for (uint32_t i = 0; i < roles->count; i++) {
        const struct member *role = &roles->as.members[i];
        bool map = value_is_map(role->value);
        bool good = map ? value_get_str(role->value, "by").n > 0 && role->value->count > 1
                        : value_as_str(role->value).n > 0;
        for (uint32_t k = 0; map && k < role->value->count; k++) {
            good = good && value_as_str(role->value->as.members[k].value).n > 0;
        }
        if (!good) {
            return load_fault(cx, loader, role->value, "role without title", role->key);
        }
    }
    return OK;
}

static enum status procedure_read(struct cx *cx, struct loader *loader, const struct value *yaml)
{
    static const char *const allowed[] = {"procedure:t", "title:t",    "about:t",  "begin:m",
                                          "parties:m",   "states:m",   "clocks:m", "acts:m",
                                          "ladder:m",    "envelope:t", NULL};
    TRY(keys_allowed(cx, loader, yaml, allowed));
    struct procedure *p = loader->procedure;
    p->name = value_get_str(yaml, "procedure").p;
    p->title = value_get_str(yaml, "title").p;
    p->about = value_get_str(yaml, "about").p;
    p->envelope = value_get_str(yaml, "envelope").p;
    p->roles = value_get(yaml, "parties");
    if (!text_is(p->name, loader->name) || p->title[0] == '\0' || !value_is_map(p->roles)) {
        return load_fault(cx, loader, yaml,
                          "procedure, title or parties missing or not as the path says",
                          str_of(p->name));
    }
    TRY(roles_check(cx, loader));
    memset(loader->element_used, 0, loader->element_count * sizeof *loader->element_used);
    TRY(begin_read(cx, loader, yaml));
    TRY(states_read(cx, loader, yaml));
    TRY(acts_read(cx, loader, yaml));
    TRY(load_clocks(cx, loader, yaml));
    TRY(load_ladder(cx, loader, yaml));
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
    uint32_t room = count * FORM_SECTIONS_MAX; /* a file is an element, or a form of so many */
    loader->elements = arena_array(cx->arena, struct field, room);
    loader->element_used = arena_array(cx->arena, bool, room);
    loader->element_shown = arena_array(cx->arena, bool, room);
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
    return load_element_forms(cx, loader, sources, count);
}

/* A section of forms that no filing asks: they are tried and printed by themselves. */
static bool is_tried_only(const struct loader *loader, const struct field *element)
{
    for (uint32_t i = 0; loader->forms != NULL && i < loader->forms->count; i++) {
        const struct element_form *form = &loader->forms->all[i];
        for (uint32_t k = 0; k < form->section_count; k++) {
            if (form->sections[k]->group == element) {
                return !element_form_is_civil(form);
            }
        }
    }
    return false;
}

static enum status elements_prove(struct cx *cx, struct loader *loader)
{
    for (uint32_t i = 0; i < loader->element_count; i++) {
        const struct field *element = &loader->elements[i];
        if (!loader->element_shown[i] && !is_tried_only(loader, element)) {
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
    const struct element_forms *forms;
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
        TRY(load_envelope(cx, &loader, sources, count, &yaml));
        TRY(procedure_read(cx, &loader, yaml));
    }
    loader.envelope_lines = 0;
    TRY(elements_prove(cx, &loader));
    qsort(set->all, set->count, sizeof *set->all, procedure_order);
    set->forms = loader.forms;
    *out = set;
    return OK;
}

/* --- look-ups --- */

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

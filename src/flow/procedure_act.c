/* Reading acts: whoever takes them, what they ask, hold, do, print and tell. */
#include <string.h>

#include "flow/element_form.h"
#include "flow/procedure_int.h"
#include "flow/rule.h"
#include "flow/shape.h"

enum { ACTS_MAX = 64, MATERIALS_MAX = 1000 };

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
    for (uint32_t i = 0; i < loader->element_count; i++) {
        if (loader->element_used[i] && &loader->elements[i] != element &&
            text_is(loader->elements[i].name, element->name)) {
            return load_fault(cx, loader, at, "element in two versions", name);
        }
    }
    loader->element_shown[element - loader->elements] = true;
    loader->element_used[element - loader->elements] = true;
    whens[act->form_count] = *when;
    form[act->form_count++] = element;
    return OK;
}

static const char *element_ref(struct arena *arena, const struct field *element)
{
    return element->version == 1 ? element->name
                                 : arena_printf(arena, "%s@%d", element->name, element->version);
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

/* {forms: all, versions: [09@2]}: of each form the version named, else the first. */
static enum status forms_choose(struct cx *cx, struct loader *loader, const struct value *at,
                                struct element_forms **out)
{
    static const char *const allowed[] = {"forms:t", "versions:l", NULL};
    const struct value *versions = value_get(at, "versions");
    TRY(keys_allowed(cx, loader, at, allowed));
    if (loader->forms == NULL) {
        return load_fault(cx, loader, at, "no element forms", value_get_str(at, "forms"));
    }
    struct element_form *all = arena_array(cx->arena, struct element_form, loader->forms->count);
    struct element_forms *chosen = arena_new(cx->arena, struct element_forms);
    uint32_t found = 0;
    for (uint32_t i = 0; i < loader->forms->count; i++) {
        const struct element_form *one = &loader->forms->all[i];
        int wanted = 1;
        for (uint32_t k = 0; k < value_count(versions); k++) {
            Str number = {"", 0};
            int version = 0;
            bool good =
                ref_split(cx->arena, value_as_str(value_item(versions, k)), &number, &version);
            wanted = good && str_is(number, one->number) ? version : wanted;
        }
        if (one->version == wanted) {
            all[chosen->count++] = *one;
            found += wanted > 1;
        }
    }
    chosen->all = all;
    *out = chosen;
    return found == value_count(versions)
               ? OK
               : load_fault(cx, loader, at, "versions name forms that there are not", STR(""));
}

/* Is a form asked where a definition says `forms: SAID`? all: those of civil causes. */
static bool is_of_kind(const struct element_form *form, Str said)
{
    return str_is(said, "all") ? element_form_is_civil(form) : str_is(said, form->kind);
}

/* {forms: all}, {forms: KIND}: the sections of every form of the kind, in the order of the forms:
 * what forms share stands once, behind what comes before it in any of them. */
static enum status form_sections_add(struct cx *cx, struct loader *loader, const struct value *at,
                                     const struct field **form, struct condition *whens,
                                     struct act *act)
{
    const struct condition always = {0};
    struct element_forms *chosen = NULL;
    uint32_t before = act->form_count;
    Str said = value_get_str(at, "forms");
    TRY(forms_choose(cx, loader, at, &chosen));
    for (uint32_t place = 0; place < FORM_SECTIONS_MAX; place++) {
        for (uint32_t i = 0; i < chosen->count; i++) {
            const struct element_form *one = &chosen->all[i];
            const struct field *asked =
                place < one->section_count ? one->sections[place]->asked : NULL;
            if (asked == NULL || !is_of_kind(one, said) ||
                form_has((const struct field *const *)form, act->form_count, asked)) {
                continue;
            }
            TRY(form_add(cx, loader, at, str_of(element_ref(cx->arena, asked)), &always, form,
                         whens, act));
        }
    }
    loader->procedure->forms = chosen;
    return act->form_count > before ? OK : load_fault(cx, loader, at, "no element forms", said);
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

enum status load_known(struct cx *cx, struct loader *loader, const struct value *list)
{
    struct act none = {0};
    return form_read(cx, loader, list, &none);
}

/* PAPER, or {paper: PAPER, offered: PREDICATE, each: INPUT, when: CONDITION}. */
static enum status paper_read(struct cx *cx, const struct loader *loader, const struct value *item,
                              const char **paper, const char **offered, const char **each,
                              struct condition *when)
{
    static const char *const allowed[] = {"paper:t", "offered:t", "each:t", "when:m", NULL};
    Str name = value_as_str(item);
    *offered = "";
    *each = "";
    if (value_is_map(item)) {
        TRY(shape_check(cx, loader->file, item, allowed));
        name = value_get_str(item, "paper");
        *offered = value_get_str(item, "offered").p;
        *each = value_get_str(item, "each").p;
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
    const char **eaches = arena_array(cx->arena, const char *, act->paper_count);
    struct condition *whens = arena_array(cx->arena, struct condition, act->paper_count);
    for (uint32_t i = 0; i < act->paper_count; i++) {
        TRY(paper_read(cx, loader, value_item(list, i), &papers[i], &predicates[i], &eaches[i],
                       &whens[i]));
    }
    act->papers = papers;
    act->paper_offered = predicates;
    act->paper_each = eaches;
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
    TRY(load_actors(cx, loader, value_get(v, "by"), act->by, &act->by_count));
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
    return load_reachable(cx, loader, value_get(v, "tells"), true, act->tells, &act->tell_count);
}

enum status load_acts(struct cx *cx, struct loader *loader, const struct value *yaml)
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

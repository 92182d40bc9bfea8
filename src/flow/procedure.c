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
#include "flow/shape.h"

enum { PROCEDURES_MAX = 256 };

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
        TRY(load_reachable(cx, loader, value_get(member->value, "waits"), false, out[i].waits,
                           &out[i].wait_count));
    }
    loader->procedure->states = out;
    loader->procedure->state_count = count;
    return loader->procedure->first_state >= 0
               ? OK
               : load_fault(cx, loader, states, "no state to begin in: draft, or begin: true",
                            STR(""));
}

/* --- a whole procedure --- */

static enum status begin_read(struct cx *cx, const struct loader *loader, const struct value *yaml)
{
    static const char *const allowed[] = {"by:l", "courts:m", NULL};
    const struct value *begin = value_get(yaml, "begin");
    TRY(keys_allowed(cx, loader, begin, allowed));
    struct procedure *p = loader->procedure;
    TRY(load_actors(cx, loader, value_get(begin, "by"), p->begin_by, &p->begin_count));
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
    if (p->forms != NULL) { /* names that rows borrow: first those of this procedure */
        struct element_forms *forms = arena_new(cx->arena, struct element_forms);
        struct field *all =
            arena_array(cx->arena, struct field, p->element_count + loader->element_count);
        memcpy(all, used, p->element_count * sizeof *all);
        memcpy(all + p->element_count, loader->elements, loader->element_count * sizeof *all);
        *forms = *p->forms;
        forms->elements = all;
        forms->element_count = p->element_count + loader->element_count;
        p->forms = forms;
    }
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
    static const char *const allowed[] = {
        "procedure:t", "title:t",  "about:t",    "begin:m",  "parties:m", "states:m", "clocks:m",
        "acts:m",      "ladder:m", "envelope:t", "former:m", "kind:t",    "knows:l",  NULL};
    TRY(keys_allowed(cx, loader, yaml, allowed));
    struct procedure *p = loader->procedure;
    p->name = value_get_str(yaml, "procedure").p;
    p->title = value_get_str(yaml, "title").p;
    p->about = value_get_str(yaml, "about").p;
    p->envelope = value_get_str(yaml, "envelope").p;
    p->kind = value_get_str(yaml, "kind").p;
    p->roles = value_get(yaml, "parties");
    p->former = value_get(yaml, "former");
    p->lines_above = loader->envelope_lines;
    if (!text_is(p->name, loader->name) || p->title[0] == '\0' || !value_is_map(p->roles)) {
        return load_fault(cx, loader, yaml,
                          "procedure, title or parties missing or not as the path says",
                          str_of(p->name));
    }
    TRY(roles_check(cx, loader));
    memset(loader->element_used, 0, loader->element_count * sizeof *loader->element_used);
    TRY(begin_read(cx, loader, yaml));
    TRY(states_read(cx, loader, yaml));
    TRY(load_known(cx, loader, value_get(yaml, "knows")));
    TRY(load_acts(cx, loader, yaml));
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

/* Whoever tries a form without a matter gets it as it is now. */
static const struct element_forms *forms_newest(struct arena *arena,
                                                const struct element_forms *all)
{
    struct element_forms *newest = arena_new(arena, struct element_forms);
    struct element_form *forms = arena_array(arena, struct element_form, all->count);
    struct field *elements = arena_array(arena, struct field, all->element_count);
    for (uint32_t i = 0; i < all->count; i++) {
        if (element_form_version(all, str_of(all->all[i].number), all->all[i].version + 1) ==
            NULL) {
            forms[newest->count++] = all->all[i];
        }
    }
    for (uint32_t i = 0; i < all->element_count; i++) { /* later versions stand behind */
        elements[i] = all->elements[all->element_count - 1 - i];
    }
    newest->all = forms;
    newest->elements = elements;
    newest->element_count = all->element_count;
    return newest;
}

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
    TRY(load_elements(cx, &loader, sources, count));
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
    TRY(load_elements_shown(cx, &loader));
    qsort(set->all, set->count, sizeof *set->all, procedure_order);
    for (uint32_t i = 0; i < set->count; i++) {
        TRY(former_prove_procedure(cx, &loader, procedure_before(set, &set->all[i]), &set->all[i]));
    }
    set->elements = loader.elements;
    set->element_count = loader.element_count;
    set->every_forms = loader.forms;
    set->forms = loader.forms == NULL ? NULL : forms_newest(cx->arena, loader.forms);
    *out = set;
    return OK;
}

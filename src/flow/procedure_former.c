/* HOW IT WORKS. Definitions, elements and element forms have versions; each that is not the first
 * is compared with the one before it. What that one asked and this one does not - or asks as
 * something else - must be said under `former`, so that no open draft loses an answer unseen:
 *     claim.wish: {moved: service-address.wish}
 *     claim.note: {merged: claim.facts}
 *     fee-relief: {dropped: 减免申请在立案后提出}
 * Elements and forms are compared as soon as all are read, procedures when all are compiled. */
#include <string.h>

#include "flow/element_form.h"
#include "flow/procedure_int.h"
#include "flow/shape.h"

/* One comparison: a faulty declaration is told where it stands. */
struct comparison {
    const char *file;
    uint32_t line;               /* of what is compared, for what is not declared */
    uint32_t lines_above;        /* of an envelope, before the file's own */
    const struct value *former;  /* what this version declares */
    const struct field *targets; /* where answers may go */
    uint32_t target_count;
};

static enum status fault(struct cx *cx, const struct comparison *c, const struct value *at,
                         const char *why, Str what)
{
    return FAIL(cx, E_READ, "data-unreadable", "%s:%u: %s: %.*s", c->file,
                at == NULL ? c->line : at->line - c->lines_above, why, STR_ARG(what));
}

static const struct field *below(const struct field *field, const Str *parts, size_t depth)
{
    for (size_t i = 1; i < depth && field != NULL; i++) {
        field = field_find(field->fields, field->field_count, parts[i]);
    }
    return field;
}

/* Among roots an element may stand in several versions: any that has it. */
const struct field *former_field(struct arena *arena, const struct field *roots, uint32_t count,
                                 Str path)
{
    Str *parts = NULL;
    size_t depth = str_split(arena, path, '.', &parts);
    const struct field *found = NULL;
    for (uint32_t i = 0; i < count && found == NULL; i++) {
        found = str_is(parts[0], roots[i].name) ? below(&roots[i], parts, depth) : NULL;
    }
    return found;
}

static bool is_words(enum field_type type)
{
    return type == FIELD_TEXT || type == FIELD_LONG_TEXT;
}

/* As deep as definitions are, which field_read() bounds. */
/* NOLINTBEGIN(misc-no-recursion) */

bool former_suits(const struct field *old, const struct field *now)
{
    bool same = old->type == now->type || (is_words(old->type) && is_words(now->type));
    for (uint32_t i = 0; same && i < old->field_count; i++) {
        const struct field *inner =
            field_find(now->fields, now->field_count, str_of(old->fields[i].name));
        same = inner != NULL && former_suits(&old->fields[i], inner);
    }
    return same;
}

/* What is gone, at any depth, is declared: by itself or by what it is in. */
static enum status gone_prove(struct cx *cx, const struct comparison *c, const struct field *old,
                              const struct field *now, Str path)
{
    if (value_get_key(c->former, path) != NULL) {
        return OK;
    }
    bool inner = old->type == FIELD_GROUP || old->type == FIELD_LIST;
    if (now == NULL) {
        return fault(cx, c, c->former, "gone, and former does not say what became of it", path);
    }
    if (!inner || now->type != old->type) {
        return former_suits(old, now)
                   ? OK
                   : fault(cx, c, c->former, "of another type, and former says nothing of it",
                           path);
    }
    for (uint32_t i = 0; i < old->field_count; i++) {
        const char *name = old->fields[i].name;
        TRY(gone_prove(cx, c, &old->fields[i],
                       field_find(now->fields, now->field_count, str_of(name)),
                       str_printf(cx->arena, "%.*s.%s", STR_ARG(path), name)));
    }
    return OK;
}

/* NOLINTEND(misc-no-recursion) */

/* The innermost list that a path goes through, up to its last part: "parties" of "parties.phone".
 * "" when it is in none. */
static Str list_around(struct arena *arena, const struct field *roots, uint32_t count, Str path)
{
    Str found = STR("");
    for (size_t i = 0; i < path.n; i++) {
        if (path.p[i] != '.') {
            continue;
        }
        Str outer = str_slice(arena, path, 0, i);
        const struct field *field = former_field(arena, roots, count, outer);
        if (field != NULL && field->type == FIELD_LIST) {
            found = outer;
        }
    }
    return found;
}

/* The one that a declaration says; NULL when it says none, or several. */
static const char *became_of(const struct value *declared)
{
    static const char *const ways[] = {"moved", "merged", "dropped"};
    const char *found = NULL;
    for (size_t i = 0; i < sizeof ways / sizeof ways[0]; i++) {
        if (value_get_str(declared, ways[i]).n > 0) {
            found = value_count(declared) == 1 ? ways[i] : NULL;
        }
    }
    return found;
}

/* olds: the elements that `old` stands in. */
static enum status declared_prove(struct cx *cx, const struct comparison *c,
                                  const struct field *olds, uint32_t old_count, Str path,
                                  const struct value *declared)
{
    static const char *const keys[] = {"moved:t", "merged:t", "dropped:t", NULL};
    const struct value *at = NULL;
    Str what = {"", 0};
    const char *why = shape_fault(declared, keys, &at, &what);
    if (why != NULL) {
        return fault(cx, c, at, why, what);
    }
    const char *way = became_of(declared);
    const struct field *old = former_field(cx->arena, olds, old_count, path);
    if (way == NULL) {
        return fault(cx, c, declared, "former says one of moved, merged, dropped", path);
    }
    if (old == NULL) {
        return fault(cx, c, declared, "former of what was not asked before", path);
    }
    if (text_is(way, "dropped")) {
        return OK;
    }
    Str to = value_get_str(declared, way);
    const struct field *now = former_field(cx->arena, c->targets, c->target_count, to);
    if (now == NULL) {
        return fault(cx, c, declared, "former leads to what is not asked", to);
    }
    if (text_is(way, "moved") ? !former_suits(old, now) : !is_words(now->type)) {
        return fault(cx, c, declared, "former leads to what cannot hold it", to);
    }
    Str from_list = list_around(cx->arena, olds, old_count, path);
    Str to_list = list_around(cx->arena, c->targets, c->target_count, to);
    bool fits = str_same(from_list, to_list) || (text_is(way, "merged") && to_list.n == 0);
    return fits ? OK : fault(cx, c, declared, "former leads out of its list, or into one", to);
}

/* Is it still asked, as what it was? */
static bool still_asked(struct arena *arena, const struct field *olds, uint32_t old_count,
                        const struct field *nows, uint32_t now_count, Str path)
{
    const struct field *old = former_field(arena, olds, old_count, path);
    const struct field *now = former_field(arena, nows, now_count, path);
    return old != NULL && now != NULL && former_suits(old, now);
}

/* Every declaration holds by itself, and is needed. */
static enum status former_holds(struct cx *cx, const struct comparison *c, const struct field *olds,
                                uint32_t old_count, const struct field *nows, uint32_t now_count)
{
    for (uint32_t i = 0; i < value_count(c->former); i++) {
        Str path = c->former->as.members[i].key;
        const struct value *declared = c->former->as.members[i].value;
        if (str_starts(path, "materials.")) {
            continue;
        }
        TRY(declared_prove(cx, c, olds, old_count, path, declared));
        if (still_asked(cx->arena, olds, old_count, nows, now_count, path)) {
            return fault(cx, c, declared, "former of what is still asked", path);
        }
    }
    return OK;
}

/* --- elements --- */

static enum status element_prove(struct cx *cx, const struct loader *loader,
                                 const struct field *element)
{
    struct comparison c = {.file = element->file,
                           .line = element->line,
                           .former = element->former,
                           .targets = loader->elements,
                           .target_count = loader->element_count};
    if (element->version == 1) {
        return element->former == NULL ? OK
                                       : fault(cx, &c, element->former, "first version with former",
                                               str_of(element->name));
    }
    const struct field *old = load_element_at(loader, str_of(element->name), element->version - 1);
    if (old == NULL) {
        return fault(cx, &c, NULL, "no version before it", str_of(element->name));
    }
    /* Any version of others, which the procedure chooses, but of itself this one. */
    struct field *targets = arena_array(cx->arena, struct field, loader->element_count);
    c.targets = targets;
    c.target_count = 0;
    for (uint32_t i = 0; i < loader->element_count; i++) {
        const struct field *one = &loader->elements[i];
        if (one == element || !text_is(one->name, element->name)) {
            targets[c.target_count++] = *one;
        }
    }
    TRY(former_holds(cx, &c, old, 1, element, 1));
    return gone_prove(cx, &c, old, element, str_of(element->name));
}

static const struct form_section *section_of(const struct element_form *form, const char *name)
{
    for (uint32_t i = 0; i < form->section_count; i++) {
        if (text_is(name, form->sections[i]->element)) {
            return form->sections[i];
        }
    }
    return NULL;
}

static struct field *groups_of(struct arena *arena, const struct element_form *form)
{
    struct field *groups = arena_array(arena, struct field, form->section_count);
    for (uint32_t i = 0; i < form->section_count; i++) {
        groups[i] = *form->sections[i]->group;
    }
    return groups;
}

/* The sections of the form's own are compared here; those that forms share are elements. */
static enum status form_prove(struct cx *cx, const struct loader *loader,
                              const struct element_form *form)
{
    struct comparison c = {.file = form->file,
                           .line = 1,
                           .former = form->former,
                           .targets = loader->elements,
                           .target_count = loader->element_count};
    if (form->version == 1) {
        return form->former == NULL
                   ? OK
                   : fault(cx, &c, form->former, "first version with former", str_of(form->number));
    }
    const struct element_form *old =
        element_form_version(loader->forms, str_of(form->number), form->version - 1);
    if (old == NULL) {
        return fault(cx, &c, NULL, "no version before it", str_of(form->number));
    }
    const struct field *olds = groups_of(cx->arena, old);
    const struct field *nows = groups_of(cx->arena, form);
    struct field *targets =
        arena_array(cx->arena, struct field, form->section_count + loader->element_count);
    memcpy(targets, nows, form->section_count * sizeof *nows);
    c.targets = targets;
    c.target_count = form->section_count;
    for (uint32_t i = 0; i < loader->element_count; i++) {
        if (field_find(nows, form->section_count, str_of(loader->elements[i].name)) == NULL) {
            targets[c.target_count++] = loader->elements[i];
        }
    }
    TRY(former_holds(cx, &c, olds, old->section_count, nows, form->section_count));
    for (uint32_t i = 0; i < old->section_count; i++) {
        const struct form_section *section = old->sections[i];
        const struct form_section *now = section_of(form, section->element);
        if (now == NULL || !now->shared) {
            TRY(gone_prove(cx, &c, section->group, now == NULL ? NULL : now->group,
                           str_of(section->element)));
        }
    }
    return OK;
}

enum status former_prove_elements(struct cx *cx, const struct loader *loader)
{
    for (uint32_t i = 0; i < loader->element_count; i++) {
        if (loader->elements[i].file != NULL) {
            TRY(element_prove(cx, loader, &loader->elements[i]));
        }
    }
    for (uint32_t i = 0; loader->forms != NULL && i < loader->forms->count; i++) {
        TRY(form_prove(cx, loader, &loader->forms->all[i]));
    }
    return OK;
}

/* --- procedures --- */

static bool is_of_draft(const struct procedure *p, const struct act *act)
{
    return (act->from & (UINT32_C(1) << p->first_state)) != 0;
}

static const struct material_rule *draft_material(const struct procedure *p, const char *kind)
{
    for (uint32_t i = 0; i < p->act_count; i++) {
        for (uint32_t k = 0; is_of_draft(p, &p->acts[i]) && k < p->acts[i].material_count; k++) {
            if (text_is(kind, p->acts[i].materials[k].kind)) {
                return &p->acts[i].materials[k];
            }
        }
    }
    return NULL;
}

static enum status element_of_draft_prove(struct cx *cx, const struct comparison *c,
                                          const struct procedure *now, const struct field *old)
{
    const struct field *here = field_find(now->elements, now->element_count, str_of(old->name));
    if (here != NULL && here->version < old->version) {
        return fault(cx, c, NULL, "element in a version before the former one", str_of(old->name));
    }
    bool told = false; /* by a form that has gone on without it */
    for (uint32_t i = 0; here == NULL && now->forms != NULL && i < now->forms->count; i++) {
        told = told || value_get(now->forms->all[i].former, old->name) != NULL;
    }
    return here != NULL || told ? OK : gone_prove(cx, c, old, NULL, str_of(old->name));
}

static enum status materials_prove(struct cx *cx, const struct comparison *c,
                                   const struct procedure *old, const struct procedure *now)
{
    for (uint32_t i = 0; i < old->act_count; i++) {
        const struct act *act = &old->acts[i];
        for (uint32_t k = 0; is_of_draft(old, act) && k < act->material_count; k++) {
            const char *kind = act->materials[k].kind;
            Str path = str_printf(cx->arena, "materials.%s", kind);
            if (draft_material(now, kind) == NULL && value_get_key(c->former, path) == NULL) {
                return fault(cx, c, c->former, "gone, and former does not say what became of it",
                             path);
            }
        }
    }
    for (uint32_t i = 0; i < value_count(c->former); i++) {
        Str path = c->former->as.members[i].key;
        const struct value *declared = c->former->as.members[i].value;
        Str to = value_get_str(declared, "moved");
        if (!str_starts(path, "materials.")) {
            continue;
        }
        const char *kind = path.p + strlen("materials.");
        if (draft_material(old, kind) == NULL) {
            return fault(cx, c, declared, "former of what was not asked before", path);
        }
        if (draft_material(now, kind) != NULL) {
            return fault(cx, c, declared, "former of what is still asked", path);
        }
        bool goes = str_starts(to, "materials.") && value_count(declared) == 1 &&
                    draft_material(now, to.p + strlen("materials.")) != NULL;
        if (!goes && (value_count(declared) != 1 || value_get_str(declared, "dropped").n == 0)) {
            return fault(cx, c, declared, "a file is moved to a kind that is asked, or dropped",
                         path);
        }
    }
    return OK;
}

/* Where an element sends its answers is asked by this version of the procedure, or sent on. */
static enum status targets_prove(struct cx *cx, const struct comparison *c,
                                 const struct procedure *now, const struct value *former)
{
    for (uint32_t i = 0; i < value_count(former); i++) {
        const struct value *says = former->as.members[i].value;
        const char *way = became_of(says);
        Str to = way == NULL || text_is(way, "dropped") ? STR("") : value_get_str(says, way);
        Str *parts = NULL;
        (void)str_split(cx->arena, to, '.', &parts);
        const struct field *element = field_find(now->elements, now->element_count, parts[0]);
        bool sent_on = value_get_key(now->former, to) != NULL ||
                       (element != NULL && value_get_key(element->former, to) != NULL);
        if (to.n > 0 && !sent_on &&
            former_field(cx->arena, now->elements, now->element_count, to) == NULL) {
            return fault(cx, c, NULL, "answers are led to what this version does not ask", to);
        }
    }
    return OK;
}

static enum status chains_prove(struct cx *cx, const struct comparison *c,
                                const struct loader *loader, const struct procedure *old,
                                const struct procedure *now)
{
    for (uint32_t i = 0; i < old->element_count; i++) {
        const struct field *before = &old->elements[i];
        const struct field *after =
            field_find(now->elements, now->element_count, str_of(before->name));
        for (int v = before->version + 1; after != NULL && v <= after->version; v++) {
            const struct field *step = load_element_at(loader, str_of(before->name), v);
            TRY(targets_prove(cx, c, now, step == NULL ? NULL : step->former));
        }
    }
    for (uint32_t i = 0; now->forms != NULL && i < now->forms->count; i++) {
        TRY(targets_prove(cx, c, now, now->forms->all[i].former));
    }
    return OK;
}

enum status former_prove_procedure(struct cx *cx, const struct loader *loader,
                                   const struct procedure *old, const struct procedure *now)
{
    struct comparison c = {
        .file = arena_printf(cx->arena, "procedures/%s/%d.yaml", now->name, now->version),
        .line = 1,
        .lines_above = now->lines_above,
        .former = now->former,
        .targets = now->elements,
        .target_count = now->element_count};
    if (old == NULL) {
        return now->former == NULL
                   ? OK
                   : fault(cx, &c, now->former, "first version with former", str_of(now->name));
    }
    const struct state *first = &now->states[now->first_state];
    if (!text_is(old->states[old->first_state].name, first->name)) {
        c.line = first->line - now->lines_above;
        return fault(cx, &c, NULL, "begins in another state than before", str_of(first->name));
    }
    TRY(former_holds(cx, &c, old->elements, old->element_count, now->elements, now->element_count));
    TRY(materials_prove(cx, &c, old, now));
    TRY(chains_prove(cx, &c, loader, old, now));
    for (uint32_t i = 0; i < old->act_count; i++) {
        const struct act *act = &old->acts[i];
        for (uint32_t k = 0; is_of_draft(old, act) && k < act->form_count; k++) {
            TRY(element_of_draft_prove(cx, &c, now, act->form[k]));
        }
    }
    return OK;
}

/* Reading elements: what forms are made of, one file each. */
#include <string.h>

#include "base/json.h"
#include "base/yaml.h"
#include "flow/element_form.h"
#include "flow/procedure_int.h"

enum { VERSIONS_MAX = 1000 };

bool ref_split(struct arena *arena, Str ref, Str *name, int *version)
{
    const char *at = memchr(ref.p, '@', ref.n);
    int64_t number = 1;
    size_t n = at == NULL ? ref.n : (size_t)(at - ref.p);
    bool good = at == NULL || (str_int(str_slice(arena, ref, n + 1, ref.n), &number) &&
                               number > 1 && number <= VERSIONS_MAX);
    *name = str_slice(arena, ref, 0, n);
    *version = good ? (int)number : 0;
    return good && n > 0;
}

const struct field *load_element_at(const struct loader *loader, Str name, int version)
{
    for (uint32_t i = 0; i < loader->element_count; i++) {
        if (str_is(name, loader->elements[i].name) && loader->elements[i].version == version) {
            return &loader->elements[i];
        }
    }
    return NULL;
}

const struct field *load_element(const struct loader *loader, Str ref)
{
    for (uint32_t i = 0; i < loader->element_count; i++) {
        const struct field *element = &loader->elements[i];
        size_t n = strlen(element->name);
        int64_t version = 1;
        bool same = str_starts(ref, element->name) &&
                    (ref.n == n || (ref.p[n] == '@' && str_int(str_of(ref.p + n + 1), &version)));
        if (same && element->version == (int)version) {
            return element;
        }
    }
    return NULL;
}

/* Every answer that offers a form shows its elements, most of them as they stand in their files. */
static void elements_write(struct cx *cx, const struct loader *loader)
{
    struct arena *scratch = arena_open((size_t)64 << 20);
    for (uint32_t i = 0; i < loader->element_count; i++) {
        Str json = json_write(scratch, field_view(scratch, &loader->elements[i]));
        loader->elements[i].written = value_written(cx->arena, str_copy(cx->arena, json.p, json.n));
        arena_reset(scratch);
    }
    arena_close(scratch);
}

enum status load_elements(struct cx *cx, struct loader *loader,
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
        const struct value *former = value_get(yaml, "former");
        value_remove(yaml, "former"); /* not of the element as it is */
        TRY(field_read(cx, sources[i].path, yaml, element));
        element->file = sources[i].path;
        element->former = former;
        Str expected = {"", 0};
        if (!ref_split(cx->arena, str_slice(cx->arena, path, 9, path.n - 5), &expected,
                       &element->version) ||
            !str_is(expected, element->name)) {
            loader->file = sources[i].path;
            return load_fault(cx, loader, yaml, "element is not named as its file",
                              str_of(element->name));
        }
        loader->element_count += 1;
    }
    TRY(load_element_forms(cx, loader, sources, count));
    elements_write(cx, loader);
    return former_prove_elements(cx, loader);
}

/* A section of forms that no filing asks: they are tried and printed by themselves. */
static bool is_tried_only(const struct loader *loader, const struct field *element)
{
    for (uint32_t i = 0; loader->forms != NULL && i < loader->forms->count; i++) {
        const struct element_form *form = &loader->forms->all[i];
        for (uint32_t k = 0; k < form->section_count; k++) {
            if (form->sections[k]->asked == element) {
                return !element_form_is_civil(form);
            }
        }
    }
    return false;
}

enum status load_elements_shown(struct cx *cx, struct loader *loader)
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

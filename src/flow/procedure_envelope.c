/* Several procedures that share states, clocks and acts are laid over one envelope: maps are merged
 * key by key, texts and lists of the procedure replace those of the envelope. */
#include "base/yaml.h"
#include "flow/procedure_int.h"

/* Both keep the lines they came from. Depth is bounded by VALUE_DEPTH_MAX. */
/* NOLINTNEXTLINE(misc-no-recursion) */
static struct value *laid_over(struct arena *arena, const struct value *under,
                               const struct value *over)
{
    struct value *merged = value_map(arena);
    merged->line = over->line;
    for (uint32_t i = 0; i < under->count; i++) {
        value_set_key(arena, merged, under->as.members[i].key, under->as.members[i].value);
    }
    for (uint32_t i = 0; i < over->count; i++) {
        const struct member *member = &over->as.members[i];
        const struct value *below = value_get_key(under, member->key);
        value_set_key(arena, merged, member->key,
                      value_is_map(below) && value_is_map(member->value)
                          ? laid_over(arena, below, member->value)
                          : member->value);
    }
    return merged;
}

/* NOLINTNEXTLINE(misc-no-recursion) */
static void lines_raise(struct value *v, uint32_t lines)
{
    v->line += lines;
    for (uint32_t i = 0; i < v->count && (value_is_list(v) || value_is_map(v)); i++) {
        lines_raise(value_is_list(v) ? v->as.items[i] : v->as.members[i].value, lines);
    }
}

static uint32_t lines_of(Str text)
{
    uint32_t lines = 1;
    for (size_t i = 0; i < text.n; i++) {
        lines += text.p[i] == '\n';
    }
    return lines;
}

static const struct procedure_source *source_at(const struct procedure_source *sources,
                                                uint32_t count, const char *path)
{
    for (uint32_t i = 0; i < count; i++) {
        if (text_is(sources[i].path, path)) {
            return &sources[i];
        }
    }
    return NULL;
}

enum status load_envelope(struct cx *cx, struct loader *loader,
                          const struct procedure_source *sources, uint32_t count,
                          struct value **yaml)
{
    static const char *const allowed[] = {"envelope:t", "begin:m",  "parties:m", "states:m",
                                          "clocks:m",   "ladder:m", "acts:m",    NULL};
    Str name = value_get_str(*yaml, "envelope");
    struct value *under = NULL;
    loader->envelope_lines = 0;
    if (name.n == 0) {
        return OK;
    }
    const char *path = arena_printf(cx->arena, "envelopes/%.*s.yaml", STR_ARG(name));
    const struct procedure_source *source = source_at(sources, count, path);
    if (source == NULL) {
        return load_fault(cx, loader, value_get(*yaml, "envelope"), "no such envelope", name);
    }
    TRY(yaml_read(cx, path, source->text, &under));
    loader->envelope = path;
    loader->envelope_lines = lines_of(source->text);
    TRY(keys_allowed(cx, loader, under, allowed));
    if (!str_same(value_get_str(under, "envelope"), name)) {
        return load_fault(cx, loader, under, "envelope is not named as its file", name);
    }
    lines_raise(*yaml, loader->envelope_lines);
    *yaml = laid_over(cx->arena, under, *yaml);
    /* Both are the definition: a change in either is another one. */
    loader->procedure->text =
        str_printf(cx->arena, "%.*s%.*s", STR_ARG(source->text), STR_ARG(loader->procedure->text));
    return OK;
}

#include "flow/values.h"

#include "law/identifier.h"

struct sealing {
    const SealKey *key;
    enum status status;
};

/* The text inside a sensitive leaf: the leaf itself, or its "number". */
static Str leaf_text(const struct value *leaf)
{
    return value_is_map(leaf) ? value_get_str(leaf, "number") : value_as_str(leaf);
}

static struct value *leaf_with(struct arena *arena, const struct value *leaf, Str text)
{
    if (!value_is_map(leaf)) {
        return value_str(arena, text);
    }
    struct value *copy = value_copy(arena, leaf);
    value_set_str(arena, copy, "number", text);
    return copy;
}

static struct value *open_leaf(struct cx *cx, void *arg, const struct field *field,
                               const struct field_place *place, const struct value *leaf)
{
    struct sealing *sealing = arg;
    Str text = leaf_text(leaf);
    (void)place;
    if (!seal_is_sealed(text) || sealing->status != OK) {
        return value_copy(cx->arena, leaf);
    }
    Str plain = {"", 0};
    sealing->status = seal_open_text(cx, sealing->key, str_of(field->name), text, &plain);
    return leaf_with(cx->arena, leaf, plain);
}

static struct value *seal_leaf(struct cx *cx, void *arg, const struct field *field,
                               const struct field_place *place, const struct value *leaf)
{
    const struct sealing *sealing = arg;
    Str text = leaf_text(leaf);
    (void)place;
    if (text.n == 0) {
        return value_copy(cx->arena, leaf);
    }
    /* Bound to the field's name, not to its path: a row of a list may move. */
    return leaf_with(cx->arena, leaf,
                     seal_text(cx->arena, sealing->key, str_of(field->name), text));
}

enum status values_open(struct cx *cx, const struct house *house, const struct procedure *procedure,
                        const struct matter *matter, struct value **out)
{
    SealKey key;
    TRY(seal_key_open(cx, house->keys, matter->wrapped_key, &key));
    struct sealing sealing = {&key, OK};
    *out = fields_map_sensitive(cx, procedure->elements, procedure->element_count, matter->values,
                                open_leaf, &sealing);
    return sealing.status;
}

enum status values_seal(struct cx *cx, const struct house *house, const struct procedure *procedure,
                        const struct matter *matter, const struct value *clear,
                        const struct value *old_clear, const struct value *old_sealed,
                        struct value **out)
{
    SealKey key;
    TRY(seal_key_open(cx, house->keys, matter->wrapped_key, &key));
    struct sealing sealing = {&key, OK};
    struct value *changed = value_map(cx->arena);
    for (uint32_t i = 0; i < value_count(clear); i++) {
        Str group = clear->as.members[i].key;
        if (!value_same(clear->as.members[i].value, value_get_key(old_clear, group))) {
            value_set_key(cx->arena, changed, group, clear->as.members[i].value);
        }
    }
    struct value *sealed = fields_map_sensitive(cx, procedure->elements, procedure->element_count,
                                                changed, seal_leaf, &sealing);
    struct value *whole = value_map(cx->arena);
    for (uint32_t i = 0; i < value_count(clear); i++) {
        Str group = clear->as.members[i].key;
        const struct value *fresh = value_get_key(sealed, group);
        value_set_key(cx->arena, whole, group,
                      fresh != NULL ? fresh : value_get_key(old_sealed, group));
    }
    *out = whole;
    return OK;
}

static Str mask_of(struct arena *arena, const struct field *field, const struct value *leaf)
{
    Str text = leaf_text(leaf);
    enum identifier_kind kind = field->type == FIELD_PHONE          ? IDENTIFIER_PHONE
                                : field->type == FIELD_BANK_ACCOUNT ? IDENTIFIER_BANK_CARD
                                                                    : IDENTIFIER_RESIDENT_ID;
    return identifier_mask(arena, kind, text);
}

static struct value *mask_leaf(struct cx *cx, void *arg, const struct field *field,
                               const struct field_place *place, const struct value *leaf)
{
    (void)arg;
    (void)place;
    Str text = leaf_text(leaf);
    return text.n == 0 ? value_copy(cx->arena, leaf)
                       : leaf_with(cx->arena, leaf, mask_of(cx->arena, field, leaf));
}

struct value *fields_mask(struct cx *cx, const struct field *fields, uint32_t count,
                          const struct value *clear)
{
    return fields_map_sensitive(cx, fields, count, clear, mask_leaf, NULL);
}

struct value *values_mask(struct cx *cx, const struct procedure *procedure,
                          const struct value *clear)
{
    return fields_mask(cx, procedure->elements, procedure->element_count, clear);
}

static struct value *unmask_leaf(struct cx *cx, void *arg, const struct field *field,
                                 const struct field_place *place, const struct value *leaf)
{
    const struct value *old = value_at(arg, field_place_path(cx->arena, place).p);
    if (old != NULL && leaf_text(leaf).n > 0 &&
        str_same(leaf_text(leaf), mask_of(cx->arena, field, old))) {
        return leaf_with(cx->arena, leaf, leaf_text(old));
    }
    return value_copy(cx->arena, leaf);
}

struct value *fields_unmask(struct cx *cx, const struct field *fields, uint32_t count,
                            const struct value *said, const struct value *old_clear)
{
    union {
        const struct value *in;
        void *out;
    } arg = {.in = old_clear}; /* read only */

    return fields_map_sensitive(cx, fields, count, said, unmask_leaf, arg.out);
}

struct value *values_unmask(struct cx *cx, const struct procedure *procedure,
                            const struct value *said, const struct value *old_clear)
{
    return fields_unmask(cx, procedure->elements, procedure->element_count, said, old_clear);
}

struct value *values_merge(struct arena *arena, const struct value *old, const struct value *said)
{
    struct value *merged = value_map(arena);
    for (uint32_t i = 0; i < value_count(old); i++) {
        value_set_key(arena, merged, old->as.members[i].key, old->as.members[i].value);
    }
    for (uint32_t i = 0; i < value_count(said); i++) {
        Str group = said->as.members[i].key;
        const struct value *fresh = said->as.members[i].value;
        const struct value *standing = value_get_key(old, group);
        if (value_is_null(fresh)) {
            value_remove(merged, group.p);
        } else if (value_is_map(fresh) && value_is_map(standing)) {
            value_set_key(arena, merged, group, value_merge(arena, standing, fresh));
        } else {
            value_set_key(arena, merged, group, fresh);
        }
    }
    return merged;
}

static void diff_add(struct arena *arena, Str path, const struct value *yours,
                     const struct value *theirs, struct value *list)
{
    if (value_same(yours, theirs) || (value_is_empty(yours) && value_is_empty(theirs))) {
        return; /* an entry left empty is no other value than none */
    }
    struct value *entry = value_map(arena);
    value_set_str(arena, entry, "field", path);
    value_set(arena, entry, "yours", yours);
    value_set(arena, entry, "theirs", theirs);
    value_add(arena, list, entry);
}

void values_diff(struct arena *arena, Str path, const struct value *yours,
                 const struct value *theirs, struct value *list)
{
    if (!value_is_map(yours) || !value_is_map(theirs)) {
        diff_add(arena, path, yours, theirs, list);
        return;
    }
    for (uint32_t i = 0; i < theirs->count; i++) {
        Str key = theirs->as.members[i].key;
        diff_add(arena, str_printf(arena, "%.*s.%.*s", STR_ARG(path), STR_ARG(key)),
                 value_get_key(yours, key), theirs->as.members[i].value, list);
    }
    for (uint32_t i = 0; i < yours->count; i++) {
        Str key = yours->as.members[i].key;
        if (value_get_key(theirs, key) == NULL) {
            diff_add(arena, str_printf(arena, "%.*s.%.*s", STR_ARG(path), STR_ARG(key)),
                     yours->as.members[i].value, NULL, list);
        }
    }
}

/* Lists and maps grow by doubling inside the arena; look-up in a map is linear, which beats hashing
 * for the dozen keys that forms have. Most looks find nothing (a new key is set, a template looks
 * outwards for a name): a set of 64 bits beside the members says so without looking at them. */
#include "base/value.h"

#include <string.h>

#include "base/check.h"

enum { INDEX_MAX = 10000 };

static struct value *value_new(struct arena *arena, enum value_kind kind)
{
    struct value *v = arena_room(arena, sizeof *v);
    *v = (struct value){.kind = kind};
    return v;
}

/* The tree is built once and read through const: storing a const child keeps callers simple, and
 * nothing below a stored value is changed through the parent. */
static struct value *child_of(struct arena *arena, const struct value *value)
{
    if (value == NULL) {
        return value_null(arena);
    }

    union {
        const struct value *in;
        struct value *out;
    } cast = {.in = value};

    return cast.out;
}

struct value *value_null(struct arena *arena)
{
    return value_new(arena, VALUE_NULL);
}

struct value *value_bool(struct arena *arena, bool truth)
{
    struct value *v = value_new(arena, VALUE_BOOL);
    v->as.truth = truth;
    return v;
}

struct value *value_int(struct arena *arena, int64_t number)
{
    struct value *v = value_new(arena, VALUE_INT);
    v->as.number = number;
    return v;
}

struct value *value_str(struct arena *arena, Str text)
{
    struct value *v = value_new(arena, VALUE_TEXT);
    v->as.text = text;
    return v;
}

struct value *value_text(struct arena *arena, const char *text)
{
    return text == NULL ? value_null(arena) : value_str(arena, str_of(text));
}

struct value *value_written(struct arena *arena, Str json)
{
    struct value *v = value_new(arena, VALUE_WRITTEN);
    v->as.text = json;
    return v;
}

struct value *value_list(struct arena *arena)
{
    return value_new(arena, VALUE_LIST);
}

struct value *value_map(struct arena *arena)
{
    return value_new(arena, VALUE_MAP);
}

static uint32_t room_after(uint32_t room)
{
    check(room < UINT32_MAX / 2);
    return room == 0 ? 8 : room * 2;
}

static uint64_t key_bit(Str key)
{
    unsigned first = key.n == 0 ? 0 : (unsigned char)key.p[0];
    unsigned last = key.n == 0 ? 0 : (unsigned char)key.p[key.n - 1];
    return UINT64_C(1) << ((first * 5 + last * 11 + (unsigned)key.n * 17) & 63);
}

static struct member *member_find(const struct value *map, Str key)
{
    if ((map->as.keys & key_bit(key)) == 0) {
        return NULL;
    }
    for (uint32_t i = 0; i < map->count; i++) {
        if (str_same(map->as.members[i].key, key)) {
            return &map->as.members[i];
        }
    }
    return NULL;
}

/* The key is new to the map. */
static void member_add(struct arena *arena, struct value *map, Str key, const struct value *value)
{
    if (map->count == map->room) {
        map->room = room_after(map->room);
        struct member *members = arena_room(arena, map->room * sizeof *members);
        if (map->count > 0) {
            memcpy(members, map->as.members, map->count * sizeof *members);
        }
        map->as.members = members;
    }
    map->as.members[map->count++] = (struct member){key, child_of(arena, value)};
    map->as.keys |= key_bit(key);
}

void value_set_key(struct arena *arena, struct value *map, Str key, const struct value *value)
{
    check(map->kind == VALUE_MAP);
    struct member *old = member_find(map, key);
    if (old != NULL) {
        old->value = child_of(arena, value);
        return;
    }
    member_add(arena, map, key, value);
}

void value_remove(struct value *map, const char *key)
{
    check(map->kind == VALUE_MAP);
    struct member *old = member_find(map, str_of(key));
    if (old != NULL) {
        size_t behind = (size_t)(map->as.members + map->count - (old + 1));
        memmove(old, old + 1, behind * sizeof *old);
        map->count -= 1;
    }
}

void value_add(struct arena *arena, struct value *list, const struct value *item)
{
    check(list->kind == VALUE_LIST);
    if (list->count == list->room) {
        list->room = room_after(list->room);
        struct value **items = arena_room(arena, list->room * sizeof(struct value *));
        if (list->count > 0) {
            memcpy(items, list->as.items, list->count * sizeof(struct value *));
        }
        list->as.items = items;
    }
    list->as.items[list->count++] = child_of(arena, item);
}

void value_add_text(struct arena *arena, struct value *list, const char *text)
{
    value_add(arena, list, value_text(arena, text));
}

const struct value *value_get_key(const struct value *v, Str key)
{
    if (!value_is_map(v)) {
        return NULL;
    }
    const struct member *member = member_find(v, key);
    return member == NULL ? NULL : member->value;
}

const struct value *value_item(const struct value *v, uint32_t index)
{
    return value_is_list(v) && index < v->count ? v->as.items[index] : NULL;
}

static bool is_number(Str part)
{
    for (size_t i = 0; i < part.n; i++) {
        if (part.p[i] < '0' || part.p[i] > '9') {
            return false;
        }
    }
    return part.n > 0;
}

static bool part_index(Str part, uint32_t *out)
{
    int64_t index = 0;
    if (!is_number(part) || part.n > 5) {
        return false;
    }
    for (size_t i = 0; i < part.n; i++) {
        index = index * 10 + (part.p[i] - '0');
    }
    *out = (uint32_t)index;
    return index <= INDEX_MAX;
}

/* The part of path that begins at *offset; moves *offset behind its dot. */
static Str path_part(Str path, size_t *offset)
{
    size_t from = *offset;
    size_t to = from;
    while (to < path.n && path.p[to] != '.') {
        to++;
    }
    *offset = to + 1;
    return (Str){path.p + from, to - from};
}

static const struct value *step_into(const struct value *v, Str part)
{
    uint32_t index = 0;
    if (value_is_list(v)) {
        return part_index(part, &index) ? value_item(v, index) : NULL;
    }
    return value_get_key(v, part);
}

const struct value *value_at(const struct value *v, const char *path)
{
    Str whole = str_of(path);
    size_t offset = 0;
    while (offset <= whole.n && v != NULL) {
        v = step_into(v, path_part(whole, &offset));
    }
    return v;
}

static struct value *container_for(struct arena *arena, Str part)
{
    return is_number(part) ? value_list(arena) : value_map(arena);
}

bool value_put_at(struct arena *arena, struct value *root, Str path, const struct value *leaf)
{
    struct value *at = root;
    size_t offset = 0;
    for (uint32_t depth = 0; depth < VALUE_DEPTH_MAX; depth++) {
        Str part = path_part(path, &offset);
        bool last = offset > path.n;
        size_t peek = offset;
        struct value *next = NULL;
        uint32_t index = 0;
        if (part.n == 0) {
            return false;
        }
        if (at->kind == VALUE_LIST) {
            if (!part_index(part, &index) || index > at->count) {
                return false;
            }
            next = index < at->count ? at->as.items[index] : NULL;
        } else if (at->kind == VALUE_MAP) {
            struct member *member = member_find(at, part);
            next = member == NULL ? NULL : member->value;
        } else {
            return false;
        }
        if (last || next == NULL || next->kind == VALUE_NULL) {
            next = last ? child_of(arena, leaf) : container_for(arena, path_part(path, &peek));
            if (at->kind == VALUE_MAP) {
                value_set_key(arena, at, str_copy(arena, part.p, part.n), next);
            } else if (index == at->count) {
                value_add(arena, at, next);
            } else {
                at->as.items[index] = next;
            }
        }
        if (last) {
            return true;
        }
        at = next;
    }
    return false;
}

Str value_as_str(const struct value *v)
{
    return value_is_text(v) ? v->as.text : (Str){"", 0};
}

int64_t value_as_int(const struct value *v)
{
    return v != NULL && v->kind == VALUE_INT ? v->as.number : 0;
}

bool value_as_bool(const struct value *v)
{
    return v != NULL && v->kind == VALUE_BOOL && v->as.truth;
}

/* Recursion in this file is bounded by invariant (4). */
/* NOLINTNEXTLINE(misc-no-recursion): depth is VALUE_DEPTH_MAX at most */
bool value_is_empty(const struct value *v)
{
    if (value_is_null(v)) {
        return true;
    }
    if (v->kind == VALUE_TEXT) {
        return v->as.text.n == 0;
    }
    for (uint32_t i = 0; i < value_count(v); i++) {
        if (!value_is_empty(v->kind == VALUE_LIST ? v->as.items[i] : v->as.members[i].value)) {
            return false;
        }
    }
    return v->kind == VALUE_LIST || v->kind == VALUE_MAP;
}

/* NOLINTNEXTLINE(misc-no-recursion): depth is VALUE_DEPTH_MAX at most */
static bool containers_same(const struct value *a, const struct value *b)
{
    if (a->count != b->count) {
        return false;
    }
    for (uint32_t i = 0; i < a->count; i++) {
        const struct value *left = a->kind == VALUE_LIST ? a->as.items[i] : a->as.members[i].value;
        const struct value *right =
            a->kind == VALUE_LIST ? b->as.items[i] : value_get_key(b, a->as.members[i].key);
        if (right == NULL || !value_same(left, right)) {
            return false;
        }
    }
    return true;
}

/* NOLINTNEXTLINE(misc-no-recursion): depth is VALUE_DEPTH_MAX at most */
bool value_same(const struct value *a, const struct value *b)
{
    if (value_is_null(a) || value_is_null(b)) {
        return value_is_null(a) && value_is_null(b);
    }
    if (a->kind != b->kind) {
        return false;
    }
    switch (a->kind) {
    case VALUE_NULL: return true;
    case VALUE_BOOL: return a->as.truth == b->as.truth;
    case VALUE_INT: return a->as.number == b->as.number;
    case VALUE_REAL:
    case VALUE_WRITTEN:
    case VALUE_TEXT: return str_same(a->as.text, b->as.text);
    case VALUE_LIST:
    case VALUE_MAP: return containers_same(a, b);
    }
    return false;
}

/* NOLINTNEXTLINE(misc-no-recursion): depth is VALUE_DEPTH_MAX at most */
struct value *value_copy(struct arena *arena, const struct value *v)
{
    if (v == NULL) {
        return value_null(arena);
    }
    struct value *copy = value_new(arena, v->kind);
    copy->line = v->line;
    if (v->kind == VALUE_TEXT || v->kind == VALUE_REAL || v->kind == VALUE_WRITTEN) {
        copy->as.text = str_copy(arena, v->as.text.p, v->as.text.n);
    } else if (v->kind == VALUE_LIST) {
        for (uint32_t i = 0; i < v->count; i++) {
            value_add(arena, copy, value_copy(arena, v->as.items[i]));
        }
    } else if (v->kind == VALUE_MAP) {
        for (uint32_t i = 0; i < v->count; i++) {
            Str key = v->as.members[i].key;
            value_set_key(arena, copy, str_copy(arena, key.p, key.n),
                          value_copy(arena, v->as.members[i].value));
        }
    } else {
        copy->as = v->as;
    }
    return copy;
}

/* NOLINTNEXTLINE(misc-no-recursion): depth is VALUE_DEPTH_MAX at most */
struct value *value_merge(struct arena *arena, const struct value *under, const struct value *over)
{
    struct value *merged = value_map(arena);
    for (uint32_t i = 0; value_is_map(under) && i < under->count; i++) {
        member_add(arena, merged, under->as.members[i].key, under->as.members[i].value);
    }
    for (uint32_t i = 0; value_is_map(over) && i < over->count; i++) {
        Str key = over->as.members[i].key;
        const struct value *new_value = over->as.members[i].value;
        if (value_is_null(new_value)) {
            value_remove(merged, key.p);
        } else if (value_is_map(new_value)) {
            value_set_key(arena, merged, key,
                          value_merge(arena, value_get_key(merged, key), new_value));
        } else {
            value_set_key(arena, merged, key, new_value);
        }
    }
    return merged;
}

#include "flow/shape.h"

#include <string.h>

#include "base/check.h"

static const char *kind_fault(char kind, const struct value *v)
{
    switch (kind) {
    case 't': return value_is_text(v) ? NULL : "not a text";
    case 'b': return v->kind == VALUE_BOOL ? NULL : "neither true nor false";
    case 'i': return v->kind == VALUE_INT ? NULL : "not a whole number";
    case 'l': return value_is_list(v) ? NULL : "not a list";
    case 'm': return value_is_map(v) ? NULL : "not a map";
    case '*': return NULL;
    default: check(false); return NULL;
    }
}

static const char *key_fault(const struct member *member, const char *const *keys)
{
    for (; *keys != NULL; keys++) {
        const char *colon = strchr(*keys, ':');
        check(colon != NULL);
        size_t n = (size_t)(colon - *keys);
        if (member->key.n == n && memcmp(member->key.p, *keys, n) == 0) {
            return kind_fault(colon[1], member->value);
        }
    }
    return "unknown key";
}

const char *shape_fault(const struct value *map, const char *const *keys, const struct value **at,
                        Str *what)
{
    *at = map;
    *what = STR("");
    if (!value_is_map(map)) {
        return "not a map";
    }
    for (uint32_t i = 0; i < map->count; i++) {
        const struct member *member = &map->as.members[i];
        const char *why = key_fault(member, keys);
        if (why != NULL) {
            *at = member->value;
            *what = member->key;
            return why;
        }
    }
    return NULL;
}

enum status shape_check(struct cx *cx, const char *file, const struct value *map,
                        const char *const *keys)
{
    const struct value *at = NULL;
    Str what = {"", 0};
    const char *why = shape_fault(map, keys, &at, &what);
    return why == NULL ? OK
                       : FAIL(cx, E_READ, "data-unreadable", "%s:%u: %s: %.*s", file,
                              at == NULL ? 0 : at->line, why, STR_ARG(what));
}

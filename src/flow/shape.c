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

enum status shape_check(struct cx *cx, const char *file, const struct value *map,
                        const char *const *keys)
{
    if (!value_is_map(map)) {
        return FAIL(cx, E_READ, "data-unreadable", "%s:%u: not a map: ", file,
                    map == NULL ? 0 : map->line);
    }
    for (uint32_t i = 0; i < map->count; i++) {
        const struct member *member = &map->as.members[i];
        const char *why = key_fault(member, keys);
        if (why != NULL) {
            return FAIL(cx, E_READ, "data-unreadable", "%s:%u: %s: %.*s", file, member->value->line,
                        why, STR_ARG(member->key));
        }
    }
    return OK;
}

/* base/value.h - a tree of null, bool, int, text, list and map: what forms, definitions and answers
 * are made of.
 *
 * A value lives in an arena. Builders take the arena; readers take const and answer "absent" with
 * NULL, 0 or the empty Str, so that a chain of reads needs one test at its end.
 * (1) A map keeps the order in which keys were set and holds each key once.
 * (2) There are no floating-point numbers: money and counts are ints, rates are decimal text. A
 *     number with fraction or exponent read from JSON is a VALUE_REAL: its text, for refusing it
 *     well.
 * (3) line is the line of the file the value was read from, 0 when it came from elsewhere.
 * (4) Depth is at most VALUE_DEPTH_MAX, and a map read from JSON has at most VALUE_MEMBERS_MAX
 *     members (look-up is linear: a million keys in a request would stall its thread); enforced
 *     where values are read.
 */
#ifndef BASE_VALUE_H
#define BASE_VALUE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"

enum { VALUE_DEPTH_MAX = 32, VALUE_MEMBERS_MAX = 1000 };

enum value_kind {
    VALUE_NULL,
    VALUE_BOOL,
    VALUE_INT,
    VALUE_REAL,
    VALUE_TEXT,
    VALUE_LIST,
    VALUE_MAP,
    VALUE_WRITTEN, /* as.text is JSON: of what is only shown, never looked into */
};

struct value;

struct member {
    Str key;
    struct value *value;
};

struct value {
    enum value_kind kind;
    uint32_t line;
    uint32_t count; /* items of a list, members of a map */
    uint32_t room;

    union {
        bool truth;
        int64_t number;
        Str text; /* VALUE_TEXT, VALUE_REAL and VALUE_WRITTEN */
        struct value **items;

        struct {
            struct member *members;
            uint64_t
                keys; /* a bit for each key, of 64: most looks for what is not there end here */
        };
    } as;
};

struct value *value_null(struct arena *arena);
struct value *value_bool(struct arena *arena, bool truth);
struct value *value_int(struct arena *arena, int64_t number);
struct value *value_str(struct arena *arena, Str text);          /* text is not copied */
struct value *value_text(struct arena *arena, const char *text); /* not copied; NULL gives null */
struct value *value_written(struct arena *arena, Str json);      /* not copied */
struct value *value_list(struct arena *arena);
struct value *value_map(struct arena *arena);

/* Sets or replaces. key is not copied. A NULL value is stored as null. */
void value_set_key(struct arena *arena, struct value *map, Str key, const struct value *value);

/* Here, as below, so that the length of a literal key is known when it is compiled. */
static inline void value_set(struct arena *arena, struct value *map, const char *key,
                             const struct value *value)
{
    value_set_key(arena, map, str_of(key), value);
}

static inline void value_set_text(struct arena *arena, struct value *map, const char *key,
                                  const char *text)
{
    value_set(arena, map, key, value_text(arena, text));
}

static inline void value_set_str(struct arena *arena, struct value *map, const char *key, Str text)
{
    value_set(arena, map, key, value_str(arena, text));
}

static inline void value_set_int(struct arena *arena, struct value *map, const char *key,
                                 int64_t number)
{
    value_set(arena, map, key, value_int(arena, number));
}

static inline void value_set_bool(struct arena *arena, struct value *map, const char *key,
                                  bool truth)
{
    value_set(arena, map, key, value_bool(arena, truth));
}

void value_remove(struct value *map, const char *key);
void value_add(struct arena *arena, struct value *list, const struct value *item);
void value_add_text(struct arena *arena, struct value *list, const char *text);

/* NULL when v is NULL, not a map, or has no such key. */
const struct value *value_get_key(const struct value *v, Str key);

static inline const struct value *value_get(const struct value *v, const char *key)
{
    return value_get_key(v, str_of(key));
}

/* NULL when v is not a list or shorter. */
const struct value *value_item(const struct value *v, uint32_t index);
/* By path: "parties.0.name". NULL when any part is absent. */
const struct value *value_at(const struct value *v, const char *path);
/* Puts at a path, making maps on the way and lists where a part is a number. false when the path
 * runs through something else, or an index would leave a gap or exceed 10000. */
bool value_put_at(struct arena *arena, struct value *root, Str path, const struct value *leaf);

Str value_as_str(const struct value *v);     /* "" unless text */
int64_t value_as_int(const struct value *v); /* 0 unless an int */
bool value_as_bool(const struct value *v);   /* false unless true */

static inline Str value_get_str(const struct value *v, const char *key)
{
    return value_as_str(value_get(v, key));
}

static inline int64_t value_get_int(const struct value *v, const char *key)
{
    return value_as_int(value_get(v, key));
}

static inline bool value_get_bool(const struct value *v, const char *key)
{
    return value_as_bool(value_get(v, key));
}

static inline bool value_is_null(const struct value *v) /* also NULL */
{
    return v == NULL || v->kind == VALUE_NULL;
}

static inline bool value_is_map(const struct value *v)
{
    return v != NULL && v->kind == VALUE_MAP;
}

static inline bool value_is_list(const struct value *v)
{
    return v != NULL && v->kind == VALUE_LIST;
}

static inline bool value_is_text(const struct value *v)
{
    return v != NULL && v->kind == VALUE_TEXT;
}

/* Items or members; 0 for the others and NULL. */
static inline uint32_t value_count(const struct value *v)
{
    return value_is_list(v) || value_is_map(v) ? v->count : 0;
}

/* null, "", an empty list or map, or one that holds only such. */
bool value_is_empty(const struct value *v);
bool value_same(const struct value *a, const struct value *b);        /* maps regardless of order */
struct value *value_copy(struct arena *arena, const struct value *v); /* deep, text included */
/* A map with the members of over laid on those of under: maps merge by key, all else is replaced, a
 * null in over removes. Neither is changed. */
struct value *value_merge(struct arena *arena, const struct value *under, const struct value *over);

#endif

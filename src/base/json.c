/* jansson reads (the only reader tried that refused every hostile document); the tree is copied
 * into the arena and jansson's is dropped at once. Writing is ours: one pass into a buffer. */
#include "base/json.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/check.h"

enum { JSON_BYTES_MAX = 64 * 1024 * 1024 };

static struct value *from_jansson(struct cx *cx, const json_t *node, int depth);

/* NOLINTNEXTLINE(misc-no-recursion): depth is VALUE_DEPTH_MAX at most */
static struct value *map_from(struct cx *cx, const json_t *node, int depth)
{
    struct value *map = value_map(cx->arena);
    if (json_object_size(node) > VALUE_MEMBERS_MAX) {
        (void)FAIL(cx, E_READ, "json-unreadable", "a map of more than %d members",
                   VALUE_MEMBERS_MAX);
        return map;
    }

    union {
        const json_t *in;
        json_t *out;
    } cast = {.in = node}; /* the iterator wants json_t *, and changes nothing */

    for (void *it = json_object_iter(cast.out); it != NULL;
         it = json_object_iter_next(cast.out, it)) {
        const char *key = json_object_iter_key(it);
        value_set_key(cx->arena, map, str_copy(cx->arena, key, strlen(key)),
                      from_jansson(cx, json_object_iter_value(it), depth + 1));
    }
    return map;
}

/* NOLINTNEXTLINE(misc-no-recursion): depth is VALUE_DEPTH_MAX at most */
static struct value *list_from(struct cx *cx, const json_t *node, int depth)
{
    struct value *list = value_list(cx->arena);
    for (size_t i = 0; i < json_array_size(node); i++) {
        value_add(cx->arena, list, from_jansson(cx, json_array_get(node, i), depth + 1));
    }
    return list;
}

/* NOLINTNEXTLINE(misc-no-recursion): depth is VALUE_DEPTH_MAX at most */
static struct value *from_jansson(struct cx *cx, const json_t *node, int depth)
{
    if (depth > VALUE_DEPTH_MAX) {
        (void)FAIL(cx, E_READ, "json-too-deep", "nested deeper than %d", VALUE_DEPTH_MAX);
        return value_null(cx->arena);
    }
    switch (json_typeof(node)) {
    case JSON_OBJECT: return map_from(cx, node, depth);
    case JSON_ARRAY: return list_from(cx, node, depth);
    case JSON_STRING:
        return value_str(cx->arena,
                         str_copy(cx->arena, json_string_value(node), json_string_length(node)));
    case JSON_INTEGER: return value_int(cx->arena, json_integer_value(node));
    case JSON_REAL: {
        struct value *real =
            value_str(cx->arena, str_printf(cx->arena, "%.15g", json_real_value(node)));
        real->kind = VALUE_REAL;
        return real;
    }
    case JSON_TRUE: return value_bool(cx->arena, true);
    case JSON_FALSE: return value_bool(cx->arena, false);
    case JSON_NULL: return value_null(cx->arena);
    }
    return value_null(cx->arena);
}

enum status json_read(struct cx *cx, Str text, struct value **out)
{
    json_error_t error;
    json_t *root = json_loadb(text.p, text.n, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &error);
    if (root == NULL && json_error_code(&error) == json_error_stack_overflow) {
        return FAIL(cx, E_READ, "json-too-deep", "line %d column %d: %s", error.line, error.column,
                    error.text);
    }
    if (root == NULL) {
        return FAIL(cx, E_READ, "json-unreadable", "line %d column %d: %s", error.line,
                    error.column, error.text);
    }
    struct value *v = from_jansson(cx, root, 0);
    json_decref(root);
    if (cx->failure.status != OK) {
        return cx->failure.status;
    }
    *out = v;
    return OK;
}

static void escape_char(struct buf *out, unsigned char c)
{
    switch (c) {
    case '"': buf_text(out, "\\\""); return;
    case '\\': buf_text(out, "\\\\"); return;
    case '\n': buf_text(out, "\\n"); return;
    case '\r': buf_text(out, "\\r"); return;
    case '\t': buf_text(out, "\\t"); return;
    default: buf_printf(out, "\\u%04x", c); return;
    }
}

/* Bytes that a string cannot hold as they are, or must not because HTML would read them; 0xE2 may
 * begin U+2028 or U+2029, which end a line of a script. */
static const unsigned char is_special[256] = {
    1, 1, 1, 1, 1, 1,         1,          1,         1,         1,         1,
    1, 1, 1, 1, 1, /* the control bytes */
    1, 1, 1, 1, 1, 1,         1,          1,         1,         1,         1,
    1, 1, 1, 1, 1, ['"'] = 1, ['\\'] = 1, ['<'] = 1, ['>'] = 1, ['&'] = 1, [0xE2] = 1};

static bool is_separator(Str text, size_t at)
{
    return text.n - at >= 3 && (unsigned char)text.p[at + 1] == 0x80 &&
           ((unsigned char)text.p[at + 2] & 0xFE) == 0xA8;
}

/* The bytes of a text from its first special one on, at i. */
static void quote_rest(struct buf *out, Str text, size_t i)
{
    size_t from = 0;
    buf_char(out, '"');
    for (; i < text.n; i = str_find_marked(text, i + 1, is_special)) {
        unsigned char c = (unsigned char)text.p[i];
        if (c == 0xE2 && !is_separator(text, i)) {
            continue;
        }
        buf_add(out, text.p + from, i - from);
        if (c == 0xE2) {
            buf_printf(out, "\\u%04x", 0x2028 + (text.p[i + 2] & 1));
            i += 2;
        } else {
            escape_char(out, c);
        }
        from = i + 1;
    }
    buf_add(out, text.p + from, text.n - from);
    buf_char(out, '"');
}

/* Nearly every text stands as it is, and where there is room already. */
void json_quote_to(struct buf *out, Str text)
{
    size_t special = str_find_marked(text, 0, is_special);
    char *to = buf_room(out, text.n + 2);
    if (special < text.n || to == NULL) {
        quote_rest(out, text, special);
        return;
    }
    to[0] = '"';
    if (text.n > 0) { /* a Str that was never set has no bytes */
        memcpy(to + 1, text.p, text.n);
    }
    to[text.n + 1] = '"';
    buf_wrote(out, text.n + 2);
}

static int key_order(const void *a, const void *b)
{
    const struct member *left = a;
    const struct member *right = b;
    return str_compare(left->key, right->key);
}

static void write_int(struct buf *out, int64_t number)
{
    char digits[20];
    size_t at = sizeof digits;
    uint64_t rest = number < 0 ? 0 - (uint64_t)number : (uint64_t)number;
    do {
        digits[--at] = (char)('0' + rest % 10);
        rest /= 10;
    } while (rest > 0);
    if (number < 0) {
        digits[--at] = '-';
    }
    buf_add(out, digits + at, sizeof digits - at);
}

static void write_value(struct buf *out, const struct value *v, bool sorted);

/* NOLINTNEXTLINE(misc-no-recursion): depth is VALUE_DEPTH_MAX at most */
static void write_map(struct buf *out, const struct value *v, bool sorted)
{
    const struct member *members = v->as.members;
    if (sorted && v->count > 1) {
        struct member *copy = arena_array(out->arena, struct member, v->count);
        memcpy(copy, members, v->count * sizeof *copy);
        qsort(copy, v->count, sizeof *copy, key_order);
        members = copy;
    }
    buf_char(out, '{');
    for (uint32_t i = 0; i < v->count; i++) {
        if (i > 0) {
            buf_char(out, ',');
        }
        json_quote_to(out, members[i].key);
        buf_char(out, ':');
        write_value(out, members[i].value, sorted);
    }
    buf_char(out, '}');
}

/* NOLINTNEXTLINE(misc-no-recursion): depth is VALUE_DEPTH_MAX at most */
static void write_value(struct buf *out, const struct value *v, bool sorted)
{
    if (v == NULL) {
        buf_text(out, "null");
        return;
    }
    switch (v->kind) {
    case VALUE_NULL: buf_text(out, "null"); return;
    case VALUE_BOOL: buf_text(out, v->as.truth ? "true" : "false"); return;
    case VALUE_INT: write_int(out, v->as.number); return;
    case VALUE_WRITTEN:
        check(!sorted);
        buf_str(out, v->as.text);
        return;
    case VALUE_REAL: buf_str(out, v->as.text); return;
    case VALUE_TEXT: json_quote_to(out, v->as.text); return;
    case VALUE_MAP: write_map(out, v, sorted); return;
    case VALUE_LIST: break;
    }
    buf_char(out, '[');
    for (uint32_t i = 0; i < v->count; i++) {
        if (i > 0) {
            buf_char(out, ',');
        }
        write_value(out, v->as.items[i], sorted);
    }
    buf_char(out, ']');
}

void json_write_to(struct buf *out, const struct value *v)
{
    write_value(out, v, false);
}

static Str write_whole(struct arena *arena, const struct value *v, bool sorted)
{
    struct buf out;
    buf_init(&out, arena, JSON_BYTES_MAX);
    write_value(&out, v, sorted);
    check(!buf_is_over(&out)); /* input limits are far below */
    return buf_done(&out);
}

Str json_write(struct arena *arena, const struct value *v)
{
    return write_whole(arena, v, false);
}

Str json_canonical(struct arena *arena, const struct value *v)
{
    return write_whole(arena, v, true);
}

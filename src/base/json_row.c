/* Reading back what json_write() wrote: rows of ours, read hundreds of times for each time written.
 *
 * One pass, no copies: the text is the reader's own (a cell in its arena) and is changed in place,
 * a NUL where each string ended, so that strings are views of it. jansson stays the reader of
 * everything that comes from outside: it costs a third of a request here, mostly in allocations.
 * Bytes that json_write() would not have written are refused all the same: a row may be damaged. */
#include <string.h>

#include "base/json.h"

struct reader {
    struct arena *arena;
    char *at;
    char *end;
    int deepest; /* what lies deeper is passed over */
};

static struct value *read_value(struct reader *r, int depth);

static bool take(struct reader *r, char c)
{
    if (r->at < r->end && *r->at == c) {
        r->at++;
        return true;
    }
    return false;
}

static struct value *fresh(struct reader *r, enum value_kind kind)
{
    struct value *v = arena_room(r->arena, sizeof *v);
    *v = (struct value){.kind = kind};
    return v;
}

static bool hex4(const char *p, uint32_t *out)
{
    uint32_t code = 0;
    for (int i = 0; i < 4; i++) {
        char c = p[i];
        uint32_t digit = c >= '0' && c <= '9'   ? (uint32_t)(c - '0')
                         : c >= 'a' && c <= 'f' ? (uint32_t)(c - 'a' + 10)
                                                : 16;
        if (digit == 16) {
            return false;
        }
        code = code * 16 + digit;
    }
    *out = code;
    return true;
}

/* One escape at *from (behind its backslash), written at *to. */
static bool unescape(struct reader *r, char **from, char **to)
{
    uint32_t code = 0;
    char c = **from;
    *from += 1;
    switch (c) {
    case '"':
    case '\\': *(*to)++ = c; return true;
    case 'n': *(*to)++ = '\n'; return true;
    case 'r': *(*to)++ = '\r'; return true;
    case 't': *(*to)++ = '\t'; return true;
    case 'u':
        if (r->end - *from < 4 || !hex4(*from, &code) || code == 0) {
            return false;
        }
        *from += 4;
        *to += utf8_put(code, *to); /* at most three bytes for the six that were there */
        return true;
    default: return false;
    }
}

/* What ends a run of bytes inside a string, and between strings of what is passed over. */
static const unsigned char ends_run[256] = {['"'] = 1, ['\\'] = 1};
static const unsigned char is_bracket_or_quote[256] = {
    ['"'] = 1, ['{'] = 1, ['['] = 1, ['}'] = 1, [']'] = 1};

static char *find_marked(const struct reader *r, const unsigned char marked[256])
{
    return r->at + str_find_marked((Str){r->at, (size_t)(r->end - r->at)}, 0, marked);
}

static bool read_string(struct reader *r, Str *out)
{
    char *start = r->at;
    char *from = find_marked(r, ends_run);
    char *to = from;
    while (from < r->end && *from != '"') {
        if (*from != '\\') {
            *to++ = *from++;
            continue;
        }
        from++;
        if (from >= r->end || !unescape(r, &from, &to)) {
            return false;
        }
    }
    if (from >= r->end) {
        return false;
    }
    *to = '\0'; /* at the latest on the closing quote */
    *out = (Str){start, (size_t)(to - start)};
    r->at = from + 1;
    return true;
}

/* A fraction or an exponent stays text (value.h (2)): a draft may hold what is not right yet. */
static struct value *read_number(struct reader *r)
{
    const char *from = r->at;
    int64_t number = 0;
    while (r->at < r->end && strchr("+-.0123456789eE", *r->at) != NULL) {
        r->at++;
    }
    Str text = {from, (size_t)(r->at - from)};
    bool whole = str_int(text, &number);
    struct value *v = fresh(r, whole ? VALUE_INT : VALUE_REAL);
    if (whole) {
        v->as.number = number;
    } else {
        v->as.text = str_copy(r->arena, text.p, text.n);
    }
    return v;
}

static struct value *read_word(struct reader *r)
{
    size_t left = (size_t)(r->end - r->at);
    if (left >= 4 && memcmp(r->at, "null", 4) == 0) {
        r->at += 4;
        return fresh(r, VALUE_NULL);
    }
    bool truth = left >= 4 && memcmp(r->at, "true", 4) == 0;
    if (!truth && !(left >= 5 && memcmp(r->at, "false", 5) == 0)) {
        return NULL;
    }
    r->at += truth ? 4 : 5;
    struct value *v = fresh(r, VALUE_BOOL);
    v->as.truth = truth;
    return v;
}

static struct value *read_map(struct reader *r, int depth) /* NOLINT(misc-no-recursion) */
{
    struct value *map = fresh(r, VALUE_MAP);
    if (take(r, '}')) {
        return map;
    }
    do {
        Str key = {"", 0};
        struct value *item = NULL;
        if (map->count == VALUE_MEMBERS_MAX || !take(r, '"') || !read_string(r, &key) ||
            !take(r, ':') || (item = read_value(r, depth + 1)) == NULL) {
            return NULL;
        }
        value_set_key(r->arena, map, key, item);
    } while (take(r, ','));
    return take(r, '}') ? map : NULL;
}

static struct value *read_list(struct reader *r, int depth) /* NOLINT(misc-no-recursion) */
{
    struct value *list = fresh(r, VALUE_LIST);
    if (take(r, ']')) {
        return list;
    }
    do {
        struct value *item = read_value(r, depth + 1);
        if (item == NULL) {
            return NULL;
        }
        value_add(r->arena, list, item);
    } while (take(r, ','));
    return take(r, ']') ? list : NULL;
}

/* From behind the quote that opens a string to behind the one that closes it. */
static bool pass_string(struct reader *r)
{
    while ((r->at = find_marked(r, ends_run)) < r->end && *r->at == '\\') {
        r->at += r->end - r->at > 1 ? 2 : 1;
    }
    return r->at < r->end && *r->at++ == '"';
}

/* From behind the first bracket to behind the one that closes it. */
static struct value *pass_over(struct reader *r)
{
    int open = 1;
    while (open > 0 && (r->at = find_marked(r, is_bracket_or_quote)) < r->end) {
        char c = *r->at++;
        if (c != '"') {
            open += c == '{' || c == '[' ? 1 : -1;
        } else if (!pass_string(r)) {
            return NULL;
        }
    }
    return open == 0 ? fresh(r, VALUE_NULL) : NULL;
}

/* Depth is bounded by VALUE_DEPTH_MAX. */
static struct value *read_value(struct reader *r, int depth) /* NOLINT(misc-no-recursion) */
{
    Str text = {"", 0};
    if (depth > VALUE_DEPTH_MAX || r->at >= r->end) {
        return NULL;
    }
    if (take(r, '"')) {
        if (!read_string(r, &text)) {
            return NULL;
        }
        return value_str(r->arena, text);
    }
    if (take(r, '{')) {
        return depth > r->deepest ? pass_over(r) : read_map(r, depth);
    }
    if (take(r, '[')) {
        return depth > r->deepest ? pass_over(r) : read_list(r, depth);
    }
    return *r->at == '-' || (*r->at >= '0' && *r->at <= '9') ? read_number(r) : read_word(r);
}

enum status json_row_read(struct cx *cx, Str text, struct value **out)
{
    return json_row_outline(cx, text, VALUE_DEPTH_MAX, out);
}

enum status json_row_outline(struct cx *cx, Str text, int depth, struct value **out)
{
    /* A fresh copy: the cell may be shown to somebody else as it is. */
    char *own = arena_copy(cx->arena, text.p, text.n);
    struct reader r = {cx->arena, own, own + text.n, depth};
    struct value *v = read_value(&r, 0);
    if (v == NULL || r.at != r.end) {
        return FAIL(cx, E_STORE, "store-failed", "a row holds no JSON of ours at byte %zd",
                    r.at - own);
    }
    *out = v;
    return OK;
}

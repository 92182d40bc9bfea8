#include "render/pdf_file.h"

#include <string.h>

#include "base/check.h"

enum { REVISIONS_MAX = 64, NEST_MAX = 64, OBJECT_HEAD_MAX = 32, TAIL_BYTES = 1024 };

/* --- tokens --- */

static bool is_space(char c)
{
    return c == ' ' || c == '\n' || c == '\r' || c == '\t' || c == '\f' || c == '\0';
}

static bool is_end(char c)
{
    return is_space(c) || strchr("()<>[]{}/%", c) != NULL;
}

static void skip_space(Str s, size_t *at)
{
    while (*at < s.n && (is_space(s.p[*at]) || s.p[*at] == '%')) {
        if (s.p[*at] == '%') {
            while (*at < s.n && s.p[*at] != '\n' && s.p[*at] != '\r') {
                *at += 1;
            }
        } else {
            *at += 1;
        }
    }
}

static bool starts_at(Str s, size_t at, const char *what)
{
    size_t n = strlen(what);
    return at <= s.n && s.n - at >= n && memcmp(s.p + at, what, n) == 0;
}

/* (text), with brackets inside and escapes. */
static bool skip_text(Str s, size_t *at)
{
    size_t depth = 0;
    for (; *at < s.n; *at += 1) {
        char c = s.p[*at];
        if (c == '\\') {
            *at += 1;
        } else if (c == '(') {
            depth += 1;
        } else if (c == ')' && --depth == 0) {
            *at += 1;
            return true;
        }
    }
    return false;
}

static bool skip_hex(Str s, size_t *at)
{
    const char *end = memchr(s.p + *at, '>', s.n - *at);
    *at = end == NULL ? s.n : (size_t)(end - s.p) + 1;
    return end != NULL;
}

static void skip_word(Str s, size_t *at)
{
    do {
        *at += 1;
    } while (*at < s.n && !is_end(s.p[*at]));
}

/* The brackets that are not yet closed. */
struct nest {
    char open[NEST_MAX];
    size_t depth;
};

/* false when too many are open, or another one than this closes. */
static bool nest_turn(struct nest *nest, char c)
{
    if (c == '[' || c == '<') {
        if (nest->depth == NEST_MAX) {
            return false;
        }
        nest->open[nest->depth++] = c;
        return true;
    }
    return nest->depth > 0 && nest->open[--nest->depth] == (c == ']' ? '[' : '<');
}

/* A value that has no others in it, or a bracket of one that has. */
static bool skip_token(Str s, size_t *at, struct nest *nest)
{
    char c = s.p[*at];
    bool twice = (c == '<' || c == '>') && *at + 1 < s.n && s.p[*at + 1] == c;
    if (c == '[' || c == ']' || twice) {
        *at += twice ? 2 : 1;
        return nest_turn(nest, c);
    }
    switch (c) {
    case '(': return skip_text(s, at);
    case '<': return skip_hex(s, at);
    case ')':
    case '>':
    case '{':
    case '}': return false;
    default: skip_word(s, at); return true;
    }
}

/* One value without what it may refer to: a bracketed one as a whole. */
static bool skip_one(Str s, size_t *at)
{
    struct nest nest;
    nest.depth = 0;
    do {
        skip_space(s, at);
        if (*at >= s.n || !skip_token(s, at, &nest)) {
            return false;
        }
    } while (nest.depth > 0);
    return true;
}

/* A decimal number of at most ten digits. */
static bool read_number(Str s, size_t *at, size_t *out)
{
    size_t start = *at;
    *out = 0;
    while (*at < s.n && *at - start < 10 && s.p[*at] >= '0' && s.p[*at] <= '9') {
        *out = *out * 10 + (size_t)(s.p[*at] - '0');
        *at += 1;
    }
    return *at > start;
}

/* "N G R" at `at`; 0 when it is none. */
static uint32_t reference_at(Str s, size_t at, size_t *end)
{
    size_t number = 0;
    size_t generation = 0;
    if (!read_number(s, &at, &number) || number == 0 || number >= PDF_OBJECTS_MAX || at >= s.n ||
        !is_space(s.p[at])) {
        return 0;
    }
    skip_space(s, &at);
    if (!read_number(s, &at, &generation) || at >= s.n || !is_space(s.p[at])) {
        return 0;
    }
    skip_space(s, &at);
    if (at >= s.n || s.p[at] != 'R' || (at + 1 < s.n && !is_end(s.p[at + 1]))) {
        return 0;
    }
    *end = at + 1;
    return (uint32_t)number;
}

static bool skip_value(Str s, size_t *at)
{
    size_t end = 0;
    skip_space(s, at);
    if (reference_at(s, *at, &end) > 0) {
        *at = end;
        return true;
    }
    return skip_one(s, at);
}

static Str part(Str s, size_t from, size_t to)
{
    return (Str){s.p + from, to - from};
}

/* --- dictionaries --- */

bool pdf_next(Str dict, size_t *at, Str *key, Str *value)
{
    *at = *at == 0 && starts_at(dict, 0, "<<") ? 2 : *at;
    skip_space(dict, at);
    if (*at < 2 || *at >= dict.n || dict.p[*at] != '/') {
        return false;
    }
    size_t from = *at;
    skip_word(dict, at);
    *key = part(dict, from + 1, *at);
    skip_space(dict, at);
    from = *at;
    if (!skip_value(dict, at)) {
        return false;
    }
    *value = part(dict, from, *at);
    return true;
}

Str pdf_get(Str dict, const char *key)
{
    Str name;
    Str value;
    for (size_t at = 0; pdf_next(dict, &at, &name, &value);) {
        if (str_is(name, key)) {
            return value;
        }
    }
    return STR("");
}

uint32_t pdf_reference(Str value)
{
    size_t end = 0;
    uint32_t number = reference_at(value, 0, &end);
    return end == value.n ? number : 0;
}

uint32_t pdf_items(Str array, Str *out, uint32_t most)
{
    size_t at = 1;
    uint32_t count = 0;
    if (array.n < 2 || array.p[0] != '[' || array.p[array.n - 1] != ']') {
        return 0;
    }
    Str inside = part(array, 0, array.n - 1);
    skip_space(inside, &at);
    while (at < inside.n && count < most) {
        size_t from = at;
        if (!skip_value(inside, &at)) {
            return 0;
        }
        out[count++] = part(inside, from, at);
        skip_space(inside, &at);
    }
    return count;
}

void pdf_put_dict(struct buf *out, Str dict, const char *without, Str added)
{
    Str key;
    Str value;
    buf_text(out, "<<\n");
    for (size_t at = 0; pdf_next(dict, &at, &key, &value);) {
        if (without == NULL || !str_is(key, without)) {
            buf_text(out, "/");
            buf_str(out, key);
            buf_text(out, " ");
            buf_str(out, value);
            buf_text(out, "\n");
        }
    }
    buf_str(out, added);
    buf_text(out, ">>");
}

/* --- objects --- */

Str pdf_object(const struct pdf_file *file, uint32_t number)
{
    size_t said = 0;
    size_t generation = 0;
    Str s = file->bytes;
    size_t at = number < file->count ? file->offsets[number] : 0;
    if (s.n - at > PDF_OBJECT_BYTES_MAX) {
        s.n = at + PDF_OBJECT_BYTES_MAX; /* many may refer to it: each reads it anew */
    }
    if (at == 0 || !read_number(s, &at, &said) || said != number) {
        return STR("");
    }
    skip_space(s, &at);
    bool is_head = read_number(s, &at, &generation);
    skip_space(s, &at);
    if (!is_head || !starts_at(s, at, "obj")) {
        return STR("");
    }
    at += 3;
    skip_space(s, &at);
    size_t from = at;
    return skip_value(s, &at) ? part(s, from, at) : STR("");
}

Str pdf_follow(const struct pdf_file *file, Str value)
{
    uint32_t number = pdf_reference(value);
    return number == 0 ? value : pdf_object(file, number);
}

/* --- tables --- */

struct opening {
    struct cx *cx;
    Str bytes;
    uint32_t count;
    size_t *offsets;
    bool *known; /* in a newer table: what an older says of it no longer counts */
};

static enum status unreadable(struct cx *cx, const char *why)
{
    return FAIL(cx, E_INPUT, "pdf-broken", "%s", why);
}

static void room_for(struct opening *o, size_t count)
{
    if (count <= o->count) {
        return;
    }
    count = count < 2 * (size_t)o->count ? 2 * (size_t)o->count : count; /* not again and again */
    size_t *offsets = arena_array(o->cx->arena, size_t, count);
    bool *known = arena_array(o->cx->arena, bool, count);
    if (o->count > 0) {
        memcpy(offsets, o->offsets, o->count * sizeof *offsets);
        memcpy(known, o->known, o->count * sizeof *known);
    }
    o->offsets = offsets;
    o->known = known;
    o->count = (uint32_t)count;
}

/* "0000000017 00000 n" */
static bool read_entry(struct opening *o, size_t *at, size_t number)
{
    size_t offset = 0;
    size_t generation = 0;
    Str s = o->bytes;
    skip_space(s, at);
    if (!read_number(s, at, &offset)) {
        return false;
    }
    skip_space(s, at);
    if (!read_number(s, at, &generation)) {
        return false;
    }
    skip_space(s, at);
    if (*at >= s.n || (s.p[*at] != 'n' && s.p[*at] != 'f')) {
        return false;
    }
    check(number < o->count && o->known != NULL); /* room_for() has been here */
    if (!o->known[number]) {
        o->known[number] = true;
        o->offsets[number] = s.p[*at] == 'n' && offset < s.n ? offset : 0;
    }
    *at += 1;
    return true;
}

/* One table; at moves to its trailer. */
static enum status read_table(struct opening *o, size_t *at)
{
    struct cx *cx = o->cx;
    *at += 4;
    skip_space(o->bytes, at);
    while (*at < o->bytes.n && !starts_at(o->bytes, *at, "trailer")) {
        size_t first = 0;
        size_t count = 0;
        bool is_head = read_number(o->bytes, at, &first);
        skip_space(o->bytes, at);
        if (!is_head || !read_number(o->bytes, at, &count) || first + count > PDF_OBJECTS_MAX ||
            count > o->bytes.n / 16) {
            return unreadable(cx, "a section of the table");
        }
        room_for(o, first + count);
        for (size_t i = 0; i < count; i++) {
            if (!read_entry(o, at, first + i)) {
                return unreadable(cx, "an entry of the table");
            }
        }
        skip_space(o->bytes, at);
    }
    *at += 7;
    return OK;
}

/* All tables from the newest back to the first. */
static enum status read_tables(struct opening *o, size_t xref, Str *newest)
{
    struct cx *cx = o->cx;
    size_t read = 0;
    for (int revision = 0; revision < REVISIONS_MAX; revision++) {
        size_t at = xref;
        size_t from = 0;
        if (!starts_at(o->bytes, at, "xref")) {
            return at < o->bytes.n && o->bytes.p[at] >= '0' && o->bytes.p[at] <= '9'
                       ? FAIL(cx, E_INPUT, "pdf-foreign", "a cross-reference stream at %zu", at)
                       : unreadable(cx, "no table where it should be");
        }
        TRY(read_table(o, &at));
        skip_space(o->bytes, &at);
        from = at;
        if (!starts_at(o->bytes, at, "<<") || !skip_value(o->bytes, &at)) {
            return unreadable(cx, "no trailer");
        }
        Str trailer = part(o->bytes, from, at);
        read += at - xref;
        if (read > o->bytes.n) { /* tables that lie in each other would be read again and again */
            return unreadable(cx, "tables that overlap");
        }
        *newest = newest->n == 0 ? trailer : *newest;
        Str before = pdf_get(trailer, "Prev");
        if (before.n == 0) {
            return OK;
        }
        from = 0;
        if (!read_number(before, &from, &xref)) {
            return unreadable(cx, "no offset of the table before");
        }
    }
    return unreadable(cx, "too many tables, or a circle of them");
}

/* Where the last "startxref" points to. */
static bool find_xref(Str s, size_t *out)
{
    static const char word[] = "startxref";
    size_t least = s.n > TAIL_BYTES ? s.n - TAIL_BYTES : 0;
    for (size_t i = s.n; i > least; i--) {
        if (starts_at(s, i - 1, word)) {
            size_t at = i - 1 + sizeof word - 1;
            skip_space(s, &at);
            return read_number(s, &at, out);
        }
    }
    return false;
}

enum status pdf_open(struct cx *cx, Str bytes, struct pdf_file *out)
{
    struct opening o = {.cx = cx, .bytes = bytes};
    Str trailer = {"", 0};
    size_t xref = 0;
    if (!starts_at(bytes, 0, "%PDF-") || !find_xref(bytes, &xref)) {
        return unreadable(cx, "not a PDF, or cut short");
    }
    TRY(read_tables(&o, xref, &trailer));
    if (pdf_get(trailer, "Encrypt").n > 0) {
        return FAIL(cx, E_INPUT, "pdf-encrypted", "has /Encrypt");
    }
    *out = (struct pdf_file){
        .bytes = bytes, .count = o.count, .offsets = o.offsets, .trailer = trailer, .xref = xref};
    return OK;
}

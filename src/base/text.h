/* base/text.h - text as pointer and length, and a growable buffer with a ceiling.
 *
 * (1) A Str is UTF-8 of any plane once it has passed the edge (web/, files), holds no NUL, and is
 *     followed by a NUL byte, so that p is also a C string.
 * (2) A Str is good for the life of the arena or literal it came from.
 * (3) A Buf is born with a ceiling; past it appending does nothing and buf_is_over() stays true:
 *     append ten times, ask once.
 */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/arena.h"

typedef struct {
    const char *p;
    size_t n;
} Str;

#define STR(literal) ((Str){"" literal, sizeof(literal) - 1})
/* For printf: "%.*s" with STR_ARG(s). */
#define STR_ARG(s) (int)(s).n, (s).p

/* Here, so that the length of a literal is known when it is compiled. NULL gives the empty Str. */
static inline Str str_of(const char *text)
{
    return text == NULL ? (Str){"", 0} : (Str){text, strlen(text)};
}

Str str_copy(struct arena *arena, const char *bytes, size_t size);
Str str_printf(struct arena *arena, const char *format, ...) __attribute__((format(printf, 2, 3)));
Str str_slice(struct arena *arena, Str s, size_t from, size_t to);
Str str_trim(struct arena *arena, Str s); /* ASCII white space and U+3000, both ends */

static inline bool str_same(Str a, Str b)
{
    return a.n == b.n && (a.n == 0 || (a.p[0] == b.p[0] && memcmp(a.p, b.p, a.n) == 0));
}

static inline bool str_is(Str s, const char *text)
{
    return str_same(s, str_of(text));
}

bool str_starts(Str s, const char *prefix);
bool str_ends(Str s, const char *suffix);
bool str_has(Str s, const char *part);
int str_compare(Str a, Str b);              /* by bytes, <0 0 >0 */
bool text_is(const char *a, const char *b); /* both may be NULL; NULL equals only NULL */

Str str_number(struct arena *arena, int64_t number); /* in decimal digits */
/* A whole decimal number with optional minus; false on anything else, overflow included. */
bool str_int(Str s, int64_t *out);

/* Splits at every separator; empty parts kept. Returns the count, *out has them. */
size_t str_split(struct arena *arena, Str s, char separator, Str **out);

/* One code point from s at *offset, which moves on; false at the end or on bytes that are not
 * UTF-8. */
bool utf8_next(Str s, size_t *offset, uint32_t *out);
bool utf8_is_valid(const char *bytes, size_t size); /* no NUL, no surrogates, no overlong forms */
/* No controls, separators of lines, or marks that turn the direction of reading and so the sense of
 * what is read: never in what people write. lines: tabs and newlines may be. */
bool text_is_fit(Str s, bool lines);
/* Fit, of one line, and nothing in it that cannot be seen, by which a name could look like another.
 * Variants of a character (IVS) may be: names have them. */
bool text_is_name(Str s);
size_t utf8_count(Str s);                                    /* code points */
size_t utf8_put(uint32_t code_point, char out[4]);           /* bytes written */
Str utf8_head(struct arena *arena, Str s, size_t count_max); /* the first code points */

/* The first byte at or behind `at` that `marked` marks, or the end; eight bytes a step. */
static inline size_t str_find_marked(Str s, size_t at, const unsigned char marked[256])
{
    const unsigned char *p = (const unsigned char *)s.p;
    while (s.n - at >= 8 &&
           !(marked[p[at]] | marked[p[at + 1]] | marked[p[at + 2]] | marked[p[at + 3]] |
             marked[p[at + 4]] | marked[p[at + 5]] | marked[p[at + 6]] | marked[p[at + 7]])) {
        at += 8;
    }
    while (at < s.n && !marked[p[at]]) {
        at++;
    }
    return at;
}

struct buf {
    struct arena *arena;
    char *p;
    size_t n;
    size_t room; /* bytes at p that may be used, the NUL among them: never more than limit + 1 */
    size_t limit;
    bool over;
};

void buf_init(struct buf *buf, struct arena *arena, size_t limit_bytes);
void buf_add_growing(struct buf *buf, const void *bytes, size_t size); /* buf_add()'s slow half */

static inline void buf_add(struct buf *buf, const void *bytes, size_t size)
{
    if (size >= buf->room - buf->n) {
        buf_add_growing(buf, bytes, size);
        return;
    }
    if (size > 0) {
        memcpy(buf->p + buf->n, bytes, size);
    }
    buf->n += size;
    buf->p[buf->n] = '\0';
}

static inline void buf_text(struct buf *buf, const char *text)
{
    buf_add(buf, text, strlen(text));
}

static inline void buf_str(struct buf *buf, Str s)
{
    buf_add(buf, s.p, s.n);
}

static inline void buf_char(struct buf *buf, char c)
{
    buf_add(buf, &c, 1);
}

/* Where size bytes may be written that buf_wrote() then counts; NULL when it has no such room, also
 * when it could grow: buf_add() does that. */
static inline char *buf_room(const struct buf *buf, size_t size)
{
    return size < buf->room - buf->n ? buf->p + buf->n : NULL;
}

static inline void buf_wrote(struct buf *buf, size_t size)
{
    buf->n += size;
    buf->p[buf->n] = '\0';
}

void buf_printf(struct buf *buf, const char *format, ...) __attribute__((format(printf, 2, 3)));
bool buf_is_over(const struct buf *buf);
Str buf_done(struct buf *buf); /* what was written; the buffer must not be used afterwards */

/* Percent-decoding; plus_is_space for form bodies. false on a broken escape, NUL or bytes not
 * UTF-8. */
bool text_percent_decode(struct arena *arena, Str s, bool plus_is_space, Str *out);
Str text_percent_encode(struct arena *arena, Str s); /* everything but RFC 3986 unreserved */

/* The composed form (Unicode NFC), so that a name is the same bytes however it was typed. */
Str text_composed(struct arena *arena, Str s);

Str text_hex(struct arena *arena, const unsigned char *bytes, size_t size);
bool text_unhex(Str s, unsigned char *out, size_t size); /* exactly size bytes */

#endif

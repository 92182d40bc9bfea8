#include "render/pdf_active.h"

#include <string.h>
#include <zlib.h>

enum { NAME_BYTES = 24 };

struct scan {
    Str text;
    size_t at;
    unsigned found;
    bool packed;     /* the object being read is an object stream, */
    bool deflated;   /* packed in the way that all are today */
    bool no_strings; /* one had no end: what follows is read as no string */
    bool no_streams;
    unsigned char *room; /* of PDF_UNPACKED_MAX; NULL inside of an object stream */
    size_t left;         /* of PDF_UNPACKED_ALL_MAX */
};

/* --- names --- */

static bool is_regular(char c)
{
    return c != '\0' && strchr(" \n\r\t\f()<>[]{}/%", c) == NULL;
}

static int hex_digit(char c)
{
    static const char digits[] = "0123456789abcdef";
    char small = c >= 'A' && c <= 'F' ? (char)(c - 'A' + 'a') : c;
    const char *found = small == '\0' ? NULL : strchr(digits, small);
    return found == NULL ? -1 : (int)(found - digits);
}

static void name_take(struct scan *s, const char *name)
{
    static const struct {
        const char *name;
        unsigned active;
    } names[] = {
        {"JavaScript", PDF_SCRIPT},  {"JS", PDF_SCRIPT},           {"Launch", PDF_LAUNCH},
        {"EmbeddedFile", PDF_FILES}, {"EmbeddedFiles", PDF_FILES}, {"FileAttachment", PDF_FILES},
        {"RichMedia", PDF_FILES},
    };

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        s->found |= strcmp(name, names[i].name) == 0 ? names[i].active : 0;
    }
    s->packed = s->packed || strcmp(name, "ObjStm") == 0;
    s->deflated = s->deflated || strcmp(name, "FlateDecode") == 0;
}

/* One character, which may be written by its code: /J#61vaScript. */
static char name_char(struct scan *s)
{
    const char *p = s->text.p + s->at;
    bool coded = *p == '#' && s->text.n - s->at > 2 && hex_digit(p[1]) >= 0 && hex_digit(p[2]) >= 0;
    s->at += coded ? 3 : 1;
    return coded ? (char)(16 * hex_digit(p[1]) + hex_digit(p[2])) : *p;
}

/* Behind its slash. What is longer than any that we look for is none of them. */
static void name_read(struct scan *s)
{
    char name[NAME_BYTES] = "";
    size_t n = 0;
    while (s->at < s->text.n && is_regular(s->text.p[s->at])) {
        char c = name_char(s);
        if (n < NAME_BYTES - 1) {
            name[n++] = c;
        }
    }
    name_take(s, name);
}

/* --- what holds no names --- */

static void comment_skip(struct scan *s)
{
    while (s->at < s->text.n && s->text.p[s->at] != '\n' && s->text.p[s->at] != '\r') {
        s->at++;
    }
}

static void string_skip(struct scan *s)
{
    size_t from = s->at;
    size_t depth = s->no_strings ? 0 : 1;
    while (s->at < s->text.n && depth > 0) {
        char c = s->text.p[s->at++];
        if (c == '\\') {
            s->at++;
        } else if (c == '(') {
            depth++;
        } else if (c == ')') {
            depth--;
        }
    }
    if (depth > 0) {
        s->no_strings = true;
        s->at = from;
    }
}

/* --- object streams --- */

static void scan_all(struct scan *s);

/* The beginning that there is room for, also of what is broken behind. */
static void packed_scan(struct scan *s, Str packed)
{
    size_t room = s->left < PDF_UNPACKED_MAX ? s->left : PDF_UNPACKED_MAX;
    z_stream z = {.next_in = (unsigned char *)(uintptr_t)packed.p, /* read only */
                  .avail_in = (uInt)packed.n,
                  .next_out = s->room,
                  .avail_out = (uInt)room};
    if (inflateInit(&z) != Z_OK) {
        return;
    }
    (void)inflate(&z, Z_SYNC_FLUSH);
    struct scan inner = {.text = {(const char *)s->room, room - z.avail_out}};
    (void)inflateEnd(&z);
    s->left -= inner.text.n;
    scan_all(&inner);
    s->found |= inner.found;
}

/* At the word "stream" behind a dictionary. */
static void stream_skip(struct scan *s)
{
    static const char end[] = "endstream";
    static const size_t word_bytes = 6;
    size_t from = s->at + word_bytes;
    const char *found = NULL;
    if (!s->no_streams) {
        found = memmem(s->text.p + from, s->text.n - from, end, sizeof end - 1);
    }
    s->no_streams = found == NULL;
    s->at = found == NULL ? from : (size_t)(found - s->text.p) + sizeof end - 1;
    if (found != NULL && s->packed && s->deflated && s->room != NULL) {
        from += from < s->text.n && s->text.p[from] == '\r' ? 1 : 0;
        from += from < s->text.n && s->text.p[from] == '\n' ? 1 : 0;
        if (s->text.p + from < found) {
            packed_scan(s, (Str){s->text.p + from, (size_t)(found - s->text.p) - from});
        }
    }
    s->packed = s->deflated = false;
}

/* --- all of it --- */

static bool word_is(const struct scan *s, const char *word)
{
    size_t n = strlen(word);
    return s->text.n - s->at > n && memcmp(s->text.p + s->at, word, n) == 0 &&
           !is_regular(s->text.p[s->at + n]);
}

static void word_read(struct scan *s)
{
    if (word_is(s, "stream")) {
        stream_skip(s);
        return;
    }
    if (word_is(s, "endobj")) {
        s->packed = s->deflated = false;
    }
    while (s->at < s->text.n && is_regular(s->text.p[s->at])) {
        s->at++;
    }
}

static void scan_all(struct scan *s)
{
    while (s->at < s->text.n) {
        char c = s->text.p[s->at];
        if (is_regular(c)) {
            word_read(s);
            continue;
        }
        s->at++;
        if (c == '/') {
            name_read(s);
        } else if (c == '%') {
            comment_skip(s);
        } else if (c == '(') {
            string_skip(s);
        }
    }
}

unsigned pdf_active(struct arena *arena, Str pdf)
{
    struct scan s = {.text = pdf,
                     .room = arena_array(arena, unsigned char, PDF_UNPACKED_MAX),
                     .left = PDF_UNPACKED_ALL_MAX};
    scan_all(&s);
    return s.found;
}

Str pdf_active_words(struct arena *arena, unsigned active)
{
    return str_trim(arena, str_printf(arena, "%s%s%s", (active & PDF_SCRIPT) != 0 ? "script " : "",
                                      (active & PDF_LAUNCH) != 0 ? "launch " : "",
                                      (active & PDF_FILES) != 0 ? "files" : ""));
}

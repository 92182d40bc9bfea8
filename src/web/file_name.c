#include "web/file_name.h"

#include <string.h>
#include <strings.h>

#include "base/check.h"

enum { EXTENSION_MAX = 10 };

/* Characters that have no place in a name: controls, invisible ones, turns of direction. Private
 * ones and variation selectors stay: rare names are written with them. */
static bool is_hidden(uint32_t c)
{
    static const struct {
        uint32_t from, to;
    } rows[] = {
        {0x00, 0x1F},     {0x7F, 0x9F},     {0xAD, 0xAD},       {0x61C, 0x61C},   {0x115F, 0x1160},
        {0x180E, 0x180E}, {0x200B, 0x200F}, {0x2028, 0x202E},   {0x2060, 0x206F}, {0xFEFF, 0xFEFF},
        {0xFFF9, 0xFFFD}, {0xFFFE, 0xFFFF}, {0xE0000, 0xE007F},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (c >= rows[i].from && c <= rows[i].to) {
            return true;
        }
    }
    return false;
}

/* Shown as they are, but with a meaning to file systems or shells. */
static bool is_reserved(uint32_t c)
{
    return c < 0x80 && strchr("<>:\"|?*", (int)c) != NULL && c != 0;
}

static Str visible(struct arena *arena, Str raw)
{
    struct buf buf;
    uint32_t c = 0;
    size_t from = 0;
    size_t at = 0;
    for (size_t i = 0; i < raw.n; i++) {
        if (raw.p[i] == '/' || raw.p[i] == '\\') {
            from = i + 1;
        }
    }
    Str last = str_slice(arena, raw, from, raw.n);
    buf_init(&buf, arena, last.n + 1);
    while (utf8_next(last, &at, &c)) {
        char bytes[4];
        if (!is_hidden(c)) {
            buf_add(&buf, bytes, utf8_put(is_reserved(c) ? '_' : c, bytes));
        }
    }
    return buf_done(&buf);
}

static Str without_edges(struct arena *arena, Str s)
{
    s = str_trim(arena, s);
    size_t from = 0;
    size_t to = s.n;
    while (from < to && (s.p[from] == '.' || s.p[from] == ' ')) {
        from++;
    }
    while (to > from && (s.p[to - 1] == '.' || s.p[to - 1] == ' ')) {
        to--;
    }
    return str_slice(arena, s, from, to);
}

/* Where the extension begins, at its dot; the end when there is none. */
static size_t extension_at(Str name)
{
    const char *dot = memrchr(name.p, '.', name.n);
    if (dot == NULL || dot == name.p || name.n - (size_t)(dot - name.p) > EXTENSION_MAX + 1) {
        return name.n;
    }
    return (size_t)(dot - name.p);
}

Str file_name_clean(struct arena *arena, Str raw)
{
    if (!utf8_is_valid(raw.p, raw.n)) {
        return STR("");
    }
    Str name = without_edges(arena, visible(arena, raw));
    size_t dot = extension_at(name);
    Str stem = str_slice(arena, name, 0, dot);
    Str extension = str_slice(arena, name, dot, name.n);
    size_t room = FILE_NAME_MAX - utf8_count(extension);
    if (utf8_count(stem) <= room) {
        return name;
    }
    return str_printf(arena, "%s%s", utf8_head(arena, stem, room).p, extension.p);
}

Str file_name_typed(struct arena *arena, Str name, const char *const *extensions)
{
    size_t dot = extension_at(name);
    check(extensions[0] != NULL);
    for (const char *const *each = extensions; *each != NULL; each++) {
        if (dot < name.n && strcasecmp(name.p + dot + 1, *each) == 0) {
            return name;
        }
    }
    size_t room = FILE_NAME_MAX - 1 - strlen(extensions[0]);
    return str_printf(arena, "%s.%s", name.n == 0 ? "文件" : utf8_head(arena, name, room).p,
                      extensions[0]);
}

/* What a reader without UTF-8 gets: ASCII letters, the rest as "_". */
static Str plain_name(struct arena *arena, Str name)
{
    struct buf buf;
    uint32_t c = 0;
    size_t at = 0;
    buf_init(&buf, arena, name.n + 1);
    while (utf8_next(name, &at, &c)) {
        bool plain = c >= 0x20 && c < 0x7F && c != '"' && c != '\\' && c != '%';
        buf_char(&buf, plain ? (char)c : '_');
    }
    return buf_done(&buf);
}

Str file_disposition(struct arena *arena, Str name, bool is_inline)
{
    return str_printf(arena, "%s; filename=\"%s\"; filename*=UTF-8''%s",
                      is_inline ? "inline" : "attachment", plain_name(arena, name).p,
                      text_percent_encode(arena, name).p);
}

/* --- ranges --- */

/* Digits only; -1 when there are none, too many, or something else. */
static int64_t digits(const char *p, size_t n)
{
    int64_t number = 0;
    if (n == 0 || n > 18) {
        return -1;
    }
    for (size_t i = 0; i < n; i++) {
        if (p[i] < '0' || p[i] > '9') {
            return -1;
        }
        number = number * 10 + (p[i] - '0');
    }
    return number;
}

enum range_kind range_parse(Str header, int64_t size_bytes, int64_t *from, int64_t *length)
{
    static const char unit[] = "bytes=";
    *from = 0;
    *length = size_bytes;
    const char *dash = str_starts(header, unit) ? strchr(header.p, '-') : NULL;
    if (dash == NULL) {
        return RANGE_WHOLE;
    }
    const char *start = header.p + sizeof unit - 1;
    const char *end = header.p + header.n;
    int64_t first = digits(start, (size_t)(dash - start));
    int64_t last = digits(dash + 1, (size_t)(end - dash - 1));
    if (start == dash && last >= 0) { /* the last bytes */
        *length = last < size_bytes ? last : size_bytes;
        *from = size_bytes - *length;
        return *length > 0 ? RANGE_PART : RANGE_OUTSIDE;
    }
    bool open_end = dash + 1 == end;
    if (first < 0 || (!open_end && last < first)) {
        return RANGE_WHOLE;
    }
    if (first >= size_bytes) {
        return RANGE_OUTSIDE;
    }
    *from = first;
    *length = (open_end || last >= size_bytes ? size_bytes : last + 1) - first;
    return RANGE_PART;
}

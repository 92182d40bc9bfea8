#include "base/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <uninorm.h>

#include "base/check.h"
#include "base/format.h"

static const char HEX_DIGITS[] = "0123456789abcdef";

Str str_copy(struct arena *arena, const char *bytes, size_t size)
{
    return (Str){arena_copy(arena, bytes, size), size};
}

Str str_printf(struct arena *arena, const char *format, ...)
{
    size_t size = 0;
    va_list args;
    va_start(args, format);
    const char *text = arena_vprintf(arena, format, args, &size);
    va_end(args);
    return (Str){text, size};
}

Str str_number(struct arena *arena, int64_t number)
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
    return str_copy(arena, digits + at, sizeof digits - at);
}

Str str_slice(struct arena *arena, Str s, size_t from, size_t to)
{
    check(from <= to && to <= s.n);
    return str_copy(arena, s.p + from, to - from);
}

static size_t space_at(Str s, size_t at)
{
    if (s.p[at] == ' ' || (s.p[at] >= '\t' && s.p[at] <= '\r')) {
        return 1;
    }
    return s.n - at >= 3 && memcmp(s.p + at, "\xE3\x80\x80", 3) == 0 ? 3 : 0;
}

Str str_trim(struct arena *arena, Str s)
{
    size_t from = 0;
    size_t to = s.n;
    while (from < to && space_at(s, from) > 0) {
        from += space_at(s, from);
    }
    for (;;) {
        if (to > from && space_at(s, to - 1) == 1) {
            to -= 1;
        } else if (to >= from + 3 && space_at(s, to - 3) == 3) {
            to -= 3;
        } else {
            break;
        }
    }
    return from == 0 && to == s.n ? s : str_slice(arena, s, from, to);
}

bool str_starts(Str s, const char *prefix)
{
    size_t n = strlen(prefix);
    return n <= s.n && memcmp(s.p, prefix, n) == 0;
}

bool str_ends(Str s, const char *suffix)
{
    size_t n = strlen(suffix);
    return n <= s.n && memcmp(s.p + s.n - n, suffix, n) == 0;
}

bool str_has(Str s, const char *part)
{
    return s.n > 0 ? strstr(s.p, part) != NULL : part[0] == '\0';
}

int str_compare(Str a, Str b)
{
    size_t n = a.n < b.n ? a.n : b.n;
    int order = n == 0 ? 0 : memcmp(a.p, b.p, n);
    if (order != 0) {
        return order;
    }
    return a.n < b.n ? -1 : a.n > b.n;
}

bool text_is(const char *a, const char *b)
{
    if (a == NULL || b == NULL) {
        return a == b;
    }
    return strcmp(a, b) == 0;
}

bool str_int(Str s, int64_t *out)
{
    size_t i = 0;
    bool minus = s.n > 0 && s.p[0] == '-';
    int64_t number = 0;
    if (minus) {
        i = 1;
    }
    if (i == s.n) {
        return false;
    }
    for (; i < s.n; i++) {
        if (s.p[i] < '0' || s.p[i] > '9' || __builtin_mul_overflow(number, (int64_t)10, &number) ||
            __builtin_sub_overflow(number, (int64_t)(s.p[i] - '0'), &number)) {
            return false;
        }
    }
    if (!minus && number == INT64_MIN) {
        return false;
    }
    *out = minus ? number : -number;
    return true;
}

size_t str_split(struct arena *arena, Str s, char separator, Str **out)
{
    size_t count = 1;
    for (size_t i = 0; i < s.n; i++) {
        count += s.p[i] == separator;
    }
    Str *parts = arena_array(arena, Str, count);
    size_t from = 0;
    size_t part = 0;
    for (size_t i = 0; i <= s.n; i++) {
        if (i == s.n || s.p[i] == separator) {
            parts[part++] = str_slice(arena, s, from, i);
            from = i + 1;
        }
    }
    check(part == count);
    *out = parts;
    return count;
}

/* Length of the sequence that first byte b begins; 0 when none does. */
static size_t utf8_length(unsigned char b)
{
    if (b < 0x80) {
        return 1;
    }
    if (b >= 0xC2 && b < 0xE0) {
        return 2;
    }
    if (b >= 0xE0 && b < 0xF0) {
        return 3;
    }
    return b >= 0xF0 && b < 0xF5 ? 4 : 0;
}

bool utf8_next(Str s, size_t *offset, uint32_t *out)
{
    if (*offset >= s.n) {
        return false;
    }
    const unsigned char *p = (const unsigned char *)s.p + *offset;
    size_t length = utf8_length(p[0]);
    if (length == 0 || length > s.n - *offset) {
        return false;
    }
    static const unsigned char mask[5] = {0, 0x7F, 0x1F, 0x0F, 0x07};
    uint32_t code = p[0] & mask[length];
    for (size_t i = 1; i < length; i++) {
        if ((p[i] & 0xC0) != 0x80) {
            return false;
        }
        code = (code << 6) | (p[i] & 0x3FU);
    }
    static const uint32_t least[5] = {0, 0, 0x80, 0x800, 0x10000};
    if (code < least[length] || code > 0x10FFFF || (code >= 0xD800 && code < 0xE000)) {
        return false;
    }
    *offset += length;
    *out = code;
    return true;
}

bool utf8_is_valid(const char *bytes, size_t size)
{
    Str s = {bytes, size};
    size_t offset = 0;
    uint32_t code = 1;
    while (offset < size) {
        if (bytes[offset] > 0) { /* most of what is asked about is ASCII */
            offset++;
        } else if (!utf8_next(s, &offset, &code) || code == 0) {
            return false;
        }
    }
    return true;
}

static bool is_unfit(uint32_t c, bool lines)
{
    bool white = c == '\n' || c == '\t' || c == '\r';
    return (c < 0x20 && !(lines && white)) || (c >= 0x7F && c < 0xA0) || c == 0x2028 ||
           c == 0x2029 || (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069) ||
           c == 0xFEFF || (c & 0xFFFE) == 0xFFFE;
}

/* Joiners, marks of direction, fillers, the soft hyphen, tags. */
static bool is_unseen(uint32_t c)
{
    return c == 0xAD || c == 0x34F || c == 0x61C || c == 0x115F || c == 0x1160 ||
           (c >= 0x180B && c <= 0x180F) || (c >= 0x200B && c <= 0x200F) ||
           (c >= 0x2060 && c <= 0x206F) || c == 0x3164 || c == 0xFFA0 ||
           (c >= 0xFFF9 && c <= 0xFFFB) || (c >= 0xE0000 && c <= 0xE007F);
}

bool text_is_fit(Str s, bool lines)
{
    uint32_t c = 0;
    for (size_t at = 0; at < s.n;) {
        if (!utf8_next(s, &at, &c) || is_unfit(c, lines)) {
            return false;
        }
    }
    return true;
}

bool text_is_name(Str s)
{
    uint32_t c = 0;
    for (size_t at = 0; at < s.n;) {
        if (!utf8_next(s, &at, &c) || is_unfit(c, false) || is_unseen(c)) {
            return false;
        }
    }
    return true;
}

size_t utf8_count(Str s)
{
    size_t count = 0;
    for (size_t i = 0; i < s.n; i++) {
        count += ((unsigned char)s.p[i] & 0xC0) != 0x80;
    }
    return count;
}

size_t utf8_put(uint32_t code_point, char out[4])
{
    unsigned char *p = (unsigned char *)out;
    if (code_point < 0x80) {
        p[0] = (unsigned char)code_point;
        return 1;
    }
    if (code_point < 0x800) {
        p[0] = (unsigned char)(0xC0 | (code_point >> 6));
        p[1] = (unsigned char)(0x80 | (code_point & 0x3F));
        return 2;
    }
    if (code_point < 0x10000) {
        p[0] = (unsigned char)(0xE0 | (code_point >> 12));
        p[1] = (unsigned char)(0x80 | ((code_point >> 6) & 0x3F));
        p[2] = (unsigned char)(0x80 | (code_point & 0x3F));
        return 3;
    }
    check(code_point <= 0x10FFFF);
    p[0] = (unsigned char)(0xF0 | (code_point >> 18));
    p[1] = (unsigned char)(0x80 | ((code_point >> 12) & 0x3F));
    p[2] = (unsigned char)(0x80 | ((code_point >> 6) & 0x3F));
    p[3] = (unsigned char)(0x80 | (code_point & 0x3F));
    return 4;
}

Str utf8_head(struct arena *arena, Str s, size_t count_max)
{
    size_t offset = 0;
    uint32_t code = 0;
    for (size_t i = 0; i < count_max && utf8_next(s, &offset, &code); i++) {
    }
    return offset == s.n ? s : str_slice(arena, s, 0, offset);
}

void buf_init(struct buf *buf, struct arena *arena, size_t limit_bytes)
{
    *buf = (struct buf){.arena = arena, .limit = limit_bytes};
}

void buf_add_growing(struct buf *buf, const void *bytes, size_t size)
{
    if (buf->over || size > buf->limit - buf->n) {
        buf->over = true; /* (3) */
        buf->room = buf->n;
        return;
    }
    size_t room = buf->room < 256 ? 256 : buf->room * 2;
    room = room > buf->n + size ? room : buf->n + size + 1;
    room = room > buf->limit ? buf->limit + 1 : room;
    char *p = arena_room(buf->arena, room);
    if (buf->n > 0) {
        memcpy(p, buf->p, buf->n);
    }
    buf->p = p;
    buf->room = room;
    if (size > 0) {
        memcpy(buf->p + buf->n, bytes, size);
    }
    buf->n += size;
    buf->p[buf->n] = '\0';
}

void buf_printf(struct buf *buf, const char *format, ...)
{
    char small[512];
    size_t size = 0;
    va_list args;
    va_start(args, format);
    if (format_write(small, sizeof small, format, args, &size)) {
        va_end(args);
        buf_add(buf, small, size);
        return;
    }
    va_list again;
    va_copy(again, args);
    int length = vsnprintf(small, sizeof small, format, args);
    va_end(args);
    check(length >= 0);
    if ((size_t)length < sizeof small) {
        buf_add(buf, small, (size_t)length);
    } else {
        char *text = arena_alloc(buf->arena, (size_t)length + 1);
        (void)vsnprintf(text, (size_t)length + 1, format, again);
        buf_add(buf, text, (size_t)length);
    }
    va_end(again);
}

bool buf_is_over(const struct buf *buf)
{
    return buf->over;
}

Str buf_done(struct buf *buf)
{
    return buf->p == NULL ? (Str){"", 0} : (Str){buf->p, buf->n};
}

Str text_composed(struct arena *arena, Str s)
{
    size_t size = s.n * 3 + 1; /* NFC never grows a text more than threefold */
    bool ascii = true;
    for (size_t i = 0; i < s.n; i++) {
        ascii = ascii && (unsigned char)s.p[i] < 0x80;
    }
    if (ascii) {
        return s;
    }
    char *room = arena_alloc(arena, size + 1);
    size_t n = size;
    uint8_t *got = u8_normalize(UNINORM_NFC, (const uint8_t *)s.p, s.n, (uint8_t *)room, &n);
    check(got == (uint8_t *)room); /* it fits, so nothing was allocated */
    room[n] = '\0';
    return n == s.n && memcmp(room, s.p, n) == 0 ? s : (Str){room, n};
}

static int hex_value(char c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    if (c >= 'a' && c <= 'f') {
        return c - 'a' + 10;
    }
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

bool text_percent_decode(struct arena *arena, Str s, bool plus_is_space, Str *out)
{
    char *text = arena_alloc(arena, s.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] == '%') {
            if (s.n - i < 3 || hex_value(s.p[i + 1]) < 0 || hex_value(s.p[i + 2]) < 0) {
                return false;
            }
            text[n++] = (char)(hex_value(s.p[i + 1]) * 16 + hex_value(s.p[i + 2]));
            i += 2;
        } else {
            text[n++] = s.p[i] == '+' && plus_is_space ? ' ' : s.p[i];
        }
    }
    if (!utf8_is_valid(text, n)) {
        return false;
    }
    *out = (Str){text, n};
    return true;
}

static bool is_unreserved(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '.' || c == '_' || c == '~';
}

Str text_percent_encode(struct arena *arena, Str s)
{
    char *text = arena_alloc(arena, s.n * 3 + 1);
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        if (is_unreserved(s.p[i])) {
            text[n++] = s.p[i];
        } else {
            text[n++] = '%';
            text[n++] =
                (char)(HEX_DIGITS[c >> 4] >= 'a' ? HEX_DIGITS[c >> 4] - 32 : HEX_DIGITS[c >> 4]);
            text[n++] =
                (char)(HEX_DIGITS[c & 15] >= 'a' ? HEX_DIGITS[c & 15] - 32 : HEX_DIGITS[c & 15]);
        }
    }
    return (Str){text, n};
}

Str text_hex(struct arena *arena, const unsigned char *bytes, size_t size)
{
    char *text = arena_alloc(arena, size * 2 + 1);
    for (size_t i = 0; i < size; i++) {
        text[2 * i] = HEX_DIGITS[bytes[i] >> 4];
        text[2 * i + 1] = HEX_DIGITS[bytes[i] & 15];
    }
    return (Str){text, size * 2};
}

bool text_unhex(Str s, unsigned char *out, size_t size)
{
    if (s.n != size * 2) {
        return false;
    }
    for (size_t i = 0; i < size; i++) {
        int high = hex_value(s.p[2 * i]);
        int low = hex_value(s.p[2 * i + 1]);
        if (high < 0 || low < 0) {
            return false;
        }
        out[i] = (unsigned char)(high * 16 + low);
    }
    return true;
}

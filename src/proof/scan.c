#include "proof/scan.h"

#include <string.h>

#include "base/check.h"

struct span span_of(size_t from, size_t to)
{
    check(from <= to);
    return (struct span){from, to};
}

bool span_is_empty(struct span span)
{
    return span.to <= span.from;
}

/* Characters of Chinese share their first bytes and differ in their last, so that is what is looked
 * for: several times as fast as memmem(). */
size_t scan_find(Str text, struct span in, const char *needle)
{
    size_t n = strlen(needle);
    size_t key = n >= 3 ? 2 : n - 1;
    check(in.to <= text.n && n > 0);
    if (span_is_empty(in) || in.to - in.from < n) {
        return SCAN_NONE;
    }
    const char *at = text.p + in.from + key;
    const char *last = text.p + in.to - n + key;
    while (at <= last) {
        const char *hit = memchr(at, needle[key], (size_t)(last - at) + 1);
        if (hit == NULL) {
            return SCAN_NONE;
        }
        if (hit[n - 1 - key] == needle[n - 1] && memcmp(hit - key, needle, n) == 0) {
            return (size_t)(hit - key - text.p);
        }
        at = hit + 1;
    }
    return SCAN_NONE;
}

size_t scan_find_last(Str text, struct span in, const char *needle)
{
    size_t last = SCAN_NONE;
    for (size_t at = scan_find(text, in, needle); at != SCAN_NONE;
         at = scan_find(text, in, needle)) {
        last = at;
        in.from = at + strlen(needle);
    }
    return last;
}

bool scan_has(Str text, struct span in, const char *needle)
{
    return scan_find(text, in, needle) != SCAN_NONE;
}

/* Looks at stretches that grow, so that a needle that never comes costs no more than the way to one
 * that does. */
size_t scan_find_any(Str text, struct span in, const char *const *needles)
{
    enum { STRETCH_FIRST = 96, NEEDLE_BYTES_MAX = 64 };

    size_t most = STRETCH_FIRST;
    for (size_t from = in.from; from < in.to; most *= 2) {
        size_t end = in.to - from > most ? from + most : in.to;
        size_t first = SCAN_NONE;
        for (size_t i = 0; needles[i] != NULL; i++) {
            size_t to = in.to - end > NEEDLE_BYTES_MAX ? end + NEEDLE_BYTES_MAX : in.to;
            size_t at = scan_find(text, span_of(from, to), needles[i]);
            first = at < first ? at : first;
        }
        if (first < end) {
            return first;
        }
        from = end;
    }
    return SCAN_NONE;
}

bool scan_has_any(Str text, struct span in, const char *const *needles)
{
    return scan_find_any(text, in, needles) != SCAN_NONE;
}

bool scan_at(Str text, size_t at, const char *needle)
{
    size_t n = strlen(needle);
    return at <= text.n && text.n - at >= n && memcmp(text.p + at, needle, n) == 0;
}

bool scan_at_any(Str text, size_t at, const char *const *needles, size_t *length)
{
    for (size_t i = 0; needles[i] != NULL; i++) {
        if (scan_at(text, at, needles[i])) {
            *length = strlen(needles[i]);
            return true;
        }
    }
    return false;
}

bool scan_before(Str text, size_t at, const char *needle)
{
    size_t n = strlen(needle);
    return at >= n && at <= text.n && memcmp(text.p + at - n, needle, n) == 0;
}

size_t scan_char(Str text, size_t at, uint32_t *code)
{
    const unsigned char *p = (const unsigned char *)text.p + at;
    if (at + 3 <= text.n && p[0] > 0xE0 && p[0] < 0xED && (p[1] & 0xC0U) == 0x80U &&
        (p[2] & 0xC0U) == 0x80U) { /* nearly all of a document */
        *code = (p[0] & 0x0FU) << 12 | (p[1] & 0x3FU) << 6 | (p[2] & 0x3FU);
        return 3;
    }
    size_t next = at;
    return utf8_next(text, &next, code) ? next - at : 0;
}

size_t scan_back(Str text, size_t at)
{
    while (at > 0) {
        at--;
        if (((unsigned char)text.p[at] & 0xC0U) != 0x80U) {
            break;
        }
    }
    return at;
}

bool scan_is_han(uint32_t code)
{
    return (code >= 0x4E00 && code <= 0x9FFF) || (code >= 0x3400 && code <= 0x4DBF) ||
           (code >= 0x20000 && code <= 0x3FFFF) || code == 0x3007;
}

/* 。；！？ or a line end at a position: its length. */
static size_t end_at(Str text, size_t at)
{
    const char *p = text.p + at;
    if (*p == '\n') {
        return 1;
    }
    if (text.n - at < 3 || (*p != '\xE3' && *p != '\xEF')) {
        return 0;
    }
    return memcmp(p, "。", 3) == 0 || memcmp(p, "；", 3) == 0 || memcmp(p, "！", 3) == 0 ||
                   memcmp(p, "？", 3) == 0
               ? 3
               : 0;
}

/* No sentence is longer than twice this, so that a text without full stops costs no square of its
 * length. */
enum { SENTENCE_HALF_BYTES = 3000 };

struct span scan_sentence(Str text, struct span in, size_t at)
{
    size_t least = at - in.from > SENTENCE_HALF_BYTES ? at - SENTENCE_HALF_BYTES : in.from;
    size_t most = in.to - at > SENTENCE_HALF_BYTES ? at + SENTENCE_HALF_BYTES : in.to;
    size_t from = at;
    size_t to = at;
    while (from > least && end_at(text, scan_back(text, from)) == 0) {
        from = scan_back(text, from);
    }
    for (uint32_t code = 0; to < most && end_at(text, to) == 0;) {
        size_t n = scan_char(text, to, &code);
        to += n > 0 ? n : 1;
    }
    return span_of(from < in.from ? in.from : from, to > in.to ? in.to : to);
}

static size_t blank_at(Str text, size_t at)
{
    if (at < text.n && (text.p[at] == ' ' || text.p[at] == '\t' || text.p[at] == '\r')) {
        return 1;
    }
    return scan_at(text, at, "\xE3\x80\x80") ? 3 : 0;
}

struct span scan_trim(Str text, struct span span)
{
    for (size_t n = 0; span.from < span.to && (n = blank_at(text, span.from)) > 0;) {
        span.from += n;
    }
    while (span.to > span.from) {
        size_t last = scan_back(text, span.to);
        if (blank_at(text, last) == 0) {
            break;
        }
        span.to = last;
    }
    return span;
}

size_t scan_length(Str text, struct span span)
{
    size_t count = 0;
    for (size_t i = span.from; i < span.to; i++) {
        count += ((unsigned char)text.p[i] & 0xC0U) != 0x80U;
    }
    return count;
}

/* --- numbers --- */

static size_t digit_at(Str text, size_t at, int *out)
{
    uint32_t code = 0;
    size_t n = scan_char(text, at, &code);
    if (code >= '0' && code <= '9') {
        *out = (int)(code - '0');
        return n;
    }
    if (code >= 0xFF10 && code <= 0xFF19) {
        *out = (int)(code - 0xFF10);
        return n;
    }
    return 0;
}

size_t scan_number(Str text, size_t at, int64_t *out)
{
    size_t from = at;
    int64_t number = 0;
    int digit = 0;
    for (size_t n = 0; (n = digit_at(text, at, &digit)) > 0; at += n) {
        if (number > INT64_MAX / 10 - 10) {
            return 0;
        }
        number = number * 10 + digit;
    }
    *out = number;
    return at - from;
}

static int han_digit(uint32_t code)
{
    static const uint32_t digits[] = {0x3007, 0x4E00, 0x4E8C, 0x4E09, 0x56DB,
                                      0x4E94, 0x516D, 0x4E03, 0x516B, 0x4E5D};
    for (int i = 0; i < 10; i++) {
        if (code == digits[i]) {
            return i;
        }
    }
    return code == 0x96F6 || code == 0x25CB ? 0 : -1; /* 零 ○ */
}

static int64_t han_power(uint32_t code)
{
    switch (code) {
    case 0x5341: return 10;    /* 十 */
    case 0x767E: return 100;   /* 百 */
    case 0x5343: return 1000;  /* 千 */
    case 0x4E07: return 10000; /* 万 */
    default: return 0;
    }
}

size_t scan_han_number(Str text, size_t at, int64_t *out)
{
    size_t from = at;
    int64_t total = 0;
    int64_t digit = -1;
    bool powers = false;
    uint32_t code = 0;
    for (size_t n = 0; (n = scan_char(text, at, &code)) > 0 && total < 100000000; at += n) {
        int d = han_digit(code);
        int64_t power = han_power(code);
        if (d >= 0) {
            digit = digit < 0 || powers ? d : digit * 10 + d;
        } else if (power == 10000 && (total > 0 || digit > 0)) {
            total = (total + (digit > 0 ? digit : 0)) * power;
            digit = -1;
            powers = true;
        } else if (power > 0 && power < 10000) {
            total += (digit > 0 ? digit : 1) * power;
            digit = -1;
            powers = true;
        } else {
            break;
        }
        if (digit > 100000000) {
            return 0;
        }
    }
    *out = total + (digit > 0 ? digit : 0);
    return at - from;
}

size_t scan_any_number(Str text, size_t at, int64_t *out)
{
    size_t n = scan_number(text, at, out);
    return n > 0 ? n : scan_han_number(text, at, out);
}

Str scan_han_write(struct arena *arena, int64_t number)
{
    static const char *const digits[] = {"零", "一", "二", "三", "四",
                                         "五", "六", "七", "八", "九"};
    static const char *const powers[] = {"千", "百", "十", ""};
    check(number >= 1 && number <= 9999);
    struct buf buf;
    buf_init(&buf, arena, 64);
    int64_t rest = number;
    int64_t unit = 1000;
    bool zero = false;
    for (int i = 0; i < 4; i++, unit /= 10) {
        int64_t digit = rest / unit;
        rest %= unit;
        if (digit == 0) {
            zero = buf.n > 0 && rest > 0;
            continue;
        }
        if (zero) {
            buf_text(&buf, digits[0]);
            zero = false;
        }
        if (!(digit == 1 && unit == 10 && buf.n == 0)) {
            buf_text(&buf, digits[digit]);
        }
        buf_text(&buf, powers[i]);
    }
    return buf_done(&buf);
}

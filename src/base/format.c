#include "base/format.h"

#include <stdint.h>
#include <string.h>

enum { DIGITS_MAX = 20, WIDTH_MAX = 9 };

/* One stretch of a format: bytes as they stand, or one directive. */
struct stretch {
    const char *text;
    size_t size;
    unsigned zeros; /* in front of text */
    char digits[DIGITS_MAX];
};

static void number_put(struct stretch *s, uint64_t number, bool negative, unsigned width)
{
    size_t at = DIGITS_MAX;
    do {
        s->digits[--at] = (char)('0' + number % 10);
        number /= 10;
    } while (number > 0);
    s->text = s->digits + at;
    s->size = DIGITS_MAX - at;
    s->zeros = width > s->size && !negative ? width - (unsigned)s->size : 0;
}

static const char *signed_read(struct stretch *s, va_list *args, unsigned longs, unsigned width)
{
    int64_t number = longs == 0   ? va_arg(*args, int)
                     : longs == 1 ? va_arg(*args, long)
                                  : va_arg(*args, long long);
    uint64_t size = number < 0 ? 0 - (uint64_t)number : (uint64_t)number;
    if (number < 0 && (width > 0 || size > INT64_MAX)) {
        return NULL; /* the sign stands before the zeros: rare */
    }
    number_put(s, size, number < 0, width);
    if (number < 0) {
        char *sign = s->digits + (DIGITS_MAX - s->size) - 1;
        *sign = '-';
        s->text = sign;
        s->size += 1;
    }
    return "";
}

/* Reads a directive behind its '%'; answers what follows it, or NULL for one that is not known. */
static const char *directive_read(const char *at, va_list *args, struct stretch *s)
{
    unsigned width = 0;
    unsigned longs = 0;
    if (at[0] == '.' && at[1] == '*' && at[2] == 's') {
        int most = va_arg(*args, int);
        s->text = va_arg(*args, const char *);
        if (most < 0 || (s->text == NULL && most > 0)) {
            return NULL;
        }
        s->size = most == 0 ? 0 : strnlen(s->text, (size_t)most);
        return at + 3;
    }
    if (at[0] == '0' && at[1] > '0' && at[1] <= '0' + WIDTH_MAX) {
        width = (unsigned)(at[1] - '0');
        at += 2;
    }
    for (; at[0] == 'l' && longs < 2; at++) {
        longs++;
    }
    if (at[0] == 'd') {
        return signed_read(s, args, longs, width) == NULL ? NULL : at + 1;
    }
    if (at[0] == 'u') {
        uint64_t number = longs == 0   ? va_arg(*args, unsigned)
                          : longs == 1 ? va_arg(*args, unsigned long)
                                       : va_arg(*args, unsigned long long);
        number_put(s, number, false, width);
        return at + 1;
    }
    if (width > 0 || longs > 0) {
        return NULL;
    }
    if (at[0] == 's') {
        s->text = va_arg(*args, const char *);
        s->size = s->text == NULL ? 0 : strlen(s->text);
        return s->text == NULL ? NULL : at + 1;
    }
    if (at[0] == 'c') {
        s->digits[0] = (char)va_arg(*args, int);
        s->text = s->digits;
        s->size = 1;
        return at + 1;
    }
    s->text = "%";
    s->size = 1;
    return at[0] == '%' ? at + 1 : NULL;
}

/* The next stretch of a format that is not at its end; NULL for what is not known. */
static const char *stretch_read(const char *at, va_list *args, struct stretch *s)
{
    s->zeros = 0;
    if (*at == '%') {
        return directive_read(at + 1, args, s);
    }
    s->text = at;
    s->size = strcspn(at, "%");
    return at + s->size;
}

bool format_write(char *to, size_t room, const char *format, va_list args, size_t *size)
{
    struct stretch s;
    va_list own;
    va_copy(own, args);
    const char *at = format;
    *size = 0;
    while (at != NULL && *at != '\0') {
        at = stretch_read(at, &own, &s);
        if (at == NULL || s.zeros + s.size >= room - *size) {
            at = NULL;
            break;
        }
        for (; s.zeros > 0; s.zeros--) {
            to[(*size)++] = '0';
        }
        if (s.size > 0) {
            memcpy(to + *size, s.text, s.size);
            *size += s.size;
        }
    }
    to[*size] = '\0';
    va_end(own);
    return at != NULL;
}

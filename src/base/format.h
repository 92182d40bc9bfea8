/* base/format.h - what most of our formats say, written without the C library's printf.
 *
 * A page writes thirty short texts, an act two hundred: "%d月%d日", "/matters/%ld". vsnprintf()
 * sets up a stream for each, which costs ten times what is then written.
 * (1) Known are %s %.*s %c %% and %d %u with l or ll, and with a width that is filled up by zeros
 *     (%02d). They come out as printf() writes them.
 * (2) A format with anything else is left to printf(): format_write() answers false.
 */
#ifndef BASE_FORMAT_H
#define BASE_FORMAT_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

/* Writes it with a NUL behind; *size is its bytes without. false: (2), or it does not fit. */
bool format_write(char *to, size_t room, const char *format, va_list args, size_t *size);

#endif

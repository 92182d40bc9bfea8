#include "render/pdf.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { XREF_ENTRY_BYTES = 20, XREF_OFFSET_DIGITS = 10 };

static const char catalogue[] = "/Type /Catalog";

/* Offset of the last occurrence; false without one. */
static bool find_last(Str text, const char *what, size_t *out)
{
    size_t n = strlen(what);
    for (size_t i = text.n >= n ? text.n - n + 1 : 0; i > 0; i--) {
        if (memcmp(text.p + i - 1, what, n) == 0) {
            *out = i - 1;
            return true;
        }
    }
    return false;
}

/* Digits at p as a number; false unless `count` digits. */
static bool read_digits(const char *p, size_t count, size_t *out)
{
    size_t number = 0;
    for (size_t i = 0; i < count; i++) {
        if (p[i] < '0' || p[i] > '9') {
            return false;
        }
        number = number * 10 + (size_t)(p[i] - '0');
    }
    *out = number;
    return true;
}

/* Adds `by` to every offset in the table at `xref` that lies behind `behind`. */
static bool move_offsets(char *bytes, size_t size, size_t xref, size_t behind, size_t by)
{
    static const char head[] = "xref\n0 ";
    char *end = NULL;
    if (size - xref < sizeof head || memcmp(bytes + xref, head, sizeof head - 1) != 0) {
        return false;
    }
    unsigned long entries = strtoul(bytes + xref + sizeof head - 1, &end, 10);
    if (*end != '\n' || (size - (size_t)(end - bytes)) / XREF_ENTRY_BYTES < entries) {
        return false;
    }
    char *entry = end + 1;
    for (unsigned long i = 0; i < entries; i++, entry += XREF_ENTRY_BYTES) {
        size_t offset = 0;
        char text[XREF_OFFSET_DIGITS + 12];
        if (!read_digits(entry, XREF_OFFSET_DIGITS, &offset)) {
            return false;
        }
        if (offset > behind && entry[17] == 'n') {
            (void)snprintf(text, sizeof text, "%010zu", offset + by);
            memcpy(entry, text, XREF_OFFSET_DIGITS);
        }
    }
    return true;
}

enum status pdf_set_language(struct cx *cx, Str pdf, const char *language, Str *out)
{
    size_t at = 0;
    size_t start = 0;
    size_t xref = 0;
    const char *added = arena_printf(cx->arena,
                                     "\n   /Lang (%s)\n   /MarkInfo << /Marked true >>\n"
                                     "   /ViewerPreferences << /DisplayDocTitle true >>",
                                     language);
    size_t by = strlen(added);
    if (!find_last(pdf, catalogue, &at) || !find_last(pdf, "startxref\n", &start) ||
        !read_digits(pdf.p + start + 10, 1, &xref)) {
        return FAIL(cx, E_BUG, "pdf-unexpected", "no catalogue or no cross-references");
    }
    at += sizeof catalogue - 1;
    struct buf text;
    buf_init(&text, cx->arena, pdf.n + by + 64);
    buf_add(&text, pdf.p, at);
    buf_add(&text, added, by);
    buf_add(&text, pdf.p + at, start - at);
    xref = (size_t)strtoull(pdf.p + start + 10, NULL, 10);
    if (xref <= at || xref >= start || !move_offsets(text.p, text.n, xref + by, at, by)) {
        return FAIL(cx, E_BUG, "pdf-unexpected", "cross-references at %zu", xref);
    }
    buf_printf(&text, "startxref\n%zu\n%%%%EOF\n", xref + by);
    *out = buf_done(&text);
    return OK;
}

/* proof/scan.h - looking for things in a stretch of UTF-8 text, by bytes.
 *
 * Every function takes the text and a span inside it, and neither copies nor allocates: documents
 * are long and looked through often. Positions that come out are at the edges of characters,
 * because needles are whole characters.
 */
#ifndef PROOF_SCAN_H
#define PROOF_SCAN_H

#include "proof/finding.h"

#define SCAN_NONE SIZE_MAX

struct span span_of(size_t from, size_t to);
bool span_is_empty(struct span span);
/* Where needle first stands in the span; SCAN_NONE when it does not. */
size_t scan_find(Str text, struct span in, const char *needle);
/* Where it last stands. */
size_t scan_find_last(Str text, struct span in, const char *needle);
bool scan_has(Str text, struct span in, const char *needle);
/* Any of the needles, which end with NULL. */
bool scan_has_any(Str text, struct span in, const char *const *needles);
size_t scan_find_any(Str text, struct span in, const char *const *needles);
bool scan_at(Str text, size_t at, const char *needle);
bool scan_at_any(Str text, size_t at, const char *const *needles, size_t *length);
/* Does the text before `at` end with needle? */
bool scan_before(Str text, size_t at, const char *needle);

/* The character at a position: its length in bytes; 0 at the end. */
size_t scan_char(Str text, size_t at, uint32_t *code);
/* The start of the character before a position; `at` itself at 0. */
size_t scan_back(Str text, size_t at);
bool scan_is_han(uint32_t code); /* ideographs of all planes, and 〇 */

/* The sentence around a position, inside a span: between 。；！？ and line ends, and at most 3,000
 * bytes to either side. */
struct span scan_sentence(Str text, struct span in, size_t at);
/* Without blanks (ASCII and U+3000) at both ends. */
struct span scan_trim(Str text, struct span span);
/* Characters in a span. */
size_t scan_length(Str text, struct span span);

/* A whole number in half- or full-width digits at a position: bytes read, 0 when none. */
size_t scan_number(Str text, size_t at, int64_t *out);
/* A number in Chinese words (十五, 一千一百六十五, 二〇二五 digit by digit): bytes read, 0 for
 * none. */
size_t scan_han_number(Str text, size_t at, int64_t *out);
/* Either of the two. */
size_t scan_any_number(Str text, size_t at, int64_t *out);
/* 一千一百六十五, for 1 to 9999. */
Str scan_han_write(struct arena *arena, int64_t number);

#endif

/* base/json.h - JSON read strictly, written canonically.
 *
 * Reading refuses duplicate keys, invalid UTF-8, lone surrogates, NUL, and depth over
 * VALUE_DEPTH_MAX. Writing is compact, UTF-8 as it is, members in the order of the map; the
 * canonical form sorts members by the bytes of their keys, so that equal values are equal bytes.
 */
#ifndef BASE_JSON_H
#define BASE_JSON_H

#include "base/fail.h"
#include "base/value.h"

/* E_READ "json-unreadable", or "json-too-deep" beyond VALUE_DEPTH_MAX, with line and column in the
 * operator's voice. */
enum status json_read(struct cx *cx, Str text, struct value **out);
/* Reads back what json_write() wrote into a row: much faster, and strict about just that form.
 * E_STORE "store-failed" for anything else. Never for text from outside. */
enum status json_row_read(struct cx *cx, Str text, struct value **out);
/* The same, but maps and lists that stand deeper than `depth` (0 is the root) are passed over and
 * read as null: for the outline of something large. */
enum status json_row_outline(struct cx *cx, Str text, int depth, struct value **out);
Str json_write(struct arena *arena, const struct value *v);
Str json_canonical(struct arena *arena, const struct value *v);
void json_write_to(struct buf *out, const struct value *v);
/* The text as a JSON string with its quotes; < > & and U+2028/9 as escapes, safe inside a page. */
void json_quote_to(struct buf *out, Str text);

#endif

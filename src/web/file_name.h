/* web/file_name.h - names of files as they come in, and as they go out in a header.
 *
 * (1) A cleaned name is one part of a path, never "." or "..", holds no control character, nothing
 *     that turns the direction of writing and nothing invisible; at most FILE_NAME_MAX characters.
 * (2) It ends in an extension of the type that the content was found to be: a name never promises
 *     another kind of file than it holds.
 */
#ifndef WEB_FILE_NAME_H
#define WEB_FILE_NAME_H

#include "base/text.h"

enum { FILE_NAME_MAX = 120 };

/* "" when nothing is left. */
Str file_name_clean(struct arena *arena, Str raw);
/* Adds extensions[0] unless the name ends in one of them, in any case; a name without any other
 * character becomes "文件". extensions ends with NULL. */
Str file_name_typed(struct arena *arena, Str name, const char *const *extensions);
/* inline; filename="…"; filename*=UTF-8''… (RFC 6266, RFC 5987) */
Str file_disposition(struct arena *arena, Str name, bool is_inline);

/* --- ranges --- */
enum range_kind {
    RANGE_WHOLE, /* no range, or one that is to be overlooked */
    RANGE_PART,
    RANGE_OUTSIDE, /* 416 */
};

/* "bytes=FROM-TO", one only (RFC 9110 14.2). from is the first byte, length how many. */
enum range_kind range_parse(Str header, int64_t size_bytes, int64_t *from, int64_t *length);

#endif

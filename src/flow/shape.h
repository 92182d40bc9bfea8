/* flow/shape.h - the shape of a map in a definition: which keys, of which kind.
 *
 * A key is written "name:k" with k one of t (text), b (true or false), i (a whole number), l (a
 * list), m (a map), * (the reader looks itself). A key that is not there has no kind to be wrong.
 */
#ifndef FLOW_SHAPE_H
#define FLOW_SHAPE_H

#include "base/fail.h"

/* What is wrong with a map, at which value and by which word; NULL when nothing is. */
const char *shape_fault(const struct value *map, const char *const *keys, const struct value **at,
                        Str *what);
/* keys ends with NULL. E_READ "data-unreadable" with "file:line: why: key". */
enum status shape_check(struct cx *cx, const char *file, const struct value *map,
                        const char *const *keys);

#endif

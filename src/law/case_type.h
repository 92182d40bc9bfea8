/* law/case_type.h - the type codes (类型代字) of case numbers and who may open them.
 *
 * (1) Codes are unique. (2) Levels are our own derivation: the table says where a type is
 * plausible, and a mismatch warns, never refuses. LAW: case-number-rules@2018
 */
#ifndef LAW_CASE_TYPE_H
#define LAW_CASE_TYPE_H

#include "law/tables.h"

struct case_type {
    const char *code;  /* 民初 */
    const char *title; /* 民事一审案件 */
    const char *group; /* 民事案件 */
    unsigned levels;   /* bit (1 << enum court_level) */
};

/* NULL when there is no such code. */
const struct case_type *case_type_find(Str code);
/* The longest code that text begins with and that is followed by a digit from 1 to 9, or the
 * longest at all when none is; NULL when text begins with no code. */
const struct case_type *case_type_begins(Str text);
bool case_type_allowed(const struct case_type *type, enum court_level level);
/* All of them, for lists; *count is set. */
const struct case_type *case_types(int *count);

#endif

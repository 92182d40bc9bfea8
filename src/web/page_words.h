/* web/page_words.h - values as words: what was filled in, to be read back before signing, by the
 * court, and in lists of tasks.
 */
#ifndef WEB_PAGE_WORDS_H
#define WEB_PAGE_WORDS_H

#include "flow/field.h"

struct words {
    struct arena *arena;
    const struct law_tables *tables;
    const struct value *marks;   /* findings {"field","title"} shown at the rows they are about */
    const char *edit;            /* "/matters/1/edit/": adds links to change; NULL: none */
    bool blanks;                 /* also say what is not filled in */
    const struct matter *matter; /* whose files are put in order; NULL: their pages are not said */
};

/* A value in a few words: 50,000.00 元, 2026年3月2日, 北京市朝阳区建国路1号; "" when empty. */
Str words_of(const struct words *words, const struct field *field, const struct value *v);
/* The sections of _summary for these fields: single answers share the first one. Promises and
 * signatures are left out. */
struct value *words_summary(const struct words *words, const struct field *const *fields,
                            uint32_t count, const struct value *values);
/* One line about a group: 林晓舟、王某; 50,000.00 元. "" when there is nothing to say. */
Str words_note(const struct words *words, const struct field *field, const struct value *v);

#endif

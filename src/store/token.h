/* store/token.h - the little that is understood of SQL: words, quotes and comments; private to
 * store/. */
#ifndef STORE_TOKEN_H
#define STORE_TOKEN_H

#include "base/text.h"

/* Where the word, quoted text, comment or single character that starts at `at` ends. */
size_t token_end(Str sql, size_t at);

/* ?1 becomes $1, outside quotes and comments. *most is the highest number seen. */
Str token_dollars(struct arena *arena, Str sql, size_t *most);
/* The word BLOB becomes BYTEA, outside quotes and comments. */
Str token_byteas(struct arena *arena, Str sql);

#endif

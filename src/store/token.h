/* store/token.h - the little that is understood of SQL: words, quotes and comments; private to
 * store/. */
#ifndef STORE_TOKEN_H
#define STORE_TOKEN_H

#include "base/text.h"

/* Where the word, quoted text, comment or single character that starts at `at` ends. */
size_t token_end(Str sql, size_t at);

/* ?1 becomes $1, outside quotes and comments. *most is the highest number seen. */
Str token_dollars(struct arena *arena, Str sql, size_t *most);
/* A script as each engine reads it, outside quotes and comments. PostgreSQL: BLOB becomes BYTEA,
 * WITHOUT ROWID goes. SQLite: BIGINT becomes INTEGER, which makes a lone id the row's own number
 * instead of a second tree beside the rows. */
Str token_postgres(struct arena *arena, Str sql);
Str token_sqlite(struct arena *arena, Str sql);

#endif

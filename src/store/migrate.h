/* store/migrate.h - the schema as numbered scripts, forward only.
 *
 * A migration is sql/NNNN-name.sql, the same text for both engines but for a few words
 * (token_postgres(), token_sqlite()). They run in order, each in a transaction, under a lock, and
 * are recorded in schema_migration(number, name, sm3, at). A recorded migration whose text has
 * changed, or a database newer than the program, is refused with E_STORE "store-schema".
 */
#ifndef STORE_MIGRATE_H
#define STORE_MIGRATE_H

#include "store/store.h"

struct migration {
    uint32_t number;
    const char *name;
    Str text;
};

enum status store_migrate(struct cx *cx, struct store *store, const struct migration *migrations,
                          uint32_t count);

#endif

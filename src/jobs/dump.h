/* jobs/dump.h - the database alone, out and in, on either engine; for backup.c.
 *
 * PostgreSQL's own programs do its part. They get the password by their environment, where other
 * people's process lists do not show it.
 */
#ifndef JOBS_DUMP_H
#define JOBS_DUMP_H

#include "seal/hash.h"
#include "store/store.h"

/* pg_dump of a snapshot that another connection has exported, into a new file. */
enum status dump_postgres(struct cx *cx, const char *url, const char *snapshot, const char *file);
/* pg_restore into an empty database, all or nothing. */
enum status load_postgres(struct cx *cx, const char *url, const char *file);

/* The SM3 and size of a file. */
enum status file_digest(struct cx *cx, const char *path, Hash *sm3, int64_t *size_bytes);
/* A copy under a new name, synced; E_STORE "store-failed" unless its SM3 is the one wanted, and
 * then there is no copy. */
enum status file_copy(struct cx *cx, const char *from, const char *to, Hash wanted);
/* A new small file, synced and renamed into place. */
enum status file_put(struct cx *cx, const char *path, Str text);

#endif

/* jobs/backup.h - a copy of a database and its files while people work, and back again.
 *
 * TARGET/manifest.json names what is there, written last: a target without it is no backup.
 * TARGET/database.db (SQLite, by its backup interface) or database.dump (PostgreSQL, by pg_dump),
 * one snapshot; TARGET/blobs/ holds every file that the snapshot names, under its SM3. (1) Keys are
 * never in it: without them signatures cannot be made nor sealed values read. (2) Every byte is
 * checked on its way out and on its way in: the database by the manifest's SM3, files by their
 * names. (3) A restore never writes over a database; it ends with verify.
 */
#ifndef JOBS_BACKUP_H
#define JOBS_BACKUP_H

#include "jobs/verify.h"

struct backup_options {
    const char *database; /* sqlite:FILE or postgresql://… */
    const char *blobs;    /* where the files are (store/blob.h) */
    const char *target;   /* directory: new or empty; its parent exists */
};

struct backup_counts {
    int64_t database_bytes, files, file_bytes;
    int64_t broken; /* files that are missing or changed at the source */
};

/* May run beside the serving program: nothing is locked. E_STATE "store-exists" when the target
 * holds a backup; E_NOT_FOUND "not-found" when there is no such database; E_STORE when something
 * could not be copied, with what could be in place. */
enum status backup_make(struct cx *cx, const struct backup_options *options,
                        struct backup_counts *out);

struct restore_options {
    const char *target;
    const char *database; /* must not be there yet; on PostgreSQL empty */
    const char *data_dir; /* made when it is not there */
    const char *blobs;
    struct keys *keys;
    const struct procedures *procedures; /* as of verify() */
    const struct law_tables *tables;
    void (*found)(void *arg, const char *what, Id matter, Str detail); /* as of verify() */
    void *arg;
};

/* E_STATE "store-exists", E_NOT_FOUND "not-found" when the target is no backup, E_STORE
 * "store-failed" when a byte of it has changed or verify() found something. */
enum status backup_restore(struct cx *cx, const struct restore_options *options,
                           struct verify_counts *out);

/* false for sqlite:FILE without FILE: opening it would make an empty one. */
bool database_is_there(const char *url);

#endif

#include "jobs/backup.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/json.h"
#include "base/log.h"
#include "jobs/dump.h"

#define FORMAT "tongsu-backup-1"

enum { CHUNK_BYTES = 1 << 18, MANIFEST_BYTES_MAX = 1 << 16, READERS = 2 };

bool database_is_there(const char *url)
{
    static const char prefix[] = "sqlite:";
    return strncmp(url, prefix, sizeof prefix - 1) != 0 ||
           access(url + sizeof prefix - 1, F_OK) == 0;
}

static enum status directory_make(struct cx *cx, const char *path)
{
    if (mkdir(path, 0700) != 0 && errno != EEXIST) {
        return FAIL(cx, E_STORE, "store-failed", "making %s: %s", path, strerror(errno));
    }
    return OK;
}

/* --- files, from one place to another --- */

struct copying {
    struct blobs *from;
    struct blobs *to;
    struct backup_counts counts;
    /* PostgreSQL: the dump of the snapshot is made inside it */
    const char *url;
    const char *file;
};

static enum status blob_pour(struct cx *cx, struct copying *c, const unsigned char sm3[32],
                             int64_t size, unsigned char got_sm3[32])
{
    struct blob_writer *writer = NULL;
    char *chunk = arena_alloc(cx->arena, CHUNK_BYTES);
    int64_t wrote = 0;
    enum status status = OK;
    TRY(blob_begin(cx, c->to, &writer));
    for (int64_t at = 0; at < size && status == OK;) {
        size_t got = 0;
        status = blob_read(cx, c->from, sm3, at, chunk, CHUNK_BYTES, &got);
        if (status == OK) {
            status = blob_write(cx, writer, chunk, got);
        }
        at = got == 0 ? size : at + (int64_t)got;
    }
    if (status != OK) {
        blob_drop(writer);
        return status;
    }
    return blob_finish(cx, writer, got_sm3, &wrote);
}

static enum status blob_copy(struct cx *cx, struct copying *c, const unsigned char sm3[32])
{
    int64_t size = 0;
    unsigned char got[32];
    TRY(blob_size(cx, c->from, sm3, &size));
    TRY(blob_pour(cx, c, sm3, size, got));
    if (memcmp(got, sm3, sizeof got) != 0) {
        return FAIL(cx, E_NOT_FOUND, "blob-missing", "its bytes have changed");
    }
    c->counts.files += 1;
    c->counts.file_bytes += size;
    return OK;
}

/* Of an upload not yet handed in nothing is promised. */
static enum status named_copy(struct cx *cx, struct copying *c, Str sm3, bool is_promised)
{
    if (sm3.n != HASH_BYTES) {
        return OK; /* verify says so */
    }
    if (blob_copy(cx, c, (const unsigned char *)sm3.p) == OK) {
        return OK;
    }
    if (cx->failure.status != E_NOT_FOUND) {
        return cx->failure.status;
    }
    if (is_promised) {
        c->counts.broken += 1;
        log_text(LOG_ERROR, "file-broken", "%s: %s",
                 text_hex(cx->arena, (const unsigned char *)sm3.p, sm3.n).p, cx->failure.detail.p);
    }
    cx_forgive(cx);
    return OK;
}

static enum status table_copy(struct cx *cx, struct sql *sql, struct copying *c,
                              const char *statement, bool is_promised)
{
    struct rows rows = {0};
    unsigned char after[HASH_BYTES] = {0};
    size_t after_bytes = 0;
    do {
        struct arena_mark mark = arena_mark(cx->arena);
        TRY(sql_query(cx, sql, statement, ARGS(SQL_B(after, after_bytes)), &rows));
        for (uint32_t i = 0; i < rows.count; i++) {
            struct arena_mark one = arena_mark(cx->arena);
            TRY(named_copy(cx, c, row_str(&rows, i, 0), is_promised));
            arena_rewind(cx->arena, one);
        }
        Str last = rows.count == 0 ? STR("") : row_str(&rows, rows.count - 1, 0);
        after_bytes = last.n < HASH_BYTES ? last.n : HASH_BYTES;
        memcpy(after, last.p, after_bytes);
        arena_rewind(cx->arena, mark);
    } while (rows.count > 0);
    return OK;
}

static enum status files_copy(struct cx *cx, struct sql *sql, void *arg)
{
    struct copying *c = arg;
    TRY(table_copy(cx, sql, c,
                   SQL("SELECT DISTINCT sm3 FROM material WHERE sm3 > ?1 ORDER BY sm3 LIMIT 200"),
                   true));
    TRY(table_copy(cx, sql, c,
                   SQL("SELECT DISTINCT sm3 FROM paper WHERE sm3 IS NOT NULL AND sm3 > ?1 "
                       "ORDER BY sm3 LIMIT 200"),
                   true));
    TRY(table_copy(cx, sql, c,
                   SQL("SELECT DISTINCT pages_sm3 FROM material WHERE pages_sm3 IS NOT NULL AND "
                       "pages_sm3 > ?1 ORDER BY pages_sm3 LIMIT 200"),
                   true));
    TRY(table_copy(cx, sql, c,
                   SQL("SELECT DISTINCT sm3 FROM batch WHERE sm3 > ?1 ORDER BY sm3 LIMIT 200"),
                   true));
    TRY(table_copy(cx, sql, c,
                   SQL("SELECT DISTINCT sm3 FROM batch_file WHERE sm3 > ?1 ORDER BY sm3 LIMIT 200"),
                   true));
    return table_copy(cx, sql, c,
                      SQL("SELECT DISTINCT sm3 FROM upload WHERE sm3 IS NOT NULL AND sm3 > ?1 "
                          "ORDER BY sm3 LIMIT 200"),
                      false);
}

/* --- out --- */

static enum status snapshot_copy(struct cx *cx, struct sql *sql, void *arg)
{
    struct copying *c = arg;
    struct rows rows = {0};
    TRY(sql_query(cx, sql, SQL("SELECT pg_export_snapshot()"), NO_ARGS, &rows));
    TRY(dump_postgres(cx, c->url, row_str(&rows, 0, 0).p, c->file));
    return files_copy(cx, sql, c);
}

static enum status store_of(struct cx *cx, const char *url, const char *data_dir,
                            struct store **out)
{
    struct store_options options = {
        .url = url, .data_dir = data_dir, .readers = READERS, .writers = 1};
    return store_open(cx, &options, out);
}

/* The files that a SQLite copy names are looked up in the copy: it is one snapshot. */
static enum status sqlite_out(struct cx *cx, struct store *store, struct copying *c)
{
    struct store *copy = NULL;
    TRY(store_backup(cx, store, c->file));
    TRY(store_of(cx, arena_printf(cx->arena, "sqlite:%s", c->file), NULL, &copy));
    enum status status = store_read(cx, copy, files_copy, c);
    store_close(copy);
    return status;
}

static enum status everything_out(struct cx *cx, const struct backup_options *options,
                                  struct copying *c)
{
    struct store *store = NULL;
    TRY(store_of(cx, options->database, NULL, &store));
    enum status status =
        store_is_sqlite(store) ? sqlite_out(cx, store, c) : store_read(cx, store, snapshot_copy, c);
    store_close(store);
    return status;
}

static enum status manifest_write(struct cx *cx, const char *target, const char *name,
                                  struct copying *c)
{
    Hash sm3;
    struct value *manifest = value_map(cx->arena);
    TRY(file_digest(cx, c->file, &sm3, &c->counts.database_bytes));
    value_set_text(cx->arena, manifest, "format", FORMAT);
    value_set_str(cx->arena, manifest, "at", instant_format(cx->arena, clock_machine()));
    value_set_text(cx->arena, manifest, "database", name);
    value_set_str(cx->arena, manifest, "database_sm3", hash_hex(cx->arena, sm3));
    value_set_int(cx->arena, manifest, "database_bytes", c->counts.database_bytes);
    value_set_int(cx->arena, manifest, "files", c->counts.files);
    value_set_int(cx->arena, manifest, "file_bytes", c->counts.file_bytes);
    return file_put(cx, arena_printf(cx->arena, "%s/manifest.json", target),
                    json_write(cx->arena, manifest));
}

static enum status target_prepare(struct cx *cx, const struct backup_options *options,
                                  const char *file)
{
    if (!database_is_there(options->database)) {
        return FAIL(cx, E_NOT_FOUND, "not-found", "no database %s", options->database);
    }
    TRY(directory_make(cx, options->target));
    const char *manifest = arena_printf(cx->arena, "%s/manifest.json", options->target);
    if (access(manifest, F_OK) == 0 || access(file, F_OK) == 0) {
        return FAIL(cx, E_STATE, "store-exists", "%s holds a backup already", options->target);
    }
    return OK;
}

enum status backup_make(struct cx *cx, const struct backup_options *options,
                        struct backup_counts *out)
{
    bool is_sqlite = strncmp(options->database, "sqlite:", 7) == 0;
    const char *name = is_sqlite ? "database.db" : "database.dump";
    struct copying c = {.url = options->database};
    c.file = arena_printf(cx->arena, "%s/%s", options->target, name);
    TRY(target_prepare(cx, options, c.file));
    TRY(blobs_open(cx, options->blobs, &c.from));
    enum status status =
        blobs_open(cx, arena_printf(cx->arena, "%s/blobs", options->target), &c.to);
    if (status == OK) {
        status = everything_out(cx, options, &c);
    }
    if (status == OK) {
        status = manifest_write(cx, options->target, name, &c);
    }
    blobs_close(c.to);
    blobs_close(c.from);
    *out = c.counts;
    if (status == OK && c.counts.broken > 0) {
        return FAIL(cx, E_STORE, "store-failed", "%" PRId64 " files are missing or changed",
                    c.counts.broken);
    }
    return status;
}

/* --- in --- */

static enum status manifest_read(struct cx *cx, const char *target, struct value **out)
{
    const char *path = arena_printf(cx->arena, "%s/manifest.json", target);
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        return FAIL(cx, E_NOT_FOUND, "not-found", "%s is no backup: no manifest", target);
    }
    char *text = arena_alloc(cx->arena, MANIFEST_BYTES_MAX + 1);
    size_t size = fread(text, 1, MANIFEST_BYTES_MAX, file);
    (void)fclose(file);
    TRY(json_read(cx, (Str){text, size}, out));
    if (!str_is(value_get_str(*out, "format"), FORMAT)) {
        return FAIL(cx, E_NOT_FOUND, "not-found", "%s is no backup that this program knows",
                    target);
    }
    return OK;
}

static enum status tables_count(struct cx *cx, struct sql *sql, void *arg)
{
    int64_t *count = arg;
    struct rows rows = {0};
    TRY(sql_query(cx, sql,
                  SQL("SELECT count(*) FROM information_schema.tables "
                      "WHERE table_schema = 'public'"),
                  NO_ARGS, &rows));
    *count = row_int(&rows, 0, 0);
    return OK;
}

static enum status postgres_in(struct cx *cx, const struct restore_options *options,
                               const char *file, Hash wanted)
{
    struct store *store = NULL;
    int64_t count = 0;
    int64_t size = 0;
    Hash sm3;
    TRY(file_digest(cx, file, &sm3, &size));
    if (!hash_same(sm3, wanted)) {
        return FAIL(cx, E_STORE, "store-failed", "%s has changed since the backup", file);
    }
    TRY(store_of(cx, options->database, NULL, &store));
    enum status status = store_read(cx, store, tables_count, &count);
    store_close(store);
    if (status == OK && count > 0) {
        return FAIL(cx, E_STATE, "store-exists", "the database is not empty");
    }
    return status == OK ? load_postgres(cx, options->database, file) : status;
}

static enum status database_in(struct cx *cx, const struct restore_options *options,
                               const struct value *manifest)
{
    Hash wanted;
    Str name = value_get_str(manifest, "database");
    bool is_sqlite = strncmp(options->database, "sqlite:", 7) == 0;
    bool fits = str_is(name, is_sqlite ? "database.db" : "database.dump");
    const char *file = arena_printf(cx->arena, "%s/%s", options->target, name.p);
    if (!hash_unhex(value_get_str(manifest, "database_sm3"), &wanted) || !fits) {
        return FAIL(cx, E_INPUT, "usage", "this is a backup of the other kind of database");
    }
    if (!is_sqlite) {
        return postgres_in(cx, options, file, wanted);
    }
    if (database_is_there(options->database)) {
        return FAIL(cx, E_STATE, "store-exists", "%s is there already", options->database);
    }
    return file_copy(cx, file, options->database + strlen("sqlite:"), wanted);
}

static enum status rest_in(struct cx *cx, const struct restore_options *options,
                           struct store *store, struct copying *c, struct verify_counts *out)
{
    struct verify_options how = {.store = store,
                                 .keys = options->keys,
                                 .blobs = c->to,
                                 .procedures = options->procedures,
                                 .tables = options->tables,
                                 .found = options->found,
                                 .arg = options->arg};
    TRY(store_read(cx, store, files_copy, c));
    TRY(verify(cx, &how, out));
    if (c->counts.broken > 0 || out->findings > 0) {
        return FAIL(cx, E_STORE, "store-failed",
                    "%" PRId64 " files of the backup are broken, %" PRId64 " findings",
                    c->counts.broken, out->findings);
    }
    return OK;
}

enum status backup_restore(struct cx *cx, const struct restore_options *options,
                           struct verify_counts *out)
{
    struct value *manifest = NULL;
    struct store *store = NULL;
    struct copying c = {0};
    *out = (struct verify_counts){0};
    TRY(manifest_read(cx, options->target, &manifest));
    TRY(directory_make(cx, options->data_dir));
    TRY(database_in(cx, options, manifest));
    TRY(blobs_open(cx, arena_printf(cx->arena, "%s/blobs", options->target), &c.from));
    enum status status = blobs_open(cx, options->blobs, &c.to);
    if (status == OK) {
        status = store_of(cx, options->database, options->data_dir, &store);
    }
    if (status == OK) {
        status = rest_in(cx, options, store, &c, out);
    }
    store_close(store);
    blobs_close(c.to);
    blobs_close(c.from);
    return status;
}

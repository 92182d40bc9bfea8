#include "jobs/lapse.h"

#include "base/log.h"

enum { SLICE = 100 };

struct slice {
    Instant before;
    const struct lapse_options *options;
    uint32_t count;
};

/* Runs a closure until a slice is not full. */
static enum status slices(struct cx *cx, struct store *store, struct slice *slice,
                          enum status (*apply)(struct cx *cx, struct sql *sql, void *arg),
                          uint32_t *count)
{
    *count = 0;
    do {
        struct arena_mark mark = arena_mark(cx->arena);
        TRY(store_write(cx, store, WRITE_BULK, apply, slice));
        *count += slice->count;
        arena_rewind(cx->arena, mark);
    } while (slice->count == SLICE);
    return OK;
}

/* --- drafts --- */

static enum status draft_remove(struct cx *cx, struct sql *sql, Id id)
{
    static const char *const statements[] = {
        SQL("DELETE FROM signing WHERE matter = ?1"),
        SQL("DELETE FROM typed WHERE matter = ?1"),
        SQL("DELETE FROM draft_day WHERE matter = ?1"),
        SQL("DELETE FROM draft_former WHERE matter = ?1"),
        SQL("DELETE FROM material WHERE matter = ?1"),
        SQL("DELETE FROM attachment WHERE matter = ?1"),
        SQL("DELETE FROM listing WHERE matter = ?1"),
        SQL("DELETE FROM party WHERE matter = ?1"),
        SQL("DELETE FROM matter WHERE id = ?1"),
    };
    for (size_t i = 0; i < sizeof statements / sizeof statements[0]; i++) {
        TRY(sql_exec(cx, sql, statements[i], ARGS(SQL_I(id))));
    }
    return OK;
}

/* The matter's row is claimed by a change first: on PostgreSQL a save under way is waited for, and
 * has then touched the draft. */
static enum status drafts_apply(struct cx *cx, struct sql *sql, void *arg)
{
    struct slice *slice = arg;
    struct rows rows = {0};
    TRY(sql_query(cx, sql,
                  SQL("SELECT id FROM matter WHERE events = 0 AND updated < ?1 "
                      "ORDER BY updated LIMIT 100"),
                  ARGS(SQL_I(slice->before)), &rows));
    slice->count = rows.count;
    for (uint32_t i = 0; i < rows.count; i++) {
        int64_t claimed = 0;
        TRY(sql_exec(cx, sql,
                     SQL("UPDATE matter SET revision = revision + 1 "
                         "WHERE id = ?1 AND events = 0 AND updated < ?2"),
                     ARGS(SQL_I(row_int(&rows, i, 0)), SQL_I(slice->before))));
        TRY(sql_changed(cx, sql, &claimed));
        if (claimed == 1) {
            TRY(draft_remove(cx, sql, row_int(&rows, i, 0)));
        }
    }
    return OK;
}

static enum status typed_apply(struct cx *cx, struct sql *sql, void *arg)
{
    struct slice *slice = arg;
    struct rows rows = {0};
    TRY(sql_query(cx, sql,
                  SQL("SELECT matter, act, person FROM typed WHERE updated < ?1 LIMIT 100"),
                  ARGS(SQL_I(slice->before)), &rows));
    slice->count = rows.count;
    for (uint32_t i = 0; i < rows.count; i++) {
        TRY(sql_exec(cx, sql,
                     SQL("DELETE FROM typed WHERE matter = ?1 AND act = ?2 AND person = ?3 "
                         "AND updated < ?4"),
                     ARGS(SQL_I(row_int(&rows, i, 0)), SQL_S(row_str(&rows, i, 1)),
                          SQL_I(row_int(&rows, i, 2)), SQL_I(slice->before))));
    }
    return OK;
}

enum status drafts_lapse(struct cx *cx, struct store *store, Instant now, uint32_t *count)
{
    struct slice slice = {.before = now - LAPSE_DRAFT_DAYS * DAY_MS};
    uint32_t typed = 0;
    TRY(slices(cx, store, &slice, drafts_apply, count));
    return slices(cx, store, &slice, typed_apply, &typed);
}

/* --- the rest --- */

static enum status once_apply(struct cx *cx, struct sql *sql, void *arg)
{
    struct slice *slice = arg;
    struct rows rows = {0};
    TRY(sql_query(cx, sql,
                  SQL("SELECT actor, route, key FROM once WHERE at < ?1 ORDER BY at LIMIT 100"),
                  ARGS(SQL_I(slice->before)), &rows));
    slice->count = rows.count;
    for (uint32_t i = 0; i < rows.count; i++) {
        TRY(sql_exec(cx, sql, SQL("DELETE FROM once WHERE actor = ?1 AND route = ?2 AND key = ?3"),
                     ARGS(SQL_S(row_str(&rows, i, 0)), SQL_S(row_str(&rows, i, 1)),
                          SQL_S(row_str(&rows, i, 2)))));
    }
    return OK;
}

/* Unused for so long, ended or not: a session ends by itself after hours. */
static enum status sessions_apply(struct cx *cx, struct sql *sql, void *arg)
{
    struct slice *slice = arg;
    struct rows rows = {0};
    TRY(sql_query(cx, sql, SQL("SELECT id FROM session WHERE used < ?1 ORDER BY used LIMIT 100"),
                  ARGS(SQL_I(slice->before)), &rows));
    slice->count = rows.count;
    for (uint32_t i = 0; i < rows.count; i++) {
        TRY(sql_exec(cx, sql, SQL("DELETE FROM session WHERE id = ?1"),
                     ARGS(SQL_I(row_int(&rows, i, 0)))));
    }
    return OK;
}

static enum status uploads_apply(struct cx *cx, struct sql *sql, void *arg)
{
    struct slice *slice = arg;
    struct rows rows = {0};
    TRY(sql_query(cx, sql,
                  SQL("SELECT id FROM upload WHERE updated < ?1 ORDER BY updated LIMIT 100"),
                  ARGS(SQL_I(slice->before)), &rows));
    slice->count = rows.count;
    for (uint32_t i = 0; i < rows.count; i++) {
        Str id = row_str(&rows, i, 0);
        TRY(sql_exec(cx, sql, SQL("DELETE FROM upload WHERE id = ?1"), ARGS(SQL_S(id))));
        if (slice->options->upload_drop != NULL) {
            slice->options->upload_drop(slice->options->upload_arg, id);
        }
    }
    return OK;
}

/* --- files --- */

struct naming {
    struct store *store;
    const unsigned char *sm3;
    bool is_named;
    bool failed;
};

static enum status naming_read(struct cx *cx, struct sql *sql, void *arg)
{
    struct naming *naming = arg;
    static const char *const statements[] = {
        SQL("SELECT 1 FROM material WHERE sm3 = ?1 LIMIT 1"),
        SQL("SELECT 1 FROM paper WHERE sm3 = ?1 LIMIT 1"),
        SQL("SELECT 1 FROM upload WHERE sm3 = ?1 LIMIT 1"),
        SQL("SELECT 1 FROM material WHERE pages_sm3 = ?1 LIMIT 1"),
        SQL("SELECT 1 FROM batch WHERE sm3 = ?1 LIMIT 1"),
        SQL("SELECT 1 FROM batch_file WHERE sm3 = ?1 LIMIT 1"),
    };
    for (size_t i = 0; i < sizeof statements / sizeof statements[0] && !naming->is_named; i++) {
        struct rows rows = {0};
        TRY(sql_query(cx, sql, statements[i], ARGS(SQL_B(naming->sm3, 32)), &rows));
        naming->is_named = rows.count > 0;
    }
    return OK;
}

/* A look-up that fails keeps the file. */
static bool is_named(const unsigned char sm3[32], void *arg)
{
    struct naming *all = arg;
    struct naming naming = {.store = all->store, .sm3 = sm3};
    struct arena *arena = arena_open((size_t)1 << 20);
    struct cx cx;
    cx_init(&cx, arena);
    bool failed = store_read(&cx, all->store, naming_read, &naming) != OK;
    all->failed = all->failed || failed;
    arena_close(arena);
    return naming.is_named || failed;
}

enum status lapse_all(struct cx *cx, const struct lapse_options *options, Instant now,
                      Instant machine, struct lapse_counts *out)
{
    struct store *store = options->store;
    struct slice slice = {.options = options};
    *out = (struct lapse_counts){0};
    TRY(drafts_lapse(cx, store, now, &out->drafts));
    slice.before = now - LAPSE_ONCE_DAYS * DAY_MS;
    TRY(slices(cx, store, &slice, once_apply, &out->once));
    slice.before = machine - LAPSE_SESSION_DAYS * DAY_MS;
    TRY(slices(cx, store, &slice, sessions_apply, &out->sessions));
    slice.before = machine - LAPSE_UPLOAD_DAYS * DAY_MS;
    TRY(slices(cx, store, &slice, uploads_apply, &out->uploads));
    struct naming naming = {.store = store};
    TRY(blob_sweep(cx, options->blobs, machine - DAY_MS, is_named, &naming, &out->blobs));
    if (naming.failed) {
        return FAIL(cx, E_STORE, "store-failed", "some files could not be looked up");
    }
    log_text(LOG_INFO, "lapsed", "%u drafts, %u keys, %u sessions, %u uploads, %u files",
             out->drafts, out->once, out->sessions, out->uploads, out->blobs);
    return OK;
}

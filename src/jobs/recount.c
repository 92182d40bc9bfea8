#include "jobs/recount.h"

#include <inttypes.h>

#include "flow/act.h"

enum { SLICE = 100 };

/* Some of the matters to look at, in order of their ids. */
struct slice {
    Str version;      /* clocks_recount(): of the tables in force */
    Instant from, to; /* periods_prolong() */
    Id after;         /* looked at already, up to here */
    bool same;        /* nothing to do: counted with these tables already */
    Id ids[SLICE];
    uint32_t count;
};

static void slice_take(struct slice *slice, const struct rows *rows)
{
    slice->count = 0;
    for (uint32_t i = 0; i < rows->count; i++) {
        slice->ids[slice->count++] = row_int(rows, i, 0);
    }
}

enum status matter_recount(struct cx *cx, const struct house *house, Id matter, uint32_t *moved)
{
    for (uint32_t tries = 0; tries < ACT_RETRIES_MAX; tries++) {
        struct plan *plan = NULL;
        TRY(recount_prepare(cx, house, matter, &plan));
        if (plan == NULL) {
            return OK;
        }
        enum status status = store_write(cx, house->store, WRITE_BULK, plan_apply, plan);
        if (status != E_AGAIN) {
            *moved += status == OK;
            return status;
        }
        cx_forgive(cx); /* (2) */
    }
    return FAIL(cx, E_BUSY, "busy", "matter %" PRId64 " moves all the time", matter);
}

static enum status slices_recount(struct cx *cx, const struct house *house,
                                  enum status (*read)(struct cx *, struct sql *, void *),
                                  struct slice *slice, uint32_t *moved)
{
    *moved = 0;
    do {
        TRY(store_read(cx, house->store, read, slice));
        for (uint32_t i = 0; i < slice->count; i++) {
            struct arena_mark mark = arena_mark(cx->arena);
            TRY(matter_recount(cx, house, slice->ids[i], moved));
            arena_rewind(cx->arena, mark);
            slice->after = slice->ids[i];
        }
    } while (slice->count == SLICE);
    return OK;
}

/* --- by other tables --- */

static enum status outdated_read(struct cx *cx, struct sql *sql, void *arg)
{
    struct slice *slice = arg;
    struct rows rows = {0};
    TRY(sql_query(cx, sql, SQL("SELECT value FROM setting WHERE name = 'clocks-counted-with'"),
                  NO_ARGS, &rows));
    slice->same = rows.count == 1 && str_same(row_str(&rows, 0, 0), slice->version);
    slice->count = 0;
    if (slice->same) {
        return OK;
    }
    TRY(sql_query(cx, sql,
                  SQL("SELECT DISTINCT matter FROM clock WHERE stopped IS NULL AND tables <> ?1 "
                      "AND matter > ?2 ORDER BY matter LIMIT ?3"),
                  ARGS(SQL_S(slice->version), SQL_I(slice->after), SQL_I(SLICE)), &rows));
    slice_take(slice, &rows);
    return OK;
}

static enum status version_keep(struct cx *cx, struct sql *sql, void *arg)
{
    const struct slice *slice = arg;
    return sql_exec(cx, sql,
                    SQL("INSERT INTO setting (name, value) VALUES ('clocks-counted-with', ?1) "
                        "ON CONFLICT (name) DO UPDATE SET value = excluded.value"),
                    ARGS(SQL_S(slice->version)));
}

enum status clocks_recount(struct cx *cx, const struct house *house, uint32_t *moved)
{
    struct slice slice = {.version = house->tables(house->tables_arg)->version};
    TRY(slices_recount(cx, house, outdated_read, &slice, moved));
    return slice.same ? OK : store_write(cx, house->store, WRITE_BULK, version_keep, &slice);
}

/* --- by an outage --- */

static enum status ending_read(struct cx *cx, struct sql *sql, void *arg)
{
    struct slice *slice = arg;
    struct rows rows = {0};
    TRY(sql_query(cx, sql,
                  SQL("SELECT matter FROM clock WHERE stopped IS NULL AND breached IS NULL AND "
                      "due >= ?1 AND due < ?2 AND matter > ?3 "
                      "UNION SELECT matter FROM answer_day WHERE due >= ?5 AND due <= ?6 AND "
                      "matter > ?3 ORDER BY matter LIMIT ?4"),
                  ARGS(SQL_I(slice->from), SQL_I(slice->to), SQL_I(slice->after), SQL_I(SLICE),
                       SQL_I(instant_date(slice->from)), SQL_I(instant_date(slice->to - 1))),
                  &rows));
    slice_take(slice, &rows);
    return OK;
}

enum status periods_prolong(struct cx *cx, const struct house *house, Instant from, Instant to,
                            uint32_t *moved)
{
    struct slice slice = {.from = from, .to = to};
    return slices_recount(cx, house, ending_read, &slice, moved);
}

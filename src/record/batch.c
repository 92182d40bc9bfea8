#include "record/batch.h"

#include <inttypes.h>

/* --- writing --- */

static struct sql_value hash_value(struct arena *arena, Hash hash)
{
    return SQL_B(arena_copy(arena, hash.b, HASH_BYTES), HASH_BYTES);
}

void batch_write_new(struct script *script, struct arena *arena, const struct batch *b)
{
    script_add(
        script,
        SQL("INSERT INTO batch (id, person, kind, name, format, sm3, size, state, revision, "
            "found, digest, signature, created, started, ended, prepared_by) "
            "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 'ready', 1, ?8, ?9, '', ?10, NULL, NULL, ?11)"),
        ARGS(SQL_I(b->id), SQL_I(b->person), SQL_S(b->kind), SQL_S(b->name), SQL_S(b->format),
             hash_value(arena, b->sm3), SQL_I(b->size), SQL_S(b->found), SQL_S(b->digest),
             SQL_I(b->created), b->prepared_by == 0 ? SQL_N : SQL_I(b->prepared_by)));
}

void batch_write_rows(struct script *script, const struct batch *batch,
                      const struct batch_row *rows, uint32_t count)
{
    script_add(script, SQL("UPDATE batch SET found = ?2, digest = ?3 WHERE id = ?1"),
               ARGS(SQL_I(batch->id), SQL_S(batch->found), SQL_S(batch->digest)));
    script_add(script, SQL("DELETE FROM batch_row WHERE batch = ?1"), ARGS(SQL_I(batch->id)));
    for (uint32_t i = 0; i < count; i++) {
        const struct batch_row *row = &rows[i];
        script_add(script,
                   SQL("INSERT INTO batch_row (batch, n, person, row_key, state, court, title, "
                       "amount, signed, problems, matter, twin) "
                       "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, NULL, ?11)"),
                   ARGS(SQL_I(batch->id), SQL_I(row->n), SQL_I(batch->person), SQL_S(row->key),
                        SQL_S(row->state), SQL_S(row->court), SQL_S(row->title), SQL_I(row->amount),
                        SQL_S(row->signed_sm3), SQL_S(row->problems),
                        row->twin == 0 ? SQL_N : SQL_I(row->twin)));
    }
}

void batch_file_write(struct script *script, struct arena *arena, Id batch,
                      const struct batch_file *file)
{
    script_add(script,
               SQL("INSERT INTO batch_file (batch, n, kind, name, type, size, sm3, status) "
                   "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)"),
               ARGS(SQL_I(batch), SQL_I(file->n), SQL_S(file->kind), SQL_S(file->name),
                    SQL_S(file->type), SQL_I(file->size), hash_value(arena, file->sm3),
                    SQL_S(file->status)));
}

void batch_file_remove(struct script *script, Id batch, int64_t n)
{
    script_add(script, SQL("DELETE FROM batch_file WHERE batch = ?1 AND n = ?2"),
               ARGS(SQL_I(batch), SQL_I(n)));
}

void batch_remove(struct script *script, Id batch)
{
    script_add(script, SQL("DELETE FROM batch_row WHERE batch = ?1"), ARGS(SQL_I(batch)));
    script_add(script, SQL("DELETE FROM batch_file WHERE batch = ?1"), ARGS(SQL_I(batch)));
    script_add(script, SQL("DELETE FROM batch WHERE id = ?1"), ARGS(SQL_I(batch)));
}

enum status batch_claim(struct cx *cx, struct sql *sql, Id batch, const char *state,
                        int64_t revision)
{
    int64_t changed = 0;
    TRY(sql_exec(cx, sql,
                 SQL("UPDATE batch SET revision = revision + 1 "
                     "WHERE id = ?1 AND state = ?2 AND revision = ?3"),
                 ARGS(SQL_I(batch), SQL_C(state), SQL_I(revision))));
    TRY(sql_changed(cx, sql, &changed));
    return changed == 1 ? OK
                        : FAIL(cx, E_AGAIN, "stale", "batch %" PRId64 " is not %s at %" PRId64,
                               batch, state, revision);
}

void batch_start(struct script *script, Id batch, Str signature, Instant at)
{
    script_add(script,
               SQL("UPDATE batch SET state = 'running', signature = ?2, started = ?3 "
                   "WHERE id = ?1"),
               ARGS(SQL_I(batch), SQL_S(signature), SQL_I(at)));
}

enum status batch_end(struct cx *cx, struct sql *sql, Id batch, Instant at, bool *ended)
{
    struct rows rows = {0};
    TRY(sql_query(cx, sql,
                  SQL("UPDATE batch SET state = 'done', ended = ?2 WHERE id = ?1 AND "
                      "state = 'running' AND NOT EXISTS (SELECT 1 FROM batch_row "
                      "WHERE batch = ?1 AND state = 'ready') RETURNING id"),
                  ARGS(SQL_I(batch), SQL_I(at)), &rows));
    *ended = rows.count == 1;
    return OK;
}

enum status batch_courts(struct cx *cx, struct sql *sql, Id batch, struct batch_court **out,
                         uint32_t *count, int64_t *wrong)
{
    struct rows rows = {0};
    struct rows failed = {0};
    TRY(sql_query(cx, sql,
                  SQL("SELECT court, count(*), min(title) FROM batch_row WHERE batch = ?1 AND "
                      "state = 'filed' GROUP BY court ORDER BY court"),
                  ARGS(SQL_I(batch)), &rows));
    TRY(sql_query(cx, sql,
                  SQL("SELECT count(*) FROM batch_row WHERE batch = ?1 AND "
                      "state IN ('bad', 'failed')"),
                  ARGS(SQL_I(batch)), &failed));
    *wrong = row_int(&failed, 0, 0);
    *count = rows.count;
    *out = arena_array(cx->arena, struct batch_court, rows.count);
    for (uint32_t i = 0; i < rows.count; i++) {
        (*out)[i] =
            (struct batch_court){row_str(&rows, i, 0), row_int(&rows, i, 1), row_str(&rows, i, 2)};
    }
    return OK;
}

void batch_row_begun(struct script *script, Id batch, int64_t n, Id matter)
{
    script_add(script, SQL("UPDATE batch_row SET matter = ?3 WHERE batch = ?1 AND n = ?2"),
               ARGS(SQL_I(batch), SQL_I(n), SQL_I(matter)));
}

/* A claim that was not filed leaves its key free. */
void batch_row_ended(struct script *script, Id batch, int64_t n, const char *state, Str problems,
                     Id twin)
{
    script_add(script,
               SQL("UPDATE batch_row SET state = ?3, problems = ?4, twin = ?5, "
                   "matter = CASE WHEN ?3 = 'filed' THEN matter ELSE NULL END "
                   "WHERE batch = ?1 AND n = ?2"),
               ARGS(SQL_I(batch), SQL_I(n), SQL_C(state), SQL_S(problems),
                    twin == 0 ? SQL_N : SQL_I(twin)));
}

/* --- reading --- */

/* Of the person ?2: his own, or one that he prepares for whom he still assists. */
#define MAY_SEE                                                                    \
    "(b.person = ?2 OR (b.prepared_by = ?2 AND EXISTS (SELECT 1 FROM assistant a " \
    "WHERE a.lawyer = b.person AND a.person = ?2 AND a.until IS NULL)))"

#define BATCH_COLUMNS                                                                       \
    "SELECT b.id, b.person, b.kind, b.name, b.format, b.sm3, b.size, b.state, b.revision, " \
    "b.found, b.digest, b.signature, b.created, b.started, b.ended, "                       \
    "(SELECT count(*) FROM batch_row r WHERE r.batch = b.id), "                             \
    "(SELECT count(*) FROM batch_row r WHERE r.batch = b.id AND r.state = 'ready'), "       \
    "(SELECT count(*) FROM batch_row r WHERE r.batch = b.id AND r.state = 'bad'), "         \
    "(SELECT count(*) FROM batch_row r WHERE r.batch = b.id AND r.state = 'double'), "      \
    "(SELECT count(*) FROM batch_row r WHERE r.batch = b.id AND r.state = 'filed'), "       \
    "(SELECT count(*) FROM batch_row r WHERE r.batch = b.id AND r.state = 'failed'), "      \
    "b.prepared_by FROM batch b "

static Hash sm3_in(const struct rows *rows, uint32_t row, uint32_t column)
{
    Hash hash = {{0}};
    Str bytes = row_str(rows, row, column);
    if (bytes.n == HASH_BYTES) {
        memcpy(hash.b, bytes.p, HASH_BYTES);
    }
    return hash;
}

static void batch_of_row(const struct rows *r, uint32_t i, struct batch *b)
{
    *b = (struct batch){.id = row_int(r, i, 0),
                        .person = row_int(r, i, 1),
                        .kind = row_str(r, i, 2),
                        .name = row_str(r, i, 3),
                        .format = row_str(r, i, 4),
                        .sm3 = sm3_in(r, i, 5),
                        .size = row_int(r, i, 6),
                        .state = row_str(r, i, 7),
                        .revision = row_int(r, i, 8),
                        .found = row_str(r, i, 9),
                        .digest = row_str(r, i, 10),
                        .signature = row_str(r, i, 11),
                        .created = row_int(r, i, 12),
                        .started = row_int(r, i, 13),
                        .ended = row_int(r, i, 14),
                        .counts = {.all = row_int(r, i, 15),
                                   .ready = row_int(r, i, 16),
                                   .bad = row_int(r, i, 17),
                                   .twice = row_int(r, i, 18),
                                   .filed = row_int(r, i, 19),
                                   .failed = row_int(r, i, 20)},
                        .prepared_by = row_int(r, i, 21)};
}

static struct batch *batch_first(struct arena *arena, const struct rows *rows)
{
    if (rows->count == 0) {
        return NULL;
    }
    struct batch *batch = arena_new(arena, struct batch);
    batch_of_row(rows, 0, batch);
    return batch;
}

enum status batch_find(struct cx *cx, struct sql *sql, Id id, Id person, struct batch **out)
{
    struct rows rows = {0};
    TRY(sql_query(cx, sql, SQL(BATCH_COLUMNS "WHERE b.id = ?1 AND (?2 = 0 OR " MAY_SEE ")"),
                  ARGS(SQL_I(id), SQL_I(person)), &rows));
    *out = batch_first(cx->arena, &rows);
    return OK;
}

enum status batch_find_file(struct cx *cx, struct sql *sql, Id person, Hash sm3, struct batch **out)
{
    struct rows rows = {0};
    TRY(sql_query(cx, sql,
                  SQL(BATCH_COLUMNS "WHERE b.sm3 = ?1 AND b.person = ?2 ORDER BY b.id DESC "
                                    "LIMIT 1"),
                  ARGS(hash_value(cx->arena, sm3), SQL_I(person)), &rows));
    *out = batch_first(cx->arena, &rows);
    return OK;
}

enum status batch_list(struct cx *cx, struct sql *sql, Id person, Id before, uint32_t limit,
                       struct batch **out, uint32_t *count)
{
    struct rows rows = {0};
    TRY(sql_query(
        cx, sql, SQL(BATCH_COLUMNS "WHERE b.id < ?1 AND " MAY_SEE " ORDER BY b.id DESC LIMIT ?3"),
        ARGS(SQL_I(before == 0 ? INT64_MAX : before), SQL_I(person), SQL_I(limit)), &rows));
    *out = arena_array(cx->arena, struct batch, rows.count);
    *count = rows.count;
    for (uint32_t i = 0; i < rows.count; i++) {
        batch_of_row(&rows, i, &(*out)[i]);
    }
    return OK;
}

enum status batch_files(struct cx *cx, struct sql *sql, Id batch, struct batch_file **out,
                        uint32_t *count)
{
    struct rows rows = {0};
    TRY(sql_query(cx, sql,
                  SQL("SELECT n, kind, name, type, size, sm3, status FROM batch_file "
                      "WHERE batch = ?1 ORDER BY n"),
                  ARGS(SQL_I(batch)), &rows));
    *out = arena_array(cx->arena, struct batch_file, rows.count);
    *count = rows.count;
    for (uint32_t i = 0; i < rows.count; i++) {
        (*out)[i] = (struct batch_file){.n = row_int(&rows, i, 0),
                                        .kind = row_str(&rows, i, 1),
                                        .name = row_str(&rows, i, 2),
                                        .type = row_str(&rows, i, 3),
                                        .size = row_int(&rows, i, 4),
                                        .sm3 = sm3_in(&rows, i, 5),
                                        .status = row_str(&rows, i, 6)};
    }
    return OK;
}

enum status batch_rows(struct cx *cx, struct sql *sql, Id batch, Str state, int64_t after,
                       uint32_t limit, struct batch_row **out, uint32_t *count)
{
    struct rows r = {0};
    TRY(sql_query(
        cx, sql,
        SQL("SELECT r.n, r.row_key, r.state, r.court, r.title, r.amount, r.signed, r.problems, "
            "r.matter, r.twin, m.title, m.case_number, m.state, m.procedure, m.version "
            "FROM batch_row r LEFT JOIN matter m ON m.id = COALESCE(r.matter, r.twin) "
            "WHERE r.batch = ?1 AND r.n > ?3 AND (?2 = '' OR r.state = ?2 OR "
            "(?2 = 'wrong' AND r.state IN ('bad', 'failed'))) ORDER BY r.n LIMIT ?4"),
        ARGS(SQL_I(batch), SQL_S(state), SQL_I(after), SQL_I(limit)), &r));
    *out = arena_array(cx->arena, struct batch_row, r.count);
    *count = r.count;
    for (uint32_t i = 0; i < r.count; i++) {
        (*out)[i] = (struct batch_row){.n = row_int(&r, i, 0),
                                       .key = row_str(&r, i, 1),
                                       .state = row_str(&r, i, 2),
                                       .court = row_str(&r, i, 3),
                                       .title = row_str(&r, i, 4),
                                       .amount = row_int(&r, i, 5),
                                       .signed_sm3 = row_str(&r, i, 6),
                                       .problems = row_str(&r, i, 7),
                                       .matter = row_int(&r, i, 8),
                                       .twin = row_int(&r, i, 9),
                                       .matter_title = row_str(&r, i, 10),
                                       .case_number = row_str(&r, i, 11),
                                       .matter_state = row_str(&r, i, 12),
                                       .procedure = row_str(&r, i, 13),
                                       .version = row_int(&r, i, 14)};
    }
    return OK;
}

enum status batch_before(struct cx *cx, struct sql *sql, Id person, const struct batch_row *rows,
                         uint32_t count, struct batch_before *out)
{
    struct rows *found = arena_array(cx->arena, struct rows, count);
    for (uint32_t i = 0; i < count; i++) {
        TRY(sql_later(cx, sql,
                      SQL("SELECT batch, matter, CASE WHEN court = ?3 AND signed = ?4 THEN 1 ELSE "
                          "0 END FROM batch_row WHERE person = ?1 AND matter IS NOT NULL AND "
                          "row_key = ?2 UNION ALL SELECT batch, matter, 1 FROM batch_row "
                          "WHERE person = ?1 AND matter IS NOT NULL AND court = ?3 AND "
                          "signed = ?4 ORDER BY 3 DESC"),
                      ARGS(SQL_I(person), SQL_S(rows[i].key), SQL_S(rows[i].court),
                           SQL_S(rows[i].signed_sm3)),
                      &found[i]));
    }
    TRY(sql_flush(cx, sql));
    for (uint32_t i = 0; i < count; i++) {
        out[i] = (struct batch_before){0};
        if (found[i].count > 0) {
            out[i] = (struct batch_before){row_int(&found[i], 0, 0), row_int(&found[i], 0, 1),
                                           row_int(&found[i], 0, 2) == 1};
        }
    }
    return OK;
}

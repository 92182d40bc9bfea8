#include "record/upload.h"

#include <string.h>

static void upload_of(const struct rows *r, uint32_t i, struct upload *out)
{
    Str sm3 = row_str(r, i, 5);
    *out = (struct upload){.id = row_str(r, i, 0),
                           .person = row_int(r, i, 1),
                           .name = row_str(r, i, 2),
                           .length = row_int(r, i, 3),
                           .received = row_int(r, i, 4),
                           .updated = row_int(r, i, 6),
                           .began = row_int(r, i, 7),
                           .arrived = row_int(r, i, 8)};
    memcpy(out->sm3.b, sm3.p, sm3.n == HASH_BYTES ? HASH_BYTES : 0);
}

enum status upload_find(struct cx *cx, struct sql *sql, Str id, Id person, struct upload **out)
{
    struct rows r = {0};
    *out = NULL;
    TRY(sql_query(cx, sql,
                  SQL("SELECT id, person, name, length, received, sm3, updated, "
                      "began, arrived FROM upload "
                      "WHERE id = ?1 AND person = ?2 AND held IS NULL"),
                  ARGS(SQL_S(id), SQL_I(person)), &r));
    if (r.count > 0) {
        *out = arena_new(cx->arena, struct upload);
        upload_of(&r, 0, *out);
    }
    return OK;
}

static struct sql_value hash_or_null(const Hash *hash)
{
    return hash_is_zero(*hash) ? SQL_N : SQL_B(hash->b, HASH_BYTES);
}

void upload_write_new(struct script *script, const struct upload *u)
{
    script_add(script,
               SQL("INSERT INTO upload (id, person, name, length, received, sm3, updated, began) "
                   "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)"),
               ARGS(SQL_S(u->id), SQL_I(u->person), SQL_S(u->name), SQL_I(u->length),
                    SQL_I(u->received), hash_or_null(&u->sm3), SQL_I(u->updated), SQL_I(u->began)));
}

void upload_write(struct script *script, const struct upload *u)
{
    script_add(script,
               SQL("UPDATE upload SET received = ?2, sm3 = ?3, updated = ?4, arrived = ?5 "
                   "WHERE id = ?1"),
               ARGS(SQL_S(u->id), SQL_I(u->received), hash_or_null(&u->sm3), SQL_I(u->updated),
                    u->arrived == 0 ? SQL_N : SQL_I(u->arrived)));
}

void upload_remove(struct script *script, Str id)
{
    script_add(script, SQL("DELETE FROM upload WHERE id = ?1"), ARGS(SQL_S(id)));
}

void upload_hold(struct script *script, Str id, Id job, Instant now)
{
    script_add(script, SQL("UPDATE upload SET held = ?2, updated = ?3 WHERE id = ?1"),
               ARGS(SQL_S(id), SQL_I(job), SQL_I(now)));
}

void upload_free_held(struct script *script, Id job, Instant now)
{
    script_add(script, SQL("UPDATE upload SET held = NULL, updated = ?2 WHERE held = ?1"),
               ARGS(SQL_I(job), SQL_I(now)));
}

void upload_remove_held(struct script *script, Id job)
{
    script_add(script, SQL("DELETE FROM upload WHERE held = ?1"), ARGS(SQL_I(job)));
}

enum status upload_sum(struct cx *cx, struct sql *sql, Id person, int64_t *count, int64_t *bytes)
{
    struct rows r = {0};
    TRY(sql_query(cx, sql, SQL("SELECT length FROM upload WHERE person = ?1"), ARGS(SQL_I(person)),
                  &r));
    *count = r.count;
    *bytes = 0;
    for (uint32_t i = 0; i < r.count; i++) {
        *bytes += row_int(&r, i, 0);
    }
    return OK;
}

#include "record/saved.h"

#include <string.h>

#include "base/json.h"

static struct saved saved_of(const struct rows *r, uint32_t i)
{
    struct saved s = {.id = row_int(r, i, 0),
                      .person = row_int(r, i, 1),
                      .kind = row_str(r, i, 2),
                      .sealed = row_str(r, i, 4),
                      .used = row_int(r, i, 5)};
    if (row_str(r, i, 3).n == HASH_BYTES) {
        memcpy(s.mark.b, row_str(r, i, 3).p, HASH_BYTES);
    }
    return s;
}

enum status saved_list(struct cx *cx, struct sql *sql, Id person, Str kind, struct saved **out,
                       uint32_t *count)
{
    struct rows rows = {0};
    TRY(sql_query(cx, sql,
                  SQL("SELECT id, person, kind, mark, sealed, used FROM saved WHERE person = ?1 "
                      "AND (?2 = '' OR kind = ?2) ORDER BY used DESC, id DESC LIMIT ?3"),
                  ARGS(SQL_I(person), SQL_S(kind), SQL_I(SAVED_MAX)), &rows));
    *out = arena_array(cx->arena, struct saved, rows.count);
    *count = rows.count;
    for (uint32_t i = 0; i < rows.count; i++) {
        (*out)[i] = saved_of(&rows, i);
    }
    return OK;
}

enum status saved_find(struct cx *cx, struct sql *sql, Id person, Id id, struct saved **out)
{
    struct rows rows = {0};
    *out = NULL;
    TRY(sql_query(cx, sql,
                  SQL("SELECT id, person, kind, mark, sealed, used FROM saved "
                      "WHERE person = ?1 AND id = ?2"),
                  ARGS(SQL_I(person), SQL_I(id)), &rows));
    if (rows.count == 1) {
        *out = arena_new(cx->arena, struct saved);
        **out = saved_of(&rows, 0);
    }
    return OK;
}

/* The number of a person's papers, of an organisation, of an account; else of the phone. */
static Str number_of(const struct value *value)
{
    static const char *const names[] = {"code", "account", "licence", "phone"};
    const struct value *identity = value_get(value, "identity");
    Str number =
        value_is_map(identity) ? value_get_str(identity, "number") : value_as_str(identity);
    for (size_t i = 0; i < sizeof names / sizeof names[0] && number.n == 0; i++) {
        number = value_get_str(value, names[i]);
    }
    return number;
}

Hash saved_mark(struct cx *cx, struct keys *keys, Str kind, const struct value *value)
{
    Str name = value_get_str(value, "name");
    Str number = number_of(value);
    name = name.n > 0 ? name : value_get_str(value, "recipient");
    return keys_blind(
        keys, "saved",
        str_printf(cx->arena, "%.*s\n%.*s\n%.*s", STR_ARG(kind), STR_ARG(name), STR_ARG(number)));
}

enum status saved_seal(struct cx *cx, struct keys *keys, Str wrapped_key, const struct value *value,
                       Str *out)
{
    SealKey key;
    TRY(seal_key_open(cx, keys, wrapped_key, &key));
    *out = seal_text(cx->arena, &key, STR("saved"), json_write(cx->arena, value));
    return OK;
}

enum status saved_open(struct cx *cx, struct keys *keys, Str wrapped_key, Str sealed,
                       struct value **out)
{
    SealKey key;
    Str text = {"", 0};
    TRY(seal_key_open(cx, keys, wrapped_key, &key));
    TRY(seal_open_text(cx, &key, STR("saved"), sealed, &text));
    return json_read(cx, text, out);
}

void saved_write(struct script *script, struct arena *arena, const struct saved *s)
{
    script_add(script,
               SQL("INSERT INTO saved (id, person, kind, mark, sealed, used) "
                   "VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (person, kind, mark) DO UPDATE "
                   "SET sealed = excluded.sealed, used = excluded.used"),
               ARGS(SQL_I(s->id), SQL_I(s->person), SQL_S(s->kind),
                    SQL_B(arena_copy(arena, s->mark.b, HASH_BYTES), HASH_BYTES), SQL_S(s->sealed),
                    SQL_I(s->used)));
}

void saved_change(struct script *script, struct arena *arena, const struct saved *s)
{
    struct sql_value mark = SQL_B(arena_copy(arena, s->mark.b, HASH_BYTES), HASH_BYTES);
    script_add(script,
               SQL("DELETE FROM saved WHERE person = ?1 AND kind = ?2 AND mark = ?3 AND id <> ?4"),
               ARGS(SQL_I(s->person), SQL_S(s->kind), mark, SQL_I(s->id)));
    script_add(script,
               SQL("UPDATE saved SET mark = ?3, sealed = ?4, used = ?5 "
                   "WHERE person = ?1 AND id = ?2"),
               ARGS(SQL_I(s->person), SQL_I(s->id), mark, SQL_S(s->sealed), SQL_I(s->used)));
}

void saved_use(struct script *script, Id person, Id id, Instant now)
{
    script_add(script, SQL("UPDATE saved SET used = ?3 WHERE person = ?1 AND id = ?2"),
               ARGS(SQL_I(person), SQL_I(id), SQL_I(now)));
}

void saved_drop(struct script *script, Id person, Id id)
{
    script_add(script, SQL("DELETE FROM saved WHERE person = ?1 AND id = ?2"),
               ARGS(SQL_I(person), SQL_I(id)));
}

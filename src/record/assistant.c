#include "record/assistant.h"

#include "record/person.h"

#define COLUMNS                                                            \
    "SELECT a.lawyer, a.person, l.name, p.name, a.since FROM assistant a " \
    "JOIN person l ON l.id = a.lawyer JOIN person p ON p.id = a.person "   \
    "WHERE a.until IS NULL AND p.disabled = 0 AND l.disabled = 0 AND "

static enum status assistants_read(struct cx *cx, const struct rows *rows, struct assistant **out,
                                   uint32_t *count)
{
    *out = arena_array(cx->arena, struct assistant, rows->count);
    *count = rows->count;
    for (uint32_t i = 0; i < rows->count; i++) {
        (*out)[i] =
            (struct assistant){row_int(rows, i, 0), row_int(rows, i, 1), row_str(rows, i, 2),
                               row_str(rows, i, 3), row_int(rows, i, 4)};
    }
    return OK;
}

enum status assistant_list(struct cx *cx, struct sql *sql, Id lawyer, struct assistant **out,
                           uint32_t *count)
{
    struct rows rows = {0};
    TRY(sql_query(cx, sql, SQL(COLUMNS "a.lawyer = ?1 ORDER BY a.since, a.person"),
                  ARGS(SQL_I(lawyer)), &rows));
    return assistants_read(cx, &rows, out, count);
}

enum status assistant_of(struct cx *cx, struct sql *sql, Id person, struct assistant **out,
                         uint32_t *count)
{
    struct rows rows = {0};
    TRY(sql_query(cx, sql, SQL(COLUMNS "a.person = ?1 ORDER BY a.since, a.lawyer"),
                  ARGS(SQL_I(person)), &rows));
    return assistants_read(cx, &rows, out, count);
}

enum status assistant_holds(struct cx *cx, struct sql *sql, Id lawyer, Id person, bool *out)
{
    struct rows rows = {0};
    TRY(sql_query(cx, sql, SQL(COLUMNS "a.lawyer = ?1 AND a.person = ?2"),
                  ARGS(SQL_I(lawyer), SQL_I(person)), &rows));
    *out = rows.count == 1;
    return OK;
}

/* --- asked --- */

#define ASKED                                                              \
    "SELECT a.id, a.lawyer, l.name, a.login, a.at FROM assistant_asked a " \
    "JOIN person l ON l.id = a.lawyer WHERE l.disabled = 0 AND a.at > ?2 AND "

static enum status asked_read(struct cx *cx, const struct rows *rows, struct assistant_asked **out,
                              uint32_t *count)
{
    *out = arena_array(cx->arena, struct assistant_asked, rows->count);
    *count = rows->count;
    for (uint32_t i = 0; i < rows->count; i++) {
        (*out)[i] =
            (struct assistant_asked){row_int(rows, i, 0), row_int(rows, i, 1), row_str(rows, i, 2),
                                     row_str(rows, i, 3), row_int(rows, i, 4)};
    }
    return OK;
}

enum status assistant_asked_by(struct cx *cx, struct sql *sql, Id lawyer, Instant now,
                               struct assistant_asked **out, uint32_t *count)
{
    struct rows rows = {0};
    TRY(sql_query(cx, sql, SQL(ASKED "a.lawyer = ?1 ORDER BY a.at, a.id"),
                  ARGS(SQL_I(lawyer), SQL_I(now - ASSISTANT_ASKED_MS)), &rows));
    return asked_read(cx, &rows, out, count);
}

enum status assistant_asked_of(struct cx *cx, struct sql *sql, Id person, Instant now,
                               struct assistant_asked **out, uint32_t *count)
{
    struct rows rows = {0};
    TRY(sql_query(cx, sql, SQL(ASKED "a.person = ?1 ORDER BY a.at, a.id"),
                  ARGS(SQL_I(person), SQL_I(now - ASSISTANT_ASKED_MS)), &rows));
    return asked_read(cx, &rows, out, count);
}

void assistant_ask(struct script *script, Id id, Id lawyer, Str login, Id person, Instant now)
{
    script_add(script, SQL("DELETE FROM assistant_asked WHERE lawyer = ?1 AND at <= ?2"),
               ARGS(SQL_I(lawyer), SQL_I(now - ASSISTANT_ASKED_MS)));
    script_add(script,
               SQL("INSERT INTO assistant_asked (id, lawyer, login, person, at) "
                   "VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (lawyer, login) DO UPDATE SET "
                   "person = excluded.person, at = excluded.at"),
               ARGS(SQL_I(id), SQL_I(lawyer), SQL_S(login), SQL_I(person), SQL_I(now)));
}

void assistant_ask_end(struct script *script, Id id, Id who)
{
    script_add(script,
               SQL("DELETE FROM assistant_asked WHERE id = ?1 AND (lawyer = ?2 OR person = ?2)"),
               ARGS(SQL_I(id), SQL_I(who)));
}

enum status assistant_agree(struct cx *cx, struct sql *sql, Id id, Id person, Instant now,
                            Id *lawyer)
{
    struct rows rows = {0};
    *lawyer = 0;
    TRY(sql_query(cx, sql,
                  SQL("DELETE FROM assistant_asked WHERE id = ?1 AND person = ?2 AND at > ?3 "
                      "RETURNING lawyer"),
                  ARGS(SQL_I(id), SQL_I(person), SQL_I(now - ASSISTANT_ASKED_MS)), &rows));
    if (rows.count == 0) {
        return OK;
    }
    *lawyer = row_int(&rows, 0, 0);
    return sql_exec(cx, sql,
                    SQL("INSERT INTO assistant (lawyer, person, since) VALUES (?1, ?2, ?3) "
                        "ON CONFLICT (lawyer, person) DO UPDATE SET since = excluded.since, "
                        "until = NULL"),
                    ARGS(SQL_I(*lawyer), SQL_I(person), SQL_I(now)));
}

/* --- no more --- */

void assistant_end(struct script *script, struct arena *arena, Id lawyer, Id person, Instant now)
{
    script_add(script,
               SQL("UPDATE assistant SET until = ?3 WHERE lawyer = ?1 AND person = ?2 "
                   "AND until IS NULL"),
               ARGS(SQL_I(lawyer), SQL_I(person), SQL_I(now)));
    /* A save under way was prepared with him attached: it must be prepared anew. */
    script_add(script,
               SQL("UPDATE matter SET revision = revision + 1 WHERE owner = ?1 AND events = 0 "
                   "AND id IN (SELECT matter FROM attachment "
                   "WHERE person = ?2 AND role = 'assistant')"),
               ARGS(SQL_I(lawyer), SQL_I(person)));
    script_add(script,
               SQL("DELETE FROM listing WHERE viewer = ?3 AND matter IN "
                   "(SELECT a.matter FROM attachment a CROSS JOIN matter m "
                   "WHERE a.person = ?2 AND a.role = 'assistant' AND m.id = a.matter "
                   "AND m.owner = ?1 AND m.events = 0)"),
               ARGS(SQL_I(lawyer), SQL_I(person), SQL_S(viewer_person(arena, person))));
    script_add(script,
               SQL("UPDATE attachment SET until = ?3 WHERE person = ?2 AND role = 'assistant' "
                   "AND until IS NULL AND EXISTS (SELECT 1 FROM matter m WHERE m.id = "
                   "attachment.matter AND m.owner = ?1 AND m.events = 0)"),
               ARGS(SQL_I(lawyer), SQL_I(person), SQL_I(now)));
}

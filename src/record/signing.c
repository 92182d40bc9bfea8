#include "record/signing.h"

#include <inttypes.h>
#include <string.h>

#include "base/json.h"
#include "record/code.h"
#include "seal/password.h"

enum { LINK_CODE_MAX = 64 };

#define CODE_LIFE_MS (10 * MINUTE_MS)

#define COLUMNS                                                                            \
    "SELECT s.id, s.matter, s.act, s.place, s.name, s.capacity, s.person, s.person_name, " \
    "s.asked, s.expires, s.token, s.sealed, s.tries, s.confirmed, s.job, s.reminded, "     \
    "s.reminders, s.state, s.done, s.digest, s.said, j.state "                             \
    "FROM signing s LEFT JOIN job j ON j.id = s.job "

static struct signing signing_of(const struct rows *r, uint32_t i)
{
    struct signing s = {.id = row_int(r, i, 0),
                        .matter = row_int(r, i, 1),
                        .act = row_str(r, i, 2),
                        .place = row_str(r, i, 3),
                        .name = row_str(r, i, 4),
                        .capacity = row_str(r, i, 5),
                        .person = row_int(r, i, 6),
                        .person_name = row_str(r, i, 7),
                        .asked = row_int(r, i, 8),
                        .expires = row_int(r, i, 9),
                        .sealed = row_str(r, i, 11),
                        .tries = row_int(r, i, 12),
                        .confirmed = row_str(r, i, 13),
                        .job = row_int(r, i, 14),
                        .reminded = row_int(r, i, 15),
                        .reminders = row_int(r, i, 16),
                        .state = row_str(r, i, 17),
                        .done = row_int(r, i, 18),
                        .digest = row_str(r, i, 19),
                        .said = row_str(r, i, 20),
                        .message = row_str(r, i, 21)};
    Str token = row_str(r, i, 10);
    if (token.n == HASH_BYTES) {
        memcpy(s.token.b, token.p, HASH_BYTES);
    }
    return s;
}

enum status signing_list(struct cx *cx, struct sql *sql, Id matter, struct signing **out,
                         uint32_t *count)
{
    struct rows rows = {0};
    TRY(sql_query(
        cx, sql,
        SQL(COLUMNS
            "WHERE s.matter = ?1 AND s.state <> 'withdrawn' AND s.state <> 'filed' ORDER BY s.id"),
        ARGS(SQL_I(matter)), &rows));
    *out = arena_array(cx->arena, struct signing, rows.count);
    *count = rows.count;
    for (uint32_t i = 0; i < rows.count; i++) {
        (*out)[i] = signing_of(&rows, i);
    }
    return OK;
}

static enum status signing_find_id(struct cx *cx, struct sql *sql, Id id, struct signing **out)
{
    struct rows rows = {0};
    *out = NULL;
    TRY(sql_query(cx, sql, SQL(COLUMNS "WHERE s.id = ?1"), ARGS(SQL_I(id)), &rows));
    if (rows.count == 1) {
        *out = arena_new(cx->arena, struct signing);
        **out = signing_of(&rows, 0);
    }
    return OK;
}

enum status signing_find(struct cx *cx, struct sql *sql, Str code, struct signing **out)
{
    struct rows rows = {0};
    Hash token = token_hash(code);
    *out = NULL;
    if (code.n == 0 || code.n > LINK_CODE_MAX) {
        return OK;
    }
    TRY(sql_query(cx, sql, SQL(COLUMNS "WHERE s.token = ?1"), ARGS(SQL_B(token.b, HASH_BYTES)),
                  &rows));
    if (rows.count == 1) {
        *out = arena_new(cx->arena, struct signing);
        **out = signing_of(&rows, 0);
    }
    return OK;
}

/* --- what is sealed --- */

static enum status value_seal(struct cx *cx, struct keys *keys, Str wrapped_key, Str place,
                              const struct value *v, Str *out)
{
    SealKey key;
    TRY(seal_key_open(cx, keys, wrapped_key, &key));
    *out = seal_text(cx->arena, &key, place, json_write(cx->arena, v));
    return OK;
}

static enum status value_open(struct cx *cx, struct keys *keys, Str wrapped_key, Str place,
                              Str sealed, struct value **out)
{
    SealKey key;
    Str text = {"", 0};
    TRY(seal_key_open(cx, keys, wrapped_key, &key));
    TRY(seal_open_text(cx, &key, place, sealed, &text));
    return json_read(cx, text, out);
}

enum status signing_secret_seal(struct cx *cx, struct keys *keys, Str wrapped_key,
                                const struct signing_secret *secret, Str *out)
{
    struct value *v = value_map(cx->arena);
    value_set_str(cx->arena, v, "code", secret->code);
    value_set_str(cx->arena, v, "phone", secret->phone);
    value_set_str(cx->arena, v, "identity", secret->identity);
    return value_seal(cx, keys, wrapped_key, STR("signing"), v, out);
}

enum status signing_secret_open(struct cx *cx, struct keys *keys, Str wrapped_key, Str sealed,
                                struct signing_secret *out)
{
    struct value *v = NULL;
    TRY(value_open(cx, keys, wrapped_key, STR("signing"), sealed, &v));
    *out = (struct signing_secret){value_get_str(v, "code"), value_get_str(v, "phone"),
                                   value_get_str(v, "identity")};
    return OK;
}

enum status signing_said_seal(struct cx *cx, struct keys *keys, Str wrapped_key,
                              const struct value *said, Str *out)
{
    return value_seal(cx, keys, wrapped_key, STR("signing-said"), said, out);
}

enum status signing_said_open(struct cx *cx, struct keys *keys, Str wrapped_key, Str sealed,
                              struct value **out)
{
    if (sealed.n == 0) {
        *out = value_map(cx->arena);
        return OK;
    }
    return value_open(cx, keys, wrapped_key, STR("signing-said"), sealed, out);
}

/* --- statements --- */

void signing_write_new(struct script *script, struct arena *arena, const struct signing *s)
{
    script_add(script,
               SQL("INSERT INTO signing (id, matter, act, place, name, capacity, person, "
                   "person_name, asked, expires, token, sealed, tries, code_made, code_tries, "
                   "confirmed, job, reminded, reminders, state, digest, said) "
                   "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, 0, 0, 0, '', ?13, "
                   "?14, 0, 'waiting', '', '')"),
               ARGS(SQL_I(s->id), SQL_I(s->matter), SQL_S(s->act), SQL_S(s->place), SQL_S(s->name),
                    SQL_S(s->capacity), SQL_I(s->person), SQL_S(s->person_name), SQL_I(s->asked),
                    SQL_I(s->expires), SQL_B(arena_copy(arena, s->token.b, HASH_BYTES), HASH_BYTES),
                    SQL_S(s->sealed), SQL_I(s->job), SQL_I(s->reminded)));
}

void signing_remind(struct script *script, Id id, Id job, Instant now)
{
    script_add(script,
               SQL("UPDATE signing SET job = ?2, reminded = ?3, reminders = reminders + 1 "
                   "WHERE id = ?1 AND state = 'waiting'"),
               ARGS(SQL_I(id), SQL_I(job), SQL_I(now)));
}

void signing_withdraw(struct script *script, Id id, Instant now)
{
    script_add(script,
               SQL("UPDATE signing SET state = 'withdrawn', done = ?2 "
                   "WHERE id = ?1 AND state <> 'withdrawn' AND state <> 'filed'"),
               ARGS(SQL_I(id), SQL_I(now)));
}

void signing_file(struct script *script, Id matter, Str act)
{
    script_add(script,
               SQL("UPDATE signing SET state = 'filed' "
                   "WHERE matter = ?1 AND act = ?2 AND state = 'signed'"),
               ARGS(SQL_I(matter), SQL_S(act)));
}

enum status signing_message_write(struct cx *cx, struct keys *keys, struct script *script, Id job,
                                  const struct signing *s, Str wrapped_key, Str text,
                                  Instant machine_now)
{
    SealKey key;
    struct value *payload = value_map(cx->arena);
    TRY(seal_key_open(cx, keys, wrapped_key, &key));
    value_set_str(cx->arena, payload, "signing", str_printf(cx->arena, "%" PRId64, s->id));
    value_set_str(cx->arena, payload, "text", seal_text(cx->arena, &key, STR("message"), text));
    script_add(script,
               SQL("INSERT INTO job (id, kind, payload, due, attempts, lease, state, last_error) "
                   "VALUES (?1, 'message', ?2, ?3, 0, 0, 'waiting', '')"),
               ARGS(SQL_I(job), SQL_S(json_write(cx->arena, payload)), SQL_I(machine_now)));
    return OK;
}

enum status signing_message_open(struct cx *cx, struct keys *keys, struct sql *sql,
                                 const struct value *payload, Str *to, Str *text)
{
    Id id = 0;
    SealKey key;
    struct rows rows = {0};
    struct signing *s = NULL;
    struct signing_secret secret;
    *to = (Str){"", 0};
    *text = (Str){"", 0};
    if (str_int(value_get_str(payload, "signing"), &id)) {
        TRY(signing_find_id(cx, sql, id, &s));
    }
    if (s == NULL || str_is(s->state, "withdrawn")) {
        return OK;
    }
    TRY(sql_query(cx, sql, SQL("SELECT wrapped_key FROM matter WHERE id = ?1"),
                  ARGS(SQL_I(s->matter)), &rows));
    Str wrapped = row_str(&rows, 0, 0);
    TRY(signing_secret_open(cx, keys, wrapped, s->sealed, &secret));
    TRY(seal_key_open(cx, keys, wrapped, &key));
    TRY(seal_open_text(cx, &key, STR("message"), value_get_str(payload, "text"), text));
    *to = secret.phone;
    return OK;
}

/* --- codes --- */

static Hash code_hash(struct arena *arena, struct keys *keys, Id id, Str code)
{
    return keys_blind(keys, "code",
                      str_printf(arena, "signing:%" PRId64 ":%.*s", id, STR_ARG(code)));
}

Str signing_code_make(struct cx *cx, struct keys *keys, struct script *script, Id id,
                      Instant machine_now)
{
    Str code = code_new(cx->arena, CODE_DIGITS);
    Hash hash = code_hash(cx->arena, keys, id, code);
    script_add(script,
               SQL("UPDATE signing SET code = ?2, code_made = ?3, code_tries = 0 WHERE id = ?1"),
               ARGS(SQL_I(id), SQL_B(arena_copy(cx->arena, hash.b, HASH_BYTES), HASH_BYTES),
                    SQL_I(machine_now)));
    return code;
}

enum status signing_code_holds(struct cx *cx, struct sql *sql, struct keys *keys, Id id, Str code,
                               Instant machine_now, bool *ok)
{
    struct rows rows = {0};
    Hash kept = {{0}};
    *ok = false;
    if (code.n != CODE_DIGITS) {
        return OK;
    }
    TRY(sql_query(cx, sql,
                  SQL("UPDATE signing SET code_tries = code_tries + 1 WHERE id = ?1 "
                      "AND code_tries < ?2 AND code_made > ?3 RETURNING code"),
                  ARGS(SQL_I(id), SQL_I(SIGNING_TRIES_MAX), SQL_I(machine_now - CODE_LIFE_MS)),
                  &rows));
    if (rows.count == 1 && row_str(&rows, 0, 0).n == HASH_BYTES) {
        memcpy(kept.b, row_str(&rows, 0, 0).p, HASH_BYTES);
        *ok = hash_same(kept, code_hash(cx->arena, keys, id, code));
    }
    /* The same code confirms him and signs: a right try is none. */
    return !*ok ? OK
                : sql_exec(cx, sql,
                           SQL("UPDATE signing SET code_tries = code_tries - 1 WHERE id = ?1"),
                           ARGS(SQL_I(id)));
}

/* --- once --- */

enum status signing_try(struct cx *cx, struct sql *sql, Id id, bool *left)
{
    struct rows rows = {0};
    TRY(sql_query(cx, sql,
                  SQL("UPDATE signing SET tries = tries + 1 WHERE id = ?1 AND tries < ?2 "
                      "AND state = 'waiting' RETURNING id"),
                  ARGS(SQL_I(id), SQL_I(SIGNING_TRIES_MAX)), &rows));
    *left = rows.count == 1;
    return OK;
}

enum status signing_confirm(struct cx *cx, struct sql *sql, Id id, const char *how)
{
    return sql_exec(cx, sql, SQL("UPDATE signing SET confirmed = ?2, tries = 0 WHERE id = ?1"),
                    ARGS(SQL_I(id), SQL_C(how)));
}

enum status signing_settle(struct cx *cx, struct sql *sql, const struct signing *s,
                           int64_t revision, bool *done)
{
    struct rows rows = {0};
    TRY(sql_query(cx, sql,
                  SQL("UPDATE signing SET state = ?2, done = ?3, digest = ?4, said = ?5 "
                      "WHERE id = ?1 AND state = 'waiting' AND expires > ?3 AND EXISTS "
                      "(SELECT 1 FROM matter WHERE id = ?6 AND revision = ?7) RETURNING id"),
                  ARGS(SQL_I(s->id), SQL_S(s->state), SQL_I(s->done), SQL_S(s->digest),
                       SQL_S(s->said), SQL_I(s->matter), SQL_I(revision)),
                  &rows));
    *done = rows.count == 1;
    return OK;
}

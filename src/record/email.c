#include "record/email.h"

#include <inttypes.h>
#include <string.h>

#include "base/json.h"
#include "seal/password.h"

enum { TRIES_MAX = 5 };

#define LIFE_MS (10 * MINUTE_MS)

static Hash code_hash(struct cx *cx, struct keys *keys, const struct person *person, Str code)
{
    return keys_blind(keys, "email-proof",
                      str_printf(cx->arena, "%" PRId64 ":%.*s:%.*s", person->id,
                                 STR_ARG(person->email), STR_ARG(code)));
}

enum status email_find(struct cx *cx, struct sql *sql, const struct person *person,
                       Instant machine_now, struct email_state *out)
{
    struct rows r = {0};
    *out = (struct email_state){false, false};
    TRY(sql_query(cx, sql,
                  SQL("SELECT CASE WHEN confirmed IS NULL THEN 0 ELSE 1 END, "
                      "CASE WHEN tries < ?3 AND made > ?4 THEN 1 ELSE 0 END FROM email_proof "
                      "WHERE person = ?1 AND email = ?2"),
                  ARGS(SQL_I(person->id), SQL_S(person->email), SQL_I(TRIES_MAX),
                       SQL_I(machine_now - LIFE_MS)),
                  &r));
    if (r.count == 1 && person->email.n > 0) {
        out->confirmed = row_int(&r, 0, 0) != 0;
        out->waiting = !out->confirmed && row_int(&r, 0, 1) != 0;
    }
    return OK;
}

enum status email_code_send(struct cx *cx, struct store *store, struct keys *keys,
                            struct sequence *sequence, struct script *script,
                            const struct person *person, Instant machine_now)
{
    Id job = 0;
    int digits = 0;
    TRY(sequence_next(cx, sequence, &job));
    TRY(code_digits(cx, store, keys, person->id, machine_now, &digits));
    Str code = code_new(cx->arena, digits);
    Hash hash = code_hash(cx, keys, person, code);
    script_add(script,
               SQL("INSERT INTO email_proof (person, email, hash, made, tries) "
                   "VALUES (?1, ?2, ?3, ?4, 0) ON CONFLICT (person) DO UPDATE SET "
                   "email = excluded.email, hash = excluded.hash, made = excluded.made, "
                   "tries = 0, confirmed = NULL"),
               ARGS(SQL_I(person->id), SQL_S(person->email),
                    SQL_B(arena_copy(cx->arena, hash.b, HASH_BYTES), HASH_BYTES),
                    SQL_I(machine_now)));
    Str text = str_printf(cx->arena,
                          "验证码%.*s，10分钟内有效，用于把这个邮箱登记到您的账户。不是您本人操作"
                          "的，不用理会。工作人员不会向您索要验证码。",
                          STR_ARG(code));
    return mail_write(cx, keys, script, job, person, person->email, STR("通诉：核对电子邮箱"), text,
                      STR("/me"), machine_now);
}

struct trying {
    const struct person *person;
    Hash hash; /* what a right code hashes to */
    bool known;
    struct keys *keys;
    Instant now;
    bool ok;
};

static enum status email_claim(struct cx *cx, struct sql *sql, void *arg)
{
    struct trying *trying = arg;
    struct rows r = {0};
    const struct person *p = trying->person;
    trying->ok = false;
    TRY(sql_query(
        cx, sql,
        SQL("UPDATE email_proof SET tries = tries + 1 WHERE person = ?1 AND email = ?2 "
            "AND confirmed IS NULL AND tries < ?3 AND made > ?4 RETURNING hash"),
        ARGS(SQL_I(p->id), SQL_S(p->email), SQL_I(TRIES_MAX), SQL_I(trying->now - LIFE_MS)), &r));
    if (r.count == 0) {
        return OK;
    }
    Hash kept = {{0}};
    Str bytes = row_str(&r, 0, 0);
    if (bytes.n == HASH_BYTES) {
        memcpy(kept.b, bytes.p, HASH_BYTES);
    }
    trying->ok = trying->known || hash_same(kept, trying->hash);
    TRY(code_tried(cx, sql, trying->keys, p->id, trying->ok, trying->now));
    return trying->ok
               ? sql_exec(cx, sql, SQL("UPDATE email_proof SET confirmed = ?2 WHERE person = ?1"),
                          ARGS(SQL_I(p->id), SQL_I(trying->now)))
               : OK;
}

enum status email_try(struct cx *cx, struct store *store, struct keys *keys,
                      const struct person *person, Str code, Str known, Instant machine_now,
                      bool *ok)
{
    struct trying trying = {.person = person,
                            .hash = code_hash(cx, keys, person, code),
                            .known = known.n > 0 && str_same(code, known),
                            .keys = keys,
                            .now = machine_now};
    TRY(store_write(cx, store, WRITE_INTERACTIVE, email_claim, &trying));
    *ok = trying.ok;
    return OK;
}

/* --- mails --- */

enum status mail_write(struct cx *cx, struct keys *keys, struct script *script, Id job,
                       const struct person *person, Str to, Str subject, Str text, Str path,
                       Instant machine_now)
{
    SealKey key;
    struct arena *arena = cx->arena;
    struct value *payload = value_map(arena);
    TRY(seal_key_open(cx, keys, person->wrapped_key, &key));
    value_set_text(arena, payload, "way", "mail");
    value_set_str(arena, payload, "person", str_printf(arena, "%" PRId64, person->id));
    value_set_str(arena, payload, "to", seal_text(arena, &key, STR("message-to"), to));
    value_set_str(arena, payload, "text", seal_text(arena, &key, STR("message"), text));
    value_set_str(arena, payload, "subject", subject);
    value_set_str(arena, payload, "path", path);
    script_add(script,
               SQL("INSERT INTO job (id, kind, payload, due, attempts, lease, state, last_error) "
                   "VALUES (?1, 'message', ?2, ?3, 0, 0, 'waiting', '')"),
               ARGS(SQL_I(job), SQL_S(json_write(arena, payload)), SQL_I(machine_now)));
    return OK;
}

bool mail_head_read(const struct value *payload, struct mail_head *out)
{
    if (!str_is(value_get_str(payload, "way"), "mail")) {
        return false;
    }
    bool notice = value_get(payload, "notice") != NULL;
    out->subject = notice ? STR("通诉：您的事项有新消息") : value_get_str(payload, "subject");
    out->path = notice ? STR("/inbox") : value_get_str(payload, "path");
    return true;
}

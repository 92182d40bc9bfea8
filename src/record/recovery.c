#include "record/recovery.h"

#include <inttypes.h>
#include <string.h>

#include "record/person_entry.h"
#include "seal/password.h"

enum { TRIES_MAX = 5 };

#define LIFE_MS (10 * MINUTE_MS)

static struct sql_value hash_arg(struct arena *arena, Hash hash)
{
    return SQL_B(arena_copy(arena, hash.b, HASH_BYTES), HASH_BYTES);
}

static Hash hash_cell(const struct rows *rows, uint32_t column)
{
    Hash hash = {{0}};
    Str bytes = row_str(rows, 0, column);
    if (bytes.n == HASH_BYTES) {
        memcpy(hash.b, bytes.p, HASH_BYTES);
    }
    return hash;
}

static Hash code_hash(struct cx *cx, struct keys *keys, const char *purpose, Str whose, Str code)
{
    return keys_blind(keys, purpose,
                      str_printf(cx->arena, "%.*s:%.*s", STR_ARG(whose), STR_ARG(code)));
}

/* --- a log-in by code, a forgotten password --- */

static const struct {
    const char *purpose; /* of the code's hash, and before the ticket */
    const char *doing, *otherwise;
} aims[] = {
    [RECOVERY_PASSWORD] = {"recovery", "重设密码", "密码不会改变"},
    [RECOVERY_LOGIN] = {"login-code", "登录", "没有人能登录"},
};

static Hash ticket_hash(struct arena *arena, enum recovery_aim aim, Str ticket)
{
    return token_hash(aim == RECOVERY_PASSWORD
                          ? ticket
                          : str_printf(arena, "%s:%.*s", aims[aim].purpose, STR_ARG(ticket)));
}

/* Somebody to write to where there is nobody: id 0 is no one's, so the job finds him gone. */
static enum status stand_in(struct cx *cx, struct keys *keys, struct person *out)
{
    *out = person_blank();
    TRY(person_key_make(cx, keys, out));
    return person_phone_set(cx, keys, out, STR("13900000000"));
}

enum status recovery_begin(struct cx *cx, struct store *store, struct keys *keys,
                           struct sequence *sequence, struct script *script,
                           const struct person *person, enum recovery_aim aim, Str ticket,
                           Instant machine_now)
{
    Id job = 0;
    int digits = 0;
    TRY(sequence_next(cx, sequence, &job));
    TRY(code_digits(cx, store, keys, person == NULL ? 0 : person->id, machine_now, &digits));
    Str code = code_new(cx->arena, digits);
    script_add(script, SQL("DELETE FROM recovery WHERE made < ?1"),
               ARGS(SQL_I(machine_now - DAY_MS)));
    script_add(script,
               SQL("INSERT INTO recovery (ticket, person, hash, made, tries) "
                   "VALUES (?1, ?2, ?3, ?4, 0)"),
               ARGS(hash_arg(cx->arena, ticket_hash(cx->arena, aim, ticket)),
                    SQL_I(person == NULL ? 0 : person->id),
                    hash_arg(cx->arena, code_hash(cx, keys, aims[aim].purpose, ticket, code)),
                    SQL_I(machine_now)));
    struct person nobody;
    if (person == NULL) {
        TRY(stand_in(cx, keys, &nobody));
        person = &nobody;
    }
    Str text = str_printf(cx->arena,
                          "【通诉】您正在%s，验证码%.*s，10分钟内有效。不是您本人操作的，"
                          "不用理会，%s。工作人员不会向您索要验证码。",
                          aims[aim].doing, STR_ARG(code), aims[aim].otherwise);
    return message_write(cx, keys, script, job, person, text, machine_now);
}

struct trying {
    Hash ticket;
    Id person; /* of a phone that changes */
    Hash hash; /* what a right code hashes to */
    bool known;
    struct keys *keys;
    Instant now;
    Id found;
    Str phone_sealed;
};

static enum status recovery_claim(struct cx *cx, struct sql *sql, void *arg)
{
    struct trying *trying = arg;
    struct rows rows = {0};
    trying->found = 0;
    TRY(sql_query(
        cx, sql,
        SQL("UPDATE recovery SET tries = tries + 1 WHERE ticket = ?1 AND tries < ?2 "
            "AND made > ?3 RETURNING person, hash"),
        ARGS(hash_arg(cx->arena, trying->ticket), SQL_I(TRIES_MAX), SQL_I(trying->now - LIFE_MS)),
        &rows));
    if (rows.count == 0) {
        return OK;
    }
    Id person = row_int(&rows, 0, 0);
    bool ok = trying->known || hash_same(hash_cell(&rows, 1), trying->hash);
    trying->found = ok ? person : 0;
    return code_tried(cx, sql, trying->keys, person, ok, trying->now);
}

enum status recovery_try(struct cx *cx, struct store *store, struct keys *keys,
                         enum recovery_aim aim, Str ticket, Str code, Str known,
                         Instant machine_now, Id *person)
{
    struct trying trying = {.ticket = ticket_hash(cx->arena, aim, ticket),
                            .hash = code_hash(cx, keys, aims[aim].purpose, ticket, code),
                            .known = known.n > 0 && str_same(code, known),
                            .keys = keys,
                            .now = machine_now};
    TRY(store_write(cx, store, WRITE_INTERACTIVE, recovery_claim, &trying));
    *person = trying.found;
    return OK;
}

void recovery_end(struct script *script, struct arena *arena, enum recovery_aim aim, Str ticket)
{
    script_add(script, SQL("DELETE FROM recovery WHERE ticket = ?1"),
               ARGS(hash_arg(arena, ticket_hash(arena, aim, ticket))));
}

/* --- another phone --- */

static Str whose(struct cx *cx, Id person)
{
    return str_printf(cx->arena, "%" PRId64, person);
}

enum status phone_change_begin(struct cx *cx, struct store *store, struct keys *keys,
                               struct sequence *sequence, struct script *script,
                               const struct person *person, Str phone, Instant machine_now)
{
    Id job = 0;
    int digits = 0;
    TRY(code_digits(cx, store, keys, person->id, machine_now, &digits));
    Str code = code_new(cx->arena, digits);
    struct person there = *person; /* as he will be: the message goes to the new phone */
    TRY(sequence_next(cx, sequence, &job));
    TRY(person_phone_set(cx, keys, &there, phone));
    script_add(
        script,
        SQL("INSERT INTO phone_change (person, phone_sealed, hash, made, tries) "
            "VALUES (?1, ?2, ?3, ?4, 0) ON CONFLICT (person) DO UPDATE SET "
            "phone_sealed = excluded.phone_sealed, hash = excluded.hash, "
            "made = excluded.made, tries = 0"),
        ARGS(SQL_I(person->id), SQL_S(there.phone_sealed),
             hash_arg(cx->arena, code_hash(cx, keys, "phone-change", whose(cx, person->id), code)),
             SQL_I(machine_now)));
    Str text = str_printf(cx->arena,
                          "【通诉】验证码%.*s，10分钟内有效，用于把这个手机号登记到您的账户。"
                          "工作人员不会向您索要验证码。",
                          STR_ARG(code));
    return message_write(cx, keys, script, job, &there, text, machine_now);
}

enum status phone_change_find(struct cx *cx, struct sql *sql, Id person, Instant machine_now,
                              Str *phone_sealed)
{
    struct rows rows = {0};
    TRY(sql_query(cx, sql,
                  SQL("SELECT phone_sealed FROM phone_change WHERE person = ?1 AND tries < ?2 "
                      "AND made > ?3"),
                  ARGS(SQL_I(person), SQL_I(TRIES_MAX), SQL_I(machine_now - LIFE_MS)), &rows));
    *phone_sealed = rows.count == 0 ? (Str){"", 0} : row_str(&rows, 0, 0);
    return OK;
}

static enum status phone_claim(struct cx *cx, struct sql *sql, void *arg)
{
    struct trying *trying = arg;
    struct rows rows = {0};
    trying->phone_sealed = (Str){"", 0};
    TRY(sql_query(cx, sql,
                  SQL("UPDATE phone_change SET tries = tries + 1 WHERE person = ?1 AND tries < ?2 "
                      "AND made > ?3 RETURNING phone_sealed, hash"),
                  ARGS(SQL_I(trying->person), SQL_I(TRIES_MAX), SQL_I(trying->now - LIFE_MS)),
                  &rows));
    if (rows.count == 0) {
        return OK;
    }
    bool ok = trying->known || hash_same(hash_cell(&rows, 1), trying->hash);
    trying->phone_sealed = ok ? row_str(&rows, 0, 0) : (Str){"", 0};
    return code_tried(cx, sql, trying->keys, trying->person, ok, trying->now);
}

enum status phone_change_try(struct cx *cx, struct store *store, struct keys *keys,
                             const struct person *person, Str code, Str known, Instant machine_now,
                             Str *phone)
{
    struct person there = *person;
    struct trying trying = {.person = person->id,
                            .hash =
                                code_hash(cx, keys, "phone-change", whose(cx, person->id), code),
                            .known = known.n > 0 && str_same(code, known),
                            .keys = keys,
                            .now = machine_now};
    TRY(store_write(cx, store, WRITE_INTERACTIVE, phone_claim, &trying));
    there.phone_sealed = trying.phone_sealed;
    return person_phone_open(cx, keys, &there, phone);
}

void phone_change_end(struct script *script, Id person)
{
    script_add(script, SQL("DELETE FROM phone_change WHERE person = ?1"), ARGS(SQL_I(person)));
}

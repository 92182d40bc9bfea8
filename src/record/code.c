#include "record/code.h"

#include <inttypes.h>
#include <string.h>

#include "base/json.h"
#include "record/choice.h"
#include "record/contact.h"
#include "record/lockout.h"
#include "record/signing.h"
#include "seal/password.h"

enum { TRIES_MAX = 5 };

#define LIFE_MS (10 * MINUTE_MS)

bool code_purpose_is(Str purpose)
{
    return str_is(purpose, "login") || str_is(purpose, "sign") || str_is(purpose, "phone");
}

/* --- how long --- */

struct counting {
    Hash key;
    struct lockout wrong;
};

static Hash count_key(struct cx *cx, struct keys *keys, Id person)
{
    return lockout_key(keys, str_printf(cx->arena, "code:%" PRId64, person));
}

static enum status counting_read(struct cx *cx, struct sql *sql, void *arg)
{
    struct counting *c = arg;
    return lockout_find(cx, sql, c->key, &c->wrong);
}

enum status code_digits(struct cx *cx, struct store *store, struct keys *keys, Id person,
                        Instant machine_now, int *out)
{
    struct counting c = {.key = count_key(cx, keys, person)};
    TRY(store_read(cx, store, counting_read, &c));
    bool many = c.wrong.failures >= CODE_WRONG_MAX && machine_now - c.wrong.last < DAY_MS;
    *out = many ? CODE_DIGITS_LONG : CODE_DIGITS;
    return OK;
}

enum status code_tried(struct cx *cx, struct sql *sql, struct keys *keys, Id person, bool ok,
                       Instant machine_now)
{
    Hash key = count_key(cx, keys, person);
    return ok ? lockout_clear(cx, sql, key) : lockout_add(cx, sql, key, machine_now);
}

/* --- codes --- */

static Hash code_hash(struct cx *cx, struct keys *keys, Id person, Str purpose, Str code)
{
    return keys_blind(
        keys, "code",
        str_printf(cx->arena, "%" PRId64 ":%.*s:%.*s", person, STR_ARG(purpose), STR_ARG(code)));
}

Str code_make(struct cx *cx, struct keys *keys, struct script *script, Id person, Str purpose,
              int digits, Instant machine_now)
{
    Str code = code_new(cx->arena, digits);
    Hash hash = code_hash(cx, keys, person, purpose, code);
    script_add(script,
               SQL("INSERT INTO code (person, purpose, hash, made, tries) "
                   "VALUES (?1, ?2, ?3, ?4, 0) ON CONFLICT (person, purpose) DO UPDATE SET "
                   "hash = excluded.hash, made = excluded.made, tries = 0"),
               ARGS(SQL_I(person), SQL_S(purpose),
                    SQL_B(arena_copy(cx->arena, hash.b, HASH_BYTES), HASH_BYTES),
                    SQL_I(machine_now)));
    return code;
}

enum status code_send(struct cx *cx, struct store *store, struct keys *keys,
                      struct sequence *sequence, struct script *script, const struct person *person,
                      Str purpose, Instant machine_now)
{
    Id job = 0;
    int digits = 0;
    TRY(sequence_next(cx, sequence, &job));
    TRY(code_digits(cx, store, keys, person->id, machine_now, &digits));
    Str code = code_make(cx, keys, script, person->id, purpose, digits, machine_now);
    Str text = str_printf(cx->arena,
                          "【通诉】验证码%.*s，10分钟内有效，用于%s。工作人员不会向您索要验证码。",
                          STR_ARG(code),
                          str_is(purpose, "login")  ? "登录"
                          : str_is(purpose, "sign") ? "签名确认"
                                                    : "核对手机号");
    return message_write(cx, keys, script, job, person, text, machine_now);
}

/* --- checking --- */

struct trying {
    Id person;
    Str purpose;
    Hash hash;
    struct keys *keys;
    Instant now;
    bool ok;
};

static enum status code_try(struct cx *cx, struct sql *sql, void *arg)
{
    struct trying *trying = arg;
    struct rows rows = {0};
    Hash kept = {{0}};
    trying->ok = false;
    TRY(sql_query(cx, sql,
                  SQL("UPDATE code SET tries = tries + 1 WHERE person = ?1 AND purpose = ?2 "
                      "AND tries < ?3 AND made > ?4 RETURNING hash"),
                  ARGS(SQL_I(trying->person), SQL_S(trying->purpose), SQL_I(TRIES_MAX),
                       SQL_I(trying->now - LIFE_MS)),
                  &rows));
    if (rows.count == 0 || row_str(&rows, 0, 0).n != HASH_BYTES) {
        return OK;
    }
    memcpy(kept.b, row_str(&rows, 0, 0).p, HASH_BYTES);
    trying->ok = hash_same(kept, trying->hash);
    TRY(code_tried(cx, sql, trying->keys, trying->person, trying->ok, trying->now));
    if (!trying->ok) {
        return OK;
    }
    if (str_is(trying->purpose, "sign")) {
        return sql_exec(cx, sql,
                        SQL("UPDATE code SET tries = tries - 1 WHERE person = ?1 AND purpose = ?2"),
                        ARGS(SQL_I(trying->person), SQL_S(trying->purpose)));
    }
    return sql_exec(cx, sql, SQL("DELETE FROM code WHERE person = ?1 AND purpose = ?2"),
                    ARGS(SQL_I(trying->person), SQL_S(trying->purpose)));
}

enum status code_holds(struct cx *cx, struct store *store, struct keys *keys, Id person,
                       Str purpose, Str code, Instant machine_now, bool *ok)
{
    *ok = false;
    if (code.n != CODE_DIGITS && code.n != CODE_DIGITS_LONG) {
        return OK;
    }
    struct trying trying = {.person = person,
                            .purpose = purpose,
                            .hash = code_hash(cx, keys, person, purpose, code),
                            .keys = keys,
                            .now = machine_now};
    TRY(store_write(cx, store, WRITE_INTERACTIVE, code_try, &trying));
    *ok = trying.ok;
    return OK;
}

/* --- messages --- */

enum status message_write(struct cx *cx, struct keys *keys, struct script *script, Id job,
                          const struct person *person, Str text, Instant machine_now)
{
    SealKey key;
    Str phone = {"", 0};
    struct value *payload = value_map(cx->arena);
    TRY(person_phone_open(cx, keys, person, &phone));
    if (phone.n == 0) {
        return FAIL(cx, E_STATE, "phone-missing", "no phone to send a message to");
    }
    TRY(seal_key_open(cx, keys, person->wrapped_key, &key));
    value_set_str(cx->arena, payload, "to", seal_text(cx->arena, &key, STR("message-to"), phone));
    value_set_str(cx->arena, payload, "person", str_printf(cx->arena, "%" PRId64, person->id));
    value_set_str(cx->arena, payload, "text", seal_text(cx->arena, &key, STR("message"), text));
    script_add(script,
               SQL("INSERT INTO job (id, kind, payload, due, attempts, lease, state, last_error) "
                   "VALUES (?1, 'message', ?2, ?3, 0, 0, 'waiting', '')"),
               ARGS(SQL_I(job), SQL_S(json_write(cx->arena, payload)), SQL_I(machine_now)));
    return OK;
}

enum status message_open(struct cx *cx, struct keys *keys, struct sql *sql, Str payload, Str *to,
                         Str *text)
{
    SealKey key;
    int64_t id = 0;
    struct value *said = NULL;
    struct person *person = NULL;
    *to = (Str){"", 0};
    *text = (Str){"", 0};
    TRY(json_read(cx, payload, &said));
    if (value_get(said, "contact") != NULL) {
        return contact_message_open(cx, keys, sql, said, to, text);
    }
    if (value_get(said, "signing") != NULL) {
        return signing_message_open(cx, keys, sql, said, to, text);
    }
    if (value_get(said, "notice") != NULL) {
        return choice_message_open(cx, keys, sql, value_get_int(said, "notice"),
                                   str_is(value_get_str(said, "way"), "mail"), to, text);
    }
    if (str_int(value_get_str(said, "person"), &id)) {
        TRY(person_find(cx, sql, id, &person));
    }
    if (person == NULL) {
        return OK;
    }
    TRY(seal_key_open(cx, keys, person->wrapped_key, &key));
    TRY(seal_open_text(cx, &key, STR("message"), value_get_str(said, "text"), text));
    return seal_open_text(cx, &key, STR("message-to"), value_get_str(said, "to"), to);
}

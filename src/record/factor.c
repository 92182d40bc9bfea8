#include "record/factor.h"

#include <inttypes.h>

#include "base/random.h"
#include "record/lockout.h"
#include "seal/totp.h"

enum { POSTS_TEXT_MAX = 1000 };

/* --- what there is --- */

static enum status codes_left(struct cx *cx, struct sql *sql, Id person, int64_t *out)
{
    struct rows rows = {0};
    TRY(sql_query(cx, sql,
                  SQL("SELECT count(*) FROM factor_code WHERE person = ?1 AND used IS NULL"),
                  ARGS(SQL_I(person)), &rows));
    *out = row_int(&rows, 0, 0);
    return OK;
}

enum status factor_find(struct cx *cx, struct keys *keys, struct sql *sql,
                        const struct person *person, struct factor *out)
{
    struct rows rows = {0};
    SealKey key;
    *out = (struct factor){.secret = {"", 0}};
    TRY(sql_query(cx, sql,
                  SQL("SELECT secret, made, confirmed, step FROM factor WHERE person = ?1"),
                  ARGS(SQL_I(person->id)), &rows));
    if (rows.count == 0) {
        return OK;
    }
    out->made = row_int(&rows, 0, 1);
    out->confirmed = row_int(&rows, 0, 2);
    out->step = row_int(&rows, 0, 3);
    TRY(seal_key_open(cx, keys, person->wrapped_key, &key));
    TRY(seal_open_text(cx, &key, STR("factor"), row_str(&rows, 0, 0), &out->secret));
    return codes_left(cx, sql, person->id, &out->codes_left);
}

enum status factor_holds(struct cx *cx, struct sql *sql, Id person, bool *out)
{
    struct rows rows = {0};
    TRY(sql_query(cx, sql, SQL("SELECT 1 FROM factor WHERE person = ?1 AND confirmed IS NOT NULL"),
                  ARGS(SQL_I(person)), &rows));
    *out = rows.count > 0;
    return OK;
}

/* --- changing it --- */

enum status factor_begin(struct cx *cx, struct keys *keys, struct script *script,
                         const struct person *person, Str secret, Instant machine_now)
{
    SealKey key;
    TRY(seal_key_open(cx, keys, person->wrapped_key, &key));
    script_add(script,
               SQL("INSERT INTO factor (person, secret, made, confirmed, step) "
                   "VALUES (?1, ?2, ?3, NULL, 0) ON CONFLICT (person) DO UPDATE SET "
                   "secret = excluded.secret, made = excluded.made, confirmed = NULL, step = 0"),
               ARGS(SQL_I(person->id), SQL_S(seal_text(cx->arena, &key, STR("factor"), secret)),
                    SQL_I(machine_now)));
    return OK;
}

void factor_confirm(struct script *script, Id person, int64_t step, Instant machine_now)
{
    script_add(script,
               SQL("UPDATE factor SET confirmed = ?3, step = ?2 "
                   "WHERE person = ?1 AND confirmed IS NULL"),
               ARGS(SQL_I(person), SQL_I(step), SQL_I(machine_now)));
}

/* As it was made: capitals and digits, nothing between. */
static Str code_normal(struct arena *arena, Str code)
{
    struct buf out;
    buf_init(&out, arena, code.n + 1);
    for (size_t i = 0; i < code.n; i++) {
        char c = code.p[i];
        if (c != '-' && c != ' ') {
            buf_char(&out, c >= 'a' && c <= 'z' ? (char)(c - 32) : c);
        }
    }
    return buf_done(&out);
}

static Hash code_hash(struct cx *cx, struct keys *keys, Id person, Str normal)
{
    return keys_blind(keys, "factor",
                      str_printf(cx->arena, "%" PRId64 ":%.*s", person, STR_ARG(normal)));
}

static struct sql_value hash_arg(struct arena *arena, Hash hash)
{
    return SQL_B(arena_copy(arena, hash.b, HASH_BYTES), HASH_BYTES);
}

void factor_codes_make(struct cx *cx, struct keys *keys, struct script *script, Id person,
                       Str codes[FACTOR_CODES])
{
    script_add(script, SQL("DELETE FROM factor_code WHERE person = ?1"), ARGS(SQL_I(person)));
    for (int i = 0; i < FACTOR_CODES; i++) {
        char text[FACTOR_CODE_CHARS + 1];
        random_code(text, FACTOR_CODE_CHARS);
        Hash hash = code_hash(cx, keys, person, str_of(text));
        codes[i] = str_printf(cx->arena, "%.5s-%.5s", text, text + 5);
        script_add(script,
                   SQL("INSERT INTO factor_code (person, hash, used) VALUES (?1, ?2, NULL)"),
                   ARGS(SQL_I(person), hash_arg(cx->arena, hash)));
    }
}

void factor_end(struct script *script, Id person)
{
    script_add(script, SQL("DELETE FROM factor WHERE person = ?1"), ARGS(SQL_I(person)));
    script_add(script, SQL("DELETE FROM factor_code WHERE person = ?1"), ARGS(SQL_I(person)));
}

/* --- taking a code --- */

struct taking {
    struct factor_trial *trial;
    struct keys *keys;
    struct factor factor;
    Hash lock_key;
    Hash paper; /* what the code hashes to as one on paper */
    int64_t step;
    bool by_clock; /* it is a right code of `step` */
};

static enum status taking_read(struct cx *cx, struct sql *sql, void *arg)
{
    struct taking *taking = arg;
    return factor_find(cx, taking->keys, sql, taking->trial->person, &taking->factor);
}

static enum status paper_claim(struct cx *cx, struct sql *sql, const struct taking *taking,
                               bool *ok)
{
    int64_t changed = 0;
    TRY(sql_exec(cx, sql,
                 SQL("UPDATE factor_code SET used = ?3 "
                     "WHERE person = ?1 AND hash = ?2 AND used IS NULL"),
                 ARGS(SQL_I(taking->trial->person->id), hash_arg(cx->arena, taking->paper),
                      SQL_I(taking->trial->machine_now))));
    TRY(sql_changed(cx, sql, &changed));
    *ok = changed == 1;
    return OK;
}

static enum status clock_claim(struct cx *cx, struct sql *sql, const struct taking *taking,
                               bool *ok)
{
    int64_t changed = 0;
    if (taking->by_clock) {
        TRY(sql_exec(cx, sql,
                     SQL("UPDATE factor SET step = ?2 "
                         "WHERE person = ?1 AND confirmed IS NOT NULL AND step < ?2"),
                     ARGS(SQL_I(taking->trial->person->id), SQL_I(taking->step))));
        TRY(sql_changed(cx, sql, &changed));
    }
    *ok = changed == 1;
    return OK;
}

/* A try is counted before it is looked at. */
static enum status taking_write(struct cx *cx, struct sql *sql, void *arg)
{
    struct taking *taking = arg;
    struct factor_trial *trial = taking->trial;
    struct lockout lockout;
    bool ok = false;
    trial->on_paper = false;
    TRY(lockout_find(cx, sql, taking->lock_key, &lockout));
    trial->wait_ms = lockout_wait_ms(&lockout, trial->machine_now);
    if (trial->wait_ms == 0) {
        TRY(lockout_add(cx, sql, taking->lock_key, trial->machine_now));
        TRY(clock_claim(cx, sql, taking, &ok));
    }
    if (!ok) {
        TRY(paper_claim(cx, sql, taking, &ok));
        trial->on_paper = ok;
    }
    trial->answer = ok ? FACTOR_TAKEN : trial->wait_ms > 0 ? FACTOR_LOCKED : FACTOR_WRONG;
    return ok ? lockout_clear(cx, sql, taking->lock_key) : OK;
}

enum status factor_try(struct cx *cx, struct store *store, struct keys *keys,
                       struct factor_trial *trial)
{
    Id person = trial->person->id;
    Str normal = code_normal(cx->arena, trial->code);
    struct taking taking = {.trial = trial,
                            .keys = keys,
                            .lock_key =
                                lockout_key(keys, str_printf(cx->arena, "factor:%" PRId64, person)),
                            .paper = code_hash(cx, keys, person, normal)};
    TRY(store_read(cx, store, taking_read, &taking));
    taking.by_clock = taking.factor.confirmed > 0 &&
                      totp_holds(cx->arena, taking.factor.secret, normal, trial->machine_now,
                                 taking.factor.step, &taking.step);
    return store_write(cx, store, WRITE_INTERACTIVE, taking_write, &taking);
}

/* --- posts that want it --- */

enum status factor_posts(struct cx *cx, struct sql *sql, Str **out, size_t *count)
{
    struct rows rows = {0};
    TRY(sql_query(cx, sql, SQL("SELECT value FROM setting WHERE name = 'totp-posts'"), NO_ARGS,
                  &rows));
    *out = NULL;
    *count = rows.count == 0 || row_str(&rows, 0, 0).n == 0
                 ? 0
                 : str_split(cx->arena, row_str(&rows, 0, 0), ' ', out);
    return OK;
}

void factor_posts_set(struct arena *arena, struct script *script, const Str *posts, size_t count,
                      Instant machine_now)
{
    struct buf text;
    buf_init(&text, arena, POSTS_TEXT_MAX);
    for (size_t i = 0; i < count; i++) {
        buf_printf(&text, "%s%.*s", i == 0 ? "" : " ", STR_ARG(posts[i]));
        script_add(script,
                   SQL("UPDATE session SET ended = ?2 WHERE post = ?1 AND ended IS NULL AND "
                       "NOT EXISTS (SELECT 1 FROM factor f WHERE f.person = session.person "
                       "AND f.confirmed IS NOT NULL)"),
                   ARGS(SQL_S(posts[i]), SQL_I(machine_now)));
    }
    script_add(script,
               SQL("INSERT INTO setting (name, value) VALUES ('totp-posts', ?1) "
                   "ON CONFLICT (name) DO UPDATE SET value = excluded.value"),
               ARGS(SQL_S(buf_done(&text))));
}

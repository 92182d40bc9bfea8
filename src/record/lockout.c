#include "record/lockout.h"

enum { FREE_FAILURES = 5, DOUBLINGS_MAX = 4 };

#define FIRST_MS   MINUTE_MS
#define LONGEST_MS (15 * MINUTE_MS)

int64_t lockout_wait_ms(const struct lockout *lockout, Instant machine_now)
{
    int64_t over = lockout->failures - FREE_FAILURES;
    if (over < 0 || machine_now - lockout->last > DAY_MS) {
        return 0;
    }
    int64_t wait_ms = FIRST_MS << (over > DOUBLINGS_MAX ? DOUBLINGS_MAX : over);
    wait_ms = wait_ms > LONGEST_MS ? LONGEST_MS : wait_ms;
    int64_t left_ms = lockout->last + wait_ms - machine_now;
    /* A machine whose clock was set back must not lock anybody for longer than the rule says. */
    return left_ms > wait_ms ? wait_ms : (left_ms < 0 ? 0 : left_ms);
}

Hash lockout_key(struct keys *keys, Str login)
{
    return keys_blind(keys, "lockout", login);
}

static struct sql_value key_arg(struct arena *arena, Hash key)
{
    return SQL_B(arena_copy(arena, key.b, HASH_BYTES), HASH_BYTES);
}

enum status lockout_find(struct cx *cx, struct sql *sql, Hash key, struct lockout *out)
{
    struct rows rows = {0};
    *out = (struct lockout){0};
    TRY(sql_query(cx, sql, SQL("SELECT failures, last FROM login_failure WHERE login = ?1"),
                  ARGS(key_arg(cx->arena, key)), &rows));
    if (rows.count > 0) {
        *out = (struct lockout){row_int(&rows, 0, 0), row_int(&rows, 0, 1)};
    }
    return OK;
}

enum status lockout_add(struct cx *cx, struct sql *sql, Hash key, Instant machine_now)
{
    TRY(sql_exec(cx, sql, SQL("DELETE FROM login_failure WHERE last < ?1"),
                 ARGS(SQL_I(machine_now - DAY_MS))));
    return sql_exec(cx, sql,
                    SQL("INSERT INTO login_failure (login, failures, last) VALUES (?1, 1, ?2) "
                        "ON CONFLICT (login) DO UPDATE SET failures = login_failure.failures + 1, "
                        "last = excluded.last"),
                    ARGS(key_arg(cx->arena, key), SQL_I(machine_now)));
}

enum status lockout_clear(struct cx *cx, struct sql *sql, Hash key)
{
    return sql_exec(cx, sql, SQL("DELETE FROM login_failure WHERE login = ?1"),
                    ARGS(key_arg(cx->arena, key)));
}

void lockout_forget(struct script *script, struct arena *arena, Hash key)
{
    script_add(script, SQL("DELETE FROM login_failure WHERE login = ?1"),
               ARGS(key_arg(arena, key)));
}

#include "record/desk_login.h"

#include "seal/password.h"

enum { NUMBER_TRIES_MAX = 3 };

static struct sql_value token_arg(struct arena *arena, Str token)
{
    Hash hash = token_hash(token);
    return SQL_B(arena_copy(arena, hash.b, HASH_BYTES), HASH_BYTES);
}

void desk_login_write_new(struct script *script, struct arena *arena, Str code, Str desk,
                          const struct desk_login *login)
{
    script_add(script, SQL("DELETE FROM desk_login WHERE made < ?1"),
               ARGS(SQL_I(login->made - DAY_MS)));
    script_add(script,
               SQL("INSERT INTO desk_login (code, desk, number, agent, client, made, tries, state, "
                   "decided, person, post, court) "
                   "VALUES (?1, ?2, ?3, ?4, ?5, ?6, 0, 'waiting', 0, 0, '', '')"),
               ARGS(token_arg(arena, code), token_arg(arena, desk), SQL_S(login->number),
                    SQL_S(login->agent), SQL_S(login->client), SQL_I(login->made)));
}

static struct desk_login *login_first(struct cx *cx, const struct rows *r, Instant machine_now)
{
    if (r->count == 0) {
        return NULL;
    }
    struct desk_login *login = arena_new(cx->arena, struct desk_login);
    *login = (struct desk_login){.number = row_str(r, 0, 0),
                                 .agent = row_str(r, 0, 1),
                                 .client = row_str(r, 0, 2),
                                 .made = row_int(r, 0, 3),
                                 .state = row_str(r, 0, 4)};
    bool waits = str_is(login->state, "waiting");
    Instant since = waits ? login->made : row_int(r, 0, 5);
    Instant most = waits ? DESK_LOGIN_WAIT_MS : DESK_LOGIN_TAKE_MS;
    if ((waits || str_is(login->state, "confirmed")) && machine_now - since >= most) {
        login->state = STR("expired");
    }
    return login;
}

enum status desk_login_find(struct cx *cx, struct sql *sql, Str code, Instant machine_now,
                            struct desk_login **out)
{
    struct rows rows = {0};
    TRY(sql_query(cx, sql,
                  SQL("SELECT number, agent, client, made, state, decided FROM desk_login "
                      "WHERE code = ?1"),
                  ARGS(token_arg(cx->arena, code)), &rows));
    *out = login_first(cx, &rows, machine_now);
    return OK;
}

enum status desk_login_of_desk(struct cx *cx, struct sql *sql, Str desk, Instant machine_now,
                               struct desk_login **out)
{
    struct rows rows = {0};
    TRY(sql_query(cx, sql,
                  SQL("SELECT number, agent, client, made, state, decided FROM desk_login "
                      "WHERE desk = ?1"),
                  ARGS(token_arg(cx->arena, desk)), &rows));
    *out = login_first(cx, &rows, machine_now);
    return OK;
}

/* A wrong number is counted; too many end it. */
static enum status number_wrong(struct cx *cx, struct sql *sql, Str code, Instant machine_now,
                                enum desk_answer *out)
{
    struct rows rows = {0};
    TRY(sql_query(cx, sql,
                  SQL("UPDATE desk_login SET tries = tries + 1 WHERE code = ?1 AND tries < ?2 "
                      "AND state = 'waiting' AND made > ?3 RETURNING tries"),
                  ARGS(token_arg(cx->arena, code), SQL_I(NUMBER_TRIES_MAX),
                       SQL_I(machine_now - DESK_LOGIN_WAIT_MS)),
                  &rows));
    *out =
        rows.count == 1 && row_int(&rows, 0, 0) < NUMBER_TRIES_MAX ? DESK_NUMBER_WRONG : DESK_OVER;
    return *out == DESK_NUMBER_WRONG
               ? OK
               : sql_exec(cx, sql,
                          SQL("UPDATE desk_login SET state = 'refused', decided = ?2 "
                              "WHERE code = ?1 AND state = 'waiting'"),
                          ARGS(token_arg(cx->arena, code), SQL_I(machine_now)));
}

enum status desk_login_confirm(struct cx *cx, struct sql *sql, Str code, Str number,
                               const struct session *by, Instant machine_now, enum desk_answer *out)
{
    int64_t changed = 0;
    TRY(sql_exec(cx, sql,
                 SQL("UPDATE desk_login SET state = 'confirmed', decided = ?3, person = ?4, "
                     "post = ?5, court = ?6 WHERE code = ?1 AND number = ?2 AND state = 'waiting' "
                     "AND tries < ?7 AND made > ?8"),
                 ARGS(token_arg(cx->arena, code), SQL_S(number), SQL_I(machine_now),
                      SQL_I(by->person), SQL_S(by->post), SQL_S(by->court), SQL_I(NUMBER_TRIES_MAX),
                      SQL_I(machine_now - DESK_LOGIN_WAIT_MS))));
    TRY(sql_changed(cx, sql, &changed));
    *out = DESK_DONE;
    return changed == 1 ? OK : number_wrong(cx, sql, code, machine_now, out);
}

void desk_login_refuse(struct script *script, struct arena *arena, Str code, Instant machine_now)
{
    script_add(script,
               SQL("UPDATE desk_login SET state = 'refused', decided = ?2 "
                   "WHERE code = ?1 AND state = 'waiting'"),
               ARGS(token_arg(arena, code), SQL_I(machine_now)));
}

enum status desk_login_take(struct cx *cx, struct sql *sql, Str desk, Instant machine_now,
                            struct desk_login *out, bool *taken)
{
    struct rows rows = {0};
    TRY(sql_query(cx, sql,
                  SQL("UPDATE desk_login SET state = 'used' WHERE desk = ?1 "
                      "AND state = 'confirmed' AND decided > ?2 RETURNING person, post, court"),
                  ARGS(token_arg(cx->arena, desk), SQL_I(machine_now - DESK_LOGIN_TAKE_MS)),
                  &rows));
    *taken = rows.count == 1;
    if (*taken) {
        out->person = row_int(&rows, 0, 0);
        out->post = row_str(&rows, 0, 1);
        out->court = row_str(&rows, 0, 2);
    }
    return OK;
}

enum status desk_login_stands(struct cx *cx, struct sql *sql, Str desk, bool *stands)
{
    int64_t changed = 0;
    TRY(sql_exec(cx, sql,
                 SQL("UPDATE desk_login SET decided = decided WHERE desk = ?1 AND state = 'used'"),
                 ARGS(token_arg(cx->arena, desk))));
    TRY(sql_changed(cx, sql, &changed));
    *stands = changed == 1;
    return OK;
}

#include "record/person.h"

#include <inttypes.h>
#include <string.h>

#include "base/check.h"

#define SESSION_IDLE_MS (12 * HOUR_MS)

#define PERSON_COLUMNS                                                                             \
    "id, kind, login, password, name, wrapped_key, identity_type, identity_sealed, "               \
    "identity_blind, "                                                                             \
    "phone_sealed, email, licence, firm, organisation, organisation_code, verified, verified_at, " \
    "verified_by, failed_logins, failed_last, large_type, disabled, created"

static Hash hash_cell(const struct rows *rows, uint32_t row, uint32_t column)
{
    Hash hash = {{0}};
    Str bytes = row_str(rows, row, column);
    if (bytes.n == HASH_BYTES) {
        memcpy(hash.b, bytes.p, HASH_BYTES);
    }
    return hash;
}

static struct sql_value hash_arg(struct arena *arena, Hash hash)
{
    return hash_is_zero(hash) ? SQL_N : SQL_B(arena_copy(arena, hash.b, HASH_BYTES), HASH_BYTES);
}

static void person_fill(const struct rows *r, uint32_t i, struct person *p)
{
    *p = (struct person){
        .id = row_int(r, i, 0),
        .kind = row_str(r, i, 1),
        .login = row_str(r, i, 2),
        .password = row_str(r, i, 3),
        .name = row_str(r, i, 4),
        .wrapped_key = row_str(r, i, 5),
        .identity_type = row_str(r, i, 6),
        .identity_sealed = row_str(r, i, 7),
        .identity_blind = hash_cell(r, i, 8),
        .phone_sealed = row_str(r, i, 9),
        .email = row_str(r, i, 10),
        .licence = row_str(r, i, 11),
        .firm = row_str(r, i, 12),
        .organisation = row_str(r, i, 13),
        .organisation_code = row_str(r, i, 14),
        .verified = row_str(r, i, 15),
        .verified_at = row_int(r, i, 16),
        .verified_by = row_int(r, i, 17),
        .failed_logins = row_int(r, i, 18),
        .failed_last = row_int(r, i, 19),
        .large_type = row_int(r, i, 20) != 0,
        .disabled = row_int(r, i, 21) != 0,
        .created = row_int(r, i, 22),
    };
}

static struct person *person_first(struct cx *cx, const struct rows *rows)
{
    if (rows->count == 0) {
        return NULL;
    }
    struct person *person = arena_new(cx->arena, struct person);
    person_fill(rows, 0, person);
    return person;
}

enum status person_find(struct cx *cx, struct sql *sql, Id id, struct person **out)
{
    struct rows rows = {0};
    TRY(sql_query(cx, sql, SQL("SELECT " PERSON_COLUMNS " FROM person WHERE id = ?1"),
                  ARGS(SQL_I(id)), &rows));
    *out = person_first(cx, &rows);
    return OK;
}

enum status person_find_login(struct cx *cx, struct sql *sql, Str login, struct person **out)
{
    struct rows rows = {0};
    TRY(sql_query(cx, sql, SQL("SELECT " PERSON_COLUMNS " FROM person WHERE login = ?1"),
                  ARGS(SQL_S(login)), &rows));
    *out = person_first(cx, &rows);
    return OK;
}

enum status person_list_identity(struct cx *cx, struct sql *sql, Hash blind, struct person **out,
                                 uint32_t *count)
{
    struct rows rows = {0};
    TRY(sql_query(cx, sql,
                  SQL("SELECT " PERSON_COLUMNS " FROM person WHERE identity_blind = ?1 "
                      "ORDER BY id"),
                  ARGS(hash_arg(cx->arena, blind)), &rows));
    struct person *people = arena_array(cx->arena, struct person, rows.count);
    for (uint32_t i = 0; i < rows.count; i++) {
        person_fill(&rows, i, &people[i]);
    }
    *out = people;
    *count = rows.count;
    return OK;
}

static struct sql_value instant_arg(Instant at)
{
    return at == 0 ? SQL_N : SQL_I(at);
}

void person_write_new(struct script *script, struct arena *arena, const struct person *p)
{
    check(p->id > 0 && p->login.n > 0);
    script_add(
        script,
        SQL("INSERT INTO person (" PERSON_COLUMNS ") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, "
            "?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23)"),
        ARGS(SQL_I(p->id), SQL_S(p->kind), SQL_S(p->login), SQL_S(p->password), SQL_S(p->name),
             SQL_S(p->wrapped_key), SQL_S(p->identity_type), SQL_S(p->identity_sealed),
             hash_arg(arena, p->identity_blind), SQL_S(p->phone_sealed), SQL_S(p->email),
             SQL_S(p->licence), SQL_S(p->firm), SQL_S(p->organisation), SQL_S(p->organisation_code),
             SQL_S(p->verified), instant_arg(p->verified_at),
             p->verified_by == 0 ? SQL_N : SQL_I(p->verified_by), SQL_I(p->failed_logins),
             SQL_I(p->failed_last), SQL_I(p->large_type), SQL_I(p->disabled), SQL_I(p->created)));
}

void person_write(struct script *script, struct arena *arena, const struct person *p)
{
    script_add(script,
               SQL("UPDATE person SET kind = ?2, password = ?3, name = ?4, identity_type = ?5, "
                   "identity_sealed = ?6, identity_blind = ?7, phone_sealed = ?8, email = ?9, "
                   "licence = ?10, firm = ?11, organisation = ?12, organisation_code = ?13, "
                   "verified = ?14, verified_at = ?15, verified_by = ?16, failed_logins = ?17, "
                   "failed_last = ?18, large_type = ?19, disabled = ?20 WHERE id = ?1"),
               ARGS(SQL_I(p->id), SQL_S(p->kind), SQL_S(p->password), SQL_S(p->name),
                    SQL_S(p->identity_type), SQL_S(p->identity_sealed),
                    hash_arg(arena, p->identity_blind), SQL_S(p->phone_sealed), SQL_S(p->email),
                    SQL_S(p->licence), SQL_S(p->firm), SQL_S(p->organisation),
                    SQL_S(p->organisation_code), SQL_S(p->verified), instant_arg(p->verified_at),
                    p->verified_by == 0 ? SQL_N : SQL_I(p->verified_by), SQL_I(p->failed_logins),
                    SQL_I(p->failed_last), SQL_I(p->large_type), SQL_I(p->disabled)));
}

void person_large_set(struct script *script, Id id, bool on)
{
    script_add(script, SQL("UPDATE person SET large_type = ?2 WHERE id = ?1"),
               ARGS(SQL_I(id), SQL_I(on)));
}

void person_login_set(struct script *script, Id id, Str login)
{
    script_add(script, SQL("UPDATE person SET login = ?2 WHERE id = ?1 AND password = ''"),
               ARGS(SQL_I(id), SQL_S(login)));
}

/* --- posts --- */

enum status post_list(struct cx *cx, struct sql *sql, Id person, struct post **out, uint32_t *count)
{
    struct rows rows = {0};
    TRY(sql_query(cx, sql,
                  SQL("SELECT post, court, since FROM post WHERE person = ?1 AND until IS NULL "
                      "ORDER BY court, post"),
                  ARGS(SQL_I(person)), &rows));
    struct post *posts = arena_array(cx->arena, struct post, rows.count);
    for (uint32_t i = 0; i < rows.count; i++) {
        posts[i] = (struct post){row_str(&rows, i, 0), row_str(&rows, i, 1), row_int(&rows, i, 2)};
    }
    *out = posts;
    *count = rows.count;
    return OK;
}

void post_write(struct script *script, Id person, Str post, Str court, Instant since)
{
    script_add(
        script,
        SQL("INSERT INTO post (person, post, court, since, until) VALUES (?1, ?2, ?3, ?4, NULL) "
            "ON CONFLICT (person, post, court) DO UPDATE SET since = excluded.since, until = NULL"),
        ARGS(SQL_I(person), SQL_S(post), SQL_S(court), SQL_I(since)));
}

void post_end(struct script *script, Id person, Str post, Str court, Instant until)
{
    script_add(script,
               SQL("UPDATE post SET until = ?4 WHERE person = ?1 AND post = ?2 AND court = ?3 "
                   "AND until IS NULL"),
               ARGS(SQL_I(person), SQL_S(post), SQL_S(court), SQL_I(until)));
}

/* --- sessions --- */

/* Neither ended nor idle, of somebody who may log in, under a post that he holds. ?2: idle since.
 */
#define LIVES                                                                     \
    "s.ended IS NULL AND s.used > ?2 AND p.disabled = 0 "                         \
    "AND (s.post = '' OR EXISTS (SELECT 1 FROM post o WHERE o.person = s.person " \
    "AND o.post = s.post AND o.court = s.court AND o.until IS NULL))"

enum status session_find(struct cx *cx, struct sql *sql, Hash token, Instant machine_now,
                         struct session **out, struct actor *actor)
{
    struct rows r = {0};
    *out = NULL;
    TRY(sql_query(
        cx, sql,
        SQL("SELECT s.id, s.person, s.post, s.court, s.csrf, s.agent, s.client, s.created, "
            "s.used, p.kind, p.name, p.verified FROM session s JOIN person p ON p.id = s.person "
            "WHERE s.token = ?1 AND " LIVES),
        ARGS(SQL_B(arena_copy(cx->arena, token.b, HASH_BYTES), HASH_BYTES),
             SQL_I(machine_now - SESSION_IDLE_MS)),
        &r));
    if (r.count == 0) {
        return OK;
    }
    struct session *s = arena_new(cx->arena, struct session);
    *s = (struct session){token,
                          row_int(&r, 0, 0),
                          row_int(&r, 0, 1),
                          row_str(&r, 0, 2),
                          row_str(&r, 0, 3),
                          row_str(&r, 0, 4),
                          row_str(&r, 0, 5),
                          row_str(&r, 0, 6),
                          row_int(&r, 0, 7),
                          row_int(&r, 0, 8)};
    *actor = (struct actor){.person = s->person,
                            .person_kind = row_str(&r, 0, 9),
                            .name = row_str(&r, 0, 10),
                            .verified = row_str(&r, 0, 11).n > 0,
                            .post = s->post,
                            .court = s->court,
                            .session = s->id};
    *out = s;
    return OK;
}

enum status session_stands(struct cx *cx, struct sql *sql, int64_t id, Str post, Str court,
                           Instant machine_now, bool *out)
{
    struct rows r = {0};
    TRY(sql_query(cx, sql,
                  SQL("SELECT 1 FROM session s JOIN person p ON p.id = s.person "
                      "WHERE s.id = ?1 AND s.post = ?3 AND s.court = ?4 AND " LIVES),
                  ARGS(SQL_I(id), SQL_I(machine_now - SESSION_IDLE_MS), SQL_S(post), SQL_S(court)),
                  &r));
    *out = r.count == 1;
    return OK;
}

enum status session_post_before(struct cx *cx, struct sql *sql, Hash token, Str *post, Str *court)
{
    struct rows r = {0};
    TRY(sql_query(cx, sql, SQL("SELECT post, court FROM session WHERE token = ?1"),
                  ARGS(SQL_B(arena_copy(cx->arena, token.b, HASH_BYTES), HASH_BYTES)), &r));
    *post = r.count == 0 ? (Str){"", 0} : row_str(&r, 0, 0);
    *court = r.count == 0 ? (Str){"", 0} : row_str(&r, 0, 1);
    return OK;
}

enum status session_list(struct cx *cx, struct sql *sql, Id person, struct session **out,
                         uint32_t *count)
{
    struct rows r = {0};
    TRY(sql_query(
        cx, sql,
        SQL("SELECT token, id, person, post, court, csrf, agent, client, created, used "
            "FROM session WHERE person = ?1 AND ended IS NULL ORDER BY used DESC LIMIT 100"),
        ARGS(SQL_I(person)), &r));
    struct session *list = arena_array(cx->arena, struct session, r.count);
    for (uint32_t i = 0; i < r.count; i++) {
        list[i] = (struct session){hash_cell(&r, i, 0), row_int(&r, i, 1), row_int(&r, i, 2),
                                   row_str(&r, i, 3),   row_str(&r, i, 4), row_str(&r, i, 5),
                                   row_str(&r, i, 6),   row_str(&r, i, 7), row_int(&r, i, 8),
                                   row_int(&r, i, 9)};
    }
    *out = list;
    *count = r.count;
    return OK;
}

void session_write_new(struct script *script, struct arena *arena, const struct session *s)
{
    script_add(
        script,
        SQL("INSERT INTO session (token, id, person, post, court, csrf, agent, client, created, "
            "used, ended) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, NULL)"),
        ARGS(SQL_B(arena_copy(arena, s->token.b, HASH_BYTES), HASH_BYTES), SQL_I(s->id),
             SQL_I(s->person), SQL_S(s->post), SQL_S(s->court), SQL_S(s->csrf), SQL_S(s->agent),
             SQL_S(s->client), SQL_I(s->created), SQL_I(s->used)));
}

void session_touch(struct script *script, int64_t id, Instant used)
{
    script_add(script, SQL("UPDATE session SET used = ?2 WHERE id = ?1 AND ended IS NULL"),
               ARGS(SQL_I(id), SQL_I(used)));
}

void session_post_set(struct script *script, int64_t id, const struct post *post)
{
    script_add(script,
               SQL("UPDATE session SET post = ?2, court = ?3 WHERE id = ?1 AND ended IS NULL"),
               ARGS(SQL_I(id), SQL_S(post->post), SQL_S(post->court)));
}

void session_end(struct script *script, int64_t id, Id person, Instant at)
{
    script_add(script,
               SQL("UPDATE session SET ended = ?3 WHERE id = ?1 AND person = ?2 AND ended IS NULL"),
               ARGS(SQL_I(id), SQL_I(person), SQL_I(at)));
}

enum status session_may_begin(struct cx *cx, struct sql *sql, const struct person *read, bool *may)
{
    int64_t changed = 0;
    TRY(sql_exec(cx, sql,
                 SQL("UPDATE person SET password = password "
                     "WHERE id = ?1 AND password = ?2 AND disabled = 0"),
                 ARGS(SQL_I(read->id), SQL_S(read->password))));
    TRY(sql_changed(cx, sql, &changed));
    *may = changed == 1;
    return OK;
}

/* A desk that his phone has confirmed and that has not come in yet is not to come in any more. */
static void desks_end(struct script *script, Id person, Instant at)
{
    script_add(script,
               SQL("UPDATE desk_login SET state = 'refused', decided = ?2 "
                   "WHERE person = ?1 AND state IN ('confirmed', 'used') AND made > ?3"),
               ARGS(SQL_I(person), SQL_I(at), SQL_I(at - DAY_MS)));
}

void session_end_others(struct script *script, Id person, int64_t but_id, Instant at)
{
    desks_end(script, person, at);
    script_add(script,
               SQL("UPDATE session SET ended = ?3 WHERE person = ?1 AND id <> ?2 "
                   "AND ended IS NULL"),
               ARGS(SQL_I(person), SQL_I(but_id), SQL_I(at)));
}

void session_end_all(struct script *script, Id person, Instant at)
{
    desks_end(script, person, at);
    script_add(script, SQL("UPDATE session SET ended = ?2 WHERE person = ?1 AND ended IS NULL"),
               ARGS(SQL_I(person), SQL_I(at)));
}

Str viewer_person(struct arena *arena, Id person)
{
    return str_printf(arena, "p:%" PRId64, person);
}

Str viewer_post(struct arena *arena, Str post, Str court)
{
    return str_printf(arena, "%.*s@%.*s", STR_ARG(post), STR_ARG(court));
}

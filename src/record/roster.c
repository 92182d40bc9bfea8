#include "record/roster.h"

/* "%" and "_" are themselves. */
static Str like_text(struct arena *arena, Str text)
{
    struct buf out;
    buf_init(&out, arena, text.n * 2 + 1);
    for (size_t i = 0; i < text.n; i++) {
        if (text.p[i] == '%' || text.p[i] == '_' || text.p[i] == '\\') {
            buf_char(&out, '\\');
        }
        buf_char(&out, text.p[i]);
    }
    return buf_done(&out);
}

enum status roster_people(struct cx *cx, struct sql *sql, const struct roster_query *query,
                          struct person **out, uint32_t *count)
{
    struct rows r = {0};
    Str part = like_text(cx->arena, query->q);
    TRY(sql_query(cx, sql,
                  SQL("SELECT id, kind, login, name, verified, disabled, created FROM person "
                      "WHERE id > ?1 AND (?2 = '' OR name LIKE ?3 ESCAPE '\\' "
                      "OR login LIKE ?4 ESCAPE '\\') ORDER BY id LIMIT ?5"),
                  ARGS(SQL_I(query->after), SQL_S(query->q),
                       SQL_S(str_printf(cx->arena, "%%%.*s%%", STR_ARG(part))),
                       SQL_S(str_printf(cx->arena, "%.*s%%", STR_ARG(part))), SQL_I(query->limit)),
                  &r));
    struct person *list = arena_array(cx->arena, struct person, r.count);
    for (uint32_t i = 0; i < r.count; i++) {
        list[i] = (struct person){.id = row_int(&r, i, 0),
                                  .kind = row_str(&r, i, 1),
                                  .login = row_str(&r, i, 2),
                                  .name = row_str(&r, i, 3),
                                  .verified = row_str(&r, i, 4),
                                  .disabled = row_int(&r, i, 5) != 0,
                                  .created = row_int(&r, i, 6)};
    }
    *out = list;
    *count = r.count;
    return OK;
}

enum status roster_posts(struct cx *cx, struct sql *sql, const struct roster_query *query,
                         Id person, struct held_post **out, uint32_t *count)
{
    struct rows r = {0};
    Str part = like_text(cx->arena, query->q);
    TRY(sql_query(cx, sql,
                  SQL("SELECT o.person, p.name, p.login, o.post, o.court, o.since FROM post o "
                      "JOIN person p ON p.id = o.person WHERE o.until IS NULL AND o.person > ?1 "
                      "AND (?2 = 0 OR o.person = ?2) AND (?3 = '' OR p.name LIKE ?4 ESCAPE '\\' "
                      "OR p.login LIKE ?5 ESCAPE '\\' OR o.court = ?3) "
                      "ORDER BY o.person, o.court, o.post LIMIT ?6"),
                  ARGS(SQL_I(query->after), SQL_I(person), SQL_S(query->q),
                       SQL_S(str_printf(cx->arena, "%%%.*s%%", STR_ARG(part))),
                       SQL_S(str_printf(cx->arena, "%.*s%%", STR_ARG(part))), SQL_I(query->limit)),
                  &r));
    struct held_post *list = arena_array(cx->arena, struct held_post, r.count);
    for (uint32_t i = 0; i < r.count; i++) {
        list[i] = (struct held_post){row_int(&r, i, 0), row_str(&r, i, 1), row_str(&r, i, 2),
                                     row_str(&r, i, 3), row_str(&r, i, 4), row_int(&r, i, 5)};
    }
    *out = list;
    *count = r.count;
    return OK;
}

void person_disable(struct script *script, Id person, bool disabled)
{
    script_add(script, SQL("UPDATE person SET disabled = ?2 WHERE id = ?1"),
               ARGS(SQL_I(person), SQL_I(disabled)));
}

void person_password_set(struct script *script, Id person, Str hash)
{
    script_add(script, SQL("UPDATE person SET password = ?2 WHERE id = ?1"),
               ARGS(SQL_I(person), SQL_S(hash)));
}

#include "record/choice.h"

#include "base/clock.h"
#include "record/email.h"

enum status choice_find(struct cx *cx, struct sql *sql, Id person, struct choice *out)
{
    struct rows r = {0};
    *out = (struct choice){{false, false}, {false, false}};
    TRY(sql_query(cx, sql, SQL("SELECT kind, sms, mail FROM notice_choice WHERE viewer = ?1"),
                  ARGS(SQL_S(viewer_person(cx->arena, person))), &r));
    for (uint32_t i = 0; i < r.count; i++) {
        struct ways *which = str_is(row_str(&r, i, 0), "remind") ? &out->remind : &out->progress;
        *which = (struct ways){row_int(&r, i, 1) != 0, row_int(&r, i, 2) != 0};
    }
    return OK;
}

static void kind_write(struct script *script, Str viewer, const char *kind, struct ways ways)
{
    script_add(script,
               SQL("INSERT INTO notice_choice (viewer, kind, sms, mail) VALUES (?1, ?2, ?3, ?4) "
                   "ON CONFLICT (viewer, kind) DO UPDATE SET sms = excluded.sms, "
                   "mail = excluded.mail"),
               ARGS(SQL_S(viewer), SQL_C(kind), SQL_I(ways.sms), SQL_I(ways.mail)));
}

void choice_write(struct script *script, struct arena *arena, Id person,
                  const struct choice *choice)
{
    Str viewer = viewer_person(arena, person);
    kind_write(script, viewer, "remind", choice->remind);
    kind_write(script, viewer, "progress", choice->progress);
}

#define FROM_CHOSEN                                                   \
    ", 0, 0, 0, 'waiting', '' FROM notice n JOIN notice_choice c ON " \
    "c.viewer = n.viewer AND c.kind = "                               \
    "CASE WHEN n.kind = 'remind' THEN 'remind' ELSE 'progress' END "  \
    "WHERE n.id >= ?1 AND n.id <= ?2 AND n.event > 0 "

void choice_messages(struct script *script, Id first_id, Id last_id)
{
    script_add(script,
               SQL("INSERT INTO job (id, kind, payload, due, attempts, lease, state, last_error) "
                   "SELECT n.id, 'message', '{\"notice\":' || n.id || '}'" FROM_CHOSEN
                   "AND c.sms = 1 UNION ALL SELECT n.id + 70368744177664, 'message', "
                   "'{\"notice\":' || n.id || ',\"way\":\"mail\"}'" FROM_CHOSEN "AND c.mail = 1"),
               ARGS(SQL_I(first_id), SQL_I(last_id)));
}

enum status choice_message_open(struct cx *cx, struct keys *keys, struct sql *sql, Id notice,
                                bool by_mail, Str *to, Str *text)
{
    struct rows r = {0};
    struct person *person = NULL;
    int64_t id = 0;
    *to = (Str){"", 0};
    *text = (Str){"", 0};
    TRY(sql_query(cx, sql, SQL("SELECT viewer, title FROM notice WHERE id = ?1"),
                  ARGS(SQL_I(notice)), &r));
    if (r.count == 0 || !str_starts(row_str(&r, 0, 0), "p:")) {
        return OK;
    }
    Str viewer = row_str(&r, 0, 0);
    if (str_int(str_slice(cx->arena, viewer, 2, viewer.n), &id)) {
        TRY(person_find(cx, sql, id, &person));
    }
    if (person == NULL || person->disabled) {
        return OK;
    }
    if (by_mail) {
        struct email_state state = {0};
        TRY(email_find(cx, sql, person, clock_machine(), &state));
        *to = state.confirmed ? person->email : *to;
        *text = str_printf(cx->arena, "您的事项有新消息：%.*s。请登录通诉，在“收到的文书”里看：",
                           STR_ARG(row_str(&r, 0, 1)));
        return OK;
    }
    *text =
        str_printf(cx->arena, "【通诉】您的事项有新消息：%.*s。请登录通诉，在“收到的文书”里看。",
                   STR_ARG(row_str(&r, 0, 1)));
    return person_phone_open(cx, keys, person, to);
}

/* Whom to call at a court: found, shown, changed, verified, reported as not reached. */
#include "web/contact.h"

#include <inttypes.h>

#include "base/json.h"
#include "law/hours.h"
#include "record/audit.h"
#include "record/contact_import.h"
#include "web/again.h"
#include "web/handlers.h"

enum { OFFSET_MAX = 100000, CHANGES_MAX = 20 };

static const struct law_tables *tables_of(const struct call *call)
{
    return tables_current(call->app->tables);
}

static bool is_staff(const struct call *call)
{
    return call->actor.post.n > 0;
}

bool contact_is_own(const struct call *call, const struct court *court)
{
    const struct court *parent =
        court->level == COURT_TRIBUNAL ? court_parent(tables_of(call), court) : NULL;
    return call->actor.court.n > 0 &&
           (str_same(call->actor.court, court->code) ||
            (parent != NULL && str_same(call->actor.court, parent->code)));
}

bool contact_is_kept_by(const struct call *call, const struct court *court)
{
    return (str_is(call->actor.post, "leader") || str_is(call->actor.post, "supervisor")) &&
           contact_is_own(call, court);
}

static bool may_edit(const struct call *call, const struct court *court)
{
    return contact_is_kept_by(call, court) || str_is(call->actor.post, "admin");
}

static bool may_report(const struct call *call, const struct court *court)
{
    return is_staff(call) && !str_is(call->actor.post, "admin") && !contact_is_own(call, court);
}

/* --- showing --- */

static void set_text(struct arena *arena, struct value *map, const char *key, Str text)
{
    value_set(arena, map, key, text.n == 0 ? NULL : value_str(arena, text));
}

/* What only staff see. contact may be NULL. */
static enum status staff_set(struct call *call, const struct contact *contact, struct value *view)
{
    struct cx *cx = call->cx;
    struct contact none = {.court = {"", 0}};
    const struct contact *c = contact == NULL ? &none : contact;
    Str mobile = {"", 0};
    Str backup_mobile = {"", 0};
    if (contact != NULL) {
        TRY(contact_mobile_open(cx, call->app->house.keys, c, CONTACT_OFFICER, &mobile));
        TRY(contact_mobile_open(cx, call->app->house.keys, c, CONTACT_BACKUP, &backup_mobile));
    }
    set_text(cx->arena, view, "officer", c->officer);
    set_text(cx->arena, view, "backup", c->backup);
    set_text(cx->arena, view, "office_phone", c->office_phone);
    set_text(cx->arena, view, "mobile", mobile);
    set_text(cx->arena, view, "backup_mobile", backup_mobile);
    set_text(cx->arena, view, "room", c->room);
    value_set_bool(cx->arena, view, "phone_public", c->phone_public);
    set_text(cx->arena, view, "verified",
             c->verified == 0 ? (Str){"", 0} : instant_format(cx->arena, c->verified));
    value_set_bool(cx->arena, view, "stale", contact != NULL && contact_is_stale(c, clock_now()));
    value_set_bool(cx->arena, view, "unreachable", contact != NULL && contact_is_unreachable(c));
    value_set_int(cx->arena, view, "reports", c->reports);
    value_set_int(cx->arena, view, "revision", c->revision);
    return OK;
}

static enum status contact_value(struct call *call, const struct court *court,
                                 const struct contact *contact, struct value *view)
{
    struct cx *cx = call->cx;
    struct value *ref = value_map(cx->arena);
    value_set_str(cx->arena, ref, "code", court->code);
    value_set_str(cx->arena, ref, "name", court->name);
    value_set(cx->arena, view, "court", ref);
    value_set_text(cx->arena, view, "level", court_level_name(court->level));
    value_set(cx->arena, view, "hours",
              hours_value(cx->arena, tables_of(call), court->code, clock_now()));
    set_text(cx->arena, view, "office_phone",
             contact != NULL && contact->phone_public ? contact->office_phone : (Str){"", 0});
    value_set_bool(cx->arena, view, "demo", contact != NULL && contact->demo);
    return is_staff(call) ? staff_set(call, contact, view) : OK;
}

struct contacts_look {
    Str *courts;
    uint32_t count;
    struct contact **found;
};

static enum status contacts_read(struct cx *cx, struct sql *sql, void *arg)
{
    struct contacts_look *look = arg;
    return contact_find_all(cx, sql, look->courts, look->count, look->found);
}

static Str next_page(struct call *call, int64_t offset, uint32_t limit)
{
    struct arena *arena = call->cx->arena;
    return str_printf(arena, "/contacts?q=%s&level=%s&parent=%s&limit=%u&page=%" PRId64,
                      text_percent_encode(arena, call_param(call, "q")).p,
                      text_percent_encode(arena, call_param(call, "level")).p,
                      text_percent_encode(arena, call_param(call, "parent")).p, limit,
                      offset + limit);
}

enum status contact_list(struct call *call)
{
    struct cx *cx = call->cx;
    const struct law_tables *tables = tables_of(call);
    uint32_t limit = call_limit(call);
    int64_t offset = 0;
    enum court_level level = COURT_SUPREME;
    bool by_level = court_level_parse(call_param(call, "level"), &level);
    int *found = arena_array(cx->arena, int, limit + 1);
    struct value *list = value_list(cx->arena);
    struct value *view = value_map(cx->arena);
    if (!str_int(call_param(call, "page"), &offset) || offset < 0 || offset > OFFSET_MAX) {
        offset = 0;
    }
    bool silly = !by_level && call_param(call, "level").n > 0;
    int count = silly
                    ? 0
                    : court_search(tables, call_param(call, "q"), by_level ? (int)level : -1,
                                   call_param(call, "parent"), (int)offset, found, (int)limit + 1);
    struct contacts_look look = {.count = (uint32_t)count > limit ? limit : (uint32_t)count};
    look.courts = arena_array(cx->arena, Str, look.count);
    look.found = arena_array(cx->arena, struct contact *, look.count);
    for (uint32_t i = 0; i < look.count; i++) {
        look.courts[i] = tables->courts[found[i]].code;
    }
    TRY(store_read(cx, call->app->house.store, contacts_read, &look));
    for (uint32_t i = 0; i < look.count; i++) {
        struct value *row = value_map(cx->arena);
        TRY(contact_value(call, &tables->courts[found[i]], look.found[i], row));
        value_add(cx->arena, list, row);
    }
    value_set(cx->arena, view, "contacts", list);
    value_set(cx->arena, view, "next",
              count > (int)limit ? value_str(cx->arena, next_page(call, offset, limit)) : NULL);
    return call_answer(call, view, "contacts");
}

struct contact_look {
    struct call *call;
    const struct court *court;
    struct contact *contact;
    struct contact_change *changes;
    uint32_t count;
};

static enum status contact_read(struct cx *cx, struct sql *sql, void *arg)
{
    struct contact_look *look = arg;
    TRY(contact_find(cx, sql, look->court->code, &look->contact));
    return look->contact == NULL || !may_edit(look->call, look->court)
               ? OK
               : contact_changes(cx, sql, look->call->app->house.keys, look->contact, CHANGES_MAX,
                                 &look->changes, &look->count);
}

/* The court of the path, and its contact or NULL. */
static enum status look_up(struct call *call, struct contact_look *look)
{
    struct cx *cx = call->cx;
    *look = (struct contact_look){.call = call};
    look->court = court_by_code(tables_of(call), call->args[0]);
    return look->court == NULL ? FAIL(cx, E_NOT_FOUND, "not-found", "no court of that code")
                               : store_read(cx, call->app->house.store, contact_read, look);
}

static struct value *changes_value(struct arena *arena, const struct contact_look *look)
{
    struct value *list = value_list(arena);
    for (uint32_t i = 0; i < look->count; i++) {
        const struct contact_change *c = &look->changes[i];
        struct value *row = value_map(arena);
        value_set_int(arena, row, "revision", c->revision);
        value_set_str(arena, row, "field", c->field);
        set_text(arena, row, "was", c->was);
        set_text(arena, row, "becomes", c->becomes);
        set_text(arena, row, "by", c->person_name);
        value_set_str(arena, row, "at", instant_format(arena, c->at));
        value_add(arena, list, row);
    }
    return list;
}

static enum status look_value(struct call *call, const struct contact_look *look,
                              struct value **out)
{
    struct cx *cx = call->cx;
    struct value *view = value_map(cx->arena);
    *out = view;
    TRY(contact_value(call, look->court, look->contact, view));
    if (!is_staff(call)) {
        return OK;
    }
    struct value *may = value_map(cx->arena);
    value_set_bool(cx->arena, may, "edit", may_edit(call, look->court));
    value_set_bool(cx->arena, may, "verify",
                   look->contact != NULL && contact_is_kept_by(call, look->court));
    value_set_bool(cx->arena, may, "report",
                   look->contact != NULL && may_report(call, look->court));
    value_set(cx->arena, view, "may", may);
    if (may_edit(call, look->court)) {
        value_set(cx->arena, view, "changes", changes_value(cx->arena, look));
    }
    return OK;
}

enum status contact_show(struct call *call)
{
    struct cx *cx = call->cx;
    struct contact_look look;
    struct value *view = NULL;
    TRY(look_up(call, &look));
    TRY(look_value(call, &look, &view));
    return call_answer(call, view, "contact");
}

struct one_look {
    Str court;
    struct contact *contact;
};

static enum status one_read(struct cx *cx, struct sql *sql, void *arg)
{
    struct one_look *look = arg;
    return contact_find(cx, sql, look->court, &look->contact);
}

enum status contact_view_of(struct call *call, Str code, struct value **out)
{
    struct cx *cx = call->cx;
    const struct court *court = court_by_code(tables_of(call), code);
    struct one_look look = {.court = code};
    *out = value_map(cx->arena);
    if (court == NULL) {
        return OK;
    }
    TRY(store_read(cx, call->app->house.store, one_read, &look));
    return contact_value(call, court, look.contact, *out);
}

void contact_task_set(struct call *call, struct value *view)
{
    struct arena *arena = call->cx->arena;
    const struct court *court = court_by_code(tables_of(call), call->actor.court);
    struct one_look look = {.court = call->actor.court};
    if (court == NULL || !contact_is_kept_by(call, court) ||
        store_read(call->cx, call->app->house.store, one_read, &look) != OK) {
        return;
    }
    bool missing = look.contact == NULL;
    bool unreachable = !missing && contact_is_unreachable(look.contact);
    if (!missing && !unreachable && !contact_is_stale(look.contact, clock_now())) {
        return;
    }
    struct value *task = value_map(arena);
    value_set_text(arena, task, "title",
                   missing       ? "本院还没有登记跨域立案联络人"
                   : unreachable ? "有两家以上法院反映联系不上本院联络人"
                                 : "本院联络人超过31日没有核对");
    value_set_text(arena, task, "action", missing ? "去登记" : "去核对");
    value_set_str(arena, task, "href",
                  str_printf(arena, "/contacts/%s", text_percent_encode(arena, court->code).p));
    set_text(arena, task, "verified",
             missing || look.contact->verified == 0
                 ? (Str){"", 0}
                 : instant_format(arena, look.contact->verified));
    value_set(arena, view, "contact_task", task);
}

/* --- changing --- */

static enum status audit_add(struct call *call, struct script *script, const char *what, Str court,
                             Str detail)
{
    struct cx *cx = call->cx;
    struct audit audit = {.at = clock_now(),
                          .person = call->actor.person,
                          .what = str_of(what),
                          .subject = str_printf(cx->arena, "court:%s", court.p),
                          .detail = detail};
    TRY(sequence_next(cx, call->app->house.sequence, &audit.id));
    audit_write(script, &audit);
    return OK;
}

static enum status changed(struct call *call)
{
    struct cx *cx = call->cx;
    struct contact_look look;
    struct value *view = NULL;
    TRY(look_up(call, &look));
    TRY(look_value(call, &look, &view));
    return call_done(
        call,
        str_printf(cx->arena, "/contacts/%s", text_percent_encode(cx->arena, look.court->code).p),
        view);
}

static enum status refused(struct call *call, const struct contact_look *look, enum status status)
{
    struct cx *cx = call->cx;
    struct failure failure = cx->failure;
    struct value *view = NULL;
    cx_forgive(cx);
    TRY(look_value(call, look, &view));
    value_set(cx->arena, view, "said", value_merge(cx->arena, call->body, NULL));
    cx->failure = failure;
    return call_again(call, status, "contact", view);
}

static int64_t revision_said(const struct call *call)
{
    const struct value *said = value_get(call->body, call->body_is_form ? "_revision" : "revision");
    int64_t revision = value_as_int(said);
    if (value_is_text(said) && !str_int(said->as.text, &revision)) {
        return 0;
    }
    return revision;
}

static enum status entry_prepare(struct call *call, const struct contact_look *look,
                                 struct contact_entry *entry)
{
    struct cx *cx = call->cx;
    int64_t revision = revision_said(call);
    if (contact_entry_read(cx, call->body, entry) > 0) {
        return FAIL(cx, E_INPUT, "fields", "a contact");
    }
    if (revision != 0 && (look->contact == NULL || look->contact->revision != revision)) {
        return FAIL(cx, E_STATE, "conflict", "the contact was changed meanwhile");
    }
    entry->demo = look->contact != NULL && look->contact->demo && call->app->demo;
    return OK;
}

enum status contact_change_take(struct call *call)
{
    struct cx *cx = call->cx;
    struct contact_look look;
    struct contact_entry entry;
    struct value *fields = NULL;
    struct script *script = script_new(cx->arena);
    TRY(look_up(call, &look));
    if (!may_edit(call, look.court)) {
        return FAIL(cx, E_DENIED, "denied", "not the contact of one's own court");
    }
    enum status status = entry_prepare(call, &look, &entry);
    if (status != OK) {
        return refused(call, &look, status);
    }
    struct value *detail = value_map(cx->arena);
    TRY(contact_write(cx, call->app->house.keys, script, look.court->code, look.contact, &entry,
                      call->actor.person, contact_is_kept_by(call, look.court), clock_now(),
                      &fields));
    value_set(cx->arena, detail, "fields", fields);
    TRY(audit_add(call, script, "change-contact", look.court->code, json_write(cx->arena, detail)));
    return call_script(call, script, changed);
}

enum status contact_verify_take(struct call *call)
{
    struct cx *cx = call->cx;
    struct contact_look look;
    struct script *script = script_new(cx->arena);
    TRY(look_up(call, &look));
    if (!contact_is_kept_by(call, look.court)) {
        return FAIL(cx, E_DENIED, "denied", "not the leader of this court");
    }
    if (look.contact == NULL) {
        return FAIL(cx, E_STATE, "contact-missing", "nothing to verify");
    }
    contact_verify(script, look.court->code, call->actor.person, clock_now());
    TRY(audit_add(call, script, "verify-contact", look.court->code, STR("{}")));
    return call_script(call, script, changed);
}

enum status contact_report_take(struct call *call)
{
    struct cx *cx = call->cx;
    struct contact_look look;
    struct script *script = script_new(cx->arena);
    TRY(look_up(call, &look));
    if (!may_report(call, look.court)) {
        return FAIL(cx, E_DENIED, "denied", "not staff of another court");
    }
    if (look.contact == NULL) {
        return FAIL(cx, E_STATE, "contact-missing", "nobody to reach");
    }
    contact_report(script, look.court->code, call->actor.person, call->actor.court, clock_now());
    TRY(audit_add(call, script, "report-contact", look.court->code, STR("{}")));
    return call_script(call, script, changed);
}

/* --- the administrator's table --- */

struct loading {
    Str text;
    struct value *report;
};

enum status admin_contacts(struct call *call)
{
    return call_answer(call, value_map(call->cx->arena), "admin-contacts");
}

static enum status loading_slow(struct call *call)
{
    struct loading *l = call->kept;
    const struct house *house = &call->app->house;
    const struct contact_import import = {.store = house->store,
                                          .keys = house->keys,
                                          .sequence = house->sequence,
                                          .tables = tables_of(call),
                                          .by = call->actor.person,
                                          .now = clock_now()};
    (void)contact_import(call->cx, &import, l->text, &l->report); /* refused: loaded() answers */
    return OK;
}

static enum status loaded(struct call *call)
{
    struct cx *cx = call->cx;
    const struct loading *l = call->kept;
    if (cx->failure.status != OK) {
        struct value *view = value_map(cx->arena);
        value_set(cx->arena, view, "said", value_merge(cx->arena, call->body, NULL));
        return call_again(call, cx->failure.status, "admin-contacts", view);
    }
    return call->json ? call_answer(call, l->report, NULL)
                      : call_answer(call, l->report, "admin-contacts");
}

enum status admin_contacts_load(struct call *call)
{
    struct cx *cx = call->cx;
    struct loading *l = arena_new(cx->arena, struct loading);
    l->text = value_get_str(call->body, "text");
    call->kept = l;
    if (l->text.n == 0) {
        (void)cx_error(cx, "text", "missing", "请粘贴表格的全文");
        (void)FAIL(cx, E_INPUT, "fields", "no table");
        return loaded(call);
    }
    return call_slow(call, loading_slow, loaded);
}

#include "record/contact.h"

#include "base/json.h"
#include "law/identifier.h"

enum { TEXT_MAX_CHARS = 100 };

#define COLUMNS                                                                              \
    "SELECT c.court, c.officer, c.backup, c.room, c.office_phone, c.phone_public, "          \
    "c.wrapped_key, c.mobile_sealed, c.backup_mobile_sealed, c.demo, c.verified, "           \
    "c.verified_by, c.revision, c.updated, c.updated_by, "                                   \
    "(SELECT count(*) FROM contact_report r WHERE r.court = c.court AND r.cleared IS NULL) " \
    "FROM contact c "

static struct contact *contact_of_row(struct arena *arena, const struct rows *r, uint32_t i)
{
    struct contact *c = arena_new(arena, struct contact);
    c->court = row_str(r, i, 0);
    c->officer = row_str(r, i, 1);
    c->backup = row_str(r, i, 2);
    c->room = row_str(r, i, 3);
    c->office_phone = row_str(r, i, 4);
    c->phone_public = row_int(r, i, 5) != 0;
    c->wrapped_key = row_str(r, i, 6);
    c->mobile_sealed = row_str(r, i, 7);
    c->backup_mobile_sealed = row_str(r, i, 8);
    c->demo = row_int(r, i, 9) != 0;
    c->verified = row_int(r, i, 10);
    c->verified_by = row_int(r, i, 11);
    c->revision = row_int(r, i, 12);
    c->updated = row_int(r, i, 13);
    c->updated_by = row_int(r, i, 14);
    c->reports = (uint32_t)row_int(r, i, 15);
    return c;
}

enum status contact_find(struct cx *cx, struct sql *sql, Str court, struct contact **out)
{
    return contact_find_all(cx, sql, &court, 1, out);
}

enum status contact_find_all(struct cx *cx, struct sql *sql, const Str *courts, uint32_t count,
                             struct contact **out)
{
    struct rows *rows = arena_array(cx->arena, struct rows, count);
    for (uint32_t i = 0; i < count; i++) {
        TRY(sql_later(cx, sql, SQL(COLUMNS "WHERE c.court = ?1"), ARGS(SQL_S(courts[i])),
                      &rows[i]));
    }
    TRY(sql_flush(cx, sql));
    for (uint32_t i = 0; i < count; i++) {
        out[i] = rows[i].count == 0 ? NULL : contact_of_row(cx->arena, &rows[i], 0);
    }
    return OK;
}

bool contact_is_unreachable(const struct contact *contact)
{
    return contact->reports >= CONTACT_REPORTS_UNREACHABLE;
}

bool contact_is_stale(const struct contact *contact, Instant now)
{
    return contact->verified == 0 || now - contact->verified > CONTACT_FRESH_DAYS * DAY_MS;
}

/* --- phones and messages --- */

static enum status sealed_open(struct cx *cx, struct keys *keys, const struct contact *contact,
                               const char *place, Str sealed, Str *out)
{
    SealKey key;
    *out = (Str){"", 0};
    if (sealed.n == 0) {
        return OK;
    }
    TRY(seal_key_open(cx, keys, contact->wrapped_key, &key));
    return seal_open_text(cx, &key, str_of(place), sealed, out);
}

enum status contact_mobile_open(struct cx *cx, struct keys *keys, const struct contact *contact,
                                enum contact_who who, Str *out)
{
    return who == CONTACT_OFFICER
               ? sealed_open(cx, keys, contact, "mobile", contact->mobile_sealed, out)
               : sealed_open(cx, keys, contact, "backup_mobile", contact->backup_mobile_sealed,
                             out);
}

enum status contact_message_write(struct cx *cx, struct keys *keys, struct script *script, Id job,
                                  const struct contact *contact, enum contact_who who, Str text,
                                  Instant machine_now, bool *written)
{
    SealKey key;
    Str phone = {"", 0};
    *written = false;
    TRY(contact_mobile_open(cx, keys, contact, who, &phone));
    if (phone.n == 0) {
        return OK;
    }
    struct value *payload = value_map(cx->arena);
    TRY(seal_key_open(cx, keys, contact->wrapped_key, &key));
    value_set_str(cx->arena, payload, "contact", contact->court);
    value_set_str(cx->arena, payload, "to", seal_text(cx->arena, &key, STR("message-to"), phone));
    value_set_str(cx->arena, payload, "text", seal_text(cx->arena, &key, STR("message"), text));
    script_add(script,
               SQL("INSERT INTO job (id, kind, payload, due, attempts, lease, state, last_error) "
                   "VALUES (?1, 'message', ?2, ?3, 0, 0, 'waiting', '')"),
               ARGS(SQL_I(job), SQL_S(json_write(cx->arena, payload)), SQL_I(machine_now)));
    *written = true;
    return OK;
}

enum status contact_message_open(struct cx *cx, struct keys *keys, struct sql *sql,
                                 const struct value *payload, Str *to, Str *text)
{
    struct contact *contact = NULL;
    *to = (Str){"", 0};
    *text = (Str){"", 0};
    TRY(contact_find(cx, sql, value_get_str(payload, "contact"), &contact));
    if (contact == NULL) {
        return OK;
    }
    TRY(sealed_open(cx, keys, contact, "message", value_get_str(payload, "text"), text));
    return sealed_open(cx, keys, contact, "message-to", value_get_str(payload, "to"), to);
}

/* --- reading what is said --- */

static struct contact_entry contact_entry_blank(void)
{
    return (struct contact_entry){{"", 0}, {"", 0}, {"", 0}, {"", 0},
                                  {"", 0}, {"", 0}, false,   false};
}

static bool has_control(Str text)
{
    for (size_t i = 0; i < text.n; i++) {
        if ((unsigned char)text.p[i] < ' ' || text.p[i] == 0x7f) {
            return true;
        }
    }
    return false;
}

static uint32_t text_read(struct cx *cx, const struct value *said, const char *field, Str *out)
{
    *out = str_trim(cx->arena, value_get_str(said, field));
    if (utf8_count(*out) > TEXT_MAX_CHARS || has_control(*out)) {
        (void)cx_error(cx, field, "ill-typed", "最多100个字，不能有换行");
        return 1;
    }
    return 0;
}

static uint32_t phone_read(struct cx *cx, const struct value *said, const char *field,
                           enum identifier_kind kind, Str *out)
{
    struct identifier read;
    Str text = str_trim(cx->arena, value_get_str(said, field));
    *out = (Str){"", 0};
    if (text.n == 0) {
        return 0;
    }
    if (!identifier_read(cx->arena, kind, text, DATE_NONE, &read)) {
        (void)cx_error(cx, field, "identifier", read.why);
        return 1;
    }
    *out = read.normal;
    return 0;
}

uint32_t contact_entry_read(struct cx *cx, const struct value *said, struct contact_entry *out)
{
    Str shown = str_trim(cx->arena, value_get_str(said, "phone_public"));
    uint32_t complaints = 0;
    *out = contact_entry_blank();
    complaints += text_read(cx, said, "officer", &out->officer);
    complaints += text_read(cx, said, "backup", &out->backup);
    complaints += text_read(cx, said, "room", &out->room);
    complaints += phone_read(cx, said, "office_phone", IDENTIFIER_PHONE, &out->office_phone);
    complaints += phone_read(cx, said, "mobile", IDENTIFIER_MOBILE, &out->mobile);
    complaints += phone_read(cx, said, "backup_mobile", IDENTIFIER_MOBILE, &out->backup_mobile);
    out->phone_public =
        value_get_bool(said, "phone_public") || str_is(shown, "yes") || str_is(shown, "1");
    if (out->officer.n == 0 && complaints == 0) {
        (void)cx_error(cx, "officer", "missing", "请填写联络人姓名");
        complaints += 1;
    }
    if (out->office_phone.n + out->mobile.n == 0 && complaints == 0) {
        (void)cx_error(cx, "office_phone", "missing", "请至少填写一个电话");
        complaints += 1;
    }
    return complaints;
}

enum status contact_entry_of(struct cx *cx, struct keys *keys, const struct contact *contact,
                             struct contact_entry *out)
{
    *out = contact_entry_blank();
    out->officer = contact->officer;
    out->backup = contact->backup;
    out->room = contact->room;
    out->office_phone = contact->office_phone;
    out->phone_public = contact->phone_public;
    out->demo = contact->demo;
    TRY(contact_mobile_open(cx, keys, contact, CONTACT_OFFICER, &out->mobile));
    return contact_mobile_open(cx, keys, contact, CONTACT_BACKUP, &out->backup_mobile);
}

/* --- changing --- */

enum { FIELDS = 7 };

static const char *const field_names[FIELDS] = {
    "officer", "backup", "room", "office_phone", "phone_public", "mobile", "backup_mobile",
};

static bool field_is_sealed(Str field)
{
    return str_is(field, "mobile") || str_is(field, "backup_mobile");
}

static void entry_texts(const struct contact_entry *entry, Str texts[FIELDS])
{
    texts[0] = entry->officer;
    texts[1] = entry->backup;
    texts[2] = entry->room;
    texts[3] = entry->office_phone;
    texts[4] = entry->phone_public ? STR("yes") : STR("no");
    texts[5] = entry->mobile;
    texts[6] = entry->backup_mobile;
}

static Str sealed_or_none(struct arena *arena, const SealKey *key, const char *place, Str text)
{
    return text.n == 0 ? (Str){"", 0} : seal_text(arena, key, str_of(place), text);
}

static Str change_text(struct arena *arena, const SealKey *key, const char *field, Str text)
{
    return field_is_sealed(str_of(field)) ? sealed_or_none(arena, key, field, text) : text;
}

static void row_write(struct cx *cx, struct script *script, const struct contact *row,
                      const SealKey *key, const struct contact_entry *entry)
{
    script_add(
        script,
        SQL("INSERT INTO contact (court, officer, backup, room, office_phone, phone_public, "
            "wrapped_key, mobile_sealed, backup_mobile_sealed, demo, verified, verified_by, "
            "revision, updated, updated_by) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, "
            "NULL, NULL, ?11, ?12, ?13) "
            "ON CONFLICT (court) DO UPDATE SET officer = excluded.officer, "
            "backup = excluded.backup, room = excluded.room, "
            "office_phone = excluded.office_phone, phone_public = excluded.phone_public, "
            "mobile_sealed = excluded.mobile_sealed, "
            "backup_mobile_sealed = excluded.backup_mobile_sealed, demo = excluded.demo, "
            "revision = excluded.revision, updated = excluded.updated, "
            "updated_by = excluded.updated_by"),
        ARGS(SQL_S(row->court), SQL_S(entry->officer), SQL_S(entry->backup), SQL_S(entry->room),
             SQL_S(entry->office_phone), SQL_I(entry->phone_public), SQL_S(row->wrapped_key),
             SQL_S(sealed_or_none(cx->arena, key, "mobile", entry->mobile)),
             SQL_S(sealed_or_none(cx->arena, key, "backup_mobile", entry->backup_mobile)),
             SQL_I(row->demo), SQL_I(row->revision), SQL_I(row->updated), SQL_I(row->updated_by)));
}

static void change_write(struct script *script, const struct contact *row, const char *field,
                         Str old, Str new)
{
    script_add(script,
               SQL("INSERT INTO contact_change (court, revision, field, was, becomes, person, at) "
                   "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)"),
               ARGS(SQL_S(row->court), SQL_I(row->revision), SQL_C(field), SQL_S(old), SQL_S(new),
                    SQL_I(row->updated_by), SQL_I(row->updated)));
}

enum status contact_write(struct cx *cx, struct keys *keys, struct script *script, Str court,
                          const struct contact *before, const struct contact_entry *entry, Id by,
                          bool verifies, Instant now, struct value **changed)
{
    SealKey key;
    Str old[FIELDS];
    Str new[FIELDS];
    struct contact_entry was = contact_entry_blank();
    struct contact row = {
        .court = court, .demo = entry->demo, .revision = 1, .updated = now, .updated_by = by};
    *changed = value_list(cx->arena);
    if (before == NULL) {
        TRY(seal_key_new(cx, keys, &key, &row.wrapped_key));
    } else {
        TRY(seal_key_open(cx, keys, before->wrapped_key, &key));
        TRY(contact_entry_of(cx, keys, before, &was));
        row.wrapped_key = before->wrapped_key;
        row.revision = before->revision + 1;
    }
    entry_texts(&was, old);
    entry_texts(entry, new);
    for (int i = 0; i < FIELDS; i++) {
        if (!str_same(old[i], new[i])) {
            change_write(script, &row, field_names[i],
                         change_text(cx->arena, &key, field_names[i], old[i]),
                         change_text(cx->arena, &key, field_names[i], new[i]));
            value_add_text(cx->arena, *changed, field_names[i]);
        }
    }
    if (value_count(*changed) > 0) {
        row_write(cx, script, &row, &key, entry);
    }
    if (verifies) {
        contact_verify(script, court, by, now);
    }
    return OK;
}

void contact_verify(struct script *script, Str court, Id by, Instant now)
{
    script_add(script, SQL("UPDATE contact SET verified = ?2, verified_by = ?3 WHERE court = ?1"),
               ARGS(SQL_S(court), SQL_I(now), SQL_I(by)));
    script_add(script,
               SQL("UPDATE contact_report SET cleared = ?2 WHERE court = ?1 AND cleared IS NULL"),
               ARGS(SQL_S(court), SQL_I(now)));
}

void contact_report(struct script *script, Str court, Id by, Str by_court, Instant now)
{
    script_add(script,
               SQL("INSERT INTO contact_report (court, person, person_court, at, cleared) "
                   "VALUES (?1, ?2, ?3, ?4, NULL) ON CONFLICT (court, person) DO UPDATE SET "
                   "person_court = excluded.person_court, at = excluded.at, cleared = NULL"),
               ARGS(SQL_S(court), SQL_I(by), SQL_S(by_court), SQL_I(now)));
}

static enum status change_open(struct cx *cx, struct keys *keys, const struct contact *contact,
                               struct contact_change *change)
{
    if (!field_is_sealed(change->field)) {
        return OK;
    }
    Str was = change->was;
    Str becomes = change->becomes;
    TRY(sealed_open(cx, keys, contact, change->field.p, was, &change->was));
    return sealed_open(cx, keys, contact, change->field.p, becomes, &change->becomes);
}

enum status contact_changes(struct cx *cx, struct sql *sql, struct keys *keys,
                            const struct contact *contact, uint32_t limit,
                            struct contact_change **out, uint32_t *count)
{
    struct rows r = {0};
    TRY(sql_query(cx, sql,
                  SQL("SELECT h.revision, h.field, h.was, h.becomes, h.person, p.name, h.at "
                      "FROM contact_change h LEFT JOIN person p ON p.id = h.person "
                      "WHERE h.court = ?1 ORDER BY h.revision DESC, h.field LIMIT ?2"),
                  ARGS(SQL_S(contact->court), SQL_I(limit)), &r));
    struct contact_change *list = arena_array(cx->arena, struct contact_change, r.count);
    for (uint32_t i = 0; i < r.count; i++) {
        list[i] = (struct contact_change){row_int(&r, i, 0), row_str(&r, i, 1), row_str(&r, i, 2),
                                          row_str(&r, i, 3), row_int(&r, i, 4), row_str(&r, i, 5),
                                          row_int(&r, i, 6)};
        TRY(change_open(cx, keys, contact, &list[i]));
    }
    *out = list;
    *count = r.count;
    return OK;
}

/* record/contact.h - whom to call at a court: officer and backup of cross-domain service.
 *
 * A row for each court or tribunal that has entered one; none comes with the program. (1) Mobiles
 * are sealed under a key of the row; they are for staff alone, callers see to it. (2) Every change
 * of a field is a row of contact_change with the value before and after, mobiles sealed. (3) Two
 * different people who did not reach a court make it unreachable, until it is verified again. (4)
 * A contact is stale when it was verified more than 31 days ago, or never.
 */
#ifndef RECORD_CONTACT_H
#define RECORD_CONTACT_H

#include "base/date.h"
#include "base/value.h"
#include "record/script.h"
#include "seal/keys.h"

enum { CONTACT_FRESH_DAYS = 31, CONTACT_REPORTS_UNREACHABLE = 2 };

enum contact_who { CONTACT_OFFICER, CONTACT_BACKUP };

struct contact {
    Str court; /* code */
    Str officer;
    Str backup;
    Str room;
    Str office_phone;
    bool phone_public;
    Str wrapped_key;
    Str mobile_sealed;
    Str backup_mobile_sealed;
    bool demo;        /* invented, to be marked so wherever it is shown */
    Instant verified; /* 0: never */
    Id verified_by;
    int64_t revision;
    Instant updated;
    Id updated_by;
    uint32_t reports; /* people who did not reach it since */
};

/* *out NULL when the court has entered none. */
enum status contact_find(struct cx *cx, struct sql *sql, Str court, struct contact **out);
/* The same for several: out[i] is that of courts[i] or NULL. */
enum status contact_find_all(struct cx *cx, struct sql *sql, const Str *courts, uint32_t count,
                             struct contact **out);
bool contact_is_unreachable(const struct contact *contact);
bool contact_is_stale(const struct contact *contact, Instant now);

/* --- phones and messages --- */
/* "" when there is none. */
enum status contact_mobile_open(struct cx *cx, struct keys *keys, const struct contact *contact,
                                enum contact_who who, Str *out);
/* A job of kind "message" (record/code.h) to one of the two. text holds no personal data. Without a
 * mobile nothing is written and *written is false. */
enum status contact_message_write(struct cx *cx, struct keys *keys, struct script *script, Id job,
                                  const struct contact *contact, enum contact_who who, Str text,
                                  Instant machine_now, bool *written);
/* Phone and text of such a job's payload, for message_open(); *to is "" when the row is gone. */
enum status contact_message_open(struct cx *cx, struct keys *keys, struct sql *sql,
                                 const struct value *payload, Str *to, Str *text);

/* --- changing --- */
/* What a form, a table or the demo says. Phones in their normal form, "" for none. */
struct contact_entry {
    Str officer, backup, room, office_phone, mobile, backup_mobile;
    bool phone_public;
    bool demo; /* invented; not read */
};

/* Reads {"officer","backup","room","office_phone","mobile","backup_mobile","phone_public"}: how
 * many complaints were recorded (cx_error at the field). phone_public may be a bool, "yes" or "1".
 */
uint32_t contact_entry_read(struct cx *cx, const struct value *said, struct contact_entry *out);
/* What stands there. */
enum status contact_entry_of(struct cx *cx, struct keys *keys, const struct contact *contact,
                             struct contact_entry *out);
/* Writes the new row and what changed; before NULL makes the row. verifies: by is one who knows
 * that it is right. by 0 is the command line. *changed is a list of field names, empty when nothing
 * was. When somebody else changed it since `before` was read, running the script fails with E_STATE
 * "store-duplicate" (two changes of one revision). */
enum status contact_write(struct cx *cx, struct keys *keys, struct script *script, Str court,
                          const struct contact *before, const struct contact_entry *entry, Id by,
                          bool verifies, Instant now, struct value **changed);
/* "Still right": clears the reports. */
void contact_verify(struct script *script, Str court, Id by, Instant now);
/* Not reached by this person; once more is the same report. */
void contact_report(struct script *script, Str court, Id by, Str by_court, Instant now);

struct contact_change {
    int64_t revision;
    Str field;
    Str was, becomes; /* opened */
    Id person;
    Str person_name; /* "" for the command line */
    Instant at;
};

/* Newest first, at most limit. */
enum status contact_changes(struct cx *cx, struct sql *sql, struct keys *keys,
                            const struct contact *contact, uint32_t limit,
                            struct contact_change **out, uint32_t *count);

#endif

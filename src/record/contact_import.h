/* record/contact_import.h - the directory of contacts from a table, and that of a demonstration.
 *
 * Columns: court (code or full name), officer, backup, office_phone, mobile, backup_mobile, room,
 * phone_public (yes or empty); court and officer must be there. (1) All rows are checked before one
 * is written; all are written together. (2) The same table again changes nothing. (3) A table
 * verifies nothing: the court itself says that it is right. (4) A column that it has not leaves
 * what stands there; an empty cell clears it.
 */
#ifndef RECORD_CONTACT_IMPORT_H
#define RECORD_CONTACT_IMPORT_H

#include "law/tables.h"
#include "record/contact.h"
#include "record/sequence.h"

struct contact_import {
    struct store *store;
    struct keys *keys;
    struct sequence *sequence;
    const struct law_tables *tables;
    Id by; /* 0: the command line */
    Instant now;
};

/* report: {"made":N,"changed":N,"same":N}. E_INPUT "contacts-faulty" with argument "why"
 * ("第3行：…") and an entry per faulty row, its field "line 3". Never from inside a closure. */
enum status contact_import(struct cx *cx, const struct contact_import *import, Str csv,
                           struct value **report);
/* Invented contacts, marked so, of a few courts: numbers of zeros, mobiles of the demo's unused
 * block. Nothing when there is any contact. Only called in demo mode. */
enum status contact_demo_fill(struct cx *cx, const struct contact_import *import);

#endif

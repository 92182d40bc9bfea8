/* record/tables.h - the law tables in force: versions in rows, one set in memory, swapped whole.
 *
 * What it is: for each kind of table the version in force today (the latest valid_from that has
 * come, of one day the newest), built into one struct law_tables. What it is not: the thing that
 * recomputes running clocks when a table changes; whoever replaces one sets that going. (1)
 * tables_current() never waits and never fails. A set once handed out stays good until
 *     tables_close(), so that a request keeps the one it took; a set takes about 15 MB.
 * (2) Texts that come with the program are version 1. A newer program's text becomes a new version,
 *     unless the newest is an administrator's: his stays.
 * (3) A text is written only after a set could be built with it.
 * (4) A set has a number, kept with the versions it is made of; the same versions are the same
 *     number on every node. law_tables.version is "v" and that number.
 */
#ifndef RECORD_TABLES_H
#define RECORD_TABLES_H

#include "base/share.h"
#include "law/tables.h"
#include "record/table_text.h"

struct tables;

/* Loads what is in force today, with the share's texts where rows are missing or older. store and
 * share must outlive it. E_READ "data-unreadable" with file and line for a faulty text. */
enum status tables_open(struct cx *cx, struct store *store, const struct share *share, Instant now,
                        struct tables **out);
void tables_close(struct tables *tables); /* nobody may hold a set any more; NULL is fine */

const struct law_tables *tables_current(const struct tables *tables);
/* The same, in the shape of a pointer handed down: arg is the struct tables. */
const struct law_tables *tables_now(void *arg);

/* Loads a new version of one table. *version is its number. valid_from DATE_NONE is today; with a
 * day in the future the text is proved and stored, and tables_refresh() takes it up on that day.
 * E_INPUT "table-faulty" with argument "why" when the text does not fit; the failure's detail says
 * the same. */
enum status tables_replace(struct cx *cx, struct tables *tables, enum table_kind kind, Str text,
                           Date valid_from, Id loaded_by, Instant now, int64_t *version);
/* Makes the new text of the one in force; may run more than once: others may be quicker. */
typedef enum status table_edit_fn(struct cx *cx, Str text, void *arg, Str *out);
/* Like tables_replace() from today on, with a text that edit makes of the one in force, so that
 * nobody's change made meanwhile is lost. */
enum status tables_edit(struct cx *cx, struct tables *tables, enum table_kind kind,
                        table_edit_fn *edit, void *arg, Id loaded_by, Instant now,
                        int64_t *version);
/* Takes over what other nodes have loaded and what has become valid; cheap when nothing has.
 * *changed tells whether tables_current() is another set now. Call it every minute, and when the
 * clock of a demo was moved. */
enum status tables_refresh(struct cx *cx, struct tables *tables, Instant now, bool *changed);

#endif

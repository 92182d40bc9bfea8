/* record/calendar.h - what a person has to keep in mind: periods of his matters, dates they set,
 * last days of his drafts.
 *
 * (1) Whose calendar is said as for lists (record/listing.h): a viewer and a box of his. (2) A
 * period is the whole of its last day unless it is counted in hours or minutes. (3) What has
 * stopped or was cancelled stays as cancelled, so that other programs can take it out.
 */
#ifndef RECORD_CALENDAR_H
#define RECORD_CALENDAR_H

#include "base/date.h"
#include "record/script.h"
#include "seal/hash.h"

struct calendar_entry {
    Str uid;  /* stable: "clock-MATTER-N", "date-MATTER-PATH", "draft-MATTER" */
    Str kind; /* clock, date, draft */
    Id matter;
    Str title;
    Str law; /* "" for none */
    Instant at;
    bool timed; /* else the whole day */
    bool cancelled;
    bool over; /* a period that ran out */
    Instant changed;
    Str matter_title, case_number, procedure, court;
    bool clashes; /* set by calendar_clashes() */
};

struct calendar_query {
    Str viewer;
    Str box;
    Instant from, to; /* to: not included */
    bool cancelled;   /* those as well */
    uint32_t limit;   /* of each kind */
};

/* In order of time. */
enum status calendar_list(struct cx *cx, struct sql *sql, const struct calendar_query *query,
                          struct calendar_entry **out, uint32_t *count);

#define CALENDAR_APART_MS (2 * HOUR_MS)

/* Marks what cannot both be attended: dates at a time of day, less than two hours apart. Entries in
 * order of time. Answers how many are marked. LAW: platform@2026 */
uint32_t calendar_clashes(struct calendar_entry *entries, uint32_t count);

/* A date of a matter as its values say it now; at 0: it is said no longer. */
void calendar_date_write(struct script *script, Id matter, Str path, Str title, Instant at,
                         Instant now);

/* --- feeds --- */
/* A new secret (its hash; must outlive the script) in place of the old. */
void feed_write(struct script *script, Id person, const Hash *secret, Instant now);
void feed_end(struct script *script, Id person);
/* *person 0 when there is no such feed, or its person is disabled. */
enum status feed_find(struct cx *cx, struct sql *sql, Hash secret, Id *person);
/* When the person's feed was made; 0: he has none. */
enum status feed_made(struct cx *cx, struct sql *sql, Id person, Instant *out);

#endif

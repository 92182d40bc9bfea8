/* record/handover.h - one row for each request that one court hands to another.
 *
 * What it is: the instants at which a request climbed its ladder of evidence (submitted, relayed,
 * received, opened, responded, decided, delivered) and at which its clocks ran out. Reports are
 * queries over these rows; nothing is counted anywhere else. (1) Only an act writes: it says in its
 * event which rungs it reached ("rungs", "response_ms") and adds the same to the row, in one
 * commit. (2) A rung keeps the instant it was reached first. (3) The row is a function of the
 * matter's events: handover_note() over all of them gives it, and `tongsu verify` compares.
 */
#ifndef RECORD_HANDOVER_H
#define RECORD_HANDOVER_H

#include "base/date.h"
#include "base/value.h"
#include "record/script.h"

enum handover_rung {
    RUNG_SUBMITTED,
    RUNG_RELAYED,
    RUNG_RECEIVED,
    RUNG_OPENED,
    RUNG_RESPONDED,
    RUNG_DECIDED,
    RUNG_DELIVERED,
    RUNG_LATE_RESPONSE,
    RUNG_LATE_PROVINCE,
    RUNG_LATE_FEEDBACK,
    RUNG_LATE_DECISION,
    RUNG_LATE_REVIEW,
    RUNG_CORRECTION, /* counted, not timed */
    RUNG_COUNT,
};

struct handover {
    Id matter;
    Str procedure;
    Str kind; /* filing-kind; "" where the procedure has none */
    Str collaborator, court;
    Str collaborator_province, province; /* 京; "" of the Supreme Court */
    int64_t drill;                       /* id of the round; 0: real */
    Instant reached[RUNG_CORRECTION];    /* by enum handover_rung; 0: not yet */
    int64_t response_ms;                 /* working time of `court`; -1 until responded */
    Str outcome;                         /* state entered by the deciding act; "" before */
    int64_t corrections;
    int64_t rating; /* 0: not rated */
};

/* "late-response" and so on, as in definitions. */
const char *handover_rung_name(enum handover_rung rung);
bool handover_rung_parse(Str name, enum handover_rung *out);
bool handover_rung_is_late(enum handover_rung rung); /* made by a clock that ran out */

/* An empty row: nothing reached. */
struct handover handover_none(void);
/* What one event adds. body: its JSON; projection: the matter behind it, of which values, court and
 * state are read. false when the event says nothing of hand-overs. */
bool handover_note(struct arena *arena, struct handover *row, const struct value *body,
                   const struct value *projection);
/* Adds what one event noted, on an empty row, to the row in the table. */
void handover_write(struct script *script, const struct handover *noted);
/* *out NULL when there is none. */
enum status handover_find(struct cx *cx, struct sql *sql, Id matter, struct handover **out);
/* Matters of a court that none of its staff has had on a list yet: at most limit, the oldest first.
 */
enum status handover_unreceived(struct cx *cx, struct sql *sql, Str court, uint32_t limit, Id **out,
                                uint32_t *count);
bool handover_same(const struct handover *a, const struct handover *b);

#endif

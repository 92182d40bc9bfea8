/* record/circular.h - the circulars on cross-domain service: which there are, and their figures.
 *
 * Figures are queries over `handover`, drills left out; there are no counters. (1) They are taken
 * as of an instant: what happened later is not seen, so that whoever asks later gets the same
 * numbers. (2) A request is counted in the period it was submitted in; a breach in the one in which
 * its clock ran out. Periods of one kind touch each other, so that each is counted once. (3)
 * Medians are exact: the middle one, or the mean of the two in the middle in whole milliseconds.
 */
#ifndef RECORD_CIRCULAR_H
#define RECORD_CIRCULAR_H

#include "base/date.h"
#include "record/script.h"

enum { RESPONSE_GOOD_MS = 30 * 60000 };

/* What circulars are told of. */
struct tally {
    Str court;    /* code; "" in a sum of several */
    Str province; /* its character; "" for the Supreme Court and the whole country */
    int64_t received;
    int64_t on_time;   /* of received: answered within 30 working minutes */
    int64_t pending;   /* of received: neither answered nor late yet */
    int64_t median_ms; /* of the answers to received, in working time; -1: none */
    int64_t over_24h;
    int64_t over_7_days; /* working days */
    int64_t cleared;     /* told of by an earlier circular, answered (weekly: decided) since */
};

/* A request that its court must explain. */
struct tally_entry {
    Id matter;
    Str court, province, collaborator, procedure, kind;
    Instant submitted, breached;
    Instant settled; /* answered or decided meanwhile; 0: not */
};

struct circular_period {
    bool weekly;
    Instant since, until;
    Instant as_of;   /* the instant of issue */
    Instant last_of; /* of the issue before; 0: none */
};

struct circular_figures {
    struct tally *courts; /* those with anything to tell, by province, then court */
    uint32_t court_count;
    struct tally *provinces; /* by province */
    uint32_t province_count;
    struct tally nation;
    struct tally_entry *entries; /* by province, court, instant of the breach */
    uint32_t entry_count;
};

/* Some look-ups by index over the period alone. */
enum status circular_figures(struct cx *cx, struct sql *sql, const struct circular_period *period,
                             struct circular_figures *out);

/* --- which there are --- */

struct circular {
    Str kind;  /* daily, weekly */
    Str scope; /* nation, province:京, court:京0105 */
    Str day;   /* of issue */
    Id matter;
    Str court, province;
    Instant since, until, issued;
    int64_t entries;
    Str state; /* of the matter, now; read only */
};

void circular_write(struct script *script, const struct circular *circular);
/* Those of one issue. */
enum status circular_issue(struct cx *cx, struct sql *sql, Str kind, Str day, struct circular **out,
                           uint32_t *count);
enum status circular_find(struct cx *cx, struct sql *sql, Id matter, struct circular **out);

/* Where the next circular of the kind begins: at the end of the last one issued before `at`, or
 * with the day of the first request. 0: there has never been a request. */
enum status circular_since(struct cx *cx, struct sql *sql, Str kind, Instant at, Instant *since,
                           Instant *last_of);

struct circular_query {
    Str kind;       /* "" for both */
    Str province;   /* only of this area: "" for the whole country */
    Str court;      /* only of this court, or of a list: ",沪01,沪0101,"; "" for any */
    Str scope;      /* nation, province, court; "" for any */
    Instant before; /* issue and matter of the last seen; 0, 0 for the newest */
    Id before_matter;
    uint32_t limit;
};

/* Newest first. */
enum status circular_list(struct cx *cx, struct sql *sql, const struct circular_query *query,
                          struct circular **out, uint32_t *count);

#endif

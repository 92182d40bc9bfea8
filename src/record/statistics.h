/* record/statistics.h - what cross-domain service came to, counted from `handover` each time.
 *
 * (1) Drills are never counted. (2) A request belongs to the day, in Beijing, on which it was
 * submitted. (3) Medians and P90 are exact, of working time: the middle one or the mean of the two
 * in the middle in whole milliseconds; P90 is the smallest that nine tenths do not exceed. (4)
 * Every count has a measure: statistics_requests() with the same filter and that measure lists
 * exactly as many.
 */
#ifndef RECORD_STATISTICS_H
#define RECORD_STATISTICS_H

#include "base/date.h"
#include "store/store.h"

struct statistics_filter {
    Instant since, until; /* of submission; until is not included */
    Str province, court;  /* that decides; "" for any; court may be a list: ",沪01,沪0101," */
    Str collaborator_province, collaborator; /* the same */
    Str procedure;
    Str kind; /* "none": the services that have none */
    /* "": all; answered unanswered on-time within-5 late over-24h over-7-days corrected rated
     * undecided, or a state that is an outcome: docketed refused … */
    Str measure;
};

/* day week month court collaborator pair province collaborator-province matrix service kind; "" for
 * one sum. */
bool statistics_groups(Str by);

enum { OUTCOMES_MAX = 12 };

struct statistics_outcome {
    Str state; /* "": undecided */
    int64_t count;
};

struct statistics_row {
    Str key; /* of a day, week or month its first day, 2026-03-02; of a pair "沪0115>京0105" */
    int64_t count, answered, on_time, within_5, late, over_24h, over_7_days;
    int64_t corrected, corrections, rated, ratings;   /* ratings: their sum */
    int64_t median_ms, p90_ms;                        /* -1: nothing answered */
    struct statistics_outcome outcomes[OUTCOMES_MAX]; /* most frequent first */
    uint32_t outcome_count;
    int64_t complaints; /* matters of procedure filing-complaint; only where they have a place */
};

struct statistics {
    struct statistics_row sum; /* of all that the filter picks; key "" */
    struct statistics_row *rows;
    uint32_t count; /* of rows, which come by key; by "" there is one, if there is any request */
};

/* One pass over the period; a million requests take a second or two, thirty days of them far less.
 */
enum status statistics_read(struct cx *cx, struct sql *sql, const struct statistics_filter *filter,
                            Str by, struct statistics *out);

struct statistics_request {
    Id matter;
    Str procedure, kind, collaborator, court, outcome;
    Instant submitted, responded;
    int64_t response_ms; /* -1: none */
};

/* Newest first, behind (before, before_matter), 0 and 0 for the first; *total counts all. */
enum status statistics_requests(struct cx *cx, struct sql *sql,
                                const struct statistics_filter *filter, Instant before,
                                Id before_matter, uint32_t limit, struct statistics_request **out,
                                uint32_t *count, int64_t *total);

#endif

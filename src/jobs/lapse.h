/* jobs/lapse.h - what goes away when nobody touches it: drafts, used keys, old sessions, uploads,
 * files that no row names.
 *
 * (1) A draft, or what was typed towards a later act, goes after 180 days by the clock of matters;
 *     everything else by the machine's.
 * (2) Nothing that has events is ever touched here.
 * (3) In slices of at most 100 rows, so that nobody waits behind them.
 */
#ifndef JOBS_LAPSE_H
#define JOBS_LAPSE_H

#include "store/blob.h"
#include "store/store.h"

enum {
    LAPSE_DRAFT_DAYS = 180,
    LAPSE_ONCE_DAYS = 30,
    LAPSE_SESSION_DAYS = 90,
    LAPSE_UPLOAD_DAYS = 7,
};

/* (1) */
enum status drafts_lapse(struct cx *cx, struct store *store, Instant now, uint32_t *count);

struct lapse_counts {
    uint32_t drafts, once, sessions, uploads, blobs;
};

struct lapse_options {
    struct store *store;
    struct blobs *blobs;
    void (*upload_drop)(void *arg, Str id); /* the bytes of an abandoned upload; or NULL */
    void *upload_arg;
};

/* The daily round. now: of matters; machine: of everything else. */
enum status lapse_all(struct cx *cx, const struct lapse_options *options, Instant now,
                      Instant machine, struct lapse_counts *out);

#endif

/* jobs/verify.h - proves that a database is what its events say, and its log what was signed.
 *
 * For every matter: events in order, each a link of the chain, each body canonical and about
 * itself, the projection that its changes add up to equal to `after` at each step and to the rows
 * at the end; its leaves in the log; its files there, byte for byte. For the log: leaves dense,
 * nodes those of the tree, every checkpoint's root and signature. For case numbers: no gap, no
 * repeat, all counted. For lists: each row of `listing` as the matter's rows say, and no search row
 * missing. (1) Nothing is written. It may run beside a serving program: each matter is
 * read in one snapshot. (2) What does not hold is a finding, and the rest is looked at all the
 * same; a failure is only what keeps it from looking. (3) Memory does not grow with the number of
 * matters, but for a bit for each case number.
 */
#ifndef JOBS_VERIFY_H
#define JOBS_VERIFY_H

#include <stdio.h>

#include "flow/procedure.h"
#include "seal/keys.h"
#include "store/blob.h"
#include "store/store.h"

struct verify_options {
    struct store *store;
    struct keys *keys;                   /* whose signatures count */
    struct blobs *blobs;                 /* NULL: files are not looked at */
    const struct procedures *procedures; /* NULL: `listing` is not compared */
    const struct law_tables *tables;     /* with them */
    bool sizes_only; /* files must be there and of the right size; their bytes are not read */
    /* Each finding; matter 0 for none. */
    void (*found)(void *arg, const char *what, Id matter, Str detail);
    void *arg;
};

struct verify_counts {
    int64_t matters, drafts, events, files, leaves, checkpoints, findings;
};

enum status verify(struct cx *cx, const struct verify_options *options, struct verify_counts *out);

/* A `found` that writes {"what","matter","detail"} as a line; arg is the FILE. */
void verify_found_print(void *arg, const char *what, Id matter, Str detail);
/* The counts as one JSON line. */
void verify_counts_print(FILE *file, const struct verify_counts *counts);

#endif

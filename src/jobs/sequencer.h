/* jobs/sequencer.h - the Merkle log of a database: leaves are numbered, the tree grows, checkpoints
 * are signed.
 *
 * On SQLite the writer calls sequencer_before_commit() inside each batch, so that a leaf has its
 * number when the act is acknowledged. On PostgreSQL the thread of any node numbers what waits, in
 * transactions of their own under an advisory lock. Checkpoints are signed on the thread, never in
 * the writer: at most one a second, and within two seconds of an act.
 * (1) Numbers are dense from 0: a leaf's number is never changed, and log_node holds the root of
 *     each complete subtree of two leaves or more (a single leaf stands in `leaf`).
 * (2) The frontier in memory is used only while its size is the size of the rows; else it is read
 *     from them. On SQLite, where the writer alone numbers, a transaction that was rolled back
 *     leaves another size behind; on PostgreSQL memory follows a commit that is known.
 * (3) A checkpoint is signed only over what is committed.
 */
#ifndef JOBS_SEQUENCER_H
#define JOBS_SEQUENCER_H

#include "flow/plan.h"
#include "seal/receipt.h"

struct sequencer;

/* Before the store is opened, so that it can be its before_commit_arg. Lives in arena. */
struct sequencer *sequencer_new(struct arena *arena);
/* The store's before_commit; arg is the sequencer. Cheap when no leaf waits: one look-up. */
enum status sequencer_before_commit(struct cx *cx, struct sql *sql, void *arg);

/* Starts the thread. house and sequencer must outlive it. */
enum status sequencer_start(struct cx *cx, struct sequencer *sequencer, const struct house *house);
/* One round now, on the caller's thread, while the sequencer's own does not run: numbers what
 * waits, signs a checkpoint when the log has grown. For commands and tests. */
enum status sequencer_round(struct cx *cx, struct sequencer *sequencer, const struct house *house);
/* A last round, then ends the thread. NULL and a sequencer never started are fine. */
void sequencer_stop(struct sequencer *sequencer);

struct sequencer_figures {
    int64_t size;         /* numbered leaves */
    int64_t checkpointed; /* of them, under a signed checkpoint */
    int64_t waiting;      /* leaves without number */
    int64_t lag_ms;       /* how long something has been waiting for number or checkpoint */
};

void sequencer_figures(struct sequencer *sequencer, struct sequencer_figures *out);

#endif

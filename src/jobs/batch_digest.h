/* jobs/batch_digest.h - what people are told of a batch: once, when it is done.
 *
 * Its rows are filed without a notice each (flow/lists.c): its filer gets one, with how many were
 * filed and how many not; whoever would have been told at each court gets one, with how many came
 * and the first of them. In the transaction that ends the batch, or not at all: nobody is told
 * twice, whatever dies in the middle.
 */
#ifndef JOBS_BATCH_DIGEST_H
#define JOBS_BATCH_DIGEST_H

#include "flow/batch.h"
#include "record/batch.h"

/* A notice of this kind is about no matter; its `event` is the batch. */
#define BATCH_NOTICE "batch"

/* Ends the batch when no row waits any more, and tells of it. filer: his name. */
enum status batch_finish(struct cx *cx, const struct house *house, const struct batch *batch,
                         const struct batch_kind *kind, Str filer);

#endif

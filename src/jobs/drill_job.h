/* jobs/drill_job.h - makes the requests of a drill round, slice by slice.
 *
 * The job is written with the round: {"round"}. (1) A slice and the cursor behind it are one
 * transaction: a program that dies has made what the cursor says, and no request is made twice. (2)
 * Slices are bulk, small, and give way; after ten seconds the job is E_BUSY, so that a program that
 * is to end is not kept, and comes again. (3) Parties are invented and say so; titles begin with
 * 【演练】; the value `drill` names the round, and whatever counts or numbers leaves such a request
 * out. (4) Each request carries what its form asks for, the same picture each time, which says that
 * it is invented.
 */
#ifndef JOBS_DRILL_JOB_H
#define JOBS_DRILL_JOB_H

#include "flow/plan.h"
#include "law/drill.h"
#include "store/blob.h"

struct drill_world {
    const struct house *house;
    struct blobs *blobs;
    Str material; /* bytes of the picture, image/png */
};

/* In the shape of struct job_kind.run; arg is a struct drill_world. */
enum status drill_job(struct cx *cx, void *arg, Id job, const struct value *payload);

#endif

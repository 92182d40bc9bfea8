/* jobs/drill_job.h - makes the requests of a drill round, slice by slice.
 *
 * The job is written with the round: {"round"}. (1) A slice and the cursor behind it are one
 * transaction: a program that dies has made what the cursor says, and no request is made twice. (2)
 * Slices are bulk, small, and give way; after half a minute the job is E_BUSY and comes again. (3)
 * Parties are invented and say so; titles begin with 【演练】; the value `drill` names the round,
 * and whatever counts or numbers leaves such a request out.
 */
#ifndef JOBS_DRILL_JOB_H
#define JOBS_DRILL_JOB_H

#include "flow/plan.h"
#include "law/drill.h"

/* In the shape of struct job_kind.run; arg is a struct house. */
enum status drill_job(struct cx *cx, void *arg, Id job, const struct value *payload);

#endif

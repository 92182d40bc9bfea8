/* jobs/batch_job.h - files the claims of a batch that its filer has signed, one after the other.
 *
 * The job is written with the start: {"batch"}. Each claim goes the way it would go by the API:
 * draft, materials, act. (1) Every step has a key made of the batch's id and the row's own key, and
 * the row says in the same transaction what was done: a program that dies goes on where it was, and
 * nothing is filed twice. (2) A row is filed only as it was signed: read anew, it must have the
 * digest that it had. (3) One that is refused leaves no draft behind and is named with its reason;
 * the others go on. (4) After some seconds the job hands on to another of its kind, so that a
 * program that is ended does not wait for it. (5) One batch files at a time, the others wait: a
 * runner is left for the messages and papers of everybody.
 */
#ifndef JOBS_BATCH_JOB_H
#define JOBS_BATCH_JOB_H

#include "flow/batch.h"
#include "render/helper.h"
#include "store/blob.h"

struct batch_world {
    const struct house *house;
    struct blobs *blobs;
    struct helper_pool *pool;
    const struct messages *messages; /* what a failure says to people */
    void (*told)(void *arg);         /* after a row, to wake event streams; or NULL */
    void *told_arg;
};

/* In the shape of struct job_kind.run; arg is a struct batch_world. */
enum status batch_job(struct cx *cx, void *arg, Id job, const struct value *payload);

#endif

/* jobs/scan_job.h - the scan of a file that was too large, or came while the scanner was away.
 *
 * The job is written with the material, {"matter","n"}; until it has run the material's status is
 * "checking" and acts that hand it in wait. (1) Idempotent: only "checking" is ever changed.
 * (2) A scanner that is away is E_BUSY: the runner comes again. What is past the scanner's own
 *     limit, or when there is no scanner any more, becomes "unscanned", which staff are told.
 * (3) An infected file becomes "refused" and whoever sent it is told; its act never takes place
 *     with it.
 */
#ifndef JOBS_SCAN_JOB_H
#define JOBS_SCAN_JOB_H

#include "flow/plan.h"
#include "link/scan.h"
#include "store/blob.h"

struct scan_world {
    const struct house *house;
    struct blobs *blobs;
    const struct scan *scan; /* NULL: none */
    void (*told)(void *arg); /* after a notice, to wake event streams; or NULL */
    void *told_arg;
};

/* Writes the job with the material's row. */
void scan_plan(struct cx *cx, struct plan *plan, Id matter, int64_t n);
/* In the shape of struct job_kind.run; arg is a struct scan_world. */
enum status scan_job(struct cx *cx, void *arg, Id job, const struct value *payload);

#endif

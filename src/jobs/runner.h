/* jobs/runner.h - threads that do what a commit left behind in `job`: papers are printed, messages
 * sent, and whatever kinds main/ adds.
 *
 * (1) A job is claimed by a lease in a commit of its own, which also raises attempts; a runner that
 *     dies leaves the lease to run out. After three deaths or failures the job is parked.
 * (2) What passes (a busy store, busy helpers, a gateway that does not answer) is no death: it is
 *     tried again after a while; a message for an hour.
 * (3) Every kind is idempotent: a paper is the same bytes whoever prints it, a message carries its
 *     job's id.
 * (4) Leases and pauses live on the machine's time, not on the matters'.
 */
#ifndef JOBS_RUNNER_H
#define JOBS_RUNNER_H

#include "base/share.h"
#include "flow/plan.h"
#include "link/mail.h"
#include "link/message.h"
#include "store/blob.h"

struct runner;

/* A kind of job beside "paper" and "message". payload is the row's JSON. It runs on a thread of the
 * runner and may take up to 90 seconds, or says within them that it goes on. */
struct job_kind {
    const char *name;
    enum status (*run)(struct cx *cx, void *arg, Id job, const struct value *payload);
    void *arg;
};

struct runner_options {
    const struct house *house;
    struct blobs *blobs;
    const struct share *share;
    const struct messenger *messenger; /* NULL: messenger_none() */
    const struct mailer *mailer;       /* NULL: mailer_none() */
    const struct job_kind *kinds;
    uint32_t kind_count;
    unsigned threads; /* 0 means 2 */
};

/* No thread yet. On SQLite leases of an earlier life are void. */
enum status runner_open(struct cx *cx, const struct runner_options *options, struct runner **out);
enum status runner_start(struct cx *cx, struct runner *runner);
/* Finishes the jobs under way. NULL is fine. */
void runner_close(struct runner *runner);
void runner_wake(struct runner *runner);

/* Does what is due now on the caller's thread; *done counts the jobs taken up. */
enum status runner_run(struct cx *cx, struct runner *runner, uint32_t *done);
/* A job under way says that it lives: its lease begins anew. If it fails afterwards, it is tried
 * again when that has run out. */
enum status job_goes_on(struct cx *cx, struct store *store, Id job);
/* The PDF of a paper, printed if it was not yet. E_NOT_FOUND "not-found" when there is no such
 * paper; the failures of helper_print(). */
enum status paper_print_now(struct cx *cx, struct runner *runner, Id matter, int64_t n, Hash *sm3,
                            int64_t *size_bytes);

/* A paper of no matter, for a reader who waits: the PDF of data/papers/NAME.yaml with these inputs;
 * the failures of helper_print(). */
enum status paper_print_loose(struct cx *cx, struct runner *runner, const char *name,
                              const struct value *inputs, Str *pdf);

/* The same paper, and one of a matter, as DOCX: of what parties write only. E_NOT_FOUND "not-found"
 * for none and for papers of a court. */
enum status paper_docx_loose(struct cx *cx, struct runner *runner, const char *name,
                             const struct value *inputs, Str *docx);
enum status paper_docx_now(struct cx *cx, struct runner *runner, Id matter, int64_t n, Str *docx);

struct runner_figures {
    int64_t waiting, parked;
    uint64_t papers, messages;
    unsigned helpers;
};

enum status runner_figures(struct cx *cx, struct runner *runner, struct runner_figures *out);

#endif

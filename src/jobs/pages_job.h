/* jobs/pages_job.h - photographed and scanned pages become one material.
 *
 * What was handed in is a list, itself a blob: {"pages":[{"name","rotate","size","sm3"}]}; pages
 * of a list that is only to be bound may have "left" and "right", written below them, "tilt", and
 * "sheet", from 1, of a PDF. Its SM3
 * stands in the material's row and in its event, so that the hash of every original page is proved
 * with it. A few pages are joined while the sender waits; many by a job, {"matter","n"}, until
 * which the material is "checking" and its file is the list.
 * (1) Idempotent: the same list gives the same PDF (render/binder.h), and only a material that
 * still waits for it is changed. (2) A page that is no picture refuses the material by the page's
 * number: `fault` says so to its sender, and the uploads are free to be sent again without it.
 */
#ifndef JOBS_PAGES_JOB_H
#define JOBS_PAGES_JOB_H

#include "flow/plan.h"
#include "render/pages.h"
#include "store/blob.h"

struct pages_world {
    const struct house *house;
    struct blobs *blobs;
    struct helper_pool *pool; /* of its own: render/pages.h (3) */
    bool is_scanned;          /* a virus scanner looks at the PDF */
    void (*told)(void *arg);  /* after a notice or a change, to wake event streams; or NULL */
    void *told_arg;
};

/* faults: room for all pages of the list. Failures of pages_check() and of the blobs. */
enum status pages_list_check(struct cx *cx, const struct pages_world *world,
                             const struct value *list, enum page_fault *faults);

/* title and at are written into the PDF: those of the material. E_TOO_LARGE "too-large" for a PDF
 * past PAGES_PDF_BYTES_MAX. */
enum status pages_list_bind(struct cx *cx, const struct pages_world *world,
                            const struct value *list, Str title, Instant at,
                            struct pages_file *out);

/* In the shape of struct job_kind.run; arg is a struct pages_world. */
enum status pages_job(struct cx *cx, void *arg, Id job, const struct value *payload);

#endif

/* web/pages_intake.h - pages sent one by one become one material.
 *
 * They are uploads that are whole (JSON {"pages":[{"upload","rotate"}],"name"}), or the files, two
 * or more, of a form that asks for it (join=yes). Checked on the slow queue while the sender waits,
 * so that a page that cannot be used is named at once; joined there as well when they are few, by a
 * job when they are many (jobs/pages_job.h). (1) Refused pages leave every upload as it was.
 */
#ifndef WEB_PAGES_INTAKE_H
#define WEB_PAGES_INTAKE_H

#include "web/app.h"
#include "web/upload.h"

struct pages_intake {
    uint32_t count;
    struct upload **uploads; /* NULL: the files came with the request */
    struct value *list;      /* {"pages":[{"name","rotate","size","sm3"}]} */
    Str name;                /* of the material */
    Instant at;
    bool later; /* a job joins them */
    Hash list_sm3;
    Hash sm3; /* of the material's file: the PDF, or the list */
    int64_t size;
};

/* Does the request bring pages to be joined? */
bool pages_intake_wanted(const struct call *call);
/* E_INPUT "pages-unusable" with an error for every page that cannot be used; "fields" for none or
 * too many. */
enum status pages_intake_read(struct call *call, struct pages_intake *out);
/* Again after a race: the uploads may be used up. */
enum status pages_intake_still_there(struct call *call, const struct pages_intake *intake);
/* The files of a form, which are ended here. Blocks: slow queue only, as the next. */
enum status pages_intake_take(struct call *call, struct sent *sent, struct pages_intake *out);
enum status pages_intake_bind(struct call *call, struct pages_intake *intake);
/* Writes with the material's row what becomes of the uploads, and the job. */
void pages_intake_plan(struct call *call, const struct pages_intake *intake, struct plan *plan,
                       Id matter, int64_t n);

#endif

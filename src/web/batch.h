/* web/batch.h - what the handlers of batches share.
 *
 * A batch belongs to the person who uploaded it, or for whom an assistant of his did: to everybody
 * else it is 404. He alone starts or deletes it. Staff under a post file nothing by batch.
 */
#ifndef WEB_BATCH_H
#define WEB_BATCH_H

#include "flow/batch.h"
#include "web/app.h"

struct batch_seen {
    Id id;
    Id person;
    struct batch *batch;
    struct batch_file *files;
    uint32_t file_count;
    struct batch_row *wrong; /* the first of those that are bad or failed */
    uint32_t wrong_count;
};

/* E_DENIED "batch-denied" under a post, E_NOT_FOUND "not-found" for others' batches. */
enum status batch_mine(struct call *call);
enum status batch_see(struct call *call, struct batch_seen *out);
/* Whose batch it is, as he would act: rules ask for his name and rights, whoever prepares it. */
enum status batch_filer(struct call *call, Id owner, struct actor *out);
/* E_DENIED "draft-of-another" for who only prepares it. */
enum status batch_own(struct call *call, const struct batch *batch);
/* As GET /batches/{id} shows it. */
struct value *batch_view(struct call *call, const struct batch_seen *seen);
Str batch_path(struct arena *arena, Id id, const char *rest);
/* Answers the batch as it now is: 200, or 303 to its page. */
enum status batch_answer(struct call *call, Id id);
const struct batch_kind *batch_kind_of(const struct call *call, const struct batch *batch);

/* The sheet of a batch, read anew: blocks, slow queue only. Lives in arena (a large one of its
 * own); failures are recorded in call->cx. */
enum status batch_sheet(struct call *call, struct arena *arena, Hash sm3, int64_t size,
                        struct sheet *out);

enum { BATCH_SHEET_ARENA_BYTES = 256 << 20 };

/* For what is kept of thousands of rows, with their reasons: ends with the call. */
struct arena *batch_arena(struct call *call);
/* What failed in a context of such an arena has failed in call->cx, too. */
enum status batch_failed(struct call *call, const struct cx *own);
/* How often one may have a sheet read, some seconds of a worker each: because of a file that goes
 * with it, or as such. */
enum status batch_pace(struct call *call, bool file);

#endif

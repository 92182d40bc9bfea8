#include "jobs/batch_digest.h"

#include <inttypes.h>

#include "base/clock.h"
#include "record/listing.h"

struct finish {
    const struct batch *batch;
    const struct batch_kind *kind;
    Str filer;
    struct batch_court *courts;
    uint32_t court_count;
    int64_t filed, wrong;
    Instant at;
    Id id; /* of the next notice */
    struct script *script;
};

static enum status courts_read(struct cx *cx, struct sql *sql, void *arg)
{
    struct finish *f = arg;
    return batch_courts(cx, sql, f->batch->id, &f->courts, &f->court_count, &f->wrong);
}

static void tell(struct finish *f, Str viewer, Str title, Str text)
{
    const struct notice notice = {.id = f->id++,
                                  .viewer = viewer,
                                  .event = f->batch->id,
                                  .kind = STR(BATCH_NOTICE),
                                  .title = title,
                                  .text = text,
                                  .at = f->at};
    notice_write(f->script, &notice);
}

static void court_tell(struct cx *cx, struct finish *f, const struct batch_court *at)
{
    const struct act *act = f->kind->act;
    Str title = str_printf(cx->arena, "批量立案：收到%" PRId64 "件", at->filed);
    Str text = str_printf(cx->arena, "%.*s提交：%.*s%s", STR_ARG(f->filer), STR_ARG(at->first),
                          at->filed > 1 ? "等" : "");
    for (uint32_t i = 0; i < act->tell_count; i++) {
        if (act->tells[i].kind == ACTOR_COURT) {
            tell(f, viewer_post(cx->arena, str_of(act->tells[i].name), at->court), title, text);
        }
    }
}

static enum status finish_write(struct cx *cx, struct sql *sql, void *arg)
{
    const struct finish *f = arg;
    bool ended = false;
    TRY(batch_end(cx, sql, f->batch->id, f->at, &ended));
    return ended ? script_run(cx, sql, f->script) : OK;
}

enum status batch_finish(struct cx *cx, const struct house *house, const struct batch *batch,
                         const struct batch_kind *kind, Str filer)
{
    struct finish f = {.batch = batch,
                       .kind = kind,
                       .filer = filer,
                       .at = clock_now(),
                       .script = script_new(cx->arena)};
    TRY(store_read(cx, house->store, courts_read, &f));
    for (uint32_t i = 0; i < f.court_count; i++) {
        f.filed += f.courts[i].filed;
        TRY(sequence_take(cx, house->sequence, kind->act->tell_count + 1, &f.id));
        court_tell(cx, &f, &f.courts[i]);
    }
    Str failed = f.wrong == 0
                     ? STR("")
                     : str_printf(cx->arena, "，%" PRId64 "件没有提交，原因见结果", f.wrong);
    TRY(sequence_next(cx, house->sequence, &f.id));
    tell(&f, viewer_person(cx->arena, batch->person), STR("批量立案已办完"),
         str_printf(cx->arena, "%.*s：提交%" PRId64 "件%s", STR_ARG(batch->name), f.filed,
                    failed.p));
    return store_write(cx, house->store, WRITE_BULK, finish_write, &f);
}

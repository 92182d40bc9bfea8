#include "jobs/scan_job.h"

#include <inttypes.h>
#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "record/listing.h"

struct target {
    Id matter;
    int64_t n;
    bool checking;
    Hash sm3;
    Id person;
    Str name;
    Str title; /* of the matter */
    int64_t events;
};

static enum status target_read(struct cx *cx, struct sql *sql, void *arg)
{
    struct target *target = arg;
    struct rows r = {0};
    TRY(sql_query(cx, sql,
                  SQL("SELECT f.sm3, f.person, f.name, m.title, m.events FROM material f "
                      "JOIN matter m ON m.id = f.matter "
                      "WHERE f.matter = ?1 AND f.n = ?2 AND f.status = 'checking'"),
                  ARGS(SQL_I(target->matter), SQL_I(target->n)), &r));
    target->checking = r.count > 0; /* else removed, or done before */
    if (target->checking) {
        Str sm3 = row_str(&r, 0, 0);
        memcpy(target->sm3.b, sm3.p, sm3.n == HASH_BYTES ? HASH_BYTES : 0);
        target->person = row_int(&r, 0, 1);
        target->name = row_str(&r, 0, 2);
        target->title = row_str(&r, 0, 3);
        target->events = row_int(&r, 0, 4);
    }
    return OK;
}

struct blob_source {
    struct blobs *blobs;
    Hash sm3;
};

static enum status blob_part(struct cx *cx, void *arg, int64_t offset, void *bytes, size_t room,
                             size_t *got)
{
    struct blob_source *blob = arg;
    return blob_read(cx, blob->blobs, blob->sm3.b, offset, bytes, room, got);
}

static enum status verdict_of(struct cx *cx, const struct scan_world *world,
                              const struct target *target, const char **status)
{
    struct blob_source blob = {world->blobs, target->sm3};
    struct scan_source source = {blob_part, &blob};
    enum scan_verdict verdict = SCAN_TOO_LARGE;
    Str found = {"", 0};
    if (world->scan != NULL) {
        TRY(scan_file(cx, world->scan, &source, &verdict, &found));
    }
    *status = verdict == SCAN_CLEAN ? "ready" : verdict == SCAN_INFECTED ? "refused" : "unscanned";
    return OK;
}

static enum status script_apply(struct cx *cx, struct sql *sql, void *arg)
{
    return script_run(cx, sql, arg);
}

static enum status tell_sender(struct cx *cx, const struct scan_world *world,
                               const struct target *target, struct script *script)
{
    struct notice notice = {
        .viewer = viewer_person(cx->arena, target->person),
        .matter = target->matter,
        .event = target->events,
        .kind = STR("file-infected"),
        .title = str_printf(cx->arena, "文件里发现了病毒，没有收下：%s", target->name.p),
        .text = target->title,
        .at = clock_now(),
    };
    TRY(sequence_next(cx, world->house->sequence, &notice.id));
    notice_write(script, &notice);
    return OK;
}

void scan_plan(struct cx *cx, struct plan *plan, Id matter, int64_t n)
{
    struct value *payload = value_map(cx->arena);
    value_set_int(cx->arena, payload, "matter", matter);
    value_set_int(cx->arena, payload, "n", n);
    script_add(plan->script,
               SQL("INSERT INTO job (id, kind, payload, due, attempts, lease, state, last_error) "
                   "VALUES (?1, 'scan', ?2, 0, 0, 0, 'waiting', '')"),
               ARGS(SQL_I(plan_id(plan)), SQL_S(json_write(cx->arena, payload))));
}

enum status scan_job(struct cx *cx, void *arg, Id job, const struct value *payload)
{
    const struct scan_world *world = arg;
    struct target target = {.matter = value_get_int(payload, "matter"),
                            .n = value_get_int(payload, "n")};
    const char *status = "";
    struct script *script = script_new(cx->arena);
    (void)job;
    TRY(store_read(cx, world->house->store, target_read, &target));
    if (!target.checking) {
        return OK;
    }
    TRY(verdict_of(cx, world, &target, &status));
    script_add(script,
               SQL("UPDATE material SET status = ?3 "
                   "WHERE matter = ?1 AND n = ?2 AND status = 'checking'"),
               ARGS(SQL_I(target.matter), SQL_I(target.n), SQL_C(status)));
    bool refused = text_is(status, "refused");
    if (refused) {
        TRY(tell_sender(cx, world, &target, script));
    }
    TRY(store_write(cx, world->house->store, WRITE_BULK, script_apply, script));
    if (refused && world->told != NULL) {
        world->told(world->told_arg);
    }
    return OK;
}

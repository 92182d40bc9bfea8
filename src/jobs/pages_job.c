#include "jobs/pages_job.h"

#include <inttypes.h>
#include <string.h>

#include "base/check.h"
#include "base/clock.h"
#include "base/json.h"
#include "base/log.h"
#include "flow/act.h"
#include "jobs/runner.h"
#include "jobs/scan_job.h"
#include "record/listing.h"
#include "record/upload.h"

enum { LIST_BYTES_MAX = 1 << 20, GOES_ON_US = 20 * 1000 * 1000 };

#define PDF_BYTES_MAX (INT64_C(200) * 1024 * 1024) /* as of any file: web/upload.h */

/* --- pages out of blobs --- */

struct reading {
    const struct pages_world *world;
    const struct value *list;
    Id job; /* 0: none */
    int64_t said_us;
};

/* Sheets of one PDF that follow each other are read from it once. */
static bool is_same(const struct value *pages, uint32_t i)
{
    return i > 0 && value_get_int(value_item(pages, i - 1), "sheet") > 0 &&
           str_same(value_get_str(value_item(pages, i - 1), "sm3"),
                    value_get_str(value_item(pages, i), "sm3"));
}

static enum status page_read(struct cx *cx, void *arg, uint32_t i, struct page_given *out)
{
    struct reading *reading = arg;
    const struct value *page = value_item(value_get(reading->list, "pages"), i);
    int64_t size = value_get_int(page, "size");
    int64_t now_us = clock_monotonic_us();
    Hash sm3;
    if (reading->job != 0 && now_us - reading->said_us > GOES_ON_US) {
        TRY(job_goes_on(cx, reading->world->house->store, reading->job));
        reading->said_us = now_us;
    }
    if (!hash_unhex(value_get_str(page, "sm3"), &sm3) || size < 0 ||
        !page_turn_read(page, &out->turn)) {
        return FAIL(cx, E_BUG, "bug", "page %u of a list cannot be read", i + 1);
    }
    out->sheet = (uint32_t)value_get_int(page, "sheet");
    out->same = out->sheet > 0 && is_same(value_get(reading->list, "pages"), i);
    if (size > (out->sheet > 0 ? SHEET_PDF_BYTES_MAX : PAGE_BYTES_MAX)) {
        return FAIL(cx, E_BUG, "bug", "page %u of a list has %" PRId64 " bytes", i + 1, size);
    }
    return out->same ? OK : blob_whole(cx, reading->world->blobs, sm3.b, size, &out->bytes);
}

static bool page_stamp(struct cx *cx, void *arg, uint32_t i, struct page_stamp *out)
{
    const struct reading *reading = arg;
    const struct value *page = value_item(value_get(reading->list, "pages"), i);
    (void)cx;
    *out = (struct page_stamp){value_get_str(page, "left"), value_get_str(page, "right")};
    return out->left.n + out->right.n > 0;
}

static struct page_source source_of(struct reading *reading)
{
    return (struct page_source){.count = value_count(value_get(reading->list, "pages")),
                                .read = page_read,
                                .arg = reading,
                                .stamp = page_stamp};
}

enum status pages_list_check(struct cx *cx, const struct pages_world *world,
                             const struct value *list, enum page_fault *faults)
{
    struct reading reading = {world, list, 0, 0};
    struct page_source source = source_of(&reading);
    return pages_check(world->pool, cx, &source, faults);
}

/* --- the PDF into a blob --- */

struct writing {
    struct blob_writer *writer;
    int64_t size;
};

static enum status piece_write(struct cx *cx, void *arg, const void *bytes, size_t size)
{
    struct writing *writing = arg;
    writing->size += (int64_t)size;
    if (writing->size > PDF_BYTES_MAX) {
        return FAIL(cx, E_TOO_LARGE, "too-large", "joined pages past %" PRId64 " bytes",
                    PDF_BYTES_MAX);
    }
    return blob_write(cx, writing->writer, bytes, size);
}

static enum status bind_to(struct cx *cx, struct reading *reading, Str title, Instant at,
                           struct pages_file *out)
{
    struct writing writing = {NULL, 0};
    struct page_source source = source_of(reading);
    struct page_sink sink = {title, at, piece_write, &writing};
    enum status begun = blob_begin(cx, reading->world->blobs, &writing.writer);
    if (begun != OK) { /* not by TRY: it must be ended */
        return begun;
    }
    enum status status =
        pages_join(reading->world->pool, cx, &source, &sink, &out->broken, &out->fault);
    if (status != OK || out->fault != PAGE_GOOD) {
        blob_drop(writing.writer);
        return status;
    }
    return blob_finish(cx, writing.writer, out->sm3.b, &out->size);
}

/* A helper may die for reasons of its own: only who dies twice over a page is that page's. */
static enum status bind(struct cx *cx, struct reading *reading, Str title, Instant at,
                        struct pages_file *out)
{
    struct pages_file first;
    TRY(bind_to(cx, reading, title, at, out));
    if (out->fault != PAGE_BROKEN) {
        return OK;
    }
    first = *out;
    TRY(bind_to(cx, reading, title, at, out));
    *out = out->fault == PAGE_GOOD ? *out : first;
    return OK;
}

enum status pages_list_bind(struct cx *cx, const struct pages_world *world,
                            const struct value *list, Str title, Instant at, struct pages_file *out)
{
    struct reading reading = {world, list, 0, 0};
    *out = (struct pages_file){0};
    return bind(cx, &reading, title, at, out);
}

/* --- the job --- */

struct target {
    Id matter;
    int64_t n;
    bool waits;
    Str name;
    Instant at;
    Id person;
    Str title; /* of the matter */
    int64_t events;
    Hash list_sm3;
    int64_t list_size;
};

static enum status target_read(struct cx *cx, struct sql *sql, void *arg)
{
    struct target *target = arg;
    struct rows r = {0};
    TRY(sql_query(cx, sql,
                  SQL("SELECT f.name, f.at, f.person, f.sm3, f.size, m.title, m.events "
                      "FROM material f JOIN matter m ON m.id = f.matter "
                      "WHERE f.matter = ?1 AND f.n = ?2 AND f.status = 'checking' AND "
                      "f.removed IS NULL AND f.pages_sm3 = f.sm3"),
                  ARGS(SQL_I(target->matter), SQL_I(target->n)), &r));
    target->waits = r.count > 0;
    if (target->waits) {
        Str sm3 = row_str(&r, 0, 3);
        target->name = row_str(&r, 0, 0);
        target->at = row_int(&r, 0, 1);
        target->person = row_int(&r, 0, 2);
        memcpy(target->list_sm3.b, sm3.p, sm3.n == HASH_BYTES ? HASH_BYTES : 0);
        target->list_size = row_int(&r, 0, 4);
        target->title = row_str(&r, 0, 5);
        target->events = row_int(&r, 0, 6);
    }
    return OK;
}

static enum status script_apply(struct cx *cx, struct sql *sql, void *arg)
{
    return script_run(cx, sql, arg);
}

static enum status list_read(struct cx *cx, const struct pages_world *world,
                             const struct target *target, struct value **out)
{
    Str text = {0};
    if (target->list_size < 0 || target->list_size > LIST_BYTES_MAX) {
        return FAIL(cx, E_BUG, "bug", "a list of pages of %" PRId64 " bytes", target->list_size);
    }
    TRY(blob_whole(cx, world->blobs, target->list_sm3.b, target->list_size, &text));
    return json_read(cx, text, out);
}

/* (2) */
static enum status refuse(struct cx *cx, const struct pages_world *world,
                          const struct target *target, Id job, Str fault)
{
    struct script *script = script_new(cx->arena);
    struct notice notice = {
        .viewer = viewer_person(cx->arena, target->person),
        .matter = target->matter,
        .event = target->events,
        .kind = STR("pages-refused"),
        .title = str_printf(cx->arena, "没有合成“%s”：%s", target->name.p, fault.p),
        .text = target->title,
        .at = clock_now(),
    };
    script_add(script,
               SQL("UPDATE material SET status = 'refused', fault = ?3 "
                   "WHERE matter = ?1 AND n = ?2 AND status = 'checking' AND pages_sm3 = sm3"),
               ARGS(SQL_I(target->matter), SQL_I(target->n), SQL_S(fault)));
    upload_free_held(script, job, clock_machine());
    TRY(sequence_next(cx, world->house->sequence, &notice.id));
    notice_write(script, &notice);
    return store_write(cx, world->house->store, WRITE_BULK, script_apply, script);
}

/* What is left when nobody waits for the pages any more. */
static enum status let_go(struct cx *cx, const struct pages_world *world, Id job)
{
    struct script *script = script_new(cx->arena);
    upload_remove_held(script, job);
    return store_write(cx, world->house->store, WRITE_BULK, script_apply, script);
}

static enum status keep_once(struct cx *cx, const struct pages_world *world,
                             const struct target *target, Id job, const struct pages_file *bound)
{
    struct plan *plan = NULL;
    TRY(material_join(cx, world->house, target->matter, target->n, bound->sm3, bound->size,
                      world->is_scanned ? "checking" : "unscanned", &plan));
    if (plan == NULL) {
        return let_go(cx, world, job);
    }
    if (world->is_scanned) {
        scan_plan(cx, plan, target->matter, target->n);
    }
    upload_remove_held(plan->script, job);
    return store_write(cx, world->house->store, WRITE_BULK, plan_apply, plan);
}

static enum status keep(struct cx *cx, const struct pages_world *world, const struct target *target,
                        Id job, const struct pages_file *bound)
{
    enum status status = E_AGAIN;
    for (int i = 0; i < ACT_RETRIES_MAX && status == E_AGAIN; i++) {
        cx_forgive(cx);
        status = keep_once(cx, world, target, job, bound);
    }
    return status == E_AGAIN ? FAIL(cx, E_BUSY, "busy", "the matter is never at rest") : status;
}

static enum status target_join(struct cx *cx, const struct pages_world *world,
                               const struct target *target, Id job)
{
    struct value *list = NULL;
    struct pages_file bound = {0};
    TRY(list_read(cx, world, target, &list));
    struct reading reading = {world, list, job, clock_monotonic_us()};
    enum status status = bind(cx, &reading, target->name, target->at, &bound);
    if (status == E_TOO_LARGE && text_is(cx->failure.code, "too-large")) {
        cx_forgive(cx);
        return refuse(cx, world, target, job, STR("各页加起来超过200MB，请分成几份"));
    }
    TRY(status);
    return bound.fault == PAGE_GOOD
               ? keep(cx, world, target, job, &bound)
               : refuse(cx, world, target, job,
                        page_fault_text(cx->arena, bound.fault, bound.broken + 1));
}

enum status pages_job(struct cx *cx, void *arg, Id job, const struct value *payload)
{
    const struct pages_world *world = arg;
    struct target target = {.matter = value_get_int(payload, "matter"),
                            .n = value_get_int(payload, "n")};
    TRY(store_read(cx, world->house->store, target_read, &target));
    if (!target.waits) {
        return let_go(cx, world, job);
    }
    TRY(target_join(cx, world, &target, job));
    if (world->told != NULL) {
        world->told(world->told_arg);
    }
    return OK;
}

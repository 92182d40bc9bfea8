/* One matter: its chain, what the chain adds up to, its rows, its leaves, its files. */
#include <inttypes.h>
#include <string.h>

#include "base/json.h"
#include "jobs/verify_int.h"
#include "record/handover.h"
#include "record/matter.h"
#include "seal/receipt.h"

enum { CHUNK_BYTES = 1 << 18, NUMBERING_MS = 10000 };

struct matter_look {
    struct verifying *v;
    Id id;
    Instant checkpointed_at;
    struct matter *m;
    struct handover *handover;
    struct rows events;
    struct rows leaves;
    struct verify_lists lists;
};

static enum status look_read(struct cx *cx, struct sql *sql, void *arg)
{
    struct matter_look *look = arg;
    TRY(matter_find(cx, sql, look->id, &look->m));
    TRY(handover_find(cx, sql, look->id, &look->handover));
    TRY(verify_lists_read(cx, sql, look->m, &look->lists));
    TRY(sql_query(cx, sql,
                  SQL("SELECT n, at, act, revision, body, hash FROM event WHERE matter = ?1 "
                      "ORDER BY n"),
                  ARGS(SQL_I(look->id)), &look->events));
    return sql_query(cx, sql, SQL("SELECT n, hash, idx FROM leaf WHERE matter = ?1 ORDER BY n"),
                     ARGS(SQL_I(look->id)), &look->leaves);
}

/* --- the chain --- */

struct chain {
    Hash head;
    struct value *projection;
    struct handover handover;
    bool is_handover;
};

static bool body_is_about(const struct matter_look *look, uint32_t row, const struct value *body)
{
    const struct rows *r = &look->events;
    return value_get_int(body, "matter") == look->id &&
           value_get_int(body, "n") == row_int(r, row, 0) &&
           value_get_int(body, "at") == row_int(r, row, 1) &&
           str_same(value_get_str(body, "act"), row_str(r, row, 2)) &&
           value_get_int(body, "revision") == row_int(r, row, 3);
}

static enum status event_verify(struct cx *cx, struct matter_look *look, uint32_t row,
                                struct chain *chain)
{
    const struct rows *r = &look->events;
    struct verifying *v = look->v;
    struct value *body = NULL;
    Str text = row_str(r, row, 4);
    Hash hash;
    Hash after;
    int64_t n = row_int(r, row, 0);
    if (n != (int64_t)row + 1) {
        verify_found(cx, v, "event-order", look->id, "event %" PRId64 " stands at %u", n, row + 1);
    }
    chain->head = hash_link(chain->head, text);
    if (!verify_hash(r, row, 5, &hash) || !hash_same(hash, chain->head)) {
        verify_found(cx, v, "event-link", look->id, "event %" PRId64 " is no link of its chain", n);
    }
    if (json_read(cx, text, &body) != OK) {
        return verify_unreadable(cx, v, look->id);
    }
    if (!str_same(json_canonical(cx->arena, body), text) || !body_is_about(look, row, body)) {
        verify_found(cx, v, "event-body", look->id, "the body of event %" PRId64 " is not its own",
                     n);
    }
    chain->projection = projection_apply(cx->arena, chain->projection, value_get(body, "change"));
    if (!hash_unhex(value_get_str(body, "after"), &after) ||
        !hash_same(after, projection_hash(cx->arena, chain->projection))) {
        verify_found(cx, v, "projection", look->id, "event %" PRId64 " leads elsewhere", n);
    }
    if (handover_note(cx->arena, &chain->handover, body, chain->projection)) {
        chain->is_handover = true;
    }
    return OK;
}

/* Before the first event every section is there and empty. */
static struct value *nothing_yet(struct arena *arena, const struct matter *m)
{
    const struct value *sections = matter_projection(arena, m);
    struct value *empty = value_map(arena);
    for (uint32_t i = 0; i < value_count(sections); i++) {
        value_set_key(arena, empty, sections->as.members[i].key, value_map(arena));
    }
    return empty;
}

/* --- the rows --- */

static void sections_compare(struct cx *cx, struct matter_look *look, const struct value *replayed)
{
    const struct value *stored = matter_projection(cx->arena, look->m);
    for (uint32_t i = 0; i < value_count(stored); i++) {
        Str name = stored->as.members[i].key;
        if (!value_same(value_get_key(replayed, name), stored->as.members[i].value)) {
            verify_found(cx, look->v, "rows", look->id, "%s are not what the events add up to",
                         name.p);
        }
    }
}

/* The row that reports count is what the events add up to, and there is none without them. */
static void handover_compare(struct cx *cx, struct matter_look *look, const struct chain *chain)
{
    bool same = chain->is_handover == (look->handover != NULL);
    if (same && look->handover != NULL) {
        same = handover_same(&chain->handover, look->handover);
    }
    if (!same) {
        verify_found(cx, look->v, "rows", look->id,
                     "the row of hand-overs is not what the events add up to");
    }
}

static bool status_is_known(Str status)
{
    return str_is(status, "checking") || str_is(status, "ready") || str_is(status, "refused") ||
           str_is(status, "unscanned");
}

/* What is outside the projection, as far as it can be told. */
static void rest_verify(struct cx *cx, struct matter_look *look, int64_t last_revision)
{
    const struct matter *m = look->m;
    if (m->revision < last_revision) {
        verify_found(cx, look->v, "rows", look->id, "revision %" PRId64 " is before its last event",
                     m->revision);
    }
    for (uint32_t i = 0; i < m->groups->count; i++) {
        if (value_as_int(m->groups->as.members[i].value) > m->revision) {
            verify_found(cx, look->v, "rows", look->id, "group %s is newer than its matter",
                         m->groups->as.members[i].key.p);
        }
    }
    for (uint32_t i = 0; i < m->material_count; i++) {
        if (!status_is_known(m->materials[i].status)) {
            verify_found(cx, look->v, "rows", look->id, "material %" PRId64 " has no known status",
                         m->materials[i].n);
        }
    }
}

static enum status key_verify(struct cx *cx, struct matter_look *look)
{
    SealKey key;
    if (look->m->wrapped_key.n == 0) {
        return OK; /* erased */
    }
    if (seal_key_open(cx, look->v->options->keys, look->m->wrapped_key, &key) != OK) {
        return verify_unreadable(cx, look->v, look->id);
    }
    return OK;
}

/* --- leaves --- */

/* Numbers follow at once; but a program may have died in between. */
static bool waits_too_long(const struct matter_look *look, uint32_t row)
{
    return row_int(&look->events, row, 1) + NUMBERING_MS < look->checkpointed_at &&
           !str_has(row_str(&look->events, row, 4), "\"kind\":\"system\"");
}

static void leaves_verify(struct cx *cx, struct matter_look *look)
{
    Str id = str_printf(cx->arena, "%" PRId64, look->id);
    if (look->leaves.count != look->events.count) {
        verify_found(cx, look->v, "leaf", look->id, "%u events, %u leaves", look->events.count,
                     look->leaves.count);
        return;
    }
    for (uint32_t i = 0; i < look->events.count; i++) {
        Hash hash;
        Hash leaf;
        int64_t n = row_int(&look->events, i, 0);
        bool is_own =
            row_int(&look->leaves, i, 0) == n && verify_hash(&look->leaves, i, 1, &leaf) &&
            verify_hash(&look->events, i, 5, &hash) && hash_same(leaf, receipt_leaf(id, n, hash));
        if (!is_own) {
            verify_found(cx, look->v, "leaf", look->id, "event %" PRId64 " has another leaf", n);
        } else if (row_is_null(&look->leaves, i, 2) && waits_too_long(look, i)) {
            verify_found(cx, look->v, "leaf", look->id, "event %" PRId64 " never got a number", n);
        }
    }
}

/* --- files --- */

static enum status file_hash(struct cx *cx, struct blobs *blobs, Hash sm3, int64_t size, Hash *out)
{
    static _Thread_local char chunk[CHUNK_BYTES];
    struct hasher *hasher = hasher_open();
    enum status status = OK;
    size_t got = 1;
    for (int64_t at = 0; at < size && got > 0 && status == OK; at += (int64_t)got) {
        status = blob_read(cx, blobs, sm3.b, at, chunk, sizeof chunk, &got);
        hasher_add(hasher, chunk, status == OK ? got : 0);
    }
    *out = hasher_close(hasher);
    return status;
}

/* size -1: it stands nowhere. */
static enum status file_look(struct cx *cx, struct matter_look *look, const char *what, int64_t n,
                             Hash sm3, int64_t size)
{
    const struct verify_options *options = look->v->options;
    int64_t stored = 0;
    Hash found = sm3;
    TRY(blob_size(cx, options->blobs, sm3.b, &stored));
    look->v->counts->files += 1;
    if (!options->sizes_only) {
        TRY(file_hash(cx, options->blobs, sm3, stored, &found));
    }
    if ((size >= 0 && stored != size) || !hash_same(found, sm3)) {
        verify_found(cx, look->v, "file", look->id, "the file of %s %" PRId64 " is another", what,
                     n);
    }
    return OK;
}

static enum status file_verify(struct cx *cx, struct matter_look *look, const char *what, int64_t n,
                               Hash sm3, int64_t size)
{
    if (look->v->options->blobs == NULL) {
        return OK;
    }
    if (file_look(cx, look, what, n, sm3, size) == OK) {
        return OK;
    }
    if (cx->failure.status != E_NOT_FOUND) {
        return verify_unreadable(cx, look->v, look->id);
    }
    cx_forgive(cx);
    verify_found(cx, look->v, "file", look->id, "the file of %s %" PRId64 " is not there", what, n);
    return OK;
}

static enum status files_verify(struct cx *cx, struct matter_look *look)
{
    const struct matter *m = look->m;
    for (uint32_t i = 0; i < m->material_count; i++) {
        const struct material *file = &m->materials[i];
        if (hash_is_zero(file->sm3)) {
            verify_found(cx, look->v, "file", look->id, "material %" PRId64 " names no file",
                         file->n);
            continue;
        }
        TRY(file_verify(cx, look, "material", file->n, file->sm3, file->size));
        if (!hash_is_zero(file->pages_sm3)) {
            TRY(file_verify(cx, look, "list of pages of material", file->n, file->pages_sm3, -1));
        }
    }
    for (uint32_t i = 0; i < m->paper_count; i++) {
        const struct paper *paper = &m->papers[i];
        if (!hash_is_zero(paper->sm3)) {
            TRY(file_verify(cx, look, "paper", paper->n, paper->sm3, paper->size));
        }
    }
    return OK;
}

/* --- all of it --- */

static enum status acted_verify(struct cx *cx, struct matter_look *look)
{
    struct chain chain = {.projection = nothing_yet(cx->arena, look->m),
                          .handover = handover_none()};
    const struct matter *m = look->m;
    uint32_t count = look->events.count;
    look->v->counts->events += count;
    for (uint32_t i = 0; i < count; i++) {
        TRY(event_verify(cx, look, i, &chain));
    }
    if (m->events != (int64_t)count) {
        verify_found(cx, look->v, "event-order", look->id, "%u events, %" PRId64 " by its row",
                     count, m->events);
    }
    if (!hash_same(m->head, chain.head)) {
        verify_found(cx, look->v, "head", look->id, "the head is not that of its chain");
    }
    if (count > 0) {
        sections_compare(cx, look, chain.projection);
        handover_compare(cx, look, &chain);
        rest_verify(cx, look, row_int(&look->events, count - 1, 3));
    }
    leaves_verify(cx, look);
    return OK;
}

static enum status matter_verify(struct cx *cx, struct matter_look *look)
{
    TRY(store_read(cx, look->v->options->store, look_read, look));
    if (look->m == NULL) {
        return OK; /* a draft that was deleted meanwhile */
    }
    look->v->counts->matters += 1;
    look->v->counts->drafts += look->m->events == 0;
    TRY(acted_verify(cx, look));
    verify_lists(cx, look->v, look->m, &look->lists);
    TRY(key_verify(cx, look));
    return files_verify(cx, look);
}

enum status verify_matter(struct cx *cx, struct verifying *v, Id id, Instant checkpointed_at)
{
    struct matter_look look = {.v = v, .id = id, .checkpointed_at = checkpointed_at};
    return matter_verify(cx, &look) == OK ? OK : verify_unreadable(cx, v, id);
}

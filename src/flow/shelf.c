/* A matter has one slot, chosen by its id. What is kept lives in an arena of its own, which the
 * last of its holders closes: the slot is one, each request that shows it another. */
#include "flow/shelf.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/check.h"
#include "base/json.h"
#include "flow/view.h"

enum { KEPT_CEILING_BYTES = 8 << 20 }; /* of one matter while it is read: as for a request */

struct kept {
    struct shelf *shelf;
    struct arena *arena; /* holds this, too */
    struct matter *matter;
    struct value *clear;
    uint32_t holders; /* under the lock, as what follows and the arena once it is on the shelf */
    const struct value *story; /* its latest events; NULL until somebody asks */
    uint32_t story_most;       /* as many were asked for */
    bool story_more;
};

struct shelf {
    pthread_mutex_t lock;
    struct kept *slots[SHELF_MATTERS];
};

struct shelf *shelf_open(void)
{
    struct shelf *shelf = calloc(1, sizeof *shelf);
    check(shelf != NULL && pthread_mutex_init(&shelf->lock, NULL) == 0);
    return shelf;
}

static struct kept **slot_of(struct shelf *shelf, Id matter)
{
    return &shelf->slots[((uint64_t)matter * UINT64_C(0x9E3779B97F4A7C15)) >> 56];
}

_Static_assert(SHELF_MATTERS == 1 << 8, "the upper 8 bits choose a slot");

static void kept_drop(void *arg)
{
    struct kept *kept = arg;
    struct shelf *shelf = kept->shelf;
    (void)pthread_mutex_lock(&shelf->lock);
    bool last = --kept->holders == 0;
    (void)pthread_mutex_unlock(&shelf->lock);
    if (last) {
        arena_close(kept->arena);
    }
}

void shelf_close(struct shelf *shelf)
{
    if (shelf == NULL) {
        return;
    }
    for (uint32_t i = 0; i < SHELF_MATTERS; i++) {
        if (shelf->slots[i] != NULL) {
            check(shelf->slots[i]->holders == 1); /* else somebody still reads */
            kept_drop(shelf->slots[i]);
        }
    }
    (void)pthread_mutex_destroy(&shelf->lock);
    free(shelf);
}

uint32_t shelf_count(struct shelf *shelf)
{
    uint32_t count = 0;
    (void)pthread_mutex_lock(&shelf->lock);
    for (uint32_t i = 0; i < SHELF_MATTERS; i++) {
        count += shelf->slots[i] != NULL;
    }
    (void)pthread_mutex_unlock(&shelf->lock);
    return count;
}

/* Held for the life of cx's arena; NULL when it is not here or has another stamp. */
static struct kept *kept_take(struct cx *cx, struct shelf *shelf, Id matter,
                              const struct rows *stamp)
{
    (void)pthread_mutex_lock(&shelf->lock);
    struct kept *kept = *slot_of(shelf, matter);
    bool same =
        kept != NULL && kept->matter->id == matter && matter_stamp_is_of(stamp, kept->matter);
    if (same) {
        kept->holders++;
    }
    (void)pthread_mutex_unlock(&shelf->lock);
    if (!same) {
        return NULL;
    }
    arena_defer(cx->arena, kept_drop, kept);
    return kept;
}

static void kept_put(struct shelf *shelf, struct kept *kept)
{
    if (arena_total_bytes(kept->arena) > SHELF_BYTES_MAX) {
        return;
    }
    struct kept **slot = slot_of(shelf, kept->matter->id);
    (void)pthread_mutex_lock(&shelf->lock);
    struct kept *before = *slot;
    *slot = kept;
    kept->holders++;
    (void)pthread_mutex_unlock(&shelf->lock);
    if (before != NULL) {
        kept_drop(before);
    }
}

/* The caller's own struct, (3) what it points to. */
static void kept_show(struct cx *cx, struct kept *kept, struct seen *out)
{
    out->kept = kept;
    out->matter = arena_room(cx->arena, sizeof *out->matter);
    *out->matter = *kept->matter;
    out->clear = kept->clear;
}

/* How its clocks were counted, read once; not when it would grow too large to be kept. */
static void clocks_keep(struct cx *own, const struct kept *kept)
{
    struct arena_mark mark = arena_mark(kept->arena);
    const struct matter *m = kept->matter;
    for (uint32_t i = 0; i < m->clock_count; i++) {
        m->clocks[i].counted = clock_counted(own, &m->clocks[i]);
    }
    if (arena_total_bytes(kept->arena) > SHELF_BYTES_MAX) {
        for (uint32_t i = 0; i < m->clock_count; i++) {
            m->clocks[i].counted = NULL;
        }
        arena_rewind(kept->arena, mark);
    }
}

/* Reads it whole, for this actor, who may be refused; held like what kept_take() answers. */
static enum status kept_read(struct cx *cx, const struct house *house, struct sql *sql,
                             const struct actor *actor, Id matter, struct seen *out)
{
    struct arena *arena = arena_open(KEPT_CEILING_BYTES);
    struct kept *kept = arena_new(arena, struct kept);
    struct cx own;
    cx_init(&own, arena);
    *kept = (struct kept){.shelf = house->shelf, .arena = arena, .holders = 1};
    arena_defer(cx->arena, kept_drop, kept);
    enum status status = matter_find(&own, sql, matter, &kept->matter);
    out->matter = kept->matter;
    if (status == OK) {
        status = matter_admit(&own, house, actor, matter, out);
    }
    if (status == OK) {
        status = matter_open(&own, house, sql, out);
        kept->clear = out->clear;
    }
    if (status != OK) {
        const struct failure *failure = &own.failure;
        return cx_fail(cx, status, failure->code, failure->file, failure->line, "%.*s",
                       STR_ARG(failure->detail));
    }
    if (!out->renewed) { /* (2) */
        clocks_keep(&own, kept);
        kept_put(house->shelf, kept);
    }
    kept_show(cx, kept, out);
    return OK;
}

static enum status from_shelf(struct cx *cx, const struct house *house, struct sql *sql,
                              const struct actor *actor, Id matter, const struct rows *stamp,
                              struct seen *out)
{
    struct kept *kept = kept_take(cx, house->shelf, matter, stamp);
    if (kept == NULL) {
        return kept_read(cx, house, sql, actor, matter, out);
    }
    kept_show(cx, kept, out);
    out->renewed = false;
    out->renewal = NULL;
    out->behind = NULL;
    TRY(matter_admit(cx, house, actor, matter, out));
    return matter_refresh(cx, sql, stamp, out->matter);
}

/* The look at a matter without its rows: what this actor typed towards it, and its stamp. */
static enum status stamp_look(struct cx *cx, struct sql *sql, const struct actor *actor, Id matter,
                              struct rows *stamp, struct rows *typed)
{
    if (actor->person != 0) {
        TRY(typed_ask(cx, sql, matter, actor->person, typed));
    }
    TRY(matter_stamp_ask(cx, sql, matter, stamp));
    return sql_flush(cx, sql);
}

static enum status rest_see(struct cx *cx, const struct house *house, struct sql *sql,
                            const struct actor *actor, const struct rows *typed, struct seen *out)
{
    TRY(handover_see(cx, sql, out));
    return actor->person == 0 ? OK : typed_open(cx, house, typed, out);
}

enum status shelf_see(struct cx *cx, const struct house *house, struct sql *sql,
                      const struct actor *actor, Id matter, struct seen *out)
{
    struct rows stamp = {0};
    struct rows typed = {0};
    if (house->shelf == NULL) {
        return matter_see(cx, house, sql, actor, matter, out);
    }
    TRY(stamp_look(cx, sql, actor, matter, &stamp, &typed));
    TRY(from_shelf(cx, house, sql, actor, matter, &stamp, out));
    return rest_see(cx, house, sql, actor, &typed, out);
}

/* --- the story --- */

static const struct value *first_of(struct arena *arena, const struct value *list, uint32_t count)
{
    struct value *first = value_list(arena);
    for (uint32_t i = 0; i < value_count(list) && i < count; i++) {
        value_add(arena, first, value_item(list, i));
    }
    return first;
}

/* NULL when it is not kept, or not as far back. */
static const struct value *story_kept(struct cx *cx, const struct seen *seen, uint32_t count,
                                      bool *more)
{
    struct kept *kept = seen->kept;
    if (kept == NULL) {
        return NULL;
    }
    (void)pthread_mutex_lock(&kept->shelf->lock);
    const struct value *story = kept->story_most >= count ? kept->story : NULL;
    *more = kept->story_more || value_count(story) > count;
    (void)pthread_mutex_unlock(&kept->shelf->lock);
    return value_count(story) > count ? first_of(cx->arena, story, count) : story;
}

static void story_keep(struct kept *kept, const struct value *story, uint32_t count, bool more)
{
    (void)pthread_mutex_lock(&kept->shelf->lock);
    struct arena_mark mark = arena_mark(kept->arena);
    const struct value *copy = value_copy(kept->arena, story);
    if (arena_total_bytes(kept->arena) > SHELF_BYTES_MAX) {
        arena_rewind(kept->arena, mark);
    } else if (count > kept->story_most) { /* else somebody was faster */
        kept->story = copy;
        kept->story_most = count;
        kept->story_more = more;
    }
    (void)pthread_mutex_unlock(&kept->shelf->lock);
}

enum status shelf_story(struct cx *cx, const struct house *house, struct sql *sql,
                        const struct seen *seen, uint32_t count, const struct value **events,
                        bool *more)
{
    struct rows rows = {0};
    *events = story_kept(cx, seen, count, more);
    if (*events != NULL) {
        return OK;
    }
    TRY(sql_query(cx, sql,
                  SQL("SELECT body FROM event WHERE matter = ?1 AND n <= ?2 "
                      "ORDER BY n DESC LIMIT ?3"),
                  ARGS(SQL_I(seen->matter->id), SQL_I(seen->matter->events), SQL_I(count + 1)),
                  &rows));
    struct value *story = value_list(cx->arena);
    for (uint32_t i = 0; i < rows.count && i < count; i++) {
        static const Hash none;
        struct value *body = NULL;
        TRY(json_row_outline(cx, row_str(&rows, i, 0), EVENT_DEPTH, &body));
        value_add(cx->arena, story, event_view(cx, house, seen->procedure, body, none));
    }
    *more = rows.count > count;
    *events = story;
    if (seen->kept != NULL) {
        story_keep(seen->kept, story, count, *more);
    }
    return OK;
}

/* --- behind an act --- */

/* In the order in which rows are read. */
static int attachment_order(const void *a, const void *b)
{
    const struct attachment *one = a;
    const struct attachment *other = b;
    int order = (one->person > other->person) - (one->person < other->person);
    order = order != 0 ? order : str_compare(one->role, other->role);
    return order != 0 ? order : (one->party > other->party) - (one->party < other->party);
}

enum status shelf_see_after(struct cx *cx, const struct house *house, struct sql *sql,
                            const struct actor *actor, const struct change *change,
                            struct seen *out)
{
    struct rows stamp = {0};
    struct rows typed = {0};
    Id matter = change->after->id;
    out->kept = NULL;
    TRY(stamp_look(cx, sql, actor, matter, &stamp, &typed));
    if (!matter_stamp_is_acted(&stamp) || !matter_stamp_is_of(&stamp, change->after)) {
        return shelf_see(cx, house, sql, actor, matter, out);
    }
    out->matter = matter_copy(cx->arena, change->after);
    qsort(out->matter->attachments, out->matter->attachment_count, sizeof(struct attachment),
          attachment_order);
    out->clear = value_merge(cx->arena, change->clear, NULL);
    TRY(matter_admit(cx, house, actor, matter, out));
    TRY(matter_refresh(cx, sql, &stamp, out->matter));
    return rest_see(cx, house, sql, actor, &typed, out);
}

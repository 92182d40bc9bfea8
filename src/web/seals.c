/* The desk of the post that keeps a court's seal: what waits, and the seal on many papers at once.
 * Each matter gets an event of its own that names its papers; what cannot be sealed is named with
 * its reason and holds up nothing else. */
#include <inttypes.h>

#include "base/json.h"
#include "flow/seal.h"
#include "record/message.h"
#include "web/edit.h"
#include "web/handlers.h"
#include "web/keep.h"
#include "web/stream.h"

enum { SEALS_MAX = 100 };

struct group {
    Id matter;
    int64_t papers[SEAL_PAPERS_MAX];
    uint32_t count;
    struct plan *plan;          /* NULL: refused */
    const struct value *reason; /* {"code","title"} */
};

struct bulk {
    struct group all[SEALS_MAX];
    uint32_t count, papers;
};

/* --- what waits --- */

struct waiting {
    Str court;
    uint32_t limit;
    struct rows rows, count;
};

static enum status waiting_read(struct cx *cx, struct sql *sql, void *arg)
{
    struct waiting *look = arg;
    TRY(sql_later(cx, sql,
                  SQL("SELECT p.matter, p.n, p.title, p.number, p.at, m.title FROM paper p "
                      "JOIN matter m ON m.id = p.matter WHERE p.seal = ?1 AND p.seal <> '' AND "
                      "p.sealed IS NULL ORDER BY p.at, p.matter, p.n LIMIT ?2"),
                  ARGS(SQL_S(look->court), SQL_I(look->limit)), &look->rows));
    TRY(sql_later(
        cx, sql,
        SQL("SELECT count(*) FROM paper WHERE seal = ?1 AND seal <> '' AND sealed IS NULL"),
        ARGS(SQL_S(look->court)), &look->count));
    return sql_flush(cx, sql);
}

static enum status keeper_check(struct call *call)
{
    return str_is(call->actor.post, SEALER_POST)
               ? OK
               : FAIL(call->cx, E_DENIED, "seal-denied", "not the keeper of a seal");
}

static enum status waiting_view(struct call *call, struct value *view)
{
    struct cx *cx = call->cx;
    struct waiting look = {.court = call->actor.court, .limit = call_limit(call)};
    struct value *list = value_list(cx->arena);
    look.limit = look.limit > SEALS_MAX ? SEALS_MAX : look.limit;
    TRY(store_read(cx, call->app->house.store, waiting_read, &look));
    for (uint32_t i = 0; i < look.rows.count; i++) {
        struct value *row = value_map(cx->arena);
        Id matter = row_int(&look.rows, i, 0);
        int64_t n = row_int(&look.rows, i, 1);
        value_set_str(cx->arena, row, "matter", str_printf(cx->arena, "%" PRId64, matter));
        value_set_int(cx->arena, row, "n", n);
        value_set_str(cx->arena, row, "title", row_str(&look.rows, i, 2));
        value_set(cx->arena, row, "number",
                  row_is_null(&look.rows, i, 3) ? NULL
                                                : value_str(cx->arena, row_str(&look.rows, i, 3)));
        value_set_str(cx->arena, row, "at", instant_format(cx->arena, row_int(&look.rows, i, 4)));
        value_set_str(cx->arena, row, "matter_title", row_str(&look.rows, i, 5));
        value_set_str(cx->arena, row, "url",
                      str_printf(cx->arena, "/matters/%" PRId64 "/papers/%" PRId64, matter, n));
        value_add(cx->arena, list, row);
    }
    value_set(cx->arena, view, "waiting", list);
    value_set_int(cx->arena, view, "count", row_int(&look.count, 0, 0));
    return OK;
}

enum status seals_show(struct call *call)
{
    struct cx *cx = call->cx;
    struct value *view = value_map(cx->arena);
    TRY(keeper_check(call));
    TRY(waiting_view(call, view));
    return call_answer(call, view, "seals");
}

/* --- what is asked --- */

static struct group *group_of(struct bulk *bulk, Id matter)
{
    for (uint32_t i = 0; i < bulk->count; i++) {
        if (bulk->all[i].matter == matter) {
            return &bulk->all[i];
        }
    }
    if (bulk->count == SEALS_MAX) {
        return NULL;
    }
    bulk->all[bulk->count] = (struct group){.matter = matter};
    return &bulk->all[bulk->count++];
}

static bool paper_add(struct bulk *bulk, Id matter, int64_t n)
{
    struct group *group = group_of(bulk, matter);
    if (group == NULL) {
        return false;
    }
    for (uint32_t i = 0; i < group->count; i++) {
        if (group->papers[i] == n) {
            return true; /* twice is once */
        }
    }
    if (group->count == SEAL_PAPERS_MAX || bulk->papers == SEALS_MAX) {
        return false;
    }
    group->papers[group->count++] = n;
    bulk->papers++;
    return true;
}

/* {"matter","n"} in JSON, "MATTER:N" in a form. */
static bool paper_read(struct arena *arena, const struct value *said, Id *matter, int64_t *n)
{
    Str *parts = NULL;
    if (value_is_map(said)) {
        *n = value_get_int(said, "n");
        return str_int(value_get_str(said, "matter"), matter) && *matter > 0 && *n > 0;
    }
    return str_split(arena, value_as_str(said), ':', &parts) == 2 && str_int(parts[0], matter) &&
           str_int(parts[1], n) && *matter > 0 && *n > 0;
}

static enum status bulk_read(struct call *call, struct bulk *bulk)
{
    struct cx *cx = call->cx;
    const struct value *said =
        call->body_is_form ? keep_all(call, "papers") : value_get(call->body, "papers");
    for (uint32_t i = 0; i < value_count(said); i++) {
        Id matter = 0;
        int64_t n = 0;
        if (!value_is_list(said) || !paper_read(cx->arena, value_item(said, i), &matter, &n)) {
            (void)cx_error(cx, "papers", "ill-typed", "请选择要盖章的文书");
            return FAIL(cx, E_INPUT, "fields", "no list of papers");
        }
        if (!paper_add(bulk, matter, n)) {
            (void)cx_error(cx, "papers", "too-many", "一次最多100份");
            return FAIL(cx, E_INPUT, "fields", "too many papers");
        }
    }
    if (bulk->papers == 0) {
        (void)cx_error(cx, "papers", "missing", "请选择要盖章的文书");
        return FAIL(cx, E_INPUT, "fields", "nothing chosen");
    }
    return OK;
}

/* --- sealing --- */

/* A refusal of one is part of the answer; a fault of ours ends all. */
static enum status group_try(struct call *call, struct group *group)
{
    struct cx *cx = call->cx;
    enum status status = seal_prepare(cx, &call->app->house, &call->actor, group->matter,
                                      group->papers, group->count, &group->plan);
    if (status == OK || status == E_BUG || status == E_STORE || status == E_AGAIN) {
        return status;
    }
    struct value *reason = value_map(cx->arena);
    value_set_text(cx->arena, reason, "code", cx->failure.code);
    value_set_str(
        cx->arena, reason, "title",
        message_title(call->app->messages, cx->arena, cx->failure.code, cx->failure.args));
    group->reason = reason;
    group->plan = NULL;
    cx_forgive(cx);
    return OK;
}

static enum status bulk_apply(struct cx *cx, struct sql *sql, void *arg)
{
    struct bulk *bulk = arg;
    for (uint32_t i = 0; i < bulk->count; i++) {
        if (bulk->all[i].plan != NULL) {
            TRY(plan_apply(cx, sql, bulk->all[i].plan));
        }
    }
    return OK;
}

static enum status bulk_answer(struct call *call)
{
    struct cx *cx = call->cx;
    const struct bulk *bulk = call->kept;
    struct value *list = value_list(cx->arena);
    struct value *view = value_map(cx->arena);
    uint32_t sealed = 0;
    for (uint32_t i = 0; i < bulk->count; i++) {
        const struct group *g = &bulk->all[i];
        struct value *row = value_map(cx->arena);
        struct value *papers = value_list(cx->arena);
        for (uint32_t k = 0; k < g->count; k++) {
            value_add(cx->arena, papers, value_int(cx->arena, g->papers[k]));
        }
        if (g->plan != NULL) {
            streams_tell_plan(call->app->streams, g->plan);
        }
        sealed += g->plan != NULL ? g->count : 0;
        value_set_str(cx->arena, row, "matter", str_printf(cx->arena, "%" PRId64, g->matter));
        value_set(cx->arena, row, "papers", papers);
        value_set(cx->arena, row, "refused", g->reason);
        value_add(cx->arena, list, row);
    }
    call->app->wake_jobs(call->app->wake_arg);
    value_set(cx->arena, view, "results", list);
    value_set_int(cx->arena, view, "sealed", sealed);
    value_set_int(cx->arena, view, "refused", bulk->papers - sealed);
    TRY(waiting_view(call, view));
    return call_answer(call, view, "seals");
}

enum status seals_put(struct call *call)
{
    struct cx *cx = call->cx;
    struct bulk *bulk = arena_new(cx->arena, struct bulk);
    bool any = false;
    TRY(keeper_check(call));
    TRY(bulk_read(call, bulk));
    for (uint32_t i = 0; i < bulk->count; i++) {
        TRY(group_try(call, &bulk->all[i]));
        any = any || bulk->all[i].plan != NULL;
    }
    call->kept = bulk;
    return any ? call_write(call, bulk_apply, bulk, bulk_answer) : bulk_answer(call);
}

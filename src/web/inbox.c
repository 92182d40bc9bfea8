#include "web/inbox.h"

#include <inttypes.h>

#include "web/handlers.h"

uint32_t inbox_viewers(struct call *call, Str viewers[2])
{
    struct arena *arena = call->cx->arena;
    viewers[0] = viewer_person(arena, call->actor.person);
    if (call->actor.post.n == 0) {
        return 1;
    }
    viewers[1] = viewer_post(arena, call->actor.post, call->actor.court);
    return 2;
}

struct value *notice_view(struct arena *arena, const struct notice *notice)
{
    struct value *view = value_map(arena);
    value_set_str(arena, view, "id", str_printf(arena, "%" PRId64, notice->id));
    value_set_str(arena, view, "matter", str_printf(arena, "%" PRId64, notice->matter));
    value_set_str(arena, view, "kind", notice->kind);
    value_set_str(arena, view, "title", notice->title);
    value_set_str(arena, view, "text", notice->text);
    value_set_str(arena, view, "at", instant_format(arena, notice->at));
    value_set_bool(arena, view, "read", notice->read_at != 0);
    return view;
}

/* --- reading --- */

struct inbox {
    Str viewers[2];
    uint32_t viewer_count;
    Id before;
    uint32_t limit;
    struct notice *notices;
    uint32_t count;
};

static enum status inbox_read(struct cx *cx, struct sql *sql, void *arg)
{
    struct inbox *inbox = arg;
    return notice_list(cx, sql, inbox->viewers, inbox->viewer_count, inbox->before, inbox->limit,
                       &inbox->notices, &inbox->count);
}

enum status inbox_show(struct call *call)
{
    struct cx *cx = call->cx;
    struct inbox inbox = {.limit = call_limit(call) + 1};
    inbox.viewer_count = inbox_viewers(call, inbox.viewers);
    if (!str_int(call_param(call, "after"), &inbox.before) || inbox.before < 0) {
        inbox.before = 0;
    }
    TRY(store_read(cx, call->app->house.store, inbox_read, &inbox));
    bool more = inbox.count == inbox.limit;
    inbox.count -= more ? 1 : 0;
    struct value *list = value_list(cx->arena);
    for (uint32_t i = 0; i < inbox.count; i++) {
        value_add(cx->arena, list, notice_view(cx->arena, &inbox.notices[i]));
    }
    struct value *answer = value_map(cx->arena);
    value_set(cx->arena, answer, "notices", list);
    value_set(
        cx->arena, answer, "next",
        more ? value_str(cx->arena, str_printf(cx->arena, "/inbox?limit=%u&after=%" PRId64,
                                               inbox.limit - 1, inbox.notices[inbox.count - 1].id))
             : NULL);
    return call_answer(call, answer, "inbox");
}

/* --- having read --- */

static enum status marked(struct call *call)
{
    return call->json ? call_empty(call, 204) : call_done(call, STR("/inbox"), NULL);
}

/* One by "id", or all. */
enum status inbox_mark(struct call *call)
{
    struct cx *cx = call->cx;
    Str viewers[2];
    struct script *script = script_new(cx->arena);
    const struct value *said = value_get(call->body, "id");
    Id id = 0;
    if (said != NULL && (!str_int(value_as_str(said), &id) || id <= 0)) {
        (void)cx_error(cx, "id", "ill-typed", "没有这条消息");
        return FAIL(cx, E_INPUT, "fields", "no id of a notice");
    }
    uint32_t count = inbox_viewers(call, viewers);
    for (uint32_t i = 0; i < count; i++) {
        notice_read(script, viewers[i], id, clock_now());
    }
    return call_script(call, script, marked);
}

/* What was filed by one spreadsheet: its filer has the results, a court what waits. */
static Str batch_place(struct call *call, const struct notice *notice)
{
    return str_starts(notice->viewer, "p:")
               ? str_printf(call->cx->arena, "/batches/%" PRId64, notice->event)
               : STR("/matters?box=todo");
}

static enum status opened(struct call *call)
{
    const struct notice *notice = call->kept;
    call->status = 303;
    call->location = notice->matter != 0
                         ? str_printf(call->cx->arena, "/matters/%" PRId64, notice->matter)
                     : str_is(notice->kind, "batch")     ? batch_place(call, notice)
                     : str_is(call->actor.post, "admin") ? STR("/admin/audit")
                                                         : STR("/inbox"); /* about no matter */
    return OK;
}

/* GET /inbox/{id}: where the links of the page lead: it counts as read, and the matter opens. */
enum status inbox_open(struct call *call)
{
    struct cx *cx = call->cx;
    Id id = 0;
    struct inbox inbox = {.limit = 1};
    struct script *script = script_new(cx->arena);
    TRY(call_id(call, 0, &id));
    inbox.before = id + 1;
    inbox.viewer_count = inbox_viewers(call, inbox.viewers);
    TRY(store_read(cx, call->app->house.store, inbox_read, &inbox));
    if (inbox.count == 0 || inbox.notices[0].id != id) {
        return FAIL(cx, E_NOT_FOUND, "not-found", "no such notice");
    }
    call->kept = &inbox.notices[0];
    if (inbox.notices[0].read_at != 0) {
        return opened(call);
    }
    notice_read(script, inbox.notices[0].viewer, id, clock_now());
    return call_script(call, script, opened);
}

/* Matters: begin, save, show, list, act. One handler serves page and API. */
#include <inttypes.h>
#include <string.h>

#include "base/json.h"
#include "flow/authority.h"
#include "flow/shelf.h"
#include "flow/view.h"
#include "web/again.h"
#include "web/edit.h"
#include "web/handlers.h"
#include "web/keep.h"
#include "web/page_desk.h"
#include "web/page_field.h"
#include "web/paper_slips.h"
#include "web/phrase.h"
#include "web/renewal.h"
#include "web/reviewing.h"
#include "web/sighting.h"
#include "web/stream.h"
#include "web/visitor.h"

static Str matter_path(struct arena *arena, Id id)
{
    return str_printf(arena, "/matters/%" PRId64, id);
}

/* --- showing --- */

struct show {
    struct call *call;
    Id id;
    const struct change *change; /* what this request did to it, or NULL */
    struct seen seen;
};

static enum status show_read(struct cx *cx, struct sql *sql, void *arg)
{
    struct show *show = arg;
    const struct house *house = &show->call->app->house;
    const struct actor *actor = &show->call->actor;
    return show->change == NULL ? shelf_see(cx, house, sql, actor, show->id, &show->seen)
                                : shelf_see_after(cx, house, sql, actor, show->change, &show->seen);
}

/* The matter as it now is; page chosen by what the viewer can do with it. */
static enum status show_matter(struct call *call, Id id, const struct change *change,
                               bool with_errors, struct value **out)
{
    struct cx *cx = call->cx;
    struct show *show = arena_new(cx->arena, struct show);
    show->call = call;
    show->id = id;
    show->change = change;
    TRY(store_read(cx, call->app->house.store, show_read, show));
    call->seen = &show->seen;
    *out = matter_view(cx, &call->app->house, &show->seen, &call->actor, with_errors);
    return OK;
}

static enum status matter_shown(struct call *call);

/* Reviewers leave a mark that they have looked at it as it stands: what is docketed in one go must
 * have been looked at. It is written once for each state of a matter. */
enum status matter_show(struct call *call)
{
    struct cx *cx = call->cx;
    struct value *view = NULL;
    struct script *script = script_new(cx->arena);
    bool wanted = false;
    Id id = 0;
    TRY(call_id(call, 0, &id));
    TRY(show_matter(call, id, NULL, true, &view));
    TRY(reviewing_looked(call, call->seen, script, &wanted));
    call->kept_value = view;
    return wanted ? call_script(call, script, matter_shown) : matter_shown(call);
}

static enum status matter_shown(struct call *call)
{
    struct cx *cx = call->cx;
    const struct value *view = call->kept_value;
    Id id = call->seen->matter->id;
    sighting_opened(call, call->seen);
    bool values = str_is(call_param(call, "show"), "values");
    Str procedure = value_get_str(view, "procedure");
    bool drill = str_is(procedure, "drill-round");
    if (!call->json && !values && (drill || str_is(procedure, "circular"))) {
        call->status = 303; /* its figures have a page of their own */
        call->location = str_printf(cx->arena, "/%s/%" PRId64, drill ? "drills" : "circulars", id);
        return OK;
    }
    const char *page = str_is(value_get_str(view, "state"), "draft") ? "tasks"
                       : values                                      ? "summary"
                       : edit_decides(call, call->seen)              ? "review"
                                                                     : "matter";
    return call_answer(call, view, page);
}

/* --- after a write --- */

/* Who decided by a form goes on to what waits next. The window stays with the person before it: at
 * what it handed over, and first of all at the receipt that he takes home. */
static Str where_next(struct call *call, Id id, const struct plan *plan)
{
    const struct change *change = &plan->changes[0];
    bool decided = plan->change_count > 0 && change->act != NULL && change->before != NULL &&
                   !plan->replayed && !str_same(change->before->state, change->after->state);
    if (!decided || call->json || call->actor.post.n == 0) {
        return matter_path(call->cx->arena, id);
    }
    if (edit_decides(call, call->seen)) {
        return edit_next(call, id);
    }
    return change->before->events > 0
               ? matter_path(call->cx->arena, id)
               : str_printf(call->cx->arena, "/matters/%" PRId64 "/receipt?event=%" PRId64, id,
                            plan->event);
}

static enum status matter_changed(struct call *call)
{
    struct cx *cx = call->cx;
    struct value *view = NULL;
    const struct plan *plan = call->plan;
    Id id = 0; /* what is typed towards an act changes no matter: the plan may hold no change */
    TRY(call_id(call, 0, &id));
    call->app->wake_jobs(call->app->wake_arg);
    streams_tell_plan(call->app->streams, plan);
    if (plan->replayed) {
        call_header(call, "Idempotent-Replayed", STR("true"));
    }
    const struct change *change = &plan->changes[0];
    bool acted = plan->change_count > 0 && !plan->replayed && change->after->id == id;
    if (show_matter(call, id, acted ? change : NULL, change->act == NULL, &view) != OK) {
        /* The act stands: what cannot be shown is said by number. */
        struct value *brief = value_map(cx->arena);
        value_set_str(cx->arena, brief, "id", str_printf(cx->arena, "%" PRId64, id));
        value_set_int(cx->arena, brief, "event", plan->event);
        value_set_text(cx->arena, brief, "incident", cx->failure.incident);
        cx_forgive(cx);
        return call_done(call, matter_path(cx->arena, id), brief);
    }
    return call_done(call, where_next(call, id, plan), view);
}

static enum status matter_begun(struct call *call)
{
    struct cx *cx = call->cx;
    struct value *view = NULL;
    const struct plan *plan = call->plan;
    Id id = plan->replayed ? plan->replayed_matter : plan->changes[0].after->id;
    if (plan->replayed) {
        call_header(call, "Idempotent-Replayed", STR("true"));
    }
    TRY(show_matter(call, id, NULL, value_count(plan->changes[0].clear) > 0, &view));
    return call_created(call, matter_path(cx->arena, id), view);
}

/* --- beginning and saving --- */

/* Values stand under "values" in JSON; in a form every name without an underscore in front is one.
 */
struct value *matter_values_said(struct call *call)
{
    static const char *const ours[] = {"court", "procedure", "act"};
    struct arena *arena = call->cx->arena;
    if (!call->body_is_form) {
        const struct value *values = value_get(call->body, "values");
        return value_is_map(values) ? value_merge(arena, values, NULL) : value_map(arena);
    }
    struct value *values = value_map(arena);
    for (uint32_t i = 0; i < value_count(call->body); i++) {
        if (call->body->as.members[i].key.p[0] != '_') {
            value_set_key(arena, values, call->body->as.members[i].key,
                          call->body->as.members[i].value);
        }
    }
    for (size_t i = 0; i < sizeof ours / sizeof ours[0]; i++) {
        value_remove(values, ours[i]);
    }
    return values;
}

int64_t matter_revision_said(const struct call *call)
{
    int64_t revision = -1;
    const struct value *said = value_get(call->body, call->body_is_form ? "_revision" : "revision");
    if (value_is_text(said)) {
        return str_int(said->as.text, &revision) ? revision : -1;
    }
    return said == NULL ? -1 : value_as_int(said);
}

/* {"values":{},"revision":N,"version":N,"accept_warnings":true|[CODE]}: what is there must be of
 * its kind. */
static enum status body_check(struct call *call)
{
    struct cx *cx = call->cx;
    const struct value *values = value_get(call->body, "values");
    const struct value *revision = value_get(call->body, "revision");
    const struct value *version = value_get(call->body, "version");
    const struct value *accept = value_get(call->body, "accept_warnings");
    bool texts = value_is_list(accept);
    if (call->body_is_form) {
        return OK;
    }
    for (uint32_t i = 0; texts && i < accept->count; i++) {
        texts = value_is_text(accept->as.items[i]);
    }
    if (!value_is_null(values) && !value_is_map(values)) {
        (void)cx_error(cx, "values", "type", "values 应当是一个对象");
    }
    if (!value_is_null(revision) && (revision->kind != VALUE_INT || revision->as.number < 0)) {
        (void)cx_error(cx, "revision", "type", "revision 应当是不小于0的整数");
    }
    if (!value_is_null(version) && (version->kind != VALUE_INT || version->as.number < 1)) {
        (void)cx_error(cx, "version", "type", "version 应当是大于0的整数");
    }
    if (!value_is_null(accept) && accept->kind != VALUE_BOOL && !texts) {
        (void)cx_error(cx, "accept_warnings", "type",
                       "accept_warnings 应当是 true、false 或者代码的列表");
    }
    return cx->failure.errors == NULL ? OK : FAIL(cx, E_INPUT, "fields", "body of another shape");
}

/* Codes of warnings: true or a list in JSON; in a form one box for each. */
static const struct value *accepted_said(struct call *call)
{
    return call->body_is_form ? keep_all(call, "_accept")
                              : value_get(call->body, "accept_warnings");
}

/* Of a page's form at a window: with the person who stands before it. */
static struct value *values_begun(struct call *call)
{
    struct value *values = matter_values_said(call);
    struct value *visitor = call->body_is_form && !call->json ? visitor_values(call) : NULL;
    if (visitor != NULL) {
        values = value_merge(call->cx->arena, values, NULL);
        value_set(call->cx->arena, values, "visitor", visitor);
    }
    return values;
}

/* For whom an assistant begins it; 0: for himself. What is no id is nobody's. */
static Id assisted_said(struct call *call)
{
    Id id = 0;
    Str said = value_get_str(call->body, call->body_is_form ? "_for" : "for");
    return said.n == 0 ? 0 : str_int(said, &id) && id > 0 ? id : INT64_MAX;
}

enum status matter_begin(struct call *call)
{
    struct cx *cx = call->cx;
    struct plan *plan = NULL;
    Str key = http_header(call->http, "Idempotency-Key");
    if (key.n == 0) {
        key = value_get_str(call->body, "_key");
    }
    Str procedure = value_get_str(call->body, "procedure");
    Str court = value_get_str(call->body, "court");
    struct actor *actor = arena_new(cx->arena, struct actor); /* the plan keeps it */
    *actor = call->actor;
    actor->assists = assisted_said(call);
    enum status status =
        draft_begin(cx, &call->app->house, actor, procedure, court, values_begun(call),
                    call->body_is_form, key, call_request_hash(call), &plan);
    if (status == E_INPUT || status == E_DENIED) { /* said on the page that begins */
        struct value *view = begin_view(call, procedure, court);
        return view == NULL ? status : call_again(call, status, "begin", view);
    }
    return status != OK ? status : call_plan(call, plan, matter_begun);
}

enum status matter_save(struct call *call)
{
    struct cx *cx = call->cx;
    struct plan *plan = NULL;
    struct save_request request = {
        .actor = &call->actor,
        .act = value_get_str(call->body, call->body_is_form ? "_act" : "act"),
        .court = value_get_str(call->body, "court"),
        .values = matter_values_said(call),
        .from_form = call->body_is_form,
        .revision = matter_revision_said(call),
        .version = renewal_version_said(call),
    };
    TRY(call_id(call, 0, &request.matter));
    TRY(body_check(call));
    TRY(draft_save(cx, &call->app->house, &request, &plan));
    return call_plan(call, plan, matter_changed);
}

static enum status matter_dropped(struct call *call)
{
    return call->json ? call_empty(call, 204)
                      : call_done(call, STR("/matters?box=mine&done=deleted"), NULL);
}

enum status matter_drop(struct call *call)
{
    struct cx *cx = call->cx;
    struct plan *plan = NULL;
    Id id = 0;
    TRY(call_id(call, 0, &id));
    TRY(draft_delete(cx, &call->app->house, &call->actor, id, &plan));
    return call_plan(call, plan, matter_dropped);
}

/* --- acting --- */

static enum status act_replayed(struct call *call, Id id)
{
    struct cx *cx = call->cx;
    struct value *view = NULL;
    TRY(show_matter(call, id, NULL, false, &view));
    call_header(call, "Idempotent-Replayed", STR("true"));
    return call_done(call, matter_path(cx->arena, id), view);
}

/* What a page's form says: boxes not ticked count as empty. A form post by a program says what it
 * says. */
static enum status act_form_read(struct call *call, struct act_request *request,
                                 const struct seen **seen)
{
    struct cx *cx = call->cx;
    struct act_form form;
    if (call->json || !call->body_is_form) {
        request->values = matter_values_said(call);
        request->from_form = call->body_is_form;
        return OK;
    }
    TRY(page_seen(call, seen));
    struct field *shown = NULL;
    uint32_t count = 0;
    if (act_form_open(call, *seen, call->args[1], &form)) {
        act_form_narrow(call, &form);
        shown = arena_array(cx->arena, struct field, form.form.field_count);
        for (uint32_t i = 0; i < form.form.field_count; i++) {
            /* A draft was filled in before; its last page asks the last questions only. What is put
             * in order has a page of its own. */
            if (form.form.fields[i].arranges[0] == '\0' &&
                ((*seen)->matter->events > 0 || field_is_last(&form.form.fields[i]))) {
                shown[count++] = form.form.fields[i];
            }
        }
    }
    request->values = edit_values(call, *seen, shown, count);
    return OK;
}

static Str act_path(struct call *call, Id id)
{
    return str_printf(call->cx->arena, "/matters/%" PRId64 "/acts/%s", id,
                      text_percent_encode(call->cx->arena, call->args[1]).p);
}

enum status act_take(struct call *call)
{
    struct cx *cx = call->cx;
    struct plan *plan = NULL;
    const struct seen *seen = NULL;
    int64_t replayed = 0;
    struct act_request request = {
        .actor = &call->actor,
        .act = call->args[1],
        .accept_all = value_get_bool(call->body, "accept_warnings"),
        .accept = accepted_said(call),
        .revision = matter_revision_said(call),
        .began = call->http->began,
        .arrived = call->http->arrived,
    };
    TRY(call_id(call, 0, &request.matter));
    TRY(act_form_read(call, &request, &seen));
    if (seen != NULL && edit_keeps(call)) {
        return edit_keep(call, seen, request.act, value_merge(cx->arena, request.values, NULL),
                         act_path(call, request.matter));
    }
    TRY(body_check(call));
    TRY(call_key(call, &request.key));
    request.request = call_request_hash(call);
    enum status status = act_prepare(cx, &call->app->house, &request, &plan, &replayed);
    if (status == OK && plan != NULL) { /* only now is it certain that he may know of it */
        status = reviewing_check(call, request.matter, request.accept_all, request.accept);
        status = status == OK ? paper_slips_check(call, &request, plan) : status;
    }
    if (status != OK) {
        reviewing_moved(call, request.matter);
        return seen == NULL ? status
                            : edit_again(call, status, edit_act_page(call, seen), request.values);
    }
    if (plan == NULL) {
        return act_replayed(call, request.matter);
    }
    TRY(phrases_count(call, plan->changes[0].procedure, request.act, plan->changes[0].clear,
                      plan->script));
    return call_plan(call, plan, matter_changed);
}

/* --- revealing --- */

static enum status revealed(struct call *call)
{
    struct arena *arena = call->cx->arena;
    struct value *view = value_map(arena);
    value_set_str(arena, view, "field", value_get_str(call->body, "field"));
    value_set(arena, view, "value", call->kept_value);
    return call_answer(call, view, NULL);
}

enum status matter_reveal(struct call *call)
{
    struct cx *cx = call->cx;
    struct plan *plan = NULL;
    Id id = 0;
    TRY(call_id(call, 0, &id));
    TRY(reveal_prepare(cx, &call->app->house, &call->actor, id, value_get_str(call->body, "field"),
                       &plan, &call->kept_value));
    return call_plan(call, plan, revealed);
}

/* --- lists --- */

struct list_look {
    struct listing_query query;
    struct listing *rows;
    uint32_t count;
};

static enum status list_read(struct cx *cx, struct sql *sql, void *arg)
{
    struct list_look *look = arg;
    return listing_list(cx, sql, &look->query, &look->rows, &look->count);
}

static Str list_viewer(struct call *call, Str box)
{
    struct arena *arena = call->cx->arena;
    if (call->actor.post.n == 0 || str_is(box, "mine")) {
        return viewer_person(arena, call->actor.person);
    }
    return str_is(box, "court") ? viewer_post(arena, STR("court"), call->actor.court)
                                : viewer_post(arena, call->actor.post, call->actor.court);
}

static Str box_of(const struct call *call)
{
    Str box = call_param(call, "box");
    if (str_is(box, "mine") || str_is(box, "todo") || str_is(box, "court")) {
        return box;
    }
    return call->actor.post.n > 0 ? STR("todo") : STR("mine");
}

/* The address of the next page: the same question, after the last row. */
static Str list_next(struct call *call, const struct list_look *look, Str box)
{
    struct arena *arena = call->cx->arena;
    const struct listing *last = &look->rows[look->count - 1];
    return str_printf(arena,
                      "/matters?box=%s&state=%s&procedure=%s&q=%s&due=%s&reviewer=%s&limit=%u"
                      "&after=%" PRId64 ",%" PRId64,
                      box.p, text_percent_encode(arena, look->query.state).p,
                      text_percent_encode(arena, look->query.procedure).p,
                      text_percent_encode(arena, look->query.q).p,
                      text_percent_encode(arena, call_param(call, "due")).p,
                      text_percent_encode(arena, call_param(call, "reviewer")).p,
                      look->query.limit - 1, last->sort_key, last->matter);
}

/* What waits is sorted by due: "soon" begins behind now, "over" ends with now. 0: no end. */
static Instant list_span(const struct call *call, Str box, struct listing_query *query)
{
    Str due = call_param(call, "due");
    Instant now = clock_now();
    if (!str_is(box, "todo") || str_starts(query->viewer, "p:")) {
        return 0;
    }
    if (str_is(due, "soon") && query->after_key < now) {
        query->after_key = now;
        query->after_matter = INT64_MAX;
    }
    return str_is(due, "soon")   ? date_end(instant_date(now) + DESK_SOON_DAYS)
           : str_is(due, "over") ? now
                                 : 0;
}

enum status matter_list(struct call *call)
{
    struct cx *cx = call->cx;
    Str box = box_of(call);
    Str *after = NULL;
    struct list_look look = {.query = {.viewer = list_viewer(call, box),
                                       .box = box,
                                       .state = call_param(call, "state"),
                                       .procedure = call_param(call, "procedure"),
                                       .own_court = STR(""),
                                       .q = str_trim(cx->arena, call_param(call, "q")),
                                       .limit = call_limit(call) + 1}};
    if (str_split(cx->arena, call_param(call, "after"), ',', &after) == 2) {
        (void)str_int(after[0], &look.query.after_key);
        (void)str_int(after[1], &look.query.after_matter);
    }
    bool no_matters = str_is(call->actor.post, "admin") || str_is(call->actor.post, "sealer");
    if (no_matters && !str_is(box, "mine")) {
        look.query.viewer = STR("nobody"); /* these posts see no matter */
    }
    if (str_is(box, "court") && !str_is(call->actor.post, "window")) {
        look.query.own_court = call->actor.court; /* what was handed over is the window's to see */
    }
    bool divided = str_is(box, "todo") && reviewing_is_for(call);
    if (divided) {
        (void)reviewing_filter(call, &look.query);
    }
    Instant until = list_span(call, box, &look.query);
    TRY(store_read(cx, call->app->house.store, list_read, &look));
    bool more = look.count == look.query.limit;
    look.count -= more ? 1 : 0;
    while (until != 0 && look.count > 0 && look.rows[look.count - 1].sort_key > until) {
        look.count -= 1;
        more = false;
    }
    sighting_listed(call, look.rows, look.count);
    struct value *list = value_list(cx->arena);
    for (uint32_t i = 0; i < look.count; i++) {
        value_add(cx->arena, list, listing_view(cx, &call->app->house, &look.rows[i]));
    }
    if (divided) {
        TRY(reviewing_rows_set(call, look.rows, look.count, list));
    }
    struct value *answer = value_map(cx->arena);
    value_set(cx->arena, answer, "matters", list);
    value_set(cx->arena, answer, "next",
              more ? value_str(cx->arena, list_next(call, &look, box)) : NULL);
    return call_answer(call, answer, "list");
}

/* --- history --- */

struct history {
    struct show show;
    int64_t after;
    uint32_t limit;
    struct rows rows;
};

static enum status history_read(struct cx *cx, struct sql *sql, void *arg)
{
    struct history *history = arg;
    TRY(show_read(cx, sql, &history->show));
    return sql_query(
        cx, sql,
        SQL("SELECT n, body, hash FROM event WHERE matter = ?1 AND n > ?2 ORDER BY n LIMIT ?3"),
        ARGS(SQL_I(history->show.id), SQL_I(history->after), SQL_I(history->limit)),
        &history->rows);
}

enum status matter_events(struct call *call)
{
    struct cx *cx = call->cx;
    struct history history = {.show = {.call = call}, .limit = call_limit(call) + 1};
    TRY(call_id(call, 0, &history.show.id));
    if (!str_int(call_param(call, "after"), &history.after)) {
        history.after = 0;
    }
    TRY(store_read(cx, call->app->house.store, history_read, &history));
    bool more = history.rows.count == history.limit;
    uint32_t count = history.rows.count - (more ? 1 : 0);
    struct value *list = value_list(cx->arena);
    for (uint32_t i = 0; i < count; i++) {
        struct value *body = NULL;
        Hash hash = {{0}};
        Str bytes = row_str(&history.rows, i, 2);
        TRY(json_row_outline(cx, row_str(&history.rows, i, 1), EVENT_DEPTH, &body));
        memcpy(hash.b, bytes.p, bytes.n == HASH_BYTES ? HASH_BYTES : 0);
        value_add(cx->arena, list,
                  event_view(cx, &call->app->house, history.show.seen.procedure, body, hash));
    }
    struct value *answer = value_map(cx->arena);
    value_set(cx->arena, answer, "events", list);
    value_set(cx->arena, answer, "next",
              more ? value_str(cx->arena,
                               str_printf(cx->arena,
                                          "/matters/%" PRId64 "/events?after=%" PRId64 "&limit=%u",
                                          history.show.id, row_int(&history.rows, count - 1, 0),
                                          history.limit - 1))
                   : NULL);
    if (!call->json) {
        value_set(cx->arena, answer, "matter",
                  matter_view(cx, &call->app->house, &history.show.seen, &call->actor, false));
    }
    return call_answer(call, answer, "events");
}

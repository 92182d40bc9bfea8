#include "web/calendar.h"

#include <inttypes.h>
#include <string.h>

#include "base/random.h"
#include "flow/view.h"
#include "law/source.h"
#include "record/listing.h"
#include "render/ical.h"
#include "web/again.h"
#include "web/handlers.h"

enum {
    ENTRIES_MAX = 1000,
    LIST_DAYS = 90,
    FEED_BACK_DAYS = 90,
    FEED_AHEAD_DAYS = 800,
    SECRET_CHARACTERS = 32,
    FEED_BYTES_MAX = 4 << 20,
};

static const struct pace feed_pace = {"calendar-feed", 60, 30};

/* --- one entry --- */

static const char *procedure_title_of(const struct call *call, Str name)
{
    const struct procedure *p = procedure_find(call->app->house.procedures, name, 0);
    return p == NULL ? "" : p->title;
}

struct value *calendar_entry_view(struct call *call, const struct calendar_entry *e)
{
    struct arena *arena = call->cx->arena;
    struct value *view = value_map(arena);
    struct value *matter = value_map(arena);
    Str id = str_printf(arena, "%" PRId64, e->matter);
    value_set_str(arena, view, "id", e->uid);
    value_set_str(arena, view, "kind", e->kind);
    value_set_str(arena, view, "title", e->title);
    value_set_str(arena, view, "day", date_format(arena, instant_date(e->at)));
    value_set(arena, view, "at", e->timed ? value_str(arena, instant_format(arena, e->at)) : NULL);
    value_set_bool(arena, view, "all_day", !e->timed);
    value_set_bool(arena, view, "cancelled", e->cancelled);
    value_set_bool(arena, view, "over", e->over);
    value_set_bool(arena, view, "clash", e->clashes);
    value_set_str(arena, view, "law", e->law);
    value_set_str(arena, matter, "id", id);
    value_set_str(arena, matter, "title", e->matter_title);
    value_set(arena, matter, "case_number",
              e->case_number.n == 0 ? NULL : value_str(arena, e->case_number));
    value_set(arena, view, "matter", matter);
    value_set_text(arena, view, "procedure_title", procedure_title_of(call, e->procedure));
    value_set(arena, view, "court", court_ref(arena, tables_current(call->app->tables), e->court));
    value_set_str(arena, view, "href", str_printf(arena, "/matters/%s", id.p));
    return view;
}

Str calendar_summary(struct call *call, const struct calendar_entry *e)
{
    struct arena *arena = call->cx->arena;
    Str what = str_is(e->kind, "clock") ? str_printf(arena, "%s届满", e->title.p) : e->title;
    return e->case_number.n > 0
               ? str_printf(arena, "%s %s", what.p, e->case_number.p)
               : str_printf(arena, "%s %s", what.p, procedure_title_of(call, e->procedure));
}

/* --- looking --- */

struct calendar_look {
    struct calendar_query query;
    struct calendar_entry *entries;
    uint32_t count;
    Id person;
    Instant feed; /* made; 0: none */
};

static enum status calendar_read(struct cx *cx, struct sql *sql, void *arg)
{
    struct calendar_look *look = arg;
    TRY(calendar_list(cx, sql, &look->query, &look->entries, &look->count));
    return feed_made(cx, sql, look->person, &look->feed);
}

Date calendar_month(const struct call *call)
{
    struct day now = date_split(instant_date(clock_now()));
    Str said = call_param(call, "month");
    Date first = DATE_NONE;
    if (said.n == 7 && date_parse(str_printf(call->cx->arena, "%s-01", said.p), &first) &&
        first >= date_of(1950, 1, 1) && first < date_of(2200, 1, 1)) {
        return first;
    }
    return date_of(now.year, now.month, 1);
}

/* Whose: a person's own matters; under a post what waits for it. */
static void look_for(struct call *call, struct calendar_look *look)
{
    struct arena *arena = call->cx->arena;
    bool staff = call->actor.post.n > 0;
    Date first = calendar_month(call);
    bool list = str_is(call_param(call, "view"), "list");
    Date today = instant_date(clock_now());
    *look = (struct calendar_look){
        .person = call->actor.person,
        .query = {.viewer = staff ? viewer_post(arena, call->actor.post, call->actor.court)
                                  : viewer_person(arena, call->actor.person),
                  .box = staff ? STR("todo") : STR("mine"),
                  .from = date_start(list ? today : first),
                  .to = date_start(list ? today + LIST_DAYS : date_add_months(first, 1)),
                  .cancelled = str_is(call_param(call, "cancelled"), "1"),
                  .limit = ENTRIES_MAX}};
}

static enum status calendar_answer(struct call *call, Str secret)
{
    struct cx *cx = call->cx;
    struct arena *arena = cx->arena;
    struct calendar_look look;
    struct value *view = value_map(arena);
    struct value *list = value_list(arena);
    look_for(call, &look);
    TRY(store_read(cx, call->app->house.store, calendar_read, &look));
    uint32_t clashes = calendar_clashes(look.entries, look.count);
    for (uint32_t i = 0; i < look.count; i++) {
        value_add(arena, list, calendar_entry_view(call, &look.entries[i]));
    }
    struct value *feed = value_map(arena);
    value_set(arena, feed, "made",
              look.feed == 0 ? NULL : value_str(arena, instant_format(arena, look.feed)));
    if (secret.n > 0) { /* shown this once: only its hash is kept */
        value_set_str(arena, feed, "url",
                      str_printf(arena, "%.*s/calendar/feed/%s.ics",
                                 STR_ARG(call->app->house.origin), secret.p));
    }
    value_set_str(arena, view, "from", date_format(arena, instant_date(look.query.from)));
    value_set_str(arena, view, "to", date_format(arena, instant_date(look.query.to) - 1));
    value_set(arena, view, "entries", list);
    value_set_int(arena, view, "clashes", clashes);
    value_set(arena, view, "feed", call->actor.post.n > 0 ? NULL : feed);
    return call_answer(call, view, "calendar");
}

enum status calendar_show(struct call *call)
{
    return calendar_answer(call, STR(""));
}

/* --- the secret link --- */

static enum status person_only(struct call *call)
{
    struct cx *cx = call->cx;
    return call->actor.post.n == 0 ? OK
                                   : FAIL(cx, E_DENIED, "denied", "feeds are for people's own");
}

static enum status feed_shown(struct call *call)
{
    const Str *secret = call->kept;
    call->status = call->json ? 201 : 200;
    return calendar_answer(call, *secret);
}

enum status feed_begin(struct call *call)
{
    struct cx *cx = call->cx;
    char text[SECRET_CHARACTERS + 1];
    Str *secret = arena_new(cx->arena, Str);
    struct script *script = script_new(cx->arena);
    Hash *hash = arena_new(cx->arena, Hash);
    TRY(person_only(call));
    random_code(text, SECRET_CHARACTERS);
    *secret = str_copy(cx->arena, text, SECRET_CHARACTERS);
    *hash = hash_str(*secret);
    feed_write(script, call->actor.person, hash, clock_now());
    call->kept = secret;
    return call_script(call, script, feed_shown);
}

static enum status feed_ended(struct call *call)
{
    return call->json ? call_empty(call, 204) : call_done(call, STR("/calendar"), NULL);
}

enum status feed_revoke(struct call *call)
{
    struct cx *cx = call->cx;
    struct script *script = script_new(cx->arena);
    TRY(person_only(call));
    feed_end(script, call->actor.person);
    return call_script(call, script, feed_ended);
}

struct feed_look {
    Hash secret;
    struct calendar_look calendar;
};

static enum status feed_read(struct cx *cx, struct sql *sql, void *arg)
{
    struct feed_look *look = arg;
    struct calendar_look *c = &look->calendar;
    TRY(feed_find(cx, sql, look->secret, &c->person));
    if (c->person == 0) {
        return OK;
    }
    c->query.viewer = viewer_person(cx->arena, c->person);
    return calendar_list(cx, sql, &c->query, &c->entries, &c->count);
}

/* "https://court.example:8443/x" gives "court.example". */
static Str host_of(struct arena *arena, Str origin)
{
    const char *from = strstr(origin.p, "://");
    size_t start = from == NULL ? 0 : (size_t)(from - origin.p) + 3;
    size_t end = start;
    while (end < origin.n && origin.p[end] != '/' && origin.p[end] != ':') {
        end++;
    }
    return str_slice(arena, origin, start, end);
}

static Str feed_text(struct call *call, const struct calendar_look *look)
{
    struct arena *arena = call->cx->arena;
    Str origin = call->app->house.origin;
    struct buf out;
    buf_init(&out, arena, FEED_BYTES_MAX);
    ical_begin(&out, STR("通诉日程"));
    for (uint32_t i = 0; i < look->count; i++) {
        const struct calendar_entry *e = &look->entries[i];
        struct ical_event event = {
            .uid = e->uid,
            .summary = calendar_summary(call, e),
            .description = e->law.n == 0 ? STR("")
                                         : str_printf(arena, "依据：%s\n以平台上显示的为准。",
                                                      source_title(arena, e->law).p),
            .url = str_printf(arena, "%.*s/matters/%" PRId64, STR_ARG(origin), e->matter),
            .at = e->at,
            .timed = e->timed,
            .lasts_ms = str_is(e->kind, "date") ? HOUR_MS : 0,
            .changed = e->changed,
            .cancelled = e->cancelled};
        ical_event_add(&out, host_of(arena, origin), &event, clock_now());
    }
    ical_end(&out);
    return buf_done(&out);
}

/* Whoever has the link reads it: no names of people stand in it. */
enum status feed_show(struct call *call)
{
    struct cx *cx = call->cx;
    Str file = call->args[0];
    Instant now = clock_now();
    struct feed_look look = {.calendar.query = {.box = STR("mine"),
                                                .from = now - FEED_BACK_DAYS * DAY_MS,
                                                .to = now + FEED_AHEAD_DAYS * DAY_MS,
                                                .cancelled = true,
                                                .limit = ENTRIES_MAX}};
    TRY(pace_check(call, &feed_pace, call->http->client));
    if (file.n != SECRET_CHARACTERS + 4 || !str_ends(file, ".ics")) {
        return FAIL(cx, E_NOT_FOUND, "not-found", "no such feed");
    }
    look.secret = hash_str(str_slice(cx->arena, file, 0, SECRET_CHARACTERS));
    TRY(store_read(cx, call->app->house.store, feed_read, &look));
    if (look.calendar.person == 0) {
        return FAIL(cx, E_NOT_FOUND, "not-found", "no such feed");
    }
    struct http_answer answer = {.status = 200,
                                 .content_type = "text/calendar; charset=utf-8",
                                 .body = feed_text(call, &look.calendar)};
    http_answer(call->http, &answer);
    call->answered = true;
    return OK;
}

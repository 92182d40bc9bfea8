/* The last day to hand in a draft: what was derived from it, and what its owner says. */
#include "web/last_day.h"

#include <inttypes.h>

#include "flow/diary.h"
#include "record/draft_day.h"
#include "web/again.h"
#include "web/handlers.h"
#include "web/page_parts.h"

enum { AHEAD_MAX_DAYS = 3660 };

struct day_look {
    Id matter;
    struct draft_day *day;
};

static enum status day_read(struct cx *cx, struct sql *sql, void *arg)
{
    struct day_look *look = arg;
    return draft_day_find(cx, sql, look->matter, &look->day);
}

static void set_date(struct arena *arena, struct value *view, const char *name, Date day)
{
    value_set(arena, view, name,
              day == DATE_NONE ? NULL : value_str(arena, date_format(arena, day)));
}

enum status last_day_view(struct call *call, const struct seen *seen, struct value **out)
{
    struct cx *cx = call->cx;
    struct arena *arena = cx->arena;
    struct day_look look = {seen->matter->id, NULL};
    struct last_day derived;
    struct value *view = value_map(arena);
    TRY(store_read(cx, call->app->house.store, day_read, &look));
    TRY(diary_last_day(cx, page_tables(call), seen->clear, &derived));
    Date given = look.day == NULL ? DATE_NONE : look.day->given;
    Date day = given != DATE_NONE ? given : derived.day;
    set_date(arena, view, "day", day);
    set_date(arena, view, "given", given);
    set_date(arena, view, "derived", derived.day);
    value_set(arena, view, "title",
              derived.day == DATE_NONE ? NULL : value_text(arena, derived.title));
    value_set(arena, view, "working", derived.day == DATE_NONE ? NULL : derived.working);
    value_set(arena, view, "left_title",
              day == DATE_NONE ? NULL
                               : value_str(arena, left_words(arena, date_end(day), clock_now())));
    value_set_bool(arena, view, "near",
                   day != DATE_NONE && day - instant_date(clock_now()) <= DRAFT_DAY_FIRST);
    *out = view;
    return OK;
}

/* One's own draft, else there is nothing here. */
static enum status own_draft(struct call *call, const struct seen **seen)
{
    struct cx *cx = call->cx;
    TRY(page_seen(call, seen));
    if ((*seen)->matter->events > 0) {
        return FAIL(cx, E_STATE, "not-a-draft", "matter %" PRId64 " is no draft",
                    (*seen)->matter->id);
    }
    return OK;
}

enum status last_day_show(struct call *call)
{
    struct cx *cx = call->cx;
    const struct seen *seen = NULL;
    struct value *view = NULL;
    TRY(own_draft(call, &seen));
    TRY(last_day_view(call, seen, &view));
    return call_answer(call, view, NULL);
}

static enum status given(struct call *call)
{
    struct cx *cx = call->cx;
    const struct seen *seen = NULL;
    struct value *view = NULL;
    TRY(own_draft(call, &seen));
    TRY(last_day_view(call, seen, &view));
    return call_done(call, str_printf(cx->arena, "/matters/%" PRId64, seen->matter->id), view);
}

enum status last_day_give(struct call *call)
{
    struct cx *cx = call->cx;
    const struct seen *seen = NULL;
    struct script *script = script_new(cx->arena);
    Date day = DATE_NONE;
    Date today = instant_date(clock_now());
    Str said = str_trim(cx->arena, value_get_str(call->body, "day"));
    TRY(own_draft(call, &seen));
    if (said.n > 0 && !date_parse(said, &day)) {
        (void)cx_error(cx, "day", "ill-typed", "日期写成 2026-03-09 这样");
    } else if (said.n > 0 && (day < today || day > today + AHEAD_MAX_DAYS)) {
        (void)cx_error(cx, "day", "out-of-range", "请填写今天或者以后十年内的日期");
    }
    if (value_count(cx->failure.errors) > 0) {
        return FAIL(cx, E_INPUT, "fields", "last day %.40s", said.p);
    }
    draft_day_give(script, seen->matter->id, seen->matter->owner, day);
    return call_script(call, script, given);
}

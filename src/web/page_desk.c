#include "web/page_desk.h"

#include <inttypes.h>

struct count_look {
    Str viewer;
    Instant now;
    struct desk desk;
};

/* A list of todo is sorted by due: what is over stands first, and no more than a thousand rows are
 * looked at however many wait. */
#define COUNT_UP_TO                                                                           \
    SQL("SELECT count(*) FROM (SELECT 1 FROM listing WHERE viewer = ?1 AND box = 'todo' AND " \
        "sort_key > ?2 AND sort_key <= ?3 LIMIT ?4) AS counted")

static enum status count_read(struct cx *cx, struct sql *sql, void *arg)
{
    struct count_look *look = arg;
    struct rows rows[3];
    Instant soon = date_end(instant_date(look->now) + DESK_SOON_DAYS);
    const int64_t from[] = {INT64_MIN, look->now, INT64_MIN};
    const int64_t to[] = {INT64_MAX, soon, look->now};
    int64_t *const out[] = {&look->desk.todo, &look->desk.soon, &look->desk.over};
    for (int i = 0; i < 3; i++) {
        TRY(sql_query(
            cx, sql, COUNT_UP_TO,
            ARGS(SQL_S(look->viewer), SQL_I(from[i]), SQL_I(to[i]), SQL_I(DESK_COUNT_MAX + 1)),
            &rows[i]));
        *out[i] = row_int(&rows[i], 0, 0);
    }
    return OK;
}

enum status desk_count(struct call *call, struct desk *out)
{
    struct cx *cx = call->cx;
    struct count_look look = {.viewer = viewer_post(cx->arena, call->actor.post, call->actor.court),
                              .now = clock_now()};
    TRY(store_read(cx, call->app->house.store, count_read, &look));
    *out = look.desk;
    return OK;
}

struct value *desk_text(struct arena *arena, int64_t count)
{
    if (count == 0) {
        return NULL;
    }
    return value_str(arena, count > DESK_COUNT_MAX ? str_printf(arena, "%d+", DESK_COUNT_MAX)
                                                   : str_printf(arena, "%" PRId64, count));
}

struct place_look {
    Str viewer;
    Id matter;
    int64_t place;
    Id next;
};

static enum status place_read(struct cx *cx, struct sql *sql, void *arg)
{
    struct place_look *look = arg;
    struct rows own = {0};
    struct rows before = {0};
    struct rows behind = {0};
    TRY(sql_query(cx, sql,
                  SQL("SELECT sort_key FROM listing WHERE viewer = ?1 AND box = 'todo' "
                      "AND matter = ?2"),
                  ARGS(SQL_S(look->viewer), SQL_I(look->matter)), &own));
    bool waits = own.count == 1;
    int64_t key = waits ? row_int(&own, 0, 0) : INT64_MIN;
    TRY(sql_query(cx, sql,
                  SQL("SELECT count(*) FROM (SELECT 1 FROM listing WHERE viewer = ?1 AND "
                      "box = 'todo' AND (sort_key, matter) < (?2, ?3) LIMIT ?4) AS counted"),
                  ARGS(SQL_S(look->viewer), SQL_I(key), SQL_I(look->matter), SQL_I(DESK_COUNT_MAX)),
                  &before));
    TRY(sql_query(cx, sql,
                  SQL("SELECT matter FROM listing WHERE viewer = ?1 AND box = 'todo' AND "
                      "(sort_key, matter) > (?2, ?3) ORDER BY sort_key, matter LIMIT 1"),
                  ARGS(SQL_S(look->viewer), SQL_I(key), SQL_I(waits ? look->matter : 0)), &behind));
    if (behind.count == 0) { /* at the end one begins again with what was left */
        TRY(sql_query(cx, sql,
                      SQL("SELECT matter FROM listing WHERE viewer = ?1 AND box = 'todo' AND "
                          "matter <> ?2 ORDER BY sort_key, matter LIMIT 1"),
                      ARGS(SQL_S(look->viewer), SQL_I(look->matter)), &behind));
    }
    look->place = waits ? row_int(&before, 0, 0) + 1 : 0;
    look->next = behind.count == 0 ? 0 : row_int(&behind, 0, 0);
    return OK;
}

enum status desk_place(struct call *call, Id matter, int64_t *place, Id *next)
{
    struct cx *cx = call->cx;
    struct place_look look = {.viewer = viewer_post(cx->arena, call->actor.post, call->actor.court),
                              .matter = matter};
    TRY(store_read(cx, call->app->house.store, place_read, &look));
    *place = look.place;
    *next = look.next;
    return OK;
}

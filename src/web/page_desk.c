#include "web/page_desk.h"

#include <inttypes.h>

#include "record/listing.h"
#include "web/reviewing.h"

/* Whose work a reviewer's own list holds: his, and that of those he stands in for. */
struct whose {
    bool only; /* only that */
    Id ids[REVIEWERS_MAX];
    uint32_t count;
};

/* ?N and the eight behind it, as in record/listing.c. */
#define OF_REVIEWERS                                                                       \
    "COALESCE((SELECT a.person FROM assignment a WHERE a.matter = listing.matter), 0) IN " \
    "(?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)"

static void whose_args(const struct whose *whose, struct sql_value *args)
{
    for (uint32_t i = 0; i < LISTING_REVIEWERS_MAX; i++) {
        args[i] = SQL_I(whose->count == 0 ? -1 : whose->ids[i < whose->count ? i : 0]);
    }
}

static enum status whose_read(struct call *call, struct whose *out)
{
    out->only = false;
    out->count = 0;
    return str_is(call->actor.post, "reviewer") && reviewing_is_for(call)
               ? reviewing_own(call, out->ids, &out->count)
               : OK;
}

/* --- how much waits --- */

struct count_look {
    Str viewer;
    Instant now;
    struct whose whose;
    struct desk desk;
};

/* A list of todo is sorted by due: what is over stands first, and no more than a thousand rows are
 * looked at however many wait. */
#define COUNT_UP_TO                                                                           \
    SQL("SELECT count(*) FROM (SELECT 1 FROM listing WHERE viewer = ?1 AND box = 'todo' AND " \
        "sort_key > ?2 AND sort_key <= ?3 LIMIT ?4) AS counted")

static enum status mine_read(struct cx *cx, struct sql *sql, struct count_look *look)
{
    struct rows rows = {0};
    struct sql_value args[4 + LISTING_REVIEWERS_MAX] = {
        SQL_S(look->viewer), SQL_I(INT64_MIN), SQL_I(INT64_MAX), SQL_I(DESK_COUNT_MAX + 1)};
    if (look->whose.count == 0) {
        return OK;
    }
    whose_args(&look->whose, args + 4);
    TRY(sql_query(cx, sql,
                  SQL("SELECT count(*) FROM (SELECT 1 FROM listing WHERE viewer = ?1 AND "
                      "box = 'todo' AND sort_key > ?2 AND sort_key <= ?3 AND " OF_REVIEWERS
                      " LIMIT ?4) AS counted"),
                  args, sizeof args / sizeof args[0], &rows));
    look->desk.mine = row_int(&rows, 0, 0);
    return OK;
}

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
    return mine_read(cx, sql, look);
}

enum status desk_count(struct call *call, struct desk *out)
{
    struct cx *cx = call->cx;
    struct count_look look = {.viewer = viewer_post(cx->arena, call->actor.post, call->actor.court),
                              .now = clock_now()};
    TRY(whose_read(call, &look.whose));
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

/* --- the place of one --- */

struct place_look {
    Str viewer;
    Id matter;
    struct whose whose;
    int64_t place;
    Id next;
};

/* Is this matter his to review? */
static enum status whose_is(struct cx *cx, struct sql *sql, struct place_look *look)
{
    struct rows rows = {0};
    struct whose *whose = &look->whose;
    TRY(sql_query(cx, sql, SQL("SELECT person FROM assignment WHERE matter = ?1"),
                  ARGS(SQL_I(look->matter)), &rows));
    for (uint32_t i = 0; rows.count == 1 && i < whose->count; i++) {
        whose->only = whose->only || whose->ids[i] == row_int(&rows, 0, 0);
    }
    return OK;
}

#define ONLY_WHOSE "(?4 = 0 OR " OF_REVIEWERS ")"

enum { PLACE_ARGS = 5 + LISTING_REVIEWERS_MAX };

static enum status place_read(struct cx *cx, struct sql *sql, void *arg)
{
    struct place_look *look = arg;
    struct rows own = {0};
    struct rows before = {0};
    struct rows behind = {0};
    TRY(whose_is(cx, sql, look));
    TRY(sql_query(cx, sql,
                  SQL("SELECT sort_key FROM listing WHERE viewer = ?1 AND box = 'todo' "
                      "AND matter = ?2"),
                  ARGS(SQL_S(look->viewer), SQL_I(look->matter)), &own));
    bool waits = own.count == 1;
    struct sql_value args[PLACE_ARGS] = {SQL_S(look->viewer),
                                         SQL_I(waits ? row_int(&own, 0, 0) : INT64_MIN),
                                         SQL_I(look->matter), SQL_I(look->whose.only ? 1 : 0)};
    whose_args(&look->whose, args + 4);
    args[PLACE_ARGS - 1] = SQL_I(DESK_COUNT_MAX);
    TRY(sql_query(cx, sql,
                  SQL("SELECT count(*) FROM (SELECT 1 FROM listing WHERE viewer = ?1 AND "
                      "box = 'todo' AND (sort_key, matter) < (?2, ?3) AND " ONLY_WHOSE
                      " LIMIT ?13) AS counted"),
                  args, PLACE_ARGS, &before));
    args[2] = SQL_I(waits ? look->matter : 0);
    args[PLACE_ARGS - 1] = SQL_I(1);
    TRY(sql_query(cx, sql,
                  SQL("SELECT matter FROM listing WHERE viewer = ?1 AND box = 'todo' AND "
                      "(sort_key, matter) > (?2, ?3) AND " ONLY_WHOSE
                      " ORDER BY sort_key, matter LIMIT ?13"),
                  args, PLACE_ARGS, &behind));
    if (behind.count == 0) { /* at the end one begins again with what was left */
        args[1] = SQL_I(INT64_MIN);
        args[2] = SQL_I(look->matter);
        TRY(sql_query(cx, sql,
                      SQL("SELECT matter FROM listing WHERE viewer = ?1 AND box = 'todo' AND "
                          "sort_key >= ?2 AND matter <> ?3 AND " ONLY_WHOSE
                          " ORDER BY sort_key, matter LIMIT ?13"),
                      args, PLACE_ARGS, &behind));
    }
    look->place = waits ? row_int(&before, 0, 0) + 1 : 0;
    look->next = behind.count == 0 ? 0 : row_int(&behind, 0, 0);
    return OK;
}

enum status desk_place(struct call *call, Id matter, struct desk_place *out)
{
    struct cx *cx = call->cx;
    struct place_look look = {.viewer = viewer_post(cx->arena, call->actor.post, call->actor.court),
                              .matter = matter};
    TRY(whose_read(call, &look.whose));
    TRY(store_read(cx, call->app->house.store, place_read, &look));
    *out = (struct desk_place){.number = look.place, .next = look.next, .mine = look.whose.only};
    return OK;
}

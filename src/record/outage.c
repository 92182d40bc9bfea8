#include "record/outage.h"

#include <stdatomic.h>

#include "base/check.h"
#include "base/clock.h"

static const struct {
    const char *name;
    const char *title;
} FUNCTIONS[OUTAGE_FUNCTIONS] = {
    [OUTAGE_ALL] = {"all", "整个平台"},           [OUTAGE_FILING] = {"filing", "提交和办理"},
    [OUTAGE_UPLOADS] = {"uploads", "上传材料"},   [OUTAGE_SIGNING] = {"signing", "签名和验证码"},
    [OUTAGE_MESSAGES] = {"messages", "短信通知"}, [OUTAGE_MAIL] = {"mail", "邮件通知"},
    [OUTAGE_PAPERS] = {"papers", "生成文书"},     [OUTAGE_LOG] = {"log", "存证日志"},
};

const char *outage_function_name(enum outage_function function)
{
    return FUNCTIONS[function].name;
}

const char *outage_function_title(enum outage_function function)
{
    return FUNCTIONS[function].title;
}

bool outage_function_parse(Str name, enum outage_function *out)
{
    for (int i = 0; i < OUTAGE_FUNCTIONS; i++) {
        if (str_is(name, FUNCTIONS[i].name)) {
            *out = (enum outage_function)i;
            return true;
        }
    }
    return false;
}

/* --- rows --- */

#define COLUMNS "id, function, kind, since, until, text, person, at, cancelled"

static void outages_of(struct arena *arena, const struct rows *r, struct outage **out,
                       uint32_t *count)
{
    struct outage *list = arena_array(arena, struct outage, r->count);
    for (uint32_t i = 0; i < r->count; i++) {
        enum outage_function function = OUTAGE_ALL;
        (void)outage_function_parse(row_str(r, i, 1), &function);
        list[i] = (struct outage){row_int(r, i, 0), function,         row_str(r, i, 2),
                                  row_int(r, i, 3), row_int(r, i, 4), row_str(r, i, 5),
                                  row_int(r, i, 6), row_int(r, i, 7), row_int(r, i, 8)};
    }
    *out = list;
    *count = r->count;
}

void outage_write(struct script *script, const struct outage *o)
{
    check(o->id > 0 && o->kind.n > 0 && (o->until == 0 || o->until >= o->since));
    script_add(script,
               SQL("INSERT INTO outage (" COLUMNS ") "
                   "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, NULL)"),
               ARGS(SQL_I(o->id), SQL_C(FUNCTIONS[o->function].name), SQL_S(o->kind),
                    SQL_I(o->since), o->until == 0 ? SQL_N : SQL_I(o->until), SQL_S(o->text),
                    SQL_I(o->person), SQL_I(o->at)));
}

enum status outage_find(struct cx *cx, struct sql *sql, Id id, struct outage **out)
{
    struct rows r = {0};
    uint32_t count = 0;
    TRY(sql_query(cx, sql, SQL("SELECT " COLUMNS " FROM outage WHERE id = ?1"), ARGS(SQL_I(id)),
                  &r));
    outages_of(cx->arena, &r, out, &count);
    *out = count == 0 ? NULL : *out;
    return OK;
}

void outage_cancel(struct script *script, Id id, Instant now)
{
    script_add(script,
               SQL("UPDATE outage SET cancelled = ?2 WHERE id = ?1 AND kind = 'planned' AND "
                   "since > ?2 AND cancelled IS NULL"),
               ARGS(SQL_I(id), SQL_I(now)));
}

enum status outage_list(struct cx *cx, struct sql *sql, enum outage_function function,
                        Instant before, Id before_id, uint32_t limit, struct outage **out,
                        uint32_t *count)
{
    struct rows r = {0};
    bool any = function == OUTAGE_FUNCTIONS;
    TRY(sql_query(cx, sql,
                  SQL("SELECT " COLUMNS " FROM outage WHERE (?1 = '' OR function = ?1) AND "
                      "(?2 = 0 OR since < ?2 OR (since = ?2 AND id < ?3)) "
                      "ORDER BY since DESC, id DESC LIMIT ?4"),
                  ARGS(SQL_C(any ? "" : FUNCTIONS[function].name), SQL_I(before), SQL_I(before_id),
                       SQL_I(limit)),
                  &r));
    outages_of(cx->arena, &r, out, count);
    return OK;
}

enum status outage_lasting(struct cx *cx, struct sql *sql, Instant now, struct outage **out,
                           uint32_t *count)
{
    struct rows r = {0};
    TRY(sql_query(cx, sql,
                  SQL("SELECT " COLUMNS " FROM outage WHERE since <= ?1 AND "
                      "(until IS NULL OR until > ?1) AND cancelled IS NULL ORDER BY since, id"),
                  ARGS(SQL_I(now)), &r));
    outages_of(cx->arena, &r, out, count);
    return OK;
}

enum status outage_hindering(struct cx *cx, struct sql *sql, Instant from, Instant to,
                             struct outage **out, uint32_t *count)
{
    struct rows r = {0};
    TRY(sql_query(cx, sql,
                  SQL("SELECT " COLUMNS " FROM outage WHERE since < ?2 AND "
                      "(until IS NULL OR until > ?1) AND cancelled IS NULL AND "
                      "function IN ('all', 'filing', 'uploads', 'signing') ORDER BY since, id"),
                  ARGS(SQL_I(from), SQL_I(to)), &r));
    outages_of(cx->arena, &r, out, count);
    return OK;
}

/* --- what is seen in passing --- */

enum { NOTED_FROM = 3 };

#define NOTED_FOR_US (INT64_C(300) * 1000000)

static struct {
    atomic_uint_fast32_t failures; /* in a row */
    atomic_int_fast64_t last_us;
} noted[OUTAGE_FUNCTIONS];

void outage_note(enum outage_function function, bool worked)
{
    if (worked) {
        atomic_store(&noted[function].failures, 0);
        return;
    }
    atomic_store(&noted[function].last_us, clock_monotonic_us());
    atomic_fetch_add(&noted[function].failures, 1);
}

uint32_t outage_noted(void)
{
    uint32_t bits = 0;
    for (int i = 0; i < OUTAGE_FUNCTIONS; i++) {
        bool fresh = clock_monotonic_us() - atomic_load(&noted[i].last_us) < NOTED_FOR_US;
        if (fresh && atomic_load(&noted[i].failures) >= NOTED_FROM) {
            bits |= UINT32_C(1) << i;
        }
    }
    return bits;
}

/* --- witnessing --- */

static enum status row_open(struct cx *cx, struct sql *sql, const struct outage *o)
{
    struct script *script = script_new(cx->arena);
    outage_write(script, o);
    return script_run(cx, sql, script);
}

/* (2): the row of the heartbeat says who is first. */
static enum status gap_look(struct cx *cx, struct sql *sql, struct outage_beat *beat)
{
    struct rows r = {0};
    int64_t changed = 0;
    TRY(sql_query(cx, sql, SQL("SELECT at FROM heartbeat WHERE name = 'platform'"), NO_ARGS, &r));
    Instant last = r.count == 0 ? beat->machine : row_int(&r, 0, 0);
    if (r.count == 0) {
        return sql_exec(cx, sql,
                        SQL("INSERT INTO heartbeat (name, at) VALUES ('platform', ?1) "
                            "ON CONFLICT DO NOTHING"),
                        ARGS(SQL_I(beat->machine)));
    }
    TRY(sql_exec(cx, sql,
                 SQL("UPDATE heartbeat SET at = ?2 WHERE name = 'platform' AND at = ?1 AND "
                     "at < ?2"),
                 ARGS(SQL_I(last), SQL_I(beat->machine))));
    TRY(sql_changed(cx, sql, &changed));
    if (changed == 0 || beat->machine - last <= beat->gap_ms) {
        return OK;
    }
    beat->recovered = true;
    struct outage gap = {.id = beat->ids,
                         .function = OUTAGE_ALL,
                         .kind = STR("gap"),
                         .since = last + beat->offset_ms,
                         .until = beat->machine + beat->offset_ms,
                         .text = STR(""),
                         .at = beat->machine + beat->offset_ms};
    return row_open(cx, sql, &gap);
}

static enum status refusals_note(struct cx *cx, struct sql *sql, struct outage_beat *beat)
{
    Instant now = beat->machine + beat->offset_ms;
    struct outage over = {.id = beat->ids + 1,
                          .function = OUTAGE_FILING,
                          .kind = STR("fault"),
                          .since = beat->refused,
                          .until = now > beat->refused ? now : beat->refused,
                          .text = STR(""),
                          .at = now};
    if (beat->refused == 0) {
        return OK;
    }
    beat->recovered = true;
    return row_open(cx, sql, &over);
}

static enum status function_note(struct cx *cx, struct sql *sql, struct outage_beat *beat,
                                 enum outage_function function, bool open)
{
    Instant now = beat->machine + beat->offset_ms;
    bool fails = (beat->failing & (UINT32_C(1) << function)) != 0;
    if (fails == open) {
        return OK;
    }
    if (fails) {
        struct outage fault = {.id = beat->ids + 2 + (Id)function,
                               .function = function,
                               .kind = STR("fault"),
                               .since = beat->failed[function],
                               .text = STR(""),
                               .at = now};
        return row_open(cx, sql, &fault);
    }
    beat->recovered = true;
    return sql_exec(cx, sql,
                    SQL("UPDATE outage SET until = CASE WHEN since > ?2 THEN since ELSE ?2 END "
                        "WHERE function = ?1 AND kind = 'fault' AND until IS NULL"),
                    ARGS(SQL_C(FUNCTIONS[function].name), SQL_I(now)));
}

enum status outage_beat(struct cx *cx, struct sql *sql, void *arg)
{
    struct outage_beat *beat = arg;
    struct rows r = {0};
    uint32_t open = 0;
    beat->recovered = false;
    TRY(gap_look(cx, sql, beat));
    TRY(refusals_note(cx, sql, beat));
    TRY(sql_query(cx, sql,
                  SQL("SELECT function FROM outage WHERE until IS NULL AND kind = 'fault'"),
                  NO_ARGS, &r));
    for (uint32_t i = 0; i < r.count; i++) {
        enum outage_function function = OUTAGE_ALL;
        if (outage_function_parse(row_str(&r, i, 0), &function)) {
            open |= UINT32_C(1) << function;
        }
    }
    for (int i = 0; i < OUTAGE_FUNCTIONS; i++) {
        TRY(function_note(cx, sql, beat, (enum outage_function)i,
                          (open & (UINT32_C(1) << i)) != 0));
    }
    return OK;
}

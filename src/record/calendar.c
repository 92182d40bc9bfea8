#include "record/calendar.h"

#include <inttypes.h>
#include <stdlib.h>

/* --- rows --- */

static void of_clocks(struct arena *arena, const struct rows *r, struct calendar_entry *out)
{
    for (uint32_t i = 0; i < r->count; i++) {
        Str unit = row_str(r, i, 5);
        out[i] = (struct calendar_entry){
            .uid =
                str_printf(arena, "clock-%" PRId64 "-%" PRId64, row_int(r, i, 0), row_int(r, i, 1)),
            .kind = STR("clock"),
            .matter = row_int(r, i, 0),
            .title = row_str(r, i, 2),
            .law = row_str(r, i, 3),
            .at = row_int(r, i, 4),
            .timed =
                str_is(unit, "hours") || str_is(unit, "minutes") || str_is(unit, "working-minutes"),
            .cancelled = !row_is_null(r, i, 6),
            .over = !row_is_null(r, i, 7),
            .changed = row_int(r, i, 8),
            .matter_title = row_str(r, i, 9),
            .case_number = row_str(r, i, 10),
            .procedure = row_str(r, i, 11),
            .court = row_str(r, i, 12),
        };
    }
}

static void of_dates(struct arena *arena, const struct rows *r, struct calendar_entry *out)
{
    for (uint32_t i = 0; i < r->count; i++) {
        out[i] = (struct calendar_entry){
            .uid = str_printf(arena, "date-%" PRId64 "-%s", row_int(r, i, 0), row_str(r, i, 1).p),
            .kind = STR("date"),
            .matter = row_int(r, i, 0),
            .title = row_str(r, i, 2),
            .law = STR(""),
            .at = row_int(r, i, 3),
            .timed = true,
            .cancelled = !row_is_null(r, i, 4),
            .changed = row_int(r, i, 5),
            .matter_title = row_str(r, i, 6),
            .case_number = row_str(r, i, 7),
            .procedure = row_str(r, i, 8),
            .court = row_str(r, i, 9),
        };
    }
}

static void of_drafts(struct arena *arena, const struct rows *r, struct calendar_entry *out)
{
    for (uint32_t i = 0; i < r->count; i++) {
        Str title = row_str(r, i, 2);
        out[i] = (struct calendar_entry){
            .uid = str_printf(arena, "draft-%" PRId64, row_int(r, i, 0)),
            .kind = STR("draft"),
            .matter = row_int(r, i, 0),
            .title = title.n > 0 ? title : STR("草稿提交的最后一日"),
            .law = row_str(r, i, 3),
            .at = date_end((Date)row_int(r, i, 1)),
            .changed = row_int(r, i, 4),
            .matter_title = row_str(r, i, 5),
            .case_number = STR(""),
            .procedure = row_str(r, i, 6),
            .court = row_str(r, i, 7),
        };
    }
}

static int earlier(const void *a, const void *b)
{
    const struct calendar_entry *x = a;
    const struct calendar_entry *y = b;
    return x->at != y->at ? (x->at < y->at ? -1 : 1) : str_compare(x->uid, y->uid);
}

enum status calendar_list(struct cx *cx, struct sql *sql, const struct calendar_query *q,
                          struct calendar_entry **out, uint32_t *count)
{
    struct rows clocks = {0};
    struct rows dates = {0};
    struct rows drafts = {0};
    /* A row of a list has the nearest day of the clocks that run: of a long list of matters that
     * are over no clock is looked at. */
    TRY(sql_later(cx, sql,
                  SQL("SELECT c.matter, c.n, c.title, c.law, c.due, c.unit, c.stopped, c.breached, "
                      "m.updated, m.title, m.case_number, m.procedure, m.court FROM listing l "
                      "JOIN clock c ON c.matter = l.matter JOIN matter m ON m.id = l.matter "
                      "WHERE l.viewer = ?1 AND l.box = ?2 AND (?5 = 1 OR l.due < ?4) AND "
                      "c.due >= ?3 AND c.due < ?4 AND "
                      "(c.stopped IS NULL OR ?5 = 1) ORDER BY c.due, c.matter, c.n LIMIT ?6"),
                  ARGS(SQL_S(q->viewer), SQL_S(q->box), SQL_I(q->from), SQL_I(q->to),
                       SQL_I(q->cancelled), SQL_I(q->limit)),
                  &clocks));
    TRY(sql_later(cx, sql,
                  SQL("SELECT a.matter, a.path, a.title, a.at, a.cancelled, a.changed, m.title, "
                      "m.case_number, m.procedure, m.court FROM listing l "
                      "JOIN appointment a ON a.matter = l.matter JOIN matter m ON m.id = l.matter "
                      "WHERE l.viewer = ?1 AND l.box = ?2 AND a.at >= ?3 AND a.at < ?4 AND "
                      "(a.cancelled IS NULL OR ?5 = 1) ORDER BY a.at, a.matter, a.path LIMIT ?6"),
                  ARGS(SQL_S(q->viewer), SQL_S(q->box), SQL_I(q->from), SQL_I(q->to),
                       SQL_I(q->cancelled), SQL_I(q->limit)),
                  &dates));
    TRY(sql_later(
        cx, sql,
        SQL("SELECT d.matter, COALESCE(d.given, d.derived), d.title, d.law, m.updated, m.title, "
            "m.procedure, m.court FROM listing l JOIN draft_day d ON d.matter = l.matter "
            "JOIN matter m ON m.id = l.matter WHERE l.viewer = ?1 AND l.box = ?2 AND "
            "m.events = 0 AND COALESCE(d.given, d.derived) >= ?3 AND "
            "COALESCE(d.given, d.derived) < ?4 ORDER BY 2, 1 LIMIT ?5"),
        ARGS(SQL_S(q->viewer), SQL_S(q->box), SQL_I(instant_date(q->from)),
             SQL_I(instant_date(q->to)), SQL_I(q->limit)),
        &drafts));
    TRY(sql_flush(cx, sql));
    *count = clocks.count + dates.count + drafts.count;
    *out = arena_array(cx->arena, struct calendar_entry, *count);
    of_clocks(cx->arena, &clocks, *out);
    of_dates(cx->arena, &dates, *out + clocks.count);
    of_drafts(cx->arena, &drafts, *out + clocks.count + dates.count);
    qsort(*out, *count, sizeof **out, earlier);
    return OK;
}

uint32_t calendar_clashes(struct calendar_entry *entries, uint32_t count)
{
    struct calendar_entry *last = NULL; /* at a time of day, before this one */
    uint32_t marked = 0;
    for (uint32_t i = 0; i < count; i++) {
        struct calendar_entry *entry = &entries[i];
        if (!str_is(entry->kind, "date") || entry->cancelled) {
            continue;
        }
        if (last != NULL && entry->at - last->at < CALENDAR_APART_MS) {
            marked += last->clashes ? 1 : 2;
            last->clashes = true;
            entry->clashes = true;
        }
        last = entry;
    }
    return marked;
}

void calendar_date_write(struct script *script, Id matter, Str path, Str title, Instant at,
                         Instant now)
{
    if (at == 0) {
        script_add(script,
                   SQL("UPDATE appointment SET cancelled = ?3, changed = ?3 "
                       "WHERE matter = ?1 AND path = ?2 AND cancelled IS NULL"),
                   ARGS(SQL_I(matter), SQL_S(path), SQL_I(now)));
        return;
    }
    script_add(script,
               SQL("INSERT INTO appointment (matter, path, title, at, changed, cancelled) "
                   "VALUES (?1, ?2, ?3, ?4, ?5, NULL) ON CONFLICT (matter, path) DO UPDATE SET "
                   "title = excluded.title, at = excluded.at, changed = excluded.changed, "
                   "cancelled = NULL"),
               ARGS(SQL_I(matter), SQL_S(path), SQL_S(title), SQL_I(at), SQL_I(now)));
}

/* --- feeds --- */

void feed_write(struct script *script, Id person, const Hash *secret, Instant now)
{
    feed_end(script, person);
    script_add(script, SQL("INSERT INTO feed (secret, person, made) VALUES (?1, ?2, ?3)"),
               ARGS(SQL_B(secret->b, HASH_BYTES), SQL_I(person), SQL_I(now)));
}

void feed_end(struct script *script, Id person)
{
    script_add(script, SQL("DELETE FROM feed WHERE person = ?1"), ARGS(SQL_I(person)));
}

enum status feed_find(struct cx *cx, struct sql *sql, Hash secret, Id *person)
{
    struct rows r = {0};
    const struct sql_value bytes = SQL_B(arena_copy(cx->arena, secret.b, HASH_BYTES), HASH_BYTES);
    TRY(sql_query(cx, sql,
                  SQL("SELECT p.id FROM feed f JOIN person p ON p.id = f.person "
                      "WHERE f.secret = ?1 AND p.disabled = 0"),
                  ARGS(bytes), &r));
    *person = r.count == 1 ? row_int(&r, 0, 0) : 0;
    return OK;
}

enum status feed_made(struct cx *cx, struct sql *sql, Id person, Instant *out)
{
    struct rows r = {0};
    TRY(sql_query(cx, sql, SQL("SELECT made FROM feed WHERE person = ?1"), ARGS(SQL_I(person)),
                  &r));
    *out = r.count == 1 ? row_int(&r, 0, 0) : 0;
    return OK;
}

#include "record/reviewing.h"

/* --- who has what --- */

enum status assignment_find_all(struct cx *cx, struct sql *sql, const Id *matters, uint32_t count,
                                struct assignment *out)
{
    struct rows *rows = arena_array(cx->arena, struct rows, count);
    for (uint32_t i = 0; i < count; i++) {
        TRY(sql_later(cx, sql,
                      SQL("SELECT a.person, a.at, p.name FROM assignment a JOIN person p ON "
                          "p.id = a.person WHERE a.matter = ?1"),
                      ARGS(SQL_I(matters[i])), &rows[i]));
    }
    TRY(sql_flush(cx, sql));
    for (uint32_t i = 0; i < count; i++) {
        out[i] = (struct assignment){.matter = matters[i], .name = STR("")};
        if (rows[i].count == 1) {
            out[i].person = row_int(&rows[i], 0, 0);
            out[i].at = row_int(&rows[i], 0, 1);
            out[i].name = row_str(&rows[i], 0, 2);
        }
    }
    return OK;
}

void assignment_write(struct script *script, Id matter, Id person, Id by, Instant at)
{
    if (person == 0) {
        script_add(script, SQL("DELETE FROM assignment WHERE matter = ?1"), ARGS(SQL_I(matter)));
        return;
    }
    script_add(script,
               SQL("INSERT INTO assignment (matter, person, at, given_by) VALUES (?1, ?2, ?3, ?4) "
                   "ON CONFLICT (matter) DO UPDATE SET person = excluded.person, "
                   "at = excluded.at, given_by = excluded.given_by"),
               ARGS(SQL_I(matter), SQL_I(person), SQL_I(at), SQL_I(by)));
}

void assignment_write_first(struct script *script, Id matter, Id person, Instant at)
{
    script_add(script,
               SQL("INSERT INTO assignment (matter, person, at, given_by) VALUES (?1, ?2, ?3, 0) "
                   "ON CONFLICT DO NOTHING"),
               ARGS(SQL_I(matter), SQL_I(person), SQL_I(at)));
}

/* --- who is away --- */

enum status absence_list(struct cx *cx, struct sql *sql, Str court, Instant now,
                         struct absence **out, uint32_t *count)
{
    struct rows r = {0};
    TRY(sql_query(cx, sql,
                  SQL("SELECT a.id, a.court, a.person, a.substitute, a.starts, a.ends, p.name, "
                      "s.name FROM absence a JOIN person p ON p.id = a.person JOIN person s ON "
                      "s.id = a.substitute WHERE a.court = ?1 AND a.ends >= ?2 AND "
                      "a.cancelled IS NULL ORDER BY a.starts, a.id LIMIT ?3"),
                  ARGS(SQL_S(court), SQL_I(now), SQL_I(REVIEWERS_MAX)), &r));
    struct absence *list = arena_array(cx->arena, struct absence, r.count);
    for (uint32_t i = 0; i < r.count; i++) {
        list[i] = (struct absence){row_int(&r, i, 0), row_str(&r, i, 1), row_int(&r, i, 2),
                                   row_int(&r, i, 3), row_int(&r, i, 4), row_int(&r, i, 5),
                                   row_str(&r, i, 6), row_str(&r, i, 7)};
    }
    *out = list;
    *count = r.count;
    return OK;
}

void absence_write(struct script *script, const struct absence *a, Id by, Instant at)
{
    script_add(script,
               SQL("INSERT INTO absence (id, court, person, substitute, starts, ends, entered_by, "
                   "entered, cancelled) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, NULL)"),
               ARGS(SQL_I(a->id), SQL_S(a->court), SQL_I(a->person), SQL_I(a->substitute),
                    SQL_I(a->starts), SQL_I(a->ends), SQL_I(by), SQL_I(at)));
}

void absence_cancel(struct script *script, Str court, Id id, Instant at)
{
    script_add(script,
               SQL("UPDATE absence SET cancelled = ?3 WHERE id = ?1 AND court = ?2 AND "
                   "cancelled IS NULL"),
               ARGS(SQL_I(id), SQL_S(court), SQL_I(at)));
}

/* --- how much each has --- */

/* Days since it arrived: less than 3, 5, 7, more. */
#define LOADS                                                                        \
    SQL("SELECT COALESCE(a.person, 0) AS who, count(*), "                            \
        "sum(CASE WHEN l.due > ?2 AND l.due <= ?3 THEN 1 ELSE 0 END), "              \
        "sum(CASE WHEN l.due <= ?2 THEN 1 ELSE 0 END), "                             \
        "sum(CASE WHEN m.arrived > ?4 THEN 1 ELSE 0 END), "                          \
        "sum(CASE WHEN m.arrived <= ?4 AND m.arrived > ?5 THEN 1 ELSE 0 END), "      \
        "sum(CASE WHEN m.arrived <= ?5 AND m.arrived > ?6 THEN 1 ELSE 0 END), "      \
        "sum(CASE WHEN m.arrived <= ?6 THEN 1 ELSE 0 END), max(a.at) "               \
        "FROM listing l JOIN matter m ON m.id = l.matter LEFT JOIN assignment a ON " \
        "a.matter = l.matter WHERE l.viewer = ?1 AND l.box = 'todo' GROUP BY who")

static void load_take(const struct rows *r, uint32_t i, struct reviewer *out)
{
    out->waiting += row_int(r, i, 1);
    out->soon += row_int(r, i, 2);
    out->over += row_int(r, i, 3);
    for (uint32_t k = 0; k < REVIEWING_AGES; k++) {
        out->ages[k] += row_int(r, i, 4 + k);
    }
    out->given = row_int(r, i, 8);
}

static void loads_join(const struct rows *loads, struct reviewer *list, uint32_t count)
{
    for (uint32_t i = 0; i < loads->count; i++) {
        struct reviewer *whose = &list[count - 1]; /* of who no longer holds the post: nobody's */
        for (uint32_t k = 0; k + 1 < count; k++) {
            whose = list[k].person == row_int(loads, i, 0) ? &list[k] : whose;
        }
        load_take(loads, i, whose);
    }
}

enum status reviewer_list(struct cx *cx, struct sql *sql, Str court, Instant now,
                          struct reviewer **out, uint32_t *count)
{
    enum { SOON_DAYS = 3, AGE_1 = 3, AGE_2 = 5, AGE_3 = 7 };
    struct rows people = {0};
    struct rows loads = {0};
    struct absence *away = NULL;
    uint32_t away_count = 0;
    TRY(sql_later(cx, sql,
                  SQL("SELECT p.id, p.login, p.name FROM post o JOIN person p ON p.id = o.person "
                      "WHERE o.court = ?1 AND o.post = 'reviewer' AND o.until IS NULL AND "
                      "p.disabled = 0 ORDER BY p.id LIMIT ?2"),
                  ARGS(SQL_S(court), SQL_I(REVIEWERS_MAX)), &people));
    TRY(sql_query(cx, sql, LOADS,
                  ARGS(SQL_S(str_printf(cx->arena, "reviewer@%.*s", STR_ARG(court))), SQL_I(now),
                       SQL_I(date_end(instant_date(now) + SOON_DAYS)), SQL_I(now - AGE_1 * DAY_MS),
                       SQL_I(now - AGE_2 * DAY_MS), SQL_I(now - AGE_3 * DAY_MS)),
                  &loads));
    TRY(absence_list(cx, sql, court, now, &away, &away_count));
    struct reviewer *list = arena_array(cx->arena, struct reviewer, people.count + 1);
    for (uint32_t i = 0; i < people.count; i++) {
        list[i] = (struct reviewer){.person = row_int(&people, i, 0),
                                    .login = row_str(&people, i, 1),
                                    .name = row_str(&people, i, 2)};
        for (uint32_t k = 0; k < away_count; k++) {
            if (away[k].person == list[i].person && away[k].starts <= now) {
                list[i].substitute = away[k].substitute;
                list[i].away_until = away[k].ends;
            }
        }
    }
    list[people.count] = (struct reviewer){.login = STR(""), .name = STR("")};
    loads_join(&loads, list, people.count + 1);
    *out = list;
    *count = people.count + 1;
    return OK;
}

const struct reviewer *reviewer_least(const struct reviewer *reviewers, uint32_t count)
{
    const struct reviewer *least = NULL;
    for (uint32_t i = 0; i < count; i++) {
        const struct reviewer *r = &reviewers[i];
        if (r->person == 0 || r->substitute != 0) {
            continue;
        }
        if (least == NULL || r->waiting < least->waiting ||
            (r->waiting == least->waiting && r->given < least->given)) {
            least = r;
        }
    }
    return least;
}

static Id substitute_of(const struct absence *absences, uint32_t count, Id person, Instant now)
{
    for (uint32_t i = 0; i < count; i++) {
        if (absences[i].person == person && absences[i].starts <= now && now <= absences[i].ends) {
            return absences[i].substitute;
        }
    }
    return 0;
}

uint32_t reviewer_stands_for(const struct absence *absences, uint32_t count, Id person, Instant now,
                             Id out[REVIEWERS_MAX])
{
    uint32_t found = 0;
    out[found++] = person;
    for (uint32_t i = 0; i < count && found < REVIEWERS_MAX; i++) {
        Id at = absences[i].person;
        bool away = absences[i].starts <= now && at != person;
        for (int step = 0; step < REVIEWING_CHAIN && away && at != 0 && at != person; step++) {
            at = substitute_of(absences, count, at, now);
        }
        if (away && at == person) {
            out[found++] = absences[i].person;
        }
    }
    return found;
}

/* --- how the court divides it --- */

enum status review_automatic(struct cx *cx, struct sql *sql, Str court, bool *out)
{
    struct rows r = {0};
    TRY(sql_query(cx, sql, SQL("SELECT automatic FROM review_setting WHERE court = ?1"),
                  ARGS(SQL_S(court)), &r));
    *out = r.count == 1 && row_int(&r, 0, 0) != 0;
    return OK;
}

void review_automatic_set(struct script *script, Str court, bool on, Id by, Instant at)
{
    script_add(script,
               SQL("INSERT INTO review_setting (court, automatic, updated, updated_by) "
                   "VALUES (?1, ?2, ?3, ?4) ON CONFLICT (court) DO UPDATE SET "
                   "automatic = excluded.automatic, updated = excluded.updated, "
                   "updated_by = excluded.updated_by"),
               ARGS(SQL_S(court), SQL_I(on ? 1 : 0), SQL_I(at), SQL_I(by)));
}

/* --- who has looked --- */

enum status looked_find(struct cx *cx, struct sql *sql, Id matter, Id person, int64_t *revision)
{
    struct rows r = {0};
    TRY(sql_query(cx, sql, SQL("SELECT revision FROM looked WHERE matter = ?1 AND person = ?2"),
                  ARGS(SQL_I(matter), SQL_I(person)), &r));
    *revision = r.count == 1 ? row_int(&r, 0, 0) : -1;
    return OK;
}

void looked_write(struct script *script, Id matter, Id person, int64_t revision, Instant at)
{
    script_add(script,
               SQL("INSERT INTO looked (matter, person, revision, at) VALUES (?1, ?2, ?3, ?4) "
                   "ON CONFLICT (matter, person) DO UPDATE SET revision = excluded.revision, "
                   "at = excluded.at"),
               ARGS(SQL_I(matter), SQL_I(person), SQL_I(revision), SQL_I(at)));
}

enum status looked_by_others(struct cx *cx, struct sql *sql, Id matter, Id person, Instant since,
                             struct looker **out, uint32_t *count)
{
    struct rows r = {0};
    TRY(sql_query(cx, sql,
                  SQL("SELECT p.name, k.at FROM looked k JOIN person p ON p.id = k.person WHERE "
                      "k.matter = ?1 AND k.person <> ?2 AND k.at >= ?3 ORDER BY k.at DESC LIMIT 5"),
                  ARGS(SQL_I(matter), SQL_I(person), SQL_I(since)), &r));
    struct looker *list = arena_array(cx->arena, struct looker, r.count);
    for (uint32_t i = 0; i < r.count; i++) {
        list[i] = (struct looker){row_str(&r, i, 0), row_int(&r, i, 1)};
    }
    *out = list;
    *count = r.count;
    return OK;
}

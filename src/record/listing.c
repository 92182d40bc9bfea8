#include "record/listing.h"

#include <string.h>

#include "base/check.h"
#include "record/choice.h"

enum { GRAMS_MAX = 64 };

/* Statements for one row, two, three, … at once: index is the count less one. */
#define LISTING_INSERT \
    "INSERT INTO listing (matter, procedure, state, due, viewer, box, sort_key) VALUES "
#define LISTING_1   "(?1, ?2, ?3, ?4, ?5, ?6, ?7)"
#define LISTING_2   LISTING_1 ", (?1, ?2, ?3, ?4, ?8, ?9, ?10)"
#define LISTING_3   LISTING_2 ", (?1, ?2, ?3, ?4, ?11, ?12, ?13)"
#define LISTING_4   LISTING_3 ", (?1, ?2, ?3, ?4, ?14, ?15, ?16)"
#define LISTING_5   LISTING_4 ", (?1, ?2, ?3, ?4, ?17, ?18, ?19)"
#define LISTING_6   LISTING_5 ", (?1, ?2, ?3, ?4, ?20, ?21, ?22)"
#define LISTING_END " ON CONFLICT (matter, viewer, box) DO NOTHING"

enum { LISTING_MOST = 6, LISTING_FIXED = 4, LISTING_ROW = 3 };

static const char *const LISTING_INSERTS[LISTING_MOST] = {
    SQL(LISTING_INSERT LISTING_1 LISTING_END), SQL(LISTING_INSERT LISTING_2 LISTING_END),
    SQL(LISTING_INSERT LISTING_3 LISTING_END), SQL(LISTING_INSERT LISTING_4 LISTING_END),
    SQL(LISTING_INSERT LISTING_5 LISTING_END), SQL(LISTING_INSERT LISTING_6 LISTING_END)};

void listing_write(struct script *script, const struct matter *m, bool is_new, Instant due,
                   const struct listing_place *places, uint32_t count)
{
    struct sql_value args[LISTING_FIXED + LISTING_MOST * LISTING_ROW] = {
        SQL_I(m->id), SQL_S(m->procedure), SQL_S(m->state), due == 0 ? SQL_N : SQL_I(due)};
    if (!is_new) {
        script_add(script, SQL("DELETE FROM listing WHERE matter = ?1"), ARGS(SQL_I(m->id)));
    }
    for (uint32_t from = 0, now = 0; from < count; from += now) {
        size_t used = LISTING_FIXED;
        now = count - from < LISTING_MOST ? count - from : LISTING_MOST;
        for (uint32_t i = from; i < from + now; i++) {
            args[used++] = SQL_S(places[i].viewer);
            args[used++] = SQL_S(places[i].box);
            args[used++] = SQL_I(places[i].sort_key);
        }
        script_add(script, LISTING_INSERTS[now - 1], args, used);
    }
}

/* --- search --- */

/* Pairs of neighbouring characters of a text, and the text itself when it has just one. */
static uint32_t grams_of(struct arena *arena, Str text, Str *grams, uint32_t count)
{
    size_t offset = 0;
    size_t before = 0;
    uint32_t code = 0;
    uint32_t seen = 0;
    while (offset < text.n && count < GRAMS_MAX) {
        size_t at = offset;
        if (!utf8_next(text, &offset, &code)) {
            break;
        }
        if (code == ' ') {
            seen = 0;
            continue;
        }
        if (seen > 0) {
            Str gram = str_slice(arena, text, before, offset);
            bool known = false;
            for (uint32_t i = 0; i < count; i++) {
                known = known || str_same(grams[i], gram);
            }
            if (!known) {
                grams[count++] = gram;
            }
        }
        before = at;
        seen++;
    }
    return count;
}

/* The pairs of a matter, one behind the other; "" for none. */
static Str pairs_of(struct cx *cx, const struct matter *m)
{
    Str grams[GRAMS_MAX];
    struct buf pairs;
    uint32_t count = grams_of(cx->arena, m->case_number, grams, 0);
    count = grams_of(cx->arena, m->title, grams, count);
    for (uint32_t i = 0; i < m->party_count && i < 20; i++) {
        count = grams_of(cx->arena, m->parties[i].name, grams, count);
    }
    buf_init(&pairs, cx->arena, GRAMS_MAX * 8 + 1);
    for (uint32_t i = 0; i < count; i++) {
        buf_str(&pairs, grams[i]);
    }
    return buf_done(&pairs);
}

/* One statement for all pairs. */
#define EACH_PAIR                                                              \
    "WITH RECURSIVE pair (at) AS (SELECT 1 UNION ALL SELECT at + 2 FROM pair " \
    "WHERE at + 2 < length(?3)) "

void listing_search_write(struct cx *cx, struct script *script, const struct matter *m)
{
    Str pairs = pairs_of(cx, m);
    if (pairs.n > 0) {
        script_add(script,
                   SQL(EACH_PAIR "INSERT INTO search (court, gram, matter) SELECT ?1, "
                                 "substr(?3, at, 2), ?2 FROM pair WHERE true "
                                 "ON CONFLICT DO NOTHING"),
                   ARGS(SQL_S(m->court), SQL_I(m->id), SQL_S(pairs)));
    }
}

enum status listing_search_missing(struct cx *cx, struct sql *sql, const struct matter *m,
                                   int64_t *missing)
{
    struct rows rows = {0};
    Str pairs = pairs_of(cx, m);
    *missing = 0;
    if (pairs.n == 0) {
        return OK;
    }
    TRY(sql_query(cx, sql,
                  SQL(EACH_PAIR "SELECT count(*) FROM pair WHERE NOT EXISTS (SELECT 1 FROM search "
                                "s WHERE s.court = ?1 AND s.gram = substr(?3, pair.at, 2) AND "
                                "s.matter = ?2)"),
                  ARGS(SQL_S(m->court), SQL_I(m->id), SQL_S(pairs)), &rows));
    *missing = row_int(&rows, 0, 0);
    return OK;
}

/* The text anywhere; its own % _ and ! are letters. */
static Str pattern_of(struct arena *arena, Str q)
{
    struct buf out;
    buf_init(&out, arena, q.n * 2 + 8);
    buf_char(&out, '%');
    for (size_t i = 0; i < q.n; i++) {
        if (q.p[i] == '%' || q.p[i] == '_' || q.p[i] == '!') {
            buf_char(&out, '!');
        }
        buf_char(&out, q.p[i]);
    }
    buf_char(&out, '%');
    return buf_done(&out);
}

/* --- reading --- */

#define LISTING_COLUMNS                                                                      \
    "SELECT l.matter, l.sort_key, m.procedure, m.version, m.title, m.court, m.case_number, " \
    "m.state, l.due, m.updated FROM "
#define LISTING_WHERE                                                                            \
    "WHERE l.viewer = ?1 AND l.box = ?2 AND (?3 = '' OR l.state = ?3) "                          \
    "AND (?4 = '' OR l.procedure = ?4) AND (l.sort_key, l.matter) > (?5, ?6) "                   \
    "AND (?8 = '' OR m.court = ?8) "                                                             \
    "AND (?9 = 0 OR COALESCE((SELECT a.person FROM assignment a WHERE a.matter = l.matter), 0) " \
    "IN (?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17)) "
#define LISTING_SELECT LISTING_COLUMNS "listing l JOIN matter m ON m.id = l.matter " LISTING_WHERE
#define LISTING_ORDER  "ORDER BY l.sort_key, l.matter LIMIT ?7"
#define LISTING_SAYS                                                         \
    "AND (m.title LIKE ?20 ESCAPE '!' OR m.case_number LIKE ?20 ESCAPE '!' " \
    "OR EXISTS (SELECT 1 FROM party p "                                      \
    "WHERE p.matter = m.id AND p.name LIKE ?20 ESCAPE '!')) "

static void listing_fill(const struct rows *r, uint32_t i, struct listing *out)
{
    *out = (struct listing){row_int(r, i, 0), row_int(r, i, 1), row_str(r, i, 2), row_int(r, i, 3),
                            row_str(r, i, 4), row_str(r, i, 5), row_str(r, i, 6), row_str(r, i, 7),
                            row_int(r, i, 8), row_int(r, i, 9)};
}

/* ?1 to ?17 of LISTING_SELECT. */
static void listing_args(const struct listing_query *query, struct sql_value *args)
{
    bool first = query->after_key == 0 && query->after_matter == 0;
    uint32_t used = 0;
    args[used++] = SQL_S(query->viewer);
    args[used++] = SQL_S(query->box);
    args[used++] = SQL_S(query->state);
    args[used++] = SQL_S(query->procedure);
    args[used++] = SQL_I(first ? INT64_MIN : query->after_key);
    args[used++] = SQL_I(query->after_matter);
    args[used++] = SQL_I(query->limit);
    args[used++] = SQL_S(query->own_court);
    args[used++] = SQL_I(query->by_reviewer ? 1 : 0);
    for (uint32_t i = 0; i < LISTING_REVIEWERS_MAX; i++) {
        args[used++] = SQL_I(i < query->reviewer_count            ? query->reviewers[i]
                             : i > 0 && query->reviewer_count > 0 ? query->reviewers[0]
                                                                  : 0);
    }
}

enum { LISTING_ARGS = 9 + LISTING_REVIEWERS_MAX, LISTING_RARE = 1000 };

/* What a list is searched for. */
struct search {
    Str court; /* whose box of all its matters is searched; "" for another list */
    Str first; /* two pairs of the text; "" for a lone character */
    Str last;
    Str rare; /* one of the two that fewer than LISTING_RARE matters of the court have */
    bool is_rare;
};

static enum status search_count(struct cx *cx, struct sql *sql, Str court, Str gram, int64_t *out)
{
    struct rows r = {0};
    TRY(sql_query(cx, sql,
                  SQL("SELECT count(*) FROM (SELECT 1 FROM search WHERE court = ?1 AND gram = ?2 "
                      "LIMIT ?3) AS found"),
                  ARGS(SQL_S(court), SQL_S(gram), SQL_I(LISTING_RARE)), &r));
    *out = row_int(&r, 0, 0);
    return OK;
}

/* The court of "court@CODE". */
static Str court_of_viewer(Str viewer)
{
    return str_starts(viewer, "court@") ? (Str){viewer.p + 6, viewer.n - 6} : STR("");
}

static enum status search_plan(struct cx *cx, struct sql *sql, const struct listing_query *query,
                               struct search *search)
{
    Str grams[GRAMS_MAX];
    uint32_t count = grams_of(cx->arena, query->q, grams, 0);
    Str court = str_is(query->box, "court") ? court_of_viewer(query->viewer) : STR("");
    int64_t first = 0;
    int64_t last = 0;
    *search = (struct search){.court = court};
    if (count == 0) {
        return OK;
    }
    search->first = grams[0];
    search->last = grams[count - 1];
    if (court.n == 0) {
        return OK;
    }
    TRY(search_count(cx, sql, court, search->first, &first));
    TRY(search_count(cx, sql, court, search->last, &last));
    search->rare = last < first ? search->last : search->first;
    search->is_rare = first < LISTING_RARE || last < LISTING_RARE;
    return OK;
}

/* Two pairs narrow the list down; the text itself decides. A lone character scans it. Of a court
 * with a million matters a list in order is long to walk where few have the text: there the rows
 * of the rarer pair lead to the list, beside those that the court's window handed over, whose
 * search rows stand at the other court. */
static enum status listing_search(struct cx *cx, struct sql *sql, const struct listing_query *query,
                                  struct rows *out)
{
    struct search search = {0};
    struct sql_value args[LISTING_ARGS + 3];
    TRY(search_plan(cx, sql, query, &search));
    listing_args(query, args);
    args[LISTING_ARGS] = SQL_S(search.is_rare ? search.rare : search.first);
    args[LISTING_ARGS + 1] = SQL_S(search.is_rare ? search.court : search.last);
    args[LISTING_ARGS + 2] = SQL_S(pattern_of(cx->arena, query->q));
    if (search.is_rare) {
        return sql_query(
            cx, sql,
            SQL(LISTING_COLUMNS
                "(SELECT matter FROM search WHERE court = ?19 AND gram = ?18 "
                "UNION SELECT matter FROM handover WHERE collaborator = ?19) AS found "
                "CROSS JOIN listing l CROSS JOIN matter m " LISTING_WHERE
                "AND l.matter = found.matter AND m.id = l.matter " LISTING_SAYS LISTING_ORDER),
            args, LISTING_ARGS + 3, out);
    }
    return sql_query(
        cx, sql,
        SQL(LISTING_SELECT
            "AND (?18 = '' OR m.events = 0 OR EXISTS (SELECT 1 FROM search s "
            "WHERE s.court = m.court AND s.gram = ?18 AND s.matter = l.matter)) "
            "AND (?19 = '' OR m.events = 0 OR EXISTS (SELECT 1 FROM search s "
            "WHERE s.court = m.court AND s.gram = ?19 AND s.matter = l.matter)) " LISTING_SAYS
                LISTING_ORDER),
        args, LISTING_ARGS + 3, out);
}

enum status listing_list(struct cx *cx, struct sql *sql, const struct listing_query *query,
                         struct listing **out, uint32_t *count)
{
    struct rows r = {0};
    struct sql_value args[LISTING_ARGS];
    if (query->q.n > 0) {
        TRY(listing_search(cx, sql, query, &r));
    } else {
        listing_args(query, args);
        TRY(sql_query(cx, sql, SQL(LISTING_SELECT LISTING_ORDER), args, LISTING_ARGS, &r));
    }
    struct listing *list = arena_array(cx->arena, struct listing, r.count);
    for (uint32_t i = 0; i < r.count; i++) {
        listing_fill(&r, i, &list[i]);
    }
    *out = list;
    *count = r.count;
    return OK;
}

/* --- notices --- */

#define NOTICE_INSERT \
    "INSERT INTO notice (matter, event, kind, title, text, at, id, viewer) VALUES "
#define NOTICE_1 "(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)"
#define NOTICE_2 NOTICE_1 ", (?1, ?2, ?3, ?4, ?5, ?6, ?9, ?10)"
#define NOTICE_3 NOTICE_2 ", (?1, ?2, ?3, ?4, ?5, ?6, ?11, ?12)"
#define NOTICE_4 NOTICE_3 ", (?1, ?2, ?3, ?4, ?5, ?6, ?13, ?14)"

enum { NOTICE_MOST = 4, NOTICE_FIXED = 6, NOTICE_ROW = 2 };

static const char *const NOTICE_INSERTS[NOTICE_MOST] = {
    SQL(NOTICE_INSERT NOTICE_1), SQL(NOTICE_INSERT NOTICE_2), SQL(NOTICE_INSERT NOTICE_3),
    SQL(NOTICE_INSERT NOTICE_4)};

void notice_write_all(struct script *script, const struct notice *first, const Str *viewers,
                      uint32_t count)
{
    const struct notice *n = first;
    struct sql_value args[NOTICE_FIXED + NOTICE_MOST * NOTICE_ROW] = {
        SQL_I(n->matter), SQL_I(n->event), SQL_S(n->kind),
        SQL_S(n->title),  SQL_S(n->text),  SQL_I(n->at)};
    for (uint32_t from = 0, now = 0; from < count; from += now) {
        size_t used = NOTICE_FIXED;
        now = count - from < NOTICE_MOST ? count - from : NOTICE_MOST;
        for (uint32_t i = from; i < from + now; i++) {
            args[used++] = SQL_I(n->id + i);
            args[used++] = SQL_S(viewers[i]);
        }
        script_add(script, NOTICE_INSERTS[now - 1], args, used);
    }
    bool people = false;
    for (uint32_t i = 0; i < count; i++) {
        people = people || str_starts(viewers[i], "p:");
    }
    if (people) {
        choice_messages(script, n->id, n->id + count - 1);
    }
}

void notice_write(struct script *script, const struct notice *n)
{
    notice_write_all(script, n, &n->viewer, 1);
}

enum status notice_list(struct cx *cx, struct sql *sql, const Str *viewers, uint32_t viewer_count,
                        Id before, uint32_t limit, struct notice **out, uint32_t *count)
{
    struct rows r = {0};
    check(viewer_count >= 1 && viewer_count <= 2);
    TRY(sql_query(
        cx, sql,
        SQL("SELECT id, viewer, matter, event, kind, title, text, at, read_at FROM notice "
            "WHERE viewer IN (?1, ?2) AND (?3 = 0 OR id < ?3) ORDER BY id DESC LIMIT ?4"),
        ARGS(SQL_S(viewers[0]), SQL_S(viewers[viewer_count - 1]), SQL_I(before), SQL_I(limit)),
        &r));
    struct notice *list = arena_array(cx->arena, struct notice, r.count);
    for (uint32_t i = 0; i < r.count; i++) {
        list[i] = (struct notice){row_int(&r, i, 0), row_str(&r, i, 1), row_int(&r, i, 2),
                                  row_int(&r, i, 3), row_str(&r, i, 4), row_str(&r, i, 5),
                                  row_str(&r, i, 6), row_int(&r, i, 7), row_int(&r, i, 8)};
    }
    *out = list;
    *count = r.count;
    return OK;
}

enum status notice_unread(struct cx *cx, struct sql *sql, Str viewer, int64_t *out)
{
    struct rows r = {0};
    TRY(sql_query(cx, sql, SQL("SELECT count(*) FROM notice WHERE viewer = ?1 AND read_at IS NULL"),
                  ARGS(SQL_S(viewer)), &r));
    *out = row_int(&r, 0, 0);
    return OK;
}

void notice_read(struct script *script, Str viewer, Id id, Instant at)
{
    script_add(script,
               SQL("UPDATE notice SET read_at = ?3 WHERE viewer = ?1 AND (?2 = 0 OR id = ?2) "
                   "AND read_at IS NULL"),
               ARGS(SQL_S(viewer), SQL_I(id), SQL_I(at)));
}

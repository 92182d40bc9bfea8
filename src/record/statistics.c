#include "record/statistics.h"

#include <stdlib.h>

#include "base/check.h"
#include "record/complaint.h"

/* ?1 to ?9: the filter. One text for all statements, so that a number and its list cannot differ.
 */
#define PICKED                                                                                   \
    "drill = 0 AND submitted >= ?1 AND submitted < ?2 "                                          \
    "AND (?3 = '' OR province = ?3) "                                                            \
    "AND (?4 = '' OR court = ?4 OR ?4 LIKE '%,' || court || ',%') "                              \
    "AND (?5 = '' OR collaborator_province = ?5) "                                               \
    "AND (?6 = '' OR collaborator = ?6 OR ?6 LIKE '%,' || collaborator || ',%') "                \
    "AND (?7 = '' OR procedure = ?7) AND (?8 = '' OR kind = ?8 OR (?8 = 'none' AND kind = '')) " \
    "AND (?9 = '' OR (?9 = 'answered' AND responded IS NOT NULL) "                               \
    "OR (?9 = 'unanswered' AND responded IS NULL AND outcome = '') "                             \
    "OR (?9 = 'on-time' AND response_ms <= 1800000) "                                            \
    "OR (?9 = 'within-5' AND response_ms <= 300000) "                                            \
    "OR (?9 = 'late' AND late_response IS NOT NULL) "                                            \
    "OR (?9 = 'over-24h' AND late_feedback IS NOT NULL) "                                        \
    "OR (?9 = 'over-7-days' AND late_decision IS NOT NULL) "                                     \
    "OR (?9 = 'corrected' AND corrections > 0) OR (?9 = 'rated' AND rating IS NOT NULL) "        \
    "OR (?9 = 'undecided' AND outcome = '') OR (outcome <> '' AND outcome = ?9)) "

#define FILTER(f)                                                                           \
    SQL_I((f)->since), SQL_I((f)->until), SQL_S((f)->province), SQL_S((f)->court),          \
        SQL_S((f)->collaborator_province), SQL_S((f)->collaborator), SQL_S((f)->procedure), \
        SQL_S((f)->kind), SQL_S((f)->measure)

/* One row of every request, read in slices of time: ?10 and ?11 narrow the filter's period. What it
 * reads stands in the index handover_figures, which lies in the order of submission. */
#define ROWS_BY(key)                                                                             \
    SQL("SELECT " key ", submitted, response_ms, CASE WHEN responded IS NULL THEN 0 ELSE 1 END " \
        "+ CASE WHEN late_response IS NULL THEN 0 ELSE 2 END "                                   \
        "+ CASE WHEN late_feedback IS NULL THEN 0 ELSE 4 END "                                   \
        "+ CASE WHEN late_decision IS NULL THEN 0 ELSE 8 END, corrections, rating, outcome "     \
        "FROM handover WHERE submitted >= ?10 AND submitted < ?11 AND " PICKED)

enum { IS_ANSWERED = 1, IS_LATE = 2, IS_OVER_24H = 4, IS_OVER_7_DAYS = 8 };

enum { GOOD_MS = 30 * MINUTE_MS, QUICK_MS = 5 * MINUTE_MS };

struct grouping {
    const char *by;
    const char *rows;
    int64_t (*number)(Date day); /* NULL: the key is the text */
};

static int64_t day_number(Date day)
{
    return day;
}

/* Its Monday. */
static int64_t week_number(Date day)
{
    return day - (date_weekday(day) - 1);
}

static int64_t month_number(Date day)
{
    struct day parts = date_split(day);
    return date_of(parts.year, parts.month, 1);
}

static const struct grouping *grouping_find(Str by)
{
    static const struct grouping known[] = {
        {"", ROWS_BY("''"), NULL},
        {"day", ROWS_BY("''"), day_number},
        {"week", ROWS_BY("''"), week_number},
        {"month", ROWS_BY("''"), month_number},
        {"court", ROWS_BY("court"), NULL},
        {"collaborator", ROWS_BY("collaborator"), NULL},
        {"pair", ROWS_BY("collaborator || '>' || court"), NULL},
        {"province", ROWS_BY("province"), NULL},
        {"collaborator-province", ROWS_BY("collaborator_province"), NULL},
        {"matrix", ROWS_BY("collaborator_province || '>' || province"), NULL},
        {"service", ROWS_BY("procedure"), NULL},
        {"kind", ROWS_BY("kind"), NULL}};

    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        if (str_is(by, known[i].by)) {
            return &known[i];
        }
    }
    return NULL;
}

bool statistics_groups(Str by)
{
    return grouping_find(by) != NULL;
}

/* --- the sheet: sums and times while the rows go by --- */

struct group {
    struct statistics_row row; /* without its key when that is a number */
    int64_t number;
    uint32_t times; /* how many of the sheet's are its own */
};

struct time {
    int64_t ms;
    uint32_t group;
};

/* In an arena of its own, so that the rows that went by can be given back meanwhile. */
struct sheet {
    struct arena *arena;
    const struct grouping *grouping;
    struct group *groups;
    uint32_t count, room;
    uint32_t *slots; /* twice as many as groups have room, or more; 0: free, else group + 1 */
    uint32_t slot_count;
    struct time *times;
    uint32_t time_count, time_room;
    struct group all;
};

enum { GROUPS_FIRST = 256, TIMES_FIRST = 4096, SLICE_ROWS = 8192 };

static uint32_t key_hash(Str text, int64_t number)
{
    uint32_t hash = 2166136261U ^ (uint32_t)number; /* FNV-1a */
    for (size_t i = 0; i < text.n; i++) {
        hash = (hash ^ (unsigned char)text.p[i]) * 16777619U;
    }
    return (hash ^ (hash >> 15)) * 2654435761U;
}

/* The slot of a key: free, or of its group. */
static uint32_t *slot_of(const struct sheet *sheet, Str text, int64_t number)
{
    uint32_t at = key_hash(text, number) & (sheet->slot_count - 1);
    while (sheet->slots[at] != 0) {
        const struct group *group = &sheet->groups[sheet->slots[at] - 1];
        if (group->number == number && str_same(group->row.key, text)) {
            break;
        }
        at = (at + 1) & (sheet->slot_count - 1);
    }
    return &sheet->slots[at];
}

static void groups_grow(struct sheet *sheet)
{
    uint32_t room = sheet->room == 0 ? GROUPS_FIRST : sheet->room * 2;
    struct group *grown = arena_array(sheet->arena, struct group, room);
    for (uint32_t i = 0; i < sheet->count; i++) {
        grown[i] = sheet->groups[i];
    }
    sheet->groups = grown;
    sheet->room = room;
    sheet->slot_count = room * 2;
    sheet->slots = arena_array(sheet->arena, uint32_t, sheet->slot_count);
    for (uint32_t i = 0; i < sheet->count; i++) {
        *slot_of(sheet, grown[i].row.key, grown[i].number) = i + 1;
    }
}

static uint32_t group_of(struct sheet *sheet, Str text, int64_t number)
{
    if (sheet->count == sheet->room) {
        groups_grow(sheet);
    }
    uint32_t *slot = slot_of(sheet, text, number);
    if (*slot == 0) {
        sheet->groups[sheet->count] = (struct group){
            .row = {.key = str_copy(sheet->arena, text.p, text.n), .median_ms = -1, .p90_ms = -1},
            .number = number};
        *slot = ++sheet->count;
    }
    return *slot - 1;
}

static void time_add(struct sheet *sheet, int64_t ms, uint32_t group)
{
    if (sheet->time_count == sheet->time_room) {
        uint32_t room = sheet->time_room == 0 ? TIMES_FIRST : sheet->time_room * 2;
        struct time *grown = arena_room(sheet->arena, room * sizeof *grown);
        for (uint32_t i = 0; i < sheet->time_count; i++) {
            grown[i] = sheet->times[i];
        }
        sheet->times = grown;
        sheet->time_room = room;
    }
    sheet->times[sheet->time_count++] = (struct time){ms, group};
    sheet->groups[group].times += 1;
}

static void outcome_add(struct arena *arena, struct statistics_row *row, Str state)
{
    uint32_t i = 0;
    while (i < row->outcome_count && !str_same(row->outcomes[i].state, state)) {
        i++;
    }
    if (i == OUTCOMES_MAX) {
        return;
    }
    if (i == row->outcome_count) {
        row->outcomes[row->outcome_count++].state = str_copy(arena, state.p, state.n);
    }
    row->outcomes[i].count += 1;
}

static void request_add(struct sheet *sheet, const struct rows *rows, uint32_t i)
{
    const struct grouping *grouping = sheet->grouping;
    int64_t number =
        grouping->number == NULL ? 0 : grouping->number(instant_date(row_int(rows, i, 1)));
    uint32_t at = group_of(sheet, row_str(rows, i, 0), number);
    struct statistics_row *row = &sheet->groups[at].row;
    int64_t flags = row_int(rows, i, 3);
    int64_t corrections = row_int(rows, i, 4);
    row->count += 1;
    row->answered += (flags & IS_ANSWERED) != 0;
    row->late += (flags & IS_LATE) != 0;
    row->over_24h += (flags & IS_OVER_24H) != 0;
    row->over_7_days += (flags & IS_OVER_7_DAYS) != 0;
    row->corrected += corrections > 0;
    row->corrections += corrections;
    row->rated += !row_is_null(rows, i, 5);
    row->ratings += row_int(rows, i, 5);
    outcome_add(sheet->arena, row, row_str(rows, i, 6));
    if (!row_is_null(rows, i, 2)) {
        int64_t ms = row_int(rows, i, 2);
        row->on_time += ms <= GOOD_MS;
        row->within_5 += ms <= QUICK_MS;
        time_add(sheet, ms, at);
    }
}

/* Slices of about SLICE_ROWS: however many requests there are, few are in memory at once. */
static enum status requests_pass(struct cx *cx, struct sql *sql, const struct statistics_filter *f,
                                 struct sheet *sheet)
{
    struct arena_mark mark = arena_mark(cx->arena);
    for (Instant from = f->since; from < f->until;) {
        struct rows end = {0};
        struct rows rows = {0};
        TRY(sql_query(cx, sql,
                      SQL("SELECT submitted FROM handover WHERE drill = 0 AND submitted >= ?1 "
                          "AND submitted < ?2 ORDER BY submitted LIMIT 1 OFFSET ?3"),
                      ARGS(SQL_I(from), SQL_I(f->until), SQL_I(SLICE_ROWS)), &end));
        Instant to = end.count == 0 ? f->until : row_int(&end, 0, 0);
        to = to > from ? to : from + 1; /* so many in one millisecond */
        TRY(sql_query(cx, sql, sheet->grouping->rows, ARGS(FILTER(f), SQL_I(from), SQL_I(to)),
                      &rows));
        for (uint32_t i = 0; i < rows.count; i++) {
            request_add(sheet, &rows, i);
        }
        arena_rewind(cx->arena, mark);
        from = to;
    }
    return OK;
}

/* --- exact quantiles --- */

static int by_ms(const void *left, const void *right)
{
    const struct time *a = left;
    const struct time *b = right;
    return (a->ms > b->ms) - (a->ms < b->ms);
}

static void quantiles_set(struct statistics_row *row, const struct time *sorted, uint32_t n)
{
    if (n > 0) {
        row->median_ms = (sorted[(n - 1) / 2].ms + sorted[n / 2].ms) / 2;
        row->p90_ms = sorted[((uint64_t)n * 9 + 9) / 10 - 1].ms;
    }
}

/* Sorted once; dealt out to the groups in that order each has its own sorted too. */
static void sheet_quantiles(struct sheet *sheet)
{
    struct time *dealt = arena_room(sheet->arena, (sheet->time_count + 1) * sizeof *dealt);
    uint32_t *next = arena_array(sheet->arena, uint32_t, sheet->count + 1);
    if (sheet->time_count > 0) { /* qsort() takes no NULL, not even for nothing */
        qsort(sheet->times, sheet->time_count, sizeof *sheet->times, by_ms);
    }
    quantiles_set(&sheet->all.row, sheet->times, sheet->time_count);
    for (uint32_t i = 0; i < sheet->count; i++) {
        next[i + 1] = next[i] + sheet->groups[i].times;
    }
    for (uint32_t i = 0; i < sheet->time_count; i++) {
        dealt[next[sheet->times[i].group]++] = sheet->times[i];
    }
    for (uint32_t i = 0; i < sheet->count; i++) {
        struct group *group = &sheet->groups[i];
        quantiles_set(&group->row, dealt + next[i] - group->times, group->times);
    }
}

/* --- the sum of all --- */

static void outcomes_sum(struct statistics_row *sum, const struct statistics_row *part)
{
    for (uint32_t i = 0; i < part->outcome_count; i++) {
        uint32_t at = 0;
        while (at < sum->outcome_count &&
               !str_same(sum->outcomes[at].state, part->outcomes[i].state)) {
            at++;
        }
        if (at < OUTCOMES_MAX) {
            sum->outcomes[at].state = part->outcomes[i].state;
            sum->outcomes[at].count += part->outcomes[i].count;
            sum->outcome_count = at < sum->outcome_count ? sum->outcome_count : at + 1;
        }
    }
}

static void groups_sum(struct sheet *sheet)
{
    struct statistics_row *sum = &sheet->all.row;
    for (uint32_t i = 0; i < sheet->count; i++) {
        const struct statistics_row *part = &sheet->groups[i].row;
        sum->count += part->count;
        sum->answered += part->answered;
        sum->on_time += part->on_time;
        sum->within_5 += part->within_5;
        sum->late += part->late;
        sum->over_24h += part->over_24h;
        sum->over_7_days += part->over_7_days;
        sum->corrected += part->corrected;
        sum->corrections += part->corrections;
        sum->rated += part->rated;
        sum->ratings += part->ratings;
        outcomes_sum(sum, part);
    }
}

static enum status complaints_add(struct cx *cx, struct sql *sql, const struct statistics_filter *f,
                                  Str by, struct sheet *sheet)
{
    struct complaint_place *places = NULL;
    uint32_t count = 0;
    TRY(complaint_places(cx, sql, f, by, &places, &count));
    for (uint32_t i = 0; i < count; i++) {
        int64_t number =
            sheet->grouping->number == NULL ? 0 : sheet->grouping->number(places[i].day);
        uint32_t slot = sheet->count == 0 ? 0 : *slot_of(sheet, places[i].place, number);
        if (slot != 0) {
            sheet->groups[slot - 1].row.complaints += places[i].count;
        }
        sheet->all.row.complaints += places[i].count;
    }
    return OK;
}

/* --- the rows as they are answered --- */

static int by_key(const void *left, const void *right)
{
    const struct statistics_row *a = left;
    const struct statistics_row *b = right;
    return str_compare(a->key, b->key);
}

/* Most frequent first. The states come into the caller's arena. */
static void outcomes_settle(struct arena *arena, struct statistics_row *row)
{
    for (uint32_t i = 0; i < row->outcome_count; i++) {
        struct statistics_outcome one = row->outcomes[i];
        uint32_t at = i;
        one.state = str_copy(arena, one.state.p, one.state.n);
        while (at > 0 && (row->outcomes[at - 1].count < one.count ||
                          (row->outcomes[at - 1].count == one.count &&
                           str_compare(row->outcomes[at - 1].state, one.state) > 0))) {
            row->outcomes[at] = row->outcomes[at - 1];
            at--;
        }
        row->outcomes[at] = one;
    }
}

static void sheet_settle(struct arena *arena, struct sheet *sheet, struct statistics *out)
{
    out->sum = sheet->all.row;
    outcomes_settle(arena, &out->sum);
    out->count = sheet->count;
    out->rows = arena_array(arena, struct statistics_row, sheet->count);
    for (uint32_t i = 0; i < sheet->count; i++) {
        struct statistics_row *row = &out->rows[i];
        *row = sheet->groups[i].row;
        row->key = sheet->grouping->number == NULL
                       ? str_copy(arena, row->key.p, row->key.n)
                       : date_format(arena, (Date)sheet->groups[i].number);
        outcomes_settle(arena, row);
    }
    qsort(out->rows, out->count, sizeof *out->rows, by_key);
}

static enum status sheet_fill(struct cx *cx, struct sql *sql, const struct statistics_filter *f,
                              Str by, struct sheet *sheet, struct statistics *out)
{
    TRY(requests_pass(cx, sql, f, sheet));
    sheet_quantiles(sheet);
    groups_sum(sheet);
    TRY(complaints_add(cx, sql, f, by, sheet));
    sheet_settle(cx->arena, sheet, out);
    return OK;
}

enum status statistics_read(struct cx *cx, struct sql *sql, const struct statistics_filter *filter,
                            Str by, struct statistics *out)
{
    enum { SHEET_BYTES_MAX = 512 << 20 };
    struct sheet sheet = {.arena = arena_open(SHEET_BYTES_MAX),
                          .grouping = grouping_find(by),
                          .all = {.row = {.key = STR(""), .median_ms = -1, .p90_ms = -1}}};
    check(sheet.grouping != NULL);
    enum status status = sheet_fill(cx, sql, filter, by, &sheet, out);
    arena_close(sheet.arena);
    return status;
}

/* --- the requests behind a number --- */

enum status statistics_requests(struct cx *cx, struct sql *sql, const struct statistics_filter *f,
                                Instant before, Id before_matter, uint32_t limit,
                                struct statistics_request **out, uint32_t *count, int64_t *total)
{
    struct rows all = {0};
    struct rows rows = {0};
    TRY(sql_query(cx, sql, SQL("SELECT COUNT(*) FROM handover WHERE " PICKED), ARGS(FILTER(f)),
                  &all));
    TRY(sql_query(cx, sql,
                  SQL("SELECT matter, procedure, kind, collaborator, court, outcome, submitted, "
                      "responded, response_ms FROM handover WHERE " PICKED
                      "AND (submitted < ?10 OR (submitted = ?10 AND matter < ?11)) "
                      "ORDER BY submitted DESC, matter DESC LIMIT ?12"),
                  ARGS(FILTER(f), SQL_I(before == 0 ? INT64_MAX : before), SQL_I(before_matter),
                       SQL_I(limit)),
                  &rows));
    *total = row_int(&all, 0, 0);
    *count = rows.count;
    *out = arena_array(cx->arena, struct statistics_request, rows.count);
    for (uint32_t i = 0; i < rows.count; i++) {
        (*out)[i] = (struct statistics_request){
            .matter = row_int(&rows, i, 0),
            .procedure = row_str(&rows, i, 1),
            .kind = row_str(&rows, i, 2),
            .collaborator = row_str(&rows, i, 3),
            .court = row_str(&rows, i, 4),
            .outcome = row_str(&rows, i, 5),
            .submitted = row_int(&rows, i, 6),
            .responded = row_int(&rows, i, 7),
            .response_ms = row_is_null(&rows, i, 8) ? -1 : row_int(&rows, i, 8),
        };
    }
    return OK;
}

#include "law/hours.h"
#include "law/period.h"
#include "law/sample.h"
#include "law/tables_sample.h"

static const struct court_hours ROWS[] = {
    {{"京0105", 7}, DATE_NONE, 540, 720, 810, 1050, 0},
    {{"京0105", 7}, 20575 /* 2026-05-02 */, 510, 690, 840, 1080, 0},
    {{"新", 3}, DATE_NONE, 600, 840, 960, 1200, 0},
    {{"藏01", 5}, DATE_NONE, 600, 780, 780, 780, 0},
};

static struct law_tables tables_with_hours(struct arena *arena)
{
    struct law_tables tables = sample_tables(arena);
    tables.hours = ROWS;
    tables.hours_count = sizeof ROWS / sizeof ROWS[0];
    return tables;
}

static void assert_hours(struct trial *t, const char *court, const char *date, const char *text)
{
    struct law_tables tables = tables_with_hours(t->arena);
    struct court_hours hours = hours_of(&tables, str_of(court), sample_date(date));
    assert_string_equal(hours_text(t->arena, &hours).p, text);
}

static void hours_come_from_court_then_province_then_nation(void **state)
{
    (void)state;
    struct trial t;
    trial_begin(&t);
    assert_hours(&t, "新0102", "2026-03-02", "10:00–14:00 16:00–20:00");
    assert_hours(&t, "京0105", "2026-05-01", "09:00–12:00 13:30–17:30");
    assert_hours(&t, "京0105", "2026-05-02", "08:30–11:30 14:00–18:00");
    assert_hours(&t, "京0105-03", "2026-05-02", "08:30–11:30 14:00–18:00");
    assert_hours(&t, "藏01", "2026-05-02", "10:00–13:00");
    assert_hours(&t, "最高法", "2026-05-02", "09:00–12:00 13:30–17:30");
    assert_hours(&t, "", "2026-05-02", "09:00–12:00 13:30–17:30");
    trial_end(&t);
}

static void assert_value(struct trial *t, const char *court, const char *now, bool open,
                         const char *opens_at)
{
    struct law_tables tables = tables_with_hours(t->arena);
    struct value *v = hours_value(t->arena, &tables, str_of(court), sample_instant(now));
    assert_int_equal(value_get_bool(v, "open"), open);
    assert_string_equal(value_get_str(v, "opens_at").p, opens_at);
}

static void a_court_says_when_it_opens(void **state)
{
    (void)state;
    struct trial t;
    trial_begin(&t);
    assert_value(&t, "沪0105", "2026-05-08T09:00", true, "");
    assert_value(&t, "沪0105", "2026-05-08T08:59", false, "2026-05-08T09:00:00+08:00");
    assert_value(&t, "沪0105", "2026-05-08T12:00", false, "2026-05-08T13:30:00+08:00");
    assert_value(&t, "沪0105", "2026-05-08T17:29", true, "");
    assert_value(&t, "沪0105", "2026-05-08T17:30", false, "2026-05-09T09:00:00+08:00");
    assert_value(&t, "沪0105", "2026-02-14T18:00", false, "2026-02-24T09:00:00+08:00");
    assert_value(&t, "藏01", "2026-05-08T13:00", false, "2026-05-09T10:00:00+08:00");
    struct law_tables tables = tables_with_hours(t.arena);
    assert_true(hours_is_open(&tables, STR("新0102"), sample_instant("2026-05-08T19:59")));
    assert_false(hours_is_open(&tables, STR("新0102"), sample_instant("2026-05-08T09:30")));
    struct value *v =
        hours_value(t.arena, &tables, STR("沪0105"), sample_instant("2026-05-08T09:00"));
    assert_string_equal(value_get_str(v, "text").p, "周一至周五 09:00–12:00 13:30–17:30");
    assert_true(value_is_null(value_get(v, "opens_at")));
    trial_end(&t);
}

static void empty_hours_never_open(void **state)
{
    (void)state;
    static const struct court_hours NEVER[] = {{{"", 0}, DATE_NONE, 0, 0, 0, 0, 0}};
    struct trial t;
    trial_begin(&t);
    struct law_tables tables = sample_tables(t.arena);
    tables.hours = NEVER;
    tables.hours_count = 1;
    struct value *v =
        hours_value(t.arena, &tables, STR("京0105"), sample_instant("2026-05-08T09:00"));
    assert_false(value_get_bool(v, "open"));
    assert_true(value_is_null(value_get(v, "opens_at")));
    trial_end(&t);
}

static void assert_between(struct trial *t, const char *court, const char *from, const char *to,
                           int64_t minutes)
{
    struct law_tables tables = tables_with_hours(t->arena);
    int64_t open_ms =
        hours_between(&tables, str_of(court), sample_instant(from), sample_instant(to));
    if (open_ms != minutes * MINUTE_MS) {
        fail_msg("%s from %s to %s: %lld ms", court, from, to, (long long)open_ms);
    }
}

/* The vectors of the 30 minutes, read backwards: what was answered in time took 30 minutes. */
static void working_time_between_two_instants_is_that_of_the_court(void **state)
{
    (void)state;
    struct trial t;
    trial_begin(&t);
    assert_between(&t, "沪0105", "2026-03-02T11:50", "2026-03-02T13:50", 30);
    assert_between(&t, "沪0105", "2026-05-08T17:20", "2026-05-09T09:20", 30);
    assert_between(&t, "沪0105", "2026-02-10T18:00", "2026-02-11T09:30", 30);
    assert_between(&t, "沪0105", "2026-03-02T12:30", "2026-03-02T14:00", 30);
    assert_between(&t, "沪0105", "2026-02-14T17:20", "2026-02-24T09:20", 30);
    assert_between(&t, "沪0105", "2026-03-02T12:10", "2026-03-02T13:20", 0);
    assert_between(&t, "沪0105", "2026-03-02T10:00", "2026-03-02T10:00", 0);
    assert_between(&t, "沪0105", "2026-03-02T10:00", "2026-03-02T09:00", 0);
    assert_between(&t, "沪0105", "2026-03-02T00:00", "2026-03-03T00:00", 420);
    assert_between(&t, "新0102", "2026-05-08T19:50", "2026-05-09T10:20", 30);
    assert_between(&t, "藏01", "2026-05-08T12:50", "2026-05-09T10:20", 30);
    /* Hours change on 2 May; both days are rest days, so that 6 May is the first of the new ones.
     */
    assert_between(&t, "京0105", "2026-04-30T17:00", "2026-05-06T09:00", 60);
    trial_end(&t);
}

static void working_time_is_kept_to_the_millisecond(void **state)
{
    (void)state;
    struct trial t;
    trial_begin(&t);
    struct law_tables tables = tables_with_hours(t.arena);
    Instant bell = sample_instant("2026-03-02T12:00");
    assert_int_equal(hours_between(&tables, STR("沪0105"), bell - 1, bell + 1), 1);
    assert_int_equal(hours_between(&tables, STR("沪0105"), bell - 1234, bell - 234), 1000);
    trial_end(&t);
}

/* --- any court, any time, against counting every minute --- */

static uint32_t next_random(uint64_t *seed)
{
    *seed = *seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(*seed >> 33);
}

/* Open in this very minute, by the rows as they stand: the court's, its province's, the nation's.
 */
static bool slow_open(const struct law_tables *tables, Str court, Instant minute)
{
    static Date day = DATE_NONE; /* the day judged last: minutes of one day come in a row */
    static bool rest = false;
    if (day != instant_date(minute)) {
        day = instant_date(minute);
        rest = date_weekday(day) >= 6;
        for (int i = 0; i < tables->calendar_count; i++) {
            if (tables->calendar[i].date == day) {
                rest = tables->calendar[i].kind == CALENDAR_REST;
            }
        }
    }
    const struct court_hours *found = NULL;
    int rank = 0;
    for (int i = 0; i < tables->hours_count; i++) {
        const struct court_hours *row = &tables->hours[i];
        int fits = str_same(row->court, court)                                                ? 3
                   : row->court.n > 0 && row->court.n <= 3 && str_starts(court, row->court.p) ? 2
                   : row->court.n == 0                                                        ? 1
                                                                                              : 0;
        if (fits > rank) {
            found = row;
            rank = fits;
        }
    }
    int of_day = instant_minute_of_day(minute);
    return !rest && found != NULL &&
           ((of_day >= found->am_start && of_day < found->am_end) ||
            (of_day >= found->pm_start && of_day < found->pm_end));
}

/* Half of them where counting goes wrong: festivals, make-up days, noon, closing, midnight. */
static Instant random_start(uint64_t *seed)
{
    static const char *const HOT[] = {
        "2024-02-09T17:20", "2024-02-18T09:00", "2025-01-26T12:00", "2025-01-27T17:30",
        "2025-10-11T13:30", "2026-02-14T17:20", "2026-02-28T20:00", "2026-05-09T00:00",
        "2026-09-20T16:00", "2026-12-31T17:29", "2027-02-05T18:30", "2026-03-02T11:50",
    };
    Instant first = date_start(date_of(2024, 1, 1));
    uint32_t minutes = (uint32_t)((date_start(date_of(2028, 1, 1)) - first) / MINUTE_MS);
    if (next_random(seed) % 2 == 0) {
        Instant hot = sample_instant(HOT[next_random(seed) % (sizeof HOT / sizeof HOT[0])]);
        return hot + ((Instant)(next_random(seed) % 180) - 90) * MINUTE_MS;
    }
    return first + (Instant)(next_random(seed) % minutes) * MINUTE_MS;
}

/* Every third court is of 新 or 藏, whose hours are their own. */
static Str random_court(const struct law_tables *tables, uint64_t *seed)
{
    static const char *const LATE[] = {"新", "新01", "新0102", "藏", "藏0630", "藏0630-01"};
    if (next_random(seed) % 3 == 0) {
        return str_of(LATE[next_random(seed) % (sizeof LATE / sizeof LATE[0])]);
    }
    return tables->courts[next_random(seed) % (uint32_t)tables->court_count].code;
}

static void working_minutes_of_any_court_agree_with_counting_each(void **state)
{
    (void)state;

    enum { ROUNDS = 1000, LENGTH_MAX = 600 };

    struct trial t;
    trial_begin(&t);
    const struct law_tables *tables = tables_real();
    uint64_t seed = 24;
    for (int i = 0; i < ROUNDS; i++) {
        struct arena_mark mark = arena_mark(t.arena);
        Str court = random_court(tables, &seed);
        Instant start = random_start(&seed);
        struct period_rule rule = {.unit = PERIOD_WORKING_MINUTES,
                                   .length = 1 + next_random(&seed) % LENGTH_MAX,
                                   .court = court};
        struct period_answer answer;
        Instant slow = start;
        for (int64_t left = rule.length; left > 0; slow += MINUTE_MS) {
            left -= slow_open(tables, court, slow);
        }
        assert_int_equal(period_due(&t.cx, tables, &rule, start, &answer), OK);
        if (answer.due != slow) {
            fail_msg("%s from %s", court.p, instant_format(t.arena, start).p);
        }
        /* What ends when the limit does has taken exactly the limit. */
        assert_int_equal(hours_between(tables, court, start, answer.due), rule.length * MINUTE_MS);
        arena_rewind(t.arena, mark);
    }
    trial_end(&t);
}

static void time_between_any_instants_agrees_with_counting_each_minute(void **state)
{
    (void)state;

    enum { ROUNDS = 600, SPAN_MAX = 6000 };

    struct trial t;
    trial_begin(&t);
    const struct law_tables *tables = tables_real();
    uint64_t seed = 35;
    for (int i = 0; i < ROUNDS; i++) {
        Str court = random_court(tables, &seed);
        Instant from = random_start(&seed);
        Instant to = from + (Instant)(next_random(&seed) % SPAN_MAX) * MINUTE_MS;
        int64_t slow_ms = 0;
        for (Instant minute = from; minute < to; minute += MINUTE_MS) {
            slow_ms += slow_open(tables, court, minute) ? MINUTE_MS : 0;
        }
        int64_t open_ms = hours_between(tables, court, from, to);
        if (open_ms != slow_ms) {
            fail_msg("%s from %s", court.p, instant_format(t.arena, from).p);
        }
        /* Cut anywhere, to the millisecond, both parts together are the whole. */
        Instant cut = from + (to - from) * (Instant)(next_random(&seed) % 1000) / 1000 + 7;
        cut = cut > to ? to : cut;
        assert_int_equal(hours_between(tables, court, from, cut) +
                             hours_between(tables, court, cut, to),
                         open_ms);
    }
    trial_end(&t);
}

/* --- weekdays and single days --- */

#define DAYS_CSV                                                 \
    "court,valid_from,weekday,am_start,am_end,pm_start,pm_end\n" \
    ",,,09:00,12:00,13:30,17:30\n"                               \
    "京0105,,,09:00,12:00,13:30,17:30\n"                        \
    "京0105,,5,09:00,12:00,,\n"                                 \
    "京0105,,6,09:00,11:00,,\n"                                 \
    "京0105,2026-06-01,,08:30,12:00,14:00,17:00\n"              \
    "京0105,2026-05-12,day,,,,\n"                               \
    "京0105,2026-05-17,day,10:00,11:00,,\n"                     \
    "藏,2026-05-13,day,,,,\n"                                   \
    "藏01,,,10:00,13:00,15:00,18:00\n"                          \
    "藏02,2026-05-13,day,10:00,12:00,,\n"

static struct law_tables tables_of_text(struct trial *t, const char *csv)
{
    struct law_tables tables = sample_tables(t->arena);
    struct table_texts texts = {.hours_csv = str_of(csv)};
    const struct law_tables *built = NULL;
    if (law_tables_build(&t->cx, t->arena, &texts, &built) != OK) {
        fail_msg("%s", t->cx.failure.detail.p);
    }
    tables.hours = built->hours;
    tables.hours_count = built->hours_count;
    return tables;
}

static void assert_day(struct trial *t, const char *court, const char *date, const char *text)
{
    struct law_tables tables = tables_of_text(t, DAYS_CSV);
    struct court_hours hours;
    bool opens = hours_opens_on(&tables, str_of(court), sample_date(date), &hours);
    Str said = opens ? hours_text(t->arena, &hours) : STR("休息");
    if (!str_is(said, text)) {
        fail_msg("%s on %s: %s", court, date, said.p);
    }
}

static void weekdays_and_single_days_have_hours_of_their_own(void **state)
{
    (void)state;
    struct trial t;
    trial_begin(&t);
    assert_day(&t, "京0105", "2026-05-14", "09:00–12:00 13:30–17:30"); /* Thursday */
    assert_day(&t, "京0105", "2026-05-15", "09:00–12:00");             /* Friday */
    assert_day(&t, "京0105", "2026-05-16", "09:00–11:00");             /* Saturday, by its row */
    assert_day(&t, "京0105", "2026-05-17", "10:00–11:00");             /* Sunday, that one alone */
    assert_day(&t, "京0105", "2026-05-24", "休息");
    assert_day(&t, "京0105", "2026-05-12", "休息"); /* Tuesday, closed that day alone */
    assert_day(&t, "京0105-02", "2026-05-12", "休息");
    assert_day(&t, "京0105", "2026-05-02", "休息");        /* Saturday of the May holiday */
    assert_day(&t, "京0105", "2026-05-09", "09:00–11:00"); /* Saturday at work, by its row */
    assert_day(&t, "京0106", "2026-05-09", "09:00–12:00 13:30–17:30"); /* by every day's */
    assert_day(&t, "京0105", "2026-06-05", "08:30–12:00 14:00–17:00"); /* newer than Friday's */
    assert_day(&t, "藏01", "2026-05-13", "休息"); /* a holiday of the province alone */
    assert_day(&t, "藏01", "2026-05-14", "10:00–13:00 15:00–18:00");
    assert_day(&t, "藏02", "2026-05-13", "10:00–12:00"); /* the court's own word on it */
    assert_day(&t, "沪0105", "2026-05-13", "09:00–12:00 13:30–17:30");
    trial_end(&t);
}

static void a_week_is_said_in_words(void **state)
{
    (void)state;
    struct trial t;
    trial_begin(&t);
    struct law_tables tables = tables_of_text(&t, DAYS_CSV);
    assert_string_equal(
        hours_week_text(t.arena, &tables, STR("京0105"), sample_date("2026-05-11")).p,
        "周一至周四 09:00–12:00 13:30–17:30，周五 09:00–12:00，周六 09:00–11:00"
        "；5月12日休息；5月17日 10:00–11:00");
    assert_string_equal(
        hours_week_text(t.arena, &tables, STR("沪0105"), sample_date("2026-05-11")).p,
        "周一至周五 09:00–12:00 13:30–17:30");
    trial_end(&t);
}

static void a_clock_of_minutes_follows_single_days(void **state)
{
    (void)state;
    struct trial t;
    trial_begin(&t);
    struct law_tables tables = tables_of_text(&t, DAYS_CSV);
    struct period_rule rule = {
        .unit = PERIOD_WORKING_MINUTES, .length = 30, .court = STR("京0105")};
    struct period_answer answer;
    /* Monday 17:20: ten minutes that day, closed on Tuesday, the rest on Wednesday. */
    assert_int_equal(period_due(&t.cx, &tables, &rule, sample_instant("2026-05-11T17:20"), &answer),
                     OK);
    assert_int_equal(answer.due, sample_instant("2026-05-13T09:20"));
    trial_end(&t);
}

static void a_row_is_put_into_the_text_of_a_table(void **state)
{
    (void)state;
    struct trial t;
    trial_begin(&t);
    struct court_hours row = {STR("京0105"), sample_date("2026-06-01"), 540, 720, 0, 0, 5};
    Str text = {"", 0};
    Str old = STR("court,valid_from,am_start,am_end,pm_start,pm_end,source\n"
                  ",,09:00,12:00,13:30,17:30,\"a, \"\"b\"\"\"\n");
    assert_int_equal(hours_table_with(&t.cx, old, &row, STR("本院"), &text), OK);
    assert_string_equal(text.p, "court,valid_from,weekday,am_start,am_end,pm_start,pm_end,source\n"
                                ",,,09:00,12:00,13:30,17:30,\"a, \"\"b\"\"\"\n"
                                "京0105,2026-06-01,5,09:00,12:00,,,本院\n");
    row.am_end = 660;
    assert_int_equal(hours_table_with(&t.cx, text, &row, STR("本院"), &text), OK);
    assert_true(str_has(text, "京0105,2026-06-01,5,09:00,11:00,,,本院\n"));
    assert_false(str_has(text, "09:00,12:00,,"));
    struct law_tables tables = tables_of_text(&t, text.p);
    assert_int_equal(tables.hours_count, 2);
    struct law_tables same = hours_tables_with(t.arena, &tables, &row);
    assert_int_equal(same.hours_count, 2);
    row.weekday = 1;
    struct law_tables more = hours_tables_with(t.arena, &tables, &row);
    assert_int_equal(more.hours_count, 3);
    assert_int_equal(more.hours[1].weekday, 1);
    assert_int_equal(more.hours[2].weekday, 5);
    assert_int_equal(tables.hours_count, 2);
    trial_end(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(working_time_between_two_instants_is_that_of_the_court),
        cmocka_unit_test(working_time_is_kept_to_the_millisecond),
        cmocka_unit_test(working_minutes_of_any_court_agree_with_counting_each),
        cmocka_unit_test(time_between_any_instants_agrees_with_counting_each_minute),
        cmocka_unit_test(hours_come_from_court_then_province_then_nation),
        cmocka_unit_test(a_court_says_when_it_opens),
        cmocka_unit_test(empty_hours_never_open),
        cmocka_unit_test(weekdays_and_single_days_have_hours_of_their_own),
        cmocka_unit_test(a_week_is_said_in_words),
        cmocka_unit_test(a_clock_of_minutes_follows_single_days),
        cmocka_unit_test(a_row_is_put_into_the_text_of_a_table),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "record/circular.h"
#include "record/test_figures.h"

/* A day in Beijing, and the instant of issue on the day after. */
#define DAY   (date_start(date_of(2026, 3, 2)))
#define ISSUE (DAY + DAY_MS + 510 * MINUTE_MS)

struct asking {
    struct circular_period period;
    struct circular_figures figures;
};

static enum status figures_read(struct cx *cx, struct sql *sql, void *arg)
{
    struct asking *a = arg;
    return circular_figures(cx, sql, &a->period, &a->figures);
}

static struct circular_figures ask(struct sheet_place *s, bool weekly, Instant as_of)
{
    struct asking a = {.period = {.weekly = weekly,
                                  .since = DAY,
                                  .until = DAY + DAY_MS,
                                  .as_of = as_of,
                                  .last_of = ISSUE - DAY_MS}};
    cx_forgive(s->cx);
    if (store_read(s->cx, s->place.store, figures_read, &a) != OK) {
        fail_msg("reading: %s", s->cx->failure.detail.p);
    }
    return a.figures;
}

static struct sample_request answered(const char *court, int64_t minute, int64_t after_minutes)
{
    Instant submitted = DAY + minute * MINUTE_MS;
    return (struct sample_request){.court = court,
                                   .submitted = submitted,
                                   .responded = submitted + after_minutes * MINUTE_MS,
                                   .response_ms = after_minutes * MINUTE_MS};
}

static void requests_count_in_the_period_they_came_in(void **state)
{
    struct sheet_place *s = *state;
    const struct sample_request all[] = {
        answered("京0105", 0, 10),
        answered("京0105", 600, 30),
        answered("京0105", 1439, 31),
        answered("京0105", -1, 10), /* the day before */
        answered("京0105", 1440, 10) /* the day after */,
    };
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        (void)figures_add(s, &all[i]);
    }
    struct circular_figures f = ask(s, false, ISSUE);
    assert_int_equal(f.court_count, 1);
    assert_string_equal(f.courts[0].court.p, "京0105");
    assert_int_equal(f.courts[0].received, 3);
    assert_int_equal(f.courts[0].on_time, 2);
    assert_int_equal(f.courts[0].median_ms, 30 * MINUTE_MS);
    assert_int_equal(f.nation.received, 3);
    assert_int_equal(f.province_count, 1);
    assert_string_equal(f.provinces[0].province.p, "京");
}

static void the_median_of_two_is_their_mean(void **state)
{
    struct sheet_place *s = *state;
    struct sample_request a = answered("京0105", 10, 10);
    struct sample_request b = answered("沪0115", 20, 20);
    (void)figures_add(s, &a);
    (void)figures_add(s, &b);
    assert_int_equal(ask(s, false, ISSUE).nation.median_ms, 15 * MINUTE_MS);
}

static void drills_are_in_nothing(void **state)
{
    struct sheet_place *s = *state;
    struct sample_request drill = answered("京0105", 10, 10);
    drill.drill = 99;
    drill.late_feedback = DAY + HOUR_MS;
    (void)figures_add(s, &drill);
    struct circular_figures f = ask(s, false, ISSUE);
    assert_int_equal(f.court_count, 0);
    assert_int_equal(f.entry_count, 0);
    assert_int_equal(f.nation.median_ms, -1);
}

static void what_comes_later_is_not_seen(void **state)
{
    struct sheet_place *s = *state;
    struct sample_request late = answered("京0105", 1400, 600); /* answered after the issue */
    late.response_ms = 5 * MINUTE_MS;
    late.responded = ISSUE + 1;
    (void)figures_add(s, &late);
    struct circular_figures f = ask(s, false, ISSUE);
    assert_int_equal(f.courts[0].on_time, 0);
    assert_int_equal(f.courts[0].pending, 1);
    assert_int_equal(f.courts[0].median_ms, -1);
    f = ask(s, false, ISSUE + 1);
    assert_int_equal(f.courts[0].on_time, 1);
    assert_int_equal(f.courts[0].pending, 0);
}

static void breaches_count_when_the_clock_ran_out(void **state)
{
    struct sheet_place *s = *state;
    const struct sample_request open = {
        .court = "京0105", .submitted = DAY - HOUR_MS, .late_feedback = DAY + 23 * HOUR_MS};
    struct sample_request settled = answered("沪0115", -100, 90);
    settled.late_feedback = DAY;
    const struct sample_request before = {
        .court = "京0105", .submitted = DAY - 2 * DAY_MS, .late_feedback = DAY - 1};
    Id first = figures_add(s, &open);
    (void)figures_add(s, &settled);
    (void)figures_add(s, &before);
    struct circular_figures f = ask(s, false, ISSUE);
    assert_int_equal(f.entry_count, 2);
    assert_int_equal(f.entries[0].matter, first); /* by province: 京 before 沪 */
    assert_int_equal(f.entries[0].settled, 0);
    assert_true(f.entries[1].settled != 0);
    assert_int_equal(f.nation.over_24h, 2);
    assert_int_equal(f.nation.received, 0);
}

static void what_was_told_of_and_settled_since_is_cleared(void **state)
{
    struct sheet_place *s = *state;
    struct sample_request told = {.court = "京0105",
                                  .submitted = DAY - 3 * DAY_MS,
                                  .late_feedback = DAY - 2 * DAY_MS,
                                  .response_ms = 1,
                                  .responded = ISSUE - HOUR_MS};
    (void)figures_add(s, &told);
    told.responded = ISSUE - DAY_MS; /* the issue before has said so */
    (void)figures_add(s, &told);
    told.responded = ISSUE + 1; /* the next will */
    (void)figures_add(s, &told);
    struct circular_figures f = ask(s, false, ISSUE);
    assert_int_equal(f.nation.cleared, 1);
    assert_int_equal(f.entry_count, 0);
}

static void a_weekly_tells_of_decisions(void **state)
{
    struct sheet_place *s = *state;
    struct sample_request undecided = answered("京0105", -600, 10);
    undecided.late_decision = DAY + HOUR_MS;
    undecided.late_feedback = DAY + HOUR_MS;
    (void)figures_add(s, &undecided);
    struct circular_figures f = ask(s, true, ISSUE);
    assert_int_equal(f.entry_count, 1);
    assert_int_equal(f.entries[0].settled, 0); /* answered, but not decided */
    assert_int_equal(f.nation.over_7_days, 1);
}

int main(void)
{
#define TEST(function) cmocka_unit_test_setup_teardown(function, figures_setup, figures_teardown)
    const struct CMUnitTest tests[] = {
        TEST(requests_count_in_the_period_they_came_in),
        TEST(the_median_of_two_is_their_mean),
        TEST(drills_are_in_nothing),
        TEST(what_comes_later_is_not_seen),
        TEST(breaches_count_when_the_clock_ran_out),
        TEST(what_was_told_of_and_settled_since_is_cleared),
        TEST(a_weekly_tells_of_decisions),
    };
    return test_on_both_engines(tests);
}

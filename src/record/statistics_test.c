#include "record/statistics.h"
#include "record/test_figures.h"

#define DAY (date_start(date_of(2026, 3, 2)))

struct asking {
    struct statistics_filter filter;
    Str by;
    struct statistics statistics;
    struct statistics_request *requests;
    uint32_t count, limit;
    int64_t total;
    Instant before;
    Id before_matter;
};

static enum status figures_read(struct cx *cx, struct sql *sql, void *arg)
{
    struct asking *a = arg;
    return statistics_read(cx, sql, &a->filter, a->by, &a->statistics);
}

static enum status list_read(struct cx *cx, struct sql *sql, void *arg)
{
    struct asking *a = arg;
    return statistics_requests(cx, sql, &a->filter, a->before, a->before_matter, a->limit,
                               &a->requests, &a->count, &a->total);
}

static struct asking asking_of(const char *by)
{
    const Str any = {"", 0};
    return (struct asking){.filter = {.since = DAY - 30 * DAY_MS,
                                      .until = DAY + 30 * DAY_MS,
                                      .province = any,
                                      .court = any,
                                      .collaborator_province = any,
                                      .collaborator = any,
                                      .procedure = any,
                                      .kind = any,
                                      .measure = any},
                           .by = str_of(by),
                           .limit = 100};
}

static void run(struct sheet_place *s, struct asking *a)
{
    cx_forgive(s->cx);
    if (store_read(s->cx, s->place.store, figures_read, a) != OK ||
        store_read(s->cx, s->place.store, list_read, a) != OK) {
        fail_msg("reading: %s", s->cx->failure.detail.p);
    }
}

static void add(struct sheet_place *s, const char *court, int64_t minutes)
{
    const struct sample_request r = {.court = court,
                                     .submitted = DAY + s->next * HOUR_MS,
                                     .responded = DAY + s->next * HOUR_MS + minutes * MINUTE_MS,
                                     .response_ms = minutes * MINUTE_MS};
    (void)figures_add(s, &r);
}

static void medians_and_p90_are_exact(void **state)
{
    struct sheet_place *s = *state;
    for (int i = 10; i >= 1; i--) {
        add(s, "京0105", i);
    }
    struct asking a = asking_of("");
    run(s, &a);
    assert_int_equal(a.statistics.sum.count, 10);
    assert_int_equal(a.statistics.sum.median_ms, 5 * MINUTE_MS + MINUTE_MS / 2);
    assert_int_equal(a.statistics.sum.p90_ms, 9 * MINUTE_MS);
    assert_int_equal(a.statistics.sum.within_5, 5);
    add(s, "京0105", 100);
    a = asking_of("");
    run(s, &a);
    assert_int_equal(a.statistics.sum.median_ms, 6 * MINUTE_MS);
    assert_int_equal(a.statistics.sum.p90_ms, 10 * MINUTE_MS); /* of eleven the tenth */
    assert_int_equal(a.statistics.sum.on_time, 10);
}

static void nothing_answered_has_no_times(void **state)
{
    struct sheet_place *s = *state;
    const struct sample_request open = {.court = "京0105", .submitted = DAY};
    struct asking a = asking_of("court");
    run(s, &a);
    assert_int_equal(a.statistics.count, 0);
    assert_int_equal(a.statistics.sum.median_ms, -1);
    (void)figures_add(s, &open);
    a = asking_of("court");
    run(s, &a);
    assert_int_equal(a.statistics.count, 1);
    assert_int_equal(a.statistics.rows[0].p90_ms, -1);
    assert_int_equal(a.statistics.rows[0].outcome_count, 1);
    assert_string_equal(a.statistics.rows[0].outcomes[0].state.p, "");
}

static void a_list_of_courts_picks_those_and_no_other(void **state)
{
    struct sheet_place *s = *state;
    add(s, "京0105", 1);
    add(s, "京01", 2);
    add(s, "京0108", 3);
    struct asking a = asking_of("court");
    a.filter.court = STR(",京03,京0105,京0108,");
    run(s, &a);
    assert_int_equal(a.statistics.sum.count, 2); /* 京01 is a head of both codes, and not in it */
    assert_int_equal(a.total, 2);
    assert_int_equal(a.statistics.count, 2);
    a = asking_of("court");
    a.filter.court = STR("京01");
    run(s, &a);
    assert_int_equal(a.statistics.sum.count, 1);
    a = asking_of("");
    a.filter.court = STR("%");
    run(s, &a);
    assert_int_equal(a.statistics.sum.count, 0); /* a sign, not a pattern */
}

static void every_measure_counts_what_it_lists(void **state)
{
    static const char *const measures[] = {"",          "answered", "unanswered", "on-time",
                                           "within-5",  "late",     "over-24h",   "over-7-days",
                                           "corrected", "rated",    "undecided",  "docketed"};
    static const int64_t wanted[] = {3, 2, 1, 1, 1, 2, 1, 1, 1, 1, 2, 1};
    struct sheet_place *s = *state;
    const struct sample_request all[] = {
        {.court = "京0105",
         .submitted = DAY,
         .responded = DAY + 1,
         .response_ms = MINUTE_MS,
         .outcome = "docketed",
         .rating = 5},
        {.court = "京0105",
         .submitted = DAY,
         .responded = DAY + DAY_MS,
         .response_ms = 31 * MINUTE_MS,
         .late_response = DAY + 1,
         .late_feedback = DAY + 2,
         .corrections = 2},
        {.court = "京0105", .submitted = DAY, .late_response = DAY + 1, .late_decision = DAY + 3},
        {.court = "京0105", .submitted = DAY, .drill = 7, .late_response = DAY + 1},
    };
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        (void)figures_add(s, &all[i]);
    }
    for (size_t i = 0; i < sizeof measures / sizeof measures[0]; i++) {
        struct asking a = asking_of("");
        a.filter.measure = str_of(measures[i]);
        run(s, &a);
        assert_int_equal(a.total, wanted[i]);
        assert_int_equal(a.count, wanted[i]);
        assert_int_equal(a.statistics.sum.count, wanted[i]);
    }
}

static void pages_go_on_where_they_ended(void **state)
{
    struct sheet_place *s = *state;
    for (int i = 0; i < 7; i++) { /* all at one instant: numbers order them */
        const struct sample_request r = {.court = "京0105", .submitted = DAY};
        (void)figures_add(s, &r);
    }
    struct asking a = asking_of("");
    Id seen[7] = {0};
    uint32_t n = 0;
    a.limit = 3;
    do {
        run(s, &a);
        for (uint32_t i = 0; i < a.count; i++) {
            assert_true(n < 7);
            seen[n++] = a.requests[i].matter;
            a.before = a.requests[i].submitted;
            a.before_matter = a.requests[i].matter;
        }
        assert_int_equal(a.total, 7);
    } while (a.count > 0);
    assert_int_equal(n, 7);
    for (uint32_t i = 1; i < 7; i++) {
        assert_true(seen[i] < seen[i - 1]);
    }
}

int main(void)
{
#define TEST(function) cmocka_unit_test_setup_teardown(function, figures_setup, figures_teardown)
    const struct CMUnitTest tests[] = {
        TEST(medians_and_p90_are_exact),
        TEST(nothing_answered_has_no_times),
        TEST(a_list_of_courts_picks_those_and_no_other),
        TEST(every_measure_counts_what_it_lists),
        TEST(pages_go_on_where_they_ended),
    };
    return test_on_both_engines(tests);
}

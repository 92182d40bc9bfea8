#include "law/outage.h"
#include "law/sample.h"

#define TODAY (date_of(2026, 3, 9)) /* for what lasts still */

struct vector {
    const char *id;
    const char *period;
    const char *start;
    const char *spans[4]; /* since, until; until "" lasts still */
    const char *due;
    const char *ask; /* the last "86" step; "" for none */
};

/* domain/deadlines.md section 11 */
static const struct vector VECTORS[] = {
    {"O1",
     "7 days",
     "2026-03-02",
     {"2026-03-09T22:00", "2026-03-10T01:00"},
     "2026-03-11",
     "2026-03-20"},
    {"O2",
     "7 days",
     "2026-03-02",
     {"2026-03-09T10:00", "2026-03-09T10:05"},
     "2026-03-10",
     "2026-03-19"},
    {"O3", "7 days", "2026-03-02", {"2026-03-08T20:00", "2026-03-09T00:00"}, "2026-03-09", ""},
    {"O4", "7 days", "2026-03-02", {"2026-03-10T00:00", "2026-03-10T09:00"}, "2026-03-09", ""},
    {"O5",
     "5 days",
     "2026-02-08",
     {"2026-02-13T18:00", "2026-02-13T20:00"},
     "2026-02-14",
     "2026-02-24"},
    {"O6",
     "6 days",
     "2026-02-08",
     {"2026-02-14T23:00", "2026-02-15T03:00"},
     "2026-02-24",
     "2026-02-25"},
    {"O7",
     "7 days",
     "2026-03-02",
     {"2026-03-10T12:00", "2026-03-10T13:00", "2026-03-09T10:00", "2026-03-09T10:05"},
     "2026-03-11",
     "2026-03-20"},
    {"O9", "7 days", "2026-03-02", {"2026-03-09T22:00", ""}, "2026-03-10", ""},
    {"the last second",
     "7 days",
     "2026-03-02",
     {"2026-03-09T23:59:59", "2026-03-10T00:01"},
     "2026-03-11",
     "2026-03-20"},
    {"working days, too",
     "2 working-days",
     "2026-05-08",
     {"2026-05-11T08:00", "2026-05-11T09:00"},
     "2026-05-12",
     "2026-05-21"},
    {"a week of it",
     "7 days",
     "2026-03-02",
     {"2026-03-07T08:00", "2026-03-13T09:00"},
     "2026-03-16",
     "2026-03-23"},
};

static Instant instant_of(const char *text)
{
    Instant at = 0;
    char whole[40];
    (void)snprintf(whole, sizeof whole, "%s%s+08:00", text, strlen(text) == 16 ? ":00" : "");
    assert_true(instant_parse(str_of(whole), &at));
    return at;
}

static uint32_t spans_of(const struct vector *v, struct outage_span spans[2])
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < 2 && v->spans[2 * i] != NULL; i++) {
        const char *until = v->spans[2 * i + 1];
        spans[count++] =
            (struct outage_span){instant_of(v->spans[2 * i]),
                                 until[0] == '\0' ? 0 : instant_of(until), STR("提交和办理")};
    }
    return count;
}

static Str ask_said(const struct value *working)
{
    Str said = {"", 0};
    for (uint32_t i = 0; i < value_count(working); i++) {
        const struct value *step = value_item(working, i);
        if (str_is(value_get_str(step, "law"), "civil-procedure-law@2023 86")) {
            said = value_get_str(step, "date");
        }
    }
    return said;
}

static void a_last_day_with_an_outage_is_followed_by_a_working_day(void **state)
{
    (void)state;
    struct trial t;
    trial_begin(&t);
    struct law_tables tables = sample_tables(t.arena);
    for (size_t i = 0; i < sizeof VECTORS / sizeof VECTORS[0]; i++) {
        const struct vector *v = &VECTORS[i];
        struct period_rule rule = {.count = PERIOD_LAW};
        struct period_answer answer;
        struct outage_span spans[2];
        bool moved = false;
        uint32_t count = spans_of(v, spans);
        assert_true(period_parse(str_of(v->period), &rule));
        assert_int_equal(period_due_from(&t.cx, &tables, &rule, sample_date(v->start), &answer),
                         OK);
        Date plain = answer.day;
        uint32_t steps = value_count(answer.working);
        assert_int_equal(
            outage_prolong(&t.cx, &tables, spans, count, rule.unit, TODAY, &answer, &moved), OK);
        if (answer.day != sample_date(v->due) || !str_is(ask_said(answer.working), v->ask)) {
            fail_msg("%s: %s, ask until %s", v->id, date_format(t.arena, answer.day).p,
                     ask_said(answer.working).p);
        }
        assert_int_equal(answer.due, date_end(answer.day));
        assert_int_equal(moved, answer.day != plain);
        assert_int_equal(value_count(answer.working) > steps, moved);
    }
    trial_end(&t);
}

/* O8 */
static void hours_go_on(void **state)
{
    (void)state;
    struct trial t;
    trial_begin(&t);
    struct law_tables tables = sample_tables(t.arena);
    struct period_rule rule = {.unit = PERIOD_HOURS, .length = 48, .count = PERIOD_LAW};
    struct period_answer answer;
    bool moved = true;
    struct outage_span span = {instant_of("2026-02-16T10:00"), instant_of("2026-02-16T12:00"),
                               STR("提交和办理")};
    assert_int_equal(period_due(&t.cx, &tables, &rule, instant_of("2026-02-14T10:20"), &answer),
                     OK);
    assert_int_equal(outage_prolong(&t.cx, &tables, &span, 1, rule.unit, TODAY, &answer, &moved),
                     OK);
    assert_false(moved);
    assert_int_equal(answer.due, instant_of("2026-02-16T11:00"));
    trial_end(&t);
}

static void no_outage_moves_nothing(void **state)
{
    (void)state;
    struct trial t;
    trial_begin(&t);
    struct law_tables tables = sample_tables(t.arena);
    struct period_rule rule = {.unit = PERIOD_DAYS, .length = 7, .count = PERIOD_LAW};
    struct period_answer answer;
    bool moved = true;
    assert_int_equal(period_due_from(&t.cx, &tables, &rule, sample_date("2026-03-02"), &answer),
                     OK);
    assert_int_equal(outage_prolong(&t.cx, &tables, NULL, 0, rule.unit, TODAY, &answer, &moved),
                     OK);
    assert_false(moved);
    assert_int_equal(answer.day, sample_date("2026-03-09"));
    trial_end(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_last_day_with_an_outage_is_followed_by_a_working_day),
        cmocka_unit_test(hours_go_on),
        cmocka_unit_test(no_outage_moves_nothing),
    };
    return cmocka_run_group_tests_name("law/outage", tests, NULL, NULL);
}

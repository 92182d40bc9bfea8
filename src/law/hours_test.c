#include "law/hours.h"
#include "law/sample.h"

static const struct court_hours ROWS[] = {
    {{"新", 3}, DATE_NONE, 600, 840, 960, 1200},
    {{"京0105", 7}, DATE_NONE, 540, 720, 810, 1050},
    {{"京0105", 7}, 20575 /* 2026-05-02 */, 510, 690, 840, 1080},
    {{"藏01", 5}, DATE_NONE, 600, 780, 780, 780},
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
    static const struct court_hours NEVER[] = {{{"", 0}, DATE_NONE, 0, 0, 0, 0}};
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hours_come_from_court_then_province_then_nation),
        cmocka_unit_test(a_court_says_when_it_opens),
        cmocka_unit_test(empty_hours_never_open),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

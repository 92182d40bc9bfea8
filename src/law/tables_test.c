#include "law/tables_sample.h"

#define COURTS_HEAD "code,name,level,kind,parent,division,code_basis\n"
#define DIVISIONS   "code,name,parent,level\n110000,北京市,,1\n110105,朝阳区,110000,3\n"
#define COURTS                                                          \
    COURTS_HEAD "最高法,最高人民法院,最高,general,,,known\n" \
                "京,北京高院,高级,general,最高法,110000,rule\n"

struct fixture {
    struct trial trial;
    struct table_texts texts;
    const struct law_tables *tables;
};

static void fixture_begin(struct fixture *f)
{
    *f = (struct fixture){.texts = {.version = STR("1")}};
    trial_begin(&f->trial);
}

static void assert_builds(struct fixture *f)
{
    enum status status = law_tables_build(&f->trial.cx, f->trial.arena, &f->texts, &f->tables);
    if (status != OK) {
        print_error("%s\n", f->trial.cx.failure.detail.p);
    }
    assert_int_equal(status, OK);
}

static void assert_refused(const struct table_texts *texts, const char *detail)
{
    struct fixture f;
    fixture_begin(&f);
    f.texts = *texts;
    assert_int_equal(law_tables_build(&f.trial.cx, f.trial.arena, &f.texts, &f.tables), E_READ);
    assert_string_equal(f.trial.cx.failure.code, "data-unreadable");
    if (!str_has(f.trial.cx.failure.detail, detail)) {
        print_error("said: %s\n", f.trial.cx.failure.detail.p);
    }
    assert_true(str_has(f.trial.cx.failure.detail, detail));
    trial_end(&f.trial);
}

static void test_no_texts_make_empty_tables(void **state)
{
    (void)state;
    struct fixture f;
    fixture_begin(&f);
    assert_builds(&f);
    int out[1];
    assert_int_equal(f.tables->court_count, 0);
    assert_null(court_by_code(f.tables, STR("京")));
    assert_null(court_by_name(f.tables, STR("京")));
    assert_null(court_of_division(f.tables, STR("110105"), COURT_BASIC));
    assert_null(cause_find(f.tables, STR("民间借贷纠纷")));
    assert_null(division_of_address(f.tables, STR("北京市")));
    assert_int_equal(court_search(f.tables, STR("京"), -1, STR(""), 0, out, 1), 0);
    assert_int_equal(cause_search(f.tables, STR(""), STR(""), 0, out, 1), 0);
    trial_end(&f.trial);
}

static void test_faulty_courts_are_refused(void **state)
{
    (void)state;

    static const struct {
        const char *row;
        const char *detail;
    } faults[] = {
        {"京0105,朝阳,基层,general,京99,110105,rule\n", "courts.csv:4: no such court of a higher"},
        {"京0105,朝阳,基层,general,,110105,rule\n", "courts.csv:4: no such court of a higher"},
        {"京01,一中,中级,general,京01,,rule\n", "courts.csv:4: no such court of a higher"},
        {"京,又一个,高级,general,最高法,,rule\n", "the code 京 is given twice"},
        {"京2,北京高院,高级,general,最高法,,rule\n", "the name 北京高院 is given twice"},
        {"京01,一中,中院,general,京,,rule\n", "courts.csv:4: no such level"},
        {"京01,一中,中级,normal,京,,rule\n", "courts.csv:4: no such kind"},
        {"京01,一中,中级,general,京,119999,rule\n", "courts.csv:4: no such division"},
        {"京01,一中,中级,general,京,,guess\n", "courts.csv:4: a code_basis is"},
        {",一中,中级,general,京,,rule\n", "courts.csv:4: a court needs"},
        {"京-01,法庭,人民法庭,general,京,,ours\n", "courts.csv:4: a tribunal belongs"},
        {"京01,一中\n", "courts.csv:4"},
    };
    struct arena *arena = arena_open(1 << 20);
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
        struct table_texts texts = {.divisions_csv = STR(DIVISIONS)};
        texts.courts_csv = str_printf(arena, "%s%s", COURTS, faults[i].row);
        assert_refused(&texts, faults[i].detail);
    }
    assert_refused(&(struct table_texts){.courts_csv = STR("code,name\n京,北京高院\n")},
                   "the column \"level\" is missing");
    arena_close(arena);
}

static void test_faulty_divisions_are_refused(void **state)
{
    (void)state;
    assert_refused(
        &(struct table_texts){.divisions_csv = STR("code,name,parent,level\n11,北京市,,1\n")},
        "divisions.csv:2");
    assert_refused(
        &(struct table_texts){.divisions_csv = STR(DIVISIONS "110106,丰台区,120000,3\n")},
        "divisions.csv:4: no such parent");
    assert_refused(
        &(struct table_texts){.divisions_csv = STR(DIVISIONS "110105,丰台区,110000,3\n")},
        "110105 is given twice");
    assert_refused(
        &(struct table_texts){.divisions_csv = STR(DIVISIONS "110106,丰台区,110105,3\n")},
        "divisions.csv:4: no such parent");
}

static void test_faulty_causes_are_refused(void **state)
{
    (void)state;
    const Str causes = STR("code,level,parent,name,number\nC01,1,,人格权纠纷,\n");
    assert_refused(
        &(struct table_texts){.causes_csv =
                                  STR("code,level,parent,name,number\nC01-01,2,C01,人格权纠纷,\n")},
        "causes.csv:2: no such parent");
    assert_refused(
        &(struct table_texts){.causes_csv = causes,
                              .element_forms_csv = STR(
                                  "form_no,cause,volume,document,cause_code\n01,甲,上,乙,C99\n")},
        "element-forms.csv:2: no such cause");
    assert_refused(
        &(struct table_texts){.causes_csv = causes,
                              .element_forms_csv = STR("form_no,cause_code\n01,C01\n02,C01\n")},
        "element-forms.csv:3: a cause with two forms");
}

static void test_calendar_years_are_those_arranged(void **state)
{
    (void)state;
    struct fixture f;
    fixture_begin(&f);
    f.texts.holidays_csv =
        STR("date,kind,name\n2025-10-01,holiday,国庆节\n2026-02-14,workday,春节\n"
            "2027-01-01,statutory,元旦\n");
    assert_builds(&f);
    assert_int_equal(f.tables->calendar_count, 3);
    assert_int_equal(f.tables->calendar_from_year, 2025);
    assert_int_equal(f.tables->calendar_to_year, 2026);
    assert_int_equal(f.tables->calendar[1].kind, CALENDAR_WORK);
    assert_int_equal(f.tables->calendar[2].kind, CALENDAR_REST);
    trial_end(&f.trial);
    assert_refused(
        &(struct table_texts){
            .holidays_csv =
                STR("date,kind,name\n2025-10-02,holiday,国庆节\n2025-10-01,holiday,国庆节\n")},
        "holidays.csv:3: a date out of order");
    assert_refused(
        &(struct table_texts){.holidays_csv = STR("date,kind,name\n2025-13-01,holiday,国庆节\n")},
        "holidays.csv:2: not a date");
    assert_refused(
        &(struct table_texts){.holidays_csv = STR("date,kind,name\n2025-10-01,party,国庆节\n")},
        "holidays.csv:2: a day is");
}

static void test_hours_fees_and_rates_are_read(void **state)
{
    (void)state;
    struct fixture f;
    fixture_begin(&f);
    f.texts.divisions_csv = STR(DIVISIONS);
    f.texts.courts_csv = STR(COURTS);
    f.texts.hours_csv =
        STR("court,valid_from,am_start,am_end,pm_start,pm_end,source\n"
            "新,2026-05-01,10:00,13:30,15:30,19:30,x\n,,09:00,12:00,13:30,17:30,x\n");
    f.texts.fees_csv = STR("province,divorce,personality,other,ip,jurisdiction_objection,"
                           "enforcement_none,source\n,200,300,75.5,750,75,275,x\n");
    f.texts.lpr_csv = STR("from,percent,source\n2025-05-20,3.00,x\n2025-11-20,3.4555,x\n");
    assert_builds(&f);
    assert_int_equal(f.tables->hours[0].am_start, 540);
    assert_int_equal(f.tables->hours[0].valid_from, DATE_NONE);
    assert_string_equal(f.tables->hours[1].court.p, "新");
    assert_int_equal(f.tables->hours[1].pm_end, 19 * 60 + 30);
    assert_int_equal(f.tables->fees[0].divorce, 20000);
    assert_int_equal(f.tables->fees[0].other, 7550);
    assert_int_equal(f.tables->lpr_1y[0].ppm, 30000);
    assert_int_equal(f.tables->lpr_1y[1].ppm, 34555);
    trial_end(&f.trial);
}

static void test_faulty_hours_fees_and_rates_are_refused(void **state)
{
    (void)state;
    static const char *const hours[] = {",,9:00,12:00,13:30,17:30", ",,09:00,25:00,13:30,17:30",
                                        ",,12:00,09:00,13:30,17:30", ",,09:00,14:00,13:30,17:30",
                                        "京0199,,09:00,12:00,,"};
    struct arena *arena = arena_open(1 << 20);
    for (size_t i = 0; i < sizeof hours / sizeof *hours; i++) {
        struct table_texts texts = {.courts_csv = STR(COURTS), .divisions_csv = STR(DIVISIONS)};
        texts.hours_csv =
            str_printf(arena, "court,valid_from,am_start,am_end,pm_start,pm_end\n%s\n", hours[i]);
        assert_refused(&texts, "hours.csv:2");
    }
    static const char *const weekdays[] = {",,0", ",,8", ",,x", ",,day", ",,11"};
    for (size_t i = 0; i < sizeof weekdays / sizeof *weekdays; i++) {
        struct table_texts texts = {
            .hours_csv = str_printf(arena,
                                    "court,valid_from,weekday,am_start,am_end,pm_start,pm_end\n"
                                    "%s,09:00,12:00,,\n",
                                    weekdays[i])};
        assert_refused(&texts, "hours.csv:2");
    }
    assert_refused(
        &(struct table_texts){.hours_csv = STR("court,valid_from,am_start,am_end,pm_start,pm_end\n"
                                               ",,09:00,12:00,,\n,,08:00,12:00,,\n")},
        "two rows for \"\" from the same day");
    static const char *const rates[] = {"2025-05-20,3.", "2025-05-20,",        "2025-05-20,3,5",
                                        "2025-05-20,-3", "2025-05-20,3.12345", "later,3"};
    for (size_t i = 0; i < sizeof rates / sizeof *rates; i++) {
        struct table_texts texts = {0};
        texts.lpr_csv = str_printf(arena, "from,percent\n%s\n", rates[i]);
        assert_refused(&texts, "lpr.csv:2");
    }
    assert_refused(&(struct table_texts){.fees_csv = STR("province,divorce,personality,other,ip,"
                                                         "jurisdiction_objection,enforcement_none\n"
                                                         ",200,300,-1,750,75,275\n")},
                   "fees.csv:2: not an amount");
    arena_close(arena);
}

static void test_the_real_tables_are_small(void **state)
{
    (void)state;
    struct arena *texts_arena = arena_open((size_t)64 << 20);
    struct arena *arena = arena_open((size_t)64 << 20);
    struct cx cx;
    cx_init(&cx, texts_arena);
    struct table_texts texts = sample_texts(texts_arena);
    const struct law_tables *tables = NULL;
    assert_int_equal(law_tables_build(&cx, arena, &texts, &tables), OK);
    print_message("    %zu KB\n", arena_total_bytes(arena) >> 10);
    assert_true(arena_total_bytes(arena) < (size_t)24 << 20);
    assert_string_equal(tables->version.p, "sample");
    arena_close(arena);
    arena_close(texts_arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_no_texts_make_empty_tables),
        cmocka_unit_test(test_faulty_courts_are_refused),
        cmocka_unit_test(test_faulty_divisions_are_refused),
        cmocka_unit_test(test_faulty_causes_are_refused),
        cmocka_unit_test(test_calendar_years_are_those_arranged),
        cmocka_unit_test(test_hours_fees_and_rates_are_read),
        cmocka_unit_test(test_faulty_hours_fees_and_rates_are_refused),
        cmocka_unit_test(test_the_real_tables_are_small),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
